//! Pages and crawls (rule book part E; fault cases F5 and F6).

use std::collections::BTreeSet;

use ocpi_types::{
    CrawlEnd, Crawler, DateTime, PageHeaders, PageQuery, PageQueryError, UrlPolicy, UrlRefusal, next_link, next_poll,
    removed,
};
use proptest::prelude::*;

const LIST: &str = "https://cpo.example.com/ocpi/locations";

fn crawler(query: &PageQuery) -> Crawler {
    Crawler::new(LIST, query, UrlPolicy::new()).unwrap()
}

fn page(total: u64, next: Option<&str>) -> PageHeaders {
    let total = total.to_string();
    let link = next.map(|next| format!("<{next}>; rel=\"next\""));
    let mut headers = vec![("X-Total-Count", total.as_str())];
    headers.extend(link.as_deref().map(|link| ("Link", link)));
    PageHeaders::read(headers)
}

/// PAG-02 to PAG-06 and PAG-15: the page that answers a query.
#[test]
fn pag_02_to_06_serving() {
    let query = PageQuery::parse("offset=0&limit=2000&date_from=2019-01-28T12:00:00&type=x").unwrap();
    let page = query.page(250, 100, LIST);
    assert_eq!((page.offset, page.count), (0, 100));
    let headers = PageHeaders::read(page.headers.iter().map(|(name, value)| (*name, value.as_str())));
    assert_eq!((headers.total, headers.limit), (Some(250), Some(100)));
    let next = headers.next.unwrap();
    let (list, next_query) = next.split_once('?').unwrap();
    assert_eq!(list, LIST);
    let again = PageQuery::parse(next_query).unwrap();
    assert_eq!(
        (again.offset, again.limit, again.date_from, &again.further),
        (100, Some(100), query.date_from, &query.further)
    );
    let last = PageQuery::parse("offset=200").unwrap().page(250, 100, LIST);
    assert_eq!((last.count, last.headers.len()), (50, 2));
    assert_eq!(last.slice(&(0..250).collect::<Vec<_>>()).first(), Some(&200));
    let beyond = PageQuery::parse("offset=500").unwrap().page(100, 100, LIST);
    assert_eq!((beyond.count, beyond.headers.len()), (0, 2));
    assert!(beyond.slice(&[1, 2, 3]).is_empty());
}

/// F6: limits and windows that make no sense.
#[test]
fn f06_bad_queries() {
    for (query, error) in [
        ("limit=0", PageQueryError::ZeroLimit),
        ("limit=-1", PageQueryError::Number("limit")),
        ("offset=-1", PageQueryError::Number("offset")),
        ("offset=99999999999999999999999", PageQueryError::Number("offset")),
        ("date_from=yesterday", PageQueryError::Time("date_from")),
        ("date_from=2024-01-02T00:00:00Z&date_to=2024-01-01T00:00:00Z", PageQueryError::Window),
    ] {
        assert_eq!(PageQuery::parse(query), Err(error), "{query}");
    }
    let huge = PageQuery::parse("limit=1000000000").unwrap().page(10_000, 100, LIST);
    assert_eq!(huge.count, 100);
    let far = PageQuery::parse("offset=18446744073709551615&limit=18446744073709551615").unwrap();
    assert_eq!(far.page(u64::MAX, u64::MAX, LIST).count, 0);
}

/// PAG-11: borders of the window. PAG-13: sessions need a begin. PAG-17 and REQ-07: forms of queries.
#[test]
fn pag_11_windows() {
    let query = PageQuery::parse("date_from=2024-01-01T00%3A00%3A00Z&date_to=2024-02-01T00:00:00Z&date_to=x").unwrap();
    let at = |text: &str| query.contains(text.parse().unwrap());
    assert!(at("2024-01-01T00:00:00Z") && at("2024-01-31T23:59:59Z"));
    assert!(!at("2023-12-31T23:59:59Z") && !at("2024-02-01T00:00:00Z"));
    assert!(query.with_date_from().is_ok());
    assert_eq!(PageQuery::new().with_date_from(), Err(PageQueryError::DateFromMissing));
    let written = PageQuery::since("2024-01-01T00:00:00Z".parse().unwrap()).to_query();
    assert_eq!(written, "date_from=2024-01-01T00:00:00Z");
}

/// PAG-07: every way to write a link.
#[test]
fn pag_07_links() {
    let next = Some("https://a.example/?offset=5".to_owned());
    for link in [
        r#"<https://a.example/?offset=5>; rel="next""#,
        "<https://a.example/?offset=5>;rel=next",
        r#"<https://b.example>; rel="prev", <https://a.example/?offset=5>; title="a, b;c=\"d\""; rel="next""#,
        r#"<https://a.example/?offset=5>; title=x; REL="last NEXT""#,
    ] {
        assert_eq!(next_link(link), next, "{link}");
    }
    for none in [
        "",
        "<>; rel=next",
        "<https://a.example>; rel=prev",
        "https://a.example; rel=next",
        "<https://a.example",
        r#"<x>; rel=""#,
    ] {
        assert_eq!(next_link(none), None, "{none}");
    }
    let repeated = PageHeaders::read([("link", "<a>; rel=prev"), ("LINK", "<b>; rel=next")]);
    assert_eq!(repeated.next.as_deref(), Some("b"));
}

/// PAG-08: a crawl follows the links to the end, relative ones too.
#[test]
fn pag_08_crawl() {
    let mut crawl = crawler(&PageQuery::new());
    assert_eq!(crawl.request().unwrap().as_str(), LIST);
    crawl.on_page(&page(3, Some("/ocpi/locations?offset=2")));
    assert_eq!(crawl.request().unwrap().as_str(), format!("{LIST}?offset=2"));
    crawl.on_page(&page(3, None));
    assert_eq!((crawl.end(), crawl.request(), crawl.pages()), (Some(CrawlEnd::Complete), None, 2));
    crawl.on_page(&page(3, Some(LIST)));
    assert_eq!(crawl.pages(), 2, "nothing was asked for");
}

/// F5 and PAG-08: loops, empty links, other hosts, endless lists.
#[test]
fn f05_crawls_end() {
    let mut same = crawler(&PageQuery::new());
    same.on_page(&page(1000, Some(LIST)));
    assert_eq!(same.end(), Some(CrawlEnd::Loop));
    let mut empty = crawler(&PageQuery::new());
    empty.on_page(&PageHeaders::read([("Link", "")]));
    assert_eq!(empty.end(), Some(CrawlEnd::Complete));
    for (link, refusal) in [
        ("https://evil.example.com/?offset=2", UrlRefusal::OtherOrigin),
        ("https://cpo.example.com:444/?offset=2", UrlRefusal::OtherOrigin),
        ("http://cpo.example.com/?offset=2", UrlRefusal::Scheme),
        ("https://127.0.0.1/?offset=2", UrlRefusal::Local),
        ("//evil.example.com/?offset=2", UrlRefusal::OtherOrigin),
    ] {
        let mut crawl = crawler(&PageQuery::new());
        crawl.on_page(&page(1000, Some(link)));
        assert_eq!(crawl.end(), Some(CrawlEnd::Refused(refusal)), "{link}");
    }
    let mut script = crawler(&PageQuery::new());
    script.on_page(&page(1000, Some("javascript:alert(1)")));
    assert_eq!(script.end(), Some(CrawlEnd::BadLink));
    let mut endless = crawler(&PageQuery::new());
    let mut offset = 0;
    while endless.request().is_some() {
        offset += 1;
        endless.on_page(&page(5, Some(&format!("{LIST}?offset={offset}"))));
    }
    assert_eq!((endless.end(), endless.pages()), (Some(CrawlEnd::TooManyPages), 7));
    let mut silent = crawler(&PageQuery::new()).with_max_pages(3);
    for offset in 1..=3 {
        let link = format!("<{LIST}?offset={offset}>; rel=next");
        silent.on_page(&PageHeaders::read([("Link", link.as_str())]));
    }
    assert_eq!(silent.end(), Some(CrawlEnd::TooManyPages));
}

/// PAG-10 and F5: pages that are read again count towards the most that are taken.
#[test]
fn pag_10_reading_again_has_an_end_too() {
    let mut crawl = crawler(&PageQuery::new()).with_max_pages(3);
    crawl.on_page(&page(1000, Some(&format!("{LIST}?offset=100"))));
    crawl.on_page(&page(1000, Some(&format!("{LIST}?offset=200"))));
    crawl.on_page(&page(999, Some(&format!("{LIST}?offset=300"))));
    assert_eq!((crawl.end(), crawl.pages()), (Some(CrawlEnd::TooManyPages), 3));
    assert!(crawl.request().is_none());
}

/// PAG-10 and F5: a list that shrinks is read again from earlier, one that grows is not.
#[test]
fn pag_10_changing_lists() {
    let mut crawl = crawler(&PageQuery::new());
    crawl.on_page(&page(1000, Some(&format!("{LIST}?offset=100&limit=100"))));
    crawl.on_page(&page(1001, Some(&format!("{LIST}?offset=200&limit=100"))));
    crawl.on_page(&page(998, Some(&format!("{LIST}?offset=300&limit=100"))));
    assert_eq!(crawl.request().unwrap().as_str(), format!("{LIST}?offset=197&limit=100"));
    crawl.on_page(&page(998, Some(&format!("{LIST}?offset=297&limit=100"))));
    assert_eq!(crawl.request().unwrap().as_str(), format!("{LIST}?offset=297&limit=100"));
    let mut first = crawler(&PageQuery::new());
    first.on_page(&page(10, Some(&format!("{LIST}?offset=1"))));
    let mut total = 1_000_000;
    let mut steps = 0;
    while first.request().is_some() {
        total -= 1;
        steps += 1;
        assert!(steps < 1000, "a crawl has to end");
        first.on_page(&page(total, Some(&format!("{LIST}?offset={}", total / 2))));
    }
    assert!(first.end().is_some());
}

proptest! {
    /// Whatever a server says, the crawl ends.
    #[test]
    fn f05_every_crawl_ends(answers in prop::collection::vec((0_u64..50, prop::option::of(0_u64..60)), 1..40)) {
        let mut crawl = crawler(&PageQuery::new());
        let mut count = 0_u32;
        for (total, next) in answers.iter().cycle() {
            if crawl.request().is_none() {
                break;
            }
            count += 1;
            prop_assert!(count < 5000);
            crawl.on_page(&page(*total, next.map(|offset| format!("{LIST}?offset={offset}")).as_deref()));
        }
        prop_assert!(crawl.end().is_some());
    }

    /// Server and crawler agree: every object comes once, in order.
    #[test]
    fn pag_06_server_and_crawler(total in 0_u64..300, max in 1_u64..50, limit in prop::option::of(1_u64..70)) {
        let mut query = PageQuery::new();
        query.limit = limit;
        let mut crawl = crawler(&query);
        let all: Vec<u64> = (0..total).collect();
        let mut got = Vec::new();
        while let Some(url) = crawl.request() {
            let asked = PageQuery::parse(url.as_str().split_once('?').map_or("", |(_, query)| query)).unwrap();
            let page = asked.page(total, max, LIST);
            got.extend_from_slice(page.slice(&all));
            crawl.on_page(&PageHeaders::read(page.headers.iter().map(|(name, value)| (*name, value.as_str()))));
        }
        prop_assert_eq!(crawl.end(), Some(CrawlEnd::Complete));
        prop_assert_eq!(got, all);
    }
}

/// PAG-14: only a complete crawl tells what is gone.
#[test]
fn pag_14_reconcile() {
    let known = ["a", "b"];
    let crawled = BTreeSet::from(["a"]);
    assert_eq!(removed(&known, &crawled, &PageQuery::new(), CrawlEnd::Complete), [&"b"]);
    assert!(removed(&known, &crawled, &PageQuery::new(), CrawlEnd::Loop).is_empty());
    let since = PageQuery::since(DateTime::EPOCH);
    assert!(removed(&known, &crawled, &since, CrawlEnd::Complete).is_empty());
}

/// REQ-06: polls are spread.
#[test]
fn req_06_spread() {
    for random in [0, 1, 719, 720, 721, u32::MAX] {
        assert!((3240..=3960).contains(&next_poll(3600, random)));
    }
    assert_eq!(next_poll(5, 7), 5);
}
