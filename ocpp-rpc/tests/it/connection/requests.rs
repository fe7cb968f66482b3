//! Requests of the peer: each answered once, in time, with its own id.

use ocpp_rpc::{
    Anomaly, CallError, Connection, ErrorCode, Event, FrameRemark, Input, Machine, Mend, NotTaken, OnUnreadable,
    OnViolation, Raw, ReplyRefused, StationCall,
};
use ocpp_types::DecodePolicy::{Enforce, Repair};
use ocpp_types::{Version, v16, v201};

use super::*;

const HEARTBEAT: &str = r#"[2,"7","Heartbeat",{}]"#;

/// Answers the Heartbeat of 1.6 that waits.
fn answer_heartbeat(csms: &mut Connection<StationCall>, now: Instant) -> String {
    let taken = request(csms).take::<v16::HeartbeatRequest>(Enforce).unwrap();
    let time = "2026-03-01T10:15:30Z".parse::<ocpp_types::Timestamp>().unwrap();
    csms.reply(now, taken.replier, Ok(v16::HeartbeatResponse::new(time))).unwrap();
    sent_one(csms)
}

#[test]
fn rpc_04_an_answer_carries_the_id_byte_for_byte() {
    for id in [r#""7""#, r#""a b/\u0041\"""#, r#""ffffffff-ffff-ffff-ffff-ffffffffffff""#] {
        let mut csms = csms(Version::V16);
        csms.handle_input(START, Input::Text(&format!("[2, {id} ,\"Heartbeat\",{{}}]")));
        assert_eq!(answer_heartbeat(&mut csms, START), format!("[3,{id},{TIME}]"));
    }
}

/// Rows C7 and C8: what is outside the rules is tolerated where repair is the policy, and echoed as it came.
#[test]
fn c7_c8_odd_ids_are_echoed_and_flagged() {
    let long = format!("\"{}\"", "x".repeat(300));
    for (id, remark) in
        [("17", FrameRemark::NumericId), ("\"\"", FrameRemark::IdLength), (&long, FrameRemark::IdLength)]
    {
        let mut csms = csms(Version::V16);
        csms.handle_input(START, Input::Text(&format!("[2,{id},\"Heartbeat\",{{}}]")));
        let incoming = request(&mut csms);
        assert_eq!(incoming.frame_remarks(), [remark]);
        csms.refuse(START, incoming.into_parts().1, CallError::not_supported()).unwrap();
        assert_eq!(sent_one(&mut csms), format!("[4,{id},\"NotSupported\",\"\",{{}}]"));
    }
}

/// A stack that answers `[2,"id1","Heartbeat"]` must not pick the wrong element for the id; nor may it say nothing.
#[test]
fn rpc_49_50_a_malformed_call_is_answered_with_its_own_id() {
    for version in Version::ALL {
        let mut csms = csms(version);
        let answers = feed(&mut csms, START, r#"[2,"id1","Heartbeat"]"#);
        let code = if version == Version::V16 { "FormationViolation" } else { "RpcFrameworkError" };
        assert!(answers[0].starts_with(&format!("[4,\"id1\",\"{code}\",")), "{answers:?}");
        let answers = feed(&mut csms, START, r#"[2,"id2","Heartbeat",[]]"#);
        assert!(answers[0].starts_with("[4,\"id2\",\"Form"), "{answers:?}");
        assert_eq!(csms.counters().broken_frames, 1);
    }
}

/// Row C6: `[22,…]` and `[-2,…]` are no CALLs. Rules RPC-51, RPC-52, RPC-53.
#[test]
fn rpc_51_52_53_c6_numbers_near_2_are_not_taken_for_a_call() {
    for kind in ["22", "-2", "2.0", "\"2\"", "0", "1", "9"] {
        for version in Version::ALL {
            let mut csms = csms(version);
            let answers = feed(&mut csms, START, &format!("[{kind},\"1\",\"Heartbeat\",{{}}]"));
            assert!(matches!(anomalies(&mut csms)[..], [Anomaly::Frame(_)]));
            if version == Version::V201 {
                assert!(answers[0].starts_with(r#"[4,"1","MessageTypeNotSupported","#));
            } else {
                assert_eq!(answers, [""; 0], "{version} {kind}");
            }
        }
    }
}

/// Rows C17 and C18.
#[test]
fn c17_c18_types_of_2_1_are_unknown_before() {
    for text in [r#"[6,"1","NotifyPeriodicEventStream",{}]"#, r#"[5,"1","GenericError","",{}]"#] {
        assert_eq!(feed(&mut csms(Version::V16), START, text), [""; 0]);
        assert!(feed(&mut csms(Version::V201), START, text)[0].starts_with(r#"[4,"1","MessageTypeNotSupported","#));
    }
}

#[test]
fn rpc_29_c9_a_call_repeated_while_under_way_is_answered_once() {
    let mut csms = csms(Version::V16);
    csms.handle_input(START, Input::Text(HEARTBEAT));
    csms.handle_input(START, Input::Text(HEARTBEAT));
    let Some(Event::Call(incoming)) = csms.poll_event() else { panic!() };
    assert_eq!(anomalies(&mut csms), [Anomaly::Repeated { answered: false }]);
    csms.refuse(START, incoming.into_parts().1, CallError::internal("")).unwrap();
    assert_eq!(sent(&mut csms).len(), 1);
}

#[test]
fn rpc_29_c10_another_call_with_an_id_under_way_is_refused() {
    for (version, code) in
        [(Version::V16, "GenericError"), (Version::V201, "RpcFrameworkError"), (Version::V21, "RpcFrameworkError")]
    {
        let mut csms = csms(version);
        csms.handle_input(START, Input::Text(HEARTBEAT));
        let incoming = request(&mut csms);
        let other = feed(&mut csms, START, r#"[2,"7","DataTransfer",{"vendorId":"V"}]"#);
        assert!(other[0].starts_with(&format!("[4,\"7\",\"{code}\",")), "{other:?}");
        assert_eq!(anomalies(&mut csms), [Anomaly::IdReused]);
        csms.refuse(START, incoming.into_parts().1, CallError::not_supported()).unwrap();
        assert_eq!(sent_one(&mut csms), r#"[4,"7","NotSupported","",{}]"#);
    }
}

#[test]
fn rpc_30_c9_a_call_repeated_later_gets_the_same_answer_without_the_application() {
    let mut csms = csms(Version::V16);
    csms.handle_input(START, Input::Text(HEARTBEAT));
    let answer = answer_heartbeat(&mut csms, START);
    for _ in 0..3 {
        assert_eq!(feed(&mut csms, START + seconds(1), HEARTBEAT), [&*answer]);
        assert_eq!(anomalies(&mut csms), [Anomaly::Repeated { answered: true }]);
    }
    assert_eq!((csms.counters().calls_in, csms.counters().repeated), (1, 3));
}

/// Rules RPC-20, RPC-30: room is given back, not what waits in it.
#[test]
fn rpc_20_rpc_30_giving_back_room_loses_nothing() {
    let mut csms = csms(Version::V16);
    csms.handle_input(START, Input::Text(HEARTBEAT));
    let first = csms.call(START, &v16::ClearCacheRequest::new()).unwrap();
    let second = csms.call(START, &v16::ClearCacheRequest::new()).unwrap();
    csms.give_back();
    let out = sent_one(&mut csms);
    csms.give_back();
    let heartbeat = answer_heartbeat(&mut csms, START);
    csms.give_back();
    let next = feed(&mut csms, START, &format!("[3,\"{}\",{{\"status\":\"Accepted\"}}]", id_of(&out)));
    csms.give_back();
    assert_eq!(answer(&mut csms).key(), first.key());
    assert!(next.len() == 1 && next[0].contains("ClearCache"), "{next:?}");
    csms.handle_input(START, Input::Text(&format!("[3,\"{}\",{{\"status\":\"Accepted\"}}]", id_of(&next[0]))));
    assert_eq!(answer(&mut csms).key(), second.key());
    assert_eq!(feed(&mut csms, START, HEARTBEAT), [heartbeat], "the answer is still kept");
}

#[test]
fn rpc_30_the_last_eight_answers_are_kept_and_no_more() {
    let mut csms = csms(Version::V16);
    let call = |number: usize| format!("[2,\"{number}\",\"Heartbeat\",{{}}]");
    for number in 0..9 {
        csms.handle_input(START, Input::Text(&call(number)));
        answer_heartbeat(&mut csms, START);
    }
    for number in 1..9 {
        assert_eq!(feed(&mut csms, START, &call(number)).len(), 1, "{number}");
        assert_eq!(anomalies(&mut csms), [Anomaly::Repeated { answered: true }]);
    }
    csms.handle_input(START, Input::Text(&call(0)));
    assert_eq!(request(&mut csms).action(), "Heartbeat");
}

#[test]
fn rpc_30_c10_another_call_with_an_answered_id_is_new_and_flagged() {
    let mut csms = csms(Version::V16);
    csms.handle_input(START, Input::Text(HEARTBEAT));
    answer_heartbeat(&mut csms, START);
    csms.handle_input(START, Input::Text(r#"[2,"7","Authorize",{"idTag":"04A1"}]"#));
    let all = events(&mut csms);
    assert!(
        matches!(&all[..], [Event::Anomaly(odd), Event::Call(call)] if **odd == Anomaly::IdReused && call.action() == "Authorize")
    );
}

/// Rule RPC-30: calls are held against each other as a whole, whatever their length, and wherever they differ.
#[test]
fn rpc_30_one_character_makes_another_call() {
    let call = |data: &str| format!(r#"[2,"7","DataTransfer",{{"vendorId":"V","data":"{data}"}}]"#);
    for length in 0..70 {
        for place in 0..=length {
            let mut data = "x".repeat(length);
            let mut csms = csms(Version::V16);
            csms.handle_input(START, Input::Text(&call(&data)));
            let (_, responder) = request(&mut csms).into_parts();
            csms.reply_raw(START, responder, Ok(r#"{"status":"Accepted"}"#)).unwrap();
            let first = sent_one(&mut csms);
            if place == length {
                assert_eq!(feed(&mut csms, START, &call(&data)), [first]);
                assert_eq!(anomalies(&mut csms), [Anomaly::Repeated { answered: true }]);
            } else {
                data.replace_range(place..=place, "y");
                assert!(feed(&mut csms, START, &call(&data)).is_empty(), "{length} {place}");
                assert!(matches!(&events(&mut csms)[..], [Event::Anomaly(_), Event::Call(_)]), "{length} {place}");
            }
        }
    }
}

/// A retry of what failed here must get another chance, or a refusal by accident is for ever.
#[test]
fn rpc_30_a_refusal_is_not_kept() {
    let mut csms = csms(Version::V16);
    for _ in 0..2 {
        csms.handle_input(START, Input::Text(HEARTBEAT));
        let (_, responder) = request(&mut csms).into_parts();
        csms.refuse(START, responder, CallError::internal("database away")).unwrap();
        assert_eq!(sent_one(&mut csms), r#"[4,"7","InternalError","database away",{}]"#);
    }
}

#[test]
fn rpc_31_calls_back_to_back_are_served_in_order() {
    let mut csms = csms(Version::V16);
    for id in ["a", "b", "c"] {
        csms.handle_input(START, Input::Text(&format!("[2,\"{id}\",\"Heartbeat\",{{}}]")));
    }
    let mut ids = Vec::new();
    while let Some(Event::Call(incoming)) = csms.poll_event() {
        csms.refuse(START, incoming.into_parts().1, CallError::not_supported()).unwrap();
        ids.push(id_of(&sent_one(&mut csms)));
    }
    assert_eq!(ids, ["a", "b", "c"]);
}

#[test]
fn rpc_31_c26_500_pipelined_calls_are_served_or_end_the_link() {
    let call = |number: usize| format!("[2,\"{number}\",\"Heartbeat\",{{}}]");
    // an application that keeps up serves them all
    let mut quick = csms(Version::V16);
    for number in 0..500 {
        quick.handle_input(START, Input::Text(&call(number)));
        assert_eq!(id_of(&answer_heartbeat(&mut quick, START)), number.to_string());
    }
    // one that does not is protected
    let mut slow = csms(Version::V16);
    for number in 0..500 {
        slow.handle_input(START, Input::Text(&call(number)));
        assert!(slow.unanswered() <= 16);
    }
    assert_eq!(sent(&mut slow), ["close 1008 too many requests at once"]);
    let requests = events(&mut slow).iter().filter(|event| matches!(event, Event::Call(_))).count();
    assert_eq!(requests, 16);
}

#[test]
fn rpc_33_e1_a_request_without_answer_is_answered_at_its_deadline() {
    let mut csms = csms(Version::V201);
    csms.handle_input(START, Input::Text(HEARTBEAT));
    let (_, late) = request(&mut csms).into_parts();
    let due = START + seconds(25);
    assert_eq!(csms.poll_timeout(), Some(due));
    csms.handle_input(due, Input::Timeout);
    assert!(sent_one(&mut csms).starts_with(r#"[4,"7","InternalError","#));
    assert_eq!((csms.unanswered(), csms.counters().handler_timeouts), (0, 1));
    assert_eq!(csms.refuse(due, late, CallError::not_supported()), Err(ReplyRefused::Answered));
    assert_eq!(sent(&mut csms), [""; 0]);
}

#[test]
fn rpc_33_requests_the_application_drops_do_not_pile_up() {
    let mut csms = csms(Version::V16);
    for round in 0..200 {
        let now = START + seconds(2 * round);
        csms.handle_input(now, Input::Text(&format!("[2,\"{round}\",\"Heartbeat\",{{}}]")));
        drop(csms.poll_event());
        assert!(csms.unanswered() <= 13);
        sent(&mut csms);
    }
    assert_eq!(csms.version(), Some(Version::V16));
}

/// Rules RPC-40 (unknown), RPC-41 (not supported by the application), RPC-42 (of the other side); row C24.
#[test]
fn rpc_40_41_42_c24_the_three_ways_not_to_serve_an_action() {
    for version in Version::ALL {
        let mut station = station(version);
        assert_eq!(feed(&mut station, START, r#"[2,"1","Foo",{}]"#), [r#"[4,"1","NotImplemented","",{}]"#]);
        assert_eq!(feed(&mut station, START, HEARTBEAT), [r#"[4,"7","NotSupported","",{}]"#]);
        assert_eq!(anomalies(&mut station).len(), 2);
        station.handle_input(START, Input::Text(r#"[2,"3","GetLocalListVersion",{}]"#));
        let (_, responder) = request(&mut station).into_parts();
        station.refuse(START, responder, CallError::not_supported()).unwrap();
        assert_eq!(sent_one(&mut station), r#"[4,"3","NotSupported","",{}]"#);
    }
}

/// Rules RPC-43 to RPC-47: the code of a violation, sent without the application.
#[test]
fn rpc_43_44_45_46_47_violations_are_answered_with_their_codes() {
    let cases = [
        (r#"{}"#, "ProtocolError", "OccurrenceConstraintViolation"),
        (r#"{"type":7}"#, "TypeConstraintViolation", "TypeConstraintViolation"),
        (r#"{"type":"Never"}"#, "PropertyConstraintViolation", "PropertyConstraintViolation"),
        (r#"[]"#, "FormationViolation", "FormatViolation"),
    ];
    for (payload, code, code_2x) in cases {
        for version in Version::ALL {
            let mut station = station(version);
            let answer = feed(&mut station, START, &format!("[2,\"1\",\"Reset\",{payload}]"));
            let code = if version == Version::V16 { code } else { code_2x };
            assert!(answer[0].starts_with(&format!("[4,\"1\",\"{code}\",")), "{answer:?}");
            assert!(matches!(&anomalies(&mut station)[..], [Anomaly::CallRefused { action, .. }] if action == "Reset"));
        }
    }
}

/// Rules RPC-48, RPC-54, RPC-55, RPC-56: what only the application can know.
#[test]
fn rpc_48_54_55_56_the_application_refuses_with_the_code_it_wants() {
    for code in
        [ErrorCode::FormatViolation, ErrorCode::SecurityError, ErrorCode::InternalError, ErrorCode::GenericError]
    {
        let mut csms = csms(Version::V201);
        csms.handle_input(START, Input::Text(HEARTBEAT));
        let (_, responder) = request(&mut csms).into_parts();
        let name = code.as_str(Version::V201).to_owned();
        csms.refuse(START, responder, CallError::new(code, "because")).unwrap();
        assert_eq!(sent_one(&mut csms), format!("[4,\"7\",\"{name}\",\"because\",{{}}]"));
    }
}

#[test]
fn rpc_10_a_negative_outcome_is_a_result() {
    let mut station = station(Version::V201);
    station.handle_input(START, Input::Text(r#"[2,"1","Reset",{"type":"Immediate"}]"#));
    let taken = request(&mut station).take::<v201::ResetRequest>(Enforce).unwrap();
    let rejected = v201::ResetResponse::new(v201::ResetStatus::Rejected);
    station.reply(START, taken.replier, Ok(rejected)).unwrap();
    assert_eq!(sent_one(&mut station), r#"[3,"1",{"status":"Rejected"}]"#);
}

#[test]
fn descriptions_and_details_of_a_refusal_keep_their_bounds() {
    let mut csms = csms(Version::V201);
    let refuse = |csms: &mut Connection<StationCall>, description: String, details: Option<String>| {
        csms.handle_input(START, Input::Text(HEARTBEAT));
        let (_, responder) = request(csms).into_parts();
        let mut error = CallError::new(ErrorCode::GenericError, description);
        error.details = details;
        csms.refuse(START, responder, error).unwrap();
        sent_one(csms)
    };
    let long = refuse(&mut csms, "ü".repeat(300), None);
    assert_eq!(long.chars().filter(|&character| character == 'ü').count(), 255);
    assert!(refuse(&mut csms, String::new(), Some(r#"{"a":[1]}"#.into())).ends_with(r#","",{"a":[1]}]"#));
    for bad in ["[]", "{", "{}]", "7", "", &format!("{{\"a\":\"{}\"}}", "x".repeat(5000))] {
        assert!(refuse(&mut csms, String::new(), Some(bad.into())).ends_with(r#","",{}]"#), "{bad}");
    }
}

/// Rule RPC-50; row C1.
#[test]
fn rpc_50_c1_unreadable_texts_are_answered_as_the_version_has_it() {
    for version in Version::ALL {
        let mut csms = csms(version);
        let expected: &[&str] = if version == Version::V16 { &[] } else { &[r#"[4,"-1","RpcFrameworkError","",{}]"#] };
        assert_eq!(feed(&mut csms, START, "{"), expected);
        assert_eq!(feed(&mut csms, START, ""), [""; 0]);
        assert_eq!(csms.counters().broken_frames, 2);
    }
    let mut outspoken = csms_with(Version::V16, |config| config.on_unreadable = OnUnreadable::Answer);
    assert_eq!(feed(&mut outspoken, START, "{"), [r#"[4,"-1","FormationViolation","",{}]"#]);
    let mut silent = csms_with(Version::V201, |config| config.on_unreadable = OnUnreadable::Drop);
    assert_eq!(feed(&mut silent, START, "{"), [""; 0]);
}

/// Rule RPC-61.
#[test]
fn rpc_61_answers_with_id_minus_one_come_once_in_ten_seconds_and_broken_answers_get_none() {
    let mut csms = csms(Version::V201);
    let mut answers = 0;
    for tenth in 0..1000 {
        answers += feed(&mut csms, START + Duration::from_millis(100 * tenth), "{").len();
    }
    assert_eq!(answers, 10);
    for text in ["[4]", "[3]", r#"[4,"-1","GenericError","",{}]"#, r#"[4,"-1"]"#, r#"[3,"1""#] {
        let later = START + seconds(1000);
        assert_eq!(feed(&mut csms, later, text), [""; 0], "{text}");
    }
    assert_eq!(csms.counters().unreadable_at_peer, 1);
}

/// Two machines that do not understand each other fall silent.
#[test]
fn rpc_61_no_ping_pong_of_errors() {
    let (mut station, mut csms) = (station(Version::V201), csms(Version::V201));
    let mut texts = feed(&mut csms, START, "nonsense");
    let mut exchanged = 0;
    while let Some(text) = texts.pop() {
        exchanged += 1;
        texts.extend(feed(&mut station, START, &text));
        texts.extend(feed(&mut csms, START, "nonsense"));
    }
    assert_eq!(exchanged, 1);
}

#[test]
fn rpc_62_violations_may_be_dropped_by_policy() {
    let mut csms = csms_with(Version::V201, |config| {
        config.on_violation = OnViolation::Drop;
        config.policy = Enforce;
    });
    for text in [r#"[2,"1","Authorize",{}]"#, r#"[2,"1","Foo",{}]"#, r#"[2,"1"]"#, "{"] {
        assert_eq!(feed(&mut csms, START, text), [""; 0]);
        assert_eq!(anomalies(&mut csms).len(), 1);
    }
}

#[test]
fn rpc_63_a_text_beyond_the_limit_closes_the_link() {
    let limit = ocpp_types::limits::STATION_BYTES;
    let padded = |length: usize| format!("{}{}", r#"[2,"1","ClearCache",{}]"#, " ".repeat(length - 23));
    let mut station = station(Version::V16);
    station.handle_input(START, Input::Text(&padded(limit)));
    assert_eq!(request(&mut station).action(), "ClearCache");
    assert_eq!(feed(&mut station, START, &padded(limit + 1)), ["close 1009 message too big"]);
    assert_eq!(feed(&mut station, START, r#"[2,"2","ClearCache",{}]"#), [""; 0]);
}

/// Rules RPC-63 and row C2: the depth of nesting.
#[test]
fn rpc_63_c2_deep_nesting_is_refused_in_constant_stack() {
    crate::on_a_small_stack(|| {
        let mut csms = csms(Version::V201);
        let deep = format!(
            r#"[2,"1","DataTransfer",{{"vendorId":"V","data":{}{}}}]"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert!(feed(&mut csms, START, &deep)[0].starts_with(r#"[4,"1","#));
    });
}

/// Rule RPC-64: implausible is not invalid.
#[test]
fn rpc_64_implausible_readings_reach_the_application_and_are_answered_with_a_result() {
    let mut csms = csms(Version::V16);
    let text = r#"[2,"1","StartTransaction",{"connectorId":1,"idTag":"04A1","meterStart":-50,"timestamp":"1970-01-01T00:00:00Z"}]"#;
    csms.handle_input(START, Input::Text(text));
    let taken = request(&mut csms).take::<v16::StartTransactionRequest>(Repair).unwrap();
    assert_eq!(taken.request.meter_start, -50);
    let info = v16::IdTagInfo::new(v16::AuthorizationStatus::Invalid);
    csms.reply(START, taken.replier, Ok(v16::StartTransactionResponse::new(info, 170_001))).unwrap();
    assert!(sent_one(&mut csms).starts_with(r#"[3,"1",{"#));
}

/// Rules RPC-70 to RPC-74: signed messages are not supported, and that is said.
#[test]
fn rpc_70_71_72_73_74_signed_requests_are_not_implemented() {
    let mut station = station(Version::V201);
    let text = r#"[2,"1","Reset-Signed",{"protected":"e30","payload":"e30","signature":"AA"}]"#;
    assert_eq!(feed(&mut station, START, text), [r#"[4,"1","NotImplemented","",{}]"#]);
}

/// Rule RPC-11: what is not known is kept where it may be.
#[test]
fn rpc_11_custom_data_reaches_the_application() {
    let mut csms = csms(Version::V201);
    csms.handle_input(START, Input::Text(r#"[2,"1","Heartbeat",{"customData":{"vendorId":"V","foo":[1]}}]"#));
    let taken = request(&mut csms).take::<v201::HeartbeatRequest>(Enforce).unwrap();
    assert_eq!(taken.request.custom_data.unwrap().vendor_id.as_str(), "V");
}

/// Field need 23: an error in answer to an over-long text makes stations send it again for ever.
#[test]
fn an_over_long_text_is_served_and_flagged() {
    let mut csms = csms(Version::V16);
    csms.handle_input(START, Input::Text(r#"[2,"1","Authorize",{"idTag":"0123456789012345678901234"}]"#));
    let incoming = request(&mut csms);
    assert_eq!(incoming.remarks().len(), 1);
    // the strict station that gets the same has to refuse
    let mut strict = csms_with(Version::V16, |config| config.policy = Enforce);
    let answer = feed(&mut strict, START, r#"[2,"1","Authorize",{"idTag":"0123456789012345678901234"}]"#);
    assert!(answer[0].contains("PropertyConstraintViolation"));
}

/// Field need 24; rows C20 and C21.
#[test]
fn c20_c21_almost_json_is_mended_on_request() {
    let text = r#"[2,"1","Heartbeat",{},]"#;
    let mut strict = csms(Version::V16);
    assert!(feed(&mut strict, START, text)[0].starts_with(r#"[4,"1","FormationViolation","#));
    let mut lenient = csms_with(Version::V16, |config| config.mend = Some(Mend::Commas));
    lenient.handle_input(START, Input::Text(text));
    assert_eq!(request(&mut lenient).frame_remarks(), [FrameRemark::Mended]);
    assert_eq!(lenient.counters().mended, 1);
    // answers are mended as well
    let mut station = station_with(Version::V16, |config| config.mend = Some(Mend::Commas));
    let id = heartbeat(&mut station, START);
    station.handle_input(START, Input::Text(&format!("[3,\"{id}\",{{\"currentTime\":\"2026-03-01T10:15:30Z\",}}]")));
    let answer = answer(&mut station);
    assert_eq!(answer.frame_remarks(), [FrameRemark::Mended]);
    assert!(answer.into_outcome::<v16::HeartbeatRequest>().unwrap().is_ok());
}

#[test]
fn an_answer_that_breaks_the_specification_is_not_sent() {
    let mut csms = csms(Version::V16);
    csms.handle_input(START, Input::Text(r#"[2,"1","Authorize",{"idTag":"04A1"}]"#));
    let taken = request(&mut csms).take::<v16::AuthorizeRequest>(Repair).unwrap();
    let mut info = v16::IdTagInfo::new(v16::AuthorizationStatus::Accepted);
    info.parent_id_tag = Some("0123456789012345678901".into());
    let refused = csms.reply(START, taken.replier, Ok(v16::AuthorizeResponse::new(info)));
    assert!(matches!(refused, Err(ReplyRefused::Payload(_))));
    assert!(sent_one(&mut csms).starts_with(r#"[4,"1","InternalError","#));
}

/// A replier is of the type of its request by the compiler; by a request from elsewhere it can be of another.
#[test]
fn an_answer_to_another_action_is_not_sent() {
    let mut csms = csms(Version::V16);
    csms.handle_input(START, Input::Text(HEARTBEAT));
    let (_, responder) = request(&mut csms).into_parts();
    let replier = responder.of(&v16::MeterValuesRequest::new(1, []));
    let refused = csms.reply(START, replier, Ok(v16::MeterValuesResponse::new()));
    assert_eq!(refused, Err(ReplyRefused::OtherAction("Heartbeat")));
    assert!(sent_one(&mut csms).starts_with(r#"[4,"7","InternalError","#));
}

/// "Embedding at scale" 2: type, id and action are read, the payload is passed on byte for byte.
#[test]
fn a_proxy_passes_payloads_on_unread() {
    let mut proxy = up(Connection::<Raw<StationCall>>::new(ConnectionConfig::csms(), MessageIds::new(3)), Version::V16);
    let text = "[2,\"1\",\"MeterValues\", {\"connectorId\" : 1.0, \"odd\":1} ]";
    proxy.handle_input(START, Input::Text(text));
    let (raw, responder) = request(&mut proxy).into_parts();
    assert_eq!(raw.payload(), "{\"connectorId\" : 1.0, \"odd\":1}");
    assert!(!format!("{raw:?}").contains("odd"));
    proxy.reply_raw(START, responder, Ok("{}")).unwrap();
    assert_eq!(sent_one(&mut proxy), r#"[3,"1",{}]"#);

    proxy.handle_input(START, Input::Text(r#"[2,"2","Heartbeat",{}]"#));
    let (_, responder) = request(&mut proxy).into_parts();
    assert!(matches!(proxy.reply_raw(START, responder, Ok("{}")), Err(ReplyRefused::RawPayload(_))));
    assert!(sent_one(&mut proxy).starts_with(r#"[4,"2","InternalError","#));

    assert_eq!(feed(&mut proxy, START, r#"[2,"3","Reset",{}]"#), [r#"[4,"3","NotSupported","",{}]"#]);
    assert_eq!(feed(&mut proxy, START, r#"[2,"4","Foo",{}]"#), [r#"[4,"4","NotImplemented","",{}]"#]);
}

#[test]
fn a_router_takes_requests_by_type_and_refuses_what_it_cannot_read() {
    let mut csms = up(Connection::<Raw<StationCall>>::new(ConnectionConfig::csms(), MessageIds::new(3)), Version::V16);
    csms.handle_input(START, Input::Text(r#"[2,"1","Authorize",{"idTag":"04A1"}]"#));
    let incoming = request(&mut csms);
    let Err(other) = incoming.take::<v16::HeartbeatRequest>(Enforce) else { panic!() };
    let NotTaken::OtherType(incoming) = *other else { panic!() };
    assert_eq!(incoming.take::<v16::AuthorizeRequest>(Enforce).unwrap().request.id_tag, "04A1");

    csms.handle_input(START, Input::Text(r#"[2,"2","Authorize",{"idTag":7}]"#));
    let Err(fault) = request(&mut csms).take::<v16::AuthorizeRequest>(Enforce) else { panic!() };
    let NotTaken::Payload { error, responder } = *fault else { panic!() };
    csms.refuse_payload(START, responder, &error).unwrap();
    assert!(sent_one(&mut csms).starts_with(r#"[4,"2","TypeConstraintViolation","/idTag: "#));
}

/// Field need 3: a handler that calls back does not wait for anything, so that nothing can lock up.
#[test]
fn a_handler_may_call_before_it_answers() {
    let (mut station, mut csms) = (station(Version::V16), csms(Version::V16));
    heartbeat(&mut station, START);
    csms.handle_input(START, Input::Text(r#"[2,"1","Authorize",{"idTag":"04A1"}]"#));
    let (_, responder) = request(&mut csms).into_parts();
    let call = csms.call(START, &v16::ClearCacheRequest::new()).unwrap();
    let frame = sent_one(&mut csms);
    station.handle_input(START, Input::Text(&frame));
    let taken = request(&mut station).take::<v16::ClearCacheRequest>(Enforce).unwrap();
    station.reply(START, taken.replier, Ok(v16::ClearCacheResponse::new(v16::ClearCacheStatus::Accepted))).unwrap();
    csms.handle_input(START, Input::Text(&sent_one(&mut station)));
    assert!(answer(&mut csms).claim(call).unwrap().is_ok());
    csms.refuse(START, responder, CallError::not_supported()).unwrap();
    assert_eq!(sent(&mut csms).len(), 1);
}

/// Field need 38: nothing but a CALL is ever answered with a CALLERROR.
#[test]
fn no_answer_is_answered_with_an_error() {
    for version in Version::ALL {
        let mut csms = csms_with(version, |config| config.policy = Enforce);
        csms.call_raw(START, "GetLocalListVersion", "{}", ocpp_rpc::CallOptions::default()).unwrap();
        let id = id_of(&sent_one(&mut csms));
        for text in
            [format!("[3,\"{id}x\",{{}}]"), format!("[3,\"{id}\",7]"), format!("[3,\"{id}\"]"), format!("[4,\"{id}\"]")]
        {
            let answers = feed(&mut csms, START, &text);
            assert!(answers.iter().all(|answer| version == Version::V21 && answer.starts_with("[5,")), "{answers:?}");
        }
    }
}
