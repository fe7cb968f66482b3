//! A conversation as lines for people.

use std::collections::BTreeMap;

use ocpp_rpc::{Frame, parse};
use ocpp_types::{DecodePolicy, Version};

use crate::brief::brief;
use crate::capture::{Direction, Record, What};
use crate::printable::Printable;

/// Turns what is said into lines, and remembers what is under way, so that an answer tells what it answers.
pub(crate) struct Transcript {
    /// Columns of the line.
    width: usize,
    /// Columns for the name of the station.
    name_width: usize,
    payloads: Payloads,
    /// Action of each call under way, by station, sender of the call and id.
    calls: BTreeMap<(String, bool, String), String>,
    versions: BTreeMap<String, Version>,
}

/// How payloads are shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Payloads {
    /// As they are.
    Json,
    /// In few words, without seconds.
    Brief,
}

/// The most calls that are remembered; beyond that, answers go without action.
const MAX_CALLS: usize = 4096;

impl Transcript {
    pub(crate) fn new(width: usize, name_width: usize, payloads: Payloads) -> Self {
        Self { width, name_width, payloads, calls: BTreeMap::new(), versions: BTreeMap::new() }
    }

    /// The line for something that happened.
    pub(crate) fn line(&mut self, record: &Record) -> String {
        let time = record.time.format(if self.payloads == Payloads::Brief { "%H:%M" } else { "%H:%M:%S%.3f" });
        let station = Printable(&record.station).to_string();
        let said = match &record.what {
            What::Connected { version } => {
                self.versions.insert(record.station.clone(), *version);
                format!("● connected, OCPP {version}")
            }
            What::Disconnected => {
                self.versions.remove(&record.station);
                self.calls.retain(|(name, _, _), _| *name != record.station);
                "○ connection gone".to_owned()
            }
            What::Text { direction, text } => self.said(record, *direction, text),
        };
        let name_width = self.name_width;
        cut(format!("{time}  {station:name_width$}  {}", said.trim_end()), self.width)
    }

    fn said(&mut self, record: &Record, direction: Direction, text: &str) -> String {
        let station = record.station.as_str();
        let is_station = direction == Direction::FromStation;
        let arrow = if is_station { '→' } else { '←' };
        let version = self.versions.get(station).copied().unwrap_or(Version::V21);
        let Ok(parsed) = parse(text, version, DecodePolicy::Repair) else {
            return format!("{arrow} {}", Printable(text));
        };
        let id = parsed.frame.id().text().into_owned();
        let shown = |payload: &str| match self.payloads {
            Payloads::Json => Printable(payload).to_string(),
            Payloads::Brief if payload == "{}" => "✓".to_owned(),
            Payloads::Brief => brief(payload, record.time),
        };
        let mut answered = || self.calls.remove(&(station.to_owned(), !is_station, id.clone())).unwrap_or_default();
        match parsed.frame {
            Frame::Call { action, payload, .. } => {
                if self.calls.len() < MAX_CALLS {
                    self.calls.insert((station.to_owned(), is_station, id), action.to_string());
                }
                format!("{arrow} {} {}", Printable(&action), shown(payload))
            }
            Frame::Send { action, payload, .. } => format!("{arrow} {} {}", Printable(&action), shown(payload)),
            Frame::CallResult { payload, .. } => format!("{arrow}   {} {}", Printable(&answered()), shown(payload)),
            Frame::CallError { refusal, .. } => {
                let about = answered();
                let (code, why) = (Printable(&refusal.code_text), Printable(&refusal.description));
                format!("{arrow}   {} {code}: {why}", Printable(&about))
            }
            _ => format!("{arrow} {}", Printable(text)),
        }
    }
}

/// A line of at most so many columns.
pub(crate) fn cut(line: String, width: usize) -> String {
    match line.char_indices().nth(width) {
        Some((end, _)) if width > 0 => {
            let end = line[..end].char_indices().next_back().map_or(0, |(at, _)| at);
            format!("{}…", &line[..end])
        }
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn an_answer_tells_what_it_answers_and_long_lines_are_cut() {
        let mut transcript = Transcript::new(60, 4, Payloads::Json);
        let mut line =
            |direction, text: &str| transcript.line(&Record::text(DateTime::UNIX_EPOCH, "CS1", direction, text));
        assert_eq!(line(Direction::FromStation, r#"[2,"1","Heartbeat",{}]"#), "00:00:00.000  CS1   → Heartbeat {}");
        assert_eq!(
            line(Direction::FromCsms, r#"[3,"1",{"currentTime":"2026-03-01T10:00:00Z"}]"#),
            "00:00:00.000  CS1   ←   Heartbeat {\"currentTime\":\"2026-03-0…"
        );
        assert_eq!(
            line(Direction::FromCsms, r#"[4,"1","NotSupported","",{}]"#),
            "00:00:00.000  CS1   ←    NotSupported:"
        );
        assert_eq!(line(Direction::FromCsms, "\u{1b}[2J"), "00:00:00.000  CS1   ← \\u{1b}[2J");
    }
}
