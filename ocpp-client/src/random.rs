//! Injected randomness.

use core::time::Duration;

/// A source of jitter, seeded by whoever owns the machine.
///
/// SplitMix64: spread matters here, secrecy does not. The same seed gives the same waits, which tests and simulations want.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A source that starts from this seed; give every station another one, else a fleet reconnects in step.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A duration from zero up to this one, in steps of a millisecond.
    pub fn up_to(&mut self, bound: Duration) -> Duration {
        let millis = u64::try_from(bound.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(match millis.checked_add(1) {
            Some(steps) => self.bits() % steps,
            None => self.bits(),
        })
    }
}
