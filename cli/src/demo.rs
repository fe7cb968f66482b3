//! `chargewire demo`: an afternoon of three stations and their CSMS, in a few seconds.

use std::io::{self, Write};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use ocpp_server::ledger::{SessionRecord, SessionStatus};
use ocpp_types::{Decimal, Version};

use self::bills::Cdrs;
use self::stage::Stage;
use crate::Outcome;
use crate::failure::Failure;
use crate::journal::Journal;
use crate::story::TimeSource;

mod bills;
mod records;
mod stage;

/// See it work: a CSMS and a station of each version charge three cars on loopback WebSockets.
///
/// An afternoon goes by in seconds. The stations speak OCPP 1.6, 2.0.1 and 2.1, and one of them loses its connection in the
/// middle of a session. Shown is what they say to each other, the sessions as the CSMS has them in the end, and what they
/// cost: bills in words and CDRs.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Show the CDRs whole, as the JSON that a partner gets.
    #[arg(long)]
    cdrs: bool,
}

/// The stations of the story.
const DEPOT: (&str, Version) = ("depot", Version::V16);
const HARBOUR: (&str, Version) = ("harbour", Version::V201);
const MARKET: (&str, Version) = ("market", Version::V21);

/// The drivers' cards.
const ANNA: &str = "04A1B2C3D4E5F6";
const BORIS: &str = "04BB0B1500FACE";
const CHIARA: &str = "04C41A2A33C0DE";

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Runtime)?;
    let records = runtime.block_on(afternoon())?;
    let mut out = io::stdout().lock();
    records::write(&mut out, &records)?;
    check(&records)?;
    let cdrs = if arguments.cdrs { Cdrs::Whole } else { Cdrs::Brief };
    bills::write(&mut out, &records, cdrs)?;
    out.flush()?;
    Ok(Outcome::Good)
}

/// A moment of the afternoon.
fn at(hour: u32, minute: u32) -> DateTime<Utc> {
    let day = NaiveDate::from_ymd_opt(2026, 3, 14).unwrap_or_default();
    day.and_hms_opt(hour, minute, 0).unwrap_or_default().and_utc()
}

/// What happens, told as it happens.
async fn afternoon() -> Result<Vec<SessionRecord>, Failure> {
    let time = TimeSource::story(at(13, 0));
    let journal = Arc::new(Journal::of_story(time.clone()));
    let stage = Stage::set(&journal, time, &[DEPOT, HARBOUR, MARKET]).await?;
    let [depot, harbour, market] = stage.actors();

    stage.scene(at(13, 0), "The stations boot and report their outlets.").await?;
    stage.open().await?;

    stage.scene(at(13, 5), "Anna plugs in at the depot and holds her card to the reader.").await?;
    stage.act(depot, |charger, now| charger.plug_in(now, 1)).await?;
    stage.act(depot, |charger, now| charger.swipe(now, 1, ANNA)).await?;
    stage.scene(at(13, 20), "Boris holds his card to the reader at the harbour, then plugs in.").await?;
    stage.act(harbour, |charger, now| charger.swipe(now, 2, BORIS)).await?;
    stage.act(harbour, |charger, now| charger.plug_in(now, 2)).await?;
    stage.scene(at(13, 50), "Chiara starts from her app: the CSMS asks the station, then she plugs in.").await?;
    stage.remote_start(market, 1, CHIARA).await?;
    stage.act(market, |charger, now| charger.plug_in(now, 1)).await?;

    stage.scene(at(14, 5), "The cars charge.").await?;
    stage.act(depot, |charger, now| charger.meter(now, 1, 11_000)).await?;
    stage.act(harbour, |charger, now| charger.meter(now, 2, 16_500)).await?;
    stage.act(market, |charger, now| charger.meter(now, 1, 12_480)).await?;

    stage.scene(at(14, 20), "The harbour loses its connection. Boris' car goes on charging.").await?;
    stage.cut(harbour).await?;
    stage.scene(at(14, 40), "Anna is done.").await?;
    stage.act(depot, |charger, now| charger.meter(now, 1, 6_250)).await?;
    stage.act(depot, |charger, now| charger.swipe(now, 1, ANNA)).await?;
    stage.act(depot, |charger, now| charger.plug_out(now, 1)).await?;
    stage.scene(at(14, 55), "Boris is done, and the station still alone.").await?;
    stage.act(harbour, |charger, now| charger.meter(now, 2, 14_200)).await?;
    stage.act(harbour, |charger, now| charger.swipe(now, 2, BORIS)).await?;
    stage.act(harbour, |charger, now| charger.plug_out(now, 2)).await?;
    stage.scene(at(15, 10), "Chiara stops from her app.").await?;
    stage.act(market, |charger, now| charger.meter(now, 1, 25_020)).await?;
    stage.remote_stop(market).await?;
    stage.act(market, |charger, now| charger.plug_out(now, 1)).await?;
    stage.scene(at(15, 30), "The harbour is back, and tells what happened meanwhile.").await?;
    stage.mend(harbour).await?;

    stage.close().await
}

/// What each station gave, in Wh.
const GIVEN: [(&str, i64); 3] = [("depot", 17_250), ("harbour", 30_700), ("market", 37_500)];

/// Whether the CSMS has exactly what happened.
fn check(records: &[SessionRecord]) -> Result<(), Failure> {
    let wrong = |why: String| Err(Failure::Demo(why));
    if records.len() != GIVEN.len() {
        return wrong(format!("{} sessions were recorded, not {}", records.len(), GIVEN.len()));
    }
    for (record, (station, given)) in records.iter().zip(GIVEN) {
        if record.station.as_str() != station || record.status != SessionStatus::Complete {
            return wrong(format!("the session at {} is {:?}", record.station.as_str(), record.status));
        }
        if record.energy_wh != Decimal::from(given) {
            return wrong(format!("{station} gave {given} Wh, {} were recorded", record.energy_wh));
        }
        if !record.anomalies.is_empty() {
            return wrong(format!("the session at {station} is odd: {:?}", record.anomalies));
        }
    }
    Ok(())
}
