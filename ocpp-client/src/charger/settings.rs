//! Configuration keys of 1.6 and variables of 2.x, one table for both.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};

/// A setting of a charger.
#[derive(Debug)]
pub(super) struct Setting {
    /// Its name as a configuration key of 1.6; every setting has one inside the charger.
    pub(super) key: &'static str,
    /// Whether 1.6 knows it.
    pub(super) is_key: bool,
    /// Component, variable and instance in 2.x; none where 2.x has no such variable.
    pub(super) variable: Option<(&'static str, &'static str, Option<&'static str>)>,
    pub(super) access: Access,
    pub(super) kind: Kind,
    default: &'static str,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Access {
    Read,
    Write,
    ReadWrite,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// A whole number from this one on.
    Number(u64),
    /// A whole number from the one to the other.
    Within(u64, u64),
    Boolean,
    /// A text of at least and at most so many characters.
    Text(usize, usize),
    /// What is measured here, or nothing.
    Measurands,
    /// One or more of the events that can end a transaction here.
    StopPoints,
}

use Access::{Read, ReadWrite, Write};
use Kind::{Boolean, Measurands, Number, StopPoints, Text, Within};

const fn both(
    key: &'static str,
    component: &'static str,
    variable: &'static str,
    access: Access,
    kind: Kind,
    default: &'static str,
) -> Setting {
    Setting { key, is_key: true, variable: Some((component, variable, None)), access, kind, default }
}

const fn only_16(key: &'static str, access: Access, kind: Kind, default: &'static str) -> Setting {
    Setting { key, is_key: true, variable: None, access, kind, default }
}

const fn only_2x(component: &'static str, variable: &'static str, kind: Kind, default: &'static str) -> Setting {
    Setting { key: variable, is_key: false, variable: Some((component, variable, None)), access: Read, kind, default }
}

const fn rw_2x(component: &'static str, variable: &'static str, kind: Kind, default: &'static str) -> Setting {
    Setting { access: ReadWrite, ..only_2x(component, variable, kind, default) }
}

const fn of_events(key: &'static str, variable: &'static str, kind: Kind, default: &'static str) -> Setting {
    let variable = Some(("OCPPCommCtrlr", variable, Some("TransactionEvent")));
    Setting { key, is_key: true, variable, access: ReadWrite, kind, default }
}

const LIST: Kind = Text(0, 500);
/// Without the bay, whose state is not known here, and signed data, at which nothing stops (rule TX2-05).
const STOP_POINTS: [&str; 4] = ["EVConnected", "Authorized", "PowerPathClosed", "EnergyTransfer"];
const ENERGY: &str = "Energy.Active.Import.Register";

const SETTINGS: &[Setting] = &[
    both("AllowOfflineTxForUnknownId", "AuthCtrlr", "OfflineTxForUnknownIdEnabled", ReadWrite, Boolean, "false"),
    both("AuthorizationCacheEnabled", "AuthCacheCtrlr", "Enabled", ReadWrite, Boolean, "true"),
    both("AuthorizationKey", "SecurityCtrlr", "BasicAuthPassword", Write, Text(16, 40), ""),
    both("AuthorizeRemoteTxRequests", "AuthCtrlr", "AuthorizeRemoteStart", ReadWrite, Boolean, "false"),
    both("ClockAlignedDataInterval", "AlignedDataCtrlr", "Interval", Read, Number(0), "0"),
    both("ConnectionTimeOut", "TxCtrlr", "EVConnectionTimeOut", ReadWrite, Number(1), "60"),
    only_16("ConnectorPhaseRotation", Read, LIST, "0.RST,1.RST"),
    only_16("GetConfigurationMaxKeys", Read, Number(1), "50"),
    both("HeartbeatInterval", "OCPPCommCtrlr", "HeartbeatInterval", ReadWrite, Number(1), "300"),
    both("LocalAuthorizeOffline", "AuthCtrlr", "LocalAuthorizeOffline", ReadWrite, Boolean, "true"),
    both("LocalPreAuthorize", "AuthCtrlr", "LocalPreAuthorize", ReadWrite, Boolean, "false"),
    both("MinimumStatusDuration", "OCPPCommCtrlr", "MinimumStatusDuration", ReadWrite, Number(0), "0"),
    both("MeterValueSampleInterval", "SampledDataCtrlr", "TxUpdatedInterval", ReadWrite, Number(0), "60"),
    only_16("MeterValuesAlignedData", Read, LIST, ENERGY),
    both("MeterValuesSampledData", "SampledDataCtrlr", "TxUpdatedMeasurands", Read, LIST, ENERGY),
    only_16("NumberOfConnectors", Read, Number(0), ""),
    both("ResetRetries", "OCPPCommCtrlr", "ResetRetries", Read, Number(0), "1"),
    both("StopTransactionOnEVSideDisconnect", "TxCtrlr", "StopTxOnEVSideDisconnect", Read, Boolean, "true"),
    both("StopTransactionOnInvalidId", "TxCtrlr", "StopTxOnInvalidId", ReadWrite, Boolean, "true"),
    only_16("StopTxnAlignedData", Read, LIST, ""),
    only_16("StopTransactionMaxMeterValues", Read, Number(2), "50"),
    only_16("StopTxnSampledData", ReadWrite, Measurands, ""),
    only_16("SupportedFeatureProfiles", Read, LIST, "Core,RemoteTrigger"),
    of_events("TransactionMessageAttempts", "MessageAttempts", Number(0), "3"),
    of_events("TransactionMessageRetryInterval", "MessageAttemptInterval", Number(0), "60"),
    both("UnlockConnectorOnEVSideDisconnect", "OCPPCommCtrlr", "UnlockOnEVSideDisconnect", Read, Boolean, "true"),
    both("WebSocketPingInterval", "OCPPCommCtrlr", "WebSocketPingInterval", ReadWrite, Number(0), "60"),
    only_2x("TxCtrlr", "TxStartPoint", LIST, "PowerPathClosed"),
    rw_2x("TxCtrlr", "TxStopPoint", StopPoints, "EVConnected,Authorized"),
    rw_2x("TxCtrlr", "ResumptionTimeout", Number(0), "0"),
    rw_2x("TxCtrlr", "AllowEnergyTransferResumption", Boolean, "true"),
    rw_2x("TxCtrlr", "EnergyTransferResumptionRandomRange", Number(0), "0"),
    only_2x("TxCtrlr", "SupportedLimits", LIST, "maxEnergy,maxTime"),
    only_2x("SampledDataCtrlr", "TxStartedMeasurands", LIST, ENERGY),
    only_2x("SampledDataCtrlr", "TxEndedMeasurands", LIST, ENERGY),
    only_2x("ClockCtrlr", "TimeSource", LIST, "Heartbeat"),
    only_2x("AuthCtrlr", "Enabled", Boolean, "true"),
    only_2x("CustomizationCtrlr", "CustomTriggers", LIST, ""),
    only_16("SecurityProfile", ReadWrite, Number(0), "0"),
    only_2x("SecurityCtrlr", "SecurityProfile", Number(0), "0"),
    rw_2x("SecurityCtrlr", "AllowSecurityProfileDowngrade", Boolean, "false"),
    rw_2x("SecurityCtrlr", "Identity", Text(1, 48), ""),
    only_2x("OCPPCommCtrlr", "ActiveNetworkProfile", Number(0), ""),
    rw_2x("OCPPCommCtrlr", "NetworkConfigurationPriority", Text(1, 500), ""),
    rw_2x("OCPPCommCtrlr", "NetworkProfileConnectionAttempts", Number(1), "3"),
    rw_2x("OCPPCommCtrlr", "RetryBackOffWaitMinimum", Within(1, 3600), "10"),
    rw_2x("OCPPCommCtrlr", "RetryBackOffRepeatTimes", Within(0, 8), "5"),
    rw_2x("OCPPCommCtrlr", "RetryBackOffRandomRange", Within(0, 3600), "10"),
];

/// The settings of one charger.
#[derive(Debug)]
pub(super) struct Settings {
    changed: BTreeMap<String, String>,
    /// What the charger knows better than the table: its outlets, its network profiles.
    shown: BTreeMap<&'static str, String>,
}

/// Why a setting is not changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Unsuitable {
    ReadOnly,
    Value,
}

impl Settings {
    pub(super) fn new(outlets: usize, changed: BTreeMap<String, String>) -> Self {
        Self { changed, shown: BTreeMap::from([("NumberOfConnectors", outlets.to_string())]) }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &'static Setting> {
        SETTINGS.iter()
    }

    /// Finds a setting by its name in 1.6, without regard to case (rules CFG-01 and RPC-13).
    pub(super) fn by_key(&self, key: &str) -> Option<&'static Setting> {
        SETTINGS.iter().find(|setting| setting.key.eq_ignore_ascii_case(key))
    }

    /// Whether 2.x has settings of this component.
    pub(super) fn has_component(&self, component: &str) -> bool {
        SETTINGS.iter().any(|setting| setting.variable.is_some_and(|(name, ..)| name.eq_ignore_ascii_case(component)))
    }

    /// Finds a setting by its name in 2.x.
    pub(super) fn by_variable(
        &self,
        component: &str,
        variable: &str,
        instance: Option<&str>,
    ) -> Option<&'static Setting> {
        let same = |name: Option<&str>, other: Option<&str>| match (name, other) {
            (Some(name), Some(other)) => name.eq_ignore_ascii_case(other),
            (None, None) => true,
            _ => false,
        };
        SETTINGS.iter().find(|setting| {
            setting.variable.is_some_and(|(own_component, own_variable, own_instance)| {
                own_component.eq_ignore_ascii_case(component)
                    && own_variable.eq_ignore_ascii_case(variable)
                    && same(own_instance, instance)
            })
        })
    }

    pub(super) fn value(&self, setting: &Setting) -> &str {
        let value = self.shown.get(setting.key).or_else(|| self.changed.get(setting.key));
        value.map_or(setting.default, String::as_str)
    }

    /// Shows this as the value from now on.
    pub(super) fn show(&mut self, key: &'static str, value: String) {
        self.shown.insert(key, value);
    }

    pub(super) fn number(&self, key: &str) -> u64 {
        self.by_key(key).and_then(|setting| self.value(setting).parse().ok()).unwrap_or(0)
    }

    /// The value of a setting by its name.
    pub(super) fn text(&self, key: &str) -> &str {
        self.by_key(key).map_or("", |setting| self.value(setting))
    }

    /// Whether a setting is a list that has this word.
    pub(super) fn lists(&self, key: &str, word: &str) -> bool {
        self.text(key).split(',').any(|listed| !listed.is_empty() && listed.eq_ignore_ascii_case(word))
    }

    /// The number of a setting that a CSMS has changed.
    pub(super) fn changed_number(&self, key: &str) -> Option<u64> {
        self.changed.get(key)?.parse().ok()
    }

    pub(super) fn is_on(&self, key: &str) -> bool {
        self.by_key(key).is_some_and(|setting| self.value(setting).eq_ignore_ascii_case("true"))
    }

    /// Whether a setting may be changed and the value suits it (rules CFG-02 and DM-02).
    pub(super) fn check(&self, setting: &Setting, value: &str) -> Result<(), Unsuitable> {
        let suits = match setting.kind {
            Number(least) => value.parse::<u32>().is_ok_and(|number| u64::from(number) >= least),
            Within(least, most) => value.parse().is_ok_and(|number| (least..=most).contains(&number)),
            Boolean => ["true", "false"].iter().any(|word| value.eq_ignore_ascii_case(word)),
            StopPoints => value.split(',').all(|word| STOP_POINTS.iter().any(|point| word.eq_ignore_ascii_case(point))),
            Measurands => value.is_empty() || value.eq_ignore_ascii_case(ENERGY),
            Text(least, most) => (least..=most).contains(&value.chars().count()),
        };
        match setting.access {
            Read => Err(Unsuitable::ReadOnly),
            _ if suits => Ok(()),
            _ => Err(Unsuitable::Value),
        }
    }

    /// Changes a setting, once it was checked.
    pub(super) fn change(&mut self, setting: &Setting, value: &str) {
        self.changed.insert(setting.key.to_string(), value.to_string());
    }

    /// What differs from the defaults.
    pub(super) fn changed(&self) -> BTreeMap<String, String> {
        self.changed.clone()
    }
}
