//! The least a `serde_json` user could write for each message: borrowed, unchecked.
#![allow(dead_code)]

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BootNotification<'a> {
    charge_point_vendor: &'a str,
    charge_point_model: &'a str,
    charge_point_serial_number: Option<&'a str>,
    charge_box_serial_number: Option<&'a str>,
    firmware_version: Option<&'a str>,
    iccid: Option<&'a str>,
    imsi: Option<&'a str>,
    meter_type: Option<&'a str>,
    meter_serial_number: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MeterValues<'a> {
    connector_id: i64,
    transaction_id: Option<i64>,
    #[serde(borrow)]
    meter_value: Vec<MeterValue16<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MeterValue16<'a> {
    timestamp: &'a str,
    #[serde(borrow)]
    sampled_value: Vec<SampledValue16<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct SampledValue16<'a> {
    value: &'a str,
    context: Option<&'a str>,
    format: Option<&'a str>,
    measurand: Option<&'a str>,
    phase: Option<&'a str>,
    location: Option<&'a str>,
    unit: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransactionEvent<'a> {
    event_type: &'a str,
    timestamp: &'a str,
    trigger_reason: &'a str,
    seq_no: i64,
    offline: Option<bool>,
    number_of_phases_used: Option<i64>,
    #[serde(borrow)]
    transaction_info: Transaction<'a>,
    evse: Option<Evse>,
    #[serde(borrow)]
    meter_value: Option<Vec<MeterValue<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Transaction<'a> {
    transaction_id: &'a str,
    charging_state: Option<&'a str>,
    time_spent_charging: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Evse {
    id: i64,
    connector_id: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MeterValue<'a> {
    timestamp: &'a str,
    #[serde(borrow)]
    sampled_value: Vec<SampledValue<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SampledValue<'a> {
    value: f64,
    context: Option<&'a str>,
    measurand: Option<&'a str>,
    phase: Option<&'a str>,
    location: Option<&'a str>,
    #[serde(borrow)]
    unit_of_measure: Option<UnitOfMeasure<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct UnitOfMeasure<'a> {
    unit: Option<&'a str>,
    multiplier: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NotifyReport<'a> {
    request_id: i64,
    generated_at: &'a str,
    seq_no: i64,
    tbc: Option<bool>,
    #[serde(borrow)]
    report_data: Option<Vec<ReportData<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReportData<'a> {
    #[serde(borrow)]
    component: Component<'a>,
    #[serde(borrow)]
    variable: Variable<'a>,
    #[serde(borrow)]
    variable_attribute: Vec<VariableAttribute<'a>>,
    #[serde(borrow)]
    variable_characteristics: Option<VariableCharacteristics<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct Component<'a> {
    name: &'a str,
    instance: Option<&'a str>,
    evse: Option<Evse>,
}

#[derive(Deserialize)]
pub(crate) struct Variable<'a> {
    name: &'a str,
    instance: Option<&'a str>,
}

#[derive(Deserialize)]
pub(crate) struct VariableAttribute<'a> {
    r#type: Option<&'a str>,
    value: Option<&'a str>,
    mutability: Option<&'a str>,
    persistent: Option<bool>,
    constant: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VariableCharacteristics<'a> {
    unit: Option<&'a str>,
    data_type: &'a str,
    min_limit: Option<f64>,
    max_limit: Option<f64>,
    supports_monitoring: bool,
}
