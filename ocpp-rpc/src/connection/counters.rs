//! What a connection counts.

macro_rules! counters {
    ($( $(#[$doc:meta])* $name:ident, )+) => {
        /// What a connection has counted since it was made, over all its links. Counting stops at 4 294 967 295.
        #[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
        #[non_exhaustive]
        pub struct Counters {
            $( $(#[$doc])* pub $name: u32, )+
        }

        impl Counters {
            /// Every counter with its name, for metrics.
            pub fn iter(&self) -> impl Iterator<Item = (&'static str, u32)> {
                [$( (stringify!($name), self.$name), )+].into_iter()
            }
        }
    };
}

counters! {
    /// Texts that came in.
    texts_in,
    /// Texts handed out to be sent.
    texts_out,
    /// Requests given to the application.
    calls_in,
    /// Calls of this side that were sent.
    calls_out,
    /// Calls of this side that went without answer (rule RPC-23).
    timeouts,
    /// Answers that no call waited for (rule RPC-25).
    unmatched,
    /// Answers that were no answer to their call (rules RPC-27, RPC-28).
    invalid_responses,
    /// Texts that were no frame.
    broken_frames,
    /// Texts that were mended before they could be read.
    mended,
    /// Requests answered with a CALLERROR without asking the application.
    calls_refused,
    /// Requests that came again (rules RPC-29, RPC-30).
    repeated,
    /// Ids used again for another request (rules RPC-29, RPC-30).
    ids_reused,
    /// Requests that the application did not answer in time (rule RPC-33).
    handler_timeouts,
    /// Answers of the application that came too late or were refused.
    replies_refused,
    /// Notices that were dropped (rule RPC-14).
    notices_dropped,
    /// Binary messages (rule RPC-01).
    binary,
    /// Refusals of our own answers (rule RPC-28).
    results_refused,
    /// Refusals with the id `-1` that came in (rule RPC-61).
    unreadable_at_peer,
    /// Events that were dropped because the application did not take them out.
    events_lost,
}
