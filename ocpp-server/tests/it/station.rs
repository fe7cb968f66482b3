//! The conversation with a station: rules BOOT-* of the CSMS side, RPC-54, WS-13, WS-21, CS-03 to CS-11, CS-20 to CS-23,
//! CS-41, CS-50, fault row E4, field needs 13 to 15.

use std::sync::Arc;
use std::time::Duration;

use ocpp_rpc::{CallError, Input, Instant, Machine, MessageIds, Responder, Transmit};
use ocpp_server::{
    Admission, CommandFailure, CommandId, CommandOptions, CommandRefused, EarlyMessages, GatePass, HandOver, HoldCalls,
    KnownRegistration, Lost, Priority, Registration, SecurityProfile, StationConnection, StationEvent, StationRules,
    WhenOffline,
};
use ocpp_types::{Timestamp, Version, v16, v201};

use crate::at;

/// A conversation, and all it has said so far.
struct Talk {
    station: StationConnection,
    now: Instant,
    ids: u32,
}

impl Talk {
    fn new(registration: KnownRegistration, change: impl FnOnce(&mut StationRules)) -> Self {
        let mut rules = StationRules::default();
        change(&mut rules);
        let mut admission = Admission::new(SecurityProfile::Password);
        admission.registration = registration;
        Self::with(StationConnection::new(Arc::new(rules), MessageIds::new(1), &admission))
    }

    fn with(station: StationConnection) -> Self {
        Self { station, now: at(1000), ids: 0 }
    }

    /// A station that was never accepted, with its link up.
    fn unknown() -> Self {
        Self::new(KnownRegistration::None, |_| {}).up()
    }

    /// A station that is accepted and settled.
    fn settled() -> Self {
        let mut talk = Self::new(KnownRegistration::Accepted, |_| {}).up();
        talk.wait(2);
        assert!(talk.station.is_settled());
        talk.events();
        talk
    }

    fn up(self) -> Self {
        self.up_as(Version::V16)
    }

    fn up_as(mut self, version: Version) -> Self {
        self.station.handle_input(self.now, Input::LinkUp(version));
        self
    }

    fn wait(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
        self.station.handle_input(self.now, Input::Timeout);
    }

    fn says(&mut self, text: &str) {
        self.station.handle_input(self.now, Input::Text(text));
    }

    /// The station calls this action.
    fn calls(&mut self, action: &str, payload: &str) {
        self.ids += 1;
        let text = format!(r#"[2,"s{}","{action}",{payload}]"#, self.ids);
        self.says(&text);
    }

    fn boots(&mut self) {
        self.calls("BootNotification", r#"{"chargePointVendor":"V","chargePointModel":"M"}"#);
    }

    /// The application answers the BootNotification that has come.
    fn decides(&mut self, status: v16::RegistrationStatus, interval: i64) {
        let responder = self.request("BootNotification");
        let request = v16::BootNotificationRequest::new("V", "M");
        let now = "2026-03-01T10:00:00Z".parse::<Timestamp>().expect("a time");
        let response = v16::BootNotificationResponse::new(status, now, interval);
        self.station.reply(self.now, responder.of(&request), Ok(response)).expect("it is sent");
    }

    /// What was sent since the last time.
    fn sent(&mut self) -> Vec<String> {
        let mut texts = Vec::new();
        while let Some(transmit) = self.station.poll_transmit() {
            match transmit {
                Transmit::Text(text) => texts.push(text.to_owned()),
                Transmit::Close { code, reason } => texts.push(format!("close {code} {reason}")),
                _ => {}
            }
        }
        texts
    }

    fn events(&mut self) -> Vec<StationEvent> {
        std::iter::from_fn(|| self.station.poll_event()).collect()
    }

    /// What the next event has to be: a request of this action.
    #[track_caller]
    fn request(&mut self, action: &str) -> Responder {
        loop {
            match self.station.poll_event() {
                Some(StationEvent::Call(incoming)) => {
                    assert_eq!(incoming.action(), action);
                    return incoming.into_parts().1;
                }
                Some(StationEvent::Settled | StationEvent::Registered(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Whether the station is told to wait for its registration.
    #[track_caller]
    fn is_refused(&mut self, action: &'static str, payload: &str) -> bool {
        self.sent();
        self.calls(action, payload);
        let answers = self.sent();
        let refusal = format!("[4,\"s{}\",\"SecurityError\",", self.ids);
        let is_refused = answers.iter().any(|text| text.starts_with(&refusal));
        let events = self.events();
        let early =
            events.iter().any(|event| matches!(event, StationEvent::Early { action: early } if *early == action));
        let seen = events.iter().any(|event| matches!(event, StationEvent::Call(seen) if seen.action() == action));
        assert_eq!((is_refused, is_refused), (early, !seen), "{answers:?} {events:?}");
        is_refused
    }

    fn command<R: ocpp_types::Request>(&mut self, request: &R) -> CommandId {
        self.station.command(self.now, request, CommandOptions::default()).expect("it is taken")
    }

    /// How commands ended.
    fn done(&mut self) -> Vec<(CommandId, Result<&'static str, CommandFailure>)> {
        let ended = |event| match event {
            StationEvent::Done { command, outcome } => Some((command, outcome.map(|answer| answer.action()))),
            _ => None,
        };
        self.events().into_iter().filter_map(ended).collect()
    }
}

fn reset() -> v16::ResetRequest {
    v16::ResetRequest::new(v16::ResetType::Soft)
}

fn accept(sent: &[String]) -> String {
    let id = sent.last().and_then(|text| text.split('"').nth(1)).expect("a call");
    format!(r#"[3,"{id}",{{"status":"Accepted"}}]"#)
}

fn options(change: impl FnOnce(&mut CommandOptions)) -> CommandOptions {
    let mut options = CommandOptions::default();
    change(&mut options);
    options
}

#[test]
fn cs_04_cs_05_rpc_54_a_station_that_was_never_accepted_may_only_boot() {
    for version in Version::ALL {
        let mut talk = Talk::new(KnownRegistration::None, |_| {}).up_as(version);
        assert!(talk.is_refused("Heartbeat", "{}"), "{version}");
        assert_eq!(talk.station.registration(), Registration::Unregistered);
    }
    let mut talk = Talk::unknown();
    assert!(talk.is_refused("Authorize", r#"{"idTag":"a"}"#));
    talk.boots();
    assert!(talk.is_refused("Heartbeat", "{}"), "not while the application thinks");
}

#[test]
fn cs_05_ws_21_a_station_that_was_accepted_goes_on_without_boot() {
    let mut talk = Talk::new(KnownRegistration::Accepted, |_| {}).up();
    let stop = r#"{"transactionId":7,"meterStop":1,"timestamp":"2026-03-01T10:00:00Z"}"#;
    assert!(!talk.is_refused("StopTransaction", stop));
}

#[test]
fn cs_03_boot_decides_what_may_pass() {
    use v16::RegistrationStatus::{Accepted, Pending, Rejected};
    for (status, registration) in
        [(Accepted, Registration::Accepted), (Pending, Registration::Pending), (Rejected, Registration::Rejected)]
    {
        let mut talk = Talk::unknown();
        talk.boots();
        talk.decides(status, 60);
        assert_eq!(talk.station.registration(), registration);
        let told = talk.events();
        assert!(told.iter().any(|event| matches!(event, StationEvent::Registered(told) if *told == registration)));
        assert_eq!(talk.is_refused("Heartbeat", "{}"), registration != Registration::Accepted);
    }
}

#[test]
fn a_boot_that_is_refused_or_never_answered_leaves_things_as_they_were() {
    let mut talk = Talk::unknown();
    talk.boots();
    let responder = talk.request("BootNotification");
    talk.station.refuse(talk.now, responder, CallError::internal("storage down")).expect("it is sent");
    assert_eq!(talk.station.registration(), Registration::Unregistered);
    talk.boots();
    let responder = talk.request("BootNotification");
    talk.wait(25);
    let late = v16::BootNotificationResponse::new(
        v16::RegistrationStatus::Accepted,
        "2026-03-01T10:00:00Z".parse::<Timestamp>().expect("a time"),
        60,
    );
    let request = v16::BootNotificationRequest::new("V", "M");
    assert!(talk.station.reply(talk.now, responder.of(&request), Ok(late)).is_err(), "rule RPC-33");
    assert_eq!(talk.station.registration(), Registration::Unregistered, "the station does not know of it");
}

#[test]
fn boot_can_be_answered_with_json_text() {
    for version in Version::ALL {
        let mut talk = Talk::new(KnownRegistration::None, |_| {}).up_as(version);
        let payload = match version {
            Version::V16 => r#"{"chargePointVendor":"V","chargePointModel":"M"}"#,
            _ => r#"{"reason":"PowerUp","chargingStation":{"vendorName":"V","model":"M"}}"#,
        };
        talk.calls("BootNotification", payload);
        let responder = talk.request("BootNotification");
        let answer = r#"{"currentTime":"2026-03-01T10:00:00Z","interval":60,"status":"Accepted"}"#;
        talk.station.reply_raw(talk.now, responder, Ok(answer)).expect("it is sent");
        assert_eq!(talk.station.registration(), Registration::Accepted, "{version}");
    }
}

#[test]
fn cs_04_a_pending_station_may_send_what_it_was_asked_for_for_a_while() {
    let mut talk = Talk::unknown();
    talk.boots();
    talk.decides(v16::RegistrationStatus::Pending, 60);
    talk.sent();
    assert!(talk.is_refused("Heartbeat", "{}"));
    let trigger = v16::TriggerMessageRequest::new(v16::MessageTrigger::Heartbeat);
    let _ = talk.command(&trigger);
    let sent = talk.sent();
    assert!(sent[0].contains("TriggerMessage"), "{sent:?}");
    talk.says(&accept(&sent));
    assert!(!talk.is_refused("Heartbeat", "{}"));
    assert!(talk.is_refused("Authorize", r#"{"idTag":"a"}"#), "that was not asked for");
    talk.wait(300);
    assert!(talk.is_refused("Heartbeat", "{}"), "too late");
}

#[test]
fn cs_04_a_pending_station_of_2_x_may_send_the_report_it_was_asked_for() {
    let mut talk = Talk::new(KnownRegistration::None, |_| {}).up_as(Version::V201);
    talk.calls("BootNotification", r#"{"reason":"PowerUp","chargingStation":{"vendorName":"V","model":"M"}}"#);
    let responder = talk.request("BootNotification");
    let answer = r#"{"currentTime":"2026-03-01T10:00:00Z","interval":60,"status":"Pending"}"#;
    talk.station.reply_raw(talk.now, responder, Ok(answer)).expect("it is sent");
    let report = r#"{"requestId":5,"generatedAt":"2026-03-01T10:00:00Z","seqNo":0}"#;
    assert!(talk.is_refused("NotifyReport", report));
    let request = v201::GetBaseReportRequest::new(5, v201::ReportBase::FullInventory);
    let _ = talk.command(&request);
    assert!(!talk.is_refused("NotifyReport", report));
}

#[test]
fn cs_11_stations_that_do_not_hold_back_can_be_tolerated() {
    let status = r#"{"connectorId":1,"errorCode":"NoError","status":"Available"}"#;
    let mut talk = Talk::unknown();
    assert!(talk.is_refused("StatusNotification", status));
    let mut talk =
        Talk::new(KnownRegistration::None, |rules| rules.early_messages = EarlyMessages::TolerateStatus).up();
    assert!(!talk.is_refused("StatusNotification", status) && talk.is_refused("Authorize", r#"{"idTag":"a"}"#));
    let mut talk = Talk::new(KnownRegistration::None, |rules| rules.early_messages = EarlyMessages::TolerateAll).up();
    assert!(!talk.is_refused("Authorize", r#"{"idTag":"a"}"#));
}

/// Of the mistakes of other stacks: the boot of stations that write numbers and texts in their own way.
#[test]
fn the_boot_of_a_dirty_station_is_understood() {
    let mut talk = Talk::unknown();
    talk.says(
        "\u{feff} [2,17,\"BootNotification\",{\"chargePointVendor\":\"\",\"chargePointModel\":\"far too long a model name it is\",\
         \"firmwareVersion\":12,\"iccid\":null,\"extra\":true}]\r\n",
    );
    talk.decides(v16::RegistrationStatus::Accepted, 300);
    let sent = talk.sent();
    assert!(sent[0].starts_with("[3,17,{\"status\":\"Accepted\""), "{sent:?}");
}

#[test]
fn cs_06_commands_wait_until_the_station_is_accepted_and_has_come_to_rest() {
    let mut talk = Talk::unknown();
    let command = talk.command(&reset());
    assert!(talk.sent().is_empty());
    talk.boots();
    talk.decides(v16::RegistrationStatus::Rejected, 30);
    assert_eq!(talk.sent().len(), 1, "the answer alone: while rejected nothing is sent");
    talk.wait(30);
    talk.boots();
    talk.decides(v16::RegistrationStatus::Accepted, 300);
    assert_eq!(talk.sent().len(), 1);
    talk.wait(1);
    assert!(talk.sent().is_empty(), "field need 13: some stations boot again when they are called too early");
    talk.wait(1);
    let sent = talk.sent();
    assert!(sent[0].contains("\"Reset\",{\"type\":\"Soft\"}"), "{sent:?}");
    assert!(talk.events().iter().any(|event| matches!(event, StationEvent::Settled)), "field need 14");
    talk.says(&accept(&sent));
    assert_eq!(talk.done(), [(command, Ok("Reset"))]);
}

#[test]
fn a_boot_in_mid_connection_makes_commands_wait_again() {
    let mut talk = Talk::settled();
    talk.boots();
    let _ = talk.command(&reset());
    assert!(talk.sent().is_empty());
    assert!(!talk.is_refused("Heartbeat", "{}"), "it was accepted once");
    talk.decides_later();
}

impl Talk {
    /// The request was looked at already: the gate stays shut until the answer is due.
    fn decides_later(&mut self) {
        self.wait(24);
        assert!(self.sent().is_empty(), "the answer is not out");
        assert_eq!(self.station.waiting(), 1);
    }
}

#[test]
fn cs_06_while_pending_only_what_prepares_a_station_is_sent() {
    let mut talk = Talk::unknown();
    talk.boots();
    talk.decides(v16::RegistrationStatus::Pending, 60);
    talk.sent();
    let _ = talk.command(&v16::RemoteStartTransactionRequest::new("tag"));
    assert!(talk.sent().is_empty());
    let _ = talk.command(&v16::GetConfigurationRequest::new());
    assert!(talk.sent()[0].contains("GetConfiguration"), "it passes the one that waits");
    assert_eq!(talk.station.waiting(), 1);
}

#[test]
fn holding_back_can_be_given_up_by_name() {
    let hold = |hold| Talk::new(KnownRegistration::None, move |rules| rules.hold_calls = hold).up();
    let mut talk = hold(HoldCalls::Never);
    let _ = talk.command(&reset());
    assert_eq!(talk.sent().len(), 1);
    let mut talk = hold(HoldCalls::UntilAccepted);
    let _ = talk.command(&reset());
    assert!(talk.sent().is_empty());
    talk.boots();
    talk.decides(v16::RegistrationStatus::Accepted, 60);
    let sent = talk.sent();
    assert!(sent[0].starts_with("[3,") && sent[1].starts_with("[2,"), "the answer first: {sent:?}");
}

#[test]
fn cs_05_a_station_that_never_booted_can_be_asked_to() {
    let mut talk = Talk::unknown();
    let trigger = v16::TriggerMessageRequest::new(v16::MessageTrigger::BootNotification);
    let bypass = options(|options| options.gate = GatePass::Bypass);
    talk.station.command(talk.now, &trigger, bypass).expect("it is taken");
    assert!(talk.sent()[0].contains("TriggerMessage"));
}

#[test]
fn ws_13_cs_07_a_boot_with_another_serial_number_than_the_certificate_closes_the_link() {
    for (serial, closes) in [("\"SN-1\"", false), ("\"SN-2\"", true)] {
        let mut admission = Admission::new(SecurityProfile::MutualTls);
        admission.serial_number = Some("SN-1".into());
        let rules = Arc::new(StationRules::default());
        let mut talk = Talk::with(StationConnection::new(rules, MessageIds::new(1), &admission)).up_as(Version::V201);
        let payload = format!(
            r#"{{"reason":"PowerUp","chargingStation":{{"vendorName":"V","model":"M","serialNumber":{serial}}}}}"#
        );
        talk.calls("BootNotification", &payload);
        let told = talk.events().iter().any(|event| matches!(event, StationEvent::OtherSerialNumber));
        assert_eq!(told, closes);
        assert_eq!(talk.sent().iter().any(|text| text.starts_with("close 1008")), closes);
    }
}

#[test]
fn cs_20_rpc_20_commands_go_one_by_one_those_of_people_first() {
    let mut talk = Talk::settled();
    let automatic = options(|options| options.priority = Priority::Automatic);
    let take = |talk: &mut Talk, key: &str, options| {
        let request = v16::ChangeConfigurationRequest::new(key, "1");
        talk.station.command(talk.now, &request, options).expect("it is taken")
    };
    let first = take(&mut talk, "a", automatic);
    let second = take(&mut talk, "b", automatic);
    let third = take(&mut talk, "c", CommandOptions::default());
    let fourth = take(&mut talk, "d", CommandOptions::default());
    let mut order = Vec::new();
    for _ in 0..4 {
        let sent = talk.sent();
        assert_eq!(sent.len(), 1, "{sent:?}");
        talk.says(&accept(&sent));
        order.extend(talk.done().into_iter().map(|(command, _)| command));
    }
    assert_eq!(order, [first, third, fourth, second]);
}

#[test]
fn cs_20_the_queue_is_bounded() {
    let mut talk = Talk::settled();
    for _ in 0..65 {
        let _ = talk.command(&reset());
    }
    let refused = talk.station.command(talk.now, &reset(), CommandOptions::default());
    assert_eq!(refused, Err(CommandRefused::QueueFull(64)));
}

#[test]
fn cs_21_a_command_is_over_at_its_deadline_wherever_it_is() {
    let mut talk = Talk::settled();
    let soon = options(|options| options.deadline = Some(at(1010)));
    let first = talk.station.command(talk.now, &reset(), soon).expect("it is taken");
    let second = talk.station.command(talk.now, &reset(), soon).expect("it is taken");
    assert_eq!(talk.station.poll_timeout(), Some(at(1010)));
    talk.wait(8);
    let mut done = talk.done();
    done.sort_by_key(|(command, _)| *command);
    let lost = CommandFailure::Unknown(Lost::Timeout);
    assert!(lost.may_have_happened());
    assert_eq!(done, [(first, Err(lost)), (second, Err(CommandFailure::Expired))]);
    assert_eq!(talk.sent().len(), 1, "the second was never sent");
}

#[test]
fn cs_21_a_command_can_be_taken_back() {
    let mut talk = Talk::settled();
    let (first, second) = (talk.command(&reset()), talk.command(&reset()));
    let sent = talk.sent();
    assert!(talk.station.cancel(talk.now, second));
    assert_eq!(talk.done(), [(second, Err(CommandFailure::Cancelled { sent: false }))]);
    assert!(talk.station.cancel(talk.now, first));
    assert_eq!(talk.done(), [(first, Err(CommandFailure::Cancelled { sent: true }))]);
    let third = talk.command(&reset());
    assert!(talk.sent().is_empty(), "the station is still busy with the first");
    talk.says(&accept(&sent));
    assert_eq!(talk.done(), [], "its answer is told to nobody");
    let sent = talk.sent();
    talk.says(&accept(&sent));
    assert_eq!(talk.done(), [(third, Ok("Reset"))]);
    assert!(!talk.station.cancel(talk.now, first));
}

#[test]
fn cs_22_a_command_for_a_station_that_is_away_fails_at_once_or_waits() {
    let mut talk = Talk::new(KnownRegistration::Accepted, |_| {});
    assert_eq!(talk.station.command(talk.now, &reset(), CommandOptions::default()), Err(CommandRefused::Offline));
    let keep = options(|options| options.offline = WhenOffline::Keep);
    let never = ["Reset", "RemoteStartTransaction", "UnlockConnector"];
    assert_eq!(talk.station.command(talk.now, &reset(), keep), Err(CommandRefused::NotToKeep(never[0])));
    let start = v16::RemoteStartTransactionRequest::new("tag");
    assert_eq!(talk.station.command(talk.now, &start, keep), Err(CommandRefused::NotToKeep(never[1])));
    let unlock = v16::UnlockConnectorRequest::new(1);
    assert_eq!(talk.station.command(talk.now, &unlock, keep), Err(CommandRefused::NotToKeep(never[2])));

    let request = v16::ChangeConfigurationRequest::new("HeartbeatInterval", "60");
    let command = talk.station.command(talk.now, &request, keep).expect("it waits");
    let mut talk = talk.up();
    talk.wait(2);
    let sent = talk.sent();
    talk.says(&accept(&sent));
    assert_eq!(talk.done(), [(command, Ok("ChangeConfiguration"))]);
}

#[test]
fn cs_23_e4_a_command_that_was_sent_before_the_link_broke_has_an_unknown_outcome() {
    let mut talk = Talk::settled();
    let (first, second) = (talk.command(&reset()), talk.command(&reset()));
    assert_eq!(talk.sent().len(), 1);
    talk.station.handle_input(talk.now, Input::LinkDown);
    let mut done = talk.done();
    done.sort_by_key(|(command, _)| *command);
    assert_eq!(done, [(first, Err(CommandFailure::Unknown(Lost::Connection))), (second, Err(CommandFailure::Offline))]);
    let mut talk = talk.up();
    talk.wait(60);
    assert!(talk.sent().is_empty(), "nothing is sent again");
}

#[test]
fn a_refusal_and_an_invalid_answer_are_told_apart() {
    let mut talk = Talk::settled();
    let refused = talk.command(&reset());
    let id = talk.sent()[0].split('"').nth(1).expect("an id").to_owned();
    talk.says(&format!(r#"[4,"{id}","NotSupported","no",{{}}]"#));
    let done = talk.done();
    assert!(
        matches!(&done[..], [(command, Err(CommandFailure::Refused(error)))] if *command == refused && error.description == "no")
    );
    let invalid = talk.command(&reset());
    let id = talk.sent()[0].split('"').nth(1).expect("an id").to_owned();
    talk.says(&format!(r#"[3,"{id}",{{}}]"#));
    let done = talk.done();
    assert!(matches!(&done[..], [(command, Err(CommandFailure::InvalidResponse(_)))] if *command == invalid));
    assert!(talk.sent().is_empty(), "rule RPC-27");
}

#[test]
fn an_answer_comes_out_as_the_type_that_answers_the_command() {
    let mut talk = Talk::settled();
    let _ = talk.command(&reset());
    let sent = talk.sent();
    talk.says(&accept(&sent));
    let answer = talk.events().into_iter().find_map(|event| match event {
        StationEvent::Done { outcome, .. } => outcome.ok(),
        _ => None,
    });
    let response = answer.expect("an answer").into_outcome::<v16::ResetRequest>().expect("of that type");
    assert_eq!(response.expect("a response").status, v16::ResetStatus::Accepted);
}

#[test]
fn raw_commands_are_checked_and_answered_as_text() {
    let mut talk = Talk::settled();
    let raw = |talk: &mut Talk, action: &str, payload: &str| {
        talk.station.command_raw(talk.now, action, payload, CommandOptions::default())
    };
    assert!(matches!(raw(&mut talk, "Fly", "{}"), Err(CommandRefused::Invalid(_))));
    let broken = raw(&mut talk, "Reset", r#"{"type":7}"#).expect("it is looked at when its turn comes");
    assert!(matches!(&talk.done()[..], [(command, Err(CommandFailure::Invalid(_)))] if *command == broken));
    let _ = raw(&mut talk, "Reset", r#"{"type":"Hard"}"#).expect("it is taken");
    let sent = talk.sent();
    talk.says(&accept(&sent));
    let outcome = talk.events().into_iter().find_map(|event| match event {
        StationEvent::Done { outcome, .. } => outcome.ok(),
        _ => None,
    });
    let text = outcome.expect("an answer").into_raw().expect("a raw one").expect("a response");
    assert_eq!(text, r#"{"status":"Accepted"}"#);
}

#[test]
fn what_breaks_the_specification_is_refused_before_it_waits() {
    let mut talk = Talk::unknown();
    let request = v16::RemoteStartTransactionRequest::new("a tag of far more than twenty characters");
    let refused = talk.station.command(talk.now, &request, CommandOptions::default());
    assert!(matches!(refused, Err(CommandRefused::Invalid(_))), "{refused:?}");
    let other = v201::ClearCacheRequest::new();
    let refused = talk.station.command(talk.now, &other, CommandOptions::default());
    assert!(matches!(refused, Err(CommandRefused::Invalid(_))), "{refused:?}");
}

#[test]
fn ws_26_cs_50_registration_and_waiting_commands_go_over_to_the_next_connection() {
    let mut old = Talk::unknown();
    old.boots();
    old.decides(v16::RegistrationStatus::Accepted, 60);
    old.wait(2);
    let (sent, waiting) = (old.command(&reset()), old.command(&reset()));
    old.sent();
    let hand_over = old.station.hand_over();
    assert_eq!(hand_over.registration(), Registration::Accepted);
    assert_eq!(hand_over.commands().collect::<Vec<_>>(), [waiting]);
    old.station.handle_input(old.now, Input::LinkDown);
    assert_eq!(old.done(), [(sent, Err(CommandFailure::Unknown(Lost::Connection)))]);

    let admission = Admission::new(SecurityProfile::Password);
    let rules = Arc::new(StationRules::default());
    let next = StationConnection::resume(rules, MessageIds::new(2), &admission, hand_over);
    let mut talk = Talk::with(next).up();
    assert!(!talk.is_refused("Heartbeat", "{}"), "it is no new boot");
    talk.wait(2);
    let texts = talk.sent();
    assert_eq!(texts.len(), 1, "{texts:?}");
    let third = talk.command(&reset());
    assert!(third > waiting, "ids go on");
    talk.says(&accept(&texts));
    assert_eq!(talk.done(), [(waiting, Ok("Reset"))]);
}

/// Field need 15: the version belongs to the connection.
#[test]
fn a_command_of_the_old_version_does_not_go_to_a_station_that_came_back_with_another() {
    let mut old = Talk::unknown();
    let waiting = old.command(&reset());
    let hand_over = old.station.hand_over();
    let mut admission = Admission::new(SecurityProfile::Password);
    admission.registration = KnownRegistration::Accepted;
    let rules = Arc::new(StationRules::default());
    let next = StationConnection::resume(rules, MessageIds::new(2), &admission, hand_over);
    let mut talk = Talk::with(next).up_as(Version::V201);
    talk.wait(2);
    assert!(talk.sent().is_empty());
    assert!(matches!(&talk.done()[..], [(command, Err(CommandFailure::Invalid(_)))] if *command == waiting));
}

#[test]
fn cs_22_what_waits_for_a_station_that_does_not_come_back_is_over_in_the_end() {
    let mut talk = Talk::unknown();
    let keep = options(|options| {
        options.offline = WhenOffline::Keep;
        options.deadline = Some(at(2000));
    });
    let kept = talk.station.command(talk.now, &v16::ClearCacheRequest::new(), keep).expect("it waits");
    let dropped = talk.command(&reset());
    let mut hand_over: HandOver = talk.station.hand_over();
    assert_eq!(hand_over.expire(at(1500)), [(dropped, CommandFailure::Offline)]);
    assert_eq!(hand_over.expire(at(2000)), [(kept, CommandFailure::Expired)]);
    assert!(hand_over.is_empty());
}

#[test]
fn cs_08_hb_06_silence_closes_the_link_and_every_message_breaks_it() {
    let mut talk = Talk::unknown();
    talk.boots();
    talk.decides(v16::RegistrationStatus::Accepted, 300);
    talk.events();
    talk.wait(599);
    assert_eq!(talk.sent().len(), 1);
    talk.station.heard(talk.now);
    talk.wait(599);
    talk.calls("StatusNotification", r#"{"connectorId":1,"errorCode":"NoError","status":"Available"}"#);
    assert_eq!(talk.station.last_seen(), talk.now);
    talk.events();
    talk.sent();
    talk.wait(599);
    assert!(!talk.events().iter().any(|event| matches!(event, StationEvent::Silent)));
    talk.wait(1);
    assert!(talk.events().iter().any(|event| matches!(event, StationEvent::Silent)));
    assert!(talk.sent().iter().any(|text| text.starts_with("close 1001")));
}

#[test]
fn e13_a_strange_interval_neither_floods_nor_overflows() {
    for interval in [0, -5, i64::MAX, i64::MIN] {
        let mut talk = Talk::unknown();
        talk.boots();
        talk.decides(v16::RegistrationStatus::Accepted, interval);
        talk.wait(100);
        assert!(talk.station.version().is_some() && talk.station.poll_timeout().is_some_and(|next| next > talk.now));
    }
}

#[test]
fn cs_41_requests_come_to_the_application_in_order_and_answers_may_cross() {
    let mut talk = Talk::settled();
    for _ in 0..3 {
        talk.calls("Heartbeat", "{}");
    }
    let mut responders: Vec<Responder> = (0..3).map(|_| talk.request("Heartbeat")).collect();
    responders.reverse();
    for responder in responders {
        let answer = r#"{"currentTime":"2026-03-01T10:00:00Z"}"#;
        talk.station.reply_raw(talk.now, responder, Ok(answer)).expect("it is sent");
    }
    let ids: Vec<_> = talk.sent().iter().filter_map(|text| text.split('"').nth(1).map(str::to_owned)).collect();
    assert_eq!(ids, ["s3", "s2", "s1"]);
}

#[test]
fn cs_02_frames_after_the_close_are_ignored() {
    let mut talk = Talk::settled();
    talk.station.close(ocpp_rpc::CloseCode::NORMAL, "enough");
    talk.sent();
    talk.calls("Heartbeat", "{}");
    assert!(talk.sent().is_empty() && talk.events().iter().all(|event| !matches!(event, StationEvent::Call(_))));
}

#[test]
fn cs_10_a_notice_of_2_1_is_told_and_not_answered() {
    let mut talk = Talk::new(KnownRegistration::Accepted, |_| {}).up_as(Version::V21);
    talk.says(r#"[6,"n1","NotifyPeriodicEventStream",{"id":1,"pending":0,"basetime":"2026-03-01T10:00:00Z","data":[{"t":0,"v":"1"}]}]"#);
    talk.says(r#"[6,"n2","Nonsense",{}]"#);
    let events = talk.events();
    assert!(events.iter().any(|event| matches!(event, StationEvent::Notice(_))), "{events:?}");
    assert!(talk.sent().is_empty());
}

#[test]
fn an_idle_conversation_is_small() {
    let size = size_of::<StationConnection>();
    println!("StationConnection: {size} bytes");
    assert!(size <= 744, "{size}");
    let mut talk = Talk::settled();
    talk.calls("Heartbeat", "{}");
    assert!(matches!(talk.events()[..], [StationEvent::Call(_)]));
}

/// Rule CS-57.
#[test]
fn cs_57_a_conversation_that_is_to_end_answers_first_and_sends_no_command() {
    let mut talk = Talk::settled();
    talk.sent();
    talk.calls("Heartbeat", "{}");
    let responder = talk.request("Heartbeat");
    talk.station.finish(talk.now, ocpp_rpc::CloseCode::RESTART, "later");
    talk.station.finish(talk.now, ocpp_rpc::CloseCode::NORMAL, "another reason");
    assert!(talk.station.is_finishing());
    let command = talk.command(&reset());
    talk.wait(1);
    assert_eq!((talk.sent(), talk.station.waiting()), (vec![], 1));
    assert!(talk.events().is_empty());

    let time = "2026-03-01T10:00:00Z".parse::<Timestamp>().expect("a time");
    let response = v16::HeartbeatResponse::new(time);
    let request = v16::HeartbeatRequest::new();
    talk.station.reply(talk.now, responder.of(&request), Ok(response)).expect("it is sent");
    let sent = talk.sent();
    assert!(sent[0].starts_with(r#"[3,"s1","#) && sent[1] == "close 1012 later", "{sent:?}");
    assert!(matches!(talk.events()[..], [StationEvent::Finished]));
    talk.station.handle_input(talk.now, Input::LinkDown);
    let ended = talk.events();
    let is_over = |event: &StationEvent| matches!(event, StationEvent::Done { command: over, outcome: Err(CommandFailure::Offline) } if *over == command);
    assert!(ended.iter().any(is_over), "{ended:?}");
}

/// Answers in JSON text count like typed ones (rules CS-03, CS-25).
#[test]
fn cs_03_a_boot_that_is_answered_with_text_opens_the_gate() {
    for (status, registration) in [("Accepted", Registration::Accepted), ("Pending", Registration::Pending)] {
        let mut talk = Talk::unknown();
        talk.boots();
        let responder = talk.request("BootNotification");
        let text = format!(r#"{{"status":"{status}","currentTime":"2026-03-01T10:00:00Z","interval":300}}"#);
        talk.station.reply_raw(talk.now, responder, Ok(&text)).expect("it is sent");
        assert_eq!(talk.station.registration(), registration);
    }
    let mut talk = Talk::unknown();
    talk.boots();
    let responder = talk.request("BootNotification");
    assert!(talk.station.reply_raw(talk.now, responder, Ok(r#"{"status":"Accepted"}"#)).is_err());
    assert_eq!(talk.station.registration(), Registration::Unregistered, "the station was told no such thing");
}

#[test]
fn a_station_can_be_treated_as_what_it_does_not_say_it_is() {
    let mut talk = Talk::settled();
    let mut quirks = ocpp_rpc::Quirks::NONE;
    quirks.avoided = &["Reset"];
    talk.station.set_quirks(quirks);
    assert_eq!(talk.station.connection().quirks().avoided, ["Reset"]);
}

#[test]
fn what_is_no_frame_is_told_as_long_as_there_is_room() {
    let mut talk = Talk::settled();
    talk.says("garbage");
    assert!(matches!(talk.events()[..], [StationEvent::Anomaly(_)]));
    let mut rules = StationRules::default();
    let mut connection = ocpp_rpc::ConnectionConfig::clone(&rules.connection);
    connection.max_events = 5;
    rules.connection = Arc::new(connection);
    let mut talk = Talk::new(KnownRegistration::Accepted, |known| *known = rules).up();
    for _ in 0..50 {
        talk.says("garbage");
    }
    let told = talk.events().iter().filter(|event| matches!(event, StationEvent::Anomaly(_))).count();
    assert_eq!(told, 5);
}
