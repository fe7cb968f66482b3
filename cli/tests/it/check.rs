//! `chargewire check`.

use ocpp_types::limits::CSMS_BYTES;
use serde_json::{Value, json};

use crate::{Run, run};

/// Checks frames and asks for JSON.
fn check(arguments: &[&str], input: impl AsRef<[u8]>) -> Run {
    run(&[&["check", "--json", "--ocpp"], arguments].concat(), input)
}

/// The report on one frame.
fn report(arguments: &[&str], frame: impl AsRef<[u8]>) -> Value {
    let run = check(arguments, frame);
    let reports = run.json();
    assert_eq!(reports.len(), 1);
    assert_eq!(run.status == 0, reports[0]["ok"] == true);
    reports[0].clone()
}

#[test]
fn a_whole_session_is_good() {
    let run = run(&["check", "--ocpp", "1.6", "samples/afternoon-1.6.jsonl"], "");
    assert_eq!((run.status, run.out.as_str(), run.err.as_str()), (0, "40 frames, 0 with findings\n", ""));
}

#[test]
fn the_readme_shows_what_the_tool_says() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("$ echo '").expect("an example");
    let (frame, rest) = rest.split_once("' | chargewire check --ocpp 1.6\n").expect("its command");
    let (shown, _) = rest.split_once("```").expect("its end");
    let run = run(&["check", "--ocpp", "1.6"], format!("{frame}\n"));
    assert_eq!((run.status, run.out.as_str()), (1, shown));
}

#[test]
fn people_are_shown_the_spot() {
    let run = run(&["check", "--ocpp", "2.0.1", "samples/dirty-2.0.1.jsonl"], "");
    assert_eq!(run.status, 1);
    let expected = [
        "line 2: CALLRESULT BootNotification \"d-01\"",
        "  /interval: a text where a whole number belongs (type)",
        "    …6-03-14T13:02:11Z\",\"interval\":\"300\",\"status\":\"Accepted\"}]",
        "                                   ^",
        "  reply: none",
        "line 3: CALL StatusNotification \"d-02\"",
    ];
    assert_eq!(run.out.lines().take(6).collect::<Vec<_>>(), expected);
    assert_eq!(run.out.lines().last(), Some("12 frames, 10 with findings"));
    assert!(!run.out.contains("line 1:") && !run.out.contains("line 13:"));
}

#[test]
fn people_are_shown_repairs() {
    let run = run(&["check", "--ocpp", "2.0.1", "--policy", "repair", "samples/dirty-2.0.1.jsonl"], "");
    assert_eq!(run.status, 1);
    let repairs: Vec<_> = run.out.lines().filter(|line| line.starts_with("  repaired: ")).collect();
    let expected = [
        "  repaired: /interval: text taken as number or boolean (found \"300\")",
        "  repaired: /timestamp: no time zone offset, read as UTC (found \"2026-03-14 13:02:12\")",
        "  repaired: /uptime: unknown member, kept aside (found 17)",
    ];
    assert_eq!(repairs, expected);
    assert_eq!(run.out.lines().last(), Some("12 frames, 3 repaired, 7 with findings"));
}

#[test]
fn a_json_line_has_every_member() {
    let run = check(&["1.6"], "[2,\"19\",\"UnlockConnector\",{\"connectorId\":\"1\"}]\n");
    let reply = r#"[4,\"19\",\"TypeConstraintViolation\",\"/connectorId: a text where a whole number belongs\",{}]"#;
    let expected = format!(
        "{}{}{}",
        r#"{"line":1,"ok":false,"type":2,"action":"UnlockConnector","id":"19","error_code":"TypeConstraintViolation","#,
        r#""violations":[{"pointer":"/connectorId","kind":"type","message":"a text where a whole number belongs"}],"#,
        format_args!("\"repairs\":[],\"reply\":\"{reply}\"}}\n")
    );
    assert_eq!((run.status, run.out), (1, expected));

    let good = report(&["1.6"], r#"[2,"19","Heartbeat",{}]"#);
    let expected = json!({
        "line": 1, "ok": true, "type": 2, "action": "Heartbeat", "id": "19", "error_code": null,
        "violations": [], "repairs": [], "reply": null
    });
    assert_eq!(good, expected);
}

#[test]
fn there_is_a_json_line_for_every_line_and_blank_ones_are_ignored() {
    let run = check(&["1.6"], "\n[2,\"1\",\"Heartbeat\",{}]\r\n  \r\n\n[2,\"2\",\"Foo\",{}]");
    let reports = run.json();
    assert_eq!(run.status, 1);
    let lines: Vec<_> = reports.iter().map(|report| (report["line"].clone(), report["ok"].clone())).collect();
    let expected = [(1, true), (2, true), (3, true), (4, true), (5, false)].map(|(line, ok)| (json!(line), json!(ok)));
    assert_eq!(lines, expected);
    assert_eq!((&reports[0]["type"], &reports[0]["reply"]), (&Value::Null, &Value::Null));
}

#[test]
fn the_sender_decides_which_actions_are_good() {
    let frame = r#"[2,"1","ClearCache",{}]"#;
    assert_eq!(report(&["1.6"], frame)["ok"], true);
    assert_eq!(report(&["1.6", "--from", "csms"], frame)["ok"], true);
    let report = report(&["1.6", "--from", "station"], frame);
    assert_eq!(report["error_code"], "NotSupported");
    assert_eq!(report["reply"], r#"[4,"1","NotSupported","",{}]"#);
}

#[test]
fn each_version_has_its_own_answers() {
    for (version, code) in [("1.6", "ProtocolError"), ("2.0.1", "OccurrenceConstraintViolation")] {
        let report = report(&[version], r#"[2,"1","Authorize",{}]"#);
        assert_eq!((&report["error_code"], &report["violations"][0]["kind"]), (&json!(code), &json!("occurrence")));
    }
    let reply = |version| report(&[version], r#"[9,"1",{}]"#)["reply"].clone();
    assert_eq!((reply("1.6"), reply("2.1")), (Value::Null, Value::Null));
    assert_eq!(reply("2.0.1"), r#"[4,"1","MessageTypeNotSupported","unknown message type",{}]"#);
}

#[test]
fn a_result_is_checked_against_its_call() {
    let call = r#"[2,"1","Authorize",{"idTag":"A"}]"#;
    let run = check(&["1.6"], format!("{call}\n[3,\"1\",{{}}]\n[4,\"1\",\"GenericError\",\"\",{{}}]"));
    let reports = run.json();
    assert_eq!(reports[1]["action"], "Authorize");
    assert_eq!(reports[1]["violations"][0]["pointer"], "/idTagInfo");
    assert_eq!(reports[1]["reply"], Value::Null);
    assert_eq!((&reports[2]["ok"], &reports[2]["action"]), (&json!(true), &json!("Authorize")));

    let result = r#"[3,"7",{"status":"Maybe"}]"#;
    assert_eq!(report(&["2.1"], result)["violations"][0]["message"], "answer to an unknown call");
    let told = report(&["2.1", "--reply-to", "Reset"], result);
    assert_eq!((&told["action"], &told["violations"][0]["pointer"]), (&json!("Reset"), &json!("/status")));
    assert!(told["reply"].as_str().expect("an answer").starts_with(r#"[5,"7","PropertyConstraintViolation""#));
}

#[test]
fn the_latest_4096_calls_are_remembered() {
    let calls: String = (0..=4096).map(|id| format!("[2,\"{id}\",\"Heartbeat\",{{}}]\n")).collect();
    let answer = |id: &str| format!("[3,\"{id}\",{{\"currentTime\":\"2026-03-14T13:00:00Z\"}}]\n");
    let reports = check(&["1.6"], calls + &answer("0") + &answer("1") + &answer("4096")).json();
    let last: Vec<_> = reports[4097..].iter().map(|report| report["ok"] == true).collect();
    assert_eq!(last, [false, true, true]);
}

#[test]
fn ids_come_back_as_they_were_sent() {
    assert_eq!(report(&["1.6", "--policy", "repair"], r#"[2,19,"Foo",{}]"#)["id"], 19);
    let run = check(&["1.6"], r#"[2,"\u0041\/","Foo",{}]"#);
    assert!(run.out.contains(r#""id":"\u0041\/","#), "{}", run.out);
}

#[test]
fn repairs_are_listed() {
    let frame = r#"[2,19,"UnlockConnector",{"connectorId":"1"},true]"#;
    let report = report(&["1.6", "--policy", "repair"], frame);
    assert_eq!(report["ok"], true);
    let expected = json!([
        {"pointer": "", "repair": "extra_elements", "found": null},
        {"pointer": "", "repair": "numeric_id", "found": null},
        {"pointer": "/connectorId", "repair": "text_as_number", "found": "\"1\""},
    ]);
    assert_eq!(report["repairs"], expected);
}

#[test]
fn c20_control_characters_are_mended_under_repair() {
    let frame = b"[2,\"1\",\"DataTransfer\",{\"vendorId\":\"V\",\"data\":\"a\0b\"}]";
    assert_eq!(report(&["1.6"], frame)["error_code"], "FormationViolation");
    let report = report(&["1.6", "--policy", "repair"], frame);
    assert_eq!((&report["ok"], &report["repairs"][0]["repair"]), (&json!(true), &json!("mended")));
}

#[test]
fn c21_commas_are_salvaged_on_request() {
    let frame = r#"[2,"1","UnlockConnector",{"connectorId":1,},]"#;
    assert_eq!(report(&["1.6", "--policy", "repair"], frame)["ok"], false);
    let report = report(&["1.6", "--policy", "repair", "--salvage"], frame);
    assert_eq!((&report["ok"], &report["repairs"][0]["repair"]), (&json!(true), &json!("mended")));
}

#[test]
fn c22_what_is_not_utf_8_is_located() {
    // an overlong slash, half a character, and bytes that begin none
    for (bytes, version) in [(&b"\xc0\xaf"[..], "1.6"), (b"\xe2\x82", "2.0.1"), (b"\xff\xfe", "2.1")] {
        let frame = [b"[2,\"1\",\"Heartbeat\",{\"", bytes, b"\":1}]"].concat();
        let report = report(&[version], &frame);
        assert_eq!(report["violations"], json!([{"pointer": "", "kind": "format", "message": "not UTF-8"}]));
        assert_eq!(report["reply"], Value::Null);
        let run = run(&["check", "--ocpp", version], &frame);
        let lines: Vec<_> = run.out.lines().collect();
        assert_eq!(lines[2].chars().nth(lines[3].chars().count() - 1), Some('\u{fffd}'));
    }
}

#[test]
fn c03_a_line_beyond_the_limit_is_reported_and_skipped() {
    let frame = |length: usize| format!("[2,\"1\",\"Heartbeat\",{{}}]{}", " ".repeat(length - 22));
    let input = [frame(CSMS_BYTES + 1), frame(CSMS_BYTES) + "\r", frame(3 * CSMS_BYTES), frame(22)].join("\n");
    let reports = check(&["1.6"], input).json();
    let good: Vec<_> = reports.iter().map(|report| report["ok"] == true).collect();
    assert_eq!(good, [false, true, false, true]);
    let message = format!("{} bytes, at most {CSMS_BYTES} are accepted", 3 * CSMS_BYTES);
    assert_eq!(reports[2]["violations"][0]["message"], message);
}

#[test]
fn nothing_of_a_frame_commands_the_terminal() {
    let frame =
        "[2,\"\u{1b}[2J\",\"Foo\u{202e}\",{}]\n[2,\"1\",\"\u{7f}\u{9b}2J\",{\"\u{2028}\":1}]\n\u{1b}]0;x\u{7}\n";
    let run = run(&["check", "--ocpp", "2.0.1"], frame);
    assert_eq!(run.status, 1);
    let is_command = |shown: char| (shown.is_control() && shown != '\n') || matches!(shown, '\u{202e}' | '\u{2028}');
    assert!(!run.out.contains(is_command), "{:?}", run.out);
}

#[test]
fn a_dash_is_standard_input() {
    let run = run(&["check", "--ocpp", "1.6", "-"], "[2,\"1\",\"Heartbeat\",{}]\n");
    assert_eq!((run.status, run.out.as_str()), (0, "1 frame, 0 with findings\n"));
}
