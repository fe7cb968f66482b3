//! Requests in two steps, for commands and charging profiles: an answer at once, a result later (rules CMD-01 to CMD-14
//! and CHP-01 to CHP-11).
//!
//! [`Pending`] is the side that asked. It keeps what kind of result belongs to each `response_url`, since the shapes of
//! the results overlap (rule CHP-04), and gives up at deadlines. It holds no clock: every call is told the time.

use std::collections::BTreeMap;

use crate::url::{SafeUrl, UrlPolicy, UrlRefusal};
use crate::{DateTime, DecodeError, Version, decode, v211, v221, v230};

/// What was asked for.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Request {
    /// `CANCEL_RESERVATION`.
    CancelReservation,
    /// `RESERVE_NOW`.
    ReserveNow,
    /// `START_SESSION`.
    StartSession,
    /// `STOP_SESSION`.
    StopSession,
    /// `UNLOCK_CONNECTOR`, for help desks only (rule CMD-10).
    UnlockConnector,
    /// The active charging profile.
    ActiveChargingProfile,
    /// To set a charging profile.
    SetChargingProfile,
    /// To clear a charging profile.
    ClearChargingProfile,
}

impl Request {
    /// The command of a path segment.
    pub fn from_command(command: &str) -> Option<Self> {
        Some(match command {
            "CANCEL_RESERVATION" => Self::CancelReservation,
            "RESERVE_NOW" => Self::ReserveNow,
            "START_SESSION" => Self::StartSession,
            "STOP_SESSION" => Self::StopSession,
            "UNLOCK_CONNECTOR" => Self::UnlockConnector,
            _ => return None,
        })
    }

    /// The class of the body of the command; none for requests without one (rule X-CMD-07).
    pub const fn body(self) -> Option<&'static str> {
        Some(match self {
            Self::CancelReservation => "CancelReservation",
            Self::ReserveNow => "ReserveNow",
            Self::StartSession => "StartSession",
            Self::StopSession => "StopSession",
            Self::UnlockConnector => "UnlockConnector",
            Self::SetChargingProfile => "SetChargingProfile",
            Self::ActiveChargingProfile | Self::ClearChargingProfile => return None,
        })
    }
}

/// How the first answer sounds, apart from its version.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum FirstAnswer {
    /// Passed on; a result may come within so many seconds (rule CMD-03).
    Accepted {
        /// Seconds until no result is to be expected; 2.1.1 does not tell.
        timeout: Option<i64>,
    },
    /// Not passed on, or the response was an error: no result comes (rule CMD-06).
    Negative,
}

/// The result of a request, decoded by what was asked for and never by its shape (rule CHP-04).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ResultBody {
    /// Of a command in 2.1.1.
    V211Command(v211::CommandResponse),
    /// Of a command in 2.2.1.
    V221Command(v221::CommandResult),
    /// Of asking for the active profile in 2.2.1.
    V221Active(v221::ActiveChargingProfileResult),
    /// Of setting a profile in 2.2.1.
    V221Set(v221::ChargingProfileResult),
    /// Of clearing a profile in 2.2.1.
    V221Clear(v221::ClearProfileResult),
    /// Of a command in 2.3.0.
    V230Command(v230::CommandResult),
    /// Of asking for the active profile in 2.3.0.
    V230Active(v230::ActiveChargingProfileResult),
    /// Of setting a profile in 2.3.0.
    V230Set(v230::ChargingProfileResult),
    /// Of clearing a profile in 2.3.0.
    V230Clear(v230::ClearProfileResult),
}

impl ResultBody {
    /// Reads the body of a result that belongs to this request.
    ///
    /// # Errors
    /// When the body is not readable, or 2.1.1 is asked about charging profiles.
    pub fn decode(version: Version, request: Request, body: &str) -> Result<Self, DecodeError> {
        use Request::{ActiveChargingProfile, ClearChargingProfile, SetChargingProfile};
        match (version, request) {
            (Version::V2_1_1, _) => decode(body).map(Self::V211Command),
            (Version::V2_2_1, ActiveChargingProfile) => decode(body).map(Self::V221Active),
            (Version::V2_2_1, SetChargingProfile) => decode(body).map(Self::V221Set),
            (Version::V2_2_1, ClearChargingProfile) => decode(body).map(Self::V221Clear),
            (Version::V2_2_1, _) => decode(body).map(Self::V221Command),
            (Version::V2_3_0, ActiveChargingProfile) => decode(body).map(Self::V230Active),
            (Version::V2_3_0, SetChargingProfile) => decode(body).map(Self::V230Set),
            (Version::V2_3_0, ClearChargingProfile) => decode(body).map(Self::V230Clear),
            (Version::V2_3_0, _) => decode(body).map(Self::V230Command),
        }
    }

    /// The result as its text.
    pub fn result(&self) -> &str {
        match self {
            Self::V211Command(body) => body.result.as_str(),
            Self::V221Command(body) => body.result.as_str(),
            Self::V221Active(body) => body.result.as_str(),
            Self::V221Set(body) => body.result.as_str(),
            Self::V221Clear(body) => body.result.as_str(),
            Self::V230Command(body) => body.result.as_str(),
            Self::V230Active(body) => body.result.as_str(),
            Self::V230Set(body) => body.result.as_str(),
            Self::V230Clear(body) => body.result.as_str(),
        }
    }
}

/// What happened to a request.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// The first answer was negative.
    Negative,
    /// The result came.
    Result(ResultBody),
    /// No result came in time.
    TimedOut,
    /// The result came after the deadline.
    Late(ResultBody),
    /// The CPO took the reservation back after it had been made (rule CMD-09).
    ReservationCanceled(ResultBody),
}

/// The requests of one party that wait for their results.
///
/// Bounded: at most so many at a time. Results for unknown, foreign, repeated or expired ids are not found, which is
/// answered with 404 and counted (rule CMD-05; fault case F10).
#[derive(Debug)]
pub struct Pending {
    version: Version,
    capacity: usize,
    default_timeout: i64,
    waiting: BTreeMap<String, Waiting>,
    unmatched: u64,
}

#[derive(Debug)]
struct Waiting {
    peer: String,
    request: Request,
    state: State,
    /// When the entry can be forgotten.
    keep_until: DateTime,
}

#[derive(Debug)]
enum State {
    /// The first answer has not come; the result may overtake it.
    Sent { early: Option<Box<ResultBody>> },
    /// Until the deadline.
    Accepted { deadline: DateTime },
    /// The deadline has passed; a late result is still told.
    TimedOut,
    /// A reservation was made and can be taken back.
    Reserved,
}

/// How long a late result is still recognised, in seconds.
const LATE: i64 = 3600;

/// A request cannot be remembered: there are too many, or its id is taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("too many requests wait for results, or the id is taken")]
pub struct NoRoom;

/// Why a result is not taken. The answer is HTTP 404, or 200 with status 2001 for a body that is not readable.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ResultError {
    /// No request waits for a result at this URL from this peer.
    #[error("no request waits for this result")]
    Unknown,
    /// The body is not the result of what was asked for.
    #[error("the result cannot be read")]
    Body(#[from] DecodeError),
}

impl Pending {
    /// Requests in a version, at most `capacity` at a time. `default_timeout` seconds are used where the peer tells none;
    /// 60 is usual (rule CMD-03).
    pub const fn new(version: Version, capacity: usize, default_timeout: i64) -> Self {
        Self { version, capacity, default_timeout, waiting: BTreeMap::new(), unmatched: 0 }
    }

    /// Remembers a request that is about to be sent. `id` is the unique part of its `response_url` (rule CMD-04), `peer`
    /// whatever names the party it is sent to; `expiry` how long a reservation can be taken back.
    ///
    /// # Errors
    /// When there is no room or the id is taken.
    pub fn sent(
        &mut self,
        now: DateTime,
        id: impl Into<String>,
        peer: impl Into<String>,
        request: Request,
        expiry: Option<DateTime>,
    ) -> Result<(), NoRoom> {
        let id = id.into();
        if self.waiting.len() >= self.capacity || self.waiting.contains_key(&id) {
            return Err(NoRoom);
        }
        let keep_until = now.plus_seconds(self.default_timeout + LATE).max(expiry.unwrap_or(now));
        let waiting = Waiting { peer: peer.into(), request, state: State::Sent { early: None }, keep_until };
        self.waiting.insert(id, waiting);
        Ok(())
    }

    /// Takes the first answer. The outcome comes at once when it is negative or the result has overtaken it.
    pub fn answered(&mut self, now: DateTime, id: &str, answer: FirstAnswer) -> Option<Outcome> {
        let default_timeout = self.default_timeout;
        let waiting = self.waiting.get_mut(id)?;
        let State::Sent { early } = &mut waiting.state else { return None };
        let early = early.take();
        match answer {
            FirstAnswer::Negative => {
                self.waiting.remove(id);
                Some(Outcome::Negative)
            }
            FirstAnswer::Accepted { timeout } => {
                let timeout = timeout.filter(|seconds| *seconds > 0).unwrap_or(default_timeout).min(86_400);
                let deadline = now.plus_seconds(timeout);
                waiting.keep_until = waiting.keep_until.max(deadline.plus_seconds(LATE));
                waiting.state = State::Accepted { deadline };
                early.map(|body| self.finish(id, *body))
            }
        }
    }

    /// Takes a result that was posted to the `response_url` with this id by this peer. `None` means that it has overtaken
    /// the first answer and is told with it.
    ///
    /// # Errors
    /// When nothing waits for it or it is not readable; nothing changes then.
    pub fn result(&mut self, id: &str, peer: &str, body: &str) -> Result<Option<Outcome>, ResultError> {
        let known = self.waiting.get_mut(id).filter(|waiting| waiting.peer == peer);
        let Some(waiting) = known else {
            self.unmatched += 1;
            return Err(ResultError::Unknown);
        };
        let result = ResultBody::decode(self.version, waiting.request, body)?;
        match &mut waiting.state {
            State::Sent { early: early @ None } => {
                *early = Some(Box::new(result));
                Ok(None)
            }
            State::Sent { .. } => {
                self.unmatched += 1;
                Err(ResultError::Unknown)
            }
            State::Accepted { .. } => Ok(Some(self.finish(id, result))),
            State::TimedOut => {
                self.waiting.remove(id);
                Ok(Some(Outcome::Late(result)))
            }
            State::Reserved if result.result() == "CANCELED_RESERVATION" => {
                self.waiting.remove(id);
                Ok(Some(Outcome::ReservationCanceled(result)))
            }
            State::Reserved => {
                self.unmatched += 1;
                Err(ResultError::Unknown)
            }
        }
    }

    fn finish(&mut self, id: &str, result: ResultBody) -> Outcome {
        let reserved = result.result() == "ACCEPTED" && self.version != Version::V2_1_1;
        match self.waiting.get_mut(id) {
            Some(waiting) if reserved && waiting.request == Request::ReserveNow => waiting.state = State::Reserved,
            _ => {
                self.waiting.remove(id);
            }
        }
        Outcome::Result(result)
    }

    /// The requests whose results did not come in time. Call it whenever [`next_deadline`](Self::next_deadline) is past.
    pub fn expire(&mut self, now: DateTime) -> Vec<(String, Outcome)> {
        let mut timed_out = Vec::new();
        self.waiting.retain(|id, waiting| {
            if let State::Accepted { deadline } = waiting.state
                && deadline <= now
            {
                waiting.state = State::TimedOut;
                timed_out.push((id.clone(), Outcome::TimedOut));
            }
            waiting.keep_until > now
        });
        timed_out
    }

    /// The next moment at which something expires.
    pub fn next_deadline(&self) -> Option<DateTime> {
        let deadline = |waiting: &Waiting| match waiting.state {
            State::Accepted { deadline } => deadline.min(waiting.keep_until),
            _ => waiting.keep_until,
        };
        self.waiting.values().map(deadline).min()
    }

    /// How many results belonged to nothing.
    pub const fn unmatched(&self) -> u64 {
        self.unmatched
    }

    /// How many requests are remembered.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether no request is remembered.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

/// Judges a `response_url` before a result is posted to it: by the policy and, if hosts of the peer are given, by them
/// (rule CMD-05; fault case F9).
///
/// # Errors
/// When it must not be called.
pub fn check_response_url(url: &str, policy: &UrlPolicy, hosts_of_peer: &[String]) -> Result<SafeUrl, UrlRefusal> {
    let url = policy.check(url)?;
    if hosts_of_peer.is_empty() || hosts_of_peer.iter().any(|host| host.eq_ignore_ascii_case(url.host())) {
        Ok(url)
    } else {
        Err(UrlRefusal::Host)
    }
}

/// Whether a CPO has to ask the eMSP about the token of a command (rule CMD-07): never for tokens made by a server, and
/// not within 15 minutes after the command for others.
pub fn needs_authorization(made_by_server: bool, last_command: Option<DateTime>, now: DateTime) -> bool {
    !made_by_server && last_command.is_none_or(|command| now.seconds_since(command) > 15 * 60)
}
