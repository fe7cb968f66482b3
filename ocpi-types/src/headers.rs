//! Headers: message ids and routing (rules MID-01 to MID-06 and RTE-01 to RTE-03).

use std::fmt;

use crate::{CiString, CountryCode, Version};

/// `X-Request-ID`: unique for every request, repeated by its response.
pub const REQUEST_ID: &str = "X-Request-ID";
/// `X-Correlation-ID`: the same over all hops of a message.
pub const CORRELATION_ID: &str = "X-Correlation-ID";
/// `OCPI-to-country-code`.
pub const TO_COUNTRY_CODE: &str = "OCPI-to-country-code";
/// `OCPI-to-party-id`.
pub const TO_PARTY_ID: &str = "OCPI-to-party-id";
/// `OCPI-from-country-code`.
pub const FROM_COUNTRY_CODE: &str = "OCPI-from-country-code";
/// `OCPI-from-party-id`.
pub const FROM_PARTY_ID: &str = "OCPI-from-party-id";
/// `X-Total-Count`: how many objects match in all.
pub const TOTAL_COUNT: &str = "X-Total-Count";
/// `X-Limit`: how many objects the server puts into a page at most.
pub const LIMIT: &str = "X-Limit";
/// `Link`: where the next page is.
pub const LINK: &str = "Link";
/// `Location`: where a posted CDR can be read.
pub const LOCATION: &str = "Location";
/// `Authorization`.
pub const AUTHORIZATION: &str = "Authorization";

/// A party: country code and party id; letter case does not count (rule OWN-07).
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Party {
    /// The country.
    pub country_code: CountryCode,
    /// The party within the country.
    pub party_id: CiString<3>,
}

impl Party {
    /// A party of a country.
    pub fn new(country_code: impl Into<CountryCode>, party_id: impl Into<CiString<3>>) -> Self {
        Self { country_code: country_code.into(), party_id: party_id.into() }
    }

    /// The party of a `hub_party_id` of 2.3.0: two characters of country and three of party (rule X-CRE-05).
    pub fn from_hub_party_id(text: &str) -> Option<Self> {
        let (country, party) = text.split_at_checked(2)?;
        (text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())).then(|| Self::new(country, party))
    }

    /// The reverse of [`from_hub_party_id`](Self::from_hub_party_id), in upper case.
    pub fn to_hub_party_id(&self) -> String {
        format!("{}{}", self.country_code, self.party_id).to_ascii_uppercase()
    }

    /// Whether country and party have the lengths and characters of their types.
    pub fn is_valid(&self) -> bool {
        let letters =
            |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        letters(&self.country_code, 2) && letters(&self.party_id, 3)
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.country_code, self.party_id)
    }
}

/// The ids of a message.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct MessageIds {
    /// Unique for every request.
    pub request_id: String,
    /// The same over all hops.
    pub correlation_id: String,
}

impl MessageIds {
    /// Ids of a new message.
    pub fn new(request_id: impl Into<String>, correlation_id: impl Into<String>) -> Self {
        Self { request_id: request_id.into(), correlation_id: correlation_id.into() }
    }

    /// The ids for the next hop: a new request id, the same correlation id (rule MID-03).
    #[must_use]
    pub fn next_hop(&self, request_id: impl Into<String>) -> Self {
        Self { request_id: request_id.into(), correlation_id: self.correlation_id.clone() }
    }
}

/// Who a message is for and who it is from (`transport_and_format_message_routing`).
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct Routing {
    /// The receiver; absent in open routing requests.
    pub to: Option<Party>,
    /// The sender.
    pub from: Option<Party>,
}

impl Routing {
    /// From one party to another.
    pub const fn new(to: Party, from: Party) -> Self {
        Self { to: Some(to), from: Some(from) }
    }

    /// The routing of the response: swapped (rule RTE-03).
    #[must_use]
    pub fn reply(&self) -> Self {
        Self { to: self.from.clone(), from: self.to.clone() }
    }
}

/// What the headers of a request or response say.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Headers {
    /// `X-Request-ID`, if given.
    pub request_id: Option<String>,
    /// `X-Correlation-ID`, if given.
    pub correlation_id: Option<String>,
    /// The routing headers.
    pub routing: Routing,
}

/// Why headers make no sense. The peer is at fault; the answer is status 2001 (rule RTE-13).
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// Only one of the two headers that name a party is there.
    #[error("only one of the two headers of a party is present")]
    HalfParty,
    /// A country code or party id has the wrong length or characters.
    #[error("a country code or party id has the wrong form")]
    Party,
}

/// The longest message id that is kept; longer ones are cut before they reach a log.
const MAX_ID: usize = 1024;

impl Headers {
    /// Reads the headers of a message; names count without letter case, the first of equal ones wins.
    ///
    /// # Errors
    /// When a party is named by half or in a wrong form.
    pub fn read<'a>(headers: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, HeaderError> {
        let mut ids = [None, None];
        let mut parts = [None; 4];
        for (name, value) in headers {
            let value = value.trim();
            for (slot, known) in ids.iter_mut().zip([REQUEST_ID, CORRELATION_ID]) {
                if slot.is_none() && name.eq_ignore_ascii_case(known) {
                    *slot = clean_id(value);
                }
            }
            let known = [TO_COUNTRY_CODE, TO_PARTY_ID, FROM_COUNTRY_CODE, FROM_PARTY_ID];
            for (slot, known) in parts.iter_mut().zip(known) {
                if slot.is_none() && name.eq_ignore_ascii_case(known) && !value.is_empty() {
                    *slot = Some(value);
                }
            }
        }
        let [to_country, to_party, from_country, from_party] = parts;
        let routing = Routing { to: party(to_country, to_party)?, from: party(from_country, from_party)? };
        let [request_id, correlation_id] = ids;
        Ok(Self { request_id, correlation_id, routing })
    }

    /// The ids of the message, with new ones where the peer gave none (rule MID-04). `generate` makes an id.
    pub fn ids_or(&self, mut generate: impl FnMut() -> String) -> MessageIds {
        MessageIds {
            request_id: self.request_id.clone().unwrap_or_else(&mut generate),
            correlation_id: self.correlation_id.clone().unwrap_or_else(generate),
        }
    }
}

/// Visible characters only: an id goes into headers and logs.
fn clean_id(value: &str) -> Option<String> {
    let id: String = value.chars().filter(|character| matches!(character, ' '..='~')).take(MAX_ID).collect();
    (!id.is_empty()).then_some(id)
}

fn party(country: Option<&str>, party: Option<&str>) -> Result<Option<Party>, HeaderError> {
    match (country, party) {
        (None, None) => Ok(None),
        (Some(country), Some(party)) => {
            let party = Party::new(country, party);
            if party.is_valid() { Ok(Some(party)) } else { Err(HeaderError::Party) }
        }
        _ => Err(HeaderError::HalfParty),
    }
}

/// Whether a message may be read: its `Content-Type` is JSON, with whatever parameters, or there is none where the body
/// is empty (rule REQ-02). Peers that forget the header are served.
pub fn is_json(content_type: Option<&str>) -> bool {
    let Some(value) = content_type else { return true };
    let kind = value.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
        || (kind.len() > 5 && kind.get(kind.len() - 5..).is_some_and(|end| end.eq_ignore_ascii_case("+json")))
}

/// Which headers belong to a message of a module (rules RTE-02 and MID-06).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ModuleKind {
    /// credentials, versions and hubclientinfo: never routed.
    Configuration,
    /// All others.
    Functional,
}

/// Writes the headers of a message: ids from 2.2.1 on, routing only for functional modules.
pub fn write_headers(
    version: Version,
    kind: ModuleKind,
    ids: &MessageIds,
    routing: &Routing,
) -> Vec<(&'static str, String)> {
    let mut headers = Vec::new();
    if !version.has_routing() {
        return headers;
    }
    headers.push((REQUEST_ID, ids.request_id.clone()));
    headers.push((CORRELATION_ID, ids.correlation_id.clone()));
    if kind == ModuleKind::Configuration {
        return headers;
    }
    if let Some(to) = &routing.to {
        headers.push((TO_COUNTRY_CODE, to.country_code.as_str().to_owned()));
        headers.push((TO_PARTY_ID, to.party_id.as_str().to_owned()));
    }
    if let Some(from) = &routing.from {
        headers.push((FROM_COUNTRY_CODE, from.country_code.as_str().to_owned()));
        headers.push((FROM_PARTY_ID, from.party_id.as_str().to_owned()));
    }
    headers
}
