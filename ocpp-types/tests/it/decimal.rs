//! Exact numbers.

use std::str::FromStr;

use ocpp_types::{Decimal, DecimalError};
use proptest::prelude::*;

#[track_caller]
fn keeps(literal: &str) {
    let value: Decimal = serde_json::from_str(literal).unwrap();
    assert_eq!(serde_json::to_string(&value).unwrap(), literal);
    assert_eq!(value.to_string(), literal);
    assert_eq!(Decimal::from_str(literal), Ok(value));
}

#[test]
fn digits_survive_a_round_trip() {
    for literal in [
        "0",
        "-0",
        "0.0",
        "-0.00",
        "2935.600",
        "1",
        "-1",
        "8.1",
        "9.1",
        "0.1",
        "10",
        "1000",
        "100.0",
        "0.000001",
        "9999999999999999999",
        "18446744073709551615",
        "18446744073709551616",
        "1234567890123456789.0123456789",
        "9999999999999999999999999999",
        "-0.0000000000000000000000000001",
        "79228162514264337593543950335",
    ] {
        keeps(literal);
    }
}

#[test]
fn exponents_are_understood_exactly() {
    for (literal, plain) in [
        ("1e3", "1000"),
        ("1.50E2", "150"),
        ("1.5e-3", "0.0015"),
        ("1E+0", "1"),
        ("0e999999", "0"),
        ("123e-2", "1.23"),
        ("1e28", "10000000000000000000000000000"),
        ("1e-28", "0.0000000000000000000000000001"),
        ("-1.0e1", "-10"),
    ] {
        assert_eq!(literal.parse::<Decimal>().unwrap().to_string(), plain, "{literal}");
    }
}

/// Row D2: refused, never wrapped, rounded or taken for infinity.
#[test]
fn d02_what_does_not_fit_is_refused() {
    for literal in
        ["1e400", "1E-400", "1e29", "1e-29", "79228162514264337593543950336", "0.00000000000000000000000000001"]
    {
        assert_eq!(literal.parse::<Decimal>(), Err(DecimalError::OutOfRange), "{literal}");
        assert!(serde_json::from_str::<Decimal>(literal).is_err(), "{literal}");
    }
    let million = "9".repeat(1_000_000);
    assert_eq!(million.parse::<Decimal>(), Err(DecimalError::OutOfRange));
    assert_eq!(format!("1e{million}").parse::<Decimal>(), Err(DecimalError::OutOfRange));
    for literal in
        ["", "-", "00.5", "01", ".5", "5.", "1e", "1e+", "0x10", "NaN", "Infinity", "+1", " 1", "1 ", "1,5", "1.2.3"]
    {
        assert_eq!(literal.parse::<Decimal>(), Err(DecimalError::Syntax), "{literal:?}");
    }
}

#[test]
fn text_is_no_number() {
    assert!(serde_json::from_str::<Decimal>("\"12.5\"").is_err());
    assert!(serde_json::from_str::<Decimal>("null").is_err());
    assert!(serde_json::from_str::<Decimal>("[1]").is_err());
    assert!(serde_json::from_str::<Decimal>("{\"a\":1}").is_err());
}

#[test]
fn values_compare_by_value_and_hash_alike() {
    use std::collections::HashSet;
    let set: HashSet<Decimal> = ["1.0", "1", "1.00", "0", "-0"].map(|text| text.parse().unwrap()).into();
    assert_eq!(set.len(), 2);
}

#[test]
fn a_value_tree_works_too() {
    let value: Decimal = serde_json::from_value(serde_json::json!(15.5)).unwrap();
    assert_eq!(value.to_string(), "15.5");
    let value: Decimal = serde_json::from_value(serde_json::json!(-3)).unwrap();
    assert_eq!(serde_json::to_value(value).unwrap(), serde_json::json!(-3));
    // other formats hand over a number, not its digits
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, F64Deserializer};
    let float: F64Deserializer<Error> = 0.1_f64.into_deserializer();
    assert_eq!(<Decimal as serde::Deserialize>::deserialize(float).unwrap().to_string(), "0.1");
}

proptest! {
    #[test]
    fn any_number_of_28_digits_keeps_them(negative: bool, digits in "[1-9][0-9]{0,27}", point in 0_usize..29) {
        let point = point.min(digits.len());
        let (whole, fraction) = digits.split_at(digits.len() - point);
        let whole = if whole.is_empty() { "0" } else { whole };
        let sign = if negative { "-" } else { "" };
        let literal = if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") };
        let value: Decimal = serde_json::from_str(&literal).unwrap();
        prop_assert_eq!(serde_json::to_string(&value).unwrap(), literal);
    }

    /// Whatever is read means what rust_decimal, an independent reader, takes it for.
    #[test]
    fn values_agree_with_rust_decimal(literal in "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?") {
        if let Ok(value) = literal.parse::<Decimal>() {
            let expected = rust_decimal::Decimal::from_str_exact(&literal).unwrap();
            prop_assert_eq!(rust_decimal::Decimal::from(value), expected);
        }
    }
}
