//! From the text of a record to its price, again and again.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::bill::{Bill, Totals};
use crate::compile::{CompileError, Compiled};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::policy::Policy;
use crate::source::json::{Reading, Value};
use crate::source::{
    Context, DocumentError, DocumentKind, Format, RecordDocument, TariffDocument, Zone, detect_record,
    locate_in_record, record, scan,
};
use crate::usage::{LocalTime, Record, Usage, UsageError};

/// Prices the texts of records one after the other, in memory that is there already.
///
/// Of the text of a usual CDR only what pricing needs is decoded, in one pass; everything else is read as patiently as
/// [`RecordDocument`] does, with the same outcome. What the record says it costs is not looked at.
///
/// # Example
/// ```
/// use tariff::source::TariffDocument;
/// use tariff::{Policy, Pricer};
///
/// let policy = Policy::default();
/// let tariff = TariffDocument::read(
///     r#"{"country_code": "DE", "party_id": "ALL", "id": "16", "currency": "EUR", "last_updated": "2024-01-01T00:00:00Z",
///         "elements": [{"price_components": [{"type": "ENERGY", "price": 0.25, "vat": 10.0, "step_size": 1}]}]}"#,
///     None,
///     &policy,
/// )?;
/// let mut pricer = Pricer::new(tariff.compile(&policy)?, policy);
/// let totals = pricer.totals(
///     r#"{"start_date_time": "2024-06-01T10:00:00Z", "end_date_time": "2024-06-01T11:00:00Z", "currency": "EUR",
///         "charging_periods": [{"start_date_time": "2024-06-01T10:00:00Z",
///                               "dimensions": [{"type": "ENERGY", "volume": 20}]}]}"#,
/// )?;
/// assert_eq!(totals.total.incl_tax.map(|amount| amount.to_string()).as_deref(), Some("5.5"));
/// # Ok::<(), tariff::source::DocumentError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pricer {
    tariffs: Tariffs,
    policy: Arc<Policy>,
    context: Arc<Context>,
    format: Option<Format>,
    record: Record,
    usage: Usage,
    zone: Option<ZoneCache>,
    /// The tariffs in the text before.
    repeated: scan::Repeated,
}

/// Local time around the records priced last: resolving a zone takes longer than pricing.
#[derive(Clone, Debug)]
struct ZoneCache {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    offsets: LocalTime,
}

/// Which tariffs price a record.
#[derive(Clone, Debug)]
enum Tariffs {
    /// These.
    Given(Arc<Ready>),
    /// Those it carries, remembered by their text.
    OfRecord(Cache),
}

/// Compiled tariffs, and what of a record they look at.
#[derive(Debug)]
struct Ready {
    compiled: Compiled,
    /// What was noticed about the tariffs of a record; pointers lead into it.
    diagnostics: Vec<Diagnostic>,
    needs_local_time: bool,
    /// Whether the surroundings of a record matter: the kind of EVSE or of token.
    needs_surroundings: bool,
}

impl Ready {
    fn new(compiled: Compiled, diagnostics: Vec<Diagnostic>) -> Self {
        let tariffs = compiled.tariffs();
        let conditions = || tariffs.iter().flat_map(|tariff| &tariff.elements).map(|element| &element.conditions);
        Self {
            needs_local_time: conditions().any(crate::Conditions::needs_local_time),
            needs_surroundings: conditions().any(|conditions| conditions.evse_kind.is_some())
                || (tariffs.len() > 1 && tariffs.iter().any(|tariff| tariff.kind.is_some())),
            compiled,
            diagnostics,
        }
    }
}

/// What tariffs of records were compiled to, by format and text.
#[derive(Clone, Debug, Default)]
struct Cache {
    known: HashMap<(Format, Box<str>), Arc<Ready>>,
    bytes: usize,
}

/// The most text of tariffs that is remembered.
const MOST_BYTES: usize = 4 * 1024 * 1024;

impl Pricer {
    /// Prices records by these tariffs, compiled under the same policy.
    #[must_use]
    pub fn new(tariffs: Compiled, policy: Policy) -> Self {
        Self::by(Tariffs::Given(Arc::new(Ready::new(tariffs, Vec::new()))), policy)
    }

    /// Prices records by the tariffs they carry.
    #[must_use]
    pub fn by_own_tariffs(policy: Policy) -> Self {
        Self::by(Tariffs::OfRecord(Cache::default()), policy)
    }

    /// The same with what records cannot say about themselves.
    #[must_use]
    pub fn in_context(mut self, context: Context) -> Self {
        self.context = Arc::new(context);
        self.zone = None;
        self
    }

    /// The same for records of one format; else each is recognised by its members.
    #[must_use]
    pub fn of_format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    /// What a record comes to.
    ///
    /// # Errors
    /// When the record cannot be read, or not be priced by the tariffs; pointers lead into its text.
    pub fn totals(&mut self, text: &str) -> Result<Totals, DocumentError> {
        let read = self.read(text)?;
        read.ready.compiled.totals(&self.usage, &self.policy).map_err(|refusal| read.refused(&refusal))
    }

    /// The bill for a record; its diagnostics tell about the text, and their pointers lead into it.
    ///
    /// # Errors
    /// As [`totals`](Self::totals).
    pub fn bill(&mut self, text: &str) -> Result<Bill, DocumentError> {
        let mut read = self.read(text)?;
        let mut bill =
            read.ready.compiled.price(&self.usage, &self.policy).map_err(|refusal| read.refused(&refusal))?;
        for found in &mut bill.diagnostics {
            found.pointer = locate_in_record(&found.pointer, read.kind, read.format);
        }
        read.diagnostics.append(&mut bill.diagnostics);
        bill.diagnostics = read.diagnostics;
        bill.diagnostics.splice(0..0, read.ready.diagnostics.iter().cloned());
        Ok(bill)
    }

    /// The record and the usage of the text that was priced last.
    #[must_use]
    pub fn last(&self) -> (&Record, &Usage) {
        (&self.record, &self.usage)
    }

    fn by(tariffs: Tariffs, policy: Policy) -> Self {
        Self {
            tariffs,
            policy: Arc::new(policy),
            context: Arc::new(Context::default()),
            format: None,
            record: Record::default(),
            usage: Usage::empty(),
            zone: None,
            repeated: scan::Repeated::default(),
        }
    }

    /// Reads a text into the usage.
    fn read(&mut self, text: &str) -> Result<Read, DocumentError> {
        let may_be_cdr = !matches!(self.format, Some(Format::Ocpp21 | Format::Own));
        let scanned = may_be_cdr.then(|| scan::cdr(text, self.format, &mut self.record, &mut self.repeated)).flatten();
        let read = match scanned {
            Some(rest) => self.complete(&rest)?,
            None => self.read_patiently(text)?,
        };
        self.usage.refill(&self.record, &self.policy).map_err(|UsageError { mut diagnostics }| {
            for found in &mut diagnostics {
                found.pointer = locate_in_record(&found.pointer, read.kind, read.format);
            }
            DocumentError { diagnostics }
        })?;
        Ok(read)
    }

    /// Adds to a usual CDR what its tariffs look at.
    fn complete(&mut self, rest: &scan::Rest<'_>) -> Result<Read, DocumentError> {
        let (format, policy) = (self.format, &*self.policy);
        let (ready, format) = match &mut self.tariffs {
            // the versions after 2.1.1 differ in their tariffs only
            Tariffs::Given(ready) => (Arc::clone(ready), if rest.is_211 { Format::Ocpi211 } else { Format::Ocpi221 }),
            Tariffs::OfRecord(cache) => {
                let format = format.unwrap_or_else(|| rest.format());
                (cache.ready(rest.tariffs.map(Value::known), format, policy)?, format)
            }
        };
        let mut reading = Reading::new(policy);
        let infers_zone = ready.needs_local_time && matches!(self.context.zone, Zone::OfRecord);
        if infers_zone || ready.needs_surroundings {
            let (location, token) = (rest.location.map(Value::known), rest.token.map(Value::known));
            record::surroundings(location, token, format, &self.context, &mut self.record, &mut reading);
        }
        let diagnostics = only_needed(reading.findings, &ready);
        if ready.needs_local_time || !self.context.adds_nothing() {
            let zone = self.offsets();
            self.context.complete_in(zone, &mut self.record);
        }
        Ok(Read { ready, kind: DocumentKind::Cdr, format, diagnostics })
    }

    /// Local time during the record, if the caller says what it is.
    fn offsets(&mut self) -> Option<LocalTime> {
        let (start, end) = (self.record.start, self.record.end);
        if let Some(known) = self.zone.as_ref().filter(|known| known.from <= start && end <= known.to) {
            return Some(known.offsets.clone());
        }
        let around = TimeDelta::days(30);
        let (from, to) = (start.checked_sub_signed(around)?, end.max(start).checked_add_signed(around)?);
        let offsets = self.context.zone.between(from, to)?;
        self.zone = Some(ZoneCache { from, to, offsets: offsets.clone() });
        Some(offsets)
    }

    fn read_patiently(&mut self, text: &str) -> Result<Read, DocumentError> {
        let format = match self.format {
            Some(format) => format,
            None => detect_record(text)?,
        };
        if matches!(format, Format::Ocpp21 | Format::Own) {
            let document = RecordDocument::read(text, Some(format), &self.context, &self.policy)?;
            self.record = document.record;
            let ready = match &mut self.tariffs {
                Tariffs::Given(ready) => Arc::clone(ready),
                Tariffs::OfRecord(cache) => cache.ready(None, format, &self.policy)?,
            };
            return Ok(Read { ready, kind: document.kind, format, diagnostics: document.diagnostics });
        }
        let mut reading = Reading::new(&self.policy);
        let (object, kind, record) = record::read_record(text, format, &self.context, &mut reading)?;
        self.record = record;
        let ready = match &mut self.tariffs {
            Tariffs::Given(ready) => Arc::clone(ready),
            Tariffs::OfRecord(cache) => cache.ready(object.given("tariffs"), format, &self.policy)?,
        };
        let diagnostics = only_needed(reading.findings, &ready);
        Ok(Read { ready, kind, format, diagnostics })
    }
}

/// Where a zone came from matters only to those who look at local time.
fn only_needed(findings: Findings, ready: &Ready) -> Vec<Diagnostic> {
    let mut diagnostics = findings.0;
    if !ready.needs_local_time {
        diagnostics.retain(|found| found.code != Code::TimeZoneInferred);
    }
    diagnostics
}

/// A record that was read into the usage.
struct Read {
    ready: Arc<Ready>,
    kind: DocumentKind,
    format: Format,
    diagnostics: Vec<Diagnostic>,
}

impl Read {
    fn refused(&self, refusal: &crate::Refusal) -> DocumentError {
        let mut diagnostic = Diagnostic::from(refusal);
        diagnostic.pointer = locate_in_record(&diagnostic.pointer, self.kind, self.format);
        DocumentError { diagnostics: Vec::from([diagnostic]) }
    }
}

impl Cache {
    /// The tariffs of a record, compiled.
    fn ready(
        &mut self,
        tariffs: Option<Value<'_>>,
        format: Format,
        policy: &Policy,
    ) -> Result<Arc<Ready>, DocumentError> {
        let key = (format, tariffs.map_or("", Value::text).into());
        if let Some(known) = self.known.get(&key) {
            return Ok(Arc::clone(known));
        }
        let documents = record::read_tariffs(tariffs, format, policy)?;
        if documents.is_empty() {
            let none = Diagnostic::new(Code::NoActiveTariff, "/tariffs").with_detail("the record carries no tariff");
            return Err(DocumentError { diagnostics: Vec::from([none]) });
        }
        let ready = Arc::new(compile(&documents, policy)?);
        if self.bytes + key.1.len() > MOST_BYTES {
            self.known.clear();
            self.bytes = 0;
        }
        if key.1.len() <= MOST_BYTES {
            self.bytes += key.1.len();
            self.known.insert(key, Arc::clone(&ready));
        }
        Ok(ready)
    }
}

/// Compiles tariffs together; pointers of diagnostics lead into their documents.
fn compile(documents: &[TariffDocument], policy: &Policy) -> Result<Ready, DocumentError> {
    let tariffs: Vec<_> = documents.iter().map(|document| document.tariff.clone()).collect();
    let locate = |found: &Diagnostic| {
        let (document, pointer) = match documents {
            [only] => (Some(only), found.pointer.as_str()),
            _ => {
                let (index, pointer) = found.pointer.get(1..).unwrap_or_default().split_at(
                    found.pointer.get(1..).and_then(|rest| rest.find('/')).unwrap_or(found.pointer.len().max(1) - 1),
                );
                (index.parse::<usize>().ok().and_then(|index| documents.get(index)), pointer)
            }
        };
        let pointer = document.map_or_else(|| found.pointer.clone(), |document| document.locate(pointer));
        Diagnostic { pointer, ..found.clone() }
    };
    match Compiled::new(&tariffs, policy) {
        Ok(compiled) => {
            let own = documents.iter().flat_map(|document| document.diagnostics.iter().cloned());
            let diagnostics = own.chain(compiled.diagnostics().iter().map(locate)).collect();
            Ok(Ready::new(compiled, diagnostics))
        }
        Err(CompileError { diagnostics }) => {
            Err(DocumentError { diagnostics: diagnostics.iter().map(locate).collect() })
        }
    }
}
