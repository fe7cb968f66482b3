//! The room every 2.x object leaves for vendors.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use core::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::shape::{Datatype, Kind};
use crate::{CiString, RawJson};

/// Additions of a vendor to an object (`CustomDataType`, Part 4 §9; rule RPC-11).
///
/// Everything beside `vendorId` is kept as the JSON text it came in and written back, in the order of the names.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct CustomData {
    /// Whose additions these are; reversed domain names are usual.
    pub vendor_id: CiString<255>,
    /// The additions by name.
    pub members: BTreeMap<Box<str>, RawJson>,
}

impl CustomData {
    /// Additions of this vendor, none yet.
    pub fn new(vendor_id: impl Into<CiString<255>>) -> Self {
        Self { vendor_id: vendor_id.into(), members: BTreeMap::new() }
    }
}

impl Datatype for CustomData {
    const KIND: Kind = Kind::CustomData;

    fn conforms(&self) -> bool {
        self.vendor_id.conforms() && self.members.values().all(RawJson::conforms)
    }
}

impl Serialize for CustomData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1 + self.members.len()))?;
        map.serialize_entry("vendorId", &self.vendor_id)?;
        for (name, value) in &self.members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for CustomData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = CustomData;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with a `vendorId`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CustomData, A::Error> {
                let (mut vendor_id, mut members) = (None, BTreeMap::new());
                while let Some(name) = map.next_key::<String>()? {
                    let repeated = if name == "vendorId" {
                        vendor_id.replace(map.next_value()?).is_some()
                    } else {
                        members.insert(name.clone().into_boxed_str(), map.next_value()?).is_some()
                    };
                    if repeated {
                        return Err(de::Error::custom(format_args!("duplicate field `{name}`")));
                    }
                }
                let vendor_id = vendor_id.ok_or_else(|| de::Error::missing_field("vendorId"))?;
                Ok(CustomData { vendor_id, members })
            }
        }

        deserializer.deserialize_map(Members)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for CustomData {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "CustomData".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let vendor_id = generator.subschema_for::<CiString<255>>();
        schemars::json_schema!({
            "description": "Additions of a vendor to an object.",
            "type": "object",
            "properties": { "vendorId": vendor_id },
            "required": ["vendorId"],
        })
    }
}
