//! The table of stations that need special treatment, by vendor.

use super::{KnownStation, ProfileKind, ProfileUnit, Quirks};
use crate::Mend;

/// Known stations. A row needs a source and a test.
pub const KNOWN_STATIONS: &[KnownStation] = &[
    KnownStation {
        vendor: "AEFA",
        model: "",
        firmware: "",
        deviation: "sends `\"transactionId\":,` in every reading",
        source: "lbbrhzn/ocpp#2032",
        quirks: Quirks { mend: Some(Mend::Commas), ..Quirks::NONE },
    },
    KnownStation {
        vendor: "Autel",
        model: "",
        firmware: "",
        deviation: "refuses relative charging profiles",
        source: "lbbrhzn/ocpp#1019, #1523, #2150",
        quirks: Quirks { profile_kind: Some(ProfileKind::Absolute), ..Quirks::NONE },
    },
    KnownStation {
        vendor: "EN+",
        model: "",
        firmware: "",
        deviation: "does not survive ChangeAvailability",
        source: "evcc-io/evcc#14673",
        quirks: Quirks { avoided: &["ChangeAvailability"], ..Quirks::NONE },
    },
    KnownStation {
        vendor: "EVBox",
        model: "",
        firmware: "",
        deviation: "refuses charging profiles on connector 0",
        source: "evcc-io/evcc#14733",
        quirks: Quirks { no_profile_on_connector_0: true, ..Quirks::NONE },
    },
    KnownStation {
        vendor: "go-e",
        model: "",
        firmware: "",
        deviation: "refuses a charging profile in RemoteStartTransaction",
        source: "goe#187, #243",
        quirks: Quirks { no_profile_in_remote_start: true, ..Quirks::NONE },
    },
    KnownStation {
        vendor: "United Chargers",
        model: "Grizzl-E",
        firmware: "",
        deviation: "sends a comma behind the last member or item",
        source: "lbbrhzn/ocpp#176",
        quirks: Quirks { mend: Some(Mend::Commas), ..Quirks::NONE },
    },
    KnownStation {
        vendor: "Huawei",
        model: "",
        firmware: "",
        deviation: "can be controlled by power only",
        source: "evcc-io/evcc#32170",
        quirks: Quirks { profile_unit: Some(ProfileUnit::Watt), ..Quirks::NONE },
    },
    KnownStation {
        vendor: "Solplanet",
        model: "",
        firmware: "",
        deviation: "overruns its buffer with configuration values of more than 128 bytes",
        source: "lbbrhzn/ocpp#2103",
        quirks: Quirks { max_configuration_value: Some(128), ..Quirks::NONE },
    },
    KnownStation {
        vendor: "Wallbe",
        model: "",
        firmware: "",
        deviation: "sends NUL characters inside its texts",
        source: "evcc-io/evcc#3685",
        quirks: Quirks { mend: Some(Mend::Characters), ..Quirks::NONE },
    },
    KnownStation {
        vendor: "Wall Box Chargers",
        model: "",
        firmware: "",
        deviation: "breaks lines inside texts, takes relative charging profiles only, and none in RemoteStartTransaction",
        source: "lbbrhzn/ocpp#2, #1756; evcc-io/evcc#14040",
        quirks: Quirks {
            mend: Some(Mend::Characters),
            profile_kind: Some(ProfileKind::Relative),
            no_profile_in_remote_start: true,
            ..Quirks::NONE
        },
    },
    KnownStation {
        vendor: "ZJ Beny",
        model: "",
        firmware: "",
        deviation: "sends a comma in front of the first item",
        source: "lbbrhzn/ocpp#1078",
        quirks: Quirks { mend: Some(Mend::Commas), ..Quirks::NONE },
    },
];
