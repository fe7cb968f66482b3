//! The file with the stations that may connect.

use std::fs;
use std::path::Path;

use ocpp_server::{Enrolment, KeyForm, PasswordHash, SecurityProfile, StaticAuthenticator, StationId};
use serde::Deserialize;

use crate::failure::Failure;

/// `{"stations": [{"identity": "CS-1", "password": "…", "profile": 1}, …]}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    stations: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(alias = "id")]
    identity: String,
    /// The password as the station sends it, or, for 1.6, the hexadecimal digits of its key.
    password: Option<String>,
    /// Security profile; 1 with a password, else 0.
    profile: Option<u8>,
    /// Profile 3: the common name of its certificate; the identity if it is not given.
    common_name: Option<String>,
}

/// Reads the file.
pub(crate) fn read(path: &Path) -> Result<StaticAuthenticator, Failure> {
    let text = fs::read_to_string(path).map_err(|source| Failure::Read { path: Some(path.to_owned()), source })?;
    let wrong = |why: String| Failure::StationsFile { path: path.to_owned(), why };
    let file: File = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let authenticator = StaticAuthenticator::new();
    for Entry { identity, password, profile, common_name } in file.stations {
        let id = StationId::new(&identity).map_err(|error| wrong(format!("station {identity:?}: {error}")))?;
        let profile = profile.unwrap_or(u8::from(password.is_some()));
        let hash = |password: &str| Ok::<_, Failure>(PasswordHash::new(password.as_bytes(), crate::random::bytes()?));
        let mut enrolment = match (profile, password) {
            (0, None) => Enrolment::unsecured(),
            (1, Some(password)) => Enrolment::with_password(SecurityProfile::Password, hash(&password)?),
            (2, Some(password)) => Enrolment::with_password(SecurityProfile::TlsWithPassword, hash(&password)?),
            (3, None) => Enrolment::with_certificate(common_name.unwrap_or(identity)),
            (0 | 3, Some(_)) => return Err(wrong(format!("station {identity:?}: profile {profile} has no password"))),
            (1 | 2, None) => return Err(wrong(format!("station {identity:?}: profile {profile} needs a password"))),
            _ => return Err(wrong(format!("station {identity:?}: there is no profile {profile}"))),
        };
        enrolment.key_form = KeyForm::EitherForm;
        authenticator.enrol(id, enrolment);
    }
    Ok(authenticator)
}
