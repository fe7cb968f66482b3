//! The variables of the component `NetworkConfiguration` of 2.1 (2.1 Part 2, referenced components; rule WS-29).

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};

use super::profile::{check_identity, check_interface, check_password, check_security, check_timeout, check_url};
use super::{NetworkProfile, ProfileRefused};
use crate::Password;

/// One variable of a network profile.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Field {
    Url,
    Interface,
    Transport,
    Version,
    MessageTimeout,
    Security,
    Identity,
    Password,
    /// There are neither private networks nor mobile access points (B09.FR.13).
    Disabled,
}

const NAMES: [(&str, Field); 10] = [
    ("OcppCsmsUrl", Field::Url),
    ("OcppInterface", Field::Interface),
    ("OcppTransport", Field::Transport),
    ("OcppVersion", Field::Version),
    ("MessageTimeout", Field::MessageTimeout),
    ("SecurityProfile", Field::Security),
    ("Identity", Field::Identity),
    ("BasicAuthPassword", Field::Password),
    ("VpnEnabled", Field::Disabled),
    ("ApnEnabled", Field::Disabled),
];

impl Field {
    pub(super) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, field)| *field)
    }

    /// The value; `None` if it must not be read.
    pub(super) fn read(self, profile: &NetworkProfile) -> Option<String> {
        Some(match self {
            Self::Url => profile.url.clone(),
            Self::Interface => profile.interface.clone(),
            Self::Transport => "JSON".to_owned(),
            Self::Version => profile.version.clone().unwrap_or_default(),
            Self::MessageTimeout => {
                profile.message_timeout.map(|timeout| timeout.as_secs().to_string()).unwrap_or_default()
            }
            Self::Security => profile.security.to_string(),
            Self::Identity => profile.identity.clone().unwrap_or_default(),
            Self::Password => return None,
            Self::Disabled => "false".to_owned(),
        })
    }

    /// Changes the value, if the new one is usable by itself (B09.FR.23).
    pub(super) fn write(self, profile: &mut NetworkProfile, value: &str) -> Result<(), ProfileRefused> {
        let content = ProfileRefused::Content;
        let number = || value.parse::<i64>().map_err(|_| content("not a whole number"));
        match self {
            Self::Url => {
                check_url(value).map_err(content)?;
                profile.url = value.to_owned();
            }
            Self::Interface => {
                check_interface(value).map_err(content)?;
                profile.interface = value.to_owned();
            }
            Self::Transport if value == "JSON" => {}
            Self::Transport => return Err(content("2.x knows no transport but json")),
            Self::Version => profile.version = Some(value.to_owned()).filter(|value| !value.is_empty()),
            Self::MessageTimeout => profile.message_timeout = Some(check_timeout(number()?).map_err(content)?),
            Self::Security => profile.security = check_security(number()?).map_err(content)?,
            // an empty one is none of its own: that of the station is used
            Self::Identity if value.is_empty() => profile.identity = None,
            Self::Identity => {
                check_identity(value).map_err(content)?;
                profile.identity = Some(value.to_owned());
            }
            Self::Password if value.is_empty() => profile.password = None,
            Self::Password => {
                let password = Password::text(value);
                check_password(&password).map_err(content)?;
                profile.password = Some(password);
            }
            Self::Disabled => return Err(ProfileRefused::ReadOnly),
        }
        Ok(())
    }
}
