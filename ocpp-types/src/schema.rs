//! JSON Schemas, derived from the types.

use alloc::borrow::ToOwned;

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, json_schema};
use serde_json::{Map, Value};

use crate::message::Payload;
use crate::shape::Kind;

/// The JSON Schema (draft 2020-12) of a payload.
///
/// It is strict: no `null`, no unknown members, every limit. Texts in it are this crate's.
pub fn schema_of<T: Payload + JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().with_transform(Strict).into_generator().into_root_schema_for::<T>()
}

pub(crate) fn text(kind: Kind) -> Schema {
    let (max, format) = match kind {
        Kind::Uri(max) => (max, Some("uri")),
        Kind::Text(max) => (max, None),
        _ => (usize::MAX, None),
    };
    let mut schema = json_schema!({ "type": "string" });
    if let Some(format) = format {
        schema.insert("format".to_owned(), format.into());
    }
    if max != usize::MAX {
        schema.insert("maxLength".to_owned(), max.into());
    }
    schema
}

pub(crate) fn list(items: Schema, min: usize, max: usize) -> Schema {
    let mut schema = json_schema!({ "type": "array", "items": items });
    if min > 0 {
        schema.insert("minItems".to_owned(), min.into());
    }
    if max != usize::MAX {
        schema.insert("maxItems".to_owned(), max.into());
    }
    schema
}

pub(crate) fn enumeration(values: &[&str]) -> Schema {
    json_schema!({ "type": "string", "enum": values })
}

/// Closes objects and takes away what serde tolerates but OCPP does not.
#[derive(Clone)]
struct Strict;

impl Transform for Strict {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        if let Some(object) = schema.as_object_mut() {
            make_strict(object);
        }
    }
}

fn make_strict(schema: &mut Map<String, Value>) {
    schema.remove("default");
    if schema.get("type").is_some_and(|kind| kind == "integer" || kind == &serde_json::json!(["integer", "null"])) {
        schema.remove("format");
    }
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = &mut types[..] {
            let only = only.take();
            schema.insert("type".to_owned(), only);
        }
    }
    // `anyOf: [{$ref}, {type: null}]` of an optional member
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type") != Some(&Value::from("null")));
        if let [Value::Object(only)] = &mut choices[..] {
            let only = core::mem::take(only);
            schema.remove("anyOf");
            for (name, value) in only {
                schema.entry(name).or_insert(value);
            }
        }
    }
    let is_custom_data = schema.get("required") == Some(&serde_json::json!(["vendorId"]))
        && schema.get("properties").and_then(Value::as_object).is_some_and(|members| members.len() == 1);
    if schema.get("type") == Some(&Value::from("object")) && !is_custom_data {
        schema.insert("additionalProperties".to_owned(), false.into());
    }
}
