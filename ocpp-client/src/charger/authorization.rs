//! Who may charge: rules AUTH-*, CACHE-* and RC-* as far as a small station has them.

use alloc::string::{String, ToString};
use core::time::Duration;

use chrono::{DateTime, Utc};
use ocpp_rpc::{Answer, Instant};
use ocpp_types::{Version, v16, v21, v201};

use super::outlet::Grant;
use super::transactions::{Ending, Start};
use super::{Asked, Charger, ChargerEvent, Purpose};
use crate::{Delivered, Store};

/// How many tokens are remembered.
const REMEMBERED: usize = 256;

/// What the CSMS has said of a token (rule CACHE-01).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Known {
    pub(super) is_accepted: bool,
    /// Parent or group of the token.
    pub(super) group: Option<String>,
    /// Until when that holds (rules CACHE-03 and CACHE-04).
    pub(super) until: Option<DateTime<Utc>>,
}

/// What an `IdTokenInfo` of 2.x says of a token at an outlet.
macro_rules! known_2x {
    ($types:ident, $info:expr, $outlet:expr) => {{
        let info = &$info;
        let is_here = info.evse_id.is_empty() || info.evse_id.contains(&$outlet);
        Known {
            is_accepted: info.status == $types::AuthorizationStatus::Accepted && is_here,
            group: info.group_id_token.as_ref().map(|group| group.id_token.as_str().into()),
            until: info.cache_expiry_date_time.as_ref().map(|expiry| expiry.utc()),
        }
    }};
}

impl Known {
    fn of_1_6(info: &v16::IdTagInfo) -> Self {
        Self {
            is_accepted: info.status == v16::AuthorizationStatus::Accepted,
            group: info.parent_id_tag.as_ref().map(|parent| parent.as_str().into()),
            until: info.expiry_date.as_ref().map(|expiry| expiry.utc()),
        }
    }

    /// What the answer to a message of a transaction says of its token (rules TX16-05 and TX2-16).
    pub(super) fn told_by(delivered: &Delivered, outlet: i64) -> Option<Self> {
        match delivered.version {
            Version::V16 => match delivered.response::<v16::StartTransactionRequest>() {
                Some(response) => Some(Self::of_1_6(&response.id_tag_info)),
                None => {
                    let response = delivered.response::<v16::StopTransactionRequest>()?;
                    Some(Self::of_1_6(&response.id_tag_info?))
                }
            },
            Version::V201 => {
                let response = delivered.response::<v201::TransactionEventRequest>()?;
                Some(known_2x!(v201, response.id_token_info?, outlet))
            }
            _ => {
                let response = delivered.response::<v21::TransactionEventRequest>()?;
                Some(known_2x!(v21, response.id_token_info?, outlet))
            }
        }
    }
}

impl<S: Store> Charger<S> {
    /// A token is presented: to stop what it started, or to start (rules TX16-08 and TX2-19).
    pub(super) fn present(&mut self, now: Instant, index: usize, token: &str) {
        if token.is_empty() {
            return self.refuse_token(index, token);
        }
        match &self.outlets[index].transaction {
            Some(transaction) if !transaction.is_authorized => self.authorize(now, index, token, Purpose::Start),
            Some(transaction) if transaction.token.eq_ignore_ascii_case(token) => {
                self.end_permission(now, index, Ending::Local);
            }
            Some(_) => self.authorize(now, index, token, Purpose::Stop),
            None => self.authorize(now, index, token, Purpose::Start),
        }
    }

    /// Finds out whether a token may do something, in the order of table C.7.1.
    pub(super) fn authorize(&mut self, now: Instant, index: usize, token: &str, purpose: Purpose) {
        if !self.station.is_online() {
            return self.decide_alone(now, index, token, purpose);
        }
        if self.settings.is_on("LocalPreAuthorize")
            && let Some(known) = self.recall(now, token).filter(|known| known.is_accepted)
        {
            return self.judge(now, index, token, purpose, &known);
        }
        let called = match self.version() {
            Version::V16 => self.station.call(now, &v16::AuthorizeRequest::new(token)).map(|id| id.key()),
            Version::V201 => {
                let token = v201::IdToken::new(token, v201::IdTokenKind::Iso14443);
                self.station.call(now, &v201::AuthorizeRequest::new(token)).map(|id| id.key())
            }
            _ => {
                let token = v21::IdToken::new(token, "ISO14443");
                self.station.call(now, &v21::AuthorizeRequest::new(token)).map(|id| id.key())
            }
        };
        match called {
            Ok(key) => self.asked.push((key, Asked::Authorize { outlet: index, token: token.to_string(), purpose })),
            Err(_) => self.decide_alone(now, index, token, purpose),
        }
    }

    pub(super) fn authorize_answered(
        &mut self,
        now: Instant,
        index: usize,
        token: &str,
        purpose: Purpose,
        answer: Answer,
    ) {
        let outlet = self.outlets[index].id;
        // without an answer the station is as good as offline (AUTH-12)
        let known = match self.version() {
            Version::V16 => answer
                .into_outcome::<v16::AuthorizeRequest>()
                .ok()
                .and_then(Result::ok)
                .map(|response| Known::of_1_6(&response.id_tag_info)),
            Version::V201 => answer
                .into_outcome::<v201::AuthorizeRequest>()
                .ok()
                .and_then(Result::ok)
                .map(|response| known_2x!(v201, response.id_token_info, outlet)),
            _ => answer
                .into_outcome::<v21::AuthorizeRequest>()
                .ok()
                .and_then(Result::ok)
                .map(|response| known_2x!(v21, response.id_token_info, outlet)),
        };
        match known {
            Some(known) => {
                self.remember(token, &known);
                self.judge(now, index, token, purpose, &known);
            }
            None => self.decide_alone(now, index, token, purpose),
        }
    }

    /// Lets the token do what it was presented for, or not.
    fn judge(&mut self, now: Instant, index: usize, token: &str, purpose: Purpose, known: &Known) {
        if !known.is_accepted {
            return self.refuse_token(index, token);
        }
        let group = known.group.clone();
        match purpose {
            Purpose::Start => self.grant(now, index, token, group, None),
            Purpose::RemoteStart(id) => self.grant(now, index, token, group, Some(id)),
            // parents are compared with each other, never with a token (TX16-09)
            Purpose::Stop => match &mut self.outlets[index].transaction {
                Some(transaction)
                    if transaction.is_authorized && transaction.group.is_some() && transaction.group == group =>
                {
                    // who stops is told, and judged by the answer
                    transaction.token = token.to_string();
                    self.end_permission(now, index, Ending::Local);
                }
                _ => self.refuse_token(index, token),
            },
        }
    }

    /// The decision without the CSMS: what it said before, or what the settings say of unknown tokens.
    fn decide_alone(&mut self, now: Instant, index: usize, token: &str, purpose: Purpose) {
        let known = match self.recall(now, token) {
            Some(known) if self.settings.is_on("LocalAuthorizeOffline") => Some(known),
            // what is known and must not be used is not unknown (AUTH-02)
            Some(_) => None,
            None if self.settings.is_on("AllowOfflineTxForUnknownId") => {
                Some(Known { is_accepted: true, group: None, until: None })
            }
            None => None,
        };
        match known {
            Some(known) => self.judge(now, index, token, purpose, &known),
            None => self.refuse_token(index, token),
        }
    }

    /// Starts a transaction, or waits for the car (rules TX16-11 and TX2-15).
    pub(super) fn grant(
        &mut self,
        now: Instant,
        index: usize,
        token: &str,
        group: Option<String>,
        remote: Option<Option<i64>>,
    ) {
        let transaction = self.outlets[index].transaction.as_ref();
        let goes_on = transaction.is_some();
        if transaction.is_some_and(|transaction| transaction.is_authorized) {
            return self.refuse_token(index, token);
        }
        let until = now + Duration::from_secs(self.settings.number("ConnectionTimeOut"));
        let grant = Grant { token: token.to_string(), group, remote, until };
        if goes_on {
            self.permit_again(now, index, grant);
        } else if self.outlets[index].is_plugged {
            self.start(now, index, grant, Start::Authorized);
        } else {
            self.outlets[index].grant = Some(grant);
        }
    }

    pub(super) fn refuse_token(&mut self, index: usize, token: &str) {
        let outlet = self.outlets[index].id;
        self.events.push_back(ChargerEvent::Refused { outlet, token: token.to_string() });
    }

    fn recall(&self, now: Instant, token: &str) -> Option<Known> {
        if !self.settings.is_on("AuthorizationCacheEnabled") {
            return None;
        }
        let mut known = self.known.get(&token.to_ascii_lowercase())?.clone();
        if let (Some(until), Some(time)) = (known.until, self.station.clock().now(now))
            && until <= time.utc()
        {
            known.is_accepted = false;
        }
        Some(known)
    }

    pub(super) fn remember(&mut self, token: &str, known: &Known) {
        // that of the button stands for nobody (C02.FR.03)
        if token.is_empty() {
            return;
        }
        let token = token.to_ascii_lowercase();
        if !self.known.contains_key(&token) && self.known.len() >= REMEMBERED {
            // those that were refused first (CACHE-05)
            let goes = self.known.iter().find(|(_, known)| !known.is_accepted).or(self.known.iter().next());
            if let Some(goes) = goes.map(|(token, _)| token.clone()) {
                self.known.remove(&goes);
            }
        }
        self.known.insert(token, known.clone());
    }
}
