//! What comes of remote starts: rule CS-25; what is expected outlives the connection and the process (CS-54).

use std::sync::Arc;
use std::time::Duration;

use ocpp_rpc::{Input, Instant, Machine, MessageIds, StationCall, Transmit};
use ocpp_server::ledger::TransactionId;
use ocpp_server::{
    Admission, CommandId, CommandOptions, HandOver, KnownRegistration, RemoteStartResult, RemoteStarts,
    SecurityProfile, StationConnection, StationEvent, StationRules, StationState, WantedStart,
};
use ocpp_types::{DecodePolicy, Timestamp, Version, v16, v21, v201};

use crate::at;

const WITHIN: Duration = Duration::from_secs(60);

/// A conversation with an accepted station.
struct Talk {
    station: StationConnection,
    now: Instant,
    told: Vec<(CommandId, RemoteStartResult)>,
    done: usize,
}

impl Talk {
    fn new(version: Version) -> Self {
        Self::of(version, HandOver::default())
    }

    fn of(version: Version, last: HandOver) -> Self {
        let mut admission = Admission::new(SecurityProfile::Password);
        admission.registration = KnownRegistration::Accepted;
        let rules = Arc::new(StationRules::default());
        let station = StationConnection::resume(rules, MessageIds::new(1), &admission, last);
        let mut talk = Self { station, now: at(0), told: Vec::new(), done: 0 };
        talk.station.handle_input(at(0), Input::LinkUp(version));
        talk.wait(10);
        talk
    }

    fn wait(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
        self.station.handle_input(self.now, Input::Timeout);
        self.settle();
    }

    fn says(&mut self, text: &str) {
        self.station.handle_input(self.now, Input::Text(text));
        self.settle();
    }

    /// Answers requests of the station as an application does, and takes note of what comes of remote starts.
    fn settle(&mut self) {
        while let Some(event) = self.station.poll_event() {
            match event {
                StationEvent::Call(incoming) => {
                    let (request, responder) = incoming.into_parts();
                    match *request {
                        // nobody answers this one
                        StationCall::V16(v16::StationCall::StartTransaction(start)) if start.meter_start == 777 => {}
                        StationCall::V16(v16::StationCall::StartTransaction(start)) if start.meter_start == 666 => {
                            let error = ocpp_rpc::CallError::internal("the store is down");
                            self.station.refuse(self.now, responder, error).expect("it is sent");
                        }
                        StationCall::V16(v16::StationCall::StartTransaction(start)) => {
                            let info = v16::IdTagInfo::new(v16::AuthorizationStatus::Accepted);
                            let response = v16::StartTransactionResponse::new(info, 4711);
                            self.station.reply(self.now, responder.of(&start), Ok(response)).expect("it is sent");
                        }
                        StationCall::V201(v201::StationCall::TransactionEvent(event)) => {
                            let response = v201::TransactionEventResponse::new();
                            self.station.reply(self.now, responder.of(&event), Ok(response)).expect("it is sent");
                        }
                        other => panic!("{other:?}"),
                    }
                }
                StationEvent::RemoteStart { command, result } => self.told.push((command, result)),
                StationEvent::Done { .. } => self.done += 1,
                _ => {}
            }
        }
    }

    fn ask(&mut self, connector: Option<i64>) -> CommandId {
        let mut request = v16::RemoteStartTransactionRequest::new("AbC");
        request.connector_id = connector;
        let asked = "2026-03-01T10:00:00Z".parse::<Timestamp>().expect("a time").utc();
        let options = CommandOptions::default();
        self.station.remote_start(self.now, &request, options, WITHIN, Some(asked)).expect("it is taken")
    }

    fn answer(&mut self, status: &str) {
        let mut id = String::new();
        while let Some(transmit) = self.station.poll_transmit() {
            if let Transmit::Text(text) = transmit
                && text.starts_with("[2,")
            {
                id = text.split('"').nth(1).expect("an id").to_owned();
            }
        }
        self.says(&format!(r#"[3,"{id}",{{"status":"{status}"}}]"#));
    }

    fn starts(&mut self, id: &str, connector: i64, tag: &str, time: &str, meter: i64) {
        self.says(&format!(
            r#"[2,"{id}","StartTransaction",{{"connectorId":{connector},"idTag":"{tag}","meterStart":{meter},"timestamp":"{time}"}}]"#
        ));
    }
}

fn started(connector: i64) -> RemoteStartResult {
    RemoteStartResult::Started { transaction: TransactionId::Number(4711), place: Some(connector) }
}

const NOW: &str = "2026-03-01T10:00:20Z";

#[test]
fn cs_25_in_1_6_tag_and_connector_tell_which_transaction_was_asked_for() {
    let mut talk = Talk::new(Version::V16);
    let command = talk.ask(Some(2));
    talk.answer("Accepted");
    talk.starts("a", 1, "abc", NOW, 0); // another connector
    talk.starts("b", 2, "xyz", NOW, 0); // another tag
    talk.starts("c", 2, "abc", "2026-03-01T08:00:00Z", 0); // begun long before, told late
    assert_eq!(talk.told, []);
    talk.starts("d", 2, "aBC", NOW, 0);
    assert_eq!(talk.told, [(command, started(2))]);
    talk.starts("e", 2, "abc", NOW, 7);
    talk.wait(100);
    assert_eq!(talk.told.len(), 1, "it is over once");
}

#[test]
fn cs_25_without_connector_any_will_do_and_a_clock_that_was_never_set_too() {
    let mut talk = Talk::new(Version::V16);
    let command = talk.ask(None);
    talk.answer("Accepted");
    talk.starts("a", 5, "abc", "1970-01-01T00:00:09Z", 0);
    assert_eq!(talk.told, [(command, started(5))]);
}

#[test]
fn cs_25_a_station_that_gives_up_is_told_of_after_its_time() {
    let mut talk = Talk::new(Version::V16);
    let command = talk.ask(Some(1));
    talk.wait(30); // the time counts from the acceptance on
    talk.answer("Accepted");
    talk.wait(59);
    assert_eq!(talk.told, []);
    assert!(talk.station.poll_timeout().is_some_and(|due| due <= talk.now + Duration::from_secs(1)));
    talk.wait(1);
    assert_eq!(talk.told, [(command, RemoteStartResult::NotStarted)]);
}

#[test]
fn cs_25_of_a_refused_remote_start_nothing_is_expected() {
    let mut talk = Talk::new(Version::V16);
    talk.ask(Some(1));
    talk.answer("Rejected");
    talk.starts("a", 1, "abc", NOW, 0);
    talk.wait(200);
    assert_eq!((talk.told.len(), talk.done), (0, 1));
}

#[test]
fn cs_25_a_start_that_could_not_be_stored_is_said_again() {
    let mut talk = Talk::new(Version::V16);
    let command = talk.ask(Some(1));
    talk.answer("Accepted");
    talk.starts("a", 1, "abc", NOW, 666);
    assert_eq!(talk.told, []);
    talk.starts("b", 1, "abc", NOW, 0);
    assert_eq!(talk.told, [(command, started(1))]);
}

#[test]
fn cs_25_a_start_that_the_application_never_answered_is_said_again() {
    let mut talk = Talk::new(Version::V16);
    let command = talk.ask(Some(1));
    talk.answer("Accepted");
    talk.starts("a", 1, "abc", NOW, 777);
    talk.wait(30); // the connection has answered by itself
    assert_eq!(talk.told, []);
    talk.starts("b", 1, "abc", NOW, 0);
    assert_eq!(talk.told, [(command, started(1))]);
}

#[test]
fn cs_25_some_stations_start_before_they_answer() {
    let mut talk = Talk::new(Version::V16);
    let command = talk.ask(Some(1));
    talk.starts("a", 1, "abc", NOW, 0);
    assert_eq!(talk.told, [(command, started(1))]);
    talk.answer("Accepted");
    talk.wait(200);
    assert_eq!((talk.told.len(), talk.done), (1, 1));
}

fn event(id: &str, remote: &str) -> String {
    format!(
        r#"[2,"{id}","TransactionEvent",{{"eventType":"Updated","timestamp":"{NOW}","triggerReason":"RemoteStart","seqNo":3,"evse":{{"id":2}},"transactionInfo":{{"transactionId":"tx9"{remote}}}}}]"#
    )
}

#[test]
fn cs_25_in_2x_the_transaction_names_the_remote_start() {
    let mut talk = Talk::new(Version::V201);
    let token = v201::IdToken::new("abc", v201::IdTokenKind::Central);
    let request = v201::RequestStartTransactionRequest::new(token, 77);
    let command =
        talk.station.remote_start(talk.now, &request, CommandOptions::default(), WITHIN, None).expect("it is taken");
    talk.answer("Accepted");
    talk.says(&event("a", ""));
    talk.says(&event("b", r#","remoteStartId":76"#));
    assert_eq!(talk.told, []);
    talk.says(&event("c", r#","remoteStartId":77"#));
    let transaction = TransactionId::Text("tx9".into());
    assert_eq!(talk.told, [(command, RemoteStartResult::Started { transaction, place: Some(2) })]);
}

#[test]
fn cs_25_cs_54_what_is_expected_survives_the_connection_and_the_process() {
    let mut talk = Talk::new(Version::V16);
    let command = talk.ask(Some(1));
    talk.answer("Accepted");
    talk.station.handle_input(talk.now, Input::LinkDown);
    let state = talk.station.state(talk.now);
    let mut next = Talk::of(Version::V16, talk.station.hand_over());
    next.starts("a", 1, "abc", NOW, 0);
    assert_eq!(next.told, [(command, started(1))]);

    let text = serde_json::to_string(&state).expect("JSON");
    let state: StationState = serde_json::from_str(&text).expect("a state");
    let mut elsewhere = Talk::of(Version::V16, HandOver::load(state, at(0)));
    elsewhere.starts("a", 1, "abc", NOW, 0);
    let results: Vec<_> = elsewhere.told.iter().map(|(_, result)| result.clone()).collect();
    assert_eq!(results, [started(1)]);
}

#[test]
fn remote_starts_are_bounded() {
    let mut starts = RemoteStarts::new(2);
    for key in 0..3 {
        assert_eq!(starts.expect(at(0), key, WantedStart::ById(key), WITHIN), key < 2);
    }
    let event = r#"{"eventType":"Started","timestamp":"2026-03-01T10:00:00Z","triggerReason":"RemoteStart","seqNo":0,"transactionInfo":{"transactionId":"t","remoteStartId":1}}"#;
    let event = ocpp_types::decode::<v21::TransactionEventRequest>(event, DecodePolicy::Enforce).expect("an event");
    let call = StationCall::V21(v21::StationCall::TransactionEvent(event.value));
    let result = starts.station_said(&call, 0);
    let transaction = TransactionId::Text("t".into());
    assert_eq!(result, Some((1, RemoteStartResult::Started { transaction, place: None })));
    assert!(starts.handle_timeout(at(59)).is_empty());
    assert_eq!(starts.handle_timeout(at(60)), [0]);
    assert!(starts.is_empty());
}

fn said(tag: &str, connector: i64, time: &str) -> StationCall {
    let time: Timestamp = time.parse().expect("a time");
    StationCall::V16(v16::StationCall::StartTransaction(v16::StartTransactionRequest::new(connector, tag, 0, time)))
}

fn wanted(asked: Option<&str>) -> WantedStart {
    let asked = asked.map(|time| time.parse::<Timestamp>().expect("a time").utc());
    WantedStart::ByToken { id_tag: "TAG".into(), connector: None, asked }
}

fn number_of(result: Option<(u8, RemoteStartResult)>) -> Option<(u8, i64)> {
    match result? {
        (key, RemoteStartResult::Started { transaction, .. }) => Some((key, transaction.number()?)),
        (_, other) => panic!("{other:?}"),
    }
}

const TEN: &str = "2026-03-01T10:00:00Z";

#[test]
fn cs_25_two_starts_of_one_tag_have_a_transaction_each() {
    let mut starts = RemoteStarts::new(9);
    for key in [1, 2] {
        assert!(starts.expect(at(0), key, wanted(None), WITHIN));
    }
    assert!(starts.station_said(&said("TAG", 1, TEN), 11).is_none());
    assert!(starts.station_said(&said("TAG", 2, TEN), 12).is_none());
    assert_eq!(number_of(starts.answered(12, Some(4712))), Some((2, 4712)));
    assert_eq!(number_of(starts.answered(11, Some(4711))), Some((1, 4711)));
}

/// Numbers of requests begin again with each connection.
#[test]
fn cs_25_an_answer_on_another_link_or_after_an_error_is_not_taken_for_the_one_that_was_lost() {
    for is_link in [true, false] {
        let mut starts = RemoteStarts::new(9);
        assert!(starts.expect(at(0), 1, wanted(None), WITHIN));
        assert!(starts.station_said(&said("TAG", 1, TEN), 11).is_none());
        match is_link {
            true => starts.link_down(),
            false => assert!(starts.answered(11, None).is_none()),
        }
        assert_eq!(number_of(starts.answered(11, Some(5))), None, "of another tag");
        assert!(starts.station_said(&said("TAG", 1, TEN), 12).is_none());
        assert_eq!(number_of(starts.answered(12, Some(4711))), Some((1, 4711)));
    }
}

/// What was begun before it was asked for is something else, told late; clocks may differ by five minutes.
#[test]
fn cs_25_a_transaction_from_before_the_request_is_not_the_one() {
    for (asked, time, fits) in [
        (Some(TEN), "2026-03-01T09:54:59Z", false),
        (Some(TEN), "2026-03-01T09:55:00Z", true),
        (Some(TEN), "2026-03-01T10:30:00Z", true),
        (Some(TEN), "2009-12-31T23:59:59Z", true),
        (Some(TEN), "2010-01-01T00:00:00Z", false),
        (None, "2026-03-01T09:00:00Z", true),
    ] {
        let mut starts = RemoteStarts::new(9);
        assert!(starts.expect(at(0), 1, wanted(asked), WITHIN));
        assert!(starts.station_said(&said("TAG", 1, time), 11).is_none());
        assert_eq!(starts.answered(11, Some(4711)).is_some(), fits, "{asked:?} {time}");
    }
}
