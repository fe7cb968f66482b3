//! One network profile.

use alloc::format;
use alloc::string::{String, ToString};
use core::time::Duration;

use ocpp_types::Version;
use serde::{Deserialize, Serialize};

use crate::{Identity, Password};

/// The interfaces that 2.x names.
const INTERFACES: [&str; 9] =
    ["Wired0", "Wired1", "Wired2", "Wired3", "Wireless0", "Wireless1", "Wireless2", "Wireless3", "Any"];
/// The longest URL that 2.1 allows.
const LONGEST_URL: usize = 2000;

/// One way to a CSMS: `NetworkConnectionProfileType` of 2.x, without mobile access points and private networks.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct NetworkProfile {
    /// URL of the CSMS, without the identity.
    pub url: String,
    /// Security profile: 0 is none, 1 a password, 2 TLS and a password, 3 TLS with certificates on both sides.
    pub security: u8,
    /// How long an answer may take on this connection; `None` for what the station is configured with.
    pub message_timeout: Option<Duration>,
    /// The interface to connect through, in the words of 2.x.
    pub interface: String,
    /// The version of OCPP that the CSMS has named; it is kept and not looked at, since the handshake settles the version.
    pub version: Option<String>,
    /// An identity for this connection only.
    pub identity: Option<String>,
    /// A password for this connection only.
    #[serde(with = "secret")]
    pub password: Option<Password>,
}

impl NetworkProfile {
    /// A profile that leaves all else to the station.
    pub fn new(url: impl Into<String>, security: u8) -> Self {
        Self {
            url: url.into(),
            security,
            message_timeout: None,
            interface: "Any".to_string(),
            version: None,
            identity: None,
            password: None,
        }
    }

    /// Whether a connection can be made by it (B09.FR.02); how long a password is matters to the CSMS alone.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), &'static str> {
        check_url(&self.url)?;
        check_security(i64::from(self.security))?;
        if let Some(timeout) = self.message_timeout {
            check_timeout(i64::try_from(timeout.as_secs()).unwrap_or(0))?;
        }
        check_interface(&self.interface)?;
        self.identity.as_deref().map_or(Ok(()), check_identity)?;
        if is_tls(&self.url) != (self.security >= 2) {
            return Err("the security profile does not go with the scheme of the url");
        }
        Ok(())
    }
}

/// Whether a text is the URL of a CSMS: a scheme of WebSockets and a host, and nobody's name or password.
pub(super) fn check_url(url: &str) -> Result<(), &'static str> {
    let Some((scheme, rest)) = url.split_once("://") else { return Err("the url has no scheme") };
    if !["ws", "wss"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Err("the scheme of the url is neither ws nor wss");
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || host.starts_with(':') || host.contains('@') {
        return Err("the url has no host, or a name before it");
    }
    if url.len() > LONGEST_URL || url.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        return Err("the url is too long, or has blanks");
    }
    Ok(())
}

pub(super) fn check_security(security: i64) -> Result<u8, &'static str> {
    match u8::try_from(security) {
        Ok(security @ 0..=3) => Ok(security),
        _ => Err("there is no such security profile"),
    }
}

pub(super) fn check_timeout(seconds: i64) -> Result<Duration, &'static str> {
    match u32::try_from(seconds) {
        Ok(seconds @ 1..) => Ok(Duration::from_secs(u64::from(seconds))),
        _ => Err("the message timeout is no time"),
    }
}

pub(super) fn check_interface(interface: &str) -> Result<(), &'static str> {
    if INTERFACES.contains(&interface) { Ok(()) } else { Err("there is no such interface") }
}

pub(super) fn check_identity(identity: &str) -> Result<(), &'static str> {
    Identity::new(identity, Version::V21).map(drop).map_err(|_| "not an identity")
}

pub(super) fn check_password(password: &Password) -> Result<(), &'static str> {
    if (super::SHORTEST_PASSWORD..=64).contains(&password.as_bytes().len()) {
        Ok(())
    } else {
        Err("the password is too short or too long")
    }
}

fn is_tls(url: &str) -> bool {
    url.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("wss:"))
}

/// The same place by TLS.
pub(super) fn with_tls(url: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("ws") => format!("wss://{rest}"),
        _ => url.to_string(),
    }
}

/// Passwords as bytes.
pub(super) mod secret {
    use alloc::vec::Vec;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::Password;

    pub(in super::super) fn serialize<S: Serializer>(
        password: &Option<Password>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        password.as_ref().map(Password::as_bytes).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Password>, D::Error> {
        let bytes: Option<Vec<u8>> = Option::deserialize(deserializer)?;
        Ok(bytes.map(Password::bytes))
    }
}
