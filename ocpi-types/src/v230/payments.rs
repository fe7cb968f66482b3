//! Payments (Payments 1): terminals and what became of payments.

use super::locations::GeoLocation;
use super::types::Price;

use crate::object::object;
use crate::rules::v230 as rules;
use crate::string_enum::string_enum;
use crate::{CiString, DateTime, Url};

object! {
    /// A payment terminal and the EVSEs it serves. (`mod_payments_terminal_object`)
    pub struct Terminal("Terminal") patch TerminalPatch => rules::terminal {
        /// Identifies the terminal at the payment terminal provider.
        terminal_id: 1 CiString<36>,
        /// The CPO as the provider knows it.
        customer_reference: ? CiString<36>,
        /// The CPO that uses the terminal, unique within its country.
        party_id: ? CiString<3>,
        /// Country of the CPO that uses the terminal.
        country_code: ? CiString<2>,
        /// Street and house number.
        address: ? CiString<45>,
        /// City or town.
        city: ? CiString<45>,
        /// Postal code; absent where there is none.
        postal_code: ? CiString<10>,
        /// State or province, where that matters.
        state: ? CiString<20>,
        /// Country of the terminal, three letters of ISO 3166-1.
        country: ? CiString<3>,
        /// Where the terminal is on the map.
        coordinates: ? GeoLocation,
        /// Start of the URLs at which drivers find invoices.
        invoice_base_url: ? Url,
        /// Who writes the invoice.
        invoice_creator: ? InvoiceCreator,
        /// What the CPO calls the terminal.
        reference: ? CiString<36>,
        /// The locations it serves, with all their EVSEs.
        location_ids: * CiString<36>,
        /// Further EVSEs it serves.
        evse_uids: * CiString<36>,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime,
    }
}

object! {
    /// What became of a payment at a terminal. (`mod_payments_financial_advice_confirmation_object`)
    pub struct FinancialAdviceConfirmation("FinancialAdviceConfirmation") => rules::financial_advice_confirmation {
        /// Identifies the confirmation.
        id: 1 CiString<36>,
        /// The reference given in `StartSession`, also in Session and CDR.
        authorization_reference: 1 CiString<36>,
        /// The amount that was to be captured.
        total_costs: 1 Price,
        /// Its currency, three letters of ISO 4217.
        currency: 1 CiString<3>,
        /// The lines of the receipt.
        eft_data: + CiString<255>,
        /// Whether the money was captured.
        capture_status_code: 1 CaptureStatusCode,
        /// What the payment system said.
        capture_status_message: ? CiString<255>,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime,
    }
}

string_enum! {
    /// Who writes the invoice of a payment at a terminal. (`mod_payments_invoice_creator_enum`)
    pub closed enum InvoiceCreator("InvoiceCreator") {
        /// The charge point operator.
        Cpo = "CPO",
        /// The payment terminal provider.
        Ptp = "PTP",
    }
}

string_enum! {
    /// Whether money was captured. (`mod_payments_capture_status_code_enum`)
    pub closed enum CaptureStatusCode("CaptureStatusCode") {
        /// All of it.
        Success = "SUCCESS",
        /// Some of it.
        PartialSuccess = "PARTIAL_SUCCESS",
        /// None of it.
        Failed = "FAILED",
    }
}
