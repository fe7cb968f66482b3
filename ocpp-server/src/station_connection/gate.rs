//! What may pass before a station is accepted, in both directions.

use std::any::Any;

use ocpp_rpc::Instant;
use ocpp_types::{DecodePolicy, Request, Version, v16, v21, v201};
use serde::{Deserialize, Serialize};

use super::{EarlyMessages, HoldCalls, StationRules};

/// How it stands with the registration of a station (rules CS-03 to CS-06).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub enum Registration {
    /// It has not been accepted, ever.
    #[default]
    Unregistered,
    /// It has been told to wait.
    Pending,
    /// It has been turned away.
    Rejected,
    /// It has been accepted.
    Accepted,
}

/// The gate of one station.
#[derive(Debug, Default)]
pub(super) struct Gate {
    registration: Registration,
    /// Whether a BootNotification waits for its answer.
    is_booting: bool,
    /// When calls may pass to the station after its registration or its return.
    opens_at: Option<Instant>,
    is_settled: bool,
    /// What the station was asked to send although it is not accepted, and until when it may.
    asked_for: Vec<(&'static str, Instant)>,
}

/// Whether a message may pass.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Passage {
    Open,
    Closed,
}

impl Gate {
    pub(super) fn new(registration: Registration) -> Self {
        Self { registration, ..Self::default() }
    }

    pub(super) fn registration(&self) -> Registration {
        self.registration
    }

    pub(super) fn is_settled(&self) -> bool {
        self.is_settled
    }

    pub(super) fn link_up(&mut self, now: Instant, rules: &StationRules) {
        self.is_booting = false;
        self.close();
        if self.registration == Registration::Accepted {
            self.open_after(now, rules);
        }
    }

    /// A station that boots has none of what it was told before: calls wait for it again (field need 13).
    pub(super) fn boot_came(&mut self) {
        self.is_booting = true;
        self.close();
    }

    pub(super) fn boot_answered(&mut self, now: Instant, registration: Registration, rules: &StationRules) {
        self.is_booting = false;
        self.registration = registration;
        self.close();
        if registration == Registration::Accepted {
            self.asked_for = Vec::new();
            self.open_after(now, rules);
        }
    }

    /// The answer to BootNotification was an error: the station is what it was before, and will ask again.
    pub(super) fn boot_refused(&mut self, now: Instant, rules: &StationRules) {
        self.is_booting = false;
        if self.registration == Registration::Accepted {
            self.open_after(now, rules);
        }
    }

    /// Whether a request of the station may pass (rules CS-04, CS-05, CS-11, RPC-54).
    pub(super) fn station_may_send(&self, now: Instant, action: &str, rules: &StationRules) -> Passage {
        let is_tolerated = match rules.early_messages {
            EarlyMessages::Refuse => false,
            EarlyMessages::TolerateStatus => action == "StatusNotification" || action == "Heartbeat",
            EarlyMessages::TolerateAll => true,
        };
        let was_asked_for = || {
            let asked = self.asked_for.iter().any(|(asked, until)| *asked == action && now < *until);
            self.registration == Registration::Pending && asked
        };
        match self.registration {
            Registration::Accepted => Passage::Open,
            _ if action == "BootNotification" || is_tolerated || was_asked_for() => Passage::Open,
            _ => Passage::Closed,
        }
    }

    /// Whether a call may pass to the station (rule CS-06, field need 13).
    pub(super) fn csms_may_send(&self, action: &str, rules: &StationRules) -> Passage {
        let may_pass = match (self.registration, rules.hold_calls) {
            (_, HoldCalls::Never) => true,
            (Registration::Accepted, HoldCalls::UntilAccepted) => !self.is_booting,
            (Registration::Accepted, HoldCalls::UntilSettled(_)) => self.is_settled,
            (Registration::Pending, _) => !self.is_booting && PASSES_WHILE_PENDING.contains(&action),
            _ => false,
        };
        if may_pass { Passage::Open } else { Passage::Closed }
    }

    /// Takes note of what a call asks the station to send.
    pub(super) fn call_sent(&mut self, now: Instant, action: &str, triggered: Option<&str>, rules: &StationRules) {
        if self.registration == Registration::Accepted {
            return;
        }
        self.asked_for.retain(|(_, until)| now < *until);
        let table = triggered.map_or((ASKED_BY_CALL, action), |triggered| (ASKED_BY_TRIGGER, triggered));
        let until = now + rules.asked_for_expiry;
        for asked in table.0.iter().filter(|(by, _)| *by == table.1).flat_map(|(_, asked)| asked.iter()) {
            self.asked_for.retain(|(known, _)| known != asked);
            self.asked_for.push((asked, until));
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.opens_at
    }

    /// True when calls may pass from now on.
    pub(super) fn handle_timeout(&mut self, now: Instant) -> bool {
        let is_due = self.opens_at.is_some_and(|at| at <= now);
        if is_due {
            self.opens_at = None;
            self.is_settled = true;
        }
        is_due
    }

    fn close(&mut self) {
        (self.opens_at, self.is_settled) = (None, false);
    }

    fn open_after(&mut self, now: Instant, rules: &StationRules) {
        let delay = match rules.hold_calls {
            HoldCalls::UntilSettled(delay) => delay,
            HoldCalls::UntilAccepted | HoldCalls::Never => rules.settle_delay,
        };
        self.opens_at = Some(now + delay);
    }
}

/// What may be sent to a station that was told to wait: what prepares it for being accepted (C16 §4.2, B02).
const PASSES_WHILE_PENDING: &[&str] = &[
    "CertificateSigned",
    "ChangeConfiguration",
    "DataTransfer",
    "DeleteCertificate",
    "ExtendedTriggerMessage",
    "GetBaseReport",
    "GetConfiguration",
    "GetInstalledCertificateIds",
    "GetLog",
    "GetReport",
    "GetVariables",
    "InstallCertificate",
    "Reset",
    "SetNetworkProfile",
    "SetVariables",
    "SignedUpdateFirmware",
    "TriggerMessage",
    "UpdateFirmware",
];

/// Which messages a call asks for.
const ASKED_BY_CALL: &[(&str, &[&str])] = &[
    ("GetBaseReport", &["NotifyReport"]),
    ("GetLog", &["LogStatusNotification"]),
    ("GetReport", &["NotifyReport"]),
    ("SignedUpdateFirmware", &["SignedFirmwareStatusNotification"]),
    ("UpdateFirmware", &["FirmwareStatusNotification"]),
];

/// Which messages a trigger asks for, by its value.
const ASKED_BY_TRIGGER: &[(&str, &[&str])] = &[
    ("DiagnosticsStatusNotification", &["DiagnosticsStatusNotification"]),
    ("FirmwareStatusNotification", &["FirmwareStatusNotification", "SignedFirmwareStatusNotification"]),
    ("Heartbeat", &["Heartbeat"]),
    ("LogStatusNotification", &["LogStatusNotification"]),
    ("MeterValues", &["MeterValues"]),
    ("PublishFirmwareStatusNotification", &["PublishFirmwareStatusNotification"]),
    ("SignChargePointCertificate", &["SignCertificate"]),
    ("SignChargingStationCertificate", &["SignCertificate"]),
    ("SignCombinedCertificate", &["SignCertificate"]),
    ("SignV2G20Certificate", &["SignCertificate"]),
    ("SignV2GCertificate", &["SignCertificate"]),
    ("StatusNotification", &["StatusNotification"]),
    ("TransactionEvent", &["TransactionEvent"]),
];

/// What a trigger message asks for, if the request is one.
pub(super) fn triggered(request: &dyn Any) -> Option<&str> {
    if let Some(request) = request.downcast_ref::<v16::TriggerMessageRequest>() {
        return Some(request.requested_message.as_str());
    }
    if let Some(request) = request.downcast_ref::<v16::ExtendedTriggerMessageRequest>() {
        return Some(request.requested_message.as_str());
    }
    if let Some(request) = request.downcast_ref::<v201::TriggerMessageRequest>() {
        return Some(request.requested_message.as_str());
    }
    request.downcast_ref::<v21::TriggerMessageRequest>().map(|request| request.requested_message.as_str())
}

/// What a trigger message in JSON text asks for.
pub(super) fn triggered_in(version: Version, action: &str, payload: &str) -> Option<Box<str>> {
    fn read<R: Request>(payload: &str) -> Option<Box<str>> {
        triggered(&ocpp_types::decode::<R>(payload, DecodePolicy::Enforce).ok()?.value).map(Box::from)
    }
    match (version, action) {
        (Version::V16, "TriggerMessage") => read::<v16::TriggerMessageRequest>(payload),
        (Version::V16, "ExtendedTriggerMessage") => read::<v16::ExtendedTriggerMessageRequest>(payload),
        (Version::V201, "TriggerMessage") => read::<v201::TriggerMessageRequest>(payload),
        (Version::V21, "TriggerMessage") => read::<v21::TriggerMessageRequest>(payload),
        _ => None,
    }
}

/// What was decided on a BootNotification, with its interval in s, if the response answers one.
pub(super) fn decision(response: &dyn Any) -> Option<(Registration, i64)> {
    if let Some(response) = response.downcast_ref::<v16::BootNotificationResponse>() {
        return Some((registration(response.status.as_str()), response.interval));
    }
    if let Some(response) = response.downcast_ref::<v201::BootNotificationResponse>() {
        return Some((registration(response.status.as_str()), response.interval));
    }
    let response = response.downcast_ref::<v21::BootNotificationResponse>()?;
    Some((registration(response.status.as_str()), response.interval))
}

/// The same out of JSON text.
pub(super) fn decision_in(version: Version, json: &str) -> Option<(Registration, i64)> {
    fn read<T: ocpp_types::Payload>(json: &str) -> Option<(Registration, i64)> {
        decision(&ocpp_types::decode::<T>(json, DecodePolicy::Enforce).ok()?.value)
    }
    match version {
        Version::V16 => read::<v16::BootNotificationResponse>(json),
        Version::V201 => read::<v201::BootNotificationResponse>(json),
        _ => read::<v21::BootNotificationResponse>(json),
    }
}

fn registration(status: &str) -> Registration {
    match status {
        "Accepted" => Registration::Accepted,
        "Pending" => Registration::Pending,
        _ => Registration::Rejected,
    }
}
