//! The maximum of OCPP, which stops the cost at the instant it is reached (R64).

use alloc::vec::Vec;

use crate::compile::ReadyLimit;
use crate::policy::LimitTrigger;
use crate::wide::{Wide, gcd};

/// The running cost of a session with a maximum that stops it (R64).
pub(super) struct Cap {
    pub(super) before: (Wide, Wide),
    pub(super) stretch: (Wide, Wide),
    pub(super) posts: Vec<(usize, i128)>,
    /// Which fraction of the stretch in which it was reached is still billed.
    pub(super) reached: Option<(Wide, Wide)>,
}

impl Cap {
    pub(super) fn new() -> Self {
        Self { before: (Wide::ZERO, Wide::ZERO), stretch: (Wide::ZERO, Wide::ZERO), posts: Vec::new(), reached: None }
    }
}

/// The fraction of a stretch after which a maximum is reached, if it is; all amounts before and after tax.
pub(super) fn reached(
    before: (Wide, Wide),
    stretch: (Wide, Wide),
    limit: &ReadyLimit,
    common: Wide,
    trigger: LimitTrigger,
) -> Option<(Wide, Wide)> {
    let reach = |bound: Option<(Option<i128>, Wide)>, before: Wide, stretch: Wide| {
        let bound = bound?.1 * common;
        Some(if before >= bound {
            Some((Wide::ZERO, Wide::ONE))
        } else if before + stretch >= bound {
            Some((bound - before, stretch))
        } else {
            None
        })
    };
    let net = reach(limit.excl_tax, before.0, stretch.0);
    let gross = reach(limit.incl_tax, before.1, stretch.1);
    let is_first = |a: (Wide, Wide), b: (Wide, Wide)| a.0 * b.1 <= b.0 * a.1;
    let found = match (net, gross) {
        (None, None) => None,
        (Some(only), None) | (None, Some(only)) => only,
        (Some(net), Some(gross)) => match (net, gross, trigger) {
            (Some(net), Some(gross), LimitTrigger::Either) => Some(if is_first(net, gross) { net } else { gross }),
            (Some(net), Some(gross), LimitTrigger::Both) => Some(if is_first(net, gross) { gross } else { net }),
            (found, None, LimitTrigger::Either) | (None, found, LimitTrigger::Either) => found,
            _ => None,
        },
    };
    found.map(|(share, whole)| {
        let divisor = gcd(share, whole);
        (share / divisor, whole / divisor)
    })
}
