//! A relay between a station and its CSMS: rule WS-30, without sockets.

use ocpp_rpc::{
    Anomaly, CallFailure, CallRefused, CloseCode, ErrorCode, Input, Instant, MessageIds, Relay, RelayConfig,
    RelayEvent, Side, Transmit,
};
use ocpp_types::{Version, v16, v21, v201};
use proptest::prelude::*;

use super::{V16, V21, V201};

fn at(seconds: u64) -> Instant {
    Instant::from_secs(seconds)
}

fn relay(version: Version) -> Relay {
    let mut relay = Relay::new(RelayConfig::default(), MessageIds::new(7));
    relay.handle_input(at(0), Side::Csms, Input::LinkUp(version));
    relay.handle_input(at(0), Side::Station, Input::LinkUp(version));
    relay
}

fn says(relay: &mut Relay, from: Side, text: &str) {
    relay.handle_input(at(1), from, Input::Text(text));
}

fn sent(relay: &mut Relay, to: Side) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some(transmit) = relay.poll_transmit(to) {
        texts.push(match transmit {
            Transmit::Text(text) => text.to_owned(),
            Transmit::Close { code, reason } => format!("close {code} {reason}"),
            _ => unreachable!(),
        });
    }
    texts
}

fn events(relay: &mut Relay) -> Vec<RelayEvent> {
    std::iter::from_fn(|| relay.poll_event()).collect()
}

fn id_of(text: &str) -> String {
    text.split('"').nth(1).unwrap().to_owned()
}

#[test]
fn ws_30_texts_go_through_byte_for_byte_whatever_they_are() {
    for text in [
        "[2,\"1\",\"Heartbeat\",{}]",
        " [ 2 , \"\\u0031\" ,\n\"Foo\" , {\"a\" : 1.50, \"a\":null} ] ",
        "[3,\"1\",{\"x\":0.10}]",
        "[4,\"1\",\"Nonsense\",\"\",{}]",
        "[6,\"1\",\"NotifyPeriodicEventStream\",{}]",
        "[9,\"1\",{}]",
        "{not json",
        "",
    ] {
        for from in [Side::Station, Side::Csms] {
            let mut relay = relay(V21);
            says(&mut relay, from, text);
            assert_eq!(sent(&mut relay, from.other()), [text]);
            assert_eq!((sent(&mut relay, from), events(&mut relay)), (vec![], vec![]));
        }
    }
}

#[test]
fn ws_30_the_loss_of_one_side_closes_the_other() {
    for side in [Side::Station, Side::Csms] {
        let mut relay = relay(V201);
        says(&mut relay, side, "[2,\"1\",\"Heartbeat\",{}]");
        relay.handle_input(at(2), side, Input::LinkDown);
        let said = sent(&mut relay, side.other());
        let gone = if side == Side::Station { "close 1001 the station is gone" } else { "close 1001 the csms is gone" };
        assert_eq!(said, ["[2,\"1\",\"Heartbeat\",{}]", gone], "what came before is still brought");
        assert_eq!(sent(&mut relay, side), [""; 0]);
        relay.handle_input(at(3), side.other(), Input::LinkDown);
        assert_eq!((sent(&mut relay, side), relay.poll_timeout()), (vec![], None));
    }
}

#[test]
fn ws_30_both_sides_speak_one_version() {
    let mut relay = Relay::new(RelayConfig::default(), MessageIds::new(7));
    relay.handle_input(at(0), Side::Csms, Input::LinkUp(V201));
    relay.handle_input(at(0), Side::Station, Input::LinkUp(V16));
    assert!(sent(&mut relay, Side::Csms)[0].starts_with("close 1002"));
    assert_eq!(relay.version(), Some(V201));
}

#[test]
fn ws_30_a_call_of_its_own_is_answered_to_it_alone() {
    let mut relay = relay(V201);
    let call = relay.call(at(1), Side::Station, &v201::ClearCacheRequest::new()).unwrap();
    let texts = sent(&mut relay, Side::Station);
    assert!(texts[0].ends_with(",\"ClearCache\",{}]"), "{texts:?}");
    let id = id_of(&texts[0]);
    assert!(id.len() <= 36, "{id}");
    says(&mut relay, Side::Station, &format!("[3,\"{id}\",{{\"status\":\"Accepted\"}}]"));
    assert_eq!(sent(&mut relay, Side::Csms), [""; 0]);
    assert_eq!(events(&mut relay), [RelayEvent::Answer { call, outcome: Ok(r#"{"status":"Accepted"}"#.into()) }]);

    let call = relay.call(at(1), Side::Csms, &v201::HeartbeatRequest::new()).unwrap();
    let id = id_of(&sent(&mut relay, Side::Csms)[0]);
    says(&mut relay, Side::Csms, &format!("[4,\"{id}\",\"NotSupported\",\"no\",{{}}]"));
    let outcome = events(&mut relay);
    let [RelayEvent::Answer { call: ended, outcome: Err(CallFailure::Refused(error)) }] = &outcome[..] else {
        panic!("{outcome:?}")
    };
    assert_eq!((*ended, &error.code, error.description.as_str()), (call, &ErrorCode::NotSupported, "no"));
    assert_eq!(sent(&mut relay, Side::Station), [""; 0]);
}

#[test]
fn ws_30_ids_of_its_own_never_repeat_and_answers_of_both_do_not_mix() {
    let mut relay = relay(V16);
    let mut seen = std::collections::BTreeSet::new();
    for round in 0..1000 {
        relay.call(at(1), Side::Station, &v16::ClearCacheRequest::new()).unwrap();
        let own = id_of(&sent(&mut relay, Side::Station)[0]);
        assert!(seen.insert(own.clone()));
        says(&mut relay, Side::Csms, &format!("[2,\"{round}\",\"ClearCache\",{{}}]"));
        says(&mut relay, Side::Station, &format!("[3,\"{own}\",{{\"status\":\"Accepted\"}}]"));
        assert_eq!(sent(&mut relay, Side::Station), [format!("[2,\"{round}\",\"ClearCache\",{{}}]")]);
        let answer = format!("[3,\"{round}\",{{\"status\":\"Rejected\"}}]");
        says(&mut relay, Side::Station, &answer);
        assert_eq!(sent(&mut relay, Side::Csms), [answer]);
        assert_eq!(events(&mut relay).len(), 1);
    }
}

#[test]
fn ws_30_rpc_20_no_side_sees_two_calls_at_a_time() {
    let mut relay = relay(V16);
    says(&mut relay, Side::Csms, "[2,\"a\",\"Reset\",{\"type\":\"Soft\"}]");
    relay.call(at(1), Side::Station, &v16::ClearCacheRequest::new()).unwrap();
    assert_eq!(sent(&mut relay, Side::Station).len(), 1, "the call of the csms is out");
    says(&mut relay, Side::Station, "[3,\"a\",{\"status\":\"Accepted\"}]");
    let own = sent(&mut relay, Side::Station);
    assert!(own[0].contains("ClearCache"));
    // the other direction is not concerned, nor are answers
    says(&mut relay, Side::Csms, "[2,\"b\",\"ClearCache\",{}]");
    says(&mut relay, Side::Csms, "[3,\"x\",{}]");
    assert_eq!(sent(&mut relay, Side::Station), ["[3,\"x\",{}]"]);
    says(&mut relay, Side::Station, "[2,\"h\",\"Heartbeat\",{}]");
    assert_eq!(sent(&mut relay, Side::Csms), ["[3,\"a\",{\"status\":\"Accepted\"}]", "[2,\"h\",\"Heartbeat\",{}]"]);
    says(&mut relay, Side::Station, &format!("[3,\"{}\",{{\"status\":\"Accepted\"}}]", id_of(&own[0])));
    assert_eq!(sent(&mut relay, Side::Station), ["[2,\"b\",\"ClearCache\",{}]"]);
}

#[test]
fn ws_30_a_late_answer_to_a_call_of_its_own_goes_nowhere() {
    let mut relay = relay(V16);
    let call = relay.call(at(1), Side::Station, &v16::ClearCacheRequest::new()).unwrap();
    let id = id_of(&sent(&mut relay, Side::Station)[0]);
    says(&mut relay, Side::Csms, "[2,\"b\",\"ClearCache\",{}]");
    assert_eq!(relay.poll_timeout(), Some(at(21)));
    relay.handle_input(at(21), Side::Station, Input::Timeout);
    assert_eq!(events(&mut relay), [RelayEvent::Answer { call, outcome: Err(CallFailure::Timeout) }]);
    assert_eq!(sent(&mut relay, Side::Station), ["[2,\"b\",\"ClearCache\",{}]"], "what waited for it goes on");
    says(&mut relay, Side::Station, &format!("[3,\"{id}\",{{\"status\":\"Accepted\"}}]"));
    assert_eq!(sent(&mut relay, Side::Csms), [""; 0]);
    let dropped = events(&mut relay);
    let late = matches!(&dropped[..], [RelayEvent::Dropped { anomaly: Anomaly::Unmatched { late: true, .. }, .. }]);
    assert!(late, "{dropped:?}");
}

#[test]
fn a_relayed_call_that_nobody_answers_does_not_keep_its_own_waiting_for_ever() {
    let mut relay = relay(V16);
    says(&mut relay, Side::Csms, "[2,\"a\",\"ClearCache\",{}]");
    sent(&mut relay, Side::Station);
    relay.handle_input(at(20), Side::Station, Input::Timeout);
    relay.call(at(20), Side::Station, &v16::ClearCacheRequest::new()).unwrap();
    assert_eq!(sent(&mut relay, Side::Station), [""; 0]);
    relay.handle_input(at(31), Side::Station, Input::Timeout);
    assert_eq!(sent(&mut relay, Side::Station).len(), 1);
}

#[test]
fn a_call_that_is_not_for_that_side_or_link_is_refused() {
    let mut relay = relay(V201);
    let refused = relay.call(at(1), Side::Csms, &v201::ClearCacheRequest::new());
    assert!(matches!(refused, Err(CallRefused::OtherSide(_))), "{refused:?}");
    let refused = relay.call(at(1), Side::Station, &v16::ClearCacheRequest::new());
    assert!(matches!(refused, Err(CallRefused::OtherVersion { .. })), "{refused:?}");
    for _ in 0..17 {
        relay.call(at(1), Side::Station, &v201::ClearCacheRequest::new()).unwrap();
    }
    let refused = relay.call(at(1), Side::Station, &v201::ClearCacheRequest::new());
    assert!(matches!(refused, Err(CallRefused::QueueFull(16))), "{refused:?}");
    relay.handle_input(at(2), Side::Station, Input::LinkDown);
    let ended = events(&mut relay);
    let lost = |sent| move |event: &&RelayEvent| matches!(event, RelayEvent::Answer { outcome: Err(CallFailure::ConnectionLost { sent: was }), .. } if *was == sent);
    assert_eq!((ended.iter().filter(lost(true)).count(), ended.iter().filter(lost(false)).count()), (1, 16));
    let refused = relay.call(at(2), Side::Station, &v201::ClearCacheRequest::new());
    assert!(matches!(refused, Err(CallRefused::NotConnected)), "{refused:?}");
}

#[test]
fn rpc_28_an_invalid_answer_to_a_call_of_its_own_is_refused_in_2_1_by_the_relay_itself() {
    for version in [V201, V21] {
        let mut relay = relay(version);
        match version {
            Version::V201 => relay.call(at(1), Side::Station, &v201::ClearCacheRequest::new()),
            _ => relay.call(at(1), Side::Station, &v21::ClearCacheRequest::new()),
        }
        .unwrap();
        let id = id_of(&sent(&mut relay, Side::Station)[0]);
        says(&mut relay, Side::Station, &format!("[3,\"{id}\",{{\"status\":[]}}]"));
        let refusal = sent(&mut relay, Side::Station);
        assert_eq!(refusal.len(), usize::from(version == V21), "{refusal:?}");
        assert!(refusal.iter().all(|text| text.starts_with(&format!("[5,\"{id}\",\"TypeConstraintViolation\""))));
        let ended = events(&mut relay);
        let [RelayEvent::Answer { outcome: Err(CallFailure::InvalidResponse(_)), .. }] = &ended[..] else {
            panic!("{ended:?}")
        };
        assert_eq!(sent(&mut relay, Side::Csms), [""; 0]);
    }
}

#[test]
fn a_side_that_does_not_read_slows_the_other_and_nothing_piles_up() {
    let mut relay = relay(V16);
    let mut taken = 0;
    while relay.may_read(Side::Station) {
        says(&mut relay, Side::Station, "[2,\"1\",\"Heartbeat\",{}]");
        taken += 1;
    }
    assert_eq!(taken, 32);
    assert!(relay.may_read(Side::Csms));
    sent(&mut relay, Side::Csms);
    assert!(relay.may_read(Side::Station));
    for _ in 0..2000 {
        says(&mut relay, Side::Station, "[2,\"1\",\"Heartbeat\",{}]");
    }
    assert!(sent(&mut relay, Side::Station)[0].starts_with(&format!("close {}", CloseCode::POLICY)));
    assert_eq!(sent(&mut relay, Side::Csms).len(), 1024 + 1, "and the close");
}

#[test]
fn what_is_held_back_for_a_call_of_its_own_does_not_pile_up_either() {
    let mut relay = relay(V16);
    relay.call(at(1), Side::Csms, &v16::HeartbeatRequest::new()).unwrap();
    let own = id_of(&sent(&mut relay, Side::Csms)[0]);
    for _ in 0..2000 {
        says(&mut relay, Side::Station, "[2,\"1\",\"Heartbeat\",{}]");
    }
    // its answer is taken all the same
    says(&mut relay, Side::Csms, &format!("[3,\"{own}\",{{\"currentTime\":\"2026-03-01T10:00:00Z\"}}]"));
    assert!(matches!(&events(&mut relay)[..], [RelayEvent::Answer { outcome: Ok(_), .. }]));
    assert_eq!(sent(&mut relay, Side::Csms).len(), 1024 + 1);
}

/// Whatever the answer to a call of its own is, the call ends, and nobody else sees it.
#[test]
fn ws_30_every_answer_to_a_call_of_its_own_ends_it() {
    for answer in ["[3,ID]", "[4,ID]", "[4,ID,7]", "[3,ID,{},1,2]", "[3,ID,{\"status\":}]", "[3,ID,[]]"] {
        let mut relay = relay(V21);
        let call = relay.call(at(1), Side::Station, &v21::ClearCacheRequest::new()).unwrap();
        let id = id_of(&sent(&mut relay, Side::Station)[0]);
        says(&mut relay, Side::Station, &answer.replace("ID", &format!("\"{id}\"")));
        let ended = events(&mut relay);
        assert!(
            matches!(&ended[..], [RelayEvent::Answer { call: over, outcome: Err(_) }] if *over == call),
            "{ended:?}"
        );
        assert_eq!(sent(&mut relay, Side::Csms), [""; 0], "{answer}");
    }
}

/// Rule RPC-20: also for a call that its receiver will refuse.
#[test]
fn ws_30_rpc_20_a_malformed_call_that_was_held_back_is_a_call() {
    let mut relay = relay(V16);
    relay.call(at(1), Side::Station, &v16::ClearCacheRequest::new()).unwrap();
    let own = id_of(&sent(&mut relay, Side::Station)[0]);
    relay.call(at(1), Side::Station, &v16::ClearCacheRequest::new()).unwrap();
    says(&mut relay, Side::Csms, "[2,\"b\",\"ClearCache\"]");
    says(&mut relay, Side::Station, &format!("[3,\"{own}\",{{\"status\":\"Accepted\"}}]"));
    assert_eq!(sent(&mut relay, Side::Station), ["[2,\"b\",\"ClearCache\"]"], "the second own call waits");
    says(&mut relay, Side::Station, "[4,\"b\",\"FormationViolation\",\"\",{}]");
    assert_eq!(sent(&mut relay, Side::Station).len(), 1);
}

proptest! {
    /// Whatever comes in whatever order: what is relayed arrives once, in order and unchanged, and every own call ends once.
    #[test]
    fn ws_30_nothing_is_lost_changed_or_told_twice(steps in proptest::collection::vec((0..6_u8, 0..4_u64), 1..80)) {
        let mut relay = relay(V16);
        let (mut now, mut calls, mut ended) = (1, 0_usize, 0_usize);
        let (mut expected, mut arrived) = (Vec::new(), Vec::new());
        let mut own = Vec::new();
        let collect = |relay: &mut Relay, arrived: &mut Vec<String>, own: &mut Vec<String>| {
            for text in sent(relay, Side::Station) {
                if text.contains("ClearCache") { own.push(id_of(&text)) } else { arrived.push(text) }
            }
        };
        for (number, (step, wait)) in steps.into_iter().enumerate() {
            now += wait;
            match step {
                0 | 1 => {
                    let text = format!("[2, \"{number}\",\"Reset\",{{}}]");
                    relay.handle_input(at(now), Side::Csms, Input::Text(&text));
                    expected.push(text);
                }
                2 => calls += usize::from(relay.call(at(now), Side::Station, &v16::ClearCacheRequest::new()).is_ok()),
                3 => {
                    if let Some(id) = own.pop() {
                        let text = format!("[3,\"{id}\",{{\"status\":\"Accepted\"}}]");
                        relay.handle_input(at(now), Side::Station, Input::Text(&text));
                    }
                }
                4 => relay.handle_input(at(now), Side::Station, Input::Timeout),
                _ => collect(&mut relay, &mut arrived, &mut own),
            }
            ended += events(&mut relay).iter().filter(|event| matches!(event, RelayEvent::Answer { .. })).count();
        }
        for _ in 0..200 {
            now += 10;
            relay.handle_input(at(now), Side::Station, Input::Timeout);
            collect(&mut relay, &mut arrived, &mut own);
            ended += events(&mut relay).iter().filter(|event| matches!(event, RelayEvent::Answer { .. })).count();
        }
        prop_assert_eq!(arrived, expected);
        prop_assert_eq!(ended, calls);
        prop_assert_eq!(sent(&mut relay, Side::Csms), [""; 0]);
        prop_assert_eq!(relay.poll_timeout(), None::<Instant>);
    }
}

#[test]
fn a_relay_that_is_closed_closes_both_sides_once() {
    let mut relay = relay(V16);
    relay.close(CloseCode::NORMAL, "enough");
    relay.close(CloseCode::RESTART, "again");
    for side in [Side::Station, Side::Csms] {
        assert_eq!(sent(&mut relay, side), ["close 1000 enough"]);
    }
}

#[test]
fn calls_of_its_own_have_names_of_their_own_and_the_first_to_be_over_is_the_next_to_look_at() {
    let mut relay = relay(V16);
    let first = relay.call(at(1), Side::Csms, &v16::HeartbeatRequest::new()).unwrap();
    let second = relay.call(at(5), Side::Station, &v16::ClearCacheRequest::new()).unwrap();
    assert_ne!(first, second);
    assert_eq!(relay.poll_timeout(), Some(at(21)));
    relay.handle_input(at(21), Side::Station, Input::Timeout);
    assert_eq!(relay.poll_timeout(), Some(at(25)));
}
