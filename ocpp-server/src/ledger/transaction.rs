//! One transaction: everything that was said of it, once.

use std::mem::size_of;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::message::{Fact, FactKind};
use super::sequence::{Insertion, SeqSet};
use super::{LedgerLimits, Reading, Token, TransactionId};

/// Everything that was said of one transaction.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Transaction {
    pub(super) id: TransactionId,
    pub(super) facts: Vec<Stored>,
    /// The sequence numbers seen (2.x).
    pub(super) seen: SeqSet,
    /// Numbers of events that were repeated with another content; bounded by `MAX_CONFLICTS`.
    pub(super) conflicts: Vec<Option<i64>>,
    /// When the next session of the same connector began.
    pub(super) superseded: Option<DateTime<Utc>>,
    /// The same, if that one was settled since.
    pub(super) followed: Option<DateTime<Utc>>,
    /// Whether one that was settled since ran beside it.
    pub(super) overlapped: bool,
    pub(super) matched_by_connector: bool,
    /// How many messages were too many.
    pub(super) surplus: u32,
    readings: usize,
    bytes: usize,
}

/// A fact with its place.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Stored {
    /// Its sequence number; none in 1.6.
    pub(super) seq_no: Option<i64>,
    pub(super) fact: Fact,
    /// How many readings at its end were too many.
    pub(super) cut: u32,
}

/// What became of a fact.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Addition {
    Added,
    Repeated,
    Conflicting,
    /// There are too many: it was counted.
    Surplus,
}

const MAX_CONFLICTS: usize = 64;

impl Transaction {
    pub(super) fn new(id: TransactionId) -> Self {
        Self {
            id,
            facts: Vec::new(),
            seen: SeqSet::default(),
            conflicts: Vec::new(),
            superseded: None,
            followed: None,
            overlapped: false,
            matched_by_connector: false,
            surplus: 0,
            readings: 0,
            bytes: 0,
        }
    }

    /// Adds a fact with a sequence number (2.x, rule CS-35).
    pub(super) fn add_event(&mut self, seq_no: i64, fact: Fact, limits: &LedgerLimits) -> Addition {
        if self.seen.contains(seq_no) {
            let known = self.facts.iter().find(|stored| stored.seq_no == Some(seq_no));
            if known.is_none_or(|known| is_repeat(known, &fact)) {
                return Addition::Repeated;
            }
            self.conflict(Some(seq_no));
            return Addition::Conflicting;
        }
        if self.is_too_much(&fact, limits) {
            // a run more is as much as a fact more, if a small one
            return match self.seen.insert(seq_no, limits.facts_per_transaction) {
                Insertion::New | Insertion::Full => self.count_surplus(),
                Insertion::Known => Addition::Repeated,
            };
        }
        // each run has a fact in it: there are no more runs than facts
        let _ = self.seen.insert(seq_no, usize::MAX);
        self.store(Some(seq_no), fact, limits);
        Addition::Added
    }

    /// Adds a fact of 1.6: a second start or stop is a repeat, anything else is one if it was there.
    pub(super) fn add(&mut self, fact: Fact, limits: &LedgerLimits) -> Addition {
        let same = |stored: &&Stored| match fact.kind {
            FactKind::Update => is_repeat(stored, &fact),
            kind => stored.fact.kind == kind,
        };
        if let Some(known) = self.facts.iter().find(same) {
            if is_repeat(known, &fact) {
                return Addition::Repeated;
            }
            self.conflict(None);
            return Addition::Conflicting;
        }
        if self.is_too_much(&fact, limits) {
            return self.count_surplus();
        }
        self.store(None, fact, limits);
        Addition::Added
    }

    pub(super) fn start(&self) -> Option<&Fact> {
        self.of_kind(FactKind::Start).min_by_key(|stored| stored.seq_no).map(|stored| &stored.fact)
    }

    pub(super) fn stop(&self) -> Option<&Fact> {
        self.of_kind(FactKind::Stop).max_by_key(|stored| stored.seq_no).map(|stored| &stored.fact)
    }

    pub(super) fn of_kind(&self, kind: FactKind) -> impl Iterator<Item = &Stored> {
        self.facts.iter().filter(move |stored| stored.fact.kind == kind)
    }

    /// The token it was started with: the first one, which in 2.x may come with any event.
    pub(super) fn start_token(&self) -> Option<&Token> {
        let told = self.facts.iter().filter(|stored| stored.fact.token.is_some() && !stored.fact.is_of_end());
        told.min_by_key(|stored| stored.seq_no).and_then(|stored| stored.fact.token.as_ref())
    }

    /// The token it was stopped with: the last one.
    pub(super) fn stop_token(&self) -> Option<&Token> {
        let told = self.facts.iter().filter(|stored| stored.fact.token.is_some() && stored.fact.is_of_end());
        told.max_by_key(|stored| stored.seq_no).and_then(|stored| stored.fact.token.as_ref())
    }

    /// When it began, as far as is known.
    pub(super) fn began(&self) -> Option<DateTime<Utc>> {
        let first = || self.facts.iter().min_by_key(|stored| stored.seq_no).map(|stored| &stored.fact);
        self.start().or_else(first).map(|fact| fact.time)
    }

    /// EVSE and connector, from the first fact that tells.
    pub(super) fn place(&self) -> (Option<i64>, Option<i64>) {
        let first = |of: fn(&Fact) -> Option<i64>| {
            let told = self.facts.iter().filter_map(|stored| Some((stored.seq_no, of(&stored.fact)?)));
            // of 1.6, all facts name the same connector
            told.min().map(|(_, value)| value)
        };
        (first(|fact| fact.evse), first(|fact| fact.connector))
    }

    /// Whether it is in the same place as another one: an EVSE has one transaction at a time, whatever the connector (rule
    /// TX2-02).
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        let (evse, connector) = self.place();
        let place = other.place();
        self.id != other.id
            && if evse.is_some() { place.0 == evse } else { connector.is_some() && place.1 == connector }
    }

    /// Whether it had begun before another one of the same place, and was not over when that one began.
    pub(super) fn overlaps(&self, later: &Self) -> bool {
        let (Some(began), Some(next)) = (self.began(), later.began()) else { return false };
        let is_over = match self.stop() {
            Some(stop) => stop.time <= next,
            // its end was lost: that is held against the next session, not against all
            None => self.superseded.is_some_and(|at| at < next),
        };
        began <= next && !is_over && self.is_beside(later)
    }

    /// Takes note that a session of the same place began then.
    pub(super) fn supersede(&mut self, began: DateTime<Utc>) {
        self.superseded = Some(self.superseded.map_or(began, |known| known.min(began)));
    }

    /// Takes note that a session of the same place will not be there any more.
    pub(super) fn was_followed(&mut self, gone: &Self) {
        let next = gone.began().filter(|next| self.began().is_some_and(|began| began < *next));
        self.followed = [self.followed, next].into_iter().flatten().min();
    }

    /// About how much memory it takes.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Too many are only those that can be done without: no session loses its start or its end.
    fn is_too_much(&self, fact: &Fact, limits: &LedgerLimits) -> bool {
        self.facts.len() >= limits.facts_per_transaction && !self.is_first_end(fact)
    }

    /// Whether a fact is the first start of this transaction, or its first stop.
    fn is_first_end(&self, fact: &Fact) -> bool {
        fact.kind != FactKind::Update && self.of_kind(fact.kind).next().is_none()
    }

    fn count_surplus(&mut self) -> Addition {
        self.surplus = self.surplus.saturating_add(1);
        Addition::Surplus
    }

    fn store(&mut self, seq_no: Option<i64>, mut fact: Fact, limits: &LedgerLimits) {
        let room = limits.readings_per_transaction.saturating_sub(self.readings);
        let mut cut = 0;
        if fact.readings.len() > room && !self.is_first_end(&fact) {
            cut = u32::try_from(fact.readings.len() - room).unwrap_or(u32::MAX);
            fact.readings.truncate(room);
        }
        self.readings += fact.readings.len();
        self.bytes += size_of::<Stored>() + fact.readings.iter().map(bytes_of).sum::<usize>();
        self.facts.push(Stored { seq_no, fact, cut });
    }

    fn conflict(&mut self, seq_no: Option<i64>) {
        if self.conflicts.len() < MAX_CONFLICTS && !self.conflicts.contains(&seq_no) {
            self.conflicts.push(seq_no);
        }
    }
}

fn bytes_of(reading: &Reading) -> usize {
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    size_of::<Reading>()
        + reading.signed.as_ref().map_or(0, |signed| {
            let others = [&signed.signing_method, &signed.encoding_method, &signed.public_key];
            signed.data.len() + others.map(length).iter().sum::<usize>()
        })
}

/// Whether it is the same thing said again. A repeat may be marked as offline that was not at first (rule Q-04), and its time
/// may have become doubtful or sane.
fn is_repeat(stored: &Stored, fact: &Fact) -> bool {
    let known = &stored.fact;
    let same = |fact: &Fact| (fact.kind, fact.time, fact.register_wh, fact.unreadable);
    let kept = fact.readings.len().saturating_sub(usize::try_from(stored.cut).unwrap_or(usize::MAX));
    same(known) == same(fact)
        && (&known.trigger, &known.state, &known.reason, &known.token)
            == (&fact.trigger, &fact.state, &fact.reason, &fact.token)
        && (known.evse, known.connector, known.reservation_id, known.remote_start_id)
            == (fact.evse, fact.connector, fact.reservation_id, fact.remote_start_id)
        && fact.readings.get(..kept) == Some(known.readings.as_slice())
}
