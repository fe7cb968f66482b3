//! Reservations and bookings: R39 and R40.

use tariff::*;

use crate::desk::*;

fn reservation(components: impl Into<Vec<Component>>) -> Element {
    always(components).for_kind(ElementKind::Reservation)
}

#[test]
fn r39_a_used_reservation_has_its_own_rounding_and_fee() {
    let tariff = [euro([reservation([time("5.00").step(300), flat("2.00")]), always([energy("0.25"), flat("0.50")])])];
    let bill = bill_of(&tariff, &session().reserve(13).kwh("20"), &Policy::default());
    assert_eq!(shown(bill.totals.total.excl_tax, "8.75"), "8.75");
    // R51: the fee of the reservation belongs to the reservation
    assert_eq!(shown(bill.totals.fixed.cost.excl_tax, "0.50"), "0.50");
    assert_eq!(shown(bill.totals.reservation.cost.excl_tax, "3.25"), "3.25");
}

#[test]
fn r39_an_expired_reservation() {
    let fee = [euro([
        always([flat("4.00")]).for_kind(ElementKind::ReservationExpires),
        reservation([time("2.00")]),
        always([energy("0.25"), flat("0.50")]),
    ])];
    assert_costs(&fee, &session().reserve(60), "6.00");
    let rate = [euro([
        always([time("6.00")]).for_kind(ElementKind::ReservationExpires),
        reservation([time("3.00")]),
        always([energy("0.25")]),
    ])];
    assert_costs(&rate, &session().reserve(90), "9.00");
    let told = session().reserve(90).with(|record| record.reservation = Some(ReservationOutcome::Used));
    assert_costs(&rate, &told, "4.50");
}

#[test]
fn r39_no_limit_and_no_start_fee_on_an_expired_reservation() {
    let tariff = Tariff {
        min_price: Some(PriceLimit::excl_tax(decimal("50"))),
        ..euro([reservation([time("2.00")]), always([flat("1")])])
    };
    assert_costs(&[tariff], &session().reserve(60), "2.00");
}

#[test]
fn r39_the_fee_for_expiry_may_come_on_top() {
    let tariff = [euro([
        always([flat("4.00")]).for_kind(ElementKind::ReservationExpires),
        reservation([time("2.00"), flat("1.00")]),
    ])];
    assert_costs(&tariff, &session().reserve(60), "6.00");
    let adds = policy(|policy| policy.reservation.expired_flat = ExpiredFlat::AddsTo);
    assert_costs_by(&adds, &tariff, &session().reserve(60), "7.00");
}

#[test]
fn r39_reserved_time_may_be_pooled_with_charging_time() {
    let tariff = [euro([reservation([time("60").step(600)]), always([time("60").step(600)])])];
    // apart: 20 and 30 minutes; together: 13 and 27, which is 40
    let session = session().reserve(13).charge_time(25);
    assert_costs(&tariff, &session, "50");
    let pooled = policy(|policy| policy.reservation.step = ReservationStep::PooledWithTime);
    assert_costs_by(&pooled, &tariff, &session, "40");
}

fn booked() -> [Tariff; 1] {
    [euro([
        always([flat("25.00")]).for_kind(ElementKind::BookingCancellation),
        always([time("12.00").step(60)]).for_kind(ElementKind::BookingOvertime),
        always([flat("3.00")]).for_kind(ElementKind::BookingExpires),
        always([time("2.00"), flat("1.00")]).for_kind(ElementKind::Booking),
        always([energy("0.25")]),
    ])]
}

fn overtime(session: Session) -> Session {
    session.with(|record| record.periods.last_mut().unwrap().overtime = Some(Span::seconds(1200)))
}

#[test]
fn r40_bookings_by_their_outcome() {
    let outcome = |outcome: BookingOutcome| move |record: &mut Record| record.booking = Some(outcome);
    assert_costs(&booked(), &session().with(outcome(BookingOutcome::CancelledLate)), "25.00");
    let reserved = session().reserve(30).kwh("20");
    assert_costs(&booked(), &reserved.with(outcome(BookingOutcome::Fulfilled)), "7.00");
    assert_costs(&booked(), &session().reserve(30).with(outcome(BookingOutcome::NotUsed)), "4.00");
}

#[test]
fn r40_overtime_is_priced_once_the_outcome_is_known() {
    let tariff =
        [euro([always([time("12.00").step(60)]).for_kind(ElementKind::BookingOvertime), always([energy("0.25")])])];
    let unknown = overtime(session().kwh("20"));
    let bill = bill_of(&tariff, &unknown, &Policy::default());
    assert_eq!(shown(bill.totals.total.excl_tax, "5.00"), "5.00");
    assert_eq!(codes(&bill), ["BookingOutcomeUnknown"]);
    let fulfilled = unknown.with(|record| record.booking = Some(BookingOutcome::Fulfilled));
    assert_costs(&tariff, &fulfilled, "9.00");
}

#[test]
fn r40_overtime_may_replace_charging_time() {
    let tariff = [euro([always([time("12.00")]).for_kind(ElementKind::BookingOvertime), always([time("3.00")])])];
    let session = overtime(session().charge_time(60)).with(|record| record.booking = Some(BookingOutcome::Fulfilled));
    assert_costs(&tariff, &session, "7.00");
    let replaces = policy(|policy| policy.booking.overtime = Overtime::Replaces);
    assert_costs_by(&replaces, &tariff, &session, "6.00");
}
