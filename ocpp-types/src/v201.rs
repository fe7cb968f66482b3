//! OCPP 2.0.1: all messages and datatypes, flat.

mod actions;
mod authorization;
mod availability;
mod certificates;
mod data_transfer;
mod diagnostics;
mod display_message;
mod firmware;
#[rustfmt::skip]
mod generated;
mod local_auth_list;
mod metering;
mod provisioning;
mod remote_control;
mod reservation;
mod security;
mod smart_charging;
mod tariff_and_cost;
mod transactions;
mod types;

pub use actions::*;
pub use authorization::*;
pub use availability::*;
pub use certificates::*;
pub use data_transfer::*;
pub use diagnostics::*;
pub use display_message::*;
pub use firmware::*;
pub use local_auth_list::*;
pub use metering::*;
pub use provisioning::*;
pub use remote_control::*;
pub use reservation::*;
pub use security::*;
pub use smart_charging::*;
pub use tariff_and_cost::*;
pub use transactions::*;
pub use types::*;
