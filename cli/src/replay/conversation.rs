//! One connection of a capture, with an engine on either side.

use ocpp_rpc::{ConnectionConfig, CsmsCall, Instant, StationCall};
use ocpp_types::Version;

use super::end::End;
use crate::capture::Direction;

/// Where differences go: what they are about, and what they are.
pub(super) type Note<'a> = dyn FnMut(&str, String) + 'a;

/// One connection, with an engine on either side.
pub(super) struct Conversation {
    station: End<CsmsCall>,
    csms: End<StationCall>,
}

impl Conversation {
    pub(super) fn new(now: Instant, version: Version) -> Self {
        Self {
            station: End::new(now, version, ConnectionConfig::station(), "the station"),
            csms: End::new(now, version, ConnectionConfig::csms(), "the CSMS"),
        }
    }

    /// A text that one side has sent to the other.
    pub(super) fn take(&mut self, now: Instant, direction: Direction, text: &str, note: &mut Note<'_>) {
        match direction {
            Direction::FromStation => {
                self.station.send(now, text, note);
                self.csms.receive(now, text, note);
            }
            Direction::FromCsms => {
                self.csms.send(now, text, note);
                self.station.receive(now, text, note);
            }
        }
    }

    /// The connection is gone.
    pub(super) fn end(&mut self, now: Instant, note: &mut Note<'_>) {
        self.station.end(now, note);
        self.csms.end(now, note);
    }

    /// The capture ends while the connection is there: nothing is known of what came later.
    pub(super) fn stop(&mut self, note: &mut Note<'_>) {
        self.station.stop(note);
        self.csms.stop(note);
    }
}
