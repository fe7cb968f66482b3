//! Messages that must arrive: durable, in order, retried.

mod entry;
mod render;
mod thinning;
mod transaction;

use alloc::collections::{BTreeSet, VecDeque};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ocpp_rpc::Instant;
use ocpp_types::Version;

use crate::store::{Change, Store, StoreError, StoreErrorKind};

pub use entry::{DropClass, Lane, Message, Part, TransactionKey};
use entry::{Entry, Record};
use render::{Shift, Unrenderable};
use transaction::{Binding, Bindings};

/// Longest wait between two transmissions of one message, however often it has failed.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// How an outbox behaves.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct OutboxConfig {
    /// After how many failed transmissions a message of a transaction is given up: `TransactionMessageAttempts`, in 2.x
    /// `MessageAttempts`. 0 stands for never (rule Q-06).
    pub attempts: u32,
    /// Wait after the first failure, multiplied by the number of failures: `TransactionMessageRetryInterval`, in 2.x
    /// `MessageAttemptInterval` (rule Q-05).
    pub retry_interval: Duration,
    /// How many messages are held before some are dropped. Of those that must not be dropped there may be twice as many of
    /// transactions and as many of other things, so that neither takes the room of the other; what ends a transaction is
    /// taken even then, since there is one of these for each that was started.
    pub capacity: usize,
    /// What is dropped from a full outbox, in this order.
    pub drop_order: Vec<DropClass>,
    /// What happens to the messages of a transaction whose StartTransaction was given up.
    pub lost_start: LostStart,
    /// What happens when the store fails.
    pub on_store_failure: OnStoreFailure,
}

/// Three attempts, 60 s apart and growing; 4096 messages; what does not belong to transactions is dropped first.
impl Default for OutboxConfig {
    fn default() -> Self {
        Self {
            attempts: 3,
            retry_interval: Duration::from_secs(60),
            capacity: 4096,
            drop_order: [DropClass::Other, DropClass::Meter, DropClass::Update].into(),
            lost_start: LostStart::MinusOne,
            on_store_failure: OnStoreFailure::KeepCharging,
        }
    }
}

/// What happens to the messages of a 1.6 transaction that never got an id from the CSMS.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum LostStart {
    /// They are sent with the id -1, as the errata to 1.6 say (§3.18; rules Q-15 and TX16-06).
    #[default]
    MinusOne,
    /// They are dropped, each with a notice.
    Drop,
}

/// What happens to a new message when the store fails.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum OnStoreFailure {
    /// It is taken and sent from memory, so that charging goes on; the store is tried again with the next change.
    #[default]
    KeepCharging,
    /// It is refused.
    Refuse,
}

/// Messages that must arrive, of one station.
///
/// A message is on the medium before it is sent and stays there until its answer was processed, so it arrives at least
/// once; the CSMS recognises what arrives twice (rules ). A lost connection is no attempt (rule Q-06); an
/// error or a missing answer is one.
///
/// There are two lanes. Messages of transactions are strictly in order, and after its last attempt one is given up with a
/// notice, so that it does not block what comes after (rule Q-07). Of other things that must arrive, such as critical
/// security events, none is given up unless the CSMS does not know such messages; what fails goes behind the others (rule
///
///
/// This is the only sender of what it holds; a reboot loses nothing and sends nothing twice that was answered before.
#[derive(Debug)]
pub struct Outbox<S> {
    store: S,
    config: OutboxConfig,
    transactions: Queue,
    others: Queue,
    bindings: Bindings,
    next_number: u64,
    /// Transaction events below this number were waiting when the station came online.
    offline_below: u64,
    online: bool,
    /// Changes the store has refused so far.
    unsaved: Vec<Change>,
    /// What the store has refused may be on the medium all the same.
    is_doubtful: bool,
    /// The boot, as time since the clock of the machine began.
    booted_at: Option<DateTime<Utc>>,
    /// A value to be set together with the next message.
    companion: Option<Change>,
    notices: VecDeque<OutboxNotice>,
}

#[derive(Debug, Default)]
struct Queue {
    entries: VecDeque<Entry>,
    in_flight: Option<u64>,
    /// The message that failed last, and when it is due again.
    retry: Option<(u64, Instant)>,
}

/// Something happened in the outbox that somebody should know.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub enum OutboxNotice {
    /// A message was dropped.
    Dropped {
        /// Its number.
        number: u64,
        /// Its action.
        action: String,
        /// Its payload, as it was kept.
        payload: String,
        /// Why.
        cause: DropCause,
    },
    /// A record could not be read back; the others can. It was removed from the store.
    Damaged {
        /// Its number.
        number: u64,
    },
    /// The ids of transactions of 1.6 could not be read back; those that are open go on without, as if their start was lost
    /// ([`LostStart`]).
    IdsDamaged,
    /// The store failed; messages are in memory only until it works again.
    StoreFailed(StoreErrorKind),
    /// The store works again and has everything.
    StoreRecovered,
}

/// Without payloads, which name tokens.
impl fmt::Debug for OutboxNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dropped { number, action, cause, .. } => write!(f, "Dropped({action} {number}, {cause:?})"),
            Self::Damaged { number } => write!(f, "Damaged({number})"),
            Self::IdsDamaged => f.write_str("IdsDamaged"),
            Self::StoreFailed(kind) => write!(f, "StoreFailed({kind})"),
            Self::StoreRecovered => f.write_str("StoreRecovered"),
        }
    }
}

/// Why a message was dropped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum DropCause {
    /// The CSMS failed to process it as often as is allowed (rule Q-07).
    GivenUp,
    /// The outbox was full (rule Q-08).
    Full,
    /// Its transaction has no id and the policy is to drop ([`LostStart::Drop`]).
    NoTransactionId,
    /// It cannot be written as a message of its version.
    Unrenderable,
}

/// A message was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutboxError {
    /// No room for the message beside so many others.
    #[error("outbox full: it has {0} messages already")]
    Full(usize),
    /// There is no such transaction, or it was stopped.
    #[error("no transaction with key {}", .0.0)]
    UnknownTransaction(TransactionKey),
    /// The store failed and the policy is to refuse ([`OnStoreFailure::Refuse`]).
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A message that is due.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct Due {
    /// Its number, which stands for it from now on.
    pub number: u64,
    /// The version it was made in.
    pub version: Version,
    /// Its action.
    pub action: String,
    /// The transaction it starts, if it is a StartTransaction.
    pub starts: Option<TransactionKey>,
    /// Its payload, as it is to be sent.
    pub payload: String,
    /// Its lane.
    pub lane: Lane,
}

/// Without the payload, which may name tokens.
impl fmt::Debug for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Due({} {})", self.action, self.number)
    }
}

/// What a failed transmission says of the next one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Failure {
    /// The next one may succeed.
    Passing,
    /// The CSMS does not know such messages, or it is none.
    Final,
}

/// What follows a failed transmission.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub enum AfterFailure {
    /// It is sent again at this time.
    Retry(Instant),
    /// It was given up.
    GivenUp,
}

impl<S: Store> Outbox<S> {
    /// Opens the outbox that this store holds.
    ///
    /// Records that cannot be read are removed with a notice; all others are there, in order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn open(mut store: S, config: OutboxConfig) -> Result<Self, StoreError> {
        let records = store.records()?;
        let (bindings, are_damaged) = Bindings::read(store.value(transaction::NAME)?.as_deref());
        let mut outbox = Self {
            store,
            config,
            transactions: Queue::default(),
            others: Queue::default(),
            bindings,
            next_number: 1,
            offline_below: 0,
            online: false,
            unsaved: Vec::new(),
            is_doubtful: false,
            booted_at: None,
            companion: None,
            notices: VecDeque::new(),
        };
        let mut mended = Vec::new();
        for (number, bytes) in records {
            outbox.next_number = outbox.next_number.max(number.saturating_add(1));
            match Record::read(&bytes) {
                Some(record) => {
                    let entry = Entry { number, record, saved: true, is_of_earlier_boot: true };
                    outbox.queue(entry.record.lane).entries.push_back(entry);
                }
                None => {
                    mended.push(Change::Remove { number });
                    outbox.notices.push_back(OutboxNotice::Damaged { number });
                }
            }
        }
        if are_damaged {
            outbox.bindings.forget_all_below(outbox.next_number);
            outbox.notices.push_back(OutboxNotice::IdsDamaged);
        }
        outbox.mend_bindings();
        if are_damaged {
            mended.push(outbox.bindings.change());
        }
        outbox.next_number = outbox.next_number.max(outbox.bindings.next_key());
        outbox.save(mended);
        Ok(outbox)
    }

    /// The same outbox after a restart: nothing is under way, and what waits happened before.
    pub(crate) fn restarted(mut self, config: OutboxConfig) -> Self {
        for queue in [&mut self.transactions, &mut self.others] {
            (queue.in_flight, queue.retry) = (None, None);
        }
        self.config = config;
        self.online = false;
        self
    }

    /// Tells when the station has booted, by a clock that is not set; what was kept from before was made no later.
    pub(crate) fn set_boot(&mut self, time: DateTime<Utc>) {
        self.booted_at = Some(time);
    }

    /// Changes attempts and intervals, as configuration does at run time.
    pub fn set_retries(&mut self, attempts: u32, retry_interval: Duration) {
        self.config.attempts = attempts;
        self.config.retry_interval = retry_interval;
    }

    /// Takes a message, on the medium when this returns. Gives its number, which is the key of a transaction if it starts
    /// one.
    ///
    /// # Errors
    /// When it was not taken.
    pub fn push(&mut self, message: Message) -> Result<u64, OutboxError> {
        let companion = self.companion.take();
        if let Some(key) = message.part.continues()
            && (!self.bindings.contains(key) || self.is_stopping(key))
        {
            return Err(OutboxError::UnknownTransaction(key));
        }
        let mut changes = self.make_room(&message)?;
        let number = self.next_number;
        let starts = message.part == Part::Start;
        let record = Record::new(message);
        changes.push(Change::Write { number, record: record.write() });
        if starts {
            self.bindings.insert(TransactionKey(number), Binding::Waiting);
            changes.push(self.bindings.change());
        }
        let before = companion.as_ref().and_then(|value| self.waiting_in_place_of(value));
        changes.extend(companion.clone());
        self.next_number += 1;
        let entry = Entry { number, record, saved: false, is_of_earlier_boot: false };
        self.queue(entry.record.lane).entries.push_back(entry);
        if let Err(error) = self.try_save(changes)
            && self.config.on_store_failure == OnStoreFailure::Refuse
        {
            self.forget(number);
            if starts {
                self.bindings.remove(TransactionKey(number));
                self.put_off(self.bindings.change());
            }
            if let Some(companion) = companion {
                self.unsaved.retain(|change| !change.replaces(&companion));
                self.unsaved.extend(before);
            }
            return Err(error.into());
        }
        Ok(number)
    }

    /// The key that the next transaction of 1.6 will have.
    pub(crate) fn next_key(&self) -> TransactionKey {
        TransactionKey(self.next_number)
    }

    /// Sets a value of the application together with the next message that is pushed: a power cut leaves both on the medium,
    /// or neither. If the message is not taken, the value is not set.
    pub fn set_value_with_next(&mut self, name: &'static str, value: Vec<u8>) {
        self.companion = Some(Change::Set { name, value });
    }

    /// Tells whether messages can reach the CSMS: the link is up and the station is accepted.
    ///
    /// What waits when they can again happened offline, or counts as such (rule Q-04).
    pub fn set_online(&mut self, online: bool) {
        if online && !self.online {
            self.offline_below = self.next_number;
        }
        self.online = online;
    }

    /// Takes the next message of a lane, if one is due for a link of this version. It is then in flight, until one of
    /// [`delivered`](Self::delivered), [`failed`](Self::failed) or [`released`](Self::released) is called.
    ///
    /// Messages of other versions wait for a link of theirs, except that a link of 2.1 takes those of 2.0.1, too. Times that were taken with a clock that was not set are moved
    /// by `shift`.
    pub fn take_due(&mut self, now: Instant, version: Version, lane: Lane, shift: Option<TimeDelta>) -> Option<Due> {
        loop {
            let queue = self.queue(lane);
            if queue.in_flight.is_some() {
                return None;
            }
            let entry = queue.entries.iter().find(|entry| entry.record.fits(version))?;
            let number = entry.number;
            if queue.retry.is_some_and(|(failed, at)| failed == number && at > now) {
                return None;
            }
            let entry = entry.clone();
            let transaction_id = match entry.record.part.continues().map(|key| self.bindings.get(key)) {
                None => None,
                Some(Some(Binding::Known(id))) => Some(id),
                Some(Some(Binding::Waiting)) => return None,
                Some(Some(Binding::Lost) | None) => match self.config.lost_start {
                    LostStart::MinusOne => Some(-1),
                    LostStart::Drop => {
                        self.give_up(number, DropCause::NoTransactionId);
                        continue;
                    }
                },
            };
            let offline = number < self.offline_below;
            let not_after = self.booted_at.filter(|_| entry.is_of_earlier_boot);
            let shift = shift.map(|by| Shift { by, not_after });
            match render::render(&entry.record, offline, transaction_id, shift) {
                Ok(payload) => {
                    let queue = self.queue(lane);
                    queue.in_flight = Some(number);
                    queue.retry.take_if(|(failed, _)| *failed == number);
                    let Record { version, action, part, .. } = entry.record;
                    let starts = (part == Part::Start).then_some(TransactionKey(number));
                    return Some(Due { number, version, action, starts, payload, lane });
                }
                Err(Unrenderable) => self.give_up(number, DropCause::Unrenderable),
            }
        }
    }

    /// When a message of this version that failed is due again.
    pub fn next_retry(&self, version: Version) -> Option<Instant> {
        let waiting = |queue: &Queue| {
            let next = queue.entries.iter().find(|entry| entry.record.fits(version)).map(|entry| entry.number);
            let (_, at) = queue.retry.filter(|(failed, _)| queue.in_flight.is_none() && next == Some(*failed))?;
            Some(at)
        };
        [waiting(&self.transactions), waiting(&self.others)].into_iter().flatten().min()
    }

    /// The CSMS has processed this message; it is removed. A StartTransaction comes with the id it got.
    pub fn delivered(&mut self, number: u64, transaction_id: Option<i64>) {
        let Some(entry) = self.forget(number) else { return };
        let mut changes = entry.removal();
        match (entry.record.part, transaction_id) {
            (Part::Start, Some(id)) => {
                self.bindings.insert(TransactionKey(number), Binding::Known(id));
                changes.push(self.bindings.change());
            }
            (Part::Start, None) => {
                self.bindings.insert(TransactionKey(number), Binding::Lost);
                changes.push(self.bindings.change());
            }
            (Part::Stop(key), _) => {
                self.bindings.remove(key);
                changes.push(self.bindings.change());
            }
            _ => {}
        }
        self.save(changes);
    }

    /// The CSMS failed to process this message, or did not answer it (rule Q-05). What is not in flight is left alone.
    ///
    /// After the last attempt a message of a transaction is given up; one of the other lane that must not be dropped goes
    /// behind those that wait there, unless the failure is [`Final`](Failure::Final) (rule Q-12).
    pub fn failed(&mut self, now: Instant, number: u64, failure: Failure) -> AfterFailure {
        let (limit, interval) = (self.config.attempts, self.config.retry_interval);
        let queues = [(&mut self.transactions, false), (&mut self.others, true)];
        let Some((queue, is_other)) = queues.into_iter().find(|(queue, _)| queue.in_flight == Some(number)) else {
            return AfterFailure::GivenUp;
        };
        queue.in_flight = None;
        if let Some(place) = queue.entries.iter().position(|entry| entry.number == number)
            && let Some(mut entry) = queue.entries.remove(place)
        {
            entry.record.attempts = entry.record.attempts.saturating_add(1);
            let attempts = entry.record.attempts;
            let is_last = limit != 0 && attempts >= limit;
            let goes_behind = is_last && is_other && entry.record.drop_class.is_none() && failure == Failure::Passing;
            if goes_behind {
                entry.record.attempts = 0;
            }
            let change = Change::Write { number, record: entry.record.write() };
            queue.entries.insert(if goes_behind { queue.entries.len() } else { place }, entry);
            if !is_last || goes_behind {
                let at = now + interval.saturating_mul(attempts).min(LONGEST_WAIT);
                queue.retry = Some((number, at));
                self.save([change].into());
                return AfterFailure::Retry(at);
            }
        }
        self.give_up(number, DropCause::GivenUp);
        AfterFailure::GivenUp
    }

    /// The connection went away under this message, or it was not sent after all: it is first in line again, and that was
    /// no attempt (rules Q-06 and RPC-32).
    pub fn released(&mut self, number: u64) {
        for queue in [&mut self.transactions, &mut self.others] {
            if queue.in_flight == Some(number) {
                queue.in_flight = None;
            }
        }
    }

    /// The next notice, oldest first.
    pub fn poll_notice(&mut self) -> Option<OutboxNotice> {
        self.notices.pop_front()
    }

    /// How many messages wait or are in flight.
    pub fn len(&self) -> usize {
        self.transactions.entries.len() + self.others.entries.len()
    }

    /// Whether no message waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The id the CSMS gave to a 1.6 transaction, once it is known.
    pub fn transaction_id(&self, key: TransactionKey) -> Option<i64> {
        match self.bindings.get(key) {
            Some(Binding::Known(id)) => Some(id),
            _ => None,
        }
    }

    /// The key of the 1.6 transaction with this id.
    pub fn transaction_with_id(&self, id: i64) -> Option<TransactionKey> {
        self.bindings.with_id(id)
    }

    /// The 1.6 transactions whose StopTransaction has not been delivered, oldest first.
    pub fn open_transactions(&self) -> impl Iterator<Item = TransactionKey> + '_ {
        self.bindings.keys()
    }

    /// Whether messages of this 1.6 transaction are taken, or were until its StopTransaction was.
    pub fn is_open(&self, key: TransactionKey) -> bool {
        self.bindings.contains(key)
    }

    /// Whether a StopTransaction for this transaction waits.
    pub fn is_stopping(&self, key: TransactionKey) -> bool {
        self.transactions.entries.iter().any(|entry| entry.record.part == Part::Stop(key))
    }

    /// Whether messages of this 2.x transaction wait (rule TX2-23).
    pub fn has_messages_of(&self, transaction_id: &str) -> bool {
        self.transactions.entries.iter().any(|entry| render::is_of_transaction(&entry.record, transaction_id))
    }

    /// Whether transaction messages wait.
    pub fn has_transaction_messages(&self) -> bool {
        !self.transactions.entries.is_empty()
    }

    /// A value of the application, kept beside the messages.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn value(&mut self, name: &'static str) -> Result<Option<Vec<u8>>, StoreError> {
        let waiting = self.unsaved.iter().rev().find_map(|change| match change {
            Change::Set { name: other, value } if *other == name => Some(value.clone()),
            _ => None,
        });
        if waiting.is_some() { Ok(waiting) } else { self.store.value(name) }
    }

    /// Sets a value of the application; when the store fails, it is kept in memory and tried again with the next change.
    pub fn set_value(&mut self, name: &'static str, value: Vec<u8>) {
        self.save([Change::Set { name, value }].into());
    }

    /// Sets a value of the application, on the medium or not at all.
    ///
    /// # Errors
    /// When the store cannot be written; the value is then what it was.
    pub fn commit_value(&mut self, name: &'static str, value: Vec<u8>) -> Result<(), StoreError> {
        let change = Change::Set { name, value };
        let before = self.waiting_in_place_of(&change);
        let saved = self.try_save([change.clone()].into());
        if saved.is_err() {
            self.unsaved.retain(|other| !change.replaces(other));
            self.unsaved.extend(before);
        }
        saved
    }

    /// The store, when the outbox is not needed any more. What it has refused is tried a last time.
    pub fn into_store(mut self) -> S {
        self.save(Vec::new());
        self.store
    }

    fn queue(&mut self, lane: Lane) -> &mut Queue {
        match lane {
            Lane::Transaction => &mut self.transactions,
            Lane::Other => &mut self.others,
        }
    }

    /// Drops what may be dropped when there is no room for one more.
    fn make_room(&mut self, message: &Message) -> Result<Vec<Change>, OutboxError> {
        let mut changes = Vec::new();
        if self.len() < self.config.capacity {
            return Ok(changes);
        }
        let in_flight = [self.transactions.in_flight, self.others.in_flight];
        let all = self.transactions.entries.iter().chain(&self.others.entries);
        let numbers = thinning::choose(all, in_flight, &self.config.drop_order);
        for number in &numbers {
            changes.extend(self.drop_entry(*number, DropCause::Full));
        }
        let capacity = self.config.capacity;
        let (held, limit) = match (message.drop_class, message.lane) {
            (Some(_), _) => (self.len(), capacity),
            (None, _) if message.ends_transaction => return Ok(changes),
            (None, Lane::Transaction) => (self.transactions.entries.len(), capacity.saturating_mul(2)),
            (None, Lane::Other) => (self.others.entries.len(), capacity),
        };
        if held < limit {
            return Ok(changes);
        }
        self.save(changes);
        Err(OutboxError::Full(held))
    }

    /// Takes an entry out of its queue and tells it; gives what has to change on the medium.
    fn drop_entry(&mut self, number: u64, cause: DropCause) -> Vec<Change> {
        let Some(entry) = self.forget(number) else { return Vec::new() };
        let mut changes = entry.removal();
        match entry.record.part {
            Part::Start => {
                self.bindings.insert(TransactionKey(number), Binding::Lost);
                changes.push(self.bindings.change());
            }
            Part::Stop(key) => {
                self.bindings.remove(key);
                changes.push(self.bindings.change());
            }
            Part::Middle(_) | Part::None => {}
        }
        self.notices.push_back(entry.dropped(cause));
        changes
    }

    fn give_up(&mut self, number: u64, cause: DropCause) {
        let changes = self.drop_entry(number, cause);
        self.save(changes);
    }

    /// Takes an entry out of its queue.
    fn forget(&mut self, number: u64) -> Option<Entry> {
        for queue in [&mut self.transactions, &mut self.others] {
            if let Some(at) = queue.entries.iter().position(|entry| entry.number == number) {
                if queue.in_flight == Some(number) {
                    queue.in_flight = None;
                }
                let entry = queue.entries.remove(at)?;
                if !entry.saved {
                    self.unsaved.retain(|change| !matches!(change, Change::Write { number: n, .. } if *n == number));
                }
                return Some(entry);
            }
        }
        None
    }

    /// A start that was damaged leaves its transaction without an id for good.
    fn mend_bindings(&mut self) {
        let starts: Vec<u64> = self
            .transactions
            .entries
            .iter()
            .filter(|entry| entry.record.part == Part::Start)
            .map(|entry| entry.number)
            .collect();
        self.bindings.mend(&starts);
    }

    fn save(&mut self, changes: Vec<Change>) {
        // a failure is in the notices, and the changes are tried again
        let _noticed = self.try_save(changes);
    }

    fn try_save(&mut self, changes: Vec<Change>) -> Result<(), StoreError> {
        let had_failed = !self.unsaved.is_empty();
        changes.into_iter().for_each(|change| self.put_off(change));
        if self.unsaved.is_empty() {
            return Ok(());
        }
        match self.commit() {
            Ok(()) => {
                if had_failed {
                    self.notices.push_back(OutboxNotice::StoreRecovered);
                }
                Ok(())
            }
            Err(error) => {
                self.is_doubtful = true;
                if !had_failed {
                    self.notices.push_back(OutboxNotice::StoreFailed(error.kind()));
                }
                Err(error)
            }
        }
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.store.commit(&self.unsaved)?;
        self.unsaved.clear();
        let entries = self.transactions.entries.iter_mut().chain(&mut self.others.entries);
        entries.for_each(|entry| entry.saved = true);
        if core::mem::take(&mut self.is_doubtful) {
            self.remove_strangers();
        }
        Ok(())
    }

    /// Removes from the medium what commits that failed have left there.
    fn remove_strangers(&mut self) {
        let Ok(records) = self.store.records() else { return };
        let known: BTreeSet<u64> =
            self.transactions.entries.iter().chain(&self.others.entries).map(|entry| entry.number).collect();
        let strangers = records.into_iter().map(|(number, _)| number).filter(|number| !known.contains(number));
        let removals: Vec<Change> = strangers.map(|number| Change::Remove { number }).collect();
        if !removals.is_empty() && self.store.commit(&removals).is_err() {
            // with the next change
            self.is_doubtful = true;
        }
    }

    /// Puts a change in line for the next commit, in place of those that it makes pointless.
    fn put_off(&mut self, change: Change) {
        self.unsaved.retain(|earlier| !change.replaces(earlier));
        self.companion.take_if(|companion| change.replaces(companion));
        self.unsaved.push(change);
    }

    /// The change in line that this one would replace.
    fn waiting_in_place_of(&self, change: &Change) -> Option<Change> {
        self.unsaved.iter().find(|earlier| change.replaces(earlier)).cloned()
    }
}
