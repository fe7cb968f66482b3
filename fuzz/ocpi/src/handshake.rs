//! The registration machine: any requests and responses in any order.

use ocpi_types::{
    AnyCredentials, CredentialsToken, DateTime, Event, Inbound, Interface, Method, Module, OwnVersion, PeerEndpoint,
    PeerRecord, PresentedToken, Registration, Reply, Setup, Status, TokenEncoding, UrlPolicy, Version,
};

const VERSIONS_URL: &str = "https://a.example.com/versions";

/// Plays a script: one step per line, `start`, `offer`, `update 2.2.1`, `unregister`, `answer 200 {…}`, `lose`,
/// `ask POST 2.2.1 a {…}`, `wait 60`, `crash`.
///
/// # Panics
/// When something does not hold.
pub fn handshake(input: &[u8]) {
    let Ok(script) = core::str::from_utf8(input) else { return };
    let mut play = Play {
        machine: Registration::new(setup()),
        stored: PeerRecord::default(),
        call: None,
        given: 0,
        now: 0,
        offered: false,
        started: false,
    };
    for line in script.lines().take(64) {
        play.step(line);
        play.settle();
    }
}

struct Play {
    machine: Registration,
    stored: PeerRecord,
    call: Option<u64>,
    given: u32,
    now: i64,
    /// Whether a token A was given out, without which no peer gets in.
    offered: bool,
    started: bool,
}

impl Play {
    fn step(&mut self, line: &str) {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let now = DateTime::from_unix_seconds(self.now).expect("a time");
        match verb {
            "start" => {
                let announce = self.fresh();
                self.started |= self.machine.start(token("their-a"), VERSIONS_URL, announce).is_ok();
            }
            "offer" => {
                self.offered = true;
                self.machine.offer(token("our-a"));
            }
            "update" => {
                let announce = self.fresh();
                let _ = self.machine.update(announce, rest.parse().ok());
            }
            "unregister" => drop(self.machine.unregister()),
            "answer" => {
                let (status, body) = rest.split_once(' ').unwrap_or((rest, ""));
                if let (Some(call), Ok(status)) = (self.call.take(), status.parse()) {
                    self.machine.on_response(now, call, status, body);
                }
            }
            "lose" => {
                if let Some(call) = self.call.take() {
                    self.machine.on_failure(now, call);
                }
            }
            "ask" => self.ask(now, rest),
            "wait" => self.now = (self.now + rest.parse::<i64>().unwrap_or(0).clamp(0, 1_000_000)).min(4_000_000_000),
            "crash" => {
                self.call = None;
                self.machine = Registration::restore(setup(), self.stored.clone());
            }
            _ => {}
        }
    }

    fn ask(&mut self, now: DateTime, rest: &str) {
        let mut words = rest.splitn(4, ' ');
        let mut next = || words.next().unwrap_or("");
        let (Some(method), Ok(version)) = (Method::parse(next()), next().parse::<Version>()) else { return };
        let presented = match next() {
            "a" => PresentedToken::read(&token("our-a").to_header(TokenEncoding::Base64)),
            // the token we announced or gave last
            "last" => PresentedToken::read(&token(&format!("fresh-{}", self.given)).to_header(TokenEncoding::Raw)),
            header => PresentedToken::read(&format!("Token {header}")),
        };
        let body = next();
        let is_known = self.machine.authorize(now, presented.as_ref(), Module::Credentials).is_ok();
        let inbound = match (method, body) {
            (Method::Get, "versions") => Inbound::Versions,
            (Method::Get, "details") => Inbound::Details(version),
            _ => Inbound::Credentials(version, method, body),
        };
        let fresh = self.fresh();
        match self.machine.handle(now, presented.as_ref(), inbound, fresh) {
            Reply::Now(answer) => {
                assert!(is_known || answer.http == 401, "an unknown token gets {}", answer.http);
                assert!(!answer.body.contains("our-a"), "a token A is told");
            }
            Reply::Later => assert!(is_known),
        }
    }

    /// What an HTTP client around the machine does after every step.
    fn settle(&mut self) {
        let mut polls = 0;
        while let Some(event) = self.machine.poll_event() {
            if event == Event::RecordChanged {
                let text = serde_json::to_string(self.machine.record()).expect("records can be written");
                self.stored = serde_json::from_str(&text).expect("what was written can be read");
                assert_eq!(&self.stored, self.machine.record(), "a record survives storage");
            }
            polls += 1;
            assert!(polls < 100, "events have an end");
        }
        if let Some(answer) = self.machine.poll_reply() {
            assert!((200..600).contains(&answer.http));
        }
        while let Some(call) = self.machine.poll_call() {
            assert!(UrlPolicy::new().check(call.url.as_str()).is_ok(), "a call to {}", call.url.as_str());
            assert!(call.authorization.starts_with("Token "));
            self.call = Some(call.id);
        }
        let record = self.machine.record();
        assert_eq!(&self.stored, record, "whatever changes is announced");
        if matches!(record.status, Status::Registered | Status::Suspect) {
            assert!(self.started || self.offered, "registered without a token A");
            assert!(record.version().is_some() && record.authorization().is_some());
            for endpoint in &record.endpoints {
                assert!(UrlPolicy::new().check(&endpoint.url).is_ok(), "{endpoint:?}");
            }
        }
        assert!(!format!("{record:?}").contains("our-a"), "tokens are masked");
    }

    fn fresh(&mut self) -> CredentialsToken {
        self.given += 1;
        token(&format!("fresh-{}", self.given))
    }
}

fn token(text: &str) -> CredentialsToken {
    CredentialsToken::new(text).expect("a token")
}

fn setup() -> Setup {
    let own = |version: Version, credentials: &str| {
        let endpoint = PeerEndpoint::new(Module::Credentials, Interface::Sender, "https://b.example.com/credentials");
        let credentials = AnyCredentials::decode(version, credentials).expect("credentials");
        OwnVersion::new(format!("https://b.example.com/{version}"), vec![endpoint], credentials)
    };
    let roles = r#"{"token":"t","url":"https://b.example.com/versions","roles":[{"role":"CPO","business_details":{"name":"B"},
        "party_id":"BBB","country_code":"NL"}]}"#;
    let flat = r#"{"token":"t","url":"https://b.example.com/versions","business_details":{"name":"B"},"party_id":"BBB",
        "country_code":"NL"}"#;
    Setup::new(vec![own(Version::V2_1_1, flat), own(Version::V2_2_1, roles), own(Version::V2_3_0, roles)])
}
