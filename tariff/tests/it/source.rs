//! Documents of OCPI as sources: numbers, times, dimensions, tariffs and everything senders get wrong.

use ocpi_types::{v211, v221, v230};
use serde_json::{Value, json};
use tariff::source::{
    Context, DocumentError, DocumentKind, Format, RecordDocument, RecordSource, TariffDocument, TariffSource, Zone,
};
use tariff::{
    BookingOutcome, Code, Compiled, Diagnostic, ElementKind, LocalTime, Policy, Pricer, ReservationOutcome, Severity,
    StringNumber, TariffKind, TaxMode, Totals,
};

/// A tariff of 2.2.1 with these elements.
fn tariff(elements: Value) -> Value {
    json!({
        "country_code": "DE", "party_id": "ALL", "id": "T1", "currency": "EUR",
        "elements": elements, "last_updated": "2024-01-01T00:00:00Z"
    })
}

fn energy_tariff() -> Value {
    tariff(json!([{"price_components": [{"type": "ENERGY", "price": 0.25, "vat": 10.0, "step_size": 1}]}]))
}

/// A CDR of 2.2.1 on 15 January 2024 from 10:00 to 11:00 UTC with these periods.
fn cdr(periods: Value) -> Value {
    json!({
        "country_code": "DE", "party_id": "ALL", "id": "C1",
        "start_date_time": "2024-01-15T10:00:00Z", "end_date_time": "2024-01-15T11:00:00Z", "session_id": "S1",
        "cdr_token": {"country_code": "DE", "party_id": "TNM", "uid": "1", "type": "RFID", "contract_id": "C"},
        "auth_method": "WHITELIST",
        "cdr_location": {
            "id": "L", "address": "A", "city": "C", "country": "USA",
            "coordinates": {"latitude": "52.0", "longitude": "4.0"}, "evse_uid": "1", "evse_id": "E", "connector_id": "1",
            "connector_standard": "IEC_62196_T2", "connector_format": "SOCKET", "connector_power_type": "AC_3_PHASE"
        },
        "currency": "EUR", "charging_periods": periods,
        "total_cost": {"excl_vat": 5.0}, "total_energy": 20, "total_time": 1, "last_updated": "2024-01-15T12:00:00Z"
    })
}

fn period(dimensions: Value) -> Value {
    json!([{"start_date_time": "2024-01-15T10:00:00Z", "dimensions": dimensions}])
}

fn twenty() -> Value {
    cdr(period(json!([{"type": "ENERGY", "volume": 20}])))
}

/// Reads tariff and record the patient way and prices them.
fn price(tariff: &str, record: &str) -> Result<(Totals, Vec<Diagnostic>), DocumentError> {
    price_in(&Context::default(), tariff, record)
}

fn price_in(context: &Context, tariff: &str, record: &str) -> Result<(Totals, Vec<Diagnostic>), DocumentError> {
    let policy = Policy::default();
    let tariff = TariffDocument::read(tariff, None, &policy)?;
    let compiled = tariff.compile(&policy)?;
    let record = RecordDocument::read(record, None, context, &policy)?;
    let usage = record.usage(&policy)?;
    let totals = compiled
        .totals(&usage, &policy)
        .map_err(|refusal| DocumentError { diagnostics: vec![Diagnostic::from(&refusal)] })?;
    let mut diagnostics = tariff.diagnostics.clone();
    diagnostics.extend(record.diagnostics.iter().cloned());
    diagnostics.extend(record.located(usage.diagnostics()));
    Ok((totals, diagnostics))
}

fn amounts(totals: &Totals) -> (String, String) {
    let show = |exact: Option<tariff::Exact>| exact.map_or("unknown".to_owned(), |exact| exact.to_string());
    (show(totals.total.excl_tax), show(totals.total.incl_tax))
}

#[track_caller]
fn comes_to(tariff: &Value, record: &Value, net: &str, gross: &str) -> Vec<Diagnostic> {
    let (totals, diagnostics) = price(&tariff.to_string(), &record.to_string()).unwrap();
    assert_eq!(amounts(&totals), (net.to_owned(), gross.to_owned()));
    diagnostics
}

#[track_caller]
fn has(diagnostics: &[Diagnostic], code: Code, pointer: &str) {
    let found = diagnostics.iter().any(|found| found.code == code && found.pointer == pointer);
    assert!(found, "no {code:?} at {pointer}: {diagnostics:#?}");
}

#[track_caller]
fn refused(tariff: &Value, record: &Value, code: Code, pointer: &str) {
    refused_text(&tariff.to_string(), &record.to_string(), code, pointer);
}

#[track_caller]
fn refused_text(tariff: &str, record: &str, code: Code, pointer: &str) {
    let error = price(tariff, record).unwrap_err();
    has(&error.diagnostics, code, pointer);
    assert!(error.diagnostics.iter().any(|found| found.severity == Severity::Error), "{error:?}");
    assert!(!error.to_string().is_empty());
}

/// Replaces a part of a document's text, for what `json!` cannot write.
#[track_caller]
fn edit(document: &Value, from: &str, to: &str) -> String {
    let text = document.to_string();
    assert!(text.contains(from), "{from} is not in {text}");
    text.replacen(from, to, 1)
}

#[test]
fn r1_a_price_with_an_exponent_is_exact() {
    let tariff = edit(&energy_tariff(), "0.25", "2.5E-1");
    let (totals, diagnostics) = price(&tariff, &twenty().to_string()).unwrap();
    assert_eq!(amounts(&totals), ("5".to_owned(), "5.5".to_owned()));
    assert_eq!(diagnostics, []);
}

#[test]
fn r1_a_number_beyond_every_range_is_refused_where_it_stands() {
    let record = edit(&twenty(), "\"volume\":20", "\"volume\":1e400");
    let pointer = "/charging_periods/0/dimensions/0/volume";
    refused_text(&energy_tariff().to_string(), &record, Code::NumberOutOfRange, pointer);
    let tariff = edit(&energy_tariff(), "0.25", "0.2500000000000000000000000000000001");
    let pointer = "/elements/0/price_components/0/price";
    refused_text(&tariff, &twenty().to_string(), Code::NumberOutOfRange, pointer);
    let tariff = edit(&energy_tariff(), "0.25", "1e-400");
    refused_text(&tariff, &twenty().to_string(), Code::NumberOutOfRange, pointer);
}

#[test]
fn r1_a_number_in_quotes_is_read_and_reported() {
    let mut tariff = energy_tariff();
    tariff["elements"][0]["price_components"][0]["price"] = json!("0.25");
    let diagnostics = comes_to(&tariff, &twenty(), "5", "5.5");
    has(&diagnostics, Code::NumberAsString, "/elements/0/price_components/0/price");
    let mut record = twenty();
    record["charging_periods"][0]["dimensions"][0]["volume"] = json!("20.000");
    let diagnostics = comes_to(&energy_tariff(), &record, "5", "5.5");
    has(&diagnostics, Code::NumberAsString, "/charging_periods/0/dimensions/0/volume");

    let mut strict = Policy::default();
    strict.numbers.string = StringNumber::Reject;
    let error = TariffDocument::read(&tariff.to_string(), None, &strict).unwrap_err();
    has(&error.diagnostics, Code::NumberAsString, "/elements/0/price_components/0/price");
    let typed: v221::Tariff = ocpi_types::decode(&tariff.to_string()).unwrap();
    has(
        &typed.to_tariff(&Policy::default()).unwrap().diagnostics,
        Code::NumberAsString,
        "/elements/0/price_components/0/price",
    );
    assert!(typed.to_tariff(&strict).is_err());
    let words = edit(&energy_tariff(), "0.25", "\"a quarter\"");
    refused_text(&words, &twenty().to_string(), Code::ValueInvalid, "/elements/0/price_components/0/price");
}

#[test]
fn r2_null_absent_and_empty_mean_the_same() {
    let mut tariff = energy_tariff();
    tariff["tariff_alt_text"] = Value::Null;
    tariff["elements"][0]["price_components"][0]["vat"] = Value::Null;
    tariff["elements"][0]["restrictions"] = json!({"day_of_week": [], "min_kwh": null});
    assert_eq!(comes_to(&tariff, &twenty(), "5", "5"), []);
}

#[test]
fn r2_a_tariff_without_elements_is_refused() {
    refused(&tariff(json!([])), &twenty(), Code::TariffWithoutElements, "/elements");
    refused(&tariff(Value::Null), &twenty(), Code::TariffWithoutElements, "/elements");
}

#[test]
fn r3_an_unknown_dimension_is_ignored_and_reported() {
    let record = cdr(period(json!([{"type": "ENERGY", "volume": 20}, {"type": "X_FOO", "volume": 1}])));
    let diagnostics = comes_to(&energy_tariff(), &record, "5", "5.5");
    has(&diagnostics, Code::UnknownDimension, "/charging_periods/0/dimensions/1/type");
    let record = cdr(period(json!([{"type": "energy", "volume": 20}])));
    let diagnostics = comes_to(&energy_tariff(), &record, "0", "0");
    let found = diagnostics.iter().find(|found| found.code == Code::UnknownDimension).unwrap();
    assert!(found.detail.contains("ENERGY is"), "{}", found.detail);
}

#[test]
fn r3_a_restriction_nobody_knows_is_reported() {
    let mut tariff = energy_tariff();
    tariff["elements"][0]["restrictions"] = json!({"min_khw": 10});
    let diagnostics = comes_to(&tariff, &twenty(), "5", "5.5");
    has(&diagnostics, Code::UnknownRestriction, "/elements/0/restrictions/min_khw");
}

#[test]
fn r3_an_unknown_component_is_ignored_and_places_stay_right() {
    let tariff = tariff(json!([{"price_components": [
        {"type": "SESSION", "price": 9, "step_size": 1},
        {"type": "ENERGY", "price": 0.25, "step_size": 0.5}
    ]}]));
    // the component is the first that counts, but the second of the document (R36)
    refused(&tariff, &twenty(), Code::InvalidStep, "/elements/0/price_components/1/step_size");
}

#[test]
fn r4_volumes_of_the_same_dimension_are_added() {
    let record = cdr(period(json!([{"type": "ENERGY", "volume": 4}, {"type": "ENERGY", "volume": 16}])));
    let diagnostics = comes_to(&energy_tariff(), &record, "5", "5.5");
    has(&diagnostics, Code::DuplicateDimension, "/charging_periods/0/dimensions/1/type");
}

#[test]
fn r4_of_minima_the_smallest_and_of_maxima_the_greatest_counts() {
    let record = cdr(period(json!([
        {"type": "MIN_CURRENT", "volume": 8}, {"type": "MIN_CURRENT", "volume": 6},
        {"type": "MAX_CURRENT", "volume": 16}, {"type": "MAX_CURRENT", "volume": 32}
    ])));
    let document = RecordDocument::read(&record.to_string(), None, &Context::default(), &Policy::default()).unwrap();
    let flow = document.record.periods[0].flow;
    assert_eq!((flow.min_current, flow.max_current), (Some(6.into()), Some(32.into())));
}

#[test]
fn r5_anomalies_of_periods_have_places_in_the_document() {
    let record = cdr(json!([
        {"start_date_time": "2024-01-15T10:30:00Z", "dimensions": [{"type": "ENERGY", "volume": 10}]},
        {"start_date_time": "2024-01-15T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 10}]},
        {"start_date_time": "2024-01-15T12:00:00Z", "dimensions": []}
    ]));
    let diagnostics = comes_to(&energy_tariff(), &record, "5", "5.5");
    has(&diagnostics, Code::PeriodsUnordered, "/charging_periods/1");
    has(&diagnostics, Code::PeriodOutsideSession, "/charging_periods/2/start_date_time");
    let mut record = twenty();
    record["end_date_time"] = json!("2024-01-15T09:00:00Z");
    has(&comes_to(&energy_tariff(), &record, "5", "5.5"), Code::EndBeforeStart, "/end_date_time");
}

#[test]
fn r6_offsets_are_converted_and_leap_seconds_belong_to_the_next_minute() {
    let mut record = twenty();
    record["start_date_time"] = json!("2024-01-15T11:00:00+01:00");
    let diagnostics = comes_to(&energy_tariff(), &record, "5", "5.5");
    has(&diagnostics, Code::OffsetNotUtc, "/start_date_time");
    record["start_date_time"] = json!("2016-12-31T23:59:60Z");
    record["end_date_time"] = json!("2017-01-01T00:30:00");
    let document = RecordDocument::read(&record.to_string(), None, &Context::default(), &Policy::default()).unwrap();
    assert_eq!(document.record.start.to_rfc3339(), "2017-01-01T00:00:00+00:00");
    has(&document.diagnostics, Code::LeapSecond, "/start_date_time");
    record["start_date_time"] = json!("2024-02-30T00:00:00Z");
    refused(&energy_tariff(), &record, Code::ValueInvalid, "/start_date_time");
}

#[test]
fn r6_durations_do_not_follow_the_clock() {
    let time = tariff(json!([{"price_components": [{"type": "TIME", "price": 6.00, "step_size": 1}]}]));
    let mut record =
        cdr(json!([{"start_date_time": "2024-03-31T00:30:00Z", "dimensions": [{"type": "TIME", "volume": 1.0}]}]));
    record["start_date_time"] = json!("2024-03-31T00:30:00Z");
    record["end_date_time"] = json!("2024-03-31T01:30:00Z");
    comes_to(&time, &record, "6", "6");
}

#[test]
fn r7_four_decimals_of_an_hour_mean_forty_minutes() {
    let time = tariff(json!([{"price_components": [{"type": "TIME", "price": 6.00, "step_size": 600}]}]));
    let mut record = cdr(period(json!([{"type": "TIME", "volume": 0.6667}])));
    record["end_date_time"] = json!("2024-01-15T10:40:00Z");
    comes_to(&time, &record, "4", "4");
}

#[test]
fn r8_totals_are_checked_not_priced() {
    let mut record = twenty();
    record["total_energy"] = json!(21);
    has(&comes_to(&energy_tariff(), &record, "5", "5.5"), Code::TotalsDisagree, "/total_energy");
    for absent in ["total_energy", "total_cost", "total_time", "cdr_token", "cdr_location", "auth_method", "id"] {
        let mut partial = twenty();
        partial.as_object_mut().unwrap().remove(absent);
        assert_eq!(comes_to(&energy_tariff(), &partial, "5", "5.5"), [], "without {absent}");
    }
}

/// A CDR that carries tariffs, its periods naming some of them.
fn two_tariffs(first: Option<&str>, second: Option<&str>) -> Value {
    let mut record = cdr(json!([
        {"start_date_time": "2024-01-15T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 10}]},
        {"start_date_time": "2024-01-15T10:30:00Z", "dimensions": [{"type": "ENERGY", "volume": 10}]}
    ]));
    for (period, id) in [first, second].into_iter().enumerate() {
        if let Some(id) = id {
            record["charging_periods"][period]["tariff_id"] = json!(id);
        }
    }
    let simple = |id: &str, price: f64| {
        let mut tariff = tariff(json!([{"price_components": [{"type": "ENERGY", "price": price, "step_size": 1}]}]));
        tariff["id"] = json!(id);
        tariff
    };
    record["tariffs"] = json!([simple("A", 1.0), simple("B", 2.0)]);
    record
}

#[test]
fn r9_periods_choose_their_tariff_by_id_whatever_the_letter_case() {
    let mut pricer = Pricer::by_own_tariffs(Policy::default());
    let bill = pricer.bill(&two_tariffs(Some("A"), Some("b")).to_string()).unwrap();
    assert_eq!(amounts(&bill.totals), ("30".to_owned(), "30".to_owned()));
    let bill = pricer.bill(&two_tariffs(Some("A"), None).to_string()).unwrap();
    assert_eq!(amounts(&bill.totals).0, "10");
    has(&bill.diagnostics, Code::PeriodWithoutTariff, "/charging_periods/1");
    let error = pricer.bill(&two_tariffs(Some("A"), Some("C")).to_string()).unwrap_err();
    has(&error.diagnostics, Code::UnknownTariff, "/charging_periods/1/tariff_id");
}

#[test]
fn r10_the_tariff_valid_at_the_start_is_kept_and_small_gaps_are_bridged() {
    let valid = |id: &str, price: f64, member: &str, instant: &str| {
        let mut tariff = tariff(json!([{"price_components": [{"type": "ENERGY", "price": price, "step_size": 1}]}]));
        tariff["id"] = json!(id);
        tariff[member] = json!(instant);
        tariff
    };
    let mut record = twenty();
    record["tariffs"] = json!([
        valid("old", 0.25, "end_date_time", "2019-06-30T23:59:59Z"),
        valid("new", 0.30, "start_date_time", "2019-07-01T00:00:00Z")
    ]);
    record["charging_periods"][0]["start_date_time"] = json!("2019-06-30T23:50:00Z");
    record["end_date_time"] = json!("2019-07-01T00:10:00Z");
    let mut pricer = Pricer::by_own_tariffs(Policy::default());
    for start in ["2019-06-30T23:50:00Z", "2019-06-30T23:59:59.5Z"] {
        record["start_date_time"] = json!(start);
        assert_eq!(amounts(&pricer.totals(&record.to_string()).unwrap()).0, "5", "from {start}");
    }
    record["tariffs"] = json!([valid("new", 0.30, "start_date_time", "2020-01-01T00:00:00Z")]);
    let error = pricer.totals(&record.to_string()).unwrap_err();
    has(&error.diagnostics, Code::NoActiveTariff, "/start_date_time");
}

#[test]
fn r10_an_ad_hoc_token_prefers_the_ad_hoc_tariff() {
    let mut record = two_tariffs(None, None);
    record["tariffs"][0]["type"] = json!("REGULAR");
    record["tariffs"][1]["type"] = json!("AD_HOC_PAYMENT");
    let mut pricer = Pricer::by_own_tariffs(Policy::default());
    assert_eq!(amounts(&pricer.totals(&record.to_string()).unwrap()).0, "20");
    record["cdr_token"]["type"] = json!("AD_HOC_USER");
    assert_eq!(amounts(&pricer.totals(&record.to_string()).unwrap()).0, "40");
    let context = Context { preference: Some(TariffKind::Regular), ..Context::default() };
    let mut pricer = Pricer::by_own_tariffs(Policy::default()).in_context(context);
    assert_eq!(amounts(&pricer.totals(&record.to_string()).unwrap()).0, "20");
}

#[test]
fn r12_another_currency_is_refused_and_a_missing_one_is_reported() {
    let mut record = twenty();
    record["currency"] = json!("GBP");
    let mut pricer = Pricer::new(
        TariffDocument::read(&energy_tariff().to_string(), None, &Policy::default())
            .unwrap()
            .compile(&Policy::default())
            .unwrap(),
        Policy::default(),
    );
    has(&pricer.totals(&record.to_string()).unwrap_err().diagnostics, Code::CurrencyMismatch, "/currency");
    record.as_object_mut().unwrap().remove("currency");
    has(&comes_to(&energy_tariff(), &record, "5", "5.5"), Code::MissingCurrency, "/currency");
    record["currency"] = json!("EURO");
    refused(&energy_tariff(), &record, Code::ValueInvalid, "/currency");
    let mut tariff = energy_tariff();
    tariff.as_object_mut().unwrap().remove("currency");
    refused(&tariff, &twenty(), Code::MissingCurrency, "/currency");
}

/// 2.00 a kWh, 1.00 from 17:00 local time on.
fn evening() -> Value {
    tariff(json!([
        {"price_components": [{"type": "ENERGY", "price": 1.0, "step_size": 1}], "restrictions": {"start_time": "17:00"}},
        {"price_components": [{"type": "ENERGY", "price": 2.0, "step_size": 1}]}
    ]))
}

#[test]
fn r18_local_time_comes_from_the_caller_the_location_or_the_country() {
    let mut record =
        cdr(json!([{"start_date_time": "2024-01-15T11:20:00Z", "dimensions": [{"type": "ENERGY", "volume": 10}]}]));
    record["start_date_time"] = json!("2024-01-15T11:20:00Z");
    record["end_date_time"] = json!("2024-01-15T11:30:00Z");
    record["total_energy"] = json!(10);
    // 16:50 in Kolkata
    let kolkata = Context::in_zone("Asia/Kolkata".parse::<chrono_tz::Tz>().unwrap());
    let (totals, diagnostics) = price_in(&kolkata, &evening().to_string(), &record.to_string()).unwrap();
    assert_eq!((amounts(&totals).0, diagnostics), ("20".to_owned(), Vec::new()));
    let later = Context::in_zone(LocalTime::Fixed(6 * 3600));
    let (totals, _) = price_in(&later, &evening().to_string(), &record.to_string()).unwrap();
    assert_eq!(amounts(&totals).0, "10");
    record["cdr_location"]["country"] = json!("IND");
    let diagnostics = comes_to(&evening(), &record, "20", "20");
    has(&diagnostics, Code::TimeZoneInferred, "/cdr_location/country");
    record["cdr_location"]["country"] = json!("USA");
    refused(&evening(), &record, Code::TimeZoneRequired, "/zone");
    // who does not look at the clock needs no zone
    comes_to(&energy_tariff(), &record, "2.5", "2.75");
}

#[test]
fn r18_a_location_of_2_1_1_knows_its_zone() {
    let mut record = cdr_211();
    record["start_date_time"] = json!("2024-01-15T11:20:00Z");
    record["charging_periods"][0]["start_date_time"] = json!("2024-01-15T11:20:00Z");
    record["stop_date_time"] = json!("2024-01-15T12:00:00Z");
    let mut tariff = evening();
    for member in ["country_code", "party_id"] {
        tariff.as_object_mut().unwrap().remove(member);
    }
    record["location"]["time_zone"] = json!("Asia/Kolkata");
    comes_to(&tariff, &record, "40", "unknown");
    record["location"]["time_zone"] = json!("Asia/Dhaka");
    comes_to(&tariff, &record, "20", "unknown");
    record["location"]["time_zone"] = json!("Mars/Olympus");
    let diagnostics = comes_to(&tariff, &record, "40", "unknown");
    has(&diagnostics, Code::ValueInvalid, "/location/time_zone");
    has(&diagnostics, Code::TimeZoneInferred, "/location/country");
}

#[test]
fn r19_times_of_day_are_checked() {
    let mut tariff = evening();
    let pointer = "/elements/0/restrictions/start_time";
    tariff["elements"][0]["restrictions"]["start_time"] = json!("24:00");
    let error = TariffDocument::read(&tariff.to_string(), None, &Policy::default()).unwrap_err();
    has(&error.diagnostics, Code::ValueInvalid, pointer);
    assert!(error.to_string().contains("the end of the day is 00:00"), "{error}");
    tariff["elements"][0]["restrictions"]["start_time"] = json!("17:00:00");
    let document = TariffDocument::read(&tariff.to_string(), None, &Policy::default()).unwrap();
    has(&document.diagnostics, Code::ValueInvalid, pointer);
    for wrong in ["7:00", "17:00:30", "25:00", "17.00", "", "noon"] {
        tariff["elements"][0]["restrictions"]["start_time"] = json!(wrong);
        assert!(TariffDocument::read(&tariff.to_string(), None, &Policy::default()).is_err(), "{wrong}");
    }
    tariff["elements"][0]["restrictions"] = json!({"day_of_week": ["MONDAY", "Someday"], "start_date": "2024-02-30"});
    let error = TariffDocument::read(&tariff.to_string(), None, &Policy::default()).unwrap_err();
    has(&error.diagnostics, Code::ValueInvalid, "/elements/0/restrictions/day_of_week/1");
    has(&error.diagnostics, Code::ValueInvalid, "/elements/0/restrictions/start_date");
}

#[test]
fn r36_integral_steps_are_read_and_odd_ones_refused() {
    let step = |step: &str| edit(&energy_tariff(), "\"step_size\":1", &format!("\"step_size\":{step}"));
    let twenty = twenty().to_string();
    assert_eq!(amounts(&price(&step("300.0"), &twenty).unwrap().0).0, "5.025");
    assert_eq!(amounts(&price(&step("0"), &twenty).unwrap().0).0, "5");
    for wrong in ["-1", "0.5"] {
        refused_text(&step(wrong), &twenty, Code::InvalidStep, "/elements/0/price_components/0/step_size");
    }
    let text = edit(&energy_tariff(), "\"step_size\":1,", "");
    let (totals, diagnostics) = price(&text, &twenty).unwrap();
    assert_eq!(amounts(&totals).0, "5");
    has(&diagnostics, Code::ValueInvalid, "/elements/0/price_components/0/step_size");
}

#[test]
fn r39_reservations_are_told_apart() {
    let tariff = tariff(json!([
        {"price_components": [{"type": "FLAT", "price": 4.0, "step_size": 0}, {"type": "TIME", "price": 2.0, "step_size": 600}],
         "restrictions": {"reservation": "RESERVATION_EXPIRES"}},
        {"price_components": [{"type": "TIME", "price": 2.0, "step_size": 600}], "restrictions": {"reservation": "RESERVATION"}},
        {"price_components": [{"type": "ENERGY", "price": 0.25, "step_size": 1}]}
    ]));
    let reserved = cdr(period(json!([{"type": "RESERVATION_TIME", "volume": 1.0}])));
    comes_to(&tariff, &reserved, "6", "6");
    let used = Context { reservation: Some(ReservationOutcome::Used), ..Context::default() };
    let (totals, _) = price_in(&used, &tariff.to_string(), &reserved.to_string()).unwrap();
    assert_eq!(amounts(&totals).0, "2");
    let mut wrong = tariff;
    wrong["elements"][0]["restrictions"]["reservation"] = json!("RESERVED");
    refused(&wrong, &reserved, Code::ValueInvalid, "/elements/0/restrictions/reservation");
}

#[test]
fn r40_bookings_are_priced_by_their_outcome() {
    let mut tariff = tariff(json!([
        {"price_components": [{"type": "FLAT", "price": 25.0, "step_size": 0}], "restrictions": {"booking": "BOOKING_CANCELLATION_FEES"}},
        {"price_components": [{"type": "TIME", "price": 12.0, "step_size": 60}], "restrictions": {"booking": "BOOKING_OVERTIME"}},
        {"price_components": [{"type": "ENERGY", "price": 0.25, "step_size": 1}]}
    ]));
    tariff["tax_included"] = json!("NO");
    let mut record =
        cdr(period(json!([{"type": "ENERGY", "volume": 20}, {"type": "RESERVATION_OVERTIME", "volume": 0.3333}])));
    record["booking_id"] = json!("B1");
    let with = |booking| {
        let context = Context { booking, ..Context::default() };
        amounts(&price_in(&context, &tariff.to_string(), &record.to_string()).unwrap().0).0
    };
    assert_eq!(with(Some(BookingOutcome::Fulfilled)), "9");
    assert_eq!(with(None), "5");
    assert_eq!(TariffDocument::read(&tariff.to_string(), None, &Policy::default()).unwrap().format, Format::Ocpi230);
}

#[test]
fn r45_r47_taxes_follow_the_version() {
    let by_time = |included: Option<&str>, vat: Option<f64>| {
        let mut tariff = tariff(json!([{"price_components": [{"type": "TIME", "price": 2.42, "step_size": 1}]}]));
        if let Some(included) = included {
            tariff["tax_included"] = json!(included);
        }
        if let Some(vat) = vat {
            tariff["elements"][0]["price_components"][0]["vat"] = json!(vat);
        }
        tariff
    };
    let mut record = cdr(period(json!([{"type": "TIME", "volume": 2.5}])));
    record["end_date_time"] = json!("2024-01-15T12:30:00Z");
    comes_to(&by_time(Some("YES"), Some(21.0)), &record, "5", "6.05");
    comes_to(&by_time(Some("YES"), None), &record, "unknown", "6.05");
    comes_to(&by_time(Some("NO"), Some(10.0)), &record, "6.05", "6.655");
    comes_to(&by_time(Some("N/A"), Some(10.0)), &record, "6.05", "6.05");
    comes_to(&by_time(None, None), &record, "6.05", "6.05");
    let policy = Policy::default();
    let missing = TariffDocument::read(&by_time(None, Some(10.0)).to_string(), Some(Format::Ocpi230), &policy).unwrap();
    has(&missing.diagnostics, Code::TaxIncludedMissing, "/tax_included");
    assert_eq!(missing.tariff.tax_mode, TaxMode::Excluded);
    refused(&by_time(Some("PERHAPS"), None), &record, Code::ValueInvalid, "/tax_included");
    assert!(TariffDocument::read(&by_time(None, None).to_string(), Some(Format::Ocpi230), &Policy::literal()).is_err());
}

fn cdr_211() -> Value {
    json!({
        "id": "C1", "start_date_time": "2024-01-15T10:00:00Z", "stop_date_time": "2024-01-15T11:00:00Z",
        "auth_id": "A", "auth_method": "WHITELIST",
        "location": {
            "id": "L", "type": "ON_STREET", "address": "A", "city": "C", "postal_code": "1", "country": "IND",
            "coordinates": {"latitude": "52.0", "longitude": "4.0"},
            "evses": [{"uid": "1", "status": "AVAILABLE", "last_updated": "2024-01-01T00:00:00Z", "connectors": [
                {"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "DC", "voltage": 400,
                 "amperage": 64, "last_updated": "2024-01-01T00:00:00Z"}]}],
            "last_updated": "2024-01-01T00:00:00Z"
        },
        "currency": "EUR",
        "charging_periods": [{"start_date_time": "2024-01-15T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 20}]}],
        "total_cost": 5.0, "total_energy": 20, "total_time": 1, "last_updated": "2024-01-15T12:00:00Z"
    })
}

#[test]
fn r46_the_tax_of_2_1_1_is_unknown() {
    let mut tariff = energy_tariff();
    for member in ["country_code", "party_id"] {
        tariff.as_object_mut().unwrap().remove(member);
    }
    tariff["elements"][0]["price_components"][0].as_object_mut().unwrap().remove("vat");
    let document = TariffDocument::read(&tariff.to_string(), None, &Policy::default()).unwrap();
    assert_eq!(document.format, Format::Ocpi211);
    comes_to(&tariff, &cdr_211(), "5", "unknown");
    let mut policy = Policy::default();
    policy.v211.vat = tariff::V211Vat::Rate(21.into());
    let mut pricer = Pricer::new(document.compile(&policy).unwrap(), policy);
    assert_eq!(amounts(&pricer.totals(&cdr_211().to_string()).unwrap()), ("5".to_owned(), "6.05".to_owned()));
}

#[test]
fn r50_a_credit_record_is_negative() {
    let mut record = twenty();
    record["credit"] = json!(true);
    comes_to(&energy_tariff(), &record, "-5", "-5.5");
}

#[test]
fn r52_claims_are_read_from_every_version() {
    let claims = |record: &Value| {
        RecordDocument::read(&record.to_string(), None, &Context::default(), &Policy::default()).unwrap().claims
    };
    let mut record = twenty();
    record["total_cost"] = json!({"excl_vat": 5.00, "incl_vat": 5.50});
    record["total_energy_cost"] = json!({"excl_vat": 4.5});
    let read = claims(&record);
    assert_eq!(read.total.as_ref().unwrap().incl_tax, Some("5.5".parse().unwrap()));
    assert_eq!(read.energy.unwrap().pointer, "/total_energy_cost");
    assert_eq!(claims(&cdr_211()).total.unwrap().excl_tax, Some(5.into()));
    record["total_cost"] =
        json!({"before_taxes": 100, "taxes": [{"name": "GST", "amount": 5}, {"name": "QST", "amount": 9.975}]});
    assert_eq!(claims(&record).total.unwrap().incl_tax, Some("114.975".parse().unwrap()));
    // a broken claim is no reason not to price
    record["total_cost"] = json!("a lot");
    let diagnostics = comes_to(&energy_tariff(), &record, "5", "5.5");
    has(&diagnostics, Code::ValueInvalid, "/total_cost");
}

#[test]
fn a_session_is_priced_up_to_its_last_update_and_split_where_prices_change() {
    let tiers = tariff(json!([
        {"price_components": [{"type": "ENERGY", "price": 1.0, "step_size": 1}], "restrictions": {"max_kwh": 10}},
        {"price_components": [{"type": "ENERGY", "price": 2.0, "step_size": 1}]}
    ]));
    let session = json!({
        "country_code": "DE", "party_id": "ALL", "id": "S1", "start_date_time": "2024-01-15T10:00:00Z", "kwh": 30,
        "currency": "EUR", "status": "ACTIVE", "last_updated": "2024-01-15T12:00:00Z",
        "charging_periods": [{"start_date_time": "2024-01-15T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 30}]}]
    });
    comes_to(&tiers, &session, "50", "50");
    let document = RecordDocument::read(&session.to_string(), None, &Context::default(), &Policy::default()).unwrap();
    assert_eq!(
        (document.kind, document.record.end.to_rfc3339().as_str()),
        (DocumentKind::Session, "2024-01-15T12:00:00+00:00")
    );
    // the same as a CDR is priced as it was stated (R17)
    comes_to(&tiers, &cdr(period(json!([{"type": "ENERGY", "volume": 30}]))), "30", "30");
}

#[test]
fn typed_objects_and_their_text_are_the_same_record() {
    let policy = Policy::default();
    let context = Context::default();
    let text = two_tariffs(Some("A"), Some("B")).to_string();
    let typed: v221::Cdr = ocpi_types::decode(&text).unwrap();
    let from_text = RecordDocument::read(&text, None, &context, &policy).unwrap();
    let from_typed = typed.to_record(&context, &policy).unwrap();
    assert_eq!(from_text.record, from_typed.record);
    assert_eq!(from_text.claims, from_typed.claims);
    assert_eq!(from_typed.tariffs.unwrap().len(), 2);
    let typed: v211::Cdr = ocpi_types::decode(&cdr_211().to_string()).unwrap();
    let from_text = RecordDocument::read(&cdr_211().to_string(), None, &context, &policy).unwrap();
    assert_eq!(from_text.record, typed.to_record(&context, &policy).unwrap().record);
    let mut tariff = energy_tariff();
    tariff["tax_included"] = json!("YES");
    tariff["min_price"] = json!({"before_taxes": 1.0, "after_taxes": 1.1});
    let typed: v230::Tariff = ocpi_types::decode(&tariff.to_string()).unwrap();
    let from_text = TariffDocument::read(&tariff.to_string(), None, &policy).unwrap();
    assert_eq!((from_text.format, &from_text.tariff), (Format::Ocpi230, &typed.to_tariff(&policy).unwrap().tariff));
}

#[test]
fn what_is_no_document_is_refused() {
    let policy = Policy::default();
    for text in ["", "{", "[]", "5", "null", "\"\"", "{} {}", "{\"id\":}", &"[".repeat(100_000)] {
        assert!(TariffDocument::read(text, None, &policy).is_err(), "{text:.20}");
        assert!(RecordDocument::read(text, None, &Context::default(), &policy).is_err(), "{text:.20}");
        assert!(Pricer::by_own_tariffs(Policy::default()).totals(text).is_err(), "{text:.20}");
    }
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(TariffDocument::read(&deep, None, &policy).is_err());
    assert!(RecordDocument::read(&deep, None, &Context::default(), &policy).is_err());
    for format in [Format::Ocpi211, Format::Ocpi221, Format::Ocpi230, Format::Ocpp21, Format::Own] {
        assert!(TariffDocument::read("{}", Some(format), &policy).is_err(), "{format}");
        assert_eq!(format.name().parse(), Ok(format));
    }
}

#[test]
fn a_tariff_of_our_own_form_is_read_back() {
    let policy = Policy::default();
    let document = TariffDocument::read(&evening().to_string(), None, &policy).unwrap();
    let own = serde_json::to_string(&document.tariff).unwrap();
    let again = TariffDocument::read(&own, None, &policy).unwrap();
    assert_eq!((again.format, again.tariff), (Format::Own, document.tariff));
}

#[test]
fn ten_thousand_elements_are_read_in_their_order() {
    let element = |place: usize| {
        json!({"price_components": [{"type": "ENERGY", "price": place, "step_size": 1}],
               "restrictions": {"min_kwh": place, "max_kwh": place + 1}})
    };
    let tariff = tariff((0..10_000).map(element).collect());
    let document = TariffDocument::read(&tariff.to_string(), None, &Policy::default()).unwrap();
    assert_eq!(document.tariff.elements.len(), 10_000);
    assert!(document.tariff.elements.iter().all(|element| element.kind == ElementKind::Ordinary));
    assert_eq!(document.locate("/elements/9999/price_components/0/price"), "/elements/9999/price_components/0/price");
}

#[test]
fn the_outcome_of_a_zone_that_offsets_give_is_the_callers() {
    let zone = Zone::from(LocalTime::UTC);
    assert!(matches!(zone, Zone::Offsets(LocalTime::Fixed(0))));
    let compiled = Compiled::new(
        &[TariffDocument::read(&evening().to_string(), None, &Policy::default()).unwrap().tariff],
        &Policy::default(),
    );
    let mut pricer = Pricer::new(compiled.unwrap(), Policy::default()).in_context(Context::in_zone(zone));
    assert_eq!(amounts(&pricer.totals(&twenty().to_string()).unwrap()).0, "40");
}
