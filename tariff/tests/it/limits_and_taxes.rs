//! Limits, taxes and rounding: R41 to R50.

use tariff::*;

use crate::desk::*;

fn limited(tariff: Tariff, min: Option<PriceLimit>, max: Option<PriceLimit>) -> [Tariff; 1] {
    [Tariff { min_price: min, max_price: max, ..tariff }]
}

fn both(excl: &str, incl: &str) -> Option<PriceLimit> {
    Some(PriceLimit::both(decimal(excl), decimal(incl)))
}

fn excl(amount: &str) -> Option<PriceLimit> {
    Some(PriceLimit::excl_tax(decimal(amount)))
}

fn vat(component: Component, percent: &str) -> Component {
    component.vat(decimal(percent))
}

#[test]
fn r41_signs_multiply() {
    let tariff = [euro([always([vat(energy("0.25"), "10")])])];
    assert_totals(&tariff, &session().kwh("-20"), "-5.00", "-5.50");
    let floor = policy(|policy| policy.negative_total = NegativeTotal::FloorAtZero);
    assert_totals_by(&floor, &tariff, &session().kwh("-20"), "0.00", "0.00");
}

#[test]
fn r42_the_maximum_bounds_both_values() {
    let tariff = euro([always([vat(flat("0.50"), "20"), vat(energy("0.25"), "10")])]);
    let tariff = limited(tariff, None, both("10.00", "11.00"));
    assert_totals(&tariff, &session().kwh("50"), "10.00", "11.00");
    assert_totals(&tariff, &session().kwh("30"), "8.00", "8.85");
}

#[test]
fn r42_a_session_without_energy_pays_the_minimum_and_the_maximum_wins() {
    let tariff = euro([always([energy("0.25")])]);
    let minimum = limited(tariff.clone(), excl("5"), None);
    assert_costs(&minimum, &session().park(10), "5");
    let skip = policy(|policy| policy.limits.zero_energy = ZeroEnergyLimit::Skip);
    assert_costs_by(&skip, &minimum, &session().park(10), "0");
    let crossed = limited(tariff, excl("5"), excl("3"));
    assert_costs(&crossed, &session().kwh("1"), "3");
    assert_eq!(crossed[0].compile(&Policy::default()).unwrap().diagnostics()[0].code, Code::LimitsContradict);
}

#[test]
fn r42_the_reservation_may_stand_apart() {
    let tariff = euro([always([time("60")]).for_kind(ElementKind::Reservation), always([energy("1")])]);
    let tariff = limited(tariff, None, excl("10"));
    let session = session().reserve(5).kwh("20");
    assert_costs(&tariff, &session, "10");
    let apart = policy(|policy| policy.limits.scope = LimitScope::WithoutReservation);
    assert_costs_by(&apart, &tariff, &session, "15");
}

#[test]
fn r42_limits_of_several_tariffs() {
    let named = |id: &str, max: &str| Tariff { id: id.into(), max_price: excl(max), ..euro([always([energy("1")])]) };
    let tariffs = [named("A", "5"), named("B", "7")];
    let session = session().kwh("10").under("A").kwh("10").under("B");
    assert_costs(&tariffs, &session, "5");
    let each = policy(|policy| policy.limits.multi_tariff = LimitTariff::PerTariff);
    assert_costs_by(&each, &tariffs, &session, "12");
    let none = policy(|policy| policy.limits.multi_tariff = LimitTariff::None);
    assert_costs_by(&none, &tariffs, &session, "20");
}

#[test]
fn r43_the_value_after_tax_is_scaled() {
    let tariff = limited(euro([always([vat(energy("0.25"), "21")])]), excl("5.00"), None);
    assert_totals(&tariff, &session().kwh("1"), "5.00", "6.05");
    // nothing was priced: the only rate of the tariff
    assert_totals(&tariff, &session().park(10), "5.00", "6.05");
    let unknown = policy(|policy| policy.limits.tax = LimitTax::Unknown);
    assert_totals_by(&unknown, &tariff, &session().kwh("1"), "5.00", "unknown");
    let rates = euro([always([vat(energy("0.25"), "21"), vat(time("1"), "10")])]);
    assert_totals(&limited(rates, excl("5.00"), None), &session().park(10), "5.00", "unknown");
}

#[test]
fn r44_tax_lines_add_up_after_a_limit() {
    let tariff = limited(euro([always([vat(energy("1"), "21")])]), None, both("10.00", "12.00"));
    let bill = bill_of(&tariff, &session().kwh("10"), &Policy::default());
    assert_eq!((bill.taxes.len(), shown(Some(bill.taxes[0].amount), "2.00")), (1, "2.00".into()));
    let line = policy(|policy| policy.limits.lines = LimitLines::AdjustmentLine);
    let bill = bill_of(&tariff, &session().kwh("10"), &line);
    let amounts: Vec<_> = bill.taxes.iter().map(|tax| (tax.name.as_str(), tax.amount.to_string())).collect();
    assert_eq!(amounts, [("VAT", "2.1".into()), ("price limit adjustment", "-0.1".into())]);
}

#[test]
fn r45_vat_per_component() {
    let tariff = [euro([always([energy("0.25"), vat(time("1.00"), "10")])])];
    assert_totals(&tariff, &session().charge(60, "20"), "6.00", "6.10");
    let zero = [euro([always([vat(energy("0.25"), "0")])])];
    let bill = bill_of(&zero, &session().kwh("20"), &Policy::default());
    assert_eq!(bill.taxes.len(), 1, "0 % makes a line");
    assert!(bill.taxes[0].amount.is_zero());
    let none = [euro([always([energy("0.25")])])];
    assert_eq!(bill_of(&none, &session().kwh("20"), &Policy::default()).taxes.len(), 0, "no VAT makes none");
    let unknown = policy(|policy| policy.vat.absent = AbsentVat::TaxUnknown);
    assert_totals_by(&unknown, &tariff, &session().charge(60, "20"), "6.00", "unknown");
}

#[test]
fn r46_the_tax_of_2_1_1_is_unknown() {
    let tariff = [Tariff { dialect: Dialect::Ocpi211, tax_mode: TaxMode::Unknown, ..euro([always([energy("0.25")])]) }];
    assert_totals(&tariff, &session().kwh("20"), "5.00", "unknown");
    let rate = policy(|policy| policy.v211.vat = V211Vat::Rate(decimal("21")));
    assert_totals_by(&rate, &tariff, &session().kwh("20"), "5.00", "6.05");
}

#[test]
fn r47_prices_that_include_tax() {
    let tariff = |mode: TaxMode, component: Component| [Tariff { tax_mode: mode, ..euro([always([component])]) }];
    let session = session().charge_time(150);
    let included = tariff(TaxMode::Included, vat(time("2.42"), "21"));
    assert_totals(&included, &session, "5.00", "6.05");
    let bill = bill_of(&included, &session, &Policy::default());
    assert_eq!(bill.taxes[0].amount, Exact::from(decimal("1.05")));
    assert_totals(&tariff(TaxMode::Included, time("2.10")), &session, "unknown", "5.25");
    let not_applicable = tariff(TaxMode::NotApplicable, vat(time("2.00"), "21"));
    assert_totals(&not_applicable, &session, "5.00", "5.00");
    assert_eq!(not_applicable[0].compile(&Policy::default()).unwrap().diagnostics()[0].code, Code::TaxIgnored);
}

#[test]
fn r48_several_named_taxes() {
    let tariff = [euro([always([energy("0.25")])])];
    let canada = policy(|policy| {
        policy.tax.rates = Some(vec![Tax::new("GST", decimal("5")), Tax::new("QST", decimal("9.975"))]);
    });
    let bill = bill_of(&tariff, &session().kwh("20"), &canada);
    let taxes: Vec<_> = bill.taxes.iter().map(|tax| (tax.name.as_str(), tax.amount.to_string())).collect();
    assert_eq!(taxes, [("GST", "0.25".into()), ("QST", "0.49875".into())]);
    assert_eq!(bill.totals.total.incl_tax, Some(Exact::from(decimal("5.74875"))));
    assert_eq!(bill.invoice().incl_tax, Some(decimal("5.75")));
}

#[test]
fn r49_nothing_is_rounded_before_the_end() {
    // 10.00408 before tax and 2.1008568 tax
    let tariff = [euro([always([vat(energy("1.25051"), "21")])])];
    let bill = bill_of(&tariff, &session().kwh("8"), &Policy::default());
    assert_eq!(bill.totals.total.excl_tax, Some(Exact::from(decimal("10.00408"))));
    assert_eq!(shown(bill.totals.total.excl_tax, "10.0041"), "10.0041");
    assert_eq!(shown(Some(bill.taxes[0].amount), "2.1009"), "2.1009");
    let invoice = bill.invoice();
    assert_eq!(invoice.excl_tax, Some(decimal("10.00")));
    assert_eq!(invoice.taxes, [decimal("2.10")]);
    assert_eq!(invoice.incl_tax, Some(decimal("12.10")));

    let early = policy(|policy| policy.rounding.at = RoundingAt::PerComponent);
    let bill = bill_of(&tariff, &session().kwh("8"), &early);
    assert_eq!(bill.totals.total.incl_tax, Some(Exact::from(decimal("12.1049"))));
    assert_eq!(bill.totals.total.excl_tax, Some(Exact::from(decimal("10.0041"))));
}

#[test]
fn r49_the_gross_total_of_an_invoice() {
    let tariff = [euro([always([vat(flat("0.335"), "20")])])];
    let invoice = bill_of(&tariff, &session().kwh("1"), &Policy::default()).invoice();
    assert_eq!((invoice.excl_tax, invoice.incl_tax), (Some(decimal("0.34")), Some(decimal("0.41"))));
    let exact = policy(|policy| policy.rounding.gross = GrossRounding::FromExact);
    assert_eq!(bill_of(&tariff, &session().kwh("1"), &exact).invoice().incl_tax, Some(decimal("0.40")));
}

#[test]
fn r49_minor_units_differ_by_currency() {
    let priced = |code: &str, policy: &Policy| {
        let tariff = Tariff { currency: Currency::new(code).unwrap(), ..euro([always([flat("10.0045")])]) };
        bill_of(&[tariff], &session().kwh("1"), policy).invoice().excl_tax.unwrap().to_string()
    };
    let usual = Policy::default();
    assert_eq!(priced("JPY", &usual), "10");
    assert_eq!(priced("EUR", &usual), "10.00");
    assert_eq!(priced("KWD", &usual), "10.005");
    let even = policy(|policy| policy.rounding.mode = RoundingMode::HalfEven);
    assert_eq!(priced("KWD", &even), "10.004");
    let up = policy(|policy| policy.rounding.mode = RoundingMode::Up);
    assert_eq!(priced("EUR", &up), "10.01");
    let own = policy(|policy| {
        policy.rounding.decimals = vec![CurrencyDecimals { currency: Currency::EUR, decimals: 1 }];
    });
    assert_eq!(priced("EUR", &own), "10.0");
}

#[test]
fn r50_a_credit_record_negates_the_total_only() {
    let tariff = [euro([always([vat(energy("0.25"), "10")])])];
    let session = session().kwh("20").with(|record| record.credit = true);
    let bill = bill_of(&tariff, &session, &Policy::default());
    assert_eq!(shown(bill.totals.total.excl_tax, "-5.00"), "-5.00");
    assert_eq!(shown(bill.totals.total.incl_tax, "-5.50"), "-5.50");
    assert_eq!(shown(bill.totals.energy.cost.excl_tax, "5.00"), "5.00");
    let all = policy(|policy| policy.credit.negate = CreditNegation::AllCosts);
    assert_eq!(shown(bill_of(&tariff, &session, &all).totals.energy.cost.excl_tax, "-5.00"), "-5.00");
}

#[test]
fn r61_stacked_taxes() {
    let stack = |name: &str, percent: &str, stack: u32| Tax { stack, ..Tax::new(name, decimal(percent)) };
    let priced = |taxes: Vec<Tax>, net: &str| {
        let tariff = euro([always([Component { taxes, ..flat(net) }])]);
        bill_of(&[tariff], &session().kwh("1"), &Policy::default())
    };
    let bill = priced(vec![stack("a", "10", 0), stack("b", "20", 1)], "100");
    assert_eq!(bill.totals.total.incl_tax, Some(Exact::from(132)));
    let amounts: Vec<_> = bill.taxes.iter().map(|tax| tax.amount.to_string()).collect();
    assert_eq!(amounts, ["10", "22"]);
    let gap = priced(vec![stack("b", "20", 7), stack("a", "10", 3)], "100");
    assert_eq!(gap.totals.total.incl_tax, Some(Exact::from(132)));
    let same = priced(vec![stack("a", "6", 0), stack("b", "4", 0)], "2.50");
    assert_eq!(same.totals.total.incl_tax, Some(Exact::from(decimal("2.75"))));
}
