//! The fast path from text to total gives the verdict and the total of the patient one, whatever the text.

use std::sync::Arc;

use ocpi_types::v221;
use proptest::prelude::*;
use serde_json::json;
use tariff::source::{Context, RecordDocument, RecordSource, TariffDocument};
use tariff::{Compiled, LocalTime, Policy, Pricer, Totals, bulk};

fn tariff() -> serde_json::Value {
    json!({
        "country_code": "DE", "party_id": "ALL", "id": "T1", "currency": "EUR", "last_updated": "2024-01-01T00:00:00Z",
        "elements": [
            {"price_components": [{"type": "FLAT", "price": 0.5, "vat": 20, "step_size": 0}]},
            {"price_components": [{"type": "ENERGY", "price": 0.39, "vat": 19, "step_size": 1},
                                  {"type": "TIME", "price": 1.2, "vat": 19, "step_size": 60}],
             "restrictions": {"max_kwh": 10, "max_current": 30}},
            {"price_components": [{"type": "ENERGY", "price": 0.29, "vat": 19, "step_size": 1},
                                  {"type": "PARKING_TIME", "price": 5, "vat": 19, "step_size": 300}]}
        ]
    })
}

fn compiled() -> Compiled {
    let policy = Policy::default();
    TariffDocument::read(&tariff().to_string(), None, &policy).unwrap().compile(&policy).unwrap()
}

fn cdr() -> String {
    let period = |start: &str, energy: f64, time: f64, parking: f64| {
        json!({
            "start_date_time": start,
            "dimensions": [
                {"type": "ENERGY", "volume": energy}, {"type": "TIME", "volume": time},
                {"type": "PARKING_TIME", "volume": parking}, {"type": "MAX_CURRENT", "volume": 30.5}
            ],
            "tariff_id": "T1"
        })
    };
    json!({
        "country_code": "BE", "party_id": "BEC", "id": "12345",
        "start_date_time": "2024-06-29T21:39:09Z", "end_date_time": "2024-06-29T23:37:32.500Z", "session_id": "S1",
        "cdr_token": {"country_code": "DE", "party_id": "TNM", "uid": "012345678", "type": "RFID", "contract_id": "DE8ACC12E46L89"},
        "auth_method": "WHITELIST",
        "cdr_location": {
            "id": "LOC1", "name": "Gent \"Zuid\" \u{e9}\n", "address": "F.Rooseveltlaan 3A", "city": "Gent", "postal_code": "9000",
            "country": "BEL", "coordinates": {"latitude": "3.729944", "longitude": "51.047599"}, "evse_uid": "3256",
            "evse_id": "BE*BEC*E041503003", "connector_id": "1", "connector_standard": "IEC_62196_T2",
            "connector_format": "SOCKET", "connector_power_type": "AC_1_PHASE"
        },
        "currency": "EUR",
        "charging_periods": [
            period("2024-06-29T21:39:09Z", 8.125, 0.5, 0.0),
            period("2024-06-29T22:09:09Z", 7.2170, 0.5, 0.25),
            period("2024-06-29T22:54:09Z", 0.0, 0.0, 0.7232)
        ],
        "total_cost": {"excl_vat": 4.00, "incl_vat": 4.40}, "total_energy": 15.342, "total_time": 1.973,
        "remark": null, "credit": false, "home_charging_compensation": false,
        "last_updated": "2024-06-29T23:50:00Z", "tariffs": [tariff()], "vendor": {"x": [1, -2.5e3, [], {}, {"y": [true, false, null]}]}
    })
    .to_string()
}

/// Read with every rule and every diagnostic, then priced.
fn patient(text: &str, compiled: &Compiled, policy: &Policy) -> Option<Totals> {
    let document = RecordDocument::read(text, None, &Context::default(), policy).ok()?;
    let usage = document.usage(policy).ok()?;
    compiled.totals(&usage, policy).ok()
}

/// Decoded as a whole by `ocpi_types`, then priced.
fn whole(text: &str, compiled: &Compiled, policy: &Policy) -> Option<Totals> {
    let typed: v221::Cdr = ocpi_types::decode(text).ok()?;
    let document = typed.to_record(&Context::default(), policy).ok()?;
    compiled.totals(&document.usage(policy).ok()?, policy).ok()
}

fn agree(text: &str, pricer: &mut Pricer, compiled: &Compiled, policy: &Policy) -> bool {
    let fast = pricer.totals(text).ok();
    assert_eq!(fast, patient(text, compiled, policy), "{text}");
    if fast.is_none() {
        // whoever decodes everything is not more tolerant
        assert_eq!(whole(text, compiled, policy), None, "{text}");
    }
    let bill = pricer.bill(text).ok();
    assert_eq!(bill.map(|bill| bill.totals), fast, "{text}");
    fast.is_some()
}

#[test]
fn the_usual_cdr_is_priced_alike_on_all_ways() {
    let (compiled, policy, text) = (compiled(), Policy::default(), cdr());
    let mut pricer = Pricer::new(compiled.clone(), policy.clone());
    assert!(agree(&text, &mut pricer, &compiled, &policy));
    assert_eq!(whole(&text, &compiled, &policy), pricer.totals(&text).ok());
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&text).unwrap()).unwrap();
    assert_eq!(pricer.totals(&pretty), pricer.totals(&text));
}

#[test]
fn every_text_cut_off_somewhere_is_refused() {
    let (compiled, text) = (compiled(), cdr());
    let mut pricer = Pricer::new(compiled, Policy::default());
    assert!(pricer.totals(&text).is_ok());
    for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
        assert!(pricer.totals(&text[..end]).is_err(), "{}", &text[..end]);
    }
}

#[test]
fn tariffs_like_those_of_the_record_before_are_no_others() {
    let policy = Policy::default();
    let with = |tariffs: &str| cdr().replacen(&json!([tariff()]).to_string(), tariffs, 1);
    let own = json!([tariff()]).to_string();
    let dearer = own.replace("0.39", "0.49");
    let mut given = Pricer::new(compiled(), policy.clone());
    let mut carried = Pricer::by_own_tariffs(policy);
    let mut total = |tariffs: &str| {
        let text = with(tariffs);
        assert_eq!(given.totals(&text).is_ok(), carried.totals(&text).is_ok());
        carried.totals(&text).ok()
    };
    let (first, second) = (total(&own).unwrap(), total(&dearer).unwrap());
    assert_ne!(first, second);
    assert_eq!((total(&own), total(&own), total(&dearer)), (Some(first), Some(first), Some(second)));
    for broken in [&own[..own.len() - 1], &format!("{own}]"), &format!("{own}0"), &format!("{own}{own}")] {
        assert_eq!(total(&own), Some(first));
        assert_eq!(total(broken), None, "{broken}");
    }
}

/// Bytes and snippets that turn JSON into something else, or into other JSON.
fn snippet() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[\\{\\}\\[\\]:,\"\\\\ 0-9eE.+Z-]{0,3}",
        1 => prop::sample::select(vec![
            "null", "true", "\"20\"", "-", "1e400", "1E2", "0.50", "00", "\\u00e9", "\\ud800", "\\x", "\u{7f}", "\t",
            "\"ENERGY\"", "\"TIME\"", "\"energy\"", "\"MIN_CURRENT\"", "\"STATE_OF_CHARGE\"", "2024-06-29T22:00:00Z",
            "2024-06-29T22:00:00+02:00", "2016-12-31T23:59:60Z", "\"tariff_id\"", "\"volume\"", "\"type\"", "\"T2\"",
            "\"kwh\":5,", "\"location\":{},", "\"stop_date_time\":", "\"credit\":true,", "\"currency\":\"GBP\",",
            "\"total_energy\":null,", "\"charging_periods\":[],", "\"start_date_time\":\"2024-06-29T21:00:00Z\",",
            "99999999999999999999", "123456789012345678901", "[[[[]]]]", "{\"a\":{}}", "EUR", "XYZ", "/",
        ]).prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn mutants_have_the_same_verdict_on_the_fast_and_the_patient_way(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, snippet()), 1..4)
    ) {
        thread_local! {
            static SHARED: (Arc<Compiled>, Arc<Policy>, String) = (Arc::new(compiled()), Arc::new(Policy::default()), cdr());
        }
        let (compiled, policy, mut text) = SHARED.with(Clone::clone);
        for (at, removed, inserted) in edits {
            let mut start = at.index(text.len());
            while !text.is_char_boundary(start) {
                start -= 1;
            }
            let mut end = (start + removed).min(text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            text.replace_range(start..end, &inserted);
        }
        let mut pricer = Pricer::new((*compiled).clone(), (*policy).clone());
        // it has read the tariffs before
        prop_assert!(pricer.totals(&cdr()).is_ok());
        agree(&text, &mut pricer, &compiled, &policy);
    }

    #[test]
    fn other_quantities_are_priced_alike(
        volumes in prop::collection::vec((0_u32..100_000, 0_u32..5, 0_u32..20_000, any::<bool>()), 1..6),
    ) {
        let (compiled, policy) = (compiled(), Policy::default());
        let mut pricer = Pricer::new(compiled.clone(), policy.clone());
        let periods: Vec<_> = volumes.iter().enumerate().map(|(place, (energy, decimals, hours, parks))| {
            let energy = rust_decimal::Decimal::new(i64::from(*energy), *decimals);
            let hours = rust_decimal::Decimal::new(i64::from(*hours), 4);
            let kind = if *parks { "PARKING_TIME" } else { "TIME" };
            format!(
                r#"{{"start_date_time":"2024-06-29T{:02}:00:00Z","dimensions":[{{"type":"ENERGY","volume":{energy}}},{{"volume":{hours},"type":"{kind}"}}]}}"#,
                10 + place
            )
        }).collect();
        let text = format!(
            r#"{{"charging_periods":[{}],"currency":"EUR","end_date_time":"2024-06-29T20:00:00Z","start_date_time":"2024-06-29T10:00:00Z"}}"#,
            periods.join(",")
        );
        prop_assert!(agree(&text, &mut pricer, &compiled, &policy));
    }
}

#[test]
fn bulk_keeps_the_order_and_the_errors() {
    let compiled = compiled();
    let pricer = Pricer::new(compiled, Policy::default()).in_context(Context::in_zone(LocalTime::UTC));
    let good = cdr();
    let texts = (0..10_000).map(|place| if place % 7 == 3 { format!("broken {place}") } else { good.clone() });
    let results: Vec<_> = bulk(&pricer, texts, |pricer, text| pricer.totals(text)).collect();
    assert_eq!(results.len(), 10_000);
    let expected = pricer.clone().totals(&good).unwrap();
    for (place, result) in results.iter().enumerate() {
        match result {
            Ok(totals) => assert!(place % 7 != 3 && *totals == expected),
            Err(error) => assert!(place % 7 == 3 && !error.diagnostics.is_empty()),
        }
    }
}

#[test]
fn bulk_takes_texts_as_it_goes() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    let pricer = Pricer::new(compiled(), Policy::default());
    let taken = AtomicUsize::new(0);
    let texts = std::iter::repeat_with(|| {
        taken.fetch_add(1, Ordering::Relaxed);
        "{}"
    });
    let mut results = bulk(&pricer, texts, |_, text| text.len());
    assert_eq!(results.next(), Some(2));
    // one batch is done and one is waiting, out of texts without end
    assert!(taken.load(Ordering::Relaxed) <= 10_000);
}
