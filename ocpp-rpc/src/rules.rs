//! What differs between the versions on the wire, as data.

use ocpp_types::Version;

use crate::ErrorCode;

/// What a version has and how it answers.
#[derive(Debug)]
pub(crate) struct Rules {
    /// The highest number at the front of a frame: 4, or 6 with CALLRESULTERROR and SEND (rule RPC-02).
    pub(crate) last_message_type: u8,
    /// The code that answers an unknown number there, if it is answered (rules RPC-51, RPC-52, RPC-53).
    pub(crate) unknown_message_type: Option<ErrorCode>,
    /// The code for a text that is no frame, or no whole one (rules RPC-49, RPC-50).
    pub(crate) malformed: ErrorCode,
    /// Whether such a text is answered when its id cannot be read, with the id `-1` (rule RPC-50).
    pub(crate) answers_unreadable: bool,
    /// Whether an id that is no text goes back in the refusal of a frame that has one.
    pub(crate) echoes_odd_ids: bool,
    /// Whether a result that cannot be used is refused with a CALLRESULTERROR (rules RPC-27, RPC-28).
    pub(crate) refuses_results: bool,
    /// The code for another CALL with an id under way (rule RPC-29).
    pub(crate) id_under_way: ErrorCode,
    /// Whether a retry may carry the id of its first transmission (rules RPC-05, RPC-06).
    pub(crate) ids_may_repeat: bool,
}

const V16: Rules = Rules {
    last_message_type: 4,
    unknown_message_type: None,
    malformed: ErrorCode::FormatViolation,
    answers_unreadable: false,
    echoes_odd_ids: true,
    refuses_results: false,
    id_under_way: ErrorCode::GenericError,
    ids_may_repeat: false,
};

const V201: Rules = Rules {
    last_message_type: 4,
    unknown_message_type: Some(ErrorCode::MessageTypeNotSupported),
    malformed: ErrorCode::RpcFrameworkError,
    answers_unreadable: true,
    echoes_odd_ids: false,
    refuses_results: false,
    id_under_way: ErrorCode::RpcFrameworkError,
    ids_may_repeat: true,
};

const V21: Rules = Rules { last_message_type: 6, unknown_message_type: None, refuses_results: true, ..V201 };

/// The rules of a version.
pub(crate) const fn rules(version: Version) -> &'static Rules {
    match version {
        Version::V16 => &V16,
        Version::V201 => &V201,
        _ => &V21,
    }
}
