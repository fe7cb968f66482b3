//! `chargewire tariff explain`: a tariff in words.

use std::path::PathBuf;

use tariff::Language;

use super::{Refused, Terms, language, write_diagnostics, write_json, write_text};
use crate::Outcome;
use crate::failure::Failure;

/// Say in words what a tariff costs and when.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    terms: Terms,
    /// Language of the text.
    #[arg(long, value_name = "en|de|nl|fr", default_value = "en", value_parser = language)]
    language: Language,
    /// Write one JSON document with the sentences.
    #[arg(long)]
    json: bool,
    /// File with the tariff; standard input if it is `-` or not given.
    file: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let document = match arguments.terms.tariff(arguments.file.as_deref())? {
        Ok(document) => document,
        Err(error) => return Refused { name: None, diagnostics: error.diagnostics }.report(arguments.json),
    };
    let text = document.tariff.explain(arguments.language);
    if arguments.json {
        let sentences: Vec<&str> = text.lines().collect();
        write_json(&serde_json::json!({
            "id": document.tariff.id,
            "format": document.format.name(),
            "language": arguments.language.tag(),
            "sentences": sentences,
        }))?;
    } else {
        write_text(&text)?;
        write_diagnostics(&document.diagnostics)?;
    }
    Ok(Outcome::Good)
}
