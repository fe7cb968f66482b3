//! What one outlet is doing.

use alloc::string::String;

use ocpp_rpc::Instant;
use ocpp_types::{Version, v16};

use super::transactions::Transaction;

/// An outlet.
#[derive(Clone, Debug)]
pub(super) struct Outlet {
    pub(super) id: i64,
    pub(super) is_plugged: bool,
    /// Whether the car there has had its transaction.
    pub(super) is_finished: bool,
    pub(super) is_operative: bool,
    /// What is broken, in the words of 1.6.
    pub(super) fault: Option<v16::ChargePointErrorCode>,
    /// Whether the car takes no energy for now.
    pub(super) is_paused: bool,
    /// By how many phases the car charges, if that is known.
    pub(super) phases: Option<u8>,
    /// Whether it goes out of service when its transaction ends (rule AV-02).
    pub(super) closes: bool,
    /// Energy that ever went through, in Wh.
    pub(super) register: i64,
    /// A permission that waits for a car.
    pub(super) grant: Option<Grant>,
    pub(super) transaction: Option<Transaction>,
    /// What the CSMS has been told, in the words of its version.
    pub(super) reported: Option<&'static str>,
    /// What it is to be told, and since when that holds (rule ST-02).
    pub(super) pending: Option<(&'static str, Instant)>,
}

/// A permission to charge.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) token: String,
    /// Parent or group of the token.
    pub(super) group: Option<String>,
    /// Whether the CSMS started it, and with which id in 2.x.
    pub(super) remote: Option<Option<i64>>,
    pub(super) until: Instant,
}

impl Outlet {
    pub(super) fn new(id: i64) -> Self {
        Self {
            id,
            is_plugged: false,
            is_finished: false,
            is_operative: true,
            fault: None,
            is_paused: false,
            phases: None,
            closes: false,
            register: 0,
            grant: None,
            transaction: None,
            reported: None,
            pending: None,
        }
    }

    pub(super) fn status(&self) -> OutletStatus {
        match &self.transaction {
            _ if self.fault.is_some() => OutletStatus::Faulted,
            // what the station does comes before what the car does (rule ST-03)
            Some(transaction) if !transaction.is_authorized => OutletStatus::Finishing,
            Some(transaction) if transaction.is_held() => OutletStatus::Suspended,
            Some(_) if self.is_paused => OutletStatus::Paused,
            Some(_) => OutletStatus::Charging,
            None if !self.is_operative => OutletStatus::Unavailable,
            None if self.is_plugged && self.is_finished => OutletStatus::Finishing,
            None if self.is_plugged || self.grant.is_some() => OutletStatus::Preparing,
            None => OutletStatus::Available,
        }
    }

    /// Whether energy flows.
    pub(super) fn is_charging(&self) -> bool {
        self.status() == OutletStatus::Charging
    }

    /// The status in the words of a version; 2.x asks only whether a car is there (rule ST-05).
    pub(super) fn word(&self, version: Version) -> &'static str {
        match self.status() {
            OutletStatus::Unavailable => "Unavailable",
            OutletStatus::Faulted => "Faulted",
            _ if version != Version::V16 => {
                if self.is_plugged {
                    "Occupied"
                } else {
                    "Available"
                }
            }
            OutletStatus::Available => "Available",
            OutletStatus::Preparing => "Preparing",
            OutletStatus::Charging => "Charging",
            OutletStatus::Suspended => "SuspendedEVSE",
            OutletStatus::Paused => "SuspendedEV",
            OutletStatus::Finishing => "Finishing",
        }
    }
}

/// What an outlet is doing, in the words of 1.6.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum OutletStatus {
    /// Nobody is there.
    Available,
    /// A car or a permission is there, the other is missing.
    Preparing,
    /// Energy flows.
    Charging,
    /// The transaction goes on without energy, because the CSMS does not accept the token, or it is at a limit.
    Suspended,
    /// The transaction goes on without energy, because the car takes none.
    Paused,
    /// The transaction has ended, or the permission for it, and the car is still plugged in.
    Finishing,
    /// Out of service.
    Unavailable,
    /// Broken.
    Faulted,
}

/// The status that 1.6 wants to see between two others, where it knows no direct way (rule ST-01).
pub(super) fn between(from: Option<&str>, to: &str) -> Option<&'static str> {
    match (from?, to) {
        ("Finishing", "Charging" | "SuspendedEV" | "SuspendedEVSE") => Some("Preparing"),
        ("Preparing", "Unavailable") => Some("Available"),
        _ => None,
    }
}
