//! What a receiver makes of a text, without Rust types: for tools, logs and proxies.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use ocpp_types::shape::Shape;
use ocpp_types::{DecodeError, DecodePolicy, Origin, Remark, Version, inspect, v16, v21, v201};

use crate::frame::{offset_in, refusal};
use crate::rules::rules;
use crate::{ErrorCode, Frame, FrameError, FrameRemark, parse};

/// Who has sent a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Direction {
    /// A station, to its CSMS.
    FromStation,
    /// The CSMS, to a station.
    FromCsms,
    /// It is not known, or texts of both are mixed: every action is accepted.
    Either,
}

/// What a receiver makes of a text.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct Verdict<'a> {
    /// The frame, or why there is none.
    pub frame: Result<Frame<'a>, FrameError>,
    /// What was tolerated in the frame.
    pub frame_remarks: Vec<FrameRemark>,
    /// Where the payload starts, in bytes from the start of the text; offsets of violations count from there.
    pub payload_offset: usize,
    /// What was repaired in the payload.
    pub remarks: Vec<Remark>,
    /// What is wrong with the payload.
    pub error: Option<DecodeError>,
    /// Why the payload was not looked at, or the action refused.
    pub unchecked: Option<Unchecked>,
    /// Where the action starts, of an answer the id, in bytes from the start of the text.
    pub subject_offset: usize,
    /// The error code the fault has, whether or not it is answered.
    pub code: Option<ErrorCode>,
    /// The text the receiver sends because of a fault; none if the frame is good or must not be answered.
    pub reply: Option<String>,
}

/// Why a payload was not looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Unchecked {
    /// No version knows such an action here (rule RPC-40).
    #[error("unknown action")]
    UnknownAction,
    /// The action is one of the other side (rule RPC-42).
    #[error("this side does not send that action")]
    Misdirected,
    /// An answer to a call that is not known.
    #[error("answer to an unknown call")]
    UnknownCall,
}

impl Verdict<'_> {
    /// Whether there is nothing to object to under the policy it was made under.
    pub fn is_good(&self) -> bool {
        self.frame.is_ok() && self.error.is_none() && self.unchecked.is_none()
    }
}

/// Checks a text as a receiver of this version does.
///
/// `answered` names the action that a CALLRESULT with this id answers, if the caller knows. An answer to an action that
/// does not exist is not looked at.
pub fn check<'a>(
    text: &'a str,
    version: Version,
    from: Direction,
    policy: DecodePolicy,
    answered: impl FnOnce(&str) -> Option<String>,
) -> Verdict<'a> {
    let parsed = match parse(text, version, policy) {
        Ok(parsed) => parsed,
        Err(error) => {
            let (code, reply) = (error.error_code(version), error.reply(version));
            return Verdict { code, reply, ..Verdict::of(Err(error)) };
        }
    };
    let mut verdict = Verdict {
        frame_remarks: parsed.remarks,
        payload_offset: parsed.payload_offset,
        subject_offset: match &parsed.frame {
            // behind its quote; one with escapes is a copy, then the id in front of it has to do
            Frame::Call { action: Cow::Borrowed(action), .. } | Frame::Send { action: Cow::Borrowed(action), .. } => {
                offset_in(text, action)
            }
            frame => offset_in(text, frame.id().as_json()),
        },
        ..Verdict::of(Ok(parsed.frame.clone()))
    };
    match &parsed.frame {
        Frame::Call { id, action, payload } => match shape_of_request(version, action, from, false) {
            Ok(shape) => {
                verdict.payload(payload, shape, policy);
                if let Some(error) = &verdict.error {
                    let code = ErrorCode::of(version, error);
                    verdict.reply = Some(refusal(4, *id, version, &code, &error.first().to_string()));
                    verdict.code = Some(code);
                }
            }
            Err((unchecked, code)) => {
                verdict.unchecked = Some(unchecked);
                verdict.reply = Some(refusal(4, *id, version, &code, ""));
                verdict.code = Some(code);
            }
        },
        Frame::Send { action, payload, .. } => match shape_of_request(version, action, from, true) {
            // never answered (rule RPC-14)
            Ok(shape) => {
                verdict.payload(payload, shape, policy);
                verdict.code = verdict.error.as_ref().map(|error| ErrorCode::of(version, error));
            }
            Err((unchecked, code)) => {
                verdict.unchecked = Some(unchecked);
                verdict.code = Some(code);
            }
        },
        Frame::CallResult { id, payload } => {
            let Some(action) = answered(&id.text()) else {
                verdict.unchecked = Some(Unchecked::UnknownCall);
                return verdict;
            };
            match shape_of_response(version, &action) {
                Some(shape) => {
                    verdict.payload(payload, shape, policy);
                    if let Some(error) = &verdict.error {
                        let code = ErrorCode::of(version, error);
                        // only 2.1 can refuse a result (rules RPC-27, RPC-28)
                        if rules(version).refuses_results {
                            verdict.reply = Some(refusal(5, *id, version, &code, &error.first().to_string()));
                        }
                        verdict.code = Some(code);
                    }
                }
                None => verdict.unchecked = Some(Unchecked::UnknownAction),
            }
        }
        Frame::CallError { .. } | Frame::CallResultError { .. } => {}
    }
    verdict
}

impl<'a> Verdict<'a> {
    fn of(frame: Result<Frame<'a>, FrameError>) -> Self {
        Self {
            frame,
            frame_remarks: Vec::new(),
            payload_offset: 0,
            subject_offset: 0,
            remarks: Vec::new(),
            error: None,
            unchecked: None,
            code: None,
            reply: None,
        }
    }

    fn payload(&mut self, payload: &str, shape: &'static Shape, policy: DecodePolicy) {
        match inspect(payload, shape, policy) {
            Ok(inspection) => self.remarks = inspection.remarks,
            Err(error) => self.error = Some(error),
        }
    }
}

/// The shape of a request of this side; for a SEND, of a notice.
fn shape_of_request(
    version: Version,
    action: &str,
    from: Direction,
    send: bool,
) -> Result<&'static Shape, (Unchecked, ErrorCode)> {
    let (origin, shape, is_notice) = match version {
        Version::V16 => v16::Action::from_wire(action).map(|a| (a.origin(), a.request(), a.response().is_none())),
        Version::V201 => v201::Action::from_wire(action).map(|a| (a.origin(), a.request(), a.response().is_none())),
        _ => v21::Action::from_wire(action).map(|a| (a.origin(), a.request(), a.response().is_none())),
    }
    .ok_or((Unchecked::UnknownAction, ErrorCode::NotImplemented))?;
    if is_notice != send {
        return Err((Unchecked::UnknownAction, ErrorCode::NotImplemented));
    }
    if !sends(origin, from) {
        return Err((Unchecked::Misdirected, ErrorCode::NotSupported));
    }
    Ok(shape)
}

fn sends(origin: Origin, from: Direction) -> bool {
    match from {
        Direction::FromStation => origin.station(),
        Direction::FromCsms => origin.csms(),
        Direction::Either => true,
    }
}

fn shape_of_response(version: Version, action: &str) -> Option<&'static Shape> {
    match version {
        Version::V16 => v16::Action::from_wire(action)?.response(),
        Version::V201 => v201::Action::from_wire(action)?.response(),
        _ => v21::Action::from_wire(action)?.response(),
    }
}
