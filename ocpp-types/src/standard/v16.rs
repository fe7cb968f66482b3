//! The catalogues of OCPP 1.6 and its extensions.

use super::{ConfigurationKey, SecurityEvent, find};

pub mod configuration_keys;
pub mod security_events;

/// Finds a configuration key, without regard to case.
///
/// A key with a number, such as `MeterPublicKey[2]` or `MeterPublicKey2`, is found under its name with `[n]`.
pub fn configuration_key(name: &str) -> Option<&'static ConfigurationKey> {
    let numbered = || {
        let stem = name.trim_end_matches(']').trim_end_matches(|letter: char| letter.is_ascii_digit());
        let stem = stem.strip_suffix('[').unwrap_or(stem);
        let own =
            |key: &&ConfigurationKey| key.name.strip_suffix("[n]").is_some_and(|own| own.eq_ignore_ascii_case(stem));
        configuration_keys::ALL.iter().filter(|_| stem.len() < name.len()).find(own)
    };
    find(configuration_keys::ALL, name, |key| key.name).or_else(numbered)
}

/// Finds a security event by its name in 1.6, without regard to case.
pub fn security_event(name: &str) -> Option<&'static SecurityEvent> {
    find(security_events::ALL, name, |event| event.name)
}
