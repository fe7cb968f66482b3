//! Patches: reading and applying.

use std::fmt::Debug;

use ocpi_types::{
    Applied, Object, StalePolicy, Updatable, UpdatablePatch, apply, decode, encode_unchecked, has_errors,
    inspect_partial, v211, v221, v230,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::split;

/// Checks a patch of a stored object: the first line names version and class, the second is what is stored, the rest is
/// the patch.
///
/// # Panics
/// When something does not hold.
pub fn patch(input: &[u8]) {
    let Some((name, rest)) = split(input) else { return };
    let Some((stored, patch)) = rest.split_once('\n') else { return };
    macro_rules! find {
        ($($version:ident: $($patch:ident)+;)+) => {
            $($(
                if name == concat!(stringify!($version), " ", stringify!($patch)) {
                    patches::<$version::$patch>(stored, patch);
                }
            )+)+
        };
    }
    find! {
        v211: LocationPatch EvsePatch ConnectorPatch SessionPatch TariffPatch TokenPatch;
        v221: LocationPatch EvsePatch ConnectorPatch SessionPatch TokenPatch;
        v230: LocationPatch EvsePatch ConnectorPatch SessionPatch TokenPatch BookingLocationPatch CalendarPatch BookingPatch
            TerminalPatch;
    }
}

fn patches<P>(stored: &str, text: &str)
where
    P: UpdatablePatch + Clone + Debug + PartialEq + DeserializeOwned + Serialize,
{
    let _ = inspect_partial::<P::Target>(text);
    let Ok(stored) = decode::<P::Target>(stored) else { return };
    let Ok(patch) = serde_json::from_str::<P>(text) else { return };

    let written = serde_json::to_string(&patch).expect("patches can be written");
    assert_eq!(serde_json::from_str::<P>(&written).expect("what was written can be read"), patch);
    let members = members(&written);
    let mentioned = patch.mentioned();
    assert!(members.keys().map(String::as_str).eq(sorted(&mentioned)), "{mentioned:?} {written}");

    match apply(&stored, patch.clone(), StalePolicy::IgnoreOlder) {
        Ok(Applied::Stale) => assert!(patch.last_updated() < stored.last_updated()),
        Ok(Applied::Changed(changed)) => {
            assert_eq!(apply(&stored, patch, StalePolicy::Apply), Ok(Applied::Changed(changed.clone())));
            is_what_was_asked_for(&stored, &members, &changed);
        }
        Err(error) => {
            assert!(!error.to_string().contains(char::is_control), "{error}");
        }
    }
}

fn is_what_was_asked_for<T: Updatable>(stored: &T, patch: &Map<String, Value>, changed: &T) {
    assert!(has_errors(&stored.validate()) || !has_errors(&changed.validate()), "a valid object stays valid");
    let (before, after) = (members_of(stored), members_of(changed));
    for ((name, before), (_, after)) in stored.identity().iter().zip(changed.identity()) {
        assert!(before.eq_ignore_ascii_case(after), "{name} changes");
    }
    for member in T::SHAPE.members {
        let (name, now) = (member.name, after.get(member.name));
        match patch.get(name) {
            None => assert_eq!(before.get(name), now, "{name} changes although nobody asked"),
            // an append, or a list that was there is cleared
            Some(Value::Null) if name == "charging_periods" => {}
            Some(Value::Null) => assert_eq!(now, None, "{name} was to be cleared"),
            Some(_) if member.cardinality.is_list() => {}
            Some(_) => assert!(now.is_some(), "{name} was to be set"),
        }
    }
}

fn members_of<T: Object>(value: &T) -> Map<String, Value> {
    members(&encode_unchecked(value))
}

fn members(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).expect("an object")
}

fn sorted<'a>(names: &[&'a str]) -> impl Iterator<Item = &'a str> {
    let mut names = names.to_vec();
    names.sort_unstable();
    names.into_iter()
}
