//! What is known of stations while they are away.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::sleep;

use super::desk::Carried;
use super::{Csms, CsmsEvent, Desk, Shared};
use crate::{StationId, StationState};

/// Keeps what is known of stations: in a database that all nodes reach, or a file.
///
/// A state is saved when the registration of a station changes and when it goes, and loaded when it comes: to this node or
/// another one, so that no station is bound to a node (rule CS-56).
#[async_trait]
pub trait StateStore: Send + Sync + 'static {
    /// What was saved of a station, taken out of the store or not; none if nothing was.
    ///
    /// # Errors
    /// When the store does not answer. The station is let in as one of which nothing is known.
    async fn load(&self, station: &StationId) -> Result<Option<StationState>, StateError>;

    /// Saves what is known of a station, in place of what was saved before.
    ///
    /// # Errors
    /// When the store does not answer.
    async fn save(&self, station: &StationId, state: StationState) -> Result<(), StateError>;
}

/// Why a state could not be kept or found.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("state of the station not available: {0}")]
pub struct StateError(pub String);

impl Csms {
    /// What is known of a station that outlives its connection, as plain data (rule CS-54): of one that is connected as well as
    /// of one that was. None if nothing is.
    pub async fn state(&self, identity: &str) -> Option<StationState> {
        let mailbox = self.0.state().registry.get(identity).map(|found| found.handle.mailbox.clone());
        if let Some(mailbox) = mailbox {
            let (sender, receiver) = tokio::sync::oneshot::channel();
            let posted = mailbox.post(move |_: &mut Desk, turn| _ = sender.send(turn.machine.state(turn.now)));
            if posted.is_ok()
                && let Ok(state) = receiver.await
            {
                return Some(state);
            }
        }
        let now = self.0.clock.now();
        let state = self.0.state();
        let known = state.known.get(identity)?;
        Some(match &known.carried {
            Some(carried) => carried.state(now),
            None => StationState::registered(known.registration),
        })
    }

    /// Takes what is known of a station that is not connected, for when it comes. Without effect, and false, if it is connected.
    pub fn restore(&self, identity: &StationId, station: StationState) -> bool {
        let now = self.0.clock.now();
        let mut state = self.0.state();
        if state.registry.get(identity.as_str()).is_some() {
            return false;
        }
        self.make_room(&mut state, identity);
        let known = state.known.entry(identity.clone()).or_default();
        known.registration = station.registration;
        known.carried = Some(Box::new(Carried::load(station, now)));
        true
    }

    /// Fetches what is known elsewhere of a station that comes.
    pub(super) async fn fetch(&self, identity: &StationId) {
        let Some(store) = &self.0.config.states else { return };
        let unsaved = self.0.state().unsaved.get(identity).map(|unsaved| unsaved.latest.clone());
        let found = match unsaved {
            // the store does not have it yet
            Some(state) => Ok(Some(state)),
            None => store.load(identity).await,
        };
        match found {
            Ok(Some(state)) => _ = self.restore(identity, state),
            Ok(None) => {}
            Err(error) => self.0.tell(&CsmsEvent::StateUnavailable { identity: identity.clone(), error: &error }),
        }
    }

    /// Completes when the store has everything.
    pub(super) async fn all_saved(&self) {
        const EVERY: Duration = Duration::from_millis(10);
        while !self.0.state().unsaved.is_empty() {
            sleep(EVERY).await;
        }
    }
}

/// A state on its way to the store.
pub(super) struct Unsaved {
    latest: StationState,
    /// Counts the states of this station that were to be saved meanwhile.
    revision: u64,
}

impl Shared {
    /// Has the state of a station saved, if there is a store; nobody waits for it. States of one station are saved one after
    /// the other, so that an older one never replaces a newer one; what is outdated before its turn comes is left out.
    pub(super) fn keep(self: &Arc<Self>, identity: &StationId, station: StationState) {
        if self.config.states.is_none() {
            return;
        }
        {
            let mut state = self.state();
            if let Some(unsaved) = state.unsaved.get_mut(identity) {
                *unsaved = Unsaved { latest: station, revision: unsaved.revision + 1 };
                return;
            }
            state.unsaved.insert(identity.clone(), Unsaved { latest: station, revision: 0 });
        }
        let (shared, identity) = (Arc::clone(self), identity.clone());
        tokio::spawn(async move { shared.save(&identity).await });
    }

    /// Saves the states of a station until there is none.
    async fn save(&self, identity: &StationId) {
        let Some(store) = &self.config.states else { return };
        let latest = || self.state().unsaved.get(identity).map(|unsaved| (unsaved.latest.clone(), unsaved.revision));
        let mut next = latest();
        while let Some((station, revision)) = next {
            if let Err(error) = store.save(identity, station).await {
                self.tell(&CsmsEvent::StateUnavailable { identity: identity.clone(), error: &error });
            }
            let mut state = self.state();
            if state.unsaved.get(identity).is_some_and(|unsaved| unsaved.revision == revision) {
                state.unsaved.remove(identity);
            }
            drop(state);
            next = latest();
        }
    }
}
