//! The half that calls: register, update, unregister (rule book H.3).

use super::{
    AnyCredentials, DateTime, Event, Failure, InboundToken, Method, Module, PeerEndpoint, Refusal, Registration,
    Status, Use, failure_of, judge, read_details, read_versions,
};
use crate::endpoints::Interface;
use crate::token::CredentialsToken;
use crate::{Version, read_envelope, read_object};

/// A handshake that we have started.
#[derive(Debug)]
pub(super) struct Task {
    call: u64,
    /// The token of our calls: A when registering, C when updating.
    token: CredentialsToken,
    /// The new token for the peer: B.
    announce: CredentialsToken,
    /// What the peer could present before: void once it has the new token.
    void: Vec<CredentialsToken>,
    is_update: bool,
    /// The version an update is for; otherwise the latest common one.
    target: Option<Version>,
    step: Step,
}

#[derive(Debug)]
enum Step {
    Versions,
    Details { version: Version },
    Credentials { version: Version, endpoints: Vec<PeerEndpoint> },
    Unregister,
}

impl Registration {
    /// Registers with a token A that the peer gave out of band, and the URL of its versions. `announce` is the fresh
    /// token B that the peer is to use.
    ///
    /// # Errors
    /// When a handshake is going on, we are registered, or the URL must not be called.
    pub fn start(
        &mut self,
        token_a: CredentialsToken,
        versions_url: &str,
        announce: CredentialsToken,
    ) -> Result<(), Refusal> {
        if matches!(self.record.status, Status::Registered | Status::Suspect) {
            return Err(Refusal::Registered);
        }
        self.begin(token_a, versions_url, announce, false, None)
    }

    /// Updates the registration: to rotate tokens, to tell changed endpoints or roles, or to change the version. Without
    /// a target the latest common version is taken (rules CRE-03 and HSK-07).
    ///
    /// # Errors
    /// When a handshake is going on, we are not registered, or the URL must not be called.
    pub fn update(&mut self, announce: CredentialsToken, target: Option<Version>) -> Result<(), Refusal> {
        let (Some(token), Some(url)) = (self.record.outbound.clone(), self.record.versions_url.clone()) else {
            return Err(Refusal::NotRegistered);
        };
        if !matches!(self.record.status, Status::Registered | Status::Suspect) {
            return Err(Refusal::NotRegistered);
        }
        self.begin(token, &url, announce, true, target)
    }

    fn begin(
        &mut self,
        token: CredentialsToken,
        versions_url: &str,
        announce: CredentialsToken,
        is_update: bool,
        target: Option<Version>,
    ) -> Result<(), Refusal> {
        if self.task.is_some() {
            return Err(Refusal::Busy);
        }
        let url = self.setup.policy.check(versions_url)?;
        let call = self.call(Method::Get, url, &token, None);
        self.task = Some(Task { call, token, announce, void: Vec::new(), is_update, target, step: Step::Versions });
        Ok(())
    }

    /// Ends the registration (rule CRE-04).
    ///
    /// # Errors
    /// When a handshake is going on, we are not registered, or the URL must not be called.
    pub fn unregister(&mut self) -> Result<(), Refusal> {
        if self.task.is_some() {
            return Err(Refusal::Busy);
        }
        let endpoint = self.record.endpoint_url(Module::Credentials, Interface::Sender);
        let (Some(token), Some(url)) = (self.record.outbound.clone(), endpoint) else {
            return Err(Refusal::NotRegistered);
        };
        let url = self.setup.policy.check(url)?;
        let call = self.call(Method::Delete, url, &token, None);
        self.task = Some(Task {
            call,
            announce: token.clone(),
            token,
            void: Vec::new(),
            is_update: true,
            target: None,
            step: Step::Unregister,
        });
        Ok(())
    }

    /// Takes the response to a call. Responses to calls that nobody waits for are ignored.
    pub fn on_response(&mut self, now: DateTime, call: u64, http: u16, body: &str) {
        if self.task.as_ref().is_some_and(|task| task.call == call) {
            if let Some(task) = self.task.take() {
                self.go_on(task, http, body);
            }
        } else {
            self.on_peer_response(now, call, http, body);
        }
    }

    /// Says that a call got no response: the connection broke or the time was up.
    pub fn on_failure(&mut self, now: DateTime, call: u64) {
        if self.task.as_ref().is_some_and(|task| task.call == call) {
            let Some(task) = self.task.take() else { return };
            match task.step {
                // the peer may have taken it: both tokens stay valid (rule book H.3)
                Step::Credentials { .. } => self.events.push_back(Event::Unsettled),
                _ => self.fail(&task, Failure::Peer),
            }
        } else {
            self.on_peer_failure(now, call);
        }
    }

    fn go_on(&mut self, mut task: Task, http: u16, body: &str) {
        let result = match task.step {
            Step::Versions => self.on_versions(&task, http, body),
            Step::Details { version } => {
                task.void = self.record.inbound.iter().map(|known| known.token.clone()).collect();
                self.on_details(&task, version, http, body)
            }
            Step::Credentials { .. } => return self.on_credentials(task, http, body),
            Step::Unregister => return self.on_unregistered(&task, http, body),
        };
        match result {
            Ok((call, step)) => self.task = Some(Task { call, step, ..task }),
            Err(failure) => self.fail(&task, failure),
        }
    }

    fn on_versions(&mut self, task: &Task, http: u16, body: &str) -> Result<(u64, Step), Failure> {
        let versions = read_versions(http, body)?;
        let picked = match task.target {
            Some(target) => versions
                .iter()
                .find(|listed| listed.version == target.as_str() && self.setup.version(target).is_some())
                .map(|listed| (target, listed.url.as_str())),
            None => self.setup.pick(&versions),
        };
        let (version, url) = picked.ok_or(Failure::NoVersion)?;
        let url = self.setup.policy.check(url)?;
        let call = self.call(Method::Get, url, &task.token, None);
        Ok((call, Step::Details { version }))
    }

    fn on_details(&mut self, task: &Task, version: Version, http: u16, body: &str) -> Result<(u64, Step), Failure> {
        let own = self.setup.version(version).ok_or(Failure::NoVersion)?;
        let endpoints = read_details(own, &self.setup.policy, version, http, body)?;
        let url = super::find_endpoint(&endpoints, Module::Credentials, Interface::Sender).unwrap_or_default();
        let url = self.setup.policy.check(url)?;
        let body = own.credentials.with_token(&task.announce);
        // the token has to be valid before the peer hears of it: it calls us before it answers
        self.record.inbound.push(InboundToken { token: task.announce.clone(), kind: Use::Announced });
        let method = if task.is_update { Method::Put } else { Method::Post };
        if !task.is_update {
            self.record.status = Status::Unsettled;
        }
        self.events.push_back(Event::RecordChanged);
        let call = self.call(method, url, &task.token, Some(body));
        Ok((call, Step::Credentials { version, endpoints }))
    }

    fn on_credentials(&mut self, task: Task, http: u16, body: &str) {
        let Step::Credentials { version, endpoints } = task.step else { return };
        let task = Task { step: Step::Versions, ..task };
        if http == 405 {
            if task.is_update {
                self.record.forget();
                self.events.extend([Event::RecordChanged, Event::Lost]);
            } else {
                self.fail(&task, Failure::AlreadyRegistered);
            }
            return;
        }
        let credentials = match version {
            Version::V2_1_1 => read_object(http, body).map(AnyCredentials::V211),
            Version::V2_2_1 => read_object(http, body).map(AnyCredentials::V221),
            Version::V2_3_0 => read_object(http, body).map(AnyCredentials::V230),
        };
        let judged = credentials
            .map_err(|error| failure_of(&error))
            .and_then(|credentials| judge(&self.setup, &credentials).map(|token| (credentials, token)));
        match judged {
            // a success whose content cannot be used: the peer has taken our credentials, we cannot take its
            Err(failure @ (Failure::Credentials | Failure::Url(_) | Failure::PartyTaken(_))) => {
                self.fail(&task, failure);
            }
            Err(Failure::Peer) if (200..300).contains(&http) || http >= 500 => {
                self.events.push_back(Event::Unsettled);
            }
            Err(failure) => self.fail(&task, failure),
            Ok((credentials, token)) => {
                // a token that the peer got from us meanwhile, by an update of its own, stays valid (rule HSK-04)
                self.record.inbound.retain(|known| !task.void.contains(&known.token));
                for known in self.record.inbound.iter_mut().filter(|known| known.kind == Use::Announced) {
                    known.kind = Use::Current;
                }
                self.record.outbound = Some(token);
                self.record.version = Some(version.as_str().to_owned());
                self.record.versions_url = Some(credentials.url().to_owned());
                self.record.roles = credentials.roles();
                self.record.endpoints = endpoints;
                self.record.status = Status::Registered;
                self.events.extend([Event::RecordChanged, Event::Registered { version }]);
            }
        }
    }

    fn on_unregistered(&mut self, task: &Task, http: u16, body: &str) {
        let is_over = matches!(http, 401 | 405) || read_envelope(http, body).is_ok();
        if is_over {
            self.record.forget();
            self.events.extend([Event::RecordChanged, Event::Unregistered]);
        } else {
            self.fail(task, Failure::Peer);
        }
    }

    /// Takes back what the handshake has changed; what was valid before stays (rule HSK-06).
    fn fail(&mut self, task: &Task, failure: Failure) {
        let before = self.record.clone();
        self.record.inbound.retain(|known| known.kind != Use::Announced || known.token != task.announce);
        if self.record.status == Status::Unsettled && !task.is_update {
            let offered = self.record.inbound.iter().any(|known| known.kind == Use::Registration);
            self.record.status = if offered { Status::Offered } else { Status::Idle };
        }
        if task.is_update && failure == Failure::Unauthorized && self.record.status == Status::Registered {
            self.record.status = Status::Suspect;
        }
        if self.record != before {
            self.events.push_back(Event::RecordChanged);
        }
        self.events.push_back(Event::Failed(failure));
    }
}
