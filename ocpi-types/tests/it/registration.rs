//! The handshake of two platforms in a simulated world (rule book part H; fault cases F2, F3, F4 and F18).

use std::collections::VecDeque;

use ocpi_types::{
    Answer, AnyCredentials, Call, CredentialsToken, DateTime, Event, Failure, Inbound, Interface, Method, Module,
    Object, OwnVersion, Party, PeerEndpoint, PeerRecord, PresentedToken, Refusal, Registration, Reply, Setup, Status,
    TokenEncoding, UrlRefusal, Verdict, Version, decode,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::generate::minimal;

fn host(name: &str) -> String {
    format!("https://{name}.example.com")
}

/// What a platform offers: its versions, and `locations` in both roles.
fn setup(name: &str, versions: &[Version]) -> Setup {
    let own = |version: &Version| {
        let url = format!("{}/versions", host(name));
        let party =
            json!([{ "role": "CPO", "business_details": { "name": name }, "party_id": name, "country_code": "NL" }]);
        let credentials = match version {
            Version::V2_1_1 => {
                let mut value = minimal(<ocpi_types::v211::Credentials as Object>::SHAPE);
                value["url"] = json!(url);
                value["party_id"] = json!(name);
                value["country_code"] = json!("NL");
                AnyCredentials::V211(decode(&value.to_string()).unwrap())
            }
            Version::V2_2_1 => {
                let value = json!({ "token": "template", "url": url, "roles": party });
                AnyCredentials::V221(decode(&value.to_string()).unwrap())
            }
            _ => AnyCredentials::V230(
                decode(&json!({ "token": "template", "url": url, "roles": party }).to_string()).unwrap(),
            ),
        };
        let base = format!("{}/{version}", host(name));
        let endpoints = vec![
            PeerEndpoint::new(Module::Credentials, Interface::Sender, format!("{base}/credentials")),
            PeerEndpoint::new(Module::Locations, Interface::Sender, format!("{base}/locations")),
        ];
        let mut own = OwnVersion::new(base, endpoints, credentials);
        own.expected = vec![(Module::Locations, Interface::Sender)];
        own
    };
    Setup::new(versions.iter().map(own).collect())
}

fn now() -> DateTime {
    "2024-05-01T10:00:00Z".parse().unwrap()
}

/// Two platforms and the calls between them.
struct World {
    names: [&'static str; 2],
    peers: [Registration; 2],
    setups: [Setup; 2],
    stored: [PeerRecord; 2],
    /// Calls on their way: who called, the call.
    flying: VecDeque<(usize, Call)>,
    /// Who waits for an answer that comes later: the caller and its call.
    held: [Option<(usize, u64)>; 2],
    events: [Vec<Event>; 2],
    tokens: u32,
    time: DateTime,
    steps: usize,
    /// The platform that crashes, and after which step.
    crash: Option<(usize, usize)>,
    responses: usize,
    /// The response that is lost.
    lost: Option<usize>,
}

impl World {
    fn new(left: &[Version], right: &[Version]) -> Self {
        let setups = [setup("aaa", left), setup("bbb", right)];
        Self {
            names: ["aaa", "bbb"],
            peers: [Registration::new(setups[0].clone()), Registration::new(setups[1].clone())],
            setups,
            stored: [PeerRecord::default(), PeerRecord::default()],
            flying: VecDeque::new(),
            held: [None, None],
            events: [Vec::new(), Vec::new()],
            tokens: 0,
            time: now(),
            steps: 0,
            crash: None,
            responses: 0,
            lost: None,
        }
    }

    fn token(&mut self) -> CredentialsToken {
        self.tokens += 1;
        CredentialsToken::new(format!("token-{}", self.tokens)).unwrap()
    }

    /// `a` registers at `b`.
    fn start(&mut self, a: usize) -> Result<(), Refusal> {
        let token_a = self.token();
        self.peers[1 - a].offer(token_a.clone());
        self.start_with(a, token_a)
    }

    fn start_with(&mut self, a: usize, token_a: CredentialsToken) -> Result<(), Refusal> {
        let announce = self.token();
        let url = format!("{}/versions", host(self.names[1 - a]));
        self.peers[a].start(token_a, &url, announce)
    }

    fn update(&mut self, a: usize, target: Option<Version>) -> Result<(), Refusal> {
        let announce = self.token();
        self.peers[a].update(announce, target)
    }

    fn collect(&mut self) {
        for index in 0..2 {
            while let Some(event) = self.peers[index].poll_event() {
                if event == Event::RecordChanged {
                    let text = serde_json::to_string(self.peers[index].record()).unwrap();
                    self.stored[index] = serde_json::from_str(&text).unwrap();
                }
                self.events[index].push(event);
            }
            while let Some(call) = self.peers[index].poll_call() {
                self.flying.push_back((index, call));
            }
        }
    }

    fn run(&mut self) {
        self.collect();
        while let Some((from, call)) = self.flying.pop_front() {
            self.steps += 1;
            assert!(self.steps < 200, "a handshake has to end");
            let to = 1 - from;
            let id = call.id;
            let reply = self.deliver(to, &call);
            self.collect();
            match reply {
                Some(answer) => self.respond(from, id, &answer),
                None => self.held[to] = Some((from, id)),
            }
            self.collect();
            for index in 0..2 {
                if let Some(answer) = self.peers[index].poll_reply() {
                    self.collect();
                    if let Some((caller, id)) = self.held[index].take() {
                        self.respond(caller, id, &answer);
                    }
                    self.collect();
                }
            }
            if let Some((who, _)) = self.crash.take_if(|(_, step)| *step == self.steps) {
                self.crash(who);
            }
        }
    }

    fn respond(&mut self, to: usize, id: u64, answer: &Answer) {
        self.responses += 1;
        if self.lost == Some(self.responses) {
            self.peers[to].on_failure(self.time, id);
        } else {
            self.peers[to].on_response(self.time, id, answer.http, &answer.body);
        }
    }

    /// The platform loses everything but what it has stored; whoever waits for it gets nothing.
    fn crash(&mut self, who: usize) {
        self.peers[who] = Registration::restore(self.setups[who].clone(), self.stored[who].clone());
        self.flying.retain(|(from, _)| *from != who);
        if let Some((caller, id)) = self.held[who].take() {
            self.peers[caller].on_failure(self.time, id);
        }
        let aborted: Vec<_> = self.held[1 - who].take().into_iter().collect();
        drop(aborted);
        self.collect();
    }

    /// What the HTTP server of a platform does with a call.
    fn deliver(&mut self, to: usize, call: &Call) -> Option<Answer> {
        let presented = PresentedToken::read(&call.authorization);
        let path = call.url.as_str().strip_prefix(&host(self.names[to])).expect("calls go to the peer").to_owned();
        let version_of =
            |text: &str| text.trim_start_matches('/').split('/').next().unwrap().parse::<Version>().unwrap();
        let body = call.body.clone().unwrap_or_default();
        let request = match path.as_str() {
            "/versions" => Inbound::Versions,
            path if path.ends_with("/credentials") => Inbound::Credentials(version_of(path), call.method, &body),
            path => Inbound::Details(version_of(path)),
        };
        let fresh = self.token();
        match self.peers[to].handle(self.time, presented.as_ref(), request, fresh) {
            Reply::Now(answer) => Some(answer),
            Reply::Later => None,
        }
    }

    /// Whether `a` may read locations at `b`, with the token it would present.
    fn works(&mut self, a: usize) -> bool {
        let Some(header) = self.peers[a].record().authorization() else { return false };
        let presented = PresentedToken::read(&header);
        self.peers[1 - a].authorize(self.time, presented.as_ref(), Module::Locations).is_ok()
    }

    fn assert_registered(&mut self, version: Version) {
        for index in 0..2 {
            assert_eq!(self.peers[index].record().status, Status::Registered);
            assert_eq!(self.peers[index].record().version(), Some(version));
            assert!(self.works(index), "party {index} cannot call");
        }
    }
}

const BOTH: &[Version] = &[Version::V2_1_1, Version::V2_2_1];
const NEW: &[Version] = &[Version::V2_1_1, Version::V2_2_1, Version::V2_3_0];

/// VER-02, VER-05, VER-06, CRE-02, HSK-01, HSK-02, HSK-03: registration in every version, and what is known afterwards.
#[test]
fn cre_02_registration() {
    for version in Version::ALL {
        let mut world = World::new(&[version], NEW);
        world.start(0).unwrap();
        world.run();
        world.assert_registered(version);
        let record = world.peers[0].record();
        assert_eq!(record.roles[0].party(), Party::new("NL", "bbb"));
        let url = record.endpoint(Module::Locations, Interface::Sender, &Default::default()).unwrap().unwrap();
        assert_eq!(url.as_str(), format!("{}/{version}/locations", host("bbb")));
        assert!(!record.authorization().unwrap().contains("template"));
        assert_eq!(world.peers[1].record().roles[0].party(), Party::new("NL", "aaa"));
    }
}

/// VER-02: the latest version both know.
#[test]
fn ver_02_pick() {
    let mut world = World::new(BOTH, &[Version::V2_1_1, Version::V2_3_0]);
    world.start(0).unwrap();
    world.run();
    world.assert_registered(Version::V2_1_1);
    let mut world = World::new(&[Version::V2_2_1], &[Version::V2_3_0]);
    world.start(0).unwrap();
    world.run();
    assert_eq!(world.events[0].last(), Some(&Event::Failed(Failure::NoVersion)));
    assert_eq!(world.peers[1].record().status, Status::Offered);
}

/// F2, HSK-02, AUT-06, AUT-07: token A opens versions and credentials only, and nothing once C exists.
#[test]
fn f02_token_a() {
    let mut world = World::new(BOTH, BOTH);
    let token_a = world.token();
    world.peers[1].offer(token_a.clone());
    let header = token_a.to_header(TokenEncoding::Base64);
    let presented = PresentedToken::read(&header);
    assert_eq!(world.peers[1].authorize(now(), presented.as_ref(), Module::Versions), Ok(()));
    let locations = world.peers[1].authorize(now(), presented.as_ref(), Module::Locations);
    assert_eq!(locations, Err(Verdict::Unauthorized));
    world.start_with(0, token_a.clone()).unwrap();
    world.run();
    world.assert_registered(Version::V2_2_1);
    let after = world.peers[1].authorize(now(), presented.as_ref(), Module::Versions);
    assert_eq!(after, Err(Verdict::Unauthorized));
    assert_eq!(world.start_with(0, token_a), Err(Refusal::Registered));
    assert_eq!(world.peers[1].authorize(now(), None, Module::Versions), Err(Verdict::Unauthorized));
}

/// CRE-05 and H.5: the 405 table.
#[test]
fn cre_05_methods_out_of_turn() {
    let mut world = World::new(BOTH, BOTH);
    let token_a = world.token();
    world.peers[1].offer(token_a.clone());
    let version = Version::V2_2_1;
    let ask = |world: &mut World, header: &str, method| {
        let fresh = world.token();
        let presented = PresentedToken::read(header);
        let inbound = Inbound::Credentials(version, method, "{}");
        match world.peers[1].handle(now(), presented.as_ref(), inbound, fresh) {
            Reply::Now(answer) => answer.http,
            Reply::Later => 0,
        }
    };
    let offered = token_a.to_header(TokenEncoding::Base64);
    for method in [Method::Get, Method::Put, Method::Delete, Method::Patch] {
        assert_eq!(ask(&mut world, &offered, method), 405, "{method:?}");
    }
    assert_eq!(ask(&mut world, "Token unknown", Method::Post), 401);
    world.start_with(0, token_a).unwrap();
    world.run();
    let registered = world.peers[0].record().authorization().unwrap();
    assert_eq!(ask(&mut world, &registered, Method::Post), 405);
    assert_eq!(ask(&mut world, &registered, Method::Patch), 405);
    assert_eq!(ask(&mut world, &registered, Method::Get), 200);
    assert_eq!(ask(&mut world, &registered, Method::Delete), 200);
    assert_eq!(ask(&mut world, &registered, Method::Get), 401, "HSK-09");
}

/// CRE-01: GET gives the credentials the peer uses.
#[test]
fn cre_01_get() {
    let mut world = World::new(BOTH, BOTH);
    world.start(0).unwrap();
    world.run();
    let header = world.peers[0].record().authorization().unwrap();
    let presented = PresentedToken::read(&header);
    let fresh = world.token();
    let inbound = Inbound::Credentials(Version::V2_2_1, Method::Get, "");
    let Reply::Now(answer) = world.peers[1].handle(now(), presented.as_ref(), inbound, fresh) else { panic!("later") };
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    let token = CredentialsToken::new(body["data"]["token"].as_str().unwrap()).unwrap();
    assert_eq!(token.to_header(TokenEncoding::Base64), header);
}

/// CRE-03, VER-08, HSK-07, HSK-08: rotation, upgrade and downgrade, from either side.
#[test]
fn cre_03_updates() {
    let mut world = World::new(NEW, NEW);
    world.start(0).unwrap();
    world.run();
    world.assert_registered(Version::V2_3_0);
    for (who, target) in [(0, None), (1, Some(Version::V2_1_1)), (0, Some(Version::V2_2_1)), (1, None)] {
        let before = world.peers[who].record().authorization();
        world.update(who, target).unwrap();
        world.run();
        world.assert_registered(target.unwrap_or(Version::V2_3_0));
        assert_ne!(world.peers[who].record().authorization(), before, "the token changed");
    }
    assert_eq!(world.update(0, Some(Version::V2_1_1)), Ok(()));
    assert_eq!(world.update(0, None), Err(Refusal::Busy));
}

/// CRE-04 and HSK-09: unregistering ends it for both.
#[test]
fn cre_04_unregister() {
    let mut world = World::new(BOTH, BOTH);
    assert_eq!(world.peers[0].unregister(), Err(Refusal::NotRegistered));
    world.start(0).unwrap();
    world.run();
    world.peers[1].unregister().unwrap();
    world.run();
    for index in 0..2 {
        assert_eq!(world.peers[index].record(), &PeerRecord::default());
        assert_eq!(world.events[index].last(), Some(&Event::Unregistered));
    }
}

/// F3 and H.4: the old token of the peer is valid until the new one is used, at most a minute; a failed update leaves
/// everything as it was.
#[test]
fn f03_update_in_the_middle() {
    let mut world = World::new(BOTH, BOTH);
    world.start(0).unwrap();
    world.run();
    let old = PresentedToken::read(&world.peers[0].record().authorization().unwrap());
    world.update(0, None).unwrap();
    world.collect();
    // the last answer is lost
    world.lost = Some(world.responses + 5);
    world.run();
    assert!(world.events[0].contains(&Event::Unsettled), "{:?}", world.events[0]);
    let works = |world: &mut World, seconds| {
        let time = now().plus_seconds(seconds);
        world.peers[1].authorize(time, old.as_ref(), Module::Locations).is_ok()
    };
    assert!(works(&mut world, 59), "the old token still works");
    assert!(world.works(1), "the other side can call all the same");
    assert!(!works(&mut world, 61), "but not for ever");

    let mut world = World::new(BOTH, BOTH);
    world.start(0).unwrap();
    world.run();
    let old = PresentedToken::read(&world.peers[0].record().authorization().unwrap());
    world.update(0, None).unwrap();
    world.run();
    assert!(world.peers[1].authorize(now(), old.as_ref(), Module::Locations).is_ok());
    assert!(world.works(0));
    assert!(world.peers[1].authorize(now(), old.as_ref(), Module::Locations).is_err(), "the new one was used");
}

/// HSK-06: whichever response is lost, both can go on with what they had, or have what they wanted.
#[test]
fn hsk_06_lost_responses_of_updates() {
    for step in 1..=5 {
        for who in 0..2 {
            let mut world = World::new(BOTH, BOTH);
            world.start(0).unwrap();
            world.run();
            world.update(who, None).unwrap();
            world.lost = Some(world.responses + step);
            world.run();
            for index in 0..2 {
                assert_eq!(world.peers[index].record().status, Status::Registered);
                assert!(world.works(index), "step {step}, update by {who}: party {index} cannot call");
            }
        }
    }
}

/// H.3 and HSK-05: either platform crashes after any step of registration or update; with a new token A at most, both are
/// registered again, and no token of a handshake that never happened opens anything.
#[test]
fn hsk_05_crashes_everywhere() {
    let mut crashes = 0;
    for is_update in [false, true] {
        for who in 0..2 {
            for step in 1..=6 {
                let mut world = World::new(BOTH, BOTH);
                if is_update {
                    world.start(0).unwrap();
                    world.run();
                    world.crash = Some((who, world.steps + step));
                    world.update(0, None).unwrap();
                } else {
                    world.crash = Some((who, step));
                    world.start(0).unwrap();
                }
                world.run();
                crashes += usize::from(world.crash.is_none());
                let settled = |world: &World, index: usize| world.peers[index].record().status == Status::Registered;
                if is_update {
                    assert!(settled(&world, 0) && settled(&world, 1));
                    assert!(world.works(0) && world.works(1), "crash of {who} after step {step}");
                    continue;
                }
                // what both think may differ now: a new token A settles it
                if !(settled(&world, 0) && settled(&world, 1)) {
                    if settled(&world, 0) {
                        world.peers[0].unregister().unwrap();
                        world.run();
                    }
                    world.start(0).unwrap();
                    world.run();
                }
                world.assert_registered(Version::V2_2_1);
            }
        }
    }
    assert!(crashes >= 16, "{crashes} crashes happened");
}

/// HSK-04: two updates at the same time end consistent.
#[test]
fn hsk_04_crossing_updates() {
    let mut world = World::new(BOTH, BOTH);
    world.start(0).unwrap();
    world.run();
    world.update(0, None).unwrap();
    world.update(1, None).unwrap();
    world.run();
    world.assert_registered(Version::V2_2_1);
}

/// CRE-06 to CRE-08, URL-02, F4: what the responder answers when it cannot use the API of the initiator.
#[test]
fn cre_06_to_08_refusals() {
    let refused = |change: &dyn Fn(&mut World)| {
        let mut world = World::new(BOTH, BOTH);
        change(&mut world);
        world.start(0).unwrap();
        world.run();
        assert_ne!(world.peers[1].record().status, Status::Registered);
        assert_ne!(world.peers[0].record().status, Status::Registered);
        assert_eq!(world.peers[0].record().authorization(), None);
        match world.events[0].last() {
            Some(Event::Failed(failure)) => failure.clone(),
            other => panic!("{other:?}"),
        }
    };
    let status = |code: u32| Failure::Status(ocpi_types::StatusCode::new(code));
    let with_url = |url: &'static str| {
        move |world: &mut World| {
            for own in &mut world.peers[0].setup_mut().versions {
                if let AnyCredentials::V221(credentials) = &mut own.credentials {
                    credentials.url = url.into();
                }
            }
        }
    };
    assert_eq!(refused(&with_url("/ocpi/versions")), status(3001));
    assert_eq!(refused(&with_url("https://127.0.0.1/versions")), status(3001));
    let missing = |world: &mut World| {
        for own in &mut world.peers[0].setup_mut().versions {
            own.endpoints.retain(|endpoint| endpoint.identifier != "locations");
        }
    };
    assert_eq!(refused(&missing), status(3003));
    let missing_there = |world: &mut World| {
        for own in &mut world.peers[1].setup_mut().versions {
            own.endpoints.retain(|endpoint| endpoint.identifier != "locations");
        }
    };
    assert_eq!(refused(&missing_there), Failure::MissingEndpoint("locations SENDER".into()));
}

/// F4, VER-01: version lists that are empty, of unknown versions only, doubled, with relative or private URLs.
#[test]
fn f04_version_lists() {
    let versions = |data: Value| {
        let mut registration = Registration::new(setup("aaa", BOTH));
        let token = CredentialsToken::new("a").unwrap();
        registration.start(token.clone(), "https://bbb.example.com/versions", token).unwrap();
        let call = registration.poll_call().unwrap();
        let body = json!({ "data": data, "status_code": 1000, "timestamp": "2024-05-01T10:00:00Z" });
        registration.on_response(now(), call.id, 200, &body.to_string());
        let next = registration.poll_call().map(|call| call.url.as_str().to_owned());
        let mut failure = None;
        while let Some(event) = registration.poll_event() {
            if let Event::Failed(it) = event {
                failure = Some(it);
            }
        }
        (next, failure)
    };
    let url = "https://bbb.example.com/2.2.1";
    assert_eq!(versions(json!([])), (None, Some(Failure::NoVersion)));
    assert_eq!(versions(json!([{ "version": "3.0", "url": url }])), (None, Some(Failure::NoVersion)));
    let doubled = json!([{ "version": "3.0", "url": "x" }, { "version": "2.2.1", "url": url }, { "version": "2.2.1", "url": "y" }]);
    assert_eq!(versions(doubled), (Some(url.to_owned()), None), "ENU-06");
    for (bad, refusal) in [("/2.2.1", UrlRefusal::Syntax), ("https://10.0.0.1/2.2.1", UrlRefusal::Local)] {
        let list = json!([{ "version": "2.2.1", "url": bad }]);
        assert_eq!(versions(list), (None, Some(Failure::Url(refusal))));
    }
    assert_eq!(versions(json!("x")), (None, Some(Failure::Peer)));
    let mut registration = Registration::new(setup("aaa", BOTH));
    let token = CredentialsToken::new("a").unwrap();
    let refused = registration.start(token.clone(), "https://localhost/versions", token);
    assert_eq!(refused, Err(Refusal::Url(UrlRefusal::Local)));
}

/// VER-03: details of another version.
#[test]
fn ver_03_details_of_another_version() {
    let mut world = World::new(BOTH, BOTH);
    let wrong = world.setups[1].versions[0].details_url.clone();
    world.peers[1].setup_mut().versions[1].details_url = wrong;
    world.start(0).unwrap();
    world.run();
    assert_eq!(world.events[0].last(), Some(&Event::Failed(Failure::WrongVersion)));
}

/// F18 and HSK-10: a party that belongs to another peer.
#[test]
fn f18_two_partners_with_one_party() {
    let mut world = World::new(BOTH, BOTH);
    world.peers[1].setup_mut().taken = vec![Party::new("nl", "AAA")];
    world.start(0).unwrap();
    world.run();
    assert_ne!(world.peers[1].record().status, Status::Registered);
    assert!(world.events[1].contains(&Event::Failed(Failure::PartyTaken(Party::new("NL", "aaa")))));
    let mut world = World::new(BOTH, BOTH);
    world.peers[0].setup_mut().taken = vec![Party::new("NL", "bbb")];
    world.start(0).unwrap();
    world.run();
    assert_eq!(world.events[0].last(), Some(&Event::Failed(Failure::PartyTaken(Party::new("NL", "bbb")))));
}

/// H.3: 405 to an update means that the peer does not know us any more; 401 that our token is gone.
#[test]
fn h_3_lost_and_suspect() {
    let mut world = World::new(BOTH, BOTH);
    world.start(0).unwrap();
    world.run();
    let before = world.peers[0].record().clone();
    world.peers[1] = Registration::new(world.setups[1].clone());
    world.update(0, None).unwrap();
    world.run();
    assert_eq!(world.peers[0].record().status, Status::Suspect);
    assert_eq!(world.peers[0].record().endpoints, before.endpoints);
    assert_eq!(world.events[0].last(), Some(&Event::Failed(Failure::Unauthorized)));
    // registration with a new A repairs it
    world.peers[0].unregister().unwrap();
    world.run();
    world.start(0).unwrap();
    world.run();
    world.assert_registered(Version::V2_2_1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any bytes at any point of the handshake: no panic, no registration.
    #[test]
    fn any_answers_do_not_panic(http in 100_u16..600, body in ".{0,200}", step in 0_usize..3) {
        let mut registration = Registration::new(setup("aaa", BOTH));
        let token = CredentialsToken::new("a").unwrap();
        registration.start(token.clone(), "https://bbb.example.com/versions", token).unwrap();
        let answers = [
            json!([{ "version": "2.2.1", "url": "https://bbb.example.com/2.2.1" }]),
            json!({ "version": "2.2.1", "endpoints": [
                { "identifier": "credentials", "role": "SENDER", "url": "https://bbb.example.com/c" },
                { "identifier": "locations", "role": "SENDER", "url": "https://bbb.example.com/l" },
            ] }),
        ];
        for answer in answers.iter().take(step) {
            let call = registration.poll_call().unwrap();
            let body = json!({ "data": answer, "status_code": 1000, "timestamp": "2024-05-01T10:00:00Z" });
            registration.on_response(now(), call.id, 200, &body.to_string());
        }
        let call = registration.poll_call().unwrap();
        registration.on_response(now(), call.id, http, &body);
        registration.on_response(now(), call.id, http, &body);
        registration.on_failure(now(), 99);
        prop_assert!(registration.record().authorization().is_none());
    }
}
