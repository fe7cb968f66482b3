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
    /// The prefix behind a quote.
    head: Id,
    next: u64,
}

/// Hexadecimal digits of the random part.
const RANDOM: u32 = 24;

/// The JSON text of an id of the usual length.
pub(crate) type Id = ArrayString<38>;

/// Bits of the counter in 11 hexadecimal digits.
const COUNTER: u64 = (1 << 44) - 1;

impl MessageIds {
    /// Ids under a prefix made of these bits, of which 96 count. They have to be random for every boot and every source.
    pub fn new(random: u128) -> Self {
        let mut head = Id::new();
        head.push('"');
        for place in 0..RANDOM {
            head.push(digit((random >> (4 * place)) as u64));
        }
        head.push('-');
        Self { head, next: 0 }
    }

    /// The next id.
    pub(crate) fn next(&mut self) -> Id {
        let count = self.next & COUNTER;
        self.next = self.next.wrapping_add(1);
        let mut id = self.head;
        let digits = (64 - count.leading_zeros()).div_ceil(4).max(1);
        for place in (0..digits).rev() {
            id.push(digit(count >> (4 * place)));
        }
        id.push('"');
        id
    }

    /// Whether this source has given out that id, without quotes.
    pub(crate) fn has_given(&self, id: &str) -> bool {
        id.strip_prefix(&self.head[1..])
            .and_then(|digits| u64::from_str_radix(digits, 16).ok())
            .is_some_and(|count| count < self.next)
    }
}

/// The lowest four bits.
fn digit(bits: u64) -> char {
    char::from(b"0123456789abcdef"[(bits & 15) as usize])
}

/// Without the prefix, so that a log does not help to guess ids.
impl fmt::Debug for MessageIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageIds").field("next", &self.next).finish_non_exhaustive()
    }
}
