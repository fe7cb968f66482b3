//! Rules about several members in OCPI 2.2.1.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::shared::{all_versions, since_221};
use super::{FEW, differs, distinct, has_markup, identifier, interval, is_base64, is_token};
use crate::v221::*;
use crate::validate::{FindingKind, Findings, Path, Severity};

type Time = crate::DateTime;

all_versions!();
since_221!();

fn net(price: &Price) -> Decimal {
    price.excl_vat.value()
}

fn is_taxed(price: &Price) -> bool {
    price.incl_vat.is_some()
}

pub(crate) fn location(this: &Location, at: &Path<'_>, findings: &mut Findings) {
    base_location(this, at, findings);
}

pub(crate) fn tariff(this: &Tariff, at: &Path<'_>, findings: &mut Findings) {
    base_tariff(this, at, findings);
    if let (Some(min), Some(max)) = (&this.min_price, &this.max_price) {
        let taxed = matches!((min.incl_vat, max.incl_vat), (Some(min), Some(max)) if min > max);
        if min.excl_vat > max.excl_vat || taxed {
            findings.warn(&at.member("min_price"), "X-TAR-06", "more than `max_price`");
        }
    }
}

pub(crate) fn tariff_element(this: &TariffElement, at: &Path<'_>, findings: &mut Findings) {
    if this.restrictions.as_ref().is_some_and(|restrictions| restrictions.reservation.is_some()) {
        flat_and_time_only(this, "X-TAR-01", "a reservation has only FLAT and TIME prices", at, findings);
    }
}

fn token_type(_: &Token, _: &Path<'_>, _: &mut Findings) {}

pub(crate) fn credentials(this: &Credentials, at: &Path<'_>, findings: &mut Findings) {
    base_credentials(this, at, findings);
    if this.roles.len() > 1 && this.roles.iter().any(|role| role.role == Role::Hub) {
        findings.warn(
            &at.member("roles"),
            "X-CRE-03",
            "a hub lists no other roles; the parties behind it come by ClientInfo",
        );
    }
}
