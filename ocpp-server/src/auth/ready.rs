//! Authenticators for tests and small sites.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{PoisonError, RwLock};

use async_trait::async_trait;
use chrono::Utc;

use super::{Admission, AuthRemark, Authenticator, Denial, Enrolment, KnownRegistration, SecurityProfile};
use crate::StationId;
use crate::handshake::{Credentials, Handshake, Password};

/// Admits every station there is and asks for nothing: whoever knows the address can pose as any station.
///
/// For tests and demonstrations on one machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct AllowEveryStationUnauthenticated;

#[async_trait]
impl Authenticator for AllowEveryStationUnauthenticated {
    async fn authenticate(&self, _: &Handshake) -> Result<Admission, Denial> {
        Ok(Admission::new(SecurityProfile::Unsecured))
    }
}

/// Admits the stations of a list held in memory.
#[derive(Default)]
pub struct StaticAuthenticator {
    stations: RwLock<BTreeMap<StationId, Enrolment>>,
}

impl StaticAuthenticator {
    /// A list without stations.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a station, or replaces what was agreed with it.
    pub fn enrol(&self, identity: StationId, enrolment: Enrolment) {
        self.stations.write().unwrap_or_else(PoisonError::into_inner).insert(identity, enrolment);
    }

    /// Takes a station off the list; a connection it has is not touched.
    pub fn remove(&self, identity: &StationId) -> Option<Enrolment> {
        self.stations.write().unwrap_or_else(PoisonError::into_inner).remove(identity)
    }

    /// Changes what was agreed with a station; false if it is not on the list.
    pub fn update(&self, identity: &StationId, change: impl FnOnce(&mut Enrolment)) -> bool {
        let mut stations = self.stations.write().unwrap_or_else(PoisonError::into_inner);
        stations.get_mut(identity).map(change).is_some()
    }

    /// What was agreed with a station.
    pub fn enrolment(&self, identity: &StationId) -> Option<Enrolment> {
        self.stations.read().unwrap_or_else(PoisonError::into_inner).get(identity).cloned()
    }

    /// Notes that a station was accepted by BootNotification, so that it may reconnect without one (rule CS-05).
    pub fn accepted(&self, identity: &StationId) {
        self.update(identity, |enrolment| enrolment.registration = KnownRegistration::Accepted);
    }
}

#[async_trait]
impl Authenticator for StaticAuthenticator {
    async fn authenticate(&self, handshake: &Handshake) -> Result<Admission, Denial> {
        let Some(enrolment) = self.enrolment(&handshake.identity) else {
            // takes the time that a comparison takes
            let password = match &handshake.credentials {
                Credentials::Basic(password) => password.clone(),
                Credentials::None => Password::new([]),
            };
            let nobody = super::PasswordHash::new(b"", [0; 16]);
            std::hint::black_box(nobody.is(&password));
            return Err(Denial::UnknownStation);
        };
        let admission = enrolment.verify(handshake, Utc::now())?;
        if admission.remarks.contains(&AuthRemark::StagedSecret) {
            self.update(&handshake.identity, Enrolment::settle);
        }
        Ok(admission)
    }
}

impl fmt::Debug for StaticAuthenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stations = self.stations.read().unwrap_or_else(PoisonError::into_inner).len();
        write!(f, "StaticAuthenticator({stations} stations)")
    }
}
