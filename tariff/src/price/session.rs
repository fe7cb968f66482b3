//! The walk over a session: finds the price of every quantity and hands both to a sink.

use super::choose::Choice;
use super::stretch::Position;
use crate::compile::axes::{DAY, FlowView, Point};
use crate::compile::{Compiled, NO_COMPONENT, Ready};
use crate::policy::{
    DurationClock, DurationOrigin, ElementLookup, Evaluate, ExpiredFlat, FlatMoment, FlatRepeat, IdleCounter,
    IdlePower, Interpolation, MissingPower, NegativeStep, Overtime, Policy, PowerStraddle, RepeatedHour,
    ReservationMoment, ReservationStep, Split, StepBase, StepMode, StepScope, StepTariffs, StepTime, TariffSwitch,
    TierScope, UnpricedParking,
};
use crate::tariff::{Dialect, ElementKind};
use crate::usage::{
    BookingOutcome, CheckedFlow, CheckedPeriod, HOUR, LocalTime, RecordKind, ReservationOutcome, SECOND,
    THRESHOLD_SCALE, Usage, energy_threshold,
};
use crate::wide::{Integer, narrow};

/// Where quantities go once their price is found.
pub(super) trait Sink {
    /// Whether anything but what is billed matters.
    const IS_DETAILED: bool;

    /// A quantity under a price; what is billed of it differs if the policy rounds every period.
    fn post(&mut self, price: u32, period: u32, quantity: i128, billed: i128);

    /// What a step adds to the last quantity under a price.
    fn surplus(&mut self, price: u32, period: u32, surplus: i128) {
        self.post(price, period, 0, surplus);
    }

    /// A quantity without a price.
    fn unpriced(&mut self, _dimension: usize, _tariff: Option<u16>, _period: u32, _quantity: i128) {}

    /// All quantities up to an instant were posted; what follows is later.
    fn end_of_stretch(&mut self, _tariff: u16, _is_jump: bool) {}

    /// A stretch of a period was priced.
    fn passed(&mut self, _tariff: u16, _picked: &[u32; 4], _is_charging: bool, _from: i64, _quantities: [i128; 3]) {}

    /// The price changes within a period that is priced as it starts.
    fn spans(&mut self, _period: u32, _boundary: i64) {}

    /// A condition could not be checked.
    fn unverifiable(&mut self, _period: u32) {}
}

/// How a period in which the price changes is priced (R17).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mode {
    AsStated,
    Interpolate,
    /// By the cheapest of the prices that apply within the period.
    Lowest,
    /// By the dearest.
    Highest,
}

impl Mode {
    pub(super) fn of(compiled: &Compiled, usage: &Usage, policy: &Policy) -> Self {
        if policy.tariff.switch == TariffSwitch::AtValidityEdge && compiled.ready.len() > 1 {
            return Self::Interpolate;
        }
        match policy.periods.split {
            Split::AsStated | Split::Bounds => Self::AsStated,
            Split::Interpolate => Self::Interpolate,
            Split::Auto if usage.kind == RecordKind::Measured => Self::Interpolate,
            Split::Auto if compiled.ready[0].dialect == Dialect::Ocpp21 => Self::Interpolate,
            Split::Auto => Self::AsStated,
        }
    }
}

/// What a walk found out besides quantities.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// The tariff of the first period of use, whose limits count.
    pub(super) first_tariff: Option<u16>,
    /// The tariff of the last period.
    pub(super) last_tariff: Option<u16>,
    /// Whether a second tariff priced anything.
    pub(super) has_several: bool,
    pub(super) is_expired: bool,
    /// Whether there was booked volume without an outcome of the booking.
    pub(super) booking_unknown: bool,
}

/// The quantities of one kind that a step will round at once.
#[derive(Clone, Copy, Debug)]
struct Pool {
    priced: i128,
    measured: i128,
    /// What the last tariff priced, without interruption.
    of_tariff: i128,
    tariff: u16,
    last: u32,
    last_period: u32,
}

const EMPTY: Pool = Pool { priced: 0, measured: 0, of_tariff: 0, tariff: u16::MAX, last: NO_COMPONENT, last_period: 0 };

/// Where a walk stands, so that it can go on later.
#[derive(Clone, Debug)]
pub(super) struct State {
    energy: i128,
    seen_energy: i128,
    charging: i64,
    idle: i64,
    origin: i64,
    energy_tariff: Option<u16>,
    pub(super) flat_is_done: bool,
    flats: alloc::vec::Vec<u32>,
    pools: [Pool; 4],
    last_is_parking: bool,
    pub(super) seen: Seen,
}

/// A walk over a session.
pub(super) struct Session<'a, S> {
    pub(super) compiled: &'a Compiled,
    pub(super) usage: &'a Usage,
    pub(super) policy: &'a Policy,
    pub(super) choice: &'a Choice<'a>,
    pub(super) sink: &'a mut S,
    mode: Mode,
    /// Energy so far, in units.
    pub(super) energy: i128,
    /// Energy so far as a station sees it that looks only now and then (R68).
    pub(super) seen_energy: i128,
    pub(super) charging: i64,
    pub(super) idle: i64,
    /// Where durations start, in nanoseconds since the start of the session.
    pub(super) origin: i64,
    energy_tariff: Option<u16>,
    flat_is_done: bool,
    flats: alloc::vec::Vec<u32>,
    energies: Pool,
    times: Pool,
    parkings: Pool,
    reserved: Pool,
    last_is_parking: bool,
    pub(super) seen: Seen,
}

const ENERGY: usize = 0;
const TIME: usize = 1;
const PARKING: usize = 2;
const FLAT: usize = 3;

impl<'a, S: Sink> Session<'a, S> {
    pub(super) fn new(
        compiled: &'a Compiled,
        usage: &'a Usage,
        policy: &'a Policy,
        choice: &'a Choice<'a>,
        sink: &'a mut S,
        mode: Mode,
    ) -> Self {
        let first_use = usage.periods.iter().find(|period| period.is_use).map_or(0, |period| period.from);
        let origin = match policy.duration.origin {
            DurationOrigin::FirstUse => first_use,
            DurationOrigin::RecordStart => 0,
        };
        Self {
            compiled,
            usage,
            policy,
            choice,
            sink,
            mode,
            energy: 0,
            seen_energy: 0,
            charging: 0,
            idle: 0,
            origin,
            energy_tariff: None,
            flat_is_done: policy.flat.requires_energy && usage.energy == 0,
            flats: alloc::vec::Vec::new(),
            energies: EMPTY,
            times: EMPTY,
            parkings: EMPTY,
            reserved: EMPTY,
            last_is_parking: false,
            seen: Seen::default(),
        }
    }

    /// Goes on from where another walk stood.
    pub(super) fn resume(mut self, state: State) -> Self {
        let [energies, times, parkings, reserved] = state.pools;
        self.energy = state.energy;
        self.seen_energy = state.seen_energy;
        self.charging = state.charging;
        self.idle = state.idle;
        self.origin = state.origin;
        self.energy_tariff = state.energy_tariff;
        self.flat_is_done = state.flat_is_done;
        self.flats = state.flats;
        (self.energies, self.times, self.parkings, self.reserved) = (energies, times, parkings, reserved);
        self.last_is_parking = state.last_is_parking;
        self.seen = state.seen;
        self
    }

    pub(super) fn suspend(self) -> State {
        State {
            energy: self.energy,
            seen_energy: self.seen_energy,
            charging: self.charging,
            idle: self.idle,
            origin: self.origin,
            energy_tariff: self.energy_tariff,
            flat_is_done: self.flat_is_done,
            flats: self.flats,
            pools: [self.energies, self.times, self.parkings, self.reserved],
            last_is_parking: self.last_is_parking,
            seen: self.seen,
        }
    }

    pub(super) fn run(mut self) -> Seen {
        self.begin();
        for period in &self.usage.periods {
            self.proceed(period);
        }
        self.end()
    }

    /// What is due before anything is used.
    pub(super) fn begin(&mut self) {
        self.fee_at_start();
        self.reservation();
    }

    /// What is due at the end.
    pub(super) fn end(mut self) -> Seen {
        self.round_steps();
        self.seen
    }

    /// Prices the next period.
    #[inline]
    pub(super) fn proceed(&mut self, period: &CheckedPeriod) {
        let Some(tariff) = self.choice.of(period) else {
            self.without_tariff(period);
            return;
        };
        if period.is_use {
            self.seen.first_tariff.get_or_insert(tariff);
        }
        self.seen.has_several |= self.seen.last_tariff.replace(tariff).is_some_and(|last| last != tariff);
        if period.overtime != 0 {
            self.overtime(period, tariff);
        }
        if !period.is_use {
            return;
        }
        if self.policy.energy_tiers.scope == TierScope::Tariff && self.energy_tariff.replace(tariff) != Some(tariff) {
            self.restart_energy(period, tariff);
        }
        let is_ocpp = self.compiled.ready[usize::from(tariff)].dialect == Dialect::Ocpp21;
        if self.policy.ocpp.idle_counter == IdleCounter::CurrentPhase && is_ocpp && period.time != 0 {
            self.idle = 0;
        }
        match self.mode {
            Mode::AsStated => self.as_stated(period, tariff),
            Mode::Lowest | Mode::Highest => self.extreme(period, tariff),
            Mode::Interpolate => self.interpolate(period, tariff),
        }
    }

    fn without_tariff(&mut self, period: &CheckedPeriod) {
        if S::IS_DETAILED {
            for (dimension, quantity) in quantities(period) {
                if quantity != 0 {
                    self.sink.unpriced(dimension, None, period.index, quantity);
                }
            }
        }
        self.energy += period.energy;
        self.charging += period.time;
        self.idle += period.parking;
        self.parkings.measured += i128::from(period.parking);
    }

    /// The energy of earlier periods of the same tariff, where thresholds count those only (R23).
    fn restart_energy(&mut self, period: &CheckedPeriod, tariff: u16) {
        self.energy = self
            .usage
            .periods
            .iter()
            .take_while(|earlier| !core::ptr::eq(*earlier, period))
            .filter(|earlier| self.choice.of(earlier) == Some(tariff))
            .map(|earlier| earlier.energy)
            .sum();
    }

    fn as_stated(&mut self, period: &CheckedPeriod, tariff: u16) {
        let ready = &self.compiled.ready[usize::from(tariff)];
        let point = self.point(ready, period, 0);
        let time = self.billed_time(period);
        let picked = self.stretch(ready, tariff, period, &point, period.energy, time, period.parking);
        if S::IS_DETAILED {
            self.report_span(ready, period, &point, &picked);
        }
        self.energy += period.energy;
        self.charging += period.time;
        self.idle += period.parking;
    }

    /// Charging time as it is billed: overtime may take its place (R40).
    pub(super) fn billed_time(&self, period: &CheckedPeriod) -> i64 {
        let is_replaced =
            self.policy.booking.overtime == Overtime::Replaces && self.usage.booking == Some(BookingOutcome::Fulfilled);
        if is_replaced { (period.time - period.overtime).max(0) } else { period.time }
    }

    fn interpolate(&mut self, period: &CheckedPeriod, tariff: u16) {
        let is_ocpp = self.compiled.ready[usize::from(tariff)].dialect == Dialect::Ocpp21;
        if is_ocpp && self.policy.ocpp.interpolation == Interpolation::StepAtReading && period.length > 0 {
            let timed = CheckedPeriod { energy: 0, ..*period };
            self.walk(&timed, tariff);
            let reading =
                CheckedPeriod { from: period.from + period.length, length: 0, time: 0, parking: 0, ..*period };
            self.walk(&reading, tariff);
        } else {
            self.walk(period, tariff);
        }
    }

    /// Prices a period stretch by stretch, each without a boundary inside.
    fn walk(&mut self, period: &CheckedPeriod, mut tariff: u16) {
        let time = self.billed_time(period);
        let mut position = Position::default();
        loop {
            if self.choice.switches {
                tariff = self.choice.switched(period.from.saturating_add(position.at), tariff, self.policy);
            }
            let ready = &self.compiled.ready[usize::from(tariff)];
            self.look(ready, period, &position);
            let point = self.point(ready, period, position.at);
            let next = self.next_position(ready, period, time, &position, &point);
            let (energy, time, parking) =
                (next.energy - position.energy, next.time - position.time, next.parking - position.parking);
            let picked = self.stretch(ready, tariff, period, &point, energy, time, parking);
            let from = period.from.saturating_add(position.at);
            let is_charging = period.time != 0 || (period.energy != 0 && period.parking == 0);
            self.sink.passed(tariff, &picked, is_charging, from, [energy, time.into(), parking.into()]);
            self.energy += energy;
            self.charging += next.charging - position.charging;
            self.idle += parking;
            if next.is_end {
                break;
            }
            position = next;
        }
    }

    /// A station that looks at energy only now and then sees it anew (R68).
    fn look(&mut self, ready: &Ready, period: &CheckedPeriod, position: &Position) {
        self.seen_energy = match self.policy.ocpp.evaluate {
            Evaluate::Every(seconds) if ready.dialect == Dialect::Ocpp21 && seconds > 0 => {
                let since = period.from.saturating_add(position.at) - self.origin;
                if since % (i64::from(seconds) * SECOND) == 0 { self.energy } else { self.seen_energy }
            }
            _ => self.energy,
        };
    }

    /// Prices all of a period by the cheapest or the dearest of the prices that apply in it.
    fn extreme(&mut self, period: &CheckedPeriod, tariff: u16) {
        let ready = &self.compiled.ready[usize::from(tariff)];
        let time = self.billed_time(period);
        let (energy, charging, idle) = (self.energy, self.charging, self.idle);
        let mut position = Position::default();
        let mut chosen: Option<([u32; 4], Point)> = None;
        loop {
            self.seen_energy = self.energy;
            let point = self.point(ready, period, position.at);
            let next = self.next_position(ready, period, time, &position, &point);
            let picked = self.pick(ready, ElementKind::Ordinary, &point, 0b111);
            chosen = Some(match chosen {
                None => (picked, point),
                Some((mut best, first)) => {
                    for (dimension, quantity) in quantities(period) {
                        if self.is_better(picked[dimension], best[dimension], quantity) {
                            best[dimension] = picked[dimension];
                        }
                    }
                    (best, first)
                }
            });
            self.energy = energy + next.energy;
            self.charging = charging + next.charging;
            self.idle = idle + next.parking;
            if next.is_end {
                break;
            }
            position = next;
        }
        (self.energy, self.charging, self.idle) = (energy, charging, idle);
        if let Some((picked, point)) = chosen {
            self.bill(ready, tariff, period, &point, picked, [period.energy, time.into(), period.parking.into()]);
        }
        self.energy += period.energy;
        self.charging += period.time;
        self.idle += period.parking;
    }

    fn is_better(&self, candidate: u32, best: u32, quantity: i128) -> bool {
        let net = |price: u32| {
            let list = &self.compiled.prices;
            list.wide.get(price as usize).map_or(crate::wide::Wide::ZERO, |(net, gross)| {
                if list.components[price as usize].knows_net { *net } else { *gross }
            })
        };
        let (candidate, best) = (net(candidate) * quantity.wide(), net(best) * quantity.wide());
        if self.mode == Mode::Lowest { candidate < best } else { candidate > best }
    }

    /// Finds the prices of a stretch and bills it.
    #[expect(clippy::too_many_arguments, reason = "the quantities of a stretch, in the order of the dimensions")]
    #[inline]
    fn stretch(
        &mut self,
        ready: &Ready,
        tariff: u16,
        period: &CheckedPeriod,
        point: &Point,
        energy: i128,
        time: i64,
        parking: i64,
    ) -> [u32; 4] {
        let wanted = u8::from(energy != 0) | u8::from(time != 0) << 1 | u8::from(parking != 0) << 2;
        let picked =
            if wanted == 0 { [NO_COMPONENT; 4] } else { self.pick(ready, ElementKind::Ordinary, point, wanted) };
        self.bill(ready, tariff, period, point, picked, [energy, time.into(), parking.into()]);
        picked
    }

    #[inline]
    fn bill(
        &mut self,
        ready: &Ready,
        tariff: u16,
        period: &CheckedPeriod,
        point: &Point,
        picked: [u32; 4],
        quantities: [i128; 3],
    ) {
        if !self.flat_is_done && ready.prices[FLAT] {
            self.fee(ready, tariff, period, point);
        }
        let by_period = self.policy.step.scope == StepScope::Period && self.policy.step.mode == StepMode::Up;
        for (dimension, quantity) in quantities.into_iter().enumerate() {
            if quantity == 0 {
                continue;
            }
            let pool = match dimension {
                ENERGY => &mut self.energies,
                TIME => &mut self.times,
                _ => &mut self.parkings,
            };
            pool.measured += quantity;
            let price = picked[dimension];
            if price == NO_COMPONENT {
                if S::IS_DETAILED {
                    self.sink.unpriced(dimension, Some(tariff), period.index, quantity);
                }
                continue;
            }
            pool.priced += quantity;
            pool.of_tariff = if pool.tariff == tariff { pool.of_tariff + quantity } else { quantity };
            pool.tariff = tariff;
            pool.last = price;
            pool.last_period = period.index;
            if dimension != ENERGY {
                self.last_is_parking = dimension == PARKING;
            }
            let mut billed = quantity;
            if by_period {
                let parking_goes_first =
                    dimension == TIME && quantities[PARKING] != 0 && self.policy.step.time == StepTime::ParkingFirst;
                if !parking_goes_first {
                    billed += self.surplus(price, quantity, dimension == ENERGY);
                }
            }
            self.sink.post(price, period.index, quantity, billed);
        }
        self.sink.end_of_stretch(tariff, period.length == 0);
    }

    /// The components that price some dimensions at a point.
    #[inline]
    fn pick(&self, ready: &Ready, kind: ElementKind, point: &Point, wanted: u8) -> [u32; 4] {
        let mut picked = [NO_COMPONENT; 4];
        let mut left = wanted;
        let first_element_only =
            ready.dialect == Dialect::Ocpi211 && self.policy.element.lookup == ElementLookup::FirstElementOnly;
        for chunk in &ready.chunks {
            let mut active = chunk.active(kind, point, &self.usage.facts, self.policy.ocpp.unknown_fact);
            if active == 0 {
                continue;
            }
            if first_element_only {
                active &= active.wrapping_neg();
            }
            for (dimension, component) in picked.iter_mut().enumerate() {
                if left >> dimension & 1 == 1
                    && let Some(found) = chunk.first(active, dimension)
                {
                    *component = found;
                    left &= !(1 << dimension);
                }
            }
            if left == 0 || first_element_only {
                break;
            }
        }
        picked
    }

    /// The fixed fee of OCPI: the first that is active in a period of use (R38).
    #[inline(never)]
    fn fee(&mut self, ready: &Ready, tariff: u16, period: &CheckedPeriod, point: &Point) {
        if ready.dialect == Dialect::Ocpp21 {
            return;
        }
        let found = self.pick(ready, ElementKind::Ordinary, point, 1 << FLAT)[FLAT];
        self.flat_is_done |= self.policy.flat.moment == FlatMoment::SessionStartOnly;
        if found == NO_COMPONENT {
            return;
        }
        let prices = &self.compiled.prices.components;
        let is_new = match self.policy.flat.repeat {
            FlatRepeat::OncePerSession => {
                self.flat_is_done = true;
                true
            }
            FlatRepeat::OncePerComponent => !self.flats.contains(&found),
            FlatRepeat::OncePerTariff => {
                !self.flats.iter().any(|&known| prices[known as usize].source.tariff == tariff)
            }
        };
        if is_new {
            if self.policy.flat.repeat != FlatRepeat::OncePerSession {
                self.flats.push(found);
            }
            self.sink.post(found, period.index, 1, 1);
        }
    }

    /// The fixed fee of OCPP: decided at the start of the transaction, or of the first tariff (R62, R66).
    fn fee_at_start(&mut self) {
        let priced = self.usage.periods.iter().filter(|period| period.is_use);
        let Some((period, tariff)) = priced.filter_map(|period| Some((period, self.choice.of(period)?))).next() else {
            return;
        };
        let ready = &self.compiled.ready[usize::from(tariff)];
        if ready.dialect != Dialect::Ocpp21 {
            return;
        }
        if !self.flat_is_done {
            let point = self.still_point(ready, period.from);
            let found = self.pick(ready, ElementKind::Ordinary, &point, 1 << FLAT)[FLAT];
            if found != NO_COMPONENT {
                self.sink.post(found, period.index, 1, 1);
            }
        }
        self.flat_is_done = true;
        self.sink.end_of_stretch(tariff, true);
    }

    /// Reservations and bookings (R39, R40, R63).
    fn reservation(&mut self) {
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
        self.seen.is_expired = is_expired && total != 0;
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
                    self.seen.booking_unknown = is_booked;
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
                self.sink.post(other[FLAT], period.index, 1, 1);
            }
        }
        if picked[FLAT] != NO_COMPONENT {
            self.sink.post(picked[FLAT], period.index, 1, 1);
        }
        if total == 0 || picked[TIME] == NO_COMPONENT {
            return;
        }
        self.sink.post(picked[TIME], period.index, total, total);
        self.reserved = Pool {
            priced: total,
            measured: total,
            of_tariff: total,
            tariff,
            last: picked[TIME],
            last_period: period.index,
        };
    }

    /// Staying longer than booked (R40); each stay is rounded on its own.
    fn overtime(&mut self, period: &CheckedPeriod, tariff: u16) {
        let ready = &self.compiled.ready[usize::from(tariff)];
        if self.usage.booking != Some(BookingOutcome::Fulfilled) {
            self.seen.booking_unknown |= self.usage.booking.is_none();
            return;
        }
        let point = self.point(ready, period, 0);
        let price = self.pick(ready, ElementKind::BookingOvertime, &point, 1 << TIME)[TIME];
        if price == NO_COMPONENT {
            return;
        }
        let quantity = i128::from(period.overtime);
        let surplus = if self.policy.step.mode == StepMode::Up { self.surplus(price, quantity, false) } else { 0 };
        self.sink.post(price, period.index, quantity, quantity + surplus);
    }

    /// Step rounding at the end of the session (R30 to R37).
    fn round_steps(&mut self) {
        let policy = &self.policy.step;
        if policy.mode == StepMode::Ignore || policy.scope == StepScope::Period {
            return;
        }
        let base = |pool: &Pool| match (policy.base, policy.across_tariffs) {
            (StepBase::Measured, _) => pool.measured,
            (StepBase::Priced, StepTariffs::SessionTotal) => pool.priced,
            (StepBase::Priced, StepTariffs::LastTariffOnly) => pool.of_tariff,
        };
        let parks = self.parkings.last != NO_COMPONENT
            || (policy.unpriced_parking == UnpricedParking::Counts && self.parkings.measured != 0);
        let (rounds_time, rounds_parking) = match policy.time {
            StepTime::ParkingFirst => (!parks, parks),
            StepTime::LastPeriod => (!self.last_is_parking, self.last_is_parking),
            StepTime::BothSeparately => (true, true),
        };
        let pooled = self.policy.reservation.step == ReservationStep::PooledWithTime
            && (self.times.last != NO_COMPONENT || self.parkings.last != NO_COMPONENT);
        for (pool, is_rounded, is_energy) in [
            (self.energies, true, true),
            (self.times, rounds_time, false),
            (self.parkings, rounds_parking, false),
            (self.reserved, !pooled, false),
        ] {
            if pool.last == NO_COMPONENT || !is_rounded {
                continue;
            }
            let is_time = !is_energy && pool.last == self.times.last;
            let reserved = if pooled && is_time { self.reserved.priced } else { 0 };
            let surplus = self.surplus(pool.last, base(&pool) + reserved, is_energy);
            if surplus != 0 {
                self.sink.surplus(pool.last, pool.last_period, surplus);
            }
        }
        if let Some(tariff) = self.seen.last_tariff {
            self.sink.end_of_stretch(tariff, true);
        }
    }

    /// What is missing to the next multiple of a price's step.
    fn surplus(&self, price: u32, quantity: i128, is_energy: bool) -> i128 {
        let step = i128::from(self.compiled.prices.components[price as usize].step);
        if step == 0 {
            return 0;
        }
        let unit = if is_energy { 10_i128.pow(self.usage.scale - 3) } else { i128::from(SECOND) };
        // steps are 10^12 at most, units 10^25
        let step = step * unit;
        if quantity >= 0 {
            let rest = quantity % step;
            return if rest == 0 { 0 } else { step - rest };
        }
        match self.policy.step.negative_quantity {
            NegativeStep::Exact => 0,
            NegativeStep::TowardZero => -(quantity % step),
            NegativeStep::AwayFromZero => match -quantity % step {
                0 => 0,
                rest => rest - step,
            },
        }
    }

    /// Where the session is, so many nanoseconds into a period.
    #[inline]
    pub(super) fn point(&self, ready: &Ready, period: &CheckedPeriod, at: i64) -> Point {
        let mut point = Point::default();
        let now = period.from.saturating_add(at);
        if ready.needs.local_time {
            self.read_clock(&mut point, now);
        }
        point.elapsed = match self.policy.duration.clock {
            DurationClock::Elapsed => now.saturating_sub(self.origin),
            DurationClock::ChargingOnly => self.charging,
        };
        point.charging = self.charging;
        point.idle = self.idle;
        if ready.needs.energy {
            let energy = if self.mode == Mode::AsStated { self.energy } else { self.seen_energy };
            point.energy = energy_threshold(energy, self.usage.scale);
        }
        if ready.needs.flow {
            point.flow = self.flow(period);
        }
        point
    }

    /// Where the session is before anything was used.
    fn still_point(&self, ready: &Ready, at: i64) -> Point {
        let mut point = Point { flow: NO_FLOW, ..Point::default() };
        if ready.needs.local_time {
            self.read_clock(&mut point, at);
        }
        point
    }

    /// The local reading of an instant (R19 to R22).
    #[inline]
    fn read_clock(&self, point: &mut Point, at: i64) {
        let second = self.second(at);
        let (offset, next) = self.usage.zone.at(second);
        let mut local = second + i64::from(offset);
        if self.policy.window.repeated_hour != RepeatedHour::BothPasses {
            local = self.reading_in_repeated_hour(second, offset, next, local);
        }
        point.second_of_day = local.rem_euclid(DAY);
        let day = local.div_euclid(DAY);
        // 1 January 1970 was a Thursday, and day 719 163 of the common era
        point.weekday = (day + 3).rem_euclid(7) as u8;
        point.day = day + 719_163;
    }

    /// Seconds since 1970 of so many nanoseconds after the start of the session.
    pub(super) fn second(&self, at: i64) -> i64 {
        self.usage.start + (at.saturating_add(self.usage.start_nanos)).div_euclid(SECOND)
    }

    /// The reading that makes boundaries inside a repeated hour take effect in one pass only (R22): in the other pass the
    /// clock stands at its edge.
    fn reading_in_repeated_hour(&self, second: i64, offset: i32, next: Option<i64>, local: i64) -> i64 {
        let LocalTime::Segments(segments) = &self.usage.zone else { return local };
        match self.policy.window.repeated_hour {
            RepeatedHour::FirstPass => {
                // in the second pass: the clock shows the end of the hour until it is over
                let place = segments.partition_point(|segment| segment.from <= second);
                let Some(before) = place.checked_sub(2).and_then(|before| segments.get(before)) else { return local };
                segments.get(place - 1).map_or(local, |now| local.max(now.from + i64::from(before.offset)))
            }
            _ => {
                // in the first pass: the clock stays just before the hour
                let after = next.and_then(|next| segments.iter().find(|segment| segment.from == next));
                match after.map(|after| (after.offset < offset, after.from + i64::from(after.offset))) {
                    Some((true, edge)) if local >= edge => edge - 1,
                    _ => local,
                }
            }
        }
    }

    /// Current and power of a period as conditions see them (R25, R26).
    #[inline(never)]
    fn flow(&self, period: &CheckedPeriod) -> FlowView {
        let policy = &self.policy.power;
        let is_charging = period.energy != 0 || period.time != 0;
        if !is_charging && policy.idle == IdlePower::Zero {
            return NO_FLOW;
        }
        let stated = match (period.flow as usize).checked_sub(1) {
            Some(place) => self.usage.flows[place],
            None => CheckedFlow::default(),
        };
        let assume_met = policy.missing != MissingPower::AssumeNotMet;
        let derived = |stated: bool| {
            let wanted = policy.missing == MissingPower::Derive && !stated && is_charging;
            if wanted { self.average_power(period) } else { None }
        };
        let view = |extreme: Option<i128>, average: Option<i128>, other: Option<i128>| {
            let known = match policy.straddle {
                PowerStraddle::Extremes => extreme.or(average),
                PowerStraddle::Average => average.or(extreme),
            };
            // where what is not known is not met, the other extreme still proves some bounds
            known.or(if assume_met { None } else { other })
        };
        let all_stated = stated.power.is_some() || (stated.min_power.is_some() && stated.max_power.is_some());
        let power = stated.power.or_else(|| derived(all_stated));
        FlowView {
            current_from: view(stated.max_current, stated.current, stated.min_current),
            current_below: view(stated.min_current, stated.current, stated.max_current),
            power_from: view(stated.max_power, power, stated.min_power),
            power_below: view(stated.min_power, power, stated.max_power),
            assume_met,
        }
    }

    /// Energy over charging time, or over the length of the period if no time is stated.
    fn average_power(&self, period: &CheckedPeriod) -> Option<i128> {
        let nanos = if period.time != 0 { period.time } else { period.length };
        if nanos == 0 {
            return None;
        }
        let up = 10_i128.pow(THRESHOLD_SCALE) * HOUR;
        let down = 10_i128.pow(self.usage.scale).wide() * i128::from(nanos).wide();
        let (quotient, rest) = (period.energy.wide() * up.wide() / down, period.energy.wide() * up.wide() % down);
        narrow(quotient).map(|quotient| if rest.is_negative() { quotient - 1 } else { quotient })
    }

    /// Says so if the price changes within a period that is priced as it starts (R17), or could not be checked (R25).
    #[inline(never)]
    fn report_span(&mut self, ready: &Ready, period: &CheckedPeriod, start: &Point, picked: &[u32; 4]) {
        if ready.needs.flow {
            if ready.chunks.iter().any(|chunk| chunk.is_unverifiable(ElementKind::Ordinary, start)) {
                self.sink.unverifiable(period.index);
            }
            let swapped = FlowView {
                current_from: start.flow.current_below,
                current_below: start.flow.current_from,
                power_from: start.flow.power_below,
                power_below: start.flow.power_from,
                ..start.flow
            };
            let other = self.pick(ready, ElementKind::Ordinary, &Point { flow: swapped, ..*start }, 0b111);
            if quantities(period).into_iter().any(|(place, quantity)| quantity != 0 && other[place] != picked[place]) {
                self.sink.spans(period.index, period.from);
                return;
            }
        }
        let (energy, charging, idle) = (self.energy, self.charging, self.idle);
        let mut position = Position::default();
        let mut point = *start;
        loop {
            let next = self.next_position(ready, period, period.time, &position, &point);
            if next.is_end {
                break;
            }
            self.energy = energy + next.energy;
            self.charging = charging + next.charging;
            self.idle = idle + next.parking;
            position = next;
            point = self.point(ready, period, position.at);
            let is_over = position.at >= period.length && position.energy == period.energy;
            let other = self.pick(ready, ElementKind::Ordinary, &point, 0b111);
            if !is_over
                && quantities(period)
                    .into_iter()
                    .any(|(place, quantity)| quantity != 0 && other[place] != picked[place])
            {
                self.sink.spans(period.index, period.from.saturating_add(position.at));
                break;
            }
        }
        (self.energy, self.charging, self.idle) = (energy, charging, idle);
    }
}

fn quantities(period: &CheckedPeriod) -> [(usize, i128); 3] {
    [(ENERGY, period.energy), (TIME, period.time.into()), (PARKING, period.parking.into())]
}

const NO_FLOW: FlowView = FlowView {
    current_from: Some(0),
    current_below: Some(0),
    power_from: Some(0),
    power_below: Some(0),
    assume_met: true,
};
