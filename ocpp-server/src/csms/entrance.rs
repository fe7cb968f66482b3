//! The door: from what a station asks for to who it is.

use std::sync::Arc;

use ocpp_rpc::Instant;
use tokio::time::timeout;

use super::{Csms, CsmsEvent};
use crate::handshake::{Handshake, HandshakeError, Offer, Refusal, examine};
use crate::registry::NotAdmitted;
use crate::{Admission, Denial, StationId};

/// A station that may come in: [`Csms::run`] takes it with its connection.
#[derive(Debug)]
#[must_use]
#[non_exhaustive]
pub struct Entrance {
    /// What it asked for.
    pub handshake: Handshake,
    /// What was found out about it.
    pub admission: Admission,
}

/// Why a station may not come in.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EntranceDenied {
    /// There is no room.
    #[error(transparent)]
    NotAdmitted(#[from] NotAdmitted),
    /// Its request is not in order.
    #[error(transparent)]
    Handshake(#[from] HandshakeError),
    /// It has not shown to be who it says it is.
    #[error("{denial}")]
    Authentication {
        /// Why not.
        denial: Denial,
        /// How it is turned down.
        refusal: Refusal,
    },
}

impl EntranceDenied {
    /// The answer it deserves.
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::NotAdmitted(_) => Refusal::Status(503),
            Self::Handshake(error) => error.refusal(),
            Self::Authentication { refusal, .. } => *refusal,
        }
    }
}

impl Csms {
    /// Decides whether a station may come in (rule CS-01), from its request alone; nothing is answered yet.
    ///
    /// # Errors
    /// Why not, and [how to say so](EntranceDenied::refusal).
    pub async fn enter(&self, offer: &Offer<'_>) -> Result<Entrance, EntranceDenied> {
        let mut identity = None;
        let result = self.decide(offer, &mut identity).await;
        match &result {
            Ok(entrance) => {
                let (handshake, authentication) = (&entrance.handshake.remarks, &entrance.admission.remarks);
                if !handshake.is_empty() || !authentication.is_empty() {
                    let identity = entrance.handshake.identity.clone();
                    self.0.tell(&CsmsEvent::Admitted { identity, handshake, authentication });
                }
            }
            Err(why) => self.0.tell(&CsmsEvent::Denied { identity, source: offer.source, why }),
        }
        result
    }

    async fn decide(&self, offer: &Offer<'_>, told: &mut Option<StationId>) -> Result<Entrance, EntranceDenied> {
        self.0.state().registry.admit(self.0.clock.now())?;
        let handshake = examine(offer, &self.0.config.handshake)?;
        let identity = told.insert(handshake.identity.clone()).clone();
        let denied = |denial: Denial| {
            let refusal = denial.refusal(self.0.config.unknown_station);
            EntranceDenied::Authentication { denial, refusal }
        };
        if let Some(source) = handshake.source
            && self.0.state().guard.wait(self.now(), source, &identity).is_some()
        {
            return Err(denied(Denial::TooManyAttempts));
        }
        let authenticator = Arc::clone(&self.0.config.authenticator);
        let verdict = timeout(self.0.config.authentication_deadline, authenticator.authenticate(&handshake)).await;
        let verdict = verdict.unwrap_or(Err(Denial::Unavailable));
        if let Some(source) = handshake.source {
            let mut state = self.0.state();
            match &verdict {
                Ok(_) => state.guard.succeeded(source, &identity),
                Err(denial) if denial.is_failed_attempt() => state.guard.failed(self.now(), source, &identity),
                Err(_) => {}
            }
        }
        let admission = verdict.map_err(denied)?;
        Ok(Entrance { handshake, admission })
    }

    fn now(&self) -> Instant {
        self.0.clock.now()
    }
}
