//! Captures: what stations and a CSMS said to each other, one JSON object per line.

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use ocpp_types::Version;
use serde::{Deserialize, Serialize};

use crate::secrets::mask;

/// A line of a capture.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Record {
    /// When, in UTC.
    pub(crate) time: DateTime<Utc>,
    /// On the connection of which station.
    pub(crate) station: String,
    #[serde(flatten)]
    pub(crate) what: What,
}

/// What happened.
#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum What {
    /// The connection is open.
    Connected {
        /// The version it has agreed on.
        #[serde(with = "version")]
        version: Version,
    },
    /// A text message.
    Text {
        /// Who has sent it.
        direction: Direction,
        /// The text, without its secrets.
        text: String,
    },
    /// The connection is gone.
    Disconnected,
}

/// Who has sent a text.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    FromStation,
    FromCsms,
}

impl Record {
    /// A text as it may be shown.
    pub(crate) fn text(time: DateTime<Utc>, station: &str, direction: Direction, text: &str) -> Self {
        let text = mask(text).into_owned();
        Self { time, station: station.to_owned(), what: What::Text { direction, text } }
    }

    /// Writes the line.
    pub(crate) fn write(&self, mut out: impl Write) -> io::Result<()> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        out.write_all(&line)
    }
}

/// A version as people write it.
mod version {
    use ocpp_types::Version;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(version: &Version, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(version.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Version, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom("no version of OCPP"))
    }
}
