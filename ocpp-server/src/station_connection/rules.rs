//! How a CSMS deals with stations.

use std::sync::Arc;
use std::time::Duration;

use ocpp_rpc::ConnectionConfig;

use crate::preflight::Preflight;

/// How a CSMS deals with stations that are not registered yet, and with commands. Shared by all connections that are alike.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StationRules {
    /// How strict, how patient and how large the connection itself is.
    pub connection: Arc<ConnectionConfig>,
    /// Until when calls to a station are held back.
    pub hold_calls: HoldCalls,
    /// How long after its registration a station counts as settled, where calls are not held back for that.
    pub settle_delay: Duration,
    /// What a station may send before it is accepted.
    pub early_messages: EarlyMessages,
    /// How long a station that was told to wait may send what it was asked for.
    pub asked_for_expiry: Duration,
    /// How many commands may wait (rule CS-20).
    pub max_commands: usize,
    /// How much time a command has that names none (rule CS-21).
    pub command_deadline: Duration,
    /// The heartbeat interval of stations whose registration was not seen.
    pub default_heartbeat: Duration,
    /// How often the link is pinged; none if it is not.
    pub ping_interval: Option<Duration>,
    /// Whether commands that the station has to refuse are sent (rule CS-29).
    pub preflight: Preflight,
    /// Whether stations that are known to need special treatment get it, once they have said what they are.
    pub known_stations: KnownStations,
}

impl Default for StationRules {
    fn default() -> Self {
        Self {
            connection: Arc::new(ConnectionConfig::csms()),
            hold_calls: HoldCalls::UntilSettled(Duration::from_secs(2)),
            settle_delay: Duration::from_secs(2),
            early_messages: EarlyMessages::Refuse,
            asked_for_expiry: Duration::from_secs(300),
            max_commands: 64,
            command_deadline: Duration::from_secs(120),
            default_heartbeat: Duration::from_secs(300),
            ping_interval: Some(Duration::from_secs(120)),
            preflight: Preflight::Check,
            known_stations: KnownStations::Treat,
        }
    }
}

/// Until when calls to a station are held back (field need 13: some stations boot again when they are called too early).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum HoldCalls {
    /// Until it is accepted, or has come back, and this time has passed.
    UntilSettled(Duration),
    /// Until it is accepted.
    UntilAccepted,
    /// Not at all, not even from stations that were turned away.
    Never,
}

/// Whether stations that are known to need special treatment get it (field needs 19, 28, 29).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum KnownStations {
    /// They do, by the table [`KNOWN_STATIONS`](ocpp_rpc::KNOWN_STATIONS).
    #[default]
    Treat,
    /// All stations are treated alike, but those with [quirks of their own](super::StationConnection::set_quirks).
    TreatAlike,
}

/// What a station may send before it is accepted (rule CS-11).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum EarlyMessages {
    /// Its BootNotification, and what it was asked for.
    #[default]
    Refuse,
    /// StatusNotification and Heartbeat, too, which some stations do not hold back.
    TolerateStatus,
    /// Everything, as before 1.6.
    TolerateAll,
}
