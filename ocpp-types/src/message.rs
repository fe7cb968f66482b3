//! What all messages have in common.

use core::fmt::Debug;

use serde::Serialize;
use serde::de::{DeserializeOwned, Deserializer};

use crate::Version;
use crate::decode::{DecodePolicy, Decoded};
use crate::shape::{Datatype, Kind, Shape};
use crate::violation::DecodeError;

/// The payload of a message: a request, a response or a notice.
pub trait Payload: Clone + Datatype + Debug + DeserializeOwned + PartialEq + Send + Serialize + Sync + 'static {
    /// Members, kinds and limits of this payload as data.
    const SHAPE: &'static Shape = match Self::KIND {
        Kind::Object(shape) => shape,
        _ => panic!("a payload is an object"),
    };
}

/// Sees every payload type of a version, as the `each_payload` function of a version shows them.
pub trait EachPayload {
    /// Sees one of them; its name is in its shape.
    fn payload<T: Payload>(&mut self);
}

/// The payload of a CALL.
pub trait Request: Payload {
    /// What the other side answers.
    type Response: Payload;
    /// The version this type belongs to.
    const VERSION: Version;
    /// The action as it stands in the frame.
    const ACTION: &'static str;
    /// Who may send it.
    const ORIGIN: Origin;
}

/// The payload of a SEND, which nobody answers (OCPP 2.1 Part 4 §4.2.4).
pub trait Notice: Payload {
    /// The version this type belongs to.
    const VERSION: Version;
    /// The action as it stands in the frame.
    const ACTION: &'static str;
    /// Who may send it.
    const ORIGIN: Origin;
}

/// Who may send a request.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Origin {
    /// The station asks, the CSMS answers.
    Station,
    /// The CSMS asks, the station answers.
    Csms,
    /// Either side may ask.
    Both,
}

impl Origin {
    /// Whether a station may send it.
    pub const fn station(self) -> bool {
        matches!(self, Self::Station | Self::Both)
    }

    /// Whether a CSMS may send it.
    pub const fn csms(self) -> bool {
        matches!(self, Self::Csms | Self::Both)
    }
}

/// All requests that one side sends in one version: `StationCall` or `CsmsCall`.
pub trait Calls: Sized {
    /// The actions of the version.
    type Action: Copy;
    /// The version.
    const VERSION: Version;

    /// Finds an action of this side by its exact name (rule RPC-09).
    fn find(name: &str) -> Option<Self::Action>;

    /// Whether either side sends such an action.
    fn is_known(name: &str) -> bool;

    /// Decodes the payload of an action.
    ///
    /// # Errors
    /// All that is wrong with the text, located.
    fn decode(action: Self::Action, json: &str, policy: DecodePolicy) -> Result<Decoded<Self>, DecodeError>;

    /// Reads the payload of an action in place, as part of a frame that is being read, and makes something of the request
    /// at once: requests are large to move about.
    ///
    /// # Errors
    /// Those of the deserializer, actions this side does not send and, but for [`DecodePolicy::Trust`], limits not kept.
    fn read<'de, D: Deserializer<'de>, T>(
        action: Self::Action,
        deserializer: D,
        policy: DecodePolicy,
        make: impl FnOnce(Self) -> T,
    ) -> Result<T, D::Error>;

    /// Whether every limit is kept.
    fn conforms(&self) -> bool;

    /// The request as its type.
    ///
    /// # Errors
    /// The request again when it is of another type.
    fn into_request<R: Request>(self) -> Result<R, Self>;
}
