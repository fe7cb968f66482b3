//! Whether a station is the one it says it is.
//!
//! An [`Authenticator`] answers that; a CSMS cannot be made without one. Most authenticators look up an [`Enrolment`] and
//! leave the verdict to [`Enrolment::verify`]. Against guessing, [`Guard`] makes failures wait.

mod enrolment;
mod guard;
mod ready;
mod secret;

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

pub use self::enrolment::{CertificateRule, Enrolment, ExpiredCertificate, StagedSecret};
pub use self::guard::{Guard, GuardConfig};
pub use self::ready::{AllowEveryStationUnauthenticated, StaticAuthenticator};
pub use self::secret::{KeyForm, PasswordHash};
use crate::StationRules;
use crate::handshake::{Handshake, Refusal};

/// Decides whether a station may connect.
///
/// Called once per connection, before the WebSocket is there, with what the station has shown. Calls for different stations
/// run at the same time; one that takes longer than the handshake deadline counts as [`Denial::Unavailable`].
#[async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// Decides.
    ///
    /// # Errors
    /// Why the station may not connect.
    async fn authenticate(&self, handshake: &Handshake) -> Result<Admission, Denial>;
}

/// The security profiles (2.x Part 2 §A00, 1.6 security white paper §2; rule WS-10).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[non_exhaustive]
pub enum SecurityProfile {
    /// Profile 0: neither encryption nor password. Only for 1.6 without security, and only where the network is trusted.
    Unsecured,
    /// Profile 1: a password, without TLS.
    Password,
    /// Profile 2: TLS with a certificate of the CSMS, and a password.
    TlsWithPassword,
    /// Profile 3: TLS with certificates of both sides.
    MutualTls,
}

impl SecurityProfile {
    /// The number the specification gives it.
    pub const fn number(self) -> u8 {
        match self {
            Self::Unsecured => 0,
            Self::Password => 1,
            Self::TlsWithPassword => 2,
            Self::MutualTls => 3,
        }
    }
}

/// A station that may connect.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct Admission {
    /// The profile it was found to keep.
    pub profile: SecurityProfile,
    /// Whether it was accepted by BootNotification before, so that it may go on without one (rule CS-05).
    pub registration: KnownRegistration,
    /// The serial number its BootNotification has to name (rules WS-13, CS-07): the common name of its certificate.
    pub serial_number: Option<String>,
    /// What was tolerated.
    pub remarks: Vec<AuthRemark>,
    /// How to deal with this station, if otherwise than with all others: as strict as it can stand (field need 19).
    pub rules: Option<Arc<StationRules>>,
}

impl Admission {
    /// A station that keeps this profile and has not been accepted by BootNotification yet.
    pub fn new(profile: SecurityProfile) -> Self {
        Self { profile, registration: KnownRegistration::None, serial_number: None, remarks: Vec::new(), rules: None }
    }
}

/// What is known of the registration of a station that connects.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum KnownRegistration {
    /// It has never been accepted.
    #[default]
    None,
    /// It has been accepted before: a reconnect without BootNotification goes on where it was (rule WS-21).
    Accepted,
}

/// Something in an authentication that was tolerated, or that calls for action.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum AuthRemark {
    /// The key of 1.6 was sent as hexadecimal text, or the text as raw bytes (rule WS-07, fault row B16).
    OtherKeyForm,
    /// The station used the secret that was staged for it (rule CS-28).
    StagedSecret,
    /// The certificate is out of date: answer BootNotification with Pending and have it renewed (rule WS-14).
    ExpiredCertificate,
}

/// Why a station may not connect.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Denial {
    /// No such station.
    #[error("unknown station")]
    UnknownStation,
    /// It has shown no credentials and needs some (fault row B12).
    #[error("no credentials")]
    MissingCredentials,
    /// The password is wrong.
    #[error("wrong password")]
    WrongPassword,
    /// The certificate is that of another station (fault row B17).
    #[error("certificate of another station")]
    OtherCertificate,
    /// The certificate is out of date and no exception was made.
    #[error("expired certificate")]
    ExpiredCertificate,
    /// The station is enrolled with another security profile than it makes use of.
    #[error("enrolled with security profile {}, not {}", .enrolled.number(), .presented.number())]
    OtherProfile {
        /// What it is enrolled with.
        enrolled: SecurityProfile,
        /// What it has made use of.
        presented: SecurityProfile,
    },
    /// There were too many failures (fault row B14).
    #[error("too many failed attempts")]
    TooManyAttempts,
    /// It cannot be decided now.
    #[error("authentication is not available")]
    Unavailable,
}

/// What a station meets that nobody knows (fault row B13).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum UnknownStation {
    /// Status 404, as the specification has it (rule WS-05).
    #[default]
    NotFound,
    /// The same as a wrong password, so that identities cannot be found out.
    AsWrongPassword,
}

impl Denial {
    /// The answer it deserves.
    pub fn refusal(self, unknown: UnknownStation) -> Refusal {
        Refusal::Status(match (self, unknown) {
            (Self::UnknownStation, UnknownStation::NotFound) => 404,
            (Self::TooManyAttempts, _) => 429,
            (Self::Unavailable, _) => 503,
            _ => 401,
        })
    }

    /// Whether it counts as an attempt to guess.
    pub fn is_failed_attempt(self) -> bool {
        !matches!(self, Self::TooManyAttempts | Self::Unavailable)
    }
}
