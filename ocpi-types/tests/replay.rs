//! The OCPI corpora of `fuzz/` on stable Rust; a target of its own because it shares the source of the fuzz targets.

#[expect(dead_code, unreachable_pub, reason = "public in the crate it is shared with")]
#[path = "../../fuzz/ocpi/src/lib.rs"]
mod fuzz;
