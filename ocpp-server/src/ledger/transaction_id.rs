//! Ids of transactions, and where those of 1.6 come from.

use std::fmt;

use ocpp_types::CiString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The id of a transaction: a number that the CSMS gave (1.6), or a text that the station chose (2.x).
///
/// Says nothing without the station: another one may use the same.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(untagged)]
pub enum TransactionId {
    /// Given by the CSMS (1.6).
    Number(i64),
    /// Chosen by the station (2.x).
    Text(CiString<36>),
}

impl TransactionId {
    /// The number, for answers of 1.6.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
        }
    }
}

impl From<i64> for TransactionId {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for TransactionId {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl fmt::Display for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => fmt::Display::fmt(number, f),
            // a peer chose it: it must not break a log line
            Self::Text(text) => write!(f, "{}", text.as_str().escape_debug()),
        }
    }
}

/// Gives numbers to transactions of 1.6: from 1 to 2^31 − 1, each once, in an order that cannot be guessed.
///
/// A counter goes through a permutation that depends on a key. Sequential numbers let any station stop the transactions of
/// others where a CSMS does not look at who asks (CVE-2026-28230); this ledger looks, and does not help those who do not.
///
/// Keep it with the ledger: the counter must never go back. Several nodes share the key and have a range of the counter
/// each.
#[derive(Clone, Deserialize, Serialize)]
pub struct TransactionIds {
    key: [u8; 32],
    next: u32,
    end: u32,
}

/// One more than the greatest number.
const LIMIT: u32 = 1 << 31;

impl TransactionIds {
    /// All numbers, in an order given by this key, which has to be random and the same for ever.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key, next: 0, end: LIMIT }
    }

    /// The numbers of one node: those for the counters from `first` up to, and not including, `end`.
    pub fn with_range(key: [u8; 32], first: u32, end: u32) -> Self {
        let end = end.min(LIMIT);
        Self { key, next: first.min(end), end }
    }

    /// The next number; none when all of them have been given out.
    pub fn issue(&mut self) -> Option<i64> {
        while self.next < self.end {
            let number = self.permute(self.next);
            self.next += 1;
            // 0 is what confused stations send; it is one of 2^31
            if number != 0 {
                return Some(i64::from(number));
            }
        }
        None
    }

    /// A permutation of the numbers below 2^31: a Feistel network over 32 bits, repeated until it gives one of 31.
    fn permute(&self, mut number: u32) -> u32 {
        loop {
            let (mut left, mut right) = ((number >> 16) as u16, number as u16);
            for round in 0..8_u8 {
                let digest = Sha256::new()
                    .chain_update(self.key)
                    .chain_update([round])
                    .chain_update(right.to_be_bytes())
                    .finalize();
                (left, right) = (right, left ^ u16::from_be_bytes([digest[0], digest[1]]));
            }
            number = u32::from(left) << 16 | u32::from(right);
            if number < LIMIT {
                return number;
            }
        }
    }
}

impl fmt::Debug for TransactionIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TransactionIds({}..{})", self.next, self.end)
    }
}
