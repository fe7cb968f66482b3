//! URLs: taken apart, put together, and judged before anybody calls them.
//!
//! Every URL a peer names (`Credentials.url`, version and endpoint URLs, `response_url`, `Link`, `Location`) is a way to
//! make a server call what the peer cannot reach itself. [`UrlPolicy`] refuses such URLs; nothing in this crate hands out
//! a URL to call that has not passed one.

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether a text is an absolute URI with an authority, of the characters RFC 3986 allows.
pub(crate) fn is_absolute(text: &str) -> bool {
    split(text).is_some()
}

/// Scheme and what follows `://`.
fn split(text: &str) -> Option<(&str, &str)> {
    let is_of_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let length = text.bytes().take_while(is_of_scheme).count();
    let (scheme, rest) = text.split_at_checked(length)?;
    let rest = rest.strip_prefix("://")?;
    let fits = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && !matches!(rest.as_bytes(), [] | [b'/' | b'?' | b'#', ..])
        && rest.bytes().all(|byte| {
            matches!(byte, 0x21..=0x7e)
                && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
        });
    fits.then_some((scheme, rest))
}

/// A URL that a policy has let through, ready to be called.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct SafeUrl {
    text: String,
    host: String,
    port: u16,
    host_end: usize,
}

impl SafeUrl {
    /// The URL as it was given, without a fragment.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host in lower case; an IPv6 address without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, the usual one of the scheme if none was given.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Path and query, for a request line; at least `/`.
    pub fn path_and_query(&self) -> Cow<'_, str> {
        match self.text.get(self.host_end..) {
            None | Some("") => Cow::Borrowed("/"),
            Some(rest) if rest.starts_with('?') => Cow::Owned(format!("/{rest}")),
            Some(rest) => Cow::Borrowed(rest),
        }
    }

    /// Whether scheme, host and port are the same: tokens for one may be sent to the other (rule PAG-08).
    pub fn is_same_origin(&self, other: &Self) -> bool {
        let scheme = |url: &Self| url.text.split(':').next().unwrap_or_default().to_ascii_lowercase();
        self.host == other.host && self.port == other.port && scheme(self) == scheme(other)
    }
}

impl fmt::Display for SafeUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// Which URLs may be called (fault cases F4, F9 and D24).
///
/// The default takes `https` to public hosts on any port, and nothing else: no credentials in the URL, no loopback,
/// private, link-local or otherwise special addresses in any notation, no names of local networks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct UrlPolicy {
    /// Whether `http` without TLS is fine too; for tests and closed networks.
    pub allow_http: bool,
    /// Whether addresses and names of local networks are fine too; for tests and closed networks.
    pub allow_local: bool,
    /// If not empty: the only hosts that are fine, in lower case. `.example.com` stands for all names below it.
    pub only_hosts: Vec<String>,
}

impl UrlPolicy {
    /// The strict default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes everything that is a URL of `http` or `https`, for tests on one machine.
    pub fn for_tests() -> Self {
        Self { allow_http: true, allow_local: true, only_hosts: Vec::new() }
    }

    /// Judges a URL by its text.
    ///
    /// A name can still lead to a local address: pass what the resolver says to
    /// [`check_addresses`](Self::check_addresses), and connect to these addresses, not to what a second look-up says.
    ///
    /// # Errors
    /// When the URL must not be called. The peer that named it is at fault.
    pub fn check(&self, url: &str) -> Result<SafeUrl, UrlRefusal> {
        if url.len() > 2048 {
            return Err(UrlRefusal::TooLong);
        }
        let url = url.split('#').next().unwrap_or_default();
        let (scheme, rest) = split(url).ok_or(UrlRefusal::Syntax)?;
        let default_port = match () {
            () if scheme.eq_ignore_ascii_case("https") => 443,
            () if scheme.eq_ignore_ascii_case("http") && self.allow_http => 80,
            () => return Err(UrlRefusal::Scheme),
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let authority = &rest[..end];
        if authority.contains('@') {
            return Err(UrlRefusal::Credentials);
        }
        let (host, port) = match authority.strip_prefix('[') {
            Some(literal) => {
                let (address, port) = literal.split_once(']').ok_or(UrlRefusal::Syntax)?;
                let port = match port {
                    "" => None,
                    port => Some(port.strip_prefix(':').ok_or(UrlRefusal::Syntax)?),
                };
                (address.parse::<Ipv6Addr>().map_err(|_| UrlRefusal::Syntax).map(Host::V6)?, port)
            }
            None => match authority.split_once(':') {
                Some((host, port)) => (Host::parse(host)?, Some(port)),
                None => (Host::parse(authority)?, None),
            },
        };
        let port = match port {
            None | Some("") => default_port,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().ok().filter(|&port| port != 0).ok_or(UrlRefusal::Syntax)?
            }
            Some(_) => return Err(UrlRefusal::Syntax),
        };
        match &host {
            Host::V4(address) => self.check_address(IpAddr::V4(*address))?,
            Host::V6(address) => self.check_address(IpAddr::V6(*address))?,
            Host::Name(name) if !self.allow_local && is_local_name(name) => return Err(UrlRefusal::Local),
            Host::Name(_) => {}
        }
        let host = host.to_string();
        let is_listed = |listed: &String| match listed.strip_prefix('.') {
            Some(domain) => host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')),
            None => *listed == host,
        };
        if !self.only_hosts.is_empty() && !self.only_hosts.iter().any(is_listed) {
            return Err(UrlRefusal::Host);
        }
        Ok(SafeUrl { text: url.to_owned(), host, port, host_end: scheme.len() + 3 + end })
    }

    /// Judges what a resolver says about the host of a URL: every address has to be fine (DNS rebinding).
    ///
    /// # Errors
    /// When there is no address, or one that must not be called.
    pub fn check_addresses(&self, addresses: &[IpAddr]) -> Result<(), UrlRefusal> {
        if addresses.is_empty() {
            return Err(UrlRefusal::Unresolved);
        }
        addresses.iter().try_for_each(|address| self.check_address(*address))
    }

    /// Judges a URL by its text and by the addresses that `resolve` finds for its host and port.
    ///
    /// # Errors
    /// As [`check`](Self::check) and [`check_addresses`](Self::check_addresses).
    pub fn check_resolved(
        &self,
        url: &str,
        resolve: impl FnOnce(&str, u16) -> Vec<IpAddr>,
    ) -> Result<(SafeUrl, Vec<IpAddr>), UrlRefusal> {
        let url = self.check(url)?;
        let addresses = resolve(url.host(), url.port());
        self.check_addresses(&addresses)?;
        Ok((url, addresses))
    }

    /// Judges where a redirect leads: OCPI foresees none (rule ENV-20), so it has to stay at the same origin.
    ///
    /// # Errors
    /// When the target must not be called or is at another origin.
    pub fn check_redirect(&self, from: &SafeUrl, location: &str) -> Result<SafeUrl, UrlRefusal> {
        let target = self.check(&resolve_reference(from, location).ok_or(UrlRefusal::Syntax)?)?;
        if target.is_same_origin(from) { Ok(target) } else { Err(UrlRefusal::OtherOrigin) }
    }

    /// Judges a URL that may be relative to that of the request, such as the `Location` of a posted CDR (rule URL-03).
    ///
    /// # Errors
    /// When the URL must not be called.
    pub fn check_reference(&self, request: &SafeUrl, reference: &str) -> Result<SafeUrl, UrlRefusal> {
        self.check(&resolve_reference(request, reference).ok_or(UrlRefusal::Syntax)?)
    }

    fn check_address(&self, address: IpAddr) -> Result<(), UrlRefusal> {
        if self.allow_local || is_public(address) { Ok(()) } else { Err(UrlRefusal::Local) }
    }
}

/// Why a URL must not be called.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlRefusal {
    /// It is not an absolute URL with a plain host.
    #[error("not an absolute URL with a plain host")]
    Syntax,
    /// It is longer than 2048 characters.
    #[error("the URL is longer than 2048 characters")]
    TooLong,
    /// The scheme is not `https`.
    #[error("the scheme is not allowed")]
    Scheme,
    /// It carries a user name or password.
    #[error("the URL carries credentials")]
    Credentials,
    /// The host is a loopback, private, link-local or otherwise special address, or a name of a local network.
    #[error("the host is local")]
    Local,
    /// The host is not on the list.
    #[error("the host is not on the list")]
    Host,
    /// It leads to another scheme, host or port than where it came from.
    #[error("the URL leads to another origin")]
    OtherOrigin,
    /// The name has no address.
    #[error("the host has no address")]
    Unresolved,
}

enum Host {
    V4(Ipv4Addr),
    V6(Ipv6Addr),
    Name(String),
}

impl Host {
    fn parse(text: &str) -> Result<Self, UrlRefusal> {
        if let Ok(address) = text.parse() {
            return Ok(Self::V4(address));
        }
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        let is_label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        // other notations of IPv4 addresses, such as 0x7f000001, 127.1 or 2130706433: the last label tells them apart
        let last = name.rsplit('.').next().unwrap_or_default();
        let is_number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
        if name.len() > 253 || !name.split('.').all(is_label) || is_number {
            return Err(UrlRefusal::Syntax);
        }
        Ok(Self::Name(name))
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(address) => address.fmt(f),
            Self::V6(address) => address.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

fn is_local_name(name: &str) -> bool {
    const LOCAL: [&str; 9] =
        ["localhost", "local", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa"];
    !name.contains('.')
        || LOCAL
            .iter()
            .any(|suffix| name.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

/// Whether an address belongs to the public internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => {
            let segments = address.segments();
            let tail = Ipv4Addr::from((u32::from(segments[6]) << 16) | u32::from(segments[7]));
            match segments {
                // mapped and compatible addresses, and NAT64, carry an IPv4 address at their end
                [0, 0, 0, 0, 0, 0xffff | 0, _, _] | [0x64, 0xff9b, 0, 0, 0, 0, _, _] => is_public_v4(tail),
                // 6to4 carries one behind its prefix
                [0x2002, high, low, ..] => is_public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))),
                // Teredo, documentation, ORCHID
                [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, ..] => false,
                // everything public lies in 2000::/3
                [first, ..] => first & 0xe000 == 0x2000,
            }
        }
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        [0 | 10 | 127 | 224..=255, ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [192, 168, ..]
            | [198, 18..=19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
    )
}

/// Resolves a reference of a header against the URL of the request (rules URL-03 and PAG-07).
pub(crate) fn resolve_reference(base: &SafeUrl, reference: &str) -> Option<String> {
    let reference = reference.trim();
    if reference.is_empty() {
        return None;
    }
    if is_absolute(reference) {
        return Some(reference.to_owned());
    }
    let text = base.as_str();
    let scheme = text.split("://").next()?;
    let origin = text.get(..base.host_end)?;
    let rest = text.get(base.host_end..)?;
    let path = rest.split('?').next()?;
    match reference {
        _ if reference.starts_with("//") => Some(format!("{scheme}:{reference}")),
        _ if reference.starts_with('/') => Some(format!("{origin}{reference}")),
        _ if reference.starts_with('?') => Some(format!("{origin}{path}{reference}")),
        _ if reference.split(['/', '?']).next()?.contains(':') => None,
        _ => {
            let folder = path.rfind('/').map_or("/", |at| &path[..=at]);
            Some(format!("{origin}{folder}{reference}"))
        }
    }
}

/// Percent-encodes a path segment: identifiers may hold `/`, `#`, `?` and `%` (rule URL-05).
pub(crate) fn encode_segment(segment: &str) -> String {
    percent_encode(segment, b"-._~*!'()$&+,;=:@")
}

/// Percent-encodes the value of a query parameter (rules URL-06 and PAG-17).
pub(crate) fn encode_query(value: &str) -> String {
    percent_encode(value, b"-._~*!'()$,;:@/")
}

fn percent_encode(text: &str, plain: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.contains(&byte) {
            out.push(char::from(byte));
        } else {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            out.push('%');
            out.push(char::from(DIGITS[usize::from(byte >> 4)]));
            out.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    // a segment of dots would climb the path
    if out == "." || out == ".." { out.replace('.', "%2E") } else { out }
}

/// Decodes percent-encoding once; `None` when it is broken, not UTF-8 or hides control characters.
pub(crate) fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let value = digit(rest.next()?)? * 16 + digit(rest.next()?)?;
            bytes.push(u8::try_from(value).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control))
}

/// The parameters of a query, decoded, with `+` as a blank; the first of equal ones wins (rule REQ-07).
pub(crate) fn parse_query(query: &str) -> Vec<(String, String)> {
    let mut parameters: Vec<(String, String)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()).take(64) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decode = |text: &str| percent_decode(&text.replace('+', " "));
        if let (Some(name), Some(value)) = (decode(name), decode(value))
            && !parameters.iter().any(|(other, _)| *other == name)
        {
            parameters.push((name, value));
        }
    }
    parameters
}
