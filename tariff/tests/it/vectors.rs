//! The scenarios that come with the OCPI documents, by name.

use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde_json::Value;
use tariff::source::{Format, TariffDocument};
use tariff::{
    Bill, Code, Component, Conditions, Currency, Dimension, Element, Exact, Flow, LocalTime, Period, Policy, Record,
    RecordKind, RoundingMode, Span, Tariff, Usage,
};

/// The scenarios of a version; `None`, said aloud, where the oracle is not there.
fn oracle(version: &str) -> Option<(PathBuf, Value)> {
    let root = std::env::var_os("CHARGEWIRE_ORACLE")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/oracle")), PathBuf::from);
    let folder = root.join("ocpi").join(version);
    let Ok(text) = fs::read_to_string(folder.join("tariff_vectors.json")) else {
        eprintln!("LOUD: SKIPPED, no tariff vectors in {}; set CHARGEWIRE_ORACLE", folder.display());
        return None;
    };
    Some((folder, serde_json::from_str(&text).unwrap()))
}

#[test]
fn the_tariff_scenarios_of_ocpi_2_2_1_price_as_expected() {
    scenarios("v2_2_1", Format::Ocpi221, 25);
}

#[test]
fn the_tariff_scenarios_of_ocpi_2_3_0_price_as_expected() {
    scenarios("v2_3_0", Format::Ocpi230, 27);
}

#[test]
fn the_step_size_tables_of_ocpi_2_2_1_price_as_expected() {
    steps("v2_2_1");
}

#[test]
fn the_step_size_tables_of_ocpi_2_3_0_price_as_expected() {
    steps("v2_3_0");
}

fn scenarios(version: &str, format: Format, at_least: usize) {
    let Some((folder, vectors)) = oracle(version) else { return };
    let vectors = vectors["vectors"].as_array().unwrap();
    let mut failures = Vec::new();
    for (index, vector) in vectors.iter().enumerate() {
        let name = format!("{index} {} {}", vector["tariff"].as_str().unwrap(), vector["phases"]);
        let text = fs::read_to_string(folder.join("examples").join(vector["tariff"].as_str().unwrap())).unwrap();
        match check(vector, &text, format) {
            Ok(()) => eprintln!("{version} {name}: as expected"),
            Err(difference) => failures.push(format!("{name}: {difference}")),
        }
    }
    eprintln!("{version}: {} of {} scenarios as expected", vectors.len() - failures.len(), vectors.len());
    assert!(vectors.len() >= at_least, "only {} scenarios", vectors.len());
    assert!(failures.is_empty(), "{failures:#?}");
}

fn check(vector: &Value, tariff: &str, format: Format) -> Result<(), String> {
    let policy = Policy::default();
    let document = TariffDocument::read(tariff, Some(format), &policy).map_err(|error| error.to_string())?;
    let compiled = document.compile(&policy).map_err(|error| error.to_string())?;
    let record = record(vector);
    let usage = Usage::new(&record, &policy).map_err(|error| error.to_string())?;
    let bill = compiled.price(&usage, &policy).map_err(|error| error.to_string())?;
    let total = bill.totals.total;
    amount("before taxes", &vector["expected"]["before_taxes"], total.excl_tax)?;
    amount("after taxes", &vector["expected"]["after_taxes"], total.incl_tax)?;
    billed(vector, &bill)
}

/// An amount as the document prints it, rounded to its decimals; nothing is expected where it prints none.
fn amount(what: &str, expected: &Value, exact: Option<Exact>) -> Result<(), String> {
    let Some(expected) = expected.as_str() else { return Ok(()) };
    let expected: Decimal = expected.parse().unwrap();
    let Some(exact) = exact else { return Err(format!("{what}: {expected} expected, not known")) };
    let rounded = exact.round(expected.scale(), RoundingMode::HalfUp);
    // three decimals and an even number of cents are exact in the documents
    if rounded == expected { Ok(()) } else { Err(format!("{what}: {expected} expected, {exact} found")) }
}

fn billed(vector: &Value, bill: &Bill) -> Result<(), String> {
    let totals = &bill.totals;
    let minutes = |group: Exact| group.checked_mul(Exact::from(60)).unwrap();
    for (name, found) in [
        ("kwh", totals.energy.billed),
        ("charging_minutes", minutes(totals.time.billed)),
        ("parking_minutes", minutes(totals.parking_time.billed)),
        ("reservation_minutes", minutes(totals.reservation.billed)),
    ] {
        let expected = &vector["billed"][name];
        if !expected.is_null() && decimal(expected) != found.to_decimal().unwrap() {
            return Err(format!("{name}: {expected} expected to be billed, {found} found"));
        }
    }
    Ok(())
}

fn decimal(value: &Value) -> Decimal {
    value.to_string().parse().unwrap()
}

/// The session of a scenario: its phases one after the other; one without a length takes an hour.
fn record(vector: &Value) -> Record {
    let start = start(vector["start_local"].as_str().unwrap_or("MONDAY 10:00"));
    let mut record = Record::new(start, start);
    record.zone = LocalTime::UTC;
    // the phases are not divided where prices change
    record.kind = RecordKind::Measured;
    let mut now = start;
    for phase in vector["phases"].as_array().unwrap() {
        let minutes = phase["minutes"].as_i64().unwrap_or(60);
        let span = Span::Nanos(minutes * 60_000_000_000);
        let mut period = Period::new(now);
        match phase["kind"].as_str().unwrap() {
            "charging" => {
                period.energy = (!phase["kwh"].is_null()).then(|| decimal(&phase["kwh"]));
                period.time = (!phase["minutes"].is_null() || phase["kwh"].is_null()).then_some(span);
                period.flow = flow(phase);
            }
            "parking" => period.parking_time = Some(span),
            "reservation" => period.reservation_time = Some(span),
            other => panic!("unknown phase {other}"),
        }
        record.periods.push(period);
        now += TimeDelta::minutes(minutes);
    }
    record.end = now;
    record
}

fn flow(phase: &Value) -> Flow {
    let given = |name: &str| (!phase[name].is_null()).then(|| decimal(&phase[name]));
    Flow {
        min_current: given("min_amps"),
        max_current: given("max_amps"),
        min_power: given("kw"),
        max_power: given("kw"),
        ..Flow::default()
    }
}

/// A local time such as `SATURDAY 13:30` or `16:55`, in the week of 14 January 2019, when all the tariffs are valid.
fn start(text: &str) -> DateTime<Utc> {
    let (day, time) = text.split_once(' ').unwrap_or(("MONDAY", text));
    let day = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
        .iter()
        .position(|known| *known == day)
        .unwrap();
    let start: DateTime<Utc> = format!("2019-01-{}T{time}:00Z", 14 + day).parse().unwrap();
    assert_eq!(start.weekday().num_days_from_monday() as usize, day);
    start
}

/// The tables on step sizes: quantities billed for quantities used, under one price or two.
fn steps(version: &str) {
    let Some((_, vectors)) = oracle(version) else { return };
    let rows = vectors["step_size"].as_array().unwrap();
    for row in rows {
        let step = row["step_size"].as_u64().unwrap() as u32;
        match row["quantity"].as_str().unwrap() {
            "energy" => {
                let price = row["price_per_kwh"].as_str().unwrap();
                let bill = bill(&[energy(price, step)], &[&[kwh(&row["consumed"])]]);
                assert_eq!(bill.totals.energy.billed, per_thousand(&row["billed"]), "{row}");
                let cost: Decimal = row["cost"].as_str().unwrap().parse().unwrap();
                assert_eq!(bill.totals.total.excl_tax, Some(cost.into()), "{row}");
            }
            "energy over two prices" => {
                let bill = two_prices(Dimension::Energy, step, &["4.3", "1.1"]);
                assert_eq!(bill.totals.energy.quantity, per_thousand(&row["consumed"]), "{row}");
                assert_eq!(bill.totals.energy.billed, per_thousand(&row["billed"]), "{row}");
                let parts: Vec<Exact> = bill.lines.iter().map(|line| line.billed).collect();
                let expected: Vec<Exact> = row["parts"].as_array().unwrap().iter().map(per_thousand).collect();
                assert_eq!(parts, expected, "{row}");
            }
            "time over two prices" => {
                let bill = two_prices(Dimension::Time, step * 60, &["6", "22"]);
                assert_eq!(minutes(bill.totals.time.billed), row["billed"].as_i64().unwrap().into(), "{row}");
                let parts: Vec<Exact> = bill.lines.iter().map(|line| minutes(line.billed)).collect();
                let expected: Vec<Exact> =
                    row["parts"].as_array().unwrap().iter().map(|part| part.as_i64().unwrap().into()).collect();
                assert_eq!(parts, expected, "{row}");
            }
            "charging then parking, same price unit" | "charging then parking" => {
                let charging = Component::new(Dimension::Time, Decimal::ONE).step(step * 60);
                let parking = Component::new(Dimension::ParkingTime, Decimal::TWO).step(step * 60);
                let used = row["consumed"].as_array().unwrap();
                let periods =
                    [(used[0].as_i64().unwrap(), Dimension::Time), (used[1].as_i64().unwrap(), Dimension::ParkingTime)];
                let bill =
                    timed(Tariff::new("T", Currency::EUR, vec![Element::new(vec![charging, parking])]), &periods);
                let expected = row["billed"].as_array().unwrap();
                assert_eq!(minutes(bill.totals.time.billed), expected[0].as_i64().unwrap().into(), "{row}");
                assert_eq!(minutes(bill.totals.parking_time.billed), expected[1].as_i64().unwrap().into(), "{row}");
            }
            other => panic!("unknown table {other}"),
        }
    }
    eprintln!("{version}: {} rows of step sizes as expected", rows.len());
    assert_eq!(rows.len(), 7);
}

fn minutes(hours: Exact) -> Exact {
    hours.checked_mul(Exact::from(60)).unwrap()
}

fn per_thousand(wh: &Value) -> Exact {
    Exact::from(decimal(wh)).checked_div(Exact::from(1000)).unwrap()
}

fn kwh(wh: &Value) -> Decimal {
    decimal(wh) / Decimal::ONE_THOUSAND
}

fn energy(price: &str, step: u32) -> Component {
    Component::new(Dimension::Energy, price.parse().unwrap()).step(step)
}

/// A bill for energies, one tariff element for all.
fn bill(components: &[Component], energies: &[&[Decimal]]) -> Bill {
    let start: DateTime<Utc> = "2024-01-15T10:00:00Z".parse().unwrap();
    let mut record = Record::new(start, start + TimeDelta::hours(1));
    for energy in energies.iter().flat_map(|energies| energies.iter()) {
        let mut period = Period::new(start);
        period.energy = Some(*energy);
        record.periods.push(period);
    }
    price(&Tariff::new("T", Currency::EUR, vec![Element::new(components.to_vec())]), &record)
}

/// A first quantity at one price and the rest at another, split by energy or duration.
fn two_prices(dimension: Dimension, step: u32, parts: &[&str; 2]) -> Bill {
    let component = |price: &str| Component::new(dimension, price.parse().unwrap()).step(step);
    let below = match dimension {
        Dimension::Energy => Conditions { max_kwh: Some(parts[0].parse().unwrap()), ..Conditions::default() },
        _ => Conditions { max_duration: Some(parts[0].parse::<u64>().unwrap() * 60), ..Conditions::default() },
    };
    let tariff = Tariff::new(
        "T",
        Currency::EUR,
        vec![Element::new(vec![component("0.20")]).when(below), Element::new(vec![component("0.27")])],
    );
    if dimension == Dimension::Energy {
        let start: DateTime<Utc> = "2024-01-15T10:00:00Z".parse().unwrap();
        let mut record = Record::new(start, start + TimeDelta::hours(2));
        for (hour, part) in parts.iter().enumerate() {
            let mut period = Period::new(start + TimeDelta::hours(hour as i64));
            period.energy = Some(part.parse().unwrap());
            record.periods.push(period);
        }
        return price(&tariff, &record);
    }
    timed(tariff, &parts.map(|part| (part.parse().unwrap(), dimension)))
}

/// A bill for so many minutes of each dimension, one after the other.
fn timed(tariff: Tariff, phases: &[(i64, Dimension)]) -> Bill {
    let mut now: DateTime<Utc> = "2024-01-15T10:00:00Z".parse().unwrap();
    let mut record = Record::new(now, now);
    for &(minutes, dimension) in phases {
        let mut period = Period::new(now);
        let span = Some(Span::Nanos(minutes * 60_000_000_000));
        match dimension {
            Dimension::ParkingTime => period.parking_time = span,
            _ => period.time = span,
        }
        record.periods.push(period);
        now += TimeDelta::minutes(minutes);
    }
    record.end = now;
    price(&tariff, &record)
}

fn price(tariff: &Tariff, record: &Record) -> Bill {
    let policy = Policy::default();
    tariff.compile(&policy).unwrap().price(&Usage::new(record, &policy).unwrap(), &policy).unwrap()
}

/// Every tariff and CDR among the examples of the documents is read; what only one version has is recognised.
#[test]
fn the_example_tariffs_and_cdrs_of_all_versions_are_read() {
    let root = std::env::var_os("CHARGEWIRE_ORACLE")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/oracle")), PathBuf::from);
    let (mut tariffs, mut records) = (0, 0);
    for version in ["v2_1_1", "v2_2_1", "v2_3_0", "v2_3_0_bookings", "v2_3_0_payments"] {
        let folder = root.join("ocpi").join(version).join("examples");
        let Ok(index) = fs::read_to_string(folder.join("index.json")) else {
            eprintln!("LOUD: SKIPPED, no examples in {}; set CHARGEWIRE_ORACLE", folder.display());
            return;
        };
        let index: Value = serde_json::from_str(&index).unwrap();
        let entries: Vec<(String, Value)> = match index {
            Value::Object(map) => map.into_iter().collect(),
            Value::Array(list) => {
                list.into_iter().map(|entry| (entry["file"].as_str().unwrap().to_owned(), entry)).collect()
            }
            other => panic!("{other}"),
        };
        for (file, entry) in entries {
            let kind = entry["object_type"].as_str().unwrap_or_default();
            if entry["kind"] != "object" || entry["json_document"] == false {
                continue;
            }
            let Ok(text) = fs::read_to_string(folder.join(&file)) else { continue };
            let policy = Policy::default();
            match kind {
                "Tariff" => {
                    let document = TariffDocument::read(&text, None, &policy)
                        .unwrap_or_else(|error| panic!("{version} {file}: {:#?}", error.diagnostics));
                    document.compile(&policy).unwrap_or_else(|error| panic!("{version} {file}: {error}"));
                    tariffs += 1;
                }
                "CDR" => {
                    let context = tariff::source::Context::default();
                    let document = tariff::source::RecordDocument::read(&text, None, &context, &policy)
                        .unwrap_or_else(|error| panic!("{version} {file}: {:#?}", error.diagnostics));
                    let carried = document.tariffs.unwrap();
                    let own: Vec<_> = carried.iter().map(|document| document.tariff.clone()).collect();
                    let quoted = carried.iter().flat_map(|one| &one.diagnostics);
                    let has_quoted = quoted.filter(|found| found.code == Code::NumberAsString).count();
                    // the example of 2.1.1 has a price in quotes
                    assert_eq!(has_quoted > 0, version == "v2_1_1", "{version} {file}");
                    let compiled = tariff::Compiled::new(&own, &policy).unwrap();
                    let usage = Usage::new(&document.record, &policy).unwrap();
                    let totals = compiled.totals(&usage, &policy).unwrap();
                    // 1.973 h at 2.00 in steps of 5 minutes are 2 h
                    let net = totals.total.excl_tax.unwrap();
                    assert_eq!(Some(net), Some(Exact::from(4)), "{version} {file}");
                    assert_eq!(document.claims.total.unwrap().excl_tax, Some(Decimal::from(4)));
                    records += 1;
                }
                _ => {}
            }
        }
    }
    eprintln!("{tariffs} example tariffs and {records} example CDRs read");
    assert!(tariffs >= 50 && records >= 4, "{tariffs} tariffs, {records} CDRs");
}
