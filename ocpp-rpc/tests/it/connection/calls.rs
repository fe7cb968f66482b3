//! Calls of this side: one at a time, in order of importance, each with one end.

use ocpp_rpc::{
    Anomaly, CallFailure, CallOptions, CallRefused, Class, Connection, ConnectionConfig, CsmsCall, ErrorCode, Event,
    Input, Instant, InvalidResponse, Machine, MessageIds, StationCall, StationNotice,
};
use ocpp_types::DecodePolicy::Enforce;
use ocpp_types::{Version, v16, v21, v201};

use super::*;

/// A call of this class that can be told apart.
fn marked(station: &mut Connection<CsmsCall>, class: Class, mark: &str) -> Result<(), CallRefused> {
    let request = v16::DataTransferRequest::new(mark);
    station.call_with(START, &request, CallOptions::of(class)).map(drop)
}

/// The mark of a call that was sent.
fn mark_of(frame: &str) -> String {
    frame.split("\"vendorId\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Answers whatever is out until nothing more is sent; gives the marks in the order they were sent.
fn drained(station: &mut Connection<CsmsCall>) -> Vec<String> {
    let mut marks = Vec::new();
    let mut out = sent(station);
    while let Some(frame) = out.pop() {
        marks.push(mark_of(&frame));
        out = feed(station, START, &format!("[3,\"{}\",{{\"status\":\"Accepted\"}}]", id_of(&frame)));
    }
    marks
}

#[test]
fn rpc_20_one_call_is_out_at_a_time_and_others_wait() {
    let mut station = station(Version::V201);
    let first = heartbeat(&mut station, START);
    let _ = station.call(START, &v201::HeartbeatRequest::new()).unwrap();
    assert_eq!((sent(&mut station), station.queued()), (vec![], 1));
    let second = feed(&mut station, START, &time_for(&first));
    assert_eq!((second.len(), station.queued()), (1, 0));
    assert_ne!(id_of(&second[0]), first);
    // a refusal and a timeout free the slot as well
    let _ = station.call(START, &v201::HeartbeatRequest::new()).unwrap();
    let refusal = format!(r#"[4,"{}","GenericError","",{{}}]"#, id_of(&second[0]));
    assert_eq!(feed(&mut station, START, &refusal).len(), 1);
    let _ = station.call(START, &v201::HeartbeatRequest::new()).unwrap();
    station.handle_input(START + seconds(30), Input::Timeout);
    assert_eq!(sent(&mut station).len(), 1);
}

#[test]
fn rpc_21_calls_of_both_sides_cross() {
    let mut station = station(Version::V16);
    let out = heartbeat(&mut station, START);
    station.handle_input(START, Input::Text(r#"[2,"r","Reset",{"type":"Hard"}]"#));
    let (call, responder) = request(&mut station).into_parts();
    let CsmsCall::V16(v16::CsmsCall::Reset(reset)) = *call else { panic!() };
    station.reply(START, responder.of(&reset), Ok(v16::ResetResponse::new(v16::ResetStatus::Rejected))).unwrap();
    assert_eq!(sent_one(&mut station), r#"[3,"r",{"status":"Rejected"}]"#);
    assert!(station.is_waiting());
    feed(&mut station, START, &time_for(&out));
    assert!(answer(&mut station).failure().is_none());
}

#[test]
fn rpc_22_the_limit_is_one_per_connection() {
    let (mut one, mut other) = (csms(Version::V16), csms(Version::V16));
    for csms in [&mut one, &mut other] {
        let _ = csms.call(START, &v16::ClearCacheRequest::new()).unwrap();
        assert_eq!(sent(csms).len(), 1);
    }
}

#[test]
fn rpc_23_e3_a_call_times_out_exactly_at_its_limit_and_the_next_goes_out() {
    let mut station = station(Version::V16);
    let first = heartbeat(&mut station, START);
    let _ = station.call(START, &v16::HeartbeatRequest::new()).unwrap();
    let due = START + seconds(30);
    assert_eq!(station.poll_timeout(), Some(due));
    station.handle_input(Instant::from_nanos(due.as_nanos() - 1), Input::Timeout);
    assert_eq!((sent(&mut station).len(), events(&mut station).len()), (0, 0));
    station.handle_input(due, Input::Timeout);
    assert_eq!(failure(&mut station), CallFailure::Timeout);
    let second = id_of(&sent_one(&mut station));
    // the late answer changes nothing
    feed(&mut station, due, &time_for(&first));
    assert_eq!(anomalies(&mut station), [Anomaly::Unmatched { message_type: 3, id: first, late: true }]);
    feed(&mut station, due, &time_for(&second));
    assert!(answer(&mut station).failure().is_none());
    assert_eq!((station.counters().timeouts, station.counters().unmatched), (1, 1));
}

#[test]
fn rpc_23_a_call_may_have_its_own_timeout_and_a_deadline_that_counts_the_waiting() {
    let mut station = station(Version::V16);
    let short = CallOptions::default().timeout(seconds(5));
    let _ = station.call_with(START, &v16::HeartbeatRequest::new(), short).unwrap();
    let bounded = CallOptions::default().deadline(START + seconds(3));
    let _ = station.call_with(START, &v16::HeartbeatRequest::new(), bounded).unwrap();
    sent(&mut station);
    assert_eq!(station.poll_timeout(), Some(START + seconds(3)));
    station.handle_input(START + seconds(3), Input::Timeout);
    assert_eq!(failure(&mut station), CallFailure::Expired);
    assert_eq!(station.poll_timeout(), Some(START + seconds(5)));
    station.handle_input(START + seconds(5), Input::Timeout);
    assert_eq!(failure(&mut station), CallFailure::Timeout);
    // nothing is sent when it is too late already
    let over = CallOptions::default().deadline(START + seconds(5));
    let _ = station.call_with(START + seconds(5), &v16::HeartbeatRequest::new(), over).unwrap();
    assert_eq!((failure(&mut station), sent(&mut station)), (CallFailure::Expired, vec![]));
    // one that is out ends at its deadline, too
    let bounded = CallOptions::default().deadline(START + seconds(6));
    let _ = station.call_with(START + seconds(5), &v16::HeartbeatRequest::new(), bounded).unwrap();
    assert_eq!(station.poll_timeout(), Some(START + seconds(6)));
}

#[test]
fn rpc_24_calls_without_answer_in_a_row_ask_for_the_link_to_be_closed() {
    let mut station = station(Version::V201);
    heartbeat(&mut station, START);
    station.handle_input(START + seconds(30), Input::Timeout);
    let second = heartbeat(&mut station, START + seconds(30));
    feed(&mut station, START + seconds(31), &time_for(&second));
    // an answer in between: the count starts anew
    for second in [40, 70] {
        heartbeat(&mut station, START + seconds(second));
        assert_eq!(sent(&mut station), [""; 0]);
        station.handle_input(START + seconds(second + 30), Input::Timeout);
    }
    assert_eq!(sent_one(&mut station), "close 1001 calls are not answered");
    assert!(matches!(events(&mut station).last(), Some(Event::Closing { .. })));
    assert_eq!(station.call(START, &v201::HeartbeatRequest::new()).unwrap_err(), CallRefused::NotConnected);

    let mut patient = station_with(Version::V201, |config| config.timeouts_until_close = 0);
    for second in 0..10 {
        heartbeat(&mut patient, START + seconds(100 * second));
        patient.handle_input(START + seconds(100 * second + 30), Input::Timeout);
        assert_eq!(sent(&mut patient), [""; 0]);
    }
}

#[test]
fn rpc_25_c12_answers_that_no_call_waits_for_are_dropped_and_counted() {
    let mut station = station(Version::V16);
    let out = heartbeat(&mut station, START);
    for text in [
        r#"[3,"other",{}]"#,
        r#"[4,"other","GenericError","",{}]"#,
        r#"[3,"-1",{}]"#,
        r#"[4,"-1","GenericError","",{}]"#,
    ] {
        assert_eq!(feed(&mut station, START, text), [""; 0]);
        assert!(matches!(anomalies(&mut station)[..], [Anomaly::Unmatched { late: false, .. }]));
    }
    assert_eq!((station.counters().unmatched, station.is_waiting()), (4, true));
    feed(&mut station, START, &time_for(&out));
    assert!(answer(&mut station).failure().is_none());
}

/// A late answer credited to the next call is how transactions get the wrong id.
#[test]
fn rpc_25_a_late_answer_is_not_credited_to_the_next_call() {
    let mut station = station(Version::V16);
    let first = heartbeat(&mut station, START);
    station.handle_input(START + seconds(30), Input::Timeout);
    assert_eq!(failure(&mut station), CallFailure::Timeout);
    let second = heartbeat(&mut station, START + seconds(31));
    for late in [time_for(&first), format!(r#"[4,"{first}","InternalError","",{{}}]"#)] {
        feed(&mut station, START + seconds(32), &late);
        assert!(matches!(&anomalies(&mut station)[..], [Anomaly::Unmatched { late: true, id, .. }] if *id == first));
    }
    feed(&mut station, START + seconds(33), &time_for(&second));
    assert!(answer(&mut station).failure().is_none());
}

#[test]
fn c13_an_answer_before_the_call_was_handed_out_is_dropped() {
    let mut station = station(Version::V201);
    let options = CallOptions::default().id("known");
    let _ = station.call_with(START, &v201::HeartbeatRequest::new(), options).unwrap();
    station.handle_input(START, Input::Text(&time_for("known")));
    assert!(matches!(anomalies(&mut station)[..], [Anomaly::Unmatched { .. }]));
    assert_eq!(sent(&mut station).len(), 1);
    feed(&mut station, START, &time_for("known"));
    assert!(answer(&mut station).failure().is_none());
}

#[test]
fn c14_the_second_of_two_answers_is_dropped() {
    let mut station = station(Version::V16);
    let out = heartbeat(&mut station, START);
    feed(&mut station, START, &time_for(&out));
    assert!(answer(&mut station).failure().is_none());
    feed(&mut station, START, &format!(r#"[4,"{out}","GenericError","",{{}}]"#));
    assert_eq!(anomalies(&mut station), [Anomaly::Unmatched { message_type: 4, id: out, late: true }]);
}

#[test]
fn rpc_26_a_refusal_reaches_the_caller_with_its_own_words() {
    let mut station = station(Version::V16);
    let out = heartbeat(&mut station, START);
    feed(&mut station, START, &format!(r#"[4,"{out}","Foo","not \"now\"",{{"a":1}}]"#));
    let CallFailure::Refused(error) = failure(&mut station) else { panic!() };
    assert_eq!(error.code, ErrorCode::Unrecognized("Foo".into()));
    assert_eq!(
        (error.code_text(), &*error.description, error.details.as_deref()),
        ("Foo", "not \"now\"", Some("{\"a\":1}"))
    );
    assert_eq!(error.to_string(), r#"Foo: not \"now\""#);
}

/// Rule RPC-60, row C16.
#[test]
fn rpc_60_a_code_keeps_the_spelling_it_came_in() {
    for code in ["OccurenceConstraintViolation", "OccurrenceConstraintViolation"] {
        let mut station = station(Version::V16);
        let out = heartbeat(&mut station, START);
        feed(&mut station, START, &format!(r#"[4,"{out}","{code}","",{{}}]"#));
        let CallFailure::Refused(error) = failure(&mut station) else { panic!() };
        assert_eq!((error.code.clone(), error.code_text()), (ErrorCode::OccurrenceConstraintViolation, code));
    }
}

#[test]
fn rpc_27_38_an_invalid_result_fails_the_call_and_is_not_answered_before_2_1() {
    for version in [Version::V16, Version::V201] {
        let mut station = station(version);
        let out = heartbeat(&mut station, START);
        assert_eq!(feed(&mut station, START, &format!("[3,\"{out}\",{{}}]")), [""; 0]);
        let failure = failure(&mut station);
        assert!(matches!(failure, CallFailure::InvalidResponse(InvalidResponse::Payload(_))), "{failure}");
        assert_eq!(station.counters().invalid_responses, 1);
    }
}

#[test]
fn rpc_28_an_invalid_result_is_refused_in_2_1_and_a_refused_result_is_told() {
    let mut station = station(Version::V21);
    let out = heartbeat(&mut station, START);
    let refusal = feed(&mut station, START, &format!("[3,\"{out}\",{{}}]"));
    assert!(refusal[0].starts_with(&format!("[5,\"{out}\",\"OccurrenceConstraintViolation\",")));
    assert!(matches!(failure(&mut station), CallFailure::InvalidResponse(_)));

    let mut csms = csms(Version::V21);
    assert_eq!(feed(&mut csms, START, &refusal[0]), [""; 0]);
    let Some(Event::ResultRefused { id, error }) = csms.poll_event() else { panic!() };
    assert_eq!((id, error.code), (out, ErrorCode::OccurrenceConstraintViolation));
}

/// The station half; for a lost link see `link`. Row C1.
#[test]
fn c1_an_answer_cut_off_fails_its_call_at_once() {
    for rest in ["{\"currentTime\":\"2026-", "{\"currentTime\"", ""] {
        let mut station = station(Version::V201);
        let out = heartbeat(&mut station, START);
        assert_eq!(feed(&mut station, START, &format!("[3,\"{out}\",{rest}")), [""; 0]);
        let failure = events(&mut station);
        let Some(Event::Answer(answer)) = failure.first() else { panic!("{failure:?}") };
        assert!(matches!(answer.failure(), Some(CallFailure::InvalidResponse(InvalidResponse::Frame(_)))));
        assert!(!station.is_waiting());
    }
}

#[test]
fn rpc_05_a_retry_on_the_same_link_has_another_id_in_1_6() {
    let mut station = station(Version::V16);
    let first = heartbeat(&mut station, START);
    station.handle_input(START + seconds(30), Input::Timeout);
    let again = CallOptions::default().id(&first);
    let _ = station.call_with(START, &v16::HeartbeatRequest::new(), again).unwrap();
    assert_ne!(id_of(&sent_one(&mut station)), first);
}

#[test]
fn rpc_06_ids_are_not_repeated_over_links_and_boots_unless_asked_for() {
    let mut seen = std::collections::BTreeSet::new();
    for boot in [0x1234_u128 << 64, 0x1235 << 64] {
        let mut station = Connection::<CsmsCall>::new(ConnectionConfig::station(), MessageIds::new(boot));
        for link in 0..10 {
            station.handle_input(START, Input::LinkUp(Version::V201));
            for _ in 0..1000 {
                let id = heartbeat(&mut station, START);
                assert!(id.len() <= 36);
                feed(&mut station, START, &time_for(&id));
                assert!(seen.insert(id), "link {link}");
            }
            station.handle_input(START, Input::LinkDown);
        }
    }
    let mut station = station(Version::V201);
    let first = heartbeat(&mut station, START);
    let again = CallOptions::default().id(&first);
    assert_eq!(station.call_with(START, &v201::HeartbeatRequest::new(), again).unwrap_err(), CallRefused::MessageId);
    station.handle_input(START + seconds(30), Input::Timeout);
    assert_eq!(failure(&mut station), CallFailure::Timeout);
    let _ = station.call_with(START, &v201::HeartbeatRequest::new(), again).unwrap();
    assert_eq!(id_of(&sent_one(&mut station)), first);
    // then the late answer to the first transmission is as good (rule RPC-25)
    feed(&mut station, START, &time_for(&first));
    assert!(answer(&mut station).failure().is_none());
    for bad in ["", "a\"b", "a\\b", "tab\t", &"x".repeat(37), "é"] {
        let refused = station.call_with(START, &v201::HeartbeatRequest::new(), CallOptions::default().id(bad));
        assert_eq!(refused.unwrap_err(), CallRefused::MessageId);
    }
}

#[test]
fn rpc_06_ids_are_counted() {
    let mut station = station(Version::V201);
    for count in 0..5000 {
        let id = heartbeat(&mut station, START);
        assert_eq!(id, format!("a00000000000000000000000-{count:x}"));
        feed(&mut station, START, &time_for(&id));
        assert!(answer(&mut station).failure().is_none());
    }
}

/// Rules RPC-08 and RPC-12 on the sending side.
#[test]
fn rpc_07_08_12_what_is_sent_has_no_null_and_times_in_utc() {
    let mut station = station(Version::V16);
    heartbeat(&mut station, START);
    station.handle_input(START, Input::LinkUp(Version::V16));
    let _ = station.call(START, &v16::HeartbeatRequest::new()).unwrap();
    assert!(sent_one(&mut station).ends_with(",\"Heartbeat\",{}]"));
    let time = "2026-03-01T11:15:30.5+01:00".parse::<ocpp_types::Timestamp>().unwrap();
    station.handle_input(START, Input::LinkUp(Version::V16));
    let _ = station.call(START, &v16::StopTransactionRequest::new(20, time, 7)).unwrap();
    let frame = sent_one(&mut station);
    assert!(frame.contains("\"timestamp\":\"2026-03-01T10:15:30.5") && !frame.contains("null"), "{frame}");
}

/// Rule RPC-13.
#[test]
fn rpc_13_id_tags_that_differ_in_letter_case_are_one() {
    let mut csms = csms(Version::V16);
    csms.handle_input(START, Input::Text(r#"[2,"1","Authorize",{"idTag":"AbC"}]"#));
    let (call, _responder) = request(&mut csms).into_parts();
    assert!(
        matches!(&*call, StationCall::V16(v16::StationCall::Authorize(request)) if request.id_tag == "aBc" && request.id_tag.as_str() == "AbC")
    );
}

#[test]
fn q_03_the_more_important_call_goes_first_and_transactions_are_not_starved() {
    let mut station = station(Version::V16);
    let _ = heartbeat(&mut station, START);
    for (class, mark) in [
        (Class::Transaction, "t1"),
        (Class::Transaction, "t2"),
        (Class::Normal, "n1"),
        (Class::Triggered, "g1"),
        (Class::Boot, "b1"),
        (Class::Normal, "n2"),
        (Class::Normal, "n3"),
        (Class::Normal, "n4"),
        (Class::Normal, "n5"),
    ] {
        marked(&mut station, class, mark).unwrap();
    }
    station.handle_input(START + seconds(30), Input::Timeout);
    assert_eq!(drained(&mut station), ["b1", "g1", "n1", "n2", "t1", "n3", "n4", "n5", "t2"]);
}

/// Rule Q-03: a boot waits for nothing, not even for the turn of a transaction.
#[test]
fn q_03_a_boot_passes_however_many_have_passed_before() {
    let mut station = station(Version::V16);
    let _ = heartbeat(&mut station, START);
    marked(&mut station, Class::Transaction, "t1").unwrap();
    for mark in ["n1", "n2", "n3", "n4"] {
        marked(&mut station, Class::Normal, mark).unwrap();
    }
    station.handle_input(START + seconds(30), Input::Timeout);
    let mut marks = Vec::new();
    for left in (0..4).rev() {
        let frame = sent(&mut station).pop().unwrap();
        if left == 0 {
            // the turn of the transaction would be next
            marked(&mut station, Class::Boot, "b1").unwrap();
        }
        marks.push(mark_of(&frame));
        station.handle_input(START, Input::Text(&format!("[3,\"{}\",{{\"status\":\"Accepted\"}}]", id_of(&frame))));
    }
    marks.extend(drained(&mut station));
    assert_eq!(marks, ["n1", "n2", "n3", "n4", "b1", "t1"]);
}

#[test]
fn e9_the_latest_of_the_least_important_gives_way() {
    let mut station = station_with(Version::V16, |config| config.max_queued = 3);
    heartbeat(&mut station, START);
    for (class, mark) in [(Class::Normal, "n1"), (Class::Triggered, "g1"), (Class::Normal, "n2"), (Class::Boot, "b1")] {
        marked(&mut station, class, mark).unwrap();
    }
    station.handle_input(START + seconds(30), Input::Timeout);
    assert_eq!(drained(&mut station), ["b1", "g1", "n1"]);
}

#[test]
fn e9_a_full_queue_refuses_the_less_important_and_never_drops_a_transaction() {
    let mut station = station_with(Version::V16, |config| config.max_queued = 3);
    heartbeat(&mut station, START);
    for mark in ["n1", "n2", "n3"] {
        marked(&mut station, Class::Normal, mark).unwrap();
    }
    assert_eq!(marked(&mut station, Class::Normal, "n4").unwrap_err(), CallRefused::QueueFull(3));
    marked(&mut station, Class::Transaction, "t1").unwrap();
    assert_eq!(failure(&mut station), CallFailure::Displaced);
    marked(&mut station, Class::Boot, "b1").unwrap();
    assert_eq!(failure(&mut station), CallFailure::Displaced);
    marked(&mut station, Class::Transaction, "t2").unwrap();
    assert_eq!(failure(&mut station), CallFailure::Displaced);
    // nothing less important is left
    for class in [Class::Normal, Class::Triggered, Class::Transaction, Class::Boot] {
        assert_eq!(marked(&mut station, class, "x").unwrap_err(), CallRefused::QueueFull(3));
    }
    station.handle_input(START + seconds(30), Input::Timeout);
    assert_eq!(drained(&mut station), ["b1", "t1", "t2"]);
}

#[test]
fn a_call_that_is_taken_back_ends_once_and_keeps_its_slot_while_the_peer_is_busy() {
    let mut station = station(Version::V16);
    let out = station.call(START, &v16::HeartbeatRequest::new()).unwrap();
    let waiting = station.call(START, &v16::HeartbeatRequest::new()).unwrap();
    let last = station.call(START, &v16::HeartbeatRequest::new()).unwrap();
    let id = id_of(&sent_one(&mut station));
    assert!(station.cancel(START, waiting.key()));
    assert_eq!(failure(&mut station), CallFailure::Cancelled { sent: false });
    assert!(station.cancel(START, out.key()) && !station.cancel(START, out.key()));
    assert_eq!(failure(&mut station), CallFailure::Cancelled { sent: true });
    assert_eq!(sent(&mut station), [""; 0]);
    let third = feed(&mut station, START, &time_for(&id));
    assert_eq!((third.len(), events(&mut station).len()), (1, 0));
    feed(&mut station, START, &time_for(&id_of(&third[0])));
    assert!(answer(&mut station).claim(last).is_ok());
    assert!(!station.cancel(START, last.key()));
}

#[test]
fn what_is_sent_is_checked_too() {
    let mut station = station(Version::V16);
    let long = v16::AuthorizeRequest::new("0123456789012345678901");
    assert!(matches!(station.call(START, &long), Err(CallRefused::Payload(_))));
    let other = station.call(START, &v201::HeartbeatRequest::new()).unwrap_err();
    assert_eq!(other, CallRefused::OtherVersion { message: Version::V201, link: Version::V16 });
    let misdirected = station.call(START, &v16::ClearCacheRequest::new()).unwrap_err();
    assert_eq!(misdirected, CallRefused::OtherSide(Version::V16));
    assert_eq!((sent(&mut station), events(&mut station).len()), (vec![], 0));
    let mut small = station_with(Version::V16, |config| config.max_sent_bytes = 60);
    assert!(small.call(START, &v16::HeartbeatRequest::new()).is_ok());
    assert!(matches!(
        small.call(START, &v16::AuthorizeRequest::new("04A1B2C3D4")),
        Err(CallRefused::TooLarge { max: 60, .. })
    ));
}

#[test]
fn a_tool_calls_by_action_and_json() {
    let mut csms = csms(Version::V201);
    let key = csms.call_raw(START, "Reset", r#"{"type":"Immediate"}"#, CallOptions::default()).unwrap();
    let frame = sent_one(&mut csms);
    assert!(frame.ends_with(r#","Reset",{"type":"Immediate"}]"#));
    feed(&mut csms, START, &format!(r#"[3,"{}",{{"status":"Scheduled"}}]"#, id_of(&frame)));
    let answer = answer(&mut csms);
    assert_eq!((answer.key(), answer.action()), (key, "Reset"));
    let answer = answer.into_outcome::<v201::ResetRequest>().unwrap_err();
    assert_eq!(answer.into_raw().unwrap().unwrap(), r#"{"status":"Scheduled"}"#);

    let refused = |csms: &mut Connection<StationCall>, action, payload| {
        csms.call_raw(START, action, payload, CallOptions::default())
    };
    assert!(matches!(refused(&mut csms, "Reset", r#"{"type":7}"#), Err(CallRefused::RawPayload(_))));
    assert!(matches!(refused(&mut csms, "Reset", "{"), Err(CallRefused::RawPayload(_))));
    for action in ["Foo", "Heartbeat", "reset"] {
        assert_eq!(refused(&mut csms, action, "{}"), Err(CallRefused::OtherSide(Version::V201)));
    }
    // the answer is checked as well
    csms.call_raw(START, "Reset", r#"{"type":"Immediate"}"#, CallOptions::default()).unwrap();
    let frame = sent_one(&mut csms);
    feed(&mut csms, START, &format!(r#"[3,"{}",[]]"#, id_of(&frame)));
    assert!(matches!(failure(&mut csms), CallFailure::InvalidResponse(_)));
}

#[test]
fn rpc_14_a_notice_goes_out_while_a_call_is_out_and_is_not_answered() {
    let json = r#"{"data":[{"t":0,"v":"1.5"}],"id":1,"pending":0,"basetime":"2026-03-01T10:15:30Z"}"#;
    let notice = ocpp_types::decode::<v21::NotifyPeriodicEventStream>(json, Enforce).unwrap().value;
    let (mut station, mut csms) = (station(Version::V21), csms(Version::V21));
    heartbeat(&mut station, START);
    station.notify(START, &notice).unwrap();
    let frame = sent_one(&mut station);
    assert!(
        frame.starts_with("[6,\"") && frame.ends_with(&format!("\"NotifyPeriodicEventStream\",{json}]")),
        "{frame}"
    );
    assert_eq!(feed(&mut csms, START, &frame), [""; 0]);
    let Some(Event::Notice(StationNotice::NotifyPeriodicEventStream(found))) = csms.poll_event() else { panic!() };
    assert_eq!(*found, notice);
    for bad in [frame.replace(":1,", ":\"x\","), frame.replace("Notify", "Foo"), r#"[6,"1","Heartbeat",{}]"#.into()] {
        assert_eq!(feed(&mut csms, START, &bad), [""; 0]);
        assert!(matches!(anomalies(&mut csms)[..], [Anomaly::NoticeDropped { .. }]));
    }
    assert_eq!(csms.counters().notices_dropped, 3);
}

#[test]
fn rpc_02_a_notice_cannot_be_sent_before_2_1() {
    let json = r#"{"data":[{"t":0,"v":"1.5"}],"id":1,"pending":0,"basetime":"2026-03-01T10:15:30Z"}"#;
    let notice = ocpp_types::decode::<v21::NotifyPeriodicEventStream>(json, Enforce).unwrap().value;
    for version in [Version::V16, Version::V201] {
        let mut station = station(version);
        let refused = station.notify(START, &notice).unwrap_err();
        assert_eq!(refused, CallRefused::OtherVersion { message: Version::V21, link: version });
        assert_eq!(sent(&mut station), [""; 0]);
    }
}
