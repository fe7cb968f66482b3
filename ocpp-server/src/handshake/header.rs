//! The header of the HTTP request.

use super::Offer;

/// Why a request is none for a WebSocket (RFC 6455 §4.2.1, fault row B5).
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum UpgradeFault {
    /// The method is not `GET`.
    #[error("not a GET request")]
    Method,
    /// `Upgrade` does not name `websocket`.
    #[error("no Upgrade: websocket in the header")]
    Upgrade,
    /// `Connection` does not name `Upgrade`.
    #[error("no Connection: Upgrade in the header")]
    Connection,
    /// There is no key, or more than one, or one that is not of 24 characters.
    #[error("no usable Sec-WebSocket-Key in the header")]
    Key,
    /// It is not version 13 of the WebSocket protocol.
    #[error("not version 13 of the WebSocket protocol")]
    Version,
}

/// Whether the request asks for a WebSocket. What is wrong with `Connection` is told only if nothing else is.
pub(super) fn check_upgrade(offer: &Offer<'_>) -> Result<(), UpgradeFault> {
    if offer.method != "GET" {
        return Err(UpgradeFault::Method);
    }
    if !tokens(offer, "upgrade").any(|token| token.eq_ignore_ascii_case("websocket")) {
        return Err(UpgradeFault::Upgrade);
    }
    if values(offer, "sec-websocket-version").map(<[u8]>::trim_ascii).ne([b"13"]) {
        return Err(UpgradeFault::Version);
    }
    let mut keys = values(offer, "sec-websocket-key").map(<[u8]>::trim_ascii);
    if keys.next().is_none_or(|key| key.len() != 24) || keys.next().is_some() {
        return Err(UpgradeFault::Key);
    }
    if !tokens(offer, "connection").any(|token| token.eq_ignore_ascii_case("upgrade")) {
        return Err(UpgradeFault::Connection);
    }
    Ok(())
}

/// All values of a member of the header, whose name is given in lower case.
pub(super) fn values<'a>(offer: &Offer<'a>, name: &'static str) -> impl Iterator<Item = &'a [u8]> {
    let named = move |header: &&(&str, &[u8])| header.0.eq_ignore_ascii_case(name);
    offer.headers.iter().filter(named).map(|(_, value)| *value)
}

/// The items of a list in the header, without the blanks around them; values that are no text have none.
pub(super) fn tokens<'a>(offer: &Offer<'a>, name: &'static str) -> impl Iterator<Item = &'a str> {
    values(offer, name)
        .filter_map(|value| std::str::from_utf8(value).ok())
        .flat_map(|value| value.split(','))
        .map(|token| token.trim_matches([' ', '\t']))
        .filter(|token| !token.is_empty())
}
