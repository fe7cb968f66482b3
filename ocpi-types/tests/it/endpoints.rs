//! Every endpoint of the census has an operation, and none is offered beside (rule book parts C, D and URL-05).

use std::collections::BTreeSet;

use ocpi_types::{
    BuildError, Interface, Method, Missing, Module, Owner, Place, Segment, Verdict, Version, operation, operations,
    route,
};
use serde_json::Value;

use crate::oracle;

fn interface(version: Version, module: &str, name: Option<&str>) -> Option<Interface> {
    Some(match (name?, version, module) {
        ("SENDER", ..) => Interface::Sender,
        ("RECEIVER", ..) => Interface::Receiver,
        // 2.1.1 names the party that implements it
        ("CPO", _, "tokens" | "commands") | ("eMSP", _, "locations" | "sessions" | "cdrs" | "tariffs") => {
            Interface::Receiver
        }
        _ => Interface::Sender,
    })
}

fn module(name: &str) -> Module {
    if name == "versions" {
        Module::Versions
    } else {
        Module::from_identifier(name).unwrap_or_else(|| panic!("{name}"))
    }
}

/// `{x}/{y}[/{z}]` below the placeholder of the endpoint, as our segments.
fn segments(path: &str) -> Vec<String> {
    let (endpoint, below) = path.split_once('}').unwrap();
    let below = below.split('?').next().unwrap().trim_end_matches('[');
    let mut segments: Vec<String> = below
        .replace("[/", "/[")
        .replace(']', "")
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(str::to_owned)
        .collect();
    match endpoint.trim_start_matches('{') {
        "payments_terminals_endpoint_url" => segments.insert(0, "terminals".into()),
        "payments_financial_advice_confirmation_endpoint_url" => {
            segments.insert(0, "financial-advice-confirmations".into());
        }
        _ => {}
    }
    segments
}

fn our_segments(place: &Place) -> Vec<String> {
    let Place::Below(segments) = place else { panic!("{place:?}") };
    let text = |segment: &Segment| match segment {
        Segment::Word(word) => (*word).to_owned(),
        Segment::Value(name) => format!("{{{name}}}"),
        Segment::Optional(name) => format!("[{{{name}}}"),
    };
    segments.iter().map(text).collect()
}

/// OWN-01, REQ-01, PAG-01, INV-03 and CHP-11: every row of the census, both directions. The places that other rules
/// tell are among them: SES-09, TOK-06, INV-02, BOK-03, BOK-04, BOK-07, PAY-01, PAY-02, CHP-06.
#[test]
fn every_endpoint_has_an_operation_and_no_other_is_offered() {
    if oracle::directory().is_none() {
        return;
    }
    let mut rows = 0;
    let mut used: BTreeSet<(Version, usize)> = BTreeSet::new();
    for (directory, version) in oracle::DIRECTORIES {
        let census = oracle::load(directory, "endpoints.json");
        let all: Vec<_> = operations(version).collect();
        for row in census["endpoints"].as_array().unwrap() {
            rows += 1;
            let name = row["module"].as_str().unwrap();
            let place = format!("{directory} {name} {} {} {}", row["interface"], row["method"], row["path"]);
            let names = |value: &Value| -> Vec<String> {
                value["types"].as_array().into_iter().flatten().map(|it| it.as_str().unwrap().to_owned()).collect()
            };
            let found = all.iter().position(|operation| {
                operation.module == module(name)
                    && operation.interface == interface(version, name, row["interface"].as_str())
                    && operation.method == Method::parse(row["method"].as_str().unwrap()).unwrap()
                    && operation.body == names(&row["request_body"])
                    && operation.response == names(&row["response"])
                    && match row["path"].as_str() {
                        None => operation.place == Place::Given,
                        Some(path) if operation.place != Place::Given => {
                            let mut ours = our_segments(&operation.place);
                            // the row leads to both classes, so its last segment can be left out
                            if path.contains("{booking_location_id}/{calendar_id}") {
                                ours = ours.iter().map(|segment| segment.replace('[', "")).collect();
                            }
                            ours == segments(path)
                        }
                        Some(_) => false,
                    }
            });
            let found = found.unwrap_or_else(|| panic!("{place}: no operation"));
            used.insert((version, found));
            let operation = all[found];
            assert_eq!(operation.is_paginated, row["paginated"].as_bool().unwrap(), "{place}");
            if let Some(query) = row["path"].as_str().and_then(|path| path.split_once('?')) {
                for parameter in operation.query {
                    assert!(query.1.contains(parameter.name), "{place}: {}", parameter.name);
                }
                assert_eq!(operation.query.len(), query.1.matches('=').count(), "{place}");
            }
        }
        for row in census["method_support"].as_array().unwrap() {
            let name = row["module"].as_str().unwrap();
            let interface = interface(version, name, row["interface"].as_str());
            for (method, offered) in row["methods"].as_object().unwrap() {
                let ours = all.iter().any(|operation| {
                    operation.module == module(name)
                        && operation.interface == interface
                        && operation.method.as_str() == method
                });
                // bookings and payments have several tables for one interface
                let exact = row["heading"].is_null() || !matches!(name, "bookings" | "payments");
                if exact {
                    assert_eq!(ours, offered.as_bool().unwrap(), "{directory} {name} {interface:?} {method}");
                } else {
                    assert!(ours || !offered.as_bool().unwrap(), "{directory} {name} {interface:?} {method}");
                }
            }
        }
    }
    for version in Version::ALL {
        let count = operations(version).count();
        let matched = used.iter().filter(|(of, _)| *of == version).count();
        assert_eq!(matched, count, "{version}: operations that no document has");
    }
    assert_eq!(rows, 214, "the census has changed");
    println!("endpoints: {rows} rows compared");
}

/// URL-05 and E-24: one slash, encoded segments, kept query.
#[test]
fn url_05_building() {
    let commands = operation(Version::V2_2_1, Module::Commands, Some(Interface::Receiver), Method::Post, None).unwrap();
    for endpoint in ["https://a.example/commands", "https://a.example/commands/"] {
        let url = commands.url(endpoint, &[("command", "START_SESSION")]).unwrap();
        assert_eq!(url, "https://a.example/commands/START_SESSION");
    }
    let put = operation(Version::V2_2_1, Module::Locations, Some(Interface::Receiver), Method::Put, None).unwrap();
    let values = [("country_code", "NL"), ("party_id", "TNM"), ("location_id", "a b/c"), ("evse_uid", "BE*BEC/1#?%")];
    let url = put.url("https://a.example/l?key=1", &values).unwrap();
    assert_eq!(url, "https://a.example/l/NL/TNM/a%20b%2Fc/BE*BEC%2F1%23%3F%25?key=1");
    assert_eq!(put.url("https://a.example", &values[..2]), Err(BuildError::Missing("location_id")));
    let dots = put.url("https://a.example", &[values[0], values[1], ("location_id", "..")]).unwrap();
    assert_eq!(dots, "https://a.example/NL/TNM/%2E%2E");
    let matched = route(
        Version::V2_2_1,
        Module::Locations,
        Some(Interface::Receiver),
        Method::Put,
        "/NL/TNM/a%20b%2Fc/BE*BEC%2F1%23%3F%25",
        "",
    )
    .unwrap();
    assert_eq!(matched.value("evse_uid"), Some("BE*BEC/1#?%"));
}

/// URL-06, CHP-02 and E-25: a URL in a query, encoded or not.
#[test]
fn url_06_response_urls() {
    let get =
        operation(Version::V2_2_1, Module::ChargingProfiles, Some(Interface::Receiver), Method::Get, None).unwrap();
    let response = "https://b.example/x?y=1&z=2";
    let url =
        get.url("https://a.example", &[("session_id", "S"), ("duration", "900"), ("response_url", response)]).unwrap();
    let (path, query) = url.strip_prefix("https://a.example").unwrap().split_once('?').unwrap();
    let at = |query: &str| {
        route(Version::V2_2_1, Module::ChargingProfiles, Some(Interface::Receiver), Method::Get, path, query)
    };
    assert_eq!(at(query).unwrap().value("response_url"), Some(response));
    let plain = at("duration=900&response_url=https://b.example/x").unwrap();
    assert_eq!(plain.value("response_url"), Some("https://b.example/x"));
    assert_eq!(at("duration=900").unwrap_err(), Verdict::InvalidParameters);
}

/// LOC-12: Location, EVSE or Connector by the number of segments, in both roles.
#[test]
fn loc_12_paths() {
    let class = |interface, path: &str| {
        route(Version::V2_2_1, Module::Locations, Some(interface), Method::Get, path, "").unwrap().class()
    };
    for (interface, prefix) in [(Interface::Sender, ""), (Interface::Receiver, "/NL/TNM")] {
        assert_eq!(class(interface, &format!("{prefix}/L")), Some("Location"));
        assert_eq!(class(interface, &format!("{prefix}/L/E")), Some("EVSE"));
        assert_eq!(class(interface, &format!("{prefix}/L/E/C/")), Some("Connector"));
    }
    let booking = |path: &str| {
        route(Version::V2_3_0, Module::Bookings, Some(Interface::Receiver), Method::Patch, path, "").unwrap().class()
    };
    assert_eq!(booking("/NL/TNM/booking_locations/B/C"), Some("Calendar"));
    assert_eq!(booking("/NL/TNM/booking_locations/B"), Some("BookingLocation"));
    assert_eq!(booking("/NL/TNM/B"), Some("Booking"));
}

/// REQ-01, PAT-13, OWN-12, ENV-14, LOC-01, TOK-01, CDR-01, BOK-08: other methods and other places.
#[test]
fn req_01_methods() {
    let at = |version, module, interface, method, path: &str| route(version, module, Some(interface), method, path, "");
    use Interface::{Receiver, Sender};
    for (version, module, interface, method, path) in [
        (Version::V2_2_1, Module::Tariffs, Receiver, Method::Patch, "/NL/TNM/T"),
        (Version::V2_2_1, Module::Locations, Receiver, Method::Delete, "/NL/TNM/L"),
        (Version::V2_2_1, Module::Cdrs, Receiver, Method::Put, ""),
        (Version::V2_2_1, Module::Tokens, Receiver, Method::Delete, "/NL/TNM/T"),
        (Version::V2_3_0, Module::Bookings, Receiver, Method::Delete, "/NL/TNM/B"),
        (Version::V2_1_1, Module::Sessions, Sender, Method::Post, ""),
    ] {
        assert_eq!(at(version, module, interface, method, path).unwrap_err(), Verdict::MethodNotAllowed);
    }
    assert!(at(Version::V2_1_1, Module::Tariffs, Receiver, Method::Patch, "/NL/TNM/T").is_ok());
    for path in ["/NL/TNM", "/NL/TNM/L/E/C/X", "/NL//L", "/NL/TNM/%zz", "/NL/TNM/%00"] {
        let verdict = at(Version::V2_2_1, Module::Locations, Receiver, Method::Put, path).unwrap_err();
        assert_eq!(verdict, Verdict::NotFound(Missing::Location), "{path}");
    }
}

/// OWN-08, VER-09, HCI-05 and ENU-05: owners and identifiers of modules.
#[test]
fn own_08_owners() {
    assert_eq!(Module::Locations.owner(), Owner::Cpo);
    assert_eq!(Module::Tokens.owner(), Owner::Emsp);
    for spelling in ["Booking", "booking", "bookings", "BOOKINGS"] {
        assert_eq!(Module::from_identifier(spelling), Some(Module::Bookings));
    }
    assert_eq!(Module::from_identifier("Locations"), None, "others count exactly");
    assert_eq!(Module::from_identifier("nltnm-tokens"), None);
    assert_eq!(Module::InvoiceReconciliation.identifier(), "invoicereconciliation");
}
