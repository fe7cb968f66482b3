//! Headers, links, queries, paths, tokens, URLs and envelopes.

use ocpi_types::{
    Crawler, DateTime, FirstAnswer, Headers, LINK, MessageIds, Method, Module, ModuleKind, Outcome, PageHeaders,
    PageQuery, Party, Pending, Place, PresentedToken, Request, TOTAL_COUNT, TokenEncoding, UrlPolicy, Version,
    for_each_item, next_link, operations, read_envelope, read_list, read_nothing, read_object, route, v221,
    write_headers,
};
use serde_json::value::RawValue;

use super::split;

/// Checks what is said about a piece of a message: the first line names what it is, the rest is the piece.
///
/// # Panics
/// When something does not hold.
pub fn transport(input: &[u8]) {
    let Some((name, text)) = split(input) else { return };
    match name {
        "link" => link(text),
        "headers" => headers(text),
        "query" => query(text),
        "path" => path(text),
        "token" => token(text),
        "url" => url(text),
        "envelope" => envelope(text),
        "crawl" => crawl(text),
        "result" => result(text),
        _ => {}
    }
}

fn link(text: &str) {
    if let Some(next) = next_link(text) {
        assert!(text.contains(&next), "{next} is not in the header");
        assert_eq!(next_link(&format!("<{next}>; rel=\"next\"")), Some(next));
    }
}

/// One header per line, `name: value`.
fn headers(text: &str) {
    let lines = || text.lines().filter_map(|line| line.split_once(':'));
    let Ok(read) = Headers::read(lines()) else { return };
    let ids = read.ids_or(|| "made".into());
    for id in [&ids.request_id, &ids.correlation_id] {
        assert!(id.chars().all(|letter| matches!(letter, ' '..='~')), "{id:?}");
    }
    let written = write_headers(Version::V2_3_0, ModuleKind::Functional, &ids, &read.routing);
    let again = Headers::read(written.iter().map(|(name, value)| (*name, value.as_str()))).expect("ours are right");
    assert_eq!(again.routing, read.routing);
    assert_eq!(again.ids_or(String::new), MessageIds::new(ids.request_id.trim(), ids.correlation_id.trim()));
    for party in [&read.routing.to, &read.routing.from].into_iter().flatten() {
        assert!(party.is_valid());
        assert_eq!(Party::from_hub_party_id(&party.to_hub_party_id()).as_ref(), Some(party));
    }
    let _ = PageHeaders::read(lines());
}

fn query(text: &str) {
    let Ok(query) = PageQuery::parse(text) else { return };
    // times are written with four digits of a second at most, which is all that a DateTime of OCPI holds
    let written = query.to_query();
    assert_eq!(PageQuery::parse(&written).map(|again| again.to_query()), Ok(written));
    for (total, most) in [(0, 0), (1000, 100), (u64::MAX, u64::MAX)] {
        let page = query.page(total, most, "https://a.example.com/ocpi/locations?a=b");
        assert!(page.slice(&[1, 2, 3]).len() <= 3);
    }
}

/// What is routed leads back to the same place.
fn path(text: &str) {
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    for version in Version::ALL {
        for operation in operations(version) {
            let found = route(version, operation.module, operation.interface, operation.method, path, query);
            let Ok(found) = found else { continue };
            assert!(found.values.len() <= 16);
            let values: Vec<_> = found.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            if !matches!(found.operation.place, Place::Below(_)) {
                continue;
            }
            let Ok(url) = found.operation.url("https://a.example.com/x", &values) else { continue };
            let below = url.strip_prefix("https://a.example.com/x").expect("below the endpoint");
            let (path, query) = below.split_once('?').unwrap_or((below, ""));
            let again = route(version, operation.module, operation.interface, operation.method, path, query);
            let again = again.unwrap_or_else(|verdict| panic!("{url}: {verdict:?}"));
            let filled = |values: &[(&'static str, String)]| -> Vec<_> {
                values.iter().filter(|(_, value)| !value.is_empty()).cloned().collect()
            };
            assert_eq!(filled(&again.values), filled(&found.values), "{url}");
        }
    }
    let _ = route(Version::V2_3_0, Module::Versions, None, Method::Get, path, query);
}

fn token(text: &str) {
    let Some(presented) = PresentedToken::read(text) else { return };
    for encoding in [TokenEncoding::Raw, TokenEncoding::Base64] {
        presented.clone().only(encoding).matches(|token| {
            assert!(!token.is_empty());
            if let Ok(known) = ocpi_types::CredentialsToken::new(token) {
                assert!(presented.is(&known));
                let again = PresentedToken::read(&known.to_header(encoding)).expect("ours are right");
                assert!(again.is(&known));
            }
            false
        });
    }
    assert!(!format!("{presented:?}").contains(text), "tokens are masked");
}

fn url(text: &str) {
    let policy = UrlPolicy::new();
    if let Ok(url) = policy.check(text) {
        assert!(!url.host().is_empty() && url.port() != 0);
        assert!(url.path_and_query().starts_with('/'));
        assert_eq!(policy.check(url.as_str()).as_ref(), Ok(&url));
        assert!(!url.as_str().contains('@') || url.path_and_query().contains('@'), "credentials in {}", url.as_str());
        for reference in [text, "/a", "?b", "../c", "//d.example.com/e"] {
            if let Ok(next) = policy.check_reference(&url, reference) {
                assert!(policy.check(next.as_str()).is_ok());
            }
        }
    }
    let base = policy.check("https://a.example.com/b/c?d=e").expect("a good URL");
    for checked in [policy.check_reference(&base, text), policy.check_redirect(&base, text)].into_iter().flatten() {
        assert!(policy.check(checked.as_str()).is_ok(), "{}", checked.as_str());
    }
}

fn envelope(text: &str) {
    for status in [200, 404] {
        let read = read_envelope(status, text);
        assert!(status == 200 || read.is_err());
        let _ = read_nothing(status, text);
        let _ = read_object::<v221::Token>(status, text);
        if let Ok(envelope) = &read {
            assert!(envelope.status_code.is_success());
        }
        let Ok((good, bad)) = read_list::<v221::Token>(status, text) else { continue };
        let data = read.expect("the list came in an envelope").data;
        let items: Vec<&RawValue> =
            data.as_ref().map_or_else(Vec::new, |data| serde_json::from_str(data.as_str()).expect("a list"));
        assert_eq!(items.len(), good.len() + bad.len(), "no item is lost");
        let mut index = 0;
        let handed_on = for_each_item::<v221::Token>(status, text, |item| {
            match (item, ocpi_types::decode::<v221::Token>(items[index].get())) {
                (Ok(item), Ok(other)) => assert_eq!(item, other),
                (Err(bad), Err(error)) => {
                    assert_eq!((bad.index, bad.text.as_str()), (index, items[index].get()));
                    assert_eq!(bad.error, error);
                }
                (one, other) => panic!("item {index}: {one:?}, alone {other:?}"),
            }
            index += 1;
        });
        assert!(handed_on.is_ok());
    }
}

/// Link headers and totals, line by line, as the pages of a crawl.
fn crawl(text: &str) {
    let policy = UrlPolicy::new();
    let crawl = Crawler::new("https://a.example.com/list", &PageQuery::new(), policy.clone());
    let mut crawl = crawl.expect("a good URL").with_max_pages(8);
    for line in text.lines() {
        let (total, link) = line.split_once(' ').unwrap_or(("", line));
        crawl.on_page(&PageHeaders::read([(LINK, link), (TOTAL_COUNT, total)]));
        assert_eq!(crawl.request().is_some(), crawl.end().is_none(), "a crawl goes on or has ended");
        if let Some(request) = crawl.request() {
            assert!(policy.check(request.as_str()).is_ok());
        }
    }
    assert!(crawl.pages() <= 8);
}

/// Asynchronous results: only the one that is waited for is taken, and once.
fn result(text: &str) {
    let version_of = |command| if command == "CANCEL_RESERVATION" { Version::V2_2_1 } else { Version::V2_1_1 };
    for command in ["START_SESSION", "RESERVE_NOW", "CANCEL_RESERVATION"] {
        let request = Request::from_command(command).expect("a command");
        let mut pending = Pending::new(version_of(command), 4, 60);
        let now = DateTime::EPOCH;
        pending.sent(now, "id", "peer", request, None).expect("there is room");
        assert_eq!(pending.answered(now, "id", FirstAnswer::Accepted { timeout: Some(30) }), None);
        assert!(pending.result("other", "peer", text).is_err());
        assert!(pending.result("id", "somebody", text).is_err());
        match pending.result("id", "peer", text) {
            Err(_) => assert_eq!(pending.len(), 1, "a result that cannot be read changes nothing"),
            Ok(outcome) => {
                assert!(matches!(outcome, Some(Outcome::Result(_))), "{outcome:?}");
                assert!(pending.result("id", "peer", text).is_err(), "taken twice");
            }
        }
    }
}
