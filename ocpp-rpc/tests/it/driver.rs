//! Machines with a clock, a link and an application: in virtual time over a link of two queues, and over real sockets.

mod link;
mod liveness;
mod peer;
mod relay;
#[cfg(feature = "websocket")]
mod storm;
