//! Stations on a path of an axum server, beside pages of its own.
//!
//! ```sh
//! cargo run -p chargewire-ocpp-server --features websocket --example axum
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use axum::routing::get;
use ocpp_rpc::websocket::{HandshakeRequest, Reject, upgrade};
use ocpp_server::{AllowEveryStationUnauthenticated, Csms, CsmsConfig, Station};
use ocpp_types::{Timestamp, v16};

async fn stations(State(csms): State<Csms>) -> String {
    csms.stations().iter().map(|station| format!("{station:?}\n")).collect()
}

/// Turns the request of a station into its connection.
async fn connect(
    State(csms): State<Csms>,
    ConnectInfo(source): ConnectInfo<SocketAddr>,
    mut request: Request,
) -> Response {
    let answer = |status: u16, text: String| {
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = axum::http::StatusCode::from_u16(status).unwrap_or_default();
        response
    };
    let handshake = match HandshakeRequest::from_http(&request, source, false, Vec::new()) {
        Ok(handshake) => handshake,
        Err(defect) => return answer(defect.status(), defect.to_string()),
    };
    let accept = match csms.open(&handshake).await {
        Ok(accept) => accept,
        Err(Reject { status, text, .. }) => return answer(status, text.into()),
    };
    match upgrade(&mut request, &accept) {
        Ok((response, upgrade)) => {
            tokio::spawn(async move {
                if let (Ok(link), Some(entrance)) = (upgrade.finish().await, accept.context) {
                    let end = csms.run(entrance, link).await;
                    println!("{end:?}");
                }
            });
            response.map(|()| Body::empty())
        }
        Err(error) => answer(400, error.to_string()),
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let handlers = ocpp_rpc::Router::new()
        .on(|station: Station, _: v16::BootNotificationRequest| async move {
            println!("{station:?} boots");
            let now = Timestamp::new(chrono::Utc::now());
            Ok(v16::BootNotificationResponse::new(v16::RegistrationStatus::Accepted, now, 300))
        })
        .on(|_, _: v16::HeartbeatRequest| async {
            Ok(v16::HeartbeatResponse::new(Timestamp::new(chrono::Utc::now())))
        });
    let csms = Csms::new(CsmsConfig::new(Arc::new(AllowEveryStationUnauthenticated)), handlers);
    let app = Router::new().route("/stations", get(stations)).route("/ocpp/{identity}", get(connect)).with_state(csms);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:9001").await?;
    println!("stations at ws://{}/ocpp/<identity>", listener.local_addr()?);
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
}
