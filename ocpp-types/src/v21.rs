//! OCPP 2.1: all messages and datatypes, flat.

mod actions;
mod authorization;
mod availability;
mod battery_swap;
mod bidirectional_power;
mod certificates;
mod data_transfer;
mod der_control;
mod diagnostics;
mod display_message;
mod firmware;
#[rustfmt::skip]
mod generated;
mod local_auth_list;
mod metering;
mod payment;
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
pub use battery_swap::*;
pub use bidirectional_power::*;
pub use certificates::*;
pub use data_transfer::*;
pub use der_control::*;
pub use diagnostics::*;
pub use display_message::*;
pub use firmware::*;
pub use local_auth_list::*;
pub use metering::*;
pub use payment::*;
pub use provisioning::*;
pub use remote_control::*;
pub use reservation::*;
pub use security::*;
pub use smart_charging::*;
pub use tariff_and_cost::*;
pub use transactions::*;
pub use types::*;
