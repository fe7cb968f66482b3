//! What a fleet has seen.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hdrhistogram::Histogram;
use indicatif::ProgressBar;
use ocpp_rpc::websocket::DialError;
use serde::Serialize;
use tokio::sync::watch;

/// What is counted while the fleet runs.
pub(super) struct Tally {
    counts: Mutex<Counts>,
    online: watch::Sender<u64>,
    /// How many connections of stations that were online are gone; never less.
    gone: watch::Sender<u64>,
}

struct Counts {
    connected: u64,
    answers: Histogram<u64>,
    dials: Histogram<u64>,
    refused: u64,
    failed: BTreeMap<String, u64>,
    charged: u64,
    broken: u64,
    odd: u64,
    lowest: u64,
}

/// What a fleet has seen.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    stations: u32,
    seconds: String,
    /// Stations online when charging began, and the fewest while it went on.
    fewest_online: u64,
    connections: u64,
    failed_connections: BTreeMap<String, u64>,
    calls: u64,
    refused_calls: u64,
    charged_cars: u64,
    /// Messages that were lost, and stations that could not start.
    lost: u64,
    anomalies: u64,
    /// From the storm until all stations were online again.
    storm_seconds: Option<String>,
    answer_ms: Percentiles,
    handshake_ms: Percentiles,
}

/// How long something took, in milliseconds.
#[derive(Debug, Serialize)]
struct Percentiles {
    p50: String,
    p90: String,
    p99: String,
    p999: String,
    max: String,
}

impl Tally {
    pub(super) fn new() -> Self {
        let counts = Counts {
            connected: 0,
            answers: histogram(),
            dials: histogram(),
            refused: 0,
            failed: BTreeMap::new(),
            charged: 0,
            broken: 0,
            odd: 0,
            lowest: 0,
        };
        Self { counts: Mutex::new(counts), online: watch::Sender::new(0), gone: watch::Sender::new(0) }
    }

    pub(super) fn connected(&self) {
        self.counts().connected += 1;
    }

    /// A connection came about, in this time.
    pub(super) fn dialled(&self, took: Duration) {
        let mut counts = self.counts();
        counts.connected += 1;
        counts.dials.saturating_record(micros(took));
    }

    pub(super) fn failed(&self, why: &DialError) {
        *self.counts().failed.entry(why.to_string()).or_default() += 1;
    }

    pub(super) fn answered(&self, took: Duration, is_error: bool) {
        let mut counts = self.counts();
        counts.answers.saturating_record(micros(took));
        counts.refused += u64::from(is_error);
    }

    pub(super) fn charged(&self) {
        self.counts().charged += 1;
    }

    pub(super) fn broken(&self) {
        self.counts().broken += 1;
    }

    pub(super) fn odd(&self) {
        self.counts().odd += 1;
    }

    pub(super) fn note_lowest(&self, lowest: u64) {
        self.counts().lowest = lowest;
    }

    pub(super) fn came(&self) {
        self.online.send_modify(|online| *online += 1);
    }

    pub(super) fn went(&self) {
        self.online.send_modify(|online| *online -= 1);
        self.gone.send_modify(|gone| *gone += 1);
    }

    pub(super) fn online(&self) -> u64 {
        *self.online.borrow()
    }

    /// Waits until so many stations are online.
    pub(super) async fn await_online(&self, count: u64, patience: Duration, bar: &ProgressBar) {
        let mut online = self.online.subscribe();
        let all = online.wait_for(|online| {
            bar.set_position(*online);
            *online >= count
        });
        // the report tells how many are missing
        _ = tokio::time::timeout(patience, all).await;
    }

    pub(super) fn gone(&self) -> u64 {
        *self.gone.borrow()
    }

    /// Waits until so many connections are gone.
    pub(super) async fn await_gone(&self, count: u64, patience: Duration) {
        let mut gone = self.gone.subscribe();
        _ = tokio::time::timeout(patience, gone.wait_for(|gone| *gone >= count)).await;
    }

    pub(super) fn report(&self, stations: u32, took: Duration, storm: Option<Duration>) -> Report {
        let counts = self.counts();
        Report {
            stations,
            seconds: seconds(took),
            fewest_online: counts.lowest,
            connections: counts.connected,
            failed_connections: counts.failed.clone(),
            calls: counts.answers.len(),
            refused_calls: counts.refused,
            charged_cars: counts.charged,
            lost: counts.broken,
            anomalies: counts.odd,
            storm_seconds: storm.map(seconds),
            answer_ms: Percentiles::of(&counts.answers),
            handshake_ms: Percentiles::of(&counts.dials),
        }
    }

    /// Counts are whole between two statements, whoever panicked in between.
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Report {
    /// Whether nothing went wrong.
    pub(super) fn is_good(&self) -> bool {
        let is_churn = self.calls == 0;
        self.failed_connections.is_empty()
            && self.refused_calls == 0
            && self.lost == 0
            && (is_churn || self.fewest_online == u64::from(self.stations))
    }

    pub(super) fn write(&self, json: bool) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if json {
            let line = serde_json::to_string(self)?;
            return writeln!(out, "{line}");
        }
        writeln!(out, "stations      {} ({} online at least), {} s", self.stations, self.fewest_online, self.seconds)?;
        writeln!(out, "connections   {}, {} failed", self.connections, self.failed_connections.values().sum::<u64>())?;
        for (why, count) in &self.failed_connections {
            writeln!(out, "              {count} × {why}")?;
        }
        writeln!(out, "calls         {}, {} refused, {} lost", self.calls, self.refused_calls, self.lost)?;
        writeln!(out, "cars charged  {}", self.charged_cars)?;
        if let Some(seconds) = &self.storm_seconds {
            writeln!(out, "storm         all online again after {seconds} s")?;
        }
        for (name, percentiles) in [("answers", &self.answer_ms), ("handshakes", &self.handshake_ms)] {
            let Percentiles { p50, p90, p99, p999, max } = percentiles;
            if max != "0.000" {
                writeln!(out, "{name:13} p50 {p50}  p90 {p90}  p99 {p99}  p99.9 {p999}  max {max} ms")?;
            }
        }
        Ok(())
    }
}

impl Percentiles {
    fn of(histogram: &Histogram<u64>) -> Self {
        let at = |quantile| millis(histogram.value_at_quantile(quantile));
        Self { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: millis(histogram.max()) }
    }
}

/// Up to two minutes in microseconds, to three digits.
fn histogram() -> Histogram<u64> {
    #[expect(clippy::expect_used, reason = "the bounds are constants that fit")]
    Histogram::new_with_bounds(1, 120_000_000, 3).expect("bounds that fit")
}

fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

fn millis(micros: u64) -> String {
    format!("{}.{:03}", micros / 1000, micros % 1000)
}

fn seconds(took: Duration) -> String {
    format!("{}.{:03}", took.as_secs(), took.subsec_millis())
}
