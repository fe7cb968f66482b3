//! The catalogues against the appendices of Part 2.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use ocpp_types::standard::{
    self, DataType, KeyProfile, KeyType, Mutability, Required, StandardValue, StandardVariable,
};

/// What 2.0.1 has beyond the appendix of v1.4.
const EXTRA_V201: &[(&str, &str, &str)] = &[
    // DIFFERENCE: in the text, but not in the appendix.
    ("ClockCtrlr", "TimeOffset", "NextTransition"),
    ("LocalAuthListCtrlr", "SupportsExpiryDateTime", ""),
    // DIFFERENCE: added by an erratum.
    ("SecurityCtrlr", "AllowSecurityProfileDowngrade", ""),
];

/// What 2.1 has beyond the appendix of v2.0.
const EXTRA_V21: &[(&str, &str, &str)] = &[
    // DIFFERENCE: in the text, but not in the appendix.
    ("ClockCtrlr", "TimeOffset", "NextTransition"),
    ("SmartChargingCtrlr", "UpdateRateLimit", ""),
    ("TxCtrlr", "EnergyTransferResumptionRandomRange", ""),
];

/// Codes that requirements and errata use, but the list lacks.
const EXTRA_CODES_V201: &[&str] = &["InvalidConfSlot", "InvalidNetworkConf", "NoSecurityDowngrade"];
const EXTRA_CODES_V21: &[&str] =
    &["InvalidConfSlot", "InvalidNetworkConf", "InvalidOperationMode", "NoSecurityDowngrade", "PhaseConflict"];

#[test]
fn variables_of_v201_are_those_of_the_appendix() {
    let find = standard::v201::variable;
    check_variables("v2_0_1", find, standard::v201::variables::ALL, EXTRA_V201);
}

#[test]
fn variables_of_v21_are_those_of_the_appendix() {
    let find = standard::v21::variable;
    check_variables("v2_1", find, standard::v21::variables::ALL, EXTRA_V21);
}

type FindVariable = fn(Option<&str>, &str, Option<&str>) -> Option<&'static StandardVariable>;

fn check_variables(version: &str, find: FindVariable, all: &[StandardVariable], extra: &[(&str, &str, &str)]) {
    let (Some(rows), Some(names)) = (csv(version, "dm_components_vars"), csv(version, "variables")) else { return };
    let mut expected: BTreeSet<_> = extra
        .iter()
        .map(|(component, name, instance)| [component, name, instance].map(|cell| cell.to_lowercase()))
        .collect();
    let mut generic = BTreeSet::new();
    for row in rows.iter().filter(|row| !row[0].is_empty()) {
        let component = Some(row[0].as_str()).filter(|component| *component != "<generic>");
        // DIFFERENCE: the appendix lists the instances in words; ours is a placeholder as elsewhere.
        let instance =
            Some(if row[2] == "1, 2 .. 20" { "<n>" } else { &row[2] }).filter(|instance| !instance.is_empty());
        let found = find(component, &row[1], instance).unwrap_or_else(|| panic!("{row:?} is missing"));
        assert_eq!((found.component, found.name, found.instance), (component, row[1].as_str(), instance));
        assert_eq!(found.units, units(&row[5]), "{row:?}");
        if row[1] == "SignStartedReadings" || (row[1] == "SignUpdatedReadings" && row[0] == "SampledDataCtrlr") {
            // DIFFERENCE: cells left empty in the appendix are filled from the text.
            assert_eq!((row[3].as_str(), row[4].as_str()), ("", ""));
            assert_eq!((found.required, found.data_type), (Required::No, DataType::Boolean));
        } else {
            assert!(found.data_type.as_str().eq_ignore_ascii_case(&row[4]), "{row:?}");
            assert_eq!(found.required, required(&row[3]), "{row:?}");
        }
        let component = component.unwrap_or_default();
        expected.insert([component, &row[1], instance.unwrap_or_default()].map(str::to_lowercase));
        if component.is_empty() {
            generic.insert(row[1].to_lowercase());
        }
    }

    let mut seen = BTreeSet::new();
    for row in &names {
        let found = find(None, &row[0], None).unwrap_or_else(|| panic!("{row:?} is missing"));
        expected.insert(["", &row[0], ""].map(str::to_lowercase));
        // DIFFERENCE: the list has two rows for `Timeout` and `VehicleId`, the later one for a single component.
        if !seen.insert(row[0].to_lowercase()) {
            assert!(["Timeout", "VehicleId"].contains(&row[0].as_str()), "{row:?}");
            continue;
        }
        if row[0] == "ChargeProtocol" && row[1].is_empty() {
            // DIFFERENCE: a cell left empty in one list is filled from the other.
            assert_eq!(found.data_type, DataType::String);
        } else if row[0] == "PhaseRotation" && version == "v2_1" {
            // DIFFERENCE: the two lists disagree.
            assert_eq!((row[1].as_str(), found.data_type), ("string", DataType::OptionList));
        } else {
            assert!(found.data_type.as_str().eq_ignore_ascii_case(&row[1]), "{row:?} {found:?}");
        }
        if row[0] == "Energy" {
            // DIFFERENCE: the list of generic variables names one more unit.
            assert_eq!((units(&row[2]), found.units), (vec!["Wh"], ["Wh", "kWh"].as_slice()));
        } else {
            assert_eq!(found.units, units(&row[2]), "{row:?}");
        }
        if !generic.contains(&row[0].to_lowercase()) {
            assert_eq!(found.required, Required::No);
        }
    }

    let ours: BTreeSet<_> = all
        .iter()
        .map(|v| [v.component.unwrap_or_default(), v.name, v.instance.unwrap_or_default()].map(str::to_lowercase))
        .collect();
    assert_eq!(ours.len(), all.len());
    assert_eq!(ours, expected);
    assert!(all.is_sorted_by_key(|v| {
        [v.component.unwrap_or_default(), v.name, v.instance.unwrap_or_default()].map(str::to_lowercase)
    }));
}

fn units(cell: &str) -> Vec<&str> {
    cell.split(',').map(str::trim).filter(|unit| !unit.is_empty()).collect()
}

fn required(cell: &str) -> Required {
    match cell {
        "yes" => Required::Yes,
        "no" => Required::No,
        "V2X" => Required::WithV2x,
        other => panic!("required {other}"),
    }
}

#[test]
fn components_are_those_of_the_appendix() {
    // DIFFERENCE: components that the appendix gives variables without listing them.
    check_names("v2_0_1", "components", 0, &["CustomizationCtrlr"], standard::v201::components::ALL, |entry| {
        entry.name
    });
    let extra = &["BatteryCartridge", "DataCollector", "FrequencySimulator", "NetworkConfiguration", "PaymentCtrlr"];
    check_names("v2_1", "components", 0, extra, standard::v21::components::ALL, |entry| entry.name);
    assert_eq!(standard::v21::component("EVSE").map(|component| component.name), Some("EVSE"));
    assert!(standard::v201::component("V2XChargingCtrlr").is_none());
}

#[test]
fn every_variable_has_a_known_component() {
    for variable in standard::v201::variables::ALL {
        assert!(variable.component.is_none_or(|name| standard::v201::component(name).is_some()), "{variable:?}");
    }
    for variable in standard::v21::variables::ALL {
        assert!(variable.component.is_none_or(|name| standard::v21::component(name).is_some()), "{variable:?}");
    }
}

#[test]
fn reason_codes_are_those_of_the_appendix() {
    let all = standard::v201::reason_codes::ALL;
    check_names("v2_0_1", "reason_codes", 0, EXTRA_CODES_V201, all, |code| code.name);
    let all = standard::v21::reason_codes::ALL;
    check_names("v2_1", "reason_codes", 1, EXTRA_CODES_V21, all, |code| code.name);

    for (version, column) in [("v2_0_1", 0), ("v2_1", 1)] {
        for row in csv(version, "reason_codes").unwrap_or_default().iter().filter(|row| !row[column].is_empty()) {
            let code = match column {
                0 => standard::v201::reason_code(&row[column]),
                _ => standard::v21::reason_code(&row[column]),
            };
            // The words around the actions are left out: "(generic)", "requests for reports", "with ISO15118".
            let words = row[column + 2].split(|letter: char| !letter.is_ascii_alphanumeric());
            let actions: Vec<_> =
                words.filter(|word| word.starts_with(char::is_uppercase) && *word != "ISO15118").collect();
            assert_eq!(code.unwrap().actions, actions, "{row:?}");
        }
    }
}

#[test]
fn reason_codes_fit_into_their_member() {
    for code in standard::v201::reason_codes::ALL.iter().chain(standard::v21::reason_codes::ALL) {
        assert!(code.name.len() <= 20, "{code:?}");
    }
}

#[test]
fn security_events_are_those_of_the_appendix() {
    for (version, all) in
        [("v2_0_1", standard::v201::security_events::ALL), ("v2_1", standard::v21::security_events::ALL)]
    {
        check_names(version, "security_events", 0, &[], all, |event| event.name);
        for row in csv(version, "security_events").unwrap_or_default() {
            let event = all.iter().find(|event| event.name == row[0]).unwrap();
            assert_eq!(event.critical, row[2] == "Yes", "{row:?}");
            assert_eq!(event.v2_name, event.name);
        }
    }
}

#[test]
fn security_events_of_v16_have_their_own_names() {
    assert_eq!(standard::v16::security_events::ALL.len(), 18);
    let event = standard::v16::security_event("InvalidCentralSystemCertificate").unwrap();
    assert_eq!((event.v2_name, event.critical), ("InvalidCsmsCertificate", false));
    assert!(standard::v16::security_event("InvalidCsmsCertificate").is_none());
    let event = standard::v21::security_event("csmsFailedToAuthenticate").unwrap();
    assert_eq!(event.v16_name, Some("CentralSystemFailedToAuthenticate"));
    assert_eq!(standard::v21::security_events::DISCARDED_RENEWED_CLIENT_CERTIFICATE.v16_name, None);
}

#[test]
fn units_are_those_of_the_appendix() {
    check_names("v2_0_1", "units_of_measure", 0, &[], standard::v201::units::ALL, |unit| unit.name);
    check_names("v2_1", "units_of_measure", 0, &[], standard::v21::units::ALL, |unit| unit.name);
    assert_eq!(standard::v21::unit("MHZ"), Some(&standard::v21::units::MILLIHERTZ));
}

#[test]
fn free_values_of_v21_are_those_of_the_appendix() {
    use standard::v21::*;

    fn check(file: &str, all: &[StandardValue]) {
        check_names("v2_1", file, 0, &[], all, |value| value.name);
    }
    check("charginglimitsourceenumtype", charging_limit_sources::ALL);
    check("connectorenumtype", connector_types::ALL);
    check("idtokenenumtype", id_token_types::ALL);
    check("paymentbrand", payment_brands::ALL);
    check("paymentrecognition", payment_recognitions::ALL);

    let rows = [csv("v2_1", "additional_info_types"), csv("v2_1", "additional_info_types_adhoc")];
    if let [Some(general), Some(ad_hoc)] = rows {
        let expected: BTreeSet<_> = general.into_iter().chain(ad_hoc).map(|row| row[0].clone()).collect();
        assert_eq!(
            additional_info_types::ALL.iter().map(|value| value.name.to_owned()).collect::<BTreeSet<_>>(),
            expected
        );
    }

    check_names("v2_1", "signingmethod", 0, &[], signing_methods::ALL, |method| method.name);
    for row in csv("v2_1", "signingmethod").unwrap_or_default() {
        let method = signing_method(&row[0]).unwrap();
        let key = format!("{} bits", method.key_bits);
        assert_eq!([method.algorithm, method.curve, &key, method.hash], row[1..5]);
    }

    assert_eq!(id_token_type("emaid"), Some(&id_token_types::EMAID));
    assert_eq!(connector_type("CCCS2"), Some(&connector_types::C_CCS2));
    assert_eq!(charging_limit_source("ems"), Some(&charging_limit_sources::EMS));
    assert_eq!(additional_info_type("pspref"), Some(&additional_info_types::PSP_REF));
    assert_eq!(payment_brand("visa"), Some(&payment_brands::VISA));
    assert_eq!(payment_recognition("cc"), Some(&payment_recognitions::CC));
    assert_eq!(id_token_type("Badge"), None);
}

fn check_names<T>(version: &str, file: &str, column: usize, extra: &[&str], all: &[T], name: impl Fn(&T) -> &str) {
    let names: Vec<_> = all.iter().map(|entry| name(entry).to_owned()).collect();
    assert!(names.is_sorted_by_key(|name| name.to_lowercase()), "{version} {file}");
    let Some(rows) = csv(version, file) else { return };
    let listed = rows.iter().map(|row| row[column].clone()).filter(|name| !name.is_empty());
    let expected: BTreeSet<_> = listed.chain(extra.iter().map(|&name| name.to_owned())).collect();
    assert_eq!(names.iter().cloned().collect::<BTreeSet<_>>(), expected, "{version} {file}");
    assert_eq!(names.len(), expected.len());
}

#[test]
fn variables_are_found_in_any_case_and_with_instances() {
    use standard::v21::{variable, variables};

    let found = variable(Some("OCPPCOMMCTRLR"), "heartbeatinterval", None);
    assert_eq!(found, Some(&variables::OCPP_COMM_CTRLR_HEARTBEAT_INTERVAL));
    let found = variable(Some("DeviceDataCtrlr"), "ItemsPerMessage", Some("getreport"));
    assert_eq!(found, Some(&variables::DEVICE_DATA_CTRLR_ITEMS_PER_MESSAGE_GET_REPORT));
    let found = variable(Some("TariffCostCtrlr"), "TariffFallbackMessage", Some("de"));
    assert_eq!(found, Some(&variables::TARIFF_COST_CTRLR_TARIFF_FALLBACK_MESSAGE_LANGUAGE));
    let found = variable(Some("OCPPCommCtrlr"), "FieldLength", Some("Get15118EVCertificateRequest.exiRequest"));
    assert_eq!(found, Some(&variables::OCPP_COMM_CTRLR_FIELD_LENGTH));
    let found = variable(Some("ElectricalFeed"), "ACVoltage", Some("L1"));
    assert_eq!(found, Some(&variables::AC_VOLTAGE));
    assert_eq!(variable(Some("OCPPCommCtrlr"), "NoSuchVariable", None), None);
    assert_eq!(variable(None, "", None), None);
}

#[test]
fn other_names_of_variables_resolve() {
    use standard::{v21, v201};

    let found = v201::variable(Some("AuthCtrlr"), "LocalAuthorizationOffline", None);
    assert_eq!(found, Some(&v201::variables::AUTH_CTRLR_LOCAL_AUTHORIZE_OFFLINE));
    let found = v201::variable(Some("sampleddatactrlr"), "txendinterval", None);
    assert_eq!(found, Some(&v201::variables::SAMPLED_DATA_CTRLR_TX_ENDED_INTERVAL));
    let found = v21::variable(Some("AuthCtrlr"), "SupportedIdTokenTypes", None);
    assert_eq!(found, Some(&v21::variables::AUTH_CTRLR_SUPPORTED_ID_TOKEN_TYPE));
    let found = v21::variable(Some("SmartChargingCtrlr"), "SupportsFeature", Some("evsesleep"));
    assert_eq!(found, Some(&v21::variables::SMART_CHARGING_CTRLR_SUPPORTS_EVSE_SLEEP));
    let found = v21::variable(Some("V2XChargingCtrlr"), "TxEndInterval", Some("LocalFrequency"));
    assert_eq!(found, Some(&v21::variables::V2X_CHARGING_CTRLR_TX_ENDED_INTERVAL_OPERATION_MODE));
    assert_eq!(v21::variable(Some("SmartChargingCtrlr"), "SupportsFeature", None), None);
    assert_eq!(v201::variable(Some("SmartChargingCtrlr"), "SupportsFeature", Some("EvseSleep")), None);
}

#[test]
fn mutability_is_that_of_the_text() {
    use standard::v201::variables::*;

    assert_eq!(SECURITY_CTRLR_BASIC_AUTH_PASSWORD.mutability, Some(Mutability::WriteOnly));
    assert_eq!(SECURITY_CTRLR_IDENTITY.mutability, Some(Mutability::Any));
    assert_eq!(OCPP_COMM_CTRLR_MESSAGE_TIMEOUT_DEFAULT.mutability, Some(Mutability::ReadOnly));
    assert_eq!(TX_CTRLR_TX_START_POINT.mutability, Some(Mutability::Any));
    assert_eq!(TX_CTRLR_EV_CONNECTION_TIME_OUT.mutability, Some(Mutability::ReadWrite));
    assert_eq!(CHADEMO_CTRLR_VEHICLE_STATUS.mutability, None);
}

#[test]
fn configuration_keys_have_their_facts() {
    use standard::v16::{configuration_key, configuration_keys};

    assert_eq!(configuration_keys::ALL.len(), 65);
    let key = configuration_key("heartbeatInterval").unwrap();
    assert_eq!((key.profile, key.data_type, key.unit), (KeyProfile::Core, KeyType::Integer, Some("s")));
    assert_eq!((key.mutability, key.required, key.default), (Mutability::ReadWrite, true, Some("300")));
    let key = configuration_key("AuthorizationKey").unwrap();
    assert_eq!(
        (key.profile, key.data_type, key.mutability),
        (KeyProfile::Security, KeyType::Text, Mutability::WriteOnly)
    );
    let key = configuration_key("NumberOfConnectors").unwrap();
    assert_eq!((key.mutability, key.required, key.default), (Mutability::ReadOnly, true, None));
    let key = configuration_key("AuthorizeRemoteTxRequests").unwrap();
    assert_eq!((key.mutability, key.data_type), (Mutability::Any, KeyType::Boolean));
    let key = configuration_key("StopTxnSampledData").unwrap();
    assert_eq!((key.data_type, key.default), (KeyType::List, Some("")));
    for name in ["MeterPublicKey[n]", "meterpublickey[12]", "MeterPublicKey3"] {
        assert_eq!(configuration_key(name), Some(&configuration_keys::METER_PUBLIC_KEY_N), "{name}");
    }
    assert_eq!(configuration_key("MeterPublicKey"), None);
    assert_eq!(configuration_key("HeartBeatInterval2"), None);
}

/// The rows of an appendix below its headings, or nothing when the oracle is not at hand.
fn csv(version: &str, file: &str) -> Option<Vec<Vec<String>>> {
    let oracle = std::env::var_os("CHARGEWIRE_ORACLE")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/oracle")), PathBuf::from);
    let path = oracle.join("ocpp/appendices").join(version).join(file).with_extension("csv");
    let Ok(bytes) = fs::read(&path) else {
        eprintln!("!!! SKIPPED: no oracle at {} (set CHARGEWIRE_ORACLE)", path.display());
        return None;
    };
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    for letter in String::from_utf8_lossy(&bytes).chars() {
        let row = rows.last_mut().expect("there is always a row");
        match letter {
            '"' => quoted = !quoted,
            ';' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' => {}
            _ => row.last_mut().expect("a row has a cell").push(letter),
        }
    }
    for cell in rows.iter_mut().flatten() {
        *cell = cell.trim().to_owned();
    }
    Some(rows.into_iter().skip(1).filter(|row| row.iter().any(|cell| !cell.is_empty())).collect())
}
