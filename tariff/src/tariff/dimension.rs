//! What a price is multiplied by.

use serde::{Deserialize, Serialize};

/// What a price is multiplied by (R29).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Dimension {
    /// Energy, in kWh.
    Energy,
    /// Charging time, in hours; reserved time in elements for reservations and bookings.
    Time,
    /// Time connected without charging, in hours (idle time of OCPP).
    ParkingTime,
    /// A fee, once.
    Flat,
}

impl Dimension {
    /// All dimensions, in the order in which a bill lists them.
    pub const ALL: [Self; 4] = [Self::Energy, Self::Time, Self::ParkingTime, Self::Flat];

    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}
