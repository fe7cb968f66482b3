//! The integration tests of `ocpp-types`, one module for each topic.

#[cfg(all(feature = "v16", feature = "v201", feature = "v21"))]
mod standard;
