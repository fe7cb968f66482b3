//! What was agreed with a station before it first connects.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Admission, AuthRemark, Denial, KeyForm, KnownRegistration, PasswordHash, SecurityProfile};
use crate::handshake::{Credentials, Handshake, Transport, Validity};

/// What was agreed with a station: its security profile, and what it proves its identity with.
///
/// Plain data to be kept with the station; [`verify`](Self::verify) compares a handshake with it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Enrolment {
    /// The one profile the station may make use of (rule WS-10).
    pub profile: SecurityProfile,
    /// Its password, for profiles 1 and 2.
    pub secret: Option<PasswordHash>,
    /// A new password on its way to the station (rule CS-28).
    pub staged: Option<StagedSecret>,
    /// In which forms the password is accepted.
    pub key_form: KeyForm,
    /// Which certificate it has to show, for profile 3.
    pub certificate: Option<CertificateRule>,
    /// Whether it was accepted by BootNotification before.
    pub registration: KnownRegistration,
}

/// A new password that a station was sent.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StagedSecret {
    /// The new password.
    pub secret: PasswordHash,
    /// Until when the old one still serves, in case the station fell over between its answer and storing the new one; none as
    /// long as it is not known whether the station has accepted the new one.
    pub old_until: Option<DateTime<Utc>>,
}

/// Which certificate a station has to show.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CertificateRule {
    /// The common name of the subject, which is the serial number of the station (A00.FR.511).
    pub common_name: String,
    /// The organisation of the subject, where it matters: the operator (A00.FR.403).
    pub organization: Option<String>,
    /// Whether one that is out of date still opens the door, so that it can be renewed (rule WS-14).
    pub expired: ExpiredCertificate,
}

/// What a station with a certificate out of date meets.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum ExpiredCertificate {
    /// Refusal.
    #[default]
    Refuse,
    /// Admission with a [remark](AuthRemark::ExpiredCertificate).
    AdmitForRenewal,
}

impl Enrolment {
    /// How long the old password serves beside a new one, unless the new one is used before (rule CS-28).
    pub const OVERLAP: TimeDelta = TimeDelta::minutes(5);

    /// A station without any proof of identity: profile 0.
    pub fn unsecured() -> Self {
        Self::of(SecurityProfile::Unsecured)
    }

    /// A station with a password, over TLS or not: profile 1 or 2.
    pub fn with_password(profile: SecurityProfile, secret: PasswordHash) -> Self {
        Self { secret: Some(secret), ..Self::of(profile) }
    }

    /// A station with a certificate of this common name: profile 3.
    pub fn with_certificate(common_name: impl Into<String>) -> Self {
        let certificate = CertificateRule {
            common_name: common_name.into(),
            organization: None,
            expired: ExpiredCertificate::Refuse,
        };
        Self { certificate: Some(certificate), ..Self::of(SecurityProfile::MutualTls) }
    }

    fn of(profile: SecurityProfile) -> Self {
        Self {
            profile,
            secret: None,
            staged: None,
            key_form: KeyForm::Exact,
            certificate: None,
            registration: KnownRegistration::None,
        }
    }

    /// Takes note of a new password before the station is sent it: both serve until it is known what came of that. Goes on with
    /// [`stage`](Self::stage) or [`withdraw`](Self::withdraw), or with its first use.
    pub fn propose(&mut self, secret: PasswordHash) {
        self.staged = Some(StagedSecret { secret, old_until: None });
    }

    /// Takes note of a new password that the station has accepted; from its first use on it is the only one.
    pub fn stage(&mut self, secret: PasswordHash, now: DateTime<Utc>) {
        self.staged = Some(StagedSecret { secret, old_until: Some(now + Self::OVERLAP) });
    }

    /// Takes a new password back that the station has refused, or never got.
    pub fn withdraw(&mut self) {
        self.staged = None;
    }

    /// Makes the new password the only one, after [`AuthRemark::StagedSecret`].
    pub fn settle(&mut self) {
        if let Some(staged) = self.staged.take() {
            self.secret = Some(staged.secret);
        }
    }

    /// Whether the station has shown what was agreed.
    ///
    /// # Errors
    /// Why it may not connect.
    pub fn verify(&self, handshake: &Handshake, now: DateTime<Utc>) -> Result<Admission, Denial> {
        let presented = handshake.profile();
        let mut admission = Admission { registration: self.registration, ..Admission::new(self.profile) };
        let other_profile = Denial::OtherProfile { enrolled: self.profile, presented };
        match self.profile {
            SecurityProfile::Unsecured => {}
            SecurityProfile::Password | SecurityProfile::TlsWithPassword => {
                let is_tls = handshake.transport != Transport::Plain;
                if is_tls != (self.profile == SecurityProfile::TlsWithPassword) {
                    return Err(other_profile);
                }
                self.verify_password(handshake, now, &mut admission)?;
            }
            SecurityProfile::MutualTls => {
                let Transport::MutualTls(shown) = &handshake.transport else { return Err(other_profile) };
                let expected = self.certificate.as_ref().ok_or(Denial::OtherCertificate)?;
                let is_same = shown.common_name.as_deref() == Some(expected.common_name.as_str())
                    && (expected.organization.is_none() || expected.organization == shown.organization);
                if !is_same {
                    return Err(Denial::OtherCertificate);
                }
                if shown.validity == Validity::Expired {
                    if expected.expired == ExpiredCertificate::Refuse {
                        return Err(Denial::ExpiredCertificate);
                    }
                    admission.remarks.push(AuthRemark::ExpiredCertificate);
                }
                admission.serial_number = Some(expected.common_name.clone());
            }
        }
        Ok(admission)
    }

    fn verify_password(
        &self,
        handshake: &Handshake,
        now: DateTime<Utc>,
        admission: &mut Admission,
    ) -> Result<(), Denial> {
        let Credentials::Basic(password) = &handshake.credentials else { return Err(Denial::MissingCredentials) };
        let old_until = self.staged.and_then(|staged| staged.old_until);
        let old = self.secret.filter(|_| old_until.is_none_or(|until| now < until));
        let secrets = [(self.staged.map(|staged| staged.secret), Some(AuthRemark::StagedSecret)), (old, None)];
        for (secret, remark) in secrets {
            let Some(secret) = secret else { continue };
            let is_exact = secret.is(password);
            let is_other = !is_exact && self.key_form == KeyForm::EitherForm && secret.is_in_other_form(password);
            if is_exact || is_other {
                admission.remarks.extend(remark);
                admission.remarks.extend(is_other.then_some(AuthRemark::OtherKeyForm));
                return Ok(());
            }
        }
        Err(Denial::WrongPassword)
    }
}
