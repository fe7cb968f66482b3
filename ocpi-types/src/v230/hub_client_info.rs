//! Hub client info: who is connected to a hub.

use super::types::Role;

use crate::object::object;
use crate::string_enum::string_enum;
use crate::{CiString, DateTime};

object! {
    /// A party connected to a hub, and whether it can be reached. (`mod_hub_client_info_hub_client_info_object`)
    pub struct ClientInfo("ClientInfo") {
        /// The party, unique within its country.
        party_id: 1 CiString<3>,
        /// Country of the party.
        country_code: 1 CiString<2>,
        /// The role of the party.
        role: 1 Role,
        /// Whether the party can be reached.
        status: 1 ConnectionStatus,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime,
    }
}

string_enum! {
    /// Whether a party can be reached through a hub. (`mod_hub_client_info_hub_connection_type_enum`)
    pub closed enum ConnectionStatus("ConnectionStatus") {
        /// It is connected.
        Connected = "CONNECTED",
        /// It is not connected now.
        Offline = "OFFLINE",
        /// It will be connected.
        Planned = "PLANNED",
        /// It is not connected any more.
        Suspended = "SUSPENDED",
    }
}
