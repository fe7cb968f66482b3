//! What a record claims to cost, against what it should cost and against itself (R52).

mod readings;

use alloc::string::String;
use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde::Serialize;

pub use self::readings::Reading;
use crate::bill::{Bill, Cost, Totals};
use crate::compile::Compiled;
use crate::diagnostic::{Code, Diagnostic};
use crate::exact::Exact;
use crate::money::RoundingMode;
use crate::policy::Policy;
use crate::source::{Claim, Claims, DocumentError, RecordDocument};
use crate::tariff::Tariff;

/// How a record compares with the bill that the tariffs make of it.
#[derive(Clone, Debug, Serialize)]
#[must_use]
pub struct Verification {
    /// Every amount that the record states, the total first.
    pub checks: Vec<Check>,
    /// The single readings of the open points of the rules that would make the claimed total right; empty if it is right
    /// already, or if no single reading explains it.
    pub explained_by: Vec<Reading>,
    /// Where the record contradicts itself, and what was noticed about it; pointers lead into the document.
    pub findings: Vec<Diagnostic>,
    /// What it should cost.
    pub bill: Bill,
}

impl Verification {
    /// Whether every amount is right, up to rounding, and the record agrees with itself.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.checks.iter().all(|check| check.outcome != Outcome::Different)
            && !self
                .findings
                .iter()
                .any(|finding| matches!(finding.code, Code::PartsDisagree | Code::LimitTaxContradict))
    }
}

/// A claimed amount beside the computed one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// Which amount it is.
    pub part: Part,
    /// Before or after tax.
    pub side: Side,
    /// Where the claim stands in the document.
    pub pointer: String,
    /// What the record claims.
    #[serde(with = "crate::literal::decimal")]
    pub claimed: Decimal,
    /// What it should be; none: not known (R46).
    pub computed: Option<Exact>,
    /// How the two compare.
    pub outcome: Outcome,
}

impl Check {
    /// Claimed less computed.
    #[must_use]
    pub fn difference(&self) -> Option<Exact> {
        Exact::from(self.claimed).checked_sub(self.computed?)
    }
}

/// A part of the costs that a record may state.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// Everything.
    Total,
    /// Fixed fees.
    Fixed,
    /// Energy.
    Energy,
    /// Charging time.
    Time,
    /// Parking time.
    ParkingTime,
    /// Reservation and booking.
    Reservation,
}

/// Before or after tax.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Before tax.
    ExclTax,
    /// After tax.
    InclTax,
}

/// How a claimed amount compares with the computed one.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome", content = "mode")]
#[non_exhaustive]
pub enum Outcome {
    /// Equal, exactly or rounded as the policy says.
    Equal,
    /// Equal when rounded another way.
    RoundedAs(RoundingMode),
    /// Apart by no more than the policy tolerates, one minor unit if it names nothing else.
    WithinRounding,
    /// The computed amount is not known.
    Unknown,
    /// Apart by more.
    Different,
}

/// Compares what a record claims with what tariffs make of it, and with itself; `tariffs` are those the parties agreed on.
///
/// If the total is wrong, every open point of the rules is read the other way, one at a time, to find out which reading the
/// other party may have used.
///
/// # Errors
/// When the record cannot be priced by these tariffs at all; the diagnostics say what and where.
///
/// # Example
/// ```
/// use tariff::source::{Context, RecordDocument, TariffDocument};
/// use tariff::{Policy, verify};
///
/// let policy = Policy::default();
/// let tariff = TariffDocument::read(
///     r#"{"id": "1", "currency": "EUR", "last_updated": "2024-01-01T00:00:00Z",
///         "elements": [{"price_components": [{"type": "ENERGY", "price": 0.25, "step_size": 500}]}]}"#,
///     None,
///     &policy,
/// )?;
/// let cdr = RecordDocument::read(
///     r#"{"start_date_time": "2024-06-01T10:00:00Z", "end_date_time": "2024-06-01T11:00:00Z", "currency": "EUR",
///         "charging_periods": [{"start_date_time": "2024-06-01T10:00:00Z",
///                               "dimensions": [{"type": "ENERGY", "volume": 20.1}]}],
///         "total_cost": {"excl_vat": 5.025}}"#,
///     None,
///     &Context::default(),
///     &policy,
/// )?;
/// let verification = verify(&cdr, &[tariff.tariff], &policy)?;
/// assert!(!verification.is_good());
/// assert_eq!(verification.explained_by[0].to_string(), "step.mode = ignore");
/// # Ok::<(), tariff::source::DocumentError>(())
/// ```
pub fn verify(record: &RecordDocument, tariffs: &[Tariff], policy: &Policy) -> Result<Verification, DocumentError> {
    let (compiled, usage) = ready(record, tariffs, policy)?;
    let bill = compiled
        .price(&usage, policy)
        .map_err(|refusal| DocumentError { diagnostics: record.located(&[Diagnostic::from(&refusal)]) })?;
    let checks = checks(&record.claims, &bill.totals, policy);
    let mut findings = record.diagnostics.clone();
    findings.extend(record.located(&bill.diagnostics));
    contradictions(&record.claims, &bill, policy, &mut findings);
    let is_total_wrong = checks.iter().any(|check| check.part == Part::Total && check.outcome == Outcome::Different);
    let explained_by = if is_total_wrong { explanations(record, tariffs, policy) } else { Vec::new() };
    Ok(Verification { checks, explained_by, findings, bill })
}

fn ready(
    record: &RecordDocument,
    tariffs: &[Tariff],
    policy: &Policy,
) -> Result<(Compiled, crate::Usage), DocumentError> {
    let compiled = Compiled::new(tariffs, policy).map_err(|error| DocumentError { diagnostics: error.diagnostics })?;
    Ok((compiled, record.usage(policy)?))
}

/// Every reading under which the claimed total is right.
fn explanations(record: &RecordDocument, tariffs: &[Tariff], policy: &Policy) -> Vec<Reading> {
    Reading::ALL
        .iter()
        .filter(|reading| {
            let mut other = policy.clone();
            reading.apply(&mut other);
            if other == *policy {
                return false;
            }
            let totals =
                ready(record, tariffs, &other).ok().and_then(|(compiled, usage)| compiled.totals(&usage, &other).ok());
            totals.is_some_and(|totals| {
                let mut checks = checks(&record.claims, &totals, &other).into_iter().peekable();
                checks.peek().is_some()
                    && checks
                        .filter(|check| check.part == Part::Total)
                        .all(|check| matches!(check.outcome, Outcome::Equal | Outcome::RoundedAs(_)))
            })
        })
        .copied()
        .collect()
}

fn checks(claims: &Claims, totals: &Totals, policy: &Policy) -> Vec<Check> {
    let parts: [(Part, &Option<Claim>, Cost); 6] = [
        (Part::Total, &claims.total, totals.total),
        (Part::Fixed, &claims.fixed, totals.fixed.cost),
        (Part::Energy, &claims.energy, totals.energy.cost),
        (Part::Time, &claims.time, totals.time.cost),
        (Part::ParkingTime, &claims.parking_time, totals.parking_time.cost),
        (Part::Reservation, &claims.reservation, totals.reservation.cost),
    ];
    let mut checks = Vec::new();
    for (part, claim, cost) in parts {
        let Some(claim) = claim else { continue };
        for (side, claimed, computed) in
            [(Side::ExclTax, claim.excl_tax, cost.excl_tax), (Side::InclTax, claim.incl_tax, cost.incl_tax)]
        {
            let Some(claimed) = claimed else { continue };
            let outcome = outcome(claimed, computed, totals, policy);
            checks.push(Check { part, side, pointer: claim.pointer.clone(), claimed, computed, outcome });
        }
    }
    checks
}

fn outcome(claimed: Decimal, computed: Option<Exact>, totals: &Totals, policy: &Policy) -> Outcome {
    let Some(computed) = computed else { return Outcome::Unknown };
    if Exact::from(claimed) == computed {
        return Outcome::Equal;
    }
    // at the decimals of the invoice, those of the wire, and those the sender wrote
    let digits = totals.currency.minor_digits();
    let equals = |mode: RoundingMode| {
        [digits, WIRE_DECIMALS, claimed.scale()]
            .into_iter()
            .any(|decimals| decimals >= digits && computed.round(decimals, mode) == claimed)
    };
    if equals(policy.rounding.mode) {
        return Outcome::Equal;
    }
    if let Some(mode) = RoundingMode::ALL.into_iter().find(|&mode| equals(mode)) {
        return Outcome::RoundedAs(mode);
    }
    let tolerance = policy.verify.tolerance.unwrap_or_else(|| Decimal::new(1, digits));
    let is_close = Exact::from(claimed).checked_sub(computed).is_some_and(|difference| {
        let size = if difference.is_negative() { difference.negated() } else { difference };
        size <= Exact::from(tolerance)
    });
    if is_close { Outcome::WithinRounding } else { Outcome::Different }
}

/// Decimals of an amount in OCPI.
const WIRE_DECIMALS: u32 = 4;

/// Where the claims contradict each other.
fn contradictions(claims: &Claims, bill: &Bill, policy: &Policy, findings: &mut Vec<Diagnostic>) {
    let parts = [&claims.fixed, &claims.energy, &claims.time, &claims.parking_time, &claims.reservation];
    for claim in parts.into_iter().chain([&claims.total]).flatten() {
        if let (Some(excl), Some(incl)) = (claim.excl_tax, claim.incl_tax)
            && incl.abs() < excl.abs()
        {
            findings.push(
                Diagnostic::new(Code::LimitTaxContradict, claim.pointer.clone())
                    .with_detail(alloc::format!("{incl} after tax, {excl} before")),
            );
        }
    }
    let Some(total) = &claims.total else { return };
    // a limit acts on the total alone, and a credit record negates it alone (R42, R50)
    if bill.totals.limit.is_some() || total.excl_tax.is_some_and(|amount| amount.is_sign_negative()) {
        return;
    }
    let stated: Vec<&Claim> = parts.into_iter().flatten().collect();
    if stated.is_empty() {
        return;
    }
    let digits = bill.totals.currency.minor_digits();
    let tolerance = policy.verify.tolerance.unwrap_or_else(|| Decimal::new(1, digits));
    for (side, total_of_side, parts) in [
        ("before tax", total.excl_tax, stated.iter().map(|claim| claim.excl_tax).collect::<Option<Vec<_>>>()),
        ("after tax", total.incl_tax, stated.iter().map(|claim| claim.incl_tax).collect::<Option<Vec<_>>>()),
    ] {
        let (Some(claimed), Some(parts)) = (total_of_side, parts) else { continue };
        let Some(sum) = parts.iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(*part)) else { continue };
        // each part may be rounded for itself
        let slack = tolerance.saturating_mul(Decimal::from(parts.len()));
        if claimed.checked_sub(sum).is_none_or(|difference| difference.abs() > slack) {
            findings.push(
                Diagnostic::new(Code::PartsDisagree, total.pointer.clone())
                    .with_detail(alloc::format!("the parts add up to {sum} {side}, the total says {claimed}")),
            );
        }
    }
    let has_tax = |claim: &Claim| claim.incl_tax.is_some_and(|incl| Some(incl) != claim.excl_tax);
    if has_tax(total)
        && stated.iter().all(|claim| claim.incl_tax.is_some())
        && !stated.iter().any(|claim| has_tax(claim))
    {
        findings.push(
            Diagnostic::new(Code::PartsDisagree, total.pointer.clone())
                .with_detail("the total is taxed, no part of it is"),
        );
    }
}
