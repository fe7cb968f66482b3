//! Several tariffs for one usage (R54).

use tariff::{Policy, Tariff, compare};

use crate::desk::{always, decimal, energy, euro, flat, session, time, when};

fn named(id: &str, tariff: Tariff) -> Tariff {
    Tariff { id: id.into(), ..tariff }
}

#[test]
fn r54_the_quantity_from_which_the_order_changes_is_found() {
    let a = named("A", euro([always([energy("0.25"), flat("0.50")])]));
    let b = named("B", euro([always([energy("0.30")])]));
    let record = session().charge(60, "20").record;
    let comparison = compare(&[b.clone(), a.clone()], &record, &Policy::default()).unwrap();
    let ids: Vec<&str> = comparison.offers.iter().map(|offer| offer.id.as_str()).collect();
    assert_eq!(ids, ["A", "B"]);
    assert_eq!(comparison.offers[0].totals.total.excl_tax.unwrap().to_string(), "5.5");
    let [crossing] = comparison.crossings[..] else { panic!("{:?}", comparison.crossings) };
    assert_eq!((crossing.energy, crossing.below, crossing.above), (decimal("10.001"), 0, 1));
}

#[test]
fn the_order_can_change_more_than_once() {
    let tiers = when(r#"{"max_kwh": "10"}"#, [energy("0.50")]);
    let steep = named("tiers", euro([tiers, always([energy("0.10")])]));
    let flat_rate = named("flat", euro([always([energy("0.30")])]));
    let fee = named("fee", euro([always([flat("7.50")])]));
    // by quantity: flat rate, then the tiers would be cheaper from 20 kWh (6.00), the fee from 35 kWh of the tiers
    let record = session().charge(60, "25").record;
    let policy = crate::desk::policy(|policy| policy.periods.split = tariff::Split::Interpolate);
    let comparison = compare(&[steep, flat_rate, fee], &record, &policy).unwrap();
    let found: Vec<_> = comparison.crossings.iter().map(|c| (c.energy.to_string(), c.below, c.above)).collect();
    assert_eq!(found, [("20.001".to_owned(), 1, 0), ("35.001".to_owned(), 0, 2)]);
}

#[test]
fn what_cannot_be_priced_is_listed_with_its_reason() {
    let good = euro([always([energy("0.25")])]);
    let empty = named("empty", euro([]));
    let comparison = compare(&[empty, good], &session().charge(60, "20").record, &Policy::default()).unwrap();
    assert_eq!(comparison.offers.len(), 1);
    assert_eq!(comparison.refused[0].id, "empty");
    assert!(!comparison.refused[0].diagnostics.is_empty());
    assert_eq!(comparison.crossings, []);
}

#[test]
fn without_energy_there_is_no_quantity_to_vary() {
    let tariffs = [euro([always([time("1")])]), euro([always([time("2")])])];
    let comparison = compare(&tariffs, &session().charge_time(60).record, &Policy::default()).unwrap();
    assert_eq!(comparison.offers[0].tariff, 0);
    assert_eq!(comparison.crossings, []);
}
