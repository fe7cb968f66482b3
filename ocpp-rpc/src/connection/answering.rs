//! From a request of the peer to its answer.

use alloc::string::String;

use ocpp_types::{RawJson, Version};

use super::incoming::Unanswered;
use super::timers::Timer;
use super::{Connection, Phase, count};
use crate::frame::{is_deep, refusal};
use crate::{CallError, Inbound, Instant, MessageId, ReplyRefused, Responder};

/// The longest details of a CALLERROR that are sent, in bytes.
const DETAILS_BYTES: usize = 4096;

/// The answers to the requests of the peer.
impl<In: Inbound> Connection<In> {
    /// Where a request stands that still wants its answer.
    fn find_request(&mut self, now: Instant, to: &Responder) -> Result<usize, ReplyRefused> {
        self.catch_up(now);
        let refused = if to.link != self.link || !matches!(self.phase, Phase::Up(_)) {
            ReplyRefused::LinkGone
        } else if let Some(index) = self.requests.find(to.serial) {
            return Ok(index);
        } else {
            ReplyRefused::Answered
        };
        count(&mut self.counters.replies_refused);
        Err(refused)
    }

    pub(super) fn take_request(&mut self, now: Instant, to: &Responder) -> Result<Unanswered, ReplyRefused> {
        let index = self.find_request(now, to)?;
        let request = self.requests.unanswered.swap_remove(index);
        self.watch_requests();
        Ok(request)
    }

    pub(super) fn answer(
        &mut self,
        now: Instant,
        to: Responder,
        write: &mut dyn FnMut(&mut String) -> Result<(), ReplyRefused>,
    ) -> Result<(), ReplyRefused> {
        let index = self.find_request(now, &to)?;
        let (request, max) = (&self.requests.unanswered[index], self.config.max_sent_bytes);
        let fingerprint = request.fingerprint;
        let draft = self.transmissions.draft();
        draft.buffer.push_str("[3,");
        draft.buffer.push_str(request.id.as_json());
        draft.buffer.push(',');
        let head = draft.len();
        let mut outcome = write(draft.buffer);
        draft.buffer.push(']');
        let length = draft.len();
        if outcome.is_ok() && length > max {
            outcome = Err(ReplyRefused::TooLarge { length, max });
        }
        if let Err(refused) = outcome {
            draft.discard();
            count(&mut self.counters.replies_refused);
            self.refuse_with(now, to, &CallError::internal("the answer could not be sent"))?;
            return Err(refused);
        }
        self.requests.unanswered.swap_remove(index);
        if length <= self.config.kept_answer_bytes {
            let payload = draft.text().get(head..).unwrap_or_default();
            self.requests.keep(fingerprint, payload, self.config.kept_answers);
        }
        draft.finish(false);
        self.watch_requests();
        self.sent(now);
        Ok(())
    }

    /// Answers a request with a CALLERROR.
    pub(super) fn refuse_with(&mut self, now: Instant, to: Responder, error: &CallError) -> Result<(), ReplyRefused> {
        let request = self.take_request(now, &to)?;
        self.send_error(now, b'4', request.id.as_message_id(), to.version, error);
        Ok(())
    }

    /// Sends a CALLERROR, or a CALLRESULTERROR.
    pub(super) fn send_error(
        &mut self,
        now: Instant,
        kind: u8,
        id: MessageId<'_>,
        version: Version,
        error: &CallError,
    ) {
        let text = refusal(kind - b'0', id, version, &error.code, &error.description);
        let details = error.details.as_deref().filter(|details| is_object(details));
        match details.and_then(|details| Some((details, text.strip_suffix("{}]")?))) {
            Some((details, head)) => {
                let draft = self.transmissions.draft();
                for part in [head, details, "]"] {
                    draft.buffer.push_str(part);
                }
                draft.finish(false);
            }
            None => self.transmissions.push(&text, false),
        }
        self.sent(now);
    }

    pub(super) fn watch_requests(&mut self) {
        match self.requests.first_due() {
            Some(due) => self.timers.set(Timer::Handler, due),
            None => self.timers.stop(Timer::Handler),
        }
    }
}

/// Whether details may be sent.
fn is_object(details: &str) -> bool {
    details.len() <= DETAILS_BYTES
        && details.starts_with('{')
        && serde_json::from_str::<RawJson>(details).is_ok()
        && !is_deep(details)
}
