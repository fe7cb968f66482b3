#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
// without any version the machinery has no users
#![cfg_attr(
    not(any(feature = "v16", feature = "v201", feature = "v21")),
    allow(dead_code, unused_imports, unused_macros)
)]

extern crate alloc;

mod actions;
mod custom_data;
mod decimal;
mod decode;
mod encode;
mod inspect;
pub mod limits;
mod list;
mod message;
mod object;
mod raw_json;
pub mod reader;
#[cfg(feature = "schema")]
mod schema;
pub mod shape;
pub mod standard;
mod string_enum;
mod text;
mod timestamp;
#[cfg(feature = "v16")]
pub mod v16;
#[cfg(feature = "v201")]
pub mod v201;
#[cfg(feature = "v21")]
pub mod v21;
mod version;
mod violation;
mod writer;

pub use custom_data::CustomData;
pub use decimal::{Decimal, DecimalError};
pub use decode::{DecodePolicy, Decoded, Inspection, decode, decode_usual, decode_within};
pub use encode::{EncodeError, encode, encode_into, encode_unchecked};
pub use inspect::inspect;
pub use list::List;
pub use message::{Calls, EachPayload, Notice, Origin, Payload, Request};
pub use raw_json::RawJson;
#[cfg(feature = "schema")]
pub use schema::schema_of;
pub use string_enum::Unlisted;
pub use text::{CiString, Secret, Text, Uri};
pub use timestamp::{Timestamp, TimestampDefect, TimestampError};
pub use version::{UnknownVersion, Version};
pub use violation::{DecodeError, Defect, Remark, Repair, Violation, ViolationKind};
pub use writer::{Buffer, Unwritable};
