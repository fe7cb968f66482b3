//! Whether the CSMS knows the station.

mod answer;

use core::time::Duration;

use ocpp_rpc::Instant;
use ocpp_types::Version;

use crate::Random;

pub(crate) use answer::current_time;
pub use answer::{BootAnswer, BootStatus};

/// The shortest wait of a station that has to choose it.
const OWN_WAIT: Duration = Duration::from_secs(30);
/// The longest one.
const OWN_WAIT_LIMIT: Duration = Duration::from_secs(60 * 60);

/// How the CSMS regards the station (rules BOOT-01 to BOOT-14).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum RegistrationState {
    /// It has not answered a BootNotification since the boot.
    #[default]
    Unregistered,
    /// It wants to set the station up first.
    Pending,
    /// It does not want the station, for now.
    Rejected,
    /// All messages may flow.
    Accepted,
}

/// The BootNotifications of a station: when to send one, and what its answer opens.
#[derive(Clone, Debug, Default)]
pub struct Registration {
    state: RegistrationState,
    in_flight: bool,
    not_before: Option<Instant>,
    own_waits: u32,
}

impl Registration {
    /// What the CSMS said last.
    pub fn state(&self) -> RegistrationState {
        self.state
    }

    /// Whether the station may use the connection for everything.
    pub fn is_accepted(&self) -> bool {
        self.state == RegistrationState::Accepted
    }

    /// Starts anew, as after a boot: the next BootNotification is due at once.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// When the next BootNotification may be sent, if one is needed; `None` if none is.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        (!self.is_accepted() && !self.in_flight).then(|| self.not_before.unwrap_or(now))
    }

    /// Asks for a BootNotification at once, as TriggerMessage does (rule BOOT-05); an accepted station has none to send
    /// (rules BOOT-12 and BOOT-13).
    pub fn trigger(&mut self) -> bool {
        if self.is_accepted() {
            return false;
        }
        self.not_before = None;
        true
    }

    /// Notes that a BootNotification was sent.
    pub fn sent(&mut self) {
        self.in_flight = true;
    }

    /// Notes its answer. Returns the interval of heartbeats the CSMS asked for, when it accepted the station.
    pub fn answered(&mut self, now: Instant, answer: &BootAnswer, random: &mut Random) -> Option<Duration> {
        self.in_flight = false;
        self.state = match answer.status {
            BootStatus::Accepted => RegistrationState::Accepted,
            BootStatus::Pending => RegistrationState::Pending,
            BootStatus::Rejected => RegistrationState::Rejected,
        };
        if self.is_accepted() {
            return Some(answer.interval);
        }
        let wait = if answer.interval.is_zero() { self.own_wait(random) } else { answer.interval };
        self.not_before = Some(now + wait);
        None
    }

    /// Notes that no answer came that could be read (rule BOOT-14). What the CSMS said before stays in force.
    pub fn failed(&mut self, now: Instant, random: &mut Random) {
        self.in_flight = false;
        let wait = self.own_wait(random);
        self.not_before = Some(now + wait);
    }

    /// Notes that the connection is gone: a BootNotification under way has to be sent again.
    pub fn link_down(&mut self) {
        self.in_flight = false;
    }

    /// What becomes of a request of the CSMS in this state (table of C.1).
    pub fn inbound(&self, version: Version, action: &str) -> Inbound {
        let starts_or_stops = matches!(
            action,
            "RemoteStartTransaction" | "RemoteStopTransaction" | "RequestStartTransaction" | "RequestStopTransaction"
        );
        match self.state {
            RegistrationState::Accepted => Inbound::Serve,
            RegistrationState::Pending if starts_or_stops => Inbound::AnswerRejected,
            RegistrationState::Pending => Inbound::Serve,
            RegistrationState::Rejected if version == Version::V16 => Inbound::Ignore,
            RegistrationState::Rejected | RegistrationState::Unregistered => Inbound::SecurityError,
        }
    }

    /// 30 s, doubled up to an hour, and a tenth of chance (rule BOOT-04).
    fn own_wait(&mut self, random: &mut Random) -> Duration {
        let wait = OWN_WAIT.saturating_mul(1 << self.own_waits.min(16)).min(OWN_WAIT_LIMIT);
        self.own_waits = self.own_waits.saturating_add(1);
        wait + random.up_to(wait / 10)
    }
}

/// What becomes of a request of the CSMS.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub enum Inbound {
    /// The application answers it.
    Serve,
    /// It is answered with the status `Rejected` (rule BOOT-10).
    AnswerRejected,
    /// It is answered with the error `SecurityError` (rule BOOT-11).
    SecurityError,
    /// It is not answered.
    Ignore,
}
