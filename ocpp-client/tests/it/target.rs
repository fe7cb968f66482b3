//! Who the station is to the CSMS: rules WS-01, WS-02, WS-07 and WS-08.

use ocpp_client::{Identity, IdentityError, Password};
use ocpp_types::Version;

#[test]
fn ws_01_the_url_ends_with_the_percent_encoded_identity() {
    for (identity, url) in [
        ("RDAM|123", "ws://csms/ocpp/RDAM%7C123"),
        ("CS 1", "ws://csms/ocpp/CS%201"),
        ("a/b", "ws://csms/ocpp/a%2Fb"),
        ("é-._~", "ws://csms/ocpp/%C3%A9-._~"),
        ("a:b%", "ws://csms/ocpp/a%3Ab%25"),
    ] {
        let identity = Identity::new(identity, Version::V16).expect("legal in 1.6");
        assert_eq!(identity.url("ws://csms/ocpp"), url);
        assert_eq!(identity.url("ws://csms/ocpp/"), url);
    }
}

#[test]
fn ws_02_2_x_takes_no_colon_and_48_letters() {
    for version in [Version::V201, Version::V21] {
        assert!(Identity::new("CS*-_=+|@.01", version).is_ok());
        assert_eq!(Identity::new("a:b", version), Err(IdentityError::Letter { at: 1, letter: ':' }));
        assert_eq!(Identity::new("a b", version), Err(IdentityError::Letter { at: 1, letter: ' ' }));
        assert!(Identity::new("x".repeat(48), version).is_ok());
        assert_eq!(Identity::new("x".repeat(49), version), Err(IdentityError::Length { length: 49, limit: 48 }));
        assert_eq!(Identity::new("", version), Err(IdentityError::Empty));
    }
    assert!(Identity::new("a: b", Version::V16).is_ok(), "1.6 names no charset");
    assert!(Identity::new("a\r\nb", Version::V16).is_err());
}

#[test]
fn ws_07_a_1_6_key_stands_for_its_bytes() {
    let key = Password::hexadecimal("0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF").expect("40 digits");
    assert_eq!(key.as_bytes().len(), 20);
    assert_eq!(&key.as_bytes()[..9], [0, 1, 2, 3, 4, 5, 6, 7, 0xFF]);
    assert!(Password::hexadecimal("0").is_err());
    assert!(Password::hexadecimal("0g").is_err());
    assert!(Password::hexadecimal("").is_err());
    assert!(Password::hexadecimal(&"0".repeat(42)).is_err());
}

#[test]
fn ws_08_a_2_x_password_is_its_text_and_no_log_shows_it() {
    let password = Password::text("0001020304050607");
    assert_eq!(password.as_bytes(), b"0001020304050607");
    assert_eq!(format!("{password:?}"), "Password(..)");
}
