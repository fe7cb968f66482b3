//! A payload in few words.

use std::fmt::Write as _;

use chrono::DateTime;
use serde_json::value::RawValue;

use crate::printable::Printable;
use crate::secrets::Members;

/// Deeper than any message nests.
const MAX_DEPTH: u32 = 40;

/// Names and values of a payload in their order, without brackets and quotes; times without their date.
pub(crate) fn brief(payload: &str) -> String {
    let mut words = String::new();
    if let Ok(whole) = serde_json::from_str::<&RawValue>(payload) {
        write(&mut words, "", whole, 0);
    }
    words
}

fn write(words: &mut String, name: &str, value: &RawValue, depth: u32) {
    let text = value.get();
    let mut pair = |value: &str| {
        let separator = if words.is_empty() { "" } else { ", " };
        let name = Printable(name);
        // a text does not fail to take more text
        _ = write!(words, "{separator}{name} {}", Printable(value));
    };
    match text.as_bytes().first() {
        _ if depth > MAX_DEPTH => pair("…"),
        Some(b'{') => {
            let Ok(Members(members)) = serde_json::from_str(text) else { return };
            for (name, value) in members {
                write(words, &name, value, depth + 1);
            }
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
            for item in items {
                write(words, name, item, depth + 1);
            }
        }
        Some(b'"') => {
            let plain: String = serde_json::from_str(text).unwrap_or_default();
            match DateTime::parse_from_rfc3339(&plain) {
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
        let payload = r#"{"idTag":"04A1","info":{"status":"Accepted"},"at":"2026-03-14T13:05:00.000Z","list":[1,{"b":2}]}"#;
        assert_eq!(brief(payload), "idTag 04A1, status Accepted, at 13:05:00, list 1, b 2");
        assert_eq!(brief("{}"), "");
        assert_eq!(brief(&format!("{}{}", "[".repeat(60), "]".repeat(60))), " …");
        assert_eq!(brief("{\"a\":\"\\u001b[2J\"}"), "a \\u{1b}[2J");
    }
}
