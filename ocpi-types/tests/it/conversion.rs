//! Conversion between versions (rule book part U).

use ocpi_types::shape::Kind;
use ocpi_types::{
    Context, ConversionError, Converted, LossKind, Object, Party, Version, convert, convert_text, decode, has_errors,
    objects, v211, v221, v230,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::examples::normal;
use crate::generate::{Random, minimal, random, set};
use crate::oracle;

fn of<T: Object>(changes: &[(&str, Value)]) -> T {
    let mut value = minimal(T::SHAPE);
    for (pointer, change) in changes {
        set(&mut value, pointer, change.clone());
    }
    decode(&value.to_string()).unwrap_or_else(|error| panic!("{error}: {value}"))
}

fn context() -> Context {
    let mut context = Context::new();
    context.owner = Some(Party::new("NL", "TNM"));
    context.time_zone = Some("Europe/Amsterdam".into());
    context.role = Some("CPO");
    context.cdr_token = Some(v221::CdrToken::new("NL", "MSP", "U1", "RFID", "C1"));
    context.token = Some(of(&[("/whitelist", json!("NEVER"))]));
    context
}

fn losses<T>(converted: &Converted<T>) -> Vec<(&str, LossKind)> {
    converted.losses.iter().map(|loss| (loss.pointer.as_str(), loss.kind)).collect()
}

fn evse_211() -> Value {
    minimal(<v211::Evse as Object>::SHAPE)
}

/// U.1: a location goes up, with what had to be assumed, and comes back.
#[test]
fn u_1_location() {
    use LossKind::{Ambiguous, Defaulted, Derived, Dropped};
    let old: v211::Location = of(&[
        ("/type", json!("UNDERGROUND_GARAGE")),
        ("/evses", json!([evse_211()])),
        ("/evses/0/connectors/0/tariff_id", json!("T1")),
        ("/evses/0/connectors/0/voltage", json!(230)),
        (
            "/energy_mix",
            json!({ "is_green_energy": true, "environ_impact": [{ "source": "NUCLEAR_WASTE", "amount": 0.5 }] }),
        ),
        (
            "/opening_times",
            json!({ "regular_hours": [{ "weekday": 1, "period_begin": "08:00", "period_end": "20:00" }] }),
        ),
    ]);
    let up: Converted<v221::Location> = convert(&old, &context()).unwrap();
    let new = &up.value;
    assert_eq!(new.parking_type, Some(v221::ParkingType::UndergroundGarage));
    assert_eq!((new.publish, new.time_zone.as_str(), new.party_id.as_str()), (true, "Europe/Amsterdam", "TNM"));
    let connector = &new.evses[0].connectors[0];
    assert_eq!((connector.max_voltage.get(), connector.tariff_ids.len()), (230, 1));
    let mix = new.energy_mix.as_ref().unwrap();
    assert_eq!(mix.environ_impact[0].category, v221::EnvironmentalImpactCategory::NuclearWaste);
    assert!(!new.opening_times.as_ref().unwrap().twentyfourseven);
    assert_eq!(
        losses(&up),
        [
            ("/country_code", Derived),
            ("/party_id", Derived),
            ("/publish", Defaulted),
            ("/time_zone", Defaulted),
            ("/opening_times/twentyfourseven", Derived),
        ]
    );
    let down: Converted<v211::Location> = convert(new, &context()).unwrap();
    let mut expected = old.clone();
    expected.time_zone = Some("Europe/Amsterdam".into());
    assert_eq!(down.value, expected);
    assert!(losses(&down).contains(&("/publish", Dropped)));

    let other: v211::Location = of(&[("/type", json!("OTHER"))]);
    let up: Converted<v221::Location> = convert(&other, &context()).unwrap();
    assert!(up.value.parking_type.is_none() && losses(&up).contains(&("/type", Dropped)));
    let driveway: v221::Location = of(&[("/parking_type", json!("ON_DRIVEWAY"))]);
    let down: Converted<v211::Location> = convert(&driveway, &context()).unwrap();
    assert_eq!(down.value.kind, v211::LocationType::Other);
    assert!(losses(&down).contains(&("/parking_type", Ambiguous)));
    assert!(losses(&down).contains(&("/postal_code", Defaulted)));
}

/// U.1, CDR-05: what cannot be said is an error, not a guess.
#[test]
fn u_1_what_cannot_be_said() {
    let missing = |result: Result<Converted<v221::Location>, ConversionError>| match result {
        Err(ConversionError::Missing { pointer }) => pointer,
        other => panic!("{other:?}"),
    };
    let old: v211::Location = of(&[]);
    assert_eq!(missing(convert(&old, &Context::new())), "/country_code");
    let mut bare = context();
    bare.time_zone = None;
    assert_eq!(missing(convert(&old, &bare)), "/time_zone");
    let long: v211::Location = of(&[("/id", json!("x".repeat(39)))]);
    let error = convert::<_, v221::Location>(&long, &context()).unwrap_err();
    assert!(matches!(error, ConversionError::Invalid { ref findings } if findings[0].pointer == "/id"), "{error}");

    let hidden: v221::Location = of(&[("/publish", json!(false))]);
    assert!(convert::<_, v211::Location>(&hidden, &context()).is_err());
    let mut forced = context();
    forced.force_unpublished = true;
    assert!(convert::<_, v211::Location>(&hidden, &forced).is_ok());

    let address: v221::Location = of(&[("/address", json!("x".repeat(60)))]);
    assert!(convert::<_, v211::Location>(&address, &context()).is_err());
    let mut cut = context();
    cut.truncate = true;
    let down: Converted<v211::Location> = convert(&address, &cut).unwrap();
    assert_eq!(down.value.address.len(), 45);
    assert!(losses(&down).contains(&("/address", LossKind::Truncated)));

    let credit: v221::Cdr = of(&[("/credit", json!(true)), ("/credit_reference_id", json!("X"))]);
    let error = convert::<_, v211::Cdr>(&credit, &context()).unwrap_err();
    assert!(matches!(error, ConversionError::NoCounterpart { ref pointer, .. } if pointer == "/credit"), "{error}");
    let reserve: v221::ReserveNow = of(&[("/reservation_id", json!("abc"))]);
    assert!(convert::<_, v211::ReserveNow>(&reserve, &context()).is_err());
    assert!(convert::<v221::Hours, v230::Location>(&of(&[("/twentyfourseven", json!(true))]), &context()).is_err());
}

/// U.1: sessions and CDRs find their token and location.
#[test]
fn u_1_sessions_and_cdrs() {
    let old: v211::Session =
        of(&[("/auth_id", json!("C1")), ("/location/evses", json!([evse_211()])), ("/total_cost", json!(4.5))]);
    let up: Converted<v221::Session> = convert(&old, &context()).unwrap();
    assert_eq!(up.value.cdr_token.uid, *"U1");
    assert_eq!(up.value.location_id.as_str(), old.location.id.as_str());
    assert_eq!(up.value.connector_id.as_str(), old.location.evses[0].connectors[0].id.as_str());
    assert_eq!(up.value.total_cost.as_ref().unwrap().excl_vat.to_string(), "4.5");
    let mut known = context();
    known.location = Some(old.location.clone());
    let down: Converted<v211::Session> = convert(&up.value, &known).unwrap();
    assert_eq!(down.value, old);
    assert!(convert::<_, v211::Session>(&up.value, &context()).is_err(), "the location is not known");
    let foreign: v211::Session = of(&[("/auth_id", json!("C2")), ("/location/evses", json!([evse_211()]))]);
    assert!(convert::<_, v221::Session>(&foreign, &context()).is_err(), "the token is of another contract");
    let two: v211::Session = of(&[("/auth_id", json!("C1")), ("/location/evses", json!([evse_211(), evse_211()]))]);
    assert!(convert::<_, v221::Session>(&two, &context()).is_err(), "X-SES-07");

    let cdr: v211::Cdr = of(&[
        ("/auth_id", json!("C1")),
        ("/location/evses", json!([evse_211()])),
        ("/charging_periods/0/dimensions", json!([{ "type": "FLAT", "volume": 1 }, { "type": "ENERGY", "volume": 1 }])),
        ("/tariffs", json!([minimal(<v211::Tariff as Object>::SHAPE)])),
    ]);
    let up: Converted<v221::Cdr> = convert(&cdr, &context()).unwrap();
    assert_eq!(up.value.cdr_location.evse_id.known(), None);
    assert_eq!(up.value.charging_periods[0].dimensions.len(), 1);
    assert_eq!(up.value.charging_periods[0].tariff_id.as_ref(), Some(&up.value.tariffs[0].id));
    assert!(losses(&up).contains(&("/charging_periods/0/dimensions/0/type", LossKind::Dropped)));
    assert!(!has_errors(&up.value.validate()));
}

/// U.1: tariffs lose elements rather than restrictions (trap 8).
#[test]
fn u_1_tariffs() {
    let component = json!({ "type": "TIME", "price": 1, "vat": 21, "step_size": 1 });
    let tariff: v221::Tariff = of(&[
        (
            "/elements",
            json!([
                { "price_components": [component], "restrictions": { "reservation": "RESERVATION" } },
                { "price_components": [component], "restrictions": { "min_current": 5 } },
                { "price_components": [component], "restrictions": { "min_kwh": 5 } },
            ]),
        ),
        ("/min_price", json!({ "excl_vat": 1 })),
        ("/end_date_time", json!("2024-06-01T00:00:00Z")),
    ]);
    let down: Converted<v211::Tariff> = convert(&tariff, &context()).unwrap();
    assert_eq!(down.value.elements.len(), 1);
    for lost in ["/elements/0", "/elements/1", "/min_price", "/elements/2/price_components/0/vat"] {
        assert!(losses(&down).iter().any(|(pointer, _)| *pointer == lost), "{lost}: {:?}", losses(&down));
    }
    let mut late = context();
    late.now = Some("2024-06-01T00:00:00Z".parse().unwrap());
    assert!(convert::<_, v211::Tariff>(&tariff, &late).is_err());
    let only: v221::Tariff = of(&[("/elements/0/restrictions", json!({ "reservation": "RESERVATION" }))]);
    assert!(convert::<_, v211::Tariff>(&only, &context()).is_err(), "nothing is left");
}

/// U.1: a connector without counterpart goes, and its EVSE with the last one.
#[test]
fn u_1_connectors() {
    let mut evse = minimal(<v221::Evse as Object>::SHAPE);
    set(&mut evse, "/connectors/0/standard", json!("GBT_AC"));
    let mut mixed = evse.clone();
    set(&mut mixed, "/uid", json!("mixed"));
    let mut known = mixed["connectors"][0].clone();
    known["standard"] = json!("IEC_62196_T2");
    known["id"] = json!("2");
    known["power_type"] = json!("AC_2_PHASE");
    set(&mut mixed, "/connectors/1", known);
    let location: v221::Location = of(&[("/evses", json!([evse, mixed]))]);
    let down: Converted<v211::Location> = convert(&location, &context()).unwrap();
    assert_eq!((down.value.evses.len(), down.value.evses[0].connectors.len()), (1, 1));
    assert_eq!(down.value.evses[0].connectors[0].power_type, v211::PowerType::Ac1Phase);
    assert!(losses(&down).contains(&("/evses/0/connectors/0/standard", LossKind::Dropped)));
    assert!(losses(&down).contains(&("/evses/1/connectors/1/power_type", LossKind::Ambiguous)));
}

/// U.1: coordinates get six decimals.
#[test]
fn u_1_coordinates() {
    let place: v221::GeoLocation = of(&[("/latitude", json!("-51.04759")), ("/longitude", json!("3.7299336"))]);
    let down: Converted<v211::GeoLocation> = convert(&place, &context()).unwrap();
    assert_eq!((down.value.latitude.as_str(), down.value.longitude.as_str()), ("-51.047590", "3.729934"));
    assert_eq!(losses(&down), [("/latitude", LossKind::Derived), ("/longitude", LossKind::Truncated)]);
}

/// U.1: credentials, endpoints, commands.
#[test]
fn u_1_the_rest() {
    let old: v211::Credentials = of(&[]);
    let up: Converted<v221::Credentials> = convert(&old, &context()).unwrap();
    assert_eq!((up.value.roles.len(), &up.value.roles[0].role), (1, &v221::Role::Cpo));
    let down: Converted<v211::Credentials> = convert(&up.value, &context()).unwrap();
    assert_eq!(down.value, old);
    let details: v211::VersionDetails = of(&[(
        "/endpoints",
        json!([
            { "identifier": "credentials", "url": "https://a.example/c" },
            { "identifier": "locations", "url": "https://a.example/l" },
            { "identifier": "tokens", "url": "https://a.example/t" },
        ]),
    )]);
    let up: Converted<v221::VersionDetails> = convert(&details, &context()).unwrap();
    let roles: Vec<_> = up.value.endpoints.iter().map(|endpoint| endpoint.role.as_str()).collect();
    assert_eq!(roles, ["SENDER", "SENDER", "RECEIVER"]);
    let mut both = up.value.clone();
    both.endpoints.push(v221::Endpoint::new("locations", "RECEIVER", "https://a.example/x"));
    both.endpoints.push(v221::Endpoint::new("chargingprofiles", "RECEIVER", "https://a.example/y"));
    let down: Converted<v211::VersionDetails> = convert(&both, &context()).unwrap();
    assert_eq!(down.value, details);
    let response: v211::CommandResponse = of(&[("/result", json!("TIMEOUT"))]);
    let sync: Converted<v221::CommandResponse> = convert(&response, &context()).unwrap();
    assert_eq!((sync.value.result.as_str(), sync.value.timeout.get()), ("REJECTED", 60));
    let result: Converted<v221::CommandResult> = convert(&response, &context()).unwrap();
    assert_eq!(result.value.result.as_str(), "TIMEOUT");
    let back: Converted<v211::CommandResponse> =
        convert(&v221::CommandResult::new("EVSE_OCCUPIED"), &context()).unwrap();
    assert_eq!(back.value.result.as_str(), "REJECTED");
    let reserve: v211::ReserveNow = of(&[("/reservation_id", json!(17))]);
    let up: Converted<v221::ReserveNow> = convert(&reserve, &context()).unwrap();
    assert_eq!(up.value.reservation_id, *"17");
    let down: Converted<v211::ReserveNow> = convert(&up.value, &context()).unwrap();
    assert_eq!(down.value, reserve);
}

/// U.2: prices and taxes; no cent is lost.
#[test]
fn u_2_prices() {
    let price: v221::Price = decode(r#"{"excl_vat":4.00,"incl_vat":4.84}"#).unwrap();
    let up: Converted<v230::Price> = convert(&price, &context()).unwrap();
    assert_eq!(up.value.taxes[0].amount.to_string(), "0.84");
    let down: Converted<v221::Price> = convert(&up.value, &context()).unwrap();
    assert_eq!(down.value, price);
    let untaxed: v221::Price = decode(r#"{"excl_vat":4.00}"#).unwrap();
    let up: Converted<v230::Price> = convert(&untaxed, &context()).unwrap();
    assert!(up.value.taxes.is_empty() && up.losses.is_empty());
    let zero: v221::Price = decode(r#"{"excl_vat":4,"incl_vat":4}"#).unwrap();
    let up: Converted<v230::Price> = convert(&zero, &context()).unwrap();
    assert_eq!(up.value.taxes[0].amount, 0.into(), "zero tax is not no tax");
    let two: v230::Price =
        decode(r#"{"before_taxes":1,"taxes":[{"name":"a","amount":0.1},{"name":"b","amount":0.2}]}"#).unwrap();
    let down: Converted<v221::Price> = convert(&two, &context()).unwrap();
    assert_eq!(down.value.incl_vat.unwrap().to_string(), "1.3");
    assert!(losses(&down).contains(&("/taxes", LossKind::Dropped)));
}

/// U.2, X-TAR-13: tax_included in both directions.
#[test]
fn u_2_tax_included() {
    let tariff = |included: &str, component: Value| {
        of::<v230::Tariff>(&[("/tax_included", json!(included)), ("/elements/0/price_components", json!([component]))])
    };
    let with = json!({ "type": "ENERGY", "price": 0.242, "vat": 21, "step_size": 1 });
    let down: Converted<v221::Tariff> = convert(&tariff("YES", with.clone()), &context()).unwrap();
    assert_eq!(down.value.elements[0].price_components[0].price.to_string(), "0.2");
    assert!(losses(&down).contains(&("/elements", LossKind::Derived)));
    let unknown = json!({ "type": "ENERGY", "price": 0.242, "step_size": 1 });
    assert!(convert::<_, v221::Tariff>(&tariff("YES", unknown.clone()), &context()).is_err());
    let none: Converted<v221::Tariff> = convert(&tariff("N/A", with.clone()), &context()).unwrap();
    assert!(none.value.elements[0].price_components[0].vat.is_none());
    let same: Converted<v221::Tariff> = convert(&tariff("NO", with), &context()).unwrap();
    assert_eq!(same.value.elements[0].price_components[0].vat, Some(21.into()));
    let up: Converted<v230::Tariff> = convert(&same.value, &context()).unwrap();
    assert_eq!(up.value.tax_included, v230::TaxIncluded::No);
    let mut free = context();
    free.no_taxes = true;
    let up: Converted<v230::Tariff> = convert(&same.value, &free).unwrap();
    assert_eq!(up.value.tax_included, v230::TaxIncluded::NotApplicable);
}

/// U.2 and RTE-14: hubs announce themselves differently.
#[test]
fn u_2_hubs() {
    let role = |role: &str, party: &str| json!({ "role": role, "business_details": { "name": "x" }, "party_id": party, "country_code": "NL" });
    let hub: v221::Credentials = of(&[("/roles", json!([role("HUB", "HUB")]))]);
    assert!(convert::<_, v230::Credentials>(&hub, &context()).is_err(), "the parties behind it are not known");
    let mut known = context();
    known.hub_roles = vec![v230::CredentialsRole::new("CPO", v230::BusinessDetails::new("y"), "CPO", "NL")];
    let up: Converted<v230::Credentials> = convert(&hub, &known).unwrap();
    assert_eq!(up.value.hub_party_id.as_ref().unwrap().as_str(), "NLHUB");
    assert_eq!(up.value.roles.len(), 1);
    let down: Converted<v221::Credentials> = convert(&up.value, &context()).unwrap();
    assert_eq!((down.value.roles.len(), &down.value.roles[0].role), (1, &v221::Role::Hub));
    let client: v221::ClientInfo = of(&[("/role", json!("HUB"))]);
    assert!(convert::<_, v230::ClientInfo>(&client, &context()).is_err());
}

/// ENU-07 and U.2: values that only 2.3.0 has.
#[test]
fn enu_07_open_values_go_down() {
    let mut evse = minimal(<v230::Evse as Object>::SHAPE);
    set(&mut evse, "/connectors/0/standard", json!("MCS"));
    let mut other = evse.clone();
    set(&mut other, "/uid", json!("other"));
    set(&mut other, "/connectors/0/standard", json!("IEC_62196_T2_COMBO"));
    set(&mut other, "/capabilities", json!(["RFID_READER", "NEW_THING"]));
    let location: v230::Location = of(&[
        ("/evses", json!([evse, other])),
        ("/help_phone", json!("+31")),
        ("/parking_type", json!("ON_THE_MOON")),
        ("/images", json!([{ "url": "https://a.example", "category": "DRONE", "type": "png" }])),
    ]);
    let down: Converted<v221::Location> = convert(&location, &context()).unwrap();
    assert_eq!((down.value.evses.len(), down.value.evses[0].capabilities.len()), (1, 1));
    assert_eq!(down.value.images[0].category, v221::ImageCategory::Other);
    assert!(down.value.parking_type.is_none());
    for lost in [
        "/help_phone",
        "/parking_type",
        "/evses/1/capabilities/1",
        "/images/0/category",
        "/evses/0/connectors/0/standard",
    ] {
        assert!(losses(&down).iter().any(|(pointer, _)| *pointer == lost), "{lost}: {:?}", losses(&down));
    }
    assert!(!has_errors(&down.value.validate()));
    let token: v230::Token = of(&[("/type", json!("EMAID"))]);
    let down: Converted<v221::Token> = convert(&token, &context()).unwrap();
    assert_eq!(down.value.kind, v221::TokenType::Other);
}

/// U.3: elements for bookings do not become elements for everybody.
#[test]
fn u_3_bookings() {
    let component = json!({ "type": "TIME", "price": 1, "step_size": 1 });
    let tariff: v230::Tariff = of(&[
        ("/tax_included", json!("NO")),
        (
            "/elements",
            json!([
                { "price_components": [component], "restrictions": { "booking": "BOOKING" } },
                { "price_components": [component] },
            ]),
        ),
    ]);
    let down: Converted<v221::Tariff> = convert(&tariff, &context()).unwrap();
    assert_eq!(down.value.elements.len(), 1);
    assert!(losses(&down).contains(&("/elements/0", LossKind::Dropped)));
}

/// From 2.1.1 to 2.3.0 and back, over 2.2.1.
#[test]
fn two_steps() {
    let old: v211::Location = of(&[("/type", json!("ON_STREET")), ("/time_zone", json!("Europe/Oslo"))]);
    let up: Converted<v230::Location> = convert(&old, &context()).unwrap();
    let down: Converted<v211::Location> = convert(&up.value, &context()).unwrap();
    assert_eq!(down.value, old);
}

/// The tool's way: by name, with unknown members on the list.
#[test]
fn by_name() {
    let mut location = minimal(<v221::Location as Object>::SHAPE);
    location["x"] = json!(1);
    let up = convert_text(Version::V2_2_1, Version::V2_3_0, "location", &location.to_string(), &context()).unwrap();
    assert_eq!(losses(&up), [("/x", LossKind::Dropped)]);
    assert!(decode::<v230::Location>(&up.value).is_ok());
    let unknown = convert_text(Version::V2_2_1, Version::V2_1_1, "Price", "{}", &context());
    assert_eq!(unknown, Err(ConversionError::UnknownObject));
}

/// Every valid example of a version goes up to the next, and the result is valid.
#[test]
fn every_valid_example_goes_up() {
    let Some(root) = oracle::directory() else { return };
    let mut count = 0;
    for (directory, from, to) in [
        ("v2_1_1", Version::V2_1_1, Version::V2_2_1),
        ("v2_2_1", Version::V2_2_1, Version::V2_3_0),
        ("v2_3_0", Version::V2_3_0, Version::V2_2_1),
    ] {
        for entry in oracle::load(directory, "examples/index.json").as_array().unwrap() {
            let (Some(class), true) = (entry["object_type"].as_str(), entry["kind"] == "object") else { continue };
            if entry["valid"] != true || ocpi_types::object(to, class).is_none() {
                continue;
            }
            let file = entry["file"].as_str().unwrap();
            let text = std::fs::read_to_string(root.join(directory).join("examples").join(file)).unwrap();
            let mut context = context();
            let value: Value = serde_json::from_str(&text).unwrap();
            if let (Some(id), Some(token)) = (value["auth_id"].as_str(), context.cdr_token.as_mut()) {
                token.contract_id = id.into();
            }
            if class == "Credentials" && text.contains("HUB") {
                context.hub_roles =
                    vec![v230::CredentialsRole::new("CPO", v230::BusinessDetails::new("y"), "CPO", "NL")];
            }
            let converted = convert_text(from, to, class, &text, &context);
            if file == "tariff_20_simple_north_american_inclusive.json" {
                // taxes of an unknown rate cannot be taken out of a price
                assert!(matches!(converted, Err(ConversionError::NoCounterpart { .. })));
                continue;
            }
            let converted = converted.unwrap_or_else(|error| panic!("{directory}/{file}: {error}"));
            let found = (ocpi_types::object(to, class).unwrap().inspect)(&converted.value);
            assert!(!has_errors(&found), "{directory}/{file}: {found:?}");
            count += 1;
        }
    }
    assert_eq!(count, 93, "the census has changed");
    println!("conversion: {count} examples converted");
}

/// Pointers without places in lists, with the names of the first document.
fn plain(pointer: &str) -> Vec<String> {
    const RENAMED: [(&str, &str); 16] = [
        ("max_voltage", "voltage"),
        ("max_amperage", "amperage"),
        ("tariff_ids", "tariff_id"),
        ("parking_type", "type"),
        ("category", "source"),
        ("contract_id", "auth_id"),
        ("start_datetime", "start_date_time"),
        ("end_datetime", "end_date_time"),
        ("stop_date_time", "end_date_time"),
        ("incl_vat", "taxes"),
        ("after_taxes", "taxes"),
        ("excl_vat", "before_taxes"),
        ("location_id", "location"),
        ("cdr_location", "location"),
        ("cdr_token", "auth_id"),
        ("hub_party_id", "roles"),
    ];
    let rename = |name: &str| RENAMED.iter().find(|(new, _)| *new == name).map_or(name, |(_, old)| old).to_owned();
    pointer.split('/').skip(1).filter(|segment| segment.parse::<usize>().is_err()).map(rename).collect()
}

/// The pointers at which two documents differ.
fn differences(left: &Value, right: &Value, at: &str, found: &mut Vec<String>) {
    match (left, right) {
        (Value::Object(a), Value::Object(b)) => {
            for name in a.keys().chain(b.keys().filter(|name| !a.contains_key(*name))) {
                let null = Value::Null;
                let (a, b) = (a.get(name).unwrap_or(&null), b.get(name).unwrap_or(&null));
                differences(a, b, &format!("{at}/{name}"), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                differences(a, b, &format!("{at}/{index}"), found);
            }
        }
        (a, b) if a == b => {}
        _ => found.push(at.to_owned()),
    }
}

/// Converts there and back; every difference has to be covered by a loss. `None` when it cannot be converted.
fn there_and_back(
    from: Version,
    to: Version,
    class: &str,
    value: &Value,
    context: &Context,
) -> Option<Result<(), String>> {
    let there = convert_text(from, to, class, &value.to_string(), context).ok()?;
    let mut known = context.clone();
    if from == Version::V2_1_1 {
        known.location = serde_json::from_value::<v211::Location>(value["location"].clone()).ok();
    }
    let back = convert_text(to, from, class, &there.value, &known).ok()?;
    let before =
        normal(serde_json::from_str(&(ocpi_types::object(from, class)?.canonical)(&value.to_string()).ok()?).ok()?);
    let mut found = Vec::new();
    differences(&before, &normal(serde_json::from_str(&back.value).ok()?), "", &mut found);
    let losses: Vec<_> = there.losses.iter().chain(&back.losses).map(|loss| plain(&loss.pointer)).collect();
    for difference in found {
        let place = plain(&difference);
        let covered =
            losses.iter().any(|loss| !loss.is_empty() && (loss.starts_with(&place) || place.starts_with(loss)));
        if !covered {
            return Some(Err(format!(
                "{from} -> {to} {class}: {difference} is lost in silence\n{before}\n{}",
                back.value
            )));
        }
    }
    Some(Ok(()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Nothing is lost that is not listed: every class of two neighbouring versions, both ways.
    #[test]
    fn nothing_is_lost_that_is_not_listed(seed in any::<u64>()) {
        let mut dice = Random(seed);
        let mut context = context();
        context.truncate = true;
        context.force_unpublished = true;
        context.hub_roles = vec![v230::CredentialsRole::new("CPO", v230::BusinessDetails::new("y"), "CPO", "NL")];
        let mut converted = 0;
        for (from, to) in [
            (Version::V2_2_1, Version::V2_3_0),
            (Version::V2_3_0, Version::V2_2_1),
            (Version::V2_1_1, Version::V2_2_1),
            (Version::V2_2_1, Version::V2_1_1),
        ] {
            for entry in objects(from) {
                let class = entry.shape.name;
                if ocpi_types::object(to, class).is_none() {
                    continue;
                }
                let mut value = random(entry.shape, &mut dice);
                settle(&mut value, class);
                if let Some(result) = there_and_back(from, to, class, &value, &context) {
                    converted += 1;
                    prop_assert!(result.is_ok(), "{}", result.unwrap_err());
                }
            }
        }
        prop_assert!(converted > 80, "only {converted} objects could be converted");
    }
}

/// Makes random sessions and CDRs such that their token and location can be found.
fn settle(value: &mut Value, class: &str) {
    if !matches!(class, "Session" | "CDR") {
        return;
    }
    if !value["auth_id"].is_null() {
        value["auth_id"] = json!("C1");
    }
    if value["location"].is_object() {
        value["location"]["evses"] = json!([evse_211()]);
    }
    value.as_object_mut().map(|members| members.remove("credit"));
    if let Some(id) = value["id"].as_str().map(|id| id.chars().take(36).collect::<String>()) {
        value["id"] = json!(id);
    }
}

/// U: every member of every class either has a counterpart in the next version or is on the list when it goes.
#[test]
fn every_member_has_a_counterpart_or_is_listed() {
    let (mut kept, mut listed) = (0, 0);
    for (from, to) in [(Version::V2_3_0, Version::V2_2_1), (Version::V2_2_1, Version::V2_1_1)] {
        for entry in objects(from) {
            let Some(target) = ocpi_types::object(to, entry.shape.name) else { continue };
            for member in entry.shape.members {
                if target.shape.member(member.name).is_some() {
                    kept += 1;
                    continue;
                }
                let mut value = minimal(entry.shape);
                if matches!(entry.shape.name, "Session" | "CDR" | "Credentials" | "Endpoint" | "CdrLocation") {
                    continue;
                }
                let sample = match &member.kind {
                    Kind::Object(shape) => minimal(shape),
                    Kind::Boolean => json!(true),
                    Kind::Enumeration { values, .. } => json!(values[0]),
                    Kind::Integer { .. } | Kind::Number { .. } => json!(1),
                    Kind::DateTime { .. } => json!("2024-05-01T10:00:00Z"),
                    _ if member.name == "publish_allowed_to" => continue,
                    _ => json!("x"),
                };
                let sample_text = sample.to_string();
                value[member.name] = if member.cardinality.is_list() { json!([sample]) } else { sample };
                if entry.shape.name == "PriceLimit" || entry.shape.name == "Price" {
                    continue;
                }
                let converted = convert_text(from, to, entry.shape.name, &value.to_string(), &context());
                if let Ok(converted) = converted {
                    let pointer = format!("/{}", member.name);
                    let is_listed = converted.losses.iter().any(|loss| loss.pointer.starts_with(&pointer));
                    let is_renamed = converted.value.contains(sample_text.trim_matches(['[', ']']));
                    assert!(is_listed || is_renamed, "{from} {}.{}: {converted:?}", entry.shape.name, member.name);
                    listed += 1;
                }
            }
        }
    }
    assert!(kept > 300 && listed > 25, "{kept} {listed}");
}

/// What the text says and the type does not hold is listed, or the conversion is refused.
#[test]
fn nothing_of_the_text_is_lost_without_a_word() {
    let tariff = minimal(v221::Tariff::SHAPE).to_string();
    let convert = |more: &str| {
        let text = tariff.replacen('{', &format!("{{{more}"), 1);
        convert_text(Version::V2_2_1, Version::V2_3_0, "Tariff", &text, &context())
    };
    let converted = convert(r#""currency":"USD","#).unwrap();
    assert!(converted.losses.iter().any(|loss| loss.pointer == "/currency"), "{:?}", converted.losses);

    let unknown = |count: usize| (0..count).map(|index| format!(r#""x{index}":1,"#)).collect::<String>();
    let losses = convert(&unknown(900)).unwrap().losses;
    assert_eq!(losses.iter().filter(|loss| loss.pointer.starts_with("/x")).count(), 900);
    assert!(matches!(convert(&unknown(1500)), Err(ConversionError::TooManyFindings)));
}
