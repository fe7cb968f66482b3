//! OCPP 1.6 with the security extension: all messages and datatypes, flat.

mod actions;
mod core;
mod firmware;
#[rustfmt::skip]
mod generated;
mod local_auth_list;
mod remote_trigger;
mod reservation;
mod security;
mod smart_charging;
mod types;

pub use actions::*;
pub use core::*;
pub use firmware::*;
pub use local_auth_list::*;
pub use remote_trigger::*;
pub use reservation::*;
pub use security::*;
pub use smart_charging::*;
pub use types::*;
