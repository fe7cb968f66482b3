//! Lists in pages: queries, headers, the server's side and a crawler (rules PAG-01 to PAG-17).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::DateTime;
use crate::headers::{LIMIT, LINK, TOTAL_COUNT};
use crate::url::{SafeUrl, UrlPolicy, UrlRefusal, encode_query, parse_query, resolve_reference};

/// The query of a paginated GET (`transport_and_format_paginated_request`).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct PageQuery {
    /// Only objects last updated at this time or later.
    pub date_from: Option<DateTime>,
    /// Only objects last updated before this time.
    pub date_to: Option<DateTime>,
    /// How many objects to skip.
    pub offset: u64,
    /// How many objects are wanted at most.
    pub limit: Option<u64>,
    /// Further parameters, in their order.
    pub further: Vec<(String, String)>,
}

/// Why a query cannot be served. The peer is at fault; the answer is status 2001 (rule PAG-15).
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PageQueryError {
    /// A time cannot be read.
    #[error("`{0}` is not a date and time")]
    Time(&'static str),
    /// A number is negative, too large or no number.
    #[error("`{0}` is not a number of objects")]
    Number(&'static str),
    /// The limit is 0.
    #[error("`limit` is 0")]
    ZeroLimit,
    /// `date_from` is after `date_to`.
    #[error("`date_from` is after `date_to`")]
    Window,
    /// `date_from` is missing where it is required (rule PAG-13).
    #[error("`date_from` is missing")]
    DateFromMissing,
}

impl PageQuery {
    /// Everything, in pages as the server likes.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was updated at this time or later, to catch up after an outage (rule REQ-05).
    pub fn since(date_from: DateTime) -> Self {
        Self { date_from: Some(date_from), ..Self::default() }
    }

    /// Whether every object is asked for, so that what does not come is gone (rule PAG-14).
    pub fn is_complete(&self) -> bool {
        self.date_from.is_none() && self.date_to.is_none() && self.offset == 0 && self.further.is_empty()
    }

    /// Reads a query; unknown parameters go to `further`.
    ///
    /// # Errors
    /// When a value makes no sense.
    pub fn parse(query: &str) -> Result<Self, PageQueryError> {
        let mut page = Self::default();
        for (name, value) in parse_query(query) {
            let time = |name| value.parse::<DateTime>().map(Some).map_err(|_| PageQueryError::Time(name));
            let number = |name| value.parse::<u64>().map_err(|_| PageQueryError::Number(name));
            match name.as_str() {
                "date_from" => page.date_from = time("date_from")?,
                "date_to" => page.date_to = time("date_to")?,
                "offset" => page.offset = number("offset")?,
                "limit" => page.limit = Some(number("limit")?),
                _ => page.further.push((name, value)),
            }
        }
        if page.limit == Some(0) {
            return Err(PageQueryError::ZeroLimit);
        }
        if matches!((page.date_from, page.date_to), (Some(from), Some(to)) if from > to) {
            return Err(PageQueryError::Window);
        }
        Ok(page)
    }

    /// The same query where `date_from` is required: Sessions (rule PAG-13).
    ///
    /// # Errors
    /// When it is missing.
    pub fn with_date_from(self) -> Result<Self, PageQueryError> {
        if self.date_from.is_some() { Ok(self) } else { Err(PageQueryError::DateFromMissing) }
    }

    /// The query as text, without the question mark.
    pub fn to_query(&self) -> String {
        let mut query = String::new();
        let mut put = |name: &str, value: &str| {
            let separator = if query.is_empty() { "" } else { "&" };
            let _ = write!(query, "{separator}{}={}", encode_query(name), encode_query(value));
        };
        for (name, time) in [("date_from", self.date_from), ("date_to", self.date_to)] {
            if let Some(time) = time {
                put(name, &time.to_string());
            }
        }
        if self.offset > 0 {
            put("offset", &self.offset.to_string());
        }
        if let Some(limit) = self.limit {
            put("limit", &limit.to_string());
        }
        for (name, value) in &self.further {
            put(name, value);
        }
        query
    }

    /// Whether an object belongs to the window: `date_from` included, `date_to` not (rule PAG-11).
    pub fn contains(&self, last_updated: DateTime) -> bool {
        self.date_from.is_none_or(|from| last_updated >= from) && self.date_to.is_none_or(|to| last_updated < to)
    }

    /// The page of `total` matching objects that answers this query (rules PAG-03 to PAG-06).
    ///
    /// `url` is the URL of the list without query; `server_max` the most objects the server puts into a page, at least 1.
    pub fn page(&self, total: u64, server_max: u64, url: &str) -> Page {
        let limit = self.limit.unwrap_or(u64::MAX).min(server_max.max(1));
        let start = self.offset.min(total);
        let count = limit.min(total - start);
        let next = start.saturating_add(count);
        let mut headers = vec![(TOTAL_COUNT, total.to_string()), (LIMIT, limit.to_string())];
        if next < total && count > 0 {
            let query = Self { offset: next, limit: Some(limit), ..self.clone() }.to_query();
            let separator = if url.contains('?') { '&' } else { '?' };
            headers.push((LINK, format!("<{url}{separator}{query}>; rel=\"next\"")));
        }
        Page { offset: start, count, headers }
    }
}

/// What a server answers to a paginated GET.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Page {
    /// How many matching objects to skip; order them by creation, the oldest first (rule PAG-09).
    pub offset: u64,
    /// How many objects to put into the page.
    pub count: u64,
    /// The headers of the response.
    pub headers: Vec<(&'static str, String)>,
}

impl Page {
    /// The part of a list that belongs to the page.
    pub fn slice<'a, T>(&self, matching: &'a [T]) -> &'a [T] {
        let start = usize::try_from(self.offset).unwrap_or(usize::MAX).min(matching.len());
        let count = usize::try_from(self.count).unwrap_or(usize::MAX).min(matching.len() - start);
        &matching[start..start + count]
    }
}

/// What the headers of a page say.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct PageHeaders {
    /// `X-Total-Count`.
    pub total: Option<u64>,
    /// `X-Limit`.
    pub limit: Option<u64>,
    /// The target of the `Link` with the relation `next`, as it stands there.
    pub next: Option<String>,
}

impl PageHeaders {
    /// Reads the headers of a response; names count without letter case, headers may be repeated.
    pub fn read<'a>(headers: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut page = Self::default();
        for (name, value) in headers {
            if name.eq_ignore_ascii_case(TOTAL_COUNT) {
                page.total = page.total.or_else(|| value.trim().parse().ok());
            } else if name.eq_ignore_ascii_case(LIMIT) {
                page.limit = page.limit.or_else(|| value.trim().parse().ok());
            } else if name.eq_ignore_ascii_case(LINK) {
                page.next = page.next.or_else(|| next_link(value));
            }
        }
        page
    }
}

/// The target with the relation `next` in the value of a `Link` header (RFC 8288; rule PAG-07).
pub fn next_link(value: &str) -> Option<String> {
    let mut rest = value;
    for _ in 0..64 {
        let open = rest.find('<')?;
        rest = &rest[open + 1..];
        let (target, after) = rest.split_once('>')?;
        let (parameters, following) = split_parameters(after);
        let is_next = parameters.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("rel")
                && value.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("next"))
        });
        let target = target.trim();
        if is_next && !target.is_empty() {
            return Some(target.to_owned());
        }
        rest = following;
    }
    None
}

/// The parameters up to the next comma outside of quotes, and what follows it.
fn split_parameters(text: &str) -> (Vec<(String, String)>, &str) {
    let mut parameters = Vec::new();
    let (mut current, mut quoted, mut escaped) = (String::new(), false, false);
    let mut end = text.len();
    let mut finish = |current: &mut String| {
        let parameter = std::mem::take(current);
        if let Some((name, value)) = parameter.split_once('=') {
            parameters.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    };
    for (index, character) in text.char_indices() {
        match character {
            _ if escaped => {
                escaped = false;
                current.push(character);
            }
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                end = index + 1;
                break;
            }
            ';' if !quoted => finish(&mut current),
            _ => current.push(character),
        }
    }
    finish(&mut current);
    (parameters, text.get(end..).unwrap_or_default())
}

/// Follows the pages of a list to its end, whatever the server does (rules PAG-08 and PAG-10; fault case F5).
///
/// GET [`request`](Self::request), hand the headers to [`on_page`](Self::on_page), repeat until it is `None`. Objects can
/// come twice when the list changes on the way: keep the one with the later `last_updated`.
#[derive(Clone, Debug)]
pub struct Crawler {
    policy: UrlPolicy,
    origin: SafeUrl,
    current: Option<SafeUrl>,
    seen: BTreeSet<String>,
    pages: u64,
    max_pages: u64,
    total: Option<u64>,
    repeats: u32,
    outcome: Option<CrawlEnd>,
}

/// How a crawl ended.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum CrawlEnd {
    /// The last page has no `Link`: the list is complete.
    Complete,
    /// A `Link` leads to a page that was there before.
    Loop,
    /// There are more pages than objects, or than the crawler takes.
    TooManyPages,
    /// A `Link` leads to a URL that must not be called, for instance on another host: the token would leak.
    Refused(UrlRefusal),
    /// The `Link` cannot be understood.
    BadLink,
    /// The list changes so fast that it cannot be followed.
    Unstable,
}

/// The most times a page is read again because the list shrank.
const MAX_REPEATS: u32 = 100;

impl Crawler {
    /// Starts at the URL of a list.
    ///
    /// # Errors
    /// When the URL must not be called.
    pub fn new(endpoint: &str, query: &PageQuery, policy: UrlPolicy) -> Result<Self, UrlRefusal> {
        let query = query.to_query();
        let url = match (query.is_empty(), endpoint.contains('?')) {
            (true, _) => endpoint.to_owned(),
            (false, true) => format!("{endpoint}&{query}"),
            (false, false) => format!("{endpoint}?{query}"),
        };
        let origin = policy.check(&url)?;
        let seen = BTreeSet::from([origin.as_str().to_owned()]);
        Ok(Self {
            policy,
            current: Some(origin.clone()),
            origin,
            seen,
            pages: 0,
            max_pages: 100_000,
            total: None,
            repeats: 0,
            outcome: None,
        })
    }

    /// Takes at most so many pages; 100 000 unless set.
    #[must_use]
    pub const fn with_max_pages(mut self, max_pages: u64) -> Self {
        self.max_pages = max_pages;
        self
    }

    /// The URL to GET next, or `None` when the crawl has ended.
    pub const fn request(&self) -> Option<&SafeUrl> {
        self.current.as_ref()
    }

    /// How the crawl ended, once it has.
    pub const fn end(&self) -> Option<CrawlEnd> {
        self.outcome
    }

    /// How many pages came so far.
    pub const fn pages(&self) -> u64 {
        self.pages
    }

    /// The total that the server told last.
    pub const fn total(&self) -> Option<u64> {
        self.total
    }

    /// Takes the headers of the page that was asked for. Without a pending request nothing happens.
    pub fn on_page(&mut self, headers: &PageHeaders) {
        let Some(current) = self.current.take() else { return };
        self.pages += 1;
        let shrunk = match (self.total, headers.total) {
            (Some(before), Some(now)) => before.saturating_sub(now),
            _ => 0,
        };
        self.total = headers.total.or(self.total);
        if shrunk > 0 {
            // what moved up into the page before this one would be missed: read again from so much earlier
            if let Some(earlier) = lower_offset(current.as_str(), shrunk) {
                self.repeats += 1;
                match self.policy.check(&earlier) {
                    _ if self.repeats > MAX_REPEATS => self.outcome = Some(CrawlEnd::Unstable),
                    _ if self.pages >= self.max_pages => self.outcome = Some(CrawlEnd::TooManyPages),
                    Err(refusal) => self.outcome = Some(CrawlEnd::Refused(refusal)),
                    Ok(url) => {
                        self.seen.insert(url.as_str().to_owned());
                        self.current = Some(url);
                    }
                }
                return;
            }
        }
        let Some(next) = &headers.next else {
            self.outcome = Some(CrawlEnd::Complete);
            return;
        };
        self.outcome = match resolve_reference(&current, next).map(|url| self.policy.check(&url)) {
            None => Some(CrawlEnd::BadLink),
            Some(Err(refusal)) => Some(CrawlEnd::Refused(refusal)),
            Some(Ok(url)) if !url.is_same_origin(&self.origin) => Some(CrawlEnd::Refused(UrlRefusal::OtherOrigin)),
            Some(Ok(url)) if self.seen.contains(url.as_str()) => Some(CrawlEnd::Loop),
            Some(Ok(_)) if self.is_beyond() => Some(CrawlEnd::TooManyPages),
            Some(Ok(url)) => {
                self.seen.insert(url.as_str().to_owned());
                self.current = Some(url);
                None
            }
        };
    }

    /// More pages than objects cannot be; one may be empty at the end, and repeated ones do not count.
    fn is_beyond(&self) -> bool {
        self.pages >= self.max_pages
            || self.total.is_some_and(|total| self.pages > total.saturating_add(1 + u64::from(self.repeats)))
    }
}

/// The URL with a lower offset; `None` when it has none above 0.
fn lower_offset(url: &str, by: u64) -> Option<String> {
    let (path, query) = url.split_once('?')?;
    let mut changed = false;
    let parts: Vec<String> = query
        .split('&')
        .map(|part| match part.strip_prefix("offset=").and_then(|offset| offset.parse::<u64>().ok()) {
            Some(offset) if offset > 0 && !changed => {
                changed = true;
                format!("offset={}", offset.saturating_sub(by))
            }
            _ => part.to_owned(),
        })
        .collect();
    changed.then(|| format!("{path}?{}", parts.join("&")))
}

/// Which known objects are gone after a crawl: all that did not come, if everything was asked for and the crawl is
/// complete; otherwise nothing can be said (rule PAG-14).
pub fn removed<'a, K: Ord>(
    known: impl IntoIterator<Item = &'a K>,
    crawled: &BTreeSet<K>,
    query: &PageQuery,
    end: CrawlEnd,
) -> Vec<&'a K> {
    if !query.is_complete() || end != CrawlEnd::Complete {
        return Vec::new();
    }
    known.into_iter().filter(|key| !crawled.contains(key)).collect()
}

/// When to poll next: the interval, moved by up to a tenth so that peers do not come all at once (rule REQ-06).
///
/// `random` is any random number.
pub const fn next_poll(interval_seconds: u32, random: u32) -> u32 {
    let spread = interval_seconds / 10;
    if spread == 0 {
        return interval_seconds;
    }
    interval_seconds - spread + random % (2 * spread + 1)
}
