//! Every operation of every module as data: URLs to call, and requests to understand (rules REQ-01, OWN-01, URL-05).

use std::fmt;

use crate::Version;
use crate::headers::{ModuleKind, Party};
use crate::status::{Missing, Verdict};
use crate::url::{encode_query, encode_segment, parse_query, percent_decode};

/// The modules of all versions and extensions.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Module {
    /// Versions and version details.
    Versions,
    /// Credentials and registration.
    Credentials,
    /// Locations.
    Locations,
    /// Sessions.
    Sessions,
    /// CDRs.
    Cdrs,
    /// Tariffs.
    Tariffs,
    /// Tokens.
    Tokens,
    /// Commands.
    Commands,
    /// Charging profiles, from 2.2.1 on.
    ChargingProfiles,
    /// Hub client info, from 2.2.1 on.
    HubClientInfo,
    /// Invoice reconciliation, in 2.3.0.
    InvoiceReconciliation,
    /// Bookings, an extension of 2.3.0.
    Bookings,
    /// Payments, an extension of 2.3.0.
    Payments,
}

/// Whose data a module carries (rule OWN-08).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Owner {
    /// Charge point operator.
    Cpo,
    /// Mobility service provider.
    Emsp,
    /// Hub.
    Hub,
    /// Payment terminal provider.
    Ptp,
    /// The party that sends the invoice.
    Invoicer,
    /// Nobody: the module carries requests or the connection itself.
    Nobody,
}

impl Module {
    /// The identifier in version details.
    pub const fn identifier(self) -> &'static str {
        match self {
            Self::Versions => "versions",
            Self::Credentials => "credentials",
            Self::Locations => "locations",
            Self::Sessions => "sessions",
            Self::Cdrs => "cdrs",
            Self::Tariffs => "tariffs",
            Self::Tokens => "tokens",
            Self::Commands => "commands",
            Self::ChargingProfiles => "chargingprofiles",
            Self::HubClientInfo => "hubclientinfo",
            Self::InvoiceReconciliation => "invoicereconciliation",
            Self::Bookings => "bookings",
            Self::Payments => "payments",
        }
    }

    /// The module of an identifier; `Booking` in any spelling is the bookings module (rule VER-09).
    pub fn from_identifier(identifier: &str) -> Option<Self> {
        const ALL: [Module; 12] = [
            Module::Credentials,
            Module::Locations,
            Module::Sessions,
            Module::Cdrs,
            Module::Tariffs,
            Module::Tokens,
            Module::Commands,
            Module::ChargingProfiles,
            Module::HubClientInfo,
            Module::InvoiceReconciliation,
            Module::Bookings,
            Module::Payments,
        ];
        if identifier.eq_ignore_ascii_case("booking") || identifier.eq_ignore_ascii_case("bookings") {
            return Some(Self::Bookings);
        }
        ALL.into_iter().find(|module| module.identifier() == identifier)
    }

    /// Whether messages of the module are routed (rule RTE-02).
    pub const fn kind(self) -> ModuleKind {
        match self {
            Self::Versions | Self::Credentials | Self::HubClientInfo => ModuleKind::Configuration,
            _ => ModuleKind::Functional,
        }
    }

    /// Whose data the module carries (rule OWN-08).
    pub const fn owner(self) -> Owner {
        match self {
            Self::Locations | Self::Sessions | Self::Cdrs | Self::Tariffs | Self::Bookings => Owner::Cpo,
            Self::Tokens => Owner::Emsp,
            Self::HubClientInfo => Owner::Hub,
            Self::Payments => Owner::Ptp,
            Self::InvoiceReconciliation => Owner::Invoicer,
            Self::Versions | Self::Credentials | Self::Commands | Self::ChargingProfiles => Owner::Nobody,
        }
    }
}

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.identifier())
    }
}

/// The two interfaces of a module. In 2.1.1, which names them by party, the owner of the data implements `Sender`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Interface {
    /// Implemented by the owner of the data or the sender of commands.
    Sender,
    /// Implemented by the consumer of the data or the executor of commands.
    Receiver,
}

impl Interface {
    /// The role in version details.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "SENDER",
            Self::Receiver => "RECEIVER",
        }
    }
}

/// The HTTP methods of OCPI.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Method {
    /// Fetches.
    Get,
    /// Creates.
    Post,
    /// Replaces or creates.
    Put,
    /// Changes parts.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// The method of a request line; letter case counts.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete].into_iter().find(|method| method.as_str() == text)
    }

    /// The method as it stands in a request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A segment of a path below an endpoint.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Segment {
    /// This word.
    Word(&'static str),
    /// A value that has to be there.
    Value(&'static str),
    /// A value that may be left out, with all that follow it.
    Optional(&'static str),
}

/// Where a request goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// Below the URL of the endpoint.
    Below(&'static [Segment]),
    /// To a URL that the other party has given: a `response_url`, a `Location` header, a URL of versions.
    Given,
}

/// A parameter of a query.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Whether it has to be there.
    pub required: bool,
}

/// One operation: a method at a place of an interface.
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The module.
    pub module: Module,
    /// Who implements it; `None` where both parties do.
    pub interface: Option<Interface>,
    /// The method.
    pub method: Method,
    /// Where it goes.
    pub place: Place,
    /// The parameters of its query.
    pub query: &'static [Parameter],
    /// The classes its body can be of; none means no body.
    pub body: &'static [&'static str],
    /// The classes its answer can be of; none means that nothing is documented.
    pub response: &'static [&'static str],
    /// Whether the answer is a list in pages.
    pub is_paginated: bool,
    /// The first version that has it.
    pub since: Version,
    /// The last version that has it.
    pub until: Version,
}

/// All operations of a version, extensions included.
pub fn operations(version: Version) -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().filter(move |operation| (operation.since..=operation.until).contains(&version))
}

/// Finds an operation by what it does to what: the first of its module, interface and method that has this body or,
/// without one, this answer.
pub fn operation(
    version: Version,
    module: Module,
    interface: Option<Interface>,
    method: Method,
    class: Option<&str>,
) -> Option<&'static Operation> {
    operations(version).find(|operation| {
        operation.module == module
            && operation.interface == interface
            && operation.method == method
            && class.is_none_or(|class| {
                let classes = if operation.body.is_empty() { operation.response } else { operation.body };
                classes.contains(&class)
            })
    })
}

/// Why a URL cannot be built. The caller is at fault.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A value that the path needs is missing or empty.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// The other party has to tell the URL of this operation.
    #[error("the URL of this operation is given by the other party")]
    Given,
}

impl Operation {
    /// The URL of a request below an endpoint: one slash between them, segments and query percent-encoded, the query of
    /// the endpoint kept (rule URL-05).
    ///
    /// Values that the path does not need go into the query, if the operation knows them there.
    ///
    /// # Errors
    /// When a value is missing.
    pub fn url(&self, endpoint: &str, values: &[(&str, &str)]) -> Result<String, BuildError> {
        let Place::Below(segments) = self.place else { return Err(BuildError::Given) };
        let value = |name: &str| {
            values.iter().find(|(known, value)| *known == name && !value.is_empty()).map(|(_, value)| *value)
        };
        let endpoint = endpoint.split('#').next().unwrap_or_default();
        let (base, kept) = match endpoint.split_once('?') {
            Some((base, query)) => (base, Some(query)),
            None => (endpoint, None),
        };
        let mut url = if segments.is_empty() { base } else { base.trim_end_matches('/') }.to_owned();
        for segment in segments {
            let text = match *segment {
                Segment::Word(word) => word.to_owned(),
                Segment::Value(name) => encode_segment(value(name).ok_or(BuildError::Missing(name))?),
                Segment::Optional(name) => match value(name) {
                    Some(value) => encode_segment(value),
                    None => break,
                },
            };
            url.push('/');
            url.push_str(&text);
        }
        let mut query: Vec<String> = kept.filter(|query| !query.is_empty()).map(str::to_owned).into_iter().collect();
        for parameter in self.query {
            match value(parameter.name) {
                Some(value) => query.push(format!("{}={}", parameter.name, encode_query(value))),
                None if parameter.required => return Err(BuildError::Missing(parameter.name)),
                None => {}
            }
        }
        if !query.is_empty() {
            url.push('?');
            url.push_str(&query.join("&"));
        }
        Ok(url)
    }

    /// The values of a path that fits, decoded.
    fn fit(&self, path: &[String]) -> Option<Vec<(&'static str, String)>> {
        let Place::Below(segments) = self.place else { return None };
        let mut values = Vec::new();
        let mut rest = path.iter();
        for segment in segments {
            match (segment, rest.next()) {
                (Segment::Word(word), Some(text)) if word == text => {}
                (Segment::Value(name) | Segment::Optional(name), Some(text)) if !text.is_empty() => {
                    values.push((*name, text.clone()));
                }
                (Segment::Optional(_), None) => break,
                _ => return None,
            }
        }
        rest.next().is_none().then_some(values)
    }
}

/// A request that was understood.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Matched {
    /// What is asked for.
    pub operation: &'static Operation,
    /// The values of path and query, decoded.
    pub values: Vec<(&'static str, String)>,
}

impl Matched {
    /// A value of the path or query.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The owner that the path names.
    pub fn owner(&self) -> Option<Party> {
        Some(Party::new(self.value("country_code")?, self.value("party_id")?))
    }

    /// The type of a token, RFID unless told (rule OWN-10).
    pub fn token_type(&self) -> &str {
        self.value("type").unwrap_or("RFID")
    }

    /// The class of the object a path of the locations or bookings module leads to, by its number of segments (rule
    /// LOC-12).
    pub fn class(&self) -> Option<&'static str> {
        let classes = if self.operation.body.is_empty() { self.operation.response } else { self.operation.body };
        let depth =
            ["evse_uid", "connector_id", "calendar_id"].iter().filter(|name| self.value(name).is_some()).count();
        match classes {
            ["Location", "EVSE", "Connector"] | ["BookingLocation", "Calendar"] => classes.get(depth).copied(),
            [class] => Some(class),
            _ => None,
        }
    }
}

/// Understands a request: `path` is what follows the URL of the endpoint, percent-encoded as it came, `query` without its
/// question mark.
///
/// # Errors
/// [`Verdict::NotFound`] when there is no such place, [`Verdict::MethodNotAllowed`] when the place takes other methods,
/// [`Verdict::InvalidParameters`] when a required parameter is missing.
pub fn route(
    version: Version,
    module: Module,
    interface: Option<Interface>,
    method: Method,
    path: &str,
    query: &str,
) -> Result<Matched, Verdict> {
    let path = path.trim_start_matches('/');
    let path = path.strip_suffix('/').unwrap_or(path);
    let decoded: Option<Vec<String>> = match path {
        "" => Some(Vec::new()),
        path => path.split('/').map(percent_decode).collect(),
    };
    let missing = if module == Module::Locations { Missing::Location } else { Missing::Object };
    let decoded = decoded.filter(|segments| segments.len() <= 8).ok_or(Verdict::NotFound(missing))?;
    let mut other_method = false;
    let of_interface = |operation: &&Operation| {
        operation.module == module && (operation.interface.is_none() || operation.interface == interface)
    };
    for operation in operations(version).filter(of_interface) {
        let Some(mut values) = operation.fit(&decoded) else { continue };
        if operation.method != method {
            other_method = true;
            continue;
        }
        let given = parse_query(query);
        for parameter in operation.query {
            let value = if parameter.name == "response_url" {
                response_url(query)
            } else {
                let alias = if parameter.name == "type" { "token_type" } else { parameter.name };
                let find = |name: &str| given.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
                find(parameter.name).or_else(|| find(alias))
            };
            match value {
                Some(value) => values.push((parameter.name, value)),
                None if parameter.required => return Err(Verdict::InvalidParameters),
                None => {}
            }
        }
        return Ok(Matched { operation, values });
    }
    Err(if other_method { Verdict::MethodNotAllowed } else { Verdict::NotFound(missing) })
}

/// The URL behind `response_url=`, whether it is percent-encoded, as it should be, or not, as in the examples (E-25).
fn response_url(query: &str) -> Option<String> {
    let mut parts = query.split('&');
    let value = parts.by_ref().find_map(|part| part.strip_prefix("response_url="))?;
    percent_decode(value).filter(|url| !url.is_empty())
}

const fn optional(name: &'static str) -> Parameter {
    Parameter { name, required: false }
}

const fn required(name: &'static str) -> Parameter {
    Parameter { name, required: true }
}

const PAGE: &[Parameter] = &[optional("date_from"), optional("date_to"), optional("offset"), optional("limit")];
const TYPE: &[Parameter] = &[optional("type")];

use Interface::{Receiver, Sender};
use Method::{Delete, Get, Patch, Post, Put};
use Segment::{Optional, Value, Word};
use Version::{V2_1_1, V2_2_1, V2_3_0};

const CC: Segment = Value("country_code");
const PARTY: Segment = Value("party_id");
const LOCATION: &[&str] = &["Location", "EVSE", "Connector"];
const LOCATION_PATH: &[Segment] = &[Value("location_id"), Optional("evse_uid"), Optional("connector_id")];
const OWNED_LOCATION: &[Segment] = &[CC, PARTY, Value("location_id"), Optional("evse_uid"), Optional("connector_id")];
const OWNED_SESSION: &[Segment] = &[CC, PARTY, Value("session_id")];
const OWNED_TARIFF: &[Segment] = &[CC, PARTY, Value("tariff_id")];
const OWNED_TOKEN: &[Segment] = &[CC, PARTY, Value("token_uid")];
const OWNED_RECORD: &[Segment] = &[CC, PARTY, Value("id")];
const SESSION: &[Segment] = &[Value("session_id")];
const BOOKING_LOCATION: &[Segment] = &[CC, PARTY, Word("booking_locations"), Value("booking_location_id")];
const OWNED_BOOKING: &[Segment] = &[CC, PARTY, Value("booking_id")];
const TERMINAL: &[Segment] = &[Word("terminals"), Value("terminal_id")];
const ADVICES: &str = "financial-advice-confirmations";
const ADVICE: &[Segment] = &[Word(ADVICES), Value("financial_advice_confirmation_id")];

/// An operation of all versions; `.since(..)` and friends change what differs.
const fn op(module: Module, interface: Option<Interface>, method: Method, place: Place) -> Operation {
    Operation {
        module,
        interface,
        method,
        place,
        query: &[],
        body: &[],
        response: &[],
        is_paginated: false,
        since: V2_1_1,
        until: V2_3_0,
    }
}

impl Operation {
    const fn takes(mut self, body: &'static [&'static str]) -> Self {
        self.body = body;
        self
    }

    const fn gives(mut self, response: &'static [&'static str]) -> Self {
        self.response = response;
        self
    }

    const fn asks(mut self, query: &'static [Parameter]) -> Self {
        self.query = query;
        self
    }

    const fn pages(mut self) -> Self {
        self.is_paginated = true;
        self.query = PAGE;
        self
    }

    const fn since(mut self, version: Version) -> Self {
        self.since = version;
        self
    }

    const fn until(mut self, version: Version) -> Self {
        self.until = version;
        self
    }
}

const fn at(module: Module, interface: Interface, method: Method, path: &'static [Segment]) -> Operation {
    op(module, Some(interface), method, Place::Below(path))
}

const fn list(module: Module, class: &'static [&'static str]) -> Operation {
    at(module, Sender, Get, &[]).pages().gives(class)
}

static OPERATIONS: &[Operation] = &[
    op(Module::Versions, None, Get, Place::Given).gives(&["Version"]),
    op(Module::Versions, None, Get, Place::Given).gives(&["VersionDetails"]),
    op(Module::Credentials, None, Get, Place::Below(&[])).gives(&["Credentials"]),
    op(Module::Credentials, None, Post, Place::Below(&[])).takes(&["Credentials"]).gives(&["Credentials"]),
    op(Module::Credentials, None, Put, Place::Below(&[])).takes(&["Credentials"]).gives(&["Credentials"]),
    op(Module::Credentials, None, Delete, Place::Below(&[])),
    list(Module::Locations, &["Location"]),
    at(Module::Locations, Sender, Get, LOCATION_PATH).gives(LOCATION),
    at(Module::Locations, Receiver, Get, OWNED_LOCATION).gives(LOCATION),
    at(Module::Locations, Receiver, Put, OWNED_LOCATION).takes(LOCATION),
    at(Module::Locations, Receiver, Patch, OWNED_LOCATION).takes(LOCATION),
    list(Module::Sessions, &["Session"]),
    at(Module::Sessions, Sender, Put, &[Value("session_id"), Word("charging_preferences")])
        .takes(&["ChargingPreferences"])
        .gives(&["ChargingPreferencesResponse"])
        .since(V2_2_1),
    at(Module::Sessions, Receiver, Get, OWNED_SESSION).gives(&["Session"]),
    at(Module::Sessions, Receiver, Put, OWNED_SESSION).takes(&["Session"]),
    at(Module::Sessions, Receiver, Patch, OWNED_SESSION).takes(&["Session"]),
    list(Module::Cdrs, &["CDR"]),
    op(Module::Cdrs, Some(Receiver), Get, Place::Given).gives(&["CDR"]),
    at(Module::Cdrs, Receiver, Post, &[]).takes(&["CDR"]),
    list(Module::Tariffs, &["Tariff"]),
    at(Module::Tariffs, Receiver, Get, OWNED_TARIFF).gives(&["Tariff"]),
    at(Module::Tariffs, Receiver, Put, OWNED_TARIFF).takes(&["Tariff"]),
    at(Module::Tariffs, Receiver, Patch, OWNED_TARIFF).takes(&["Tariff"]).until(V2_1_1),
    at(Module::Tariffs, Receiver, Delete, OWNED_TARIFF),
    at(Module::Tokens, Receiver, Get, OWNED_TOKEN).gives(&["Token"]).asks(TYPE),
    at(Module::Tokens, Receiver, Put, OWNED_TOKEN).takes(&["Token"]).asks(TYPE),
    at(Module::Tokens, Receiver, Patch, OWNED_TOKEN).takes(&["Token"]).asks(TYPE),
    list(Module::Tokens, &["Token"]),
    at(Module::Tokens, Sender, Post, &[Value("token_uid"), Word("authorize")])
        .takes(&["LocationReferences"])
        .gives(&["AuthorizationInfo"])
        .asks(TYPE),
    at(Module::Commands, Receiver, Post, &[Value("command")])
        .takes(&["ReserveNow", "StartSession", "StopSession", "UnlockConnector"])
        .gives(&["CommandResponse"])
        .until(V2_1_1),
    at(Module::Commands, Receiver, Post, &[Value("command")])
        .takes(&["CancelReservation", "ReserveNow", "StartSession", "StopSession", "UnlockConnector"])
        .gives(&["CommandResponse"])
        .since(V2_2_1),
    op(Module::Commands, Some(Sender), Post, Place::Given).takes(&["CommandResponse"]).until(V2_1_1),
    op(Module::Commands, Some(Sender), Post, Place::Given).takes(&["CommandResult"]).since(V2_2_1),
    at(Module::ChargingProfiles, Receiver, Get, SESSION)
        .asks(&[required("duration"), required("response_url")])
        .gives(&["ChargingProfileResponse"])
        .since(V2_2_1),
    at(Module::ChargingProfiles, Receiver, Put, SESSION)
        .takes(&["SetChargingProfile"])
        .gives(&["ChargingProfileResponse"])
        .since(V2_2_1),
    at(Module::ChargingProfiles, Receiver, Delete, SESSION)
        .asks(&[required("response_url")])
        .gives(&["ChargingProfileResponse"])
        .since(V2_2_1),
    op(Module::ChargingProfiles, Some(Sender), Post, Place::Given)
        .takes(&["ActiveChargingProfileResult", "ChargingProfileResult", "ClearProfileResult"])
        .since(V2_2_1),
    at(Module::ChargingProfiles, Sender, Put, SESSION).takes(&["ActiveChargingProfile"]).since(V2_2_1),
    at(Module::HubClientInfo, Receiver, Get, &[CC, PARTY]).gives(&["ClientInfo"]).since(V2_2_1),
    at(Module::HubClientInfo, Receiver, Put, &[CC, PARTY]).takes(&["ClientInfo"]).since(V2_2_1),
    list(Module::HubClientInfo, &["ClientInfo"]).since(V2_2_1),
    list(Module::InvoiceReconciliation, &["InvoiceReconciliationRecord"]).since(V2_3_0),
    at(Module::InvoiceReconciliation, Receiver, Get, OWNED_RECORD)
        .gives(&["InvoiceReconciliationRecord"])
        .since(V2_3_0),
    at(Module::InvoiceReconciliation, Receiver, Post, &[]).takes(&["InvoiceReconciliationRecord"]).since(V2_3_0),
    at(Module::InvoiceReconciliation, Receiver, Put, OWNED_RECORD)
        .takes(&["InvoiceReconciliationRecord"])
        .since(V2_3_0),
    at(Module::InvoiceReconciliation, Receiver, Delete, OWNED_RECORD).since(V2_3_0),
    at(Module::Bookings, Sender, Get, &[Word("booking_locations")])
        .gives(&["BookingLocation"])
        .pages()
        .asks(&[
            optional("date_from"),
            optional("date_to"),
            optional("offset"),
            optional("limit"),
            optional("timeslot_from"),
            optional("timeslot_to"),
        ])
        .since(V2_3_0),
    at(
        Module::Bookings,
        Sender,
        Get,
        &[Word("booking_locations"), Value("booking_location_id"), Optional("calendar_id")],
    )
    .gives(&["BookingLocation", "Calendar"])
    .since(V2_3_0),
    list(Module::Bookings, &["Booking"]).since(V2_3_0),
    at(Module::Bookings, Sender, Post, &[]).takes(&["BookingRequest"]).gives(&["Booking"]).since(V2_3_0),
    at(Module::Bookings, Receiver, Get, BOOKING_LOCATION).gives(&["BookingLocation"]).since(V2_3_0),
    at(Module::Bookings, Receiver, Put, BOOKING_LOCATION).takes(&["BookingLocation"]).since(V2_3_0),
    at(
        Module::Bookings,
        Receiver,
        Patch,
        &[CC, PARTY, Word("booking_locations"), Value("booking_location_id"), Optional("calendar_id")],
    )
    .takes(&["BookingLocation", "Calendar"])
    .since(V2_3_0),
    at(Module::Bookings, Receiver, Get, OWNED_BOOKING).gives(&["Booking"]).since(V2_3_0),
    at(Module::Bookings, Receiver, Put, OWNED_BOOKING).takes(&["Booking"]).since(V2_3_0),
    at(Module::Bookings, Receiver, Patch, OWNED_BOOKING).takes(&["Booking"]).since(V2_3_0),
    at(Module::Payments, Sender, Get, &[Word("terminals")]).gives(&["Terminal"]).pages().since(V2_3_0),
    at(Module::Payments, Sender, Get, TERMINAL).gives(&["Terminal"]).since(V2_3_0),
    at(Module::Payments, Sender, Patch, TERMINAL).takes(&["Terminal"]).since(V2_3_0),
    at(Module::Payments, Sender, Put, TERMINAL).takes(&["Terminal"]).since(V2_3_0),
    at(Module::Payments, Sender, Post, &[Word("terminals"), Word("activate")]).takes(&["Terminal"]).since(V2_3_0),
    at(Module::Payments, Sender, Post, &[Word("terminals"), Value("terminal_id"), Word("deactivate")]).since(V2_3_0),
    at(Module::Payments, Sender, Get, &[Word(ADVICES)]).gives(&["FinancialAdviceConfirmation"]).pages().since(V2_3_0),
    at(Module::Payments, Sender, Get, ADVICE).gives(&["FinancialAdviceConfirmation"]).since(V2_3_0),
    at(Module::Payments, Receiver, Get, TERMINAL).gives(&["Terminal"]).since(V2_3_0),
    at(Module::Payments, Receiver, Post, &[Word("terminals")]).takes(&["Terminal"]).since(V2_3_0),
    at(Module::Payments, Receiver, Get, ADVICE).gives(&["FinancialAdviceConfirmation"]).since(V2_3_0),
    at(Module::Payments, Receiver, Post, &[Word(ADVICES)]).takes(&["FinancialAdviceConfirmation"]).since(V2_3_0),
];
