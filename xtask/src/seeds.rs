//! Writes the seeds of `fuzz/corpus`: a minimal and a full example of every message, as payloads and as frames, and of
//! every OCPI object.

mod ocpi;

use std::collections::BTreeMap;

use ocpp_types::shape::{Kind, Member, Range, Shape};
use ocpp_types::{Version, v16, v21, v201};

/// How the names of generated files end; files of other names are written by hand or were found by fuzzing.
pub const ENDING: &str = ".seed";

/// Every generated file: its path below the corpus folder, and its text.
pub fn generate() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for action in v16::Action::ALL {
        put(&mut files, Version::V16, action.as_str(), action.request(), action.response());
    }
    for action in v201::Action::ALL {
        put(&mut files, Version::V201, action.as_str(), action.request(), action.response());
    }
    for action in v21::Action::ALL {
        put(&mut files, Version::V21, action.as_str(), action.request(), action.response());
    }
    ocpi::put_all(&mut files);
    files
}

fn put(
    files: &mut BTreeMap<String, String>,
    version: Version,
    action: &str,
    request: &'static Shape,
    response: Option<&'static Shape>,
) {
    let tag = match version {
        Version::V16 => "v16",
        Version::V201 => "v201",
        _ => "v21",
    };
    for (is_request, shape) in [(true, Some(request)), (false, response)] {
        let Some(shape) = shape else { continue };
        for (extent, suffix) in [(Extent::Minimal, "minimal"), (Extent::Full, "full")] {
            let payload = object(shape, extent);
            let frame = match (is_request, response) {
                (true, Some(_)) => format!("[2,\"{action}-1\",\"{action}\",{payload}]"),
                (true, None) => format!("[6,\"{action}-1\",\"{action}\",{payload}]"),
                // the frame targets take the id of an answer for the action it answers
                (false, _) => format!("[3,\"{action}\",{payload}]"),
            };
            let name = format!("{}-{suffix}{ENDING}", shape.name);
            files.insert(format!("payload_{tag}/{name}"), format!("{}\n{payload}", shape.name));
            files.insert(format!("frame_{tag}/{name}"), frame);
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Extent {
    /// Required members only, lists as short as they may be.
    Minimal,
    /// Every member.
    Full,
}

fn object(shape: &Shape, extent: Extent) -> String {
    let members = shape.members.iter().filter(|member| member.required || extent == Extent::Full);
    let members: Vec<_> =
        members.map(|member| format!("\"{}\":{}", member.name, value(member, &member.kind, extent))).collect();
    format!("{{{}}}", members.join(","))
}

fn value(member: &Member, kind: &Kind, extent: Extent) -> String {
    match *kind {
        Kind::Boolean => "true".into(),
        Kind::Integer(range) => within(range, 1).to_string(),
        Kind::Number(range) => format!("{}.5", within(range, 16).min(range.max.map_or(i64::MAX, |max| max - 1))),
        Kind::Text(max) => format!("\"{}\"", text(member.name, max)),
        Kind::Uri(max) => format!("\"{}\"", cut("https://csms.example.com/files/1", max)),
        Kind::DateTime => "\"2026-03-01T10:15:30Z\"".into(),
        // any value will do, and not always the first
        Kind::Enumeration(values) => format!("\"{}\"", values[member.name.len() % values.len()]),
        Kind::List { item, min, max } => {
            let count = if extent == Extent::Full { min.max(1).min(max) } else { min };
            format!("[{}]", vec![value(member, item, extent); count].join(","))
        }
        Kind::Object(shape) => object(shape, extent),
        Kind::CustomData if extent == Extent::Full => r#"{"vendorId":"com.example","depth":[1,{"a":2.50}]}"#.into(),
        Kind::CustomData => r#"{"vendorId":"com.example"}"#.into(),
        Kind::Any => r#"{"a":[true,null,2.50,"b"]}"#.into(),
        _ => unreachable!("a kind without an example"),
    }
}

/// The number nearest to the wished one.
fn within(range: Range, wished: i64) -> i64 {
    wished.max(range.min.unwrap_or(i64::MIN)).min(range.max.unwrap_or(i64::MAX))
}

/// A text that a member of this name could hold, else the name itself.
fn text(name: &str, max: usize) -> &str {
    let example = match name {
        "idTag" | "parentIdTag" | "idToken" => "04A1B2C3D4E5F6",
        "currency" => "EUR",
        "language" | "language1" | "language2" => "en",
        "vendorId" => "com.example",
        "serialNumber" | "chargePointSerialNumber" | "meterSerialNumber" => "CW-000123",
        "transactionId" => "a2f5e1c0-7c1d-4d0e-9f00-000000000001",
        "timeOfDay" | "startTimeOfDay" | "endTimeOfDay" => "07:30",
        "value" => "2935.600",
        name => name,
    };
    cut(example, max)
}

/// The front of an ASCII text.
fn cut(text: &str, max: usize) -> &str {
    &text[..text.len().min(max)]
}
