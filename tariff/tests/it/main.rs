//! The crate from outside.

mod desk;
mod limits_and_taxes;
mod ocpp;
mod periods;
mod prices;
mod reservations;
mod results;
mod selection;
mod steps;
