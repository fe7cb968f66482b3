//! `chargewire tariff`: bills, and what is to be said about tariffs and claims.

mod bulk;
mod compare;
mod convert;
mod explain;
mod lint;
mod page;
mod price;
mod verify;

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::Utf8Error;

use serde::Serialize;
use tariff::source::{Context, DocumentError, Format, RecordDocument, TariffDocument};
use tariff::{Code, Compiled, Diagnostic, Exact, Group, Language, Line, Policy, Severity, TaxLine, Totals};

use crate::Outcome;
use crate::failure::Failure;
use crate::ocpi;
use crate::printable::Printable;

/// Price charging records, explain, check, compare and convert tariffs.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Price(price::Arguments),
    Explain(explain::Arguments),
    Lint(lint::Arguments),
    Verify(verify::Arguments),
    Compare(compare::Arguments),
    Convert(convert::Arguments),
    Bulk(bulk::Arguments),
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    match &arguments.command {
        Command::Price(arguments) => price::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Lint(arguments) => lint::run(arguments),
        Command::Verify(arguments) => verify::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Convert(arguments) => convert::run(arguments),
        Command::Bulk(arguments) => bulk::run(arguments),
    }
}

/// How documents are read and priced.
#[derive(clap::Args)]
struct Terms {
    /// Version of the OCPI documents; recognised by their members if not given.
    #[arg(long, value_name = "2.1.1|2.2.1|2.3.0")]
    ocpi: Option<Format>,
    /// Time zone of the charging location, such as Europe/Amsterdam, for prices that depend on local time.
    #[arg(long, value_name = "TZ")]
    timezone: Option<chrono_tz::Tz>,
    /// How open points of the specifications are decided: default, literal, driver_friendly, compat_stated_volumes,
    /// compat_measured_steps, compat_period_steps, compat_first_element, or a JSON file with the options.
    #[arg(long, value_name = "NAME|FILE", default_value = "default", value_parser = policy)]
    policy: Policy,
}

fn policy(name: &str) -> Result<Policy, String> {
    let preset = match name.parse() {
        Ok(policy) => return Ok(policy),
        Err(error) => error,
    };
    if !Path::new(name).exists() {
        return Err(format!("{preset}"));
    }
    let text = std::fs::read_to_string(name).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

impl Terms {
    fn context(&self) -> Context {
        self.timezone.map_or_else(Context::default, Context::in_zone)
    }

    fn tariff(&self, path: Option<&Path>) -> Result<Result<TariffDocument, DocumentError>, Failure> {
        let text = text(path)?;
        Ok(text.and_then(|text| TariffDocument::read(&text, self.ocpi, &self.policy)))
    }

    fn record(&self, path: &Path) -> Result<Result<RecordDocument, DocumentError>, Failure> {
        let text = text(Some(path))?;
        Ok(text.and_then(|text| RecordDocument::read(&text, self.ocpi, &self.context(), &self.policy)))
    }
}

/// A record with its tariffs.
#[derive(clap::Args)]
struct Session {
    /// A CDR, a Session, or cost details of OCPP 2.1; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    cdr: PathBuf,
    /// A tariff of OCPI or OCPP 2.1, to be given as often as there are tariffs; else those the record carries are used.
    #[arg(long, value_name = "FILE")]
    tariff: Vec<PathBuf>,
    #[command(flatten)]
    terms: Terms,
}

/// A record that was read, and the tariffs to price it by.
struct Loaded {
    record: RecordDocument,
    tariffs: Vec<TariffDocument>,
}

impl Session {
    fn load(&self) -> Result<Result<Loaded, Refused>, Failure> {
        let record = match self.terms.record(&self.cdr)? {
            Ok(record) => record,
            Err(error) => return Ok(Err(Refused::of(&self.cdr, error))),
        };
        let mut tariffs = Vec::new();
        for path in &self.tariff {
            match self.terms.tariff(Some(path))? {
                Ok(document) => tariffs.push(document),
                Err(error) => return Ok(Err(Refused::of(path, error))),
            }
        }
        if self.tariff.is_empty() {
            match &record.tariffs {
                Ok(own) if own.is_empty() => {
                    return Err(Failure::NoTariff { path: self.cdr.clone() });
                }
                Ok(own) => tariffs.clone_from(own),
                Err(error) => return Ok(Err(Refused::of(&self.cdr, error.clone()))),
            }
        }
        Ok(Ok(Loaded { record, tariffs }))
    }
}

impl Loaded {
    /// The tariffs, ready for pricing; pointers of what was found lead into the document of each.
    fn compile(&self, policy: &Policy) -> Result<Compiled, Refused> {
        let tariffs: Vec<_> = self.tariffs.iter().map(|document| document.tariff.clone()).collect();
        Compiled::new(&tariffs, policy)
            .map_err(|error| Refused { name: None, diagnostics: self.located(&error.diagnostics) })
    }

    /// Diagnostics about several tariffs start with the index of the tariff.
    fn located(&self, diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
        if let [only] = &self.tariffs[..] {
            return only.located(diagnostics);
        }
        let located = |found: &Diagnostic| {
            let (index, rest) = found.pointer.strip_prefix('/')?.split_at_checked(found.pointer[1..].find('/')?)?;
            let document = self.tariffs.get(index.parse::<usize>().ok()?)?;
            Some(Diagnostic { pointer: format!("/{index}{}", document.locate(rest)), ..found.clone() })
        };
        diagnostics.iter().map(|found| located(found).unwrap_or_else(|| found.clone())).collect()
    }
}

/// A document that cannot be used.
struct Refused {
    name: Option<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Refused {
    fn of(path: &Path, error: DocumentError) -> Self {
        Self { name: Some(path.display().to_string()), diagnostics: error.diagnostics }
    }

    /// Says so, and gives the status.
    fn report(&self, json: bool) -> Result<Outcome, Failure> {
        if json {
            write_json(&serde_json::json!({ "document": self.name, "diagnostics": told(&self.diagnostics) }))?;
        } else {
            if let Some(name) = &self.name {
                writeln!(io::stderr().lock(), "{}:", Printable(name))?;
            }
            write_diagnostics(&self.diagnostics)?;
        }
        Ok(Outcome::Findings)
    }
}

/// A diagnostic in JSON, with its words.
#[derive(Serialize)]
struct Told<'a> {
    code: &'static str,
    severity: Severity,
    pointer: &'a str,
    message: String,
}

fn told(diagnostics: &[Diagnostic]) -> Vec<Told<'_>> {
    diagnostics
        .iter()
        .map(|found| Told {
            code: found.code.as_str(),
            severity: found.severity,
            pointer: &found.pointer,
            message: if found.detail.is_empty() {
                found.code.meaning().to_owned()
            } else {
                format!("{}: {}", found.code.meaning(), found.detail)
            },
        })
        .collect()
}

fn write_diagnostics(diagnostics: &[Diagnostic]) -> Result<(), Failure> {
    let mut err = BufWriter::new(io::stderr().lock());
    for found in diagnostics {
        writeln!(err, "{}: {}", name(found.severity), Printable(&found.to_string()))?;
    }
    Ok(err.flush()?)
}

const fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// What totals look like in JSON: amounts are texts, what is not known is null.
#[derive(Serialize)]
struct TotalsView {
    currency: String,
    total: CostView,
    energy: GroupView,
    time: GroupView,
    parking_time: GroupView,
    fixed: GroupView,
    reservation: GroupView,
}

#[derive(Serialize)]
struct CostView {
    excl_tax: Option<Exact>,
    incl_tax: Option<Exact>,
}

#[derive(Serialize)]
struct GroupView {
    quantity: Exact,
    billed: Exact,
    #[serde(flatten)]
    cost: CostView,
}

impl From<tariff::Cost> for CostView {
    fn from(cost: tariff::Cost) -> Self {
        Self { excl_tax: cost.excl_tax, incl_tax: cost.incl_tax }
    }
}

impl From<Group> for GroupView {
    fn from(group: Group) -> Self {
        Self { quantity: group.quantity, billed: group.billed, cost: group.cost.into() }
    }
}

impl From<&Totals> for TotalsView {
    fn from(totals: &Totals) -> Self {
        Self {
            currency: totals.currency.code().to_owned(),
            total: totals.total.into(),
            energy: totals.energy.into(),
            time: totals.time.into(),
            parking_time: totals.parking_time.into(),
            fixed: totals.fixed.into(),
            reservation: totals.reservation.into(),
        }
    }
}

/// What a bill looks like in JSON.
#[derive(Serialize)]
struct BillView<'a> {
    #[serde(flatten)]
    totals: TotalsView,
    limit: Option<tariff::Limit>,
    lines: &'a [Line],
    taxes: &'a [TaxLine],
    tariffs: &'a [String],
    invoice: tariff::Invoice,
    diagnostics: Vec<Told<'a>>,
}

impl<'a> From<&'a tariff::Bill> for BillView<'a> {
    fn from(bill: &'a tariff::Bill) -> Self {
        Self {
            totals: (&bill.totals).into(),
            limit: bill.totals.limit,
            lines: &bill.lines,
            taxes: &bill.taxes,
            tariffs: &bill.tariffs,
            invoice: bill.invoice(),
            diagnostics: told(&bill.diagnostics),
        }
    }
}

/// The languages of explanations, for the command line.
fn language(tag: &str) -> Result<Language, String> {
    Language::of_tag(tag).ok_or_else(|| {
        let known: Vec<&str> = Language::ALL.iter().map(|language| language.tag()).collect();
        format!("not one of {}", known.join(", "))
    })
}

/// Writes one JSON document.
fn write_json(document: &impl Serialize) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    serde_json::to_writer(&mut out, document).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

/// Writes text, whose lines are fit for a terminal already.
fn write_text(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// The text of a file or of standard input.
fn text(path: Option<&Path>) -> Result<Result<String, DocumentError>, Failure> {
    let bytes = ocpi::read(path)?;
    Ok(String::from_utf8(bytes).map_err(|error| DocumentError { diagnostics: vec![not_text(error.utf8_error())] }))
}

fn not_text(error: Utf8Error) -> Diagnostic {
    Diagnostic::new(Code::ValueInvalid, "").with_detail(format!("not UTF-8 from byte {} on", error.valid_up_to()))
}
