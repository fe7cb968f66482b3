//! How strict, how patient and how large a connection is.

use core::time::Duration;

use ocpp_types::{DecodePolicy, Repair, limits};

use crate::Mend;

/// How strict, how patient and how large a connection is. Shared by all connections that are alike.
///
/// ```
/// use core::time::Duration;
/// use ocpp_rpc::ConnectionConfig;
///
/// let mut config = ConnectionConfig::csms();
/// config.call_timeout = Duration::from_secs(60);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ConnectionConfig {
    /// What to do with payloads and frames that depart from the specification.
    pub policy: DecodePolicy,
    /// What is not repaired, although the policy would: requests that need one of these are refused like under
    /// [`Enforce`](DecodePolicy::Enforce). So each rule can be strict or lenient for itself (field need 19).
    pub refused_repairs: &'static [Repair],
    /// Whether to mend what is almost JSON, and how far; off by default (rows C20, C21).
    pub mend: Option<Mend>,
    /// Whether requests that break the specification are answered (rule RPC-62).
    pub on_violation: OnViolation,
    /// Whether a wholly unreadable text is answered with the id `-1` (rules RPC-50, RPC-61).
    pub on_unreadable: OnUnreadable,
    /// Whether the link is closed when a binary message comes in (rule RPC-01).
    pub on_binary: OnBinary,
    /// How long an answer may take, from the moment the call is sent (rule RPC-23).
    pub call_timeout: Duration,
    /// How long the application may take to answer a request, before the peer gets `InternalError` (rule RPC-33).
    pub handler_timeout: Duration,
    /// After how many calls without answer, one after the other, the link is to be closed (rule RPC-24); 0 for never.
    pub timeouts_until_close: u32,
    /// How many requests may wait for the application at once; one more closes the link (rule RPC-31).
    pub max_unanswered: usize,
    /// How many calls may wait to be sent.
    pub max_queued: usize,
    /// How many events may wait for the application, beyond answers and requests; more of them are only counted.
    pub max_events: usize,
    /// The longest text taken in, in bytes; a longer one closes the link (rule RPC-63).
    pub max_received_bytes: usize,
    /// The longest text sent, in bytes.
    pub max_sent_bytes: usize,
    /// How many bytes may wait to be sent, because the peer or the network is slow; more close the link (row E11).
    pub max_unsent_bytes: usize,
    /// How many answers are kept, to be sent again when a request is repeated (rule RPC-30).
    pub kept_answers: usize,
    /// The longest answer kept for that, in bytes.
    pub kept_answer_bytes: usize,
    /// How long after the last message buffers and kept answers are given back.
    pub idle_after: Duration,
}

/// What becomes of requests that break the specification (rule RPC-62).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum OnViolation {
    /// A CALLERROR answers them.
    #[default]
    Answer,
    /// They are counted and dropped, as 2.x allows.
    Drop,
}

/// What becomes of texts in which not even an id can be read (rule RPC-50).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum OnUnreadable {
    /// What the version says: 1.6 is silent, 2.x answers with the id `-1`, at most once in ten seconds.
    #[default]
    ByVersion,
    /// They are answered in every version.
    Answer,
    /// They are counted and dropped, as every version allows.
    Drop,
}

/// What becomes of binary messages (rule RPC-01).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum OnBinary {
    /// They are counted and dropped.
    #[default]
    Ignore,
    /// The link is closed with status 1003.
    Close,
}

impl ConnectionConfig {
    /// For a station: strict, texts of up to 64 KiB.
    pub const fn station() -> Self {
        Self {
            policy: DecodePolicy::Enforce,
            refused_repairs: &[],
            mend: None,
            on_violation: OnViolation::Answer,
            on_unreadable: OnUnreadable::ByVersion,
            on_binary: OnBinary::Ignore,
            call_timeout: Duration::from_secs(30),
            handler_timeout: Duration::from_secs(25),
            timeouts_until_close: 2,
            max_unanswered: 16,
            max_queued: 64,
            max_events: 64,
            max_received_bytes: limits::STATION_BYTES,
            max_sent_bytes: limits::CSMS_BYTES,
            max_unsent_bytes: 2 * limits::CSMS_BYTES,
            kept_answers: 8,
            kept_answer_bytes: 16 * 1024,
            idle_after: Duration::from_secs(60),
        }
    }

    /// For a CSMS: repairs what it can, texts of up to 1 MiB.
    pub const fn csms() -> Self {
        Self { policy: DecodePolicy::Repair, max_received_bytes: limits::CSMS_BYTES, ..Self::station() }
    }
}
