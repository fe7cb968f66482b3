//! What the CSMS asks of a charger.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use ocpp_rpc::{CallError, CsmsCall, ErrorCode, Incoming, Instant, Responder};
use ocpp_types::{Version, v16, v21, v201};

use super::messages::{Context, reading_16};
use super::network::{Described, NetworkVariable, NotChanged, ProfileStored, Taken};
use super::settings::{Access, Setting};
use super::transactions::{Dialect, Ending};
use super::{Charger, ChargerEvent, OutletStatus, Purpose};
use crate::{Store, Trigger, TriggerStatus};

/// A request in the words of no version.
enum Wish {
    RemoteStart {
        outlet: Option<i64>,
        token: String,
        id: Option<i64>,
    },
    /// By key of 1.6 or id of 2.x.
    RemoteStop(Option<usize>),
    /// In 2.x on one EVSE only, and when idle.
    Reset {
        hard: bool,
        when_idle: bool,
        outlet: Option<i64>,
    },
    /// `None` and 0 are the station.
    ChangeAvailability {
        outlet: Option<i64>,
        connector: Option<i64>,
        operative: bool,
    },
    Unlock {
        outlet: i64,
        connector: i64,
    },
    ClearCache,
    DataTransfer,
}

/// Runs the same lines for the requests of 2.0.1 and of 2.1.
macro_rules! each_2x {
    ($types:ident: $request:expr, $self:ident, $now:ident, $responder:ident) => {
        match $request {
            $types::CsmsCall::RequestStartTransaction(request) => {
                let token = request.id_token.id_token.as_str().into();
                Ok(Wish::RemoteStart { outlet: request.evse_id, token, id: Some(request.remote_start_id) })
            }
            $types::CsmsCall::RequestStopTransaction(request) => {
                Ok(Wish::RemoteStop($self.transaction_of(&request.transaction_id)))
            }
            $types::CsmsCall::Reset(request) => Ok(Wish::Reset {
                hard: true,
                when_idle: request.kind == $types::Reset::OnIdle,
                outlet: request.evse_id,
            }),
            $types::CsmsCall::ChangeAvailability(request) => Ok(Wish::ChangeAvailability {
                outlet: request.evse.as_ref().map(|evse| evse.id),
                connector: request.evse.as_ref().and_then(|evse| evse.connector_id),
                operative: request.operational_status == $types::OperationalStatus::Operative,
            }),
            $types::CsmsCall::UnlockConnector(request) => {
                Ok(Wish::Unlock { outlet: request.evse_id, connector: request.connector_id })
            }
            $types::CsmsCall::ClearCache(_) => Ok(Wish::ClearCache),
            $types::CsmsCall::DataTransfer(_) => Ok(Wish::DataTransfer),
            $types::CsmsCall::GetTransactionStatus(request) => {
                let outbox = $self.station.outbox();
                let id = request.transaction_id.as_ref().map(|id| id.as_str());
                let waits = id.map_or(outbox.has_transaction_messages(), |id| outbox.has_messages_of(id));
                let mut response = $types::GetTransactionStatusResponse::new(waits);
                response.ongoing_indicator = id.map(|id| $self.transaction_of(id).is_some());
                or_gone($self.station.reply($now, $responder.of(request), Ok(response)));
                return;
            }
            $types::CsmsCall::GetVariables(request) => {
                let results = request.get_variable_data.iter().map(|wanted| {
                    use $types::GetVariableStatus as Status;
                    let is_actual =
                        wanted.attribute_type.as_ref().is_none_or(|kind| *kind == $types::Attribute::Actual);
                    let (component, variable) = (&wanted.component, &wanted.variable);
                    let network =
                        $self.network_variable(&component.name, component.instance.as_deref(), &variable.name);
                    let found =
                        $self.settings.by_variable(&component.name, &variable.name, variable.instance.as_deref());
                    let (status, value) = match (network, found) {
                        (Some(NetworkVariable::UnknownSlot), _) => (Status::UnknownComponent, None),
                        (Some(NetworkVariable::Unknown), _) => (Status::UnknownVariable, None),
                        (None, None) if !$self.settings.has_component(&component.name) => {
                            (Status::UnknownComponent, None)
                        }
                        (None, None) => (Status::UnknownVariable, None),
                        (..) if !is_actual => (Status::NotSupportedAttributeType, None),
                        (Some(NetworkVariable::WriteOnly), _) => (Status::Rejected, None),
                        (Some(NetworkVariable::Value(value)), _) => (Status::Accepted, Some(value)),
                        (None, Some(setting)) if setting.access == Access::Write => (Status::Rejected, None),
                        (None, Some(setting)) => (Status::Accepted, Some($self.settings.value(setting).into())),
                    };
                    let mut result = $types::GetVariableResult::new(status, component.clone(), variable.clone());
                    result.attribute_type = wanted.attribute_type.clone();
                    result.attribute_value = value.as_deref().map(Into::into);
                    result
                });
                let response = $types::GetVariablesResponse::new(results.collect::<Vec<_>>());
                or_gone($self.station.reply($now, $responder.of(request), Ok(response)));
                return;
            }
            $types::CsmsCall::SetVariables(request) => {
                let mut results = Vec::new();
                let mut changed = Vec::new();
                for wanted in request.set_variable_data.iter() {
                    use $types::SetVariableStatus as Status;
                    let is_actual =
                        wanted.attribute_type.as_ref().is_none_or(|kind| *kind == $types::Attribute::Actual);
                    let (component, variable) = (&wanted.component, &wanted.variable);
                    let value = wanted.attribute_value.as_str();
                    let instance = component.instance.as_deref();
                    let network = $self.network_variable(&component.name, instance, &variable.name);
                    let found =
                        $self.settings.by_variable(&component.name, &variable.name, variable.instance.as_deref());
                    let mut why = None;
                    let status = match (network, found) {
                        (Some(NetworkVariable::UnknownSlot), _) => Status::UnknownComponent,
                        (Some(NetworkVariable::Unknown), _) => Status::UnknownVariable,
                        (None, None) if !$self.settings.has_component(&component.name) => Status::UnknownComponent,
                        (None, None) => Status::UnknownVariable,
                        (..) if !is_actual => Status::NotSupportedAttributeType,
                        (Some(_), _) => match $self.set_network_variable(instance, &variable.name, value) {
                            Ok(()) => Status::Accepted,
                            Err(NotChanged(reason)) => {
                                why = reason;
                                Status::Rejected
                            }
                        },
                        (None, Some(setting)) => match $self.change(setting, value) {
                            Ok(Taken::AtBoot) => Status::RebootRequired,
                            Ok(Taken::Now) => {
                                changed.push((setting, String::from(value)));
                                Status::Accepted
                            }
                            Err(NotChanged(reason)) => {
                                why = reason;
                                Status::Rejected
                            }
                        },
                    };
                    let mut result = $types::SetVariableResult::new(status, component.clone(), variable.clone());
                    result.attribute_type = wanted.attribute_type.clone();
                    result.attribute_status_info = why.map($types::StatusInfo::new);
                    results.push(result);
                }
                let response = $types::SetVariablesResponse::new(results);
                or_gone($self.station.reply($now, $responder.of(request), Ok(response)));
                for (setting, value) in changed {
                    $self.setting_changed($now, setting, &value);
                }
                return;
            }
            $types::CsmsCall::SetNetworkProfile(request) if !$self.network.is_empty() => {
                use $types::SetNetworkProfileStatus as Status;
                let profile = request.connection_data.described();
                let (status, why) = match $self.set_network_profile(request.configuration_slot, profile) {
                    ProfileStored::Accepted => (Status::Accepted, None),
                    ProfileStored::Rejected(refused) => (Status::Rejected, Some(refused.reason_code())),
                    ProfileStored::Failed => (Status::Failed, None),
                };
                let mut response = $types::SetNetworkProfileResponse::new(status);
                response.status_info = why.map($types::StatusInfo::new);
                or_gone($self.station.reply($now, $responder.of(request), Ok(response)));
                return;
            }
            _ => Err(()),
        }
    };
}

impl<S: Store> Charger<S> {
    /// Answers a request, and then does what it asks for.
    pub(super) fn serve(&mut self, now: Instant, incoming: Incoming<CsmsCall>) {
        let (request, responder) = incoming.into_parts();
        let wish = match &*request {
            CsmsCall::V16(request) => match request {
                v16::CsmsCall::RemoteStartTransaction(request) => Ok(Wish::RemoteStart {
                    outlet: request.connector_id,
                    token: request.id_tag.as_str().into(),
                    id: None,
                }),
                v16::CsmsCall::RemoteStopTransaction(request) => {
                    let key = self.station.outbox().transaction_with_id(request.transaction_id);
                    Ok(Wish::RemoteStop(self.outlets.iter().position(|outlet| {
                        let transaction = outlet.transaction.as_ref();
                        key.is_some() && transaction.is_some_and(|transaction| transaction.key == key)
                    })))
                }
                v16::CsmsCall::Reset(request) => {
                    Ok(Wish::Reset { hard: request.kind == v16::ResetType::Hard, when_idle: false, outlet: None })
                }
                v16::CsmsCall::ChangeAvailability(request) => Ok(Wish::ChangeAvailability {
                    outlet: Some(request.connector_id).filter(|id| *id != 0),
                    connector: None,
                    operative: request.kind == v16::AvailabilityType::Operative,
                }),
                v16::CsmsCall::UnlockConnector(request) => {
                    Ok(Wish::Unlock { outlet: request.connector_id, connector: 1 })
                }
                v16::CsmsCall::ClearCache(_) => Ok(Wish::ClearCache),
                v16::CsmsCall::DataTransfer(_) => Ok(Wish::DataTransfer),
                v16::CsmsCall::GetConfiguration(request) => return self.get_configuration(now, request, responder),
                v16::CsmsCall::ChangeConfiguration(request) => {
                    return self.change_configuration(now, request, responder);
                }
                _ => Err(()),
            },
            CsmsCall::V201(request) => each_2x!(v201: request, self, now, responder),
            CsmsCall::V21(request) => each_2x!(v21: request, self, now, responder),
            _ => Err(()),
        };
        match wish {
            Ok(wish) => self.grant_wish(now, wish, responder),
            Err(()) => {
                let refused = self.station.refuse(now, responder, CallError::not_supported());
                or_gone(refused);
            }
        }
        self.report_changes(now);
    }

    fn grant_wish(&mut self, now: Instant, wish: Wish, responder: Responder) {
        match wish {
            Wish::RemoteStart { outlet, token, id } => {
                let is_free = |status| matches!(status, OutletStatus::Available | OutletStatus::Preparing);
                let free = self.outlets.iter().position(|candidate| {
                    outlet.is_none_or(|wanted| candidate.id == wanted)
                        && is_free(candidate.status())
                        && candidate.grant.is_none()
                });
                let Some(index) = free else { return self.say(now, responder, "Rejected") };
                // the answer goes first (RC-01)
                self.say(now, responder, "Accepted");
                if self.settings.is_on("AuthorizeRemoteTxRequests") {
                    self.authorize(now, index, &token, Purpose::RemoteStart(id));
                } else {
                    self.grant(now, index, &token, None, Some(id));
                }
            }
            Wish::RemoteStop(None) => self.say(now, responder, "Rejected"),
            Wish::RemoteStop(Some(index)) => {
                self.say(now, responder, "Accepted");
                self.end_permission(now, index, Ending::Remote);
            }
            Wish::Reset { outlet: Some(_), .. } => self.say(now, responder, "Rejected"),
            Wish::Reset { when_idle: true, .. } if self.outlets.iter().any(|outlet| outlet.transaction.is_some()) => {
                self.resets_when_idle = true;
                self.say(now, responder, "Scheduled");
            }
            Wish::Reset { hard, .. } => {
                // reply, last events, restart (RST-04)
                self.say(now, responder, "Accepted");
                for index in 0..self.outlets.len() {
                    if self.outlets[index].transaction.is_some() {
                        self.end(now, index, Ending::Reset { hard });
                    }
                }
                self.restart(v201::BootReason::RemoteReset);
            }
            Wish::ChangeAvailability { outlet, connector, operative } => {
                let is_meant = |id: i64| outlet.is_none_or(|wanted| wanted == id);
                let exists =
                    self.outlets.iter().any(|outlet| is_meant(outlet.id)) && connector.is_none_or(|id| id == 1);
                if !exists {
                    return self.say(now, responder, "Rejected");
                }
                let mut waits = false;
                for outlet in self.outlets.iter_mut().filter(|outlet| is_meant(outlet.id)) {
                    let is_busy = outlet.transaction.is_some();
                    outlet.closes = is_busy && !operative;
                    waits |= outlet.closes;
                    if !outlet.closes {
                        // a car that waits out of service may charge afterwards (rule ST-01: 1.6 knows no other way)
                        outlet.is_finished &= outlet.is_operative || !operative;
                        outlet.is_operative = operative;
                    }
                    if !operative {
                        outlet.grant = None;
                    }
                }
                self.save();
                self.say(now, responder, if waits { "Scheduled" } else { "Accepted" });
                // the station itself, as connector 0
                if outlet.is_none() && self.version() == Version::V16 {
                    self.report_station(now);
                }
            }
            Wish::Unlock { outlet, connector } => {
                let Ok(index) = self.index(outlet).and_then(|index| {
                    if connector == 1 { Ok(index) } else { Err(super::ChargerError::NoOutlet(outlet)) }
                }) else {
                    let status = if self.version() == Version::V16 { "NotSupported" } else { "UnknownConnector" };
                    return self.say(now, responder, status);
                };
                let is_charging = self.outlets[index].transaction.is_some();
                if is_charging && self.version() != Version::V16 {
                    return self.say(now, responder, "OngoingAuthorizedTransaction");
                }
                // in 1.6 the transaction is finished first (UNL-01)
                if is_charging {
                    self.end(now, index, Ending::Unlocked);
                }
                self.say(now, responder, "Unlocked");
            }
            Wish::ClearCache if self.settings.is_on("AuthorizationCacheEnabled") => {
                self.known.clear();
                self.say(now, responder, "Accepted");
            }
            Wish::ClearCache => self.say(now, responder, "Rejected"),
            Wish::DataTransfer => self.say(now, responder, "UnknownVendorId"),
        }
    }

    /// Answers with a status, which is all that these responses need in any version.
    fn say(&mut self, now: Instant, responder: Responder, status: &str) {
        let said = self.station.reply_raw(now, responder, &format!(r#"{{"status":"{status}"}}"#));
        or_gone(said);
    }

    fn transaction_of(&self, id: &str) -> Option<usize> {
        self.outlets.iter().position(|outlet| {
            let transaction = outlet.transaction.as_ref();
            transaction.is_some_and(|transaction| transaction.key.is_none() && transaction.id.eq_ignore_ascii_case(id))
        })
    }

    /// Rules CFG-01 and CFG-04.
    fn get_configuration(&mut self, now: Instant, request: &v16::GetConfigurationRequest, responder: Responder) {
        if request.key.len() as u64 > self.settings.number("GetConfigurationMaxKeys") {
            let error = CallError::new(ErrorCode::OccurrenceConstraintViolation, "too many keys");
            let refused = self.station.refuse(now, responder, error);
            return or_gone(refused);
        }
        let is_told = |setting: &&Setting| setting.is_key && setting.access != Access::Write;
        let mut response = v16::GetConfigurationResponse::new();
        let mut told: Vec<&Setting> = Vec::new();
        for key in request.key.iter() {
            match self.settings.by_key(key).filter(|setting| is_told(setting)) {
                Some(setting) => told.push(setting),
                None => response.unknown_key.push(key.clone()),
            }
        }
        if request.key.is_empty() {
            told = self.settings.all().filter(is_told).collect();
        }
        for setting in told {
            let mut value = v16::KeyValue::new(setting.key, setting.access == Access::Read);
            value.value = Some(self.settings.value(setting).into());
            response.configuration_key.push(value);
        }
        let replied = self.station.reply(now, responder.of(request), Ok(response));
        or_gone(replied);
    }

    /// Rules CFG-02 and CFG-05.
    fn change_configuration(&mut self, now: Instant, request: &v16::ChangeConfigurationRequest, responder: Responder) {
        let found = self.settings.by_key(&request.key).filter(|setting| setting.is_key);
        let status = match found {
            None => v16::ConfigurationStatus::NotSupported,
            Some(setting) => match self.change(setting, &request.value) {
                Ok(Taken::Now) => v16::ConfigurationStatus::Accepted,
                Ok(Taken::AtBoot) => v16::ConfigurationStatus::RebootRequired,
                Err(_) => v16::ConfigurationStatus::Rejected,
            },
        };
        let is_accepted = status == v16::ConfigurationStatus::Accepted;
        let response = v16::ChangeConfigurationResponse::new(status);
        let replied = self.station.reply(now, responder.of(request), Ok(response));
        or_gone(replied);
        if let Some(setting) = found.filter(|_| is_accepted) {
            self.setting_changed(now, setting, &request.value);
        }
    }

    /// A change takes effect after its answer.
    fn setting_changed(&mut self, now: Instant, setting: &'static Setting, value: &str) {
        if self.network_setting_changed(setting, value) {
            return;
        }
        match setting.key {
            "HeartbeatInterval" => {
                let interval = Duration::from_secs(self.settings.number("HeartbeatInterval"));
                self.station.set_heartbeat_interval(now, interval);
            }
            "MeterValueSampleInterval" => {
                let next = self.next_sample(now);
                for transaction in self.outlets.iter_mut().filter_map(|outlet| outlet.transaction.as_mut()) {
                    transaction.next_sample = next;
                }
            }
            _ => self.apply_settings(now),
        }
        self.events.push_back(ChargerEvent::Changed { setting: setting.key });
        self.save();
    }

    /// Hands to the station what it has to know.
    pub(super) fn apply_settings(&mut self, _now: Instant) {
        let attempts = u32::try_from(self.settings.number("TransactionMessageAttempts")).unwrap_or(u32::MAX);
        let interval = Duration::from_secs(self.settings.number("TransactionMessageRetryInterval"));
        self.station.set_retries(attempts, interval);
        self.network.allow_downgrade(self.settings.is_on("AllowSecurityProfileDowngrade"));
    }

    /// Rules TRIG-02 to TRIG-11: the answer first, then what was asked for.
    pub(super) fn triggered(&mut self, now: Instant, trigger: Trigger) {
        let wanted: Vec<usize> = match trigger.evse_id {
            None => (0..self.outlets.len()).collect(),
            Some(id) => self.index(id).into_iter().collect(),
        };
        let is_16 = self.version() == Version::V16;
        let is_station = is_16 && trigger.evse_id.is_none_or(|id| id == 0);
        let (message, is_extended) = (trigger.message.clone(), trigger.is_extended);
        let custom = trigger.custom.clone().filter(|custom| self.settings.lists("CustomTriggers", custom));
        let is_known = !wanted.is_empty() || trigger.evse_id == Some(0);
        let status = match &*message {
            // 2.x wants to know which one (TRIG-04)
            "StatusNotification" if !is_16 && trigger.connector_id != Some(1) => TriggerStatus::Rejected,
            "StatusNotification" | "MeterValues" | "TransactionEvent" if !is_known => TriggerStatus::Rejected,
            "TransactionEvent" if !wanted.iter().any(|index| self.outlets[*index].transaction.is_some()) => {
                TriggerStatus::Rejected
            }
            "StatusNotification" | "MeterValues" => TriggerStatus::Accepted,
            "TransactionEvent" if !is_16 => TriggerStatus::Accepted,
            "FirmwareStatusNotification" => TriggerStatus::Accepted,
            "DiagnosticsStatusNotification" if is_16 => TriggerStatus::Accepted,
            "LogStatusNotification" => TriggerStatus::Accepted,
            "CustomTrigger" if custom.is_some() => TriggerStatus::Accepted,
            _ => TriggerStatus::NotImplemented,
        };
        let answered = self.station.answer_trigger(now, trigger, status);
        if answered.is_err() || status != TriggerStatus::Accepted {
            return;
        }
        match &*message {
            "StatusNotification" => {
                if is_station {
                    self.report_station(now);
                }
                for index in wanted {
                    self.report(now, index);
                }
            }
            "MeterValues" => wanted.into_iter().for_each(|index| self.send_reading(now, index)),
            "TransactionEvent" => {
                wanted.into_iter().for_each(|index| self.sample(now, index, Context::Trigger));
            }
            "CustomTrigger" => {
                self.events.extend(custom.map(|name| ChargerEvent::CustomTrigger { name }));
            }
            _ => self.send_idle(now, &message, is_extended),
        }
    }

    /// The register of an outlet, in a message of its own (rules TRIG-05 and TRIG-06).
    fn send_reading(&mut self, now: Instant, index: usize) {
        let (id, register, time) = (self.outlets[index].id, self.outlets[index].register, self.time(now));
        let dialect = Dialect::from(self.version());
        if dialect == Dialect::V16 && self.outlets[index].transaction.is_some() {
            return self.sample(now, index, Context::Trigger);
        }
        let called = match dialect {
            Dialect::V16 => {
                let request = v16::MeterValuesRequest::new(id, [reading_16(register, Context::Trigger, time)]);
                self.station.call(now, &request).map(|id| id.key())
            }
            Dialect::V201 => {
                let mut sample = v201::SampledValue::new(register);
                sample.context = Some(v201::ReadingContext::Trigger);
                let request = v201::MeterValuesRequest::new(id, [v201::MeterValue::new([sample], time)]);
                self.station.call(now, &request).map(|id| id.key())
            }
            Dialect::V21 => {
                let mut sample = v21::SampledValue::new(register);
                sample.context = Some("Trigger".into());
                let request = v21::MeterValuesRequest::new(id, [v21::MeterValue::new([sample], time)]);
                self.station.call(now, &request).map(|id| id.key())
            }
        };
        self.note(called);
    }

    /// Nothing is being updated or uploaded here (rules TRIG-07, TRIG-08 and TRIG-10).
    fn send_idle(&mut self, now: Instant, message: &str, is_extended: bool) {
        let called = match (self.version(), message) {
            (Version::V16, "DiagnosticsStatusNotification") => {
                let request = v16::DiagnosticsStatusNotificationRequest::new(v16::DiagnosticsStatus::Idle);
                self.station.call(now, &request).map(|id| id.key())
            }
            (Version::V16, "LogStatusNotification") => {
                let request = v16::LogStatusNotificationRequest::new(v16::UploadLogStatus::Idle);
                self.station.call(now, &request).map(|id| id.key())
            }
            (Version::V16, _) if is_extended => {
                let request = v16::SignedFirmwareStatusNotificationRequest::new(v16::SignedFirmwareStatus::Idle);
                self.station.call(now, &request).map(|id| id.key())
            }
            (Version::V16, _) => {
                let request = v16::FirmwareStatusNotificationRequest::new(v16::FirmwareStatus::Idle);
                self.station.call(now, &request).map(|id| id.key())
            }
            (Version::V201, "LogStatusNotification") => {
                let request = v201::LogStatusNotificationRequest::new(v201::UploadLogStatus::Idle);
                self.station.call(now, &request).map(|id| id.key())
            }
            (Version::V201, _) => {
                let request = v201::FirmwareStatusNotificationRequest::new(v201::FirmwareStatus::Idle);
                self.station.call(now, &request).map(|id| id.key())
            }
            (_, "LogStatusNotification") => {
                let request = v21::LogStatusNotificationRequest::new(v21::UploadLogStatus::Idle);
                self.station.call(now, &request).map(|id| id.key())
            }
            (..) => {
                let request = v21::FirmwareStatusNotificationRequest::new(v21::FirmwareStatus::Idle);
                self.station.call(now, &request).map(|id| id.key())
            }
        };
        self.note(called);
    }
}

/// An answer that cannot go out has lost its link, and its request with it.
fn or_gone(outcome: Result<(), ocpp_rpc::ReplyRefused>) {
    drop(outcome);
}
