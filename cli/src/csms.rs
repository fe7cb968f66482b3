//! `chargewire csms`: a CSMS to try stations on.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use ocpp_rpc::websocket::{Admission, ListenConfig, Listener, ServerTls, StationCertificates};
use serde_json::json;
use tokio::net::TcpListener;

use self::desk::{Desk, TagStatus};
use self::floor::Floor;
use crate::Outcome;
use crate::failure::Failure;
use crate::journal::{Journal, Screen};
use crate::random;
use crate::story::TimeSource;

mod answering;
mod control;
pub(crate) mod desk;
pub(crate) mod floor;
mod passwords;
mod stations;

/// Be a CSMS: accept stations of all versions, answer them, and let scripts command them.
///
/// Stations connect to ws://ADDR/any/path/IDENTITY. Without --stations nobody may, unless --allow-any says so.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDR")]
    listen: SocketAddr,
    /// File with the stations that may connect: {"stations":[{"identity","password","profile"}]}.
    #[arg(long, value_name = "FILE", required_unless_present = "allow_any")]
    stations: Option<PathBuf>,
    /// Let every station in, without any password. Whoever reaches the address can pose as any station.
    #[arg(long, conflicts_with = "stations")]
    allow_any: bool,
    /// TLS: file with the certificate chain of this CSMS, as PEM.
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,
    /// TLS: file with the key of the certificate, as PEM.
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
    /// TLS: file with the root of the certificates of stations, as PEM, for stations of profile 3.
    #[arg(long, value_name = "FILE", requires = "certificate")]
    station_root: Option<PathBuf>,
    /// Loopback address for the control interface: HTTP and JSON, for scripts.
    #[arg(long, value_name = "ADDR")]
    control: Option<SocketAddr>,
    /// Append what is said to this file, without secrets; chargewire replay reads it.
    #[arg(long, value_name = "FILE")]
    capture: Option<PathBuf>,
    /// What tokens are worth that nothing was said about.
    #[arg(long, value_enum, default_value = "accepted", value_name = "STATUS")]
    unknown_tags: TagStatus,
    /// Seconds between heartbeats.
    #[arg(long, default_value_t = 300, value_name = "SECONDS", value_parser = clap::value_parser!(i64).range(1..=86_400))]
    heartbeat: i64,
    /// How many connections there may be.
    #[arg(long, default_value_t = 20_000, value_name = "N")]
    max_connections: usize,
    /// Write JSON lines.
    #[arg(long, conflicts_with = "quiet")]
    json: bool,
    /// Do not show messages.
    #[arg(long)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    if let Some(address) = arguments.control.filter(|address| !control::is_allowed(*address)) {
        return Err(Failure::ControlNotLoopback(address));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Runtime)?;
    runtime.block_on(serve(arguments))
}

async fn serve(arguments: &Arguments) -> Result<Outcome, Failure> {
    let screen = match (arguments.json, arguments.quiet) {
        (true, _) => Screen::Json,
        (_, true) => Screen::Quiet,
        _ => Screen::Text,
    };
    let journal = Arc::new(Journal::new(screen, arguments.capture.as_deref())?);
    let desk = Desk::new(random::bytes()?, arguments.heartbeat, arguments.unknown_tags);
    let time = TimeSource::Real;
    let passwords = arguments.stations.as_deref().map(stations::read).transpose()?;
    let floor = Floor::new(desk, &journal, passwords, &time);

    let cannot_listen = |address| move |source| Failure::Listen { address, source };
    let mut config = ListenConfig::default();
    config.admission = Admission::new(arguments.max_connections);
    config.tls = tls(arguments)?;
    let listener = Listener::bind(arguments.listen, config).map_err(cannot_listen(arguments.listen))?;
    let address = listener.local_addr().map_err(cannot_listen(arguments.listen))?;
    let control = match arguments.control {
        Some(wanted) => Some(TcpListener::bind(wanted).await.map_err(cannot_listen(wanted))?),
        None => None,
    };
    let control_address = control.as_ref().and_then(|control| control.local_addr().ok());
    let scheme = if arguments.certificate.is_some() { "wss" } else { "ws" };
    let url = format!("{scheme}://{address}");
    let control_url = control_address.map(|address| format!("http://{address}"));
    let line = match &control_url {
        Some(control) => format!("listening on {url}, control on {control}"),
        None => format!("listening on {url}"),
    };
    journal.event(&line, &json!({ "event": "listening", "url": url, "control": control_url }));

    if let Some(control) = control {
        tokio::spawn(control::serve(control, Arc::clone(&floor)));
    }
    floor.serve(listener, async { drop(tokio::signal::ctrl_c().await) }).await;
    Ok(Outcome::Good)
}

/// TLS, if there is a certificate.
fn tls(arguments: &Arguments) -> Result<Option<ServerTls>, Failure> {
    let (Some(certificate), Some(key)) = (&arguments.certificate, &arguments.key) else { return Ok(None) };
    let stations = match &arguments.station_root {
        // those of profile 2 come to the same port without one
        Some(root) => StationCertificates::Optional(crate::tls::roots(root)?),
        None => StationCertificates::None,
    };
    let identity = crate::tls::identity(certificate, key)?;
    ServerTls::new(identity, &stations).map(Some).map_err(|error| Failure::Tls(error.to_string()))
}
