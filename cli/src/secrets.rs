//! Secrets in frames, which no capture and no screen may show.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// What stands where a secret stood.
const MASK: &str = "***";

/// Deeper than any message nests.
const MAX_DEPTH: u32 = 40;

/// A frame without its passwords, keys and PINs.
///
/// A text is a secret because of the name of its member, of its configuration key or of its variable, or when it is the
/// user part of a URL. All else stays as it is, letter by letter. A text that is no JSON and might hold one is not shown.
pub(crate) fn mask(frame: &str) -> Cow<'_, str> {
    let Ok(whole) = serde_json::from_str::<&RawValue>(frame) else {
        let might_hold_one = frame.contains("://") || is_secret(frame);
        return if might_hold_one { format!("{MASK} {} bytes, unreadable", frame.len()).into() } else { frame.into() };
    };
    let mut secrets = Vec::new();
    let mut open = vec![Node { value: whole, depth: 0, of_secret: false }];
    while let Some(node) = open.pop() {
        node.look(frame, &mut open, &mut secrets);
    }
    if secrets.is_empty() {
        return frame.into();
    }
    secrets.sort_by_key(|secret| secret.at.start);
    let mut masked = String::with_capacity(frame.len());
    let mut end = 0;
    for secret in secrets {
        masked.push_str(&frame[end..secret.at.start]);
        masked.push_str(&secret.instead);
        end = secret.at.end;
    }
    masked.push_str(&frame[end..]);
    masked.into()
}

/// A part of the frame to be replaced.
struct Secret {
    at: Range<usize>,
    instead: String,
}

struct Node<'a> {
    value: &'a RawValue,
    depth: u32,
    /// Whether it belongs to a variable or configuration key that is a secret.
    of_secret: bool,
}

impl<'a> Node<'a> {
    fn look(&self, frame: &str, open: &mut Vec<Self>, secrets: &mut Vec<Secret>) {
        let text = self.value.get();
        let start = text.as_ptr().addr() - frame.as_ptr().addr();
        let at = start..start + text.len();
        if self.depth > MAX_DEPTH {
            secrets.push(Secret { at, instead: format!("\"{MASK}\"") });
            return;
        }
        match text.as_bytes().first() {
            Some(b'{') => {
                let Ok(Members(members)) = serde_json::from_str(text) else { return };
                self.look_into(&members, frame, open, secrets);
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
                open.extend(items.into_iter().map(|value| Self { value, depth: self.depth + 1, ..*self }));
            }
            Some(b'"') => {
                let plain: Cow<'_, str> = serde_json::from_str(text).unwrap_or_default();
                if let Some(safe) = without_user(&plain) {
                    secrets.push(Secret { at, instead: serde_json::Value::String(safe).to_string() });
                }
            }
            _ => {}
        }
    }

    fn look_into(
        &self,
        members: &[(String, &'a RawValue)],
        frame: &str,
        open: &mut Vec<Self>,
        secrets: &mut Vec<Secret>,
    ) {
        let named =
            |wanted: &'static str| members.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| *value);
        let is_secret_text =
            |value: &RawValue| serde_json::from_str::<String>(value.get()).is_ok_and(|text| is_secret(&text));
        let is_secret_variable = |value: &RawValue| {
            let Ok(Members(members)) = serde_json::from_str::<Members<'_>>(value.get()) else { return false };
            members.iter().any(|(name, value)| name == "name" && is_secret_text(value))
        };
        let of_secret = self.of_secret || named("key").any(is_secret_text) || named("variable").any(is_secret_variable);
        // the key of a VPN, which 2.x keeps beside its password
        let is_vpn = named("password").next().is_some();
        for (name, value) in members {
            let is_value = matches!(name.as_str(), "value" | "attributeValue" | "actualValue");
            if is_secret(name) || (of_secret && is_value) || (is_vpn && name == "key") {
                let start = value.get().as_ptr().addr() - frame.as_ptr().addr();
                secrets.push(Secret { at: start..start + value.get().len(), instead: format!("\"{MASK}\"") });
            } else {
                open.push(Self { value, depth: self.depth + 1, of_secret });
            }
        }
    }
}

/// Whether a name is one of something secret.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_pin =
        || name.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| matches!(word, "pin" | "puk"));
    ["passw", "secret", "authorizationkey", "privatekey", "sharedkey", "apikey", "simpin"]
        .iter()
        .any(|word| name.contains(word))
        || is_pin()
}

/// A URL without user and password, if it has them.
fn without_user(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    Some(format!("{scheme}://{MASK}{}", &rest[user.len()..]))
}

/// All members of an object, repeated ones too.
pub(crate) struct Members<'a>(pub(crate) Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;

        impl<'de> Visitor<'de> for All {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(All)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_configuration_are_masked_d26() {
        for (frame, masked) in [
            (
                r#"[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"0A1B"}]"#,
                r#"[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"***"}]"#,
            ),
            (
                r#"[3,"1",{"configurationKey":[{"key":"WebPassword","readonly":false, "value":"x\"y"},{"key":"Interval","value":"3"}]}]"#,
                r#"[3,"1",{"configurationKey":[{"key":"WebPassword","readonly":false, "value":"***"},{"key":"Interval","value":"3"}]}]"#,
            ),
            (
                r#"[2,"1","SetVariables",{"setVariableData":[{"attributeValue":"s3","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}]"#,
                r#"[2,"1","SetVariables",{"setVariableData":[{"attributeValue":"***","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}]"#,
            ),
            (
                r#"[2,"1","NotifyReport",{"reportData":[{"variable":{"name":"SimPin"},"variableAttribute":[{"value":"0000"}]}]}]"#,
                r#"[2,"1","NotifyReport",{"reportData":[{"variable":{"name":"SimPin"},"variableAttribute":[{"value":"***"}]}]}]"#,
            ),
            (
                r#"{"vpn":{"password":"a","key":"b","user":"c"}}"#,
                r#"{"vpn":{"password":"***","key":"***","user":"c"}}"#,
            ),
            (r#"{"apnPassword":"a","apnPassword":"b"}"#, r#"{"apnPassword":"***","apnPassword":"***"}"#),
        ] {
            assert_eq!(mask(frame), masked);
        }
    }

    #[test]
    fn the_user_part_of_a_url_is_masked_and_nothing_else() {
        let frame = r#"[2,"1","GetDiagnostics",{"location":"ftp:\/\/me:pw@example.com/a@b","retries":3}]"#;
        let masked = r#"[2,"1","GetDiagnostics",{"location":"ftp://***@example.com/a@b","retries":3}]"#;
        assert_eq!(mask(frame), masked);
        for plain in [
            r#"[2, "1","GetDiagnostics",{"location":"https://example.com/a@b"}]"#,
            r#"[2,"1","Authorize",{"idTag":"PIN-less"}]"#,
            r#"[3,"pin",{}]"#,
            "not JSON",
        ] {
            assert_eq!(mask(plain), plain);
        }
    }

    #[test]
    fn what_cannot_be_read_and_might_hold_a_secret_is_not_shown() {
        assert_eq!(mask(r#"[2,"1","ChangeConfiguration",{"key":"password""#), "*** 46 bytes, unreadable");
        let deep = format!("{}{}", "[".repeat(60), "]".repeat(60));
        assert!(mask(&deep).contains("\"***\""));
    }
}
