//! The link comes and goes, is slow, or carries what is no OCPP.

use ocpp_rpc::{
    Anomaly, CallError, CallFailure, CallRefused, CloseCode, Connection, ConnectionConfig, CsmsCall, Event, Input,
    Machine, MessageIds, OnBinary, ReplyRefused, StationCall,
};
use ocpp_types::{Version, v16, v201};

use super::*;

#[test]
fn rpc_01_a_binary_message_is_counted_and_has_no_answer() {
    let mut csms = csms(Version::V16);
    csms.handle_input(START, Input::Binary);
    assert_eq!((sent(&mut csms), csms.counters().binary), (vec![], 1));
    assert_eq!(anomalies(&mut csms), [Anomaly::Binary]);
    let mut strict = csms_with(Version::V16, |config| config.on_binary = OnBinary::Close);
    strict.handle_input(START, Input::Binary);
    assert_eq!(sent(&mut strict), ["close 1003 binary message"]);
}

#[test]
fn rpc_32_e4_a_lost_link_fails_calls_and_says_whether_they_were_sent() {
    let mut station = station(Version::V16);
    let out = station.call(START, &v16::HeartbeatRequest::new()).unwrap();
    sent(&mut station);
    let waiting = station.call(START, &v16::HeartbeatRequest::new()).unwrap();
    station.handle_input(START, Input::LinkDown);
    let mut ends = events(&mut station).into_iter().map(|event| match event {
        Event::Answer(answer) => (answer.key(), answer.failure().unwrap().clone()),
        other => panic!("{other:?}"),
    });
    assert_eq!(ends.next(), Some((out.key(), CallFailure::ConnectionLost { sent: true })));
    assert_eq!(ends.next(), Some((waiting.key(), CallFailure::ConnectionLost { sent: false })));
    assert_eq!(ends.next(), None);
    assert_eq!(station.poll_timeout(), None);
    assert_eq!(station.call(START, &v16::HeartbeatRequest::new()).unwrap_err(), CallRefused::NotConnected);
}

/// Not handed out yet is not sent: whether to try again is then no question.
#[test]
fn rpc_32_a_call_that_never_left_was_not_sent() {
    let mut station = station(Version::V16);
    let _ = station.call(START, &v16::HeartbeatRequest::new()).unwrap();
    station.handle_input(START, Input::LinkDown);
    let failure = failure(&mut station);
    assert_eq!(failure, CallFailure::ConnectionLost { sent: false });
    assert!(!failure.may_have_arrived());
    station.handle_input(START, Input::LinkUp(Version::V16));
    assert_eq!(sent(&mut station), [""; 0]);
}

#[test]
fn rpc_32_answers_for_the_old_link_are_not_sent_on_the_new_one() {
    let mut csms = csms(Version::V16);
    csms.handle_input(START, Input::Text(r#"[2,"7","Heartbeat",{}]"#));
    let (_, old) = request(&mut csms).into_parts();
    csms.handle_input(START, Input::LinkDown);
    csms.handle_input(START, Input::LinkUp(Version::V16));
    // even with the same id under way
    csms.handle_input(START, Input::Text(r#"[2,"7","Heartbeat",{}]"#));
    let (_, new) = request(&mut csms).into_parts();
    assert_eq!(csms.refuse(START, old, CallError::not_supported()), Err(ReplyRefused::LinkGone));
    assert_eq!(sent(&mut csms), [""; 0]);
    csms.refuse(START, new, CallError::not_supported()).unwrap();
    assert_eq!(sent(&mut csms).len(), 1);
}

/// Rule RPC-30: the store of answers is that of the link.
#[test]
fn rpc_30_answers_are_not_kept_over_links() {
    let mut csms = csms(Version::V16);
    for _ in 0..2 {
        csms.handle_input(START, Input::LinkUp(Version::V16));
        csms.handle_input(START, Input::Text(r#"[2,"7","ClearCache",{}]"#));
        csms.handle_input(START, Input::Text(r#"[2,"8","Heartbeat",{}]"#));
        let calls = events(&mut csms).into_iter().filter(|event| matches!(event, Event::Call(_))).count();
        assert_eq!(calls, 1);
        sent(&mut csms);
    }
}

#[test]
fn rpc_25_an_answer_that_comes_on_the_next_link_is_dropped() {
    let mut station = station(Version::V16);
    let first = heartbeat(&mut station, START);
    station.handle_input(START, Input::LinkDown);
    assert_eq!(failure(&mut station), CallFailure::ConnectionLost { sent: true });
    station.handle_input(START, Input::LinkUp(Version::V16));
    let second = heartbeat(&mut station, START);
    feed(&mut station, START, &time_for(&first));
    assert!(matches!(anomalies(&mut station)[..], [Anomaly::Unmatched { late: true, .. }]));
    feed(&mut station, START, &time_for(&second));
    assert!(answer(&mut station).failure().is_none());
}

#[test]
fn a_new_link_without_the_end_of_the_old_one_ends_it() {
    let mut station = station(Version::V16);
    heartbeat(&mut station, START);
    station.handle_input(START, Input::LinkUp(Version::V201));
    assert_eq!(failure(&mut station), CallFailure::ConnectionLost { sent: true });
    assert_eq!(station.version(), Some(Version::V201));
}

/// Field need 15: the version is that of the link.
#[test]
fn the_version_may_change_from_link_to_link() {
    let mut csms = csms(Version::V16);
    csms.handle_input(START, Input::Text(r#"[2,"1","Heartbeat",{}]"#));
    assert_eq!(request(&mut csms).version(), Version::V16);
    csms.handle_input(START, Input::LinkDown);
    csms.handle_input(START, Input::LinkUp(Version::V201));
    csms.handle_input(START, Input::Text(r#"[2,"1","Heartbeat",{}]"#));
    assert_eq!(request(&mut csms).version(), Version::V201);
    assert!(csms.call(START, &v16::ClearCacheRequest::new()).is_err());
    assert!(csms.call(START, &v201::ClearCacheRequest::new()).is_ok());
}

#[test]
fn a_machine_of_one_version_closes_a_link_of_another() {
    let mut station = Connection::<v16::CsmsCall>::new(ConnectionConfig::station(), MessageIds::new(4));
    station.handle_input(START, Input::LinkUp(Version::V201));
    assert_eq!(sent(&mut station), ["close 1002 version not supported"]);
    assert!(matches!(events(&mut station)[..], [Event::Closing { code: CloseCode::PROTOCOL, .. }]));
    station.handle_input(START, Input::LinkDown);
    station.handle_input(START, Input::LinkUp(Version::V16));
    station.handle_input(START, Input::Text(r#"[2,"1","ClearCache",{}]"#));
    assert!(matches!(*request(&mut station).into_parts().0, v16::CsmsCall::ClearCache(_)));
}

#[test]
fn a_close_lets_what_waits_go_first() {
    let mut csms = csms(Version::V16);
    csms.handle_input(START, Input::Text(r#"[2,"7","Heartbeat",{}]"#));
    let (_, responder) = request(&mut csms).into_parts();
    csms.refuse(START, responder, CallError::security("unknown")).unwrap();
    csms.close(CloseCode::POLICY, "unknown station");
    csms.close(CloseCode::NORMAL, "too late to change that");
    assert_eq!(sent(&mut csms), [r#"[4,"7","SecurityError","unknown",{}]"#, "close 1008 unknown station"]);
    // rule CS-02: what comes afterwards is ignored
    assert_eq!(feed(&mut csms, START, r#"[2,"8","Heartbeat",{}]"#), [""; 0]);
    assert_eq!(events(&mut csms).len(), 0);
}

/// Row E5: the clock may stand still or leap; nothing is early, nothing comes twice.
#[test]
fn e5_a_clock_that_leaps_times_out_each_thing_once() {
    let mut station = station(Version::V16);
    heartbeat(&mut station, START);
    for _ in 0..100 {
        station.handle_input(START, Input::Timeout);
    }
    // a clock that went back is no reason to end anything
    station.handle_input(Instant::ZERO, Input::Timeout);
    assert_eq!(events(&mut station).len(), 0);
    for _ in 0..2 {
        station.handle_input(START + seconds(86_400), Input::Timeout);
    }
    assert_eq!(failure(&mut station), CallFailure::Timeout);
    // the end of time
    heartbeat(&mut station, Instant::from_nanos(u64::MAX - 1));
    station.handle_input(Instant::from_nanos(u64::MAX), Input::Timeout);
}

/// Row E11.
#[test]
fn e11_a_peer_that_does_not_read_is_cut_off() {
    let mut csms = csms_with(Version::V201, |config| config.max_unsent_bytes = 4096);
    let mut most = 0;
    for number in 0..1000 {
        csms.handle_input(START, Input::Text(&format!("[2,\"{number}\",\"Foo\",{{}}]")));
        csms.poll_event();
        most = most.max(number * usize::from(csms.version().is_some()));
    }
    assert!(most < 150, "{most}");
    assert_eq!(sent(&mut csms), ["close 1008 messages are not taken off the link"]);
}

#[test]
fn events_nobody_takes_out_are_counted_not_kept() {
    let mut csms = csms(Version::V16);
    for _ in 0..1000 {
        csms.handle_input(START, Input::Text(r#"[3,"x",{}]"#));
    }
    assert_eq!(csms.counters().events_lost, 1000 - 64);
    assert_eq!(events(&mut csms).len(), 64);
    csms.handle_input(START, Input::Text(r#"[3,"x",{}]"#));
    assert_eq!(events(&mut csms).len(), 1);
}

#[test]
fn a_connection_is_small() {
    let size = size_of::<Connection<StationCall>>();
    println!("Connection: {size} bytes, StationCall: {} bytes", size_of::<StationCall>());
    assert!(size <= 584, "{size} bytes");
    assert!(size_of::<Event<StationCall>>() <= 64);
    assert!(size_of::<Connection<CsmsCall>>() == size);
}

#[test]
fn nothing_of_a_payload_shows_in_debug() {
    let mut csms = csms(Version::V16);
    let secret = r#"[2,"1","DataTransfer",{"vendorId":"V","data":"hush"}]"#;
    assert!(!format!("{:?}", Input::Text(secret)).contains("hush"));
    csms.handle_input(START, Input::Text(secret));
    assert!(!format!("{csms:?}").contains("hush"));
    let incoming = request(&mut csms);
    assert!(!format!("{:?}", Event::Call(incoming)).contains("hush"));
    let mut request = v16::ChangeConfigurationRequest::new("AuthorizationKey", "hush");
    request.key = "AuthorizationKey".into();
    let _ = csms.call(START, &request).unwrap();
    let transmit = format!("{:?}", csms.poll_transmit());
    assert!(transmit.contains("bytes") && !transmit.contains("hush"));
    assert!(!format!("{:?}", MessageIds::new(0xfeed)).contains("deef"));
}
