//! Datatypes that several functional blocks share.

mod certificate;
mod charging_needs;
mod charging_profile;
mod cost;
mod device_model;
mod evse;
mod id_token;
mod message_content;
mod metering;
mod status;

pub use certificate::*;
pub use charging_needs::*;
pub use charging_profile::*;
pub use cost::*;
pub use device_model::*;
pub use evse::*;
pub use id_token::*;
pub use message_content::*;
pub use metering::*;
pub use status::*;
