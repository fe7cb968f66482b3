//! What is known of few stations only: remote starts under way, charging profiles, what they can do.

use std::any::Any;

use ocpp_rpc::{Incoming, Instant, Quirks, StationCall};
use ocpp_types::{v16, v21, v201};
use serde::{Deserialize, Serialize};

use super::CommandId;
use super::command::After;
use crate::ledger::TransactionId;
use crate::preflight::{Capabilities, InstalledProfiles, installed_in};
use crate::{RemoteStartResult, RemoteStarts};

#[derive(Clone, Debug)]
pub(super) struct Memory {
    pub(super) starts: RemoteStarts<CommandId>,
    pub(super) profiles: InstalledProfiles,
    pub(super) capabilities: Option<Capabilities>,
    /// What the station is, if it needs special treatment for it.
    pub(super) make: Option<StationMake>,
}

/// What a station says it is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StationMake {
    /// The vendor.
    pub vendor: String,
    /// The model.
    pub model: String,
    /// The firmware, empty if it does not say.
    pub firmware: String,
}

impl StationMake {
    /// How stations of this make have to be treated.
    pub fn quirks(&self) -> Quirks {
        Quirks::of(&self.vendor, &self.model, &self.firmware)
    }
}

/// What a station says it is, if the request is a BootNotification.
pub(super) fn make(request: &StationCall) -> Option<StationMake> {
    let (vendor, model, firmware) = match request {
        StationCall::V16(v16::StationCall::BootNotification(boot)) => {
            let firmware = boot.firmware_version.as_ref().map(|firmware| firmware.as_str());
            (boot.charge_point_vendor.as_str(), boot.charge_point_model.as_str(), firmware)
        }
        StationCall::V201(v201::StationCall::BootNotification(boot)) => {
            let station = &boot.charging_station;
            let firmware = station.firmware_version.as_ref().map(|firmware| firmware.as_str());
            (station.vendor_name.as_str(), station.model.as_str(), firmware)
        }
        StationCall::V21(v21::StationCall::BootNotification(boot)) => {
            let station = &boot.charging_station;
            let firmware = station.firmware_version.as_ref().map(|firmware| firmware.as_str());
            (station.vendor_name.as_str(), station.model.as_str(), firmware)
        }
        _ => return None,
    };
    Some(StationMake { vendor: vendor.into(), model: model.into(), firmware: firmware.unwrap_or_default().into() })
}

/// The most remote starts of a station that may be under way.
const MOST_STARTS: usize = 16;

impl Default for Memory {
    fn default() -> Self {
        Self {
            starts: RemoteStarts::new(MOST_STARTS),
            profiles: InstalledProfiles::new(),
            capabilities: None,
            make: None,
        }
    }
}

impl Memory {
    /// Whether a request of a station tells something that is to be remembered, although nothing was before.
    pub(super) fn is_needed_for(request: &StationCall) -> bool {
        matches!(
            request,
            StationCall::V201(
                v201::StationCall::NotifyEvChargingNeeds(_) | v201::StationCall::ReportChargingProfiles(_)
            ) | StationCall::V21(
                v21::StationCall::NotifyEvChargingNeeds(_) | v21::StationCall::ReportChargingProfiles(_)
            )
        )
    }

    pub(super) fn is_empty(&self) -> bool {
        self.starts.is_empty() && self.profiles.is_empty() && self.capabilities.is_none() && self.make.is_none()
    }

    /// Takes note of a request of the station; what came of a remote start, if it tells that.
    pub(super) fn station_said(&mut self, incoming: &Incoming<StationCall>) -> Option<(CommandId, RemoteStartResult)> {
        let request = incoming.request();
        macro_rules! of_2x {
            ($call:expr, $version:ident) => {{
                use ocpp_types::$version::{StationCall, TransactionEvent};
                match $call {
                    StationCall::BootNotification(_) => self.profiles.station_booted(),
                    StationCall::NotifyEvChargingNeeds(needs) => self.profiles.needs_told(needs.evse_id),
                    StationCall::ReportChargingProfiles(report) => {
                        for profile in report.charging_profile.iter() {
                            if let Some(installed) = installed_in(profile, report.evse_id) {
                                self.profiles.insert(incoming.version(), installed);
                            }
                        }
                    }
                    StationCall::TransactionEvent(event) if event.event_type == TransactionEvent::Ended => {
                        let id = TransactionId::Text(event.transaction_info.transaction_id.clone());
                        self.profiles.transaction_ended(&id, event.evse.as_ref().map(|evse| evse.id));
                    }
                    _ => {}
                }
            }};
        }
        match request {
            StationCall::V16(v16::StationCall::BootNotification(_)) => self.profiles.station_booted(),
            StationCall::V16(v16::StationCall::StopTransaction(stop)) => {
                self.profiles.transaction_ended(&TransactionId::Number(stop.transaction_id), None);
            }
            StationCall::V201(call) => of_2x!(call, v201),
            StationCall::V21(call) => of_2x!(call, v21),
            _ => {}
        }
        self.starts.station_said(request, incoming.number())
    }

    /// Takes note of how a command ended.
    pub(super) fn answered(
        &mut self,
        now: Instant,
        command: CommandId,
        after: &After,
        is_accepted: bool,
        may_have_happened: bool,
    ) {
        if let Some(request) = after.profiles.as_ref().filter(|_| is_accepted) {
            request.accepted(&mut self.profiles);
        }
        if let Some((_, within)) = &after.start {
            // one whose answer was lost may lead to a transaction all the same
            if is_accepted || may_have_happened {
                self.starts.prolong(now, &command, *within);
            } else {
                self.starts.forget(&command);
            }
        }
    }
}

/// The number of the transaction, if a response answers StartTransaction.
pub(super) fn started(response: &dyn Any) -> Option<i64> {
    response.downcast_ref::<v16::StartTransactionResponse>().map(|response| response.transaction_id)
}

/// The same out of JSON text.
pub(super) fn started_in(json: &str) -> Option<i64> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Started {
        transaction_id: i64,
    }
    serde_json::from_str::<Started>(json).ok().map(|started| started.transaction_id)
}
