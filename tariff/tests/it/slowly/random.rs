//! Random tariffs and sessions from a seed.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc, Weekday};
use rust_decimal::Decimal;
use tariff::*;

/// SplitMix64: short, and good enough to roam the conditions.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn maybe<T>(&mut self, percent: u64, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.chance(percent).then(|| make(self))
    }

    fn decimal(&mut self, below: u64, scale: u32) -> Decimal {
        Decimal::new(self.below(below) as i64, scale)
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

pub fn pair(seed: u64) -> (Tariff, Record) {
    let mut random = Random(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
    let dialect = if random.chance(30) { Dialect::Ocpp21 } else { Dialect::Ocpi };
    let tariff = tariff(&mut random, dialect);
    let record = record(&mut random, dialect);
    (tariff, record)
}

fn tariff(random: &mut Random, dialect: Dialect) -> Tariff {
    let is_ocpp = dialect == Dialect::Ocpp21;
    let tax_mode = if !is_ocpp && random.chance(20) { TaxMode::Included } else { TaxMode::Excluded };
    let count = 1 + random.below(6);
    let elements = (0..count).map(|_| element(random, dialect, tax_mode)).collect();
    let mut tariff = Tariff { dialect, tax_mode, ..Tariff::new("random", Currency::EUR, elements) };
    let limit = |random: &mut Random| {
        let net = random.decimal(2000, 2);
        PriceLimit::both(net, net * Decimal::new(100 + random.below(25) as i64, 2))
    };
    tariff.min_price = random.maybe(20, limit);
    tariff.max_price = random.maybe(30, limit);
    if is_ocpp && let Some(max) = &mut tariff.max_price {
        match random.below(3) {
            0 => max.excl_tax = None,
            1 => max.incl_tax = None,
            _ => {}
        }
    }
    tariff
}

fn element(random: &mut Random, dialect: Dialect, tax_mode: TaxMode) -> Element {
    let kind = match random.below(10) {
        0 => ElementKind::Reservation,
        1 if dialect == Dialect::Ocpi => ElementKind::ReservationExpires,
        _ => ElementKind::Ordinary,
    };
    let dimensions: &[Dimension] = match kind {
        ElementKind::Ordinary => &Dimension::ALL,
        _ => &[Dimension::Flat, Dimension::Time],
    };
    let mut components: Vec<Component> = Vec::new();
    for &dimension in dimensions {
        if random.chance(55) {
            components.push(component(random, dimension, dialect, tax_mode));
        }
    }
    Element::new(components).for_kind(kind).when(conditions(random, dialect))
}

fn component(random: &mut Random, dimension: Dimension, dialect: Dialect, tax_mode: TaxMode) -> Component {
    let (below, scale) = random.one_of(&[(500, 2), (60_000, 4), (9, 0)]);
    let mut price = random.decimal(below, scale);
    if random.chance(5) {
        price = -price;
    }
    let mut component = Component::new(dimension, price);
    if dialect == Dialect::Ocpi && dimension != Dimension::Flat {
        component.step = Decimal::from(random.one_of(&[0_u32, 0, 1, 60, 250, 300, 500, 900, 1800]));
    }
    let rates = [Decimal::ZERO, Decimal::new(55, 1), Decimal::from(19), Decimal::from(21), Decimal::new(9975, 3)];
    let count = match (tax_mode, dialect) {
        (TaxMode::Included, _) => 1,
        (_, Dialect::Ocpp21) => random.below(4),
        _ => random.below(2),
    };
    component.taxes = (0..count)
        .map(|place| Tax { stack: random.below(3) as u32, ..Tax::new(format!("tax {place}"), random.one_of(&rates)) })
        .collect();
    component
}

fn conditions(random: &mut Random, dialect: Dialect) -> Conditions {
    let is_ocpp = dialect == Dialect::Ocpp21;
    let time = |random: &mut Random| {
        NaiveTime::from_hms_opt(random.below(24) as u32, random.one_of(&[0, 0, 15, 30]), 0).unwrap()
    };
    let date = |random: &mut Random| chrono::NaiveDate::from_ymd_opt(2024, 10, 25 + random.below(5) as u32).unwrap();
    let seconds = |random: &mut Random| random.below(240) * 60;
    let sign = |random: &mut Random, value: Decimal| if is_ocpp && random.chance(20) { -value } else { value };
    let days =
        |random: &mut Random| (0..3).map(|_| Weekday::try_from(random.below(7) as u8).unwrap()).collect::<Weekdays>();
    let bound = |random: &mut Random| {
        let value = random.decimal(400, 1);
        sign(random, value)
    };
    Conditions {
        start_time: random.maybe(20, time),
        end_time: random.maybe(20, time),
        start_date: random.maybe(8, date),
        end_date: random.maybe(8, date),
        day_of_week: random.maybe(12, days).unwrap_or_default(),
        min_kwh: random.maybe(15, bound),
        max_kwh: random.maybe(15, bound),
        min_current: random.maybe(6, bound),
        max_current: random.maybe(6, bound),
        min_power: random.maybe(8, bound),
        max_power: random.maybe(8, bound),
        min_duration: random.maybe(12, seconds),
        max_duration: random.maybe(12, seconds),
        min_charging_time: random.maybe(6, seconds),
        max_charging_time: random.maybe(6, seconds),
        min_idle_time: random.maybe(6, seconds),
        max_idle_time: random.maybe(6, seconds),
        ..Conditions::default()
    }
}

fn record(random: &mut Random, dialect: Dialect) -> Record {
    let start: DateTime<Utc> = "2024-10-25T00:00:00Z".parse().unwrap();
    let start = start
        + TimeDelta::minutes(random.below(4 * 1440) as i64)
        + TimeDelta::milliseconds(random.one_of(&[0, 0, 17_500]));
    let mut record = Record::new(start, start);
    record.zone = match random.below(3) {
        0 => LocalTime::UTC,
        1 => LocalTime::Fixed(-12_600),
        // Amsterdam around the last Sunday of October
        _ => LocalTime::segments(vec![
            Segment { from: 1_711_846_800, offset: 7200 },
            Segment { from: 1_729_990_800, offset: 3600 },
        ])
        .unwrap(),
    };
    if random.chance(40) {
        record.kind = RecordKind::Measured;
    }
    if random.chance(20) {
        let minutes = 1 + random.below(90);
        record
            .periods
            .push(Period { reservation_time: Some(Span::seconds(minutes as u32 * 60)), ..Period::new(start) });
        record.end += TimeDelta::minutes(minutes as i64);
        if random.chance(20) && dialect == Dialect::Ocpi {
            return record;
        }
    }
    for _ in 0..1 + random.below(5) {
        // whole pairs of seconds, so that halves are whole, too
        let seconds = if random.chance(3) { 0 } else { 2 * (1 + random.below(7_000)) };
        let mut period = Period::new(record.end);
        let charges = random.chance(75);
        if charges {
            let energy = Decimal::new(1 + random.below(30_000) as i64, random.one_of(&[3, 3, 2]));
            period.energy = Some(if random.chance(6) { -energy } else { energy });
        }
        if charges && random.chance(80) && seconds > 0 {
            period.time = Some(Span::Nanos(seconds as i64 * 1_000_000_000));
        }
        if (!charges || random.chance(15)) && seconds > 0 {
            period.parking_time = Some(Span::Nanos(seconds as i64 * 500_000_000));
        }
        if !charges && seconds == 0 {
            period.energy = Some(Decimal::ONE);
        }
        period.flow.min_current = random.maybe(30, |random| random.decimal(300, 1));
        period.flow.max_current = period.flow.min_current.map(|least| least + random.decimal(50, 1));
        record.periods.push(period);
        record.end += TimeDelta::seconds(seconds as i64);
    }
    record
}
