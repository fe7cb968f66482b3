//! Actions of every version, found by name.

use ocpp_types::shape::Shape;
use ocpp_types::{Origin, Version, v16, v21, v201};

/// An action of a version.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    pub(crate) name: &'static str,
    pub(crate) origin: Origin,
    pub(crate) request: &'static Shape,
    /// A notice has none.
    pub(crate) response: Option<&'static Shape>,
}

/// Finds an action by its exact name (rule RPC-09).
pub(crate) fn find(version: Version, name: &str) -> Option<Found> {
    macro_rules! found {
        ($version:ident) => {
            $version::Action::from_wire(name).map(|action| Found {
                name: action.as_str(),
                origin: action.origin(),
                request: action.request(),
                response: action.response(),
            })
        };
    }
    match version {
        Version::V16 => found!(v16),
        Version::V201 => found!(v201),
        _ => found!(v21),
    }
}
