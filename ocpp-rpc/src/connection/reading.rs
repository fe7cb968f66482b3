//! What comes in: read, judged, and handed on or refused.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use core::time::Duration;

use ocpp_types::{DecodePolicy, Notice, Origin, Remark, Version, v21};

use super::incoming::{Fingerprint, Seen};
use super::{Connection, OnUnreadable, OnViolation, count, shortened};
use crate::event::Oddities;
use crate::frame::refusal;
use crate::rules::rules;
use crate::{
    Anomaly, Call, CallError, CallFailure, CallFault, CloseCode, ErrorCode, Event, Frame, FrameDefect, FrameError,
    FrameRemark, Inbound, Incoming, Instant, InvalidResponse, MessageId, Responder, StationNotice, parse, rescue,
};

/// How long a peer that sends unreadable texts waits for the next `-1` (rule RPC-61).
const UNREADABLE_PAUSE: Duration = Duration::from_secs(10);

/// What comes in.
impl<In: Inbound> Connection<In> {
    pub(super) fn on_text(&mut self, now: Instant, version: Version, text: &str) {
        if text.len() > self.config.max_received_bytes {
            count(&mut self.counters.broken_frames);
            return self.fail(CloseCode::TOO_BIG, "message too big");
        }
        if text.starts_with("[3,") && self.on_usual_answer(now, text) {
            return;
        }
        match In::read(text, version, self.policy()) {
            Ok(call) if self.refuses_repairs(&call) => self.refuse_repair(now, version, text, &call),
            Ok(call) => self.on_call(now, version, text, call),
            Err(fault) => self.on_fault(now, version, text, fault, None),
        }
    }

    /// Whether a request was understood in a way that the configuration does not want.
    fn refuses_repairs(&self, call: &Call<'_, Box<In>>) -> bool {
        let refused = self.config.refused_repairs;
        !refused.is_empty() && call.remarks.iter().any(|remark| refused.contains(&remark.repair))
    }

    /// Refuses it with what a strict reader says of it.
    #[cold]
    fn refuse_repair(&mut self, now: Instant, version: Version, text: &str, call: &Call<'_, Box<In>>) {
        if let Err(fault @ CallFault::Payload { .. }) = In::read(text, version, DecodePolicy::Enforce) {
            return self.on_fault(now, version, text, fault, None);
        }
        // the frame itself is odd, too, which is not what is refused here
        let is_refused = |remark: &&Remark| self.config.refused_repairs.contains(&remark.repair);
        let why = call.remarks.iter().find(is_refused).map(ToString::to_string).unwrap_or_default();
        let action = shortened(call.request.action());
        self.refused(now, version, call.id, action, ErrorCode::FormatViolation, why);
    }

    pub(super) fn on_call(&mut self, now: Instant, version: Version, text: &str, call: Call<'_, Box<In>>) {
        let fingerprint = Fingerprint::of(text, call.id);
        match self.requests.seen(call.id, fingerprint) {
            Seen::Never => {}
            Seen::UnderWay { same: true } => {
                count(&mut self.counters.repeated);
                return self.anomaly(|| Anomaly::Repeated { answered: false });
            }
            Seen::UnderWay { same: false } => {
                count(&mut self.counters.ids_reused);
                self.anomaly(|| Anomaly::IdReused);
                let error = CallError::new(rules(version).id_under_way.clone(), "message id of a call under way");
                return self.send_error(now, b'4', call.id, version, &error);
            }
            Seen::Answered { same: true } => {
                count(&mut self.counters.repeated);
                self.anomaly(|| Anomaly::Repeated { answered: true });
                if let Some(payload) = self.requests.kept(fingerprint) {
                    let draft = self.transmissions.draft();
                    for part in ["[3,", call.id.as_json(), ",", payload] {
                        draft.buffer.push_str(part);
                    }
                    draft.finish(false);
                    self.sent(now);
                }
                return;
            }
            Seen::Answered { same: false } => {
                count(&mut self.counters.ids_reused);
                self.anomaly(|| Anomaly::IdReused);
            }
        }
        if self.requests.unanswered.len() >= self.config.max_unanswered {
            return self.fail(CloseCode::POLICY, "too many requests at once");
        }
        count(&mut self.counters.calls_in);
        let action = call.request.action();
        let due = now + self.config.handler_timeout;
        let serial = self.requests.add(call.id, fingerprint, due);
        self.watch_requests();
        let responder = Responder { link: self.link, serial, action, version };
        let oddities = Oddities::of(call.frame_remarks, call.remarks);
        self.events.push_back(Event::Call(Incoming::new(call.request, responder, oddities)));
    }

    #[cold]
    pub(super) fn on_fault(
        &mut self,
        now: Instant,
        version: Version,
        text: &str,
        fault: CallFault<'_>,
        mended: Option<FrameRemark>,
    ) {
        match fault {
            CallFault::OtherFrame(frame) => {
                // read again for the remarks: such frames are rare but for answers, which are read in one pass
                let mut remarks = parse(text, version, self.policy()).map(|parsed| parsed.remarks).unwrap_or_default();
                remarks.extend(mended);
                match frame {
                    Frame::CallResult { id, payload } => self.on_result(now, version, text, id, payload, remarks),
                    Frame::CallError { id, refusal } => self.on_error(now, id, &refusal, remarks),
                    Frame::CallResultError { id, refusal } => {
                        count(&mut self.counters.results_refused);
                        let (id, error) = (shortened(&id.text()), Box::new(CallError::received(&refusal)));
                        self.minor(|| Event::ResultRefused { id, error });
                    }
                    Frame::Send { action, payload, .. } => self.on_notice(&action, payload),
                    Frame::Call { .. } => {}
                }
            }
            CallFault::Frame(error) => {
                if mended.is_none()
                    && matches!(error.defect, FrameDefect::Syntax(_))
                    && let Some(how) = self.quirks.as_ref().and_then(|quirks| quirks.mend).or(self.config.mend)
                    && let Some(mended) = rescue(text, how)
                {
                    count(&mut self.counters.mended);
                    return match In::read(&mended, version, self.policy()) {
                        Ok(mut call) => {
                            call.frame_remarks.push(FrameRemark::Mended);
                            self.on_call(now, version, &mended, call);
                        }
                        Err(fault) => self.on_fault(now, version, &mended, fault, Some(FrameRemark::Mended)),
                    };
                }
                self.on_broken_frame(now, version, error);
            }
            CallFault::Action { id, code } => {
                let action = parse(text, version, self.policy())
                    .ok()
                    .and_then(|parsed| parsed.frame.action().map(shortened))
                    .unwrap_or_default();
                self.refused(now, version, id, action, code, String::new());
            }
            CallFault::Payload { id, error } => {
                let action = parse(text, version, self.policy())
                    .ok()
                    .and_then(|parsed| parsed.frame.action().map(shortened))
                    .unwrap_or_default();
                let code = ErrorCode::of(version, &error);
                self.refused(now, version, id, action, code, error.first().to_string());
            }
        }
    }

    /// A request that the application never sees.
    pub(super) fn refused(
        &mut self,
        now: Instant,
        version: Version,
        id: MessageId<'_>,
        action: String,
        code: ErrorCode,
        description: String,
    ) {
        count(&mut self.counters.calls_refused);
        if self.config.on_violation == OnViolation::Answer {
            let error = CallError::new(code.clone(), description.clone());
            self.send_error(now, b'4', id, version, &error);
        }
        self.anomaly(|| Anomaly::CallRefused { action, code, description });
    }

    pub(super) fn on_broken_frame(&mut self, now: Instant, version: Version, error: FrameError) {
        count(&mut self.counters.broken_frames);
        // an answer cut off on its way: no other will come (row C1)
        if let (Some(3 | 4), Some(id)) = (error.message_type, error.message_id())
            && self.awaited(id).is_some()
        {
            count(&mut self.counters.invalid_responses);
            let failure = CallFailure::InvalidResponse(InvalidResponse::Frame(error.clone()));
            self.answered(now, Err(Box::new(failure)), None);
        }
        if let Some(reply) = self.answer_to_broken(version, &error) {
            let is_minus_one = reply.starts_with("[4,\"-1\",");
            if !is_minus_one || now >= self.unreadable_again {
                if is_minus_one {
                    self.unreadable_again = now + UNREADABLE_PAUSE;
                }
                self.transmissions.push(&reply, false);
                self.sent(now);
            }
        }
        self.anomaly(|| Anomaly::Frame(error));
    }

    pub(super) fn answer_to_broken(&self, version: Version, error: &FrameError) -> Option<String> {
        if self.config.on_violation == OnViolation::Drop {
            return None;
        }
        match self.config.on_unreadable {
            OnUnreadable::Drop if error.message_id().is_none() => None,
            // what 1.6 leaves open (rule RPC-50), for texts that may have been a CALL (rule RPC-61)
            OnUnreadable::Answer
                if error.message_id().is_none()
                    && matches!(error.message_type, None | Some(2))
                    && !matches!(error.defect, FrameDefect::Empty | FrameDefect::MessageType) =>
            {
                Some(refusal(4, MessageId::UNREADABLE, version, &ErrorCode::RpcFrameworkError, ""))
            }
            _ => error.reply(version),
        }
    }

    pub(super) fn on_notice(&mut self, action: &str, payload: &str) {
        let dropped = if In::PEER != Origin::Station || action != v21::NotifyPeriodicEventStream::ACTION {
            alloc::format!("no notice {}", shortened(action))
        } else {
            match ocpp_types::decode(payload, self.policy()) {
                Ok(notice) => {
                    let notice = StationNotice::NotifyPeriodicEventStream(Box::new(notice.value));
                    return self.minor(|| Event::Notice(notice));
                }
                Err(error) => error.first().to_string(),
            }
        };
        count(&mut self.counters.notices_dropped);
        self.anomaly(|| Anomaly::NoticeDropped { description: dropped });
    }
}
