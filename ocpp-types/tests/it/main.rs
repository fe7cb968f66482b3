//! The integration tests of `ocpp-types`, one module for each topic.
#![allow(clippy::unwrap_used)] // a test may
#![cfg(all(feature = "v16", feature = "v201", feature = "v21"))]

mod decimal;
mod decoding;
mod encoding;
mod fault_rows;
mod mutants;
mod official;
mod reader;
#[cfg(feature = "schema")]
mod schemas;
mod standard;
mod text;
mod timestamp;
mod types;
