//! What a station has to refuse is not sent: rule CS-29, field need 28, fault row D22; rows SC-02 to SC-26 as far as a CSMS
//! can know.

use std::sync::Arc;

use ocpp_rpc::{Input, Machine, MessageIds, Transmit};
use ocpp_server::preflight::{Capabilities, Facts, Preflight, check_text};
use ocpp_server::{
    Admission, CommandFailure, CommandOptions, CommandRefused, HandOver, KnownRegistration, SecurityProfile,
    StationConnection, StationEvent, StationRules, StationState, WhenOffline,
};
use ocpp_types::{Version, v16};
use proptest::prelude::*;

use crate::at;

const V2X: [Version; 2] = [Version::V201, Version::V21];

/// A profile of 2.x: these members beside those of a good one, which they replace.
fn profile(changes: &str) -> String {
    let mut value = json(
        r#"{"id":7,"stackLevel":0,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative","transactionId":"t1",
            "chargingSchedule":[{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]}]}"#,
    );
    merge(&mut value, changes);
    format!(r#"{{"evseId":1,"chargingProfile":{value}}}"#)
}

/// The same of 1.6.
fn profile16(connector: i64, changes: &str) -> String {
    let mut value = json(
        r#"{"chargingProfileId":7,"stackLevel":0,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative",
            "chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]}}"#,
    );
    merge(&mut value, changes);
    format!(r#"{{"connectorId":{connector},"csChargingProfiles":{value}}}"#)
}

fn schedule(members: &str) -> String {
    format!(r#"{{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{{"startPeriod":0,"limit":16}}]{members}}}"#)
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("JSON")
}

fn merge(value: &mut serde_json::Value, changes: &str) {
    let serde_json::Value::Object(changes) = json(changes) else { panic!("an object") };
    for (member, change) in changes {
        match change {
            serde_json::Value::Null => drop(value.as_object_mut().expect("an object").remove(&member)),
            change => value[member] = change,
        }
    }
}

/// Clauses and pointers of what speaks against a request.
fn objections(version: Version, action: &str, payload: &str, facts: &Facts<'_>) -> Vec<(&'static str, String)> {
    match check_text(version, action, payload, facts) {
        Ok(()) => Vec::new(),
        Err(objections) => objections.all().iter().map(|one| (one.clause, one.pointer.clone())).collect(),
    }
}

#[track_caller]
fn objects(version: Version, payload: &str, clause: &str, pointer: &str) {
    let found = objections(version, "SetChargingProfile", payload, &Facts::default());
    assert_eq!(found, [(clause, pointer.to_owned())].map(|(clause, pointer)| (clause, pointer)), "{version} {payload}");
}

#[test]
fn a_profile_in_order_has_no_objections() {
    for version in V2X {
        assert_eq!(objections(version, "SetChargingProfile", &profile("{}"), &Facts::default()), []);
        let daily = format!(
            r#"{{"chargingProfilePurpose":"TxDefaultProfile","transactionId":null,"chargingProfileKind":"Recurring",
                "recurrencyKind":"Daily","chargingSchedule":[{}]}}"#,
            schedule(r#","startSchedule":"2026-01-01T00:00:00Z""#)
        );
        assert_eq!(objections(version, "SetChargingProfile", &profile(&daily), &Facts::default()), []);
    }
    assert_eq!(objections(Version::V16, "SetChargingProfile", &profile16(1, "{}"), &Facts::default()), []);
}

#[test]
fn cs_29_what_2x_forbids_is_found_with_clause_and_place() {
    let at = |member: &str| format!("/chargingProfile/{member}");
    let in_schedule = |member: &str| format!("/chargingProfile/chargingSchedule/0/{member}");
    for version in V2X {
        objects(version, &profile(r#"{"transactionId":null}"#), "K01.FR.03", &at("transactionId"));
        let on_0 = profile("{}").replace("\"evseId\":1", "\"evseId\":0");
        objects(version, &on_0, "K01.FR.16", "/evseId");
        let external = r#"{"chargingProfilePurpose":"ChargingStationExternalConstraints","transactionId":null,"chargingProfileKind":"Absolute",
                "chargingSchedule":[{"id":1,"startSchedule":"2026-01-01T00:00:00Z","chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]}]}"#;
        objects(version, &profile(external), "K01.FR.22", &at("chargingProfilePurpose"));
        let maximum = profile(&external.replace("ExternalConstraints", "MaxProfile"));
        objects(version, &maximum, "K04.FR.03", "/evseId");
        let relative = r#"{"chargingProfilePurpose":"ChargingStationMaxProfile","transactionId":null}"#;
        let relative = profile(relative).replace("\"evseId\":1", "\"evseId\":0");
        objects(version, &relative, "K01.FR.38", &at("chargingProfileKind"));
        let default = r#"{"chargingProfilePurpose":"TxDefaultProfile"}"#;
        objects(version, &profile(default), "2.x ChargingProfileType", &at("transactionId"));
        objects(version, &profile(r#"{"chargingProfileKind":"Absolute"}"#), "K01.FR.40", &in_schedule("startSchedule"));
        let started = format!(r#"{{"chargingSchedule":[{}]}}"#, schedule(r#","startSchedule":"2026-01-01T00:00:00Z""#));
        objects(version, &profile(&started), "K01.FR.41", &in_schedule("startSchedule"));
        let recurring = format!(r#"{{"chargingProfileKind":"Recurring",{}"#, &started[1..]);
        objects(version, &profile(&recurring), "2.x ChargingProfileType", &at("recurrencyKind"));
        let over = r#"{"validFrom":"2026-01-02T00:00:00Z","validTo":"2026-01-01T00:00:00Z"}"#;
        objects(version, &profile(over), "K01.FR.37", &at("validTo"));
        for (periods, clause, member) in [
            (r#"{"startPeriod":10,"limit":16}"#, "K01.FR.31", "0/startPeriod"),
            (r#"{"startPeriod":0,"limit":16},{"startPeriod":0,"limit":8}"#, "K01.FR.35", "1/startPeriod"),
            (r#"{"startPeriod":0,"limit":16,"phaseToUse":2}"#, "K01.FR.19", "0/phaseToUse"),
            (r#"{"startPeriod":0,"limit":16,"phaseToUse":2,"numberPhases":3}"#, "K01.FR.19", "0/phaseToUse"),
        ] {
            let schedules = format!(
                r#"{{"chargingSchedule":[{{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{periods}]}}]}}"#
            );
            objects(version, &profile(&schedules), clause, &in_schedule(&format!("chargingSchedulePeriod/{member}")));
        }
        // without an EV that has told what it needs, a default profile has no choice to offer
        let two = format!(
            r#"{{"chargingProfilePurpose":"TxDefaultProfile","transactionId":null,"chargingSchedule":[{0},{0}]}}"#,
            schedule("")
        );
        objects(version, &profile(&two), "K01.FR.34", &at("chargingSchedule"));
    }
}

#[test]
fn cs_29_what_only_2_1_knows() {
    let at = |member: &str| format!("/chargingProfile/{member}");
    let version = Version::V21;
    objects(version, &profile(r#"{"dynUpdateInterval":10}"#), "K01.FR.122", &at("dynUpdateInterval"));
    let two = format!(
        r#"{{"chargingProfileKind":"Dynamic","chargingSchedule":[{}]}}"#,
        schedule("").replace(
            r#"[{"startPeriod":0,"limit":16}]"#,
            r#"[{"startPeriod":0,"limit":16},{"startPeriod":9,"limit":8}]"#,
        )
    );
    objects(version, &profile(&two), "K28.FR.01", &at("chargingSchedule"));
    let priority = |members: &str| {
        let schedule = schedule(members);
        format!(
            r#"{{"chargingProfilePurpose":"PriorityCharging","transactionId":null,"chargingSchedule":[{schedule}]}}"#
        )
    };
    objects(version, &profile(&priority(r#","duration":60"#)), "K01.FR.70", &at("chargingSchedule/0/duration"));
    let delayed = profile(&priority(r#","randomizedDelay":60"#));
    objects(version, &delayed, "K01.FR.95", &at("chargingSchedule/0/randomizedDelay"));
    let idle = profile(&priority("")).replace(r#""limit":16.0"#, r#""limit":16"#);
    let idle = idle.replace(r#""limit":16"#, r#""limit":16,"operationMode":"Idle""#);
    objects(version, &idle, "K01.FR.71", &at("chargingSchedule/0/chargingSchedulePeriod/0/operationMode"));
}

#[test]
fn cs_29_what_1_6_forbids() {
    let at = |member: &str| format!("/csChargingProfiles/{member}");
    let version = Version::V16;
    objects(version, &profile16(0, "{}"), "1.6 §3.13.1", "/connectorId");
    let maximum = r#"{"chargingProfilePurpose":"ChargePointMaxProfile"}"#;
    objects(version, &profile16(1, maximum), "1.6 §3.13.1", "/connectorId");
    let default = r#"{"chargingProfilePurpose":"TxDefaultProfile","transactionId":4}"#;
    objects(version, &profile16(1, default), "1.6 §7.8", &at("transactionId"));
    let recurring = r#"{"chargingProfileKind":"Recurring","chargingSchedule":{"startSchedule":"2026-01-01T00:00:00Z","chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]}}"#;
    objects(version, &profile16(1, recurring), "1.6 errata §3.56", &at("recurrencyKind"));
    let late =
        r#"{"chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":5,"limit":16}]}}"#;
    objects(version, &profile16(1, late), "1.6 §5.16.4", &at("chargingSchedule/chargingSchedulePeriod/0/startPeriod"));
    let none = r#"{"chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[]}}"#;
    objects(version, &profile16(1, none), "1.6 §7.13", &at("chargingSchedule/chargingSchedulePeriod"));
}

#[test]
fn cs_29_remote_starts_take_a_profile_for_no_transaction_yet() {
    let facts = Facts::default();
    let request = |profile: &str| {
        format!(
            r#"{{"idToken":{{"idToken":"a","type":"Central"}},"remoteStartId":1,"evseId":1,"chargingProfile":{profile}}}"#
        )
    };
    let inner = |changes: &str| json(&profile(changes))["chargingProfile"].to_string();
    let check = |payload: &str| objections(Version::V201, "RequestStartTransaction", payload, &facts);
    assert_eq!(check(&request(&inner(r#"{"transactionId":null}"#))), []);
    let expected = [("F01.FR.11", "/chargingProfile/transactionId".to_owned())];
    assert_eq!(check(&request(&inner("{}"))), expected);
    let default = r#"{"chargingProfilePurpose":"TxDefaultProfile","transactionId":null}"#;
    assert_eq!(check(&request(&inner(default))), [("F01.FR.09", "/chargingProfile/chargingProfilePurpose".to_owned())]);
    let start = r#"{"connectorId":0,"idTag":"a"}"#;
    let expected = [("1.6 §6.33", "/connectorId".to_owned())];
    assert_eq!(objections(Version::V16, "RemoteStartTransaction", start, &facts), expected);
}

#[test]
fn cs_29_local_lists_name_each_token_once_with_what_it_may() {
    let facts = Facts::default();
    let list = |version: i64, update: &str, entries: &str| {
        format!(r#"{{"versionNumber":{version},"updateType":"{update}","localAuthorizationList":[{entries}]}}"#)
    };
    let entry = |token: &str, info: &str| format!(r#"{{"idToken":{{"idToken":"{token}","type":"Central"}}{info}}}"#);
    let info = r#","idTokenInfo":{"status":"Accepted"}"#;
    let check = |payload: &str| objections(Version::V21, "SendLocalList", payload, &facts);
    let two = format!("{},{}", entry("a", info), entry("b", info));
    assert_eq!(check(&list(1, "Full", &two)), []);
    assert_eq!(check(&list(0, "Full", &two)), [("D01.FR.18", "/versionNumber".to_owned())]);
    let twice = format!("{},{}", entry("a", info), entry("A", info));
    assert_eq!(check(&list(1, "Full", &twice)), [("D01.FR.06", "/localAuthorizationList/1/idToken".to_owned())]);
    let bare = list(1, "Full", &entry("a", ""));
    assert_eq!(check(&bare), [("2.x AuthorizationData", "/localAuthorizationList/0/idTokenInfo".to_owned())]);
    assert_eq!(check(&list(1, "Differential", &entry("a", ""))), [], "which removes the token");

    let of_16 = |entries: &str| {
        let payload = format!(r#"{{"listVersion":0,"updateType":"Full","localAuthorizationList":[{entries}]}}"#);
        objections(Version::V16, "SendLocalList", &payload, &facts)
    };
    assert_eq!(of_16(""), [], "which clears it");
    let info = r#""idTagInfo":{"status":"Accepted"}"#;
    let twice = format!(r#"{{"idTag":"a",{info}}},{{"idTag":"b",{info}}},{{"idTag":"B",{info}}}"#);
    assert_eq!(of_16(&twice), [("1.6 §6.41", "/localAuthorizationList/2/idTag".to_owned())]);
    assert_eq!(of_16(r#"{"idTag":"a"}"#), [("1.6 §7.1", "/localAuthorizationList/0/idTagInfo".to_owned())]);
}

#[test]
fn sc_08_sc_09_what_a_station_cannot_do_is_not_asked_of_it() {
    let mut capabilities = Capabilities::default();
    (capabilities.max_stack_level, capabilities.max_periods) = (Some(3), Some(1));
    (capabilities.takes_watt, capabilities.takes_ampere) = (Some(true), Some(false));
    capabilities.phase_switching = Some(false);
    capabilities.max_external_constraints_id = Some(10);
    let facts = Facts::new(None, Some(&capabilities));
    let periods = r#"{"startPeriod":0,"limit":16,"numberPhases":1,"phaseToUse":1},{"startPeriod":9,"limit":8}"#;
    let changes = format!(
        r#"{{"stackLevel":4,"chargingSchedule":[{{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{periods}]}}]}}"#
    );
    let found = objections(Version::V21, "SetChargingProfile", &profile(&changes), &facts);
    let clauses: Vec<&str> = found.iter().map(|(clause, _)| *clause).collect();
    assert_eq!(clauses, ["ProfileStackLevel", "K01.FR.80", "K01.FR.26", "PeriodsPerSchedule", "K01.FR.20"]);
    assert_eq!(objections(Version::V21, "SetChargingProfile", &profile(r#"{"id":11}"#), &Facts::default()), []);
}

/// A conversation with an accepted station.
struct Talk(StationConnection, u32);

impl Talk {
    fn new(version: Version, preflight: Preflight) -> Self {
        Self::of(version, preflight, HandOver::default())
    }

    fn of(version: Version, preflight: Preflight, last: HandOver) -> Self {
        let mut rules = StationRules::default();
        rules.preflight = preflight;
        let mut admission = Admission::new(SecurityProfile::Password);
        admission.registration = KnownRegistration::Accepted;
        let mut station = StationConnection::resume(Arc::new(rules), MessageIds::new(1), &admission, last);
        station.handle_input(at(0), Input::LinkUp(version));
        station.handle_input(at(10), Input::Timeout);
        Self(station, 0)
    }

    fn command(&mut self, action: &str, payload: &str) -> Result<(), CommandRefused> {
        self.0.command_raw(at(10), action, payload, CommandOptions::default()).map(drop)
    }

    /// Sends a command, which the station answers with this status.
    #[track_caller]
    fn answered(&mut self, action: &str, payload: &str, status: &str) {
        self.command(action, payload).expect("it is taken");
        let Some(Transmit::Text(text)) = self.0.poll_transmit() else { panic!("nothing is sent") };
        let id = text.split('"').nth(1).expect("an id").to_owned();
        self.0.handle_input(at(10), Input::Text(&format!(r#"[3,"{id}",{{"status":"{status}"}}]"#)));
    }

    fn says(&mut self, action: &str, payload: &str) {
        self.1 += 1;
        self.0.handle_input(at(10), Input::Text(&format!(r#"[2,"s{}","{action}",{payload}]"#, self.1)));
    }

    #[track_caller]
    fn clause(&mut self, payload: &str) -> &'static str {
        match self.command("SetChargingProfile", payload) {
            Err(CommandRefused::Objection(objections)) => objections.first().clause,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn cs_29_a_tx_profile_without_transaction_is_a_local_error() {
    let mut talk = Talk::new(Version::V201, Preflight::default());
    assert_eq!(talk.clause(&profile(r#"{"transactionId":null}"#)), "K01.FR.03");
    assert!(talk.0.poll_transmit().is_none(), "nothing is sent");
    let request =
        ocpp_types::decode::<v16::SetChargingProfileRequest>(&profile16(0, "{}"), ocpp_types::DecodePolicy::Enforce);
    let refused = Talk::new(Version::V16, Preflight::default()).0.command(
        at(10),
        &request.expect("a request").value,
        CommandOptions::default(),
    );
    let Err(CommandRefused::Objection(objections)) = refused else { panic!("{refused:?}") };
    assert_eq!(objections.to_string(), "/connectorId: a TxProfile is for one EVSE (1.6 §3.13.1)");
}

#[test]
fn cs_29_the_check_is_switched_off_by_name_as_a_whole_or_clause_by_clause() {
    let payload = profile(r#"{"transactionId":null}"#);
    assert!(Talk::new(Version::V201, Preflight::SendAnything).command("SetChargingProfile", &payload).is_ok());
    let mut lenient = Talk::new(Version::V201, Preflight::Except(vec!["K01.FR.03"]));
    assert!(lenient.command("SetChargingProfile", &payload).is_ok());
    assert_eq!(lenient.clause(&payload.replace("\"evseId\":1", "\"evseId\":0")), "K01.FR.16");
}

#[test]
fn cs_29_no_two_profiles_of_a_purpose_share_a_level_on_the_station() {
    for version in V2X {
        let mut talk = Talk::new(version, Preflight::default());
        let default = |id: i64, more: &str| {
            profile(&format!(r#"{{"id":{id},"chargingProfilePurpose":"TxDefaultProfile","transactionId":null{more}}}"#))
        };
        let january = r#","validFrom":"2026-01-01T00:00:00Z","validTo":"2026-02-01T00:00:00Z""#;
        let february = r#","validFrom":"2026-02-01T00:00:00Z","validTo":"2026-03-01T00:00:00Z""#;
        talk.answered("SetChargingProfile", &default(1, january), "Rejected");
        talk.answered("SetChargingProfile", &default(2, january), "Accepted");
        assert_eq!(talk.clause(&default(3, "")), "K01.FR.06", "the one that was refused is not there");
        talk.answered("SetChargingProfile", &default(3, february), "Accepted");
        talk.answered("SetChargingProfile", &default(2, january), "Accepted");
        let on_0 = default(4, "").replace("\"evseId\":1", "\"evseId\":0");
        assert_eq!(talk.clause(&on_0), "K01.FR.52");
        talk.answered("ClearChargingProfile", r#"{"chargingProfileCriteria":{"evseId":1}}"#, "Accepted");
        talk.answered("SetChargingProfile", &on_0, "Accepted");
        assert_eq!(talk.clause(&default(5, "")), "K01.FR.53");
        talk.answered("ClearChargingProfile", r#"{"chargingProfileId":4}"#, "Accepted");
        assert!(talk.0.profiles().is_some_and(|profiles| profiles.is_empty()));
    }
}

#[test]
fn cs_29_a_command_that_waited_is_looked_at_again_when_its_turn_comes() {
    let mut talk = Talk::new(Version::V201, Preflight::default());
    talk.command("SetChargingProfile", &profile("{}")).expect("it is taken");
    talk.command("SetChargingProfile", &profile(r#"{"id":8}"#)).expect("nothing speaks against it yet");
    let Some(Transmit::Text(text)) = talk.0.poll_transmit() else { panic!("nothing is sent") };
    let id = text.split('"').nth(1).expect("an id").to_owned();
    talk.0.handle_input(at(10), Input::Text(&format!(r#"[3,"{id}",{{"status":"Accepted"}}]"#)));
    assert!(talk.0.poll_transmit().is_none());
    let ends: Vec<_> = std::iter::from_fn(|| talk.0.poll_event())
        .filter_map(|event| match event {
            StationEvent::Done { outcome, .. } => Some(outcome.map(drop)),
            _ => None,
        })
        .collect();
    let [Ok(()), Err(CommandFailure::Objection(objections))] = &ends[..] else { panic!("{ends:?}") };
    assert_eq!(objections.first().clause, "K01.FR.39");
}

#[test]
fn cs_29_a_transaction_has_one_profile_per_level_until_it_ends() {
    let mut talk = Talk::new(Version::V201, Preflight::default());
    talk.answered("SetChargingProfile", &profile("{}"), "Accepted");
    assert_eq!(talk.clause(&profile(r#"{"id":8}"#)), "K01.FR.39");
    assert!(talk.command("SetChargingProfile", &profile(r#"{"id":8,"transactionId":"t2"}"#)).is_ok());
    let ended = r#"{"eventType":"Ended","timestamp":"2026-03-01T10:00:00Z","triggerReason":"EVDeparted","seqNo":9,"transactionInfo":{"transactionId":"t1"}}"#;
    talk.says("TransactionEvent", ended);
    assert!(talk.command("SetChargingProfile", &profile(r#"{"id":8}"#)).is_ok());
}

#[test]
fn cs_29_several_schedules_are_for_an_ev_that_has_told_what_it_needs() {
    let mut talk = Talk::new(Version::V201, Preflight::default());
    talk.answered("SetChargingProfile", &profile(r#"{"id":1}"#), "Accepted");
    let two = profile(&format!(r#"{{"id":1,"chargingSchedule":[{0},{0}]}}"#, schedule("")));
    assert_eq!(talk.clause(&two), "K01.FR.34");
    talk.says("NotifyEVChargingNeeds", r#"{"evseId":1,"chargingNeeds":{"requestedEnergyTransfer":"AC_three_phase"}}"#);
    assert!(talk.command("SetChargingProfile", &two).is_ok());
}

#[test]
fn cs_29_what_a_station_reports_counts_like_what_it_was_sent() {
    let mut talk = Talk::new(Version::V201, Preflight::default());
    let inner = json(&profile(r#"{"id":9}"#))["chargingProfile"].to_string();
    talk.says(
        "ReportChargingProfiles",
        &format!(r#"{{"requestId":1,"chargingLimitSource":"CSO","evseId":1,"chargingProfile":[{inner}]}}"#),
    );
    assert_eq!(talk.clause(&profile("{}")), "K01.FR.39");
}

#[test]
fn cs_54_profiles_and_capabilities_outlive_the_process() {
    let mut talk = Talk::new(Version::V201, Preflight::default());
    talk.answered("SetChargingProfile", &profile("{}"), "Accepted");
    let mut capabilities = Capabilities::default();
    capabilities.takes_watt = Some(false);
    talk.0.set_capabilities(capabilities);
    let text = serde_json::to_string(&talk.0.state(at(10))).expect("JSON");
    let state: StationState = serde_json::from_str(&text).expect("a state");
    assert_eq!(state, talk.0.state(at(10)));
    let mut next = Talk::of(Version::V201, Preflight::default(), HandOver::load(state, at(0)));
    assert_eq!(next.clause(&profile(r#"{"id":8}"#)), "K01.FR.39");
    let watts = profile(r#"{"transactionId":"t2"}"#).replace(r#""A""#, r#""W""#);
    assert_eq!(next.clause(&watts), "K01.FR.26");
}

/// What a command does to the profiles of a station is known wherever it is sent from, and it is looked at there again.
#[test]
fn cs_29_cs_56_a_command_that_was_kept_elsewhere_is_one_like_others() {
    let mut talk = Talk::new(Version::V201, Preflight::default());
    talk.command("ClearCache", "{}").expect("it is sent");
    let mut kept = CommandOptions::default();
    kept.offline = WhenOffline::Keep;
    for id in [7, 8] {
        let payload = profile(&format!(r#"{{"id":{id}}}"#));
        talk.0.command_raw(at(10), "SetChargingProfile", &payload, kept).expect("it waits");
    }
    let state = talk.0.state(at(10));
    assert_eq!(state.commands.len(), 2);

    let mut next = Talk::of(Version::V201, Preflight::default(), HandOver::load(state, at(0)));
    let Some(Transmit::Text(text)) = next.0.poll_transmit() else { panic!("nothing is sent") };
    let id = text.split('"').nth(1).expect("an id").to_owned();
    next.0.handle_input(at(10), Input::Text(&format!(r#"[3,"{id}",{{"status":"Accepted"}}]"#)));
    assert!(next.0.poll_transmit().is_none(), "the station would have to refuse the second");
    assert_eq!(next.clause(&profile(r#"{"id":9}"#)), "K01.FR.39");
}

/// Field needs 19, 28, 29: a station that is known not to stand something is not asked for it, from its BootNotification on.
#[test]
fn a_known_station_is_treated_as_it_needs_it_over_reconnects_and_restarts() {
    let boot = |vendor: &str| format!(r#"{{"chargePointVendor":"{vendor}","chargePointModel":"x"}}"#);
    let availability = r#"{"connectorId":0,"type":"Operative"}"#;
    let is_kept_back = |talk: &mut Talk| {
        let command = talk.command("ChangeAvailability", availability);
        talk.0.handle_input(at(10), Input::Timeout);
        let mut sent = false;
        while let Some(transmit) = talk.0.poll_transmit() {
            sent |= matches!(transmit, Transmit::Text(text) if text.contains("ChangeAvailability"));
        }
        assert!(command.is_ok());
        !sent
    };
    // a station that boots waits for its answer before it is called; in the next connection it has been accepted
    let next = |mut talk: Talk| Talk::of(Version::V16, Preflight::default(), talk.0.hand_over());
    let mut talk = Talk::new(Version::V16, Preflight::default());
    assert!(!is_kept_back(&mut talk));
    let mut talk = Talk::new(Version::V16, Preflight::default());
    talk.says("BootNotification", &boot("EN+"));
    assert_eq!(talk.0.connection().quirks().avoided, ["ChangeAvailability"]);
    let text = serde_json::to_string(&talk.0.state(at(10))).expect("JSON");
    let mut talk = next(talk);
    assert!(is_kept_back(&mut talk));
    let state: StationState = serde_json::from_str(&text).expect("a state");
    assert_eq!(state.make.as_ref().map(|make| make.vendor.as_str()), Some("EN+"));
    let mut talk = Talk::of(Version::V16, Preflight::default(), HandOver::load(state, at(0)));
    assert!(is_kept_back(&mut talk));
    talk.says("BootNotification", &boot("Somebody"));
    assert!(!is_kept_back(&mut next(talk)), "another device under the same identity");
}

/// What may stand in a profile, right or wrong.
fn anything() -> impl Strategy<Value = serde_json::Value> {
    let member = prop_oneof![
        Just("stackLevel"),
        Just("chargingProfilePurpose"),
        Just("chargingProfileKind"),
        Just("recurrencyKind"),
        Just("validFrom"),
        Just("validTo"),
        Just("transactionId"),
        Just("chargingSchedule"),
        Just("chargingSchedulePeriod"),
        Just("startPeriod"),
        Just("phaseToUse"),
        Just("duration"),
        Just("other"),
    ];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<i64>().prop_map(serde_json::Value::from),
        Just(serde_json::Value::from("TxProfile")),
        Just(serde_json::Value::from("Recurring")),
        Just(serde_json::Value::from("2026-01-01T00:00:00Z")),
    ];
    leaf.prop_recursive(4, 32, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            proptest::collection::btree_map(member.clone(), inner, 0..6)
                .prop_map(|map| map.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    /// Nothing that an operator types in makes it fall over, and what it objects to can be found in the payload: the member
    /// itself, or the object that lacks it.
    #[test]
    fn objections_point_into_the_payload(changes in anything(), version in 0..3_usize, on in -1..3_i64) {
        let version = Version::ALL[version];
        let good = if version == Version::V16 { profile16(1, "{}") } else { profile("{}") };
        let mut profile = json(&good);
        let name = if version == Version::V16 { "csChargingProfiles" } else { "chargingProfile" };
        match changes {
            serde_json::Value::Object(changes) => {
                for (member, change) in changes {
                    profile[name][&member] = change;
                }
            }
            other => profile[name]["chargingSchedule"] = other,
        }
        profile[if version == Version::V16 { "connectorId" } else { "evseId" }] = on.into();
        for action in ["SetChargingProfile", "ClearChargingProfile", "RequestStartTransaction", "SendLocalList"] {
            if let Err(objections) = check_text(version, action, &profile.to_string(), &Facts::default()) {
                for objection in objections.all() {
                    let holder = objection.pointer.rsplit_once('/').map_or("", |(holder, _)| holder);
                    prop_assert!(profile.pointer(holder).is_some(), "{objection} in {profile}");
                }
            }
        }
    }
}
