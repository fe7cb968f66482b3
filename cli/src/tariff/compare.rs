//! `chargewire tariff compare`: one usage under several tariffs.

use std::io::{self, BufWriter, Write};

use super::{Refused, Session, TotalsView, told, write_json};
use crate::Outcome;
use crate::failure::Failure;
use crate::printable::Printable;

/// Say what one usage costs under several tariffs, and from which energy on their order changes.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    session: Session,
    /// Write one JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let loaded = match arguments.session.load()? {
        Ok(loaded) => loaded,
        Err(refused) => return refused.report(arguments.json),
    };
    let tariffs: Vec<_> = loaded.tariffs.iter().map(|document| document.tariff.clone()).collect();
    let comparison = match tariff::compare(&tariffs, &loaded.record.record, &arguments.session.terms.policy) {
        Ok(comparison) => comparison,
        Err(error) => {
            let diagnostics = loaded.record.located(&error.diagnostics);
            return Refused { name: None, diagnostics }.report(arguments.json);
        }
    };
    let id = |index: usize| tariffs.get(index).map_or("", |tariff| tariff.id.as_str());
    if arguments.json {
        let offers: Vec<_> = comparison
            .offers
            .iter()
            .map(|offer| serde_json::json!({"tariff": offer.tariff, "id": offer.id, "totals": TotalsView::from(&offer.totals)}))
            .collect();
        let refused: Vec<_> = comparison
            .refused
            .iter()
            .map(|it| serde_json::json!({"tariff": it.tariff, "id": it.id, "diagnostics": told(&it.diagnostics)}))
            .collect();
        write_json(&serde_json::json!({
            "offers": offers, "refused": refused, "crossings": comparison.crossings,
        }))?;
    } else {
        let mut out = BufWriter::new(io::stdout().lock());
        for offer in &comparison.offers {
            let total = offer.totals.total;
            let amount =
                |amount: Option<tariff::Exact>| amount.map_or_else(|| "not known".to_owned(), |it| it.to_string());
            let currency = offer.totals.currency;
            writeln!(
                out,
                "{}: {} {} before tax, {} {} after tax",
                Printable(&offer.id),
                amount(total.excl_tax),
                currency.code(),
                amount(total.incl_tax),
                currency.code(),
            )?;
        }
        for crossing in &comparison.crossings {
            let (below, above) = (Printable(id(crossing.below)), Printable(id(crossing.above)));
            writeln!(out, "from {} kWh on {above} is cheaper than {below}", crossing.energy)?;
        }
        for refused in &comparison.refused {
            for found in &refused.diagnostics {
                writeln!(out, "{} is left out: {}", Printable(&refused.id), Printable(&found.to_string()))?;
            }
        }
        out.flush()?;
    }
    Ok(if comparison.refused.is_empty() { Outcome::Good } else { Outcome::Findings })
}
