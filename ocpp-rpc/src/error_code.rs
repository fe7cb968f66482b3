//! The codes of CALLERROR and CALLRESULTERROR.

use alloc::string::String;

use ocpp_types::{DecodeError, Defect, Version, Violation, ViolationKind};

/// An error code, spelled as the version wants it (tables A.3 and E.3; rules RPC-40…RPC-60).
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The receiver does not know the action.
    NotImplemented,
    /// The receiver knows the action and does not support it, or it is one of the other side.
    NotSupported,
    /// The receiver failed while processing.
    InternalError,
    /// The payload is incomplete or the protocol was broken.
    ProtocolError,
    /// A security problem, or a message out of turn.
    SecurityError,
    /// Not the structure of the message (`FormationViolation` in 1.6).
    FormatViolation,
    /// A value outside what the member allows.
    PropertyConstraintViolation,
    /// Too few or too many (`OccurenceConstraintViolation`, with one r, in 1.6).
    OccurrenceConstraintViolation,
    /// A JSON value of another type.
    TypeConstraintViolation,
    /// Nothing else fits.
    GenericError,
    /// The number at the front of the frame is unknown (2.x).
    MessageTypeNotSupported,
    /// Not a frame that can be read (2.x).
    RpcFrameworkError,
    /// A code the specification does not list, as it was sent (rule RPC-26).
    Unrecognized(String),
}

impl ErrorCode {
    /// The code that answers a refused payload; the one place where violations become codes.
    pub fn of(version: Version, error: &DecodeError) -> Self {
        Self::of_violation(version, error.first())
    }

    fn of_violation(version: Version, violation: &Violation) -> Self {
        match (violation.kind(), violation.defect) {
            (ViolationKind::Occurrence, Defect::Missing) if version == Version::V16 => Self::ProtocolError,
            (ViolationKind::Occurrence, _) => Self::OccurrenceConstraintViolation,
            (ViolationKind::Type, _) => Self::TypeConstraintViolation,
            (ViolationKind::Property, _) => Self::PropertyConstraintViolation,
            (ViolationKind::Format, _) => Self::FormatViolation,
        }
    }

    /// The spelling of a version (rule RPC-60); codes it lacks become its nearest.
    pub fn as_str(&self, version: Version) -> &str {
        let is_16 = version == Version::V16;
        match self {
            Self::NotImplemented => "NotImplemented",
            Self::NotSupported => "NotSupported",
            Self::InternalError => "InternalError",
            Self::ProtocolError => "ProtocolError",
            Self::SecurityError => "SecurityError",
            Self::FormatViolation | Self::RpcFrameworkError if is_16 => "FormationViolation",
            Self::FormatViolation => "FormatViolation",
            Self::PropertyConstraintViolation => "PropertyConstraintViolation",
            Self::OccurrenceConstraintViolation if is_16 => "OccurenceConstraintViolation",
            Self::OccurrenceConstraintViolation => "OccurrenceConstraintViolation",
            Self::TypeConstraintViolation => "TypeConstraintViolation",
            Self::MessageTypeNotSupported if is_16 => "GenericError",
            Self::GenericError => "GenericError",
            Self::MessageTypeNotSupported => "MessageTypeNotSupported",
            Self::RpcFrameworkError => "RpcFrameworkError",
            Self::Unrecognized(code) => code,
        }
    }

    /// Reads a code in the spelling of any version.
    pub fn from_wire(code: &str) -> Self {
        match code {
            "NotImplemented" => Self::NotImplemented,
            "NotSupported" => Self::NotSupported,
            "InternalError" => Self::InternalError,
            "ProtocolError" => Self::ProtocolError,
            "SecurityError" => Self::SecurityError,
            "FormatViolation" | "FormationViolation" => Self::FormatViolation,
            "PropertyConstraintViolation" => Self::PropertyConstraintViolation,
            "OccurrenceConstraintViolation" | "OccurenceConstraintViolation" => Self::OccurrenceConstraintViolation,
            "TypeConstraintViolation" => Self::TypeConstraintViolation,
            "GenericError" => Self::GenericError,
            "MessageTypeNotSupported" => Self::MessageTypeNotSupported,
            "RpcFrameworkError" => Self::RpcFrameworkError,
            other => Self::Unrecognized(other.into()),
        }
    }
}
