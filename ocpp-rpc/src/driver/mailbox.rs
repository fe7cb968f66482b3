//! The way into the task that owns a machine.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use super::{Application, Turn};

/// What is to be done with a machine, in its task.
pub(crate) type Command<A> = Box<dyn FnOnce(&mut A, &mut Turn<'_, A>) + Send>;

/// The way into the task that drives a machine: commands are carried out there, one after the other.
///
/// A mailbox outlives the links of its machine. There is no bound on the number of commands, because whoever sends one
/// usually waits for what comes of it; the machine bounds its own queues.
pub struct Mailbox<A: Application>(Arc<Mutex<Inbox<A>>>);

struct Inbox<A: Application> {
    commands: VecDeque<Command<A>>,
    waker: Option<Waker>,
    closed: bool,
}

/// The machine is not there any more.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the machine is gone")]
pub struct Gone;

impl<A: Application> Mailbox<A> {
    /// An empty mailbox.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Inbox { commands: VecDeque::new(), waker: None, closed: false })))
    }

    /// Has something done with machine and application.
    ///
    /// # Errors
    ///
    /// [`Gone`] if the mailbox is closed; the command is dropped.
    pub fn post(&self, command: impl FnOnce(&mut A, &mut Turn<'_, A>) + Send + 'static) -> Result<(), Gone> {
        let waker = {
            let mut inbox = self.lock();
            if inbox.closed {
                return Err(Gone);
            }
            inbox.commands.push_back(Box::new(command));
            inbox.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
        Ok(())
    }

    /// Closes the mailbox for ever: commands in it are dropped, and no more are taken.
    pub fn close(&self) {
        let dropped = {
            let mut inbox = self.lock();
            inbox.closed = true;
            std::mem::take(&mut inbox.commands)
        };
        drop(dropped);
    }

    /// Whether it was closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Whom to wake for the next command.
    pub(super) fn watch(&self, waker: &Waker) {
        let mut inbox = self.lock();
        match &mut inbox.waker {
            Some(known) => known.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
    }

    /// The next command.
    pub(super) fn take(&self) -> Option<Command<A>> {
        let mut inbox = self.lock();
        let command = inbox.commands.pop_front();
        // an idle connection owns no queue
        if inbox.commands.is_empty() && inbox.commands.capacity() > 0 {
            inbox.commands = VecDeque::new();
        }
        command
    }

    fn lock(&self) -> MutexGuard<'_, Inbox<A>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<A: Application> Clone for Mailbox<A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<A: Application> Default for Mailbox<A> {
    fn default() -> Self {
        Self::new()
    }
}

impl<A: Application> fmt::Debug for Mailbox<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailbox").finish_non_exhaustive()
    }
}
