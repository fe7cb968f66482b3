//! Versions and their endpoints.

use crate::Url;
use crate::object::object;
use crate::rules::v230 as rules;
use crate::string_enum::string_enum;

object! {
    /// A version that a platform supports. (`version_information_endpoint_version_class`)
    pub struct Version("Version") {
        /// Its number.
        version: 1 VersionNumber,
        /// Where its details are.
        url: 1 Url,
    }
}

object! {
    /// The endpoints of one version. (`version_information_get_details_endpoint_data`)
    pub struct VersionDetails("VersionDetails") => rules::version_details {
        /// Its number.
        version: 1 VersionNumber,
        /// The endpoints.
        endpoints: + Endpoint,
    }
}

object! {
    /// Where a module can be reached. (`version_information_endpoint_endpoint_class`)
    pub struct Endpoint("Endpoint") {
        /// The module.
        identifier: 1 ModuleId,
        /// Which of the two interfaces of the module it is.
        role: 1 InterfaceRole,
        /// Its URL, to which paths are added.
        url: 1 Url,
    }
}

string_enum! {
    /// The two interfaces of a module. (`version_information_endpoint_interface_role_enum`)
    pub closed enum InterfaceRole("InterfaceRole") {
        /// Of the owner of the data or the sender of commands.
        Sender = "SENDER",
        /// Of the consumer of the data or the executor of commands.
        Receiver = "RECEIVER",
    }
}

string_enum! {
    /// The modules. (`version_information_endpoint_moduleid_enum`)
    pub open enum ModuleId("ModuleID") {
        /// CDRs.
        Cdrs = "cdrs",
        /// Charging profiles.
        ChargingProfiles = "chargingprofiles",
        /// Commands.
        Commands = "commands",
        /// Credentials and registration, which everybody has.
        Credentials = "credentials",
        /// Parties connected to a hub.
        HubClientInfo = "hubclientinfo",
        /// Locations.
        Locations = "locations",
        /// Sessions.
        Sessions = "sessions",
        /// Tariffs.
        Tariffs = "tariffs",
        /// Tokens.
        Tokens = "tokens",
    }
}

string_enum! {
    /// The versions of OCPI. (`version_information_endpoint_versionnumber_enum`)
    pub open enum VersionNumber("VersionNumber") {
        /// OCPI 2.0, given up.
        V2_0 = "2.0",
        /// OCPI 2.1, given up.
        V2_1 = "2.1",
        /// OCPI 2.1.1.
        V2_1_1 = "2.1.1",
        /// OCPI 2.2, given up.
        V2_2 = "2.2",
        /// OCPI 2.2.1.
        V2_2_1 = "2.2.1",
        /// OCPI 2.3.0.
        V2_3_0 = "2.3.0",
    }
}
