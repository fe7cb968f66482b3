//! The walk over a session: finds the price of every quantity and hands both to a sink.

use alloc::vec::Vec;

use super::choose::Choice;
use super::clock::Day;
use super::steps::Pool;
use super::stretch::Position;
use crate::compile::axes::{FlowView, Point};
use crate::compile::{Compiled, NO_COMPONENT, Ready};
use crate::policy::{
    DurationOrigin, ElementLookup, Evaluate, IdleCounter, Interpolation, Overtime, Policy, Split, StepMode, StepScope,
    StepTime, TariffSwitch, TierScope,
};
use crate::tariff::{Dialect, ElementKind};
use crate::usage::{BookingOutcome, CheckedPeriod, RecordKind, SECOND, Usage};
use crate::wide::{Integer, Wide};

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

/// Where a walk stands, so that it can go on later.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// Energy so far, in units.
    pub(super) energy: i128,
    /// Energy so far as a station sees it that looks only now and then (R68).
    pub(super) seen_energy: i128,
    pub(super) charging: i64,
    pub(super) idle: i64,
    /// Where durations start, in nanoseconds since the start of the session.
    pub(super) origin: i64,
    energy_tariff: Option<u16>,
    pub(super) flat_is_done: bool,
    pub(super) flats: Vec<u32>,
    /// What steps will round, by dimension; the last is reserved time.
    pub(super) pools: [Pool; 4],
    pub(super) last_is_parking: bool,
    pub(super) seen: Seen,
}

/// A walk over a session.
pub(super) struct Session<'a, S> {
    pub(super) compiled: &'a Compiled,
    pub(super) usage: &'a Usage,
    pub(super) policy: &'a Policy,
    pub(super) choice: &'a Choice<'a>,
    pub(super) sink: &'a mut S,
    pub(super) mode: Mode,
    pub(super) state: State,
    /// Current and power at the point that was looked at last.
    pub(super) flow: FlowView,
    /// The day of that point.
    pub(super) today: Day,
}

pub(super) const ENERGY: usize = 0;
pub(super) const TIME: usize = 1;
pub(super) const PARKING: usize = 2;
/// Among pools.
pub(super) const RESERVED: usize = 3;
/// Among prices.
pub(super) const FLAT: usize = 3;

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
        let state = State {
            energy: 0,
            seen_energy: 0,
            charging: 0,
            idle: 0,
            origin,
            energy_tariff: None,
            flat_is_done: policy.flat.requires_energy && usage.energy == 0,
            flats: Vec::new(),
            pools: [Pool::EMPTY; 4],
            last_is_parking: false,
            seen: Seen::default(),
        };
        Self { compiled, usage, policy, choice, sink, mode, state, flow: FlowView::default(), today: Day::NONE }
    }

    /// Goes on from where another walk stood.
    pub(super) fn resume(self, state: State) -> Self {
        Self { state, ..self }
    }

    pub(super) fn suspend(self) -> State {
        self.state
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
        self.state.seen
    }

    /// Prices the next period.
    #[inline]
    pub(super) fn proceed(&mut self, period: &CheckedPeriod) {
        let Some(tariff) = self.choice.of(period) else {
            self.without_tariff(period);
            return;
        };
        if period.is_use {
            self.state.seen.first_tariff.get_or_insert(tariff);
        }
        self.state.seen.has_several |= self.state.seen.last_tariff.replace(tariff).is_some_and(|last| last != tariff);
        if period.overtime != 0 {
            self.overtime(period, tariff);
        }
        if !period.is_use {
            return;
        }
        if self.policy.energy_tiers.scope == TierScope::Tariff
            && self.state.energy_tariff.replace(tariff) != Some(tariff)
        {
            self.restart_energy(period, tariff);
        }
        let is_ocpp = self.compiled.ready[usize::from(tariff)].dialect == Dialect::Ocpp21;
        if self.policy.ocpp.idle_counter == IdleCounter::CurrentPhase && is_ocpp && period.time != 0 {
            self.state.idle = 0;
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
                    self.sink.unpriced(dimension, None, period.place, quantity);
                }
            }
        }
        self.state.energy += period.energy;
        self.state.charging += period.time;
        self.state.idle += period.parking;
        self.state.pools[PARKING].measured += i128::from(period.parking);
    }

    /// The energy of earlier periods of the same tariff, where thresholds count those only (R23).
    fn restart_energy(&mut self, period: &CheckedPeriod, tariff: u16) {
        self.state.energy = self
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
        self.state.energy += period.energy;
        self.state.charging += period.time;
        self.state.idle += period.parking;
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
            self.state.energy += energy;
            self.state.charging += next.charging - position.charging;
            self.state.idle += parking;
            if next.is_end {
                break;
            }
            position = next;
        }
    }

    /// A station that looks at energy only now and then sees it anew (R68).
    fn look(&mut self, ready: &Ready, period: &CheckedPeriod, position: &Position) {
        self.state.seen_energy = match self.policy.ocpp.evaluate {
            Evaluate::Every(seconds) if ready.dialect == Dialect::Ocpp21 && seconds > 0 => {
                let since = period.from.saturating_add(position.at) - self.state.origin;
                if since % (i64::from(seconds) * SECOND) == 0 { self.state.energy } else { self.state.seen_energy }
            }
            _ => self.state.energy,
        };
    }

    /// Prices all of a period by the cheapest or the dearest of the prices that apply in it.
    fn extreme(&mut self, period: &CheckedPeriod, tariff: u16) {
        let ready = &self.compiled.ready[usize::from(tariff)];
        let time = self.billed_time(period);
        let (energy, charging, idle) = (self.state.energy, self.state.charging, self.state.idle);
        let mut position = Position::default();
        let mut chosen: Option<([u32; 4], Point)> = None;
        loop {
            self.state.seen_energy = self.state.energy;
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
            self.state.energy = energy + next.energy;
            self.state.charging = charging + next.charging;
            self.state.idle = idle + next.parking;
            if next.is_end {
                break;
            }
            position = next;
        }
        (self.state.energy, self.state.charging, self.state.idle) = (energy, charging, idle);
        if let Some((picked, point)) = chosen {
            if self.wants_fee(ready) {
                let fee = self.pick(ready, ElementKind::Ordinary, &point, 1 << FLAT)[FLAT];
                self.fee(tariff, period, fee);
            }
            self.bill(tariff, period, picked, [period.energy, time.into(), period.parking.into()]);
        }
        self.state.energy += period.energy;
        self.state.charging += period.time;
        self.state.idle += period.parking;
    }

    fn is_better(&self, candidate: u32, best: u32, quantity: i128) -> bool {
        let net = |price: u32| {
            let list = &self.compiled.prices;
            list.wide.get(price as usize).map_or(Wide::ZERO, |rate| if rate.knows_net { rate.net } else { rate.gross })
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
        let wants_fee = self.wants_fee(ready);
        let wanted = u8::from(energy != 0)
            | u8::from(time != 0) << TIME
            | u8::from(parking != 0) << PARKING
            | u8::from(wants_fee) << FLAT;
        if wanted == 0 {
            self.sink.end_of_stretch(tariff, period.length == 0);
            return [NO_COMPONENT; 4];
        }
        let mut picked = self.pick(ready, ElementKind::Ordinary, point, wanted);
        let fee = core::mem::replace(&mut picked[FLAT], NO_COMPONENT);
        if wants_fee {
            self.fee(tariff, period, fee);
        }
        self.bill(tariff, period, picked, [energy, time.into(), parking.into()]);
        picked
    }

    #[inline(always)]
    fn bill(&mut self, tariff: u16, period: &CheckedPeriod, picked: [u32; 4], quantities: [i128; 3]) {
        let by_period = self.policy.step.scope == StepScope::Period && self.policy.step.mode == StepMode::Up;
        for (dimension, quantity) in quantities.into_iter().enumerate() {
            if quantity == 0 {
                continue;
            }
            let pool = &mut self.state.pools[dimension];
            pool.measured += quantity;
            let price = picked[dimension];
            if price == NO_COMPONENT {
                if S::IS_DETAILED {
                    self.sink.unpriced(dimension, Some(tariff), period.place, quantity);
                }
                continue;
            }
            pool.add(price, tariff, period.place, quantity);
            if dimension != ENERGY {
                self.state.last_is_parking = dimension == PARKING;
            }
            let mut billed = quantity;
            if by_period {
                let parking_goes_first =
                    dimension == TIME && quantities[PARKING] != 0 && self.policy.step.time == StepTime::ParkingFirst;
                if !parking_goes_first {
                    billed += self.surplus(price, quantity, dimension == ENERGY);
                }
            }
            self.sink.post(price, period.place, quantity, billed);
        }
        self.sink.end_of_stretch(tariff, period.length == 0);
    }

    /// The components that price some dimensions at a point.
    #[inline]
    pub(super) fn pick(&self, ready: &Ready, kind: ElementKind, point: &Point, wanted: u8) -> [u32; 4] {
        let mut picked = [NO_COMPONENT; 4];
        let mut left = wanted & 0b1111;
        let first_element_only =
            ready.dialect == Dialect::Ocpi211 && self.policy.element.lookup == ElementLookup::FirstElementOnly;
        for chunk in &ready.chunks {
            let mut active = chunk.active(kind, point, &self.flow, &self.usage.facts, self.policy.ocpp.unknown_fact);
            if active == 0 {
                continue;
            }
            if first_element_only {
                active &= active.wrapping_neg();
            }
            let mut wanted = left;
            while wanted != 0 {
                let dimension = wanted.trailing_zeros() as usize;
                wanted &= wanted - 1;
                if let Some(found) = chunk.first(active, dimension) {
                    picked[dimension] = found;
                    left &= !(1 << dimension);
                }
            }
            if left == 0 || first_element_only {
                break;
            }
        }
        picked
    }

    /// Says so if the price changes within a period that is priced as it starts (R17), or could not be checked (R25).
    #[inline(never)]
    fn report_span(&mut self, ready: &Ready, period: &CheckedPeriod, start: &Point, picked: &[u32; 4]) {
        if ready.needs.flow {
            if ready.chunks.iter().any(|chunk| chunk.is_unverifiable(ElementKind::Ordinary, &self.flow)) {
                self.sink.unverifiable(period.index);
            }
            self.flow.swap();
            let other = self.pick(ready, ElementKind::Ordinary, start, 0b111);
            self.flow.swap();
            if quantities(period).into_iter().any(|(place, quantity)| quantity != 0 && other[place] != picked[place]) {
                self.sink.spans(period.index, period.from);
                return;
            }
        }
        let (energy, charging, idle) = (self.state.energy, self.state.charging, self.state.idle);
        let mut position = Position::default();
        let mut point = *start;
        loop {
            let next = self.next_position(ready, period, period.time, &position, &point);
            if next.is_end {
                break;
            }
            self.state.energy = energy + next.energy;
            self.state.charging = charging + next.charging;
            self.state.idle = idle + next.parking;
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
        (self.state.energy, self.state.charging, self.state.idle) = (energy, charging, idle);
    }
}

fn quantities(period: &CheckedPeriod) -> [(usize, i128); 3] {
    [(ENERGY, period.energy), (TIME, period.time.into()), (PARKING, period.parking.into())]
}
