//! One side of a connection: what it sent and what it was sent, beside what its engine makes of that.

use std::collections::BTreeMap;

use ocpp_rpc::{
    CallError, CallFailure, CallOptions, Connection, ConnectionConfig, Event, Frame, Inbound, Input, Instant, Machine,
    MessageIds, Responder, Transmit, parse,
};
use ocpp_types::{DecodePolicy, Version};
use serde_json::Value;

use super::conversation::Note;

/// One side of a connection.
pub(super) struct End<In> {
    engine: Connection<In>,
    version: Version,
    who: &'static str,
    /// Requests that the engine gave to its application, by their id.
    asked: BTreeMap<String, Responder>,
    /// Answers that the engine gave by itself, by the id of the request, with what it is about.
    answered: BTreeMap<String, (String, String)>,
    /// Ids under which the engine made the calls of the capture, by the id there; `None` for calls it did not make.
    calls: BTreeMap<String, Option<String>>,
}

impl<In: Inbound> End<In> {
    pub(super) fn new(now: Instant, version: Version, config: ConnectionConfig, who: &'static str) -> Self {
        // nobody sees the ids of a replay: they need not be random
        let mut engine = Connection::new(config, MessageIds::new(0x7265_706c_6179));
        engine.handle_input(now, Input::LinkUp(version));
        let (asked, answered, calls) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { engine, version, who, asked, answered, calls }
    }

    /// What this side sent in the capture.
    pub(super) fn send(&mut self, now: Instant, text: &str, note: &mut Note<'_>) {
        self.engine.handle_input(now, Input::Timeout);
        self.take_events(None, note);
        let frame = match parse(text, self.version, DecodePolicy::Repair) {
            Ok(parsed) => parsed.frame,
            Err(error) => return note("", format!("{} sent what is no frame: {}", self.who, error.defect)),
        };
        let id = frame.id().text().into_owned();
        match frame {
            Frame::Call { action, payload, .. } => {
                let made = self.engine.call_raw(now, &action, payload, CallOptions::default().id(&id));
                if let Err(refused) = made {
                    note(&action, format!("{} would not send this: {refused}", self.who));
                    self.calls.insert(id, None);
                    return;
                }
                let Some(sent) = self.transmitted() else {
                    note(&action, format!("{} sent this while another call was out", self.who));
                    self.calls.insert(id, None);
                    return;
                };
                let own =
                    parse(&sent, self.version, DecodePolicy::Enforce).map(|own| own.frame.id().text().into_owned());
                self.calls.insert(id, own.ok());
            }
            Frame::CallResult { payload, .. } => {
                if let Some((about, own)) = self.answered.remove(&id) {
                    return note(&about, format!("{} answered this; the engine refuses it: {own}", self.who));
                }
                let Some(responder) = self.asked.remove(&id) else {
                    return note(&id, format!("{} answered what nobody asked, or answered late", self.who));
                };
                let action = responder.action();
                if let Err(error) = self.engine.reply_raw(now, responder, Ok(payload)) {
                    note(action, format!("{} would not answer this: {error}", self.who));
                }
                drop(self.transmitted());
            }
            Frame::CallError { refusal, .. } => {
                if let Some((about, own)) = self.answered.remove(&id) {
                    self.compare_refusals(&about, text, &own, note);
                } else if let Some(responder) = self.asked.remove(&id) {
                    let error = CallError::new(refusal.code.clone(), refusal.description.clone());
                    drop(self.engine.refuse(now, responder, error));
                    drop(self.transmitted());
                } else {
                    note(&id, format!("{} refused what nobody asked, or refused late", self.who));
                }
            }
            Frame::CallResultError { .. } | Frame::Send { .. } | _ => {}
        }
    }

    /// What this side was sent in the capture.
    pub(super) fn receive(&mut self, now: Instant, text: &str, note: &mut Note<'_>) {
        let parsed = parse(text, self.version, DecodePolicy::Repair);
        let frame = parsed.as_ref().ok().map(|parsed| &parsed.frame);
        let id = frame.map(|frame| frame.id().text().into_owned());
        let mut text = text.to_owned();
        if let Some(frame @ (Frame::CallResult { .. } | Frame::CallError { .. })) = frame {
            match self.calls.remove(&*frame.id().text()) {
                // the engine did not make that call: it has nothing to say about the answer
                Some(None) => return,
                Some(Some(own)) => text = text.replacen(frame.id().as_json(), &Value::String(own).to_string(), 1),
                None => {}
            }
        }
        self.engine.handle_input(now, Input::Text(&text));
        self.take_events(id.as_deref(), note);
        while let Some(own) = self.transmitted() {
            let about = frame.and_then(|frame| frame.action()).unwrap_or_default().to_owned();
            match parse(&own, self.version, DecodePolicy::Enforce) {
                Ok(answer) => {
                    self.answered.insert(answer.frame.id().text().into_owned(), (about, own));
                }
                Err(_) => note(&about, format!("{} answers {own}", self.who)),
            }
        }
    }

    /// The connection is gone.
    pub(super) fn end(&mut self, now: Instant, note: &mut Note<'_>) {
        self.engine.handle_input(now, Input::Timeout);
        self.take_events(None, note);
        self.stop(note);
    }

    /// Nothing more is known.
    pub(super) fn stop(&mut self, note: &mut Note<'_>) {
        for (about, own) in std::mem::take(&mut self.answered).into_values() {
            note(&about, format!("{} did not answer; the engine answers {own}", self.who));
        }
        for responder in std::mem::take(&mut self.asked).into_values() {
            note(responder.action(), format!("{} did not answer", self.who));
        }
    }

    fn take_events(&mut self, id: Option<&str>, note: &mut Note<'_>) {
        while let Some(event) = self.engine.poll_event() {
            match event {
                Event::Call(incoming) => {
                    for remark in incoming.remarks() {
                        note(incoming.action(), format!("{} repairs {remark}", self.who));
                    }
                    for remark in incoming.frame_remarks() {
                        note(incoming.action(), format!("{} tolerates: {remark}", self.who));
                    }
                    let (_, responder) = incoming.into_parts();
                    self.asked.insert(id.unwrap_or_default().to_owned(), responder);
                }
                Event::Answer(answer) => {
                    let action = answer.action();
                    for remark in answer.remarks() {
                        note(action, format!("{} repairs {remark}", self.who));
                    }
                    // a refusal is an answer: whether it was right is judged where it was sent
                    match answer.failure() {
                        None | Some(CallFailure::Refused(_)) => {}
                        Some(failure) => note(action, format!("{} finds: {failure}", self.who)),
                    }
                }
                Event::Anomaly(anomaly) => note(id.unwrap_or_default(), format!("{} finds: {anomaly}", self.who)),
                Event::Closing { code, reason } => {
                    note("", format!("{} closes the connection: {reason} ({code:?})", self.who));
                }
                _ => {}
            }
        }
    }

    /// Whether two refusals mean the same: the code counts, the words do not.
    fn compare_refusals(&self, about: &str, theirs: &str, own: &str, note: &mut Note<'_>) {
        let code = |text: &str| match parse(text, self.version, DecodePolicy::Repair).map(|parsed| parsed.frame) {
            Ok(Frame::CallError { refusal, .. }) => Some(refusal.code),
            _ => None,
        };
        if code(theirs) != code(own) {
            note(about, format!("{} refused this with {theirs}; the engine with {own}", self.who));
        }
    }

    /// The next text the engine sends.
    fn transmitted(&mut self) -> Option<String> {
        match self.engine.poll_transmit()? {
            Transmit::Text(text) => Some(text.to_owned()),
            _ => None,
        }
    }
}
