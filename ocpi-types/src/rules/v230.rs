//! Rules about several members in OCPI 2.3.0, Bookings 1.1 and Payments 1.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::shared::{all_versions, since_221};
use super::{FEW, differs, distinct, has_markup, identifier, interval, is_base64, is_token};
use crate::v230::*;
use crate::validate::{FindingKind, Findings, Path, Severity};

type Time = crate::DateTime;

all_versions!();
since_221!();

fn net(price: &Price) -> Decimal {
    price.before_taxes.value()
}

fn is_taxed(price: &Price) -> bool {
    !price.taxes.is_empty()
}

pub(crate) fn location(this: &Location, at: &Path<'_>, findings: &mut Findings) {
    base_location(this, at, findings);
    let ids = this.parking_places.iter().map(|parking| &parking.id);
    let message = "another parking of the location has the same id";
    distinct(ids, "X-LOC-30", Severity::Error, message, &at.member("parking_places"), findings);
    let places: BTreeSet<_> = this.parking_places.iter().map(|parking| &parking.id).collect();
    let evses = at.member("evses");
    for (index, evse) in this.evses.iter().enumerate() {
        let place = evses.item(index);
        let list = place.member("parking");
        for (index, parking) in evse.parking.iter().enumerate() {
            if !places.contains(&parking.parking_id) {
                let message = "names no parking of the location";
                findings.error(&list.item(index).member("parking_id"), "X-LOC-31", message);
            }
        }
    }
}

/// Whether sizes have to be told: vehicles beyond cars and motorcycles.
fn has_large_vehicles(types: &[VehicleType]) -> bool {
    types.iter().any(|kind| !matches!(kind, VehicleType::PersonalVehicle | VehicleType::Motorcycle))
}

fn sizes(present: [(&'static str, bool); 7], rule: &'static str, at: &Path<'_>, findings: &mut Findings) {
    for (name, present) in present {
        if !present {
            findings.warn(&at.member(name), rule, "should be told for such vehicles");
        }
    }
}

pub(crate) fn parking(this: &Parking, at: &Path<'_>, findings: &mut Findings) {
    if has_large_vehicles(&this.vehicle_types) {
        let present = [
            ("max_vehicle_weight", this.max_vehicle_weight.is_some()),
            ("max_vehicle_height", this.max_vehicle_height.is_some()),
            ("max_vehicle_length", this.max_vehicle_length.is_some()),
            ("max_vehicle_width", this.max_vehicle_width.is_some()),
            ("parking_space_length", this.parking_space_length.is_some()),
            ("parking_space_width", this.parking_space_width.is_some()),
            ("dangerous_goods_allowed", this.dangerous_goods_allowed.is_some()),
        ];
        sizes(present, "X-LOC-32", at, findings);
    }
    if this.vehicle_types.contains(&VehicleType::Disabled) && this.images.is_empty() {
        findings.warn(&at.member("images"), "X-LOC-33", "a picture helps people with a disability");
    }
}

pub(crate) fn tariff(this: &Tariff, at: &Path<'_>, findings: &mut Findings) {
    base_tariff(this, at, findings);
    if let (Some(min), Some(max)) = (&this.min_price, &this.max_price) {
        let taxed = matches!((min.after_taxes, max.after_taxes), (Some(min), Some(max)) if min > max);
        if min.before_taxes > max.before_taxes || taxed {
            findings.warn(&at.member("min_price"), "X-TAR-06", "more than `max_price`");
        }
    }
}

pub(crate) fn tariff_element(this: &TariffElement, at: &Path<'_>, findings: &mut Findings) {
    let Some(restrictions) = &this.restrictions else { return };
    if restrictions.reservation.is_some() {
        flat_and_time_only(this, "X-TAR-01", "a reservation has only FLAT and TIME prices", at, findings);
    }
    if restrictions.booking.is_some() {
        flat_and_time_only(this, "X-TAR-03", "a booking has only FLAT and TIME prices", at, findings);
    }
}

fn token_type(this: &Token, at: &Path<'_>, findings: &mut Findings) {
    if this.kind == TokenType::Emaid {
        findings.warn(&at.member("type"), "X-TOK-03", "such tokens are asked about, not pushed");
    }
}

pub(crate) fn credentials(this: &Credentials, at: &Path<'_>, findings: &mut Findings) {
    base_credentials(this, at, findings);
    let is_hub_party = |text: &str| {
        text.len() == 5
            && text.bytes().take(2).all(|byte| byte.is_ascii_alphabetic())
            && text.bytes().skip(2).all(|byte| byte.is_ascii_alphanumeric())
    };
    if this.hub_party_id.as_ref().is_some_and(|party| !is_hub_party(party)) {
        findings.error(&at.member("hub_party_id"), "X-CRE-05", "two characters of the country and three of the party");
    }
}

pub(crate) fn timeslot(this: &Timeslot, at: &Path<'_>, findings: &mut Findings) {
    if this.end_date_time < this.start_date_time {
        findings.warn(&at.member("end_date_time"), "X-LOC-19", "lies before the start");
    }
}

pub(crate) fn period(this: &Period, at: &Path<'_>, findings: &mut Findings) {
    if this.end_date_time < this.start_date_time {
        findings.warn(&at.member("end_date_time"), "X-LOC-19", "lies before the start");
    }
}

pub(crate) fn booking_location(this: &BookingLocation, at: &Path<'_>, findings: &mut Findings) {
    identifier(&this.id, "id", at, findings);
    if this.booking_option.is_none() {
        findings.error(&at.member("booking_option"), "X-BOK-01", "what can be booked has to be told");
    }
    let ids = this.calendars.iter().map(|calendar| &calendar.id);
    let message = "another calendar has the same id";
    distinct(ids, "OWN-09", Severity::Warning, message, &at.member("calendars"), findings);
}

pub(crate) fn booking(this: &Booking, at: &Path<'_>, findings: &mut Findings) {
    identifier(&this.id, "id", at, findings);
    if this.canceled.is_some() && this.reservation_status != ReservationStatus::Canceled {
        findings.warn(&at.member("canceled"), "X-BOK-05", "only for a booking that is `CANCELED`");
    }
    let list = at.member("booking_requests");
    for (index, request) in this.booking_requests.iter().enumerate() {
        if request.booking_request.request_id != this.request_id {
            let place = list.item(index);
            let request = place.member("booking_request");
            findings.error(
                &request.member("request_id"),
                "X-BOK-02",
                "all requests of a booking have its `request_id`",
            );
        }
    }
}

pub(crate) fn booking_option(this: &BookingOption, at: &Path<'_>, findings: &mut Findings) {
    if has_large_vehicles(&this.vehicle_types) {
        let present = [
            ("max_vehicle_weight", this.max_vehicle_weight.is_some()),
            ("max_vehicle_height", this.max_vehicle_height.is_some()),
            ("max_vehicle_length", this.max_vehicle_length.is_some()),
            ("max_vehicle_width", this.max_vehicle_width.is_some()),
            ("min_parking_space_length", this.min_parking_space_length.is_some()),
            ("min_parking_space_width", this.min_parking_space_width.is_some()),
            ("dangerous_goods_allowed", this.dangerous_goods_allowed.is_some()),
        ];
        sizes(present, "X-BOK-03", at, findings);
    }
}

pub(crate) fn booking_terms(this: &BookingTerms, at: &Path<'_>, findings: &mut Findings) {
    if this.early_start_allowed == Some(true) && this.early_start_time.is_none() {
        findings.warn(&at.member("early_start_time"), "X-BOK-09", "how early is not told");
    }
    if this.late_stop_allowed == Some(true) && this.late_stop_time.is_none() {
        findings.warn(&at.member("late_stop_time"), "X-BOK-09", "how late is not told");
    }
    if matches!((this.min_booking_duration, this.max_booking_duration), (Some(min), Some(max)) if min > max) {
        findings.warn(&at.member("min_booking_duration"), "X-BOK-10", "more than `max_booking_duration`");
    }
}

pub(crate) fn calendar(this: &Calendar, at: &Path<'_>, findings: &mut Findings) {
    if this.end_before < this.begin_from {
        findings.warn(&at.member("end_before"), "X-LOC-19", "lies before the begin");
    }
    let list = at.member("available_timeslots");
    for (index, slot) in this.available_timeslots.iter().enumerate() {
        if slot.start_date_time < this.begin_from || slot.end_date_time > this.end_before {
            findings.warn(&list.item(index), "X-BOK-11", "outside of the time the calendar covers");
        }
    }
}

pub(crate) fn access_information(this: &AccessInformation, at: &Path<'_>, findings: &mut Findings) {
    if matches!(this.method, AccessMethod::LicensePlate | AccessMethod::AccessCode) && this.value.is_none() {
        findings.warn(&at.member("value"), "X-BOK-13", "needed with this method");
    }
}

pub(crate) fn terminal(this: &Terminal, at: &Path<'_>, findings: &mut Findings) {
    identifier(&this.terminal_id, "terminal_id", at, findings);
    if this.party_id.is_some() != this.country_code.is_some() {
        findings.warn(at, "X-PAY-01", "`party_id` and `country_code` go together");
    }
}

pub(crate) fn financial_advice_confirmation(
    this: &FinancialAdviceConfirmation,
    at: &Path<'_>,
    findings: &mut Findings,
) {
    let list = at.member("eft_data");
    for (index, line) in this.eft_data.iter().enumerate() {
        if line.is_empty() {
            findings.report(
                &list.item(index),
                FindingKind::Length,
                "PAY-05",
                Severity::Error,
                "a line of the receipt is empty",
            );
        }
    }
    if this.capture_status_message.as_ref().is_some_and(|message| message.is_empty()) {
        let place = at.member("capture_status_message");
        findings.report(&place, FindingKind::Length, "PAY-05", Severity::Error, "the message is empty");
    }
}
