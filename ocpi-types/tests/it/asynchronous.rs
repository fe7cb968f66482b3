//! Results that come later (rule book parts N and O; fault cases F9 and F10).

use ocpi_types::{
    DateTime, FirstAnswer, Outcome, Pending, Request, ResultBody, ResultError, UrlPolicy, UrlRefusal, Version,
    check_response_url,
};

fn at(seconds: i64) -> DateTime {
    DateTime::from_unix_seconds(1_700_000_000 + seconds).unwrap()
}

const ACCEPTED: &str = r#"{"result":"ACCEPTED"}"#;
const YES: FirstAnswer = FirstAnswer::Accepted { timeout: Some(30) };

fn pending(version: Version, request: Request) -> Pending {
    let mut pending = Pending::new(version, 10, 60);
    pending.sent(at(0), "id", "peer", request, Some(at(7200))).unwrap();
    pending
}

/// CMD-01, CMD-02, CMD-04, CMD-06 and CHP-01: two steps, of the type of the version; a negative answer is final.
#[test]
fn cmd_01_two_steps() {
    for version in Version::ALL {
        let mut machine = pending(version, Request::StartSession);
        assert_eq!(machine.answered(at(1), "id", YES), None);
        match machine.result("id", "peer", ACCEPTED).unwrap() {
            Some(Outcome::Result(body)) => assert_eq!(body.result(), "ACCEPTED"),
            other => panic!("{other:?}"),
        }
        assert!(machine.is_empty());
        let mut machine = pending(version, Request::StopSession);
        assert_eq!(machine.answered(at(1), "id", FirstAnswer::Negative), Some(Outcome::Negative));
        assert_eq!(machine.result("id", "peer", ACCEPTED), Err(ResultError::Unknown));
    }
}

/// CHP-04: one text, read by what was asked for.
#[test]
fn chp_04_by_correlation() {
    let text = r#"{"result":"REJECTED"}"#;
    let read = |request| ResultBody::decode(Version::V2_2_1, request, text).unwrap();
    assert!(matches!(read(Request::ActiveChargingProfile), ResultBody::V221Active(_)));
    assert!(matches!(read(Request::SetChargingProfile), ResultBody::V221Set(_)));
    assert!(matches!(read(Request::ClearChargingProfile), ResultBody::V221Clear(_)));
    assert!(matches!(read(Request::UnlockConnector), ResultBody::V221Command(_)));
    assert!(matches!(
        ResultBody::decode(Version::V2_3_0, Request::SetChargingProfile, text).unwrap(),
        ResultBody::V230Set(_)
    ));
}

/// CMD-03 and CHP-03: deadlines; late results are told as such.
#[test]
fn cmd_03_deadlines() {
    let mut machine = pending(Version::V2_2_1, Request::UnlockConnector);
    machine.answered(at(1), "id", YES);
    assert_eq!(machine.next_deadline(), Some(at(31)));
    assert!(machine.expire(at(30)).is_empty());
    assert_eq!(machine.expire(at(31)), [("id".to_owned(), Outcome::TimedOut)]);
    assert!(machine.expire(at(32)).is_empty(), "told once");
    assert!(matches!(machine.result("id", "peer", ACCEPTED), Ok(Some(Outcome::Late(_)))));
    let mut machine = pending(Version::V2_1_1, Request::UnlockConnector);
    machine.answered(at(0), "id", FirstAnswer::Accepted { timeout: None });
    assert_eq!(machine.next_deadline(), Some(at(60)), "2.1.1 tells none");
}

/// The result overtakes the answer: it is told with it.
#[test]
fn cmd_results_may_overtake_the_answer() {
    let mut machine = pending(Version::V2_2_1, Request::StartSession);
    assert_eq!(machine.result("id", "peer", ACCEPTED), Ok(None));
    assert!(matches!(machine.answered(at(1), "id", YES), Some(Outcome::Result(_))));
}

/// CMD-09: a reservation can be taken back until it expires.
#[test]
fn cmd_09_reservations() {
    let mut machine = pending(Version::V2_2_1, Request::ReserveNow);
    machine.answered(at(1), "id", YES);
    assert!(matches!(machine.result("id", "peer", ACCEPTED), Ok(Some(Outcome::Result(_)))));
    assert_eq!(machine.result("id", "peer", ACCEPTED), Err(ResultError::Unknown), "a repetition");
    let back = r#"{"result":"CANCELED_RESERVATION"}"#;
    assert!(matches!(machine.result("id", "peer", back), Ok(Some(Outcome::ReservationCanceled(_)))));
    let mut machine = pending(Version::V2_2_1, Request::ReserveNow);
    machine.answered(at(1), "id", YES);
    machine.result("id", "peer", ACCEPTED).unwrap();
    machine.expire(at(7300));
    assert_eq!(machine.result("id", "peer", back), Err(ResultError::Unknown));
}

/// F10 and CMD-05: unknown, foreign, repeated and expired ids are ignored and counted; a broken body changes nothing.
#[test]
fn f10_unknown_results() {
    let mut machine = pending(Version::V2_2_1, Request::StartSession);
    machine.answered(at(1), "id", YES);
    assert_eq!(machine.result("other", "peer", ACCEPTED), Err(ResultError::Unknown));
    assert_eq!(machine.result("id", "stranger", ACCEPTED), Err(ResultError::Unknown));
    assert!(matches!(machine.result("id", "peer", "{"), Err(ResultError::Body(_))));
    assert!(machine.result("id", "peer", ACCEPTED).is_ok());
    assert_eq!(machine.result("id", "peer", ACCEPTED), Err(ResultError::Unknown));
    assert_eq!(machine.unmatched(), 3);
    let mut full = Pending::new(Version::V2_2_1, 1, 60);
    full.sent(at(0), "a", "p", Request::StartSession, None).unwrap();
    assert!(full.sent(at(0), "b", "p", Request::StartSession, None).is_err());
    full.expire(at(100_000));
    assert_eq!(full.len(), 0, "nothing is remembered for ever");
}

/// F9: response URLs that lead inside, or to somebody else.
#[test]
fn f09_response_urls() {
    let policy = UrlPolicy::new();
    let hosts = ["emsp.example.com".to_owned()];
    let check = |url: &str| check_response_url(url, &policy, &hosts);
    assert!(check("https://EMSP.example.com/result/1").is_ok());
    assert_eq!(check("https://other.example.com/result/1"), Err(UrlRefusal::Host));
    assert_eq!(check("https://127.0.0.1/"), Err(UrlRefusal::Local));
    assert_eq!(check("https://192.168.1.1/"), Err(UrlRefusal::Local));
    let url = policy.check("https://emsp.example.com/result/1").unwrap();
    assert_eq!(policy.check_redirect(&url, "https://169.254.169.254/latest"), Err(UrlRefusal::Local));
    assert_eq!(policy.check_redirect(&url, "https://other.example.com/"), Err(UrlRefusal::OtherOrigin));
    assert!(policy.check_redirect(&url, "/result/2").is_ok());
}

/// CMD-13 and X-CMD-07: commands and their bodies.
#[test]
fn cmd_13_commands() {
    for (command, body) in [
        ("CANCEL_RESERVATION", "CancelReservation"),
        ("RESERVE_NOW", "ReserveNow"),
        ("START_SESSION", "StartSession"),
        ("STOP_SESSION", "StopSession"),
        ("UNLOCK_CONNECTOR", "UnlockConnector"),
    ] {
        assert_eq!(Request::from_command(command).unwrap().body(), Some(body));
    }
    assert_eq!(Request::from_command("start_session"), None);
    assert!(
        ocpi_types::decode::<ocpi_types::v221::StopSession>(
            r#"{"response_url":"https://a.example","location_id":"L"}"#
        )
        .is_err()
    );
}
