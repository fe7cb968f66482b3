//! Ids for what this side sends.

use core::fmt;

/// Where message ids come from: a random prefix and a counter, 36 characters at most (rules RPC-04…RPC-06).
///
/// One source may be kept for all links of an identity. A station that makes one from fresh random bits at every boot never
/// repeats an id, as OCPP 2.x asks; no system call is needed per message. What the peer can see of one id tells nothing
/// about those of other boots.
#[derive(Clone)]
pub struct MessageIds {
    prefix: [u8; PREFIX],
    next: u64,
}

/// Hexadecimal digits of the random part: 96 bits.
const PREFIX: usize = 24;

/// Bits of the counter in 11 hexadecimal digits.
const COUNTER: u64 = (1 << 44) - 1;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

impl MessageIds {
    /// Ids under a prefix made of these bits, of which 96 count. They have to be random for every boot and every source.
    pub fn new(random: u128) -> Self {
        let mut prefix = [0; PREFIX];
        for (place, digit) in prefix.iter_mut().enumerate() {
            *digit = DIGITS[(random >> (4 * place)) as usize & 15];
        }
        Self { prefix, next: 0 }
    }

    /// Writes the next id into a buffer and gives its length.
    pub(crate) fn next(&mut self, id: &mut [u8; 36]) -> usize {
        let count = self.next & COUNTER;
        self.next = self.next.wrapping_add(1);
        id[..PREFIX].copy_from_slice(&self.prefix);
        id[PREFIX] = b'-';
        let digits = (64 - count.leading_zeros()).div_ceil(4).max(1) as usize;
        let mut rest = count;
        for place in id[PREFIX + 1..][..digits].iter_mut().rev() {
            *place = DIGITS[(rest & 15) as usize];
            rest >>= 4;
        }
        PREFIX + 1 + digits
    }

    /// Whether this source has given out that id.
    pub(crate) fn has_given(&self, id: &str) -> bool {
        let Some(count) = id.as_bytes().strip_prefix(&self.prefix).and_then(|rest| rest.strip_prefix(b"-")) else {
            return false;
        };
        core::str::from_utf8(count)
            .ok()
            .and_then(|digits| u64::from_str_radix(digits, 16).ok())
            .is_some_and(|count| count < self.next)
    }
}

/// Without the prefix, so that a log does not help to guess ids.
impl fmt::Debug for MessageIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageIds").field("next", &self.next).finish_non_exhaustive()
    }
}
