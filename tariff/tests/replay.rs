//! The corpus of `fuzz/` on stable Rust; a target of its own because it shares the source of the fuzz target.

#![cfg(all(feature = "ocpi", feature = "ocpp"))]

#[expect(unreachable_pub, reason = "public in the crate it is shared with")]
#[path = "../../fuzz/tariff/src/lib.rs"]
mod fuzz;
