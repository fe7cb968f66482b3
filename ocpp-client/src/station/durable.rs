//! Messages of transactions and what may be dropped of them.

use ocpp_types::{Request, v21, v201};

use crate::DropClass;

/// A TransactionEvent of 2.x.
pub trait TransactionEvent: Request + sealed::Sealed {
    /// In which class a full outbox may drop it; `None` if never (rule Q-08).
    fn drop_class(&self) -> Option<DropClass>;

    /// Whether it starts a transaction.
    fn starts(&self) -> bool;

    /// Whether it ends one.
    fn ends(&self) -> bool;
}

/// Updates may be dropped, readings before other news.
impl TransactionEvent for v201::TransactionEventRequest {
    fn starts(&self) -> bool {
        self.event_type == v201::TransactionEvent::Started
    }

    fn ends(&self) -> bool {
        self.event_type == v201::TransactionEvent::Ended
    }

    fn drop_class(&self) -> Option<DropClass> {
        use v201::{TransactionEvent::Updated, TriggerReason};
        match (&self.event_type, &self.trigger_reason) {
            (Updated, TriggerReason::MeterValuePeriodic | TriggerReason::MeterValueClock) => Some(DropClass::Meter),
            (Updated, _) => Some(DropClass::Update),
            _ => None,
        }
    }
}

/// Only readings may be dropped.
impl TransactionEvent for v21::TransactionEventRequest {
    fn starts(&self) -> bool {
        self.event_type == v21::TransactionEvent::Started
    }

    fn ends(&self) -> bool {
        self.event_type == v21::TransactionEvent::Ended
    }

    fn drop_class(&self) -> Option<DropClass> {
        use v21::{TransactionEvent::Updated, TriggerReason};
        match (&self.event_type, &self.trigger_reason) {
            (Updated, TriggerReason::MeterValuePeriodic | TriggerReason::MeterValueClock) => Some(DropClass::Meter),
            _ => None,
        }
    }
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for ocpp_types::v201::TransactionEventRequest {}
    impl Sealed for ocpp_types::v21::TransactionEventRequest {}
}
