//! The crate from outside.

mod explain;
mod lint;
mod desk;
mod limits_and_taxes;
mod ocpp;
mod periods;
mod prices;
mod reservations;
mod results;
mod selection;
mod steps;
