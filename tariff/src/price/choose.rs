//! Which tariff prices a period (R9 to R12).

use alloc::string::{String, ToString};

use chrono::{DateTime, TimeDelta, Utc};

use crate::compile::Compiled;
use crate::currency::Currency;
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{CurrencyMismatch, Policy, TariffEnd, TariffSwitch, TariffTie, UnnamedPeriod};
use crate::tariff::{Tariff, TariffKind};
use crate::usage::{CheckedPeriod, NO_TARIFF, Usage};

/// Tariffs and usage do not belong together, so there is no result.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A period names a tariff that was not supplied (R9).
    #[error("period {period} names tariff {id:?}, which was not supplied")]
    UnknownTariff {
        /// The place of the period in the record.
        period: usize,
        /// What it names.
        id: String,
    },
    /// No tariff is valid at the start of the session (R10).
    #[error("no tariff is valid at the start of the session, {at}")]
    NoActiveTariff {
        /// The start of the session.
        at: DateTime<Utc>,
    },
    /// Record and tariffs name different currencies (R12).
    #[error("the record is in {record}, tariff {tariff:?} in {currency}")]
    CurrencyMismatch {
        /// The currency of the record, or of the first tariff if the record states none.
        record: Currency,
        /// The tariff that differs.
        tariff: String,
        /// Its currency.
        currency: Currency,
    },
    /// A tariff depends on local time and the usage knows none (R18).
    #[error("tariff {tariff:?} depends on local time and no time zone is known")]
    TimeZoneRequired {
        /// The tariff.
        tariff: String,
    },
}

impl From<&Refusal> for Diagnostic {
    /// The diagnostic of a refusal, with a pointer into the [`Record`](crate::Record).
    fn from(refusal: &Refusal) -> Self {
        let (code, pointer) = match refusal {
            Refusal::UnknownTariff { period, .. } => (Code::UnknownTariff, alloc::format!("/periods/{period}/tariff")),
            Refusal::NoActiveTariff { .. } => (Code::NoActiveTariff, "/start".to_string()),
            Refusal::CurrencyMismatch { .. } => (Code::CurrencyMismatch, "/currency".to_string()),
            Refusal::TimeZoneRequired { .. } => (Code::TimeZoneRequired, "/zone".to_string()),
        };
        Self::new(code, pointer).with_detail(refusal.to_string())
    }
}

/// The tariffs of the periods of a usage.
pub(super) struct Choice<'a> {
    compiled: &'a Compiled,
    usage: &'a Usage,
    unnamed: UnnamedPeriod,
    /// Whether any period names a tariff.
    names_any: bool,
    /// The tariffs of the first ids, so that they are not looked up for every period; [`NO_TARIFF`] where none was supplied.
    known: [u16; 4],
    session: Option<u16>,
    /// Whether the tariff of the session had just ended.
    pub(super) is_bridged: bool,
    pub(super) switches: bool,
}

impl<'a> Choice<'a> {
    pub(super) fn new(compiled: &'a Compiled, usage: &'a Usage, policy: &Policy) -> Result<Self, Refusal> {
        let names_any = !usage.tariff_ids.is_empty() && usage.periods.iter().any(|period| period.tariff != NO_TARIFF);
        let mut choice = Self {
            compiled,
            usage,
            unnamed: policy.tariff.unnamed_period,
            names_any,
            known: [NO_TARIFF; 4],
            session: None,
            is_bridged: false,
            switches: false,
        };
        if names_any {
            for (known, id) in choice.known.iter_mut().zip(&usage.tariff_ids) {
                *known = supplied(&compiled.tariffs, id).unwrap_or(NO_TARIFF);
            }
            for period in &usage.periods {
                if period.tariff != NO_TARIFF && choice.named(period.tariff).is_none() {
                    let id = usage.tariff_ids[usize::from(period.tariff)].clone();
                    return Err(Refusal::UnknownTariff { period: period.index as usize, id });
                }
            }
        }
        let selects = match choice.unnamed {
            UnnamedPeriod::AsAbove => !names_any,
            UnnamedPeriod::SelectAlways => true,
            UnnamedPeriod::FreeAlways => false,
        };
        if selects {
            let found = match compiled.tariffs.as_slice() {
                // most often there is nothing to choose from
                [only] if only.valid_from.is_none() && only.valid_until.is_none() => Some((0, false)),
                tariffs => select(tariffs, usage.start(), usage.preference, policy),
            };
            match found {
                Some((tariff, is_bridged)) => (choice.session, choice.is_bridged) = (Some(tariff), is_bridged),
                None if !names_any => return Err(Refusal::NoActiveTariff { at: usage.start() }),
                None => {}
            }
            choice.switches = policy.tariff.switch == TariffSwitch::AtValidityEdge && compiled.tariffs.len() > 1;
        }
        choice.check(policy)?;
        Ok(choice)
    }

    /// Currencies and time zone of the tariffs in use.
    fn check(&self, policy: &Policy) -> Result<(), Refusal> {
        if let Some(tariff) = self.session {
            self.check_one(tariff, policy)?;
        }
        if self.names_any || self.switches {
            let mut last = self.session;
            for period in &self.usage.periods {
                let tariff = self.of(period);
                if tariff != last
                    && let Some(tariff) = tariff
                {
                    self.check_one(tariff, policy)?;
                }
                last = tariff;
            }
        }
        if self.switches {
            for (tariff, _) in (0_u16..).zip(&self.compiled.tariffs) {
                self.check_one(tariff, policy)?;
            }
        }
        Ok(())
    }

    fn check_one(&self, place: u16, policy: &Policy) -> Result<(), Refusal> {
        let tariff = &self.compiled.tariffs[usize::from(place)];
        let record = self.usage.currency.unwrap_or(self.compiled.currency);
        if tariff.currency != record && policy.currency.mismatch == CurrencyMismatch::Reject {
            let tariff_id = tariff.id.clone();
            return Err(Refusal::CurrencyMismatch { record, tariff: tariff_id, currency: tariff.currency });
        }
        if self.compiled.ready[usize::from(place)].needs.local_time && !self.usage.zone.is_known() {
            return Err(Refusal::TimeZoneRequired { tariff: tariff.id.clone() });
        }
        Ok(())
    }

    /// The tariff of a period.
    #[inline]
    pub(super) fn of(&self, period: &CheckedPeriod) -> Option<u16> {
        if period.tariff != NO_TARIFF { self.named(period.tariff) } else { self.session }
    }

    /// The tariff that is valid at an instant, when tariffs are chosen anew (R11).
    pub(super) fn switched(&self, at: i64, current: u16, policy: &Policy) -> u16 {
        let instant = self.usage.instant(at);
        select(&self.compiled.tariffs, instant, self.usage.preference, policy).map_or(current, |(tariff, _)| tariff)
    }

    /// The next edge of a validity after so many nanoseconds since the start of the session.
    pub(super) fn next_edge(&self, after: i64) -> Option<i64> {
        let start = self.usage.start();
        self.compiled
            .tariffs
            .iter()
            .flat_map(|tariff| [tariff.valid_from, tariff.valid_until])
            .flatten()
            .filter_map(|edge| edge.signed_duration_since(start).num_nanoseconds())
            .filter(|&edge| edge > after)
            .min()
    }

    #[inline]
    fn named(&self, id: u16) -> Option<u16> {
        match self.known.get(usize::from(id)) {
            Some(&known) => (known != NO_TARIFF).then_some(known),
            None => supplied(&self.compiled.tariffs, self.usage.tariff_ids.get(usize::from(id))?),
        }
    }
}

/// The place of a tariff by its id (R9).
fn supplied(tariffs: &[Tariff], id: &str) -> Option<u16> {
    let place = tariffs.iter().position(|tariff| tariff.id.eq_ignore_ascii_case(id))?;
    u16::try_from(place).ok()
}

/// The tariff for a session that starts at an instant, and whether it had just ended (R10).
fn select(
    tariffs: &[Tariff],
    at: DateTime<Utc>,
    preference: Option<TariffKind>,
    policy: &Policy,
) -> Option<(u16, bool)> {
    let is_candidate = |tariff: &Tariff| {
        tariff.valid_from.is_none_or(|from| from <= at)
            && tariff.valid_until.is_none_or(|until| match policy.tariff.end {
                TariffEnd::Exclusive => at < until,
                TariffEnd::Inclusive => at <= until,
            })
    };
    if let Some(found) = best(tariffs, is_candidate, preference, policy) {
        return Some((found, false));
    }
    let bridge = TimeDelta::seconds(policy.tariff.bridge_seconds.into());
    let just_ended = |tariff: &Tariff| {
        policy.tariff.bridge_seconds > 0
            && tariff.valid_until.is_some_and(|until| until <= at && at.signed_duration_since(until) <= bridge)
    };
    let last = tariffs.iter().filter(|tariff| just_ended(tariff)).filter_map(|tariff| tariff.valid_until).max()?;
    best(tariffs, |tariff| just_ended(tariff) && tariff.valid_until == Some(last), preference, policy)
        .map(|found| (found, true))
}

fn best(
    tariffs: &[Tariff],
    is_candidate: impl Fn(&Tariff) -> bool,
    preference: Option<TariffKind>,
    policy: &Policy,
) -> Option<u16> {
    let rank = |tariff: &Tariff| match tariff.kind {
        Some(kind) if Some(kind) == preference => 0,
        None => 1,
        Some(TariffKind::Regular) => 2,
        Some(_) => 3,
    };
    let mut found: Option<(u16, &Tariff)> = None;
    for (place, tariff) in (0_u16..).zip(tariffs) {
        if !is_candidate(tariff) {
            continue;
        }
        let is_better = found.is_none_or(|(_, best)| {
            rank(tariff) < rank(best)
                || (rank(tariff) == rank(best)
                    && policy.tariff.tie == TariffTie::LatestStart
                    && tariff.valid_from > best.valid_from)
        });
        if is_better {
            found = Some((place, tariff));
        }
    }
    found.map(|(place, _)| place)
}
