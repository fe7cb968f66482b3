//! `chargewire station`: a charging station to try a CSMS with.

use std::fs;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ocpp_client::charger::{Charger, ChargerEvent, OutletStatus};
use ocpp_client::{
    Backoff, Boot, Identity, MemoryStore, Password, Reconnect, RedbStore, RegistrationState, StationConfig,
    StationEvent, StationInfo, Store, Target,
};
use ocpp_rpc::websocket::DialError;
use ocpp_rpc::{Clock, LinkEnd};
use ocpp_types::{Version, v16};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use self::command::{Command, HELP};
use crate::Outcome;
use crate::capture::Direction;
use crate::failure::Failure;
use crate::journal::{Journal, Screen};
use crate::random;
use crate::site::{Network, Remote, Site, Watcher};
use crate::tap::Tap;
use crate::tls;

mod command;

/// Be a charging station with two outlets: connect to a CSMS and do what standard input says.
///
/// One command per line; `help` lists them. At the end of the input the station ends as with `stop`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Where the CSMS is, without the identity: ws://host:port/path.
    #[arg(long, value_name = "URL")]
    url: String,
    /// Identity of the station.
    #[arg(long, value_name = "ID")]
    id: String,
    /// Version of OCPP.
    #[arg(long, value_name = "1.6|2.0.1|2.1", default_value = "2.0.1")]
    ocpp: Version,
    /// File with the password; a line end at its end is not part of it.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// For wss: file with the root certificate of the CSMS, as PEM; those of the system if not given.
    #[arg(long, value_name = "FILE")]
    csms_root: Option<PathBuf>,
    /// For wss with profile 3: file with the certificate chain of the station, as PEM.
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,
    /// For wss with profile 3: file with the key of that certificate, as PEM.
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
    /// File that keeps what must survive: messages that wait, transactions, configuration. Without it, memory does.
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Seconds before the first attempt to reconnect; doubled five times.
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = seconds)]
    retry: Duration,
    /// Outlets.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=32))]
    outlets: u8,
    /// Append what is said to this file, without secrets; chargewire replay reads it.
    #[arg(long, value_name = "FILE")]
    capture: Option<PathBuf>,
    /// Write JSON lines.
    #[arg(long)]
    json: bool,
}

/// A time in seconds, with decimals.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let number: rust_decimal::Decimal = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    let millis = number.checked_mul(1000.into()).and_then(|millis| u64::try_from(millis).ok());
    millis.filter(|millis| *millis <= 86_400_000).map(Duration::from_millis).ok_or("not from 0 to 86400".to_owned())
}

/// How long the station goes on at its end, to get rid of what waits.
const FAREWELL: Duration = Duration::from_secs(10);

/// How long `settle` waits.
const SETTLE: Duration = Duration::from_secs(60);

/// How often `settle` looks.
const GLANCE: Duration = Duration::from_millis(10);

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::Runtime)?;
    match &arguments.store {
        Some(path) => {
            let store = RedbStore::open(path)
                .map_err(|error| Failure::Store { path: path.to_owned(), why: error.to_string() })?;
            runtime.block_on(operate(arguments, store))
        }
        None => runtime.block_on(operate(arguments, MemoryStore::new())),
    }
}

async fn operate<S: Store + Send + 'static>(arguments: &Arguments, store: S) -> Result<Outcome, Failure> {
    let screen = if arguments.json { Screen::Json } else { Screen::Text };
    let journal = Arc::new(Journal::new(screen, arguments.capture.as_deref())?);
    let identity = Identity::new(arguments.id.as_str(), arguments.ocpp)
        .map_err(|error| Failure::Identity { identity: arguments.id.clone(), why: error.to_string() })?;
    let mut target = Target::new(arguments.url.as_str(), identity.clone(), [arguments.ocpp]);
    if let Some(path) = &arguments.password_file {
        target.password = Some(Password::bytes(password(path)?));
    }
    // with a root the CSMS may ask for TLS later on
    if arguments.url.starts_with("wss:") || arguments.csms_root.is_some() {
        let own = arguments.certificate.as_deref().zip(arguments.key.as_deref());
        target.has_certificate = own.is_some();
        target.tls = Some(tls::of_station(arguments.csms_root.as_deref(), own)?);
    }

    let clock = Clock::start();
    let seed = random::number()?;
    let config = StationConfig::new(arguments.ocpp, info(identity.as_str()));
    let charger = Charger::new(clock.now(), config, arguments.outlets, store, Boot::new(seed))
        .map_err(|error| Failure::Station(error.to_string()))?;
    let mut backoff = Backoff::default();
    (backoff.wait_minimum, backoff.random_range) = (arguments.retry, arguments.retry);
    let watcher = Box::new(Show { journal: Arc::clone(&journal), station: arguments.id.clone() });
    let (site, remote) =
        Site::new(charger, target.dial(), identity.as_str(), Reconnect::new(backoff), seed as u64, watcher, clock);
    let site = site.movable(target);
    let (tapped, station) = (Arc::clone(&journal), arguments.id.clone());
    let running =
        tokio::spawn(site.run(move |link| Tap::new(link, Arc::clone(&tapped), &station, Direction::FromCsms)));

    let wanted = obey(&remote, &journal).await;
    settle(&remote, FAREWELL, wanted).await;
    remote.set_network(Network::Ended);
    match running.await {
        Ok(Ok(())) => Ok(Outcome::Good),
        Ok(Err(error)) => Err(Failure::Station(error.to_string())),
        Err(error) => Err(Failure::Station(error.to_string())),
    }
}

/// What a station says of itself; its serial number is its identity, as far as that fits.
pub(crate) fn info(identity: &str) -> StationInfo {
    let mut info = StationInfo::new("chargewire", "Two outlets");
    info.firmware_version = Some(env!("CARGO_PKG_VERSION").to_owned());
    info.serial_number = (identity.chars().count() <= 25).then(|| identity.to_owned());
    info
}

/// The password in a file: all of its bytes, but for a line end.
pub(crate) fn password(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut password = fs::read(path).map_err(|source| Failure::Read { path: Some(path.to_owned()), source })?;
    if password.ends_with(b"\n") {
        password.pop();
        if password.ends_with(b"\r") {
            password.pop();
        }
    }
    Ok(password)
}

/// Does what standard input says, until that ends, says stop, or the operating system does; gives what to wait for then.
async fn obey<S: Store + Send + 'static>(remote: &Remote<S>, journal: &Journal) -> Settled {
    let (sender, mut lines) = mpsc::channel::<String>(16);
    // a thread of its own: a line that never comes must not hold the end up
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    loop {
        let line = tokio::select! {
            line = lines.recv() => line,
            _ = tokio::signal::ctrl_c() => return Settled::Emptied,
        };
        // a script that is piped in may end before the station is online
        let Some(line) = line else { return Settled::OnlineAndEmptied };
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let command = match line.parse() {
            Ok(Command::Stop) => return Settled::Emptied,
            Ok(command) => command,
            Err(error) => {
                complain(journal, &line, &error.to_string());
                continue;
            }
        };
        if let Err(why) = perform(remote, journal, command).await {
            complain(journal, &line, &why);
        }
    }
}

fn complain(journal: &Journal, line: &str, why: &str) {
    let line = crate::printable::Beginning(line).to_string();
    journal.event(&format!("! {line}: {why}"), &json!({ "event": "error", "command": line, "why": why }));
}

async fn perform<S: Store + Send + 'static>(
    remote: &Remote<S>,
    journal: &Journal,
    command: Command,
) -> Result<(), String> {
    let gone = |_| "the station has ended".to_owned();
    let done = match command {
        Command::PlugIn(outlet) => remote.act(move |charger, now| charger.plug_in(now, outlet)).await,
        Command::PlugOut(outlet) => remote.act(move |charger, now| charger.plug_out(now, outlet)).await,
        Command::Swipe(outlet, tag) => remote.act(move |charger, now| charger.swipe(now, outlet, &tag)).await,
        Command::Meter(outlet, energy) => remote.act(move |charger, now| charger.meter(now, outlet, energy)).await,
        Command::Fault(outlet, code) => {
            return remote.act(move |charger, now| fault(charger, now, outlet, &code)).await.map_err(gone)?;
        }
        Command::Connect => {
            remote.set_network(Network::On);
            return Ok(());
        }
        Command::Disconnect => {
            remote.set_network(Network::Off);
            return Ok(());
        }
        Command::Settle => {
            let is_settled = settle(remote, SETTLE, Settled::OnlineAndEmptied).await;
            return if is_settled { Ok(()) } else { Err("not settled in a minute".to_owned()) };
        }
        Command::Status => {
            let (line, json) = remote.act(|charger, _| status(charger)).await.map_err(gone)?;
            journal.event(&line, &json);
            return Ok(());
        }
        Command::Help => {
            journal.event(HELP, &json!({ "event": "help", "commands": HELP.lines().collect::<Vec<_>>() }));
            return Ok(());
        }
        Command::Stop => return Ok(()),
    };
    done.map_err(gone)?.map_err(|error| error.to_string())
}

/// Until when to wait.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Settled {
    /// Nothing waits to be sent, or there is nobody to send it to.
    Emptied,
    /// The CSMS has accepted the station, and nothing waits to be sent.
    OnlineAndEmptied,
}

/// Waits until it is so; false if it was not in time.
async fn settle<S: Store + Send + 'static>(remote: &Remote<S>, patience: Duration, wanted: Settled) -> bool {
    let look = async {
        loop {
            let look = remote.act(|charger, _| (charger.station().is_online(), charger.station().is_idle()));
            let Ok((is_online, is_idle)) = look.await else { return };
            if (is_idle && is_online) || (!is_online && wanted == Settled::Emptied) {
                return;
            }
            tokio::time::sleep(GLANCE).await;
        }
    };
    tokio::time::timeout(patience, look).await.is_ok()
}

/// An outlet breaks, or is repaired.
fn fault<S: Store>(charger: &mut Charger<S>, now: ocpp_rpc::Instant, outlet: i64, code: &str) -> Result<(), String> {
    let known = v16::ChargePointErrorCode::VALUES.iter().find(|value| value.eq_ignore_ascii_case(code));
    let known = known.ok_or_else(|| format!("codes are {}", v16::ChargePointErrorCode::VALUES.join(", ")))?;
    let done = match v16::ChargePointErrorCode::from(*known) {
        v16::ChargePointErrorCode::NoError => charger.repair(now, outlet),
        code => charger.break_down_from(now, outlet, code),
    };
    done.map_err(|error| error.to_string())
}

/// How it stands: for people, and as JSON.
fn status<S: Store>(charger: &Charger<S>) -> (String, Value) {
    let station = charger.station();
    let registration = registration_name(station.registration());
    let waiting = station.outbox().len();
    let mut line =
        format!("· {}, {registration}, {waiting} waiting", if station.is_online() { "online" } else { "offline" },);
    let mut outlets = Vec::new();
    for number in 1..=i64::try_from(charger.outlets()).unwrap_or(0) {
        let (Ok(status), Ok(register)) = (charger.status(number), charger.register(number)) else { continue };
        line.push_str(&format!("\n·   outlet {number}: {}, {register} Wh", outlet_name(status)));
        outlets.push(json!({ "outlet": number, "status": outlet_name(status), "register_wh": register }));
    }
    let json = json!({
        "event": "status",
        "online": station.is_online(),
        "registration": registration,
        "waiting": waiting,
        "outlets": outlets,
    });
    (line, json)
}

fn outlet_name(status: OutletStatus) -> &'static str {
    match status {
        OutletStatus::Available => "available",
        OutletStatus::Preparing => "preparing",
        OutletStatus::Charging => "charging",
        OutletStatus::Suspended => "suspended",
        OutletStatus::Finishing => "finishing",
        OutletStatus::Paused => "paused",
        OutletStatus::Unavailable => "unavailable",
        OutletStatus::Faulted => "faulted",
        _ => "unknown",
    }
}

fn registration_name(state: RegistrationState) -> &'static str {
    match state {
        RegistrationState::Accepted => "accepted",
        RegistrationState::Pending => "pending",
        RegistrationState::Rejected => "rejected",
        _ => "not registered",
    }
}

/// Shows what happens.
struct Show {
    journal: Arc<Journal>,
    station: String,
}

impl Watcher for Show {
    fn connected(&mut self, version: Version) {
        self.journal.connected(&self.station, version);
    }

    fn disconnected(&mut self, _: &LinkEnd) {
        self.journal.disconnected(&self.station);
    }

    fn not_connected(&mut self, why: &DialError) {
        let why = why.to_string();
        self.journal.event(&format!("! not connected: {why}"), &json!({ "event": "not_connected", "why": why }));
    }

    fn event(&mut self, event: &ChargerEvent) {
        if let Some((line, json)) = told(event) {
            self.journal.event(&line, &json);
        }
    }
}

/// What there is to tell of an event: for people, and as JSON.
pub(crate) fn told(event: &ChargerEvent) -> Option<(String, Value)> {
    Some(match event {
        ChargerEvent::Started { outlet, token } => (
            format!("· outlet {outlet}: charging starts for {token}"),
            json!({ "event": "started", "outlet": outlet, "token": token }),
        ),
        ChargerEvent::Stopped { outlet, energy } => (
            format!("· outlet {outlet}: charging ends after {energy} Wh"),
            json!({ "event": "stopped", "outlet": outlet, "energy_wh": energy }),
        ),
        ChargerEvent::Refused { outlet, token } => (
            format!("· outlet {outlet}: {token} is refused"),
            json!({ "event": "refused", "outlet": outlet, "token": token }),
        ),
        ChargerEvent::Restart { reason } => {
            ("· restarts".to_owned(), json!({ "event": "restart", "reason": reason.as_str() }))
        }
        ChargerEvent::Reconnect => {
            ("· changes its security profile".to_owned(), json!({ "event": "security_profile" }))
        }
        ChargerEvent::Credentials { .. } => ("· has a new password".to_owned(), json!({ "event": "credentials" })),
        ChargerEvent::NotTaken(why) => {
            (format!("! a message is lost: {why}"), json!({ "event": "lost", "why": why.to_string() }))
        }
        ChargerEvent::Station(StationEvent::Registration { state, .. }) => {
            let name = registration_name(*state);
            (format!("· registration: {name}"), json!({ "event": "registration", "state": name }))
        }
        ChargerEvent::Station(StationEvent::Online(_)) => ("· online".to_owned(), json!({ "event": "online" })),
        ChargerEvent::Station(StationEvent::Anomaly(anomaly)) => {
            (format!("! {anomaly}"), json!({ "event": "anomaly", "why": anomaly.to_string() }))
        }
        _ => return None,
    })
}
