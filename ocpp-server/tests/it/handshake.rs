//! The handshake: rules WS-01 to WS-10, CS-01, fault rows B1 to B6, B8 to B12, B15, B17.

use std::borrow::Cow;
use std::sync::Arc;

use ocpp_server::handshake::{
    ClientCertificate, CredentialFault, Credentials, Handshake, HandshakeConfig, HandshakeError, HandshakeRemark,
    IdentityPlace, MissingConnectionHeader, NoCommonVersion, NoSubprotocol, Offer, Preference, Refusal, Transport,
    UpgradeFault, examine,
};
use ocpp_server::{IdentityError, SecurityProfile, StationId};
use ocpp_types::Version;

use crate::id;

/// A request as a station sends it, to be changed.
struct Request {
    method: &'static str,
    target: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    transport: Transport,
}

impl Request {
    fn to(target: &str) -> Self {
        let headers = [
            ("Host", "csms.example"),
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Protocol", "ocpp1.6"),
        ];
        let headers = headers.map(|(name, value)| (name, value.as_bytes().to_vec())).into();
        Self { method: "GET", target: target.into(), headers, transport: Transport::Plain }
    }

    fn with(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        self = self.without(name);
        self.headers.push((name, value.as_ref().to_vec()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    fn and(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn offering(self, protocols: &str) -> Self {
        self.with("Sec-WebSocket-Protocol", protocols)
    }

    fn examine(&self, config: &HandshakeConfig) -> Result<Handshake, HandshakeError> {
        let headers: Vec<(&str, &[u8])> = self.headers.iter().map(|(name, value)| (*name, &**value)).collect();
        let source = "192.0.2.7".parse().ok();
        let (method, target, transport) = (self.method, self.target.as_str(), &self.transport);
        examine(&Offer { method, target, headers: &headers, transport, source }, config)
    }

    #[track_caller]
    fn accepted(&self) -> Handshake {
        self.examine(&HandshakeConfig::default()).expect("it is in order")
    }

    #[track_caller]
    fn refused(&self) -> (HandshakeError, Refusal) {
        let error = self.examine(&HandshakeConfig::default()).expect_err("it is not in order");
        let refusal = error.refusal();
        (error, refusal)
    }
}

fn basic(user_and_password: &[u8]) -> String {
    use base64::Engine;
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(user_and_password))
}

#[test]
fn ws_01_b8_the_last_segment_of_the_path_is_the_identity_decoded_once() {
    let cases = [
        ("/ocpp/CP1", "CP1"),
        ("/CP1", "CP1"),
        ("/a/b/c/RDAM%7C123", "RDAM|123"),
        ("/ocpp/CP%20one", "CP one"),
        ("/ocpp/a%2Fb", "a/b"),
        ("/ocpp/a%252Fb", "a%2Fb"),
        ("/ocpp//CP1", "CP1"),
        ("/ocpp/CP1?token=x/y", "CP1"),
        ("ws://csms.example/ocpp/CP1", "CP1"),
        ("/ocpp/%C3%A9", "é"),
    ];
    for (target, identity) in cases {
        assert_eq!(Request::to(target).accepted().identity.as_str(), identity, "{target}");
    }
}

#[test]
fn b8_what_is_no_identity_is_refused_with_400_and_nothing_at_all_with_404() {
    let cases = [
        ("/ocpp/a%00b", IdentityError::ControlCharacter { offset: 1 }),
        ("/ocpp/a%0D%0AX", IdentityError::ControlCharacter { offset: 1 }),
        ("/ocpp/%E2%80%AEabc", IdentityError::ControlCharacter { offset: 0 }),
        ("/ocpp/%C3%28", IdentityError::Utf8),
        ("/ocpp/%C0%AF", IdentityError::Utf8),
        ("/ocpp/a%2", IdentityError::Escape { offset: 1 }),
        ("/ocpp/a%zz", IdentityError::Escape { offset: 1 }),
        ("/ocpp/..", IdentityError::Dots),
        ("/ocpp/%2e%2e", IdentityError::Dots),
    ];
    for (target, error) in cases {
        assert_eq!(Request::to(target).refused(), (error.into(), Refusal::Status(400)), "{target}");
    }
    let long = Request::to(&format!("/ocpp/{}", "a".repeat(256))).refused();
    assert_eq!(long, (IdentityError::TooLong { bytes: 256 }.into(), Refusal::Status(400)));
    for target in ["/", "/ocpp/", "", "*", "http://csms.example"] {
        assert_eq!(Request::to(target).refused(), (HandshakeError::NoIdentity, Refusal::Status(404)), "{target}");
    }
}

#[test]
fn b10_where_the_identity_stands_can_be_chosen() {
    let mut config = HandshakeConfig::default();
    let found = |config: &HandshakeConfig, target: &str| {
        Request::to(target).examine(config).map(|handshake| handshake.identity.to_string())
    };
    config.identity = IdentityPlace::Query("sn".into());
    assert_eq!(found(&config, "/ocpp?x=1&sn=AE%2F7"), Ok("AE/7".into()));
    assert_eq!(found(&config, "/ocpp/CP1"), Err(HandshakeError::NoIdentity));
    config.identity = IdentityPlace::Behind("/ocpp/".into());
    assert_eq!(found(&config, "/ocpp/site/CP1"), Ok("site/CP1".into()));
    assert_eq!(found(&config, "/other/CP1"), Err(HandshakeError::NoIdentity));
    config.identity = IdentityPlace::Custom(Arc::new(|path, query| {
        Some(Cow::Owned(format!("{}-{}", path.split('/').nth(1)?, query?)))
    }));
    assert_eq!(found(&config, "/depot/ws?7%20"), Ok("depot-7 ".into()));
}

#[test]
fn ws_02_a_colon_is_for_1_6_only() {
    assert_eq!(Request::to("/ocpp/a:b").accepted().identity.as_str(), "a:b");
    let (error, refusal) = Request::to("/ocpp/a:b").offering("ocpp2.0.1").refused();
    assert_eq!((error, refusal), (HandshakeError::Colon { version: Version::V201 }, Refusal::Status(400)));
    assert!(id("a-Z_0=+|@.").keeps_2x_rules() && !id("a b").keeps_2x_rules() && !id(&"a".repeat(49)).keeps_2x_rules());
}

#[test]
fn ws_03_b3_the_first_version_the_station_likes_is_spoken_unless_the_newest_is_to_be() {
    let mut config = HandshakeConfig::default();
    let version = |config: &HandshakeConfig, offer: &str| {
        Request::to("/CP1").offering(offer).examine(config).expect("it is in order").version
    };
    assert_eq!(version(&config, "ocpp1.6, ocpp2.1"), Version::V16);
    config.versions.preference = Preference::Newest;
    assert_eq!(version(&config, "ocpp1.6, ocpp2.1,ocpp2.0.1"), Version::V21);
    config.versions.spoken = vec![Version::V16, Version::V201];
    for preference in [Preference::Station, Preference::Newest] {
        config.versions.preference = preference;
        assert_eq!(version(&config, "ocpp2.1,ocpp2.0.1,ocpp1.6"), Version::V201);
    }
    let two_headers = Request::to("/CP1").offering("soap").and("sec-websocket-protocol", "ocpp2.1");
    let handshake = two_headers.accepted();
    assert_eq!((handshake.version, handshake.subprotocol), (Version::V21, Some("ocpp2.1")));
}

#[test]
fn ws_04_b2_b4_no_common_version_is_refused_or_closed_after_the_handshake() {
    for offer in ["ocpp0.1", "OCPP1.6", "ocpp1.6j", "\"ocpp1.6\"", "ocpp2.0", "ocpp 1.6"] {
        let (error, refusal) = Request::to("/CP1").offering(offer).refused();
        assert_eq!(refusal, Refusal::Status(400));
        assert!(matches!(error, HandshakeError::NoCommonVersion { offered, .. } if offered == offer), "{offer}");
    }
    let mut config = HandshakeConfig::default();
    config.versions.no_common_version = NoCommonVersion::CloseAfterUpgrade;
    let error = Request::to("/CP1").offering("ocpp0.1").examine(&config).expect_err("no version");
    assert_eq!(error.refusal(), Refusal::CloseAfterUpgrade);
    let long = Request::to("/CP1").offering(&"é,".repeat(5000)).refused().0;
    assert!(long.to_string().len() < 1000, "{long}");
}

#[test]
fn b1_without_a_subprotocol_a_station_is_refused_unless_its_version_is_known() {
    let request = Request::to("/CP1").without("Sec-WebSocket-Protocol");
    assert_eq!(request.refused(), (HandshakeError::NoSubprotocol, Refusal::Status(400)));
    let mut config = HandshakeConfig::default();
    config.versions.no_subprotocol = NoSubprotocol::AssumeFor([(id("CP1"), Version::V16)].into());
    let handshake = request.examine(&config).expect("its version is known");
    assert_eq!((handshake.version, handshake.subprotocol), (Version::V16, None));
    assert_eq!(handshake.remarks, [HandshakeRemark::AssumedVersion(Version::V16)]);
    let other = Request::to("/CP2").without("Sec-WebSocket-Protocol");
    assert_eq!(other.examine(&config), Err(HandshakeError::NoSubprotocol));
    config.versions.no_subprotocol = NoSubprotocol::Assume(Version::V201);
    assert_eq!(other.examine(&config).expect("assumed").version, Version::V201);
}

#[test]
fn b5_a_request_that_is_none_for_a_websocket_is_told_what_is_missing() {
    let cases = [
        (Request { method: "POST", ..Request::to("/CP1") }, UpgradeFault::Method, 405),
        (Request::to("/CP1").without("Upgrade"), UpgradeFault::Upgrade, 400),
        (Request::to("/CP1").with("Upgrade", "h2c"), UpgradeFault::Upgrade, 400),
        (Request::to("/CP1").without("Connection"), UpgradeFault::Connection, 400),
        (Request::to("/CP1").with("Connection", "keep-alive"), UpgradeFault::Connection, 400),
        (Request::to("/CP1").without("Sec-WebSocket-Key"), UpgradeFault::Key, 400),
        (Request::to("/CP1").with("Sec-WebSocket-Key", "short"), UpgradeFault::Key, 400),
        (Request::to("/CP1").and("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), UpgradeFault::Key, 400),
        (Request::to("/CP1").without("Sec-WebSocket-Version"), UpgradeFault::Version, 426),
        (Request::to("/CP1").with("Sec-WebSocket-Version", "8"), UpgradeFault::Version, 426),
    ];
    for (request, fault, status) in cases {
        assert_eq!(request.refused(), (fault.into(), Refusal::Status(status)));
    }
    let usual = Request::to("/CP1").with("connection", "keep-alive, upgrade").with("upgrade", "WebSocket").accepted();
    assert_eq!(usual.remarks, []);
}

/// Field need 17.
#[test]
fn b5_a_missing_connection_header_can_be_tolerated_and_nothing_else() {
    let mut config = HandshakeConfig::default();
    config.missing_connection_header = MissingConnectionHeader::Tolerate;
    let handshake = Request::to("/CP1").without("Connection").examine(&config).expect("tolerated");
    assert_eq!(handshake.remarks, [HandshakeRemark::MissingConnectionHeader]);
    let error = Request::to("/CP1").without("Connection").without("Upgrade").examine(&config);
    assert_eq!(error, Err(UpgradeFault::Upgrade.into()));
}

#[test]
fn b15_ws_07_a_password_is_bytes() {
    let key: Vec<u8> = vec![0x00, 0x3a, 0xff, 0x0d, 0x0a, 0x80];
    let header = basic(&[b"CP1:".as_slice(), &key].concat());
    let handshake = Request::to("/CP1").with("Authorization", &header).accepted();
    let Credentials::Basic(password) = &handshake.credentials else { panic!("no password") };
    assert_eq!(password.as_bytes(), key);
    assert_eq!(handshake.profile(), SecurityProfile::Password);
    assert!(!format!("{handshake:?}").contains("58"), "{handshake:?}");

    // the example of the 1.6J specification, §6.2.2
    let example = "Basic QUwxMDAwOgABAgMEBQYHCAkKCwwNDg8QERITFA==";
    let handshake = Request::to("/ocpp/AL1000").with("Authorization", example).accepted();
    let Credentials::Basic(password) = &handshake.credentials else { panic!("no password") };
    assert_eq!(password.as_bytes(), (0..=20).collect::<Vec<u8>>());

    let unpadded = header.trim_end_matches('=').replacen("Basic", "bAsIc ", 1);
    assert_eq!(Request::to("/CP1").with("authorization", unpadded).accepted().credentials, {
        Request::to("/CP1").with("Authorization", &header).accepted().credentials
    });
}

/// Of the mistakes of other stacks: `:` in a 1.6 identity refused or split.
#[test]
fn b9_an_identity_with_a_colon_is_not_split_at_it() {
    let header = basic(b"site:CP1:pass:word");
    let handshake = Request::to("/ocpp/site%3ACP1").with("Authorization", &header).accepted();
    let Credentials::Basic(password) = handshake.credentials else { panic!("no password") };
    assert_eq!(password.as_bytes(), b"pass:word");
    // the same header means another password to another station; whether it is right is for the authenticator
    let handshake = Request::to("/ocpp/site").with("Authorization", &header).accepted();
    let Credentials::Basic(password) = handshake.credentials else { panic!("no password") };
    assert_eq!(password.as_bytes(), b"CP1:pass:word");
}

#[test]
fn ws_09_b11_the_user_has_to_be_the_identity_in_the_url() {
    for user in ["CP2:secret", "CP:secret", "CP11:secret", "cp1:secret", ":secret"] {
        let (error, refusal) = Request::to("/CP1").with("Authorization", basic(user.as_bytes())).refused();
        assert_eq!((error, refusal), (CredentialFault::OtherUser.into(), Refusal::Status(401)), "{user}");
    }
}

#[test]
fn credentials_that_cannot_be_read_are_refused() {
    let cases = [
        ("Bearer abc".to_owned(), CredentialFault::Kind),
        ("Basic".to_owned(), CredentialFault::Unreadable),
        ("Basic %%%".to_owned(), CredentialFault::Unreadable),
        (basic(b"CP1"), CredentialFault::Unreadable),
        (basic(&[b'x'; 2000]), CredentialFault::Unreadable),
    ];
    for (value, fault) in cases {
        let refused = Request::to("/CP1").with("Authorization", &value).refused();
        assert_eq!(refused, (fault.into(), Refusal::Status(401)), "{value}");
    }
    let twice = Request::to("/CP1").and("Authorization", &basic(b"CP1:a")).and("Authorization", &basic(b"CP1:b"));
    assert_eq!(twice.refused(), (CredentialFault::Repeated.into(), Refusal::Status(400)));
}

#[test]
fn ws_10_the_profile_follows_from_transport_and_credentials() {
    let certificate = Transport::MutualTls(ClientCertificate::default());
    let cases = [
        (Transport::Plain, false, SecurityProfile::Unsecured),
        (Transport::Plain, true, SecurityProfile::Password),
        (Transport::Tls, false, SecurityProfile::Unsecured),
        (Transport::Tls, true, SecurityProfile::TlsWithPassword),
        (certificate.clone(), false, SecurityProfile::MutualTls),
        (certificate, true, SecurityProfile::MutualTls),
    ];
    for (transport, with_password, profile) in cases {
        let mut request = Request { transport, ..Request::to("/CP1") };
        if with_password {
            request = request.with("Authorization", basic(b"CP1:secret"));
        }
        assert_eq!(request.accepted().profile(), profile);
    }
    assert_eq!(SecurityProfile::MutualTls.number(), 3);
}

/// Field need 15: the version belongs to the connection, never to the identity.
#[test]
fn the_same_station_may_come_back_with_another_version() {
    for (offer, version) in [("ocpp1.6", Version::V16), ("ocpp2.0.1", Version::V201), ("ocpp1.6", Version::V16)] {
        assert_eq!(Request::to("/CP1").offering(offer).accepted().version, version);
    }
}

#[test]
fn an_identity_is_plain_data() {
    let station: StationId = "CP|1".parse().expect("an identity");
    assert_eq!(serde_json::to_string(&station).expect("JSON"), "\"CP|1\"");
    assert_eq!(serde_json::from_str::<StationId>("\"CP|1\"").expect("JSON"), station);
    assert!(serde_json::from_str::<StationId>("\"a\\u0000\"").is_err());
}

/// Rules WS-01, WS-02: up to the last byte that is allowed.
#[test]
fn ws_02_b8_identities_have_at_most_255_bytes_and_48_letters_in_2_x() {
    let letters = |count: usize| "a".repeat(count);
    assert!(StationId::new(&letters(255)).is_ok());
    assert_eq!(StationId::new(&letters(256)), Err(IdentityError::TooLong { bytes: 256 }));
    let escaped = "%41".repeat(255);
    assert_eq!(StationId::from_encoded(&escaped).map(|id| id.as_str().len()), Ok(255));
    // what is too long is not even decoded
    assert_eq!(StationId::from_encoded(&format!("{escaped}%zz")), Err(IdentityError::TooLong { bytes: 768 }));
    assert!(StationId::new(&letters(48)).expect("an identity").keeps_2x_rules());
    assert!(!StationId::new(&letters(49)).expect("an identity").keeps_2x_rules());
}
