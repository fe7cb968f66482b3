#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod actions;
mod call;
mod connection;
#[cfg(feature = "tokio")]
mod driver;
mod error_code;
mod event;
mod failure;
mod frame;
#[cfg(feature = "tokio")]
mod handler;
mod inbound;
mod instant;
#[cfg(feature = "tokio")]
mod link;
mod machine;
mod mend;
mod message_id;
mod message_ids;
#[cfg(feature = "tokio")]
mod peer;
mod quirks;
mod relay;
#[cfg(feature = "tokio")]
mod relay_task;
#[cfg(feature = "tokio")]
mod router;
mod rules;
#[cfg(feature = "sim")]
pub mod sim;
mod verdict;
#[cfg(feature = "websocket")]
pub mod websocket;

pub use call::{Call, CallFault, decode_call};
pub use connection::{CallOptions, Class, Connection, ConnectionConfig, Counters, OnBinary, OnUnreadable, OnViolation};
#[cfg(feature = "tokio")]
pub use driver::{Application, Clock, Gone, Keepalive, LinkEnd, Mailbox, Patience, Turn, drive, wait};
pub use error_code::ErrorCode;
pub use event::{Anomaly, Answer, CallId, CallKey, Event, Incoming, NotTaken, Replier, Responder, StationNotice};
pub use failure::{CallError, CallFailure, CallRefused, InvalidResponse, ReplyRefused};
pub use frame::{Frame, FrameDefect, FrameError, FrameRemark, Parsed, Refusal, parse};
#[cfg(feature = "tokio")]
pub use handler::{Conversation, Handler};
pub use inbound::{CsmsCall, Inbound, Mismatch, Raw, StationCall};
pub use instant::Instant;
#[cfg(feature = "tokio")]
pub use link::{CloseReason, Link, LinkError, Outgoing, Received};
pub use machine::{CloseCode, Input, Machine, Transmit};
pub use mend::{Mend, mend, rescue};
pub use message_id::MessageId;
pub use message_ids::MessageIds;
#[cfg(feature = "tokio")]
pub use peer::{Peer, PeerError, converse};
pub use quirks::{KNOWN_STATIONS, KnownStation, ProfileKind, ProfileUnit, Quirks};
pub use relay::{Relay, RelayCall, RelayConfig, RelayEvent, Side};
#[cfg(feature = "tokio")]
pub use relay_task::{RelayEnd, RelayHandle, RelayObserver, Relaying, relay};
#[cfg(feature = "tokio")]
pub use router::Router;
pub use verdict::{Direction, Unchecked, Verdict, check};

/// The examples of the README at the top of the repository.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
