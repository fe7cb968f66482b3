//! What the documents decide about objects, as functions without state: may this token charge, is this location open,
//! which status may follow.

mod bookings;
mod cdrs;
mod charging_profiles;
mod locations;
mod sessions;
mod tokens;

pub use sessions::{Transition, decide_preferences};
pub use tokens::{TokenDecision, decide_token};
