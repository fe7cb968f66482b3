//! Every payload type by name, for tests that only know names.

use std::collections::BTreeMap;

use ocpp_types::shape::Shape;
use ocpp_types::{
    DecodeError, DecodePolicy, Decoded, EachPayload, Payload, Remark, Version, decode, encode_unchecked, v16, v21, v201,
};

/// A value as it is written again, and what was repaired; or why it was refused.
pub(crate) type Recoded = Result<(String, Vec<Remark>), DecodeError>;

/// What a test can do with a type.
pub(crate) struct Type {
    pub(crate) shape: &'static Shape,
    /// Decodes, and gives the value as it is written again.
    pub(crate) recode: fn(&str, DecodePolicy) -> Recoded,
}

pub(crate) fn types(version: Version) -> BTreeMap<&'static str, Type> {
    struct Collect(BTreeMap<&'static str, Type>);

    impl EachPayload for Collect {
        fn payload<T: Payload>(&mut self) {
            let recode = |json: &str, policy| {
                let Decoded { value, remarks } = decode::<T>(json, policy)?;
                Ok((encode_unchecked(&value).expect("payloads are writable"), remarks))
            };
            self.0.insert(T::SHAPE.name, Type { shape: T::SHAPE, recode });
        }
    }

    let mut collect = Collect(BTreeMap::new());
    match version {
        Version::V16 => v16::each_payload(&mut collect),
        Version::V201 => v201::each_payload(&mut collect),
        _ => v21::each_payload(&mut collect),
    }
    collect.0
}

#[test]
fn every_message_of_every_version_is_there() {
    // 28 + 11 actions of 1.6; 64 of 2.0.1; 91 of 2.1, one of them a SEND
    assert_eq!(v16::Action::ALL.len(), 39);
    assert_eq!(v201::Action::ALL.len(), 64);
    assert_eq!(v21::Action::ALL.len(), 91);
    assert_eq!(v21::Action::ALL.iter().filter(|action| action.response().is_none()).count(), 1);
    assert_eq!(types(Version::V16).len(), 78);
    assert_eq!(types(Version::V201).len(), 128);
    assert_eq!(types(Version::V21).len(), 181);
}

#[test]
fn values_are_small() {
    // what decoding moves (architecture decision 17)
    assert!(size_of::<v201::SampledValue>() <= 144);
    assert!(size_of::<v21::SampledValue>() <= 144);
    assert_eq!(size_of::<v16::Measurand>(), 16);
    assert_eq!(size_of::<Option<v201::Measurand>>(), 16);
}
