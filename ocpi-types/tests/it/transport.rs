//! Envelopes, status codes, headers, tokens and URLs (rule book parts B, C and F; fault cases F1, F16 and F17).

use ocpi_types::{
    CredentialsToken, DateTime, Envelope, HeaderError, Headers, Missing, PresentedToken, ResponseError, StatusClass,
    StatusCode, TokenEncoding, UrlPolicy, UrlRefusal, Verdict, Version, decode, for_each_item, is_renewal_due,
    read_envelope, read_list, read_nothing, read_object, read_value, v211, v221,
};

const NOW: &str = "2024-05-01T10:00:00Z";

fn envelope(data: &str, status: u32) -> String {
    format!(r#"{{"data":{data},"status_code":{status},"timestamp":"{NOW}"}}"#)
}

/// ENV-01 and ENV-02: objects, lists and bare texts.
#[test]
fn env_01_and_02_data() {
    let body = envelope(r#"{"version":"2.2.1","url":"https://a.example"}"#, 1000);
    assert_eq!(read_object::<v221::Version>(200, &body).unwrap().url, *"https://a.example");
    let body = envelope(r#""ACCEPTED""#, 1000);
    let answer: v221::ChargingPreferencesResponse = read_value(200, &body).unwrap();
    assert_eq!(answer, v221::ChargingPreferencesResponse::Accepted);
    let own = Envelope::success(answer, NOW.parse().unwrap());
    assert_eq!(serde_json::to_string(&own).unwrap(), body);
}

/// ENV-01: what stands around the data may be missing or odd, whichever way the response is read; a status may not.
#[test]
fn env_01_odd_envelopes() {
    for odd in [
        r#""timestamp":"yesterday""#,
        r#""timestamp":7,"status_message":[7]"#,
        r#""status_message":null"#,
        r#""timestamp":null"#,
        r#""timestamp":"half a pair: \ud800""#,
    ] {
        let body = format!(r#"{{"data":[],"status_code":1000,{odd}}}"#);
        let read = read_envelope(200, &body).unwrap();
        assert!(read.timestamp.is_unknown() && read.status_message.is_none(), "{odd}");
        assert!(read_list::<v221::Version>(200, &body).is_ok());
    }
    for body in [r#"{"data":[]}"#, r#"{"data":[],"status_code":"1000"}"#, r#"{"data":[],"status_code":null}"#, "[]"] {
        assert_eq!(read_envelope(200, body), Err(ResponseError::NotAnEnvelope), "{body}");
        assert_eq!(read_list::<v221::Version>(200, body).unwrap_err(), ResponseError::NotAnEnvelope);
    }
}

/// ENV-04 to ENV-06: errors may hold anything, some successes nothing.
#[test]
fn env_04_and_05_other_data() {
    let error = read_object::<v221::Version>(200, &envelope(r#"{"any":[1]}"#, 2001)).unwrap_err();
    assert_eq!(error.status_code(), Some(StatusCode::INVALID_PARAMETERS));
    let ResponseError::Status { envelope: held } = error else { panic!("{error}") };
    assert_eq!(held.data.unwrap().as_str(), r#"{"any":[1]}"#);
    for body in [envelope("{}", 1000), envelope("null", 1000), format!(r#"{{"status_code":1000,"timestamp":"{NOW}"}}"#)]
    {
        assert_eq!(read_nothing(200, &body), Ok(()), "{body}");
    }
    let missing = read_object::<v221::Version>(200, &envelope("null", 1000)).unwrap_err();
    assert_eq!(missing, ResponseError::NoData);
}

/// ENV-07 to ENV-10: classes, unknown codes, codes of custom modules.
#[test]
fn env_07_classes() {
    assert_eq!(StatusCode::new(2999).class(), StatusClass::ClientError);
    assert_eq!(StatusCode::new(4001).class(), StatusClass::HubError);
    assert_eq!(StatusCode::new(7).class(), StatusClass::Unknown);
    assert!(StatusCode::new(1999).is_success() && !StatusCode::new(3000).is_success());
    assert_eq!(StatusCode::custom(2900), Some(StatusCode::new(2900)));
    assert_eq!(StatusCode::custom(2001), None);
}

/// ENV-12 to ENV-18: HTTP status and OCPI status of what a server finds.
#[test]
fn env_12_to_18_verdicts() {
    let pair = |verdict: Verdict| (verdict.http(), verdict.status(Version::V2_2_1).get());
    assert_eq!(pair(Verdict::from(&decode::<v221::Version>("{").unwrap_err())), (400, 2001));
    assert_eq!(pair(Verdict::from(&decode::<v221::Version>("{}").unwrap_err())), (200, 2001));
    assert_eq!(pair(Verdict::NotFound(Missing::Location)), (404, 2003));
    assert_eq!(pair(Verdict::NotFound(Missing::Token)), (404, 2004));
    assert_eq!(pair(Verdict::NotFound(Missing::Object)), (404, 2001));
    assert_eq!(Verdict::NotFound(Missing::Token).status(Version::V2_1_1).get(), 2001);
    assert_eq!(pair(Verdict::Created), (201, 1000));
    assert_eq!(pair(Verdict::Done), (200, 1000));
    assert_eq!(pair(Verdict::MethodNotAllowed), (405, 2000));
    assert_eq!(pair(Verdict::NotEnoughInformation), (200, 2002));
    assert_eq!(pair(Verdict::Unauthorized), (401, 2000));
}

/// ENV-17, TOK-07 and TOK-08: an unknown token, with either HTTP status.
#[test]
fn env_17_unknown_tokens() {
    let body = format!(r#"{{"status_code":2004,"timestamp":"{NOW}"}}"#);
    for http in [200, 404] {
        let error = read_object::<v221::AuthorizationInfo>(http, &body).unwrap_err();
        assert!(error.is_unknown_token(Version::V2_2_1));
    }
    let old = read_object::<v211::AuthorizationInfo>(404, "").unwrap_err();
    assert!(old.is_unknown_token(Version::V2_1_1) && !old.is_unknown_token(Version::V2_2_1));
}

/// F17, ENV-19, ENV-20: HTTP 200 with 3xxx, 404 with an envelope, a page of HTML, nothing at all.
#[test]
fn f17_kinds_of_failure() {
    let body = envelope("null", 3001);
    assert!(matches!(read_envelope(200, &body), Err(ResponseError::Status { .. })));
    assert!(matches!(read_envelope(404, &body), Err(ResponseError::Http { status: 404, envelope: Some(_) })));
    let html = "<html><body>502 Bad Gateway</body></html>";
    assert_eq!(read_envelope(502, html), Err(ResponseError::Http { status: 502, envelope: None }));
    assert_eq!(read_envelope(200, html), Err(ResponseError::NotAnEnvelope));
    assert!(read_envelope(204, "").is_ok() && read_envelope(200, " \n").is_ok());
    assert!(matches!(read_envelope(401, r#"{"detail":"no"}"#), Err(ResponseError::Http { envelope: None, .. })));
}

/// PAG-12, REQ-04, ENU-02: bad items do not spoil a page, and are explained.
#[test]
fn pag_12_bad_items() {
    let good = r#"{"version":"2.2.1","url":"https://a.example"}"#;
    let body = envelope(&format!(r#"[{good},{{"version":5}},{good}]"#), 1000);
    let (items, bad) = read_list::<v221::Version>(200, &body).unwrap();
    assert_eq!((items.len(), bad.len()), (2, 1));
    assert_eq!((bad[0].index, bad[0].text.as_str()), (1, r#"{"version":5}"#));
    let pointers: Vec<_> = bad[0].error.findings.iter().map(|it| it.pointer.as_str()).collect();
    assert_eq!(pointers, ["/version", "/url"]);
    assert_eq!(read_list::<v221::Version>(200, &envelope("null", 1000)).unwrap().0, []);
    assert!(matches!(read_list::<v221::Version>(200, &envelope("{}", 1000)), Err(ResponseError::Data(_))));
    let mut seen = 0;
    for_each_item::<v221::Version>(200, &body, |_| seen += 1).unwrap();
    assert_eq!(seen, 3);
}

/// F16: depth bombs and broken texts end in an error, in little stack.
#[test]
fn f16_depth_bombs() {
    for open in ["[", "{\"a\":"] {
        let bomb = open.repeat(200_000);
        assert!(decode::<v221::Location>(&bomb).unwrap_err().is_syntax());
        let inside = format!(
            r#"{{"version":"2.2.1","url":"https://a.example","x":{}}}"#,
            "[".repeat(100_000) + &"]".repeat(100_000)
        );
        assert!(decode::<v221::Version>(&inside).is_ok(), "unknown members are skipped without recursion");
        assert!(ocpi_types::inspect::<v221::Version>(&inside).len() == 1);
        assert!(read_list::<v221::Version>(200, &bomb).is_err());
    }
    let wide = format!("[{}0]", "0,".repeat(1_000_000));
    assert!(decode::<v221::Location>(&wide).is_err());
    let number = format!(r#"{{"excl_vat":{}}}"#, "9".repeat(1_000_000));
    assert!(decode::<v221::Price>(&number).is_err());
}

/// AUT-01 to AUT-05: writing and reading of tokens.
#[test]
fn aut_01_to_05_tokens() {
    let token = CredentialsToken::new("example-token").unwrap();
    assert_eq!(token.to_header(TokenEncoding::of(Version::V2_1_1)), "Token example-token");
    assert_eq!(token.to_header(TokenEncoding::of(Version::V2_2_1)), "Token ZXhhbXBsZS10b2tlbg==");
    for header in
        ["Token example-token", "token   example-token", "TOKEN ZXhhbXBsZS10b2tlbg==", "Token ZXhhbXBsZS10b2tlbgo="]
    {
        assert!(PresentedToken::read(header).unwrap().is(&token), "{header}");
    }
    // valid Base64 that is a raw token
    let raw = CredentialsToken::new("YWJj").unwrap();
    let presented = PresentedToken::read("Token YWJj").unwrap();
    assert_eq!(presented.encoding_of(&raw), Some(TokenEncoding::Raw));
    assert_eq!(presented.encoding_of(&CredentialsToken::new("abc").unwrap()), Some(TokenEncoding::Base64));
    assert!(!presented.clone().only(TokenEncoding::Base64).is(&raw));
    assert!(!presented.only(TokenEncoding::Raw).is(&CredentialsToken::new("abc").unwrap()));
    assert!(presented_by_hash("Token ZXhhbXBsZS10b2tlbg==", "example-token"));
}

fn presented_by_hash(header: &str, token: &str) -> bool {
    use std::hash::{BuildHasher, RandomState};
    let hasher = RandomState::new();
    let known = hasher.hash_one(token);
    PresentedToken::read(header).unwrap().matches(|reading| hasher.hash_one(reading) == known)
}

/// F1: tokens that are unknown, empty, encoded twice, of another scheme, or 10 KB long.
#[test]
fn f01_bad_tokens() {
    let token = CredentialsToken::new("example-token").unwrap();
    for header in ["", "Token", "Token ", "Bearer example-token", "example-token"] {
        assert!(PresentedToken::read(header).is_none_or(|presented| !presented.is(&token)), "{header}");
    }
    let twice = "Token WlhoaGJYQnNaUzEwYjJ0bGJnPT0=";
    assert!(!PresentedToken::read(twice).unwrap().is(&token));
    assert!(PresentedToken::read(&format!("Token {}", "a".repeat(10_000))).is_none());
    assert!(!PresentedToken::read("Token example-toke").unwrap().is(&token));
    assert!(!PresentedToken::read("Token example-tokenx").unwrap().is(&token));
    assert!(!PresentedToken::read("Token \u{0}").is_some_and(|presented| presented.is(&token)));
}

/// AUT-08 to AUT-10: length, characters, randomness, silence, age.
#[test]
fn aut_08_to_10_secrets() {
    for bad in ["", "with blank", "\u{e9}", &"x".repeat(65)] {
        assert!(CredentialsToken::new(bad).is_err());
    }
    let token = CredentialsToken::generate(&[0xfb; 24]).unwrap();
    assert!(token.reveal().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    assert!(CredentialsToken::generate(&[0; 8]).is_err());
    let credentials: v221::Credentials = decode(
        r#"{"token":"secret","url":"https://a.example","roles":[
        {"role":"CPO","business_details":{"name":"h"},"party_id":"CPO","country_code":"NL"}]}"#,
    )
    .unwrap();
    let shown = format!("{token:?} {credentials:?} {:?}", PresentedToken::read("Token secret").unwrap());
    assert!(!shown.contains("secret") && !shown.contains(token.reveal()), "{shown}");
    assert!(serde_json::to_string(&credentials).unwrap().contains("secret"));
    assert!(credentials.token.is("secret") && !credentials.token.is("secreT"));
    let issued: DateTime = "2024-01-01T00:00:00Z".parse().unwrap();
    assert!(is_renewal_due(issued, "2024-02-01T00:00:00Z".parse().unwrap()));
    assert!(!is_renewal_due(issued, "2024-01-30T00:00:00Z".parse().unwrap()));
}

/// RTE-01, RTE-13, MID-01 to MID-06: headers of any case, by half, missing or too long.
#[test]
fn rte_01_headers() {
    let headers = Headers::read([
        ("x-REQUEST-id", "r"),
        ("X-Correlation-ID", "c"),
        ("ocpi-TO-party-id", "abc"),
        ("OCPI-to-country-code", "NL"),
        ("OCPI-From-Party-Id", "XYZ"),
        ("OCPI-from-country-code", "de"),
        ("X-Request-ID", "second"),
    ])
    .unwrap();
    assert_eq!(headers.request_id.as_deref(), Some("r"));
    assert_eq!(headers.routing.to.as_ref().unwrap().to_string(), "NL/abc");
    assert_eq!(headers.routing.from, Some(ocpi_types::Party::new("DE", "xyz")));
    assert_eq!(Headers::read([("OCPI-to-party-id", "ABC")]), Err(HeaderError::HalfParty));
    let long = [("OCPI-to-party-id", "ABCD"), ("OCPI-to-country-code", "NL")];
    assert_eq!(Headers::read(long), Err(HeaderError::Party));
    let none = Headers::read([("X-Request-ID", " \u{7}")]).unwrap();
    let mut count = 0;
    let ids = none.ids_or(|| {
        count += 1;
        format!("new{count}")
    });
    assert_eq!((ids.request_id.as_str(), ids.correlation_id.as_str()), ("new1", "new2"));
    let id = "x".repeat(5000);
    assert_eq!(Headers::read([("X-Request-ID", id.as_str())]).unwrap().request_id.unwrap().len(), 1024);
}

/// F4, F9, D24 and URL-02: URLs that must not be called, in every notation.
#[test]
fn f04_urls_that_lead_inside() {
    let policy = UrlPolicy::new();
    for (url, refusal) in [
        ("/ocpi/versions", UrlRefusal::Syntax),
        ("https:///x", UrlRefusal::Syntax),
        ("https://exa mple.com", UrlRefusal::Syntax),
        ("https://ex\\ample.com", UrlRefusal::Syntax),
        ("https://a.example\u{0}", UrlRefusal::Syntax),
        ("https://a..example/", UrlRefusal::Syntax),
        ("https://a.example:x/", UrlRefusal::Syntax),
        ("https://a.example:0/", UrlRefusal::Syntax),
        ("https://%31%32%37.0.0.1/", UrlRefusal::Syntax),
        ("https://0x7f000001/", UrlRefusal::Syntax),
        ("https://2130706433/", UrlRefusal::Syntax),
        ("https://127.1/", UrlRefusal::Syntax),
        ("https://0177.0.0.1/", UrlRefusal::Syntax),
        ("http://a.example/", UrlRefusal::Scheme),
        ("file:///etc/passwd", UrlRefusal::Syntax),
        ("gopher://a.example/", UrlRefusal::Scheme),
        ("https://user:pass@a.example/", UrlRefusal::Credentials),
        ("https://a.example@127.0.0.1/", UrlRefusal::Credentials),
        ("https://127.0.0.1/", UrlRefusal::Local),
        ("https://127.255.255.254/", UrlRefusal::Local),
        ("https://0.0.0.0/", UrlRefusal::Local),
        ("https://10.1.2.3/", UrlRefusal::Local),
        ("https://100.64.0.1/", UrlRefusal::Local),
        ("https://169.254.169.254/latest/meta-data", UrlRefusal::Local),
        ("https://172.16.0.1/", UrlRefusal::Local),
        ("https://192.168.0.1:8443/", UrlRefusal::Local),
        ("https://198.18.0.1/", UrlRefusal::Local),
        ("https://224.0.0.1/", UrlRefusal::Local),
        ("https://255.255.255.255/", UrlRefusal::Local),
        ("https://[::1]/", UrlRefusal::Local),
        ("https://[::]/", UrlRefusal::Local),
        ("https://[::ffff:127.0.0.1]/", UrlRefusal::Local),
        ("https://[::ffff:10.0.0.1]/", UrlRefusal::Local),
        ("https://[64:ff9b::7f00:1]/", UrlRefusal::Local),
        ("https://[2002:7f00:1::]/", UrlRefusal::Local),
        ("https://[fe80::1]/", UrlRefusal::Local),
        ("https://[fd00::1]/", UrlRefusal::Local),
        ("https://[2001:db8::1]/", UrlRefusal::Local),
        ("https://localhost/", UrlRefusal::Local),
        ("https://LOCALHOST./", UrlRefusal::Local),
        ("https://a.localhost/", UrlRefusal::Local),
        ("https://printer.local/", UrlRefusal::Local),
        ("https://metadata.google.internal/", UrlRefusal::Local),
        ("https://intranet/", UrlRefusal::Local),
    ] {
        assert_eq!(policy.check(url), Err(refusal), "{url}");
    }
    assert_eq!(policy.check(&format!("https://a.example/{}", "x".repeat(3000))), Err(UrlRefusal::TooLong));
    for url in [
        "https://a.example.com",
        "https://a.example.com:8443/x?y=z#f",
        "HTTPS://A.Example.COM./",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]:444/",
        "https://[::ffff:8.8.8.8]/",
    ] {
        assert!(policy.check(url).is_ok(), "{url}: {:?}", policy.check(url));
    }
    let url = policy.check("https://A.example.com:8443?x=1#f").unwrap();
    assert_eq!((url.host(), url.port(), &*url.path_and_query()), ("a.example.com", 8443, "/?x=1"));
    let mut listed = UrlPolicy::new();
    listed.only_hosts = vec![".example.com".into(), "b.test".into()];
    assert!(listed.check("https://x.example.com/").is_ok() && listed.check("https://b.test/").is_ok());
    for other in ["https://example.com.evil.org/", "https://evilexample.com/", "https://example.com/"] {
        assert_eq!(listed.check(other), Err(UrlRefusal::Host), "{other}");
    }
}

/// URL-03 and CDR-02: where a posted CDR can be read, relative or not.
#[test]
fn url_03_location_of_a_cdr() {
    let policy = UrlPolicy::new();
    let request = policy.check("https://emsp.example.com/ocpi/emsp/2.0/cdrs?x=1").unwrap();
    let at = |reference: &str| policy.check_reference(&request, reference).map(|url| url.as_str().to_owned());
    assert_eq!(at("/ocpi/emsp/2.0/cdrs/1").unwrap(), "https://emsp.example.com/ocpi/emsp/2.0/cdrs/1");
    assert_eq!(at("cdrs/1").unwrap(), "https://emsp.example.com/ocpi/emsp/2.0/cdrs/1");
    assert_eq!(at("https://other.example.com/1").unwrap(), "https://other.example.com/1");
    assert_eq!(at("//127.0.0.1/1"), Err(UrlRefusal::Local));
    assert_eq!(at(""), Err(UrlRefusal::Syntax));
}

/// REQ-02 and F16: content types.
#[test]
fn req_02_content_types() {
    for good in
        [None, Some("application/json"), Some("Application/JSON; charset=utf-8"), Some("application/problem+json")]
    {
        assert!(ocpi_types::is_json(good), "{good:?}");
    }
    for bad in ["text/html", "", "application/jsonp", "multipart/form-data; x=application/json"] {
        assert!(!ocpi_types::is_json(Some(bad)), "{bad}");
    }
}

/// REQ-03 and ENV-13: a PUT without a required member is 2001 with HTTP 200.
#[test]
fn req_03_put_is_complete() {
    let error = decode::<v221::Token>(r#"{"uid":"1"}"#).unwrap_err();
    let verdict = Verdict::from(&error);
    assert_eq!((verdict.http(), verdict.status(Version::V2_2_1).get()), (200, 2001));
}

/// D24: a name that leads inside.
#[test]
fn rebinding_names() {
    let policy = UrlPolicy::new();
    let resolve = |addresses: &'static [&'static str]| {
        policy.check_resolved("https://rebind.example.com/", move |host, port| {
            assert_eq!((host, port), ("rebind.example.com", 443));
            addresses.iter().map(|address| address.parse().unwrap()).collect()
        })
    };
    assert!(resolve(&["8.8.8.8"]).is_ok());
    assert_eq!(resolve(&["8.8.8.8", "127.0.0.1"]).unwrap_err(), UrlRefusal::Local);
    assert_eq!(resolve(&["::1"]).unwrap_err(), UrlRefusal::Local);
    assert_eq!(resolve(&[]).unwrap_err(), UrlRefusal::Unresolved);
}

/// ENV-01 and F17: an envelope that repeats a member is none, whichever way it is read.
#[test]
fn f17_a_repeated_member_spoils_the_envelope() {
    let time = r#""timestamp":"2026-03-01T10:15:30Z""#;
    let body = format!(r#"{{"data":[],"status_code":1000,{time},{time}}}"#);
    assert_eq!(read_envelope(200, &body).unwrap_err(), ResponseError::NotAnEnvelope);
    assert_eq!(read_list::<v221::Version>(200, &body).unwrap_err(), ResponseError::NotAnEnvelope);
}
