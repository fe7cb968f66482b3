//! Fixed fees, reservations and bookings: what is due once (R38 to R40, R62, R63).

use super::session::{FLAT, RESERVED, Session, Sink, TIME};
use crate::compile::axes::Point;
use crate::compile::{NO_COMPONENT, Ready};
use crate::policy::{ExpiredFlat, FlatMoment, FlatRepeat, ReservationMoment, StepMode};
use crate::tariff::{Dialect, ElementKind};
use crate::usage::{BookingOutcome, CheckedPeriod, ReservationOutcome};

impl<S: Sink> Session<'_, S> {
    /// The fixed fee of OCPP: decided at the start of the transaction, or of the first tariff (R62, R66).
    pub(super) fn fee_at_start(&mut self) {
        let priced = self.usage.periods.iter().filter(|period| period.is_use);
        let Some((period, tariff)) = priced.filter_map(|period| Some((period, self.choice.of(period)?))).next() else {
            return;
        };
        let ready = &self.compiled.ready[usize::from(tariff)];
        if ready.dialect != Dialect::Ocpp21 {
            return;
        }
        if !self.state.flat_is_done {
            let point = self.still_point(ready, period.from);
            let found = self.pick(ready, ElementKind::Ordinary, &point, 1 << FLAT)[FLAT];
            if found != NO_COMPONENT {
                self.sink.post(found, period.place, 1, 1);
            }
        }
        self.state.flat_is_done = true;
        self.sink.end_of_stretch(tariff, true);
    }

    /// Whether a fixed fee of OCPI may still be due.
    #[inline]
    pub(super) fn wants_fee(&self, ready: &Ready) -> bool {
        !self.state.flat_is_done && ready.prices[FLAT] && ready.dialect != Dialect::Ocpp21
    }

    /// The fixed fee of OCPI: the first that is active in a period of use (R38), if one is.
    #[inline(never)]
    pub(super) fn fee(&mut self, tariff: u16, period: &CheckedPeriod, found: u32) {
        self.state.flat_is_done |= self.policy.flat.moment == FlatMoment::SessionStartOnly;
        if found == NO_COMPONENT {
            return;
        }
        let prices = &self.compiled.prices.components;
        let is_new = match self.policy.flat.repeat {
            FlatRepeat::OncePerSession => {
                self.state.flat_is_done = true;
                true
            }
            FlatRepeat::OncePerComponent => !self.state.flats.contains(&found),
            FlatRepeat::OncePerTariff => {
                !self.state.flats.iter().any(|&known| prices[known as usize].source.tariff == tariff)
            }
        };
        if is_new {
            if self.policy.flat.repeat != FlatRepeat::OncePerSession {
                self.state.flats.push(found);
            }
            self.sink.post(found, period.place, 1, 1);
        }
    }

    /// Reservations and bookings (R39, R40, R63).
    pub(super) fn reservation(&mut self) {
        if !self.compiled.has_reservations {
            return;
        }
        let mut total = 0_i128;
        let mut first: Option<(&CheckedPeriod, u16)> = None;
        let mut has_overtime = false;
        for period in &self.usage.periods {
            total += i128::from(period.reserved);
            has_overtime |= period.overtime != 0;
            if first.is_none()
                && (period.reserved != 0 || period.overtime != 0)
                && let Some(tariff) = self.choice.of(period)
            {
                first = Some((period, tariff));
            }
        }
        let outcome = self.usage.reservation;
        // a booking that was cancelled or missed has no period at all
        let place = first.or_else(|| {
            let declared = self.usage.booking.is_some() || outcome.is_some();
            declared
                .then(|| self.usage.periods.first().and_then(|period| Some((period, self.choice.of(period)?))))
                .flatten()
        });
        let without_periods = CheckedPeriod::at_start();
        let place = place.or_else(|| {
            let declared = self.usage.periods.is_empty() && (self.usage.booking.is_some() || outcome.is_some());
            declared.then(|| self.choice.of(&without_periods).map(|tariff| (&without_periods, tariff))).flatten()
        });
        let Some((period, tariff)) = place else { return };
        let ready = &self.compiled.ready[usize::from(tariff)];
        if !ready.needs.reservation && !ready.needs.booking {
            return;
        }
        let is_ocpp = ready.dialect == Dialect::Ocpp21;
        let is_expired = match outcome {
            Some(outcome) => outcome == ReservationOutcome::Expired,
            None => total != 0 && !self.usage.has_use,
        };
        self.state.seen.is_expired = is_expired && total != 0;
        let at = match self.usage.periods.iter().find(|period| period.is_use) {
            Some(first_use)
                if is_ocpp && self.policy.ocpp.reservation_conditions == ReservationMoment::AtTransactionStart =>
            {
                first_use.from
            }
            _ => period.from,
        };
        let point = self.still_point(ready, at);
        if ready.needs.booking {
            match self.usage.booking {
                None => {
                    let is_booked = has_overtime || (total != 0 && !ready.needs.reservation);
                    self.state.seen.booking_unknown = is_booked;
                }
                Some(BookingOutcome::Fulfilled) => {
                    self.reserve(ready, tariff, period, &point, total, ElementKind::Booking, None);
                }
                Some(BookingOutcome::NotUsed) => {
                    let fallback = Some(ElementKind::Booking);
                    self.reserve(ready, tariff, period, &point, total, ElementKind::BookingExpires, fallback);
                }
                Some(BookingOutcome::CancelledLate) => {
                    self.reserve(ready, tariff, period, &point, 0, ElementKind::BookingCancellation, None);
                }
            }
        }
        let is_due = total != 0 || outcome.is_some();
        if ready.needs.reservation && self.usage.booking.is_none() && is_due {
            if is_expired && is_ocpp {
                // a reservation that is not followed by a transaction costs nothing
            } else if is_expired {
                let fallback = Some(ElementKind::Reservation);
                self.reserve(ready, tariff, period, &point, total, ElementKind::ReservationExpires, fallback);
            } else {
                self.reserve(ready, tariff, period, &point, total, ElementKind::Reservation, None);
            }
        }
        self.sink.end_of_stretch(tariff, true);
    }

    /// Bills reserved time and the fee that goes with it.
    #[expect(clippy::too_many_arguments, reason = "what is reserved, where, and by which elements")]
    fn reserve(
        &mut self,
        ready: &Ready,
        tariff: u16,
        period: &CheckedPeriod,
        point: &Point,
        total: i128,
        kind: ElementKind,
        fallback: Option<ElementKind>,
    ) {
        let wanted = 1 << FLAT | 1 << TIME;
        let mut picked = self.pick(ready, kind, point, wanted);
        if let Some(fallback) = fallback {
            let other = self.pick(ready, fallback, point, wanted);
            if picked[TIME] == NO_COMPONENT {
                picked[TIME] = other[TIME];
            }
            if picked[FLAT] == NO_COMPONENT {
                picked[FLAT] = other[FLAT];
            } else if self.policy.reservation.expired_flat == ExpiredFlat::AddsTo
                && kind == ElementKind::ReservationExpires
                && other[FLAT] != NO_COMPONENT
            {
                self.sink.post(other[FLAT], period.place, 1, 1);
            }
        }
        if picked[FLAT] != NO_COMPONENT {
            self.sink.post(picked[FLAT], period.place, 1, 1);
        }
        if total == 0 || picked[TIME] == NO_COMPONENT {
            return;
        }
        self.sink.post(picked[TIME], period.place, total, total);
        let pool = &mut self.state.pools[RESERVED];
        pool.measured = total;
        pool.add(picked[TIME], tariff, period.place, total);
    }

    /// Staying longer than booked (R40); each stay is rounded on its own.
    pub(super) fn overtime(&mut self, period: &CheckedPeriod, tariff: u16) {
        let ready = &self.compiled.ready[usize::from(tariff)];
        if self.usage.booking != Some(BookingOutcome::Fulfilled) {
            self.state.seen.booking_unknown |= self.usage.booking.is_none();
            return;
        }
        let point = self.point(ready, period, 0);
        let price = self.pick(ready, ElementKind::BookingOvertime, &point, 1 << TIME)[TIME];
        if price == NO_COMPONENT {
            return;
        }
        let quantity = i128::from(period.overtime);
        let surplus = if self.policy.step.mode == StepMode::Up { self.surplus(price, quantity, false) } else { 0 };
        self.sink.post(price, period.place, quantity, quantity + surplus);
    }
}
