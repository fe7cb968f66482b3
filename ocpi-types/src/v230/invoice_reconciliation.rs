//! Invoice reconciliation: which CDRs an invoice covers.

use crate::object::object;
use crate::{CiString, CountryCode, DateTime};

object! {
    /// Which CDRs an invoice covers. (`mod_invoice_reconciliation_record_object`)
    pub struct InvoiceReconciliationRecord("InvoiceReconciliationRecord") {
        /// Country of the party that sends the invoice.
        country_code: 1 CountryCode,
        /// The party that sends the invoice.
        party_id: 1 CiString<3>,
        /// Identifies the record.
        id: 1 CiString<36>,
        /// The invoice.
        invoice_id: 1 CiString<255>,
        /// The CDRs it covers, all of them.
        cdrs: + CiString<36>,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime,
    }
}
