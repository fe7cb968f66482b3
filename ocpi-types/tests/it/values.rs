//! Texts, times, numbers, presence and enumerations (rule book part A).

use ocpi_types::{
    AsciiText, CiString, DateTime, FindingKind, Int, LocalDate, LocalTime, NOT_AVAILABLE, Number, Object, Severity,
    Text, Url, Version, decode, decode_strict, has_errors, inspect, objects, v211, v221, v230,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::examples::normal;
use crate::generate::{Random, minimal, random, set};

fn findings(version: Version, object: &str, value: &Value) -> Vec<(String, &'static str, Severity)> {
    let entry = ocpi_types::object(version, object).unwrap();
    (entry.inspect)(&value.to_string()).into_iter().map(|it| (it.pointer, it.rule, it.severity)).collect()
}

fn token(version: Version, pointer: &str, value: Value) -> Vec<(String, &'static str, Severity)> {
    let mut token = minimal(ocpi_types::object(version, "Token").unwrap().shape);
    set(&mut token, "/whitelist", json!("NEVER"));
    set(&mut token, pointer, value);
    findings(version, "Token", &token)
}

/// STR-01: ASCII only in 2.1.1; lenient decoding takes the rest.
#[test]
fn str_01_ascii_only_in_211() {
    assert!(token(Version::V2_1_1, "/issuer", json!("Malm\u{f6}")).contains(&(
        "/issuer".into(),
        "STR-01",
        Severity::Error
    )));
    assert!(token(Version::V2_2_1, "/issuer", json!("Malm\u{f6}")).is_empty());
    let issuer: AsciiText<64> = serde_json::from_str("\"Malm\u{f6}\"").unwrap();
    assert_eq!(issuer.as_str(), "Malm\u{f6}");
}

/// STR-02: no control characters.
#[test]
fn str_02_control_characters() {
    for text in ["a\tb", "a\nb", "a\u{7f}", "a\u{85}"] {
        assert_eq!(token(Version::V2_2_1, "/issuer", json!(text)), [("/issuer".into(), "STR-02", Severity::Error)]);
    }
}

/// STR-03 and STR-08: case does not count, the spelling stays.
#[test]
fn str_03_case_insensitive_texts() {
    let (left, right) = (CiString::<36>::new("Ab1"), CiString::<36>::new("aB1"));
    assert_eq!(left, right);
    assert_eq!(std::collections::BTreeSet::from([left.clone(), right.clone()]).len(), 1);
    assert_eq!(std::collections::HashSet::from([left.clone(), right]).len(), 1);
    assert_eq!(serde_json::to_string(&left).unwrap(), "\"Ab1\"");
    assert_eq!(CiString::<32>::new("START"), "Start");
    assert_ne!(Text::<32>::new("START"), *"Start");
    assert_eq!(token(Version::V2_2_1, "/uid", json!("\u{e9}")), [("/uid".into(), "STR-03", Severity::Error)]);
}

/// STR-04 and STR-05: characters count, too long values are kept and reported.
#[test]
fn str_04_and_05_lengths() {
    let name = "\u{f6}".repeat(64);
    assert!(token(Version::V2_2_1, "/issuer", json!(name)).is_empty());
    let long = "\u{f6}".repeat(65);
    assert_eq!(token(Version::V2_2_1, "/issuer", json!(long)), [("/issuer".into(), "STR-05", Severity::Error)]);
}

/// STR-06: identifiers should not be empty.
#[test]
fn str_06_empty_identifiers() {
    for version in Version::ALL {
        assert_eq!(token(version, "/uid", json!("")), [("/uid".into(), "STR-06", Severity::Warning)]);
    }
}

/// STR-07: identifiers of 2.1.1 differ by case.
#[test]
fn str_07_identifiers_of_211_are_case_sensitive() {
    let id =
        |text: &str| v211::Tariff::new(text, "EUR", [], "2020-01-01T00:00:00Z".parse::<DateTime<false>>().unwrap()).id;
    assert_ne!(id("a1"), id("A1"));
}

/// URL-01 and URL-04: 255 characters for a URL, 512 for the URL of signed data.
#[test]
fn url_01_and_04() {
    let mut image = minimal(ocpi_types::object(Version::V2_2_1, "Image").unwrap().shape);
    image["url"] = json!(format!("https://example.com/{}", "a".repeat(236)));
    assert_eq!(findings(Version::V2_2_1, "Image", &image), [("/url".into(), "URL-01", Severity::Error)]);
    image["url"] = json!("/relative");
    assert_eq!(findings(Version::V2_2_1, "Image", &image), [("/url".into(), "URL-01", Severity::Error)]);
    let mut signed = minimal(ocpi_types::object(Version::V2_2_1, "SignedData").unwrap().shape);
    signed["url"] = json!("x".repeat(400));
    assert!(findings(Version::V2_2_1, "SignedData", &signed).is_empty());
    let text = "HTTPS://Example.com/%7Ea?b#c";
    assert_eq!(serde_json::to_string(&Url::new(text)).unwrap(), format!("\"{text}\""), "never normalised");
}

/// TXT-01: markup in plain texts.
#[test]
fn txt_01_markup() {
    for (text, bad) in [("<b>x</b>", true), ("&amp;", true), ("a < b", false), ("R&D; more", true), ("a & b;", false)] {
        let value = json!({ "language": "en", "text": text });
        let expected = if bad { vec![("/text".to_owned(), "TXT-01", Severity::Warning)] } else { vec![] };
        assert_eq!(findings(Version::V2_2_1, "DisplayText", &value), expected, "{text}");
    }
}

/// TXT-02: the best text for a reader.
#[test]
fn txt_02_best_text() {
    let texts = [v221::DisplayText::new("nl", "hallo"), v221::DisplayText::new("en", "hello")];
    assert_eq!(v221::DisplayText::best_for(&texts, "de").unwrap().text, *"hello");
    assert_eq!(v221::DisplayText::best_for(&texts, "NL").unwrap().text, *"hallo");
    assert_eq!(v221::DisplayText::best_for(&texts[..1], "de").unwrap().text, *"hallo");
    assert!(v221::DisplayText::best_for(&[], "de").is_none());
}

/// TXT-03, X-CDR-08 and X-BOK-04: `#NA` is not a value.
#[test]
fn txt_03_not_available() {
    assert_eq!(CiString::<36>::new(NOT_AVAILABLE).known(), None);
    assert_eq!(CiString::<36>::new("3256").known(), Some("3256"));
    let mut option = v230::BookingOption::new();
    option.evse_uid = Some(NOT_AVAILABLE.into());
    assert_eq!(option.evse_uid.unwrap().known(), None);
}

/// TXT-04: names count exactly.
#[test]
fn txt_04_member_names() {
    let text = r#"{"version":"2.2.1","url":"https://example.com","url ":"x","URL":"y"}"#;
    let names: Vec<_> = inspect::<v221::Version>(text).into_iter().map(|it| (it.pointer, it.kind)).collect();
    assert_eq!(names, [("/url ".into(), FindingKind::UnknownMember), ("/URL".into(), FindingKind::UnknownMember)]);
}

/// DT-01 to DT-06: what is read, what is reported, what is written.
#[test]
fn dt_01_to_06_times() {
    let read = |text: &str| text.parse::<DateTime>();
    assert_eq!(read("2015-06-29T20:39:09Z"), read("2015-06-29T20:39:09"));
    assert_eq!(read("2018-01-01T01:08:01.123").unwrap().to_string(), "2018-01-01T01:08:01.123Z");
    assert_eq!(read("2018-01-01T01:08:01.5Z").unwrap().to_string(), "2018-01-01T01:08:01.500Z");
    assert_eq!(read("2018-01-01T01:08:01.1234Z").unwrap().to_string(), "2018-01-01T01:08:01.1234Z");
    assert_eq!(read("2018-01-01T01:08:01.000Z").unwrap().to_string(), "2018-01-01T01:08:01Z");
    assert_eq!("2018-01-01T01:08:01.5Z".parse::<DateTime<false>>().unwrap().to_string(), "2018-01-01T01:08:01Z");
    assert_eq!(read("2018-01-01T02:00:00+02:00"), read("2018-01-01T00:00:00Z"));
    assert_eq!(read("1970-1-1T00:00:00Z"), Ok(DateTime::EPOCH));
    for bad in [
        "2025-03-23T23:59:99Z",
        "2025-03-23T23:59:60Z",
        "2025-03-23T24:00:00Z",
        "2025-02-30T00:00:00Z",
        "2025-13-01T00:00:00Z",
        "2025-00-01T00:00:00Z",
        "222222017-01-01T00:00:00Z",
        "2025-03-23",
        "2025-03-23T10:00:00.Z",
        "2025-03-23T10:00:00+25:00",
        "0000-01-01T00:00:00+10:00",
        "1000000",
        "",
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
    let reported = |text: &str| {
        let found = token(Version::V2_2_1, "/last_updated", json!(text));
        found.into_iter().map(|(_, rule, _)| rule).collect::<Vec<_>>()
    };
    assert!(reported("2015-06-29T20:39:09").is_empty());
    assert_eq!(reported("2015-06-29T20:39:09+00:00"), ["DT-03"]);
    assert_eq!(reported("2015-06-29 20:39:09Z"), ["DT-05"]);
    assert_eq!(reported("2015-06-29t20:39:09z"), ["DT-05"]);
    assert_eq!(reported("2015-6-9T20:39:09Z"), ["DT-05"]);
    assert_eq!(reported("2015-06-29T20:39:09.123456789Z"), ["DT-02"]);
    assert_eq!(reported("2015-06-29T20:39:99Z"), ["DT-05"]);
    let old = token(Version::V2_1_1, "/last_updated", json!("2015-06-29T20:39:09.1Z"));
    assert_eq!(old, [("/last_updated".into(), "DT-01", Severity::Error)]);
}

proptest! {
    /// DT-04 and DT-06: every time of the years 0 to 9999 survives, and agrees with chrono.
    #[test]
    fn dt_06_times_round_trip(seconds in -62_167_219_200_i64..=253_402_300_799) {
        let time = DateTime::<true>::from_unix_seconds(seconds).unwrap();
        prop_assert_eq!(time.to_string().parse::<DateTime>().unwrap(), time);
        prop_assert_eq!(time.to_string(), time.to_chrono().format("%Y-%m-%dT%H:%M:%SZ").to_string());
        prop_assert_eq!(DateTime::<true>::from(time.to_chrono()), time);
    }

    /// NUM-01: digits survive.
    #[test]
    fn num_01_numbers_round_trip(digits in any::<i64>(), scale in 0_u32..=12) {
        let number = Number::<4>::new(digits, scale).unwrap();
        let text = serde_json::to_string(&number).unwrap();
        let again: Number = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(again, number);
        prop_assert_eq!(again.to_string(), text);
        prop_assert_eq!(number.value().to_string(), number.to_string());
    }
}

/// DT-08: times of day and dates.
#[test]
fn dt_08_times_of_day_and_dates() {
    assert_eq!(LocalTime::new("23:59").minutes(), Some(1439));
    for bad in ["24:00", "7:00", "07:60", "07:00:00", ""] {
        assert_eq!(LocalTime::new(bad).minutes(), None, "{bad}");
    }
    assert!(LocalDate::new("2024-02-29").to_date().is_some());
    for bad in ["2023-02-29", "0999-01-01", "2024-13-01", "2024-1-01", ""] {
        assert!(LocalDate::new(bad).to_date().is_none(), "{bad}");
    }
    let hours = json!({ "weekday": 1, "period_begin": "24:00", "period_end": "25:00" });
    let rules: Vec<_> = findings(Version::V2_2_1, "RegularHours", &hours).into_iter().map(|it| it.1).collect();
    assert_eq!(rules, ["DT-08", "DT-08"]);
}

/// NUM-01 and NUM-02: exact, any digits kept, exponents read, halves to even.
#[test]
fn num_01_and_02_decimals() {
    let read = |text: &str| serde_json::from_str::<Number>(text);
    let sum = read("0.1").unwrap().value() + read("0.2").unwrap().value();
    assert_eq!(sum, read("0.3").unwrap().value());
    for text in ["1234567890123.4567", "4.00", "0", "-0.5", "0.0001", "79228162514264337593543950335"] {
        assert_eq!(serde_json::to_string(&read(text).unwrap()).unwrap(), text);
    }
    assert_eq!(read("2.50").unwrap(), read("2.5").unwrap());
    assert_eq!(serde_json::to_string(&read("1.5e3").unwrap()).unwrap(), "1500");
    assert_eq!(read("1.23455").unwrap().rounded().to_string(), "1.2346");
    assert_eq!(read("1.23445").unwrap().rounded().to_string(), "1.2344");
    for bad in ["1e400", "1e-400", "NaN", "\"x\"", "true", "{}", "[1]", "99999999999999999999999999999999"] {
        assert!(read(bad).is_err(), "{bad}");
    }
    let price = json!({ "excl_vat": 1.23456 });
    assert_eq!(findings(Version::V2_2_1, "Price", &price), [("/excl_vat".into(), "NUM-02", Severity::Warning)]);
    let trailing = r#"{"excl_vat": 1.230000}"#;
    assert!(inspect::<v221::Price>(trailing).is_empty());
}

/// NUM-03 and X-CHP-04: one decimal.
#[test]
fn num_03_one_decimal() {
    let period = json!({ "start_period": 0, "limit": 8.15 });
    let found = findings(Version::V2_2_1, "ChargingProfilePeriod", &period);
    assert_eq!(found, [("/limit".into(), "X-CHP-04", Severity::Error)]);
}

/// NUM-04: quotes.
#[test]
fn num_04_quoted_numbers() {
    let text = r#"{"excl_vat":"2.00"}"#;
    let price: v221::Price = decode(text).unwrap();
    assert_eq!(price.excl_vat.to_string(), "2.00");
    assert!(price.excl_vat.was_quoted());
    assert!(decode_strict::<v221::Price>(text).is_err());
    assert_eq!(serde_json::to_string(&price).unwrap(), r#"{"excl_vat":2.00}"#);
}

/// NUM-05: whole numbers.
#[test]
fn num_05_whole_numbers() {
    assert_eq!(serde_json::from_str::<Int>("1.0").unwrap(), 1);
    for bad in ["1.5", "9223372036854775808", "1e300", "\"1\"", "null"] {
        assert!(serde_json::from_str::<Int>(bad).is_err(), "{bad}");
    }
    let mut image = minimal(ocpi_types::object(Version::V2_2_1, "Image").unwrap().shape);
    image["width"] = json!(100_000);
    assert_eq!(findings(Version::V2_2_1, "Image", &image), [("/width".into(), "NUM-05", Severity::Error)]);
    image["width"] = json!(512.0);
    assert_eq!(findings(Version::V2_2_1, "Image", &image), [("/width".into(), "NUM-05", Severity::Warning)]);
}

/// NUM-06: energy may flow back.
#[test]
fn num_06_negative_energy() {
    let dimension = json!({ "type": "ENERGY", "volume": -1.2 });
    assert!(findings(Version::V2_2_1, "CdrDimension", &dimension).is_empty());
    let dimension = json!({ "type": "TIME", "volume": -1.2 });
    assert_eq!(findings(Version::V2_2_1, "CdrDimension", &dimension)[0].1, "NUM-05");
}

/// ABS-01 and ABS-02: absent, null and empty.
#[test]
fn abs_01_and_02_presence() {
    let text = r#"{"price_components":[{"type":"FLAT","price":1,"vat":null,"step_size":0}],"restrictions":null}"#;
    let element: v221::TariffElement = decode_strict(text).unwrap();
    assert!(element.restrictions.is_none());
    assert!(!serde_json::to_string(&element).unwrap().contains("null"));
    let mut location = minimal(ocpi_types::object(Version::V2_2_1, "Location").unwrap().shape);
    for empty in [json!(null), json!([])] {
        location["directions"] = empty;
        let location: v221::Location = decode_strict(&location.to_string()).unwrap();
        assert!(location.directions.is_empty());
    }
    for (pointer, value, kind) in [
        ("/price_components", json!(null), FindingKind::Required),
        ("/price_components", json!([]), FindingKind::Cardinality),
        ("/price_components/0/price", json!(null), FindingKind::Required),
    ] {
        let mut element = json!({ "price_components": [{ "type": "FLAT", "price": 1, "step_size": 0 }] });
        set(&mut element, pointer, value);
        let found = inspect::<v221::TariffElement>(&element.to_string());
        assert!(found.iter().any(|it| it.pointer == pointer && it.kind == kind), "{pointer}: {found:?}");
        assert!(decode_strict::<v221::TariffElement>(&element.to_string()).is_err());
    }
}

/// ABS-03, ABS-04, LOC-08 and X-LOC-12: documented defaults.
#[test]
fn abs_04_defaults() {
    let mut location = minimal(ocpi_types::object(Version::V2_2_1, "Location").unwrap().shape);
    for (value, expected) in [(json!(null), true), (json!(false), false)] {
        location["charging_when_closed"] = value;
        assert_eq!(decode::<v221::Location>(&location.to_string()).unwrap().charges_when_closed(), expected);
    }
}

/// ABS-07 to ABS-10: members that are unknown or come twice.
#[test]
fn abs_07_and_10_unknown_and_repeated_members() {
    let text = r#"{"version":"2.2.1","x":{"deep":[1]},"url":"https://a.example","url":"https://b.example"}"#;
    let version: v221::Version = decode(text).unwrap();
    assert_eq!(version.url, *"https://b.example", "the last wins");
    let found = inspect::<v221::Version>(text);
    assert!(found.iter().any(|it| it.kind == FindingKind::DuplicateMember && it.severity == Severity::Error));
    assert!(found.iter().any(|it| it.kind == FindingKind::UnknownMember && it.severity == Severity::Info));
    assert!(decode_strict::<v221::Version>(text).is_err());
    assert!(decode_strict::<v221::Version>(&text.replace(r#","url":"https://b.example""#, "")).is_ok());
}

/// A list or a text where an object belongs is refused, also in the right order of members.
#[test]
fn positional_objects_are_refused() {
    assert!(decode::<v221::Version>(r#"["2.2.1","https://a.example"]"#).is_err());
    assert!(decode::<v221::Version>(r#""2.2.1""#).is_err());
}

/// ENV-03 and E-34: bare texts where peers send them.
#[test]
fn bare_texts_of_some_peers() {
    for text in [r#""ACCEPTED""#, r#"{"result":"ACCEPTED"}"#] {
        let response: v211::CommandResponse = decode(text).unwrap();
        assert_eq!(response.result, v211::CommandResponseType::Accepted);
    }
    let parking: v230::EvseParking = decode(r#""P1""#).unwrap();
    assert_eq!(parking.parking_id, *"P1");
    assert!(decode_strict::<v230::EvseParking>(r#""P1""#).is_err());
}

/// ENU-01 to ENU-06: exact, closed and open, always kept.
#[test]
fn enu_01_to_06_enumerations() {
    let connector = |version: Version, member: &str, value: &str| {
        let mut connector = minimal(ocpi_types::object(version, "Connector").unwrap().shape);
        connector[member] = json!(value);
        let kept = (ocpi_types::object(version, "Connector").unwrap().canonical)(&connector.to_string()).unwrap();
        assert!(kept.contains(value), "kept as it was sent");
        findings(version, "Connector", &connector)
    };
    let error = |member: &str| vec![(format!("/{member}"), "ENU-02", Severity::Error)];
    assert!(connector(Version::V2_3_0, "standard", "XYZ").is_empty());
    assert_eq!(connector(Version::V2_2_1, "standard", "XYZ"), error("standard"));
    assert_eq!(connector(Version::V2_3_0, "power_type", "XYZ"), error("power_type"));
    assert_eq!(connector(Version::V2_2_1, "standard", "iec_60309_2_single_16"), error("standard"));
    assert!(connector(Version::V2_2_1, "standard", "IEC_60309_2_single_16").is_empty());
    assert_eq!(v230::TaxIncluded::from("N/A"), v230::TaxIncluded::NotApplicable);
    let module = v211::ModuleId::from("nltnm-tokens");
    assert_eq!(module.as_str(), "nltnm-tokens");
    assert!(!module.is_listed());
    assert_eq!(v211::VersionNumber::from("3.0").as_str(), "3.0");
    assert_eq!(v230::Role::from("PTP").as_str(), "PTP", "PAY-06");
}

/// Every class of every version: the least valid object is valid, and reads back as it was written.
#[test]
fn the_least_object_of_every_class_is_valid() {
    let mut count = 0;
    for version in Version::ALL {
        for entry in objects(version) {
            let mut value = minimal(entry.shape);
            match entry.shape.name {
                "Hours" => set(&mut value, "/twentyfourseven", json!(true)),
                "PublishTokenType" => value = json!({ "group_id": "g" }),
                "BookingLocation" => set(&mut value, "/booking_option", json!({})),
                "ActiveChargingProfileResult" => {
                    value["profile"] = json!({
                        "start_date_time": "2024-05-01T10:00:00Z",
                        "charging_profile": { "charging_rate_unit": "A" },
                    });
                }
                "VersionDetails" => set(&mut value, "/endpoints/0/identifier", json!("credentials")),
                "RegularHours" => set(&mut value, "/period_end", json!("23:00")),
                "CDR" if version != Version::V2_1_1 => {
                    set(&mut value, "/charging_periods/0/dimensions/0/type", json!("ENERGY"));
                }
                _ => {}
            }
            let found = (entry.inspect)(&value.to_string());
            assert!(!has_errors(&found), "{version} {}: {found:?}", entry.shape.name);
            let again: Value = serde_json::from_str(&(entry.canonical)(&value.to_string()).unwrap()).unwrap();
            assert_eq!(normal(again), normal(value), "{version} {}", entry.shape.name);
            count += 1;
        }
    }
    assert_eq!(count, 165);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Random objects of every class read back as they were written; single bytes changed, added or removed never panic.
    #[test]
    fn random_objects_round_trip_and_broken_ones_do_not_panic(seed in any::<u64>()) {
        let mut dice = Random(seed);
        for version in Version::ALL {
            for entry in objects(version) {
                let value = random(entry.shape, &mut dice);
                let text = value.to_string();
                let written = (entry.canonical)(&text).map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
                prop_assert_eq!(normal(serde_json::from_str(&written).unwrap()), normal(value));
                let mut bytes = text.into_bytes();
                let at = dice.below(bytes.len() as u64) as usize;
                match dice.below(3) {
                    0 => bytes[at] = dice.below(128) as u8,
                    1 => drop(bytes.remove(at)),
                    _ => bytes.insert(at, b"{}[]\",:0-e\\"[dice.below(11) as usize]),
                }
                if let Ok(broken) = String::from_utf8(bytes) {
                    let found = (entry.inspect)(&broken);
                    let decoded = (entry.canonical)(&broken);
                    prop_assert!(decoded.is_ok() || has_errors(&found), "{broken}");
                }
            }
        }
    }
}

/// What is said of a finding or a loss stays on one line, whatever the names of a peer's members hold.
#[test]
fn findings_stay_on_one_line() {
    let mut value = minimal(<v221::Token as Object>::SHAPE);
    value["un\nknown\u{7f}"] = json!(1);
    let found = inspect::<v221::Token>(&value.to_string());
    let finding = found.iter().find(|finding| finding.kind == FindingKind::UnknownMember).unwrap();
    assert_eq!(value.pointer(&finding.pointer), Some(&json!(1)), "the pointer itself is exact");
    assert!(!finding.to_string().contains(char::is_control), "{finding:?}");
    let mut context = ocpi_types::Context::new();
    context.owner = Some(ocpi_types::Party::new("NL", "TNM"));
    let to = ocpi_types::Version::V2_1_1;
    let converted =
        ocpi_types::convert_text(ocpi_types::Version::V2_2_1, to, "Token", &value.to_string(), &context).unwrap();
    assert!(converted.losses.iter().any(|loss| loss.pointer.contains('\n')));
    assert!(converted.losses.iter().all(|loss| !loss.to_string().contains(char::is_control)));
}

/// Every kind of character on either side of the borders of what is printable, at every place of a text.
#[test]
fn str_03_printable_at_every_place() {
    for length in 1..20 {
        for place in 0..length {
            for (letter, is_right) in [('\u{1f}', false), (' ', true), ('~', true), ('\u{7f}', false), ('ö', false)] {
                let text: String = (0..length).map(|at| if at == place { letter } else { 'a' }).collect();
                let mut value = minimal(<v221::Token as Object>::SHAPE);
                value["contract_id"] = json!(text);
                let token = decode::<v221::Token>(&value.to_string()).unwrap();
                assert_eq!(token.validate().iter().all(|found| found.rule != "STR-03"), is_right, "{text:?}");
            }
        }
    }
}
