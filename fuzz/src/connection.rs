//! Two connection machines, and a third party that does to them what the input says.

use std::collections::BTreeMap;
use std::time::Duration;

use ocpp_rpc::{
    CallError, CallFailure, CallKey, CallOptions, Class, Connection, ConnectionConfig, CsmsCall, Event, Inbound, Input,
    Instant, Machine, Mend, MessageIds, Responder, StationCall, Transmit, parse,
};
use ocpp_types::{DecodePolicy, Version};

/// Checks what must hold of two machines whatever happens to them.
///
/// # Panics
/// When any of it does not hold.
pub fn connection(input: &[u8]) {
    let mut input = Bytes(input);
    let version = Version::ALL[usize::from(input.next()) % 3];
    let (mut config, mut lenient) = (ConnectionConfig::station(), ConnectionConfig::csms());
    lenient.mend = (input.next() % 2 == 0).then_some(Mend::Commas);
    (config.max_queued, lenient.max_queued) = (4, 4);
    let mut station = Side::<CsmsCall>::new(config, 1);
    let mut csms = Side::<StationCall>::new(lenient, 2);
    let mut now = Instant::ZERO;
    station.input(now, Input::LinkUp(version));
    csms.input(now, Input::LinkUp(version));
    let (mut to_csms, mut to_station) = (Vec::new(), Vec::new());
    while !input.0.is_empty() {
        let doing = input.next();
        let argument = input.next();
        match doing % 14 {
            0 => station.call(now, "Heartbeat", "{}", argument),
            1 => csms.call(now, "GetLocalListVersion", "{}", argument),
            2 => station.call(now, "DataTransfer", r#"{"vendorId":"V"}"#, argument),
            3 => csms.call(now, "TriggerMessage", r#"{"requestedMessage":"Heartbeat"}"#, argument),
            4 | 5 if !to_csms.is_empty() => {
                let text: String = to_csms.remove(usize::from(argument) % to_csms.len());
                csms.input(now, Input::Text(damaged(&text, doing == 5, argument)));
            }
            6 | 7 if !to_station.is_empty() => {
                let text: String = to_station.remove(usize::from(argument) % to_station.len());
                station.input(now, Input::Text(damaged(&text, doing == 7, argument)));
            }
            8 => {
                now += Duration::from_millis(100 * u64::from(argument));
                station.input(now, Input::Timeout);
                csms.input(now, Input::Timeout);
            }
            9 => {
                let text = String::from_utf8_lossy(input.take(argument.into()));
                csms.input(now, Input::Text(&text));
            }
            10 => {
                let text = String::from_utf8_lossy(input.take(argument.into()));
                station.input(now, Input::Text(&text));
            }
            11 if argument < 64 => {
                for up in [false, true] {
                    let what = if up { Input::LinkUp(version) } else { Input::LinkDown };
                    station.input(now, what);
                    csms.input(now, what);
                }
                to_csms.clear();
                to_station.clear();
            }
            12 => {
                station.answer(now, argument);
                csms.answer(now, argument);
            }
            13 => {
                station.cancel(now, argument);
                csms.cancel(now, argument);
            }
            _ => {}
        }
        station.settle(version, &mut to_csms);
        csms.settle(version, &mut to_station);
    }
    station.finish(now);
    csms.finish(now);
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn next(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or_default()
    }

    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }
}

fn damaged(text: &str, damage: bool, at: u8) -> &str {
    if damage { text.get(..usize::from(at)).unwrap_or(text) } else { text }
}

/// A machine with what is known about it.
struct Side<In: Inbound> {
    machine: Connection<In>,
    /// How often each call has ended.
    ends: BTreeMap<CallKey, u32>,
    waiting: Vec<Responder>,
    /// Calls on this link that were sent and have not ended.
    out: usize,
    /// Whether a call that was sent was taken back on this link: it is out for longer than its end tells.
    muddled: bool,
}

impl<In: Inbound> Side<In> {
    fn new(config: ConnectionConfig, ids: u128) -> Self {
        let machine = Connection::new(config, MessageIds::new(ids));
        Self { machine, ends: BTreeMap::new(), waiting: Vec::new(), out: 0, muddled: false }
    }

    fn input(&mut self, now: Instant, input: Input<'_>) {
        if matches!(input, Input::LinkUp(_)) {
            self.events();
            (self.out, self.muddled) = (0, false);
        }
        self.machine.handle_input(now, input);
        assert!(self.machine.unanswered() <= 16 && self.machine.queued() <= 4, "bounds are kept");
        self.events();
    }

    fn call(&mut self, now: Instant, action: &str, payload: &str, argument: u8) {
        let class = [Class::Normal, Class::Transaction, Class::Triggered, Class::Boot][usize::from(argument) % 4];
        let mut options = CallOptions::of(class);
        if argument > 128 {
            options = options.deadline(now + Duration::from_secs(u64::from(argument) % 40));
        }
        if let Ok(key) = self.machine.call_raw(now, action, payload, options) {
            assert_eq!(self.ends.insert(key, 0), None, "a key is given out once");
        }
    }

    fn answer(&mut self, now: Instant, argument: u8) {
        if self.waiting.is_empty() {
            return;
        }
        let responder = self.waiting.remove(usize::from(argument) % self.waiting.len());
        let outcome = match argument % 3 {
            0 => self.machine.refuse(now, responder, CallError::not_supported()),
            1 => self.machine.reply_raw(now, responder, Ok(r#"{"status":"Accepted"}"#)),
            _ => return,
        };
        let _ = outcome;
    }

    fn cancel(&mut self, now: Instant, argument: u8) {
        if let Some(&key) = self.ends.keys().rev().nth(usize::from(argument) % 8) {
            self.machine.cancel(now, key);
        }
    }

    /// Takes out everything, and looks at what is sent.
    fn settle(&mut self, version: Version, sent: &mut Vec<String>) {
        self.events();
        while let Some(transmit) = self.machine.poll_transmit() {
            let Transmit::Text(text) = transmit else { continue };
            parse(text, version, DecodePolicy::Repair).expect("what is sent is a frame");
            if text.starts_with("[2,") {
                self.out += 1;
                assert!(self.out <= 1 || self.muddled, "one call is out at a time");
            }
            if sent.len() < 64 {
                sent.push(text.to_owned());
            }
        }
    }

    fn events(&mut self) {
        while let Some(event) = self.machine.poll_event() {
            match event {
                Event::Answer(answer) => {
                    *self.ends.get_mut(&answer.key()).expect("a call that was made") += 1;
                    match answer.failure() {
                        Some(CallFailure::Cancelled { sent: true }) => self.muddled = true,
                        Some(failure) if !failure.may_have_arrived() => {}
                        _ => self.out = self.out.saturating_sub(1),
                    }
                }
                Event::Call(incoming) => self.waiting.push(incoming.into_parts().1),
                _ => {}
            }
        }
    }

    fn finish(mut self, now: Instant) {
        self.machine.handle_input(now, Input::LinkDown);
        self.events();
        assert!(self.ends.values().all(|&ends| ends == 1), "every call ends once: {:?}", self.ends);
        assert_eq!(self.machine.poll_timeout(), None, "nothing is due without a link");
        assert_eq!(self.machine.poll_transmit(), None, "nothing is sent without a link");
    }
}
