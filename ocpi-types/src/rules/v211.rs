//! Rules about several members in OCPI 2.1.1.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::shared::all_versions;
use super::{differs, distinct, has_markup, identifier, interval, is_token};
use crate::v211::*;
use crate::validate::{FindingKind, Findings, Path, Severity};

type Time = crate::DateTime<false>;

all_versions!();

pub(crate) fn credentials(this: &Credentials, at: &Path<'_>, findings: &mut Findings) {
    if !is_token(this.token.as_str()) {
        findings.error(&at.member("token"), "X-CRE-02", "1 to 64 visible ASCII characters are asked for");
    }
}

fn distinct_endpoints(endpoints: &[Endpoint], at: &Path<'_>, findings: &mut Findings) {
    let keys = endpoints.iter().map(|endpoint| endpoint.identifier.clone());
    distinct(keys, "X-VER-02", Severity::Warning, "the module is listed twice", at, findings);
}

pub(crate) fn location(this: &Location, at: &Path<'_>, findings: &mut Findings) {
    identifier(&this.id, "id", at, findings);
    ages(this, at, findings);
}

pub(crate) fn connector(this: &Connector, at: &Path<'_>, findings: &mut Findings) {
    identifier(&this.id, "id", at, findings);
}

pub(crate) fn hours(this: &Hours, at: &Path<'_>, findings: &mut Findings) {
    match (this.twentyfourseven, this.regular_hours.is_empty()) {
        // lenient receivers take both when `twentyfourseven` is false, as the documents do themselves (E-05)
        (Some(_), false) => findings.error(at, "X-LOC-13", "both branches of the choice are present"),
        (None | Some(false), true) => {
            findings.error(at, "X-LOC-13", "`regular_hours` or `twentyfourseven` is needed");
        }
        _ => {}
    }
    overlapping_exceptions(this, at, findings);
}

pub(crate) fn energy_mix(this: &EnergyMix, at: &Path<'_>, findings: &mut Findings) {
    if !this.energy_sources.is_empty() {
        let mut shares = this.energy_sources.iter().map(|share| share.percentage.value());
        let sum = shares.try_fold(Decimal::ZERO, |sum, share| sum.checked_add(share));
        if sum != Some(Decimal::ONE_HUNDRED) {
            findings.warn(&at.member("energy_sources"), "X-LOC-23", "the shares do not add up to 100 percent");
        }
    }
    green(this, at, findings);
}

fn one_connector(location: &Location, at: &Path<'_>, findings: &mut Findings) {
    if location.evses.len() > 1 || location.evses.iter().any(|evse| evse.connectors.len() > 1) {
        findings.warn(at, "X-SES-07", "only the EVSE and connector in use belong here");
    }
}

pub(crate) fn session(this: &Session, at: &Path<'_>, findings: &mut Findings) {
    identifier(&this.id, "id", at, findings);
    one_connector(&this.location, &at.member("location"), findings);
    if this.status == SessionStatus::Completed && this.end_datetime.is_none() {
        findings.warn(&at.member("end_datetime"), "X-SES-03", "a completed session has an end");
    }
    if this.end_datetime.is_some_and(|end| end < this.start_datetime) {
        findings.warn(&at.member("end_datetime"), "X-LOC-19", "lies before the start");
    }
    periods(&this.charging_periods, &this.start_datetime, at, findings);
    let mut energy = Some(Decimal::ZERO);
    let mut measured = false;
    for dimension in this.charging_periods.iter().flat_map(|period| &period.dimensions) {
        if dimension.kind == CdrDimensionType::Energy {
            measured = true;
            energy = energy.and_then(|sum| sum.checked_add(dimension.volume.value()));
        }
    }
    if measured && energy.is_none_or(|sum| differs(sum, this.kwh.value())) {
        findings.warn(&at.member("kwh"), "E-08", "the periods have another sum of energy");
    }
}

pub(crate) fn cdr(this: &Cdr, at: &Path<'_>, findings: &mut Findings) {
    identifier(&this.id, "id", at, findings);
    one_connector(&this.location, &at.member("location"), findings);
    audit(this, &this.stop_date_time, "stop_date_time", at, findings);
}

pub(crate) fn tariff(this: &Tariff, at: &Path<'_>, findings: &mut Findings) {
    identifier(&this.id, "id", at, findings);
    last_elements(this, at, findings);
}

pub(crate) fn tariff_restrictions(this: &TariffRestrictions, at: &Path<'_>, findings: &mut Findings) {
    base_restrictions(this, at, findings);
}

pub(crate) fn token(this: &Token, at: &Path<'_>, findings: &mut Findings) {
    identifier(&this.uid, "uid", at, findings);
}

pub(crate) fn location_references(this: &LocationReferences, at: &Path<'_>, findings: &mut Findings) {
    if !this.connector_ids.is_empty() && this.evse_uids.is_empty() {
        findings.warn(&at.member("evse_uids"), "X-TOK-07", "needed with `connector_ids`");
    }
}
