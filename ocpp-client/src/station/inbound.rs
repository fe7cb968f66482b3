//! What becomes of the requests of the CSMS.

use ocpp_rpc::{CallError, CsmsCall, Frame, Incoming, Instant, parse};
use ocpp_types::{DecodePolicy, Version};

use super::Station;
use super::requested::Times;
use super::trigger::{TriggerStatus, Wanted};
use crate::registration::Inbound;
use crate::{RegistrationState, StationEvent, Store};

impl<S: Store> Station<S> {
    /// Whether a text is a request that a rejected station of 1.6 does not even answer.
    pub(super) fn is_deaf_to(&self, text: &str) -> bool {
        self.version == Version::V16
            && self.registration.state() == RegistrationState::Rejected
            && parse(text, self.version, DecodePolicy::Repair)
                .is_ok_and(|parsed| matches!(parsed.frame, Frame::Call { .. }))
    }

    pub(super) fn called(&mut self, now: Instant, incoming: Incoming<CsmsCall>) {
        let wanted = Wanted::by(incoming.request());
        // an answer that cannot go out has lost its link, and its request with it
        let _answered = match self.registration.inbound(incoming.version(), incoming.action()) {
            Inbound::Serve => match wanted {
                Some(wanted) => self.triggered(now, wanted, incoming),
                None => {
                    if matches!(incoming.action(), "GetBaseReport" | "GetReport") && !self.registration.is_accepted() {
                        self.asked_for.add("NotifyReport", Times::Any);
                    }
                    self.tell(StationEvent::Call(incoming));
                    Ok(())
                }
            },
            Inbound::AnswerRejected => {
                let (_, responder) = incoming.into_parts();
                self.connection.reply_raw(now, responder, Ok(TriggerStatus::Rejected.json()))
            }
            Inbound::SecurityError => {
                let (_, responder) = incoming.into_parts();
                let error = CallError::security("the station has not been accepted");
                self.connection.refuse(now, responder, error)
            }
            // kept from the connection before
            Inbound::Ignore => Ok(()),
        };
    }

    fn triggered(
        &mut self,
        now: Instant,
        wanted: Wanted,
        incoming: Incoming<CsmsCall>,
    ) -> Result<(), ocpp_rpc::ReplyRefused> {
        let (_, responder) = incoming.into_parts();
        let status = match &*wanted.message {
            "BootNotification" if self.registration.trigger() => {
                self.boot_triggered = true;
                TriggerStatus::Accepted
            }
            "BootNotification" => TriggerStatus::Rejected,
            "Heartbeat" => {
                self.heartbeat_wanted = true;
                TriggerStatus::Accepted
            }
            _ => {
                self.tell(StationEvent::Trigger(wanted.with(responder)));
                return Ok(());
            }
        };
        self.connection.reply_raw(now, responder, Ok(status.json()))
    }
}
