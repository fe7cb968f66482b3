//! From a call to its end.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use ocpp_types::{DecodePolicy, Version};

use super::outgoing::{CallOptions, Caller, Expects, Pending, Queued};
use super::stored_id::StoredId;
use super::timers::Timer;
use super::{Connection, Phase, count, shortened};
use crate::event::{Oddities, Outcome};
use crate::message_ids::Id;
use crate::rules::rules;
use crate::{
    Anomaly, Answer, CallError, CallFailure, CallKey, CallRefused, ErrorCode, Event, FrameRemark, Inbound, Instant,
    InvalidResponse, MessageId, Refusal,
};

/// The calls of this side.
impl<In: Inbound> Connection<In> {
    pub(super) fn policy(&self) -> DecodePolicy {
        self.quirks.as_ref().and_then(|quirks| quirks.policy).unwrap_or(self.config.policy)
    }

    pub(super) fn submit(
        &mut self,
        now: Instant,
        action: &'static str,
        expects: Expects,
        options: CallOptions<'_>,
        write: &mut dyn FnMut(&mut String) -> Result<(), CallRefused>,
    ) -> Result<CallKey, CallRefused> {
        self.catch_up(now);
        let Some(version) = self.version() else { return Err(CallRefused::NotConnected) };
        let wanted = match options.id {
            Some(wanted) if rules(version).ids_may_repeat => {
                Some(usable(wanted).filter(|_| !self.uses(wanted)).ok_or(CallRefused::MessageId)?)
            }
            _ => None,
        };

        let is_free = self.calls.pending.is_none();
        let max = self.config.max_sent_bytes;
        let draft = self.transmissions.draft();
        let id = wanted.as_ref().unwrap_or(self.calls.ids.next());
        write_head(draft.buffer, "[2,", id, action);
        if let Err(refused) = write(draft.buffer) {
            draft.discard();
            return Err(refused);
        }
        draft.buffer.push(']');
        let length = draft.len();
        if length > max {
            draft.discard();
            return Err(CallRefused::TooLarge { length, max });
        }
        let timeout = options.timeout.unwrap_or(self.config.call_timeout);
        let caller = |key| Some(Caller { key, action });
        let id = StoredId::Short(*id);
        let call = |key| Pending { caller: caller(key), id, expects, handed_out: false };
        if wanted.is_none() {
            self.calls.ids.advance();
        }
        if options.deadline.is_some_and(|deadline| deadline <= now) {
            draft.discard();
            let key = self.calls.next_key();
            self.failed(caller(key), CallFailure::Expired);
            return Ok(key);
        }
        if is_free {
            draft.finish(true);
            let key = self.calls.next_key();
            self.out(now, call(key), timeout, options.deadline);
            self.sent(now);
            return Ok(key);
        }
        let text = Box::from(draft.text());
        draft.discard();
        if self.calls.queue.len() >= self.config.max_queued {
            let Some(displaced) = self.calls.displaced_by(options.class) else {
                return Err(CallRefused::QueueFull(self.calls.queue.len()));
            };
            self.failed(displaced.call.caller, CallFailure::Displaced);
        }
        let key = self.calls.next_key();
        let (class, deadline) = (options.class, options.deadline);
        self.calls.queue.push_back(Queued { call: call(key), text, class, timeout, deadline });
        self.watch_queue();
        Ok(key)
    }

    /// Whether a call with that id is out or waits.
    pub(super) fn uses(&self, id: &str) -> bool {
        let is_same = |call: &Pending| call.id.as_message_id().text() == id;
        self.calls.pending.as_ref().is_some_and(is_same) || self.calls.queue.iter().any(|queued| is_same(&queued.call))
    }

    /// A call is on its way.
    pub(super) fn out(&mut self, now: Instant, call: Pending, timeout: Duration, deadline: Option<Instant>) {
        count(&mut self.counters.calls_out);
        let due = now + timeout;
        self.timers.set(Timer::Answer, deadline.map_or(due, |deadline| due.min(deadline)));
        self.calls.pending = Some(call);
    }

    /// Sends the next call if none is out.
    pub(super) fn advance(&mut self, now: Instant) {
        if self.calls.queue.is_empty() || self.calls.pending.is_some() || !matches!(self.phase, Phase::Up(_)) {
            return;
        }
        let Some(Queued { call, text, timeout, deadline, .. }) = self.calls.next() else { return };
        self.transmissions.push(&text, true);
        self.out(now, call, timeout, deadline);
        self.watch_queue();
        self.sent(now);
    }

    pub(super) fn watch_queue(&mut self) {
        match self.calls.first_deadline() {
            Some(deadline) => self.timers.set(Timer::Queue, deadline),
            None => self.timers.stop(Timer::Queue),
        }
    }

    /// Tells how a call ended.
    #[inline]
    fn end(&mut self, caller: Option<Caller>, outcome: Outcome, oddities: Option<Box<Oddities>>) {
        if let Some(Caller { key, action }) = caller {
            self.events.push_back(Event::Answer(Answer { key, action, outcome, oddities }));
        }
    }

    /// Tells that a call has no answer.
    #[cold]
    pub(super) fn failed(&mut self, caller: Option<Caller>, failure: CallFailure) {
        self.end(caller, Err(Box::new(failure)), None);
    }

    /// The call that is out is over.
    #[inline]
    pub(super) fn answered(&mut self, now: Instant, outcome: Outcome, oddities: Option<Box<Oddities>>) {
        if let Some(caller) = self.calls.pending.as_ref().map(|pending| pending.caller) {
            self.calls.pending = None;
            self.timers.stop(Timer::Answer);
            self.calls.timeouts = 0;
            self.end(caller, outcome, oddities);
            self.advance(now);
        }
    }

    /// The call that an id answers.
    pub(super) fn awaited(&self, id: MessageId<'_>) -> Option<&Pending> {
        let is_same = |pending: &&Pending| {
            pending.handed_out
                && (pending.id.as_json() == id.as_json() || pending.id.as_message_id().text() == id.text())
        };
        self.calls.pending.as_ref().filter(is_same)
    }

    /// An answer as this project's own machines send it, read in one pass.
    pub(super) fn on_usual_answer(&mut self, now: Instant, text: &str) -> bool {
        let Some(pending) = self.calls.pending.as_ref().filter(|pending| pending.handed_out) else { return false };
        // `[3,` is there; the id is ASCII, so that the cut is at a character
        let payload = text
            .as_bytes()
            .get(3..)
            .and_then(|rest| rest.strip_prefix(pending.id.as_json().as_bytes()))
            .and_then(|rest| rest.strip_prefix(b","))
            .and_then(|rest| text.get(text.len() - rest.len()..text.len() - 1))
            .filter(|_| text.ends_with(']'));
        let Some(payload) = payload else { return false };
        let Some(response) = pending.expects.read_usual(payload, self.policy()) else { return false };
        self.answered(now, Ok(response), None);
        true
    }

    pub(super) fn on_result(
        &mut self,
        now: Instant,
        version: Version,
        text: &str,
        id: MessageId<'_>,
        payload: &str,
        remarks: Vec<FrameRemark>,
    ) {
        let Some(pending) = self.awaited(id) else { return self.unmatched(3, id) };
        // some repeat the action, as in a CALL; that is no payload in any case, what follows may be
        let payload = match payload.starts_with('"') && remarks.contains(&FrameRemark::ExtraElements) {
            true => fourth_element(text).unwrap_or(payload),
            false => payload,
        };
        match pending.expects.read(payload, self.policy()) {
            Ok(response) => self.answered(now, Ok(response.value), Oddities::of(remarks, response.remarks)),
            Err(error) => {
                count(&mut self.counters.invalid_responses);
                if rules(version).refuses_results {
                    let refused = CallError::new(ErrorCode::of(version, &error), error.first().to_string());
                    self.send_error(now, b'5', id, version, &refused);
                }
                let failure = CallFailure::InvalidResponse(InvalidResponse::Payload(error));
                self.answered(now, Err(Box::new(failure)), Oddities::of(remarks, Vec::new()));
            }
        }
    }

    pub(super) fn on_error(
        &mut self,
        now: Instant,
        id: MessageId<'_>,
        refusal: &Refusal<'_>,
        remarks: Vec<FrameRemark>,
    ) {
        if self.awaited(id).is_some() {
            let failure = CallFailure::Refused(CallError::received(refusal));
            return self.answered(now, Err(Box::new(failure)), Oddities::of(remarks, Vec::new()));
        }
        if id == MessageId::UNREADABLE {
            count(&mut self.counters.unreadable_at_peer);
        }
        self.unmatched(4, id);
    }

    /// Answers that no call waits for change nothing (rule RPC-25).
    pub(super) fn unmatched(&mut self, message_type: u8, id: MessageId<'_>) {
        count(&mut self.counters.unmatched);
        let text = id.text();
        let late = self.calls.ids.has_given(&text);
        self.anomaly(|| Anomaly::Unmatched { message_type, id: shortened(&text), late });
    }
}

/// `[2,"id","Action",`
#[inline]
pub(super) fn write_head(buffer: &mut String, kind: &str, id: &str, action: &str) {
    for part in [kind, id, ",\"", action, "\","] {
        buffer.push_str(part);
    }
}

/// The JSON text of an id, if it is one of 1 to 36 characters that need no escapes.
fn usable(id: &str) -> Option<Id> {
    let is_plain = |byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    if id.is_empty() || !id.bytes().all(is_plain) {
        return None;
    }
    let mut json = Id::new();
    for part in ["\"", id, "\""] {
        json.try_push_str(part).ok()?;
    }
    Some(json)
}

/// The JSON text of the fourth element of a list.
fn fourth_element(text: &str) -> Option<&str> {
    let list = text.trim_matches(|padding: char| padding == '\u{feff}' || padding == '\0');
    let elements: Vec<&serde_json::value::RawValue> = serde_json::from_str(list).ok()?;
    elements.get(3).map(|element| element.get())
}
