#![doc = include_str!("../README.md")]

mod auth;
mod batches;
mod clock_skew;
#[cfg(feature = "tokio")]
mod csms;
pub mod directory;
pub mod handshake;
mod identity;
pub mod ledger;
pub mod preflight;
pub mod registry;
mod remote_starts;
mod reports;
mod station_connection;

pub use auth::{
    Admission, AllowEveryStationUnauthenticated, AuthRemark, Authenticator, CertificateRule, Denial, Enrolment,
    ExpiredCertificate, Guard, GuardConfig, KeyForm, KnownRegistration, PasswordHash, SecurityProfile, StagedSecret,
    StaticAuthenticator, UnknownStation,
};
pub use batches::{ListPart, ListUpdate, batches, local_list};
pub use clock_skew::ClockSkew;
#[cfg(feature = "tokio")]
pub use csms::{
    CallError, CallOptions, Cluster, Csms, CsmsConfig, CsmsEvent, Entrance, EntranceDenied, NodeError, Nodes,
    NoticeHandler, Observer, RemoteStartError, RemoteStarted, RoutedError, RunEnd, StateError, StateStore, Station,
};
pub use identity::{IdentityError, StationId};
pub use remote_starts::{RemoteStartRequest, RemoteStartResult, RemoteStarts, WantedStart};
pub use reports::{Page, PagePlace, Partial, ReportLimits, Reports};
pub use station_connection::{
    CommandFailure, CommandId, CommandOptions, CommandRefused, EarlyMessages, GatePass, HandOver, HoldCalls,
    KnownStations, Lost, Priority, Registration, SavedCommand, SavedStart, StationConnection, StationEvent,
    StationMake, StationRules, StationState, WhenOffline,
};
