//! The control interface: HTTP/1.1 and JSON on a loopback address, for scripts.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue, ORIGIN};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::desk::{RegistrationOrder, TagStatus};
use super::floor::Floor;

/// The longest request body: that of the longest call.
const BODY_BYTES: usize = 1 << 20;

/// Serves the interface until the process ends.
pub(crate) async fn serve(listener: TcpListener, floor: Arc<Floor>) -> io::Result<Infallible> {
    loop {
        let (stream, _) = listener.accept().await?;
        let floor = Arc::clone(&floor);
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let floor = Arc::clone(&floor);
                async move { Ok::<_, Infallible>(respond(request, &floor).await) }
            });
            // a client that goes away in the middle is nobody's problem
            drop(http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

/// Whether an address may be listened on: whoever reaches it commands all stations.
pub(crate) fn is_allowed(address: SocketAddr) -> bool {
    address.ip().is_loopback()
}

async fn respond(request: Request<Incoming>, floor: &Floor) -> Response<Full<Bytes>> {
    let (status, body) = match answer(request, floor).await {
        Ok(body) => (StatusCode::OK, body),
        Err((status, why)) => (status, json!({ "message": why })),
    };
    let mut response = Response::new(Full::new(Bytes::from(format!("{body}\n"))));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

type Refusal = (StatusCode, String);

async fn answer(request: Request<Incoming>, floor: &Floor) -> Result<Value, Refusal> {
    refuse_browsers(&request)?;
    let (head, body) = request.into_parts();
    let path: Vec<String> = head
        .uri
        .path()
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| percent_decode_str(part).decode_utf8().map(String::from))
        .collect::<Result<_, _>>()
        .map_err(|_| (StatusCode::BAD_REQUEST, "path is not UTF-8".to_owned()))?;
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let json_body = async || {
        let too_long = |_| (StatusCode::PAYLOAD_TOO_LARGE, format!("body over {BODY_BYTES} bytes"));
        let bytes = Limited::new(body, BODY_BYTES).collect().await.map_err(too_long)?.to_bytes();
        Ok::<_, Refusal>(bytes)
    };
    match (&head.method, path.as_slice()) {
        (&Method::GET, ["stations"]) => Ok(floor.stations()),
        (&Method::DELETE, ["stations", id]) => found(floor.disconnect(id)),
        (&Method::POST, ["stations", id, "call"]) => {
            let call: super::floor::Call = read(&json_body().await?)?;
            Ok(floor.call(id, &call).await)
        }
        (&Method::PUT, ["stations", id, "registration"]) => {
            let order: RegistrationOrder = read(&json_body().await?)?;
            floor.order_registration(id, order).map_err(|error| (StatusCode::BAD_REQUEST, error))?;
            Ok(json!({}))
        }
        (&Method::GET, ["transactions"]) => {
            let query = head.uri.query().unwrap_or_default();
            let station = query.split('&').find_map(|pair| pair.strip_prefix("station="));
            let station = station.map(|text| percent_decode_str(text).decode_utf8_lossy());
            serde_json::to_value(floor.desk().records(station.as_deref()))
                .map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
        }
        (&Method::GET, ["id-tags"]) => Ok(json!(floor.desk().tags())),
        (&Method::GET, ["id-tags", tag]) => Ok(json!({ "status": floor.desk().tag(tag) })),
        (&Method::PUT, ["id-tags", tag]) => {
            #[derive(serde::Deserialize)]
            struct Verdict {
                status: TagStatus,
            }
            let verdict: Verdict = read(&json_body().await?)?;
            floor.desk().set_tag(tag, Some(verdict.status));
            Ok(json!({ "status": verdict.status }))
        }
        (&Method::DELETE, ["id-tags", tag]) => {
            floor.desk().set_tag(tag, None);
            Ok(json!({ "status": floor.desk().tag(tag) }))
        }
        (method, _) => Err((StatusCode::NOT_FOUND, format!("no {method} {}", head.uri.path()))),
    }
}

/// A page in a browser on this machine can send requests here, too; its browser says that it does.
fn refuse_browsers(request: &Request<Incoming>) -> Result<(), Refusal> {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_loopback = name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    if request.headers().contains_key(ORIGIN) || !is_loopback {
        return Err((StatusCode::FORBIDDEN, "not for browsers, and only as a loopback address".to_owned()));
    }
    Ok(())
}

fn read<'a, T: serde::Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}

fn found(is_found: bool) -> Result<Value, Refusal> {
    if is_found { Ok(json!({})) } else { Err((StatusCode::NOT_FOUND, "station is not connected".to_owned())) }
}
