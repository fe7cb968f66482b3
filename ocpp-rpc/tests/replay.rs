//! The corpora of `fuzz/` on stable Rust; a target of its own because it shares the source of the fuzz targets.

#[expect(unreachable_pub, unused_imports, reason = "public in the crate it is shared with")]
#[path = "../../fuzz/src/lib.rs"]
mod fuzz;
