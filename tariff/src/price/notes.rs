//! What is said about a bill beside its amounts.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;

use super::choose::Choice;
use super::lines::LineSink;
use super::session::{Mode, Seen, Session};
use super::sums::Sums;
use crate::bill::{Bill, Cost};
use crate::compile::Compiled;
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{Split, TimeVolume};
use crate::usage::Usage;
use crate::wide::Wide;

impl LineSink<'_> {
    /// Adds what was noticed.
    pub(super) fn note(&self, bill: &mut Bill, compiled: &Compiled, usage: &Usage, choice: &Choice<'_>, seen: &Seen) {
        let policy = self.policy;
        bill.diagnostics.extend_from_slice(usage.diagnostics());
        let mut unnamed = None;
        if let Some((period, count)) = self.unverifiable {
            bill.diagnostics.push(
                Diagnostic::new(Code::RestrictionNotVerifiable, format!("/periods/{period}"))
                    .with_detail(format!("periods concerned: {count}")),
            );
        }
        for period in &usage.periods {
            if choice.of(period).is_none() && period.is_use {
                unnamed.get_or_insert(period.index);
            }
        }
        if let Some(period) = unnamed {
            bill.diagnostics.push(Diagnostic::new(Code::PeriodWithoutTariff, format!("/periods/{period}")));
        }
        if choice.is_bridged {
            bill.diagnostics.push(Diagnostic::new(Code::TariffGapBridged, "/start"));
        }
        if seen.booking_unknown {
            bill.diagnostics.push(Diagnostic::new(Code::BookingOutcomeUnknown, "/booking"));
        }
        for tariff in &compiled.tariffs {
            if usage.currency.is_some_and(|currency| currency != tariff.currency) {
                let mut diagnostic = Diagnostic::new(Code::CurrencyMismatch, "/currency");
                diagnostic.severity = crate::Severity::Warning;
                bill.diagnostics.push(diagnostic);
                break;
            }
        }
        let prices_time = compiled.ready.iter().any(|ready| ready.prices[1] || ready.prices[2]);
        if prices_time && usage.has_use && !usage.states_time && policy.time_volume != TimeVolume::FromTimestamps {
            let timed = self.total_of(compiled, &usage.timed_by_timestamps(), choice, None);
            bill.diagnostics.push(
                Diagnostic::new(Code::NoTimeStated, "/periods").with_detail(format!("by timestamps {}", shown(&timed))),
            );
        }
        if !self.spans.is_empty() {
            let split = self.total_of(compiled, usage, choice, Some(Mode::Interpolate));
            for &(period, boundary) in &self.spans {
                bill.diagnostics.push(
                    Diagnostic::new(Code::PeriodSpansPriceChange, format!("/periods/{period}")).with_detail(format!(
                        "at {}, splitting gives {} in total",
                        usage.instant(boundary).to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
                        shown(&split)
                    )),
                );
            }
            if self.span_count > self.spans.len() {
                let rest = self.span_count - self.spans.len();
                let last = bill.diagnostics.len() - 1;
                bill.diagnostics[last].detail.push_str(&format!(", and {rest} periods more"));
            }
        }
        if policy.periods.split == Split::Bounds {
            bill.bounds = Some((
                self.total_of(compiled, usage, choice, Some(Mode::Lowest)),
                self.total_of(compiled, usage, choice, Some(Mode::Highest)),
            ));
        }
    }

    /// The total in another mode.
    fn total_of(&self, compiled: &Compiled, usage: &Usage, choice: &Choice<'_>, mode: Option<Mode>) -> Cost {
        let mode = mode.unwrap_or_else(|| Mode::of(compiled, usage, self.policy));
        let mut sums = Sums::<Wide>::new(&compiled.prices);
        let seen = Session::new(compiled, usage, self.policy, choice, &mut sums, mode).run();
        sums.finish(compiled, usage, self.policy, &self.units, &seen).total
    }
}

/// A cost in a diagnostic.
fn shown(cost: &Cost) -> String {
    match (cost.excl_tax, cost.incl_tax) {
        (Some(amount), _) => format!("{amount:.4} before tax"),
        (None, Some(amount)) => format!("{amount:.4} after tax"),
        (None, None) => "an unknown amount".to_owned(),
    }
}
