//! `chargewire fleet`: many stations at once, to see what a CSMS bears.

use std::io::{self, IsTerminal};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ocpp_client::{Identity, Random};
use ocpp_rpc::Clock;
use ocpp_rpc::websocket::{Credentials, Dial};
use ocpp_types::Version;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use self::member::{Member, Plan};
use self::report::{Report, Tally};
use crate::Outcome;
use crate::failure::Failure;
use crate::random;
use crate::station::seconds;

mod member;
mod report;
mod watch;

/// Be a fleet of stations: connect them all, charge cars, and report latencies and errors.
///
/// The stations are called PREFIX-1 and so on. What they do, and when, depends on the seed alone.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Where the CSMS is, without the identity: ws://host:port/path.
    #[arg(long, value_name = "URL")]
    url: String,
    /// How many stations.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    stations: u32,
    /// Seed of all that is left to chance.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Seconds that the fleet charges cars, once all stations are online.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    duration: Duration,
    /// Version of OCPP; a third of the stations each if not given.
    #[arg(long, value_name = "1.6|2.0.1|2.1")]
    ocpp: Option<Version>,
    /// File with the password that all stations have.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Start of the identities.
    #[arg(long, value_name = "TEXT", default_value = "FLEET")]
    prefix: String,
    /// How many stations may connect per second at the start.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    rate: u32,
    /// Charge no cars: the stations are online and quiet.
    #[arg(long)]
    idle: bool,
    /// Cut all connections once all stations are online, and have all of them come back within a second.
    #[arg(long)]
    storm: bool,
    /// Instead of charging, connect and disconnect so many times in all.
    #[arg(long, value_name = "CYCLES", conflicts_with_all = ["idle", "storm"])]
    churn: Option<u64>,
    /// Loopback addresses to connect from, 127.0.0.1 and on: one for every 20000 stations, or more.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=254))]
    sources: Option<u8>,
    /// Write the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Stations that share a source address: there are 28000 ports to connect from.
const PER_SOURCE: u32 = 20_000;

/// How long the fleet waits for all of its stations to be online.
const PATIENCE: Duration = Duration::from_secs(120);

/// The time over which a storm comes down.
const STORM: Duration = Duration::from_secs(1);

/// How often the progress is looked at.
const GLANCE: Duration = Duration::from_millis(50);

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Runtime)?;
    let report = runtime.block_on(operate(arguments))?;
    report.write(arguments.json)?;
    Ok(if report.is_good() { Outcome::Good } else { Outcome::Findings })
}

async fn operate(arguments: &Arguments) -> Result<Report, Failure> {
    let password = match &arguments.password_file {
        Some(path) => Some(crate::station::password(path)?),
        None => None,
    };
    let boot_seed = random::number()?;
    let tally = Arc::new(Tally::new());
    let clock = Clock::start();
    let mut dice = Random::new(arguments.seed);
    let mut members = Vec::with_capacity(arguments.stations as usize);
    for number in 1..=arguments.stations {
        let version = arguments.ocpp.unwrap_or(Version::ALL[number as usize % Version::ALL.len()]);
        let name = format!("{}-{number}", arguments.prefix);
        let identity = Identity::new(name.as_str(), version)
            .map_err(|error| Failure::Identity { identity: name, why: error.to_string() })?;
        let mut dial = Dial::new(identity.url(&arguments.url), [version.subprotocol()]);
        dial.credentials = password.as_ref().map(|password| Credentials::new(identity.as_str(), password.as_slice()));
        dial.local_address = source(arguments, number);
        // ids must differ from one run to the next, whatever the seed
        let boot = boot_seed ^ u128::from(number) << 64 ^ u128::from(dice.bits());
        members.push(Member { identity, version, dial, boot, seed: dice.bits(), tally: Arc::clone(&tally), clock });
    }

    let began = Instant::now();
    if let Some(cycles) = arguments.churn {
        churn(members, cycles).await;
        return Ok(tally.report(arguments.stations, began.elapsed(), None));
    }

    let (plan, plans) = tokio::sync::watch::channel(Plan::Online);
    let mut running = JoinSet::new();
    let pause = Duration::from_secs(1) / arguments.rate;
    let bar = progress(u64::from(arguments.stations), "online");
    let mut next = tokio::time::Instant::now();
    for member in members {
        running.spawn(member.live(plans.clone()));
        next += pause;
        tokio::time::sleep_until(next).await;
        bar.set_position(tally.online());
    }
    drop(plans);
    let all = u64::from(arguments.stations);
    tally.await_online(all, PATIENCE, &bar).await;
    let mut storm = None;
    if arguments.storm {
        bar.set_position(0);
        let gone = tally.gone() + tally.online();
        plan.send_replace(Plan::Storm { within: STORM, gone });
        tally.await_gone(gone, PATIENCE).await;
        let struck = Instant::now();
        tally.await_online(all, PATIENCE, &bar).await;
        storm = Some(struck.elapsed());
    }
    bar.finish_and_clear();

    let bar = progress(arguments.duration.as_secs(), "seconds");
    plan.send_replace(if arguments.idle { Plan::Idle } else { Plan::Charge });
    let end = tokio::time::Instant::now() + arguments.duration;
    let mut lowest = tally.online();
    while tokio::time::Instant::now() < end {
        tokio::time::sleep(GLANCE).await;
        lowest = lowest.min(tally.online());
        bar.set_position((arguments.duration.saturating_sub(end - tokio::time::Instant::now())).as_secs());
    }
    bar.finish_and_clear();
    tally.note_lowest(lowest);
    plan.send_replace(Plan::End);
    while running.join_next().await.is_some() {}
    Ok(tally.report(arguments.stations, began.elapsed(), storm))
}

/// Connects and disconnects, with as many connections at a time as there are stations.
async fn churn(members: Vec<Member>, cycles: u64) {
    let bar = progress(cycles, "cycles");
    let turns = Arc::new(Semaphore::new(64));
    let mut running = JoinSet::new();
    let count = members.len() as u64;
    for (index, member) in (0_u64..).zip(members) {
        let own = cycles / count + u64::from(index < cycles % count);
        running.spawn(member.churn(own, Arc::clone(&turns), bar.clone()));
    }
    while running.join_next().await.is_some() {}
    bar.finish_and_clear();
}

/// The address to connect from, where it takes more than one.
fn source(arguments: &Arguments, number: u32) -> Option<IpAddr> {
    let needed = u8::try_from(arguments.stations.div_ceil(PER_SOURCE)).unwrap_or(254);
    let sources = arguments.sources.unwrap_or(needed);
    let last = 1 + u8::try_from(number % u32::from(sources)).unwrap_or(0);
    (sources > 1).then_some(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)))
}

/// A bar on standard error, if somebody is looking.
fn progress(length: u64, unit: &'static str) -> ProgressBar {
    let target = if io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(length), target);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg} {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(unit);
    bar
}
