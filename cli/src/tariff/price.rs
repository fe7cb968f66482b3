//! `chargewire tariff price`: the bill for a record.

use std::path::PathBuf;

use tariff::{Diagnostic, Language};

use super::{BillView, Refused, Session, language, write_diagnostics, write_json, write_text};
use crate::Outcome;
use crate::failure::Failure;

/// Write the bill for a charging record, item by item.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    session: Session,
    /// Write one JSON document.
    #[arg(long)]
    json: bool,
    /// Language of the text.
    #[arg(long, value_name = "en|de|nl|fr", default_value = "en", value_parser = language)]
    language: Language,
    /// Also write a page for a browser: power and price over time, costs, and every item.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let policy = &arguments.session.terms.policy;
    let loaded = match arguments.session.load()? {
        Ok(loaded) => loaded,
        Err(refused) => return refused.report(arguments.json),
    };
    let refused = |diagnostics| Refused { name: None, diagnostics };
    let compiled = match loaded.compile(policy) {
        Ok(compiled) => compiled,
        Err(refused) => return refused.report(arguments.json),
    };
    let usage = match loaded.record.usage(policy) {
        Ok(usage) => usage,
        Err(error) => return refused(error.diagnostics).report(arguments.json),
    };
    let mut bill = match compiled.price(&usage, policy) {
        Ok(bill) => bill,
        Err(refusal) => {
            return refused(loaded.record.located(&[Diagnostic::from(&refusal)])).report(arguments.json);
        }
    };
    let mut diagnostics = loaded.record.diagnostics.clone();
    diagnostics.extend(loaded.tariffs.iter().flat_map(|document| document.diagnostics.iter().cloned()));
    diagnostics.extend(loaded.located(compiled.diagnostics()));
    diagnostics.extend(loaded.record.located(&bill.diagnostics));
    bill.diagnostics = diagnostics;
    if let Some(path) = &arguments.html {
        let page = super::page::Page { usage: &usage, bill: &bill, compiled: &compiled };
        std::fs::write(path, page.render(arguments.language))
            .map_err(|source| Failure::WriteFile { path: path.clone(), source })?;
    }
    if arguments.json {
        write_json(&BillView::from(&bill))?;
    } else {
        write_text(&bill.explain_with(compiled.tariffs(), arguments.language))?;
        write_diagnostics(&bill.diagnostics)?;
    }
    Ok(if bill.diagnostics.is_empty() { Outcome::Good } else { Outcome::Findings })
}
