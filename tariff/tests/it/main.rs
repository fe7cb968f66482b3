//! The crate from outside.

#![allow(clippy::unwrap_used, unreachable_pub)] // a test may

mod allocation;
mod compare;
#[cfg(all(feature = "ocpi", feature = "ocpp"))]
mod convert;
mod desk;
mod explain;
mod forecast;
mod limits_and_taxes;
mod lint;
mod meter;
mod ocpp;
#[cfg(feature = "ocpp")]
mod ocpp_documents;
#[cfg(feature = "ocpi")]
mod output;
#[cfg(feature = "bulk")]
mod path;
mod periods;
mod prices;
mod reservations;
mod results;
mod selection;
mod slowly;
#[cfg(all(feature = "ocpi", feature = "tz"))]
mod source;
mod station;
mod steps;
#[cfg(feature = "ocpi")]
mod vectors;
#[cfg(feature = "ocpi")]
mod verify;
