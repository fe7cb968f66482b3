//! Credentials: who speaks behind a platform and how to call it.

use super::locations::BusinessDetails;
use super::types::Role;

use crate::object::object;
use crate::rules::v230 as rules;
use crate::{CiString, CountryCode, SecretText, Url};

object! {
    /// What one platform tells the other at registration: how to call it and who speaks there.
    /// (`credentials_credentials_object`)
    pub struct Credentials("Credentials") => rules::credentials {
        /// The token to present in calls to this platform.
        token: 1 SecretText<64>,
        /// Where this platform lists its versions.
        url: 1 Url,
        /// Country code and party id of the hub, in one text; present when the platform routes messages for others.
        hub_party_id: ? CiString<5>,
        /// The parties this platform speaks for, each with its role.
        roles: + CredentialsRole,
    }
}

object! {
    /// A party in one role behind a platform. (`credentials_credentials_role_class`)
    pub struct CredentialsRole("CredentialsRole") {
        /// The role of the party.
        role: 1 Role,
        /// The company behind the party.
        business_details: 1 BusinessDetails,
        /// The party, unique within its country.
        party_id: 1 CiString<3>,
        /// Country of the party.
        country_code: 1 CountryCode,
    }
}
