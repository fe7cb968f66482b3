//! Negotiation of permessage-deflate (RFC 7692).
//!
//! The rule of this side is: no context is kept between messages, in either direction, so that an idle connection owns no
//! compression state at all; the state for a message comes from a pool that all connections share.

use std::sync::LazyLock;

use yawc::{DeflateOptions, DeflatePool};

/// Messages shorter than this leave uncompressed: they hardly shrink.
const THRESHOLD: usize = 128;

static POOL: LazyLock<DeflatePool> = LazyLock::new(|| DeflatePool::new(32));

/// What a client asks for.
pub(crate) const OFFER: &str =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits";

/// The settings of the WebSocket crate for a connection that compresses.
pub(crate) fn options() -> DeflateOptions {
    DeflateOptions {
        server_no_context_takeover: true,
        client_no_context_takeover: true,
        compression_threshold: THRESHOLD,
        pool: Some(POOL.clone()),
        ..DeflateOptions::default()
    }
}

/// The server's answer to the offers of a client, or `None` if it can keep none of them.
pub(crate) fn answer<'a>(headers: impl Iterator<Item = &'a str>) -> Option<String> {
    headers.flat_map(|header| header.split(',')).find_map(|offer| {
        let mut window = None;
        let mut seen = Vec::new();
        for (name, value) in parameters(offer)? {
            if seen.contains(&name) {
                return None;
            }
            seen.push(name);
            match (name, value) {
                ("server_no_context_takeover" | "client_no_context_takeover", None) => {}
                // zlib cannot compress with a window of 8 bits
                ("server_max_window_bits", Some(bits)) => window = Some(window_bits(bits, 9)?),
                // a bound the client keeps on its own; a full window reads whatever it sends
                ("client_max_window_bits", None) => {}
                ("client_max_window_bits", Some(bits)) => _ = window_bits(bits, 8)?,
                _ => return None,
            }
        }
        let mut answer = String::from("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
        if let Some(bits) = window {
            answer.push_str(&format!("; server_max_window_bits={bits}"));
        }
        Some(answer)
    })
}

/// Whether a server's answer is one to [`OFFER`]: nothing unasked for, nothing twice.
pub(crate) fn is_answer(header: &str) -> bool {
    let Some(parameters) = parameters(header) else { return false };
    let mut seen = Vec::new();
    parameters.into_iter().all(|(name, value)| {
        let known = match (name, value) {
            ("server_no_context_takeover" | "client_no_context_takeover", None) => true,
            ("server_max_window_bits", Some(bits)) => window_bits(bits, 8).is_some(),
            ("client_max_window_bits", Some(bits)) => window_bits(bits, 9).is_some(),
            _ => false,
        };
        let first = !seen.contains(&name);
        seen.push(name);
        known && first
    })
}

/// The parameters of one `permessage-deflate` element, or `None` if it is another extension or broken.
fn parameters(element: &str) -> Option<Vec<(&str, Option<&str>)>> {
    let mut parts = element.split(';').map(str::trim);
    if parts.next()? != "permessage-deflate" {
        return None;
    }
    parts
        .map(|part| match part.split_once('=') {
            Some((name, value)) => Some((name.trim(), Some(value.trim().trim_matches('"')))),
            None if part.is_empty() => None,
            None => Some((part, None)),
        })
        .collect()
}

fn window_bits(digits: &str, least: u8) -> Option<u8> {
    digits.parse().ok().filter(|bits| (least..=15).contains(bits) && !digits.starts_with(['0', '+']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer_to(offer: &str) -> Option<String> {
        answer([offer].into_iter())
    }

    #[test]
    fn a12_answers_keep_what_the_client_can_do() {
        let plain = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
        assert_eq!(answer_to("permessage-deflate").as_deref(), Some(plain));
        assert_eq!(answer_to("permessage-deflate; client_max_window_bits").as_deref(), Some(plain));
        assert_eq!(answer_to("permessage-deflate;client_max_window_bits=8").as_deref(), Some(plain));
        assert_eq!(answer_to("x-webkit-deflate-frame, permessage-deflate").as_deref(), Some(plain));
        assert_eq!(
            answer_to("permessage-deflate; server_max_window_bits=10"),
            Some(format!("{plain}; server_max_window_bits=10"))
        );
        // the first offer cannot be kept, the second can
        assert_eq!(
            answer_to("permessage-deflate; server_max_window_bits=8, permessage-deflate").as_deref(),
            Some(plain)
        );
    }

    #[test]
    fn a12_offers_that_break_the_rules_are_declined() {
        for offer in [
            "",
            "deflate",
            "permessage-deflate; unknown",
            "permessage-deflate; server_max_window_bits",
            "permessage-deflate; server_max_window_bits=16",
            "permessage-deflate; server_max_window_bits=09",
            "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
            "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate;",
        ] {
            assert_eq!(answer_to(offer), None, "{offer}");
        }
    }

    #[test]
    fn a12_a_client_takes_only_answers_to_its_offer() {
        assert!(is_answer("permessage-deflate"));
        assert!(is_answer("permessage-deflate; server_no_context_takeover; client_no_context_takeover"));
        assert!(is_answer("permessage-deflate; client_max_window_bits=12; server_max_window_bits=9"));
        assert!(!is_answer("permessage-deflate; client_max_window_bits"));
        assert!(!is_answer("permessage-deflate; server_no_context_takeover; server_no_context_takeover"));
        assert!(!is_answer("permessage-deflate, permessage-deflate"));
        assert!(!is_answer("other"));
    }
}
