//! Claims of records against what they should cost (R8, R52, F13).

use tariff::source::{Context, RecordDocument};
use tariff::{Code, Outcome, Part, Policy, Reading, RoundingMode, Side, Tariff, Verification, verify};

use crate::desk::{always, decimal, energy, euro, parking, time};

/// A CDR of one hour with these dimensions and claims.
fn cdr(periods: &str, claims: &str) -> RecordDocument {
    let text = format!(
        r#"{{"start_date_time": "2024-06-01T10:00:00Z", "end_date_time": "2024-06-01T10:40:00Z", "currency": "EUR",
            "charging_periods": [{periods}], {claims}}}"#
    );
    RecordDocument::read(&text, None, &Context::default(), &Policy::default()).unwrap()
}

fn period(start: &str, dimensions: &str) -> String {
    format!(r#"{{"start_date_time": "2024-06-01T{start}Z", "dimensions": [{dimensions}]}}"#)
}

fn energy_cdr(kwh: &str, claims: &str) -> RecordDocument {
    cdr(&period("10:00:00", &format!(r#"{{"type": "ENERGY", "volume": {kwh}}}"#)), claims)
}

fn verified(record: &RecordDocument, tariff: &Tariff) -> Verification {
    verify(record, std::slice::from_ref(tariff), &Policy::default()).unwrap()
}

#[test]
fn r52_what_is_right_is_equal() {
    let record =
        energy_cdr("20", r#""total_cost": {"excl_vat": 5.00, "incl_vat": 5.50}, "total_energy_cost": {"excl_vat": 5}"#);
    let result = verified(&record, &euro([always([energy("0.25").vat(decimal("10"))])]));
    assert!(result.is_good());
    let found: Vec<_> = result.checks.iter().map(|check| (check.part, check.side, check.outcome)).collect();
    assert_eq!(
        found,
        [
            (Part::Total, Side::ExclTax, Outcome::Equal),
            (Part::Total, Side::InclTax, Outcome::Equal),
            (Part::Energy, Side::ExclTax, Outcome::Equal),
        ]
    );
    assert_eq!(result.checks[0].pointer, "/total_cost");
    assert_eq!(result.explained_by, []);
}

#[test]
fn r52_a_value_rounded_another_way_is_told_apart_from_a_wrong_one() {
    // 1.837 exactly
    let tariff = euro([always([energy("0.1")])]);
    let outcome = |claimed: &str| {
        let record = energy_cdr("18.37", &format!(r#""total_cost": {{"excl_vat": {claimed}}}"#));
        verified(&record, &tariff).checks[0].outcome
    };
    assert_eq!(outcome("1.837"), Outcome::Equal);
    assert_eq!(outcome("1.84"), Outcome::Equal);
    assert_eq!(outcome("1.83"), Outcome::RoundedAs(RoundingMode::Down));
    assert_eq!(outcome("1.846"), Outcome::WithinRounding);
    assert_eq!(outcome("1.85"), Outcome::Different);
}

#[test]
fn r52_the_reading_that_explains_a_claim_is_named() {
    // the example of R33: parking that is not priced was rounded up with the rest
    let periods = [
        period("10:00:00", r#"{"type": "TIME", "volume": 0.2}"#),
        period("10:12:00", r#"{"type": "PARKING_TIME", "volume": 0.1333}"#),
        period("10:20:00", r#"{"type": "PARKING_TIME", "volume": 0.2}"#),
    ]
    .join(",");
    let mut text = cdr(&periods, r#""total_cost": {"excl_vat": 0.78}"#);
    text.record.end = "2024-06-01T10:32:00Z".parse().unwrap();
    text.record.zone = tariff::LocalTime::UTC;
    let priced = crate::desk::when(r#"{"max_duration": 1200}"#, [time("2.40"), parking("1.00").step(900)]);
    let result = verified(&text, &euro([priced]));
    assert_eq!(result.bill.totals.total.excl_tax.unwrap().to_string(), "0.73");
    assert_eq!(result.checks[0].outcome, Outcome::Different);
    let names: Vec<String> = result.explained_by.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["step.base = measured"]);
}

#[test]
fn r52_the_tolerance_is_the_callers() {
    let record = energy_cdr("20", r#""total_cost": {"excl_vat": 5.4}"#);
    let tariff = euro([always([energy("0.25")])]);
    assert_eq!(verified(&record, &tariff).checks[0].outcome, Outcome::Different);
    let policy = crate::desk::policy(|policy| policy.verify.tolerance = Some(decimal("0.5")));
    let result = verify(&record, &[tariff], &policy).unwrap();
    assert_eq!(result.checks[0].outcome, Outcome::WithinRounding);
    assert_eq!(result.checks[0].difference().unwrap().to_string(), "0.4");
}

#[test]
fn f13_a_record_that_contradicts_itself_is_found_out() {
    let tariff = euro([always([energy("0.25")])]);
    let codes = |kwh: &str, claims: &str| {
        verified(&energy_cdr(kwh, claims), &tariff).findings.into_iter().map(|found| found.code).collect::<Vec<_>>()
    };
    let parts = r#""total_cost": {"excl_vat": 5.00}, "total_energy_cost": {"excl_vat": 4.00}, "total_fixed_cost": {"excl_vat": 0.50}"#;
    assert!(codes("20", parts).contains(&Code::PartsDisagree));
    assert!(codes("20", r#""total_cost": {"excl_vat": 5.00, "incl_vat": 4.00}"#).contains(&Code::LimitTaxContradict));
    let one_sided = r#""total_cost": {"excl_vat": 5.00, "incl_vat": 5.95}, "total_energy_cost": {"excl_vat": 5.00, "incl_vat": 5.00}"#;
    assert!(codes("20", one_sided).contains(&Code::PartsDisagree));
    let total = r#""total_cost": {"excl_vat": 5.00}, "total_energy": 21"#;
    assert!(codes("20", total).contains(&Code::TotalsDisagree), "R8");
    assert_eq!(codes("20", r#""total_cost": {"excl_vat": 5.00}, "total_energy": 20"#), []);
}

#[test]
fn a_record_that_cannot_be_priced_is_an_error_with_a_place() {
    let period = r#"{"start_date_time": "2024-06-01T10:00:00Z", "tariff_id": "X", "dimensions": [{"type": "ENERGY", "volume": 1}]}"#;
    let error =
        verify(&cdr(period, r#""total_cost": {"excl_vat": 1}"#), &[euro([always([energy("1")])])], &Policy::default())
            .unwrap_err();
    assert_eq!(error.diagnostics[0].code, Code::UnknownTariff, "R9");
    assert!(error.diagnostics[0].pointer.starts_with("/charging_periods/0"), "{}", error.diagnostics[0].pointer);
}

#[test]
fn every_reading_is_an_option_of_the_policy() {
    for reading in Reading::ALL {
        let mut policy = Policy::default();
        reading.apply(&mut policy);
        let mut place = &serde_json::to_value(&policy).unwrap();
        for member in reading.option().split('.') {
            place = &place[member];
        }
        let value = place.as_str().map_or_else(|| place.to_string(), str::to_owned);
        assert_eq!(value, reading.value(), "{reading}");
    }
}
