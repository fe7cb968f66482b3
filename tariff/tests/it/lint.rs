//! What is found odd about tariffs.

use tariff::{Code, Component, Conditions, Currency, Dimension, Element, ElementKind, Tariff, TaxMode, Weekdays};

fn component(dimension: Dimension, price: &str) -> Component {
    Component::new(dimension, price.parse().unwrap())
}

fn energy(price: &str) -> Element {
    Element::new(vec![component(Dimension::Energy, price)])
}

fn when(set: impl FnOnce(&mut Conditions)) -> Conditions {
    let mut conditions = Conditions::default();
    set(&mut conditions);
    conditions
}

fn window(start: &str, end: &str) -> Conditions {
    when(|c| (c.start_time, c.end_time) = (Some(start.parse().unwrap()), Some(end.parse().unwrap())))
}

fn tariff(elements: Vec<Element>) -> Tariff {
    Tariff::new("T", Currency::EUR, elements)
}

fn found(tariff: &Tariff) -> Vec<(Code, String)> {
    tariff.lint().into_iter().map(|finding| (finding.code, finding.pointer)).collect()
}

fn only(code: Code, pointer: &str) -> Vec<(Code, String)> {
    vec![(code, pointer.to_owned())]
}

#[test]
fn a_plain_tariff_has_nothing_odd() {
    assert_eq!(found(&tariff(vec![energy("0.25")])), []);
    let day_and_night = tariff(vec![energy("0.39").when(window("17:00:00", "21:00:00")), energy("0.29")]);
    assert_eq!(found(&day_and_night), []);
}

#[test]
fn an_element_behind_one_without_conditions_is_unreachable() {
    let tariff = tariff(vec![energy("0.25"), energy("0.30").when(window("08:00:00", "10:00:00"))]);
    assert_eq!(found(&tariff), only(Code::UnreachableElement, "/elements/1"));
}

#[test]
fn several_elements_together_can_cover_a_later_one() {
    let morning = energy("0.20").when(window("06:00:00", "12:00:00"));
    let rest = energy("0.30").when(window("12:00:00", "06:00:00"));
    let noon = energy("0.50").when(window("11:00:00", "13:00:00"));
    assert_eq!(found(&tariff(vec![morning, rest, noon])), only(Code::UnreachableElement, "/elements/2"));

    let working = energy("0.20").when(when(|c| c.day_of_week = Weekdays::WORKING));
    let weekend = energy("0.30").when(when(|c| c.day_of_week = Weekdays::WEEKEND));
    assert_eq!(found(&tariff(vec![working, weekend, energy("0.40")])), only(Code::UnreachableElement, "/elements/2"));
}

#[test]
fn one_price_of_an_element_can_be_unreachable() {
    let both = Element::new(vec![component(Dimension::Energy, "0.30"), component(Dimension::Time, "1.00")]);
    let tariff = tariff(vec![energy("0.25"), both]);
    assert_eq!(found(&tariff), only(Code::UnreachableComponent, "/elements/1/price_components/0"));
}

#[test]
fn energy_without_a_price_at_some_hours_is_a_gap() {
    let day = energy("0.25").when(window("06:00:00", "22:00:00"));
    let findings = tariff(vec![day]).lint();
    assert_eq!(findings[0].code, Code::PriceGap);
    assert_eq!(findings[0].detail, "energy costs nothing from 00:00 to 06:00 and elsewhere");

    let below = energy("0.25").when(when(|c| c.max_kwh = Some("10".parse().unwrap())));
    assert_eq!(tariff(vec![below]).lint()[0].detail, "energy costs nothing from 10 kWh on");
}

#[test]
fn free_parking_is_no_gap_but_a_lost_minute_is() {
    let parking = |conditions| Element::new(vec![component(Dimension::ParkingTime, "1.00")]).when(conditions);
    let after_an_hour = parking(when(|c| c.min_duration = Some(3600)));
    assert_eq!(found(&tariff(vec![energy("0.25"), after_an_hour])), []);

    let (day, night) = (parking(window("08:00:00", "17:59:00")), parking(window("18:00:00", "08:00:00")));
    let findings = tariff(vec![energy("0.25"), day, night]).lint();
    assert_eq!(findings[0].code, Code::PriceGap);
    assert_eq!(findings[0].detail, "parking time costs nothing from 17:59 to 18:00");
}

#[test]
fn sessions_that_cannot_be_are_no_gaps() {
    // charging cannot last longer than the session
    let short = energy("0.25").when(when(|c| c.max_duration = Some(600)));
    let long = energy("0.30").when(when(|c| {
        c.min_duration = Some(600);
        c.max_charging_time = Some(900);
    }));
    let charging = energy("0.35").when(when(|c| c.min_charging_time = Some(900)));
    assert_eq!(found(&tariff(vec![short, long, charging])), []);

    // 1 January 2024 was a Monday
    let date = |from: &str, to: &str| {
        when(|c| (c.start_date, c.end_date) = (Some(from.parse().unwrap()), Some(to.parse().unwrap())))
    };
    let mut tuesday = date("2024-01-01", "2024-01-02");
    tuesday.day_of_week = Weekdays::NONE.with(chrono::Weekday::Tue);
    let mut monday = tuesday.clone();
    monday.day_of_week = Weekdays::NONE.with(chrono::Weekday::Mon);
    let codes = found(&tariff(vec![energy("1").when(monday), energy("2").when(tuesday), energy("3")]));
    assert_eq!(codes, [], "an element that never holds is no matter of order");
}

#[test]
fn windows_are_empty_or_whole_days() {
    let findings = found(&tariff(vec![energy("0.5").when(window("10:00:00", "10:00:00")), energy("0.25")]));
    assert!(findings.contains(&(Code::WholeDayWindow, "/elements/0/restrictions".into())), "{findings:?}");
    assert!(findings.contains(&(Code::UnreachableElement, "/elements/1".into())), "{findings:?}");

    let reversed = when(|c| {
        c.min_kwh = Some("20".parse().unwrap());
        c.max_kwh = Some("10".parse().unwrap());
    });
    let findings = found(&tariff(vec![energy("0.5").when(reversed), energy("0.25")]));
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].0, Code::EmptyWindow);
}

#[test]
fn the_step_of_charging_does_not_count_beside_priced_parking() {
    let time = component(Dimension::Time, "1.00").step(300);
    let both = Element::new(vec![time.clone(), component(Dimension::ParkingTime, "2.00")]);
    let pointer = "/elements/0/price_components/0/step_size";
    assert_eq!(found(&tariff(vec![both])), only(Code::StepAbsorbedByParking, pointer));
    assert_eq!(found(&tariff(vec![Element::new(vec![time])])), []);
}

#[test]
fn limits_contradict_each_other_or_themselves() {
    let limit = |excl: &str, incl: &str| Some(tariff::PriceLimit::both(excl.parse().unwrap(), incl.parse().unwrap()));
    let mut reversed = tariff(vec![energy("0.25")]);
    (reversed.min_price, reversed.max_price) = (limit("5", "6"), limit("4", "5"));
    assert_eq!(found(&reversed), only(Code::LimitsContradict, "/min_price"));

    let mut taxed_down = tariff(vec![energy("0.25")]);
    taxed_down.max_price = limit("10", "9");
    assert_eq!(found(&taxed_down), only(Code::LimitTaxContradict, "/max_price"));
}

#[test]
fn clock_changes_are_pointed_out() {
    let night = tariff(vec![energy("0.1").when(window("02:00:00", "03:00:00")), energy("0.25")]);
    assert_eq!(found(&night), only(Code::WindowInClockChange, "/elements/0/restrictions"));
    let edge = tariff(vec![energy("0.1").when(window("00:00:00", "02:30:00")), energy("0.25")]);
    assert_eq!(found(&edge), only(Code::WindowInClockChange, "/elements/0/restrictions"));
    let evening = tariff(vec![energy("0.1").when(window("22:00:00", "06:00:00")), energy("0.25")]);
    assert_eq!(found(&evening), []);
}

#[test]
fn taxes_that_contradict_are_pointed_out() {
    let vat =
        |price: &str, vat: &str| Element::new(vec![component(Dimension::Energy, price).vat(vat.parse().unwrap())]);
    let mixed = tariff(vec![vat("0.2", "10").when(window("00:00:00", "06:00:00")), vat("0.3", "20")]);
    assert_eq!(found(&mixed), only(Code::MixedTaxes, "/elements/1/price_components/0"));

    let mut included = tariff(vec![energy("0.25")]);
    included.tax_mode = TaxMode::Included;
    assert_eq!(found(&included), only(Code::TaxRateMissing, "/elements/0/price_components/0"));
}

#[test]
fn a_tariff_that_ends_before_it_starts_is_never_valid() {
    let mut tariff = tariff(vec![energy("0.25")]);
    tariff.valid_from = Some("2024-02-01T00:00:00Z".parse().unwrap());
    tariff.valid_until = Some("2024-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(found(&tariff), only(Code::NeverValid, "/valid_until"));
}

#[test]
fn f14_ten_thousand_elements_are_looked_at_in_bounded_work() {
    let tier = |at: u32| {
        let bounds = when(|c| {
            c.min_kwh = Some(at.into());
            c.max_kwh = Some((at + 1).into());
            c.start_time = chrono::NaiveTime::from_num_seconds_from_midnight_opt(at % 80_000, 0);
        });
        energy("0.25").when(bounds)
    };
    let mut elements: Vec<Element> = (0..9_997).map(tier).collect();
    elements.extend([tier(0), energy("0.1"), energy("0.2")]);
    let unreachable: Vec<_> =
        found(&tariff(elements)).into_iter().filter(|(code, _)| *code == Code::UnreachableElement).collect();
    let pointers: Vec<&str> = unreachable.iter().map(|(_, pointer)| pointer.as_str()).collect();
    assert_eq!(pointers, ["/elements/9997", "/elements/9999"]);
}

#[test]
fn kinds_of_elements_do_not_hide_each_other() {
    let fee = |kind| Element::new(vec![component(Dimension::Flat, "2.00")]).for_kind(kind);
    let tariff = tariff(vec![
        energy("0.25"),
        fee(ElementKind::Ordinary),
        fee(ElementKind::Reservation),
        fee(ElementKind::ReservationExpires),
    ]);
    assert_eq!(found(&tariff), []);
}
