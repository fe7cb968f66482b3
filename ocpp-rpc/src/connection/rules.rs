//! What differs between the versions, as data.

use ocpp_types::Version;

use crate::ErrorCode;

/// What a version has and how it answers.
#[derive(Debug)]
pub(super) struct Rules {
    /// Whether a result that cannot be used is refused with a CALLRESULTERROR (rules RPC-27, RPC-28).
    pub(super) refuses_results: bool,
    /// The code for another CALL with an id under way (rule RPC-29).
    pub(super) id_under_way: ErrorCode,
    /// Whether a retry may carry the id of its first transmission (rules RPC-05, RPC-06).
    pub(super) ids_may_repeat: bool,
}

const V16: Rules = Rules { refuses_results: false, id_under_way: ErrorCode::GenericError, ids_may_repeat: false };

const V201: Rules = Rules { refuses_results: false, id_under_way: ErrorCode::RpcFrameworkError, ids_may_repeat: true };

const V21: Rules = Rules { refuses_results: true, ..V201 };

/// The rules of a version.
pub(super) const fn rules(version: Version) -> &'static Rules {
    match version {
        Version::V16 => &V16,
        Version::V201 => &V201,
        _ => &V21,
    }
}
