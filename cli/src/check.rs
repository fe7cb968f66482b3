//! `chargewire check`: what a receiver makes of recorded frames, or of a document.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use ocpp_rpc::{Direction, Frame, FrameDefect, FrameError, FrameRemark, Mend, Verdict, check, rescue};
use ocpp_types::limits::CSMS_BYTES;
use ocpp_types::{DecodePolicy, Version, v16, v21, v201};

use self::calls::Calls;

use self::report::Report;
use crate::Outcome;
use crate::failure::Failure;
use crate::lines::{Line, Lines};

mod calls;
mod document;

mod report;

/// Check OCPP-J frames, one per line, or an OCPI document.
///
/// Every line of OCPP is read as its receiver would read it. Nothing is said about a good line; for any other, the spot, the
/// fault and the answer that the receiver sends. An answer is checked against the call with its id further up. Of an OCPI document every finding is listed.
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("protocol").required(true).args(["ocpp", "ocpi"]))]
pub(crate) struct Arguments {
    /// Version of OCPP.
    #[arg(long, value_name = "1.6|2.0.1|2.1")]
    ocpp: Option<Version>,
    /// Version of OCPI.
    #[arg(long, value_name = "2.1.1|2.2.1|2.3.0", requires = "object")]
    ocpi: Option<ocpi_types::Version>,
    /// Name of the OCPI object, such as `Location`; letter case makes no difference.
    #[arg(long, value_name = "NAME", conflicts_with = "ocpp")]
    object: Option<String>,
    /// Who has sent the frames; both sides if not given.
    #[arg(long, value_enum, conflicts_with = "ocpi")]
    from: Option<Side>,
    /// Refuse all that departs from the specification, or repair what can be understood.
    #[arg(long, value_enum, default_value = "enforce", conflicts_with = "ocpi")]
    policy: Policy,
    /// Also mend stray commas and absent values; for --policy repair.
    #[arg(long, conflicts_with = "ocpi")]
    salvage: bool,
    /// The action that results answer whose call is not in the input.
    #[arg(long, value_name = "ACTION", conflicts_with = "ocpi")]
    reply_to: Option<String>,
    /// Write one JSON object per line of OCPP input, or per finding about an OCPI document.
    #[arg(long)]
    json: bool,
    /// File with the frames or the document; standard input if it is `-` or not given.
    file: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Side {
    Station,
    Csms,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Policy {
    Enforce,
    Repair,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    match (arguments.ocpp, arguments.ocpi, &arguments.object) {
        (Some(version), _, _) => check_frames(&Frames { version, arguments }),
        (None, Some(version), Some(object)) => {
            document::check(version, object, arguments.file.as_deref(), arguments.json)
        }
        (None, _, _) => unreachable!("the arguments say what to check"),
    }
}

/// What is asked for about recorded frames.
struct Frames<'a> {
    version: Version,
    arguments: &'a Arguments,
}

fn check_frames(frames: &Frames<'_>) -> Result<Outcome, Failure> {
    let arguments = frames.arguments;
    if arguments.salvage && arguments.policy != Policy::Repair {
        return Err(Failure::SalvageWithoutRepair);
    }
    if let Some(action) = &arguments.reply_to
        && !is_answered(frames.version, action)
    {
        return Err(Failure::UnknownAction { version: frames.version, name: action.clone() });
    }
    let path = arguments.file.as_deref().filter(|path| *path != Path::new("-"));
    let unreadable = |source| Failure::Read { path: path.map(Path::to_owned), source };
    let out = BufWriter::new(io::stdout().lock());
    match path {
        Some(path) => check_lines(frames, BufReader::new(File::open(path).map_err(unreadable)?), out, unreadable),
        None => check_lines(frames, io::stdin().lock(), out, unreadable),
    }
}

/// Checks line by line, holding one line at a time.
fn check_lines(
    asked: &Frames<'_>,
    reader: impl BufRead,
    mut out: impl Write,
    unreadable: impl Fn(io::Error) -> Failure,
) -> Result<Outcome, Failure> {
    let arguments = asked.arguments;
    let mut lines = Lines::new(reader, CSMS_BYTES);
    let mut calls = Calls::default();
    let (mut frames, mut repaired, mut with_findings) = (0_u64, 0_u64, 0_u64);
    loop {
        // what is known is said before waiting for more
        if lines.is_drained() {
            out.flush()?;
        }
        let Some(line) = lines.next().map_err(&unreadable)? else { break };
        if line.is_blank() {
            if arguments.json {
                Report::of_blank(line.number).write_json(&mut out)?;
            }
            continue;
        }
        let (report, text) = judge(asked, &line, &mut calls);
        frames += 1;
        repaired += u64::from(report.is_good() && report.is_repaired());
        with_findings += u64::from(!report.is_good());
        if arguments.json {
            report.write_json(&mut out)?;
        } else if !report.is_good() || report.is_repaired() {
            report.write_text(&mut out, &text)?;
        }
    }
    if !arguments.json {
        let plural = if frames == 1 { "" } else { "s" };
        let repaired = if repaired > 0 { format!(", {repaired} repaired") } else { String::new() };
        writeln!(out, "{frames} frame{plural}{repaired}, {with_findings} with findings")?;
    }
    out.flush()?;
    Ok(if with_findings == 0 { Outcome::Good } else { Outcome::Findings })
}

/// What its receiver makes of a line, and the text that the report's offsets are about.
fn judge<'a>(asked: &Frames<'_>, line: &Line<'a>, calls: &mut Calls) -> (Report, Cow<'a, str>) {
    if line.length > CSMS_BYTES {
        let defect = FrameDefect::TooLarge { length: line.length, max: CSMS_BYTES };
        let text = String::from_utf8_lossy(line.bytes);
        return (Report::of_no_frame(line.number, CSMS_BYTES, defect.to_string()), text);
    }
    let text = match str::from_utf8(line.bytes) {
        Ok(text) => text,
        Err(error) => {
            let report = Report::of_no_frame(line.number, error.valid_up_to(), "not UTF-8".into());
            return (report, String::from_utf8_lossy(line.bytes));
        }
    };
    let verdict = asked.verdict(text, calls);
    let is_broken = matches!(verdict.frame, Err(FrameError { defect: FrameDefect::Syntax(_), .. }));
    let how = if asked.arguments.salvage { Mend::Commas } else { Mend::Characters };
    if is_broken
        && asked.arguments.policy == Policy::Repair
        && let Some(mended) = rescue(text, how)
    {
        let mut verdict = asked.verdict(&mended, calls);
        verdict.frame_remarks.insert(0, FrameRemark::Mended);
        return (asked.report(line.number, &verdict, calls), Cow::Owned(mended));
    }
    (asked.report(line.number, &verdict, calls), Cow::Borrowed(text))
}

impl Frames<'_> {
    fn verdict<'a>(&self, text: &'a str, calls: &Calls) -> Verdict<'a> {
        let from = match self.arguments.from {
            Some(Side::Station) => Direction::FromStation,
            Some(Side::Csms) => Direction::FromCsms,
            None => Direction::Either,
        };
        let policy = match self.arguments.policy {
            Policy::Enforce => DecodePolicy::Enforce,
            Policy::Repair => DecodePolicy::Repair,
        };
        check(text, self.version, from, policy, |id| self.answered(id, calls).map(str::to_owned))
    }

    /// The action that an answer with this id is for.
    fn answered<'a>(&'a self, id: &str, calls: &'a Calls) -> Option<&'a str> {
        calls.action(id).or(self.arguments.reply_to.as_deref())
    }

    fn report(&self, line: u64, verdict: &Verdict<'_>, calls: &mut Calls) -> Report {
        let action = match &verdict.frame {
            Ok(frame) => frame.action().or_else(|| self.answered(&frame.id().text(), calls)),
            Err(_) => None,
        };
        let report = Report::of(line, verdict, self.version, action);
        if let Ok(Frame::Call { id, action, .. }) = &verdict.frame {
            calls.remember(&id.text(), action);
        }
        report
    }
}

/// Whether the version has such an action and an answer to it.
fn is_answered(version: Version, action: &str) -> bool {
    match version {
        Version::V16 => v16::Action::from_wire(action).and_then(v16::Action::response),
        Version::V201 => v201::Action::from_wire(action).and_then(v201::Action::response),
        _ => v21::Action::from_wire(action).and_then(v21::Action::response),
    }
    .is_some()
}
