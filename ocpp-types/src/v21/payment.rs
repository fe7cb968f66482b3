//! Ad hoc payment (functional block C).

use alloc::boxed::Box;

use serde::Serialize;

use super::types::{GenericStatus, StatusInfo};
use crate::string_enum::string_enum;
use crate::{CiString, CustomData, Decimal, Text, Timestamp};

/// The station tells the CSMS how the settlement of a payment at its terminal went (2.1 Part 2 §1.57.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifySettlementRequest {
    /// Transaction that was paid for; may be missing when payment was cancelled before a transaction began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<CiString<36>>,
    /// Payment reference given by the payment terminal, which also serves as the id token value.
    pub psp_ref: CiString<255>,
    /// Whether the payment was settled, cancelled, rejected or failed.
    pub status: PaymentStatus,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<Text<500>>,
    /// Amount settled, or that could not be settled when the attempt failed.
    pub settlement_amount: Decimal,
    /// When the settlement took place.
    pub settlement_time: Timestamp,
    /// Id of the receipt, given when the CSMS does not issue it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_id: Option<Text<50>>,
    /// Web address of the receipt, given when the payment terminal or the station issues it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_url: Option<Text<2000>>,
    /// Address of the company that has the VAT number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vat_company: Option<Box<Address>>,
    /// VAT number to put on a receipt for a company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vat_number: Option<Text<20>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `NotifySettlement` (2.1 Part 2 §1.57.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifySettlementResponse {
    /// Web address of a receipt issued by the CSMS, which the station can show to the driver as a QR code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_url: Option<Text<2000>>,
    /// Id of a receipt issued by the CSMS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_id: Option<Text<50>>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The CSMS tells the station that a driver began a web payment, so that it can hold the EVSE for that driver (2.1
/// Part 2 §1.58.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyWebPaymentStartedRequest {
    /// EVSE for which the driver is paying.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub evse_id: i64,
    /// Seconds after which the station need not wait for the payment any longer and may free the EVSE.
    pub timeout: i64,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the station to `NotifyWebPaymentStarted`, without content (2.1 Part 2 §1.58.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct NotifyWebPaymentStartedResponse {
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// The station asks the CSMS whether a VAT number entered by the driver is valid (2.1 Part 2 §1.91.1).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct VatNumberValidationRequest {
    /// VAT number that is to be validated.
    pub vat_number: Text<20>,
    /// EVSE for whose driver the number is checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub evse_id: Option<i64>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Answer of the CSMS to `VatNumberValidation` (2.1 Part 2 §1.91.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct VatNumberValidationResponse {
    /// Name and address of the company the VAT number belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<Box<Address>>,
    /// More about the outcome, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_info: Option<StatusInfo>,
    /// The VAT number from the request.
    pub vat_number: Text<20>,
    /// The EVSE from the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub evse_id: Option<i64>,
    /// Tells whether the VAT number proved valid.
    pub status: GenericStatus,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

/// Postal address of a person or company (`AddressType`, 2.1 Part 2 §2.5).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// Name of the person or company at this address.
    pub name: Text<50>,
    /// First line of the address, such as street and house number.
    pub address1: Text<100>,
    /// Second line of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address2: Option<Text<100>>,
    /// Name of the town or city.
    pub city: Text<100>,
    /// Postal code of the town or area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Text<20>>,
    /// Name of the country.
    pub country: Text<50>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// How the settlement of an ad hoc payment ended (`PaymentStatusEnumType`, 2.1 Part 2 §3.76).
    pub enum PaymentStatus {
        /// The payment service provider settled the payment.
        Settled,
        /// There was nothing to bill, so a cancellation went to the payment service provider.
        Canceled,
        /// The payment service provider refused the payment.
        Rejected,
        /// The last attempt to settle failed because of communication problems.
        Failed,
    }
}
