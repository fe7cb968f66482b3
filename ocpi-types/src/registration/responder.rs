//! The half that is called: versions, details and credentials of ours (rule book H.4 and H.5).

use super::{
    Answer, AnyCredentials, DateTime, Event, Failure, Inbound, InboundToken, Method, Module, PeerEndpoint,
    Registration, Reply, Status, Use, answer, judge, read_details, read_versions, verdict_answer,
};
use crate::Version;
use crate::status::{StatusCode, Verdict};
use crate::token::{CredentialsToken, PresentedToken};

/// A registration or update of the peer whose answer waits for our calls.
#[derive(Debug)]
pub(super) struct Serving {
    call: u64,
    version: Version,
    credentials: AnyCredentials,
    /// B: the token the peer wants us to use.
    outbound: CredentialsToken,
    /// C: the fresh token for the peer.
    fresh: CredentialsToken,
    step: Step,
}

#[derive(Debug)]
enum Step {
    Versions,
    Details,
}

impl Registration {
    /// Gives a token A to the peer, out of band. A peer that is registered can register anew with it, for instance after
    /// it has lost its data.
    pub fn offer(&mut self, token_a: CredentialsToken) {
        self.record.inbound.retain(|known| known.kind != Use::Registration);
        self.record.inbound.push(InboundToken { token: token_a, kind: Use::Registration });
        if self.record.status == Status::Idle {
            self.record.status = Status::Offered;
        }
        self.events.push_back(Event::RecordChanged);
    }

    /// Answers a request of the peer. `fresh` is a new token for it, used if the request leads to one.
    pub fn handle(
        &mut self,
        now: DateTime,
        token: Option<&PresentedToken>,
        request: Inbound<'_>,
        fresh: CredentialsToken,
    ) -> Reply {
        let latest = self.setup.versions.iter().map(|own| own.credentials.version()).max().unwrap_or(Version::V2_2_1);
        let version = match request {
            Inbound::Versions => latest,
            Inbound::Details(version) | Inbound::Credentials(version, ..) => version,
        };
        let Some(kind) = self.use_of(now, token) else {
            return Reply::Now(verdict_answer(now, Verdict::Unauthorized, version));
        };
        let is_registered = kind != Use::Registration;
        match request {
            Inbound::Versions => Reply::Now(self.versions(now)),
            Inbound::Details(version) => Reply::Now(self.details(now, version)),
            Inbound::Credentials(version, method, body) => match (method, is_registered) {
                (Method::Get, true) => Reply::Now(self.own_credentials(now, version, token)),
                (Method::Post, false) => self.receive(now, version, body, fresh),
                (Method::Put, true) => self.receive(now, version, body, fresh),
                (Method::Delete, true) => {
                    self.record.forget();
                    self.events.extend([Event::RecordChanged, Event::Unregistered]);
                    Reply::Now(answer(now, 200, StatusCode::SUCCESS, None))
                }
                _ => Reply::Now(verdict_answer(now, Verdict::MethodNotAllowed, version)),
            },
        }
    }

    fn versions(&self, now: DateTime) -> Answer {
        let list: Vec<_> = self
            .setup
            .versions
            .iter()
            .map(|own| serde_json::json!({ "version": own.credentials.version().as_str(), "url": own.details_url }))
            .collect();
        answer(now, 200, StatusCode::SUCCESS, Some(serde_json::Value::from(list).to_string()))
    }

    fn details(&self, now: DateTime, version: Version) -> Answer {
        let Some(own) = self.setup.version(version) else {
            return verdict_answer(now, Verdict::NotFound(crate::Missing::Object), version);
        };
        let endpoints: Vec<_> = own
            .endpoints
            .iter()
            .map(|endpoint| {
                let mut listed = serde_json::json!({ "identifier": endpoint.identifier, "url": endpoint.url });
                if version != Version::V2_1_1 {
                    // the role of credentials has no meaning and is SENDER (rule VER-06)
                    let is_credentials = endpoint.identifier == Module::Credentials.identifier();
                    let role = if is_credentials { "SENDER" } else { &endpoint.interface };
                    listed["role"] = role.into();
                }
                listed
            })
            .collect();
        let details = serde_json::json!({ "version": version.as_str(), "endpoints": endpoints });
        answer(now, 200, StatusCode::SUCCESS, Some(details.to_string()))
    }

    /// The credentials the peer uses towards us: with the token it presented (rule CRE-01).
    fn own_credentials(&self, now: DateTime, version: Version, token: Option<&PresentedToken>) -> Answer {
        let presented = self.record.inbound.iter().find(|known| token.is_some_and(|token| token.is(&known.token)));
        match (self.setup.version(version), presented) {
            (Some(own), Some(known)) => {
                answer(now, 200, StatusCode::SUCCESS, Some(own.credentials.with_token(&known.token)))
            }
            _ => verdict_answer(now, Verdict::MethodNotAllowed, version),
        }
    }

    fn receive(&mut self, now: DateTime, version: Version, body: &str, fresh: CredentialsToken) -> Reply {
        if self.serving.is_some() {
            // one registration at a time
            return Reply::Now(answer(now, 200, StatusCode::SERVER_ERROR, None));
        }
        if self.setup.version(version).is_none() {
            return Reply::Now(verdict_answer(now, Verdict::NotFound(crate::Missing::Object), version));
        }
        let credentials = match AnyCredentials::decode(version, body) {
            Ok(credentials) => credentials,
            Err(error) => return Reply::Now(verdict_answer(now, Verdict::from(&error), version)),
        };
        let judged =
            judge(&self.setup, &credentials).and_then(|token| Ok((token, self.setup.policy.check(credentials.url())?)));
        match judged {
            Err(failure) => {
                let status = status_of(&failure);
                self.events.push_back(Event::Failed(failure));
                Reply::Now(answer(now, 200, status, None))
            }
            Ok((outbound, url)) => {
                // the new token is what we will need, so it is the one that is tried (rule HSK-03)
                let call = self.call(Method::Get, url, &outbound, None);
                self.serving = Some(Serving { call, version, credentials, outbound, fresh, step: Step::Versions });
                Reply::Later
            }
        }
    }

    pub(super) fn on_peer_response(&mut self, now: DateTime, call: u64, http: u16, body: &str) {
        let Some(serving) = self.serving.take_if(|serving| serving.call == call) else { return };
        match serving.step {
            Step::Versions => match self.find_details(&serving, http, body) {
                Ok(call) => self.serving = Some(Serving { call, step: Step::Details, ..serving }),
                Err(failure) => self.refuse(now, failure),
            },
            Step::Details => {
                let endpoints = match self.setup.version(serving.version) {
                    Some(own) => read_details(own, &self.setup.policy, serving.version, http, body),
                    None => Err(Failure::NoVersion),
                };
                match endpoints {
                    Ok(endpoints) => self.commit(now, serving, endpoints),
                    Err(failure) => self.refuse(now, failure),
                }
            }
        }
    }

    pub(super) fn on_peer_failure(&mut self, now: DateTime, call: u64) {
        if self.serving.take_if(|serving| serving.call == call).is_some() {
            self.refuse(now, Failure::Peer);
        }
    }

    fn find_details(&mut self, serving: &Serving, http: u16, body: &str) -> Result<u64, Failure> {
        let versions = read_versions(http, body)?;
        let listed = versions.iter().find(|listed| listed.version == serving.version.as_str());
        let url = self.setup.policy.check(&listed.ok_or(Failure::NoVersion)?.url)?;
        Ok(self.call(Method::Get, url, &serving.outbound, None))
    }

    /// Nothing has changed (rule HSK-06).
    fn refuse(&mut self, now: DateTime, failure: Failure) {
        self.reply = Some(answer(now, 200, status_of(&failure), None));
        self.events.push_back(Event::Failed(failure));
    }

    fn commit(&mut self, now: DateTime, serving: Serving, endpoints: Vec<PeerEndpoint>) {
        let Some(own) = self.setup.version(serving.version) else { return };
        let body = own.credentials.with_token(&serving.fresh);
        let until = now.plus_seconds(self.setup.grace_seconds);
        // A is void once C exists (rule HSK-02); an old C is valid until the new one is used (rule book H.4)
        self.record.inbound.retain(|known| known.kind != Use::Registration);
        for known in &mut self.record.inbound {
            if known.kind == Use::Current {
                known.kind = Use::Retiring(until);
            }
        }
        self.record.inbound.push(InboundToken { token: serving.fresh, kind: Use::Current });
        self.record.outbound = Some(serving.outbound);
        self.record.version = Some(serving.version.as_str().to_owned());
        self.record.versions_url = Some(serving.credentials.url().to_owned());
        self.record.roles = serving.credentials.roles();
        self.record.endpoints = endpoints;
        self.record.status = Status::Registered;
        self.events.extend([Event::RecordChanged, Event::Registered { version: serving.version }]);
        self.reply = Some(answer(now, 200, StatusCode::SUCCESS, Some(body)));
    }
}

/// The status with which a registration of the peer is refused (rules CRE-06 to CRE-08).
fn status_of(failure: &Failure) -> StatusCode {
    match failure {
        Failure::NoVersion => StatusCode::UNSUPPORTED_VERSION,
        Failure::MissingEndpoint(_) => StatusCode::MISSING_ENDPOINTS,
        Failure::Credentials | Failure::PartyTaken(_) => StatusCode::INVALID_PARAMETERS,
        _ => StatusCode::UNABLE_TO_USE_CLIENT_API,
    }
}
