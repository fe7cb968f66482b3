//! Tariffs and bills in words.

use tariff::{
    Component, Conditions, Currency, Dimension, Element, ElementKind, Language, PriceLimit, Tariff, Weekdays,
};

fn component(dimension: Dimension, price: &str) -> Component {
    Component::new(dimension, price.parse().unwrap())
}

/// A tariff with something of everything.
fn rich() -> Tariff {
    let evening = Conditions {
        start_time: Some("17:00:00".parse().unwrap()),
        end_time: Some("21:00:00".parse().unwrap()),
        day_of_week: Weekdays::WORKING,
        ..Conditions::default()
    };
    let parked = Conditions { min_duration: Some(5400), ..Conditions::default() };
    let vat = "19".parse().unwrap();
    let mut tariff = Tariff::new(
        "city",
        Currency::EUR,
        vec![
            Element::new(vec![component(Dimension::Energy, "0.39").vat(vat).step(500)]).when(evening),
            Element::new(vec![component(Dimension::Energy, "0.29").vat(vat), component(Dimension::Flat, "0.5")]),
            Element::new(vec![component(Dimension::ParkingTime, "6").step(60)]).when(parked),
            Element::new(vec![component(Dimension::Time, "5")]).for_kind(ElementKind::Reservation),
        ],
    );
    tariff.max_price = Some(PriceLimit::excl_tax("50".parse().unwrap()));
    tariff
}

#[test]
fn a_tariff_in_english() {
    assert_eq!(
        rich().explain(Language::En),
        "Tariff city; prices are in EUR before tax.\n\
         Energy costs 0.39 EUR per kWh plus 19 % VAT, billed in steps of 500 Wh, on Monday to Friday, \
         between 17:00 and 21:00.\n\
         Otherwise energy costs 0.29 EUR per kWh plus 19 % VAT.\n\
         Parking time without charging costs 6.00 EUR per hour, billed in steps of 1 min, \
         after 1 h 30 min of the session.\n\
         Otherwise parking time without charging is free.\n\
         Starting a session costs 0.50 EUR.\n\
         Reserved time costs 5.00 EUR per hour.\n\
         A session costs at most 50.00 EUR before tax.\n",
    );
}

#[test]
fn every_language_says_the_same_in_as_many_sentences() {
    let sentences: Vec<usize> =
        Language::ALL.iter().map(|&language| rich().explain(language).lines().count()).collect();
    assert_eq!(sentences, [8; 4]);
    for language in Language::ALL {
        let text = rich().explain(language);
        for fact in ["city", "EUR", "17:00", "21:00", "500 Wh", "1 h 30 min", "19 %"] {
            assert!(text.contains(fact), "{language:?}: {fact} is missing in {text}");
        }
        assert!(!text.contains('{') && !text.contains('}'), "{text}");
        assert!(text.lines().all(|line| line.ends_with('.') && !line.starts_with(char::is_lowercase)), "{text}");
    }
    assert!(rich().explain(Language::De).contains("0,39 EUR pro kWh zuzüglich 19 % VAT"));
    assert!(rich().explain(Language::Nl).contains("Anders kost energie 0,29 EUR per kWh"));
    assert!(rich().explain(Language::Fr).contains("Une session coûte au plus 50,00 EUR hors taxes."));
}

#[test]
fn texts_of_others_stay_on_one_line() {
    let mut tariff = rich();
    tariff.id = "a\nb\u{1b}[31m".into();
    assert_eq!(tariff.explain(Language::En).lines().count(), 8);
    assert!(!tariff.explain(Language::En).contains('\u{1b}'));
}

#[test]
fn a_bill_says_what_was_billed_and_why() {
    let tariff = rich();
    let policy = tariff::Policy::default();
    let compiled = tariff.compile(&policy).unwrap();
    let record: tariff::Record = serde_json::from_str(
        r#"{"start": "2024-06-03T15:00:00Z", "end": "2024-06-03T17:00:00Z", "zone": {"fixed": 7200},
            "periods": [{"start": "2024-06-03T15:00:00Z", "energy": "20.1", "time": {"hours": "1.5"}},
                        {"start": "2024-06-03T16:30:00Z", "parking_time": {"hours": "0.5"}}]}"#,
    )
    .unwrap();
    let bill = compiled.price(&tariff::Usage::new(&record, &policy).unwrap(), &policy).unwrap();
    assert_eq!(
        bill.explain_with(compiled.tariffs(), Language::En),
        "Fee for starting a session: 0.50 EUR.\n\
         20.1 kWh of energy, billed as 20.5 kWh (steps of 500 Wh), at 0.39 EUR per kWh: 7.995 EUR \
         (on Monday to Friday, between 17:00 and 21:00).\n\
         30 min of parking time without charging, at 6.00 EUR per hour: 3.00 EUR (after 1 h 30 min of the session).\n\
         VAT 19 % on 7.995 EUR: 1.5191 EUR.\n\
         Total: 11.495 EUR before tax, 13.0141 EUR including tax.\n\
         To pay: 13.02 EUR (11.50 EUR and 1.52 EUR of tax).\n",
    );
    for language in Language::ALL {
        assert_eq!(bill.explain(language).lines().count(), 6, "{language:?}");
    }
}
