//! Why a station does not do what it was asked.

use ocpp_rpc::CallRefused;
use ocpp_types::{EncodeError, Version};

use crate::{OutboxError, RegistrationState, StoreError};

/// Why a station could not be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StationError {
    /// What the station says of itself does not fit a BootNotification of its version.
    #[error("boot notification of OCPP {version}: {source}")]
    Info {
        /// The version.
        version: Version,
        /// What is wrong.
        source: EncodeError,
    },
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a call was not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// There is no connection.
    #[error("offline")]
    Offline,
    /// The CSMS has not accepted the station (table of C.1).
    #[error("not accepted by the CSMS, which has said {0:?}")]
    NotAccepted(RegistrationState),
    /// The station sends this message itself when it is time.
    #[error("{0} is sent by the station itself")]
    Own(&'static str),
    /// It is a message of transactions, which goes through the outbox.
    #[error("{0} goes through the outbox")]
    Durable(&'static str),
    /// The connection did not take it.
    #[error(transparent)]
    Connection(#[from] CallRefused),
    /// The outbox did not take it.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
}

/// Why a message that must arrive was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotTaken {
    /// The CSMS has not accepted the station since its boot, and transactions have to wait for that
    /// ([`transactions_before_accepted`](crate::StationConfig::transactions_before_accepted); rule BOOT-09).
    #[error("not accepted since the boot")]
    NotAccepted,
    /// The message breaks the specification.
    #[error(transparent)]
    Payload(#[from] EncodeError),
    /// The outbox did not take it.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
}
