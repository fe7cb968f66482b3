//! Network and security profiles at the word of the CSMS: rules WS-11, WS-12, WS-15 to WS-17 and WS-27 to WS-29, row E15.

use std::time::Duration;

use ocpp_client::charger::ChargerEvent;
use ocpp_client::{
    Backoff, Boot, CloseReason, Decision, Equipment, NetworkChange, NetworkProfile, Password, Random, Reconnect,
    TlsFailure,
};
use ocpp_types::Version;
use serde_json::{Value, json};

use super::{Bench, names};
use crate::lab::Sent;

const V2: [Version; 2] = [Version::V201, Version::V21];
const PASSWORD: &str = "a password of some length";

/// A charger that is online by slot 1 with this security profile, with all that stronger ones need.
fn bench(version: Version, security: u8) -> Bench {
    let mut bench = Bench::new(version);
    let url = if security >= 2 { "wss://csms.example.com/ocpp" } else { "ws://csms.example.com/ocpp" };
    let mut profile = NetworkProfile::new(url, security);
    profile.password = (security > 0).then(|| Password::text(PASSWORD));
    let mut equipment = Equipment::default();
    (equipment.csms_root, equipment.certificate) = (true, true);
    bench.charger.provision([(1, profile)], &[1], equipment);
    assert_eq!(bench.charger.connected(bench.now, 1), NetworkChange::Same);
    bench.connect();
    bench.settle();
    bench.events.clear();
    bench
}

/// Dials as a driver does, until one of these slots is tried; gives the slots tried, and connects.
fn dial(bench: &mut Bench, reason: CloseReason, alive: &[i64]) -> Vec<i64> {
    let mut backoff = Backoff::default();
    backoff.random_range = Duration::ZERO;
    let (mut reconnect, mut random) = (Reconnect::new(backoff), Random::new(1));
    bench.charger.guide(&mut reconnect);
    let mut tried = Vec::new();
    let mut decision = reconnect.decide(bench.now, reason, &mut random);
    while let Decision::Dial { slot, .. } = decision {
        tried.push(slot);
        assert!(tried.len() < 30, "none of {alive:?} is tried: {tried:?}");
        if alive.contains(&slot) {
            break;
        }
        decision = reconnect.decide(bench.now, CloseReason::HandshakeRefused { status: 401 }, &mut random);
    }
    let last = *tried.last().expect("at least one attempt");
    let _told = bench.charger.connected(bench.now, last);
    bench.connect();
    tried
}

fn reboot(mut bench: Bench) -> Bench {
    bench.disconnect();
    bench.charger = bench.charger.reboot(bench.now, Boot::new(9)).expect("a charger");
    bench
}

fn asks_to_reconnect(bench: &Bench) -> bool {
    bench.events.iter().any(|event| matches!(event, ChargerEvent::Reconnect))
}

fn change(bench: &mut Bench, key: &str, value: &str) -> String {
    let (answer, _) = bench.call("ChangeConfiguration", json!({"key": key, "value": value}));
    text(&answer.payload["status"])
}

fn key(bench: &mut Bench, key: &str) -> String {
    let (answer, _) = bench.call("GetConfiguration", json!({"key": [key]}));
    text(&answer.payload["configurationKey"][0]["value"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Status and reason of an attempt to set a variable.
fn set(bench: &mut Bench, component: Value, variable: &str, value: &str) -> (String, String) {
    let data = json!([{"component": component, "variable": {"name": variable}, "attributeValue": value}]);
    let (answer, _) = bench.call("SetVariables", json!({"setVariableData": data}));
    let result = &answer.payload["setVariableResult"][0];
    (text(&result["attributeStatus"]), text(&result["attributeStatusInfo"]["reasonCode"]))
}

fn get(bench: &mut Bench, component: Value, variable: &str) -> (String, String) {
    let data = json!([{"component": component, "variable": {"name": variable}}]);
    let (answer, _) = bench.call("GetVariables", json!({"getVariableData": data}));
    let result = &answer.payload["getVariableResult"][0];
    (text(&result["attributeStatus"]), text(&result["attributeValue"]))
}

fn accepted(value: &str) -> (String, String) {
    ("Accepted".to_owned(), value.to_owned())
}

fn comm() -> Value {
    json!({"name": "OCPPCommCtrlr"})
}

fn security() -> Value {
    json!({"name": "SecurityCtrlr"})
}

fn slot(number: &str) -> Value {
    json!({"name": "NetworkConfiguration", "instance": number})
}

fn set_profile(bench: &mut Bench, slot: i64, url: &str, security: u8, extra: Value) -> Sent {
    let mut data = json!({
        "ocppVersion": "OCPP20", "ocppTransport": "JSON", "ocppCsmsUrl": url, "messageTimeout": 40,
        "securityProfile": security, "ocppInterface": "Wired0",
    });
    for (name, value) in extra.as_object().expect("an object") {
        data[name] = value.clone();
    }
    bench.call("SetNetworkProfile", json!({"configurationSlot": slot, "connectionData": data})).0
}

fn status_and_reason(answer: &Sent) -> (String, String) {
    (text(&answer.payload["status"]), text(&answer.payload["statusInfo"]["reasonCode"]))
}

#[test]
fn ws_16_the_key_goes_only_upwards_and_the_charger_reconnects_after_its_answer() {
    let mut bench = bench(Version::V16, 1);
    assert_eq!(key(&mut bench, "SecurityProfile"), "1");
    for value in ["0", "1", "4", "-1", "two", ""] {
        assert_eq!(change(&mut bench, "SecurityProfile", value), "Rejected", "{value:?}");
    }
    assert!(!asks_to_reconnect(&bench));
    // the answer comes first, which the bench asserts
    assert_eq!(change(&mut bench, "SecurityProfile", "2"), "Accepted");
    assert!(asks_to_reconnect(&bench));
    bench.disconnect();
    let tried = dial(&mut bench, CloseReason::ProfileChanged, &[2]);
    assert_eq!(tried, [2]);
    assert_eq!(key(&mut bench, "SecurityProfile"), "2");
    assert_eq!(change(&mut bench, "SecurityProfile", "1"), "Rejected");
    // and so it is after a power cut, whatever it was configured with
    let mut bench = bench.power_cut();
    let mut first = NetworkProfile::new("ws://csms.example.com/ocpp", 1);
    first.password = Some(Password::text(PASSWORD));
    bench.charger.provision([(1, first)], &[1], Equipment::default());
    assert_eq!(bench.charger.network().order(), [2]);
    assert_eq!(bench.charger.network().security(), 2);
}

#[test]
fn ws_16_without_a_password_a_root_or_a_certificate_the_step_is_refused() {
    let mut bench = Bench::new(Version::V16);
    let first = || NetworkProfile::new("ws://csms.example.com/ocpp", 0);
    bench.charger.provision([(1, first())], &[1], Equipment::default());
    let _same = bench.charger.connected(bench.now, 1);
    bench.connect();
    bench.settle();
    assert_eq!(change(&mut bench, "SecurityProfile", "1"), "Rejected", "A05.FR.02");
    assert_eq!(change(&mut bench, "AuthorizationKey", "000102030405060708090A0B0C0D0E0F"), "Accepted");
    assert_eq!(change(&mut bench, "SecurityProfile", "2"), "Rejected", "A05.FR.03");
    let mut equipment = Equipment::default();
    equipment.csms_root = true;
    bench.charger.provision([(1, first())], &[1], equipment);
    assert_eq!(change(&mut bench, "SecurityProfile", "3"), "Rejected", "A05.FR.04");
    assert_eq!(change(&mut bench, "SecurityProfile", "1"), "Accepted");
}

#[test]
fn e15_ws_16_a_raise_with_a_password_the_csms_does_not_take_falls_back() {
    let mut bench = bench(Version::V16, 1);
    assert_eq!(change(&mut bench, "SecurityProfile", "2"), "Accepted");
    bench.disconnect();
    assert_eq!(dial(&mut bench, CloseReason::ProfileChanged, &[1]), [2, 2, 2, 1]);
    assert_eq!(key(&mut bench, "SecurityProfile"), "1", "it is what it was");
    let (answer, sent) = bench.call("TriggerMessage", json!({"requestedMessage": "Heartbeat"}));
    assert_eq!((text(&answer.payload["status"]).as_str(), names(&sent)), ("Accepted", vec!["Heartbeat"]));
    bench.disconnect();
    assert_eq!(dial(&mut bench, CloseReason::TransportFailed, &[1]), [1]);
}

#[test]
fn ws_16_a_charger_nobody_has_told_how_it_is_connected_changes_nothing() {
    let mut bench = Bench::online(Version::V16);
    assert_eq!(change(&mut bench, "AuthorizationKey", "000102030405060708090A0B0C0D0E0F"), "Accepted");
    assert_eq!(change(&mut bench, "SecurityProfile", "1"), "Rejected");
    for version in V2 {
        let mut bench = Bench::online(version);
        let answer = set_profile(&mut bench, 2, "ws://new.example.com", 1, json!({}));
        assert_eq!((answer.kind, &*answer.name), (4, "NotSupported"), "{version}");
    }
}

#[test]
fn ws_15_a_password_that_cannot_be_stored_is_refused_and_one_that_was_survives_a_power_cut() {
    let mut bench = bench(Version::V201, 1);
    let answer = set(&mut bench, security(), "BasicAuthPassword", "a password of the CSMS");
    assert_eq!(answer, accepted(""));
    let mut bench = bench.power_cut();
    let mut first = NetworkProfile::new("ws://csms.example.com/ocpp", 1);
    first.password = Some(Password::text(PASSWORD));
    bench.charger.provision([(1, first)], &[1], Equipment::default());
    assert_eq!(bench.charger.network().password(1), Some(&Password::text("a password of the CSMS")));
}

#[test]
fn ws_27_b_43_set_network_profile_is_answered_with_its_reason() {
    for version in V2 {
        let mut bench = bench(version, 2);
        for (slot, url, security, extra, reason) in [
            (9, "wss://new.example.com", 2, json!({}), "InvalidConfSlot"),
            (2, "https://new.example.com", 2, json!({}), "InvalidNetworkConf"),
            (2, "ws://new.example.com", 2, json!({}), "InvalidNetworkConf"),
            (2, "wss://new.example.com", 2, json!({"messageTimeout": 0}), "InvalidNetworkConf"),
            (2, "wss://new.example.com", 2, json!({"messageTimeout": -1}), "InvalidNetworkConf"),
            (2, "wss://new.example.com", 2, json!({"ocppTransport": "SOAP"}), "InvalidNetworkConf"),
            (2, "wss://new.example.com", 2, json!({"securityProfile": 256}), "InvalidNetworkConf"),
            (
                2,
                "wss://new.example.com",
                2,
                json!({"apn": {"apn": "internet", "apnAuthentication": "AUTO"}}),
                "InvalidNetworkConf",
            ),
            // WS-17, TC_A_22
            (2, "ws://new.example.com", 1, json!({}), "NoSecurityDowngrade"),
            (9, "ws://new.example.com", 1, json!({"ocppTransport": "SOAP"}), "InvalidConfSlot"),
        ] {
            let answer = set_profile(&mut bench, slot, url, security, extra.clone());
            let expected = ("Rejected".to_owned(), reason.to_owned());
            assert_eq!(status_and_reason(&answer), expected, "{version}: {slot} {url} {security} {extra}");
        }
        assert_eq!(bench.charger.network().profile(2), None);
        let answer = set_profile(&mut bench, 2, "wss://new.example.com", 2, json!({}));
        assert_eq!(status_and_reason(&answer), accepted(""), "{version}");
        let stored = bench.charger.network().profile(2).expect("stored");
        assert_eq!((&*stored.url, stored.message_timeout), ("wss://new.example.com", Some(Duration::from_secs(40))));
        let bench = bench.power_cut();
        assert!(bench.charger.network().profile(2).is_some(), "on the medium before it was answered");
    }
}

#[test]
fn ws_17_ws_28_a_19_b_45_a_stronger_profile_is_stored_listed_and_used_after_a_reset() {
    for version in V2 {
        let mut bench = bench(version, 1);
        assert_eq!(get(&mut bench, security(), "SecurityProfile"), accepted("1"));
        assert_eq!(set(&mut bench, security(), "SecurityProfile", "2").0, "Rejected", "it is read-only in 2.x");
        let answer = set_profile(&mut bench, 2, "wss://csms.example.com/ocpp", 2, json!({}));
        assert_eq!(status_and_reason(&answer), accepted(""));
        assert_eq!(set(&mut bench, comm(), "NetworkConfigurationPriority", "2,1"), accepted(""));
        assert_eq!(get(&mut bench, comm(), "NetworkConfigurationPriority"), accepted("2,1"));
        assert!(!asks_to_reconnect(&bench), "WS-27: not used before a reset");
        bench.disconnect();
        assert_eq!(dial(&mut bench, CloseReason::TransportFailed, &[1, 2]), [1]);
        let (answer, _) = bench.call("Reset", json!({"type": "OnIdle"}));
        assert_eq!(text(&answer.payload["status"]), "Accepted");
        let mut bench = reboot(bench);
        assert_eq!(dial(&mut bench, CloseReason::Restart, &[1, 2]), [2]);
        assert_eq!(names(&bench.settle())[0], "BootNotification");
        assert_eq!(get(&mut bench, security(), "SecurityProfile"), accepted("2"));
        assert_eq!(get(&mut bench, comm(), "NetworkConfigurationPriority"), accepted("2"));
        assert_eq!(get(&mut bench, comm(), "ActiveNetworkProfile"), accepted("2"));
        let answer = set_profile(&mut bench, 1, "ws://csms.example.com/ocpp", 1, json!({}));
        assert_eq!(status_and_reason(&answer), ("Rejected".to_owned(), "NoSecurityDowngrade".to_owned()));
    }
}

#[test]
fn ws_28_b_46_b_49_a_list_that_leads_nowhere_ends_where_it_worked_last() {
    for version in V2 {
        let mut bench = bench(version, 1);
        set_profile(&mut bench, 2, "ws://dead.example.com", 1, json!({}));
        assert_eq!(set(&mut bench, comm(), "NetworkProfileConnectionAttempts", "2"), accepted(""));
        assert_eq!(set(&mut bench, comm(), "NetworkConfigurationPriority", "2,3,1").0, "Rejected", "slot 3 is empty");
        assert_eq!(set(&mut bench, comm(), "NetworkConfigurationPriority", "2"), accepted(""));
        let mut bench = reboot(bench);
        assert_eq!(dial(&mut bench, CloseReason::Restart, &[1]), [2, 2, 1], "{version}");
    }
}

/// Rule WS-20: the waits are those that the CSMS has set, and none that would keep the station away.
#[test]
fn ws_20_the_csms_sets_the_waits_between_attempts() {
    for version in V2 {
        let mut bench = bench(version, 1);
        for (variable, value, status) in [
            ("RetryBackOffWaitMinimum", "7", "Accepted"),
            ("RetryBackOffRepeatTimes", "2", "Accepted"),
            ("RetryBackOffRandomRange", "0", "Accepted"),
            ("RetryBackOffWaitMinimum", "0", "Rejected"),
            ("RetryBackOffWaitMinimum", "4000000000", "Rejected"),
            ("RetryBackOffRepeatTimes", "31", "Rejected"),
        ] {
            assert_eq!(set(&mut bench, comm(), variable, value).0, status, "{variable} {value}");
        }
        let (mut reconnect, mut random) = (Reconnect::new(Backoff::default()), Random::new(1));
        bench.charger.guide(&mut reconnect);
        let waits =
            [CloseReason::TransportFailed; 5].map(|reason| match reconnect.decide(bench.now, reason, &mut random) {
                Decision::Dial { at, .. } => (at - bench.now).as_secs(),
                Decision::Stay => 0,
            });
        assert_eq!(waits, [7, 14, 28, 28, 28]);
    }
}

#[test]
fn ws_17_a_downgrade_from_3_to_2_needs_the_permission_of_the_operator_and_1_is_never_reached() {
    for version in V2 {
        let mut bench = bench(version, 3);
        let refused = ("Rejected".to_owned(), "NoSecurityDowngrade".to_owned());
        let answer = set_profile(&mut bench, 2, "wss://csms.example.com", 2, json!({}));
        assert_eq!(status_and_reason(&answer), refused, "B09.FR.04");
        assert_eq!(set(&mut bench, security(), "AllowSecurityProfileDowngrade", "true"), accepted(""));
        let answer = set_profile(&mut bench, 2, "wss://csms.example.com", 2, json!({}));
        assert_eq!(status_and_reason(&answer), accepted(""));
        let answer = set_profile(&mut bench, 2, "ws://csms.example.com", 1, json!({}));
        assert_eq!(status_and_reason(&answer), refused, "B09.FR.32");
        assert_eq!(set(&mut bench, comm(), "NetworkConfigurationPriority", "2,1"), accepted(""));
        let mut bench = reboot(bench);
        dial(&mut bench, CloseReason::Restart, &[2]);
        bench.settle();
        assert_eq!(get(&mut bench, security(), "SecurityProfile"), accepted("2"));
    }
}

#[test]
fn ws_29_the_variables_of_2_1_mirror_the_profiles() {
    let mut bench = bench(Version::V21, 1);
    let own = json!({"identity": "CS-2", "basicAuthPassword": "that of the second slot"});
    assert_eq!(status_and_reason(&set_profile(&mut bench, 2, "ws://new.example.com", 1, own)), accepted(""));
    for (name, value) in [
        ("OcppCsmsUrl", "ws://new.example.com"),
        ("OcppVersion", "OCPP20"),
        ("OcppTransport", "JSON"),
        ("OcppInterface", "Wired0"),
        ("MessageTimeout", "40"),
        ("SecurityProfile", "1"),
        ("Identity", "CS-2"),
        ("VpnEnabled", "false"),
        ("ApnEnabled", "false"),
    ] {
        assert_eq!(get(&mut bench, slot("2"), name), accepted(value), "{name}");
    }
    assert_eq!(get(&mut bench, slot("2"), "BasicAuthPassword").0, "Rejected");
    assert_eq!(get(&mut bench, slot("9"), "OcppCsmsUrl").0, "UnknownComponent");
    assert_eq!(get(&mut bench, json!({"name": "NetworkConfiguration"}), "OcppCsmsUrl").0, "UnknownComponent");
    assert_eq!(get(&mut bench, slot("2"), "Colour").0, "UnknownVariable");
    assert_eq!(set(&mut bench, slot("2"), "OcppCsmsUrl", "ws://newer.example.com"), accepted(""));
    assert_eq!(get(&mut bench, slot("2"), "OcppCsmsUrl"), accepted("ws://newer.example.com"));
    let rejected = |reason: &str| ("Rejected".to_owned(), reason.to_owned());
    assert_eq!(set(&mut bench, slot("1"), "OcppCsmsUrl", "ws://x.example.com"), rejected("ActiveNetworkConf"));
    assert_eq!(set(&mut bench, slot("2"), "OcppCsmsUrl", "x"), rejected("InvalidNetworkConf"));
    assert_eq!(set(&mut bench, slot("2"), "SecurityProfile", "0"), rejected("NoSecurityDowngrade"));
    assert_eq!(set(&mut bench, slot("2"), "VpnEnabled", "true"), rejected("ReadOnly"));
    assert_eq!(set(&mut bench, slot("9"), "OcppCsmsUrl", "ws://x.example.com").0, "UnknownComponent");
    assert_eq!(set(&mut bench, slot("2"), "Colour", "red").0, "UnknownVariable");
    let bench = bench.power_cut();
    assert_eq!(bench.charger.network().variable(2, "OcppCsmsUrl"), Ok(Some("ws://newer.example.com".to_owned())));

    let mut bench = self::bench(Version::V201, 1);
    assert_eq!(get(&mut bench, slot("1"), "OcppCsmsUrl").0, "UnknownComponent", "2.0.1 has no such component");
}

#[test]
fn ws_29_the_password_and_the_identity_of_the_station_replace_those_of_the_active_slot() {
    let mut bench = bench(Version::V21, 1);
    let own = json!({"identity": "CS-2", "basicAuthPassword": "that of the second slot"});
    set_profile(&mut bench, 2, "ws://new.example.com", 1, own);
    assert_eq!(set(&mut bench, comm(), "NetworkConfigurationPriority", "2,1"), accepted(""));
    let mut bench = reboot(bench);
    dial(&mut bench, CloseReason::Restart, &[2]);
    bench.settle();
    assert_eq!(get(&mut bench, security(), "Identity"), accepted("CS-2"), "B09.FR.28");
    assert_eq!(set(&mut bench, security(), "BasicAuthPassword", "that of the whole station"), accepted(""));
    assert_eq!(set(&mut bench, security(), "Identity", "CS-9").0, "RebootRequired");
    assert_eq!(
        set(&mut bench, security(), "Identity", "a:b"),
        ("Rejected".to_owned(), "InvalidNetworkConf".to_owned())
    );
    let network = bench.charger.network();
    assert_eq!(network.password(2), Some(&Password::text("that of the whole station")), "B09.FR.27");
    assert_eq!(network.identity(2), Some("CS-9"), "B09.FR.26");
}

#[test]
fn b09_a_message_timeout_of_the_profile_in_use_holds_for_its_calls() {
    let mut bench = bench(Version::V201, 1);
    set_profile(&mut bench, 2, "ws://new.example.com", 1, json!({"messageTimeout": 7}));
    assert_eq!(set(&mut bench, comm(), "NetworkConfigurationPriority", "2,1"), accepted(""));
    let mut bench = reboot(bench);
    dial(&mut bench, CloseReason::Restart, &[2]);
    assert_eq!(names(&bench.sent()), ["BootNotification"]);
    let expiry = ocpp_rpc::Machine::poll_timeout(&bench.charger).expect("an answer is awaited");
    assert_eq!(expiry, bench.now + Duration::from_secs(7));
}

#[test]
fn ws_11_ws_12_tls_failures_are_told_once_per_row_of_them_at_the_next_connection() {
    let kinds = |version| {
        let certificate =
            if version == Version::V16 { "InvalidCentralSystemCertificate" } else { "InvalidCsmsCertificate" };
        ["InvalidTLSVersion", "InvalidTLSCipherSuite", certificate]
    };
    for version in Version::ALL {
        let mut bench = Bench::reporting(version);
        for _ in 0..5 {
            for failure in [TlsFailure::Version, TlsFailure::CipherSuite, TlsFailure::CsmsCertificate] {
                bench.charger.tls_failed(bench.now, failure);
            }
        }
        assert_eq!(bench.sent(), [], "there is no link");
        // they wait in the store
        let mut bench = bench.power_cut();
        bench.connect();
        let sent = bench.settle();
        let told: Vec<_> = sent
            .iter()
            .filter(|sent| sent.name == "SecurityEventNotification")
            .map(|sent| text(&sent.payload["type"]))
            .filter(|kind| kind.starts_with("Invalid"))
            .collect();
        assert_eq!(told, kinds(version), "{version}");
        assert_eq!(sent[0].name, "BootNotification", "BOOT-02");
        // the next row of failures is told again
        bench.disconnect();
        bench.charger.tls_failed(bench.now, TlsFailure::CsmsCertificate);
        bench.charger.tls_failed(bench.now, TlsFailure::CsmsCertificate);
        bench.connect();
        let sent = bench.settle();
        let events: Vec<_> = sent.iter().filter(|sent| sent.name == "SecurityEventNotification").collect();
        assert_eq!(events.len(), 1);
        assert_eq!(text(&events[0].payload["type"]), kinds(version)[2]);
    }
}

#[test]
fn ws_12_a_1_6_station_that_tells_no_boots_tells_this_all_the_same() {
    let mut bench = Bench::online(Version::V16);
    bench.disconnect();
    bench.charger.tls_failed(bench.now, TlsFailure::CsmsCertificate);
    bench.connect();
    let sent = bench.settle();
    assert_eq!(names(&sent), ["SecurityEventNotification"]);
    assert_eq!(sent[0].payload["type"], "InvalidCentralSystemCertificate");
}
