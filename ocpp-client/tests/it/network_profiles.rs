//! Network and security profiles without a charger: rules WS-16, WS-17, WS-27, WS-28 and WS-29, row E15.

use std::time::Duration;

use ocpp_client::{
    Backoff, CloseReason, Decision, Equipment, NetworkChange, NetworkProfile, NetworkProfiles, Password,
    ProfileRefused, Random, Reconnect,
};
use ocpp_rpc::Instant;
use proptest::prelude::*;

const PASSWORD: &str = "a password of some length";

fn equipped() -> Equipment {
    let mut equipment = Equipment::default();
    (equipment.csms_root, equipment.certificate) = (true, true);
    equipment
}

/// A station that is connected by slot 1 with this security profile.
fn connected(security: u8, equipment: Equipment) -> NetworkProfiles {
    let mut network = NetworkProfiles::default();
    let mut profile = NetworkProfile::new(url(security), security);
    profile.password = (security == 1 || security == 2).then(|| Password::text(PASSWORD));
    network.provision([(1, profile)], &[1], equipment);
    assert_eq!(network.connected(1), NetworkChange::Same);
    network
}

fn url(security: u8) -> &'static str {
    if security >= 2 { "wss://csms.example.com/ocpp" } else { "ws://csms.example.com/ocpp" }
}

/// The slots that are tried, until one of these is: with two attempts each.
fn walk(network: &NetworkProfiles, reason: CloseReason, alive: &[i64]) -> Vec<i64> {
    let mut backoff = Backoff::default();
    backoff.random_range = Duration::ZERO;
    let (mut reconnect, mut random) = (Reconnect::new(backoff), Random::new(1));
    network.guide(&mut reconnect, 2);
    let mut tried = Vec::new();
    let mut decision = reconnect.decide(Instant::ZERO, reason, &mut random);
    while let Decision::Dial { slot, .. } = decision {
        tried.push(slot);
        if alive.contains(&slot) || tried.len() == 12 {
            break;
        }
        decision = reconnect.decide(Instant::ZERO, CloseReason::HandshakeRefused { status: 401 }, &mut random);
    }
    tried
}

#[test]
fn ws_16_a_security_profile_is_only_raised_and_only_with_what_it_needs() {
    let none = || NetworkProfile::new(url(0), 0);
    let mut network = NetworkProfiles::default();
    assert!(matches!(network.raise(1), Err(ProfileRefused::Content(_))), "nobody knows where it is connected");
    network.provision([(1, none())], &[1], Equipment::default());
    assert_eq!(network.connected(1), NetworkChange::Same);
    let refused = |network: &mut NetworkProfiles, security: u8| match network.raise(security) {
        Err(ProfileRefused::Unequipped { what, .. }) => what,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&mut network, 1), "a password");
    network.set_password(Password::text("fifteen letters"));
    assert_eq!(refused(&mut network, 1), "a password", "one that is long enough");
    network.set_password(Password::text(PASSWORD));
    assert_eq!(refused(&mut network, 2), "a root certificate");
    assert_eq!(refused(&mut network, 3), "a root certificate");
    let mut equipment = Equipment::default();
    equipment.csms_root = true;
    network.provision([(1, none())], &[1], equipment);
    assert_eq!(refused(&mut network, 3), "a certificate of the station");
    assert!(matches!(network.raise(4), Err(ProfileRefused::Content(_))));
    assert_eq!(network.raise(0), Err(ProfileRefused::Downgrade { in_force: 0 }), "the same is not more");
    assert_eq!(network.security(), 0, "all of these have changed nothing");
    assert_eq!(network.order(), [1]);
    network.raise(2).expect("all is there");

    for (in_force, wanted) in [(1, 0), (1, 1), (2, 0), (2, 1), (2, 2), (3, 2), (3, 3)] {
        let mut network = connected(in_force, equipped());
        assert_eq!(network.raise(wanted), Err(ProfileRefused::Downgrade { in_force }), "{in_force} to {wanted}");
    }
    for (in_force, wanted) in [(1, 2), (1, 3), (2, 3)] {
        let mut network = connected(in_force, equipped());
        network.raise(wanted).unwrap_or_else(|refused| panic!("{in_force} to {wanted}: {refused}"));
    }
}

#[test]
fn ws_16_a_raise_is_tried_first_and_when_it_works_the_weaker_one_is_gone() {
    let mut network = connected(1, equipped());
    network.raise(2).expect("all is there");
    assert_eq!(network.security(), 1, "not before it works");
    let order = network.order();
    assert_eq!(order.len(), 2);
    let raised = order[0];
    assert_eq!(network.profile(raised).expect("a profile").url, "wss://csms.example.com/ocpp");
    assert_eq!(network.password(raised), Some(&Password::text(PASSWORD)));
    assert_eq!(walk(&network, CloseReason::ProfileChanged, &[raised]), [raised]);
    assert_eq!(network.connected(raised), NetworkChange::Changed { from: 1, to: 2 });
    assert_eq!((network.security(), network.order()), (2, vec![raised]));
    assert_eq!(network.profile(1), None);
    // whatever is lost later on, the weaker one is not tried again
    assert_eq!(walk(&network, CloseReason::TransportFailed, &[1]), [raised; 12]);
}

#[test]
fn ws_16_the_owner_may_say_where_the_stronger_profiles_are_served() {
    let mut equipment = equipped();
    equipment.secure_url = Some("wss://secure.example.com:8443/16".to_owned());
    let mut network = connected(1, equipment);
    network.raise(2).expect("all is there");
    let raised = network.order()[0];
    assert_eq!(network.profile(raised).expect("a profile").url, "wss://secure.example.com:8443/16");
}

#[test]
fn e15_ws_16_a_raise_that_fails_falls_back_and_never_below_the_old_profile() {
    let mut network = NetworkProfiles::default();
    let mut insecure = NetworkProfile::new("ws://backup.example.com", 0);
    insecure.password = None;
    let mut current = NetworkProfile::new(url(1), 1);
    current.password = Some(Password::text(PASSWORD));
    network.provision([(1, current), (2, insecure)], &[1, 2], equipped());
    assert_eq!(network.connected(1), NetworkChange::Changed { from: 0, to: 1 });
    network.raise(2).expect("all is there");
    let raised = network.order()[0];
    // the CSMS refuses the password by TLS; without TLS it is the right one
    let tried = walk(&network, CloseReason::ProfileChanged, &[1]);
    assert_eq!(tried, [raised, raised, 1], "each as often as is set, and slot 2 is not among them");
    assert_eq!(network.connected(1), NetworkChange::FellBack { tried: 2 });
    assert_eq!((network.security(), network.order()), (1, vec![1]));
    assert_eq!(network.profile(raised), None, "what failed is not tried at the next loss");
    network.raise(3).expect("and another step may be tried");
}

#[test]
fn e15_a_power_cut_in_the_middle_of_a_raise_changes_nothing() {
    let mut network = connected(1, equipped());
    network.raise(2).expect("all is there");
    let mut network = NetworkProfiles::from_bytes(&network.to_bytes()).expect("what was written");
    let mut profile = NetworkProfile::new(url(1), 1);
    profile.password = Some(Password::text(PASSWORD));
    network.provision([(1, profile)], &[1], equipped());
    let raised = network.order()[0];
    assert_eq!((network.order(), network.security()), (vec![raised, 1], 1));
    assert_eq!(walk(&network, CloseReason::ConnectFailed, &[1]).last(), Some(&1));
    assert_eq!(network.connected(1), NetworkChange::FellBack { tried: 2 });
}

#[test]
fn ws_27_a_profile_is_checked_before_it_is_stored() {
    let mut network = connected(2, equipped());
    let slots = network.slots();
    assert!(slots.len() >= 2, "B09.FR.06");
    let good = || NetworkProfile::new(url(2), 2);
    assert_eq!(network.set(9, good()), Err(ProfileRefused::Slot(9)));
    assert_eq!(ProfileRefused::Slot(9).reason_code(), "InvalidConfSlot");
    type Break = fn(&mut NetworkProfile);
    let broken: [(&str, Break); 12] = [
        ("no scheme", |profile| profile.url = "csms.example.com".into()),
        ("another scheme", |profile| profile.url = "https://csms.example.com".into()),
        ("no host", |profile| profile.url = "wss:///ocpp".into()),
        ("a name in the url", |profile| profile.url = "wss://me:secret@csms.example.com".into()),
        ("a blank in the url", |profile| profile.url = "wss://csms example".into()),
        ("no TLS for profile 2", |profile| profile.url = "ws://csms.example.com".into()),
        ("a security profile that is none", |profile| profile.security = 4),
        ("no time at all", |profile| profile.message_timeout = Some(Duration::ZERO)),
        ("more time than there is", |profile| profile.message_timeout = Some(Duration::MAX)),
        ("no interface", |profile| profile.interface = "Pigeon".into()),
        ("no identity", |profile| profile.identity = Some("a:b".into())),
        ("a short password", |profile| profile.password = Some(Password::text("short"))),
    ];
    for (what, breaks) in broken {
        let mut profile = good();
        breaks(&mut profile);
        match network.set(2, profile) {
            Err(refused @ ProfileRefused::Content(_)) => assert_eq!(refused.reason_code(), "InvalidNetworkConf"),
            other => panic!("{what}: {other:?}"),
        }
    }
    assert_eq!(network.profile(2), None);
    network.set(2, good()).expect("a good one");
    assert_eq!(network.profile(2), Some(&good()));
    network.set(1, good()).expect("the slot in use may be overwritten, for the next connection");
}

#[test]
fn ws_17_nothing_weaker_is_stored_listed_or_dialled() {
    for (in_force, security, allowed, taken) in [
        (2, 1, false, false),
        (2, 1, true, false),
        (3, 1, true, false),
        (3, 2, false, false),
        (3, 2, true, true),
        (2, 0, true, false),
        (2, 3, false, true),
    ] {
        let mut network = connected(in_force, equipped());
        network.allow_downgrade(allowed);
        let outcome = network.set(2, NetworkProfile::new(url(security), security));
        assert_eq!(outcome.is_ok(), taken, "{security} while {in_force} is in force");
        if let Err(refused) = outcome {
            assert_eq!(refused.reason_code(), "NoSecurityDowngrade");
            continue;
        }
        network.set_password(Password::text(PASSWORD));
        network.set_priority("2,1").expect("stored, so that it can be listed");
        network.rebooted();
        assert_eq!(network.order()[0], 2);
        assert_eq!(network.connected(2), NetworkChange::Changed { from: in_force, to: security });
        // 3 is stronger than 2, so that the way back stays open
        assert_eq!(network.profile(1).is_some(), security < in_force);
    }
}

#[test]
fn ws_17_a_permission_that_was_taken_back_holds_for_what_is_listed_already() {
    let mut network = connected(3, equipped());
    network.allow_downgrade(true);
    network.set(2, NetworkProfile::new(url(2), 2)).expect("allowed");
    network.set_priority("2,1").expect("allowed");
    network.allow_downgrade(false);
    network.rebooted();
    assert_eq!(network.order(), [1]);
    assert_eq!(network.set_priority("2,1"), Err(ProfileRefused::Downgrade { in_force: 3 }));
}

#[test]
fn ws_17_a05_what_a_stronger_profile_needs_is_checked_when_it_is_listed() {
    let mut network = connected(1, Equipment::default());
    network.set(2, NetworkProfile::new(url(2), 2)).expect("it may be stored");
    let needs_root = network.set_priority("2,1");
    assert!(matches!(needs_root, Err(ProfileRefused::Unequipped { security: 2, what: "a root certificate" })));
    assert_eq!(network.priority(), [1]);
    let mut equipment = Equipment::default();
    equipment.csms_root = true;
    let mut profile = NetworkProfile::new(url(1), 1);
    profile.password = Some(Password::text(PASSWORD));
    network.provision([(1, profile)], &[1], equipment);
    network.set_priority("2,1").expect("now it is there");
    network.set(3, NetworkProfile::new(url(3), 3)).expect("it may be stored");
    let needs_certificate = network.set_priority("3,1");
    assert!(matches!(needs_certificate, Err(ProfileRefused::Unequipped { security: 3, .. })));
}

#[test]
fn ws_17_after_success_the_weaker_slots_are_gone_and_the_priority_is_put_right() {
    let mut network = connected(1, equipped());
    network.set(2, NetworkProfile::new(url(2), 2)).expect("stronger");
    network.set(3, NetworkProfile::new("ws://other.example.com", 1)).expect("as strong");
    network.set_priority("2,3,1").expect("all are there");
    network.rebooted();
    // as long as it has not worked, the way back is open
    assert_eq!(walk(&network, CloseReason::Restart, &[1]), [2, 2, 3, 3, 1]);
    assert_eq!(network.connected(2), NetworkChange::Changed { from: 1, to: 2 });
    assert_eq!((network.security(), network.priority()), (2, &[2][..]));
    assert_eq!((network.profile(1), network.profile(3)), (None, None));
    assert_eq!(network.slots(), [1, 2, 3], "the slots are there, they are empty");
    assert_eq!(network.set_priority("2,1"), Err(ProfileRefused::Slot(1)));
    // and all of it is there after a power cut
    let again = NetworkProfiles::from_bytes(&network.to_bytes()).expect("what was written");
    assert_eq!((again.security(), again.order()), (2, vec![2]));
}

#[test]
fn ws_27_ws_28_what_is_listed_is_used_after_a_boot_and_not_before() {
    let mut network = connected(1, equipped());
    network.set(2, NetworkProfile::new("ws://new.example.com", 1)).expect("a good one");
    assert_eq!(walk(&network, CloseReason::TransportFailed, &[1]), [1]);
    network.rebooted();
    assert_eq!(walk(&network, CloseReason::Restart, &[1]), [1], "a boot alone is not enough");
    assert_eq!(network.connected(1), NetworkChange::Same);
    network.set_priority(" 2, 1 ").expect("both are there");
    assert_eq!(network.priority(), [2, 1]);
    assert_eq!(walk(&network, CloseReason::TransportFailed, &[1]), [1], "a loss alone is not enough");
    network.rebooted();
    assert_eq!(walk(&network, CloseReason::Restart, &[1]), [2, 2, 1]);
    assert_eq!(network.connected(1), NetworkChange::Same);
    assert_eq!(network.active_slot(), Some(1));
    assert_eq!(walk(&network, CloseReason::PongMissing, &[2]), [2], "from its beginning at the next loss");
}

#[test]
fn ws_28_a_list_with_anything_wrong_in_it_is_refused() {
    let mut network = connected(1, equipped());
    network.set(2, NetworkProfile::new("ws://new.example.com", 1)).expect("a good one");
    for text in ["", "2,", "two", "2,2", "2,3", "2,9", "-1", "2;1"] {
        assert!(network.set_priority(text).is_err(), "{text:?}");
    }
    assert_eq!(network.priority(), [1]);
}

#[test]
fn ws_28_what_worked_last_is_tried_after_a_list_that_leads_nowhere() {
    let mut network = connected(1, equipped());
    network.set(2, NetworkProfile::new("ws://nowhere.example.com", 1)).expect("a good one");
    network.set_priority("2").expect("it is there");
    network.rebooted();
    assert_eq!(walk(&network, CloseReason::Restart, &[1]), [2, 2, 1], "B10.FR.07");
    assert_eq!(walk(&network, CloseReason::Restart, &[]), [2, 2, 1, 1, 2, 2, 1, 1, 2, 2, 1, 1], "it never stops");
}

#[test]
fn ws_29_variables_are_written_in_slots_that_are_not_listed_and_checked_when_they_are() {
    let mut network = connected(2, equipped());
    assert_eq!(network.variable(2, "OcppCsmsUrl"), Ok(Some(String::new())), "an empty slot has variables, too");
    let in_use = network.set_variable(1, "OcppCsmsUrl", "wss://evil.example.com");
    assert_eq!(in_use, Err(ProfileRefused::InUse(1)));
    assert_eq!(ProfileRefused::InUse(1).reason_code(), "ActiveNetworkConf");
    network.set_variable(2, "MessageTimeout", "60").expect("written");
    let incomplete = network.set_priority("2,1").expect_err("there is no url");
    assert_eq!(incomplete.reason_code(), "InvalidNetworkConf", "B09.FR.34");
    for (name, value) in [
        ("OcppCsmsUrl", "wss://new.example.com"),
        ("ocppcsmsurl", "wss://newer.example.com"),
        ("OcppInterface", "Wired1"),
        ("OcppTransport", "JSON"),
        ("OcppVersion", "OCPP20"),
        ("SecurityProfile", "3"),
        ("Identity", "CS-2"),
        ("BasicAuthPassword", "another password of some length"),
    ] {
        network.set_variable(2, name, value).unwrap_or_else(|refused| panic!("{name}: {refused}"));
    }
    for (name, value) in [
        ("OcppCsmsUrl", "new.example.com"),
        ("OcppInterface", "Pigeon"),
        ("OcppTransport", "SOAP"),
        ("MessageTimeout", "0"),
        ("MessageTimeout", "soon"),
        ("SecurityProfile", "4"),
        ("Identity", "a:b"),
        ("BasicAuthPassword", "short"),
    ] {
        assert!(matches!(network.set_variable(2, name, value), Err(ProfileRefused::Content(_))), "{name} {value}");
    }
    let weaker = network.set_variable(2, "SecurityProfile", "1").expect_err("weaker");
    assert_eq!(weaker.reason_code(), "NoSecurityDowngrade", "B09.FR.35");
    assert_eq!(network.set_variable(2, "ApnEnabled", "true"), Err(ProfileRefused::ReadOnly), "B09.FR.13");
    assert_eq!(network.set_variable(2, "Colour", "red"), Err(ProfileRefused::Variable));
    assert_eq!(network.set_variable(9, "OcppCsmsUrl", "wss://a.example.com"), Err(ProfileRefused::Slot(9)));
    assert_eq!(network.variable(2, "OcppCsmsUrl"), Ok(Some("wss://newer.example.com".to_owned())));
    assert_eq!(network.variable(2, "VpnEnabled"), Ok(Some("false".to_owned())));
    assert_eq!(network.variable(2, "BasicAuthPassword"), Ok(None), "it is not to be read");
    assert!(!format!("{network:?}").contains("another password"), "and no log shows it");
    network.set_priority("2,1").expect("now it is complete");
    let listed = network.set_variable(2, "MessageTimeout", "30");
    assert_eq!(listed, Err(ProfileRefused::InUse(2)));
    network.set_priority("1").expect("B09.FR.20: taking a slot out is always possible");
    network.set_variable(2, "MessageTimeout", "30").expect("and then it may be written again");
}

#[test]
fn ws_29_a_profile_that_is_set_shows_in_its_variables() {
    let mut network = connected(2, equipped());
    let mut profile = NetworkProfile::new("wss://new.example.com", 2);
    profile.message_timeout = Some(Duration::from_secs(45));
    profile.interface = "Wireless0".to_owned();
    profile.identity = Some("CS-2".to_owned());
    network.set(2, profile).expect("a good one");
    for (name, value) in [
        ("OcppCsmsUrl", "wss://new.example.com"),
        ("MessageTimeout", "45"),
        ("OcppInterface", "Wireless0"),
        ("Identity", "CS-2"),
        ("SecurityProfile", "2"),
    ] {
        assert_eq!(network.variable(2, name), Ok(Some(value.to_owned())), "B09.FR.09");
    }
}

#[test]
fn ws_29_a_password_or_identity_of_the_station_replaces_that_of_the_profile_in_use() {
    let mut network = connected(2, equipped());
    let mut profile = NetworkProfile::new("wss://new.example.com", 2);
    profile.password = Some(Password::text("that of the second slot"));
    profile.identity = Some("CS-2".to_owned());
    network.set(2, profile).expect("a good one");
    network.set_priority("2,1").expect("it is there");
    network.rebooted();
    assert_eq!(network.connected(2), NetworkChange::Same);
    assert_eq!(network.password(2), Some(&Password::text("that of the second slot")));
    assert_eq!(network.password(1), Some(&Password::text(PASSWORD)), "slots do not share theirs");
    network.set_password(Password::text("that of the whole station"));
    network.set_identity("CS-9").expect("an identity");
    assert_eq!(network.password(2), Some(&Password::text("that of the whole station")));
    assert_eq!(network.identity(2), Some("CS-9"));
    assert!(network.set_identity("a:b").is_err());
}

#[test]
fn what_the_owner_configures_anew_comes_before_what_a_csms_has_set() {
    let mut network = connected(1, equipped());
    network.set_password(Password::text("a password that the CSMS set"));
    let mut network = NetworkProfiles::from_bytes(&network.to_bytes()).expect("what was written");
    let mut profile = NetworkProfile::new(url(1), 1);
    profile.password = Some(Password::text(PASSWORD));
    network.provision([(1, profile.clone())], &[1], equipped());
    assert_eq!(network.password(1), Some(&Password::text("a password that the CSMS set")), "the same as before");
    profile.url = "ws://moved.example.com".to_owned();
    network.provision([(1, profile)], &[1], equipped());
    assert_eq!(network.password(1), Some(&Password::text(PASSWORD)));
    assert_eq!(network.profile(1).map(|profile| &*profile.url), Some("ws://moved.example.com"));
    assert_eq!(NetworkProfiles::from_bytes(b"{"), None, "damage is seen");
}

#[test]
fn ws_27_ws_28_a_slot_in_use_that_is_overwritten_with_a_dead_end_gets_back_what_worked() {
    let mut network = connected(1, equipped());
    network.set(1, NetworkProfile::new("ws://nowhere.example.com", 1)).expect("a good one, as far as can be seen");
    let tried = walk(&network, CloseReason::Restart, &[NetworkProfiles::FALLBACK]);
    assert_eq!(tried, [1, 1, NetworkProfiles::FALLBACK]);
    let mut network = NetworkProfiles::from_bytes(&network.to_bytes()).expect("what was written");
    assert_eq!(network.profile(NetworkProfiles::FALLBACK).map(|profile| &*profile.url), Some(url(1)));
    assert_eq!(network.password(NetworkProfiles::FALLBACK), Some(&Password::text(PASSWORD)));
    assert_eq!(network.connected(NetworkProfiles::FALLBACK), NetworkChange::Same);
    assert_eq!((network.active_slot(), network.order()), (Some(1), vec![1]));
    assert_eq!(network.profile(1).map(|profile| &*profile.url), Some(url(1)));
    // one that works is what worked last from then on
    network.set(1, NetworkProfile::new("ws://elsewhere.example.com", 1)).expect("a good one");
    assert_eq!(network.connected(1), NetworkChange::Same);
    assert_eq!(network.order(), [1]);
    // and a stronger one that has not what it needs does not get in
    let mut network = connected(1, Equipment::default());
    let refused = network.set(1, NetworkProfile::new(url(2), 2));
    assert!(matches!(refused, Err(ProfileRefused::Unequipped { .. })), "{refused:?}");
}

#[derive(Clone, Debug)]
enum Step {
    Set(i64, u8, bool),
    Priority(Vec<i64>),
    Variable(i64, usize),
    Raise(u8),
    Password,
    AllowDowngrade(bool),
    Reboot,
    PowerCut,
    /// This many attempts fail, then the next one succeeds.
    Connect(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_i64..5, 0_u8..5, any::<bool>()).prop_map(|(slot, security, tls)| Step::Set(slot, security, tls)),
        3 => prop::collection::vec(0_i64..5, 0..4).prop_map(Step::Priority),
        3 => (1_i64..4, 0_usize..8).prop_map(|(slot, what)| Step::Variable(slot, what)),
        1 => (0_u8..5).prop_map(Step::Raise),
        1 => Just(Step::Password),
        1 => any::<bool>().prop_map(Step::AllowDowngrade),
        2 => Just(Step::Reboot),
        1 => Just(Step::PowerCut),
        4 => (0_usize..8).prop_map(Step::Connect),
    ]
}

proptest! {
    /// Whatever a CSMS says and whatever fails: there is always somewhere to connect to, what worked last is part of it,
    /// and nothing is ever dialled that is weaker than what was reached.
    #[test]
    fn ws_16_ws_17_ws_28_no_csms_strands_a_station_or_weakens_it(
        start in 0_u8..4,
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let mut network = connected(start, equipped());
        let mut allows = false;
        let mut worked = network.profile(1).expect("provisioned").clone();
        for step in steps {
            let before = network.security();
            let outcome = match &step {
                Step::Set(slot, security, tls) => {
                    network.set(*slot, NetworkProfile::new(url(if *tls { 2 } else { 0 }), *security))
                }
                Step::Priority(slots) => {
                    let text: Vec<String> = slots.iter().map(ToString::to_string).collect();
                    network.set_priority(&text.join(","))
                }
                Step::Variable(slot, what) => {
                    let (name, value) = [
                        ("OcppCsmsUrl", "ws://a.example.com"),
                        ("OcppCsmsUrl", "wss://b.example.com"),
                        ("SecurityProfile", "0"),
                        ("SecurityProfile", "1"),
                        ("SecurityProfile", "2"),
                        ("SecurityProfile", "3"),
                        ("BasicAuthPassword", "a password of some other length"),
                        ("Identity", "CS-2"),
                    ][*what];
                    network.set_variable(*slot, name, value)
                }
                Step::Raise(security) => network.raise(*security),
                Step::Password => {
                    network.set_password(Password::text(PASSWORD));
                    worked.password = None;
                    Ok(())
                }
                Step::AllowDowngrade(allow) => {
                    network.allow_downgrade(*allow);
                    allows = *allow;
                    Ok(())
                }
                Step::Reboot => {
                    network.rebooted();
                    Ok(())
                }
                Step::PowerCut => {
                    let bytes = network.to_bytes();
                    network = NetworkProfiles::from_bytes(&bytes).expect("what was written");
                    let mut profile = NetworkProfile::new(url(start), start);
                    profile.password = (start == 1 || start == 2).then(|| Password::text(PASSWORD));
                    network.provision([(1, profile)], &[1], equipped());
                    network.allow_downgrade(allows);
                    prop_assert_eq!(network.to_bytes(), bytes);
                    Ok(())
                }
                Step::Connect(failures) => {
                    let order = network.order();
                    let slot = order[failures % order.len()];
                    let profile = network.profile(slot).expect("it is dialled").clone();
                    let _told = network.connected(slot);
                    prop_assert_eq!(network.profile(network.active_slot().expect("connected")), Some(&profile));
                    worked = profile;
                    Ok(())
                }
            };
            drop(outcome);
            let security = network.security();
            prop_assert!(
                security >= before || (allows && (before, security) == (3, 2)),
                "{} to {} by {:?}", before, security, step
            );
            let order = network.order();
            prop_assert!(!order.is_empty(), "nowhere to go after {:?}", step);
            let mut distinct = order.clone();
            distinct.sort_unstable();
            distinct.dedup();
            prop_assert_eq!(distinct.len(), order.len());
            for slot in &order {
                let profile = network.profile(*slot).expect("something is in it");
                prop_assert!(profile.check().is_ok());
                let is_allowed = allows && (security, profile.security) == (3, 2);
                prop_assert!(profile.security >= security || is_allowed, "{:?} after {:?}", profile, step);
            }
            // unless it has become too weak, what worked last is among them
            let is_there = order.iter().any(|slot| network.profile(*slot) == Some(&worked));
            prop_assert!(is_there || worked.security < security, "{:?} is gone after {:?}", worked, step);
        }
    }
}
