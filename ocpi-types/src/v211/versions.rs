//! Versions and their endpoints.

use crate::Url;
use crate::object::object;
use crate::rules::v211 as rules;
use crate::string_enum::string_enum;

object! {
    /// A version that a platform supports. (`version-class`)
    pub struct Version("Version") {
        /// Its number.
        version: 1 VersionNumber,
        /// Where its details are.
        url: 1 Url,
    }
}

object! {
    /// The endpoints of one version. (`data-1`)
    pub struct VersionDetails("VersionDetails") => rules::version_details {
        /// Its number.
        version: 1 VersionNumber,
        /// The endpoints.
        endpoints: + Endpoint,
    }
}

object! {
    /// Where a module can be reached. (`endpoint-class`)
    pub struct Endpoint("Endpoint") {
        /// The module.
        identifier: 1 ModuleId,
        /// Its URL, to which paths are added.
        url: 1 Url,
    }
}

string_enum! {
    /// The modules. (`moduleid-enum`)
    pub closed enum ModuleId("ModuleID") {
        /// CDRs.
        Cdrs = "cdrs",
        /// Commands.
        Commands = "commands",
        /// Credentials and registration, which everybody has.
        Credentials = "credentials",
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
    /// The versions of OCPI. (`versionnumber-enum`)
    pub closed enum VersionNumber("VersionNumber") {
        /// OCPI 2.0, given up.
        V2_0 = "2.0",
        /// OCPI 2.1, given up.
        V2_1 = "2.1",
        /// OCPI 2.1.1.
        V2_1_1 = "2.1.1",
    }
}
