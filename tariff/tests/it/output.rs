//! Bills as CDRs (R49 to R51, R75).

use ocpi_types::{Object, Severity, v211, v221, v230};
use tariff::output::{CdrHead211, CdrHead221, CdrHead230, CdrOutput, OutputError, Priced};
use tariff::source::{Context, RecordSource};
use tariff::{Compiled, ElementKind, LocalTime, Policy, Record, Tariff, TaxMode, Usage};

use crate::desk::{always, decimal, energy, euro, flat, parking, session, time};

fn head_221() -> CdrHead221 {
    CdrHead221 {
        country_code: "DE".into(),
        party_id: "ALL".into(),
        id: "C1".into(),
        session_id: Some("S1".into()),
        cdr_token: v221::CdrToken::new("DE", "TNM", "012345678", v221::TokenType::Rfid, "DE8ACC12E46L89"),
        auth_method: v221::AuthMethod::Whitelist,
        cdr_location: v221::CdrLocation::new(
            "LOC1",
            "Hauptstr. 1",
            "Berlin",
            "DEU",
            v221::GeoLocation::new("52.520008", "13.404954"),
            "1",
            "DE*ALL*E1",
            "1",
            v221::ConnectorType::from("IEC_62196_T2"),
            v221::ConnectorFormat::from("SOCKET"),
            v221::PowerType::from("AC_3_PHASE"),
        ),
        tariffs: Vec::new(),
        last_updated: "2024-01-16T00:00:00Z".parse().unwrap(),
    }
}

fn head_230() -> CdrHead230 {
    let head = head_221();
    CdrHead230 {
        country_code: head.country_code,
        party_id: head.party_id,
        id: head.id,
        session_id: head.session_id,
        cdr_token: v230::CdrToken::new("DE", "TNM", "012345678", v230::TokenType::Rfid, "DE8ACC12E46L89"),
        auth_method: v230::AuthMethod::Whitelist,
        cdr_location: serde_json::from_value(serde_json::to_value(&head.cdr_location).unwrap()).unwrap(),
        tariffs: Vec::new(),
        last_updated: head.last_updated,
    }
}

struct Desk {
    compiled: Compiled,
    usage: Usage,
    bill: tariff::Bill,
    policy: Policy,
}

fn desk(tariff: &Tariff, record: &Record) -> Desk {
    let policy = Policy::default();
    let compiled = tariff.compile(&policy).unwrap();
    let usage = Usage::new(record, &policy).unwrap();
    let bill = compiled.price(&usage, &policy).unwrap();
    Desk { compiled, usage, bill, policy }
}

impl Desk {
    fn priced(&self) -> Priced<'_> {
        Priced::new(&self.usage, &self.bill, &self.compiled, &self.policy)
    }
}

fn tariff() -> Tariff {
    euro([
        always([flat("2.00").vat(20.into()), time("5.00").step(300).vat(20.into())]).for_kind(ElementKind::Reservation),
        always([
            flat("0.50").vat(20.into()),
            energy("0.25").step(1).vat(10.into()),
            parking("2.00").step(900).vat(20.into()),
        ]),
    ])
}

fn record() -> Record {
    let mut record = session().reserve(13).charge(60, "20").park(40).record;
    record.zone = LocalTime::UTC;
    record
}

#[test]
fn r51_a_whole_cdr_of_2_2_1_is_valid_and_reads_back_to_the_same_bill() {
    let desk = desk(&tariff(), &record());
    let cdr = head_221().cdr(&desk.priced()).unwrap();
    let errors: Vec<_> = cdr.validate().into_iter().filter(|finding| finding.severity == Severity::Error).collect();
    assert_eq!(errors, []);
    let price = |price: &Option<v221::Price>| {
        price.as_ref().map(|price| (price.excl_vat.to_string(), price.incl_vat.unwrap().to_string()))
    };
    let pair = |net: &str, gross: &str| Some((net.to_owned(), gross.to_owned()));
    assert_eq!(price(&Some(cdr.total_cost.clone())), pair("10.2500", "11.8000"));
    assert_eq!(price(&cdr.total_fixed_cost), pair("0.5000", "0.6000"));
    assert_eq!(price(&cdr.total_energy_cost), pair("5.0000", "5.5000"));
    assert_eq!(price(&cdr.total_parking_cost), pair("1.5000", "1.8000"));
    assert_eq!(price(&cdr.total_reservation_cost), pair("3.2500", "3.9000"));
    assert_eq!(cdr.total_time_cost, None);
    // R75: 40 minutes are 0.6667 h, which R7 reads back to the same second
    assert_eq!(cdr.total_parking_time.map(|hours| hours.to_string()).as_deref(), Some("0.6667"));
    assert_eq!(cdr.charging_periods.len(), 3);
    assert!(cdr.charging_periods.iter().all(|period| period.tariff_id.as_deref() == Some("T")));
    let read = cdr.to_record(&Context::in_zone(LocalTime::UTC), &desk.policy).unwrap();
    let again = desk.compiled.totals(&Usage::new(&read.record, &desk.policy).unwrap(), &desk.policy).unwrap();
    assert_eq!(again, desk.bill.totals);
}

#[test]
fn r49_a_cdr_of_2_3_0_names_its_taxes() {
    let desk = desk(&tariff(), &record());
    let cdr = head_230().cdr(&desk.priced()).unwrap();
    assert_eq!(cdr.validate().into_iter().find(|finding| finding.severity == Severity::Error), None);
    let taxes: Vec<_> = cdr
        .total_cost
        .taxes
        .iter()
        .map(|tax| (tax.name.to_string(), tax.percentage.unwrap().value(), tax.amount.value()))
        .collect();
    let vat = |percent: i64, amount: &str| ("VAT".to_owned(), percent.into(), decimal(amount));
    assert_eq!(taxes, [vat(20, "1.05"), vat(10, "0.5")]);
    let energy = cdr.total_energy_cost.unwrap();
    assert_eq!((energy.before_taxes.value(), energy.taxes.len()), (5.into(), 1));
    assert_eq!(energy.taxes[0].amount.value(), decimal("0.5"));
}

#[test]
fn a_cdr_of_2_1_1_states_the_net_total() {
    let desk = desk(&tariff(), &record());
    let location = v211::Location::new(
        "LOC1",
        v211::LocationType::from("ON_STREET"),
        "Hauptstr. 1",
        "Berlin",
        "10115",
        "DEU",
        v211::GeoLocation::new("52.520008", "13.404954"),
        "2024-01-16T00:00:00Z".parse::<ocpi_types::DateTime<false>>().unwrap(),
    );
    let head = CdrHead211 {
        id: "C1".into(),
        auth_id: "A1".into(),
        auth_method: v211::AuthMethod::Whitelist,
        location,
        tariffs: Vec::new(),
        last_updated: "2024-01-16T00:00:00Z".parse().unwrap(),
    };
    let cdr = head.cdr(&desk.priced()).unwrap();
    assert_eq!((cdr.total_cost.to_string().as_str(), cdr.total_energy.to_string().as_str()), ("10.2500", "20"));
    // a reservation has no dimension in 2.1.1
    assert_eq!(cdr.charging_periods.len(), 2);
}

#[test]
fn r47_an_unknown_amount_before_tax_is_not_made_up() {
    let mut tariff = euro([always([energy("0.25")])]);
    tariff.tax_mode = TaxMode::Included;
    let desk = desk(&tariff, &session().charge(60, "20").record);
    assert_eq!(head_221().cdr(&desk.priced()).map(|cdr| cdr.total_cost), Err(OutputError::NetUnknown));
    let mut cdr = head_221().cdr(&self::desk(&self::tariff(), &record()).priced()).unwrap();
    assert_eq!(cdr.set_usage(&desk.priced()), Ok(()));
    assert_eq!(cdr.charging_periods.len(), 1);
}
