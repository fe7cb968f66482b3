//! A minimal and a full example of every OCPI object, and patches of those that can be patched.

use std::collections::BTreeMap;

use ocpi_types::shape::{Cardinality, Format, Kind, Member, Shape, TextKind};
use ocpi_types::{Version, objects};

use super::{ENDING, Extent, cut};

pub(super) fn put_all(files: &mut BTreeMap<String, String>) {
    for (version, tag) in [(Version::V2_1_1, "v211"), (Version::V2_2_1, "v221"), (Version::V2_3_0, "v230")] {
        for entry in objects(version) {
            let shape = entry.shape;
            let (minimal, full) = (object(shape, Extent::Minimal), object(shape, Extent::Full));
            for (suffix, text) in [("minimal", &minimal), ("full", &full)] {
                let path = format!("ocpi_{tag}/{}-{suffix}{ENDING}", shape.name);
                files.insert(path, format!("{}\n{text}", shape.name));
            }
            if let Some(patch) = patch_of(version, shape.name) {
                for (suffix, text) in [("set", full.clone()), ("clear", clear(shape))] {
                    let path = format!("ocpi_patch/{tag}-{patch}-{suffix}{ENDING}");
                    files.insert(path, format!("{tag} {patch}\n{full}\n{text}"));
                }
            }
        }
    }
}

/// The type of the patches of a class.
fn patch_of(version: Version, class: &str) -> Option<&'static str> {
    Some(match class {
        "Location" => "LocationPatch",
        "EVSE" => "EvsePatch",
        "Connector" => "ConnectorPatch",
        "Session" => "SessionPatch",
        "Token" => "TokenPatch",
        "Tariff" if version == Version::V2_1_1 => "TariffPatch",
        "BookingLocation" => "BookingLocationPatch",
        "Calendar" => "CalendarPatch",
        "Booking" => "BookingPatch",
        "Terminal" => "TerminalPatch",
        _ => return None,
    })
}

/// A patch that takes back every optional member.
fn clear(shape: &Shape) -> String {
    let members: Vec<_> = shape
        .members
        .iter()
        .filter_map(|member| match member.name {
            "last_updated" => Some(format!("\"last_updated\":\"{TIME}\"")),
            name if !member.cardinality.is_required() => Some(format!("\"{name}\":null")),
            _ => None,
        })
        .collect();
    format!("{{{}}}", members.join(","))
}

const TIME: &str = "2026-03-01T10:15:30Z";

fn object(shape: &Shape, extent: Extent) -> String {
    let members = shape.members.iter().filter(|member| member.cardinality.is_required() || extent == Extent::Full);
    let members: Vec<_> = members.map(|member| format!("\"{}\":{}", member.name, value(member, extent))).collect();
    format!("{{{}}}", members.join(","))
}

fn value(member: &Member, extent: Extent) -> String {
    let value = match member.kind {
        Kind::Boolean => "true".into(),
        Kind::Integer { min, max } => 5.clamp(min, max).to_string(),
        Kind::Number { decimals } => if decimals == 1 { "16.5" } else { "16.25" }.into(),
        Kind::DateTime { .. } => format!("\"{TIME}\""),
        // any value will do, and not always the first
        Kind::Enumeration { values, .. } => format!("\"{}\"", values[member.name.len() % values.len()]),
        Kind::Text(kind) => format!("\"{}\"", text(member.name, &kind)),
        Kind::Object(shape) => object(shape, extent),
        _ => r#"{"a":[true,null,2.50,"b"]}"#.into(),
    };
    match member.cardinality {
        Cardinality::One | Cardinality::Optional => value,
        Cardinality::Any | Cardinality::AtLeastOne => format!("[{value}]"),
    }
}

/// A text that a member of this name and form could hold.
fn text(name: &str, kind: &TextKind) -> &'static str {
    let example = match kind.format {
        Format::Uri => "https://cpo.example.com/ocpi/1",
        Format::Time => "07:30",
        Format::Date => "2026-03-01",
        Format::Latitude { .. } => "52.370216",
        Format::Longitude { .. } => "4.895168",
        Format::CountryAlpha2 => "NL",
        Format::CountryAlpha3 => "NLD",
        Format::Currency => "EUR",
        Format::Language => "en",
        _ => match name {
            "time_zone" => "Europe/Amsterdam",
            "party_id" => "TNM",
            "hub_party_id" => "NLHUB",
            "evse_id" => "NL*TNM*E1",
            "signed_data" | "public_key" => "AAEC",
            _ => "ABC-1",
        },
    };
    cut(example, kind.max)
}
