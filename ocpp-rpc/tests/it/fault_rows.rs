//! Faulty and hostile frames, row by row; rows that need a connection (repeated, late and pipelined calls) are not here.

use ocpp_rpc::{ErrorCode, Frame, FrameDefect, FrameRemark, Mend, Unchecked, check, mend, parse, rescue};
use ocpp_types::DecodePolicy::{Enforce, Repair, Trust};
use ocpp_types::Version;
use ocpp_types::limits::CSMS_BYTES;

use crate::{V16, V21, V201, assert_reply, on_a_small_stack, refused, reply, verdict, violation};

#[test]
fn c01_truncated_json_is_answered_with_the_salvaged_id() {
    let text = r#"[2,"19","Authorize",{"idTag":"04A1"}]"#;
    let has_id = r#"[2,"19""#.len();
    for end in 1..text.len() {
        let cut = &text[..end];
        for policy in [Enforce, Repair] {
            if end >= has_id {
                assert_reply(V16, policy, cut, Some(("\"19\"", "FormationViolation")));
                assert_reply(V201, policy, cut, Some(("\"19\"", "RpcFrameworkError")));
                assert_reply(V21, policy, cut, Some(("\"19\"", "RpcFrameworkError")));
            } else {
                assert_reply(V16, policy, cut, None);
                assert_eq!(reply(V201, policy, cut).unwrap(), r#"[4,"-1","RpcFrameworkError","",{}]"#, "{cut}");
                assert_eq!(reply(V21, policy, cut).unwrap(), r#"[4,"-1","RpcFrameworkError","",{}]"#, "{cut}");
            }
            assert_eq!(refused(V16, policy, cut).offset, end);
        }
    }
}

#[test]
fn c01_a_truncated_answer_is_not_answered_but_names_the_call_that_fails() {
    for text in [r#"[3,"19",{"status":"Acc"#, r#"[4,"19","InternalError","#] {
        for version in Version::ALL {
            let error = refused(version, Repair, text);
            assert_eq!(error.message_type, text[1..2].parse().ok());
            assert_eq!(error.message_id().unwrap().text(), "19");
            assert_eq!(error.reply(version), None);
        }
    }
}

#[test]
fn c02_a_hundred_thousand_nested_lists_are_refused_in_constant_stack() {
    on_a_small_stack(|| {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let deep_objects = "{\"a\":".repeat(100_000) + "1" + &"}".repeat(100_000);
        for version in Version::ALL {
            for policy in [Enforce, Repair, Trust] {
                for text in [&deep, &deep_objects, &"[".repeat(100_000), &"{\"a\":".repeat(100_000)] {
                    assert!(parse(text, version, policy).is_err());
                    reply(version, policy, text);
                }
                for nested in [&deep, &deep_objects] {
                    let as_id = format!("[2,{nested},\"Heartbeat\",{{}}]");
                    assert_eq!(refused(version, policy, &as_id).defect, FrameDefect::Id);
                    let as_action = format!("[2,\"1\",{nested},{{}}]");
                    assert_eq!(refused(version, policy, &as_action).defect, FrameDefect::Action);
                    let as_details = format!("[4,\"1\",\"GenericError\",\"\",{{\"a\":{nested}}}]");
                    match parse(&as_details, version, policy) {
                        Ok(parsed) => assert_eq!(parsed.remarks, [FrameRemark::RefusalParts]),
                        Err(error) => assert_eq!(error.defect, FrameDefect::Refusal),
                    }
                    for payload in [nested.clone(), format!("{{\"vendorId\":\"V\",\"data\":{nested}}}")] {
                        let text = format!("[2,\"1\",\"DataTransfer\",{payload}]");
                        if policy != Trust {
                            assert!(!verdict(version, policy, &text).is_good());
                        }
                        reply(version, policy, &text);
                    }
                    mend(nested, Mend::Commas);
                }
            }
        }
        let text = format!("[2,\"1\",\"DataTransfer\",{{\"vendorId\":\"V\",\"data\":{deep}}}]");
        assert_reply(V201, Enforce, &text, Some(("\"1\"", "FormatViolation")));
        assert_eq!(violation(V201, Enforce, &text).1, "nested deeper than 32 levels");
    });
}

#[test]
fn c03_what_is_longer_than_a_mebibyte_is_refused_unread() {
    on_a_small_stack(|| {
        let zeros = format!("[{}0]", "0,".repeat(10_000_000));
        let text = format!("[2,\"1\",\"DataTransfer\",{{\"vendorId\":\"V\",\"data\":\"{}\"}}]", "x".repeat(10_000_000));
        for version in Version::ALL {
            for text in [&zeros, &text] {
                let error = refused(version, Repair, text);
                assert_eq!(error.defect, FrameDefect::TooLarge { length: text.len(), max: CSMS_BYTES });
                assert_eq!((error.offset, error.reply(version)), (CSMS_BYTES, None));
            }
        }
        let zeros = format!("[2,\"1\",\"GetConfiguration\",{{\"key\":[{}0]}}]", "0,".repeat(500_000));
        let verdict = check(&zeros, V16, ocpp_rpc::Direction::FromCsms, Enforce, |_| None);
        assert_eq!(verdict.error.unwrap().first().pointer, "/key");
        assert!(verdict.reply.unwrap().starts_with(r#"[4,"1","OccurenceConstraintViolation""#));
        let long = format!("[2,\"1\",\"Authorize\",{{\"idTag\":\"{}\"}}]", "x".repeat(1_000_000));
        for policy in [Enforce, Repair] {
            assert_eq!(violation(V16, policy, &long).0, "/idTag");
            assert!(reply(V16, policy, &long).unwrap().len() < 400);
        }
    });
}

#[test]
fn c04_an_empty_text_is_ignored() {
    for text in ["", " ", "\r\n\t"] {
        for policy in [Enforce, Repair] {
            for version in Version::ALL {
                assert_eq!(refused(version, policy, text).defect, FrameDefect::Empty);
                assert_reply(version, policy, text, None);
            }
        }
    }
}

#[test]
fn c05_json_that_is_no_list_is_answered_like_broken_json() {
    for text in ["{}", r#"{"a":[2,"1"]}"#, "\"[2]\"", "7", "null", "true"] {
        for policy in [Enforce, Repair] {
            assert_eq!(refused(V16, policy, text).defect, FrameDefect::NotAList);
            assert_reply(V16, policy, text, None);
            for version in [V201, V21] {
                assert_eq!(reply(version, policy, text).unwrap(), r#"[4,"-1","RpcFrameworkError","",{}]"#);
            }
        }
    }
    let broken = refused(V201, Enforce, &format!("\"{}\" 7", "secret".repeat(1000)));
    assert!(broken.to_string().len() < 100, "a syntax error quotes nothing of the text");
}

#[test]
fn c06_an_unknown_message_type_is_ignored_but_on_2_0_1() {
    for kind in ["0", "1", "9", "\"2\"", "2.0", "-2", "22", "2e0", "null", "[2]", "18446744073709551618"] {
        for policy in [Enforce, Repair] {
            let text = format!("[{kind},\"1\",\"Heartbeat\",{{}}]");
            assert_reply(V16, policy, &text, None);
            assert_reply(V201, policy, &text, Some(("\"1\"", "MessageTypeNotSupported")));
            assert_reply(V21, policy, &text, None);
            for version in Version::ALL {
                assert_eq!(refused(version, policy, &text).defect, FrameDefect::MessageType);
                assert_reply(version, policy, &format!("[{kind}]"), None);
                assert_reply(version, policy, &format!("[{kind},{{}},\"Heartbeat\"]"), None);
            }
        }
    }
}

#[test]
fn c07_a_number_as_id_is_answered_or_kept_as_it_is_spelled() {
    for id in ["19", "-1", "1.50", "1e3", "0", "123456789012345678901234567890123456789"] {
        let text = format!("[2,{id},\"Foo\",{{}}]");
        assert_reply(V16, Enforce, &text, Some((id, "FormationViolation")));
        for version in [V201, V21] {
            assert_eq!(reply(version, Enforce, &text).unwrap(), r#"[4,"-1","RpcFrameworkError","",{}]"#);
        }
        for version in Version::ALL {
            assert_reply(version, Repair, &text, Some((id, "NotImplemented")));
            assert_reply(
                version,
                Repair,
                &format!("[2,{id},7,{{}}]"),
                Some((id, if version == V16 { "FormationViolation" } else { "FormatViolation" })),
            );
            let parsed = parse(&text, version, Repair).unwrap();
            assert_eq!(parsed.remarks, [FrameRemark::NumericId]);
            assert_eq!(parsed.frame.id().text(), id);
        }
    }
}

#[test]
fn c08_odd_ids_come_back_verbatim_and_never_reach_a_log_raw() {
    let ids = ["", &"x".repeat(37), &"ä".repeat(300), r"a\u0007\n\u001b[2J", r#"a\"b\\c"#, r"\u0041\/"];
    for id in ids {
        let literal = format!("\"{id}\"");
        let is_long = id.len() > 36 && !id.contains('\\');
        for version in Version::ALL {
            let text = format!("[2,{literal},\"Foo\",{{}}]");
            let code = match (is_long, version) {
                (false, _) => "NotImplemented",
                (true, V16) => "FormationViolation",
                (true, _) => "RpcFrameworkError",
            };
            assert_reply(version, Enforce, &text, Some((&literal, code)));
            assert_reply(version, Repair, &text, Some((&literal, "NotImplemented")));
            let parsed = parse(&text, version, Repair).unwrap();
            let is_flagged = is_long || id.is_empty();
            assert_eq!(parsed.remarks, &[FrameRemark::IdLength][..usize::from(is_flagged)]);
            assert!(!parsed.frame.id().to_string().contains(|shown: char| shown.is_control()));
            assert!(!format!("{:?}", parsed.frame.id()).contains(|shown: char| shown.is_control()));
        }
    }
    // thirty-six characters are counted, not bytes
    let text = format!("[2,\"{}\",\"Heartbeat\",{{}}]", "€".repeat(36));
    assert_eq!(reply(V201, Enforce, &text), None);
    let text = format!("[2,\"{}\",\"Heartbeat\",{{}}]", "\\u20ac".repeat(36));
    assert_eq!(reply(V201, Enforce, &text), None);
}

#[test]
fn c08_an_id_beyond_a_kilobyte_is_not_carried_back() {
    for id in [format!("\"{}\"", "x".repeat(500_000)), "7".repeat(500_000)] {
        for policy in [Enforce, Repair] {
            let text = format!("[2,{id},\"Heartbeat\",{{}}]");
            assert_eq!(refused(V201, policy, &text).defect, FrameDefect::Id);
            assert_reply(V16, policy, &text, None);
            assert_eq!(reply(V201, policy, &text).unwrap(), r#"[4,"-1","RpcFrameworkError","",{}]"#);
        }
    }
}

#[test]
fn c11_a_call_of_three_elements_is_answered_and_of_five_tolerated() {
    let (three, five) = (r#"[2,"1","Heartbeat"]"#, r#"[2,"1","Heartbeat",{},[1,2]]"#);
    for policy in [Enforce, Repair] {
        assert_reply(V16, policy, three, Some(("\"1\"", "FormationViolation")));
        assert_reply(V201, policy, three, Some(("\"1\"", "RpcFrameworkError")));
        assert_reply(V21, policy, three, Some(("\"1\"", "RpcFrameworkError")));
    }
    for version in Version::ALL {
        assert!(reply(version, Enforce, five).is_some());
        assert_eq!(reply(version, Repair, five), None);
        assert_eq!(parse(five, version, Repair).unwrap().remarks, [FrameRemark::ExtraElements]);
        let many = format!("[2,\"1\",\"Heartbeat\",{{}}{}]", ",0".repeat(100_000));
        let error = refused(version, Enforce, &many);
        assert_eq!(error.defect, FrameDefect::ElementCount { found: 100_004, expected: 4 });
        assert_eq!(reply(version, Repair, &many), None);
    }
}

#[test]
fn c12_a_result_of_an_unknown_call_is_not_answered() {
    for version in Version::ALL {
        let verdict = verdict(version, Enforce, r#"[3,"77",{"status":7}]"#);
        assert_eq!(verdict.unchecked, Some(Unchecked::UnknownCall));
        assert_eq!((verdict.code, verdict.reply), (None, None));
    }
}

#[test]
fn c15_an_incomplete_refusal_is_tolerated() {
    let texts = [
        r#"[4,"1","GenericError"]"#,
        r#"[4,"1","GenericError","why"]"#,
        r#"[4,"1","GenericError",null,{}]"#,
        r#"[4,"1","GenericError","why","details"]"#,
        r#"[4,"1","GenericError","why",null]"#,
    ];
    for text in texts {
        for version in Version::ALL {
            assert_eq!(refused(version, Enforce, text).reply(version), None);
            let parsed = parse(text, version, Repair).unwrap();
            assert_eq!(parsed.remarks, [FrameRemark::RefusalParts]);
            let Frame::CallError { refusal, .. } = parsed.frame else { panic!("{text}") };
            assert_eq!(refusal.code, ErrorCode::GenericError);
            assert_eq!(refusal.description, if text.contains("why") { "why" } else { "" });
            assert_eq!(refusal.details, "{}");
        }
    }
    let long = format!("[4,\"1\",\"GenericError\",\"{}\",{{}}]", "ä".repeat(256));
    assert_eq!(refused(V16, Enforce, &long).defect, FrameDefect::Refusal);
    assert_eq!(parse(&long, V16, Repair).unwrap().remarks, [FrameRemark::RefusalParts]);
    assert!(parse(&long.replacen('ä', "", 1), V16, Enforce).is_ok());
}

#[test]
fn c16_codes_are_understood_in_any_spelling_and_kept_as_sent() {
    let code_of = |text: &str| {
        let text = format!("[4,\"1\",\"{text}\",\"\",{{}}]");
        let Frame::CallError { refusal, .. } = parse(&text, V16, Enforce).unwrap().frame else { panic!("{text}") };
        (refusal.code, refusal.code_text.into_owned())
    };
    for spelling in ["OccurenceConstraintViolation", "OccurrenceConstraintViolation"] {
        assert_eq!(code_of(spelling), (ErrorCode::OccurrenceConstraintViolation, spelling.to_owned()));
    }
    for spelling in ["FormationViolation", "FormatViolation"] {
        assert_eq!(code_of(spelling), (ErrorCode::FormatViolation, spelling.to_owned()));
    }
    assert_eq!(code_of("Foo"), (ErrorCode::Unrecognized("Foo".into()), "Foo".to_owned()));
}

#[test]
fn c17_a_notice_is_an_unknown_type_before_2_1() {
    let text = r#"[6,"1","NotifyPeriodicEventStream",{"id":1,"pending":0,"basetime":"2026-03-14T13:00:00Z","data":[{"t":0,"v":"230"}]}]"#;
    assert_reply(V16, Enforce, text, None);
    assert_reply(V201, Enforce, text, Some(("\"1\"", "MessageTypeNotSupported")));
    assert!(verdict(V21, Enforce, text).is_good());
}

#[test]
fn c18_a_refused_result_is_an_unknown_type_before_2_1() {
    let text = r#"[5,"1","GenericError","",{}]"#;
    assert_reply(V16, Enforce, text, None);
    assert_reply(V201, Enforce, text, Some(("\"1\"", "MessageTypeNotSupported")));
    assert!(matches!(parse(text, V21, Enforce).unwrap().frame, Frame::CallResultError { .. }));
    assert_reply(V21, Enforce, text, None);
}

#[test]
fn c19_a_mark_blanks_and_padding_around_a_frame_are_accepted_when_lenient() {
    let frame = "[2,\r\n\"1\",\r\n\"Heartbeat\",{}]";
    for (text, is_padded) in [
        (format!("\u{feff}{frame}"), true),
        (format!("{frame}\0"), true),
        (format!("{frame}\0\0\r\n"), true),
        (format!("\u{feff} \t{frame}\r\n\0"), true),
        (format!(" \t\r\n{frame}\r\n "), false),
    ] {
        for version in Version::ALL {
            assert_eq!(parse(&text, version, Enforce).is_err(), is_padded, "{text:?}");
            let remarks = parse(&text, version, Repair).unwrap().remarks;
            assert_eq!(remarks, &[FrameRemark::Padding][..usize::from(is_padded)]);
            assert_eq!(reply(version, Repair, &text), None);
        }
    }
    assert_eq!(refused(V16, Repair, "\u{feff}\0\0").defect, FrameDefect::Empty);
}

#[test]
fn c20_control_characters_in_texts_are_answered_or_mended() {
    for control in ['\0', '\u{1}', '\n', '\u{1f}'] {
        let text = format!("[2,\"1\",\"Authorize\",{{\"idTag\":\"04{control}A1\"}}]");
        assert_reply(V16, Enforce, &text, Some(("\"1\"", "FormationViolation")));
        assert_reply(V201, Enforce, &text, Some(("\"1\"", "RpcFrameworkError")));
        assert!(matches!(refused(V16, Repair, &text).defect, FrameDefect::Syntax(_)));
        let mended = rescue(&text, Mend::Characters).unwrap();
        let call = ocpp_rpc::decode_call::<ocpp_types::v16::StationCall>(&mended, Repair).unwrap();
        let expected = ocpp_types::v16::AuthorizeRequest::new(format!("04{control}A1").as_str());
        assert_eq!(call.request, expected.into());
    }
    let outside = "[2,\u{1}\"1\",\u{0}\"Heartbeat\",{}\u{7f}]";
    assert_eq!(rescue(outside, Mend::Characters).unwrap(), r#"[2,"1","Heartbeat",{}]"#);
}

#[test]
fn c21_stray_commas_and_absent_values_are_answered_or_salvaged_on_request() {
    for (text, salvaged) in [
        (r#"[,2,"1","Heartbeat",{}]"#, r#"[2,"1","Heartbeat",{}]"#),
        (r#"[2,"1","Heartbeat",{},]"#, r#"[2,"1","Heartbeat",{}]"#),
        (r#"[2,"1",,"Heartbeat",{} , ]"#, r#"[2,"1","Heartbeat",{}  ]"#),
        (r#"[2,"1","Authorize",{"idTag":"A",}]"#, r#"[2,"1","Authorize",{"idTag":"A"}]"#),
        (r#"[2,"1","A",{,"a":,"b":}]"#, r#"[2,"1","A",{"a":null,"b":null}]"#),
        (r#"[2,"1","A",{"a":",]","b":[1,,2,],}]"#, r#"[2,"1","A",{"a":",]","b":[1,2]}]"#),
    ] {
        for policy in [Enforce, Repair] {
            assert!(matches!(refused(V16, policy, text).defect, FrameDefect::Syntax(_)));
        }
        assert_eq!(rescue(text, Mend::Characters), None);
        assert_eq!(rescue(text, Mend::Commas).as_deref(), Some(salvaged));
    }
    assert_reply(V201, Enforce, r#"[2,"1","Heartbeat",{},]"#, Some(("\"1\"", "RpcFrameworkError")));
    assert_eq!(rescue(r#"[2,"1","Heartbeat",{]"#, Mend::Commas), None);
    assert_eq!(rescue(r#"[2,"1","Heartbeat",{}]"#, Mend::Commas), None);
}

#[test]
fn c22_lone_surrogates_are_refused_wherever_they_stand() {
    for lone in [r"\ud800", r"\udc00", r"\ud800\ud800", r"\ud800x"] {
        for policy in [Enforce, Repair] {
            let text = format!("[2,\"{lone}\",\"Heartbeat\",{{}}]");
            assert_eq!(refused(V201, policy, &text).defect, FrameDefect::Id);
            assert_reply(V16, policy, &text, None);
            assert_eq!(reply(V201, policy, &text).unwrap(), r#"[4,"-1","RpcFrameworkError","",{}]"#);

            let text = format!("[2,\"1\",\"Heart{lone}\",{{}}]");
            assert_eq!(refused(V201, policy, &text).defect, FrameDefect::Action);
            assert_reply(V201, policy, &text, Some(("\"1\"", "FormatViolation")));

            let text = format!("[2,\"1\",\"Authorize\",{{\"idTag\":\"{lone}\"}}]");
            assert_eq!(violation(V16, policy, &text).0, "/idTag");
            assert_reply(V16, policy, &text, Some(("\"1\"", "FormationViolation")));

            let text = format!("[2,\"1\",\"Authorize\",{{\"idTag\":\"A\",\"{lone}\":1}}]");
            assert_reply(V16, policy, &text, Some(("\"1\"", "FormationViolation")));
        }
        let text = format!("[4,\"1\",\"Generic{lone}\",\"\",{{}}]");
        assert_eq!(refused(V16, Repair, &text).defect, FrameDefect::Refusal);
    }
    assert_eq!(reply(V16, Enforce, r#"[2,"\ud83d\ude97","Heartbeat",{}]"#), None);
}

#[test]
fn c23_repeated_members_are_refused() {
    for policy in [Enforce, Repair] {
        let text = r#"[2,"1","Authorize",{"idTag":"A","idTag":"A"}]"#;
        assert_eq!(violation(V16, policy, text), ("/idTag".into(), "member stands there twice".into()));
        assert_reply(V16, policy, text, Some(("\"1\"", "FormationViolation")));
        let text = r#"[2,"1","Authorize",{"idToken":{"idToken":"A","type":"Central","\u0074ype":"Central"}}]"#;
        assert_eq!(violation(V201, policy, text).0, "/idToken/type");
        assert_reply(V201, policy, text, Some(("\"1\"", "FormatViolation")));
        let text = r#"[2,"1","Heartbeat",{"customData":{"vendorId":"V","a":1,"a":2}}]"#;
        assert_eq!(violation(V21, policy, text).0, "/customData/a");
    }
}

#[test]
fn c24_unknown_actions_and_those_of_the_other_side_are_told_apart() {
    for version in Version::ALL {
        for policy in [Enforce, Repair] {
            for action in ["Foo", "", "heartbeat", "Heartbeat ", "HeartbeatRequest", r"\u0000", "Heartbeat-Signed"] {
                let text = format!("[2,\"1\",\"{action}\",{{\"any\":1}}]");
                assert_eq!(reply(version, policy, &text).unwrap(), r#"[4,"1","NotImplemented","",{}]"#);
            }
            for action in ["Reset", "ChangeAvailability"] {
                let text = format!("[2,\"1\",\"{action}\",{{\"any\":1}}]");
                assert_eq!(reply(version, policy, &text).unwrap(), r#"[4,"1","NotSupported","",{}]"#);
            }
        }
    }
    assert_reply(V16, Enforce, r#"[2,"1","TransactionEvent",{}]"#, Some(("\"1\"", "NotImplemented")));
    assert_reply(V201, Enforce, r#"[2,"1","StartTransaction",{}]"#, Some(("\"1\"", "NotImplemented")));
    assert_eq!(reply(V16, Enforce, r#"[2,"1","Heart\u0062eat",{}]"#), None);
}

#[test]
fn c25_a_payload_that_is_no_object_is_a_violation_of_format() {
    for payload in ["[]", "[{}]", "\"\"", "7", "true"] {
        let text = format!("[2,\"1\",\"Authorize\",{payload}]");
        for policy in [Enforce, Repair] {
            assert_reply(V16, policy, &text, Some(("\"1\"", "FormationViolation")));
            assert_reply(V201, policy, &text, Some(("\"1\"", "FormatViolation")));
            assert_reply(V21, policy, &text, Some(("\"1\"", "FormatViolation")));
        }
    }
    // null stands for the empty payload
    for version in Version::ALL {
        assert_eq!(reply(version, Enforce, r#"[2,"1","Heartbeat",null]"#), None);
        assert_eq!(parse(r#"[2,"1","Heartbeat",null]"#, version, Repair).unwrap().remarks, [FrameRemark::NullPayload]);
    }
    assert_reply(V16, Enforce, r#"[2,"1","Authorize",null]"#, Some(("\"1\"", "ProtocolError")));
    assert_reply(V201, Enforce, r#"[2,"1","Authorize",null]"#, Some(("\"1\"", "OccurrenceConstraintViolation")));
}
