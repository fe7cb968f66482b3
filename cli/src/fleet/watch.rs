//! A link that measures how long answers take.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use futures_core::Stream;
use futures_sink::Sink;
use ocpp_rpc::{Link, LinkError, Outgoing, Received};

use super::report::Tally;

/// A link with a stopwatch: a station has one call out at a time, so that one is enough.
pub(super) struct Watch<L> {
    link: L,
    tally: Arc<Tally>,
    asked: Option<Instant>,
}

impl<L: Link> Watch<L> {
    pub(super) fn new(link: L, tally: Arc<Tally>) -> Self {
        Self { link, tally, asked: None }
    }
}

impl<L: Link> Stream for Watch<L> {
    type Item = Result<Received, LinkError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = Pin::new(&mut self.link).poll_next(cx);
        if let Poll::Ready(Some(Ok(Received::Text(text)))) = &polled {
            let is_error = text.starts_with("[4,");
            if (is_error || text.starts_with("[3,"))
                && let Some(asked) = self.asked.take()
            {
                self.tally.answered(asked.elapsed(), is_error);
            }
        }
        polled
    }
}

impl<L: Link> Sink<Outgoing> for Watch<L> {
    type Error = LinkError;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), LinkError>> {
        Pin::new(&mut self.link).poll_ready(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, item: Outgoing) -> Result<(), LinkError> {
        if let Outgoing::Text(text) = &item
            && text.starts_with("[2,")
        {
            self.asked = Some(Instant::now());
        }
        Pin::new(&mut self.link).start_send(item)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), LinkError>> {
        Pin::new(&mut self.link).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), LinkError>> {
        Pin::new(&mut self.link).poll_close(cx)
    }
}
