//! A tariff, a record, and the bill they make.

use tariff::convert::{TariffHead, to_ocpi211, to_ocpi221, to_ocpi230, to_ocpp21};
use tariff::output::Priced;
use tariff::source::{Context, DocumentError, Format, RecordDocument, TariffDocument, TariffSource};
use tariff::{
    Bill, Compat, Cost, CreditNegation, Diagnostic, Exact, LocalTime, Policy, Pricer, Severity, Tariff, TotalsPolicy,
    Usage,
};

/// A first line that is a tariff, a second that is a record; the number of bytes in both chooses the policy.
pub fn priced(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let (tariff_text, record_text) = text.split_once('\n').unwrap_or((text, ""));
    let policy = policy(text.len());
    let tariff = TariffDocument::read(tariff_text, None, &policy);
    let context = Context::in_zone(LocalTime::UTC);
    let record = RecordDocument::read(record_text, None, &context, &policy);
    for error in [tariff.as_ref().err(), record.as_ref().err()].into_iter().flatten() {
        is_reasoned(error);
    }
    let Ok(tariff) = tariff else { return };
    all_of(&tariff.diagnostics);
    reads_back(&tariff.tariff, &policy);
    convert(&tariff.tariff, &policy);
    let compiled = match tariff.compile(&policy) {
        Ok(compiled) => compiled,
        Err(error) => return is_reasoned(&error),
    };
    let mut pricer = Pricer::new(compiled.clone(), policy.clone()).in_context(context.clone());
    let fast = pricer.totals(record_text);
    let Ok(record) = record else {
        // the fast way is not more tolerant
        assert!(fast.is_err());
        return;
    };
    all_of(&record.diagnostics);
    let usage = match record.usage(&policy) {
        Ok(usage) => usage,
        Err(error) => {
            assert!(fast.is_err());
            return is_reasoned(&error);
        }
    };
    let Ok(bill) = compiled.price(&usage, &policy) else {
        assert!(fast.is_err() && compiled.totals(&usage, &policy).is_err());
        return;
    };
    assert_eq!(compiled.totals(&usage, &policy).as_ref(), Ok(&bill.totals), "bill and totals");
    assert_eq!(fast.as_ref(), Ok(&bill.totals), "the fast and the patient way");
    adds_up(&bill, record.record.credit, &policy);
    written(&bill, &usage, &compiled, &policy);
}

fn policy(length: usize) -> Policy {
    match length % 9 {
        1 => Policy::literal(),
        2 => Policy::driver_friendly(),
        3 => Policy::compat(Compat::StatedVolumes),
        4 => Policy::compat(Compat::MeasuredSteps),
        5 => Policy::compat(Compat::PeriodSteps),
        6 => Policy {
            totals: TotalsPolicy { parking_flat: tariff::ParkingFlat::AlwaysFixed },
            ..Policy::compat(Compat::FirstElement)
        },
        _ => Policy::default(),
    }
}

/// The lines add up to the total, and the taxes to the difference of both totals.
fn adds_up(bill: &Bill, is_credit: bool, policy: &Policy) {
    let is_negated = is_credit && policy.credit.negate == CreditNegation::TotalOnly;
    let sign = |amount: Exact| if is_negated { amount.negated() } else { amount };
    let sum = |amount: fn(&Cost) -> Option<Exact>| {
        bill.lines.iter().try_fold(Exact::ZERO, |sum, line| sum.checked_add(amount(&line.cost)?))
    };
    let total = bill.totals.total;
    if let (Some(total), Some(sum)) = (total.excl_tax, sum(|cost| cost.excl_tax)) {
        assert!(is_same(sign(total), sum), "lines before tax: {sum:?} for {total:?}");
    }
    if let (Some(total), Some(sum)) = (total.incl_tax, sum(|cost| cost.incl_tax)) {
        assert!(is_same(sign(total), sum), "lines after tax: {sum:?} for {total:?}");
    }
    if let (Some(net), Some(gross)) = (total.excl_tax, total.incl_tax) {
        let taxes = bill.taxes.iter().try_fold(Exact::ZERO, |sum, tax| sum.checked_add(tax.amount));
        if let (Some(taxes), Some(difference)) = (taxes, gross.checked_sub(net)) {
            assert!(is_same(taxes, difference), "taxes: {taxes:?} for {difference:?}");
        }
    }
    all_of(&bill.diagnostics);
    let _ = bill.invoice();
}

/// Exactly, or to nine decimals where the fractions need more than 128 bits.
fn is_same(a: Exact, b: Exact) -> bool {
    a == b || a.round(9, tariff::RoundingMode::HalfUp) == b.round(9, tariff::RoundingMode::HalfUp)
}

/// Whatever the bill is, it can be written, or there is a reason.
fn written(bill: &Bill, usage: &Usage, compiled: &tariff::Compiled, policy: &Policy) {
    let priced = Priced::new(usage, bill, compiled, policy);
    if let Ok(details) = priced.cost_details() {
        let text = serde_json::to_string(&details).expect("cost details are written");
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }
    let text = serde_json::to_string(bill).expect("a bill is written");
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
}

/// The form of this crate loses nothing.
fn reads_back(tariff: &Tariff, policy: &Policy) {
    let text = serde_json::to_string(tariff).expect("a tariff is written");
    let again = TariffDocument::read(&text, Some(Format::Own), policy).expect("what was written is read");
    assert_eq!(again.tariff, *tariff);
}

/// Every form a tariff is converted to is read again.
fn convert(tariff: &Tariff, policy: &Policy) {
    let time = "2024-01-01T00:00:00Z";
    let head =
        TariffHead { country_code: "DE".into(), party_id: "ALL".into(), last_updated: time.parse().expect("a time") };
    if let Ok(converted) = to_ocpp21(tariff, policy) {
        let _ = converted.tariff.to_tariff(policy);
    }
    if let Ok(converted) = to_ocpi211(tariff, time.parse().expect("a time"), policy) {
        let _ = converted.tariff.to_tariff(policy);
    }
    if let Ok(converted) = to_ocpi221(tariff, &head, policy) {
        let _ = converted.tariff.to_tariff(policy);
    }
    if let Ok(converted) = to_ocpi230(tariff, &head, policy) {
        let _ = converted.tariff.to_tariff(policy);
    }
}

/// An error says why, and where.
fn is_reasoned(error: &DocumentError) {
    assert!(error.diagnostics.iter().any(|found| found.severity == Severity::Error), "{error:?}");
    all_of(&error.diagnostics);
}

/// Diagnostics are bounded, stay on one line, and have pointers.
fn all_of(diagnostics: &[Diagnostic]) {
    assert!(diagnostics.len() <= 2048, "{} diagnostics", diagnostics.len());
    for found in diagnostics {
        assert!(found.pointer.is_empty() || found.pointer.starts_with('/'), "{found:?}");
    }
}
