//! Documents of OCPI and OCPP, read into the forms of this crate.
//!
//! [`TariffDocument`] and [`RecordDocument`] read JSON text, of whatever version and however senders write it: every
//! departure is a diagnostic with a JSON pointer into the text, and what would make a total wrong is an error. Members that
//! pricing does not look at only have to be JSON. Objects of `ocpi_types` and `ocpp_types` are read by the same code
//! through [`TariffSource`] and [`RecordSource`].

#[cfg(feature = "ocpi")]
mod country;
#[cfg(feature = "ocpi")]
pub(crate) mod json;
#[cfg(feature = "ocpp")]
mod ocpp;
#[cfg(feature = "ocpi")]
pub(crate) mod record;
#[cfg(feature = "ocpi")]
pub(crate) mod scan;
#[cfg(feature = "ocpi")]
mod tariff;
#[cfg(feature = "ocpi")]
mod typed;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::compile::{CompileError, Compiled};
use crate::diagnostic::{Code, Diagnostic, Findings, Severity};
use crate::policy::Policy;
use crate::tariff::{Tariff, TariffKind};
use crate::usage::{BookingOutcome, Facts, LocalTime, Record, ReservationOutcome, Usage, UsageError};

#[cfg(feature = "ocpp")]
pub use self::ocpp::{StationLimits, TariffVerdict};

/// The protocol and version a document is written in.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Format {
    /// OCPI 2.1.1.
    Ocpi211,
    /// OCPI 2.2.1.
    Ocpi221,
    /// OCPI 2.3.0, bookings included.
    Ocpi230,
    /// OCPP 2.1.
    Ocpp21,
    /// The form of this crate: a serialised [`Tariff`] or [`Record`].
    Own,
}

impl Format {
    /// The name, as [`from_str`](core::str::FromStr::from_str) reads it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ocpi211 => "ocpi2.1.1",
            Self::Ocpi221 => "ocpi2.2.1",
            Self::Ocpi230 => "ocpi2.3.0",
            Self::Ocpp21 => "ocpp2.1",
            Self::Own => "own",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl core::str::FromStr for Format {
    type Err = UnknownFormat;

    /// The name of a format; the version alone (`2.2.1`) is enough.
    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Ok(match name {
            "ocpi2.1.1" | "2.1.1" => Self::Ocpi211,
            "ocpi2.2.1" | "2.2.1" => Self::Ocpi221,
            "ocpi2.3.0" | "2.3.0" => Self::Ocpi230,
            "ocpp2.1" | "2.1" => Self::Ocpp21,
            "own" => Self::Own,
            _ => return Err(UnknownFormat),
        })
    }
}

/// No format has this name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not one of ocpi2.1.1, ocpi2.2.1, ocpi2.3.0, ocpp2.1, own")]
pub struct UnknownFormat;

/// A tariff and what was noticed while reading it.
#[derive(Clone, Debug)]
pub struct TariffDocument {
    /// The tariff.
    pub tariff: Tariff,
    /// What it was written in.
    pub format: Format,
    /// What was noticed; pointers lead into the document.
    pub diagnostics: Vec<Diagnostic>,
    /// Where the tariff stands in a larger document.
    base: String,
    /// Where each element of the tariff, and each of its components, stands below that.
    places: Vec<ElementPlace>,
}

/// Where an element stands in a document.
#[derive(Clone, Debug)]
struct ElementPlace {
    pointer: String,
    /// The pointers of its components, relative to its own.
    components: Vec<String>,
}

impl TariffDocument {
    /// Reads a tariff from JSON; without a format it is recognised by its members.
    ///
    /// # Errors
    /// When the text is no tariff, or one that cannot be priced right; the diagnostics say what and where.
    pub fn read(text: &str, format: Option<Format>, policy: &Policy) -> Result<Self, DocumentError> {
        let format = match format {
            Some(format) => format,
            None => detect_tariff(text)?,
        };
        match format {
            #[cfg(feature = "ocpi")]
            Format::Ocpi211 | Format::Ocpi221 | Format::Ocpi230 => tariff::read_text(text, format, policy),
            #[cfg(feature = "ocpp")]
            Format::Ocpp21 => ocpp::read_tariff_text(text, policy),
            Format::Own => {
                let tariff: Tariff = serde_json::from_str(text).map_err(|error| DocumentError::of_json(&error))?;
                Ok(Self { tariff, format, diagnostics: Vec::new(), base: String::new(), places: Vec::new() })
            }
            #[cfg(not(all(feature = "ocpi", feature = "ocpp")))]
            format => Err(DocumentError::at("", alloc::format!("support of {format} is not part of this build"))),
        }
    }

    /// The pointer into the document for one into the [`Tariff`], such as compiling reports.
    #[must_use]
    pub fn locate(&self, pointer: &str) -> String {
        let mut found = self.base.clone();
        if self.format == Format::Own {
            found.push_str(pointer);
        } else {
            found.push_str(&self.locate_below(pointer));
        }
        found
    }

    fn locate_below(&self, pointer: &str) -> String {
        let mut steps = pointer.split('/').skip(1);
        match (steps.next(), steps.next()) {
            (Some("elements"), Some(index)) => {
                let Some(place) = index.parse::<usize>().ok().and_then(|index| self.places.get(index)) else {
                    return pointer.to_string();
                };
                self.locate_in_element(place, steps)
            }
            (Some("elements"), None) if self.format == Format::Ocpp21 => String::new(),
            (Some(member @ ("min_price" | "max_price")), inner) => {
                let mut found = alloc::format!("/{}", self.member(member));
                if let Some(inner) = inner {
                    found.push('/');
                    found.push_str(match (inner, self.format) {
                        ("excl_tax", Format::Ocpi230) => "before_taxes",
                        ("incl_tax", Format::Ocpi230) => "after_taxes",
                        ("excl_tax", Format::Ocpp21) => "exclTax",
                        ("incl_tax", Format::Ocpp21) => "inclTax",
                        ("taxes", Format::Ocpp21) => "taxRates",
                        ("excl_tax", _) => "excl_vat",
                        ("incl_tax", _) => "incl_vat",
                        (other, _) => other,
                    });
                    steps.for_each(|step| {
                        found.push('/');
                        found.push_str(step);
                    });
                }
                found
            }
            (Some(member), None) => alloc::format!("/{}", self.member(member)),
            _ => pointer.to_string(),
        }
    }

    /// The same diagnostics with pointers into the document.
    #[must_use]
    pub fn located(&self, diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
        diagnostics.iter().map(|found| Diagnostic { pointer: self.locate(&found.pointer), ..found.clone() }).collect()
    }

    /// Checks the tariff and makes it ready for pricing.
    ///
    /// # Errors
    /// When it cannot be priced exactly; pointers lead into the document.
    pub fn compile(&self, policy: &Policy) -> Result<Compiled, DocumentError> {
        self.tariff
            .compile(policy)
            .map_err(|CompileError { diagnostics }| DocumentError { diagnostics: self.located(&diagnostics) })
    }

    fn locate_in_element<'a>(&self, place: &ElementPlace, mut steps: impl Iterator<Item = &'a str>) -> String {
        let mut found = place.pointer.clone();
        match steps.next() {
            None => return found,
            Some("price_components") => {
                let component = steps.next().and_then(|index| index.parse::<usize>().ok());
                match component.and_then(|index| place.components.get(index)) {
                    Some(component) if self.format == Format::Ocpp21 => {
                        return locate_in_entry(&place.pointer, component, steps);
                    }
                    Some(component) => found.push_str(component),
                    None => return found,
                }
            }
            Some("for") if self.format != Format::Ocpp21 => found.push_str("/restrictions"),
            Some("for") => return found,
            Some("restrictions") if self.format == Format::Ocpp21 => found.push_str("/conditions"),
            Some(other) => {
                found.push('/');
                found.push_str(other);
            }
        }
        for step in steps {
            found.push('/');
            found.push_str(if self.format == Format::Ocpp21 { ocpp_member(step) } else { ocpi_member(step) });
        }
        found
    }

    fn member<'a>(&self, member: &'a str) -> &'a str {
        match (member, self.format) {
            ("id", Format::Ocpp21) => "tariffId",
            ("valid_from", Format::Ocpp21) => "validFrom",
            ("min_price", Format::Ocpp21) => "minCost",
            ("max_price", Format::Ocpp21) => "maxCost",
            ("valid_from", _) => "start_date_time",
            ("valid_until", _) => "end_date_time",
            ("tax_mode", _) => "tax_included",
            _ => member,
        }
    }
}

/// The place of a member of a component, in an entry of an OCPP list: the list itself holds the taxes.
fn locate_in_entry<'a>(entry: &str, price: &str, mut steps: impl Iterator<Item = &'a str>) -> String {
    let list = entry.split("/prices/").next().unwrap_or(entry);
    match (steps.next(), steps.next(), steps.next()) {
        (Some("price"), ..) => alloc::format!("{entry}{price}"),
        (Some("taxes"), None, _) => alloc::format!("{list}/taxRates"),
        (Some("taxes"), Some(index), None) => alloc::format!("{list}/taxRates/{index}"),
        (Some("taxes"), Some(index), Some(member)) => {
            let member = match member {
                "percent" => "tax",
                "name" => "type",
                other => other,
            };
            alloc::format!("{list}/taxRates/{index}/{member}")
        }
        _ => entry.to_string(),
    }
}

/// The name in OCPI of a member of a component or condition.
fn ocpi_member(own: &str) -> &str {
    match own {
        "taxes" | "percent" => "vat",
        other => other,
    }
}

/// The name in OCPP of a member of a component or condition.
fn ocpp_member(own: &str) -> &str {
    match own {
        "start_time" => "startTimeOfDay",
        "end_time" => "endTimeOfDay",
        "start_date" => "validFromDate",
        "end_date" => "validToDate",
        "day_of_week" => "dayOfWeek",
        "min_kwh" => "minEnergy",
        "max_kwh" => "maxEnergy",
        "min_current" => "minCurrent",
        "max_current" => "maxCurrent",
        "min_power" => "minPower",
        "max_power" => "maxPower",
        "min_duration" => "minTime",
        "max_duration" => "maxTime",
        "min_charging_time" => "minChargingTime",
        "max_charging_time" => "maxChargingTime",
        "min_idle_time" => "minIdleTime",
        "max_idle_time" => "maxIdleTime",
        "evse_kind" => "evseKind",
        "payment_brand" => "paymentBrand",
        "payment_recognition" => "paymentRecognition",
        other => other,
    }
}

/// A record and what was noticed while reading it.
#[derive(Clone, Debug)]
pub struct RecordDocument {
    /// The record.
    pub record: Record,
    /// The kind of document.
    pub kind: DocumentKind,
    /// What it was written in.
    pub format: Format,
    /// The tariffs it carries; an error if one of them cannot be read, which only matters to those who want to use them.
    pub tariffs: Result<Vec<TariffDocument>, DocumentError>,
    /// What it says the session costs.
    pub claims: Claims,
    /// What was noticed; pointers lead into the document.
    pub diagnostics: Vec<Diagnostic>,
}

/// The kind of a document about usage.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum DocumentKind {
    /// A CDR.
    Cdr,
    /// A Session, which may still go on.
    Session,
    /// Cost details of OCPP.
    CostDetails,
    /// A serialised [`Record`].
    Own,
}

impl RecordDocument {
    /// Reads a CDR, a Session or cost details from JSON; without a format it is recognised by its members.
    ///
    /// # Errors
    /// When the text is no such document, or its quantities cannot be understood; the diagnostics say what and where.
    pub fn read(text: &str, format: Option<Format>, context: &Context, policy: &Policy) -> Result<Self, DocumentError> {
        let format = match format {
            Some(format) => format,
            None => detect_record(text)?,
        };
        match format {
            #[cfg(feature = "ocpi")]
            Format::Ocpi211 | Format::Ocpi221 | Format::Ocpi230 => record::read_text(text, format, context, policy),
            #[cfg(feature = "ocpp")]
            Format::Ocpp21 => ocpp::read_cost_text(text, context, policy),
            Format::Own => {
                let mut record: Record = serde_json::from_str(text).map_err(|error| DocumentError::of_json(&error))?;
                context.complete(&mut record);
                Ok(Self {
                    record,
                    kind: DocumentKind::Own,
                    format,
                    tariffs: Ok(Vec::new()),
                    claims: Claims::default(),
                    diagnostics: Vec::new(),
                })
            }
            #[cfg(not(all(feature = "ocpi", feature = "ocpp")))]
            format => Err(DocumentError::at("", alloc::format!("support of {format} is not part of this build"))),
        }
    }

    /// Checks the record and makes it ready for pricing.
    ///
    /// # Errors
    /// When it cannot be priced exactly, or the policy refuses it; pointers lead into the document.
    pub fn usage(&self, policy: &Policy) -> Result<Usage, DocumentError> {
        Usage::new(&self.record, policy)
            .map_err(|UsageError { diagnostics }| DocumentError { diagnostics: self.located(&diagnostics) })
    }

    /// The pointer into the document for one into the [`Record`], such as checking and pricing report.
    #[must_use]
    pub fn locate(&self, pointer: &str) -> String {
        locate_in_record(pointer, self.kind, self.format)
    }

    /// The same diagnostics with pointers into the document.
    #[must_use]
    pub fn located(&self, diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
        diagnostics.iter().map(|found| Diagnostic { pointer: self.locate(&found.pointer), ..found.clone() }).collect()
    }
}

/// The pointer into a document for one into the [`Record`].
pub(crate) fn locate_in_record(pointer: &str, kind: DocumentKind, format: Format) -> String {
    if kind == DocumentKind::Own {
        return pointer.to_string();
    }
    let mut steps = pointer.split('/').skip(1);
    match (steps.next(), steps.next()) {
        (Some("periods"), None) if kind == DocumentKind::CostDetails => "/chargingPeriods".to_string(),
        (Some("periods"), None) => "/charging_periods".to_string(),
        (Some("periods"), Some(index)) => {
            let is_ocpp = kind == DocumentKind::CostDetails;
            let mut found = alloc::format!("/{}/{index}", if is_ocpp { "chargingPeriods" } else { "charging_periods" });
            found.push_str(match steps.next() {
                None => "",
                Some("start") if is_ocpp => "/startPeriod",
                Some("start") => "/start_date_time",
                Some("tariff") if is_ocpp => "/tariffId",
                Some("tariff") => "/tariff_id",
                Some(_) => "/dimensions",
            });
            found
        }
        (Some(member), _) => {
            let name = match (member, kind, format) {
                ("start", DocumentKind::Session, Format::Ocpi211) => "start_datetime",
                ("end", DocumentKind::Session, Format::Ocpi211) => "end_datetime",
                ("end", DocumentKind::Cdr, Format::Ocpi211) => "stop_date_time",
                ("start" | "end", DocumentKind::CostDetails, _) => "chargingPeriods",
                ("start", ..) => "start_date_time",
                ("end", ..) => "end_date_time",
                ("total_energy", DocumentKind::Session, _) => "kwh",
                ("zone" | "tariff_ids" | "reservation" | "booking" | "facts", ..) => return String::new(),
                _ => member,
            };
            alloc::format!("/{name}")
        }
        (None, _) => String::new(),
    }
}

/// What a record cannot say about itself.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Local time at the charging location (R18).
    pub zone: Zone,
    /// What became of the reservation; none: used if anything was (R39).
    pub reservation: Option<ReservationOutcome>,
    /// What became of the booking; none: not known (R40).
    pub booking: Option<BookingOutcome>,
    /// The type of tariff that fits the session; none: as the record says (R10).
    pub preference: Option<TariffKind>,
    /// What fixed fees and conditions may depend on; a fact given here wins over the record (R62, R83).
    pub facts: Facts,
    /// Until when a session that still goes on is to be read; none: until its last update.
    pub until: Option<DateTime<Utc>>,
    /// Whether a cost comes from an update of a transaction that goes on, which should not list periods (R80).
    pub is_update: bool,
}

impl Context {
    /// The context of a location in a time zone.
    #[must_use]
    pub fn in_zone(zone: impl Into<Zone>) -> Self {
        Self { zone: zone.into(), ..Self::default() }
    }

    /// Adds what the caller knows to a record.
    pub(crate) fn complete(&self, record: &mut Record) {
        let zone = self.zone.between(record.start, record.end);
        self.complete_in(zone, record);
    }

    /// The same with local time that is known already.
    pub(crate) fn complete_in(&self, zone: Option<LocalTime>, record: &mut Record) {
        record.reservation = self.reservation.or(record.reservation);
        record.booking = self.booking.or(record.booking);
        record.preference = self.preference.or(record.preference);
        record.facts.evse_kind = self.facts.evse_kind.or(record.facts.evse_kind);
        if self.facts.payment_brand.is_some() {
            record.facts.payment_brand.clone_from(&self.facts.payment_brand);
        }
        if self.facts.payment_recognition.is_some() {
            record.facts.payment_recognition.clone_from(&self.facts.payment_recognition);
        }
        if let Some(zone) = zone {
            record.zone = zone;
        }
    }

    /// Whether there is nothing to add but a zone.
    #[cfg(feature = "ocpi")]
    pub(crate) fn adds_nothing(&self) -> bool {
        self.reservation.is_none()
            && self.booking.is_none()
            && self.preference.is_none()
            && self.facts == Facts::default()
    }
}

/// Where local time at the charging location comes from (R18).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Zone {
    /// From the record: its time zone, or its country if that has one zone.
    #[default]
    OfRecord,
    /// Offsets the caller knows.
    Offsets(LocalTime),
    /// A zone of the IANA database.
    #[cfg(feature = "tz")]
    Named(chrono_tz::Tz),
}

impl Zone {
    /// The offsets during a session; none if only the record can tell.
    #[cfg_attr(not(feature = "tz"), expect(unused_variables, reason = "only zones of the database depend on the date"))]
    pub(crate) fn between(&self, start: DateTime<Utc>, end: DateTime<Utc>) -> Option<LocalTime> {
        match self {
            Self::OfRecord => None,
            Self::Offsets(offsets) => Some(offsets.clone()),
            #[cfg(feature = "tz")]
            Self::Named(zone) => Some(local_time(*zone, start, end)),
        }
    }
}

/// Local time during a session. One over more than twenty years is beyond what is priced, and would take long to resolve.
#[cfg(feature = "tz")]
pub(crate) fn local_time(zone: chrono_tz::Tz, start: DateTime<Utc>, end: DateTime<Utc>) -> LocalTime {
    if (end - start).num_days() > 20 * 366 { LocalTime::Unknown } else { LocalTime::of(zone, start, end) }
}

impl From<LocalTime> for Zone {
    fn from(offsets: LocalTime) -> Self {
        Self::Offsets(offsets)
    }
}

#[cfg(feature = "tz")]
impl From<chrono_tz::Tz> for Zone {
    fn from(zone: chrono_tz::Tz) -> Self {
        Self::Named(zone)
    }
}

/// What a record says the session costs, to be compared with what it should (R52).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Claims {
    /// Everything.
    pub total: Option<Claim>,
    /// Fixed fees.
    pub fixed: Option<Claim>,
    /// Energy.
    pub energy: Option<Claim>,
    /// Charging time.
    pub time: Option<Claim>,
    /// Parking time.
    pub parking_time: Option<Claim>,
    /// Reservation.
    pub reservation: Option<Claim>,
}

/// An amount that a record states.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Claim {
    /// Before tax, if stated.
    pub excl_tax: Option<Decimal>,
    /// After tax, if stated or the sum of what is stated.
    pub incl_tax: Option<Decimal>,
    /// Where it stands.
    pub pointer: String,
}

/// A document cannot be used; the diagnostics say why.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("document refused: {}", .diagnostics.iter().find(|found| found.severity == Severity::Error).map_or_else(String::new, ToString::to_string))]
pub struct DocumentError {
    /// What was found; at least one is an error.
    pub diagnostics: Vec<Diagnostic>,
}

impl DocumentError {
    pub(crate) fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { diagnostics: Vec::from([Diagnostic::new(Code::ValueInvalid, pointer).with_detail(detail)]) }
    }

    pub(crate) fn of_json(error: &serde_json::Error) -> Self {
        Self::at("", error.to_string())
    }

    pub(crate) fn of(findings: Findings) -> Self {
        Self { diagnostics: findings.0 }
    }
}

/// An object that is a tariff.
pub trait TariffSource {
    /// Reads the tariff.
    ///
    /// # Errors
    /// When it cannot be priced right; the diagnostics say what and where.
    fn to_tariff(&self, policy: &Policy) -> Result<TariffDocument, DocumentError>;
}

/// An object that says what was used.
pub trait RecordSource {
    /// Reads the record.
    ///
    /// # Errors
    /// When its quantities cannot be understood; the diagnostics say what and where.
    fn to_record(&self, context: &Context, policy: &Policy) -> Result<RecordDocument, DocumentError>;
}

/// The names of the members of an object, and the text of one that decides.
struct Outline<'a>(Vec<(alloc::borrow::Cow<'a, str>, &'a str)>);

impl<'a> Outline<'a> {
    fn of(text: &'a str) -> Result<Self, DocumentError> {
        use alloc::borrow::Cow;

        use serde::de::{Deserializer, MapAccess, Visitor};
        use serde_json::value::RawValue;

        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Vec<(Cow<'de, str>, &'de str)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(name) = map.next_key::<Name<'de>>()? {
                    members.push((name.0, map.next_value::<&'de RawValue>()?.get()));
                }
                Ok(members)
            }
        }

        let mut reader = serde_json::Deserializer::from_str(text);
        let members = reader.deserialize_map(Members).map_err(|error| DocumentError::of_json(&error))?;
        reader.end().map_err(|error| DocumentError::of_json(&error))?;
        Ok(Self(members))
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    fn text_of(&self, name: &str) -> &'a str {
        self.0.iter().rev().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }
}

/// A member name, borrowed where it has no escapes.
pub(super) struct Name<'a>(pub(super) alloc::borrow::Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Name<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        use alloc::borrow::Cow;

        struct Text;

        impl<'de> serde::de::Visitor<'de> for Text {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(name))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(name.to_string()))
            }
        }

        from.deserialize_str(Text).map(Self)
    }
}

/// The format of a tariff, by members that only one version has.
fn detect_tariff(text: &str) -> Result<Format, DocumentError> {
    let outline = Outline::of(text)?;
    let elements = outline.text_of("elements");
    let limits = [outline.text_of("min_price"), outline.text_of("max_price")];
    Ok(if outline.has_any(&["tariffId", "chargingTime", "idleTime", "fixedFee", "energy"]) {
        Format::Ocpp21
    } else if outline.has_any(&["dialect", "tax_mode", "valid_from", "valid_until"]) {
        Format::Own
    } else if outline.has_any(&["tax_included", "preauthorize_amount"])
        || limits.iter().any(|limit| limit.contains("\"before_taxes\""))
        || elements.contains("\"booking\"")
    {
        Format::Ocpi230
    } else if outline.has_any(&[
        "country_code",
        "party_id",
        "type",
        "min_price",
        "max_price",
        "start_date_time",
        "end_date_time",
    ]) || ["\"vat\"", "\"reservation\"", "\"min_current\"", "\"max_current\""]
        .iter()
        .any(|member| elements.contains(member))
    {
        Format::Ocpi221
    } else {
        Format::Ocpi211
    })
}

/// The format of a record, by members that only one version has.
pub(crate) fn detect_record(text: &str) -> Result<Format, DocumentError> {
    let outline = Outline::of(text)?;
    let tariffs = outline.text_of("tariffs");
    Ok(if outline.has_any(&["chargingPeriods", "totalCost", "totalUsage"]) {
        Format::Ocpp21
    } else if outline.has("periods") || (outline.has("start") && outline.has("end")) {
        Format::Own
    } else if outline.has_any(&["stop_date_time", "start_datetime", "end_datetime", "auth_id", "location"]) {
        Format::Ocpi211
    } else if outline.has("booking_id")
        || outline.text_of("total_cost").contains("\"before_taxes\"")
        || tariffs.contains("\"tax_included\"")
        || tariffs.contains("\"before_taxes\"")
    {
        Format::Ocpi230
    } else {
        Format::Ocpi221
    })
}
