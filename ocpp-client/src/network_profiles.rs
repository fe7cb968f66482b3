//! The ways to a CSMS that a station knows, and how strongly each of them is secured.

mod field;
mod profile;

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::{Identity, Password, Reconnect};

pub use profile::NetworkProfile;

use field::Field;
use ocpp_types::Version;

/// How many slots there are at least; 2.x asks for two (B09.FR.06).
const SLOTS: i64 = 3;
/// The strongest security profile: TLS with certificates on both sides.
const STRONGEST: u8 = 3;
/// The shortest password that counts as one (rules WS-07 and WS-08).
const SHORTEST_PASSWORD: usize = 16;

/// The network profiles of a station: what is in the slots, in which order they are tried, and what a CSMS may change.
///
/// It decides and does not connect: [`order`](Self::order) is what [`Reconnect`] walks through, and
/// [`connected`](Self::connected) tells which slot led to a CSMS. Three rules protect the station from losing its CSMS, and
/// its CSMS from a station that is talked into a weaker connection:
///
/// * a profile is put to use by a boot at the earliest, never by writing it (rules WS-17 and WS-27);
/// * a security profile that worked once is not gone below, but from 3 to 2 where the operator allows that (rule WS-17);
/// * what worked last is tried after everything else has failed (rules WS-16 and WS-28, row E15).
///
/// ```
/// use ocpp_client::{Equipment, NetworkChange, NetworkProfile, NetworkProfiles, Password};
///
/// let mut network = NetworkProfiles::default();
/// let first = NetworkProfile::new("ws://csms.example.com/ocpp", 1);
/// let mut equipment = Equipment::default();
/// equipment.csms_root = true;
/// network.provision([(1, first)], &[1], equipment);
/// assert_eq!(network.connected(1), NetworkChange::Same);
///
/// network.set_password(Password::text("a password of some length"));
/// network.set(2, NetworkProfile::new("wss://csms.example.com/ocpp", 2)).unwrap();
/// network.set_priority("2,1").unwrap();
/// assert_eq!(network.order(), [1], "not before a boot");
/// network.rebooted();
/// assert_eq!(network.order(), [2, 1]);
/// assert_eq!(network.connected(2), NetworkChange::Changed { from: 1, to: 2 });
/// assert_eq!(network.order(), [2], "and never back to the weaker one");
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NetworkProfiles {
    kept: Kept,
    equipment: Equipment,
    allows_downgrade: bool,
    /// The list that holds since the boot.
    booted: Vec<i64>,
    /// The slot of the connection there is, or of the last one since the boot.
    active: Option<i64>,
}

/// What is left after a power cut.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
struct Kept {
    profiles: BTreeMap<i64, NetworkProfile>,
    /// `NetworkConfigurationPriority`.
    priority: Vec<i64>,
    /// The security profile in force.
    security: u8,
    /// The slot that led to a CSMS last.
    last: Option<i64>,
    /// What was in it then.
    proven: Option<NetworkProfile>,
    /// The slot by which a station of 1.6 tries a stronger security profile.
    raising: Option<i64>,
    /// Identity and password of the station, for profiles that have none of their own.
    identity: Option<String>,
    #[serde(with = "profile::secret")]
    password: Option<Password>,
    /// What the owner had configured.
    provision: Provision,
}

#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
struct Provision {
    profiles: BTreeMap<i64, NetworkProfile>,
    priority: Vec<i64>,
}

/// What of the prerequisites of security profiles is there, beside the password.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Equipment {
    /// A root certificate to check that of the CSMS with: for security profiles 2 and 3.
    pub csms_root: bool,
    /// A certificate of the station: for security profile 3.
    pub certificate: bool,
    /// Where security profiles 2 and 3 are served, if that is not the same place with `wss` for `ws`; for 1.6, whose
    /// key `SecurityProfile` names none.
    pub secure_url: Option<String>,
}

/// Why a profile, a list of priority or a security profile is not taken.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileRefused {
    /// There is no such slot.
    #[error("there is no slot {0}")]
    Slot(i64),
    /// A profile, or what it shall be changed to, cannot be used.
    #[error("unusable network profile: {0}")]
    Content(&'static str),
    /// It is weaker than the security profile in force (rules WS-16 and WS-17).
    #[error("weaker than security profile {in_force}")]
    Downgrade {
        /// The security profile in force.
        in_force: u8,
    },
    /// The slot is in use, so that it cannot be changed piece by piece (rule WS-29).
    #[error("slot {0} is in the list of priority")]
    InUse(i64),
    /// A password or a certificate is missing (A05.FR.02, A05.FR.03).
    #[error("security profile {security} needs {what}")]
    Unequipped {
        /// The security profile that was wanted.
        security: u8,
        /// What is missing.
        what: &'static str,
    },
    /// There is no such variable.
    #[error("there is no such variable")]
    Variable,
    /// The variable cannot be written.
    #[error("the variable is read-only")]
    ReadOnly,
}

impl ProfileRefused {
    /// The reason code that says so in 2.x.
    pub const fn reason_code(&self) -> &'static str {
        match self {
            Self::Slot(_) => "InvalidConfSlot",
            Self::Downgrade { .. } => "NoSecurityDowngrade",
            Self::InUse(_) => "ActiveNetworkConf",
            Self::ReadOnly => "ReadOnly",
            Self::Content(_) | Self::Unequipped { .. } | Self::Variable => "InvalidNetworkConf",
        }
    }
}

/// What a connection means for the security of the next ones.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub enum NetworkChange {
    /// Nothing.
    Same,
    /// Another security profile is in force, and the weaker profiles are gone.
    Changed {
        /// The one before.
        from: u8,
        /// The one in force now.
        to: u8,
    },
    /// The stronger security profile that a 1.6 CSMS asked for led nowhere; the one before is in force still.
    FellBack {
        /// The one that was tried.
        tried: u8,
    },
}

impl NetworkProfiles {
    /// Stands for what worked last where its slot has been written since.
    pub const FALLBACK: i64 = i64::MIN;

    /// Reads what [`to_bytes`](Self::to_bytes) has written; `None` if that is damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let kept: Kept = serde_json::from_slice(bytes).ok()?;
        let booted = kept.priority.clone();
        Some(Self { kept, booted, ..Self::default() })
    }

    /// What has to survive a power cut, passwords among it: keep it where only the station reads.
    pub fn to_bytes(&self) -> Vec<u8> {
        // maps with numbers for keys and texts: nothing in it that JSON has not
        serde_json::to_vec(&self.kept).unwrap_or_default()
    }

    /// Whether nobody has said yet how the station is connected.
    pub fn is_empty(&self) -> bool {
        self.kept.profiles.is_empty()
    }

    /// Takes over what the owner of the station has configured, and what there is to secure connections with.
    ///
    /// What a CSMS has changed since stays, until the owner configures something else: that is then the new beginning, with
    /// the weakest security profile in the list. Identity and password of the first slot are those of the station.
    pub fn provision(
        &mut self,
        profiles: impl IntoIterator<Item = (i64, NetworkProfile)>,
        priority: &[i64],
        equipment: Equipment,
    ) {
        self.equipment = equipment;
        let provision = Provision { profiles: profiles.into_iter().collect(), priority: priority.to_vec() };
        if provision == self.kept.provision {
            return;
        }
        let mut profiles = provision.profiles.clone();
        let first = priority.first().and_then(|slot| provision.profiles.get(slot));
        let (identity, password) =
            first.map(|first| (first.identity.clone(), first.password.clone())).unwrap_or_default();
        for profile in profiles.values_mut() {
            profile.identity.take_if(|own| Some(&*own) == identity.as_ref());
            profile.password.take_if(|own| Some(&*own) == password.as_ref());
        }
        let listed = priority.iter().filter_map(|slot| profiles.get(slot));
        let security = listed.map(|profile| profile.security).min().unwrap_or(0);
        let priority: Vec<i64> = priority.iter().copied().filter(|slot| profiles.contains_key(slot)).collect();
        self.booted.clone_from(&priority);
        self.kept = Kept {
            profiles,
            priority,
            security,
            last: None,
            proven: None,
            raising: None,
            identity,
            password,
            provision,
        };
    }

    /// Whether the operator allows to go from security profile 3 to 2: `AllowSecurityProfileDowngrade`.
    pub fn allow_downgrade(&mut self, allow: bool) {
        self.allows_downgrade = allow;
    }

    /// The slots there are: the values list of `NetworkConfigurationPriority`.
    pub fn slots(&self) -> Vec<i64> {
        let mut slots: Vec<i64> = (1..=SLOTS).chain(self.kept.profiles.keys().copied()).collect();
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// What is in a slot.
    pub fn profile(&self, slot: i64) -> Option<&NetworkProfile> {
        if slot == Self::FALLBACK { self.kept.proven.as_ref() } else { self.kept.profiles.get(&slot) }
    }

    /// The configured order: `NetworkConfigurationPriority`.
    pub fn priority(&self) -> &[i64] {
        &self.kept.priority
    }

    /// The slot of the connection there is, or of the last one since the boot: `ActiveNetworkProfile`.
    pub fn active_slot(&self) -> Option<i64> {
        self.active
    }

    /// The security profile in force: `SecurityProfile`.
    pub fn security(&self) -> u8 {
        self.kept.security
    }

    /// The identity to connect with by a slot, if the profiles say.
    pub fn identity(&self, slot: i64) -> Option<&str> {
        let own = self.profile(slot).and_then(|profile| profile.identity.as_deref());
        own.or(self.kept.identity.as_deref())
    }

    /// The password to connect with by a slot, if the profiles say.
    pub fn password(&self, slot: i64) -> Option<&Password> {
        let own = self.profile(slot).and_then(|profile| profile.password.as_ref());
        own.or(self.kept.password.as_ref())
    }

    /// The order in which slots are to be tried now.
    ///
    /// It is the list of the last boot, without what was taken from it since, without what is unusable or too weak, and with
    /// what worked last at its end (rules WS-17, WS-27 and WS-28; B10.FR.07).
    pub fn order(&self) -> Vec<i64> {
        let is_usable = |slot: &i64| {
            let profile = self.profile(*slot);
            profile.is_some_and(|profile| self.is_strong_enough(profile.security) && profile.check().is_ok())
        };
        let listed = self.booted.iter().filter(|slot| self.kept.priority.contains(slot));
        let mut order: Vec<i64> = listed.copied().filter(is_usable).collect();
        if order.is_empty() {
            order = self.kept.priority.iter().copied().filter(is_usable).collect();
        }
        if let Some(last) = self.kept.last {
            let is_as_it_was = self.profile(last) == self.kept.proven.as_ref();
            let fallback = if is_as_it_was { last } else { Self::FALLBACK };
            if is_usable(&fallback) && !order.contains(&fallback) {
                order.push(fallback);
            }
        }
        order
    }

    /// Tells the order to who decides when and where to connect, with this many attempts for each slot.
    pub fn guide(&self, reconnect: &mut Reconnect, attempts: u32) {
        reconnect.set_profiles(&self.order(), attempts);
    }

    /// Notes that the station has booted: the configured order is in force.
    pub fn rebooted(&mut self) {
        self.booted.clone_from(&self.kept.priority);
        self.active = None;
    }

    /// Notes that a slot has led to a CSMS.
    ///
    /// If it is the [`FALLBACK`](Self::FALLBACK), what was written into the slot in its place has led nowhere, and is gone.
    /// Profiles that are weaker than this one are gone (A05.FR.06), and so is a raise of 1.6 that has failed (rule WS-16).
    pub fn connected(&mut self, slot: i64) -> NetworkChange {
        let mut slot = slot;
        if let (Self::FALLBACK, Some(last), Some(proven)) = (slot, self.kept.last, &self.kept.proven) {
            self.kept.profiles.insert(last, proven.clone());
            slot = last;
        }
        self.active = Some(slot);
        let Some(profile) = self.kept.profiles.get(&slot) else { return NetworkChange::Same };
        let security = profile.security;
        self.kept.last = Some(slot);
        self.kept.proven = Some(profile.clone());
        if let Some(raised) = self.kept.raising.take_if(|raised| *raised != slot) {
            let tried = self.kept.profiles.remove(&raised).map_or(0, |profile| profile.security);
            self.forget_removed();
            return NetworkChange::FellBack { tried };
        }
        self.kept.raising = None;
        let from = self.kept.security;
        if security == from || !self.is_strong_enough(security) {
            return NetworkChange::Same;
        }
        self.kept.security = security;
        self.kept.profiles.retain(|_, profile| profile.security >= security);
        self.forget_removed();
        NetworkChange::Changed { from, to: security }
    }

    /// Puts a profile into a slot: `SetNetworkProfile` (rule WS-27). What is in a listed slot is used from the next
    /// connection on, so it has to have what it needs.
    ///
    /// # Errors
    /// When there is no such slot, or the profile is unusable or too weak, or something is missing for it.
    pub fn set(&mut self, slot: i64, profile: NetworkProfile) -> Result<(), ProfileRefused> {
        if !self.slots().contains(&slot) {
            return Err(ProfileRefused::Slot(slot));
        }
        profile.check().map_err(ProfileRefused::Content)?;
        profile.password.as_ref().map_or(Ok(()), profile::check_password).map_err(ProfileRefused::Content)?;
        self.refuse_weaker(profile.security)?;
        if self.kept.priority.contains(&slot) {
            let password = profile.password.as_ref().or(self.kept.password.as_ref());
            self.refuse_unequipped(profile.security, password)?;
        }
        self.kept.profiles.insert(slot, profile);
        Ok(())
    }

    /// Sets the order for the time after the next boot: `NetworkConfigurationPriority` (rule WS-28).
    ///
    /// # Errors
    /// When the text is no list of different slots, or one of them is empty, unusable, too weak, or needs what is not there.
    pub fn set_priority(&mut self, text: &str) -> Result<(), ProfileRefused> {
        let mut priority = Vec::new();
        for word in text.split(',') {
            let Ok(slot) = word.trim().parse() else {
                return Err(ProfileRefused::Content("the priority is no list of slots"));
            };
            if priority.contains(&slot) {
                return Err(ProfileRefused::Content("a slot is listed twice"));
            }
            let profile = self.kept.profiles.get(&slot).ok_or(ProfileRefused::Slot(slot))?;
            // what is in the list has been checked, and only taking slots out of it must always be possible (B09.FR.20)
            if !self.kept.priority.contains(&slot) {
                profile.check().map_err(ProfileRefused::Content)?;
            }
            self.refuse_weaker(profile.security)?;
            self.refuse_unequipped(profile.security, self.password(slot))?;
            priority.push(slot);
        }
        self.kept.priority = priority;
        Ok(())
    }

    /// Prepares the step to a stronger security profile, as the key `SecurityProfile` of 1.6 asks for it: the next
    /// connection is to be made with it, and with the one before if that fails (rule WS-16, row E15).
    ///
    /// # Errors
    /// When it is not stronger, or something is missing for it.
    pub fn raise(&mut self, security: u8) -> Result<(), ProfileRefused> {
        if security > STRONGEST {
            return Err(ProfileRefused::Content("there is no such security profile"));
        }
        let in_force = self.kept.security;
        if security <= in_force || self.kept.raising.is_some() {
            return Err(ProfileRefused::Downgrade { in_force });
        }
        let slot = self.active.or(self.kept.last).or(self.kept.priority.first().copied());
        let Some((slot, profile)) = slot.and_then(|slot| Some((slot, self.profile(slot)?))) else {
            return Err(ProfileRefused::Content("the station has no network profile"));
        };
        self.refuse_unequipped(security, self.password(slot))?;
        let mut profile = profile.clone();
        profile.security = security;
        if security >= 2 {
            let secure_url = self.equipment.secure_url.clone();
            profile.url = secure_url.unwrap_or_else(|| profile::with_tls(&profile.url));
        }
        profile.check().map_err(ProfileRefused::Content)?;
        let Some(free) = (1..).find(|slot| !self.kept.profiles.contains_key(slot)) else {
            return Err(ProfileRefused::Content("no slot is free"));
        };
        self.kept.profiles.insert(free, profile);
        self.kept.raising = Some(free);
        self.kept.priority.insert(0, free);
        self.booted.clone_from(&self.kept.priority);
        Ok(())
    }

    /// Sets the password of the station: `AuthorizationKey`, or `SecurityCtrlr.BasicAuthPassword`. The profile in use has
    /// none of its own any more, so that this one is used (B09.FR.27).
    pub fn set_password(&mut self, password: Password) {
        for profile in self.profiles_in_use() {
            profile.password = None;
        }
        self.kept.password = Some(password);
    }

    /// Sets the identity of the station: `SecurityCtrlr.Identity`. The profile in use has none of its own any more, so that
    /// this one is used from the next connection on (B09.FR.26).
    ///
    /// # Errors
    /// When it is no identity in 2.x.
    pub fn set_identity(&mut self, identity: &str) -> Result<(), ProfileRefused> {
        Identity::new(identity, Version::V21).map_err(|_| ProfileRefused::Content("not an identity"))?;
        for profile in self.profiles_in_use() {
            profile.identity = None;
        }
        self.kept.identity = Some(identity.to_string());
        Ok(())
    }

    /// Reads a variable of the component `NetworkConfiguration` of 2.1 (rule WS-29); `None` if it may be written only.
    ///
    /// # Errors
    /// When there is no such slot or variable.
    pub fn variable(&self, slot: i64, name: &str) -> Result<Option<String>, ProfileRefused> {
        let field = Field::named(name).ok_or(ProfileRefused::Variable)?;
        if !self.slots().contains(&slot) {
            return Err(ProfileRefused::Slot(slot));
        }
        Ok(match self.profile(slot) {
            Some(profile) => field.read(profile),
            None => field.read(&self.draft()),
        })
    }

    /// Writes a variable of the component `NetworkConfiguration` of 2.1, in a slot that is not in the list of priority (rule
    /// WS-29).
    ///
    /// # Errors
    /// When there is no such slot or variable, the slot is in use, or the value is unusable or too weak.
    pub fn set_variable(&mut self, slot: i64, name: &str, value: &str) -> Result<(), ProfileRefused> {
        let field = Field::named(name).ok_or(ProfileRefused::Variable)?;
        if !self.slots().contains(&slot) {
            return Err(ProfileRefused::Slot(slot));
        }
        if self.kept.priority.contains(&slot) {
            return Err(ProfileRefused::InUse(slot));
        }
        let mut profile = self.profile(slot).cloned().unwrap_or_else(|| self.draft());
        field.write(&mut profile, value)?;
        self.refuse_weaker(profile.security)?;
        self.kept.profiles.insert(slot, profile);
        Ok(())
    }

    /// What a slot is filled in from, piece by piece.
    fn draft(&self) -> NetworkProfile {
        NetworkProfile::new("", self.kept.security)
    }

    /// The profile in use, as it is in its slot and as it has worked.
    fn profiles_in_use(&mut self) -> impl Iterator<Item = &mut NetworkProfile> {
        let slot = self.active.or(self.kept.last);
        let Kept { profiles, proven, .. } = &mut self.kept;
        slot.and_then(|slot| profiles.get_mut(&slot)).into_iter().chain(proven)
    }

    fn is_strong_enough(&self, security: u8) -> bool {
        security >= self.kept.security || (self.allows_downgrade && (self.kept.security, security) == (3, 2))
    }

    fn refuse_weaker(&self, security: u8) -> Result<(), ProfileRefused> {
        if self.is_strong_enough(security) {
            return Ok(());
        }
        Err(ProfileRefused::Downgrade { in_force: self.kept.security })
    }

    /// Whether what a stronger security profile needs is there; what is in force has what it needs.
    fn refuse_unequipped(&self, security: u8, password: Option<&Password>) -> Result<(), ProfileRefused> {
        if security <= self.kept.security {
            return Ok(());
        }
        let has_password = password.is_some_and(|password| password.as_bytes().len() >= SHORTEST_PASSWORD);
        let what = match security {
            1 | 2 if !has_password => "a password",
            2 | 3 if !self.equipment.csms_root => "a root certificate",
            3 if !self.equipment.certificate => "a certificate of the station",
            _ => return Ok(()),
        };
        Err(ProfileRefused::Unequipped { security, what })
    }

    fn forget_removed(&mut self) {
        let Kept { profiles, priority, .. } = &mut self.kept;
        priority.retain(|slot| profiles.contains_key(slot));
        self.booted.retain(|slot| profiles.contains_key(slot));
    }
}
