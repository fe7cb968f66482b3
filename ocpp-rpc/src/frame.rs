//! Frames, payloads unread.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use ocpp_types::{DecodePolicy, Version};
use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::rules::rules;
use crate::{ErrorCode, MessageId};

/// A frame of OCPP-J (1.6J §4.2, 2.x Part 4 §4.2). Payloads and details are JSON text.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Frame<'a> {
    /// A request: `[2, id, action, payload]`.
    Call {
        /// The id to answer with.
        id: MessageId<'a>,
        /// What is asked for.
        action: Cow<'a, str>,
        /// The request.
        payload: &'a str,
    },
    /// The answer to a CALL: `[3, id, payload]`.
    CallResult {
        /// The id of the CALL.
        id: MessageId<'a>,
        /// The response.
        payload: &'a str,
    },
    /// The refusal of a CALL: `[4, id, code, description, details]`.
    CallError {
        /// The id of the CALL.
        id: MessageId<'a>,
        /// Why.
        refusal: Refusal<'a>,
    },
    /// The refusal of a CALLRESULT (2.1): `[5, id, code, description, details]`.
    CallResultError {
        /// The id of the CALL.
        id: MessageId<'a>,
        /// Why.
        refusal: Refusal<'a>,
    },
    /// A notice nobody answers (2.1): `[6, id, action, payload]`.
    Send {
        /// An id for logs.
        id: MessageId<'a>,
        /// What it is about.
        action: Cow<'a, str>,
        /// The notice.
        payload: &'a str,
    },
}

/// What a CALLERROR or CALLRESULTERROR says.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Refusal<'a> {
    /// The class of the error.
    pub code: ErrorCode,
    /// The class as it was spelled (rules RPC-26, RPC-60).
    pub code_text: Cow<'a, str>,
    /// For people; may be empty.
    pub description: Cow<'a, str>,
    /// A JSON object with more, usually empty.
    pub details: &'a str,
}

impl<'a> Frame<'a> {
    /// The number at the front.
    pub const fn message_type(&self) -> u8 {
        match self {
            Self::Call { .. } => 2,
            Self::CallResult { .. } => 3,
            Self::CallError { .. } => 4,
            Self::CallResultError { .. } => 5,
            Self::Send { .. } => 6,
        }
    }

    /// The message id.
    pub const fn id(&self) -> MessageId<'a> {
        match self {
            Self::Call { id, .. }
            | Self::CallResult { id, .. }
            | Self::CallError { id, .. }
            | Self::CallResultError { id, .. }
            | Self::Send { id, .. } => *id,
        }
    }

    /// The action of a CALL or SEND.
    pub fn action(&self) -> Option<&str> {
        match self {
            Self::Call { action, .. } | Self::Send { action, .. } => Some(action),
            _ => None,
        }
    }
}

/// JSON that reads as the same frame; payload and details stand in it as they were sent.
impl fmt::Display for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, id) = (self.message_type(), self.id().as_json());
        match self {
            Self::Call { action, payload, .. } | Self::Send { action, payload, .. } => {
                write!(f, "[{kind},{id},{},{payload}]", quoted(action))
            }
            Self::CallResult { payload, .. } => write!(f, "[{kind},{id},{payload}]"),
            Self::CallError { refusal, .. } | Self::CallResultError { refusal, .. } => {
                let code = quoted(&refusal.code_text);
                write!(f, "[{kind},{id},{code},{},{}]", quoted(&refusal.description), refusal.details)
            }
        }
    }
}

/// A text as JSON.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| "\"\"".into())
}

/// The text of a CALLERROR or, for 5, a CALLRESULTERROR (rules RPC-04, RPC-60; A.3: description of at most 255 characters,
/// nothing of the peer's JSON in it).
pub(crate) fn refusal(kind: u8, id: MessageId<'_>, version: Version, code: &ErrorCode, description: &str) -> String {
    let description: String = description.chars().take(255).collect();
    format!("[{kind},{},{},{},{{}}]", id.as_json(), quoted(code.as_str(version)), quoted(&description))
}

/// A frame and what was tolerated to read it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Parsed<'a> {
    /// The frame.
    pub frame: Frame<'a>,
    /// Departures from the frame format; empty under [`DecodePolicy::Enforce`].
    pub remarks: Vec<FrameRemark>,
    /// Where the payload or the details start, in bytes from the start of the text; 0 for details that are missing.
    pub payload_offset: usize,
}

/// A departure from the frame format that was tolerated.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameRemark {
    /// A byte order mark, or NUL characters at the end.
    #[error("byte order mark or NUL around the frame")]
    Padding,
    /// The message id is a number.
    #[error("message id is a number")]
    NumericId,
    /// The message id has no characters or more than 36.
    #[error("message id without characters or with more than 36")]
    IdLength,
    /// More elements than the frame has.
    #[error("more elements than the frame has")]
    ExtraElements,
    /// A description or details that are missing or of another type.
    #[error("error description or details missing or of another type")]
    RefusalParts,
    /// `null` where the empty payload `{}` is meant (rule RPC-07).
    #[error("payload null, read as {{}}")]
    NullPayload,
    /// The text became JSON only by [mending](crate::rescue); nothing in `parse` says so, its caller does.
    #[error("not JSON as it was sent, mended")]
    Mended,
}

impl FrameRemark {
    /// A name for logs and counters.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Padding => "padding",
            Self::NumericId => "numeric_id",
            Self::IdLength => "id_length",
            Self::ExtraElements => "extra_elements",
            Self::RefusalParts => "refusal_parts",
            Self::NullPayload => "null_payload",
            Self::Mended => "mended",
        }
    }
}

/// The text is no frame of this version.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{defect}")]
#[non_exhaustive]
pub struct FrameError {
    /// What is wrong.
    pub defect: FrameDefect,
    /// Where, in bytes from the start of the text.
    pub offset: usize,
    /// The number at the front, if it can be read.
    pub message_type: Option<u8>,
    /// The JSON text of the id, if it can be read.
    pub id: Option<String>,
}

/// Why a text is no frame.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameDefect {
    /// Nothing but blanks.
    #[error("empty text")]
    Empty,
    /// More bytes than the receiver accepts.
    #[error("{length} bytes, at most {max} are accepted")]
    TooLarge {
        /// Bytes received.
        length: usize,
        /// Bytes accepted.
        max: usize,
    },
    /// Not JSON.
    #[error("not JSON: {0}")]
    Syntax(String),
    /// JSON, but no list.
    #[error("not a JSON list")]
    NotAList,
    /// A number at the front that the version does not know.
    #[error("unknown message type")]
    MessageType,
    /// No id where it belongs, or one that is no text, or one over 36 characters.
    ///
    /// An id of more than a kilobyte, or with half a surrogate pair in it, counts as none under any policy.
    #[error("message id missing, not a text, or of more than 36 characters")]
    Id,
    /// Too few or too many elements.
    #[error("{found} elements, a frame of this type has {expected}")]
    ElementCount {
        /// Elements found.
        found: usize,
        /// Elements expected.
        expected: usize,
    },
    /// An action that is no text.
    #[error("action is not a text")]
    Action,
    /// A CALLERROR whose code or description is no text, whose description has over 255 characters, or whose details
    /// are no object or nest deeper than [`MAX_DEPTH`](ocpp_types::limits::MAX_DEPTH).
    #[error("error code, description or details malformed")]
    Refusal,
}

impl FrameError {
    /// The id, if it can be read.
    pub fn message_id(&self) -> Option<MessageId<'_>> {
        self.id.as_deref().map(MessageId::from_json)
    }

    /// The code that answers it, if it is to be answered (rules RPC-49…RPC-53).
    pub fn error_code(&self, version: Version) -> Option<ErrorCode> {
        let (id, rules) = (self.message_id(), rules(version));
        match self.defect {
            FrameDefect::Empty | FrameDefect::TooLarge { .. } => None,
            FrameDefect::MessageType => {
                rules.unknown_message_type.clone().filter(|_| id.is_some_and(|id| id.is_text()))
            }
            // only what was meant as a CALL, or cannot be read at all, is answered (rule RPC-61)
            _ if !matches!(self.message_type, None | Some(2)) => None,
            FrameDefect::Action => Some(ErrorCode::FormatViolation),
            _ => (rules.answers_unreadable || id.is_some()).then(|| rules.malformed.clone()),
        }
    }

    /// The CALLERROR that answers it, if it is to be answered.
    pub fn reply(&self, version: Version) -> Option<String> {
        let code = self.error_code(version)?;
        // where the id itself is at fault, 2.x does not carry back one that is no text
        let echoes =
            |id: &MessageId<'_>| rules(version).echoes_odd_ids || id.is_text() || self.defect != FrameDefect::Id;
        match self.message_id().filter(echoes) {
            Some(id) => Some(refusal(4, id, version, &code, &self.defect.to_string())),
            None => Some(refusal(4, MessageId::UNREADABLE, version, &code, "")),
        }
    }
}

/// Reads a frame of at most 1 MiB and leaves its payload unread.
///
/// [`DecodePolicy::Enforce`] takes exactly what the version defines; any other policy tolerates what is listed in
/// [`FrameRemark`].
///
/// # Errors
/// What is wrong, and what can still be read of type and id.
pub fn parse(text: &str, version: Version, policy: DecodePolicy) -> Result<Parsed<'_>, FrameError> {
    Reader { text, version, lenient: policy != DecodePolicy::Enforce, remarks: Vec::new() }.read()
}

struct Reader<'a> {
    text: &'a str,
    version: Version,
    lenient: bool,
    remarks: Vec<FrameRemark>,
}

impl<'a> Reader<'a> {
    fn read(mut self) -> Result<Parsed<'a>, FrameError> {
        let max = ocpp_types::limits::CSMS_BYTES;
        if self.text.len() > max {
            let defect = FrameDefect::TooLarge { length: self.text.len(), max };
            return Err(FrameError { defect, offset: max, message_type: None, id: None });
        }
        let json = self.without_padding();
        if json.trim_ascii().is_empty() {
            return Err(FrameError { defect: FrameDefect::Empty, offset: 0, message_type: None, id: None });
        }
        let frame = match serde_json::from_str::<Elements<'a>>(json) {
            Ok(elements) => self.frame(json, &elements)?,
            Err(_) => return Err(self.unreadable(json)),
        };
        let payload_offset = match &frame {
            Frame::Call { payload, .. } | Frame::CallResult { payload, .. } | Frame::Send { payload, .. } => {
                offset_in(self.text, payload)
            }
            Frame::CallError { refusal, .. } | Frame::CallResultError { refusal, .. } => {
                offset_in(self.text, refusal.details)
            }
        };
        Ok(Parsed { frame: self.with_payload(frame), remarks: self.remarks, payload_offset })
    }

    fn frame(&mut self, json: &'a str, elements: &Elements<'a>) -> Result<Frame<'a>, FrameError> {
        let listed = &elements.listed;
        let message_type = listed.first().and_then(|kind| self.message_type(kind));
        let id = listed.get(1).and_then(|id| MessageId::readable(id));
        // what is missing is missing in front of the closing bracket
        let end = offset_in(self.text, json) + json.trim_ascii_end().len() - 1;
        let fail = |defect, place: Option<&&str>| FrameError {
            defect,
            offset: place.map_or(end, |place| offset_in(self.text, place)),
            message_type,
            id: id.map(|id| id.as_json().to_string()),
        };

        let Some(kind) = message_type else {
            let defect = if listed.is_empty() {
                FrameDefect::ElementCount { found: 0, expected: 4 }
            } else {
                FrameDefect::MessageType
            };
            return Err(fail(defect, listed.first()));
        };
        let Some(id) = id else { return Err(fail(FrameDefect::Id, listed.get(1))) };
        let is_legal = id.is_text() && id.is_short();
        if !is_legal && !self.lenient {
            return Err(fail(FrameDefect::Id, listed.get(1)));
        }
        let (expected, least) = match kind {
            3 => (3, 3),
            4 | 5 => (5, if self.lenient { 3 } else { 5 }),
            _ => (4, 4),
        };
        if elements.count < least || (elements.count > expected && !self.lenient) {
            let defect = FrameDefect::ElementCount { found: elements.count, expected };
            return Err(fail(defect, listed.get(expected)));
        }

        let mut remarks = Vec::new();
        if elements.count > expected {
            remarks.push(FrameRemark::ExtraElements);
        }
        if !id.is_text() {
            remarks.push(FrameRemark::NumericId);
        } else if self.lenient && !id.is_usual() {
            remarks.push(FrameRemark::IdLength);
        }
        let frame = match kind {
            3 => Frame::CallResult { id, payload: listed[2] },
            4 | 5 => {
                let Some((refusal, is_whole)) = refusal_of(listed) else {
                    return Err(fail(FrameDefect::Refusal, listed.get(2)));
                };
                if !is_whole && !self.lenient {
                    return Err(fail(FrameDefect::Refusal, listed.get(3)));
                }
                if !is_whole {
                    remarks.push(FrameRemark::RefusalParts);
                }
                if kind == 4 { Frame::CallError { id, refusal } } else { Frame::CallResultError { id, refusal } }
            }
            _ => {
                let Some(action) = text_of(listed[2]) else { return Err(fail(FrameDefect::Action, listed.get(2))) };
                let payload = listed[3];
                if kind == 2 { Frame::Call { id, action, payload } } else { Frame::Send { id, action, payload } }
            }
        };
        self.remarks.append(&mut remarks);
        Ok(frame)
    }

    /// `null` stands for a payload without members (rule RPC-07).
    fn with_payload(&mut self, mut frame: Frame<'a>) -> Frame<'a> {
        if let Frame::Call { payload, .. } | Frame::CallResult { payload, .. } | Frame::Send { payload, .. } =
            &mut frame
            && *payload == "null"
        {
            *payload = "{}";
            if self.lenient {
                self.remarks.push(FrameRemark::NullPayload);
            }
        }
        frame
    }

    fn without_padding(&mut self) -> &'a str {
        if !self.lenient {
            return self.text;
        }
        let json = self.text.trim_start_matches('\u{feff}');
        let json = json.trim_end_matches(|last: char| last == '\0' || last.is_ascii_whitespace());
        let end = self.text.trim_ascii_end().len();
        if self.text.starts_with('\u{feff}') || self.text[..end].ends_with('\0') {
            self.remarks.push(FrameRemark::Padding);
        }
        json
    }

    /// The number at the front, if this version knows it (rule RPC-02).
    fn message_type(&self, json: &str) -> Option<u8> {
        match json {
            "2" => Some(2),
            "3" => Some(3),
            "4" => Some(4),
            "5" => Some(5),
            "6" => Some(6),
            _ => None,
        }
        .filter(|&kind| kind <= rules(self.version).last_message_type)
    }

    /// Broken JSON or no list; what can be read at the front is (row C1).
    fn unreadable(&self, json: &'a str) -> FrameError {
        let start = offset_in(self.text, json);
        let blanks = json.len() - json.trim_ascii_start().len();
        // asked for no type, the error is about syntax alone and quotes nothing of the text
        let Err(error) = serde_json::from_str::<&RawValue>(json) else {
            return FrameError { defect: FrameDefect::NotAList, offset: start + blanks, message_type: None, id: None };
        };
        let (kind, id) = front(json);
        let id = id.map(|id| id.as_json().to_string());
        let message_type = kind.and_then(|kind| self.message_type(kind));
        match kind {
            // a frame of a type that this version does not know, damaged on top of it
            Some(kind) if message_type.is_none() => {
                FrameError { defect: FrameDefect::MessageType, offset: offset_in(self.text, kind), message_type, id }
            }
            _ => FrameError {
                defect: FrameDefect::Syntax(error.to_string()),
                offset: start + offset_of(json, &error),
                message_type,
                id,
            },
        }
    }
}

/// Code, description and details, and whether they are as they should be; without a code there is nothing.
fn refusal_of<'a>(listed: &[&'a str]) -> Option<(Refusal<'a>, bool)> {
    let code_text = text_of(listed[2])?;
    let description = listed.get(3).and_then(|json| text_of(json));
    let details = listed.get(4).copied().filter(|json| json.starts_with('{') && !is_deep(json));
    let is_whole = details.is_some() && description.as_ref().is_some_and(|text| text.chars().nth(255).is_none());
    let refusal = Refusal {
        code: ErrorCode::from_wire(&code_text),
        code_text,
        description: description.unwrap_or_default(),
        details: details.unwrap_or("{}"),
    };
    Some((refusal, is_whole))
}

/// The type and id at the front of a damaged frame.
fn front(json: &str) -> (Option<&str>, Option<MessageId<'_>>) {
    let Some(rest) = json.trim_ascii_start().strip_prefix('[') else { return (None, None) };
    let Some((kind, rest)) = rest.split_once(',') else { return (None, None) };
    let kind = kind.trim_ascii();
    if kind.is_empty() || !kind.bytes().all(|byte| byte.is_ascii_digit()) {
        return (None, None);
    }
    let rest = rest.trim_ascii_start();
    let mut escaped = false;
    let end = rest.bytes().skip(1).position(|byte| {
        let is_end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_end
    });
    let id = end.filter(|_| rest.starts_with('"')).and_then(|end| MessageId::readable(&rest[..end + 2]));
    (Some(kind), id)
}

/// Whether JSON nests deeper than anything a peer sends may (rule RPC-63).
pub(crate) fn is_deep(json: &str) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'[' | b'{' if depth == ocpp_types::limits::MAX_DEPTH => return true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

fn text_of(json: &str) -> Option<Cow<'_, str>> {
    let plain = json.strip_prefix('"')?.strip_suffix('"')?;
    if plain.contains('\\') {
        serde_json::from_str::<String>(json).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(plain))
    }
}

pub(crate) fn offset_in(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize).filter(|&offset| offset <= text.len()).unwrap_or(0)
}

/// The byte a syntax error of serde_json points at; the end, if the text ends too early.
fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    if error.is_eof() {
        return text.len();
    }
    let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    (line_start + error.column().saturating_sub(1)).min(text.len())
}

/// The elements of a list, unread: at most six of them, one more than a frame has, and their count.
struct Elements<'a> {
    listed: Vec<&'a str>,
    count: usize,
}

impl<'de> Deserialize<'de> for Elements<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ElementsVisitor;

        impl<'de> Visitor<'de> for ElementsVisitor {
            type Value = Elements<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Elements<'de>, A::Error> {
                let mut elements = Elements { listed: Vec::with_capacity(6), count: 0 };
                while elements.count < 6 {
                    let Some(element) = list.next_element::<&RawValue>()? else { return Ok(elements) };
                    elements.listed.push(element.get());
                    elements.count += 1;
                }
                while list.next_element::<IgnoredAny>()?.is_some() {
                    elements.count += 1;
                }
                Ok(elements)
            }
        }

        deserializer.deserialize_seq(ElementsVisitor)
    }
}
