//! Which tariff prices a transaction at a station (R66, R76 to R78, R82).

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::currency::Currency;
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{FailedDriverTariff, Policy, TariffFrom, UndatedTariff};
use crate::tariff::Tariff;
use crate::usage::Record;

/// The default tariffs of a station, per EVSE, as they are installed, come into force and are cleared (R76, R77).
///
/// # Example
/// ```
/// use tariff::{Choice, Component, Currency, Dimension, DriverTariff, Element, Policy, StationTariffs, Tariff};
///
/// let price = Component::new(Dimension::Energy, "0.30".parse()?);
/// let tariff = Tariff::new("day", Currency::EUR, vec![Element::new(vec![price])]);
/// let now = "2024-06-01T10:00:00Z".parse()?;
/// let mut station = StationTariffs::new([1, 2]);
/// station.install(0, tariff, now, &Policy::default())?;
/// let choice = station.choose(2, DriverTariff::None, now, &Policy::default());
/// assert!(matches!(choice, Choice::Tariff(tariff) if tariff.id == "day"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StationTariffs {
    evses: BTreeMap<u32, Evse>,
}

/// The default tariffs of one EVSE.
#[derive(Clone, Debug, Default, PartialEq)]
struct Evse {
    current: Option<Tariff>,
    /// Those that wait for their date, in the order of their installation.
    waiting: Vec<Tariff>,
}

/// What came with the authorisation of a driver.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum DriverTariff {
    /// No tariff.
    #[default]
    None,
    /// A tariff the station can process.
    Usable(Box<Tariff>),
    /// A tariff the station cannot process.
    Unusable,
}

impl DriverTariff {
    /// What is odd about the tariff because it is for one driver: such a tariff has no validity (R77).
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        match self {
            Self::Usable(tariff) => ignored_validity(tariff, "").into_iter().collect(),
            Self::None | Self::Unusable => Vec::new(),
        }
    }
}

/// How a transaction is priced.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// By this tariff.
    Tariff(Box<Tariff>),
    /// The station knows no tariff.
    NoTariff,
    /// There is no transaction: the driver is not authorised.
    Deauthorized,
    /// By the CSMS.
    Central,
    /// The tariff of the driver cannot be processed, and the policy does not say what follows
    /// (`ocpp.failed_driver_tariff`).
    Undecided,
}

/// A default tariff is not installed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InstallError {
    /// A tariff with this id is there already; an id stands for one content.
    #[error("a tariff with this id is installed already")]
    DuplicateId,
    /// The station has no such EVSE.
    #[error("the station has no such EVSE")]
    UnknownEvse,
}

impl StationTariffs {
    /// A station with these EVSEs and no tariffs.
    pub fn new(evses: impl IntoIterator<Item = u32>) -> Self {
        Self { evses: evses.into_iter().filter(|&evse| evse != 0).map(|evse| (evse, Evse::default())).collect() }
    }

    /// Installs a default tariff at an EVSE; at 0 every EVSE gets a copy, which can be replaced one by one.
    ///
    /// # Errors
    /// When the id is in use or the EVSE is not known.
    pub fn install(
        &mut self,
        evse: u32,
        tariff: Tariff,
        now: DateTime<Utc>,
        policy: &Policy,
    ) -> Result<(), InstallError> {
        if evse != 0 && !self.evses.contains_key(&evse) {
            return Err(InstallError::UnknownEvse);
        }
        let is_known = |evse: &Evse| evse.current.iter().chain(&evse.waiting).any(|known| known.id == tariff.id);
        if self.evses.values().any(is_known) {
            return Err(InstallError::DuplicateId);
        }
        for (_, one) in self.evses.iter_mut().filter(|(id, _)| evse == 0 || **id == evse) {
            one.advance(now);
            match tariff.valid_from {
                None => {
                    let is_dated = one.current.as_ref().is_some_and(|current| current.valid_from.is_some());
                    if !is_dated || policy.ocpp.undated_over_dated == UndatedTariff::Replaces {
                        one.current = Some(tariff.clone());
                    }
                }
                Some(_) => {
                    one.waiting.push(tariff.clone());
                    one.advance(now);
                }
            }
        }
        Ok(())
    }

    /// Removes default tariffs by id, all where none is named, at an EVSE or everywhere; returns the ids of those that
    /// were there. Transactions keep the tariff they have (R66).
    pub fn clear(&mut self, ids: &[&str], evse: Option<u32>) -> Vec<String> {
        let mut cleared: Vec<String> = Vec::new();
        let is_meant = |tariff: &Tariff| ids.is_empty() || ids.contains(&tariff.id.as_str());
        for (_, one) in self.evses.iter_mut().filter(|(id, _)| evse.is_none_or(|evse| evse == **id || evse == 0)) {
            let current = one.current.take_if(|tariff| is_meant(tariff));
            let (gone, kept) = core::mem::take(&mut one.waiting).into_iter().partition(is_meant);
            one.waiting = kept;
            let gone: Vec<Tariff> = gone;
            for tariff in current.into_iter().chain(gone) {
                if !cleared.contains(&tariff.id) {
                    cleared.push(tariff.id);
                }
            }
        }
        cleared
    }

    /// How a transaction that starts now is priced: by the tariff of the driver, else by the default of the EVSE (R76).
    /// The tariff of a driver has no validity (R77).
    pub fn choose(&mut self, evse: u32, driver: DriverTariff, now: DateTime<Utc>, policy: &Policy) -> Choice {
        match (driver, policy.ocpp.failed_driver_tariff) {
            (DriverTariff::Usable(mut tariff), _) => {
                tariff.valid_from = None;
                return Choice::Tariff(tariff);
            }
            (DriverTariff::None, _) | (DriverTariff::Unusable, Some(FailedDriverTariff::UseDefaultTariff)) => {}
            (DriverTariff::Unusable, Some(FailedDriverTariff::Deauthorize)) => return Choice::Deauthorized,
            (DriverTariff::Unusable, Some(FailedDriverTariff::CentralCost)) => return Choice::Central,
            (DriverTariff::Unusable, None) => return Choice::Undecided,
        }
        let Some(evse) = self.evses.get_mut(&evse) else { return Choice::NoTariff };
        evse.advance(now);
        evse.current.clone().map_or(Choice::NoTariff, |tariff| Choice::Tariff(Box::new(tariff)))
    }
}

impl Evse {
    /// Lets tariffs whose date has come take over; one with an earlier date than the current one never does.
    fn advance(&mut self, now: DateTime<Utc>) {
        let is_due = |tariff: &Tariff| tariff.valid_from.is_none_or(|from| from <= now);
        let (mut due, waiting): (Vec<Tariff>, Vec<Tariff>) =
            core::mem::take(&mut self.waiting).into_iter().partition(is_due);
        self.waiting = waiting;
        // the sort is stable: of equal dates the one installed later comes last
        due.sort_by_key(|tariff| tariff.valid_from);
        for tariff in due {
            let is_later = self.current.as_ref().is_some_and(|current| current.valid_from > tariff.valid_from);
            if !is_later {
                self.current = Some(tariff);
            }
        }
    }
}

/// Says so if a tariff for one transaction has a date, which does not matter (R77).
fn ignored_validity(tariff: &Tariff, prefix: &str) -> Option<Diagnostic> {
    tariff.valid_from.map(|from| {
        Diagnostic::new(Code::ValidityIgnored, format!("{prefix}/valid_from"))
            .with_detail(from.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    })
}

/// The tariffs of one transaction, from its association on (R66, R78).
#[derive(Clone, Debug, PartialEq)]
pub struct TransactionTariffs {
    start: DateTime<Utc>,
    /// From when on each applies.
    tariffs: Vec<(DateTime<Utc>, Tariff)>,
    diagnostics: Vec<Diagnostic>,
}

/// A change of tariff is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// The currency of a transaction never changes (R82).
    #[error("the transaction is in {before}, the tariff in {after}")]
    Currency {
        /// The currency of the transaction.
        before: Currency,
        /// The currency of the refused tariff.
        after: Currency,
    },
}

impl TransactionTariffs {
    /// A transaction that has no tariff yet.
    #[must_use]
    pub const fn new(start: DateTime<Utc>) -> Self {
        Self { start, tariffs: Vec::new(), diagnostics: Vec::new() }
    }

    /// What was noticed about the tariffs; pointers start with the place of the tariff.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The tariff chosen when the driver is known; it prices the transaction from its start, unless the policy says
    /// otherwise (R78).
    pub fn associate(&mut self, at: DateTime<Utc>, tariff: Tariff, policy: &Policy) {
        let from = match policy.ocpp.tariff_from {
            TariffFrom::TransactionStart => self.start,
            TariffFrom::Association => at,
        };
        self.tariffs.push((from, tariff));
    }

    /// Another tariff from now on, never backwards; its validity does not matter (R66).
    ///
    /// # Errors
    /// When its currency is another one; the old tariff goes on (R82).
    pub fn change(&mut self, at: DateTime<Utc>, mut tariff: Tariff) -> Result<(), ChangeError> {
        if let Some((_, before)) = self.tariffs.last()
            && before.currency != tariff.currency
        {
            return Err(ChangeError::Currency { before: before.currency, after: tariff.currency });
        }
        if let Some(ignored) = ignored_validity(&tariff, &format!("/{}", self.tariffs.len())) {
            self.diagnostics.push(ignored);
        }
        tariff.valid_from = None;
        self.tariffs.push((at, tariff));
        Ok(())
    }

    /// The tariffs so far, to be compiled together.
    pub fn tariffs(&self) -> Vec<Tariff> {
        self.tariffs.iter().map(|(_, tariff)| tariff.clone()).collect()
    }

    /// Puts every period of a record under the tariff in force when it starts; a period before any tariff has none. The
    /// record has to be cut where the tariff changes.
    pub fn assign(&self, record: &mut Record) {
        record.tariff_ids = self.tariffs.iter().map(|(_, tariff)| tariff.id.clone()).collect();
        for period in &mut record.periods {
            let place = self.tariffs.iter().rposition(|(from, _)| *from <= period.start);
            period.tariff = place.and_then(|place| u16::try_from(place).ok());
        }
    }
}
