//! One transaction: everything that was said of it, once.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::message::{Fact, FactKind};
use super::sequence::{Insertion, SeqSet};
use super::{LedgerLimits, TransactionId};

/// Everything that was said of one transaction.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Transaction {
    pub(super) id: TransactionId,
    pub(super) facts: Vec<Stored>,
    /// The sequence numbers seen (2.x).
    pub(super) seen: SeqSet,
    /// Numbers of events that were repeated with another content; bounded by `MAX_CONFLICTS`.
    pub(super) conflicts: Vec<Option<i64>>,
    /// When a later session of the same connector began.
    pub(super) superseded: Option<DateTime<Utc>>,
    pub(super) concurrent: bool,
    pub(super) matched_by_connector: bool,
    readings: usize,
    pub(super) dropped_readings: u32,
}

/// A fact with its place.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Stored {
    /// Its sequence number; none in 1.6.
    pub(super) seq_no: Option<i64>,
    pub(super) fact: Fact,
}

/// What became of a fact.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Addition {
    Added,
    Repeated,
    Conflicting,
    Full,
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
            concurrent: false,
            matched_by_connector: false,
            readings: 0,
            dropped_readings: 0,
        }
    }

    /// Adds a fact with a sequence number (2.x, rule CS-35).
    pub(super) fn add_event(&mut self, seq_no: i64, fact: Fact, limits: &LedgerLimits) -> Addition {
        if self.facts.len() >= limits.facts_per_transaction
            && !self.seen.contains(seq_no)
            && fact.kind != FactKind::Stop
        {
            return Addition::Full;
        }
        match self.seen.insert(seq_no, limits.gaps_per_transaction) {
            Insertion::Full => return Addition::Full,
            Insertion::New => {}
            Insertion::Known => {
                let known = self.facts.iter().find(|stored| stored.seq_no == Some(seq_no));
                if known.is_none_or(|known| is_repeat(&known.fact, &fact)) {
                    return Addition::Repeated;
                }
                self.conflict(Some(seq_no));
                return Addition::Conflicting;
            }
        }
        self.store(Some(seq_no), fact, limits);
        Addition::Added
    }

    /// Adds a fact of 1.6: a second start or stop is a repeat, anything else is one if it was there.
    pub(super) fn add(&mut self, fact: Fact, limits: &LedgerLimits) -> Addition {
        let same = |stored: &&Stored| match fact.kind {
            FactKind::Update => is_repeat(&stored.fact, &fact),
            kind => stored.fact.kind == kind,
        };
        if let Some(known) = self.facts.iter().find(same) {
            if is_repeat(&known.fact, &fact) {
                return Addition::Repeated;
            }
            self.conflict(None);
            return Addition::Conflicting;
        }
        if self.facts.len() >= limits.facts_per_transaction && fact.kind == FactKind::Update {
            return Addition::Full;
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

    /// EVSE and connector, from the first fact that tells.
    pub(super) fn place(&self) -> (Option<i64>, Option<i64>) {
        let first = |of: fn(&Fact) -> Option<i64>| {
            let told = self.facts.iter().filter_map(|stored| Some((stored.seq_no, of(&stored.fact)?)));
            // of 1.6, all facts name the same connector
            told.min().map(|(_, value)| value)
        };
        (first(|fact| fact.evse), first(|fact| fact.connector))
    }

    fn store(&mut self, seq_no: Option<i64>, mut fact: Fact, limits: &LedgerLimits) {
        let room = limits.readings_per_transaction.saturating_sub(self.readings);
        if fact.readings.len() > room && fact.kind == FactKind::Update {
            let dropped = fact.readings.len() - room;
            self.dropped_readings = self.dropped_readings.saturating_add(u32::try_from(dropped).unwrap_or(u32::MAX));
            fact.readings.truncate(room);
        }
        self.readings += fact.readings.len();
        self.facts.push(Stored { seq_no, fact });
    }

    fn conflict(&mut self, seq_no: Option<i64>) {
        if self.conflicts.len() < MAX_CONFLICTS && !self.conflicts.contains(&seq_no) {
            self.conflicts.push(seq_no);
        }
    }
}

/// Whether it is the same thing said again. A repeat may be marked as offline that was not at first (rule Q-04), and its time
/// may have become doubtful or sane.
fn is_repeat(known: &Fact, fact: &Fact) -> bool {
    let same = |fact: &Fact| (fact.kind, fact.time, fact.register_wh, fact.unreadable);
    same(known) == same(fact)
        && (&known.trigger, &known.state, &known.reason, &known.token)
            == (&fact.trigger, &fact.state, &fact.reason, &fact.token)
        && (known.evse, known.connector, known.reservation_id, known.remote_start_id)
            == (fact.evse, fact.connector, fact.reservation_id, fact.remote_start_id)
        && known.readings == fact.readings
}
