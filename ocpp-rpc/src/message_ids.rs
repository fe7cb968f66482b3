//! Ids for what this side sends.

use core::fmt;

use arrayvec::ArrayString;

/// Where message ids come from: a random prefix and a counter, 36 characters at most (rules RPC-04…RPC-06).
///
/// One source may be kept for all links of an identity. A station that makes one from fresh random bits at every boot never
/// repeats an id, as OCPP 2.x asks; no system call is needed per message. What the peer can see of one id tells nothing
/// about those of other boots.
#[derive(Clone)]
pub struct MessageIds {
    /// The next id, quoted. It is written when the one before is used: to copy a text that is just being written takes longer.
    next: Id,
    /// How many were used.
    used: u64,
}

/// Characters of the prefix: 96 bits as hexadecimal digits, and a hyphen.
const PREFIX: usize = 25;

/// The JSON text of an id of the usual length.
pub(crate) type Id = ArrayString<38>;

/// Bits of the counter in 11 hexadecimal digits.
const COUNTER: u64 = (1 << 44) - 1;

impl MessageIds {
    /// Ids under a prefix made of these bits, of which 96 count. They have to be random for every boot and every source.
    pub fn new(random: u128) -> Self {
        let mut next = Id::new();
        next.push('"');
        for place in 0..PREFIX - 1 {
            next.push(digit((random >> (4 * place)) as u64));
        }
        next.push_str("-0\"");
        Self { next, used: 0 }
    }

    /// The JSON text of the next id.
    pub(crate) const fn next(&self) -> &Id {
        &self.next
    }

    /// Goes on to the one after it.
    pub(crate) fn advance(&mut self) {
        self.used = self.used.wrapping_add(1);
        let count = self.used & COUNTER;
        let digits = (64 - count.leading_zeros()).div_ceil(4).max(1);
        // most of the time all digits but the last stay
        let (kept, new) = if count.is_multiple_of(16) { (1 + PREFIX, digits) } else { (PREFIX + digits as usize, 1) };
        self.next.truncate(kept);
        for place in (0..new).rev() {
            self.next.push(digit(count >> (4 * place)));
        }
        self.next.push('"');
    }

    /// Whether this source has given out that id, without quotes.
    pub(crate) fn has_given(&self, id: &str) -> bool {
        id.strip_prefix(&self.next[1..=PREFIX])
            .and_then(|digits| u64::from_str_radix(digits, 16).ok())
            .is_some_and(|count| count < self.used)
    }
}

/// The lowest four bits.
fn digit(bits: u64) -> char {
    char::from(b"0123456789abcdef"[(bits & 15) as usize])
}

/// Without the prefix, so that a log does not help to guess ids.
impl fmt::Debug for MessageIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageIds").field("used", &self.used).finish_non_exhaustive()
    }
}
