//! Charging profiles: the limit at a moment (rules CHP-07, CHP-08, X-CHP-02, X-CHP-03).

use rust_decimal::Decimal;

use crate::DateTime;

macro_rules! charging_profiles {
    ($version:ident) => {
        impl crate::$version::ChargingProfile {
            /// The limit at a moment, in the unit of the profile; `None` means no limit.
            ///
            /// A profile without a start counts from the start of charging. Each period holds until the next one; after
            /// `duration` there is no limit, and without a duration the last period goes on.
            pub fn limit_at(&self, at: DateTime, charging_started: DateTime) -> Option<Decimal> {
                let elapsed = at.seconds_since(self.start_date_time.unwrap_or(charging_started));
                if elapsed < 0 || self.duration.is_some_and(|duration| elapsed >= duration.get()) {
                    return None;
                }
                let begun = self.charging_profile_period.iter().filter(|period| period.start_period.get() <= elapsed);
                begun.max_by_key(|period| period.start_period.get()).map(|period| period.limit.value())
            }
        }

        impl crate::$version::ActiveChargingProfile {
            /// The limit at a moment; all offsets count from the start of this object.
            pub fn limit_at(&self, at: DateTime) -> Option<Decimal> {
                let profile =
                    crate::$version::ChargingProfile { start_date_time: None, ..self.charging_profile.clone() };
                profile.limit_at(at, self.start_date_time)
            }
        }
    };
}

charging_profiles!(v221);
charging_profiles!(v230);
