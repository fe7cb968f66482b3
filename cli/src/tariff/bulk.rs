//! `chargewire tariff bulk`: records line by line, on all cores.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, IsTerminal, Read, Write};
use std::iter;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use tariff::{Code, Compiled, Diagnostic, Pricer, bulk};

use super::{Refused, Terms, Told, TotalsView, not_text, told};
use crate::Outcome;
use crate::failure::Failure;
use crate::lines::{Line, Lines};
use crate::ocpi::MAX_BYTES;

/// Price one record per line, on all cores: one line of JSON in, one line of JSON out, in the same order.
///
/// A line that cannot be priced has diagnostics in place of totals and does not stop the others.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    terms: Terms,
    /// A tariff of OCPI or OCPP 2.1, to be given as often as there are tariffs; else each record is priced by those it carries.
    #[arg(long, value_name = "FILE")]
    tariff: Vec<PathBuf>,
    /// File with the records; standard input if it is `-` or not given.
    file: Option<PathBuf>,
}

/// A line of the output.
#[derive(Serialize)]
#[serde(untagged)]
enum Priced<'a> {
    Totals {
        line: u64,
        #[serde(flatten)]
        totals: Box<TotalsView>,
    },
    Refused {
        line: u64,
        diagnostics: Vec<Told<'a>>,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let policy = arguments.terms.policy.clone();
    let mut tariffs = Vec::new();
    for path in &arguments.tariff {
        match arguments.terms.tariff(Some(path))? {
            Ok(document) => tariffs.push(document.tariff),
            Err(error) => return Refused::of(path, error).report(true),
        }
    }
    let pricer = if tariffs.is_empty() {
        Pricer::by_own_tariffs(policy)
    } else {
        match Compiled::new(&tariffs, &policy) {
            Ok(compiled) => Pricer::new(compiled, policy),
            Err(error) => return Refused { name: None, diagnostics: error.diagnostics }.report(true),
        }
    };
    let pricer = pricer.in_context(arguments.terms.context());
    let pricer = match arguments.terms.ocpi {
        Some(format) => pricer.of_format(format),
        None => pricer,
    };

    let path = arguments.file.as_deref().filter(|path| *path != Path::new("-"));
    let unreadable = |source| Failure::Read { path: path.map(Path::to_owned), source };
    let (input, length): (Box<dyn Read + Send>, Option<u64>) = match path {
        Some(path) => {
            let file = File::open(path).map_err(unreadable)?;
            let length = file.metadata().ok().map(|data| data.len());
            (Box::new(file), length)
        }
        None => (Box::new(io::stdin()), None),
    };
    let progress = progress(length);
    let reader = BufReader::with_capacity(1 << 16, progress.wrap_read(input));
    let mut failed = None;
    let mut lines = Lines::new(reader, MAX_BYTES);
    let records = iter::from_fn(|| match lines.next() {
        Ok(line) => line.map(|line| Record::of(&line)),
        Err(error) => {
            failed = Some(error);
            None
        }
    });
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut refused = 0_u64;
    let results = bulk(&pricer, records.fuse(), |pricer, record| match record {
        Record::Text(text) => pricer.totals(text).map_err(|error| error.diagnostics),
        Record::Unreadable(found) => Err(vec![found.clone()]),
    });
    for (line, result) in (1..).zip(results) {
        let priced = match &result {
            Ok(totals) => Priced::Totals { line, totals: Box::new(totals.into()) },
            Err(diagnostics) => {
                refused += 1;
                Priced::Refused { line, diagnostics: told(diagnostics) }
            }
        };
        serde_json::to_writer(&mut out, &priced).map_err(io::Error::from)?;
        writeln!(out)?;
    }
    out.flush()?;
    progress.finish_and_clear();
    match failed {
        Some(source) => Err(unreadable(source)),
        None if refused > 0 => Ok(Outcome::Findings),
        None => Ok(Outcome::Good),
    }
}

/// A line of the input.
enum Record {
    Text(String),
    Unreadable(Diagnostic),
}

impl Record {
    fn of(line: &Line<'_>) -> Self {
        if line.length > MAX_BYTES {
            let detail = format!("{} bytes, and at most {MAX_BYTES} are read", line.length);
            return Self::Unreadable(Diagnostic::new(Code::ValueInvalid, "").with_detail(detail));
        }
        match str::from_utf8(line.bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(error) => Self::Unreadable(not_text(error)),
        }
    }
}

impl AsRef<str> for Record {
    fn as_ref(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Unreadable(_) => "",
        }
    }
}

/// A bar on standard error, if that is a terminal.
fn progress(length: Option<u64>) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
    let template = "{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
    match ProgressStyle::with_template(if length.is_some() { template } else { "{spinner} {bytes} {bytes_per_sec}" }) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
