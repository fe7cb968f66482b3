#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod call;
mod error_code;
mod frame;
mod mend;
mod message_id;
mod verdict;

pub use call::{Call, CallFault, decode_call};
pub use error_code::ErrorCode;
pub use frame::{Frame, FrameDefect, FrameError, FrameRemark, Parsed, Refusal, parse};
pub use mend::{Mend, mend, rescue};
pub use message_id::MessageId;
pub use verdict::{Direction, Unchecked, Verdict, check};

/// The examples of the README at the top of the repository.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
