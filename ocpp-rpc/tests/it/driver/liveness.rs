//! Rows A14, A15, A17 and E11: peers that are silent, do not go, or do not read. Virtual time.

use std::sync::Arc;
use std::time::Duration;

use ocpp_rpc::{
    Application, Clock, CloseCode, CloseReason, Connection, ConnectionConfig, Event, Keepalive, LinkEnd, LinkError,
    Mailbox, MessageIds, Outgoing, Patience, Peer, Received, Router, StationCall, Turn, converse, drive, wait,
};
use ocpp_types::{Timestamp, Version, v16};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::link::{FarEnd, pair};

const EVERY: Duration = Duration::from_secs(60);
const WITHIN: Duration = Duration::from_secs(10);

fn csms() -> (FarEnd, JoinHandle<LinkEnd>) {
    let (link, far) = pair();
    let connection = Connection::new(ConnectionConfig::csms(), MessageIds::new(7));
    let router = Router::<Peer<StationCall>>::new().on(|_, _: v16::HeartbeatRequest| async {
        Ok(v16::HeartbeatResponse::new("2026-03-01T10:15:30Z".parse::<Timestamp>().unwrap()))
    });
    let keepalive = Keepalive { every: EVERY, within: WITHIN };
    let (_, running) = converse(link, Version::V16, connection, Arc::new(router), Peer::clone, keepalive);
    (far, tokio::spawn(running))
}

fn about(since: Instant, expected: Duration) {
    let elapsed = since.elapsed();
    assert!(elapsed >= expected && elapsed < expected + Duration::from_millis(20), "{elapsed:?} for {expected:?}");
}

#[tokio::test(start_paused = true)]
async fn ws_22_pings_go_out_at_their_interval_and_pongs_keep_the_link() {
    let (far, end) = csms();
    let started = Instant::now();
    for n in 1..=5 {
        assert_eq!(far.receive().await, Outgoing::Ping);
        about(started, EVERY * n);
        sleep(WITHIN / 2).await;
        far.send(Received::Pong);
    }
    assert!(!end.is_finished());
}

#[tokio::test(start_paused = true)]
async fn a14_a17_a_peer_that_answers_no_ping_is_gone_at_the_deadline() {
    let (far, end) = csms();
    let started = Instant::now();
    assert_eq!(far.receive().await, Outgoing::Ping);
    assert!(matches!(end.await.unwrap(), LinkEnd::Silent));
    about(started, EVERY + WITHIN);
    assert!(far.is_dropped());
}

#[tokio::test(start_paused = true)]
async fn any_message_is_a_sign_of_life() {
    let (far, end) = csms();
    for n in 0..3 {
        assert_eq!(far.receive().await, Outgoing::Ping);
        sleep(WITHIN / 2).await;
        far.text(&format!(r#"[2,"{n}","Heartbeat",{{}}]"#));
        assert!(far.receive_text().await.starts_with("[3,"));
    }
    assert_eq!(far.receive().await, Outgoing::Ping);
    // and silence is silence
    assert!(matches!(end.await.unwrap(), LinkEnd::Silent));
}

#[tokio::test(start_paused = true)]
async fn a15_a_close_that_is_never_answered_ends_at_its_deadline() {
    let (link, far) = pair();
    let mut app = Watcher::default();
    let mut connection = Connection::new(ConnectionConfig::csms(), MessageIds::new(7));
    let mailbox = Mailbox::<Watcher>::new();
    let post = mailbox.clone();
    let started = Instant::now();
    let far_side = far.clone();
    tokio::spawn(async move {
        post.post(|_, turn| turn.machine.close(CloseCode::GOING_AWAY, "server is going down")).unwrap();
        assert!(matches!(far_side.receive().await, Outgoing::Close(_)));
        // the peer goes on talking instead
        for n in 0..10 {
            far_side.text(&format!(r#"[2,"{n}","Heartbeat",{{}}]"#));
            sleep(Duration::from_millis(700)).await;
        }
    });
    let patience = Patience::default();
    let end = drive(link, Version::V16, &mut connection, &mut app, &mailbox, Clock::start(), patience).await;
    assert!(matches!(end, LinkEnd::Closed(reason) if reason.code == CloseCode::GOING_AWAY));
    about(started, patience.close);
    assert_eq!(app.calls, 0, "what comes after the goodbye is not taken in");
}

#[tokio::test(start_paused = true)]
async fn e11_a_peer_that_does_not_read_is_closed_and_costs_little() {
    let (far, end) = csms();
    far.room(Some(0));
    let started = Instant::now();
    for n in 0..200 {
        far.text(&format!(r#"[2,"{n}","Heartbeat",{{}}]"#));
    }
    assert!(matches!(end.await.unwrap(), LinkEnd::SlowReader));
    about(started, Patience::default().write);
    // the rest was never taken in: it waits where the peer can feel it
    assert!(far.untaken() >= 100, "{}", far.untaken());
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_reads_again_is_served_again() {
    let (far, end) = csms();
    far.room(Some(0));
    for n in 0..100 {
        far.text(&format!(r#"[2,"{n}","Heartbeat",{{}}]"#));
    }
    sleep(Patience::default().write / 2).await;
    far.room(None);
    for n in 0..100 {
        assert!(far.receive_text().await.starts_with(&format!(r#"[3,"{n}""#)));
    }
    assert!(!end.is_finished());
}

#[tokio::test(start_paused = true)]
async fn every_end_of_a_link_has_a_name_and_reaches_the_machine() {
    let reason = || CloseReason::new(CloseCode::TOO_BIG, "message too big");
    type Cut = fn(&FarEnd);
    let ends: [(Cut, &str); 4] = [
        (|far| far.cut(), "lost"),
        (|far| far.push(Err(LinkError::Ended)), "lost"),
        (|far| far.send(Received::Close(CloseReason::new(CloseCode(4001), ""))), "closed by the peer: 4001"),
        (
            |far| {
                let reason = CloseReason::new(CloseCode::TOO_BIG, "message too big");
                far.push(Err(LinkError::Violation { reason }));
            },
            "lost",
        ),
    ];
    for (cut, name) in ends {
        let (link, far) = pair();
        let mut app = Watcher::default();
        let mut connection = Connection::new(ConnectionConfig::csms(), MessageIds::new(7));
        let mailbox = Mailbox::<Watcher>::new();
        mailbox.post(|_, turn| _ = turn.machine.call(turn.now, &v16::ClearCacheRequest::new()).unwrap()).unwrap();
        let cutter = far.clone();
        tokio::spawn(async move {
            cutter.receive_text().await;
            cut(&cutter);
        });
        let clock = Clock::start();
        let end = drive(link, Version::V16, &mut connection, &mut app, &mailbox, clock, Patience::default()).await;
        assert_eq!(end.to_string(), name);
        if let LinkEnd::Lost(LinkError::Violation { reason: found }) = &end {
            assert_eq!(*found, reason());
            assert_eq!(end.code(), Some(CloseCode::TOO_BIG));
        }
        // the call that was out has ended, and the machine is ready for the next link
        assert_eq!((app.answers, connection.is_waiting(), connection.version()), (1, false, None));
    }
}

#[tokio::test(start_paused = true)]
async fn a_machine_without_a_link_still_takes_commands() {
    let mut app = Watcher::default();
    let mut connection = Connection::new(ConnectionConfig::csms(), MessageIds::new(7));
    let mailbox = Mailbox::<Watcher>::new();
    let post = mailbox.clone();
    let until = async {
        sleep(Duration::from_secs(3)).await;
        let (sender, receiver) = tokio::sync::oneshot::channel();
        post.post(move |_: &mut Watcher, turn| {
            _ = sender.send(turn.machine.call(turn.now, &v16::ClearCacheRequest::new()).is_err());
        })
        .unwrap();
        receiver.await.unwrap()
    };
    assert!(wait(until, &mut connection, &mut app, &mailbox, Clock::start()).await);
    mailbox.close();
    assert!(mailbox.post(|_, _| {}).is_err());
}

/// Counts.
#[derive(Default)]
struct Watcher {
    calls: usize,
    answers: usize,
}

impl Application for Watcher {
    type Machine = Connection<StationCall>;

    fn on_event(&mut self, event: Event<StationCall>, _: &mut Turn<'_, Self>) {
        match event {
            Event::Call(_) => self.calls += 1,
            Event::Answer(_) => self.answers += 1,
            _ => {}
        }
    }

    fn keepalive(&self) -> Option<Keepalive> {
        None
    }
}
