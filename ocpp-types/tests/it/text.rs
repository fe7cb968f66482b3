//! Texts with limits.

use std::collections::HashSet;

use ocpp_types::shape::Datatype;
use ocpp_types::{CiString, Secret, Text, Uri};

/// RPC-13: identifiers compare without regard to case and keep their spelling.
#[test]
fn rpc_13_identifiers_fold_case() {
    let (listed, presented) = (CiString::<20>::from("AbC"), CiString::<20>::from("aBc"));
    assert_eq!(listed, presented);
    assert_eq!(presented.as_str(), "aBc");
    assert_eq!(HashSet::from([listed.clone(), presented]).len(), 1);
    let next = CiString::<20>::from("abD");
    assert!(listed < next);
    assert_ne!(listed, "abcd");
}

#[test]
fn limits_count_characters() {
    assert!(Text::<3>::from("é☃𝄞").conforms());
    assert!(!Text::<3>::from("abcd").conforms());
    assert!(Text::<{ usize::MAX }>::from("any length").conforms());
    assert_eq!(Text::<3>::from("kept whole").as_str(), "kept whole");
}

#[test]
fn secrets_do_not_reach_logs() {
    let secret = Secret::<64>::from("correct horse");
    assert_eq!(format!("{secret:?}"), "\"***\"");
    assert_eq!(serde_json::to_string(&secret).unwrap(), "\"correct horse\"");
}

#[test]
fn uris_are_absolute() {
    for text in
        ["ftp://user@host:21/dir", "https://[2001:db8::1]/x?y#z", "urn:a", "mailto:a@b", "file:///x", "http://h?"]
    {
        assert!(Uri::<255>::from(text).conforms(), "{text}");
    }
    for text in [
        "",
        "/dir",
        "host/dir",
        "1http://x",
        "http://a b",
        "http://[::g]/",
        "http://h:p/",
        "http://%zz",
        "http://h/\"",
        "a:é",
    ] {
        assert!(!Uri::<255>::from(text).conforms(), "{text}");
    }
}
