//! One station of a fleet.

use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use ocpp_client::charger::{Charger, ChargerEvent};
use ocpp_client::{Backoff, Boot, Identity, MemoryStore, Random, Reconnect, StationConfig, StationEvent};
use ocpp_rpc::websocket::{Dial, DialError};
use ocpp_rpc::{Clock, LinkEnd};
use ocpp_types::Version;
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use super::report::Tally;
use super::watch::Watch;
use crate::site::{Network, Remote, Site, Watcher};

/// What all stations are to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Plan {
    /// Connect and boot.
    Online,
    /// Lose the connection, and come back within this time once so many connections are gone.
    Storm { within: Duration, gone: u64 },
    /// Charge cars.
    Charge,
    /// Stay online.
    Idle,
    /// Go.
    End,
}

/// One station of a fleet.
pub(super) struct Member {
    pub(super) identity: Identity,
    pub(super) version: Version,
    pub(super) dial: Dial,
    pub(super) boot: u128,
    pub(super) seed: u64,
    pub(super) tally: Arc<Tally>,
    pub(super) clock: Clock,
}

/// The longest pause between two cars, and between two readings of one.
const PAUSE: Duration = Duration::from_secs(2);

/// How long a station waits for what it has to say to arrive, before it goes.
const FAREWELL: Duration = Duration::from_secs(30);

impl Member {
    /// Does what is planned, until the plan is to end.
    pub(super) async fn live(self, mut plans: watch::Receiver<Plan>) {
        let mut dice = Random::new(self.seed);
        let tally = Arc::clone(&self.tally);
        let Some((site, remote)) = self.site() else { return };
        let measured = Arc::clone(&tally);
        let running = tokio::spawn(site.run(move |link| Watch::new(link, Arc::clone(&measured))));
        loop {
            let plan = *plans.borrow_and_update();
            match plan {
                Plan::Online | Plan::Idle => {}
                Plan::Storm { within, gone } => {
                    remote.set_network(Network::Off);
                    let pause = dice.up_to(within);
                    // all are gone before the first comes back
                    tally.await_gone(gone, FAREWELL).await;
                    sleep(pause).await;
                    remote.set_network(Network::On);
                }
                Plan::Charge => {
                    tokio::select! {
                        () = charge(&remote, &mut dice, &tally) => {}
                        _ = plans.changed() => plans.mark_changed(),
                    }
                }
                Plan::End => break,
            }
            if plans.changed().await.is_err() {
                break;
            }
        }
        finish(&remote).await;
        remote.set_network(Network::Ended);
        drop(running.await);
    }

    /// Connects, boots and disconnects so many times.
    pub(super) async fn churn(self, cycles: u64, turns: Arc<Semaphore>, bar: ProgressBar) {
        for _ in 0..cycles {
            let Ok(turn) = turns.acquire().await else { return };
            let began = Instant::now();
            match self.dial.connect().await {
                Ok(link) => {
                    self.tally.dialled(began.elapsed());
                    drop(link);
                }
                Err(error) => self.tally.failed(&error),
            }
            drop(turn);
            bar.inc(1);
        }
    }

    fn site(self) -> Option<(Site<MemoryStore>, Remote<MemoryStore>)> {
        let config = StationConfig::new(self.version, crate::station::info(self.identity.as_str()));
        let charger = Charger::new(self.clock.now(), config, 2, MemoryStore::new(), Boot::new(self.boot));
        let Ok(charger) = charger else {
            self.tally.broken();
            return None;
        };
        let mut backoff = Backoff::default();
        (backoff.wait_minimum, backoff.random_range) = (Duration::from_secs(1), Duration::from_secs(1));
        let watcher = Box::new(Count { tally: self.tally, is_online: false });
        let reconnect = Reconnect::new(backoff);
        Some(Site::new(charger, self.dial, self.identity.as_str(), reconnect, self.seed, watcher, self.clock))
    }
}

/// Charges one car after the other.
async fn charge(remote: &Remote<MemoryStore>, dice: &mut Random, tally: &Tally) {
    // a station that has ended needs no driver
    let _ = async {
        loop {
            sleep(dice.up_to(PAUSE)).await;
            let outlet = 1 + i64::from(dice.bits() % 2 == 1);
            let token = format!("{:08X}", dice.bits() as u32);
            let card = token.clone();
            _ = remote.act(move |charger, now| charger.plug_in(now, outlet)).await?;
            _ = remote.act(move |charger, now| charger.swipe(now, outlet, &token)).await?;
            for _ in 0..1 + dice.bits() % 4 {
                sleep(dice.up_to(PAUSE)).await;
                let energy = u32::try_from(dice.bits() % 5_000).unwrap_or(0);
                // the token may have been refused: then no energy flows
                _ = remote.act(move |charger, now| charger.meter(now, outlet, energy)).await?;
            }
            _ = remote.act(move |charger, now| charger.swipe(now, outlet, &card)).await?;
            _ = remote.act(move |charger, now| charger.plug_out(now, outlet)).await?;
            tally.charged();
        }
        #[allow(unreachable_code, reason = "tells the type of the error")]
        Ok::<(), ocpp_rpc::Gone>(())
    }
    .await;
}

/// Unplugs what is plugged, and waits until everything has arrived.
async fn finish(remote: &Remote<MemoryStore>) {
    for outlet in [1, 2] {
        _ = remote.act(move |charger, now| charger.plug_out(now, outlet)).await;
    }
    let emptied = async {
        while let Ok(false) = remote.act(|charger, _| charger.station().is_idle()).await {
            sleep(Duration::from_millis(20)).await;
        }
    };
    _ = timeout(FAREWELL, emptied).await;
}

/// Counts what happens to a station.
struct Count {
    tally: Arc<Tally>,
    is_online: bool,
}

impl Watcher for Count {
    fn connected(&mut self, _: Version) {
        self.tally.connected();
    }

    fn disconnected(&mut self, _: &LinkEnd) {
        if std::mem::take(&mut self.is_online) {
            self.tally.went();
        }
    }

    fn not_connected(&mut self, why: &DialError) {
        self.tally.failed(why);
    }

    fn event(&mut self, event: &ChargerEvent) {
        match event {
            ChargerEvent::Station(StationEvent::Online(_)) if !self.is_online => {
                self.is_online = true;
                self.tally.came();
            }
            ChargerEvent::NotTaken(_) => self.tally.broken(),
            ChargerEvent::Station(StationEvent::Anomaly(_)) => self.tally.odd(),
            _ => {}
        }
    }
}
