//! Which tariff prices a transaction at a station (R66, R76 to R78, R82).

use tariff::{
    ChangeError, Choice, Code, Compiled, Currency, Diagnostic, Dialect, DriverTariff, FailedDriverTariff, InstallError,
    Policy, Record, StationTariffs, Tariff, TariffFrom, TransactionTariffs, UndatedTariff, Usage,
};

use crate::desk::{always, at, decimal, energy, euro, parking, session_at};

fn named(id: &str, price: &str) -> Tariff {
    Tariff { id: id.to_owned(), dialect: Dialect::Ocpp21, ..euro([always([energy(price)])]) }
}

fn from(id: &str, price: &str, date: &str) -> Tariff {
    Tariff { valid_from: Some(at(date)), ..named(id, price) }
}

fn chosen(station: &mut StationTariffs, evse: u32, now: &str) -> String {
    match station.choose(evse, DriverTariff::None, at(now), &Policy::default()) {
        Choice::Tariff(tariff) => tariff.id,
        other => format!("{other:?}"),
    }
}

fn net(tariffs: &[Tariff], record: &Record) -> String {
    let policy = Policy::default();
    let compiled = Compiled::new(tariffs, &policy).unwrap();
    let total = compiled.totals(&Usage::new(record, &policy).unwrap(), &policy).unwrap().total;
    total.excl_tax.unwrap().to_string()
}

#[test]
fn r76_the_tariff_of_the_driver_comes_before_the_default() {
    let now = at("2024-06-01T10:00:00Z");
    let mut policy = Policy::default();
    let mut station = StationTariffs::new([1]);
    station.install(0, named("default", "0.30"), now, &policy).unwrap();
    let mut price = |driver, policy: &Policy| match station.choose(1, driver, now, policy) {
        Choice::Tariff(tariff) => net(&[*tariff], &session_at("2024-06-01T10:00:00Z").kwh("10").record),
        other => format!("{other:?}"),
    };
    let mut driver = from("driver", "0.25", "2030-01-01T00:00:00Z");
    assert_eq!(price(DriverTariff::Usable(Box::new(driver.clone())), &policy), "2.5");
    driver.valid_from = None;
    assert_eq!(price(DriverTariff::Usable(Box::new(driver)), &policy), "2.5");
    assert_eq!(price(DriverTariff::Unusable, &policy), "Undecided");
    for (setting, expected) in [
        (FailedDriverTariff::UseDefaultTariff, "3"),
        (FailedDriverTariff::Deauthorize, "Deauthorized"),
        (FailedDriverTariff::CentralCost, "Central"),
    ] {
        policy.ocpp.failed_driver_tariff = Some(setting);
        assert_eq!(price(DriverTariff::Unusable, &policy), expected);
    }
}

#[test]
fn r76_a_default_for_all_evses_can_be_replaced_at_one() {
    let (now, policy) = (at("2024-06-01T10:00:00Z"), Policy::default());
    let mut station = StationTariffs::new([1, 2]);
    station.install(0, named("all", "0.30"), now, &policy).unwrap();
    station.install(2, named("two", "0.20"), now, &policy).unwrap();
    assert_eq!(chosen(&mut station, 1, "2024-06-01T10:00:00Z"), "all");
    assert_eq!(chosen(&mut station, 2, "2024-06-01T10:00:00Z"), "two");
    assert_eq!(station.install(3, named("three", "0.20"), now, &policy), Err(InstallError::UnknownEvse));
    assert_eq!(station.install(1, named("two", "0.10"), now, &policy), Err(InstallError::DuplicateId));
    assert_eq!(station.clear(&["all", "none"], None), ["all"]);
    assert_eq!(chosen(&mut station, 1, "2024-06-01T10:00:00Z"), "NoTariff");
    assert_eq!(station.clear(&[], Some(2)), ["two"]);
}

#[test]
fn r77_a_tariff_with_a_date_takes_over_when_it_is_reached() {
    let (now, policy) = (at("2024-06-01T10:00:00Z"), Policy::default());
    let mut station = StationTariffs::new([1]);
    station.install(1, named("A", "0.30"), now, &policy).unwrap();
    station.install(1, from("B", "0.25", "2024-06-02T00:00:00Z"), now, &policy).unwrap();
    let session = session_at("2024-06-01T23:50:00Z").kwh("10").kwh("10").record;
    let Choice::Tariff(first) = station.choose(1, DriverTariff::None, session.start, &policy) else { panic!() };
    assert_eq!((first.id.as_str(), net(std::slice::from_ref(&*first), &session).as_str()), ("A", "6"));
    let session = session_at("2024-06-02T00:10:00Z").kwh("20").record;
    let Choice::Tariff(second) = station.choose(1, DriverTariff::None, session.start, &policy) else { panic!() };
    assert_eq!((second.id.as_str(), net(std::slice::from_ref(&*second), &session).as_str()), ("B", "5"));
}

#[test]
fn r77_later_dates_win_and_of_equal_ones_the_later_installed() {
    let policy = Policy::default();
    let mut station = StationTariffs::new([1]);
    let now = at("2024-06-10T00:00:00Z");
    station.install(1, from("late", "1", "2024-06-05T00:00:00Z"), now, &policy).unwrap();
    station.install(1, from("early", "1", "2024-06-01T00:00:00Z"), now, &policy).unwrap();
    assert_eq!(chosen(&mut station, 1, "2024-06-10T00:00:00Z"), "late");
    station.install(1, from("x", "1", "2024-06-20T00:00:00Z"), now, &policy).unwrap();
    station.install(1, from("y", "1", "2024-06-20T00:00:00Z"), now, &policy).unwrap();
    assert_eq!(chosen(&mut station, 1, "2024-06-19T23:59:59Z"), "late");
    assert_eq!(chosen(&mut station, 1, "2024-06-20T00:00:00Z"), "y");
    // an undated one takes over at once, or not at all
    let mut ignoring = station.clone();
    station.install(1, named("undated", "1"), at("2024-06-21T00:00:00Z"), &policy).unwrap();
    assert_eq!(chosen(&mut station, 1, "2024-06-21T00:00:00Z"), "undated");
    let mut ignored = Policy::default();
    ignored.ocpp.undated_over_dated = UndatedTariff::Ignored;
    ignoring.install(1, named("undated", "1"), at("2024-06-21T00:00:00Z"), &ignored).unwrap();
    assert_eq!(chosen(&mut ignoring, 1, "2024-06-21T00:00:00Z"), "y");
}

#[test]
fn r77_the_date_of_a_tariff_for_one_driver_is_ignored_and_said_to_be() {
    let dated = from("B", "0.10", "2030-01-01T00:00:00Z");
    let found = DriverTariff::Usable(Box::new(dated.clone())).diagnostics();
    let at_and_what = |found: &[Diagnostic]| -> Vec<(Code, String)> {
        found.iter().map(|one| (one.code, one.pointer.clone())).collect()
    };
    assert_eq!(at_and_what(&found), [(Code::ValidityIgnored, "/valid_from".to_owned())]);
    assert!(DriverTariff::Usable(Box::new(named("A", "0.10"))).diagnostics().is_empty());

    let mut transaction = TransactionTariffs::new(at("2024-06-01T10:00:00Z"));
    transaction.associate(at("2024-06-01T10:00:00Z"), from("A", "0.30", "2024-01-01T00:00:00Z"), &Policy::default());
    assert!(transaction.diagnostics().is_empty(), "a default tariff has a validity");
    transaction.change(at("2024-06-01T12:00:00Z"), dated).unwrap();
    assert_eq!(at_and_what(transaction.diagnostics()), [(Code::ValidityIgnored, "/1/valid_from".to_owned())]);
}

#[test]
fn r78_the_tariff_prices_the_transaction_from_its_start() {
    let tariff = Tariff { dialect: Dialect::Ocpp21, ..euro([always([energy("0.30"), parking("6.00")])]) };
    let record = || session_at("2024-06-01T10:00:00Z").park(10).charge(60, "10").record;
    let priced = |policy: &Policy| {
        let mut transaction = TransactionTariffs::new(at("2024-06-01T10:00:00Z"));
        transaction.associate(at("2024-06-01T10:10:00Z"), tariff.clone(), policy);
        let mut record = record();
        transaction.assign(&mut record);
        net(&transaction.tariffs(), &record)
    };
    let mut policy = Policy::default();
    assert_eq!(priced(&policy), "4");
    policy.ocpp.tariff_from = TariffFrom::Association;
    assert_eq!(priced(&policy), "3");
}

#[test]
fn r66_r82_a_change_applies_from_its_instant_in_the_same_currency() {
    let mut first = named("A", "0.20");
    first.elements.insert(
        0,
        always([energy("0.30")]).when(tariff::Conditions { max_kwh: Some(decimal("10")), ..Default::default() }),
    );
    let mut transaction = TransactionTariffs::new(at("2024-06-01T10:00:00Z"));
    transaction.associate(at("2024-06-01T10:00:00Z"), first, &Policy::default());
    let kronor = Tariff { currency: Currency::new("SEK").unwrap(), ..named("C", "1") };
    let refused = ChangeError::Currency { before: Currency::EUR, after: kronor.currency };
    assert_eq!(transaction.change(at("2024-06-01T10:30:00Z"), kronor), Err(refused));
    transaction.change(at("2024-06-01T12:00:00Z"), from("B", "0.10", "2030-01-01T00:00:00Z")).unwrap();
    let mut record = session_at("2024-06-01T10:00:00Z").charge(120, "20").charge(120, "20").record;
    transaction.assign(&mut record);
    assert_eq!(net(&transaction.tariffs(), &record), "7");
}
