//! Sessions: which status may follow, and what to answer to preferences of drivers (rules SES-01, SES-02 and SES-10).

/// What a change of the status of a session is. Receivers report what is not legal, and take it all the same.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Transition {
    /// Foreseen, or no change.
    Legal,
    /// Not foreseen.
    Illegal,
    /// The session was final already (rule SES-02).
    AfterFinal,
}

macro_rules! sessions {
    ($version:ident $(, $reservation:ident)?) => {
        impl crate::$version::SessionStatus {
            /// Whether nothing follows: completed or invalid.
            pub const fn is_final(&self) -> bool {
                matches!(self, Self::Completed | Self::Invalid)
            }

            /// What a change to another status is (rule SES-01).
            pub fn transition(&self, to: &Self) -> Transition {
                match (self, to) {
                    _ if self == to => Transition::Legal,
                    _ if self.is_final() => Transition::AfterFinal,
                    (Self::Pending, Self::Active | Self::Invalid | Self::Completed) => Transition::Legal,
                    (Self::Active, Self::Completed | Self::Invalid) => Transition::Legal,
                    $(
                        (Self::$reservation, Self::Active | Self::Completed | Self::Pending | Self::Invalid) => {
                            Transition::Legal
                        }
                    )?
                    _ => Transition::Illegal,
                }
            }
        }
    };
}

sessions!(v211);
sessions!(v221, Reservation);
sessions!(v230, Reservation);

macro_rules! session_start {
    ($version:ident) => {
        impl crate::$version::Session {
            /// Makes a pending session active: its start moves to the moment of activation (rule X-SES-01).
            pub fn activate(&mut self, now: crate::DateTime) {
                self.status = crate::$version::SessionStatus::Active;
                self.start_date_time = now;
                self.last_updated = self.last_updated.max(now);
            }
        }
    };
}

session_start!(v221);
session_start!(v230);

/// The answer to preferences of a driver, as its text, and whether it comes with 404 and 2001 because the EVSE cannot take
/// preferences at all: then there is none (rules ENV-18 and SES-10).
///
/// `departure_needed` and `energy_needed` tell what the profile needs and the driver left out.
pub const fn decide_preferences(
    capable: bool,
    profile_supported: bool,
    departure_needed: bool,
    energy_needed: bool,
    feasible: bool,
) -> Result<&'static str, crate::Verdict> {
    match (profile_supported, departure_needed, energy_needed, feasible) {
        _ if !capable => Err(crate::Verdict::NotPreferencesCapable),
        (false, ..) => Ok("PROFILE_TYPE_NOT_SUPPORTED"),
        (_, true, ..) => Ok("DEPARTURE_REQUIRED"),
        (_, _, true, _) => Ok("ENERGY_NEED_REQUIRED"),
        (.., false) => Ok("NOT_POSSIBLE"),
        _ => Ok("ACCEPTED"),
    }
}
