//! Authentication: rules WS-07 to WS-10, WS-13 to WS-15, CS-01, CS-28, CS-58, fault rows B12 to B17.

use std::net::IpAddr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ocpp_server::handshake::{
    ClientCertificate, Handshake, HandshakeConfig, Offer, Refusal, Transport, Validity, examine,
};
use ocpp_server::{
    Admission, AllowEveryStationUnauthenticated, AuthRemark, Authenticator, Denial, Enrolment, ExpiredCertificate,
    Guard, GuardConfig, KeyForm, KnownRegistration, PasswordHash, SecurityProfile, StaticAuthenticator, UnknownStation,
};

use crate::{at, block_on, id};

const SALT: [u8; 16] = [7; 16];

/// The handshake of CP1 with this password over this transport.
fn shown(transport: Transport, password: Option<&[u8]>) -> Handshake {
    use base64::Engine;
    let header = password.map(|password| {
        let bytes = [b"CP1:".as_slice(), password].concat();
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(bytes))
    });
    let mut headers: Vec<(&str, &[u8])> = vec![
        ("Upgrade", b"websocket"),
        ("Connection", b"Upgrade"),
        ("Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Version", b"13"),
        ("Sec-WebSocket-Protocol", b"ocpp1.6"),
    ];
    headers.extend(header.as_ref().map(|value| ("Authorization", value.as_bytes())));
    let offer = Offer { method: "GET", target: "/CP1", headers: &headers, transport: &transport, source: None };
    examine(&offer, &HandshakeConfig::default()).expect("it is in order")
}

fn with_certificate(common_name: &str, validity: Validity) -> Handshake {
    let organization = Some("Operator".to_owned());
    let certificate = ClientCertificate { common_name: Some(common_name.into()), organization, validity };
    shown(Transport::MutualTls(certificate), None)
}

fn now() -> DateTime<Utc> {
    "2026-03-01T10:00:00Z".parse().expect("a time")
}

fn enrolled(password: &[u8]) -> Enrolment {
    Enrolment::with_password(SecurityProfile::Password, PasswordHash::new(password, SALT))
}

#[test]
fn b12_b14_only_the_right_password_opens_the_door() {
    let enrolment = enrolled(b"0123456789abcdef");
    let verify = |password| enrolment.verify(&shown(Transport::Plain, password), now());
    assert_eq!(verify(Some(b"0123456789abcdef")), Ok(Admission::new(SecurityProfile::Password)));
    for wrong in [b"0123456789abcdeg".as_slice(), b"", b"0123456789abcde", b"0123456789abcdef\0"] {
        assert_eq!(verify(Some(wrong)), Err(Denial::WrongPassword));
    }
    assert_eq!(verify(None), Err(Denial::MissingCredentials));
}

#[test]
fn b15_a_password_of_any_bytes_is_compared_exactly() {
    let key: Vec<u8> = (0..20).map(|byte| byte * 13).collect();
    let enrolment = enrolled(&key);
    assert!(enrolment.verify(&shown(Transport::Plain, Some(&key)), now()).is_ok());
    let mut other = key.clone();
    other[19] ^= 1;
    assert_eq!(enrolment.verify(&shown(Transport::Plain, Some(&other)), now()), Err(Denial::WrongPassword));
}

#[test]
fn b16_ws_07_the_other_form_of_a_key_is_taken_by_policy_only_and_reported() {
    let key: Vec<u8> = vec![0x00, 0x01, 0xfe, 0xff, 0x3a, 0x0a, 0xbc, 0xde];
    let digits = b"0001feff3a0abcde";
    let upper = b"0001FEFF3A0ABCDE";
    // enrolled as bytes, sent as digits; enrolled as digits, sent as bytes
    let cases: [(&[u8], &[u8]); 4] = [(&key, digits), (&key, upper), (digits, &key), (upper, &key)];
    for (enrolled_as, sent) in cases {
        let mut enrolment = enrolled(enrolled_as);
        assert_eq!(enrolment.key_form, KeyForm::Exact);
        let handshake = shown(Transport::Plain, Some(sent));
        assert_eq!(enrolment.verify(&handshake, now()), Err(Denial::WrongPassword));
        enrolment.key_form = KeyForm::EitherForm;
        assert_eq!(enrolment.verify(&handshake, now()).expect("by policy").remarks, [AuthRemark::OtherKeyForm]);
        let canonical = shown(Transport::Plain, Some(enrolled_as));
        assert_eq!(enrolment.verify(&canonical, now()).expect("canonical").remarks, []);
        let wrongs =
            [b"0001feff3a0abcdf".as_slice(), b"0001feff3a0abcde0", b"0001feff3a0abcd", b"", b"0001feff3a0abcdg"];
        for wrong in wrongs {
            let wrong = shown(Transport::Plain, Some(wrong));
            assert_eq!(enrolment.verify(&wrong, now()), Err(Denial::WrongPassword));
        }
    }
}

#[test]
fn ws_10_a_station_uses_the_profile_it_is_enrolled_with_and_no_other() {
    let password = b"0123456789abcdef";
    let plain = shown(Transport::Plain, Some(password));
    let tls = shown(Transport::Tls, Some(password));
    let both = shown(Transport::MutualTls(ClientCertificate::default()), Some(password));
    let secret = PasswordHash::new(password, SALT);
    let one = Enrolment::with_password(SecurityProfile::Password, secret);
    let two = Enrolment::with_password(SecurityProfile::TlsWithPassword, secret);
    let three = Enrolment::with_certificate("SN-1");
    assert!(one.verify(&plain, now()).is_ok() && two.verify(&tls, now()).is_ok() && two.verify(&both, now()).is_ok());
    // a downgrade, and an upgrade nobody has agreed on
    for (enrolment, handshake) in [(&two, &plain), (&three, &plain), (&three, &tls), (&one, &tls)] {
        let denial = enrolment.verify(handshake, now()).expect_err("another profile");
        assert!(matches!(denial, Denial::OtherProfile { .. }), "{denial}");
        assert_eq!(denial.refusal(UnknownStation::NotFound), Refusal::Status(401));
    }
    assert!(Enrolment::unsecured().verify(&shown(Transport::Plain, None), now()).is_ok());
}

#[test]
fn b17_ws_13_the_certificate_of_another_station_is_refused() {
    let mut enrolment = Enrolment::with_certificate("SN-1");
    let admission = enrolment.verify(&with_certificate("SN-1", Validity::Current), now()).expect("its own");
    assert_eq!((admission.profile, admission.serial_number.as_deref()), (SecurityProfile::MutualTls, Some("SN-1")));
    for other in ["SN-2", "sn-1", "SN-10", ""] {
        assert_eq!(enrolment.verify(&with_certificate(other, Validity::Current), now()), Err(Denial::OtherCertificate));
    }
    let nameless = shown(Transport::MutualTls(ClientCertificate::default()), None);
    assert_eq!(enrolment.verify(&nameless, now()), Err(Denial::OtherCertificate));
    enrolment.certificate.as_mut().expect("a rule").organization = Some("Another operator".into());
    let foreign = enrolment.verify(&with_certificate("SN-1", Validity::Current), now());
    assert_eq!(foreign, Err(Denial::OtherCertificate));
}

#[test]
fn ws_14_an_expired_certificate_opens_the_door_only_for_renewal() {
    let mut enrolment = Enrolment::with_certificate("SN-1");
    let expired = with_certificate("SN-1", Validity::Expired);
    assert_eq!(enrolment.verify(&expired, now()), Err(Denial::ExpiredCertificate));
    enrolment.certificate.as_mut().expect("a rule").expired = ExpiredCertificate::AdmitForRenewal;
    assert_eq!(enrolment.verify(&expired, now()).expect("an exception").remarks, [AuthRemark::ExpiredCertificate]);
}

#[test]
fn cs_28_ws_15_a_new_password_takes_over_at_its_first_use_or_after_five_minutes() {
    let authenticator = StaticAuthenticator::new();
    let mut enrolment = enrolled(b"old password 123");
    let verify = |enrolment: &Enrolment, password: &[u8], seconds| {
        enrolment.verify(&shown(Transport::Plain, Some(password)), now() + TimeDelta::seconds(seconds))
    };
    enrolment.stage(PasswordHash::new(b"new password 123", [8; 16]), now());
    assert!(verify(&enrolment, b"old password 123", 299).is_ok());
    assert_eq!(verify(&enrolment, b"old password 123", 300), Err(Denial::WrongPassword));
    let admission = verify(&enrolment, b"new password 123", 300).expect("the new one");
    assert_eq!(admission.remarks, [AuthRemark::StagedSecret]);

    enrolment.stage(PasswordHash::new(b"new password 123", [8; 16]), Utc::now());
    authenticator.enrol(id("CP1"), enrolment);
    let ask = |password: &[u8]| block_on(authenticator.authenticate(&shown(Transport::Plain, Some(password))));
    assert!(ask(b"old password 123").is_ok(), "the station fell over before it stored the new one");
    assert!(ask(b"new password 123").is_ok());
    assert_eq!(ask(b"old password 123"), Err(Denial::WrongPassword));
    assert!(ask(b"new password 123").is_ok());
}

/// A station that never answers keeps its password, for however long; one that refuses it, too.
#[test]
fn cs_28_until_the_station_has_accepted_a_new_password_the_old_one_serves_without_limit() {
    let (old, new) = (b"old password 123".as_slice(), b"new password 123".as_slice());
    let mut enrolment = enrolled(old);
    let verify = |enrolment: &Enrolment, password: &[u8]| {
        enrolment.verify(&shown(Transport::Plain, Some(password)), now() + TimeDelta::days(9)).is_ok()
    };
    enrolment.propose(PasswordHash::new(new, [8; 16]));
    assert!(verify(&enrolment, old) && verify(&enrolment, new));
    let mut refused = enrolment.clone();
    refused.withdraw();
    assert!(verify(&refused, old) && !verify(&refused, new));
    enrolment.stage(PasswordHash::new(new, [8; 16]), now());
    assert!(!verify(&enrolment, old) && verify(&enrolment, new));

    let authenticator = StaticAuthenticator::new();
    assert!(!authenticator.update(&id("CP1"), Enrolment::settle));
    authenticator.enrol(id("CP1"), enrolment);
    assert!(authenticator.update(&id("CP1"), Enrolment::withdraw));
    assert_eq!(authenticator.enrolment(&id("CP1")), Some(refused));
}

/// Rule WS-05.
#[test]
fn b13_an_unknown_station_meets_404_or_the_same_as_a_wrong_password() {
    let authenticator = StaticAuthenticator::new();
    let denial = block_on(authenticator.authenticate(&shown(Transport::Plain, Some(b"x")))).expect_err("unknown");
    assert_eq!(denial, Denial::UnknownStation);
    assert_eq!(denial.refusal(UnknownStation::NotFound), Refusal::Status(404));
    let wrong = Denial::WrongPassword.refusal(UnknownStation::AsWrongPassword);
    assert_eq!(denial.refusal(UnknownStation::AsWrongPassword), wrong);
    assert_eq!(wrong, Refusal::Status(401));
    assert_eq!(Denial::TooManyAttempts.refusal(UnknownStation::NotFound), Refusal::Status(429));
    assert_eq!(Denial::Unavailable.refusal(UnknownStation::NotFound), Refusal::Status(503));
}

#[test]
fn cs_05_what_is_known_of_the_registration_comes_with_the_admission() {
    let authenticator = StaticAuthenticator::new();
    authenticator.enrol(id("CP1"), enrolled(b"0123456789abcdef"));
    let ask = || block_on(authenticator.authenticate(&shown(Transport::Plain, Some(b"0123456789abcdef"))));
    assert_eq!(ask().expect("it may").registration, KnownRegistration::None);
    authenticator.accepted(&id("CP1"));
    assert_eq!(ask().expect("it may").registration, KnownRegistration::Accepted);
    assert!(authenticator.remove(&id("CP1")).is_some());
    assert_eq!(ask(), Err(Denial::UnknownStation));
}

#[test]
fn everybody_comes_in_only_where_that_is_said_by_name() {
    let admission = block_on(AllowEveryStationUnauthenticated.authenticate(&shown(Transport::Plain, None)));
    assert_eq!(admission, Ok(Admission::new(SecurityProfile::Unsecured)));
}

#[test]
fn cs_58_passwords_are_kept_as_salted_hashes_and_shown_nowhere() {
    let (one, other) = (PasswordHash::new(b"secret", [1; 16]), PasswordHash::new(b"secret", [2; 16]));
    assert_ne!(one, other);
    let text = serde_json::to_string(&enrolled(b"secret")).expect("JSON");
    assert!(!text.contains("\"secret\":\"") && !text.contains("115,101,99,114,101,116"), "{text}");
    assert_eq!(serde_json::from_str::<Enrolment>(&text).expect("JSON"), enrolled(b"secret"));
    assert_eq!(format!("{one:?}"), "PasswordHash(..)");
}

#[test]
fn b14_who_guesses_waits_longer_and_longer_and_locks_nobody_out() {
    let mut guard = Guard::new(GuardConfig::default());
    let (thief, station): (IpAddr, IpAddr) = ([192, 0, 2, 66].into(), [192, 0, 2, 1].into());
    for _ in 0..5 {
        assert_eq!(guard.wait(at(100), thief, &id("CP1")), None);
        guard.failed(at(100), thief, &id("CP1"));
    }
    assert_eq!(guard.wait(at(100), thief, &id("CP1")), None);
    let mut waits = Vec::new();
    for _ in 0..12 {
        guard.failed(at(100), thief, &id("CP1"));
        waits.push(guard.wait(at(100), thief, &id("CP1")).map_or(0, |wait| wait.as_secs()));
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    assert_eq!(guard.wait(at(100), station, &id("CP1")), None, "the station itself is not locked out");
    assert_eq!(guard.wait(at(1000), thief, &id("CP1")), None, "the wait is over");
    guard.succeeded(thief, &id("CP1"));
    assert_eq!(guard.wait(at(100), thief, &id("CP1")), None);
}

/// Whoever has one address of IPv6 has a whole network of them.
#[test]
fn b14_addresses_of_one_network_are_one_source() {
    let mut guard = Guard::new(GuardConfig::default());
    let address = |text: &str| text.parse::<IpAddr>().expect("an address");
    for number in 0..60 {
        guard.failed(at(5), address(&format!("2001:db8:1:2::{number:x}")), &id(&format!("CP{number}")));
    }
    assert!(guard.wait(at(5), address("2001:db8:1:2:ffff::1"), &id("fresh")).is_some());
    assert_eq!(guard.wait(at(5), address("2001:db8:1:3::1"), &id("fresh")), None);
    for _ in 0..7 {
        guard.failed(at(5), address("::ffff:192.0.2.1"), &id("CP1"));
    }
    assert!(guard.wait(at(5), address("192.0.2.1"), &id("CP1")).is_some());
    guard.succeeded(address("::ffff:192.0.2.1"), &id("CP1"));
    assert_eq!(guard.wait(at(5), address("192.0.2.1"), &id("CP1")), None);
}

#[test]
fn b14_failures_are_forgotten_after_twice_the_longest_wait() {
    let thief: IpAddr = [192, 0, 2, 66].into();
    for (quiet, wait) in [(1799, Some(Duration::from_secs(2))), (1800, None)] {
        let mut guard = Guard::new(GuardConfig::default());
        for _ in 0..6 {
            guard.failed(at(0), thief, &id("CP1"));
        }
        guard.failed(at(quiet), thief, &id("CP1"));
        assert_eq!(guard.wait(at(quiet), thief, &id("CP1")), wait, "{quiet}");
    }
}

/// Who has guessed most is forgotten last.
#[test]
fn b14_many_guessers_do_not_make_one_forgotten() {
    let mut config = GuardConfig::default();
    config.remembered = 32;
    let mut guard = Guard::new(config);
    let thief: IpAddr = [192, 0, 2, 66].into();
    for _ in 0..9 {
        guard.failed(at(5), thief, &id("CP1"));
    }
    for number in 0..=255_u8 {
        guard.failed(at(6), [198, 51, 100, number].into(), &id("CP1"));
        assert!(guard.wait(at(6), thief, &id("CP1")).is_some(), "{number}");
    }
    assert!(format!("{guard:?}").matches("count:").count() <= 64);
}

#[test]
fn b14_a_thousand_identities_from_one_source_cost_as_much_and_no_memory() {
    let mut config = GuardConfig::default();
    config.remembered = 100;
    let mut guard = Guard::new(config);
    let thief: IpAddr = [192, 0, 2, 66].into();
    for number in 0..1000 {
        guard.failed(at(5), thief, &id(&format!("CP{number}")));
    }
    assert_eq!(guard.wait(at(5), thief, &id("fresh")), Some(Duration::from_secs(900)));
    assert!(format!("{guard:?}").matches("count:").count() <= 101);
    for number in 0..200_u8 {
        guard.failed(at(10_000), [198, 51, 100, number].into(), &id("CP1"));
    }
    assert!(format!("{guard:?}").matches("count:").count() <= 200);
}
