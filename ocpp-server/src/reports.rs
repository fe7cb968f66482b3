//! Reports that come in pages, after the answer to the request (2.x: NotifyReport, NotifyMonitoringReport and the like).

use std::collections::BTreeMap;
use std::time::Duration;

use ocpp_rpc::Instant;

/// Collects the pages of reports by `K`: the kind of report and its `requestId` (rule CS-24).
///
/// Expect a report before its request is sent, because some stations send the first page before the answer. Pages may come in
/// any order and twice. What never becomes whole is over after a time without a page.
#[derive(Clone, Debug)]
pub struct Reports<K, T> {
    limits: ReportLimits,
    open: BTreeMap<K, Open<T>>,
}

/// How much of reports is held, and for how long.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ReportLimits {
    /// Reports at a time.
    pub reports: usize,
    /// Pages of a report.
    pub pages: usize,
    /// Items of a report.
    pub items: usize,
    /// How long the next page may take.
    pub idle: Duration,
}

impl Default for ReportLimits {
    fn default() -> Self {
        Self { reports: 16, pages: 4096, items: 200_000, idle: Duration::from_secs(60) }
    }
}

#[derive(Clone, Debug)]
struct Open<T> {
    pages: BTreeMap<i64, Vec<T>>,
    items: usize,
    last: Option<i64>,
    due: Instant,
}

/// What became of a page.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
#[non_exhaustive]
pub enum Page<T> {
    /// More are to come.
    More,
    /// It was here already.
    Repeated,
    /// It was the last that was missing: these are all items, in order.
    Complete(Vec<T>),
    /// Nobody waits for it.
    Unexpected,
    /// The report is larger than allowed, and given up.
    TooLarge,
}

/// A report that did not become whole.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct Partial<K, T> {
    /// Which.
    pub key: K,
    /// The items that came, in order.
    pub items: Vec<T>,
    /// The number of the first page that is missing.
    pub missing: i64,
}

impl<K: Clone + Ord, T> Reports<K, T> {
    /// Expects nothing yet.
    pub fn new(limits: ReportLimits) -> Self {
        Self { limits, open: BTreeMap::new() }
    }

    /// Expects a report from now on. False if too many are under way, or this one is.
    pub fn expect(&mut self, now: Instant, key: K) -> bool {
        if self.open.len() >= self.limits.reports || self.open.contains_key(&key) {
            return false;
        }
        let due = now + self.limits.idle;
        self.open.insert(key, Open { pages: BTreeMap::new(), items: 0, last: None, due });
        true
    }

    /// Expects it no more: the request was refused.
    pub fn forget(&mut self, key: &K) {
        self.open.remove(key);
    }

    /// Takes a page in, by its `seqNo`; `tbc` of the message says whether it is the last.
    pub fn page(&mut self, now: Instant, key: &K, seq_no: i64, place: PagePlace, items: Vec<T>) -> Page<T> {
        let Some(report) = self.open.get_mut(key) else { return Page::Unexpected };
        report.due = now + self.limits.idle;
        if place == PagePlace::Last {
            report.last = Some(seq_no);
        }
        if report.pages.contains_key(&seq_no) {
            return Page::Repeated;
        }
        report.items = report.items.saturating_add(items.len());
        report.pages.insert(seq_no, items);
        if report.items > self.limits.items || report.pages.len() > self.limits.pages {
            self.open.remove(key);
            return Page::TooLarge;
        }
        let is_whole = report.last.is_some_and(|last| first_missing(report) > last);
        if !is_whole {
            return Page::More;
        }
        let report = self.open.remove(key);
        Page::Complete(report.into_iter().flat_map(|report| report.pages.into_values().flatten()).collect())
    }

    /// When [`handle_timeout`](Self::handle_timeout) has something to do.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.open.values().map(|report| report.due).min()
    }

    /// The reports whose next page did not come in time; they are over.
    pub fn handle_timeout(&mut self, now: Instant) -> Vec<Partial<K, T>> {
        let late: Vec<K> =
            self.open.iter().filter(|(_, report)| report.due <= now).map(|(key, _)| key.clone()).collect();
        let over = late.into_iter().filter_map(|key| {
            let report = self.open.remove(&key)?;
            let missing = first_missing(&report);
            Some(Partial { key, items: report.pages.into_values().flatten().collect(), missing })
        });
        over.collect()
    }
}

/// Whether a page is the last of its report.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PagePlace {
    /// More are to come (`tbc` is true).
    Inner,
    /// It is the last (`tbc` is false or left out).
    Last,
}

impl From<Option<bool>> for PagePlace {
    fn from(tbc: Option<bool>) -> Self {
        if tbc == Some(true) { Self::Inner } else { Self::Last }
    }
}

/// Pages count from 0 (rule DM-07).
fn first_missing<T>(report: &Open<T>) -> i64 {
    let mut next = 0;
    for seq_no in report.pages.keys().filter(|seq_no| **seq_no >= 0) {
        if *seq_no != next {
            break;
        }
        next = next.saturating_add(1);
    }
    next
}
