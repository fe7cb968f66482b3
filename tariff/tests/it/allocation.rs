//! Totals need no memory.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tariff::*;

use crate::desk::*;

#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The least that any of several runs allocates: other tests run beside this one and share the counter.
fn allocations(mut run: impl FnMut()) -> usize {
    (0..2000)
        .map(|_| {
            let region = Region::new(MEMORY);
            run();
            region.change().allocations
        })
        .min()
        .unwrap_or_default()
}

#[test]
fn totals_and_refilled_usages_do_not_allocate() {
    let policy = Policy::default();
    let tariff = Tariff {
        max_price: Some(PriceLimit::both(decimal("40"), decimal("48"))),
        ..euro([
            when(
                r#"{"start_time": "08:00:00", "end_time": "11:00:00"}"#,
                [energy("0.40").vat(decimal("20")), flat("1")],
            ),
            when(r#"{"min_power": "5"}"#, [energy("0.30").step(500)]),
            always([time("1"), parking("2").step(300), energy("0.20")]),
            always([time("1")]).for_kind(ElementKind::Reservation),
        ])
    };
    let compiled = tariff.compile(&policy).unwrap();
    let session = session().reserve(10).charge(30, "5").charge(60, "12").park(20);
    let mut usage = session.usage(&policy);
    assert_eq!(allocations(|| drop(compiled.totals(&usage, &policy))), 0);
    assert_eq!(allocations(|| drop(usage.refill(&session.record, &policy))), 0);
    assert_ne!(allocations(|| drop(compiled.price(&usage, &policy))), 0, "the counter counts");
}
