//! What outlives a connection.

use std::collections::VecDeque;
use std::time::Duration;

use ocpp_rpc::Instant;
use ocpp_types::Version;
use serde::{Deserialize, Serialize};

use super::command::Waiting;
use super::dispatch::known_action;
use super::memory::{Memory, StationMake};
use super::{CommandFailure, CommandId, CommandOptions, GatePass, Priority, Registration, WhenOffline};
use crate::WantedStart;
use crate::preflight::{Capabilities, InstalledProfiles};

/// What the next connection of a station takes over from the last one (rule CS-50).
#[derive(Debug, Default)]
pub struct HandOver {
    pub(super) registration: Registration,
    pub(super) waiting: VecDeque<Waiting>,
    pub(super) next_command: u64,
    pub(super) memory: Option<Box<Memory>>,
}

impl HandOver {
    /// Of a station of which nothing but its registration is known.
    pub fn of(registration: Registration) -> Self {
        Self { registration, ..Self::default() }
    }

    /// How it stands with the registration.
    pub fn registration(&self) -> Registration {
        self.registration
    }

    /// The commands that wait.
    pub fn commands(&self) -> impl Iterator<Item = CommandId> {
        self.waiting.iter().map(|waiting| waiting.id)
    }

    /// Whether nothing would be lost with it.
    pub fn is_empty(&self) -> bool {
        self.registration == Registration::Unregistered && self.waiting.is_empty() && self.memory.is_none()
    }

    /// The commands that are over because their deadline has come, or because they do not wait for a station that is away.
    pub fn expire(&mut self, now: Instant) -> Vec<(CommandId, CommandFailure)> {
        let mut over = Vec::new();
        self.waiting.retain(|waiting| {
            let failure = match waiting.options.offline {
                WhenOffline::Fail => CommandFailure::Offline,
                WhenOffline::Keep if waiting.deadline <= now => CommandFailure::Expired,
                WhenOffline::Keep => return true,
            };
            over.push((waiting.id, failure));
            false
        });
        over
    }

    /// The same as plain data, for another node or another day (rules CS-54, CS-56). Commands that do not wait for a station
    /// that is away are not part of it.
    pub fn save(&self, now: Instant) -> StationState {
        StationState::of(self.registration, self.waiting.iter(), self.memory.as_deref(), now)
    }

    /// What was saved, with new numbers for its commands. What its commands and remote starts come to is told by events, since
    /// whoever gave them is on another node, or gone.
    pub fn load(state: StationState, now: Instant) -> Self {
        let mut last = Self::of(state.registration);
        let mut number = || {
            last.next_command += 1;
            CommandId(last.next_command)
        };
        let mut waiting = VecDeque::new();
        for command in state.commands {
            let options = CommandOptions {
                priority: command.priority,
                timeout: command.timeout,
                offline: WhenOffline::Keep,
                gate: command.gate,
                ..CommandOptions::default()
            };
            // the station may come back with any version; whether it fits shows when it is sent
            let known = |version: &Version| known_action(*version, &command.action);
            let Some(action) = Version::ALL.iter().find_map(known) else { continue };
            let payload: Box<str> = command.payload.into();
            let text = payload.clone();
            waiting.push_back(Waiting {
                id: number(),
                action,
                options,
                deadline: now + command.remaining,
                triggered: None,
                after: None,
                payload: Some(payload),
                submit: Box::new(move |connection, now, options| connection.call_raw(now, action, &text, options)),
            });
        }
        let mut memory = Memory {
            profiles: state.profiles,
            capabilities: state.capabilities,
            make: state.make,
            ..Memory::default()
        };
        for start in state.starts {
            memory.starts.expect(now, number(), start.wanted, start.remaining);
        }
        last.waiting = waiting;
        last.memory = (!memory.is_empty()).then(|| Box::new(memory));
        last
    }
}

/// What is known of a station that outlives its connection, as plain data (rules CS-54, CS-56).
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(default)]
pub struct StationState {
    /// How it stands with its registration.
    pub registration: Registration,
    /// Commands that wait for it to come back.
    pub commands: Vec<SavedCommand>,
    /// Remote starts that it has accepted, and of which nothing came yet.
    pub starts: Vec<SavedStart>,
    /// The charging profiles it has taken.
    pub profiles: InstalledProfiles,
    /// What it can do.
    pub capabilities: Option<Capabilities>,
    /// What it is, if it needs special treatment for it.
    pub make: Option<StationMake>,
}

impl StationState {
    pub(super) fn of<'a>(
        registration: Registration,
        waiting: impl Iterator<Item = &'a Waiting>,
        memory: Option<&Memory>,
        now: Instant,
    ) -> Self {
        let command = |waiting: &Waiting| {
            Some(SavedCommand {
                action: waiting.action.into(),
                payload: waiting.payload.as_deref()?.into(),
                remaining: waiting.deadline - now,
                timeout: waiting.options.timeout,
                priority: waiting.options.priority,
                gate: waiting.options.gate,
            })
        };
        let starts = memory.into_iter().flat_map(|memory| memory.starts.expected(now));
        Self {
            registration,
            commands: waiting.filter_map(command).collect(),
            starts: starts.map(|(_, wanted, remaining)| SavedStart { wanted: wanted.clone(), remaining }).collect(),
            profiles: memory.map(|memory| memory.profiles.clone()).unwrap_or_default(),
            capabilities: memory.and_then(|memory| memory.capabilities.clone()),
            make: memory.and_then(|memory| memory.make.clone()),
        }
    }

    /// Of a station of which nothing but its registration is known.
    pub fn registered(registration: Registration) -> Self {
        Self { registration, ..Self::default() }
    }

    /// Whether nothing would be lost with it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A command that waits for its station to come back.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SavedCommand {
    /// The action.
    pub action: String,
    /// The payload, as JSON text.
    pub payload: String,
    /// How much time it has left.
    pub remaining: Duration,
    /// How long the answer may take once it is sent.
    pub timeout: Option<Duration>,
    /// Which one goes first.
    pub priority: Priority,
    /// Whether it waits until the station is accepted and settled.
    pub gate: GatePass,
}

/// A remote start of which nothing came yet.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SavedStart {
    /// By what its transaction will be known.
    pub wanted: WantedStart,
    /// How much time it has left.
    pub remaining: Duration,
}

/// Without the payload, which may hold secrets.
impl std::fmt::Debug for SavedCommand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SavedCommand")
            .field("action", &self.action)
            .field("remaining", &self.remaining)
            .finish_non_exhaustive()
    }
}
