//! What is said about a line.

use std::io::{self, Write};

use ocpp_rpc::{MessageId, Verdict};
use ocpp_types::Version;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::printable::{Beginning, Excerpt, Printable};

/// What is said about a line; its JSON form is that of `--json`.
#[derive(Serialize)]
pub(crate) struct Report {
    line: u64,
    ok: bool,
    #[serde(rename = "type")]
    message_type: Option<u8>,
    action: Option<String>,
    id: Option<Box<RawValue>>,
    error_code: Option<String>,
    violations: Vec<Finding>,
    repairs: Vec<Repaired>,
    reply: Option<String>,
    /// How many violations there are beyond those listed.
    #[serde(skip)]
    more: usize,
}

#[derive(Serialize)]
struct Finding {
    pointer: String,
    kind: &'static str,
    message: String,
    /// The byte of the text it is about.
    #[serde(skip)]
    offset: usize,
}

impl Finding {
    /// A finding about the frame, not its payload.
    fn of_frame(offset: usize, message: String) -> Self {
        Self { pointer: String::new(), kind: "format", message, offset }
    }
}

#[derive(Serialize)]
struct Repaired {
    pointer: String,
    repair: &'static str,
    found: Option<String>,
    /// The repair in words.
    #[serde(skip)]
    words: String,
}

impl Report {
    /// Of a line that is empty, which is counted and ignored.
    pub(crate) fn of_blank(line: u64) -> Self {
        Self {
            line,
            ok: true,
            message_type: None,
            action: None,
            id: None,
            error_code: None,
            violations: Vec::new(),
            repairs: Vec::new(),
            reply: None,
            more: 0,
        }
    }

    /// Of a line that a receiver would not even look at.
    pub(crate) fn of_no_frame(line: u64, offset: usize, message: String) -> Self {
        Self { ok: false, violations: vec![Finding::of_frame(offset, message)], ..Self::of_blank(line) }
    }

    /// Of a frame of this version, about this action.
    pub(crate) fn of(line: u64, verdict: &Verdict<'_>, version: Version, action: Option<&str>) -> Self {
        let (message_type, id) = match &verdict.frame {
            Ok(frame) => (Some(frame.message_type()), Some(frame.id())),
            Err(error) => (error.message_type, error.message_id()),
        };
        Self {
            line,
            ok: verdict.is_good(),
            message_type,
            action: action.map(str::to_owned),
            id: id.as_ref().and_then(raw),
            error_code: verdict.code.as_ref().map(|code| code.as_str(version).to_owned()),
            violations: findings(verdict),
            repairs: repairs(verdict),
            reply: verdict.reply.clone(),
            more: verdict.error.as_ref().map_or(0, |error| error.more()),
        }
    }

    pub(crate) fn is_good(&self) -> bool {
        self.ok
    }

    pub(crate) fn is_repaired(&self) -> bool {
        !self.repairs.is_empty()
    }

    /// Writes one line of JSON.
    pub(crate) fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.write_all(b"\n")
    }

    /// Writes a few lines for people.
    pub(crate) fn write_text(&self, out: &mut impl Write, text: &str) -> io::Result<()> {
        write!(out, "line {}: {}", self.line, kind_of_frame(self.message_type))?;
        if let Some(action) = &self.action {
            write!(out, " {}", Printable(action))?;
        }
        if let Some(id) = &self.id {
            write!(out, " {}", Printable(id.get()))?;
        }
        writeln!(out)?;
        // what is about the same spot stands above one excerpt
        for same_spot in self.violations.chunk_by(|one, other| one.offset == other.offset) {
            for Finding { pointer, kind, message, .. } in same_spot {
                let colon = if pointer.is_empty() { "" } else { ": " };
                writeln!(out, "  {}{colon}{} ({kind})", Printable(pointer), Printable(message))?;
            }
            writeln!(out, "{}", Excerpt { text, offset: same_spot[0].offset, indent: "    " })?;
        }
        if self.more > 0 {
            writeln!(out, "  and {} more", self.more)?;
        }
        for repaired in &self.repairs {
            let Repaired { pointer, words, found, .. } = repaired;
            let colon = if pointer.is_empty() { "" } else { ": " };
            write!(out, "  repaired: {}{colon}{words}", Printable(pointer))?;
            match found {
                Some(found) => writeln!(out, " (found {})", Beginning(found))?,
                None => writeln!(out)?,
            }
        }
        match &self.reply {
            Some(reply) => writeln!(out, "  reply: {}", Printable(reply)),
            None if self.ok => Ok(()),
            None => writeln!(out, "  reply: none"),
        }
    }
}

fn findings(verdict: &Verdict<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Err(error) = &verdict.frame {
        findings.push(Finding::of_frame(error.offset, error.to_string()));
    }
    if let Some(unchecked) = verdict.unchecked {
        findings.push(Finding::of_frame(verdict.subject_offset, unchecked.to_string()));
    }
    for violation in verdict.error.iter().flat_map(|error| error.violations()) {
        findings.push(Finding {
            pointer: violation.pointer.clone(),
            kind: violation.kind().as_str(),
            message: violation.message.clone(),
            offset: verdict.payload_offset + violation.offset,
        });
    }
    findings
}

fn repairs(verdict: &Verdict<'_>) -> Vec<Repaired> {
    let of_frame = verdict.frame_remarks.iter().map(|remark| Repaired {
        pointer: String::new(),
        repair: remark.as_str(),
        found: None,
        words: remark.to_string(),
    });
    let of_payload = verdict.remarks.iter().map(|remark| Repaired {
        pointer: remark.pointer.clone(),
        repair: remark.repair.as_str(),
        found: Some(remark.found.clone()),
        words: remark.repair.to_string(),
    });
    of_frame.chain(of_payload).collect()
}

/// The JSON text of an id as it is.
fn raw(id: &MessageId<'_>) -> Option<Box<RawValue>> {
    RawValue::from_string(id.as_json().to_owned()).ok()
}

fn kind_of_frame(message_type: Option<u8>) -> &'static str {
    match message_type {
        Some(2) => "CALL",
        Some(3) => "CALLRESULT",
        Some(4) => "CALLERROR",
        Some(5) => "CALLRESULTERROR",
        Some(6) => "SEND",
        _ => "not a frame",
    }
}
