//! `chargewire tariff bulk`: records line by line, on all cores.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use tariff::{Compiled, Pricer, bulk};

use super::{Refused, Terms, Told, TotalsView, told};
use crate::Outcome;
use crate::failure::Failure;

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
    let (input, length): (Box<dyn BufRead + Send>, Option<u64>) = match path {
        Some(path) => {
            let file = File::open(path).map_err(unreadable)?;
            let length = file.metadata().ok().map(|data| data.len());
            (Box::new(BufReader::with_capacity(1 << 16, file)), length)
        }
        None => (Box::new(BufReader::with_capacity(1 << 16, io::stdin())), None),
    };
    let progress = progress(length);
    let mut failed = None;
    let lines = Lines { input, progress: progress.clone(), failed: &mut failed, is_done: false };
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut refused = 0_u64;
    let results = bulk(&pricer, lines, |pricer, text| pricer.totals(text));
    for (line, result) in (1..).zip(results) {
        let priced = match &result {
            Ok(totals) => Priced::Totals { line, totals: Box::new(totals.into()) },
            Err(error) => {
                refused += 1;
                Priced::Refused { line, diagnostics: told(&error.diagnostics) }
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

/// The lines of the input, as texts; reading stops at an error.
struct Lines<'a> {
    input: Box<dyn BufRead + Send>,
    progress: ProgressBar,
    failed: &'a mut Option<io::Error>,
    is_done: bool,
}

impl Iterator for Lines<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        if self.is_done {
            return None;
        }
        let mut bytes = Vec::new();
        // one byte more than a line may have tells whether it has more
        match io::Read::take(&mut self.input, MOST_BYTES + 1).read_until(b'\n', &mut bytes) {
            Ok(0) => {
                self.is_done = true;
                None
            }
            Ok(read) => {
                self.progress.inc(read as u64);
                if read as u64 > MOST_BYTES {
                    let error = io::Error::new(io::ErrorKind::InvalidData, "a line of more than 16 MiB");
                    *self.failed = Some(error);
                    self.is_done = true;
                    return None;
                }
                Some(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into()))
            }
            Err(error) => {
                *self.failed = Some(error);
                self.is_done = true;
                None
            }
        }
    }
}

const MOST_BYTES: u64 = 16 * 1024 * 1024;

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
