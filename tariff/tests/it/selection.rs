//! Which tariff: R9 to R12.

use chrono::TimeDelta;
use tariff::*;

use crate::desk::*;

fn named(id: &str, price: &str) -> Tariff {
    Tariff { id: id.into(), ..euro([always([energy(price)])]) }
}

#[test]
fn r9_every_period_has_its_tariff() {
    let tariffs = [named("A", "1.00"), named("B", "2.00")];
    assert_costs(&tariffs, &session().kwh("10").under("A").kwh("10").under("b"), "30.00");
    let partly = session().kwh("10").under("A").kwh("10");
    let bill = bill_of(&tariffs, &partly, &Policy::default());
    assert_eq!(shown(bill.totals.total.excl_tax, "10.00"), "10.00");
    assert_eq!((codes(&bill)[0], bill.diagnostics[0].pointer.as_str()), ("PeriodWithoutTariff", "/periods/1"));
    assert_eq!(bill.lines[1].reason, Reason::NoTariff);
    let select = policy(|policy| policy.tariff.unnamed_period = UnnamedPeriod::SelectAlways);
    assert_costs_by(&select, &tariffs, &partly, "20.00");
    let free = policy(|policy| policy.tariff.unnamed_period = UnnamedPeriod::FreeAlways);
    assert_costs_by(&free, &tariffs, &session().kwh("10"), "0.00");
}

#[test]
fn r9_a_tariff_that_was_not_supplied_is_an_error() {
    let compiled = Compiled::new(&[named("A", "1")], &Policy::default()).unwrap();
    let usage = session().kwh("1").under("A").kwh("1").under("Z").usage(&Policy::default());
    let refusal = compiled.price(&usage, &Policy::default()).unwrap_err();
    assert_eq!(refusal, Refusal::UnknownTariff { period: 1, id: "Z".into() });
    assert_eq!(refusal.to_string(), "period 1 names tariff \"Z\", which was not supplied");
}

fn old_and_new() -> [Tariff; 2] {
    [
        Tariff { valid_until: Some(at("2019-06-30T23:59:59Z")), ..named("old", "0.25") },
        Tariff { valid_from: Some(at("2019-07-01T00:00:00Z")), ..named("new", "0.30") },
    ]
}

#[test]
fn r10_the_tariff_at_the_start_of_the_session() {
    assert_costs(&old_and_new(), &session_at("2019-06-30T23:50:00Z").kwh("20"), "5.00");
    assert_costs(&old_and_new(), &session_at("2019-07-01T00:00:00Z").kwh("20"), "6.00");
    let gap = session_at("2019-06-30T23:59:59.5Z").kwh("20");
    let bill = bill_of(&old_and_new(), &gap, &Policy::default());
    assert_eq!(shown(bill.totals.total.excl_tax, "5.00"), "5.00");
    assert_eq!(codes(&bill), ["TariffGapBridged"]);
    let strict = policy(|policy| policy.tariff.bridge_seconds = 0);
    let compiled = Compiled::new(&old_and_new(), &strict).unwrap();
    assert!(matches!(compiled.price(&gap.usage(&strict), &strict), Err(Refusal::NoActiveTariff { .. })));
    let inclusive = policy(|policy| {
        policy.tariff.bridge_seconds = 0;
        policy.tariff.end = TariffEnd::Inclusive;
    });
    assert_costs_by(&inclusive, &old_and_new(), &session_at("2019-06-30T23:59:59Z").kwh("20"), "5.00");
}

#[test]
fn r10_ranks_and_ties() {
    let of = |kind: Option<TariffKind>, price: &str| Tariff { kind, ..named("x", price) };
    let tariffs = [
        of(Some(TariffKind::ProfileFast), "4"),
        of(Some(TariffKind::Regular), "3"),
        of(None, "2"),
        of(Some(TariffKind::AdHocPayment), "1"),
    ];
    let ad_hoc = |record: &mut Record| record.preference = Some(TariffKind::AdHocPayment);
    assert_costs(&tariffs, &session().kwh("1").with(ad_hoc), "1");
    assert_costs(&tariffs, &session().kwh("1"), "2");
    assert_costs(&tariffs[..2], &session().kwh("1"), "3");
    assert_costs(&tariffs[..1], &session().kwh("1"), "4");
    let since = |start: &str, price: &str| Tariff { valid_from: Some(at(start)), ..named("x", price) };
    let tied =
        [since("2023-01-01T00:00:00Z", "1"), since("2023-06-01T00:00:00Z", "2"), since("2023-06-01T00:00:00Z", "3")];
    assert_costs(&tied, &session().kwh("1"), "2");
    let first = policy(|policy| policy.tariff.tie = TariffTie::FirstListed);
    assert_costs_by(&first, &tied, &session().kwh("1"), "1");
}

#[test]
fn r11_a_tariff_is_kept_unless_the_policy_switches() {
    let session = session_at("2019-06-30T23:00:00Z").with(|record| {
        record.periods.push(Period { energy: Some(decimal("20")), ..Period::new(record.start) });
        record.end = record.start + TimeDelta::hours(2);
    });
    assert_costs(&old_and_new(), &session, "5.00");
    let switch = policy(|policy| {
        policy.tariff.switch = TariffSwitch::AtValidityEdge;
        policy.periods.split = Split::Interpolate;
    });
    assert_costs_by(&switch, &old_and_new(), &session, "5.50");
    let implied = policy(|policy| policy.tariff.switch = TariffSwitch::AtValidityEdge);
    assert_costs_by(&implied, &old_and_new(), &session, "5.50");
}

#[test]
fn r12_one_currency() {
    let tariff = named("A", "1");
    let compiled = tariff.compile(&Policy::default()).unwrap();
    let pounds = session().kwh("1").with(|record| record.currency = Some(Currency::new("GBP").unwrap()));
    let refusal = compiled.price(&pounds.usage(&Policy::default()), &Policy::default()).unwrap_err();
    assert!(matches!(refusal, Refusal::CurrencyMismatch { .. }));
    let warn = policy(|policy| policy.currency.mismatch = CurrencyMismatch::Warn);
    let bill = bill_of(&[tariff], &pounds, &warn);
    assert_eq!((shown(bill.totals.total.excl_tax, "1"), codes(&bill)), ("1".into(), vec!["CurrencyMismatch"]));
}
