//! Makes whoever guesses passwords wait.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use ocpp_rpc::Instant;
use serde::{Deserialize, Serialize};

use crate::StationId;

/// Counts failed attempts and tells who has to wait (fault row B14).
///
/// Failures are counted per pair of source and identity, and per source over all identities, which needs more of them since a
/// whole site may share an address; of IPv6, a network of 64 bits counts as one source. They are not counted per identity alone: that would let anyone lock a station out.
/// A success clears the pair. What is remembered is bounded; the oldest failures are forgotten first.
#[derive(Clone, Debug)]
pub struct Guard {
    config: GuardConfig,
    pairs: BTreeMap<(IpAddr, StationId), Failures>,
    sources: BTreeMap<IpAddr, Failures>,
}

/// How patient a [`Guard`] is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GuardConfig {
    /// Failures of one source with one identity that cost nothing.
    pub free_per_pair: u32,
    /// Failures of one source over all identities that cost nothing.
    pub free_per_source: u32,
    /// The wait after the first failure that costs; doubled with each further one.
    pub first_wait: Duration,
    /// The longest wait. Failures are forgotten after twice this time without another one.
    pub longest_wait: Duration,
    /// How many pairs, and how many sources, are remembered.
    pub remembered: usize,
}

impl Default for GuardConfig {
    fn default() -> Self {
        Self {
            free_per_pair: 5,
            free_per_source: 50,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(900),
            remembered: 10_000,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Instant,
}

impl Guard {
    /// A guard that remembers nobody.
    pub fn new(config: GuardConfig) -> Self {
        Self { config, pairs: BTreeMap::new(), sources: BTreeMap::new() }
    }

    /// How long this source has to wait with this identity; none if it may try now.
    ///
    /// While it has to wait, credentials should not be looked at, right or wrong.
    pub fn wait(&self, now: Instant, source: IpAddr, identity: &StationId) -> Option<Duration> {
        let source = network(source);
        let pair =
            self.pairs.get(&(source, identity.clone())).and_then(|f| self.left(now, f, self.config.free_per_pair));
        let source = self.sources.get(&source).and_then(|f| self.left(now, f, self.config.free_per_source));
        pair.max(source)
    }

    /// Takes note of a failure.
    pub fn failed(&mut self, now: Instant, source: IpAddr, identity: &StationId) {
        let (config, source) = (self.config, network(source));
        count(&mut self.pairs, (source, identity.clone()), now, &config);
        count(&mut self.sources, source, now, &config);
    }

    /// Takes note of a success.
    pub fn succeeded(&mut self, source: IpAddr, identity: &StationId) {
        self.pairs.remove(&(network(source), identity.clone()));
    }

    fn left(&self, now: Instant, failures: &Failures, free: u32) -> Option<Duration> {
        let doublings = failures.count.checked_sub(free)?.checked_sub(1)?;
        let wait = self.config.first_wait.saturating_mul(1_u32.checked_shl(doublings.min(31)).unwrap_or(u32::MAX));
        let left = wait.min(self.config.longest_wait).checked_sub(now.saturating_since(failures.last))?;
        (!left.is_zero()).then_some(left)
    }
}

/// Whose address it is: of IPv6, a whole network of 64 bits belongs to whoever has one address in it.
fn network(source: IpAddr) -> IpAddr {
    match source.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        canonical => canonical,
    }
}

fn count<K: Clone + Ord>(all: &mut BTreeMap<K, Failures>, key: K, now: Instant, config: &GuardConfig) {
    let forgotten_after = config.longest_wait.saturating_mul(2);
    if all.len() >= config.remembered && !all.contains_key(&key) {
        all.retain(|_, failures| now.saturating_since(failures.last) < forgotten_after);
        forget(all, config.remembered);
    }
    let failures = all.entry(key).or_insert(Failures { count: 0, last: now });
    if now.saturating_since(failures.last) >= forgotten_after {
        failures.count = 0;
    }
    *failures = Failures { count: failures.count.saturating_add(1), last: now };
}

/// Makes room: those with the fewest failures have the least to lose. Some at a time, so that it is not done for each.
fn forget<K: Clone + Ord>(all: &mut BTreeMap<K, Failures>, remembered: usize) {
    let most = remembered.saturating_sub(remembered / 16 + 1);
    if all.len() <= most {
        return;
    }
    let mut by_weight: Vec<(u32, Instant, K)> =
        all.iter().map(|(key, failures)| (failures.count, failures.last, key.clone())).collect();
    by_weight.sort_unstable();
    for (_, _, key) in by_weight.into_iter().take(all.len() - most) {
        all.remove(&key);
    }
}
