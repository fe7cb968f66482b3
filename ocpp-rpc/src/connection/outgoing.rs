//! The calls of this side: one that is out, others that wait.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::string::ToString;
use core::any::Any;
use core::time::Duration;

use ocpp_types::shape::Shape;
use ocpp_types::{DecodeError, DecodePolicy, Decoded, Payload, decode, decode_usual, inspect};

use super::stored_id::StoredId;
use crate::{CallKey, Instant, MessageIds};

/// How important a call is. When the slot is free, the most important class goes first; within a class the order of calls
/// is kept (rule Q-03).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Class {
    /// About a transaction: yields to others, but to no more than four of them in a row, and is never displaced from a full
    /// queue (row E9).
    Transaction,
    /// Everything else.
    #[default]
    Normal,
    /// Asked for by the peer, which waits for it.
    Triggered,
    /// BootNotification, without which nothing else is allowed.
    Boot,
}

/// How a call is to be made.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct CallOptions<'a> {
    /// How important it is.
    pub class: Class,
    /// How long the answer may take once the call is sent; the connection's own time if none is given.
    pub timeout: Option<Duration>,
    /// When the call is over, whether it was sent by then or still waits.
    pub deadline: Option<Instant>,
    /// The message id to use: that of an earlier transmission, which OCPP 2.x allows for retries (rule RPC-06). 1.6 takes
    /// a fresh one whatever is given (rule RPC-05).
    pub id: Option<&'a str>,
}

impl<'a> CallOptions<'a> {
    /// Of this class, with everything else as usual.
    pub fn of(class: Class) -> Self {
        Self { class, ..Self::default() }
    }

    /// The same with this timeout.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    /// The same with this deadline.
    pub fn deadline(self, deadline: Instant) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    /// The same with this message id.
    pub fn id(self, id: &'a str) -> Self {
        Self { id: Some(id), ..self }
    }
}

/// How many calls may pass a waiting transaction call, one after the other.
const PASSES: u8 = 4;

/// What the answer to a call has to be.
#[derive(Clone, Copy)]
pub(super) enum Expects {
    Typed(&'static Readers),
    Raw(&'static Shape),
}

/// How a response of one type is read.
pub(super) struct Readers {
    usual: fn(&str, DecodePolicy) -> Option<Box<dyn Any + Send>>,
    any: fn(&str, DecodePolicy) -> Result<Response, DecodeError>,
}

/// A response, and what was repaired in it.
pub(super) type Response = Decoded<Box<dyn Any + Send>>;

impl Expects {
    pub(super) fn response<T: Payload>() -> Self {
        Self::Typed(
            const {
                &Readers {
                    usual: |json, policy| Some(Box::new(decode_usual::<T>(json, policy)?)),
                    any: |json, policy| Ok(decode::<T>(json, policy)?.map(|value| Box::new(value) as _)),
                }
            },
        )
    }

    /// Reads a response about which there is nothing to say.
    #[inline]
    pub(super) fn read_usual(self, json: &str, policy: DecodePolicy) -> Option<Box<dyn Any + Send>> {
        match self {
            Self::Typed(readers) => (readers.usual)(json, policy),
            Self::Raw(_) => {
                self.read(json, policy).ok().filter(|found| found.remarks.is_empty()).map(|found| found.value)
            }
        }
    }

    pub(super) fn read(self, json: &str, policy: DecodePolicy) -> Result<Response, DecodeError> {
        match self {
            Self::Typed(readers) => (readers.any)(json, policy),
            Self::Raw(shape) => inspect(json, shape, policy)
                .map(|found| Decoded { value: Box::new(found.json.to_string()) as _, remarks: found.remarks }),
        }
    }
}

/// A call that is out, or will be.
pub(super) struct Pending {
    /// None any more once it has given up on the call.
    pub(super) caller: Option<Caller>,
    pub(super) id: StoredId,
    pub(super) expects: Expects,
    /// Whether its text has been handed out; before, nothing can be its answer (row C13).
    pub(super) handed_out: bool,
}

/// Who is told how a call ended.
#[derive(Clone, Copy)]
pub(super) struct Caller {
    pub(super) key: CallKey,
    pub(super) action: &'static str,
}

/// A call that waits.
pub(super) struct Queued {
    pub(super) call: Pending,
    pub(super) text: Box<str>,
    pub(super) class: Class,
    pub(super) timeout: Duration,
    pub(super) deadline: Option<Instant>,
}

/// The calls of this side.
pub(super) struct Calls {
    pub(super) ids: MessageIds,
    next_key: u64,
    pub(super) pending: Option<Pending>,
    pub(super) queue: VecDeque<Queued>,
    /// How many calls have passed a waiting transaction call.
    passes: u8,
    /// How many calls in a row went without answer (rule RPC-24).
    pub(super) timeouts: u32,
}

impl Calls {
    pub(super) const fn new(ids: MessageIds) -> Self {
        Self { ids, next_key: 0, pending: None, queue: VecDeque::new(), passes: 0, timeouts: 0 }
    }

    pub(super) fn next_key(&mut self) -> CallKey {
        self.next_key += 1;
        CallKey(self.next_key)
    }

    /// Takes the call out of the queue that goes next.
    pub(super) fn next(&mut self) -> Option<Queued> {
        let first = |class: Class| self.queue.iter().position(|queued| queued.class == class);
        let transaction = first(Class::Transaction);
        let other = [Class::Boot, Class::Triggered, Class::Normal].into_iter().find_map(first);
        let index = match (other, transaction) {
            (Some(other), Some(_)) if self.passes < PASSES || self.queue[other].class == Class::Boot => {
                self.passes = self.passes.saturating_add(1);
                other
            }
            (_, Some(transaction)) => {
                self.passes = 0;
                transaction
            }
            (other, None) => other?,
        };
        self.queue.remove(index)
    }

    /// Takes the call out of a full queue that gives way to one of this class: the latest of the least important, but never
    /// one about a transaction.
    pub(super) fn displaced_by(&mut self, class: Class) -> Option<Queued> {
        let importance = |class: Class| if class == Class::Transaction { Class::Boot } else { class };
        let (index, least) = self
            .queue
            .iter()
            .enumerate()
            .filter(|(_, queued)| queued.class != Class::Transaction)
            .map(|(index, queued)| (index, queued.class))
            .min_by_key(|&(index, class)| (class, core::cmp::Reverse(index)))?;
        if importance(least) < importance(class) { self.queue.remove(index) } else { None }
    }

    /// When the first of the waiting calls is over.
    pub(super) fn first_deadline(&self) -> Option<Instant> {
        self.queue.iter().filter_map(|queued| queued.deadline).min()
    }
}
