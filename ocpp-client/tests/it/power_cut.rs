//! Row E6, field need 7, rules Q-13 and Q-14: the power is cut at every write, before and after it reaches the medium.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use ocpp_client::{Change, MemoryStore, Store, StoreError, StoreErrorKind};
use ocpp_types::{Version, v21};
use serde_json::Value;

use crate::lab::{Lab, Sent, config, make, usual_answer};

/// A medium whose power goes at the n-th commit.
#[derive(Clone)]
pub(crate) struct Medium(Rc<RefCell<Power>>);

struct Power {
    inner: MemoryStore,
    commits_left: usize,
    reaches_medium: bool,
    is_cut: bool,
    commits: usize,
}

impl Medium {
    pub(crate) fn new(commits_left: usize, reaches_medium: bool) -> Self {
        let inner = MemoryStore::new();
        Self(Rc::new(RefCell::new(Power { inner, commits_left, reaches_medium, is_cut: false, commits: 0 })))
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.0.borrow().is_cut
    }

    pub(crate) fn power_on(&self) {
        let mut power = self.0.borrow_mut();
        power.is_cut = false;
        power.commits_left = usize::MAX;
    }
}

impl Store for Medium {
    fn records(&mut self) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        self.0.borrow_mut().inner.records()
    }

    fn value(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.borrow_mut().inner.value(name)
    }

    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        let mut power = self.0.borrow_mut();
        if power.is_cut {
            return Err(StoreError::new(StoreErrorKind::Failed));
        }
        power.commits += 1;
        if power.commits_left == 0 {
            power.is_cut = true;
            if power.reaches_medium {
                power.inner.commit(changes)?;
            }
            return Err(StoreError::new(StoreErrorKind::Failed));
        }
        power.commits_left -= 1;
        power.inner.commit(changes)
    }
}

/// A CSMS that remembers, and gives ids.
#[derive(Default)]
struct Csms {
    received: Vec<Sent>,
}

impl Csms {
    /// Answers until the station has nothing to say or its power is gone.
    fn serve(&mut self, lab: &mut Lab<Medium>, medium: &Medium) {
        loop {
            let sent = lab.sent();
            if sent.is_empty() || medium.is_cut() {
                return;
            }
            for frame in sent {
                let answer = usual_answer(&frame.name, &frame.payload);
                self.received.push(frame.clone());
                lab.answer(&frame, answer);
                if medium.is_cut() {
                    return;
                }
            }
        }
    }

    /// How often each message came, by what makes it distinct.
    fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for frame in self.received.iter().filter(|frame| frame.name != "BootNotification") {
            *counts.entry(mark(frame)).or_default() += 1;
        }
        counts
    }
}

fn mark(frame: &Sent) -> String {
    let of = |value: &Value| value.to_string();
    match &*frame.name {
        "StartTransaction" => format!("start {}", of(&frame.payload["meterStart"])),
        "StopTransaction" => format!("stop {}", of(&frame.payload["meterStop"])),
        "MeterValues" => format!("meter {}", of(&frame.payload["meterValue"][0]["sampledValue"][0]["value"])),
        _ => format!("event {}", of(&frame.payload["seqNo"])),
    }
}

/// Runs a story until the power is cut, if it is, then boots, ends it, and compares with what the station had taken.
fn cut(
    version: Version,
    at: usize,
    reaches_medium: bool,
    story: impl Fn(&mut Lab<Medium>, &Medium, &mut Csms, &mut Vec<String>),
) -> bool {
    let medium = Medium::new(at, reaches_medium);
    let mut csms = Csms::default();
    let mut taken = Vec::new();
    let mut early = config(version);
    early.outbox.on_store_failure = ocpp_client::OnStoreFailure::Refuse;
    let mut lab = Lab::on(early.clone(), medium.clone(), 1);
    lab.link_up();
    csms.serve(&mut lab, &medium);
    story(&mut lab, &medium, &mut csms, &mut taken);
    let was_cut = medium.is_cut();
    drop(lab);

    medium.power_on();
    let mut lab = Lab::on(early, medium.clone(), 2);
    lab.link_up();
    csms.serve(&mut lab, &medium);
    assert!(lab.station.outbox().is_empty(), "cut at {at}: {:?} left", lab.station.outbox().len());

    let counts = csms.counts();
    for message in &taken {
        let count = counts.get(message).copied().unwrap_or(0);
        assert!(count > 0, "cut at {at}, {reaches_medium}: {message} is lost");
    }
    // at least once: what was in flight or being written may come twice, everything else once (Q-14)
    let twice = counts.values().filter(|count| **count == 2).count();
    let more = counts.values().filter(|count| **count > 2).count();
    assert!(twice <= 1 && more == 0, "cut at {at}, {reaches_medium}: {counts:?}");
    // an id is never invented where the CSMS has given one
    for frame in &csms.received {
        if let Some(id) = frame.payload.get("transactionId") {
            assert_eq!(id, 42, "cut at {at}, {reaches_medium}: {frame:?}");
        }
    }
    // the first time each message came is in order
    let mut first: Vec<String> = Vec::new();
    for frame in csms.received.iter().filter(|frame| frame.name != "BootNotification") {
        if !first.contains(&mark(frame)) {
            first.push(mark(frame));
        }
    }
    let in_order: Vec<_> = first.iter().filter(|message| taken.contains(message)).cloned().collect();
    assert_eq!(in_order, taken, "cut at {at}, {reaches_medium}");
    was_cut
}

/// Two transactions of 1.6, the first online, the second offline with a reconnect at its end.
fn story_v16(lab: &mut Lab<Medium>, medium: &Medium, csms: &mut Csms, taken: &mut Vec<String>) {
    macro_rules! step {
        ($mark:expr, $result:expr) => {
            match $result {
                Ok(value) => {
                    taken.push($mark.to_string());
                    value
                }
                Err(_) => return,
            }
        };
    }
    let (mut start, mut stop) = (make::start(), make::stop());
    let now = lab.now;
    let key = step!("start 1000", lab.station.start_transaction(now, &start));
    csms.serve(lab, medium);
    step!(r#"meter "1""#, lab.station.meter_values(now, key, &make::meter(1)));
    csms.serve(lab, medium);
    step!("stop 9000", lab.station.stop_transaction(now, key, &stop));
    csms.serve(lab, medium);
    if medium.is_cut() {
        return;
    }
    lab.link_down();
    start.meter_start = 2000;
    stop.meter_stop = 8000;
    let key = step!("start 2000", lab.station.start_transaction(now, &start));
    step!(r#"meter "2""#, lab.station.meter_values(now, key, &make::meter(2)));
    step!(r#"meter "3""#, lab.station.meter_values(now, key, &make::meter(3)));
    step!("stop 8000", lab.station.stop_transaction(now, key, &stop));
    lab.link_up();
    csms.serve(lab, medium);
}

/// A transaction of 2.1, half of it offline.
fn story_v21(lab: &mut Lab<Medium>, medium: &Medium, csms: &mut Csms, taken: &mut Vec<String>) {
    for seq_no in 0..8 {
        if seq_no == 3 {
            lab.link_down();
        }
        if seq_no == 6 {
            lab.link_up();
        }
        let kind = match seq_no {
            0 => v21::TransactionEvent::Started,
            7 => v21::TransactionEvent::Ended,
            _ => v21::TransactionEvent::Updated,
        };
        let mut event = make::event_21(kind, v21::TriggerReason::ChargingStateChanged, seq_no);
        event.transaction_info = v21::Transaction::new("tx");
        match lab.station.transaction_event(lab.now, &event) {
            Ok(_) => taken.push(format!("event {seq_no}")),
            Err(_) => return,
        }
        csms.serve(lab, medium);
        if medium.is_cut() {
            return;
        }
    }
}

/// Rules Q-13 and Q-14.
#[test]
fn e6_the_power_is_cut_at_every_write_of_a_1_6_station() {
    let mut cuts = 0;
    for reaches_medium in [false, true] {
        let mut at = 0;
        while cut(Version::V16, at, reaches_medium, story_v16) {
            at += 1;
            cuts += 1;
        }
    }
    assert!(cuts >= 28, "only {cuts} writes were cut");
}

/// Rules Q-13 and Q-14.
#[test]
fn e6_the_power_is_cut_at_every_write_of_a_2_1_station() {
    let mut cuts = 0;
    for reaches_medium in [false, true] {
        let mut at = 0;
        while cut(Version::V21, at, reaches_medium, story_v21) {
            at += 1;
            cuts += 1;
        }
    }
    assert!(cuts >= 32, "only {cuts} writes were cut");
}
