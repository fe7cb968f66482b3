//! A bill as a page for a browser: power and price over time, costs as they add up, and every item.
//!
//! The page stands alone: no script, no font, no picture from anywhere else. Everything written into it is escaped.
//! Coordinates are floats, since they end on a screen; every number that is read is printed from exact ones.

mod labels;

use std::fmt::{self, Write as _};

use chrono::{DateTime, Utc};
use tariff::{Bill, Compiled, Exact, Language, Line, LineKind, RoundingMode, Usage, UsedPeriod};

use self::labels::Labels;

/// What the page shows.
pub(super) struct Page<'a> {
    pub(super) usage: &'a Usage,
    pub(super) bill: &'a Bill,
    pub(super) compiled: &'a Compiled,
}

impl Page<'_> {
    pub(super) fn render(&self, language: Language) -> String {
        let mut page = String::with_capacity(32 * 1024);
        // writing to a text does not fail
        let _ = self.write(&mut page, language);
        page
    }

    fn write(&self, page: &mut String, language: Language) -> fmt::Result {
        let labels = Labels::of(language);
        let periods: Vec<UsedPeriod> = self.usage.periods().collect();
        let currency = self.bill.totals.currency.code();
        let total = self.bill.totals.total;
        write!(
            page,
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{} {}</title><style>{STYLE}</style></head><body><main>",
            language.tag(),
            labels.bill,
            Html(&self.bill.tariffs.join(", ")),
        )?;
        let invoice = self.bill.invoice();
        let shown = invoice.incl_tax.or(invoice.excl_tax).map(|amount| amount.to_string());
        write!(
            page,
            "<header><h1>{}</h1><p class=\"total\">{} <span>{currency}</span></p><p class=\"muted\">{}</p></header>",
            labels.bill,
            Html(&labels.number(&shown.unwrap_or_else(|| labels.unknown.to_owned()))),
            Html(&self.subtitle(&periods, &labels, total.incl_tax.is_some())),
        )?;
        if let Some(chart) = Chart::of(&periods) {
            write!(page, "<section><h2>{}</h2>", labels.power_and_price)?;
            chart.power(page, &self.prices(periods.len()), &labels, currency)?;
            write!(page, "</section><section><h2>{}</h2>", labels.costs)?;
            chart.costs(page, &self.costs(&periods), &labels, currency)?;
            write!(page, "</section>")?;
        }
        self.items(page, &labels, currency)?;
        self.words(page, language, &labels)?;
        writeln!(page, "</main></body></html>")
    }

    fn subtitle(&self, periods: &[UsedPeriod], labels: &Labels, is_taxed: bool) -> String {
        let tax = if is_taxed { labels.including_tax } else { labels.before_tax };
        match (periods.first(), periods.last()) {
            (Some(first), Some(last)) => {
                let form = "%Y-%m-%d %H:%M";
                format!("{tax} · {} – {} UTC", first.start.format(form), last.end.format(form))
            }
            _ => tax.to_owned(),
        }
    }

    /// The price of a kWh in each period, where there is one.
    fn prices(&self, count: usize) -> Vec<Option<String>> {
        let mut prices = vec![None; count];
        for line in self.bill.lines.iter().filter(|line| line.kind == LineKind::Energy && line.source.is_some()) {
            let range = line.first_period as usize..=line.last_period as usize;
            prices.iter_mut().enumerate().filter(|(at, _)| range.contains(at)).for_each(|(_, price)| {
                *price = Some(line.price.to_string());
            });
        }
        prices
    }

    /// What each period adds to the costs, by kind.
    fn costs(&self, periods: &[UsedPeriod]) -> Vec<[f64; KINDS]> {
        let mut costs = vec![[0.0; KINDS]; periods.len()];
        for line in &self.bill.lines {
            let (Some(kind), Some(cost)) = (kind_of(line), line.cost.excl_tax.or(line.cost.incl_tax)) else { continue };
            let last = (line.last_period as usize).min(periods.len().saturating_sub(1));
            let range = (line.first_period as usize).min(last)..=last;
            let weight = |period: &UsedPeriod| match line.kind {
                LineKind::Energy => float(period.energy),
                LineKind::Time => float(period.time),
                LineKind::ParkingTime => float(period.parking_time),
                LineKind::ReservationTime => float(period.reserved_time) + float(period.overtime),
                _ => 0.0,
            };
            let whole: f64 = periods[range.clone()].iter().map(weight).sum();
            for at in range.clone() {
                let share =
                    if whole == 0.0 { f64::from(u8::from(at == *range.start())) } else { weight(&periods[at]) / whole };
                costs[at][kind] += float(cost) * share;
            }
        }
        costs
    }

    fn items(&self, page: &mut String, labels: &Labels, currency: &str) -> fmt::Result {
        write!(
            page,
            "<section><h2>{}</h2><div class=\"scroll\"><table><thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th>\
             <th>{}</th></tr></thead><tbody>",
            labels.items, labels.item, labels.quantity, labels.billed, labels.price, labels.amount,
        )?;
        for line in &self.bill.lines {
            let (unit, per) = match line.kind {
                LineKind::Energy => ("kWh", "kWh"),
                LineKind::Time | LineKind::ParkingTime | LineKind::ReservationTime => ("h", "h"),
                _ => ("", ""),
            };
            let quantity =
                |quantity: Exact| if unit.is_empty() { String::new() } else { format!("{} {unit}", number(quantity)) };
            let price = if per.is_empty() { String::new() } else { format!("{} {currency}/{per}", line.price) };
            let amount = line.cost.excl_tax.or(line.cost.incl_tax).map_or_else(|| labels.unknown.to_owned(), number);
            let swatch = kind_of(line).map_or(String::new(), |kind| format!("<i class=\"k{kind}\"></i>"));
            write!(
                page,
                "<tr><td>{swatch}{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                labels.kind(line.kind),
                Html(&labels.number(&quantity(line.quantity))),
                Html(&labels.number(&quantity(line.billed))),
                Html(&labels.number(&price)),
                Html(&labels.number(&amount)),
            )?;
        }
        for tax in &self.bill.taxes {
            let rate = tax.percent.map_or_else(String::new, |percent| format!(" {} %", percent.normalize()));
            write!(
                page,
                "<tr class=\"tax\"><td colspan=\"4\">{}{}</td><td>{}</td></tr>",
                Html(&tax.name),
                Html(&labels.number(&rate)),
                Html(&labels.number(&number(tax.amount))),
            )?;
        }
        let total = self.bill.totals.total;
        for (label, amount) in [(labels.before_tax, total.excl_tax), (labels.including_tax, total.incl_tax)] {
            let amount =
                amount.map_or_else(|| labels.unknown.to_owned(), |amount| format!("{} {currency}", number(amount)));
            write!(
                page,
                "<tr class=\"sum\"><td colspan=\"4\">{} {label}</td><td>{}</td></tr>",
                labels.total,
                Html(&labels.number(&amount)),
            )?;
        }
        write!(page, "</tbody></table></div></section>")
    }

    fn words(&self, page: &mut String, language: Language, labels: &Labels) -> fmt::Result {
        write!(page, "<section><h2>{}</h2><ul>", labels.in_words)?;
        for sentence in self.bill.explain_with(self.compiled.tariffs(), language).lines() {
            write!(page, "<li>{}</li>", Html(sentence))?;
        }
        write!(page, "</ul>")?;
        for tariff in self.compiled.tariffs() {
            write!(page, "<details><summary>{} {}</summary><ul>", labels.tariff, Html(&tariff.id))?;
            for sentence in tariff.explain(language).lines() {
                write!(page, "<li>{}</li>", Html(sentence))?;
            }
            write!(page, "</ul></details>")?;
        }
        if !self.bill.diagnostics.is_empty() {
            write!(page, "<details open><summary>{}</summary><ul>", labels.notes)?;
            for found in &self.bill.diagnostics {
                write!(page, "<li>{}</li>", Html(&found.to_string()))?;
            }
            write!(page, "</ul></details>")?;
        }
        write!(page, "</section>")
    }
}

/// The kinds of costs that are stacked.
const KINDS: usize = 5;

fn kind_of(line: &Line) -> Option<usize> {
    Some(match line.kind {
        LineKind::Fixed => 0,
        LineKind::Energy => 1,
        LineKind::Time => 2,
        LineKind::ParkingTime => 3,
        LineKind::ReservationTime | LineKind::ReservationFee => 4,
        _ => return None,
    })
}

/// Where things are drawn.
struct Chart<'a> {
    periods: &'a [UsedPeriod],
    start: DateTime<Utc>,
    seconds: f64,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 52.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 26.0;

impl<'a> Chart<'a> {
    /// None if there is nothing to draw.
    fn of(periods: &'a [UsedPeriod]) -> Option<Self> {
        let (first, last) = (periods.first()?, periods.last()?);
        let seconds = seconds(first.start, last.end);
        (seconds > 0.0).then_some(Self { periods, start: first.start, seconds })
    }

    fn x(&self, at: DateTime<Utc>) -> f64 {
        LEFT + seconds(self.start, at) / self.seconds * (WIDTH - LEFT - RIGHT)
    }

    fn y(value: f64, most: f64) -> f64 {
        HEIGHT - BOTTOM - value.max(0.0) / most * (HEIGHT - TOP - BOTTOM)
    }

    /// Power as bars, the price of energy as steps.
    fn power(&self, page: &mut String, prices: &[Option<String>], labels: &Labels, currency: &str) -> fmt::Result {
        let power = |period: &UsedPeriod| {
            let hours = seconds(period.start, period.end) / 3600.0;
            if hours > 0.0 { float(period.energy) / hours } else { 0.0 }
        };
        let most_power = nice(self.periods.iter().map(power).fold(0.0, f64::max));
        let price = |at: usize| prices.get(at).and_then(Option::as_ref).and_then(|text| text.parse::<f64>().ok());
        let most_price = nice((0..self.periods.len()).filter_map(price).fold(0.0, f64::max));
        self.frame(page, labels.power_and_price, most_power, "kW", labels)?;
        for period in self.periods {
            let (left, right, top) = (self.x(period.start), self.x(period.end), Self::y(power(period), most_power));
            let class = if period.parking_time.is_zero() { "k1" } else { "k3" };
            write!(
                page,
                "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\"><title>{}</title></rect>",
                (right - left).max(0.5),
                (HEIGHT - BOTTOM - top).max(if period.parking_time.is_zero() { 0.0 } else { 3.0 }),
                Html(&labels.number(&format!(
                    "{}–{} UTC: {} kWh",
                    clock(period.start),
                    clock(period.end),
                    number(period.energy)
                ))),
            )?;
        }
        let mut path = String::new();
        let mut is_drawing = false;
        for (at, period) in self.periods.iter().enumerate() {
            match price(at) {
                Some(value) => {
                    let y = Self::y(value, most_price);
                    let verb = if is_drawing { 'L' } else { 'M' };
                    write!(path, "{verb}{:.1} {y:.1}H{:.1}", self.x(period.start), self.x(period.end))?;
                    is_drawing = true;
                }
                None => is_drawing = false,
            }
        }
        if !path.is_empty() {
            write!(page, "<path class=\"price\" d=\"{path}\"/>")?;
            for part in [0.0, 0.5, 1.0] {
                write!(
                    page,
                    "<text class=\"price-label\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                    WIDTH - RIGHT + 6.0,
                    Self::y(part, 1.0) + 4.0,
                    Html(&labels.number(&short(part * most_price))),
                )?;
            }
        }
        write!(
            page,
            "</svg><p class=\"legend\"><i class=\"k1\"></i>{} <i class=\"k3\"></i>{} <b></b>{} ({currency}/kWh)</p>",
            labels.power,
            labels.kind(LineKind::ParkingTime),
            labels.price,
        )
    }

    /// Costs as they add up, one kind upon the other.
    fn costs(&self, page: &mut String, costs: &[[f64; KINDS]], labels: &Labels, currency: &str) -> fmt::Result {
        let mut sums = [0.0; KINDS];
        let mut steps: Vec<(f64, [f64; KINDS])> = vec![(self.x(self.start), sums)];
        for (at, (period, cost)) in self.periods.iter().zip(costs).enumerate() {
            if at == 0 {
                // fees are due at the start
                (sums[0], steps[0].1[0]) = (cost[0], cost[0]);
            }
            for (kind, sum) in sums.iter_mut().enumerate() {
                *sum += if at == 0 && kind == 0 { 0.0 } else { cost[kind] };
            }
            steps.push((self.x(period.end), sums));
        }
        let most = nice(steps.iter().map(|(_, sums)| sums.iter().sum()).fold(0.0, f64::max));
        self.frame(page, labels.costs, most, currency, labels)?;
        for kind in 0..KINDS {
            if sums[kind] <= 0.0 {
                continue;
            }
            let level = |sums: &[f64; KINDS], upto: usize| Self::y(sums[..upto].iter().sum(), most);
            let mut path = String::new();
            for (index, (x, sums)) in steps.iter().enumerate() {
                write!(path, "{}{x:.1} {:.1}", if index == 0 { 'M' } else { 'L' }, level(sums, kind + 1))?;
            }
            for (x, sums) in steps.iter().rev() {
                write!(path, "L{x:.1} {:.1}", level(sums, kind))?;
            }
            write!(page, "<path class=\"k{kind}\" d=\"{path}Z\"/>")?;
        }
        write!(page, "</svg><p class=\"legend\">")?;
        let kinds =
            [LineKind::Fixed, LineKind::Energy, LineKind::Time, LineKind::ParkingTime, LineKind::ReservationTime];
        for (kind, name) in kinds.into_iter().enumerate().filter(|(kind, _)| sums[*kind] > 0.0) {
            write!(page, "<i class=\"k{kind}\"></i>{} ", labels.kind(name))?;
        }
        write!(page, "({})</p>", labels.before_tax)
    }

    /// The frame of a drawing: lines with their values, and times below.
    fn frame(&self, page: &mut String, title: &str, most: f64, unit: &str, labels: &Labels) -> fmt::Result {
        write!(page, "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">", Html(title))?;
        for part in [0.0, 0.5, 1.0] {
            let y = Self::y(part, 1.0);
            let value = labels.number(&short(part * most));
            let unit = if part == 1.0 { format!(" {unit}") } else { String::new() };
            write!(
                page,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
                 <text class=\"axis\" x=\"{:.1}\" y=\"{:.1}\">{}{}</text>",
                WIDTH - RIGHT,
                LEFT - 6.0,
                y + 4.0,
                Html(&value),
                Html(&unit),
            )?;
        }
        for step in 0..=4_i32 {
            let share = f64::from(step) / 4.0;
            let at = self.start + chrono::TimeDelta::seconds((self.seconds * share) as i64);
            write!(
                page,
                "<text class=\"time\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                self.x(at),
                HEIGHT - 8.0,
                clock(at),
            )?;
        }
        Ok(())
    }
}

fn seconds(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    (to - from).num_milliseconds() as f64 / 1000.0
}

fn clock(at: DateTime<Utc>) -> String {
    at.format("%H:%M").to_string()
}

/// For drawing only.
fn float(value: Exact) -> f64 {
    value.round(6, RoundingMode::HalfUp).to_string().parse().unwrap_or(0.0)
}

/// With four decimals at most.
fn number(value: Exact) -> String {
    let rounded = value.round(4, RoundingMode::HalfUp).normalize();
    if rounded.scale() < 2 { format!("{:.2}", Exact::from(rounded)) } else { rounded.to_string() }
}

/// The number at the top of an axis: the next of 1, 2 or 5 times a power of ten.
fn nice(most: f64) -> f64 {
    if !(most.is_finite() && most > 0.0) {
        return 1.0;
    }
    let power = 10_f64.powf(most.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|step| step * power).find(|step| *step >= most).unwrap_or(10.0 * power)
}

fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A text inside a page.
struct Html<'a>(&'a str);

impl fmt::Display for Html<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|letter| match letter {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            other => f.write_char(other),
        })
    }
}

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c2733;--muted:#66727f;--line:#dfe4ea;--page:#f6f8fa;--card:#fff;\
--k0:#8e7cc3;--k1:#2a9d8f;--k2:#e9a23b;--k3:#d1603d;--k4:#4a7fb5;--price:#1c2733}\
@media(prefers-color-scheme:dark){:root{--ink:#e6ebf0;--muted:#98a4b0;--line:#313b46;--page:#12181f;--card:#1b232c;--price:#f2f5f8}}\
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif}\
main{max-width:860px;margin:0 auto;padding:24px 16px 48px}header,section{background:var(--card);border:1px solid var(--line);\
border-radius:12px;padding:18px 22px;margin-bottom:16px}h1{font-size:15px;font-weight:600;margin:0;color:var(--muted)}\
h2{font-size:15px;margin:0 0 10px}.total{font-size:40px;font-weight:650;margin:2px 0;letter-spacing:-.02em}.total span{font-size:20px;\
color:var(--muted);font-weight:500}.muted,.legend{color:var(--muted);margin:4px 0 0;font-size:13px}svg{width:100%;height:auto;display:block}\
.grid{stroke:var(--line)}.axis,.time,.price-label{fill:var(--muted);font-size:11px}.axis{text-anchor:end}.time{text-anchor:middle}\
.k0{fill:var(--k0);background:var(--k0)}.k1{fill:var(--k1);background:var(--k1)}.k2{fill:var(--k2);background:var(--k2)}\
.k3{fill:var(--k3);background:var(--k3)}.k4{fill:var(--k4);background:var(--k4)}rect,path{opacity:.9}\
.price{fill:none;stroke:var(--price);stroke-width:2;stroke-linejoin:round}i{display:inline-block;width:10px;height:10px;border-radius:3px;margin:0 6px 0 0}\
.legend i:not(:first-child){margin-left:12px}.legend b{display:inline-block;width:16px;border-top:2px solid var(--price);margin:0 6px 3px 12px}\
.scroll{overflow-x:auto}table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:7px 8px;text-align:right;\
border-bottom:1px solid var(--line);white-space:nowrap}th{font-size:12px;color:var(--muted);font-weight:500}th:first-child,td:first-child{text-align:left;white-space:normal}\
.tax td{color:var(--muted)}.sum td{font-weight:650}ul{margin:0;padding-left:20px}details{margin-top:12px}summary{cursor:pointer;font-weight:600}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_two_to_four_decimals_however_large_it_is() {
        let shown = |text: &str| number(Exact::from(text.parse::<rust_decimal::Decimal>().expect("a number")));
        assert_eq!(["3", "0.25", "1.23456", "7.9999999"].map(shown), ["3.00", "0.25", "1.2346", "8.00"]);
        assert_eq!(shown("79228162514264337593543950335"), "79228162514264337593543950335.00");
    }
}
