//! The command line of chargewire.
//!
//! Exit status: 0 good, 1 the input has findings, 2 wrong usage, 3 the environment failed.

mod capture;
mod check;
mod convert;
mod failure;
mod lines;
mod ocpi;
mod printable;
mod replay;
mod schema;
mod secrets;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A tool for OCPP and OCPI: checks frames and documents, converts documents between versions, prints every schema.
#[derive(Parser)]
#[command(name = "chargewire", version, max_term_width = 100)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Arguments),
    Convert(convert::Arguments),
    Replay(replay::Arguments),
    Schema(schema::Arguments),
}

/// What the input deserves.
enum Outcome {
    Good,
    Findings,
}

fn main() -> ExitCode {
    let outcome = match CommandLine::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
    };
    match outcome {
        Ok(Outcome::Good) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(failure) => failure.report(),
    }
}
