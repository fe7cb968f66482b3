//! Local time at the charging location, resolved to offsets before pricing.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// Local time at the charging location, as offsets from UTC (R18, R22).
///
/// The core knows no time zones: a fixed offset, or segments resolved beforehand, say all that pricing needs. With feature
/// `tz`, `LocalTime::of` takes them from the IANA database.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LocalTime {
    /// Not known, which only matters to tariffs that look at the clock or the calendar (R18).
    #[default]
    Unknown,
    /// So many seconds ahead of UTC, all the time.
    Fixed(i32),
    /// Offsets that change, in order of time.
    Segments(Vec<Segment>),
}

/// An offset from UTC from an instant on.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Segment {
    /// The first second it is valid, since 1970; the first segment also counts before it.
    pub from: i64,
    /// Seconds ahead of UTC.
    pub offset: i32,
}

impl LocalTime {
    /// UTC.
    pub const UTC: Self = Self::Fixed(0);

    /// Segments in order of time.
    ///
    /// # Errors
    /// When there are none, they are not in order or an offset is a day or more.
    pub fn segments(segments: Vec<Segment>) -> Result<Self, ZoneError> {
        let ordered = segments.windows(2).all(|pair| pair[0].from < pair[1].from);
        let plausible = segments.iter().all(|segment| segment.offset.abs() < 86_400);
        if segments.is_empty() || !ordered || !plausible { Err(ZoneError) } else { Ok(Self::Segments(segments)) }
    }

    /// The offsets of a zone from one instant to another, the weeks around included.
    #[cfg(feature = "tz")]
    #[must_use]
    pub fn of(zone: chrono_tz::Tz, from: chrono::DateTime<chrono::Utc>, to: chrono::DateTime<chrono::Utc>) -> Self {
        use chrono::{Offset, TimeZone};

        let at = |second: i64| {
            let instant = chrono::DateTime::from_timestamp(second, 0).unwrap_or_default();
            zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc()
        };
        // no zone changes its clock twice within half a day, and no tariff looks further than two days around a session
        let (first, last) = (from.timestamp() - 2 * 86_400, to.timestamp().max(from.timestamp()) + 2 * 86_400);
        let mut segments = Vec::from([Segment { from: first, offset: at(first) }]);
        let (mut known, mut offset) = (first, segments[0].offset);
        while known < last {
            let next = known + 43_200;
            let next_offset = at(next);
            if next_offset != offset {
                let (mut before, mut after) = (known, next);
                while after - before > 1 {
                    let middle = before + (after - before) / 2;
                    if at(middle) == offset { before = middle } else { after = middle }
                }
                segments.push(Segment { from: after, offset: next_offset });
                offset = next_offset;
            }
            known = next;
        }
        if segments.len() == 1 { Self::Fixed(offset) } else { Self::Segments(segments) }
    }

    /// Whether local time is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown)
    }

    /// The offset at a second since 1970, and the second from which another one counts.
    pub(crate) fn at(&self, second: i64) -> (i32, Option<i64>) {
        match self {
            Self::Unknown => (0, None),
            Self::Fixed(offset) => (*offset, None),
            Self::Segments(segments) => {
                let next = segments.partition_point(|segment| segment.from <= second).max(1);
                let offset = segments.get(next - 1).map_or(0, |segment| segment.offset);
                (offset, segments.get(next).map(|segment| segment.from))
            }
        }
    }

    /// Whether offsets are in order and of a plausible size, which data from outside need not be.
    pub(crate) fn is_valid(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::Fixed(offset) => offset.abs() < 86_400,
            Self::Segments(segments) => {
                !segments.is_empty()
                    && segments.windows(2).all(|pair| pair[0].from < pair[1].from)
                    && segments.iter().all(|segment| segment.offset.abs() < 86_400)
            }
        }
    }
}

/// Offsets are missing, out of order or a day or more.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("offsets are missing, out of order or a day or more")]
pub struct ZoneError;
