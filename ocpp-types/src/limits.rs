//! What decoding is willing to spend on a peer's text.

/// The deepest nesting accepted in anything a peer sends (rule RPC-63).
pub const MAX_DEPTH: usize = 32;

/// The most items accepted in one list.
pub const MAX_ITEMS: usize = 8192;

/// The most characters accepted in an over-long text under [`Repair`](crate::DecodePolicy::Repair).
pub const MAX_TEXT: usize = 16_384;

/// The most violations listed in one error; the first is always the first in the text.
pub const MAX_VIOLATIONS: usize = 16;

/// The longest text a CSMS accepts, in bytes (rule RPC-63).
pub const CSMS_BYTES: usize = 1024 * 1024;

/// The longest text a station accepts, in bytes (rule RPC-63).
pub const STATION_BYTES: usize = 64 * 1024;
