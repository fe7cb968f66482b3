//! OCPP 2.1 tariffs as sources, cost details as sources and outputs.

use ocpp_types::v21;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tariff::output::Priced;
use tariff::source::{
    Context, DocumentKind, Format, RecordDocument, RecordSource, StationLimits, TariffDocument, TariffSource,
    TariffVerdict,
};
use tariff::{Bill, Code, Compiled, Dialect, EvseKind, Exact, Facts, LocalTime, MaxElements, Policy, Record, Usage};

use crate::desk::{at, decimal, session, session_at};

fn read(tariff: &Value) -> TariffDocument {
    TariffDocument::read(&tariff.to_string(), None, &Policy::default()).unwrap_or_else(|error| panic!("{error:#?}"))
}

fn compiled(tariff: &Value) -> Compiled {
    let document = read(tariff);
    assert_eq!((document.format, document.tariff.dialect), (Format::Ocpp21, Dialect::Ocpp21));
    document.compile(&Policy::default()).unwrap()
}

fn bill(tariff: &Value, record: &Record) -> Bill {
    let policy = Policy::default();
    compiled(tariff).price(&Usage::new(record, &policy).unwrap(), &policy).unwrap()
}

#[track_caller]
fn comes_to(tariff: &Value, record: &Record, net: &str, gross: &str) {
    let total = bill(tariff, record).totals.total;
    let show = |exact: Option<Exact>| exact.unwrap().to_string();
    assert_eq!((show(total.excl_tax), show(total.incl_tax)), (net.to_owned(), gross.to_owned()));
}

fn details(tariff: &Value, record: &Record) -> v21::CostDetails {
    let policy = Policy::default();
    let compiled = compiled(tariff);
    let usage = Usage::new(record, &policy).unwrap();
    let bill = compiled.price(&usage, &policy).unwrap();
    Priced::new(&usage, &bill, &compiled, &policy).cost_details().unwrap()
}

fn json_of(details: &v21::CostDetails) -> Value {
    serde_json::to_value(details).unwrap()
}

#[test]
fn r56_the_first_entry_of_each_list_that_holds_is_used() {
    let tariff = json!({"tariffId": "T", "currency": "EUR", "energy": {"prices": [
        {"priceKwh": 0.40, "conditions": {"startTimeOfDay": "08:00", "endTimeOfDay": "18:00"}}, {"priceKwh": 0.25}]}});
    let record = session_at("2024-01-15T17:00:00Z").charge(60, "6").charge(60, "6").record;
    comes_to(&tariff, &record, "3.9", "3.9");
}

#[test]
fn r57_prices_are_per_minute_and_conditions_in_wh() {
    let tariff = json!({"tariffId": "T", "currency": "EUR", "chargingTime": {"prices": [{"priceMinute": 0.05}]}});
    comes_to(&tariff, &session().charge(90, "0").record, "4.5", "4.5");
    let tariff = json!({"tariffId": "T", "currency": "EUR", "energy": {"prices": [
        {"priceKwh": 0.39, "conditions": {"maxEnergy": 10000}}, {"priceKwh": 0.29}]}});
    comes_to(&tariff, &session().charge(20, "20").record, "6.8", "6.8");
}

#[test]
fn r61_taxes_of_one_level_are_added_and_levels_stack() {
    let tariff = |rates: Value| json!({"tariffId": "T", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0.25}], "taxRates": rates}});
    let federal = json!([{"type": "Federal", "tax": 6}, {"type": "State", "tax": 4}]);
    comes_to(&tariff(federal), &session().charge(60, "10").record, "2.5", "2.75");
    let stacked = json!([{"type": "A", "tax": 10}, {"type": "B", "tax": 20, "stack": 1}]);
    comes_to(&tariff(stacked), &session().charge(60, "400").record, "100", "132");
}

#[test]
fn r62_a_fee_may_depend_on_the_means_of_payment() {
    let tariff = json!({"tariffId": "T", "currency": "EUR", "fixedFee": {"prices": [
        {"priceFixed": 3.00, "conditions": {"paymentRecognition": "CC"}}, {"priceFixed": 2.50}]}});
    let mut record = session().charge(60, "10").record;
    record.facts = Facts { payment_recognition: Some("Debit".to_owned()), ..Facts::default() };
    comes_to(&tariff, &record, "2.5", "2.5");
    record.facts.payment_recognition = Some("CC".to_owned());
    comes_to(&tariff, &record, "3", "3");
}

#[test]
fn r63_a_reservation_has_lists_of_its_own() {
    let tariff = json!({"tariffId": "T", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0}]},
        "reservationTime": {"prices": [{"priceMinute": 0.10}]}, "reservationFixed": {"prices": [{"priceFixed": 2.00}]}});
    let record = session()
        .period(15, |period| period.reservation_time = Some(tariff::Span::seconds(900)))
        .charge(60, "10")
        .record;
    comes_to(&tariff, &record, "3.5", "3.5");
    let details = json_of(&details(&tariff, &record));
    assert_eq!(details["totalCost"]["reservationTime"]["exclTax"], json!(1.5));
    assert_eq!(details["totalCost"]["reservationFixed"]["exclTax"], json!(2));
    assert_eq!(details["totalUsage"]["reservationTime"], json!(900));
    assert_eq!(details["chargingPeriods"].as_array().unwrap().len(), 1);
}

#[test]
fn r64_minimum_and_maximum_replace_and_stop_the_cost() {
    let limited = |limit: &str, price: Value| {
        let mut tariff = json!({"tariffId": "T", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0.50}]}});
        tariff[limit] = price;
        tariff
    };
    let at_most = limited("maxCost", json!({"exclTax": 10.00}));
    comes_to(&at_most, &session().charge(60, "50").record, "10", "10");
    let stopped = json_of(&details(&at_most, &session().charge(60, "50").record));
    assert_eq!(stopped["totalCost"]["typeOfCost"], "MaxCost");
    assert_eq!(stopped["totalUsage"]["energy"], json!(50000));
    let at_least = limited("minCost", json!({"exclTax": 2.00}));
    let replaced = json_of(&details(&at_least, &session().charge(60, "1").record));
    assert_eq!(replaced["totalCost"]["typeOfCost"], "MinCost");
    assert_eq!(replaced["totalCost"]["fixed"]["exclTax"], json!(2));
    assert_eq!(replaced["totalCost"].get("energy"), None);
    let both = json!({"tariffId": "T", "currency": "EUR",
        "fixedFee": {"prices": [{"priceFixed": 0.50}], "taxRates": [{"type": "VAT", "tax": 20}]},
        "energy": {"prices": [{"priceKwh": 0.25}], "taxRates": [{"type": "VAT", "tax": 10}]},
        "maxCost": {"exclTax": 10.00, "inclTax": 11.00}});
    let total = bill(&both, &session().charge(60, "50").record).totals.total;
    assert_eq!(total.excl_tax.unwrap().round(4, tariff::RoundingMode::HalfUp), decimal("9.9545"));
    assert_eq!(total.incl_tax, Some(Exact::from(11)));
}

#[test]
fn r65_amounts_have_six_decimals_and_prices_should_not_have_more() {
    let tariff = json!({"tariffId": "T", "currency": "EUR", "chargingTime": {"prices": [{"priceMinute": 0.01}]}});
    let record = session().period(2, |period| period.time = Some(tariff::Span::seconds(100))).record;
    let details = json_of(&details(&tariff, &record));
    assert_eq!(details["totalCost"]["total"]["exclTax"], json!(0.016667));
    let tariff = json!({"tariffId": "T", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0.1234567}]}});
    let found = &read(&tariff).diagnostics[0];
    assert_eq!((found.code, found.pointer.as_str()), (Code::TooManyDecimals, "/energy/prices/0/priceKwh"));
}

#[test]
fn r67_a_period_begins_where_prices_change() {
    let tariff = json!({"tariffId": "T", "currency": "EUR", "energy": {"prices": [
        {"priceKwh": 0.40, "conditions": {"startTimeOfDay": "08:00", "endTimeOfDay": "18:00"}}, {"priceKwh": 0.25}]}});
    let record = session_at("2024-01-15T17:00:00Z").charge(30, "3").charge(30, "3").charge(60, "6").record;
    let details = json_of(&details(&tariff, &record));
    assert_eq!(
        details["chargingPeriods"],
        json!([
            {"dimensions": [{"type": "Energy", "volume": 6000}, {"type": "ChargingTime", "volume": 3600}],
             "tariffId": "T", "startPeriod": "2024-01-15T17:00:00Z"},
            {"dimensions": [{"type": "Energy", "volume": 6000}, {"type": "ChargingTime", "volume": 3600}],
             "tariffId": "T", "startPeriod": "2024-01-15T18:00:00Z"}
        ])
    );
}

#[test]
fn r75_cost_details_read_back_price_the_same() {
    let tariff = json!({"tariffId": "T", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0.25}]},
        "idleTime": {"prices": [{"priceMinute": 0.10}]}});
    let record = session().charge(60, "10").park(40).record;
    let details = details(&tariff, &record);
    let policy = Policy::default();
    let text = serde_json::to_string(&details).unwrap();
    let context = Context::in_zone(LocalTime::UTC);
    let read = RecordDocument::read(&text, None, &context, &policy).unwrap();
    assert_eq!(read.kind, DocumentKind::CostDetails);
    assert_eq!(read.record, details.to_record(&context, &policy).unwrap().record);
    assert_eq!(read.record.end, record.end);
    assert_eq!(read.claims.total.as_ref().unwrap().excl_tax, Some(decimal("6.5")));
    let usage = read.usage(&policy).unwrap();
    let total = compiled(&tariff).totals(&usage, &policy).unwrap().total.excl_tax;
    assert_eq!(total, Some(decimal("6.5").into()));
    // a running cost has no periods, and a failed one is no record
    let mut running = json_of(&details);
    running.as_object_mut().unwrap().remove("chargingPeriods");
    // periods in an update are read, and said to be out of place (R80)
    let update = Context { is_update: true, ..context.clone() };
    let found = RecordDocument::read(&text, None, &update, &policy).unwrap();
    let codes: Vec<_> = found.diagnostics.iter().map(|found| (found.code, found.pointer.as_str())).collect();
    assert_eq!(codes, [(Code::PeriodsInRunningCost, "/chargingPeriods")]);
    assert_eq!(found.record, read.record);
    let error = RecordDocument::read(&running.to_string(), None, &context, &policy).unwrap_err();
    assert_eq!(error.diagnostics[0].pointer, "/chargingPeriods");
    let mut failed = json_of(&details);
    failed["failureToCalculate"] = json!(true);
    assert!(RecordDocument::read(&failed.to_string(), None, &context, &policy).is_err());
    // R67: stations write the idle time either way
    let other = text.replace("IdleTIme", "IdleTime");
    assert_eq!(RecordDocument::read(&other, None, &context, &policy).unwrap().record, read.record);
}

#[test]
fn r75_reserved_time_becomes_a_leading_period() {
    let tariff = json!({"tariffId": "T", "currency": "EUR", "reservationTime": {"prices": [{"priceMinute": 0.10}]}});
    let record = session()
        .period(15, |period| period.reservation_time = Some(tariff::Span::seconds(900)))
        .charge(60, "10")
        .record;
    let read = details(&tariff, &record).to_record(&Context::default(), &Policy::default()).unwrap().record;
    assert_eq!((read.start, read.periods.len()), (record.start, 2));
    assert_eq!(read.periods[0].reservation_time, record.periods[0].reservation_time);
}

#[test]
fn r81_every_list_fills_its_own_part() {
    let tariff = json!({"tariffId": "T", "currency": "EUR",
        "energy": {"prices": [{"priceKwh": 0.25}], "taxRates": [{"type": "F", "tax": 6}, {"type": "S", "tax": 4}]},
        "idleTime": {"prices": [{"priceMinute": 0.10}]}});
    let details = json_of(&details(&tariff, &session().charge(60, "10").park(10).record));
    let cost = &details["totalCost"];
    assert_eq!((&cost["energy"]["exclTax"], &cost["energy"]["inclTax"]), (&json!(2.5), &json!(2.75)));
    assert_eq!(cost["energy"]["taxRates"].as_array().unwrap().len(), 2);
    assert_eq!((&cost["idleTime"]["exclTax"], &cost["idleTime"]["inclTax"]), (&json!(1), &json!(1)));
    assert_eq!((&cost["total"]["exclTax"], &cost["total"]["inclTax"]), (&json!(3.5), &json!(3.75)));
    assert_eq!(details["totalUsage"], json!({"energy": 10000, "chargingTime": 3600, "idleTime": 600}));
    assert_eq!(cost.get("chargingTime"), None);
}

#[test]
fn r83_conditions_may_name_the_kind_of_evse() {
    let tariff = json!({"tariffId": "T", "currency": "EUR", "energy": {"prices": [
        {"priceKwh": 0.60, "conditions": {"evseKind": "DC"}}, {"priceKwh": 0.40}]}});
    let mut record = session().charge(60, "10").record;
    record.facts.evse_kind = Some(EvseKind::Ac);
    comes_to(&tariff, &record, "4", "4");
    record.facts.evse_kind = Some(EvseKind::Dc);
    comes_to(&tariff, &record, "6", "6");
}

#[test]
fn r84_a_tariff_can_be_checked_against_what_a_station_takes() {
    let tariff: v21::Tariff = serde_json::from_value(json!({"tariffId": "T", "currency": "EUR",
        "energy": {"prices": [{"priceKwh": 0.25, "conditions": {"maxEnergy": 5000}}, {"priceKwh": 0.20}]},
        "idleTime": {"prices": [{"priceMinute": 0.10}, {"priceMinute": 0.20}]}}))
    .unwrap();
    let limits = StationLimits { max_elements: Some(3), conditions_supported: true };
    let mut policy = Policy::default();
    assert_eq!(limits.check(&tariff, &policy), TariffVerdict::TooManyElements);
    policy.ocpp.max_elements = MaxElements::PerList;
    assert_eq!(limits.check(&tariff, &policy), TariffVerdict::Accepted);
    let plain = StationLimits { conditions_supported: false, ..limits };
    assert_eq!(plain.check(&tariff, &policy), TariffVerdict::ConditionNotSupported);
}

#[test]
fn broken_tariffs_are_refused_where_they_are_broken() {
    let refused = |tariff: Value, code: Code, pointer: &str| {
        let error = TariffDocument::read(&tariff.to_string(), Some(Format::Ocpp21), &Policy::default()).unwrap_err();
        let found = error.diagnostics.iter().any(|found| found.code == code && found.pointer == pointer);
        assert!(found, "no {code:?} at {pointer}: {error:#?}");
    };
    let energy = |entry: Value| json!({"tariffId": "T", "currency": "EUR", "energy": {"prices": [entry]}});
    refused(json!({"tariffId": "T", "currency": "EUR"}), Code::TariffWithoutElements, "");
    refused(
        json!({"tariffId": "T", "currency": "E", "energy": {"prices": [{"priceKwh": 1}]}}),
        Code::ValueInvalid,
        "/currency",
    );
    refused(json!({"tariffId": "T", "energy": {"prices": [{"priceKwh": 1}]}}), Code::ValueInvalid, "/currency");
    refused(energy(json!({"priceKwh": "dear"})), Code::ValueInvalid, "/energy/prices/0/priceKwh");
    let condition = |condition: Value| energy(json!({"priceKwh": 1, "conditions": condition}));
    let at = |name: &str| format!("/energy/prices/0/conditions/{name}");
    refused(condition(json!({"startTimeOfDay": "24:00"})), Code::ValueInvalid, &at("startTimeOfDay"));
    refused(condition(json!({"validFromDate": "2024-02-30"})), Code::ValueInvalid, &at("validFromDate"));
    refused(condition(json!({"minTime": -1})), Code::ValueInvalid, &at("minTime"));
    refused(condition(json!({"dayOfWeek": ["Funday"]})), Code::ValueInvalid, &at("dayOfWeek/0"));
    let quoted = energy(json!({"priceKwh": "0.25"}));
    let found = &read(&quoted).diagnostics[0];
    assert_eq!((found.code, found.pointer.as_str()), (Code::NumberAsString, "/energy/prices/0/priceKwh"));
    let odd = condition(json!({"minSoc": 20}));
    let found = &read(&odd).diagnostics[0];
    assert_eq!((found.code, found.pointer.as_str()), (Code::UnknownRestriction, at("minSoc").as_str()));
    // a text that closes the message around it
    assert!(
        TariffDocument::read(r#"{"tariffId":"T"}},"x":{"y":1}"#, Some(Format::Ocpp21), &Policy::default()).is_err()
    );
}

#[test]
fn places_of_compiled_elements_lead_into_the_lists() {
    let document = read(&json!({"tariffId": "T", "currency": "EUR",
        "energy": {"prices": [{"priceKwh": 0.2, "conditions": {"maxEnergy": 1}}, {"priceKwh": 0.25}]},
        "idleTime": {"prices": [{"priceMinute": 0.10}]}, "minCost": {"exclTax": 1}}));
    assert_eq!(document.locate("/elements/1/price_components/0/price"), "/energy/prices/1/priceKwh");
    assert_eq!(document.locate("/elements/2/price_components/0/taxes/0/percent"), "/idleTime/taxRates/0/tax");
    assert_eq!(document.locate("/elements/2"), "/idleTime/prices/0");
    assert_eq!(document.locate("/elements/0/restrictions/max_kwh"), "/energy/prices/0/conditions/maxEnergy");
    assert_eq!(document.locate("/min_price/excl_tax"), "/minCost/exclTax");
    assert_eq!(document.tariff.min_price.as_ref().unwrap().excl_tax, Some(Decimal::ONE));
    let typed: v21::Tariff =
        serde_json::from_value(json!({"tariffId": "T", "currency": "EUR", "validFrom": "2024-06-02T00:00:00Z",
        "energy": {"prices": [{"priceKwh": 0.25}]}}))
        .unwrap();
    assert_eq!(typed.to_tariff(&Policy::default()).unwrap().tariff.valid_from, Some(at("2024-06-02T00:00:00Z")));
}
