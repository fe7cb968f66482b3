//! Objects that a peer pushes: who may write what, and how PUT and PATCH change what is stored (rules OWN-01 to OWN-12
//! and PAT-01 to PAT-14).

use crate::endpoints::Matched;
use crate::headers::Party;
use crate::status::{Missing, Verdict};
use crate::validate::{Finding, Severity};
use crate::{DateTime, Object, PatchError, PatchOf, Version};

/// What an update of an older state does (rule PAT-11).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum StalePolicy {
    /// It changes nothing.
    #[default]
    IgnoreOlder,
    /// It is applied like any other.
    Apply,
}

/// What an update did.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
pub enum Applied<T> {
    /// This is the new state.
    Changed(T),
    /// The update is older than what is stored; nothing changed (rule PAT-11).
    Stale,
}

/// An object that can be pushed and patched.
pub trait Updatable: Object {
    /// When it was last updated, if it tells.
    fn last_updated(&self) -> Option<DateTime>;

    /// The members that never change: owner and identifiers (rules PAT-09 and PAT-10).
    fn identity(&self) -> Vec<(&'static str, &str)>;

    /// Whether the documents demand `last_updated` in a PATCH (rules PAT-02 and PAT-03).
    const PATCH_NEEDS_LAST_UPDATED: bool = !matches!(Self::VERSION, Version::V2_1_1);
}

/// A patch of an [`Updatable`] with the rules of its module.
pub trait UpdatablePatch: PatchOf<Target: Updatable> {
    /// `last_updated` of the patch, if it has one.
    fn last_updated(&self) -> Option<DateTime>;

    /// Applies the members, with the exceptions of the module: Sessions append charging periods (rule PAT-08).
    ///
    /// # Errors
    /// As [`PatchOf::apply_members`].
    fn merge(self, target: &mut Self::Target) -> Result<(), PatchError> {
        self.apply_members(target)
    }
}

/// Applies a patch to a stored object. What is stored stays as it is; the new state comes back.
///
/// # Errors
/// When the patch breaks a rule: `last_updated` is missing, a required member is null, an identifier changes, or the
/// result would have an error that the stored object does not have (rule PAT-14).
pub fn apply<P: UpdatablePatch>(
    stored: &P::Target,
    patch: P,
    policy: StalePolicy,
) -> Result<Applied<P::Target>, PatchError> {
    let time = patch.last_updated();
    if time.is_none() && P::Target::PATCH_NEEDS_LAST_UPDATED {
        return Err(PatchError::LastUpdatedMissing);
    }
    if policy == StalePolicy::IgnoreOlder
        && matches!((time, stored.last_updated()), (Some(new), Some(old)) if new < old)
    {
        return Ok(Applied::Stale);
    }
    let mut changed = stored.clone();
    patch.merge(&mut changed)?;
    same_identity(stored, &changed)?;
    let known = stored.validate();
    let is_new = |finding: &Finding| {
        finding.severity == Severity::Error
            && !known.iter().any(|old| old.rule == finding.rule && old.pointer == finding.pointer)
    };
    let findings: Vec<Finding> = changed.validate().into_iter().filter(is_new).collect();
    if findings.is_empty() { Ok(Applied::Changed(changed)) } else { Err(PatchError::Invalid { findings }) }
}

/// Replaces a stored object (PUT): absent members are reset (rule ABS-05).
///
/// # Errors
/// When an identifier changes.
pub fn replace<T: Updatable>(stored: &T, new: T, policy: StalePolicy) -> Result<Applied<T>, PatchError> {
    same_identity(stored, &new)?;
    let is_older = matches!((new.last_updated(), stored.last_updated()), (Some(new), Some(old)) if new < old);
    Ok(if is_older && policy == StalePolicy::IgnoreOlder { Applied::Stale } else { Applied::Changed(new) })
}

fn same_identity<T: Updatable>(before: &T, after: &T) -> Result<(), PatchError> {
    for ((member, before), (_, after)) in before.identity().into_iter().zip(after.identity()) {
        // identifiers are `string` in 2.1.1 and `CiString` later (rule STR-07)
        let is_same = match T::VERSION {
            Version::V2_1_1 => before == after,
            _ => before.eq_ignore_ascii_case(after),
        };
        if !is_same {
            return Err(PatchError::Identity { member });
        }
    }
    Ok(())
}

/// What the owner in the URL of a request has to be (rules OWN-05 and RTE-12).
///
/// # Errors
/// [`Verdict::NotFound`] when the URL names a party that is not behind the peer: the handler must not be called.
pub fn check_owner<'a>(matched: &Matched, parties: impl IntoIterator<Item = &'a Party>) -> Result<(), Verdict> {
    let Some(owner) = matched.owner() else { return Ok(()) };
    // a hub pushes client infos of parties that are not behind it (rule OWN-11)
    let is_hub_info = matched.operation.module == crate::Module::HubClientInfo;
    if is_hub_info || parties.into_iter().any(|party| *party == owner) {
        return Ok(());
    }
    Err(Verdict::NotFound(Missing::Object))
}

/// Whether owner and identifiers of a body agree with the URL it was sent to (rules OWN-04, OWN-06, X-GEN-01, X-GEN-02).
///
/// # Errors
/// [`Verdict::InvalidParameters`] when they differ.
pub fn check_body<T: Updatable>(matched: &Matched, body: &T) -> Result<(), Verdict> {
    let last_of = |names: &[&'static str]| names.iter().rev().find_map(|name| matched.value(name));
    let fold = |left: &str, right: &str| match T::VERSION {
        Version::V2_1_1 => left == right,
        _ => left.eq_ignore_ascii_case(right),
    };
    for (member, value) in body.identity() {
        let given = match member {
            "country_code" | "party_id" => matched.value(member),
            "type" => Some(matched.token_type()).filter(|_| T::SHAPE.name == "Token" && T::VERSION != Version::V2_1_1),
            _ => last_of(match T::SHAPE.name {
                "Location" => &["location_id"],
                "EVSE" => &["evse_uid"],
                "Connector" => &["connector_id"],
                "Session" => &["session_id"],
                "Tariff" => &["tariff_id"],
                "Token" => &["token_uid"],
                "BookingLocation" => &["booking_location_id"],
                "Calendar" => &["calendar_id"],
                "Booking" => &["booking_id"],
                "Terminal" => &["terminal_id"],
                _ => &["id"],
            }),
        };
        if given.is_some_and(|given| !fold(given, value)) {
            return Err(Verdict::InvalidParameters);
        }
    }
    Ok(())
}

macro_rules! updatable {
    ($version:ident: $($name:ident $([patch $patch:ident])? { $($member:literal = $field:ident),+ })+) => {
        $(
            impl Updatable for crate::$version::$name {
                fn last_updated(&self) -> Option<DateTime> {
                    Some(self.last_updated.convert())
                }

                fn identity(&self) -> Vec<(&'static str, &str)> {
                    vec![$(($member, self.$field.as_ref())),+]
                }
            }

            $(
                impl UpdatablePatch for crate::$version::$patch {
                    fn last_updated(&self) -> Option<DateTime> {
                        self.last_updated.as_set().map(|time| time.convert())
                    }
                }
            )?
        )+
    };
}

updatable! { v211:
    Location [patch LocationPatch] { "id" = id }
    Evse [patch EvsePatch] { "uid" = uid }
    Connector [patch ConnectorPatch] { "id" = id }
    Session [patch SessionPatch] { "id" = id }
    Tariff [patch TariffPatch] { "id" = id }
    Token [patch TokenPatch] { "uid" = uid }
}

macro_rules! updatable_since_221 {
    ($version:ident) => {
        updatable! { $version:
            Location [patch LocationPatch] { "country_code" = country_code, "party_id" = party_id, "id" = id }
            Evse [patch EvsePatch] { "uid" = uid }
            Connector [patch ConnectorPatch] { "id" = id }
            Session { "country_code" = country_code, "party_id" = party_id, "id" = id }
            Tariff { "country_code" = country_code, "party_id" = party_id, "id" = id }
            Token [patch TokenPatch] { "country_code" = country_code, "party_id" = party_id, "uid" = uid, "type" = kind }
        }

        impl UpdatablePatch for crate::$version::SessionPatch {
            fn last_updated(&self) -> Option<DateTime> {
                self.last_updated.as_set().copied()
            }

            /// Charging periods are appended; none, or an empty list, changes nothing (rule PAT-08).
            fn merge(mut self, target: &mut Self::Target) -> Result<(), PatchError> {
                let periods = std::mem::take(&mut self.charging_periods);
                self.apply_members(target)?;
                if let crate::Patch::Set(periods) = periods {
                    target.charging_periods.extend(periods);
                }
                Ok(())
            }
        }
    };
}

updatable_since_221!(v221);
updatable_since_221!(v230);
updatable! { v230:
    BookingLocation [patch BookingLocationPatch] { "country_code" = country_code, "party_id" = party_id, "id" = id }
    Calendar [patch CalendarPatch] { "id" = id }
    Booking [patch BookingPatch] { "country_code" = country_code, "party_id" = party_id, "id" = id }
    InvoiceReconciliationRecord { "country_code" = country_code, "party_id" = party_id, "id" = id }
}

impl Updatable for crate::v230::Terminal {
    fn last_updated(&self) -> Option<DateTime> {
        Some(self.last_updated)
    }

    fn identity(&self) -> Vec<(&'static str, &str)> {
        vec![("terminal_id", self.terminal_id.as_ref())]
    }

    /// Payments does not repeat the rule, and its example has none (rule PAT-02).
    const PATCH_NEEDS_LAST_UPDATED: bool = false;
}

impl UpdatablePatch for crate::v230::TerminalPatch {
    fn last_updated(&self) -> Option<DateTime> {
        self.last_updated.as_set().copied()
    }
}

/// Why a part of a location could not be changed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PartError {
    /// There is no such EVSE or connector (404, 2003; rules ENV-14 and LOC-04).
    #[error("there is no such EVSE or connector")]
    Unknown,
    /// The change breaks a rule (200, 2001).
    #[error(transparent)]
    Patch(#[from] PatchError),
}

impl From<&PartError> for Verdict {
    fn from(error: &PartError) -> Self {
        match error {
            PartError::Unknown => Self::NotFound(Missing::Location),
            PartError::Patch(error) => error.into(),
        }
    }
}

macro_rules! location_tree {
    ($version:ident) => {
        impl crate::$version::Location {
            /// Finds an EVSE.
            pub fn evse(&self, uid: &str) -> Option<&crate::$version::Evse> {
                self.evses.iter().find(|evse| evse.uid == *uid)
            }

            /// Whether there is no EVSE left to use: none at all, or only removed ones (rule LOC-02).
            pub fn is_expired(&self) -> bool {
                self.evses.iter().all(|evse| evse.status == crate::$version::Status::Removed)
            }

            /// Whether charging goes on when the location is closed; true unless stated (rule X-LOC-12).
            pub fn charges_when_closed(&self) -> bool {
                self.charging_when_closed.unwrap_or(true)
            }

            /// Patches an EVSE; its time goes up to the location (rule PAT-04).
            ///
            /// # Errors
            /// When there is no such EVSE, or the patch breaks a rule.
            pub fn patch_evse(
                &self,
                uid: &str,
                patch: crate::$version::EvsePatch,
                policy: StalePolicy,
            ) -> Result<Applied<Self>, PartError> {
                let mut location = self.clone();
                let evse = location.evses.iter_mut().find(|evse| evse.uid == *uid).ok_or(PartError::Unknown)?;
                match apply(evse, patch, policy)? {
                    Applied::Stale => return Ok(Applied::Stale),
                    Applied::Changed(changed) => *evse = changed,
                }
                evse.raise_times();
                location.raise_times();
                Ok(Applied::Changed(location))
            }

            /// Patches a connector; its time goes up to EVSE and location (rule PAT-04).
            ///
            /// # Errors
            /// When there is no such connector, or the patch breaks a rule.
            pub fn patch_connector(
                &self,
                uid: &str,
                id: &str,
                patch: crate::$version::ConnectorPatch,
                policy: StalePolicy,
            ) -> Result<Applied<Self>, PartError> {
                let mut location = self.clone();
                let evse = location.evses.iter_mut().find(|evse| evse.uid == *uid).ok_or(PartError::Unknown)?;
                let connectors = &mut evse.connectors;
                let connector =
                    connectors.iter_mut().find(|connector| connector.id == *id).ok_or(PartError::Unknown)?;
                match apply(connector, patch, policy)? {
                    Applied::Stale => return Ok(Applied::Stale),
                    Applied::Changed(changed) => *connector = changed,
                }
                evse.raise_times();
                location.raise_times();
                Ok(Applied::Changed(location))
            }

            /// Puts an EVSE: replaces the one with its uid, or adds it (rule LOC-04). Says whether it is new.
            pub fn put_evse(&mut self, evse: crate::$version::Evse) -> bool {
                let known = self.evses.iter_mut().find(|known| known.uid == evse.uid);
                let is_new = known.is_none();
                match known {
                    Some(known) => *known = evse,
                    None => self.evses.push(evse),
                }
                self.raise_times();
                is_new
            }

            /// Puts a connector into an EVSE: replaces the one with its id, or adds it. Says whether it is new.
            ///
            /// # Errors
            /// When there is no such EVSE (rule LOC-04).
            pub fn put_connector(
                &mut self,
                uid: &str,
                connector: crate::$version::Connector,
            ) -> Result<bool, PartError> {
                let evse = self.evses.iter_mut().find(|evse| evse.uid == *uid).ok_or(PartError::Unknown)?;
                let known = evse.connectors.iter_mut().find(|known| known.id == connector.id);
                let is_new = known.is_none();
                match known {
                    Some(known) => *known = connector,
                    None => evse.connectors.push(connector),
                }
                evse.raise_times();
                self.raise_times();
                Ok(is_new)
            }

            /// Raises the time of the location to that of its newest part, never lowering it (rules PAT-04 and LOC-13).
            pub fn raise_times(&mut self) {
                for evse in &mut self.evses {
                    evse.raise_times();
                    self.last_updated = self.last_updated.max(evse.last_updated);
                }
            }
        }

        impl crate::$version::Evse {
            /// Raises the time of the EVSE to that of its newest connector, never lowering it.
            pub fn raise_times(&mut self) {
                for connector in &self.connectors {
                    self.last_updated = self.last_updated.max(connector.last_updated);
                }
            }

            /// Finds a connector.
            pub fn connector(&self, id: &str) -> Option<&crate::$version::Connector> {
                self.connectors.iter().find(|connector| connector.id == *id)
            }
        }
    };
}

location_tree!(v211);
location_tree!(v221);
location_tree!(v230);

impl crate::v230::BookingLocation {
    /// Patches a calendar; its time goes up to the booking location (rule X-BOK-12).
    ///
    /// # Errors
    /// When there is no such calendar, or the patch breaks a rule.
    pub fn patch_calendar(
        &self,
        id: &str,
        patch: crate::v230::CalendarPatch,
        policy: StalePolicy,
    ) -> Result<Applied<Self>, PartError> {
        let mut location = self.clone();
        let calendar = location.calendars.iter_mut().find(|calendar| calendar.id == *id).ok_or(PartError::Unknown)?;
        match apply(calendar, patch, policy)? {
            Applied::Stale => return Ok(Applied::Stale),
            Applied::Changed(changed) => *calendar = changed,
        }
        location.last_updated = location.last_updated.max(calendar.last_updated);
        Ok(Applied::Changed(location))
    }
}

macro_rules! client_info {
    ($version:ident) => {
        impl crate::$version::ClientInfo {
            /// What identifies the entry: the party and its role (rule X-HUB-01). Entries are never removed; `SUSPENDED`
            /// says that a party is gone.
            pub fn key(&self) -> (Party, crate::$version::Role) {
                (Party::new(self.country_code.as_str(), self.party_id.as_str()), self.role.clone())
            }

            /// Whether requests may be sent to the party (rule HCI-02).
            pub fn may_send(&self) -> bool {
                self.status == crate::$version::ConnectionStatus::Connected
            }
        }
    };
}

client_info!(v221);
client_info!(v230);
