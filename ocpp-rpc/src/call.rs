//! From the text of a frame to a typed request, in one pass.

use alloc::string::String;
use alloc::vec::Vec;

use ocpp_types::reader::Reader;
use ocpp_types::{Calls, DecodeError, DecodePolicy, Decoded, Remark};

use crate::frame::refusal;
use crate::{ErrorCode, Frame, FrameError, FrameRemark, MessageId, parse};

/// A request that came in.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Call<'a, C> {
    /// The id to answer with.
    pub id: MessageId<'a>,
    /// The request.
    pub request: C,
    /// What was tolerated in the frame.
    pub frame_remarks: Vec<FrameRemark>,
    /// What was repaired in the payload.
    pub remarks: Vec<Remark>,
}

impl<'a, C> Call<'a, C> {
    /// The same call with a request made from this one.
    pub fn map<T>(self, with: impl FnOnce(C) -> T) -> Call<'a, T> {
        let Self { id, request, frame_remarks, remarks } = self;
        Call { id, request: with(request), frame_remarks, remarks }
    }
}

/// Why a text gave no request.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CallFault<'a> {
    /// It is no frame.
    #[error("{0}")]
    Frame(FrameError),
    /// It is a frame, but no CALL.
    #[error("a frame of type {}, not a CALL", .0.message_type())]
    OtherFrame(Frame<'a>),
    /// No such action (rule RPC-40), or one of the other side (rule RPC-42).
    #[error("{} action", if *.code == ErrorCode::NotImplemented { "unknown" } else { "misdirected" })]
    Action {
        /// The id to answer with.
        id: MessageId<'a>,
        /// `NotImplemented` or `NotSupported`.
        code: ErrorCode,
    },
    /// The payload breaks the specification.
    #[error("{error}")]
    Payload {
        /// The id to answer with.
        id: MessageId<'a>,
        /// What is wrong.
        error: DecodeError,
    },
}

impl CallFault<'_> {
    /// The CALLERROR to send, if there is to be one.
    pub fn reply(&self, version: ocpp_types::Version) -> Option<String> {
        match self {
            Self::Frame(error) => error.reply(version),
            Self::OtherFrame(_) => None,
            Self::Action { id, code } => Some(refusal(4, *id, version, code, "")),
            Self::Payload { id, error } => {
                let first = error.first();
                let description = alloc::format!("{first}");
                Some(refusal(4, *id, version, &ErrorCode::of(version, error), &description))
            }
        }
    }
}

/// Decodes a CALL that the other side may send, all in one pass when it conforms.
///
/// # Errors
/// What the text is instead, and the answer it deserves.
///
/// # Example
/// ```
/// use ocpp_rpc::decode_call;
/// use ocpp_types::{DecodePolicy, v16};
///
/// let text = r#"[2,"19","Authorize",{"idTag":"04A1B2"}]"#;
/// let call = decode_call::<v16::StationCall>(text, DecodePolicy::Enforce).unwrap();
/// assert!(matches!(call.request, v16::StationCall::Authorize(request) if request.id_tag == "04a1b2"));
///
/// let fault = decode_call::<v16::StationCall>(r#"[2,"20","Authorize",{}]"#, DecodePolicy::Enforce).unwrap_err();
/// assert!(fault.reply(ocpp_types::Version::V16).unwrap().starts_with(r#"[4,"20","ProtocolError""#));
/// ```
pub fn decode_call<C: Calls>(text: &str, policy: DecodePolicy) -> Result<Call<'_, C>, CallFault<'_>> {
    decode_call_into(text, policy, |request| request)
}

/// Decodes a CALL and makes something of its request at once: requests are large to move about.
pub(crate) fn decode_call_into<C: Calls, T>(
    text: &str,
    policy: DecodePolicy,
    make: impl Fn(C) -> T,
) -> Result<Call<'_, T>, CallFault<'_>> {
    match one_pass(text, policy, &make) {
        Some(call) => Ok(call),
        None => step_by_step(text, policy).map(|call| call.map(make)),
    }
}

/// Reads a CALL about which there is nothing to say.
#[inline]
fn one_pass<'a, C: Calls, T>(text: &'a str, policy: DecodePolicy, make: &impl Fn(C) -> T) -> Option<Call<'a, T>> {
    if text.len() > ocpp_types::limits::CSMS_BYTES {
        return None;
    }
    let mut reader = Reader::new(text);
    reader.take(b'[').ok()?;
    reader.take(b'2').ok()?;
    reader.take(b',').ok()?;
    let id = MessageId::from_json(reader.take_plain().ok()?);
    reader.take(b',').ok()?;
    let action = reader.take_plain().ok()?.strip_prefix('"')?.strip_suffix('"')?;
    reader.take(b',').ok()?;
    let request = C::read(C::find(action)?, &mut reader, policy, make).ok()?;
    reader.take(b']').ok()?;
    reader.end().ok()?;
    id.is_usual().then(|| Call { id, request, frame_remarks: Vec::new(), remarks: Vec::new() })
}

#[cold]
fn step_by_step<C: Calls>(text: &str, policy: DecodePolicy) -> Result<Call<'_, C>, CallFault<'_>> {
    let parsed = parse(text, C::VERSION, policy).map_err(CallFault::Frame)?;
    let Frame::Call { id, action, payload } = &parsed.frame else { return Err(CallFault::OtherFrame(parsed.frame)) };
    let Some(action) = C::find(action) else {
        let code = if C::is_known(action) { ErrorCode::NotSupported } else { ErrorCode::NotImplemented };
        return Err(CallFault::Action { id: *id, code });
    };
    match C::decode(action, payload, policy) {
        Ok(Decoded { value, remarks }) => Ok(Call { id: *id, request: value, frame_remarks: parsed.remarks, remarks }),
        Err(error) => Err(CallFault::Payload { id: *id, error }),
    }
}
