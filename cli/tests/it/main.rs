//! The tool as its users see it.

mod check;
mod ocpi;
mod process;
mod schema;
mod session;
mod stream;
mod tariff;

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a run left behind.
struct Run {
    status: i32,
    out: String,
    err: String,
}

impl Run {
    /// The output, one JSON document per line.
    fn json(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

fn tool() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chargewire"));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// Runs the tool with these arguments and this input.
fn run(arguments: &[&str], input: impl AsRef<[u8]>) -> Run {
    let mut command = tool();
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the tool starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.as_ref().to_owned();
    // it may end before it has read everything
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the tool ends");
    writer.join().expect("the input is written");
    Run {
        status: output.status.code().expect("an exit status"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

#[test]
fn wrong_usage_ends_with_2() {
    for arguments in [
        &[][..],
        &["price"],
        &["check"],
        &["check", "--ocpp", "1.5"],
        &["check", "--ocpp", "1.6", "--from", "hub"],
        &["check", "--ocpp", "1.6", "--policy", "trust"],
        &["check", "--ocpp", "1.6", "--salvage"],
        &["check", "--ocpp", "1.6", "--reply-to", "TransactionEvent"],
        &["check", "--ocpp", "2.1", "--reply-to", "NotifyPeriodicEventStream"],
        &["check", "--ocpp", "1.6", "one", "two"],
        &["schema"],
        &["schema", "--ocpp", "1.6"],
        &["schema", "AuthorizeRequest"],
        &["schema", "--ocpp", "1.6", "TransactionEventRequest"],
        &["schema", "--list", "AuthorizeRequest"],
    ] {
        let run = run(arguments, "");
        assert_eq!(run.status, 2, "{arguments:?}");
        assert!(run.out.is_empty() && !run.err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn help_is_no_failure() {
    for arguments in [&["--help"][..], &["check", "--help"], &["schema", "--help"], &["--version"]] {
        let run = run(arguments, "");
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{arguments:?}");
    }
}

#[test]
fn an_input_that_cannot_be_read_ends_with_3() {
    for path in ["samples/absent.jsonl", "samples"] {
        let run = run(&["check", "--ocpp", "1.6", path], "");
        assert_eq!(run.status, 3);
        assert!(run.err.starts_with(&format!("chargewire: cannot read {path}: ")), "{}", run.err);
    }
}
