//! Tests of `ocpi-types`. Names and comments cite the rules of the rule book.

#![allow(clippy::print_stdout, clippy::unwrap_used)] // also in helpers, which clippy does not take for tests

mod asynchronous;
mod census;
mod conversion;
mod coverage;
mod decisions;
mod endpoints;
mod examples;
mod faults;
mod generate;
mod oracle;
mod paging;
mod registration;
mod routing;
mod rules;
#[cfg(feature = "schema")]
mod schemas;
mod transport;
mod updates;
mod values;
