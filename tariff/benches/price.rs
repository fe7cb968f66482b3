//! The speed of pricing: totals and bills of small and large sessions.

#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;

use chrono::{DateTime, TimeDelta, Utc};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rust_decimal::Decimal;
use tariff::{
    Compiled, Component, Conditions, Currency, Dimension, Element, LocalTime, Period, Policy, Record, Span, Tariff,
    Usage, Weekdays,
};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn conditions(json: &str) -> Conditions {
    serde_json::from_str(json).unwrap()
}

/// Two elements: energy by day with a fee, energy by night.
fn small_tariff() -> Tariff {
    let energy = |price: &str| Component::new(Dimension::Energy, decimal(price)).step(1).vat(decimal("21"));
    let fee = Component::new(Dimension::Flat, decimal("0.50")).vat(decimal("21"));
    let day = conditions(r#"{"start_time": "08:00:00", "end_time": "20:00:00"}"#);
    let parking = Component::new(Dimension::ParkingTime, decimal("2.00")).step(300).vat(decimal("21"));
    Tariff::new(
        "small",
        Currency::EUR,
        vec![
            Element::new(vec![energy("0.45"), fee.clone(), parking]).when(day),
            Element::new(vec![energy("0.29"), fee]),
        ],
    )
}

/// 24 elements: every hour of the day has its prices, dearer on working days from 20 kWh on.
fn large_tariff() -> Tariff {
    let elements = (0..24).map(|hour| {
        let mut when =
            conditions(&format!(r#"{{"start_time": "{hour:02}:00:00", "end_time": "{:02}:00:00"}}"#, (hour + 1) % 24));
        if hour % 2 == 0 {
            when.day_of_week = Weekdays::WORKING;
            when.max_kwh = Some(decimal("400"));
        }
        let price =
            |dimension, price: i64| Component::new(dimension, Decimal::new(price, 2)).step(1).vat(decimal("19"));
        Element::new(vec![
            price(Dimension::Energy, 20 + hour),
            price(Dimension::Time, 100 + hour),
            price(Dimension::ParkingTime, 300),
        ])
        .when(when)
    });
    Tariff::new("large", Currency::EUR, elements.collect())
}

fn session(periods: usize, minutes: i64) -> Record {
    let start: DateTime<Utc> = "2024-01-15T07:00:00Z".parse().unwrap();
    let mut record = Record { zone: LocalTime::Fixed(3600), ..Record::new(start, start) };
    for place in 0..periods {
        let mut period = Period::new(record.end);
        if place % 3 == 2 {
            period.parking_time = Some(Span::seconds(minutes as u32 * 60));
        } else {
            period.energy = Some(Decimal::new(1234 + place as i64 % 7, 3));
            period.time = Some(Span::seconds(minutes as u32 * 60));
        }
        record.periods.push(period);
        record.end += TimeDelta::minutes(minutes);
    }
    record
}

fn price(c: &mut Criterion) {
    let policy = Policy::default();
    for (name, tariff, record) in
        [("small", small_tariff(), session(3, 20)), ("large", large_tariff(), session(96, 15))]
    {
        let compiled: Compiled = tariff.compile(&policy).unwrap();
        let usage = Usage::new(&record, &policy).unwrap();
        let mut group = c.benchmark_group(name);
        group.bench_function("totals", |bencher| {
            bencher.iter(|| black_box(&compiled).totals(black_box(&usage), &policy));
        });
        group.bench_function("bill", |bencher| bencher.iter(|| black_box(&compiled).price(black_box(&usage), &policy)));
        let mut again = Usage::empty();
        group.bench_function("usage", |bencher| bencher.iter(|| again.refill(black_box(&record), &policy)));
        group.bench_function("compile", |bencher| bencher.iter(|| black_box(&tariff).compile(&policy)));
    }

    let compiled = large_tariff().compile(&policy).unwrap();
    let mut group = c.benchmark_group("linear");
    for periods in [1_000, 4_000, 16_000] {
        let usage = Usage::new(&session(periods, 1), &policy).unwrap();
        group.throughput(Throughput::Elements(periods as u64));
        group.bench_function(BenchmarkId::from_parameter(periods), |bencher| {
            bencher.iter(|| compiled.totals(black_box(&usage), &policy));
        });
    }
}

criterion_group!(benches, price);
criterion_main!(benches);
