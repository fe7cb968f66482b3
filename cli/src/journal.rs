//! Where everything that is said goes: the screen, and a capture.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ocpp_types::Version;
use serde_json::Value;

use crate::capture::{Direction, Record, What};
use crate::failure::Failure;
use crate::story::TimeSource;
use crate::transcript::{Payloads, Transcript};

/// Takes note of everything that is said and done.
pub(crate) struct Journal {
    screen: Screen,
    /// Whether what matters most stands out.
    colours: bool,
    time: TimeSource,
    out: Mutex<Out>,
}

/// What is shown on standard output.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Screen {
    /// Lines for people.
    Text,
    /// JSON lines.
    Json,
    /// What is not about a message: for fleets.
    Quiet,
}

struct Out {
    transcript: Transcript,
    capture: Option<BufWriter<File>>,
    /// Why the capture ended, if it did: said once.
    lost: bool,
}

impl Journal {
    /// A journal that shows what is asked for, and writes a capture if there is a file for it.
    pub(crate) fn new(screen: Screen, capture: Option<&Path>) -> Result<Self, Failure> {
        let open = |path: &Path| {
            File::options()
                .create(true)
                .append(true)
                .open(path)
                .map_err(|source| Failure::Capture { path: path.to_owned(), source })
        };
        let capture = capture.map(open).transpose()?.map(BufWriter::new);
        let width = if io::stdout().is_terminal() { 120 } else { 400 };
        let out = Out { transcript: Transcript::new(width, 10, Payloads::Json), capture, lost: false };
        Ok(Self { screen, colours: false, time: TimeSource::Real, out: Mutex::new(out) })
    }

    /// A journal of a story: short lines.
    pub(crate) fn of_story(time: TimeSource) -> Self {
        let transcript = Transcript::new(110, 9, Payloads::Brief);
        let colours = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { screen: Screen::Text, colours, time, out: Mutex::new(Out { transcript, capture: None, lost: false }) }
    }

    /// Whether messages go anywhere.
    pub(crate) fn wants_messages(&self) -> bool {
        self.screen != Screen::Quiet || self.out().capture.is_some()
    }

    pub(crate) fn connected(&self, station: &str, version: Version) {
        self.write(&Record { time: self.time.now(), station: station.to_owned(), what: What::Connected { version } });
    }

    pub(crate) fn disconnected(&self, station: &str) {
        self.write(&Record { time: self.time.now(), station: station.to_owned(), what: What::Disconnected });
    }

    pub(crate) fn text(&self, station: &str, direction: Direction, text: &str) {
        self.write(&Record::text(self.time.now(), station, direction, text));
    }

    /// Something that is no message: the line for people, and the members of the JSON line.
    pub(crate) fn event(&self, line: &str, json: &Value) {
        let _order = self.out();
        match self.screen {
            Screen::Json => say(&json.to_string()),
            _ if self.colours => say(&format!("\u{1b}[1m{line}\u{1b}[0m")),
            _ => say(line),
        }
    }

    fn write(&self, record: &Record) {
        let mut out = self.out();
        match self.screen {
            Screen::Text => {
                let line = out.transcript.line(record);
                // an answer tells less than its question
                let is_answer = line.contains("→   ") || line.contains("←   ");
                if self.colours && is_answer {
                    say(&format!("\u{1b}[2m{line}\u{1b}[0m"));
                } else {
                    say(&line);
                }
            }
            Screen::Json => {
                if let Ok(json) = serde_json::to_string(record) {
                    say(&json);
                }
            }
            Screen::Quiet => {}
        }
        if let Some(capture) = &mut out.capture
            && let Err(error) = record.write(&mut *capture).and_then(|()| capture.flush())
        {
            out.capture = None;
            if !std::mem::replace(&mut out.lost, true) {
                eprintln!("chargewire: the capture ends here: {error}");
            }
        }
    }

    /// The journal is whole between two lines, whoever panicked in between.
    fn out(&self) -> MutexGuard<'_, Out> {
        self.out.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes a line. A reader that went away misses it; the stations do not.
fn say(line: &str) {
    let mut out = io::stdout().lock();
    drop(writeln!(out, "{line}").and_then(|()| out.flush()));
}
