//! The words of the page, in each language; sentences come from the bill.

use tariff::{Language, LineKind};

pub(super) struct Labels {
    decimal_mark: &'static str,
    pub(super) bill: &'static str,
    pub(super) tariff: &'static str,
    pub(super) power_and_price: &'static str,
    pub(super) power: &'static str,
    pub(super) costs: &'static str,
    pub(super) items: &'static str,
    pub(super) item: &'static str,
    pub(super) quantity: &'static str,
    pub(super) billed: &'static str,
    pub(super) price: &'static str,
    pub(super) amount: &'static str,
    pub(super) total: &'static str,
    pub(super) before_tax: &'static str,
    pub(super) including_tax: &'static str,
    pub(super) unknown: &'static str,
    pub(super) in_words: &'static str,
    pub(super) notes: &'static str,
    /// Fee, energy, charging time, parking time, reserved time, reservation fee, price limit, rounding.
    kinds: [&'static str; 8],
}

impl Labels {
    pub(super) const fn of(language: Language) -> Self {
        match language {
            Language::De => GERMAN,
            Language::Nl => DUTCH,
            Language::Fr => FRENCH,
            _ => ENGLISH,
        }
    }

    pub(super) const fn kind(&self, kind: LineKind) -> &'static str {
        self.kinds[match kind {
            LineKind::Fixed => 0,
            LineKind::Energy => 1,
            LineKind::Time => 2,
            LineKind::ParkingTime => 3,
            LineKind::ReservationTime => 4,
            LineKind::ReservationFee => 5,
            LineKind::PriceLimit => 6,
            _ => 7,
        }]
    }

    /// A number, or a text with one, with the decimal mark of the language.
    pub(super) fn number(&self, text: &str) -> String {
        text.replace('.', self.decimal_mark)
    }
}

const ENGLISH: Labels = Labels {
    decimal_mark: ".",
    bill: "Charging session",
    tariff: "Tariff",
    power_and_price: "Power and price",
    power: "Power",
    costs: "Costs as they add up",
    items: "Items",
    item: "Item",
    quantity: "Quantity",
    billed: "Billed",
    price: "Price",
    amount: "Amount",
    total: "Total",
    before_tax: "before tax",
    including_tax: "including tax",
    unknown: "not known",
    in_words: "In words",
    notes: "Notes",
    kinds: [
        "Fee",
        "Energy",
        "Charging time",
        "Parking time",
        "Reserved time",
        "Reservation fee",
        "Price limit",
        "Rounding",
    ],
};

const GERMAN: Labels = Labels {
    decimal_mark: ",",
    bill: "Ladevorgang",
    tariff: "Tarif",
    power_and_price: "Leistung und Preis",
    power: "Leistung",
    costs: "Kosten im Verlauf",
    items: "Posten",
    item: "Posten",
    quantity: "Menge",
    billed: "Abgerechnet",
    price: "Preis",
    amount: "Betrag",
    total: "Summe",
    before_tax: "ohne Steuern",
    including_tax: "mit Steuern",
    unknown: "nicht bekannt",
    in_words: "In Worten",
    notes: "Hinweise",
    kinds: [
        "Gebühr",
        "Energie",
        "Ladezeit",
        "Standzeit",
        "Reservierte Zeit",
        "Reservierungsgebühr",
        "Preisgrenze",
        "Rundung",
    ],
};

const DUTCH: Labels = Labels {
    decimal_mark: ",",
    bill: "Laadsessie",
    tariff: "Tarief",
    power_and_price: "Vermogen en prijs",
    power: "Vermogen",
    costs: "Kosten in de tijd",
    items: "Posten",
    item: "Post",
    quantity: "Hoeveelheid",
    billed: "Afgerekend",
    price: "Prijs",
    amount: "Bedrag",
    total: "Totaal",
    before_tax: "exclusief belasting",
    including_tax: "inclusief belasting",
    unknown: "niet bekend",
    in_words: "In woorden",
    notes: "Opmerkingen",
    kinds: [
        "Vergoeding",
        "Energie",
        "Laadtijd",
        "Parkeertijd",
        "Gereserveerde tijd",
        "Reserveringskosten",
        "Prijsgrens",
        "Afronding",
    ],
};

const FRENCH: Labels = Labels {
    decimal_mark: ",",
    bill: "Session de charge",
    tariff: "Tarif",
    power_and_price: "Puissance et prix",
    power: "Puissance",
    costs: "Coûts cumulés",
    items: "Postes",
    item: "Poste",
    quantity: "Quantité",
    billed: "Facturé",
    price: "Prix",
    amount: "Montant",
    total: "Total",
    before_tax: "hors taxes",
    including_tax: "toutes taxes comprises",
    unknown: "inconnu",
    in_words: "En toutes lettres",
    notes: "Remarques",
    kinds: [
        "Frais",
        "Énergie",
        "Temps de charge",
        "Temps de stationnement",
        "Temps réservé",
        "Frais de réservation",
        "Limite de prix",
        "Arrondi",
    ],
};
