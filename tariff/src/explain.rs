//! Tariffs and bills in words.
//!
//! An explanation is rendered from the tariff or the bill itself; nothing is computed again. What is said is the same in every
//! language; a [`Language`] is a table of phrases.

mod phrases;

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::fmt::Write as _;

use chrono::{NaiveTime, Weekday};
use rust_decimal::Decimal;

use self::phrases::Phrases;
use crate::bill::{Bill, Cost, Line, LineKind, Reason};
use crate::currency::Currency;
use crate::exact::Exact;
use crate::money::RoundingMode;
use crate::tariff::component::{Component, Tax};
use crate::tariff::condition::{Conditions, EvseKind, Weekdays};
use crate::tariff::dimension::Dimension;
use crate::tariff::{Element, ElementKind, Tariff, TaxMode};

/// A language that tariffs and bills are explained in.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// Dutch.
    Nl,
    /// French.
    Fr,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 4] = [Self::En, Self::De, Self::Nl, Self::Fr];

    /// The language of a tag such as `de` or `nl-BE`; none if it is not spoken here.
    ///
    /// ```
    /// assert_eq!(tariff::Language::of_tag("nl-BE"), Some(tariff::Language::Nl));
    /// ```
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }

    /// Its tag, as in BCP 47.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Nl => "nl",
            Self::Fr => "fr",
        }
    }
}

impl Tariff {
    /// The tariff in words, a sentence per line.
    ///
    /// # Example
    /// ```
    /// use tariff::{Component, Currency, Dimension, Element, Language, Tariff};
    ///
    /// let energy = Component::new(Dimension::Energy, "0.250".parse()?).step(500).vat("19".parse()?);
    /// let tariff = Tariff::new("day", Currency::EUR, vec![Element::new(vec![energy])]);
    /// assert_eq!(
    ///     tariff.explain(Language::En),
    ///     "Tariff day; prices are in EUR before tax.\n\
    ///      Energy costs 0.250 EUR per kWh plus 19 % VAT, billed in steps of 500 Wh.\n",
    /// );
    /// assert!(tariff.explain(Language::De).contains("Energie kostet 0,250 EUR pro kWh zuzüglich 19 % VAT"));
    /// # Ok::<(), rust_decimal::Error>(())
    /// ```
    #[must_use]
    pub fn explain(&self, language: Language) -> String {
        let mut words = Words::new(language, self.currency);
        words.tariff(self);
        words.text
    }
}

impl Bill {
    /// The bill in words, a sentence per line: each item with its quantity and price, taxes, the total, and what is to be
    /// paid of it if that is another amount in the minor unit of the currency ([`invoice`](Self::invoice), R49).
    #[must_use]
    pub fn explain(&self, language: Language) -> String {
        self.explain_with(&[], language)
    }

    /// The same, saying also under which conditions each price applied; `tariffs` are those the bill was priced with
    /// ([`Compiled::tariffs`](crate::Compiled::tariffs)).
    #[must_use]
    pub fn explain_with(&self, tariffs: &[Tariff], language: Language) -> String {
        let mut words = Words::new(language, self.totals.currency);
        words.bill(self, tariffs);
        words.text
    }
}

/// A text in the making.
struct Words {
    phrases: &'static Phrases,
    currency: Currency,
    text: String,
}

impl Words {
    fn new(language: Language, currency: Currency) -> Self {
        Self { phrases: phrases::of(language), currency, text: String::new() }
    }

    /// Adds a sentence; the first letter becomes a capital.
    fn sentence(&mut self, sentence: &str) {
        let mut letters = sentence.chars();
        if let Some(first) = letters.next() {
            self.text.extend(first.to_uppercase());
            self.text.push_str(letters.as_str());
            self.text.push_str(".\n");
        }
    }

    fn tariff(&mut self, tariff: &Tariff) {
        let phrases = self.phrases;
        let mode = match tariff.tax_mode {
            TaxMode::Excluded => phrases.before_tax,
            TaxMode::Included => phrases.with_tax,
            TaxMode::NotApplicable => phrases.tax_not_applicable,
            TaxMode::Unknown => phrases.tax_unknown,
        };
        self.sentence(&fill(phrases.tariff, &[&printable(&tariff.id), self.currency.code(), mode]));
        if let Some(from) = tariff.valid_from {
            self.sentence(&fill(phrases.valid_from, &[&from.format("%Y-%m-%d %H:%M UTC").to_string()]));
        }
        if let Some(until) = tariff.valid_until {
            self.sentence(&fill(phrases.valid_until, &[&until.format("%Y-%m-%d %H:%M UTC").to_string()]));
        }
        for kind in ElementKind::ALL {
            for dimension in Dimension::ALL {
                self.prices(tariff, kind, dimension);
            }
        }
        for (limit, phrase) in [(&tariff.min_price, phrases.at_least), (&tariff.max_price, phrases.at_most)] {
            let Some(limit) = limit else { continue };
            let amount = |amount: Option<Decimal>| amount.map(|amount| self.price(amount));
            let amount = match (amount(limit.excl_tax), amount(limit.incl_tax)) {
                (Some(excl), Some(incl)) => fill(phrases.both_amounts, &[&excl, &incl]),
                (Some(excl), None) => fill(phrases.amount_before_tax, &[&excl]),
                (None, Some(incl)) => fill(phrases.amount_with_tax, &[&incl]),
                (None, None) => continue,
            };
            self.sentence(&fill(phrase, &[&amount]));
        }
    }

    /// The prices of one dimension: the first that applies counts, so each but the first starts with "otherwise".
    fn prices(&mut self, tariff: &Tariff, kind: ElementKind, dimension: Dimension) {
        let phrases = self.phrases;
        let is_of_kind = |element: &&Element| element.kind == kind;
        let entries = tariff.elements.iter().filter(is_of_kind).filter_map(|element| {
            let component = element.components.iter().find(|component| component.dimension == dimension)?;
            Some((element, component))
        });
        let subject = phrases.subject(kind, dimension);
        let mut is_first = true;
        let mut is_covered = true;
        for (element, component) in entries {
            let mut sentence = String::new();
            if !is_first {
                sentence.push_str(phrases.otherwise);
                sentence.push(' ');
            }
            let price = self.component(component, tariff.tax_mode, dimension);
            sentence
                .push_str(&fill(if is_first { phrases.costs } else { phrases.otherwise_costs }, &[subject, &price]));
            let conditions = self.conditions(&element.conditions);
            if !conditions.is_empty() {
                sentence.push_str(", ");
                sentence.push_str(&conditions);
            }
            self.sentence(&sentence);
            is_first = false;
            is_covered = element.conditions.is_empty();
            if is_covered {
                break;
            }
        }
        if !is_covered {
            self.sentence(&fill(phrases.otherwise_free, &[phrases.otherwise, subject]));
        }
    }

    /// `0.25 EUR per kWh plus 19 % VAT, billed in steps of 500 Wh`.
    fn component(&self, component: &Component, mode: TaxMode, dimension: Dimension) -> String {
        let phrases = self.phrases;
        let mut text = self.price(component.price);
        match dimension {
            Dimension::Energy => text.push_str(phrases.per_kwh),
            Dimension::Time | Dimension::ParkingTime => text.push_str(phrases.per_hour),
            Dimension::Flat => {}
        }
        if mode != TaxMode::NotApplicable {
            let phrase = if mode == TaxMode::Included { phrases.including } else { phrases.plus };
            for (index, tax) in component.taxes.iter().enumerate() {
                let phrase = if index == 0 { phrase } else { phrases.and };
                let _ = write!(text, " {phrase} {}", self.tax(tax));
            }
        }
        if component.step > Decimal::ONE && dimension != Dimension::Flat {
            text.push_str(", ");
            text.push_str(&fill(phrases.steps, &[&self.step(component.step, dimension == Dimension::Energy)]));
        }
        text
    }

    fn step(&self, step: Decimal, is_energy: bool) -> String {
        match u64::try_from(step) {
            Ok(seconds) if !is_energy => duration(seconds),
            _ => alloc::format!("{} {}", self.number(&step.normalize()), if is_energy { "Wh" } else { "s" }),
        }
    }

    fn tax(&self, tax: &Tax) -> String {
        alloc::format!("{} % {}", self.number(&tax.percent.normalize()), printable(&tax.name))
    }

    /// All conditions, joined by commas.
    fn conditions(&self, conditions: &Conditions) -> String {
        let phrases = self.phrases;
        let mut parts: Vec<String> = Vec::new();
        if !conditions.day_of_week.is_empty() {
            parts.push(fill(phrases.on_days, &[&self.days(conditions.day_of_week)]));
        }
        let time = |time: NaiveTime| time.format("%H:%M").to_string();
        self.range(
            &mut parts,
            conditions.start_time.map(time),
            conditions.end_time.map(|end| if end == NaiveTime::MIN { "24:00".to_owned() } else { time(end) }),
            [phrases.between_times, phrases.from_time, phrases.until_time],
        );
        let date = |date: chrono::NaiveDate| date.format("%Y-%m-%d").to_string();
        self.range(
            &mut parts,
            conditions.start_date.map(date),
            conditions.end_date.map(date),
            [phrases.between_dates, phrases.from_date, phrases.until_date],
        );
        for (min, max, unit, words) in [
            (conditions.min_kwh, conditions.max_kwh, "kWh", &phrases.amount),
            (conditions.min_current, conditions.max_current, "A", &phrases.flow),
            (conditions.min_power, conditions.max_power, "kW", &phrases.flow),
        ] {
            let amount = |amount: Decimal| alloc::format!("{} {unit}", self.number(&amount));
            self.range(&mut parts, min.map(amount), max.map(amount), *words);
        }
        for (min, max, words) in [
            (conditions.min_duration, conditions.max_duration, &phrases.elapsed),
            (conditions.min_charging_time, conditions.max_charging_time, &phrases.charged),
            (conditions.min_idle_time, conditions.max_idle_time, &phrases.idle),
        ] {
            self.range(&mut parts, min.map(duration), max.map(duration), *words);
        }
        if let Some(kind) = conditions.evse_kind {
            parts.push(fill(phrases.at_evse, &[if kind == EvseKind::Ac { "AC" } else { "DC" }]));
        }
        if let Some(brand) = &conditions.payment_brand {
            parts.push(fill(phrases.paid_with, &[&printable(brand)]));
        }
        if let Some(recognition) = &conditions.payment_recognition {
            parts.push(fill(phrases.recognised_as, &[&printable(recognition)]));
        }
        parts.join(", ")
    }

    /// Adds a condition with two bounds, in the words for both, the lower and the upper one.
    fn range(&self, parts: &mut Vec<String>, min: Option<String>, max: Option<String>, words: [&str; 3]) {
        parts.extend(match (min, max) {
            (Some(min), Some(max)) => Some(fill(words[0], &[&min, &max])),
            (Some(min), None) => Some(fill(words[1], &[&min])),
            (None, Some(max)) => Some(fill(words[2], &[&max])),
            (None, None) => None,
        });
    }

    /// `Monday to Friday, Sunday`.
    fn days(&self, days: Weekdays) -> String {
        let names = &self.phrases.days;
        let name = |day: Weekday| names[day.num_days_from_monday() as usize];
        let mut text = String::new();
        let mut run: Option<(Weekday, Weekday)> = None;
        let close = |text: &mut String, (first, last): (Weekday, Weekday)| {
            if !text.is_empty() {
                text.push_str(", ");
            }
            text.push_str(name(first));
            if first != last {
                let joint = if first.succ() == last { ", " } else { self.phrases.to };
                let _ = write!(text, "{joint}{}", name(last));
            }
        };
        for day in days.days() {
            run = match run {
                Some((first, last)) if last.succ() == day => Some((first, day)),
                Some(whole) => {
                    close(&mut text, whole);
                    Some((day, day))
                }
                None => Some((day, day)),
            };
        }
        if let Some(whole) = run {
            close(&mut text, whole);
        }
        text
    }

    fn bill(&mut self, bill: &Bill, tariffs: &[Tariff]) {
        for line in &bill.lines {
            let sentence = self.line(line, tariffs);
            self.sentence(&sentence);
        }
        let phrases = self.phrases;
        for tax in &bill.taxes {
            let rate = match tax.percent {
                Some(percent) => alloc::format!("{} {} %", printable(&tax.name), self.number(&percent.normalize())),
                None => printable(&tax.name),
            };
            self.sentence(&fill(phrases.tax_line, &[&rate, &self.exact(tax.base), &self.exact(tax.amount)]));
        }
        let total = self.cost(bill.totals.total);
        self.sentence(&fill(phrases.total, &[&total]));
        if let Some(due) = self.due(bill) {
            self.sentence(&due);
        }
    }

    /// What is to be paid, if the minor unit of the currency makes it another amount than the total.
    fn due(&self, bill: &Bill) -> Option<String> {
        let (invoice, total) = (bill.invoice(), bill.totals.total);
        let (due, exact) = invoice.incl_tax.zip(total.incl_tax).or(invoice.excl_tax.zip(total.excl_tax))?;
        if Exact::from(due) == exact {
            return None;
        }
        let tax = invoice.incl_tax.zip(invoice.excl_tax).and_then(|(gross, net)| Some((net, gross.checked_sub(net)?)));
        let amount = self.price(due);
        Some(match tax {
            Some((net, tax)) => fill(self.phrases.to_pay_of, &[&amount, &self.price(net), &self.price(tax)]),
            None => fill(self.phrases.to_pay, &[&amount]),
        })
    }

    /// `20.1 kWh of energy, billed as 20.5 kWh, at 0.25 EUR per kWh: 5.125 EUR`.
    fn line(&self, line: &Line, tariffs: &[Tariff]) -> String {
        let phrases = self.phrases;
        let amount = line
            .cost
            .excl_tax
            .or(line.cost.incl_tax)
            .map_or_else(|| phrases.unknown.to_owned(), |cost| self.exact(cost));
        let subject = match line.kind {
            LineKind::Energy => phrases.subject(ElementKind::Ordinary, Dimension::Energy),
            LineKind::Time => phrases.subject(ElementKind::Ordinary, Dimension::Time),
            LineKind::ParkingTime => phrases.subject(ElementKind::Ordinary, Dimension::ParkingTime),
            LineKind::Fixed => phrases.subject(ElementKind::Ordinary, Dimension::Flat),
            LineKind::ReservationTime => phrases.subject(kind_of(line), Dimension::Time),
            LineKind::ReservationFee => phrases.subject(kind_of(line), Dimension::Flat),
            LineKind::PriceLimit => {
                let phrase = if line.reason == Reason::MaxPrice { phrases.max_applied } else { phrases.min_applied };
                return fill(phrase, &[&amount]);
            }
            LineKind::Adjustment => return fill(phrases.adjusted, &[&amount]),
        };
        let (unit, per) = match line.kind {
            LineKind::Energy => (Some(Unit::Energy), phrases.per_kwh),
            LineKind::Time | LineKind::ParkingTime | LineKind::ReservationTime => (Some(Unit::Hours), phrases.per_hour),
            _ => (None, ""),
        };
        let Some(unit) = unit else {
            return alloc::format!("{}: {amount}{}", fill(phrases.fee_line, &[subject]), self.because(line, tariffs));
        };
        let quantity = self.quantity(line.quantity, unit);
        let mut text = fill(phrases.quantity_of, &[&quantity, subject]);
        match line.reason {
            Reason::NoComponent => return alloc::format!("{text}: {}", phrases.no_price),
            Reason::NoTariff => return alloc::format!("{text}: {}", phrases.no_tariff),
            _ => {}
        }
        if line.billed != line.quantity {
            let step = self.step(Decimal::from(line.step), matches!(unit, Unit::Energy));
            text.push_str(", ");
            text.push_str(&fill(phrases.billed_as, &[&self.quantity(line.billed, unit), &step]));
        }
        alloc::format!(
            "{text}, {}{per}: {amount}{}",
            fill(phrases.at_price, &[&self.price(line.price)]),
            self.because(line, tariffs)
        )
    }

    /// The conditions of the element behind a line, in brackets.
    fn because(&self, line: &Line, tariffs: &[Tariff]) -> String {
        let element = line.source.and_then(|source| {
            tariffs.get(usize::from(source.tariff))?.elements.get(usize::try_from(source.element).ok()?)
        });
        match element.map(|element| self.conditions(&element.conditions)) {
            Some(conditions) if !conditions.is_empty() => alloc::format!(" ({conditions})"),
            _ => String::new(),
        }
    }

    fn cost(&self, cost: Cost) -> String {
        let phrases = self.phrases;
        match (cost.excl_tax, cost.incl_tax) {
            (Some(excl), Some(incl)) => fill(phrases.both_amounts, &[&self.exact(excl), &self.exact(incl)]),
            (Some(excl), None) => {
                alloc::format!("{}; {}", fill(phrases.amount_before_tax, &[&self.exact(excl)]), phrases.tax_unknown)
            }
            (None, Some(incl)) => {
                alloc::format!("{}; {}", fill(phrases.amount_with_tax, &[&self.exact(incl)]), phrases.tax_unknown)
            }
            (None, None) => phrases.unknown.to_owned(),
        }
    }

    fn quantity(&self, quantity: Exact, unit: Unit) -> String {
        match unit {
            Unit::Energy => alloc::format!("{} kWh", self.number(&at_most(quantity, 4))),
            Unit::Hours => {
                let seconds =
                    quantity.checked_mul(Exact::from(3600)).map(|seconds| seconds.round(0, RoundingMode::HalfUp));
                match seconds.and_then(|seconds| u64::try_from(seconds).ok()) {
                    Some(seconds) => duration(seconds),
                    None => alloc::format!("{} h", self.number(&at_most(quantity, 4))),
                }
            }
        }
    }

    /// A price as the tariff writes it.
    fn price(&self, price: Decimal) -> String {
        let digits = self.currency.minor_digits();
        let price = if price.scale() < digits { Exact::from(price).round(digits, RoundingMode::HalfUp) } else { price };
        alloc::format!("{} {}", self.number(&price), self.currency.code())
    }

    /// An amount with the decimals of the currency, or up to four if it has them.
    fn exact(&self, amount: Exact) -> String {
        let mut rounded = at_most(amount, 4);
        let digits = self.currency.minor_digits();
        if rounded.scale() < digits {
            rounded = amount.round(digits, RoundingMode::HalfUp);
        }
        alloc::format!("{} {}", self.number(&rounded), self.currency.code())
    }

    /// A number with the decimal mark of the language.
    fn number(&self, number: &impl fmt::Display) -> String {
        let text = number.to_string();
        if self.phrases.decimal_mark == "." { text } else { text.replace('.', self.phrases.decimal_mark) }
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Energy,
    Hours,
}

fn kind_of(line: &Line) -> ElementKind {
    line.source.map_or(ElementKind::Reservation, |source| source.kind)
}

/// Rounded to so many decimals, without zeros at the end.
fn at_most(value: Exact, decimals: u32) -> Decimal {
    value.round(decimals, RoundingMode::HalfUp).normalize()
}

/// `1 h 15 min`, which all languages here share.
fn duration(seconds: u64) -> String {
    let mut text = String::new();
    for (amount, unit) in [(seconds / 3600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")] {
        if amount > 0 {
            let blank = if text.is_empty() { "" } else { " " };
            let _ = write!(text, "{blank}{amount} {unit}");
        }
    }
    if text.is_empty() { "0 s".to_owned() } else { text }
}

/// A text of somebody else's, on one line.
fn printable(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}

/// Puts arguments in the places `{}` of a phrase, in order of their numbers: `{0}`, `{1}`.
fn fill(phrase: &str, arguments: &[&str]) -> String {
    let mut text = String::new();
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (number, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(number.parse().ok().and_then(|at: usize| arguments.get(at)).copied().unwrap_or_default());
        rest = after;
    }
    text.push_str(rest);
    text
}
