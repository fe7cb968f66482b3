//! When a price applies.

use alloc::string::String;

use chrono::{NaiveDate, NaiveTime, Weekday};
use rust_decimal::Decimal;
use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::literal;

/// When a price applies: all that is given has to hold (R16); nothing given always holds.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conditions {
    /// From this local time of day on (R19).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<NaiveTime>,
    /// Before this local time of day; 00:00 is the end of the day, earlier than the start goes over midnight (R19).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<NaiveTime>,
    /// From this local date on (R20).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<NaiveDate>,
    /// Before this local date (R20).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<NaiveDate>,
    /// On these weekdays; none means all (R2, R21).
    #[serde(skip_serializing_if = "Weekdays::is_empty")]
    pub day_of_week: Weekdays,
    /// From this energy of the session on, in kWh (R23).
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub min_kwh: Option<Decimal>,
    /// Before this energy of the session, in kWh (R23).
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub max_kwh: Option<Decimal>,
    /// From this current on, in A (R25).
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub min_current: Option<Decimal>,
    /// Below this current, in A (R25).
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub max_current: Option<Decimal>,
    /// From this power on, in kW (R25).
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub min_power: Option<Decimal>,
    /// Below this power, in kW (R25).
    #[serde(with = "literal::optional_decimal", skip_serializing_if = "Option::is_none")]
    pub max_power: Option<Decimal>,
    /// From this duration of the session on, in seconds (R24).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_duration: Option<u64>,
    /// Before this duration of the session, in seconds (R24).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_duration: Option<u64>,
    /// From this charging time on, in seconds (R60).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_charging_time: Option<u64>,
    /// Before this charging time, in seconds (R60).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_charging_time: Option<u64>,
    /// From this idle time on, in seconds (R60).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_idle_time: Option<u64>,
    /// Before this idle time, in seconds (R60).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_idle_time: Option<u64>,
    /// On an EVSE of this kind (R83).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evse_kind: Option<EvseKind>,
    /// Paid with this brand of card (R62).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_brand: Option<String>,
    /// Paid with a means recognised as this (R62).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_recognition: Option<String>,
}

impl Conditions {
    /// Whether nothing is given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether local time matters (R18).
    #[must_use]
    pub fn needs_local_time(&self) -> bool {
        self.start_time.is_some()
            || self.end_time.is_some()
            || self.start_date.is_some()
            || self.end_date.is_some()
            || !self.day_of_week.is_empty()
    }
}

/// Alternating or direct current at an EVSE.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum EvseKind {
    /// Alternating current.
    Ac,
    /// Direct current.
    Dc,
}

/// A set of weekdays.
#[derive(Clone, Copy, Default, Eq, Hash, PartialEq)]
pub struct Weekdays(u8);

impl Weekdays {
    /// No day.
    pub const NONE: Self = Self(0);
    /// Monday to Friday.
    pub const WORKING: Self = Self(0b001_1111);
    /// Saturday and Sunday.
    pub const WEEKEND: Self = Self(0b110_0000);
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);

    /// The set with one more day.
    #[must_use]
    pub const fn with(self, day: Weekday) -> Self {
        Self(self.0 | 1 << day.num_days_from_monday())
    }

    /// Whether a day belongs to the set.
    #[must_use]
    pub const fn contains(self, day: Weekday) -> bool {
        self.0 >> day.num_days_from_monday() & 1 == 1
    }

    /// Whether the set is empty, which as a condition restricts nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// The days, Monday first.
    pub fn days(self) -> impl Iterator<Item = Weekday> {
        WEEK.into_iter().filter(move |&day| self.contains(day))
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        days.into_iter().fold(Self::NONE, Self::with)
    }
}

impl core::fmt::Debug for Weekdays {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_set().entries(self.days()).finish()
    }
}

impl Serialize for Weekdays {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut list = to.serialize_seq(None)?;
        for day in self.days() {
            list.serialize_element(NAMES[day.num_days_from_monday() as usize])?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Weekdays {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Days;

        impl<'de> Visitor<'de> for Days {
            type Value = Weekdays;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("a list of weekdays in upper case")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Weekdays, A::Error> {
                let mut days = Weekdays::NONE;
                while let Some(Day(day)) = list.next_element()? {
                    days = days.with(day);
                }
                Ok(days)
            }
        }

        from.deserialize_seq(Days)
    }
}

struct Day(Weekday);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        NAMES
            .iter()
            .zip(WEEK)
            .find(|(known, _)| **known == name)
            .map(|(_, day)| Self(day))
            .ok_or_else(|| serde::de::Error::unknown_variant(&name, &NAMES))
    }
}

const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

const NAMES: [&str; 7] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];
