//! What a station is and how it behaves.

use alloc::string::String;
use core::time::Duration;

use ocpp_rpc::ConnectionConfig;
use ocpp_types::{EncodeError, Version, encode, v16, v21, v201};

use crate::OutboxConfig;

/// What a station is and how it behaves towards its CSMS. Stations that are alike share one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StationConfig {
    /// The version the station is made for. Messages that are made before the first connection are of this version.
    pub version: Version,
    /// What the BootNotification says.
    pub info: StationInfo,
    /// Limits and deadlines of the connection.
    pub connection: ConnectionConfig,
    /// Attempts, intervals and capacity of the outbox.
    pub outbox: OutboxConfig,
    /// Interval of heartbeats until the CSMS has named one.
    pub heartbeat_interval: Duration,
    /// After being offline for longer than this, a 2.x station reports the status of all connectors: `OfflineThreshold`
    /// (rule Q-11).
    pub offline_threshold: Duration,
    /// Whether transactions may begin before the first Accepted after a boot (`TxBeforeAcceptedEnabled`); their messages
    /// wait in the outbox (rule BOOT-09).
    pub transactions_before_accepted: bool,
    /// Whether [`call_or_queue`](crate::Station::call_or_queue) keeps what is called offline: `QueueAllMessages` (rule
    ///
    pub queue_all_messages: bool,
    /// Whether the clock follows the CSMS: in 2.x, whether `TimeSource` has `Heartbeat` (rule BOOT-08).
    pub clock_from_csms: bool,
    /// Whether the station reports boots and large steps of its clock as security events. 1.6 knows them only with the
    /// security extension, hence not by default there.
    pub security_events: bool,
}

impl StationConfig {
    /// A station with the defaults of its version.
    pub fn new(version: Version, info: StationInfo) -> Self {
        Self {
            version,
            info,
            connection: ConnectionConfig::station(),
            outbox: OutboxConfig::default(),
            heartbeat_interval: Duration::from_secs(300),
            offline_threshold: Duration::from_secs(60),
            transactions_before_accepted: false,
            queue_all_messages: false,
            clock_from_csms: true,
            security_events: version != Version::V16,
        }
    }
}

/// What a station says of itself in its BootNotification, in any version.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct StationInfo {
    /// Maker of the station; 20 characters in 1.6, 50 in 2.x.
    pub vendor: String,
    /// Model of the station; 20 characters.
    pub model: String,
    /// Serial number of the station; 25 characters.
    pub serial_number: Option<String>,
    /// Version of the firmware; 50 characters.
    pub firmware_version: Option<String>,
    /// ICCID of the SIM card; 20 characters.
    pub iccid: Option<String>,
    /// IMSI of the SIM card; 20 characters.
    pub imsi: Option<String>,
    /// Type of the main meter; 1.6 only, 25 characters.
    pub meter_type: Option<String>,
    /// Serial number of the main meter; 1.6 only, 25 characters.
    pub meter_serial_number: Option<String>,
}

impl StationInfo {
    /// A station of this maker and model.
    pub fn new(vendor: impl Into<String>, model: impl Into<String>) -> Self {
        Self { vendor: vendor.into(), model: model.into(), ..Self::default() }
    }

    /// The payload of the BootNotification.
    ///
    /// # Errors
    /// When a text is too long for this version.
    pub fn boot_notification(&self, version: Version, reason: &v201::BootReason) -> Result<String, EncodeError> {
        macro_rules! boot_2 {
            ($version:ident) => {{
                let mut station = $version::ChargingStation::new(self.model.as_str(), self.vendor.as_str());
                station.serial_number = self.serial_number.as_deref().map(Into::into);
                station.firmware_version = self.firmware_version.as_deref().map(Into::into);
                if self.iccid.is_some() || self.imsi.is_some() {
                    let mut modem = $version::Modem::new();
                    modem.iccid = self.iccid.as_deref().map(Into::into);
                    modem.imsi = self.imsi.as_deref().map(Into::into);
                    station.modem = Some(modem);
                }
                let reason = $version::BootReason::from(reason.as_str());
                encode(&$version::BootNotificationRequest::new(station, reason))
            }};
        }
        match version {
            Version::V16 => {
                let mut request = v16::BootNotificationRequest::new(self.vendor.as_str(), self.model.as_str());
                request.charge_point_serial_number = self.serial_number.as_deref().map(Into::into);
                request.firmware_version = self.firmware_version.as_deref().map(Into::into);
                request.iccid = self.iccid.as_deref().map(Into::into);
                request.imsi = self.imsi.as_deref().map(Into::into);
                request.meter_type = self.meter_type.as_deref().map(Into::into);
                request.meter_serial_number = self.meter_serial_number.as_deref().map(Into::into);
                encode(&request)
            }
            Version::V201 => boot_2!(v201),
            _ => boot_2!(v21),
        }
    }
}

/// A start of the station.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Boot {
    /// Seed of message ids and of jitter. It has to be random and fresh for every boot of every station, since message ids
    /// must never repeat (rule RPC-06).
    pub seed: u128,
    /// Why the station starts; 2.x tells the CSMS (rule BOOT-01).
    pub reason: v201::BootReason,
}

impl Boot {
    /// A start because the power came on.
    pub fn new(seed: u128) -> Self {
        Self { seed, reason: v201::BootReason::PowerUp }
    }

    /// A start because the power came on, with a seed from the system.
    #[cfg(feature = "std")]
    pub fn random() -> Self {
        use std::hash::{BuildHasher, RandomState};
        // the keys of a hasher come from the system and are different each time
        let half = || u128::from(RandomState::new().hash_one(std::process::id()));
        Self::new(half() << 64 | half())
    }

    /// The same for another reason.
    pub fn because(self, reason: v201::BootReason) -> Self {
        Self { reason, ..self }
    }
}
