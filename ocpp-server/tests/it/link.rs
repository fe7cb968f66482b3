//! A link of two queues, whose other end a test holds, as in the tests of `ocpp-rpc`.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use futures_util::{Sink, Stream};
use ocpp_rpc::{LinkError, Outgoing, Received};

/// The end a driver holds.
pub(crate) struct TestLink(Arc<Mutex<Pipe>>);

/// The end a test holds.
#[derive(Clone)]
pub(crate) struct FarEnd(Arc<Mutex<Pipe>>);

#[derive(Default)]
struct Pipe {
    to_driver: VecDeque<Result<Received, LinkError>>,
    from_driver: VecDeque<Outgoing>,
    driver: Option<Waker>,
    far: Option<Waker>,
    /// How many messages the driver may still send; all if none.
    room: Option<usize>,
    ended: bool,
}

pub(crate) fn pair() -> (TestLink, FarEnd) {
    let pipe = Arc::new(Mutex::new(Pipe::default()));
    (TestLink(Arc::clone(&pipe)), FarEnd(pipe))
}

impl FarEnd {
    pub(crate) fn send(&self, received: Received) {
        self.push(Ok(received));
    }

    pub(crate) fn text(&self, text: &str) {
        self.send(Received::Text(text.to_owned()));
    }

    pub(crate) fn push(&self, item: Result<Received, LinkError>) {
        let mut pipe = self.0.lock().expect("a pipe");
        pipe.to_driver.push_back(item);
        wake(&mut pipe.driver);
    }

    /// The connection is lost.
    pub(crate) fn cut(&self) {
        let mut pipe = self.0.lock().expect("a pipe");
        pipe.ended = true;
        wake(&mut pipe.driver);
    }

    /// Lets the driver send only so many messages more; `None` for any number.
    pub(crate) fn room(&self, room: Option<usize>) {
        let mut pipe = self.0.lock().expect("a pipe");
        pipe.room = room;
        wake(&mut pipe.driver);
    }

    /// How many messages the driver has not taken yet.
    pub(crate) fn untaken(&self) -> usize {
        self.0.lock().expect("a pipe").to_driver.len()
    }

    /// The next message of the driver.
    pub(crate) async fn receive(&self) -> Outgoing {
        std::future::poll_fn(|cx| {
            let mut pipe = self.0.lock().expect("a pipe");
            match pipe.from_driver.pop_front() {
                Some(message) => Poll::Ready(message),
                None => {
                    pipe.far = Some(cx.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}

impl Stream for TestLink {
    type Item = Result<Received, LinkError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut pipe = self.0.lock().expect("a pipe");
        match pipe.to_driver.pop_front() {
            Some(item) => Poll::Ready(Some(item)),
            None if pipe.ended => Poll::Ready(None),
            None => {
                pipe.driver = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Sink<Outgoing> for TestLink {
    type Error = LinkError;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), LinkError>> {
        let mut pipe = self.0.lock().expect("a pipe");
        if pipe.room == Some(0) {
            pipe.driver = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }

    fn start_send(self: Pin<&mut Self>, item: Outgoing) -> Result<(), LinkError> {
        let mut pipe = self.0.lock().expect("a pipe");
        pipe.room = pipe.room.map(|room| room - 1);
        pipe.from_driver.push_back(item);
        wake(&mut pipe.far);
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), LinkError>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), LinkError>> {
        Poll::Ready(Ok(()))
    }
}
