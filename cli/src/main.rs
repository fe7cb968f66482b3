//! The command line of chargewire.
//!
//! Exit status: 0 good, 1 the input has findings, 2 wrong usage, 3 the environment failed.

mod billing;
mod brief;
mod capture;
mod check;
mod convert;
mod csms;
mod demo;
mod failure;
mod fleet;
mod journal;
mod lines;
mod ocpi;
mod printable;
mod random;
mod replay;
mod schema;
mod secrets;
mod site;
mod station;
mod story;
mod tap;
mod tariff;
mod tls;
mod transcript;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A tool for OCPP and OCPI: a CSMS, a station and a fleet, a check of frames and documents, and more.
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
    Csms(csms::Arguments),
    Demo(demo::Arguments),
    Fleet(fleet::Arguments),
    Replay(replay::Arguments),
    Schema(schema::Arguments),
    Station(station::Arguments),
    Tariff(tariff::Arguments),
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
        Command::Csms(arguments) => csms::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Fleet(arguments) => fleet::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Station(arguments) => station::run(&arguments),
        Command::Tariff(arguments) => tariff::run(&arguments),
    };
    match outcome {
        Ok(Outcome::Good) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(failure) => failure.report(),
    }
}
