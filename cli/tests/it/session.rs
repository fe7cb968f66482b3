//! A station and a CSMS, each a process of its own, through whole sessions.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::process::{Csms, Process};
use crate::run;

const VERSIONS: [&str; 3] = ["1.6", "2.0.1", "2.1"];
const PASSWORD: &str = "a-password-of-16";

/// A folder that is gone after the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_owned()
    }

    /// Writes the file of stations and that of the password.
    fn enrol(&self, stations: &[&str]) -> (String, String) {
        let stations: Vec<Value> =
            stations.iter().map(|id| json!({ "identity": id, "password": PASSWORD, "profile": 1 })).collect();
        let (list, password) = (self.path("stations.json"), self.path("password"));
        fs::write(&list, json!({ "stations": stations }).to_string()).expect("a file");
        fs::write(&password, format!("{PASSWORD}\n")).expect("a file");
        (list, password)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn station(csms: &Csms, id: &str, version: &str, more: &[&str]) -> Process {
    let fixed = ["station", "--url", &csms.url, "--id", id, "--ocpp", version, "--retry", "0.1", "--json"];
    Process::start(&[&fixed, more].concat())
}

fn is_complete(record: &Value) -> bool {
    record["status"] == "Complete"
}

#[test]
fn a_whole_transaction_in_each_version() {
    let folder = Folder::new("whole");
    for version in VERSIONS {
        let (list, password) = folder.enrol(&["CS-1"]);
        let csms = Csms::start(&["--stations", &list]);
        let mut station = station(&csms, "CS-1", version, &["--password-file", &password]);
        for line in ["settle", "plug_in 1", "swipe 1 04A1B2C3", "settle", "meter 1 5.5", "meter 1 0.25"] {
            station.tell(line);
        }
        for line in ["swipe 1 04A1B2C3", "plug_out 1", "settle", "stop"] {
            station.tell(line);
        }
        let record = csms.await_record("CS-1", "a complete session", is_complete);
        assert_eq!(record["energy_wh"], 5750, "{version}: {record}");
        assert_eq!(record["anomalies"], json!([]), "{version}");
        assert_eq!(record["start_token"]["id"], "04A1B2C3", "{version}");
        assert_eq!(station.end(), Some(0), "{version}");
    }
}

#[test]
fn a_blocked_token_does_not_charge() {
    for version in VERSIONS {
        let csms = Csms::start(&["--allow-any"]);
        let (status, _) = csms.ask("PUT", "/id-tags/04BADBAD", r#"{"status":"Blocked"}"#);
        assert_eq!(status, 200);
        assert_eq!(csms.ask("GET", "/id-tags", "").1, json!({ "04BADBAD": "Blocked" }));
        let mut station = station(&csms, "CS-1", version, &[]);
        for line in ["settle", "plug_in 1", "swipe 1 04BADBAD"] {
            station.tell(line);
        }
        let refused = station.expect_event("refused");
        assert_eq!(refused["token"], "04BADBAD", "{version}");
        assert_eq!(csms.ask("GET", "/transactions", "").1, json!([]), "{version}");
    }
}

#[test]
fn nothing_is_lost_when_the_power_fails_in_the_middle_of_a_transaction() {
    let folder = Folder::new("power");
    for version in VERSIONS {
        let csms = Csms::start(&["--allow-any"]);
        let store = folder.path(&format!("store-{version}"));
        let mut first = station(&csms, "CS-1", version, &["--store", &store]);
        for line in ["settle", "plug_in 1", "swipe 1 04A1B2C3", "settle", "meter 1 4", "settle"] {
            first.tell(line);
        }
        csms.await_record("CS-1", "an open session", |record| {
            record["status"] == "Open" && record["energy_wh"] == 4000
        });
        // what is said offline waits in the store
        first.tell("disconnect");
        first.expect_event("disconnected");
        first.tell("meter 1 2");
        first.tell("status");
        let status = first.expect_event("status");
        assert_eq!(status["outlets"][0]["register_wh"], 6000, "{version}: {status}");
        first.kill();

        let second = station(&csms, "CS-1", version, &["--store", &store]);
        let record = csms.await_record("CS-1", "the end of the session", is_complete);
        assert_eq!(record["energy_wh"], 6000, "{version}: {record}");
        assert_eq!(csms.ask("GET", "/transactions", "").1.as_array().map(Vec::len), Some(1), "{version}");
        drop(second);
    }
}

#[test]
fn a_lost_connection_loses_nothing_of_a_transaction() {
    for version in VERSIONS {
        let csms = Csms::start(&["--allow-any"]);
        let mut station = station(&csms, "CS-1", version, &[]);
        for line in ["settle", "plug_in 2", "swipe 2 04A1B2C3", "settle", "meter 2 1"] {
            station.tell(line);
        }
        let is_open = |record: &Value| record["status"] == "Open";
        csms.await_record("CS-1", "an open session", is_open);
        assert_eq!(csms.ask("DELETE", "/stations/CS-1", ""), (200, json!({})));
        station.expect_event("disconnected");
        for line in ["meter 2 1.5", "swipe 2 04A1B2C3", "plug_out 2"] {
            station.tell(line);
        }
        let record = csms.await_record("CS-1", "the end of the session", is_complete);
        assert_eq!(record["energy_wh"], 2500, "{version}: {record}");
        assert_eq!(record["anomalies"], json!([]), "{version}");
    }
}

#[test]
fn a_csms_starts_and_stops_a_session() {
    for version in VERSIONS {
        let csms = Csms::start(&["--allow-any"]);
        let mut station = station(&csms, "CS-1", version, &[]);
        station.tell("settle");
        station.tell("plug_in 1");
        station.expect_event("online");
        let (start, stop, payload) = match version {
            "1.6" => ("RemoteStartTransaction", "RemoteStopTransaction", json!({ "connectorId": 1, "idTag": "APP" })),
            _ => {
                let token = json!({ "idToken": "APP", "type": "Central" });
                let payload = json!({ "evseId": 1, "remoteStartId": 5, "idToken": token });
                ("RequestStartTransaction", "RequestStopTransaction", payload)
            }
        };
        let end = csms.call("CS-1", start, &payload);
        assert_eq!(end["answer"]["status"], "Accepted", "{version}: {end}");
        let open = csms.await_record("CS-1", "an open session", |record| record["status"] == "Open");
        station.tell("meter 1 3");
        csms.await_record("CS-1", "the reading", |record| record["energy_wh"] == 3000);
        let end = csms.call("CS-1", stop, &json!({ "transactionId": open["transaction_id"] }));
        assert_eq!(end["answer"]["status"], "Accepted", "{version}: {end}");
        let record = csms.await_record("CS-1", "a complete session", is_complete);
        assert_eq!(record["energy_wh"], 3000, "{version}: {record}");
        assert_eq!(record["stop_reason"], "Remote", "{version}");
    }
}

#[test]
fn a_call_ends_with_an_answer_an_error_or_a_failure() {
    let csms = Csms::start(&["--allow-any"]);
    let mut station = station(&csms, "CS-1", "2.0.1", &[]);
    station.expect_event("online");
    let end = csms.call("CS-1", "ClearCache", &json!({}));
    assert_eq!(end["answer"]["status"], "Accepted", "{end}");
    let end = csms.call("CS-1", "GetDisplayMessages", &json!({ "requestId": 1 }));
    assert_eq!(end["error"]["code"], "NotSupported", "{end}");
    // what breaks the specification is not sent
    let end = csms.call("CS-1", "Reset", &json!({ "type": "Sideways" }));
    assert_eq!(end["failure"], "invalid", "{end}");
    assert!(end["message"].as_str().is_some_and(|why| why.contains("/type")), "{end}");
    let end = csms.call("CS-1", "BootNotification", &json!({}));
    assert_eq!(end["failure"], "invalid", "{end}");
    assert_eq!(csms.call("CS-2", "ClearCache", &json!({})), json!({ "failure": "offline" }));
    drop(station);
    csms.wait_for("/stations", "the station is gone", |stations| (stations == &json!([])).then_some(Value::Null));
    assert_eq!(csms.call("CS-1", "ClearCache", &json!({})), json!({ "failure": "offline" }));
}

#[test]
fn a_wrong_password_is_turned_away_and_the_right_one_is_not() {
    let folder = Folder::new("password");
    let (list, password) = folder.enrol(&["CS-1"]);
    let wrong = folder.path("wrong");
    fs::write(&wrong, "another-password").expect("a file");
    let mut csms = Csms::start(&["--stations", &list]);
    let mut refused = station(&csms, "CS-1", "2.0.1", &["--password-file", &wrong]);
    let why = refused.expect_event("not_connected");
    assert!(why["why"].as_str().is_some_and(|why| why.contains("401")), "{why}");
    let away = csms.process.expect_event("turned_away");
    assert_eq!((&away["station"], &away["why"]), (&json!("CS-1"), &json!("wrong password")));
    drop(refused);
    let mut stranger = station(&csms, "CS-2", "2.0.1", &["--password-file", &password]);
    let why = stranger.expect_event("not_connected");
    assert!(why["why"].as_str().is_some_and(|why| why.contains("404")), "{why}");
    drop(stranger);
    let mut admitted = station(&csms, "CS-1", "2.0.1", &["--password-file", &password]);
    admitted.expect_event("online");
}

#[test]
fn a_station_restarts_when_it_is_told_to() {
    for version in VERSIONS {
        let csms = Csms::start(&["--allow-any"]);
        let mut station = station(&csms, "CS-1", version, &[]);
        station.expect_event("online");
        let kind = if version == "1.6" { "Soft" } else { "Immediate" };
        let end = csms.call("CS-1", "Reset", &json!({ "type": kind }));
        assert_eq!(end["answer"]["status"], "Accepted", "{version}: {end}");
        station.expect_event("restart");
        station.expect_event("disconnected");
        let registration = station.expect("another boot", |event| event["event"] == "registration");
        assert_eq!(registration["state"], "accepted", "{version}");
        station.expect_event("online");
    }
}

#[test]
fn a_new_password_is_the_only_one_from_its_first_use_on_a_09() {
    let folder = Folder::new("new-password");
    for version in VERSIONS {
        let (list, password) = folder.enrol(&["CS-1"]);
        let csms = Csms::start(&["--stations", &list]);
        let mut first = station(&csms, "CS-1", version, &["--password-file", &password]);
        first.expect_event("online");
        let new = "00112233445566778899AABBCCDDEEFF00112233";
        let (action, payload) = match version {
            "1.6" => ("ChangeConfiguration", json!({ "key": "AuthorizationKey", "value": new })),
            _ => {
                let component = json!({ "name": "SecurityCtrlr" });
                let variable = json!({ "name": "BasicAuthPassword" });
                let set = json!({ "component": component, "variable": variable, "attributeValue": new });
                ("SetVariables", json!({ "setVariableData": [set] }))
            }
        };
        let end = csms.call("CS-1", action, &payload);
        assert!(end["answer"].to_string().contains("Accepted"), "{version}: {end}");
        first.expect_event("credentials");
        first.expect_event("disconnected");
        first.expect_event("online");
        let mut late = station(&csms, "CS-1", version, &["--password-file", &password]);
        let why = late.expect_event("not_connected");
        assert!(why["why"].as_str().is_some_and(|why| why.contains("401")), "{version}: {why}");
    }
}

#[test]
fn security_profiles_2_and_3_in_each_version() {
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

    let folder = Folder::new("tls");
    let write = |name: &str, text: &str| {
        fs::write(folder.path(name), text).expect("a file");
        folder.path(name)
    };
    let root_key = KeyPair::generate().expect("a key");
    let mut root = CertificateParams::new(Vec::new()).expect("parameters");
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_pem = write("root", &root.self_signed(&root_key).expect("a certificate").pem());
    let root = Issuer::new(root, root_key);
    let issue = |name: &str, common_name: &str, hosts: Vec<String>| {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(hosts).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, common_name);
        let certificate = params.signed_by(&key, &root).expect("a certificate");
        (write(name, &certificate.pem()), write(&format!("{name}-key"), &key.serialize_pem()))
    };
    let (certificate, key) = issue("csms", "csms", vec!["127.0.0.1".into()]);
    let (own, own_key) = issue("station", "CS-3", Vec::new());
    let stations = json!({ "stations": [
        { "identity": "CS-2", "password": PASSWORD, "profile": 2 },
        { "identity": "CS-3", "profile": 3, "common_name": "CS-3" },
        { "identity": "CS-4", "profile": 3, "common_name": "CS-4" },
    ]});
    let (list, password) = (write("stations.json", &stations.to_string()), write("password", PASSWORD));
    let tls = ["--certificate", &certificate, "--key", &key, "--station-root", &root_pem];
    let csms = Csms::start(&[&["--stations", &list], &tls[..]].concat());
    assert!(csms.url.starts_with("wss://"));
    let trust = ["--csms-root", root_pem.as_str()];
    let show = ["--certificate", own.as_str(), "--key", own_key.as_str()];
    for version in VERSIONS {
        let mut second = station(&csms, "CS-2", version, &[&trust[..], &["--password-file", &password]].concat());
        second.expect_event("online");
        let mut third = station(&csms, "CS-3", version, &[&trust[..], &show].concat());
        third.expect_event("online");
        // B17: the certificate of another station
        let mut fourth = station(&csms, "CS-4", version, &[&trust[..], &show].concat());
        let why = fourth.expect_event("not_connected");
        assert!(why["why"].as_str().is_some_and(|why| why.contains("401")), "{version}: {why}");
        // a CSMS that nobody vouches for
        let mut distrustful = station(&csms, "CS-2", version, &["--csms-root", &own]);
        let why = distrustful.expect_event("not_connected");
        assert!(why["why"].as_str().is_some_and(|why| why.contains("tls")), "{version}: {why}");
    }
}

#[test]
fn the_newer_of_two_stations_with_one_identity_stays_b18() {
    let mut csms = Csms::start(&["--allow-any"]);
    let mut older = station(&csms, "CS-1", "1.6", &[]);
    older.expect_event("online");
    // so that the older one does not come back at once
    let mut newer = station(&csms, "CS-1", "1.6", &[]);
    newer.expect_event("online");
    older.expect_event("disconnected");
    older.tell("disconnect");
    csms.process.expect_event("connected");
    let stations = csms.wait_for("/stations", "one station", |stations| Some(stations.clone()));
    assert_eq!(stations.as_array().map(Vec::len), Some(1), "{stations}");
}

#[test]
fn a_station_that_is_kept_waiting_waits_boot_02() {
    let csms = Csms::start(&["--allow-any"]);
    let order = r#"{"status":"Pending","interval":1}"#;
    assert_eq!(csms.ask("PUT", "/stations/CS-1/registration", order).0, 200);
    let mut station = station(&csms, "CS-1", "2.0.1", &[]);
    let pending = station.expect_event("registration");
    assert_eq!(pending["state"], "pending");
    // set up while it waits
    let get = json!({ "getVariableData": [{ "component": { "name": "OCPPCommCtrlr" }, "variable": { "name": "HeartbeatInterval" } }] });
    let end = csms.call("CS-1", "GetVariables", &get);
    assert!(end["answer"]["getVariableResult"].is_array(), "{end}");
    assert_eq!(csms.ask("PUT", "/stations/CS-1/registration", r#"{"status":"Accepted"}"#).0, 200);
    station.expect_event("online");
}

#[test]
fn a_capture_of_a_session_replays_without_a_difference() {
    let folder = Folder::new("capture");
    for version in VERSIONS {
        let capture = folder.path(&format!("{version}.jsonl"));
        let csms = Csms::start(&["--allow-any", "--capture", &capture]);
        let mut station = station(&csms, "CS-1", version, &[]);
        for line in ["settle", "plug_in 1", "swipe 1 04A1B2C3", "settle", "meter 1 2", "swipe 1 04A1B2C3", "settle"] {
            station.tell(line);
        }
        csms.await_record("CS-1", "a complete session", is_complete);
        // D26: a secret is in no capture
        let secret = "0123456789ABCDEF0123";
        let (action, payload) = match version {
            "1.6" => ("ChangeConfiguration", json!({ "key": "AuthorizationKey", "value": secret })),
            _ => {
                let variable = json!({ "component": { "name": "SecurityCtrlr" }, "variable": { "name": "BasicAuthPassword" }, "attributeValue": secret });
                ("SetVariables", json!({ "setVariableData": [variable] }))
            }
        };
        let end = csms.call("CS-1", action, &payload);
        assert!(end["answer"].is_object(), "{version}: {end}");
        drop((station, csms));
        let text = fs::read_to_string(&capture).expect("a capture");
        assert!(!text.contains(secret) && text.contains("***"), "{version}: {text}");

        let replayed = run(&["replay", &capture], "");
        assert_eq!((replayed.status, replayed.err.as_str()), (0, ""), "{version}: {}", replayed.out);
        // and what is changed in it is found
        let damaged = text.replace(r#"\"BootNotification\",{"#, r#"\"BootNotification\",{\"more\":1,"#);
        let replayed = run(&["replay", "--json"], damaged);
        assert_eq!(replayed.status, 1, "{version}: {}", replayed.out);
        assert_eq!(replayed.json()[0]["about"], "BootNotification", "{version}: {}", replayed.out);
    }
}

#[test]
fn the_control_interface_is_for_scripts_on_this_machine() {
    let csms = Csms::start(&["--allow-any"]);
    assert_eq!(csms.ask("GET", "/stations", ""), (200, json!([])));
    assert_eq!(csms.ask_with("GET", "/stations", "", "Origin: https://example.com\r\n").0, 403);
    assert_eq!(csms.ask_with("GET", "/stations", "", "Host: example.com\r\n").0, 403);
    assert_eq!(csms.ask("GET", "/nothing", "").0, 404);
    assert_eq!(csms.ask("POST", "/stations/CS-1/call", "{").0, 400);
    assert_eq!(csms.ask("PUT", "/id-tags/A", r#"{"status":"Perhaps"}"#).0, 400);
    assert_eq!(csms.ask("DELETE", "/stations/CS-1", "").0, 404);
    for arguments in [
        &["csms", "--listen", "127.0.0.1:0"][..],
        &["csms", "--listen", "127.0.0.1:0", "--allow-any", "--control", "0.0.0.0:0"],
        &["station", "--url", "ws://127.0.0.1:1", "--id", "a:b", "--ocpp", "2.1"],
    ] {
        let run = run(arguments, "");
        assert_eq!(run.status, 2, "{arguments:?}: {}", run.err);
    }
}

#[test]
fn a_fleet_charges_and_reports() {
    let csms = Csms::start(&["--allow-any"]);
    let fleet = |more: &[&str]| {
        let fixed = ["fleet", "--url", &csms.url, "--stations", "30", "--duration", "1", "--json"];
        let run = run(&[&fixed, more].concat(), "");
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{more:?}: {}", run.out);
        run.json().remove(0)
    };
    let report = fleet(&["--seed", "7"]);
    assert_eq!((&report["fewest_online"], &report["refused_calls"]), (&json!(30), &json!(0)), "{report}");
    assert!(report["calls"].as_u64() >= Some(30 * 3), "{report}");
    let report = fleet(&["--storm", "--idle"]);
    assert_eq!((&report["connections"], &report["lost"]), (&json!(60), &json!(0)), "{report}");
    assert!(report["storm_seconds"].is_string(), "{report}");
    let report = fleet(&["--churn", "200"]);
    assert_eq!(report["connections"], 200, "{report}");
}

#[test]
fn the_demo_goes_well() {
    let run = run(&["demo"], "");
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.out);
    for line in ["depot", "harbour", "market", "17.250", "30.700", "37.500", "○ connection gone"] {
        assert!(run.out.contains(line), "no {line} in {}", run.out);
    }
    assert!(!run.out.contains('\u{1b}'), "colours are for terminals");
    let longest = run.out.lines().map(|line| line.chars().count()).max();
    assert!(longest <= Some(130), "{longest:?}");
    assert_eq!(run.out.matches("Total: ").count(), 3);
}

#[test]
fn the_demo_shows_whole_cdrs_on_request() {
    let run = run(&["demo", "--cdrs"], "");
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.out);
    let cdrs: Vec<Value> =
        run.out.lines().filter_map(|line| serde_json::from_str(line.trim()).ok()).filter(Value::is_object).collect();
    let totals: Vec<String> = cdrs.iter().map(|cdr| cdr["total_cost"]["excl_vat"].to_string()).collect();
    assert_eq!(totals, ["5.517", "9.403", "11.375"]);
}

#[test]
fn a_station_moves_to_another_csms_and_stays_there_over_a_restart() {
    let folder = Folder::new("moves");
    for version in ["2.0.1", "2.1"] {
        let (list, password) = folder.enrol(&["CS-1"]);
        let (old, new) = (Csms::start(&["--stations", &list]), Csms::start(&["--stations", &list]));
        let store = folder.path(&format!("store-{version}"));
        let arguments = ["--password-file", &password, "--store", &store];
        let mut first = station(&old, "CS-1", version, &arguments);
        first.tell("settle");
        first.expect_event("online");
        let profile = |url: &str| {
            json!({ "configurationSlot": 2, "connectionData": {
                "ocppVersion": "OCPP20", "ocppTransport": "JSON", "ocppCsmsUrl": url, "messageTimeout": 30,
                "securityProfile": 1, "ocppInterface": "Wired0",
            }})
        };
        let refused = old.call("CS-1", "SetNetworkProfile", &profile("https://csms.example.com"));
        assert_eq!(refused["answer"]["status"], "Rejected", "{version}: {refused}");
        let answer = old.call("CS-1", "SetNetworkProfile", &profile(&new.url));
        assert_eq!(answer["answer"]["status"], "Accepted", "{version}: {answer}");
        let priority = json!({ "setVariableData": [{
            "component": { "name": "OCPPCommCtrlr" }, "variable": { "name": "NetworkConfigurationPriority" },
            "attributeValue": "2,1",
        }]});
        let answer = old.call("CS-1", "SetVariables", &priority);
        assert_eq!(answer["answer"]["setVariableResult"][0]["attributeStatus"], "Accepted", "{version}: {answer}");
        let answer = old.call("CS-1", "Reset", &json!({ "type": "OnIdle" }));
        assert_eq!(answer["answer"]["status"], "Accepted", "{version}: {answer}");
        let active = json!({ "getVariableData": [{
            "component": { "name": "OCPPCommCtrlr" }, "variable": { "name": "ActiveNetworkProfile" },
        }]});
        let is_here = |stations: &Value| {
            let online = stations.as_array()?.iter().any(|station| station["registration"] == "Accepted");
            online.then(|| stations.clone())
        };
        new.wait_for("/stations", "the station at the new CSMS", is_here);
        let answer = new.call("CS-1", "GetVariables", &active);
        assert_eq!(answer["answer"]["getVariableResult"][0]["attributeValue"], "2", "{version}: {answer}");
        first.kill();
        // its owner still says the old address, as before
        let mut second = station(&old, "CS-1", version, &arguments);
        second.tell("settle");
        second.expect_event("online");
        let answer = new.call("CS-1", "GetVariables", &active);
        assert_eq!(answer["answer"]["getVariableResult"][0]["attributeValue"], "2", "{version}: {answer}");
    }
}

/// Rule TX2-14 and its like in 1.6: a broken outlet gives no energy, and says so when it can.
#[test]
fn a_fault_ends_the_session_and_is_told_even_if_it_happened_offline() {
    for version in VERSIONS {
        let csms = Csms::start(&["--allow-any"]);
        let mut station = station(&csms, "CS-1", version, &[]);
        for line in ["settle", "plug_in 1", "swipe 1 04A1B2C3", "settle", "meter 1 2", "settle", "disconnect"] {
            station.tell(line);
        }
        station.expect_event("disconnected");
        station.tell("fault 1 GroundFailure");
        station.tell("status");
        assert_eq!(station.expect_event("status")["outlets"][0]["status"], "faulted", "{version}");
        station.tell("swipe 1 04A1B2C3");
        assert_eq!(station.expect_event("error")["command"], "swipe 1 04A1B2C3", "{version}");
        station.tell("connect");
        let record = csms.await_record("CS-1", "the end of the session", is_complete);
        assert_eq!(record["energy_wh"], 2000, "{version}: {record}");
        let told = station
            .expect("the fault", |seen| seen["text"].as_str().is_some_and(|text| text.contains(r#"tatus":"Faulted""#)));
        let code = told["text"].as_str().is_some_and(|text| text.contains(r#""errorCode":"GroundFailure""#));
        assert_eq!(code, version == "1.6", "{told}");
        for line in ["fault 1 NoError", "settle", "status"] {
            station.tell(line);
        }
        let repaired = station.expect_event("status");
        assert_ne!(repaired["outlets"][0]["status"], "faulted", "{version}: {repaired}");
    }
}
