//! Commands to a station: taken, sent when their turn has come, and told of when they are over.

use std::time::Duration;

use chrono::{DateTime, Utc};
use ocpp_rpc::{Answer, CallOptions, Instant};
use ocpp_types::{Request, Version, v16, v21, v201};

use super::command::{
    After, CommandFailure, CommandId, CommandOptions, CommandRefused, GatePass, NEVER_LATE, NewCommand, Out, Submit,
    Waiting, WhenOffline, after,
};
use super::gate::{self, Passage};
use super::{StationConnection, StationEvent};
use crate::preflight::{Checked, Facts, Objections};
use crate::{RemoteStartRequest, WantedStart};

impl StationConnection {
    /// Carries a command out, or lets it wait for its turn. [`StationEvent::Done`] says how it ended.
    ///
    /// # Errors
    /// When it cannot be: nothing happens then.
    pub fn command<R: Request>(
        &mut self,
        now: Instant,
        request: &R,
        options: CommandOptions,
    ) -> Result<CommandId, CommandRefused> {
        self.command_of(now, request, options, None)
    }

    /// Asks for a transaction, and tells what came of it with [`StationEvent::RemoteStart`], if the station accepts: within so
    /// long after that (`ConnectionTimeOut`, and some time for the message). `asked` is the present, if there is a clock.
    ///
    /// # Errors
    /// When it cannot be sent: nothing happens then.
    pub fn remote_start<R: RemoteStartRequest>(
        &mut self,
        now: Instant,
        request: &R,
        options: CommandOptions,
        within: Duration,
        asked: Option<DateTime<Utc>>,
    ) -> Result<CommandId, CommandRefused> {
        self.command_of(now, request, options, Some((request.wanted(asked), within)))
    }

    /// The same with an action and a JSON text, answered with [`Answer::into_raw`]. For tools and proxies.
    ///
    /// # Errors
    /// When it cannot be carried out: nothing happens then.
    pub fn command_raw(
        &mut self,
        now: Instant,
        action: &str,
        payload: &str,
        options: CommandOptions,
    ) -> Result<CommandId, CommandRefused> {
        let version = self.version().ok_or(CommandRefused::Offline)?;
        let unknown = ocpp_rpc::CallRefused::OtherSide(version);
        let action = known_action(version, action).ok_or(unknown)?;
        self.check(action, version, options)?;
        let profiles = self.look_over(version, action, payload)?;
        let command = NewCommand {
            action,
            options,
            triggered: gate::triggered_in(version, action, payload),
            after: after(|answer| answer.raw_response().map(str::to_owned), profiles, None),
            payload: (options.offline == WhenOffline::Keep).then(|| payload.into()),
        };
        let payload: Box<str> = payload.into();
        Ok(self.take(
            now,
            command,
            Box::new(move |connection, now, options| connection.call_raw(now, action, &payload, options)),
        ))
    }

    /// Takes a command back. One that was sent keeps the station busy until its answer or its deadline, but that is not told
    /// any more (rule CS-21). False if it was over already.
    pub fn cancel(&mut self, now: Instant, command: CommandId) -> bool {
        let Some(commands) = &mut self.commands else { return false };
        if let Some(at) = commands.waiting.iter().position(|waiting| waiting.id == command) {
            commands.waiting.remove(at);
            self.done(command, Err(CommandFailure::Cancelled { sent: false }));
            return true;
        }
        let key = commands.out.iter().find(|out| out.id == command).map(|out| out.key);
        let is_cancelled = key.is_some_and(|key| self.connection.cancel(now, key));
        self.pump(now);
        is_cancelled
    }

    /// How many commands wait.
    pub fn waiting(&self) -> usize {
        self.commands.as_ref().map_or(0, |commands| commands.waiting.len())
    }

    fn command_of<R: Request>(
        &mut self,
        now: Instant,
        request: &R,
        options: CommandOptions,
        start: Option<(WantedStart, Duration)>,
    ) -> Result<CommandId, CommandRefused> {
        self.check(R::ACTION, R::VERSION, options)?;
        // what breaks the specification is refused now, not when its turn comes
        let text = ocpp_types::encode(request).map_err(ocpp_rpc::CallRefused::Payload)?;
        let profiles = self.look_over(R::VERSION, R::ACTION, &text)?;
        let response = |answer: &Answer| ocpp_types::encode(answer.response::<R>()?).ok();
        let request = request.clone();
        let command = NewCommand {
            action: R::ACTION,
            options,
            triggered: gate::triggered(&request).map(Box::from),
            after: after(response, profiles, start),
            payload: (options.offline == WhenOffline::Keep).then(|| text.into()),
        };
        let submit: Submit = Box::new(move |connection, now, options| {
            connection.call_with(now, &request, options).map(|call| call.key())
        });
        Ok(self.take(now, command, submit))
    }

    fn check(&self, action: &'static str, version: Version, options: CommandOptions) -> Result<(), CommandRefused> {
        if options.offline == WhenOffline::Keep && NEVER_LATE.contains(&action) {
            return Err(CommandRefused::NotToKeep(action));
        }
        match self.version() {
            Some(link) if link != version => Err(ocpp_rpc::CallRefused::OtherVersion { message: version, link }.into()),
            None if options.offline == WhenOffline::Fail => Err(CommandRefused::Offline),
            _ if self.waiting() >= self.rules.max_commands => Err(CommandRefused::QueueFull(self.waiting())),
            _ => Ok(()),
        }
    }

    /// Looks for what makes the station refuse a command (rule CS-29). Gives it back if it changes the station's profiles.
    fn look_over(&self, version: Version, action: &str, payload: &str) -> Result<Option<Checked>, CommandRefused> {
        let Some(request) = Checked::read(version, action, payload) else { return Ok(None) };
        self.object(&request)?;
        Ok(Some(request).filter(Checked::changes_profiles))
    }

    fn object(&self, request: &Checked) -> Result<(), Objections> {
        let memory = self.memory.as_deref();
        let facts =
            Facts::new(memory.map(|memory| &memory.profiles), memory.and_then(|memory| memory.capabilities.as_ref()));
        self.rules.preflight.check(request, &facts)
    }

    fn take(&mut self, now: Instant, command: NewCommand, submit: Submit) -> CommandId {
        self.next_command += 1;
        let id = CommandId(self.next_command);
        let NewCommand { action, options, triggered, after, payload } = command;
        let deadline = options.deadline.unwrap_or(now + self.rules.command_deadline);
        let waiting = Waiting { id, action, options, deadline, triggered, after, payload, submit };
        self.commands.get_or_insert_default().push(waiting);
        self.dispatch(now);
        id
    }

    /// Sends the next command that may pass, if none is out (rules RPC-20, CS-20).
    pub(super) fn dispatch(&mut self, now: Instant) {
        while !self.is_finishing() && !self.connection.is_waiting() && self.connection.version().is_some() {
            let Some(commands) = &mut self.commands else { return };
            let may_pass = |waiting: &Waiting| {
                let passage = self.gate.csms_may_send(waiting.action, &self.rules);
                passage == Passage::Open || waiting.options.gate == GatePass::Bypass
            };
            let Some(at) = commands.waiting.iter().position(may_pass) else { return };
            let Some(mut next) = commands.waiting.remove(at) else { return };
            if next.after.is_none() {
                next.after = self.effect_of_kept(&next);
            }
            // what went before it may have changed what the station has
            let profiles = next.after.as_ref().and_then(|after| after.profiles.as_ref());
            if let Some(Err(objections)) = profiles.map(|request| self.object(request)) {
                self.done(next.id, Err(CommandFailure::Objection(objections)));
                continue;
            }
            let mut options = CallOptions::default().deadline(next.deadline);
            options.timeout = next.options.timeout;
            match (next.submit)(&mut self.connection, now, options) {
                Ok(key) => {
                    if let Some((wanted, within)) = next.after.as_ref().and_then(|after| after.start.clone()) {
                        // some stations start before they answer
                        let memory = self.memory.get_or_insert_default();
                        memory.starts.expect(now, next.id, wanted, within + self.rules.command_deadline);
                    }
                    let commands = self.commands.get_or_insert_default();
                    commands.out.push(Out { key, id: next.id, after: next.after });
                    self.gate.call_sent(now, next.action, next.triggered.as_deref(), &self.rules);
                }
                Err(refused) => self.done(next.id, Err(CommandFailure::Invalid(refused))),
            }
        }
    }

    /// What is to be done after a command that was kept elsewhere, which is known when its version is.
    fn effect_of_kept(&self, command: &Waiting) -> Option<Box<After>> {
        let request = Checked::read(self.version()?, command.action, command.payload.as_deref()?)?;
        let profiles = Some(request).filter(Checked::changes_profiles);
        after(|answer| answer.raw_response().map(str::to_owned), profiles, None)
    }

    pub(super) fn on_answer(&mut self, now: Instant, answer: Answer) {
        let Some(commands) = &mut self.commands else { return };
        let Some(at) = commands.out.iter().position(|out| out.key == answer.key()) else { return };
        let Out { id: command, after, .. } = commands.out.remove(at);
        if let Some(after) = after {
            let memory = self.memory.get_or_insert_default();
            let may_have_happened =
                answer.failure().is_some_and(|failure| CommandFailure::from(failure.clone()).may_have_happened());
            memory.answered(now, command, &after, after.is_accepted(&answer), may_have_happened);
        }
        let outcome = match answer.failure() {
            Some(failure) => Err(CommandFailure::from(failure.clone())),
            None => Ok(answer),
        };
        self.done(command, outcome);
    }

    pub(super) fn done(&mut self, command: CommandId, outcome: Result<Answer, CommandFailure>) {
        if self.commands.as_ref().is_some_and(|commands| commands.is_empty()) {
            self.commands = None;
        }
        self.events.push_back(StationEvent::Done { command, outcome });
    }
}

/// The name of an action, as long-lived as the program.
pub(super) fn known_action(version: Version, action: &str) -> Option<&'static str> {
    match version {
        Version::V16 => v16::Action::from_wire(action).map(v16::Action::as_str),
        Version::V201 => v201::Action::from_wire(action).map(v201::Action::as_str),
        _ => v21::Action::from_wire(action).map(v21::Action::as_str),
    }
}
