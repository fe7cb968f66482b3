//! The envelope around every response (rules ENV-01 to ENV-06, ENV-19, ENV-20).

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::decode::{DecodeError, decode, each_item};
use crate::raw::RawJson;
use crate::status::StatusCode;
use crate::{DateTime, Object};

/// A response as it stands in the body (`transport_and_format_response_format`).
///
/// `D` is what `data` holds; [`RawJson`] until the status is known, since only 1xxx promises data of the documented type
/// (rule ENV-04).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(bound(deserialize = "D: Deserialize<'de>"))]
pub struct Envelope<D = RawJson> {
    /// The content, if there is any.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub data: Option<D>,
    /// The outcome.
    pub status_code: StatusCode,
    /// The outcome in words, for logs.
    #[serde(default, deserialize_with = "understood", skip_serializing_if = "Option::is_none")]
    pub status_message: Option<String>,
    /// When the response was made; the epoch where the peer does not say so in a form that can be understood, which is no
    /// reason to refuse the data.
    #[serde(default = "unknown", deserialize_with = "known")]
    pub timestamp: DateTime,
}

const fn unknown() -> DateTime {
    DateTime::EPOCH
}

fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime, D::Error> {
    understood(deserializer).map(|time| time.unwrap_or_else(unknown))
}

/// A value, or none if it cannot be understood, whatever it is.
fn understood<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let text = RawJson::deserialize(deserializer)?;
    Ok(serde_json::from_str(text.as_str()).ok())
}

fn none<D>() -> Option<D> {
    None
}

impl<D> Envelope<D> {
    /// A success with this content.
    pub const fn success(data: D, timestamp: DateTime) -> Self {
        Self { data: Some(data), status_code: StatusCode::SUCCESS, status_message: None, timestamp }
    }

    /// An outcome without content (rule ENV-05).
    pub const fn status(status_code: StatusCode, timestamp: DateTime) -> Self {
        Self { data: None, status_code, status_message: None, timestamp }
    }
}

/// Why a response gives no data.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// The HTTP status is an error. An envelope may have come with it (rule ENV-19).
    #[error("HTTP status {status}{}", .envelope.as_ref().map(|envelope| format!(", OCPI status {}", envelope.status_code)).unwrap_or_default())]
    Http {
        /// The HTTP status.
        status: u16,
        /// The envelope, if the body was one.
        envelope: Option<Box<Envelope>>,
    },
    /// The OCPI status is an error.
    #[error("OCPI status {}{}", .envelope.status_code, .envelope.status_message.as_ref().map(|text| format!(": {}", text.escape_debug())).unwrap_or_default())]
    Status {
        /// The envelope, with whatever data it holds.
        envelope: Box<Envelope>,
    },
    /// The body is no envelope, such as a page of HTML.
    #[error("the body is not an OCPI response")]
    NotAnEnvelope,
    /// There is no data where the documents promise some.
    #[error("the response has no data")]
    NoData,
    /// The data is not what the documents promise.
    #[error("the data cannot be read")]
    Data(#[source] DecodeError),
}

impl ResponseError {
    /// The OCPI status, if one came.
    pub fn status_code(&self) -> Option<StatusCode> {
        match self {
            Self::Http { envelope, .. } => envelope.as_ref().map(|envelope| envelope.status_code),
            Self::Status { envelope } => Some(envelope.status_code),
            _ => None,
        }
    }

    /// Whether the peer says that it does not know the token: 2004 with whatever HTTP status (rule ENV-17), or HTTP 404
    /// in 2.1.1, which has no code for it (rule TOK-08).
    pub fn is_unknown_token(&self, version: crate::Version) -> bool {
        self.status_code() == Some(StatusCode::UNKNOWN_TOKEN)
            || (version == crate::Version::V2_1_1 && matches!(self, Self::Http { status: 404, .. }))
    }
}

/// Reads the envelope of a response: a success, or the reason why it is none.
///
/// An empty body with a 2xx status counts as success without data (rule ENV-20).
///
/// # Errors
/// When HTTP status or OCPI status is an error or the body is no envelope (fault case F17).
pub fn read_envelope(http_status: u16, body: &str) -> Result<Envelope, ResponseError> {
    let envelope = serde_json::from_str::<Envelope>(body);
    if !(200..300).contains(&http_status) {
        return Err(ResponseError::Http { status: http_status, envelope: envelope.ok().map(Box::new) });
    }
    match envelope {
        Ok(envelope) if envelope.status_code.is_success() => Ok(envelope),
        Ok(envelope) => Err(ResponseError::Status { envelope: Box::new(envelope) }),
        Err(_) if body.trim().is_empty() => Ok(Envelope::status(StatusCode::SUCCESS, DateTime::EPOCH)),
        Err(_) => Err(ResponseError::NotAnEnvelope),
    }
}

/// Reads a response whose data is one object.
///
/// # Errors
/// As [`read_envelope`], and when the data is missing or not readable.
pub fn read_object<T: Object>(http_status: u16, body: &str) -> Result<T, ResponseError> {
    let data = read_envelope(http_status, body)?.data.ok_or(ResponseError::NoData)?;
    decode(data.as_str()).map_err(ResponseError::Data)
}

/// Reads a response whose data is a value that is no object, such as the bare text that answers charging preferences
/// (rule ENV-02).
///
/// # Errors
/// As [`read_envelope`], and when the data is missing or not readable.
pub fn read_value<T: serde::de::DeserializeOwned>(http_status: u16, body: &str) -> Result<T, ResponseError> {
    let data = read_envelope(http_status, body)?.data.ok_or(ResponseError::NoData)?;
    serde_json::from_str(data.as_str()).map_err(|error| ResponseError::Data(DecodeError::of(&error)))
}

/// Reads a response to a request whose answer has no documented data: whatever stands there is ignored (rule ENV-05).
///
/// # Errors
/// As [`read_envelope`].
pub fn read_nothing(http_status: u16, body: &str) -> Result<(), ResponseError> {
    read_envelope(http_status, body).map(|_| ())
}

/// An item of a page that could not be read; the others can be used (rule PAG-12).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BadItem {
    /// Its place in the page.
    pub index: usize,
    /// Its text.
    pub text: RawJson,
    /// What is wrong, with pointers into the item.
    pub error: DecodeError,
}

/// Reads a response whose data is a list: good items and bad ones apart (rule PAG-12).
///
/// The items are read straight from the body, one after the other; only the texts of bad ones are copied.
///
/// # Errors
/// As [`read_envelope`], and when the data is no list. Missing data counts as an empty list (rule ABS-01).
pub fn read_list<T: Object>(http_status: u16, body: &str) -> Result<(Vec<T>, Vec<BadItem>), ResponseError> {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for_each_item(http_status, body, |item| match item {
        Ok(item) => good.push(item),
        Err(item) => bad.push(item),
    })?;
    Ok((good, bad))
}

/// Hands the items of a response to `each`, one after the other, without holding the page a second time.
///
/// # Errors
/// As [`read_list`]. Items may have been handed over before the body turns out to be broken.
pub fn for_each_item<T: Object>(
    http_status: u16,
    body: &str,
    each: impl FnMut(Result<T, BadItem>),
) -> Result<(), ResponseError> {
    let data = match serde_json::from_str::<Envelope<&RawValue>>(body) {
        Ok(envelope) if (200..300).contains(&http_status) && envelope.status_code.is_success() => envelope.data,
        _ => return read_envelope(http_status, body).map(|_| ()),
    };
    let Some(data) = data else { return Ok(()) };
    each_item(data, each).map_err(|error| ResponseError::Data(DecodeError::of(&error)))
}
