//! JSON Schemas of all objects, by `schemars` (feature `schema`).
//!
//! OCPI publishes none. The schemas are strict: they say what a sender has to write.

use schemars::{Schema, SchemaGenerator, json_schema};

use crate::Object;
use crate::shape::{Format, Kind, Primitive, Shape, TextKind};

/// The schema of an object, with the schemas of its parts under `$defs`.
pub fn of<T: Object + schemars::JsonSchema>() -> Schema {
    SchemaGenerator::default().into_root_schema_for::<T>()
}

/// The schema of an object with these schemas of its members.
pub(crate) fn object(shape: &Shape, members: Vec<Schema>) -> Schema {
    let mut properties = serde_json::Map::new();
    let mut required = Vec::new();
    for (member, schema) in shape.members.iter().zip(members) {
        let mut schema = if member.cardinality.is_list() {
            let mut list = json_schema!({ "type": "array", "items": schema });
            if member.cardinality.is_required() {
                list.insert("minItems".into(), 1.into());
            }
            list
        } else {
            schema
        };
        schema.insert("description".into(), member.doc.trim().into());
        properties.insert(member.name.into(), schema.to_value());
        if member.cardinality.is_required() {
            required.push(member.name);
        }
    }
    json_schema!({
        "type": "object",
        "description": shape.doc.trim(),
        "properties": properties,
        "required": required,
    })
}

/// The schema of a value without parts.
pub(crate) fn leaf(kind: &Kind) -> Schema {
    match kind {
        Kind::Boolean => json_schema!({ "type": "boolean" }),
        Kind::Integer { min, max } => {
            let mut schema = json_schema!({ "type": "integer" });
            if *min != i64::MIN {
                schema.insert("minimum".into(), (*min).into());
            }
            if *max != i64::MAX {
                schema.insert("maximum".into(), (*max).into());
            }
            schema
        }
        Kind::Number { .. } => json_schema!({ "type": "number" }),
        Kind::Text(text_kind) => text(text_kind),
        Kind::DateTime { fraction } => json_schema!({
            "type": "string",
            "maxLength": 25,
            "pattern": if *fraction {
                "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z?$"
            } else {
                "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z?$"
            },
        }),
        Kind::Enumeration { values, open: false, .. } => json_schema!({ "type": "string", "enum": values }),
        Kind::Enumeration { values, .. } => json_schema!({ "type": "string", "examples": values }),
        Kind::Object(_) | Kind::Any => json_schema!({}),
    }
}

fn text(kind: &TextKind) -> Schema {
    let mut schema = json_schema!({ "type": "string" });
    let pattern = match kind.format {
        Format::Latitude { min, max } => Some(format!("^-?[0-9]{{1,2}}\\.[0-9]{{{min},{max}}}$")),
        Format::Longitude { min, max } => Some(format!("^-?[0-9]{{1,3}}\\.[0-9]{{{min},{max}}}$")),
        Format::Time => Some("^([0-1][0-9]|2[0-3]):[0-5][0-9]$".to_owned()),
        Format::Date => Some("^([12][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$".to_owned()),
        Format::Uri => {
            schema.insert("format".into(), "uri".into());
            None
        }
        _ if matches!(kind.primitive, Primitive::CiString) => Some("^[ -~]*$".to_owned()),
        _ => None,
    };
    match pattern {
        // the pattern of a coordinate wins over its length (E-22)
        Some(pattern) if matches!(kind.format, Format::Latitude { .. } | Format::Longitude { .. }) => {
            schema.insert("pattern".into(), pattern.into());
            return schema;
        }
        Some(pattern) => {
            schema.insert("pattern".into(), pattern.into());
        }
        None => {}
    }
    if kind.max != usize::MAX {
        schema.insert("maxLength".into(), kind.max.into());
    }
    schema
}
