//! Reading the answer to a BootNotification, whatever it looks like.

use alloc::borrow::Cow;
use alloc::string::ToString;
use core::time::Duration;

use ocpp_types::{Decimal, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

/// What a longer wait is cut to, some 136 years in seconds.
const LONGEST: i128 = u32::MAX as i128;

/// The answer to a BootNotification, of any version.
///
/// It is read with more patience than any other message, because a gate that stays shut over a detail costs a whole
/// station: only the status must be there. A time without offset is read as UTC, an interval may be written `300.0` or
/// `"300"`, and what cannot be read counts as absent.
///
/// ```
/// use ocpp_client::{BootAnswer, BootStatus};
///
/// let odd = r#"{"status":"Accepted","currentTime":"2026-03-01T10:15:30","interval":300.0}"#;
/// let answer = BootAnswer::read(odd).unwrap();
/// assert_eq!((answer.status, answer.interval.as_secs()), (BootStatus::Accepted, 300));
/// assert_eq!(answer.current_time.unwrap().to_string(), "2026-03-01T10:15:30Z");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BootAnswer {
    /// Whether the station is accepted.
    pub status: BootStatus,
    /// Clock of the CSMS.
    pub current_time: Option<Timestamp>,
    /// Interval of heartbeats, or least wait before the next BootNotification; zero if absent, negative or unreadable.
    pub interval: Duration,
}

/// The status in the answer to a BootNotification.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BootStatus {
    /// The station is accepted.
    Accepted,
    /// It shall wait for its set-up and ask again.
    Pending,
    /// It is not accepted and shall ask again later.
    Rejected,
}

impl BootAnswer {
    /// Reads the payload of the answer; `None` if it is no object with a known status.
    pub fn read(json: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Loose<'a> {
            #[serde(borrow)]
            status: Cow<'a, str>,
            #[serde(borrow, default, rename = "currentTime")]
            current_time: Option<&'a RawValue>,
            #[serde(borrow, default)]
            interval: Option<&'a RawValue>,
        }

        let loose: Loose<'_> = serde_json::from_str(json).ok()?;
        let named = |name: &str| loose.status.trim().eq_ignore_ascii_case(name);
        let status = match () {
            () if named("Accepted") => BootStatus::Accepted,
            () if named("Pending") => BootStatus::Pending,
            () if named("Rejected") => BootStatus::Rejected,
            () => return None,
        };
        Some(Self {
            status,
            current_time: loose.current_time.and_then(|raw| time(raw.get())),
            interval: loose.interval.map_or(Duration::ZERO, |raw| seconds(raw.get())),
        })
    }
}

/// The time in the answer to a Heartbeat, read with the same patience.
pub(crate) fn current_time(json: &str) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Loose<'a> {
        #[serde(borrow, rename = "currentTime")]
        current_time: &'a RawValue,
    }

    let loose: Loose<'_> = serde_json::from_str(json).ok()?;
    time(loose.current_time.get())
}

fn time(json: &str) -> Option<Timestamp> {
    let text: Cow<'_, str> = serde_json::from_str(json).ok()?;
    text.trim().parse().ok()
}

/// A number of seconds in any form, cut to whole ones; zero if it is negative or no number.
fn seconds(json: &str) -> Duration {
    let text = json.trim().trim_matches('"').trim();
    let digits = text.parse::<Decimal>().map(|decimal| decimal.to_string()).unwrap_or_default();
    let whole = digits.split_once('.').map_or(&*digits, |(whole, _)| whole);
    let seconds = whole.parse::<i128>().unwrap_or(0).clamp(0, LONGEST);
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}
