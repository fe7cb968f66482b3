//! Bookings and payments: what may follow and until when (rules BOK-01, BOK-05, X-BOK-06 to X-BOK-08, PAY-04, X-PAY-06).

use rust_decimal::Decimal;

use super::Transition;
use crate::v230::{BookingRequest, BookingTerms, Cdr, ReservationStatus};
use crate::{DateTime, Number};

impl ReservationStatus {
    /// Whether nothing follows.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Canceled | Self::NoShow | Self::Rejected | Self::Failed | Self::Fulfilled)
    }

    /// What a change to another status is (rule BOK-01); what only the diagram shows is legal too.
    pub fn transition(&self, to: &Self) -> Transition {
        match (self, to) {
            _ if self == to => Transition::Legal,
            _ if self.is_final() => Transition::AfterFinal,
            (Self::Pending, Self::Reserved | Self::Rejected | Self::Failed | Self::Canceled) => Transition::Legal,
            (Self::Reserved, Self::Fulfilled | Self::Canceled | Self::NoShow | Self::Pending) => Transition::Legal,
            _ => Transition::Illegal,
        }
    }
}

impl BookingTerms {
    /// Whether a booking that starts then may still be changed.
    pub fn can_change(&self, start: DateTime, now: DateTime) -> bool {
        self.change_not_allowed != Some(true) && is_before(start, self.change_until_minutes, now)
    }

    /// Whether a booking that starts then may still be cancelled.
    pub fn can_cancel(&self, start: DateTime, now: DateTime) -> bool {
        is_before(start, self.cancel_until_minutes, now)
    }

    /// When a booking that starts then lapses if nobody comes; `None` means never (rule X-BOK-08).
    pub fn no_show_at(&self, start: DateTime) -> Option<DateTime> {
        self.noshow_timeout.map(|minutes| start.plus_seconds(seconds(minutes)))
    }
}

fn is_before(start: DateTime, minutes: Number, now: DateTime) -> bool {
    now <= start.plus_seconds(-seconds(minutes))
}

/// Minutes in whole seconds.
fn seconds(minutes: Number) -> i64 {
    let seconds =
        minutes.value().checked_mul(Decimal::from(60)).and_then(|seconds| i64::try_from(seconds.trunc()).ok());
    seconds.unwrap_or(i64::MAX / 4)
}

impl BookingRequest {
    /// Whether the request is to cancel (rule X-BOK-06).
    pub const fn is_cancellation(&self) -> bool {
        self.canceled.is_some()
    }
}

impl Cdr {
    /// Whether the CPO writes the invoice and waits for a FinancialAdviceConfirmation, when the CDR goes to a payment
    /// terminal provider (rule X-PAY-06).
    pub const fn is_invoiced_by_cpo(&self) -> bool {
        self.invoice_reference_id.is_some()
    }
}

impl crate::v230::Terminal {
    /// Whether the terminal serves an EVSE: all of its locations, and the listed ones beside (rule X-PAY-02).
    pub fn serves(&self, location_id: &str, evse_uid: &str) -> bool {
        self.location_ids.iter().any(|id| *id == *location_id) || self.evse_uids.iter().any(|uid| *uid == *evse_uid)
    }
}
