#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod backoff;
pub mod charger;
#[cfg(feature = "websocket")]
mod client;
mod clock;
mod config;
mod error;
mod event;
mod heartbeat;
mod network_profiles;
mod outbox;
mod random;
mod reconnect;
mod registration;
mod station;
mod store;
mod target;

pub use backoff::Backoff;
#[cfg(feature = "websocket")]
pub use client::{Client, ClientError, Connector, Stationary, Target, Wish};
pub use clock::{Clock, ClockStep};
pub use config::{Boot, StationConfig, StationInfo};
pub use error::{NotTaken, Refused, StationError};
pub use event::{Delivered, StationEvent, StatusScope};
pub use heartbeat::Heartbeat;
pub use network_profiles::{Equipment, NetworkChange, NetworkProfile, NetworkProfiles, ProfileRefused};
pub use outbox::{
    AfterFailure, DropCause, DropClass, Due, Failure, Lane, LostStart, Message, OnStoreFailure, Outbox, OutboxConfig,
    OutboxError, OutboxNotice, Part, TransactionKey,
};
pub use random::Random;
pub use reconnect::{CloseReason, Decision, Reconnect, SlotChange};
pub use registration::{BootAnswer, BootStatus, Inbound, Registration, RegistrationState};
pub use station::{Sent, Station, TlsFailure, TransactionEvent, Trigger, TriggerStatus};
#[cfg(feature = "redb")]
pub use store::RedbStore;
pub use store::{Change, MemoryStore, Store, StoreError, StoreErrorKind};
pub use target::{Identity, IdentityError, Password, PasswordError};
