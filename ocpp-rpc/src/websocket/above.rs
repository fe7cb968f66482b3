//! The link that a relay opens above, before it lets a station in below.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Accept, Credentials, Dial, DialError, HandshakeRequest, Reject, WebSocketLink};

impl Dial {
    /// Decides about the handshake of a station as its CSMS does, by asking it first: dials with the same path, the versions the
    /// station offers and, unless this has credentials, those of the station. The answer to the station has the version that
    /// the CSMS chose, or its status if it refuses, and the link above as its context (rule WS-30).
    ///
    /// The URL of this is scheme and host only; the rest is the station's.
    ///
    /// # Errors
    ///
    /// The answer to a station that the CSMS does not let in: its own status, or 503 if it cannot be reached.
    pub async fn for_station(&self, request: &HandshakeRequest) -> Result<Accept<WebSocketLink>, Reject> {
        let mut dial = self.clone();
        dial.url = format!("{}{}", self.url.trim_end_matches('/'), request.path());
        if let Some(query) = request.query() {
            dial.url = format!("{}?{query}", dial.url);
        }
        dial.subprotocols = request.subprotocols().map(|name| Cow::Owned(name.to_owned())).collect();
        if dial.subprotocols.is_empty() {
            return Err(Reject::new(400, "no ocpp version offered"));
        }
        if dial.credentials.is_none() {
            dial.credentials = request.header("authorization").and_then(credentials);
        }
        let link = match dial.connect().await {
            Ok(link) => link,
            Err(DialError::Refused { status: 401, .. }) => return Err(Reject::unauthorized()),
            Err(DialError::Refused { status, .. }) => return Err(Reject::new(status, "refused by the csms")),
            Err(DialError::Subprotocol { .. }) => return Err(Reject::new(400, "no common ocpp version")),
            Err(_) => return Err(Reject::new(503, "csms not reachable")),
        };
        let version = link.subprotocol().unwrap_or_default().to_owned();
        Ok(Accept::new(version, link))
    }
}

/// Name and password out of a header field.
fn credentials(value: &[u8]) -> Option<Credentials> {
    let (scheme, encoded) = value.split_at_checked(6)?;
    if !scheme.eq_ignore_ascii_case(b"basic ") {
        return None;
    }
    let plain = STANDARD.decode(encoded.trim_ascii()).ok()?;
    let colon = plain.iter().position(|byte| *byte == b':')?;
    // put together again, they are the same, wherever the colon was that is meant
    Some(Credentials::new(String::from_utf8(plain.get(..colon)?.to_vec()).ok()?, plain.get(colon + 1..)?))
}
