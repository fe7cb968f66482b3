//! The header fields of an opening handshake (RFC 6455, section 4).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{AsHeaderName, HeaderName};
use sha1::{Digest, Sha1};

pub(crate) const EXTENSIONS: HeaderName = http::header::SEC_WEBSOCKET_EXTENSIONS;
pub(crate) const PROTOCOL: HeaderName = http::header::SEC_WEBSOCKET_PROTOCOL;

/// Whether a comma-separated field names a token, in any case.
pub(crate) fn has_token(headers: &HeaderMap, name: HeaderName, token: &str) -> bool {
    elements(headers, name).any(|element| element.eq_ignore_ascii_case(token))
}

/// The elements of a comma-separated field, over all its lines.
pub(crate) fn elements(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    texts(headers, name).flat_map(|value| value.split(',')).map(str::trim).filter(|element| !element.is_empty())
}

/// The lines of a field that are text.
pub(crate) fn texts(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok())
}

/// The only line of a field; `None` if there is none or more than one.
pub(crate) fn single(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).into_iter();
    let value = values.next()?.to_str().ok()?.trim();
    values.next().is_none().then_some(value)
}

/// The answer to a `Sec-WebSocket-Key`.
pub(crate) fn accept_of(key: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(key.as_bytes());
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    STANDARD.encode(hash.finalize())
}

/// Whether a key is 16 bytes in base64.
pub(crate) fn is_key(key: &str) -> bool {
    STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_to_the_key_of_the_rfc() {
        assert!(is_key("dGhlIHNhbXBsZSBub25jZQ=="));
        assert_eq!(accept_of("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
