//! What a CSMS says to messages about transactions: rules CS-33, CS-37, CS-38, CS-40; field need 5, fault row D17.

use std::cell::RefCell;

use chrono::{DateTime, Utc};
use ocpp_server::ledger::{
    Answered, Freshness, Ledger, LedgerLimits, Outcome, SessionsAtATime, Token, TokenVerdict, TransactionIds,
};
use ocpp_types::v21::AuthorizationStatus as Status;
use ocpp_types::{Decimal, DecodePolicy, Timestamp, v16, v21, v201};

use crate::id;

fn ledger() -> Ledger {
    Ledger::new(TransactionIds::new([7; 32]))
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse::<Timestamp>().expect("a time").utc()
}

fn now() -> DateTime<Utc> {
    time("2026-03-01T10:00:00Z")
}

fn start(tag: &str, connector: i64) -> v16::StartTransactionRequest {
    v16::StartTransactionRequest::new(connector, tag, 0, Timestamp::new(now()))
}

fn status(status: Status) -> impl Fn(&Token) -> TokenVerdict {
    move |_| TokenVerdict::new(status.clone())
}

fn started(
    ledger: &mut Ledger,
    station: &str,
    request: &v16::StartTransactionRequest,
    look_up: impl FnOnce(&Token) -> TokenVerdict,
) -> Answered<v16::StartTransactionResponse> {
    ledger.answer_start(&id(station), now(), request, look_up).expect("an answer")
}

#[test]
fn cs_33_a_tag_that_may_not_charge_is_told_so_and_has_its_transaction_all_the_same() {
    for (verdict, told) in [
        (Status::Accepted, v16::AuthorizationStatus::Accepted),
        (Status::Invalid, v16::AuthorizationStatus::Invalid),
        (Status::Unknown, v16::AuthorizationStatus::Invalid),
        (Status::Blocked, v16::AuthorizationStatus::Blocked),
        (Status::NoCredit, v16::AuthorizationStatus::Blocked),
        (Status::Expired, v16::AuthorizationStatus::Expired),
    ] {
        let mut ledger = ledger();
        let answered = started(&mut ledger, "CP1", &start("a", 1), status(verdict.clone()));
        assert_eq!(answered.response.id_tag_info.status, told, "{verdict}");
        assert!((1..1 << 31).contains(&answered.response.transaction_id));
        assert_eq!(ledger.records().count(), 1, "the energy may flow, whatever was answered");
    }
}

#[test]
fn cs_33_the_tag_is_looked_up_each_time_a_start_is_said() {
    let mut ledger = ledger();
    let first = started(&mut ledger, "CP1", &start("a", 1), status(Status::Accepted));
    let again = started(&mut ledger, "CP1", &start("a", 1), status(Status::Blocked));
    assert_eq!(again.verdict.outcome, Outcome::Duplicate);
    assert_eq!(again.response.transaction_id, first.response.transaction_id);
    assert_eq!(again.response.id_tag_info.status, v16::AuthorizationStatus::Blocked, "as it is now");
}

#[test]
fn cs_33_numbers_are_unique_over_stations_and_positive() {
    let mut ledger = ledger();
    let mut seen = std::collections::BTreeSet::new();
    for station in 0..50 {
        for connector in 1..5 {
            let request = start("a", connector);
            let answered = started(&mut ledger, &format!("CP{station}"), &request, status(Status::Accepted));
            assert!(seen.insert(answered.response.transaction_id), "twice");
        }
    }
    assert!(seen.iter().all(|number| (1..=i64::from(i32::MAX)).contains(number)));
}

#[test]
fn cs_33_a_tag_for_one_session_at_a_time_is_told_concurrent_tx_on_the_second() {
    let once = |_: &Token| {
        let mut verdict = TokenVerdict::new(Status::Accepted);
        verdict.sessions = SessionsAtATime::One;
        verdict
    };
    let mut ledger = ledger();
    let first = started(&mut ledger, "CP1", &start("abc", 1), once);
    assert_eq!(first.response.id_tag_info.status, v16::AuthorizationStatus::Accepted);
    let again = started(&mut ledger, "CP1", &start("abc", 1), once);
    assert_eq!(again.response.id_tag_info.status, v16::AuthorizationStatus::Accepted, "it is the same one");
    let second = started(&mut ledger, "CP2", &start("ABC", 1), once);
    assert_eq!(second.response.id_tag_info.status, v16::AuthorizationStatus::ConcurrentTx);
    let other = started(&mut ledger, "CP3", &start("xyz", 1), once);
    assert_eq!(other.response.id_tag_info.status, v16::AuthorizationStatus::Accepted);
    let several = started(&mut ledger, "CP4", &start("abc", 1), status(Status::Accepted));
    assert_eq!(several.response.id_tag_info.status, v16::AuthorizationStatus::Accepted, "one that may");

    for (station, answered) in [("CP1", &first), ("CP2", &second), ("CP4", &several)] {
        let stop = v16::StopTransactionRequest::new(10, Timestamp::new(now()), answered.response.transaction_id);
        let stopped = ledger.answer_stop(&id(station), now(), &stop, status(Status::Accepted)).expect("an answer");
        assert_eq!((stopped.verdict.outcome, stopped.response.id_tag_info), (Outcome::Closed, None));
    }
    let free = started(&mut ledger, "CP2", &start("abc", 2), once);
    assert_eq!(free.response.id_tag_info.status, v16::AuthorizationStatus::Accepted, "all others are over");
}

#[test]
fn cs_39_a_start_told_late_is_not_held_against_a_session_of_now() {
    let once = |_: &Token| {
        let mut verdict = TokenVerdict::new(Status::Accepted);
        verdict.sessions = SessionsAtATime::One;
        verdict
    };
    let mut ledger = ledger();
    started(&mut ledger, "CP1", &start("abc", 1), once);
    let late =
        v16::StartTransactionRequest::new(1, "abc", 0, "2026-02-01T10:00:00Z".parse::<Timestamp>().expect("a time"));
    let answered = started(&mut ledger, "CP2", &late, once);
    assert_eq!(answered.verdict.freshness, Freshness::Historic);
    assert_eq!(answered.response.id_tag_info.status, v16::AuthorizationStatus::Accepted);
}

#[test]
fn a_group_too_long_for_1_6_is_left_out() {
    let grouped = |length: usize| {
        move |_: &Token| {
            let mut verdict = TokenVerdict::new(Status::Accepted);
            verdict.group = Some(Token::new("g".repeat(length), None));
            verdict
        }
    };
    let mut ledger = ledger();
    let fits = started(&mut ledger, "CP1", &start("a", 1), grouped(20));
    assert_eq!(fits.response.id_tag_info.parent_id_tag.as_ref().map(|group| group.len()), Some(20));
    let longer = started(&mut ledger, "CP1", &start("b", 2), grouped(21));
    assert_eq!(longer.response.id_tag_info.parent_id_tag, None);
    assert!(ocpp_types::encode(&longer.response).is_ok());
}

#[test]
fn cs_40_what_cannot_be_kept_is_answered_with_an_error_and_nothing_is_looked_up() {
    let mut limits = LedgerLimits::default();
    limits.sessions = 1;
    let mut ledger = Ledger::with_limits(TransactionIds::new([7; 32]), limits);
    started(&mut ledger, "CP1", &start("a", 1), status(Status::Accepted));
    let refused = ledger.answer_start(&id("CP1"), now(), &start("b", 2), |_| panic!("it is not asked for"));
    assert_eq!(refused.expect_err("no room").code, ocpp_rpc::ErrorCode::InternalError);
}

#[test]
fn cs_40_an_event_that_cannot_be_kept_is_answered_with_an_error_and_nothing_is_looked_up() {
    let mut limits = LedgerLimits::default();
    limits.sessions = 1;
    let mut ledger = Ledger::with_limits(TransactionIds::new([7; 32]), limits);
    started(&mut ledger, "CP1", &start("a", 1), status(Status::Accepted));
    let request: v201::TransactionEventRequest = event("Started", 0, TOKEN);
    let refused = ledger.answer_event(&id("CP1"), now(), &request, |_| panic!("it is not asked for"), |_, _| None);
    assert_eq!(refused.expect_err("no room").code, ocpp_rpc::ErrorCode::InternalError);
}

/// Rule TX16-05: the station remembers what it is told, for as long as it is told.
#[test]
fn cs_33_a_stop_with_a_tag_is_told_what_the_tag_may_and_until_when() {
    let until: Timestamp = "2026-03-02T00:00:00Z".parse().expect("a time");
    let expiring = |_: &Token| {
        let mut verdict = TokenVerdict::new(Status::Accepted);
        verdict.expires = Some(until.clone());
        verdict
    };
    let mut ledger = ledger();
    let begun = started(&mut ledger, "CP1", &start("a", 1), expiring);
    assert_eq!(begun.response.id_tag_info.expiry_date, Some(until.clone()));
    let mut stop = v16::StopTransactionRequest::new(10, Timestamp::new(now()), begun.response.transaction_id);
    stop.id_tag = Some("b".into());
    let stopped = ledger.answer_stop(&id("CP1"), now(), &stop, expiring).expect("an answer");
    assert_eq!(stopped.response.id_tag_info.and_then(|info| info.expiry_date), Some(until.clone()));

    let request: v201::TransactionEventRequest = event("Started", 0, TOKEN);
    let answered = ledger.answer_event(&id("CP2"), now(), &request, expiring, |_, _| None).expect("an answer");
    let info = answered.response.id_token_info.expect("it is told");
    assert_eq!(info.cache_expiry_date_time, Some(until.clone()));
}

#[test]
fn cs_37_a_group_without_a_kind_is_one_of_the_csms() {
    let grouped = |_: &Token| {
        let mut verdict = TokenVerdict::new(Status::Accepted);
        verdict.group = Some(Token::new("fleet", None));
        verdict
    };
    let mut ledger = ledger();
    let request: v21::TransactionEventRequest = event("Started", 0, TOKEN);
    let answered = ledger.answer_event(&id("CP1"), now(), &request, grouped, |_, _| None).expect("an answer");
    let group = answered.response.id_token_info.and_then(|info| info.group_id_token).expect("a group");
    assert_eq!((group.id_token.as_str(), group.kind.as_str()), ("fleet", "Central"));
}

/// What may not charge is told why, not that it is in use; what is over is over.
#[test]
fn cs_33_only_what_may_charge_is_told_that_it_is_in_use() {
    let once = |status: Status| {
        move |_: &Token| {
            let mut verdict = TokenVerdict::new(status.clone());
            verdict.sessions = SessionsAtATime::One;
            verdict
        }
    };
    let mut ledger = ledger();
    let first = started(&mut ledger, "CP1", &start("a", 1), once(Status::Accepted));
    let second = started(&mut ledger, "CP2", &start("a", 1), once(Status::Blocked));
    assert_eq!(second.response.id_tag_info.status, v16::AuthorizationStatus::Blocked);
    let number = first.response.transaction_id;
    assert!(ledger.settle(&id("CP1"), &number.into()).is_some());
    let again = started(&mut ledger, "CP1", &start("a", 1), once(Status::Accepted));
    assert_eq!(again.response.id_tag_info.status, v16::AuthorizationStatus::Accepted, "it was settled");
}

/// One value of two kinds is two tokens; 1.6 names no kinds.
#[test]
fn tokens_of_other_kinds_are_others() {
    let kinds = |used: Option<&str>, asked: Option<&str>| {
        let mut ledger = ledger();
        match used {
            None => drop(started(&mut ledger, "CP1", &start("AbC", 1), status(Status::Accepted))),
            Some(kind) => {
                let request: v201::TransactionEventRequest = event("Started", 0, &TOKEN.replace("ISO14443", kind));
                let answered = ledger.answer_event(&id("CP1"), now(), &request, status(Status::Accepted), |_, _| None);
                assert!(answered.is_ok());
            }
        }
        ledger.in_use(&Token::new("abc", asked)).count()
    };
    assert_eq!(kinds(Some("ISO14443"), Some("ISO14443")), 1);
    assert_eq!(kinds(Some("ISO14443"), Some("eMAID")), 0);
    assert_eq!(kinds(Some("ISO14443"), None), 1);
    assert_eq!(kinds(None, Some("ISO14443")), 1);
}

fn event<E: ocpp_types::Payload>(kind: &str, seq_no: u32, token: &str) -> E {
    let text = format!(
        r#"{{"eventType":"{kind}","timestamp":"2026-03-01T10:00:00Z","triggerReason":"Authorized","seqNo":{seq_no},
            "transactionInfo":{{"transactionId":"t1"}},"evse":{{"id":1}}{token}}}"#
    );
    ocpp_types::decode::<E>(&text, DecodePolicy::Enforce).expect("an event").value
}

const TOKEN: &str = r#","idToken":{"idToken":"AbC","type":"ISO14443"}"#;

fn in_group(_: &Token) -> TokenVerdict {
    let mut verdict = TokenVerdict::new(Status::Accepted);
    verdict.group = Some(Token::new("fleet", Some("Central")));
    verdict
}

#[test]
fn cs_37_every_event_with_a_token_is_answered_with_what_it_may_and_its_group() {
    let mut ledger = ledger();
    let asked = RefCell::new(Vec::new());
    let look_up = |token: &Token| {
        asked.borrow_mut().push(token.clone());
        in_group(token)
    };
    let kinds = [("Started", TOKEN), ("Updated", ""), ("Updated", TOKEN), ("Ended", TOKEN)];
    for (seq_no, (kind, token)) in (0..).zip(kinds) {
        let request: v201::TransactionEventRequest = event(kind, seq_no, token);
        let answered = ledger.answer_event(&id("CP1"), now(), &request, look_up, |_, _| None).expect("an answer");
        let text = ocpp_types::encode(&answered.response).expect("it is valid");
        let told = r#"{"idTokenInfo":{"status":"Accepted","groupIdToken":{"idToken":"fleet","type":"Central"}}}"#;
        assert_eq!(text, if token.is_empty() { "{}" } else { told }, "{kind}");
    }
    assert_eq!(*asked.borrow(), vec![Token::new("abc", Some("ISO14443")); 3]);
    let again: v201::TransactionEventRequest = event("Started", 0, TOKEN);
    let answered = ledger.answer_event(&id("CP1"), now(), &again, look_up, |_, _| None).expect("an answer");
    assert_eq!(answered.verdict.outcome, Outcome::Duplicate);
    assert!(answered.response.id_token_info.is_some(), "a repeat is answered like the first (CS-35)");
}

#[test]
fn cs_37_a_token_that_may_not_charge_is_told_so_in_every_event() {
    for verdict in [Status::Invalid, Status::Blocked, Status::NoCredit, Status::NotAtThisTime] {
        let mut ledger = ledger();
        for (seq_no, kind) in (0..).zip(["Started", "Updated"]) {
            let request: v21::TransactionEventRequest = event(kind, seq_no, TOKEN);
            let look_up = status(verdict.clone());
            let answered = ledger.answer_event(&id("CP1"), now(), &request, look_up, |_, _| None).expect("an answer");
            let info = answered.response.id_token_info.expect("it is told");
            assert_eq!((info.status, info.group_id_token), (verdict.clone(), None));
        }
    }
}

#[test]
fn cs_37_concurrent_tx_is_told_at_the_start_of_a_transaction_only() {
    let once = |_: &Token| {
        let mut verdict = TokenVerdict::new(Status::Accepted);
        verdict.sessions = SessionsAtATime::One;
        verdict
    };
    let mut ledger = ledger();
    let mut told = Vec::new();
    for (station, kind, seq_no) in [("CP1", "Started", 0), ("CP2", "Started", 0), ("CP2", "Updated", 1)] {
        let request: v21::TransactionEventRequest = event(kind, seq_no, TOKEN);
        let answered = ledger.answer_event(&id(station), now(), &request, once, |_, _| None).expect("an answer");
        told.extend(answered.response.id_token_info.map(|info| info.status));
    }
    assert_eq!(told, [Status::Accepted, Status::ConcurrentTx, Status::Accepted]);
}

#[test]
fn cs_38_a_free_session_costs_0_and_an_unknown_cost_is_left_out() {
    for (cost, told) in [
        (None, "{}"),
        (Some(Decimal::from(0)), r#"{"totalCost":0}"#),
        (Some("12.50".parse().expect("a number")), r#"{"totalCost":12.50}"#),
    ] {
        let mut ledger = ledger();
        let started: v201::TransactionEventRequest = event("Started", 0, "");
        let answered = ledger.answer_event(&id("CP1"), now(), &started, in_group, |_, _| None).expect("an answer");
        assert_eq!(ocpp_types::encode(&answered.response).as_deref(), Ok("{}"));
        let ended: v201::TransactionEventRequest = event("Ended", 1, "");
        // the cost is asked for when the session is in the ledger, so it can be computed from it
        let price = |ledger: &Ledger, verdict: &ocpp_server::ledger::Verdict| {
            assert_eq!((verdict.outcome.clone(), ledger.records().count()), (Outcome::Closed, 1));
            cost
        };
        let answered = ledger.answer_event(&id("CP1"), now(), &ended, in_group, price).expect("an answer");
        assert_eq!(ocpp_types::encode(&answered.response).as_deref(), Ok(told));
    }
}

/// Most stations of 2.x tell the token after the start, when the cable is in.
#[test]
fn cs_37_a_token_that_was_told_after_the_start_is_in_use_too() {
    let once = |_: &Token| {
        let mut verdict = TokenVerdict::new(Status::Accepted);
        verdict.sessions = SessionsAtATime::One;
        verdict
    };
    let mut ledger = ledger();
    let mut told = Vec::new();
    for (station, kind, seq_no, token) in
        [("CP1", "Started", 0, ""), ("CP1", "Updated", 1, TOKEN), ("CP2", "Started", 0, TOKEN)]
    {
        let request: v201::TransactionEventRequest = event(kind, seq_no, token);
        let answered = ledger.answer_event(&id(station), now(), &request, once, |_, _| None).expect("an answer");
        told.extend(answered.response.id_token_info.map(|info| info.status.to_string()));
    }
    assert_eq!(told, ["Accepted", "ConcurrentTx"]);
}
