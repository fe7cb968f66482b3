//! Credentials: who speaks behind a platform and how to call it.

use super::locations::BusinessDetails;

use crate::object::object;
use crate::rules::v211 as rules;
use crate::{AsciiText, SecretText, Url};

object! {
    /// What one platform tells the other at registration: how to call it and who speaks there.
    /// (`21-credentials-object`)
    pub struct Credentials("Credentials") => rules::credentials {
        /// The token to present in calls to this platform.
        token: 1 SecretText<64>,
        /// Where this platform lists its versions.
        url: 1 Url,
        /// The company behind this platform.
        business_details: 1 BusinessDetails,
        /// The party this platform speaks for, unique within its country.
        party_id: 1 AsciiText<3>,
        /// Country of the party this platform speaks for.
        country_code: 1 AsciiText<2>,
    }
}
