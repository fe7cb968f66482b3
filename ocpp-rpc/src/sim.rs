//! Two machines, a virtual clock and a bad network (feature `sim`).

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use ocpp_types::Version;

use crate::{Input, Instant, Machine, Transmit};

/// How bad the network is. Chances are in a thousand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Weather {
    /// The least time a text takes.
    pub least_delay: Duration,
    /// The most time a text takes.
    pub most_delay: Duration,
    /// The chance that a text is lost. TCP loses nothing, but what relays texts may.
    pub loss: u16,
    /// The chance that a text comes twice.
    pub repetition: u16,
    /// The chance that a text may overtake others.
    pub overtaking: u16,
    /// The chance that sending a text ends the link; it comes back by [`Sim::connect`] only.
    pub cut: u16,
    /// The chance that a text comes with a part cut off.
    pub damage: u16,
}

impl Weather {
    /// Nothing is lost, and all takes ten milliseconds.
    pub const fn fine() -> Self {
        let delay = Duration::from_millis(10);
        Self { least_delay: delay, most_delay: delay, loss: 0, repetition: 0, overtaking: 0, cut: 0, damage: 0 }
    }

    /// Everything happens that can, now and then.
    pub const fn storm() -> Self {
        Self {
            least_delay: Duration::from_millis(1),
            most_delay: Duration::from_secs(40),
            loss: 50,
            repetition: 50,
            overtaking: 100,
            cut: 10,
            damage: 30,
        }
    }
}

/// One of two ends.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum End {
    /// The first machine, usually the station.
    Station,
    /// The second machine, usually the CSMS.
    Csms,
}

impl End {
    /// The end at the other side.
    pub const fn other(self) -> Self {
        match self {
            Self::Station => Self::Csms,
            Self::Csms => Self::Station,
        }
    }
}

/// A text that was sent.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Line {
    /// When.
    pub at: Instant,
    /// On which link, counted from 1.
    pub link: u32,
    /// Who sent it.
    pub from: End,
    /// The text.
    pub text: String,
}

/// Two machines joined by a network. The same seed and the same doings give the same run.
///
/// # Example
/// ```
/// use ocpp_rpc::sim::{Sim, Weather};
/// use ocpp_rpc::{CallError, Connection, ConnectionConfig, CsmsCall, Event, Machine, MessageIds, StationCall};
/// use ocpp_types::{Version, v16};
///
/// let station = Connection::<CsmsCall>::new(ConnectionConfig::station(), MessageIds::new(1));
/// let csms = Connection::<StationCall>::new(ConnectionConfig::csms(), MessageIds::new(2));
/// let mut sim = Sim::new(station, csms, Weather::fine(), 42);
/// sim.connect(Version::V16);
/// let call = sim.station.call(sim.now(), &v16::HeartbeatRequest::new()).unwrap();
/// while sim.step() {
///     if let Some(Event::Call(incoming)) = sim.csms.poll_event() {
///         let (_, responder) = incoming.into_parts();
///         sim.csms.refuse(sim.now(), responder, CallError::not_supported()).unwrap();
///     }
///     if let Some(Event::Answer(answer)) = sim.station.poll_event() {
///         assert!(answer.claim(call).unwrap().is_err());
///     }
/// }
/// assert_eq!(sim.transcript().len(), 2);
/// ```
#[derive(Debug)]
pub struct Sim<S, C> {
    /// The first machine.
    pub station: S,
    /// The second machine.
    pub csms: C,
    now: Instant,
    weather: Weather,
    seed: u64,
    is_up: bool,
    link: u32,
    /// By the moment of arrival; what arrives together arrives in the order it was sent.
    under_way: BTreeMap<(Instant, End, u64), String>,
    /// How many texts each end has sent.
    sent: [u64; 2],
    /// When the last text in order arrives at each end.
    last: [Instant; 2],
    transcript: Vec<Line>,
}

impl<S: Machine, C: Machine> Sim<S, C> {
    /// Two machines without link, at the start of the clock.
    pub const fn new(station: S, csms: C, weather: Weather, seed: u64) -> Self {
        Self {
            station,
            csms,
            now: Instant::ZERO,
            weather,
            seed,
            is_up: false,
            link: 0,
            under_way: BTreeMap::new(),
            sent: [0; 2],
            last: [Instant::ZERO; 2],
            transcript: Vec::new(),
        }
    }

    /// The moment it is.
    pub const fn now(&self) -> Instant {
        self.now
    }

    /// Whether the link is up.
    pub const fn is_up(&self) -> bool {
        self.is_up
    }

    /// Every text that was sent, in order.
    pub fn transcript(&self) -> &[Line] {
        &self.transcript
    }

    /// Opens a link that speaks this version; one that is open ends first.
    pub fn connect(&mut self, version: Version) {
        self.disconnect();
        self.is_up = true;
        self.link += 1;
        self.station.handle_input(self.now, Input::LinkUp(version));
        self.csms.handle_input(self.now, Input::LinkUp(version));
    }

    /// Ends the link; what is under way is lost.
    pub fn disconnect(&mut self) {
        if self.is_up {
            self.is_up = false;
            self.under_way.clear();
            self.last = [self.now; 2];
            self.station.handle_input(self.now, Input::LinkDown);
            self.csms.handle_input(self.now, Input::LinkDown);
        }
    }

    /// Takes from one end what it has to send.
    pub fn collect(&mut self, from: End) {
        loop {
            let transmit = match from {
                End::Station => self.station.poll_transmit(),
                End::Csms => self.csms.poll_transmit(),
            };
            match transmit {
                None => return,
                Some(Transmit::Text(text)) => {
                    let text = text.to_owned();
                    self.transmit(from, text);
                }
                Some(Transmit::Close { .. }) => self.disconnect(),
            }
        }
    }

    /// Sends what is to be sent, then lets time pass until the next thing happens, and lets it happen; false if there is
    /// none. Events are left to be taken out.
    pub fn step(&mut self) -> bool {
        self.collect(End::Station);
        self.collect(End::Csms);
        let arrival = self.under_way.keys().next().map(|&(at, ..)| at);
        let timeouts = [self.station.poll_timeout(), self.csms.poll_timeout()];
        let Some(next) = timeouts.into_iter().flatten().chain(arrival).min() else { return false };
        self.now = self.now.max(next);
        for (timeout, end) in timeouts.into_iter().zip([End::Station, End::Csms]) {
            if timeout.is_some_and(|at| at <= self.now) {
                self.input(end, Input::Timeout);
            }
        }
        if arrival.is_some_and(|at| at <= self.now)
            && let Some(((_, from, _), text)) = self.under_way.pop_first()
        {
            self.input(from.other(), Input::Text(&text));
        }
        true
    }

    fn input(&mut self, end: End, input: Input<'_>) {
        match end {
            End::Station => self.station.handle_input(self.now, input),
            End::Csms => self.csms.handle_input(self.now, input),
        }
    }

    fn transmit(&mut self, from: End, mut text: String) {
        let number = self.sent[from as usize];
        self.sent[from as usize] += 1;
        self.transcript.push(Line { at: self.now, link: self.link, from, text: text.clone() });
        // what happens to a text depends on the text's number alone, not on what else goes on
        let mut dice = Dice(self.seed ^ (number << 1 | from as u64).wrapping_mul(0xd6e8_feb8_6659_fd93));
        if !self.is_up || dice.happens(self.weather.loss) {
            return;
        }
        if dice.happens(self.weather.cut) {
            return self.disconnect();
        }
        if dice.happens(self.weather.damage) {
            let mut end = dice.below(text.len() as u64) as usize;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
        }
        let spread = self.weather.most_delay.saturating_sub(self.weather.least_delay).as_nanos();
        let delay = self.weather.least_delay + Duration::from_nanos(dice.below(spread as u64 + 1));
        let mut arrival = self.now + delay;
        if !dice.happens(self.weather.overtaking) {
            arrival = arrival.max(self.last[from as usize]);
            self.last[from as usize] = arrival;
        }
        if dice.happens(self.weather.repetition) {
            let again = arrival + self.weather.least_delay;
            self.under_way.insert((again, from, number), text.clone());
        }
        self.under_way.insert((arrival, from, number), text);
    }
}

/// Random numbers from a seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// Any number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below this one; 0 below 0 and 1.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound.max(1)
    }

    /// Whether something happens that has this chance in a thousand.
    pub fn happens(&mut self, chance: u16) -> bool {
        self.below(1000) < u64::from(chance)
    }
}
