//! The requests a connection takes in.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use core::fmt;
use core::marker::PhantomData;

use ocpp_types::{Calls, DecodeError, DecodePolicy, Decoded, Origin, Request, Version, v16, v21, v201};

use crate::call::decode_call_into;
use crate::{Call, CallFault, ErrorCode, Frame, parse};

/// What a connection makes of the requests that come in: the type parameter of [`Connection`](crate::Connection).
///
/// | type | a connection of |
/// |---|---|
/// | [`StationCall`] | a CSMS, every version |
/// | [`CsmsCall`] | a station, every version |
/// | `v16::StationCall`, `v201::CsmsCall`, … | one version, so that the messages of others need not be compiled |
/// | [`Raw<StationCall>`](Raw), [`Raw<CsmsCall>`](Raw) | a router, proxy or tool: payloads unread |
pub trait Inbound: Send + Sized + 'static {
    /// Who sends these: [`Origin::Station`] or [`Origin::Csms`].
    const PEER: Origin;

    /// Whether there are requests of this version among them.
    fn speaks(version: Version) -> bool;

    /// Reads the text of a CALL, with the request in a box from the start: it is large to move about.
    ///
    /// # Errors
    /// What the text is instead, and the answer it deserves.
    fn read(text: &str, version: Version, policy: DecodePolicy) -> Result<Call<'_, Box<Self>>, CallFault<'_>>;

    /// The action of the request.
    fn action(&self) -> &'static str;

    /// The version of the request.
    fn version(&self) -> Version;

    /// The request as the type of its action, for whoever routes by type.
    ///
    /// # Errors
    /// When it is of another type; of a [`Raw`] one, when the payload breaks the specification.
    fn take<R: Request>(self, policy: DecodePolicy) -> Result<Decoded<R>, Mismatch<Self>>;
}

/// Why a request is not of the type asked for.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Mismatch<In> {
    /// It is a request of another action or version, handed back.
    OtherType(In),
    /// It is of that action, but its payload breaks the specification.
    Payload(DecodeError),
}

/// A request of a station, in any version.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant)] // as the enumerations inside: reading one allocates no more than its payload does
pub enum StationCall {
    /// OCPP 1.6.
    V16(v16::StationCall),
    /// OCPP 2.0.1.
    V201(v201::StationCall),
    /// OCPP 2.1.
    V21(v21::StationCall),
}

/// A request of a CSMS, in any version.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant)] // as above
pub enum CsmsCall {
    /// OCPP 1.6.
    V16(v16::CsmsCall),
    /// OCPP 2.0.1.
    V201(v201::CsmsCall),
    /// OCPP 2.1.
    V21(v21::CsmsCall),
}

macro_rules! inbound {
    ($name:ident, $peer:ident) => {
        inbound!(single v16::$name, V16, $peer);
        inbound!(single v201::$name, V201, $peer);
        inbound!(single v21::$name, V21, $peer);

        inbound!(from v16::$name, V16, $name);
        inbound!(from v201::$name, V201, $name);
        inbound!(from v21::$name, V21, $name);

        impl Inbound for $name {
            const PEER: Origin = Origin::$peer;

            fn speaks(version: Version) -> bool {
                matches!(version, Version::V16 | Version::V201 | Version::V21)
            }

            fn read(text: &str, version: Version, policy: DecodePolicy) -> Result<Call<'_, Box<Self>>, CallFault<'_>> {
                match version {
                    Version::V16 => decode_call_into(text, policy, |request| Box::new(Self::V16(request))),
                    Version::V201 => decode_call_into(text, policy, |request| Box::new(Self::V201(request))),
                    _ => decode_call_into(text, policy, |request| Box::new(Self::V21(request))),
                }
            }

            fn action(&self) -> &'static str {
                match self {
                    Self::V16(call) => call.action().as_str(),
                    Self::V201(call) => call.action().as_str(),
                    Self::V21(call) => call.action().as_str(),
                }
            }

            fn version(&self) -> Version {
                match self {
                    Self::V16(_) => Version::V16,
                    Self::V201(_) => Version::V201,
                    Self::V21(_) => Version::V21,
                }
            }

            fn take<R: Request>(self, policy: DecodePolicy) -> Result<Decoded<R>, Mismatch<Self>> {
                match self {
                    Self::V16(call) => call.take(policy).map_err(|other| other.map(Self::V16)),
                    Self::V201(call) => call.take(policy).map_err(|other| other.map(Self::V201)),
                    Self::V21(call) => call.take(policy).map_err(|other| other.map(Self::V21)),
                }
            }
        }
    };
    (single $version:ident::$name:ident, $variant:ident, $peer:ident) => {
        impl Inbound for $version::$name {
            const PEER: Origin = Origin::$peer;

            fn speaks(version: Version) -> bool {
                version == Version::$variant
            }

            fn read(text: &str, _: Version, policy: DecodePolicy) -> Result<Call<'_, Box<Self>>, CallFault<'_>> {
                decode_call_into(text, policy, Box::new)
            }

            fn action(&self) -> &'static str {
                self.action().as_str()
            }

            fn version(&self) -> Version {
                Version::$variant
            }

            fn take<R: Request>(self, _: DecodePolicy) -> Result<Decoded<R>, Mismatch<Self>> {
                Calls::into_request(self)
                    .map(|value| Decoded { value, remarks: alloc::vec::Vec::new() })
                    .map_err(Mismatch::OtherType)
            }
        }
    };
    (from $version:ident::$name:ident, $variant:ident, $whole:ident) => {
        impl From<$version::$name> for $whole {
            fn from(call: $version::$name) -> Self {
                Self::$variant(call)
            }
        }
    };
}

inbound!(StationCall, Station);
inbound!(CsmsCall, Csms);

impl<In> Mismatch<In> {
    fn map<Out>(self, with: impl FnOnce(In) -> Out) -> Mismatch<Out> {
        match self {
            Self::OtherType(call) => Mismatch::OtherType(with(call)),
            Self::Payload(error) => Mismatch::Payload(error),
        }
    }
}

/// A request whose payload nobody has looked at: action and JSON text.
///
/// Only what has no type of that name is refused; the payload is read where it is taken, by [`Inbound::take`], or passed
/// on byte for byte.
#[derive(Clone, PartialEq)]
pub struct Raw<In> {
    action: &'static str,
    version: Version,
    payload: String,
    sender: PhantomData<fn() -> In>,
}

impl<In> Raw<In> {
    /// The payload as it was sent; `{}` for `null`.
    pub fn payload(&self) -> &str {
        &self.payload
    }
}

/// Without the payload, which may hold secrets.
impl<In> fmt::Debug for Raw<In> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({} {}, {} bytes)", self.version, self.action, self.payload.len())
    }
}

impl<In: Inbound> Inbound for Raw<In> {
    const PEER: Origin = In::PEER;

    fn speaks(version: Version) -> bool {
        In::speaks(version)
    }

    fn read(text: &str, version: Version, policy: DecodePolicy) -> Result<Call<'_, Box<Self>>, CallFault<'_>> {
        let parsed = parse(text, version, policy).map_err(CallFault::Frame)?;
        let Frame::Call { id, action, payload } = &parsed.frame else {
            return Err(CallFault::OtherFrame(parsed.frame));
        };
        let is_sent_by_peer = |origin: Origin| if In::PEER == Origin::Csms { origin.csms() } else { origin.station() };
        match crate::actions::find(version, action) {
            Some(found) if found.response.is_some() && is_sent_by_peer(found.origin) => Ok(Call {
                id: *id,
                request: Box::new(Self {
                    action: found.name,
                    version,
                    payload: (*payload).to_string(),
                    sender: PhantomData,
                }),
                frame_remarks: parsed.remarks,
                remarks: alloc::vec::Vec::new(),
            }),
            Some(found) if found.response.is_some() => {
                Err(CallFault::Action { id: *id, code: ErrorCode::NotSupported })
            }
            _ => Err(CallFault::Action { id: *id, code: ErrorCode::NotImplemented }),
        }
    }

    fn action(&self) -> &'static str {
        self.action
    }

    fn version(&self) -> Version {
        self.version
    }

    fn take<R: Request>(self, policy: DecodePolicy) -> Result<Decoded<R>, Mismatch<Self>> {
        if R::VERSION != self.version || R::ACTION != self.action {
            return Err(Mismatch::OtherType(self));
        }
        ocpp_types::decode(&self.payload, policy).map_err(Mismatch::Payload)
    }
}
