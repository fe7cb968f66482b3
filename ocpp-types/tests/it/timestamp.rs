//! Every form of time in rule RPC-12 and row D8.

use chrono::{DateTime, SecondsFormat, Utc};
use ocpp_types::{Timestamp, TimestampDefect, TimestampError};
use proptest::prelude::*;

#[track_caller]
fn reads(text: &str, written: &str, defect: Option<TimestampDefect>) {
    let time: Timestamp = text.parse().unwrap_or_else(|_| panic!("{text} is refused"));
    assert_eq!(time.to_string(), written, "{text}");
    assert_eq!(time.defect(), defect, "{text}");
    assert_eq!(time.received(), (text != written).then_some(text), "the text is kept");
}

/// RPC-12: fractions and offsets are understood; UTC with `Z` comes out.
#[test]
fn rpc_12_rfc_3339_is_understood() {
    reads("2024-01-01T01:00:00.5+01:00", "2024-01-01T00:00:00.500Z", None);
    reads("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z", None);
    reads("2024-01-01T00:00:00.000Z", "2024-01-01T00:00:00Z", None);
    reads("2024-01-01T00:00:00.123Z", "2024-01-01T00:00:00.123Z", None);
    reads("2024-01-01T00:00:00.123456Z", "2024-01-01T00:00:00.123456Z", None);
    reads("2024-01-01T00:00:00.1234567891234Z", "2024-01-01T00:00:00.123456789Z", None);
    reads("2024-01-01T00:00:00-00:00", "2024-01-01T00:00:00Z", None);
    reads("2024-02-29T23:59:59+23:59", "2024-02-29T00:00:59Z", None);
}

#[test]
fn d08_every_form_has_its_outcome() {
    use TimestampDefect::*;
    reads("2024-01-01T10:00:00", "2024-01-01T10:00:00Z", Some(MissingOffset));
    reads("2024-01-01 10:00:00", "2024-01-01T10:00:00Z", Some(MissingOffset));
    reads("2024-01-01T10:00:00.250", "2024-01-01T10:00:00.250Z", Some(MissingOffset));
    reads("2024-01-01T10:00:00+02", "2024-01-01T08:00:00Z", Some(ShortOffset));
    reads("2024-01-01T10:00:00+0230", "2024-01-01T07:30:00Z", Some(ShortOffset));
    reads("2024-01-01T10:00:00-2:30", "2024-01-01T12:30:00Z", Some(ShortOffset));
    reads("2024-01-01 10:00:00Z", "2024-01-01T10:00:00Z", Some(Separator));
    reads("2024-01-01t10:00:00z", "2024-01-01T10:00:00Z", None);
    reads("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", None);
    reads("2017-01-01T00:59:60+01:00", "2017-01-01T00:00:00Z", None);
    reads("2024-02-28T24:00:00Z", "2024-02-29T00:00:00Z", Some(Hour24));
    reads("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z", None);
    reads("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", None);
    reads("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", None);
    reads("2024-01-01T00:00:00+14:00", "2023-12-31T10:00:00Z", None);
    reads("2024-01-01T00:00:00-12:00", "2024-01-01T12:00:00Z", None);
    reads("2024-1-1T9:05:00Z", "2024-01-01T09:05:00Z", Some(OneDigit));
    reads("2024-01-01T10:00Z", "2024-01-01T10:00:00Z", Some(MissingSeconds));
    reads("2024-01-01T10:00:00,5Z", "2024-01-01T10:00:00.500Z", Some(Comma));
    reads(" 2024-01-01T10:00:00Z\0", "2024-01-01T10:00:00Z", Some(Padding));
    for text in [
        "",
        "1000000",
        "222222017-01-01T00:00:00Z",
        "2024-02-30T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-01-00T00:00:00Z",
        "2024-01-01T24:00:01Z",
        "2024-01-01T25:00:00Z",
        "2024-01-01T10:60:00Z",
        "2024-01-01T10:00:61Z",
        "2024-01-01T10:00:60Z",
        "2024-01-01T10:00:00+24:00",
        "2024-01-01T10:00:00+01:60",
        "2024-01-01",
        "10:00:00Z",
        "2024-01-01T10:00:00ZZ",
        "2024-01-01T10:00:00.Z",
        "24-01-01T10:00:00Z",
        "0000-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "２０２４-01-01T10:00:00Z",
    ] {
        assert_eq!(text.parse::<Timestamp>(), Err(TimestampError), "{text}");
    }
}

/// Row D9: a time ten years ahead is read exactly; whether it is plausible is for whoever has a clock.
#[test]
fn d09_times_far_ahead_are_exact() {
    let time: Timestamp = "2036-03-01T00:00:00Z".parse().unwrap();
    assert_eq!((time.utc() - "2026-03-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap()).num_days(), 3653);
}

#[test]
fn own_times_have_milliseconds() {
    let utc: DateTime<Utc> = "2026-03-01T10:15:30.123987654Z".parse().unwrap();
    assert_eq!(Timestamp::new(utc).to_string(), "2026-03-01T10:15:30.123Z");
}

proptest! {
    /// The reader and chrono, an independent one, agree on what is RFC 3339 and on the instant.
    #[test]
    fn instants_agree_with_chrono(
        text in "20[0-9]{2}-(0[0-9]|1[0-3])-([0-2][0-9]|3[0-2])T([01][0-9]|2[0-4]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])"
    ) {
        let ours = text.parse::<Timestamp>().ok().filter(|time| time.defect().is_none());
        let theirs = DateTime::parse_from_rfc3339(&text).ok();
        prop_assert_eq!(ours.as_ref().map(Timestamp::utc), theirs.map(|time| time.to_utc()));
        if let Some(time) = ours {
            prop_assert_eq!(time.to_string().parse::<Timestamp>().unwrap(), time);
        }
    }

    /// The usual form, which has a way of its own, is read and written as chrono does it, and so is what one other
    /// character makes of it.
    #[test]
    fn the_usual_form_agrees_with_chrono(
        seconds in -62_167_219_200_i64..253_402_300_800, at in 0_usize..20, other in "[ -~]",
    ) {
        let utc = DateTime::from_timestamp(seconds, 0).unwrap();
        let text = utc.to_rfc3339_opts(SecondsFormat::Secs, true);
        let time: Timestamp = text.parse().unwrap();
        prop_assert_eq!((time.utc(), time.defect(), time.received()), (utc, None, None));
        prop_assert_eq!(time.to_string(), text.as_str());

        let mut changed = text;
        changed.replace_range(at..=at, &other);
        let ours = changed.parse::<Timestamp>().ok().filter(|time| time.defect().is_none());
        // chrono takes a blank for the T, and a leap second at any time of the day
        let theirs = DateTime::parse_from_rfc3339(&changed).ok().filter(|_| !changed.contains(' '));
        if &changed[17..19] != "60" {
            prop_assert_eq!(ours.map(|time| time.utc()), theirs.map(|time| time.to_utc()), "{}", changed);
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}") {
        let _ = text.parse::<Timestamp>();
    }
}
