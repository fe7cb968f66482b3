//! The requests that are looked at before they are sent, in one form for all versions.

use std::collections::BTreeSet;

use ocpp_types::{CiString, Version};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::installed::Clearing;
use super::profile::{Errand, Profile, purpose};
use super::{Facts, InstalledProfiles, Objection, Objections};

/// A request that rules beyond the schema apply to.
#[derive(Debug)]
pub(crate) struct Checked {
    version: Version,
    body: Body,
}

#[derive(Debug)]
enum Body {
    SetProfile(SetProfile),
    ClearProfile(ClearProfile),
    RemoteStart(RemoteStart),
    LocalList(LocalList),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SetProfile {
    #[serde(alias = "connectorId")]
    evse_id: i64,
    #[serde(alias = "csChargingProfiles")]
    charging_profile: Profile,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClearProfile {
    #[serde(alias = "id")]
    charging_profile_id: Option<i64>,
    /// 2.x.
    charging_profile_criteria: Option<Criteria>,
    /// 1.6.
    #[serde(flatten)]
    criteria: Criteria,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Criteria {
    #[serde(alias = "connectorId")]
    evse_id: Option<i64>,
    charging_profile_purpose: Option<Box<str>>,
    stack_level: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RemoteStart {
    #[serde(alias = "connectorId")]
    evse_id: Option<i64>,
    charging_profile: Option<Profile>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LocalList {
    #[serde(alias = "listVersion")]
    version_number: i64,
    update_type: Box<str>,
    #[serde(default)]
    local_authorization_list: Vec<ListEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListEntry {
    #[serde(alias = "idTag")]
    id_token: ListToken,
    #[serde(alias = "idTagInfo")]
    id_token_info: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
#[serde(untagged)]
enum ListToken {
    Tag(CiString<36>),
    #[serde(rename_all = "camelCase")]
    Token {
        id_token: CiString<36>,
        r#type: Box<str>,
    },
}

impl Checked {
    /// The request, if rules apply to it. None, too, if it cannot be read: then it breaks its schema.
    pub(crate) fn read(version: Version, action: &str, payload: &str) -> Option<Self> {
        fn parse<'de, T: Deserialize<'de>>(payload: &'de str) -> Option<T> {
            serde_json::from_str(payload).ok()
        }
        let body = match action {
            "SetChargingProfile" => Body::SetProfile(parse(payload)?),
            "ClearChargingProfile" => Body::ClearProfile(parse(payload)?),
            "RemoteStartTransaction" | "RequestStartTransaction" => Body::RemoteStart(parse(payload)?),
            "SendLocalList" => Body::LocalList(parse(payload)?),
            _ => return None,
        };
        Some(Self { version, body })
    }

    /// What speaks against it, but for the clauses that are waived.
    pub(super) fn object(&self, facts: &Facts<'_>, waived: &[&str]) -> Result<(), Objections> {
        let mut found = Finder { base: "", place: "", waived, objections: Vec::new() };
        let is_v16 = self.version == Version::V16;
        match &self.body {
            Body::SetProfile(set) => {
                (found.base, found.place) =
                    if is_v16 { ("/csChargingProfiles", "/connectorId") } else { ("/chargingProfile", "/evseId") };
                let errand = Errand::Install(set.evse_id);
                set.charging_profile.object(self.version, errand, facts, &mut found);
            }
            Body::RemoteStart(start) => {
                found.place = if is_v16 { "/connectorId" } else { "/evseId" };
                if start.evse_id.is_some_and(|place| place <= 0) {
                    let clause = if is_v16 { "1.6 §6.33" } else { "F01.FR.06" };
                    found.add_place(clause, "a transaction starts at one EVSE, counted from 1");
                }
                found.base = "/chargingProfile";
                if let Some(profile) = &start.charging_profile {
                    profile.object(self.version, Errand::RemoteStart, facts, &mut found);
                }
            }
            Body::LocalList(list) => list.object(is_v16, &mut found),
            Body::ClearProfile(_) => {}
        }
        Objections::of(found.objections)
    }

    /// Whether the station has other profiles once it has accepted this.
    pub(crate) fn changes_profiles(&self) -> bool {
        matches!(self.body, Body::SetProfile(_) | Body::ClearProfile(_))
    }

    /// Takes note of what the station has after it has accepted this.
    pub(crate) fn accepted(&self, installed: &mut InstalledProfiles) {
        match &self.body {
            Body::SetProfile(set) => installed.insert(self.version, set.charging_profile.installed(set.evse_id)),
            Body::ClearProfile(clear) => {
                let criteria = clear.charging_profile_criteria.as_ref().unwrap_or(&clear.criteria);
                installed.clear(&Clearing {
                    id: clear.charging_profile_id,
                    place: criteria.evse_id,
                    purpose: criteria.charging_profile_purpose.as_deref().map(purpose),
                    stack_level: criteria.stack_level,
                });
            }
            Body::RemoteStart(_) | Body::LocalList(_) => {}
        }
    }
}

impl LocalList {
    fn object(&self, is_v16: bool, found: &mut Finder<'_>) {
        // 1.6 reports 0 for an empty list, and does not say that nobody may send it
        if self.version_number <= 0 && !is_v16 {
            found.add_root("D01.FR.18", "/versionNumber", "0 means that there is no list");
        }
        let at = |index: usize, member: &str| format!("/localAuthorizationList/{index}/{member}");
        let is_full = &*self.update_type == "Full";
        let without = self.local_authorization_list.iter().position(|entry| entry.id_token_info.is_none());
        if let Some(index) = without.filter(|_| is_full) {
            let (clause, member) =
                if is_v16 { ("1.6 §7.1", "idTagInfo") } else { ("2.x AuthorizationData", "idTokenInfo") };
            found.add_root(clause, &at(index, member), "a full list says what each token may");
        }
        let mut seen = BTreeSet::new();
        if let Some(index) = self.local_authorization_list.iter().position(|entry| !seen.insert(&entry.id_token)) {
            let (clause, member) = if is_v16 { ("1.6 §6.41", "idTag") } else { ("D01.FR.06", "idToken") };
            found.add_root(clause, &at(index, member), "a token stands in a list once");
        }
    }
}

/// Collects objections.
pub(super) struct Finder<'a> {
    /// The pointer to the profile.
    base: &'static str,
    /// The pointer to the EVSE or connector.
    place: &'static str,
    waived: &'a [&'a str],
    objections: Vec<Objection>,
}

impl Finder<'_> {
    /// Objects to a member of the profile.
    pub(super) fn add(&mut self, clause: &'static str, member: &str, message: &'static str) {
        self.add_root(clause, &format!("{}/{member}", self.base), message);
    }

    /// Objects to a member of something in the profile.
    pub(super) fn add_at(&mut self, clause: &'static str, at: &str, member: &str, message: &'static str) {
        self.add_root(clause, &format!("{}/{at}/{member}", self.base), message);
    }

    /// Objects to the EVSE or connector.
    pub(super) fn add_place(&mut self, clause: &'static str, message: &'static str) {
        self.add_root(clause, self.place, message);
    }

    fn add_root(&mut self, clause: &'static str, pointer: &str, message: &'static str) {
        if !self.waived.contains(&clause) {
            self.objections.push(Objection { clause, pointer: pointer.to_owned(), message });
        }
    }
}
