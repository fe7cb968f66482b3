//! Routers, handlers and peers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ocpp_rpc::{
    CallError, CallFailure, CloseCode, CloseReason, Connection, ConnectionConfig, CsmsCall, ErrorCode, Handler,
    LinkEnd, MessageIds, Outgoing, Peer, PeerError, Received, Router, StationCall, converse,
};
use ocpp_types::{Timestamp, Version, v16, v21, v201};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::link::{FarEnd, pair};

type Csms = Router<Peer<StationCall>>;

fn heartbeat() -> v16::HeartbeatResponse {
    v16::HeartbeatResponse::new("2026-03-01T10:15:30Z".parse::<Timestamp>().unwrap())
}

/// A CSMS over a link; gives the far end, the peer, and how it ends.
fn csms(router: Csms) -> (FarEnd, Peer<StationCall>, JoinHandle<LinkEnd>) {
    let (link, far) = pair();
    let connection = Connection::new(ConnectionConfig::csms(), MessageIds::new(7));
    let (peer, running) = converse(link, Version::V16, connection, Arc::new(router), Peer::clone, None);
    (far, peer, tokio::spawn(running))
}

/// The id of a call.
fn id_of(text: &str) -> String {
    text.split('"').nth(1).unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn requests_find_their_handlers_by_type() {
    struct Site(AtomicUsize);
    #[async_trait::async_trait]
    impl<Cx: Send + 'static> Handler<v16::AuthorizeRequest, Cx> for Site {
        async fn handle(&self, _: Cx, _: v16::AuthorizeRequest) -> Result<v16::AuthorizeResponse, CallError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok(v16::AuthorizeResponse::new(v16::IdTagInfo::new(v16::AuthorizationStatus::Blocked)))
        }
    }
    let site = Arc::new(Site(AtomicUsize::new(0)));
    let router = Router::new()
        .on(|_, _: v16::HeartbeatRequest| async { Ok(heartbeat()) })
        // the same action of another version is another route
        .on(|_, _: v201::HeartbeatRequest| async { Err(CallError::internal("wrong version")) })
        .with::<v16::AuthorizeRequest, _>(Arc::clone(&site));
    assert_eq!(router.routes().count(), 3);
    let (far, _peer, _end) = csms(router);

    far.text(r#"[2,"1","Heartbeat",{}]"#);
    assert_eq!(far.receive_text().await, r#"[3,"1",{"currentTime":"2026-03-01T10:15:30Z"}]"#);
    far.text(r#"[2,"2","Authorize",{"idTag":"04A1"}]"#);
    assert_eq!(far.receive_text().await, r#"[3,"2",{"idTagInfo":{"status":"Blocked"}}]"#);
    assert_eq!(site.0.load(Ordering::Relaxed), 1);
    // C24: known, but nobody handles it
    far.text(r#"[2,"3","DataTransfer",{"vendorId":"x"}]"#);
    assert!(far.receive_text().await.starts_with(r#"[4,"3","NotSupported","#));
}

#[tokio::test(start_paused = true)]
async fn field_need_3_a_handler_that_calls_back_does_not_deadlock() {
    let router = Router::new().on(|peer: Peer<StationCall>, _: v16::HeartbeatRequest| async move {
        // a call from within a handler, and its answer comes before ours
        let answer = peer.call(&v16::ClearCacheRequest::new()).await.unwrap();
        assert_eq!(answer.status, v16::ClearCacheStatus::Accepted);
        Ok(heartbeat())
    });
    let (far, peer, _end) = csms(router);
    far.text(r#"[2,"1","Heartbeat",{}]"#);
    let call = far.receive_text().await;
    assert!(call.ends_with(r#""ClearCache",{}]"#), "{call}");
    // meanwhile the connection goes on: another request, another call in the queue
    let other = tokio::spawn(async move { peer.call(&v16::ResetRequest::new(v16::ResetType::Soft)).await });
    far.text(r#"[2,"2","DataTransfer",{"vendorId":"x"}]"#);
    assert!(far.receive_text().await.starts_with(r#"[4,"2","#));
    far.text(&format!(r#"[3,"{}",{{"status":"Accepted"}}]"#, id_of(&call)));
    let mut texts = [far.receive_text().await, far.receive_text().await];
    texts.sort();
    assert!(texts[0].contains(r#""Reset",{"type":"Soft"}"#), "{texts:?}");
    assert_eq!(texts[1], r#"[3,"1",{"currentTime":"2026-03-01T10:15:30Z"}]"#);
    far.text(&format!(r#"[3,"{}",{{"status":"Rejected"}}]"#, id_of(&texts[0])));
    assert_eq!(other.await.unwrap().unwrap().status, v16::ResetStatus::Rejected);
}

#[tokio::test(start_paused = true)]
async fn e2_a_handler_that_panics_is_contained_and_answered() {
    #[expect(clippy::manual_assert)]
    let router = Router::new()
        .on(|_, _: v16::HeartbeatRequest| async {
            if true {
                panic!("at once");
            }
            Ok(heartbeat())
        })
        .on(|_, _: v16::AuthorizeRequest| {
            if true {
                panic!("before there is a future");
            }
            async { Err(CallError::not_supported()) }
        })
        .on(|_, _: v16::DataTransferRequest| async {
            tokio::task::yield_now().await;
            if true {
                panic!("after a while");
            }
            Err(CallError::not_supported())
        });
    let (far, peer, _end) = csms(router);
    for (id, request) in [
        ("1", r#"[2,"1","Heartbeat",{}]"#),
        ("2", r#"[2,"2","Authorize",{"idTag":"04A1"}]"#),
        ("3", r#"[2,"3","DataTransfer",{"vendorId":"x"}]"#),
    ] {
        far.text(request);
        assert!(far.receive_text().await.starts_with(&format!(r#"[4,"{id}","InternalError","#)));
    }
    assert!(!peer.is_gone());
}

#[tokio::test(start_paused = true)]
async fn handlers_start_in_the_order_of_their_requests() {
    // CS-41
    let (sender, mut order) = mpsc::unbounded_channel();
    let router = Router::new().on(move |_, request: v16::AuthorizeRequest| {
        _ = sender.send(request.id_tag.to_string());
        async {
            sleep(Duration::from_millis(5)).await;
            Ok(v16::AuthorizeResponse::new(v16::IdTagInfo::new(v16::AuthorizationStatus::Accepted)))
        }
    });
    let (far, _peer, _end) = csms(router);
    for n in 0..10 {
        far.text(&format!(r#"[2,"{n}","Authorize",{{"idTag":"{n}"}}]"#));
    }
    for n in 0..10 {
        assert_eq!(order.recv().await.unwrap(), n.to_string());
    }
    for _ in 0..10 {
        assert!(far.receive_text().await.starts_with("[3,"));
    }
}

#[tokio::test(start_paused = true)]
async fn calls_say_how_they_ended() {
    let (far, peer, end) = csms(Router::new());
    let call = |request| {
        let peer = peer.clone();
        tokio::spawn(async move { peer.call(&request).await })
    };
    let reset = || v16::ResetRequest::new(v16::ResetType::Hard);

    let refused = call(reset());
    let id = id_of(&far.receive_text().await);
    far.text(&format!(r#"[4,"{id}","NotSupported","no reset",{{}}]"#));
    let PeerError::Failed(CallFailure::Refused(error)) = refused.await.unwrap().unwrap_err() else { panic!() };
    assert_eq!((error.code, error.description.as_str()), (ErrorCode::NotSupported, "no reset"));

    // a call of another version does not reach the wire
    let other = peer.call(&v201::ClearCacheRequest::new()).await.unwrap_err();
    assert!(matches!(other, PeerError::Refused(_)), "{other}");

    // E4: the link goes down with one call out and one that waits
    let sent = call(reset());
    far.receive_text().await;
    let waiting = call(reset());
    // commands are carried out in order: when this one was, the call before it waits in the machine
    tokio::task::yield_now().await;
    let notice = v21::NotifyPeriodicEventStream::new(
        [v21::StreamDataElement::new(0, "1")],
        1,
        0,
        "2026-03-01T10:15:30Z".parse::<Timestamp>().unwrap(),
    );
    assert!(peer.notify(&notice).await.is_err());
    far.send(Received::Close(CloseReason::new(CloseCode::GOING_AWAY, "reboot")));
    let LinkEnd::ClosedByPeer(reason) = end.await.unwrap() else { panic!() };
    assert_eq!(reason.code, CloseCode::GOING_AWAY);
    for (call, was_sent) in [(sent, true), (waiting, false)] {
        let error = call.await.unwrap().unwrap_err();
        let PeerError::Failed(CallFailure::ConnectionLost { sent }) = error else { panic!("{error}") };
        assert_eq!(sent, was_sent);
    }

    assert!(peer.is_gone());
    assert!(matches!(peer.call(&reset()).await, Err(PeerError::Refused(_))));
}

#[tokio::test(start_paused = true)]
async fn a_peer_can_be_closed() {
    let (far, peer, end) = csms(Router::new());
    peer.close(CloseCode::POLICY, "replaced");
    let Outgoing::Close(reason) = far.receive().await else { panic!() };
    assert_eq!((reason.code, &*reason.text), (CloseCode::POLICY, "replaced"));
    far.send(Received::Close(reason));
    assert!(matches!(end.await.unwrap(), LinkEnd::Closed(reason) if reason.code == CloseCode::POLICY));
    assert!(far.is_dropped());
}

#[tokio::test(start_paused = true)]
async fn a_station_is_the_same_the_other_way_round() {
    let (link, far) = pair();
    let router = Router::<(), Connection<CsmsCall>>::new().on(|(), _: v201::ClearCacheRequest| async {
        Ok(v201::ClearCacheResponse::new(v201::ClearCacheStatus::Accepted))
    });
    let connection = Connection::<CsmsCall>::new(ConnectionConfig::station(), MessageIds::new(7));
    let (peer, running) = converse(link, Version::V201, connection, Arc::new(router), |_| (), None);
    tokio::spawn(running);
    far.text(r#"[2,"1","ClearCache",{}]"#);
    assert_eq!(far.receive_text().await, r#"[3,"1",{"status":"Accepted"}]"#);

    // RPC-23, E3: no answer, and the call is over exactly at its time
    let started = tokio::time::Instant::now();
    let call = tokio::spawn(async move { peer.call(&v201::HeartbeatRequest::new()).await });
    far.receive_text().await;
    assert!(matches!(call.await.unwrap(), Err(PeerError::Failed(CallFailure::Timeout))));
    let waited = started.elapsed();
    assert!(waited >= Duration::from_secs(30) && waited < Duration::from_millis(30_010), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn e1_a_handler_that_never_answers_is_answered_for() {
    let (link, far) = pair();
    let router: Csms = Router::new().on(|_, _: v16::HeartbeatRequest| std::future::pending());
    let connection = Connection::new(ConnectionConfig::csms(), MessageIds::new(7));
    let (_peer, running) = converse(link, Version::V16, connection, Arc::new(router), Peer::clone, None);
    tokio::spawn(running);
    let started = tokio::time::Instant::now();
    far.text(r#"[2,"1","Heartbeat",{}]"#);
    assert!(far.receive_text().await.starts_with(r#"[4,"1","InternalError","#));
    let waited = started.elapsed();
    assert!(waited >= Duration::from_secs(25) && waited < Duration::from_millis(25_010), "{waited:?}");
}
