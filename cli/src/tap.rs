//! A link that tells what goes over it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_sink::Sink;
use ocpp_rpc::{Link, LinkError, Outgoing, Received};

use crate::capture::Direction;
use crate::journal::Journal;

/// A link whose texts go to a journal.
pub(crate) struct Tap<L> {
    link: L,
    journal: Arc<Journal>,
    station: String,
    /// Who has sent what arrives.
    peer: Direction,
}

impl<L: Link> Tap<L> {
    /// The link of this station, seen from the other side than `peer`.
    pub(crate) fn new(link: L, journal: Arc<Journal>, station: &str, peer: Direction) -> Self {
        Self { link, journal, station: station.to_owned(), peer }
    }
}

impl<L: Link> Stream for Tap<L> {
    type Item = Result<Received, LinkError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = Pin::new(&mut self.link).poll_next(cx);
        if let Poll::Ready(Some(Ok(Received::Text(text)))) = &polled {
            self.journal.text(&self.station, self.peer, text);
        }
        polled
    }
}

impl<L: Link> Sink<Outgoing> for Tap<L> {
    type Error = LinkError;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), LinkError>> {
        Pin::new(&mut self.link).poll_ready(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, item: Outgoing) -> Result<(), LinkError> {
        if let Outgoing::Text(text) = &item {
            let own = match self.peer {
                Direction::FromStation => Direction::FromCsms,
                Direction::FromCsms => Direction::FromStation,
            };
            self.journal.text(&self.station, own, text);
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
