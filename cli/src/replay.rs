//! `chargewire replay`: a capture once more, through the engines.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use ocpp_rpc::Instant;
use serde::Serialize;

use self::conversation::Conversation;
use crate::Outcome;
use crate::capture::{Record, What};
use crate::failure::Failure;
use crate::lines::Lines;
use crate::printable::Printable;

mod conversation;
mod end;

/// Run a capture through the engines and show what differs.
///
/// Every connection of the capture gets an engine on either side. What one side sent is sent by the engine of that side and
/// taken in by the other one; a difference is anything the engines would have done in another way: a message they would not
/// send, or not then, a message they refuse, an answer that is another one, or that fits no question, or never came.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write one JSON object per difference.
    #[arg(long)]
    json: bool,
    /// File with the capture; standard input if it is `-` or not given.
    file: Option<PathBuf>,
}

/// The longest line of a capture: a frame of 1 MiB in which every byte is escaped.
const LINE_BYTES: usize = 8 << 20;

/// Something that the engines would have done in another way.
#[derive(Debug, Serialize)]
pub(crate) struct Difference {
    /// Line of the capture.
    line: u64,
    /// The station.
    station: String,
    /// What it is about: an action, or the id of an answer.
    about: String,
    /// What is different.
    what: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let path = arguments.file.as_deref().filter(|path| *path != Path::new("-"));
    let unreadable = |source| Failure::Read { path: path.map(Path::to_owned), source };
    let mut out = BufWriter::new(io::stdout().lock());
    let counts = match path {
        Some(path) => {
            replay(BufReader::new(File::open(path).map_err(unreadable)?), &mut out, arguments.json, unreadable)?
        }
        None => replay(io::stdin().lock(), &mut out, arguments.json, unreadable)?,
    };
    if !arguments.json {
        let plural = |count: u64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        let (texts, differences) = (plural(counts.texts, "message"), plural(counts.differences, "difference"));
        writeln!(out, "{texts} on {}, {differences}", plural(counts.connections, "connection"))?;
    }
    out.flush()?;
    Ok(if counts.differences == 0 { Outcome::Good } else { Outcome::Findings })
}

#[derive(Default)]
struct Counts {
    texts: u64,
    connections: u64,
    differences: u64,
}

fn replay(
    reader: impl BufRead,
    out: &mut impl Write,
    json: bool,
    unreadable: impl Fn(io::Error) -> Failure,
) -> Result<Counts, Failure> {
    let mut lines = Lines::new(reader, LINE_BYTES);
    let mut counts = Counts::default();
    let mut conversations: BTreeMap<String, Conversation> = BTreeMap::new();
    // how many connections of a station were replaced whose end is not told yet
    let mut replaced: BTreeMap<String, u64> = BTreeMap::new();
    let mut found = Vec::new();
    let mut start = None;
    let mut last = 0;
    while let Some(line) = lines.next().map_err(&unreadable)? {
        if line.is_blank() {
            continue;
        }
        last = line.number;
        let not_a_record = |why: String| Failure::NotACapture { line: line.number, why };
        if line.length > line.bytes.len() {
            return Err(not_a_record(format!("{} bytes", line.length)));
        }
        let record: Record = serde_json::from_slice(line.bytes).map_err(|error| not_a_record(error.to_string()))?;
        let now = instant(*start.get_or_insert(record.time), record.time);
        let Record { station, what, .. } = record;
        let mut note = |about: &str, what: String| {
            found.push(Difference { line: line.number, station: station.clone(), about: about.to_owned(), what });
        };
        match what {
            What::Connected { version } => {
                counts.connections += 1;
                if let Some(mut before) = conversations.insert(station.clone(), Conversation::new(now, version)) {
                    before.end(now, &mut note);
                    *replaced.entry(station.clone()).or_default() += 1;
                }
            }
            What::Text { direction, text } => {
                counts.texts += 1;
                match conversations.get_mut(&station) {
                    Some(conversation) => conversation.take(now, direction, &text, &mut note),
                    None => note("", "a text of a station that is not connected".into()),
                }
            }
            What::Disconnected => match replaced.get_mut(&station).filter(|left| **left > 0) {
                Some(left) => *left -= 1,
                None => match conversations.remove(&station) {
                    Some(mut conversation) => conversation.end(now, &mut note),
                    None => note("", "a station that was not connected is gone".into()),
                },
            },
        }
        counts.differences += write(&mut found, out, json)?;
    }
    for (station, mut conversation) in conversations {
        conversation.stop(&mut |about, what| {
            found.push(Difference { line: last, station: station.clone(), about: about.to_owned(), what });
        });
    }
    counts.differences += write(&mut found, out, json)?;
    Ok(counts)
}

/// Writes the differences found so far; gives their number.
fn write(found: &mut Vec<Difference>, out: &mut impl Write, json: bool) -> io::Result<u64> {
    let mut count = 0;
    for difference in found.drain(..) {
        count += 1;
        if json {
            serde_json::to_writer(&mut *out, &difference)?;
            writeln!(out)?;
        } else {
            let Difference { line, station, about, what } = &difference;
            let about = if about.is_empty() { String::new() } else { format!(" {}", Printable(about)) };
            writeln!(out, "line {line}: {}{about}: {}", Printable(station), Printable(what))?;
        }
    }
    Ok(count)
}

/// A time of the capture on the clock of the engines. A clock that was set back stands still.
fn instant(start: DateTime<Utc>, time: DateTime<Utc>) -> Instant {
    let nanos = time.signed_duration_since(start).num_nanoseconds().unwrap_or(i64::MAX);
    Instant::from_nanos(u64::try_from(nanos).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rule WS-26: of a connection that was replaced, the end is told after the beginning of the next one.
    #[test]
    fn the_end_of_a_replaced_connection_is_not_that_of_the_one_in_its_place() {
        let line = |second: u32, what: &str| {
            format!("{{\"time\":\"2026-03-01T10:00:{second:02}Z\",\"station\":\"CP1\",{what}}}\n")
        };
        let connected = r#""event":"connected","version":"1.6""#;
        let gone = r#""event":"disconnected""#;
        let text = |direction: &str, text: &str| {
            format!(r#""event":"text","direction":"{direction}","text":{}"#, serde_json::Value::from(text))
        };
        let asked = text("from_station", r#"[2,"1","Heartbeat",{}]"#);
        let answered = text("from_csms", r#"[3,"1",{"currentTime":"2026-03-01T10:00:00Z"}]"#);
        let whats = [connected, connected, gone, &asked, &answered, gone, gone];
        let capture: String = (0..).zip(whats).map(|(second, what)| line(second, what)).collect();
        let mut out = Vec::new();
        let unreadable = |source| Failure::Read { path: None, source };
        let counts = replay(capture.as_bytes(), &mut out, false, unreadable).expect("a capture");
        let told = String::from_utf8(out).expect("text");
        assert_eq!((counts.connections, counts.differences), (2, 1), "{told}");
        assert!(told.starts_with("line 7: CP1: a station that was not connected is gone"), "{told}");
    }
}
