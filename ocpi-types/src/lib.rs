#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod catalogue;
mod codes;
mod commands;
mod convert;
mod decisions;
mod decode;
mod endpoints;
mod envelope;
mod headers;
mod number;
mod object;
mod ownership;
mod paging;
mod patch;
mod raw;
mod reader;
mod registration;
mod routing;
mod rules;
#[cfg(feature = "schema")]
pub mod schema;
pub mod shape;
mod status;
mod string_enum;
mod text;
mod timestamp;
mod token;
mod url;
pub mod v211;
pub mod v221;
pub mod v230;
mod validate;
mod version;
mod writer;

pub use catalogue::{EachObject, Entry, enumerations, object, objects};
pub use commands::{
    FirstAnswer, NoRoom, Outcome, Pending, Request, ResultBody, ResultError, check_response_url, needs_authorization,
};
pub use convert::{Context, ConversionError, Converted, Loss, LossKind, convert, convert_text};
pub use decisions::{TokenDecision, Transition, decide_preferences, decide_token};
pub use decode::{DecodeError, EncodeError, decode, decode_strict, encode, encode_unchecked, inspect, inspect_partial};
pub use endpoints::{
    BuildError, Interface, Matched, Method, Module, Operation, Owner, Parameter, Place, Segment, operation, operations,
    route,
};
pub use envelope::{
    BadItem, Envelope, ResponseError, for_each_item, read_envelope, read_list, read_nothing, read_object, read_value,
};
pub use headers::{
    AUTHORIZATION, CORRELATION_ID, FROM_COUNTRY_CODE, FROM_PARTY_ID, HeaderError, Headers, LIMIT, LINK, LOCATION,
    MessageIds, ModuleKind, Party, REQUEST_ID, Routing, TO_COUNTRY_CODE, TO_PARTY_ID, TOTAL_COUNT, is_json,
    write_headers,
};
pub use number::{Int, Number, NumberError};
pub use object::Object;
pub use ownership::{
    Applied, PartError, StalePolicy, Updatable, UpdatablePatch, apply, check_body, check_owner, replace,
};
pub use paging::{CrawlEnd, Crawler, Page, PageHeaders, PageQuery, PageQueryError, next_link, next_poll, removed};
pub use patch::{Patch, PatchError, PatchOf};
pub use raw::{Raw, RawJson};
pub use registration::{
    Answer, AnyCredentials, Call, Event, Failure, Inbound, OwnVersion, PeerEndpoint, PeerRecord, PeerRole, Refusal,
    Registration, Reply, Setup, Status,
};
pub use routing::{
    ConnectedParty, Decision, HubRequest, Reachability, RoutingRole, broadcast_targets, decide, hop_ids, hub_party_221,
    hub_party_230, is_broadcast, is_probe_due, no_answer, resolve_open,
};
pub use status::{Missing, StatusClass, StatusCode, Verdict};
pub use string_enum::Unlisted;
pub use text::{
    AsciiText, CiString, Country, CountryCode, Currency, Language, Latitude, LocalDate, LocalTime, Longitude,
    NOT_AVAILABLE, SecretText, Text, Url,
};
pub use timestamp::{DateTime, DateTimeError};
pub use token::{CredentialsToken, InvalidToken, PresentedToken, TokenEncoding, is_renewal_due};
pub use url::{SafeUrl, UrlPolicy, UrlRefusal};
pub use validate::{Finding, FindingKind, Findings, MAX_FINDINGS, Path, Severity, has_errors};
pub use version::{UnknownVersion, Version};
