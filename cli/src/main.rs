//! The command line of chargewire.
//!
//! Exit status: 0 good, 1 the input has findings, 2 wrong usage, 3 the environment failed.

mod check;
mod failure;
mod printable;
mod schema;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A tool for OCPP: checks recorded frames and prints the schema of every message.
#[derive(Parser)]
#[command(name = "chargewire", version, max_term_width = 100)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Arguments),
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
        Command::Schema(arguments) => schema::run(&arguments),
    };
    match outcome {
        Ok(Outcome::Good) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(failure) => failure.report(),
    }
}
