//! The rules of OCPP-J that show in a single frame, each by its number.

use ocpp_rpc::{Direction, ErrorCode, Frame, FrameDefect, Unchecked, Verdict, check, parse};
use ocpp_types::DecodePolicy::{self, Enforce, Repair};
use ocpp_types::Version;
use ocpp_types::limits::CSMS_BYTES;

use crate::{V16, V21, V201, assert_reply, refused, reply, verdict, violation};

/// What a station makes of a text of its CSMS.
fn at_station(version: Version, text: &str) -> Verdict<'_> {
    check(text, version, Direction::FromCsms, Enforce, |_| None)
}

/// What is made of the answer to an action.
fn answer<'a>(version: Version, policy: DecodePolicy, action: &str, text: &'a str) -> Verdict<'a> {
    check(text, version, Direction::FromCsms, policy, |id| (id == "1").then(|| action.to_owned()))
}

#[test]
fn rpc_01_one_text_holds_one_frame() {
    let text = r#"[2,"1","Heartbeat",{}][2,"2","Heartbeat",{}]"#;
    assert_reply(V201, Enforce, text, Some(("\"1\"", "RpcFrameworkError")));
    let batch = r#"[[2,"1","Heartbeat",{}],[2,"2","Heartbeat",{}]]"#;
    for version in Version::ALL {
        assert_eq!(refused(version, Enforce, batch).defect, FrameDefect::MessageType);
        assert_reply(version, Enforce, batch, None);
    }
}

#[test]
fn rpc_02_each_version_has_its_type_numbers() {
    for version in Version::ALL {
        for (kind, rest) in [(2, r#""A",{}"#), (3, "{}"), (4, r#""A","",{}"#), (5, r#""A","",{}"#), (6, r#""A",{}"#)] {
            let text = format!("[{kind},\"1\",{rest}]");
            let known = kind < 5 || version == V21;
            match parse(&text, version, Enforce) {
                Ok(parsed) => assert_eq!((known, parsed.frame.message_type()), (true, kind)),
                Err(error) => assert_eq!((known, error.defect), (false, FrameDefect::MessageType)),
            }
        }
    }
}

#[test]
fn rpc_03_each_type_has_its_number_of_elements() {
    let elements = [r#""1""#, r#""Heartbeat""#, "{}", "{}", "{}", "{}"];
    for (kind, expected) in [(2, 4), (3, 3), (4, 5), (5, 5), (6, 4)] {
        for count in 2..=6 {
            let text = format!("[{kind},{}]", elements[..count - 1].join(","));
            if count != expected {
                let defect = FrameDefect::ElementCount { found: count, expected };
                assert_eq!(refused(V21, Enforce, &text).defect, defect, "{text}");
            }
        }
    }
}

#[test]
fn rpc_04_an_id_is_a_text_of_at_most_36_characters_and_comes_back_byte_for_byte() {
    let longest = "x".repeat(36);
    assert_eq!(reply(V201, Enforce, &format!("[2,\"{longest}\",\"Heartbeat\",{{}}]")), None);
    let text = format!("[2,\"{longest}x\",\"Heartbeat\",{{}}]");
    assert_eq!(refused(V201, Enforce, &text).defect, FrameDefect::Id);
    assert_reply(V201, Enforce, &text, Some((&format!("\"{longest}x\""), "RpcFrameworkError")));
    assert_reply(V16, Enforce, r#"[2, "\u0041 \/" ,"Foo",{}]"#, Some((r#""\u0041 \/""#, "NotImplemented")));
    for id in ["{}", "[]", "null", "true"] {
        let text = format!("[2,{id},\"Heartbeat\",{{}}]");
        for policy in [Enforce, Repair] {
            assert_reply(V16, policy, &text, None);
            assert_eq!(reply(V21, policy, &text).unwrap(), r#"[4,"-1","RpcFrameworkError","",{}]"#);
        }
    }
}

#[test]
fn rpc_07_null_is_read_as_the_empty_payload() {
    for version in Version::ALL {
        let parsed = parse(r#"[3,"1",null]"#, version, Enforce).unwrap();
        assert!(matches!(parsed.frame, Frame::CallResult { payload: "{}", .. }));
        assert!(answer(version, Enforce, "MeterValues", r#"[3,"1",null]"#).is_good());
    }
}

#[test]
fn rpc_08_null_for_an_absent_member_is_a_type_violation_or_taken_as_absent() {
    let text = r#"[2,"1","StopTransaction",{"idTag":null,"meterStop":1,"timestamp":"2026-03-14T13:00:00Z","transactionId":1}]"#;
    assert_reply(V16, Enforce, text, Some(("\"1\"", "TypeConstraintViolation")));
    let repaired = verdict(V16, Repair, text);
    assert!(repaired.is_good());
    assert_eq!(repaired.remarks[0].pointer, "/idTag");
}

#[test]
fn rpc_09_actions_are_case_sensitive() {
    let text = r#"[2,"1","bootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]"#;
    assert_reply(V16, Enforce, text, Some(("\"1\"", "NotImplemented")));
    assert_eq!(reply(V16, Enforce, &text.replace("boot", "Boot")), None);
}

#[test]
fn rpc_10_a_negative_result_is_a_result() {
    assert!(answer(V16, Enforce, "Reset", r#"[3,"1",{"status":"Rejected"}]"#).is_good());
}

#[test]
fn rpc_11_unknown_members_are_forbidden_but_in_custom_data() {
    assert_reply(V201, Enforce, r#"[2,"1","Heartbeat",{"foo":1}]"#, Some(("\"1\"", "FormatViolation")));
    let text = r#"[2,"1","Heartbeat",{"customData":{"vendorId":"V","foo":[1]}}]"#;
    assert_eq!(reply(V201, Enforce, text), None);
    let text = r#"[2,"1","Heartbeat",{"customData":{"foo":1}}]"#;
    assert_reply(V201, Enforce, text, Some(("\"1\"", "OccurrenceConstraintViolation")));
}

#[test]
fn rpc_12_times_may_have_fractions_and_offsets() {
    let text = r#"[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"2026-03-14T14:02:12.5+01:00"}]"#;
    assert_eq!(reply(V16, Enforce, text), None);
    let local = text.replace("+01:00", "");
    assert_reply(V16, Enforce, &local, Some(("\"1\"", "PropertyConstraintViolation")));
    assert_eq!(reply(V16, Repair, &local), None);
}

#[test]
fn rpc_14_a_notice_is_never_answered() {
    for text in [
        r#"[6,"1","Foo",{}]"#,
        r#"[6,"1","NotifyPeriodicEventStream",{"id":"x"}]"#,
        r#"[6,"1","NotifyPeriodicEventStream",[]]"#,
        r#"[6,"1","Heartbeat",{}]"#,
        r#"[6,"1","Heartbeat"]"#,
        r#"[6,1,"Heartbeat",{}]"#,
        r#"[6,"1",7,{}]"#,
        r#"[6,"1","Heartbeat",{"#,
    ] {
        let verdict = verdict(V21, Enforce, text);
        assert!(!verdict.is_good(), "{text}");
        assert_eq!(verdict.reply, None, "{text}");
    }
    let call = r#"[2,"1","NotifyPeriodicEventStream",{}]"#;
    assert_reply(V21, Enforce, call, Some(("\"1\"", "NotImplemented")));
}

#[test]
fn rpc_26_a_refusal_carries_code_text_and_details() {
    let text = r#"[4,"1","Foo","door \"open\"",{"door":2}]"#;
    let Frame::CallError { id, refusal } = parse(text, V16, Enforce).unwrap().frame else { panic!() };
    assert_eq!(id.text(), "1");
    assert_eq!(refusal.code, ErrorCode::Unrecognized("Foo".into()));
    assert_eq!((&*refusal.description, refusal.details), ("door \"open\"", "{\"door\":2}"));
}

#[test]
fn rpc_27_a_bad_result_is_not_refused_on_the_wire_before_2_1() {
    for version in [V16, V201] {
        let verdict = answer(version, Enforce, "Heartbeat", r#"[3,"1",{"currentTime":7}]"#);
        assert_eq!(verdict.code, Some(ErrorCode::TypeConstraintViolation));
        assert_eq!(verdict.reply, None);
    }
}

#[test]
fn rpc_28_a_bad_result_is_refused_with_type_5_in_2_1() {
    let verdict = answer(V21, Enforce, "Heartbeat", r#"[3,"1",{"currentTime":7}]"#);
    assert!(verdict.reply.unwrap().starts_with(r#"[5,"1","TypeConstraintViolation","/currentTime: "#));
    for text in [r#"[5,"1","GenericError","",{}]"#, r#"[5,"1","GenericError"]"#, r#"[5,"1",7,"",{}]"#] {
        assert_eq!(answer(V21, Enforce, "Heartbeat", text).reply, None);
    }
}

#[test]
fn rpc_40_an_unknown_action_is_not_implemented() {
    for version in Version::ALL {
        assert_eq!(reply(version, Enforce, r#"[2,"1","Foo",[]]"#).unwrap(), r#"[4,"1","NotImplemented","",{}]"#);
        assert_eq!(verdict(version, Enforce, r#"[2,"1","Foo",[]]"#).unchecked, Some(Unchecked::UnknownAction));
    }
}

#[test]
fn rpc_42_an_action_of_the_other_side_is_not_supported() {
    for version in Version::ALL {
        let text = r#"[2,"1","Heartbeat",{}]"#;
        let verdict = at_station(version, text);
        assert_eq!(verdict.unchecked, Some(Unchecked::Misdirected));
        assert_eq!(verdict.reply.unwrap(), r#"[4,"1","NotSupported","",{}]"#);
        assert_reply(version, Enforce, r#"[2,"1","Reset",{}]"#, Some(("\"1\"", "NotSupported")));
        let both = r#"[2,"1","DataTransfer",{"vendorId":"V"}]"#;
        assert_eq!((at_station(version, both).reply, reply(version, Enforce, both)), (None, None));
    }
}

/// Asserts the codes that a violation has in 1.6 and in 2.x.
#[track_caller]
fn assert_codes(v16: (&str, &str), v201: (&str, &str)) {
    for (version, (text, code)) in [(V16, v16), (V201, v201), (V21, v201)] {
        let verdict = check(text, version, Direction::Either, Enforce, |_| None);
        assert_eq!(verdict.code.as_ref().map(|found| found.as_str(version)), Some(code));
        let reply = verdict.reply.expect("an answer");
        assert!(reply.starts_with(&format!("[4,\"1\",\"{code}\",\"/")));
    }
}

#[test]
fn rpc_43_a_missing_member() {
    assert_codes(
        (r#"[2,"1","Authorize",{}]"#, "ProtocolError"),
        (r#"[2,"1","Authorize",{}]"#, "OccurrenceConstraintViolation"),
    );
}

#[test]
fn rpc_44_an_unknown_member() {
    assert_codes(
        (r#"[2,"1","Heartbeat",{"a":1}]"#, "FormationViolation"),
        (r#"[2,"1","Heartbeat",{"a":1}]"#, "FormatViolation"),
    );
}

#[test]
fn rpc_45_another_json_type() {
    assert_codes(
        (r#"[2,"1","UnlockConnector",{"connectorId":"1"}]"#, "TypeConstraintViolation"),
        (r#"[2,"1","UnlockConnector",{"evseId":1,"connectorId":"1"}]"#, "TypeConstraintViolation"),
    );
}

#[test]
fn rpc_46_a_value_outside_its_range() {
    assert_codes(
        (
            r#"[2,"1","GetCompositeSchedule",{"connectorId":1,"duration":1,"chargingRateUnit":"X"}]"#,
            "PropertyConstraintViolation",
        ),
        (
            r#"[2,"1","GetCompositeSchedule",{"evseId":1,"duration":1,"chargingRateUnit":"X"}]"#,
            "PropertyConstraintViolation",
        ),
    );
    assert_codes(
        (r#"[2,"1","Authorize",{"idTag":"123456789012345678901"}]"#, "PropertyConstraintViolation"),
        (r#"[2,"1","Reset",{"type":"Hard"}]"#, "PropertyConstraintViolation"),
    );
}

#[test]
fn rpc_47_too_few_items() {
    assert_codes(
        (
            r#"[2,"1","SetChargingProfile",{"connectorId":1,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative","chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":7}}}]"#,
            "TypeConstraintViolation",
        ),
        (r#"[2,"1","GetVariables",{"getVariableData":[]}]"#, "OccurrenceConstraintViolation"),
    );
    let many = "\"k\",".repeat(9000);
    let text = format!("[2,\"1\",\"GetConfiguration\",{{\"key\":[{many}\"k\"]}}]");
    assert!(at_station(V16, &text).reply.unwrap().starts_with(r#"[4,"1","OccurenceConstraintViolation""#));
}

#[test]
fn rpc_49_a_payload_that_is_no_object() {
    for (version, code) in [(V16, "FormationViolation"), (V201, "FormatViolation"), (V21, "FormatViolation")] {
        assert_reply(version, Enforce, r#"[2,"1","Authorize",[]]"#, Some(("\"1\"", code)));
        assert_eq!(violation(version, Enforce, r#"[2,"1","Authorize",[]]"#).0, "");
    }
}

#[test]
fn rpc_50_what_is_no_frame() {
    for text in ["{", "{}", "7", "nonsense", "[]", "[2]", "[2,", r#"[2,{},"A",{}]"#] {
        assert_reply(V16, Enforce, text, None);
        for version in [V201, V21] {
            assert_eq!(reply(version, Enforce, text).unwrap(), r#"[4,"-1","RpcFrameworkError","",{}]"#, "{text}");
        }
    }
    let text = r#"[2,"1","Heartbeat"]"#;
    assert_reply(V16, Enforce, text, Some(("\"1\"", "FormationViolation")));
    assert_reply(V201, Enforce, text, Some(("\"1\"", "RpcFrameworkError")));
}

#[test]
fn rpc_51_52_53_an_unknown_message_type() {
    let text = r#"[9,"1",{}]"#;
    assert_reply(V16, Enforce, text, None);
    assert_reply(V201, Enforce, text, Some(("\"1\"", "MessageTypeNotSupported")));
    assert_reply(V21, Enforce, text, None);
    for unreadable in ["[9]", "[9,{}]", "[9,1,{}]"] {
        assert_reply(V201, Enforce, unreadable, None);
    }
}

#[test]
fn rpc_54_55_56_every_version_spells_the_codes_of_the_application() {
    for version in Version::ALL {
        for (code, spelling) in [
            (ErrorCode::SecurityError, "SecurityError"),
            (ErrorCode::InternalError, "InternalError"),
            (ErrorCode::GenericError, "GenericError"),
        ] {
            assert_eq!(code.as_str(version), spelling);
            assert_eq!(ErrorCode::from_wire(spelling), code);
        }
    }
}

#[test]
fn rpc_60_1_6_keeps_its_misspelled_codes() {
    for (code, v16, v2) in [
        (ErrorCode::OccurrenceConstraintViolation, "OccurenceConstraintViolation", "OccurrenceConstraintViolation"),
        (ErrorCode::FormatViolation, "FormationViolation", "FormatViolation"),
    ] {
        assert_eq!((code.as_str(V16), code.as_str(V201), code.as_str(V21)), (v16, v2, v2));
        assert_eq!((ErrorCode::from_wire(v16), ErrorCode::from_wire(v2)), (code.clone(), code));
    }
    // codes that 1.6 lacks become its nearest
    assert_eq!(ErrorCode::RpcFrameworkError.as_str(V16), "FormationViolation");
    assert_eq!(ErrorCode::MessageTypeNotSupported.as_str(V16), "GenericError");
}

#[test]
fn rpc_61_only_calls_and_wholly_unreadable_texts_are_answered() {
    for text in [
        "[3]",
        "[4]",
        "[3,\"1\"]",
        "[3,1,{}]",
        "[3,{},{}]",
        "[4,\"1\",7]",
        "[3,\"1\",",
        "[4,\"1\",\"A\",\"",
        "[3,\"1\",{},7]",
    ] {
        for version in Version::ALL {
            for policy in [Enforce, Repair] {
                let verdict = verdict(version, policy, text);
                assert_eq!(verdict.reply, None, "{version} {text}");
            }
        }
    }
    // and no answer to an answer about an unreadable frame
    for version in Version::ALL {
        assert_reply(version, Enforce, r#"[4,"-1","RpcFrameworkError","",{}]"#, None);
    }
}

#[test]
fn rpc_62_the_fault_is_known_whether_or_not_it_is_answered() {
    let verdict = verdict(V21, Enforce, r#"[6,"1","NotifyPeriodicEventStream",{}]"#);
    assert_eq!(verdict.code, Some(ErrorCode::OccurrenceConstraintViolation));
    assert_eq!(verdict.reply, None);
}

#[test]
fn rpc_63_a_mebibyte_and_32_levels_are_accepted_and_no_more() {
    let frame = r#"[2,"1","Heartbeat",{}]"#;
    let longest = format!("{frame}{}", " ".repeat(CSMS_BYTES - frame.len()));
    assert_eq!(reply(V16, Enforce, &longest), None);
    let error = refused(V16, Enforce, &format!("{longest} "));
    assert_eq!((error.error_code(V16), error.offset), (None, CSMS_BYTES));
    let nested = |levels: usize| {
        format!(
            "[2,\"1\",\"DataTransfer\",{{\"vendorId\":\"V\",\"data\":{}{}}}]",
            "[".repeat(levels - 1),
            "]".repeat(levels - 1)
        )
    };
    for policy in [Enforce, Repair] {
        assert_eq!(reply(V201, policy, &nested(32)), None);
        assert_reply(V201, policy, &nested(33), Some(("\"1\"", "FormatViolation")));
    }
}

#[test]
fn rpc_74_a_signed_message_is_not_implemented() {
    assert_reply(V201, Enforce, r#"[2,"1","Heartbeat-Signed",{}]"#, Some(("\"1\"", "NotImplemented")));
}

#[test]
fn an_answer_describes_in_255_characters_and_quotes_no_json() {
    let name = "\\\"ä{".repeat(60);
    let text = format!("[2,\"1\",\"Heartbeat\",{{\"{name}\":1}}]");
    let reply = reply(V201, Enforce, &text).unwrap();
    let Frame::CallError { refusal, .. } = parse(&reply, V201, Enforce).unwrap().frame else { panic!("{reply}") };
    assert!(refusal.description.chars().count() <= 255);
    assert!(refusal.description.starts_with("/\"ä{"));
    assert_eq!(refusal.details, "{}");
}
