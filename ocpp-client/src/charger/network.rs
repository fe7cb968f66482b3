//! How a charger is connected, and what its CSMS may change of that: rules WS-11, WS-12, WS-15 to WS-17 and WS-27 to WS-29.

use alloc::format;
use alloc::string::{String, ToString};
use core::time::Duration;

use ocpp_rpc::Instant;
use ocpp_types::{Version, v21, v201};

use super::settings::{Access, Setting, Unsuitable};
use super::{Charger, ChargerEvent};
use crate::{
    Equipment, NetworkChange, NetworkProfile, NetworkProfiles, Password, ProfileRefused, Reconnect, Store, TlsFailure,
};

/// Name of the value in the store.
pub(super) const NAME: &str = "network";

/// What became of a change of configuration.
pub(super) enum Taken {
    /// It holds.
    Now,
    /// It holds from the next boot on.
    AtBoot,
}

/// Why a change of configuration was refused, with the reason code of 2.x if there is one.
pub(super) struct NotChanged(pub(super) Option<&'static str>);

impl From<Unsuitable> for NotChanged {
    fn from(unsuitable: Unsuitable) -> Self {
        Self((unsuitable == Unsuitable::ReadOnly).then_some("ReadOnly"))
    }
}

impl From<ProfileRefused> for NotChanged {
    fn from(refused: ProfileRefused) -> Self {
        Self(Some(refused.reason_code()))
    }
}

/// A variable of the component `NetworkConfiguration`.
pub(super) enum NetworkVariable {
    Value(String),
    WriteOnly,
    UnknownSlot,
    Unknown,
}

/// What became of a network profile.
pub(super) enum ProfileStored {
    Accepted,
    Rejected(ProfileRefused),
    /// The store failed (B09.FR.03).
    Failed,
}

impl<S: Store> Charger<S> {
    /// How the charger is connected: its network profiles, and which of them is to be tried when.
    pub fn network(&self) -> &NetworkProfiles {
        &self.network
    }

    /// Tells the charger how it is connected, once per start and before the first connection. What a CSMS has changed
    /// before stays in force as long as this is the same as at the start before ([`NetworkProfiles::provision`]).
    ///
    /// Without it a charger has no network profiles, and refuses to change them.
    pub fn provision(
        &mut self,
        profiles: impl IntoIterator<Item = (i64, NetworkProfile)>,
        priority: &[i64],
        equipment: Equipment,
    ) {
        let before = self.network.to_bytes();
        self.network.provision(profiles, priority, equipment);
        self.save_network_if_not(&before);
    }

    /// Tells who decides when and where to connect what order to follow from now on; call it at the end of every
    /// connection, and before the first. The attempts and the waits between them are changed only if a CSMS has set
    /// them.
    pub fn guide(&self, reconnect: &mut Reconnect) {
        let changed = |key| self.settings.changed_number(key);
        let mut backoff = reconnect.backoff();
        if let Some(seconds) = changed("RetryBackOffWaitMinimum") {
            backoff.wait_minimum = Duration::from_secs(seconds);
        }
        if let Some(times) = changed("RetryBackOffRepeatTimes") {
            backoff.repeat_times = u32::try_from(times).unwrap_or(u32::MAX);
        }
        if let Some(seconds) = changed("RetryBackOffRandomRange") {
            backoff.random_range = Duration::from_secs(seconds);
        }
        reconnect.set_backoff(backoff);
        let attempts = changed("NetworkProfileConnectionAttempts");
        let attempts = attempts.map_or(reconnect.attempts(), |attempts| u32::try_from(attempts).unwrap_or(u32::MAX));
        self.network.guide(reconnect, attempts);
    }

    /// Notes that a slot has led to a CSMS; call it for every connection, before its first message.
    pub fn connected(&mut self, now: Instant, slot: i64) -> NetworkChange {
        if self.network.is_empty() {
            return NetworkChange::Same;
        }
        let before = self.network.to_bytes();
        let change = self.network.connected(slot);
        if let Some(profile) = self.network.profile(slot) {
            self.station.set_message_timeout(profile.message_timeout);
        }
        self.save_network_if_not(&before);
        self.settle(now);
        change
    }

    /// Notes that TLS failed on the way to the CSMS ([`Station::tls_failed`](crate::Station::tls_failed)).
    pub fn tls_failed(&mut self, now: Instant, failure: TlsFailure) {
        self.station.tls_failed(now, failure);
        self.settle(now);
    }

    /// Reads a variable of `NetworkConfiguration`; `None` if it is one of another component (rule WS-29).
    pub(super) fn network_variable(
        &self,
        component: &str,
        instance: Option<&str>,
        variable: &str,
    ) -> Option<NetworkVariable> {
        let slot = match self.slot_of(component, instance)? {
            Ok(slot) => slot,
            Err(unknown) => return Some(unknown),
        };
        Some(match self.network.variable(slot, variable) {
            Ok(Some(value)) => NetworkVariable::Value(value),
            Ok(None) => NetworkVariable::WriteOnly,
            Err(ProfileRefused::Slot(_)) => NetworkVariable::UnknownSlot,
            Err(_) => NetworkVariable::Unknown,
        })
    }

    /// Writes a variable of `NetworkConfiguration`, once [`network_variable`](Self::network_variable) has found it.
    pub(super) fn set_network_variable(
        &mut self,
        instance: Option<&str>,
        variable: &str,
        value: &str,
    ) -> Result<(), NotChanged> {
        let slot = instance.and_then(|slot| slot.parse().ok()).ok_or(NotChanged(None))?;
        self.try_network(|network| network.set_variable(slot, variable, value))
    }

    /// The slot that a component stands for, if it is one for network profiles.
    fn slot_of(&self, component: &str, instance: Option<&str>) -> Option<Result<i64, NetworkVariable>> {
        if self.version() != Version::V21 || !component.eq_ignore_ascii_case("NetworkConfiguration") {
            return None;
        }
        let slot = instance.and_then(|instance| instance.parse().ok());
        Some(slot.filter(|_| !self.network.is_empty()).ok_or(NetworkVariable::UnknownSlot))
    }

    /// Rule WS-27.
    pub(super) fn set_network_profile(
        &mut self,
        slot: i64,
        profile: Result<NetworkProfile, ProfileRefused>,
    ) -> ProfileStored {
        let before = self.network.clone();
        // a slot that is not there is told before anything that is wrong with the profile
        let taken = if self.network.slots().contains(&slot) {
            profile.and_then(|profile| self.network.set(slot, profile))
        } else {
            Err(ProfileRefused::Slot(slot))
        };
        match taken {
            Ok(()) if self.commit_network() => ProfileStored::Accepted,
            Ok(()) => {
                self.network = before;
                ProfileStored::Failed
            }
            Err(refused) => ProfileStored::Rejected(refused),
        }
    }

    /// Changes a setting, by whichever name it was found.
    pub(super) fn change(&mut self, setting: &'static Setting, value: &str) -> Result<Taken, NotChanged> {
        self.settings.check(setting, value)?;
        match setting.key {
            // stronger only, and not before the answer is out (rule WS-16)
            "SecurityProfile" => {
                let Ok(security) = value.parse() else { return Err(NotChanged(None)) };
                self.try_network(|network| network.raise(security))?;
            }
            "NetworkConfigurationPriority" => self.try_network(|network| network.set_priority(value))?,
            "Identity" => {
                self.try_network(|network| network.set_identity(value))?;
                return Ok(Taken::AtBoot);
            }
            // the password is kept with the profiles, and told by nothing (rule WS-15)
            _ if setting.access == Access::Write => {
                let password = self.password_in(value)?;
                self.try_network(|network| {
                    network.set_password(password);
                    Ok(())
                })?;
            }
            _ => self.settings.change(setting, value),
        }
        Ok(Taken::Now)
    }

    /// A password in the words of the version that is spoken: in 1.6 the digits of 16 bytes at least (rule WS-07).
    fn password_in(&self, value: &str) -> Result<Password, NotChanged> {
        match self.version() {
            Version::V16 => {
                let password = Password::hexadecimal(value).ok();
                password.filter(|password| password.as_bytes().len() >= 16).ok_or(NotChanged(None))
            }
            _ => Ok(Password::text(value)),
        }
    }

    /// What follows from a change once it was answered; whether there is nothing else to do.
    pub(super) fn network_setting_changed(&mut self, setting: &Setting, value: &str) -> bool {
        match setting.key {
            "SecurityProfile" => self.events.push_back(ChargerEvent::Reconnect),
            _ if setting.access == Access::Write => {
                if let Ok(password) = self.password_in(value) {
                    self.events.push_back(ChargerEvent::Credentials { password });
                }
            }
            "NetworkConfigurationPriority" | "Identity" => {}
            _ => return false,
        }
        true
    }

    /// Makes a change of the network profiles that is on the medium, or none.
    fn try_network(
        &mut self,
        change: impl FnOnce(&mut NetworkProfiles) -> Result<(), ProfileRefused>,
    ) -> Result<(), NotChanged> {
        let before = self.network.clone();
        change(&mut self.network)?;
        if self.commit_network() {
            return Ok(());
        }
        self.network = before;
        Err(NotChanged(None))
    }

    fn commit_network(&mut self) -> bool {
        let saved = self.station.outbox_mut().commit_value(NAME, self.network.to_bytes()).is_ok();
        if saved {
            self.show_network();
        }
        saved
    }

    /// For what has happened already, whether it can be written or not.
    fn save_network_if_not(&mut self, before: &[u8]) {
        let now = self.network.to_bytes();
        if now != before {
            self.station.outbox_mut().set_value(NAME, now);
        }
        self.show_network();
    }

    /// Shows the state of the network profiles in the settings.
    pub(super) fn show_network(&mut self) {
        let priority: alloc::vec::Vec<String> = self.network.priority().iter().map(ToString::to_string).collect();
        let active = self.network.active_slot().or(self.network.priority().first().copied());
        let identity = active.and_then(|slot| self.network.identity(slot)).unwrap_or_default().to_string();
        let active = active.map(|slot| slot.to_string()).unwrap_or_default();
        for (key, value) in [
            ("SecurityProfile", format!("{}", self.network.security())),
            ("NetworkConfigurationPriority", priority.join(",")),
            ("ActiveNetworkProfile", active),
            ("Identity", identity),
        ] {
            self.settings.show(key, value);
        }
    }
}

/// A network profile in the words of a version.
pub(super) trait Described {
    /// The same in ours.
    fn described(&self) -> Result<NetworkProfile, ProfileRefused>;
}

macro_rules! described {
    ($data:ident, $types:ident) => {{
        if $data.ocpp_transport != $types::OcppTransport::Json {
            return Err(ProfileRefused::Content("2.x knows no transport but json"));
        }
        // there is neither a modem nor a private network in here
        if $data.apn.is_some() || $data.vpn.is_some() {
            return Err(ProfileRefused::Content("neither access points nor private networks are supported"));
        }
        let Ok(security) = u8::try_from($data.security_profile) else {
            return Err(ProfileRefused::Content("there is no such security profile"));
        };
        let Ok(seconds) = u64::try_from($data.message_timeout) else {
            return Err(ProfileRefused::Content("the message timeout is no time"));
        };
        let mut profile = NetworkProfile::new($data.ocpp_csms_url.as_str(), security);
        profile.message_timeout = Some(Duration::from_secs(seconds));
        profile.interface = $data.ocpp_interface.as_str().to_string();
        profile
    }};
}

impl Described for v201::NetworkConnectionProfile {
    fn described(&self) -> Result<NetworkProfile, ProfileRefused> {
        let mut profile = described!(self, v201);
        profile.version = Some(self.ocpp_version.as_str().to_string());
        Ok(profile)
    }
}

impl Described for v21::NetworkConnectionProfile {
    fn described(&self) -> Result<NetworkProfile, ProfileRefused> {
        let mut profile = described!(self, v21);
        profile.version = self.ocpp_version.as_ref().map(|version| version.as_str().to_string());
        profile.identity = self.identity.as_ref().map(|identity| identity.as_str().to_string());
        profile.password = self.basic_auth_password.as_ref().map(|password| Password::text(password.as_str()));
        Ok(profile)
    }
}
