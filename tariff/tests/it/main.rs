//! The crate from outside.

mod compare;
mod desk;
mod explain;
mod limits_and_taxes;
mod lint;
mod ocpp;
mod periods;
mod prices;
mod reservations;
mod results;
mod selection;
mod slowly;
mod steps;
#[cfg(feature = "ocpi")]
mod verify;
