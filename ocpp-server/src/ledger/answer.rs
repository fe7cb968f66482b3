//! Answers to messages about transactions: what a CSMS has to say in them, and what it must not.

use chrono::{DateTime, Utc};
use ocpp_rpc::CallError;
use ocpp_types::v21::AuthorizationStatus;
use ocpp_types::{CiString, Decimal, Text, Timestamp, v16, v21, v201};

use super::{Freshness, Ledger, Message, Outcome, Token, TransactionId, Verdict};
use crate::StationId;

/// What a CSMS has decided of a token.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct TokenVerdict {
    /// Whether it may charge, and why not. 1.6 has fewer words: what it does not know becomes `Blocked`, `Unknown` becomes
    /// `Invalid`.
    pub status: AuthorizationStatus,
    /// The group it belongs to (`groupIdToken`, `parentIdTag`).
    pub group: Option<Token>,
    /// When the station has to forget this.
    pub expires: Option<Timestamp>,
    /// Whether it may be used for several sessions at a time.
    pub sessions: SessionsAtATime,
}

/// For how many sessions at a time a token may be used.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum SessionsAtATime {
    /// As many as come.
    #[default]
    Any,
    /// One: the next is told `ConcurrentTx`.
    One,
}

impl TokenVerdict {
    /// This status, and nothing else.
    pub fn new(status: AuthorizationStatus) -> Self {
        Self { status, group: None, expires: None, sessions: SessionsAtATime::Any }
    }
}

/// A message about a transaction, taken in and answered.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Answered<T> {
    /// The answer.
    pub response: T,
    /// What the ledger made of the message.
    pub verdict: Verdict,
}

/// TransactionEvent, in the versions that have it.
pub trait TransactionEventRequest: sealed::Event {}

impl TransactionEventRequest for v201::TransactionEventRequest {}
impl TransactionEventRequest for v21::TransactionEventRequest {}

mod sealed {
    use ocpp_types::{Decimal, Request};

    use super::{Message, TokenVerdict};

    pub trait Event: Request {
        fn message(&self) -> Message;
        fn respond(token: Option<TokenVerdict>, cost: Option<Decimal>) -> Self::Response;
    }
}

impl Ledger {
    /// Takes a StartTransaction in and answers it. The tag is looked up each time, whatever the station thinks of it, and the
    /// transaction gets its number even if the answer is no (rule CS-33).
    ///
    /// # Errors
    /// When the message could not be kept; the station says it again (rule CS-40).
    pub fn answer_start(
        &mut self,
        station: &StationId,
        now: DateTime<Utc>,
        request: &v16::StartTransactionRequest,
        look_up: impl FnOnce(&Token) -> TokenVerdict,
    ) -> Result<Answered<v16::StartTransactionResponse>, CallError> {
        let token = Token { id: CiString::new(&request.id_tag), kind: None };
        let verdict = kept(self.record(station, now, request))?;
        let number = verdict.transaction.as_ref().and_then(TransactionId::number);
        let number = number.ok_or_else(|| CallError::internal("no transaction number is left"))?;
        let token = self.with_concurrency(station, &verdict, &token, look_up(&token));
        Ok(Answered { response: v16::StartTransactionResponse::new(token.into(), number), verdict })
    }

    /// Takes a StopTransaction in and answers it. Its tag is looked up if it has one.
    ///
    /// # Errors
    /// When the message could not be kept; the station says it again (rule CS-40).
    pub fn answer_stop(
        &mut self,
        station: &StationId,
        now: DateTime<Utc>,
        request: &v16::StopTransactionRequest,
        look_up: impl FnOnce(&Token) -> TokenVerdict,
    ) -> Result<Answered<v16::StopTransactionResponse>, CallError> {
        let verdict = kept(self.record(station, now, request))?;
        let mut response = v16::StopTransactionResponse::new();
        let token = request.id_tag.as_ref().map(|tag| Token { id: CiString::new(tag), kind: None });
        response.id_tag_info = token.map(|token| look_up(&token).into());
        Ok(Answered { response, verdict })
    }

    /// Takes a TransactionEvent in and answers it. Its token is looked up whenever it has one, and then the answer tells of it
    /// with its group (rule CS-37); else the answer says nothing of a token. `cost` is asked for the total cost: none if it is not
    /// known, 0 if the session is free, which is not the same (rule CS-38).
    ///
    /// # Errors
    /// When the message could not be kept; the station says it again (rule CS-40).
    pub fn answer_event<E: TransactionEventRequest>(
        &mut self,
        station: &StationId,
        now: DateTime<Utc>,
        request: &E,
        look_up: impl FnOnce(&Token) -> TokenVerdict,
        cost: impl FnOnce(&Self, &Verdict) -> Option<Decimal>,
    ) -> Result<Answered<E::Response>, CallError> {
        let message = request.message();
        let (token, is_start) = match &message {
            Message::Event(_, _, fact) => (fact.token.clone(), fact.kind == super::FactKind::Start),
            _ => (None, false),
        };
        let verdict = kept(self.record(station, now, message))?;
        let token = token.map(|token| {
            let found = look_up(&token);
            if is_start { self.with_concurrency(station, &verdict, &token, found) } else { found }
        });
        let response = E::respond(token, cost(self, &verdict));
        Ok(Answered { response, verdict })
    }

    /// The sessions of all stations that a token has begun and that are not over. Looks at every open session: a CSMS with
    /// many keeps an index of its own.
    pub fn in_use(&self, token: &Token) -> impl Iterator<Item = (&StationId, &TransactionId)> {
        self.stations.values().flat_map(move |station| {
            let used = move |open: &&super::transaction::Transaction| {
                open.start_token().is_some_and(|used| is_same(used, token))
            };
            station.running().filter(used).map(|open| (station.identity(), &open.id))
        })
    }

    /// A token that is good but in use elsewhere is told so, if it may be used once at a time. One that is told of late may
    /// have been the first.
    fn with_concurrency(
        &self,
        station: &StationId,
        verdict: &Verdict,
        token: &Token,
        found: TokenVerdict,
    ) -> TokenVerdict {
        let may_be_second = found.status == AuthorizationStatus::Accepted
            && found.sessions == SessionsAtATime::One
            && verdict.freshness == Freshness::Live
            && verdict.outcome != Outcome::Settled;
        let other =
            |(holder, id): (&StationId, &TransactionId)| (holder, Some(id)) != (station, verdict.transaction.as_ref());
        if may_be_second && self.in_use(token).any(other) {
            return TokenVerdict { status: AuthorizationStatus::ConcurrentTx, ..found };
        }
        found
    }
}

fn kept(verdict: Verdict) -> Result<Verdict, CallError> {
    match verdict.outcome {
        Outcome::Full => Err(CallError::internal("no room for this now")),
        _ => Ok(verdict),
    }
}

/// 1.6 names no kinds.
fn is_same(used: &Token, token: &Token) -> bool {
    used.id == token.id && (used.kind == token.kind || used.kind.is_none() || token.kind.is_none())
}

impl From<TokenVerdict> for v16::IdTagInfo {
    fn from(verdict: TokenVerdict) -> Self {
        use AuthorizationStatus as Status;
        let mut info = Self::new(match verdict.status {
            Status::Accepted => v16::AuthorizationStatus::Accepted,
            Status::ConcurrentTx => v16::AuthorizationStatus::ConcurrentTx,
            Status::Expired => v16::AuthorizationStatus::Expired,
            Status::Invalid | Status::Unknown => v16::AuthorizationStatus::Invalid,
            _ => v16::AuthorizationStatus::Blocked,
        });
        info.expiry_date = verdict.expires;
        // a longer one would make the answer invalid, and the station would ask for ever
        let group = verdict.group.filter(|group| group.id.chars().count() <= 20);
        info.parent_id_tag = group.map(|group| CiString::new(&group.id));
        info
    }
}

/// The kind of a group token that was given without one.
const CENTRAL: &str = "Central";

macro_rules! of_2x {
    ($version:ident, $kind:expr) => {
        impl From<TokenVerdict> for $version::IdTokenInfo {
            fn from(verdict: TokenVerdict) -> Self {
                let mut info = Self::new($version::AuthorizationStatus::from(verdict.status.as_str()));
                info.cache_expiry_date_time = verdict.expires;
                info.group_id_token = verdict.group.map(|group| {
                    let kind = group.kind.unwrap_or_else(|| Text::new(CENTRAL));
                    $version::IdToken::new(&*group.id, $kind(kind))
                });
                info
            }
        }

        impl sealed::Event for $version::TransactionEventRequest {
            fn message(&self) -> Message {
                self.into()
            }

            fn respond(token: Option<TokenVerdict>, cost: Option<Decimal>) -> Self::Response {
                let mut response = $version::TransactionEventResponse::new();
                response.id_token_info = token.map(|token| Box::new(token.into()));
                response.total_cost = cost;
                response
            }
        }
    };
}

of_2x!(v201, |kind: Text<20>| v201::IdTokenKind::from(kind.as_str()));
of_2x!(v21, |kind: Text<20>| kind);
