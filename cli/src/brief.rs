//! A payload in few words.

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::value::RawValue;

use crate::printable::Printable;
use crate::secrets::Members;

/// Deeper than any message nests.
const MAX_DEPTH: u32 = 40;

/// The longest value that is shown whole, and what is shown of a longer one.
const MAX_VALUE: (usize, usize) = (20, 12);

/// Names and values of a payload in their order, without brackets and quotes; times without their date, and only those that
/// are another than `now`.
pub(crate) fn brief(payload: &str, now: DateTime<Utc>) -> String {
    let mut words = String::new();
    match serde_json::from_str::<&RawValue>(payload) {
        Ok(whole) => write(&mut words, "", whole, 0, now),
        Err(_) => Printable(payload).to_string().clone_into(&mut words),
    }
    words
}

fn write(words: &mut String, name: &str, value: &RawValue, depth: u32, now: DateTime<Utc>) {
    let text = value.get();
    let mut pair = |value: &str| {
        let separator = if words.is_empty() { "" } else { ", " };
        let (max, beginning) = MAX_VALUE;
        let shown = match value.char_indices().nth(beginning) {
            Some((end, _)) if value.chars().nth(max).is_some() => format!("{}…", Printable(&value[..end])),
            _ => Printable(value).to_string(),
        };
        let name = Printable(name);
        // a text does not fail to take more text
        _ = write!(words, "{separator}{name} {shown}");
    };
    match text.as_bytes().first() {
        _ if depth > MAX_DEPTH => pair("…"),
        // every reading has these
        _ if depth > 1 && matches!(name, "timestamp" | "context" | "measurand") => {}
        Some(b'{') => {
            let Ok(Members(members)) = serde_json::from_str(text) else { return };
            for (name, value) in members {
                write(words, &name, value, depth + 1, now);
            }
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
            for item in items {
                write(words, name, item, depth + 1, now);
            }
        }
        Some(b'"') => {
            let plain: String = serde_json::from_str(text).unwrap_or_default();
            match DateTime::parse_from_rfc3339(&plain) {
                Ok(time) if (time.to_utc() - now).abs() < TimeDelta::minutes(1) => {}
                Ok(time) => pair(&time.format("%H:%M:%S").to_string()),
                Err(_) => pair(&plain),
            }
        }
        _ => pair(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_keeps_its_order_and_loses_its_brackets() {
        let brief = |payload: &str| brief(payload, "2026-03-14T13:20:00Z".parse().unwrap());
        let payload =
            r#"{"idTag":"04A1","info":{"status":"Accepted"},"at":"2026-03-14T13:05:00.000Z","list":[1,{"b":2}]}"#;
        assert_eq!(brief(payload), "idTag 04A1, status Accepted, at 13:05:00, list 1, b 2");
        assert_eq!(
            brief(r#"{"a":[{"timestamp":"2026-03-14T13:05:00Z","value":7}],"id":"0123456789abcdef01234"}"#),
            "value 7, id 0123456789ab…"
        );
        assert_eq!(brief(r#"{"timestamp":"2026-03-14T13:20:00.5Z"}"#), "");
        assert_eq!(brief("{}"), "");
        assert_eq!(brief(&format!("{}{}", "[".repeat(60), "]".repeat(60))), " …");
        assert_eq!(brief("{\"a\":\"\\u001b[2J\"}"), "a \\u{1b}[2J");
    }
}
