//! Texts with a length limit, and texts with a form.
//!
//! The limit counts characters (rule STR-04). Neither limit nor form is enforced by construction: what a peer sent can be
//! held, reported and forwarded (rule STR-05). [`validate`](crate::Object::validate) reports it and
//! [`encode`](crate::encode) refuses it.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use compact_str::CompactString;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

use crate::codes;
use crate::shape::{Datatype, Format, Kind, Primitive, TextKind};
use crate::validate::{FindingKind, Findings, Path, Severity};
use crate::writer::{self, Write};

/// What stands in a required text whose value cannot be known (rule TXT-03).
pub const NOT_AVAILABLE: &str = "#NA";

/// Declares a text type: its constant parameters, its names for them, its limit and form, and how it compares.
macro_rules! text_type {
    (
        $(#[$doc:meta])*
        $name:ident [$($declared:tt)*] [$($params:tt)*] [$($args:tt)*], $max:expr, $primitive:ident, $format:expr, $case:ident, $serde:ident
    ) => {
        $(#[$doc])*
        #[derive(Clone, Default)]
        pub struct $name<$($declared)*>(CompactString);

        impl<$($params)*> $name<$($args)*> {
            const TEXT: TextKind = TextKind { max: $max, primitive: Primitive::$primitive, format: $format };

            /// Takes a text as it is; validation tells whether it keeps limit and form.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(CompactString::new(text))
            }

            /// The text as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, or `None` where it says that it cannot be known (`#NA`, rule TXT-03).
            pub fn known(&self) -> Option<&str> {
                (self.0 != NOT_AVAILABLE).then_some(&self.0)
            }
        }

        impl<$($params)*> Datatype for $name<$($args)*> {
            const KIND: Kind = Kind::Text(Self::TEXT);

            fn check(&self, at: &Path<'_>, findings: &mut Findings) {
                check(&self.0, &Self::TEXT, at, findings);
            }
        }

        impl<$($params)*> Write for $name<$($args)*> {
            #[inline]
            fn write(&self, out: &mut Vec<u8>) {
                writer::text(&self.0, out);
            }
        }

        impl<$($params)*> AsRef<str> for $name<$($args)*> {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl<$($params)*> Deref for $name<$($args)*> {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl<$($params)*> From<&str> for $name<$($args)*> {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl<$($params)*> From<String> for $name<$($args)*> {
            fn from(text: String) -> Self {
                Self(CompactString::from(text))
            }
        }

        impl<$($params)*> Serialize for $name<$($args)*> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de, $($params)*> Deserialize<'de> for $name<$($args)*> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(TextVisitor).map(Self)
            }
        }

        impl<$($params)*> fmt::Display for $name<$($args)*> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                text_type!(@display $serde, self, f)
            }
        }

        impl<$($params)*> fmt::Debug for $name<$($args)*> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                text_type!(@debug $serde, self, f)
            }
        }

        impl<$($params)*> PartialEq for $name<$($args)*> {
            fn eq(&self, other: &Self) -> bool {
                text_type!(@eq $case, self.0.as_str(), other.0.as_str())
            }
        }

        impl<$($params)*> PartialEq<str> for $name<$($args)*> {
            fn eq(&self, other: &str) -> bool {
                text_type!(@eq $case, self.0.as_str(), other)
            }
        }

        impl<$($params)*> PartialEq<&str> for $name<$($args)*> {
            fn eq(&self, other: &&str) -> bool {
                *self == **other
            }
        }

        impl<$($params)*> Eq for $name<$($args)*> {}

        impl<$($params)*> Hash for $name<$($args)*> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                text_type!(@hash $case, self.0, state)
            }
        }

        impl<$($params)*> PartialOrd for $name<$($args)*> {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl<$($params)*> Ord for $name<$($args)*> {
            fn cmp(&self, other: &Self) -> Ordering {
                text_type!(@cmp $case, self.0, other.0)
            }
        }

        #[cfg(feature = "schema")]
        impl<$($params)*> schemars::JsonSchema for $name<$($args)*> {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                format!("{}{}", stringify!($name), Self::TEXT.max).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                crate::schema::leaf(&Self::KIND)
            }
        }
    };
    (@eq exact, $left:expr, $right:expr) => { $left == $right };
    (@eq folded, $left:expr, $right:expr) => { $left.eq_ignore_ascii_case($right) };
    (@hash exact, $text:expr, $state:expr) => { $text.hash($state) };
    (@hash folded, $text:expr, $state:expr) => {{
        for byte in $text.bytes() {
            $state.write_u8(byte.to_ascii_lowercase());
        }
        $state.write_u8(0xff);
    }};
    (@cmp exact, $left:expr, $right:expr) => { $left.cmp(&$right) };
    (@cmp folded, $left:expr, $right:expr) => {{
        let fold = |byte: u8| byte.to_ascii_lowercase();
        $left.bytes().map(fold).cmp($right.bytes().map(fold))
    }};
    (@display open, $text:expr, $f:expr) => { $f.pad(&$text.0) };
    (@display masked, $text:expr, $f:expr) => { $f.pad("***") };
    (@debug open, $text:expr, $f:expr) => { fmt::Debug::fmt(&*$text.0, $f) };
    (@debug masked, $text:expr, $f:expr) => { $f.write_str("\"***\"") };
}

text_type! {
    /// A text of at most `MAX` characters (`string` of 2.2.1 and later, rule STR-02); up to 24 bytes need no allocation.
    Text [const MAX: usize = { usize::MAX }] [const MAX: usize] [MAX], MAX, String, Format::Free, exact, open
}
text_type! {
    /// A text of at most `MAX` printable ASCII characters (`string` of 2.1.1, rule STR-01).
    ///
    /// Names and addresses need more in practice: other characters are held and reported.
    AsciiText [const MAX: usize = { usize::MAX }] [const MAX: usize] [MAX], MAX, AsciiString, Format::Free, exact, open
}
text_type! {
    /// A text that compares and hashes without regard to letter case (`CiString`, rule STR-03); the spelling is kept.
    CiString [const MAX: usize = { usize::MAX }] [const MAX: usize] [MAX], MAX, CiString, Format::Free, folded, open
}
text_type! {
    /// A credentials token (rule AUT-08), masked wherever it is printed; [`as_str`](Self::as_str) reveals it.
    ///
    /// Compare with [`is`](Self::is), which takes the same time whatever differs (rule AUT-09).
    SecretText [const MAX: usize = { usize::MAX }] [const MAX: usize] [MAX], MAX, String, Format::Free, exact, masked
}
text_type! {
    /// A URL of at most 255 characters (`URL`, rule URL-01), never changed on its way through.
    Url [] [] [], 255, Url, Format::Uri, exact, open
}
text_type! {
    /// A time of day, `HH:MM`, local to the charging location (rules DT-07 and DT-08).
    LocalTime [] [] [], 5, String, Format::Time, exact, open
}
text_type! {
    /// A date, `YYYY-MM-DD`, local to the charging location (rules DT-07 and DT-08).
    LocalDate [] [] [], 10, String, Format::Date, exact, open
}
text_type! {
    /// Degrees north of the equator as a text, with `MIN` to `MAX` digits behind the point (rule X-LOC-37).
    Latitude [const MIN: usize, const MAX: usize] [const MIN: usize, const MAX: usize] [MIN, MAX], 10, String, Format::Latitude { min: MIN, max: MAX }, exact, open
}
text_type! {
    /// Degrees east of Greenwich as a text, with `MIN` to `MAX` digits behind the point (rule X-LOC-37).
    Longitude [const MIN: usize, const MAX: usize] [const MIN: usize, const MAX: usize] [MIN, MAX], 11, String, Format::Longitude { min: MIN, max: MAX }, exact, open
}
text_type! {
    /// A country as two letters of ISO 3166-1; letter case does not count (rule OWN-07).
    CountryCode [] [] [], 2, CiString, Format::CountryAlpha2, folded, open
}
text_type! {
    /// A country as three letters of ISO 3166-1.
    Country [] [] [], 3, String, Format::CountryAlpha3, exact, open
}
text_type! {
    /// A currency as three letters of ISO 4217.
    Currency [] [] [], 3, String, Format::Currency, exact, open
}
text_type! {
    /// A language as two letters of ISO 639-1.
    Language [] [] [], 2, String, Format::Language, exact, open
}

impl<const MAX: usize> SecretText<MAX> {
    /// Whether this is the token, in a time that does not depend on where the two differ (rule AUT-09).
    pub fn is(&self, presented: &str) -> bool {
        crate::token::same(self.0.as_bytes(), presented.as_bytes())
    }
}

impl LocalTime {
    /// Hours and minutes, if the text is a time of day.
    pub fn hour_minute(&self) -> Option<(u8, u8)> {
        match *self.0.as_bytes() {
            [h1 @ b'0'..=b'2', h2 @ b'0'..=b'9', b':', m1 @ b'0'..=b'5', m2 @ b'0'..=b'9'] => {
                let hour = (h1 - b'0') * 10 + h2 - b'0';
                (hour < 24).then_some((hour, (m1 - b'0') * 10 + m2 - b'0'))
            }
            _ => None,
        }
    }

    /// Minutes since midnight, if the text is a time of day.
    pub fn minutes(&self) -> Option<u16> {
        self.hour_minute().map(|(hour, minute)| u16::from(hour) * 60 + u16::from(minute))
    }
}

impl LocalDate {
    /// The date, if the text is one that exists.
    pub fn to_date(&self) -> Option<chrono::NaiveDate> {
        if !is_date_pattern(&self.0) {
            return None;
        }
        let number = |range: std::ops::Range<usize>| self.0.get(range)?.parse::<u32>().ok();
        chrono::NaiveDate::from_ymd_opt(i32::try_from(number(0..4)?).ok()?, number(5..7)?, number(8..10)?)
    }
}

macro_rules! coordinate {
    ($name:ident) => {
        impl<const MIN: usize, const MAX: usize> $name<MIN, MAX> {
            /// The degrees as a number, if the text is one.
            pub fn degrees(&self) -> Option<rust_decimal::Decimal> {
                crate::number::parse(&self.0).ok()
            }
        }
    };
}

coordinate!(Latitude);
coordinate!(Longitude);

/// Reports what is wrong with a text.
#[inline]
pub(crate) fn check(text: &str, kind: &TextKind, at: &Path<'_>, findings: &mut Findings) {
    // what is on a list of codes, or is a URL, is plain; of the right length, too
    let is_right = match kind.format {
        Format::Free => text.len() <= kind.max && is_plain(text),
        Format::Uri => text.len() <= kind.max && crate::url::is_absolute(text),
        Format::CountryAlpha2 => codes::is_country_alpha2(text),
        Format::CountryAlpha3 => codes::is_country_alpha3(text),
        Format::Currency => codes::is_currency(text),
        Format::Language => codes::is_language(text),
        _ => false,
    };
    if !is_right {
        check_closely(text, is_plain(text), kind, at, findings);
    }
}

/// Whether a text is printable ASCII throughout, eight bytes at a time.
#[inline]
fn is_plain(text: &str) -> bool {
    const ONES: u64 = u64::MAX / 255;
    let (chunks, rest) = text.as_bytes().as_chunks::<8>();
    let odd = chunks.iter().fold(0, |odd, chunk| {
        let word = u64::from_le_bytes(*chunk);
        // the high bit of a byte that is below 0x20, above 0x7f, or 0x7f
        odd | word | (word.wrapping_sub(ONES * 0x20) & !word) | word.wrapping_add(ONES)
    });
    odd & (ONES * 0x80) == 0 && rest.iter().all(|byte| matches!(byte, 0x20..=0x7e))
}

fn check_closely(text: &str, plain: bool, kind: &TextKind, at: &Path<'_>, findings: &mut Findings) {
    use FindingKind::{Charset, CodeList, Format as Form, Length};
    use Severity::{Error, Warning};

    let is_coordinate = matches!(kind.format, Format::Latitude { .. } | Format::Longitude { .. });
    // the pattern of a coordinate wins over its length (E-22)
    if !is_coordinate && text.len() > kind.max {
        let count = text.chars().count();
        if count > kind.max {
            let rule = if kind.primitive == Primitive::Url { "URL-01" } else { "STR-05" };
            findings.report(at, Length, rule, Error, format!("{count} characters, {} are allowed", kind.max));
        }
    }
    if !plain {
        match kind.primitive {
            Primitive::String | Primitive::Url => {
                if text.chars().any(char::is_control) {
                    findings.report(at, Charset, "STR-02", Error, "control characters are not allowed");
                }
            }
            Primitive::AsciiString => {
                findings.report(at, Charset, "STR-01", Error, "only printable ASCII is allowed in OCPI 2.1.1");
            }
            Primitive::CiString => findings.report(at, Charset, "STR-03", Error, "only printable ASCII is allowed"),
        }
    }
    match kind.format {
        Format::Free => {}
        Format::Uri => {
            if !crate::url::is_absolute(text) {
                findings.report(at, Form, "URL-01", Error, "not an absolute URL");
            }
        }
        Format::Time => {
            if LocalTime::new(text).minutes().is_none() {
                findings.report(at, Form, "DT-08", Error, "not a time of day, `HH:MM`");
            }
        }
        Format::Date => {
            if !is_date_pattern(text) {
                findings.report(at, Form, "DT-08", Error, "not a date, `YYYY-MM-DD`");
            } else if LocalDate::new(text).to_date().is_none() {
                findings.report(at, Form, "DT-08", Error, "this date does not exist");
            }
        }
        Format::Latitude { min, max } => check_degrees(text, 2, min, max, 90, at, findings),
        Format::Longitude { min, max } => check_degrees(text, 3, min, max, 180, at, findings),
        Format::CountryAlpha2 => {
            if !codes::is_country_alpha2(text) {
                findings.report(at, CodeList, "OWN-07", Warning, "not a country code of ISO 3166-1 alpha-2");
            }
        }
        Format::CountryAlpha3 => {
            if !codes::is_country_alpha3(text) {
                findings.report(at, CodeList, "E-06", Warning, "not a country code of ISO 3166-1 alpha-3");
            }
        }
        Format::Currency => {
            if !codes::is_currency(text) {
                findings.report(at, CodeList, "STR-05", Warning, "not a currency code of ISO 4217");
            }
        }
        Format::Language => {
            if !codes::is_language(text) {
                findings.report(at, CodeList, "TXT-01", Warning, "not a language code of ISO 639-1");
            }
        }
    }
}

/// `-?[0-9]{1,whole}\.[0-9]{min,max}` and at most `bound` degrees.
fn check_degrees(text: &str, whole: usize, min: usize, max: usize, bound: u32, at: &Path<'_>, findings: &mut Findings) {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = text.strip_prefix('-').unwrap_or(text).split_once('.').filter(|(degrees, fraction)| {
        (1..=whole).contains(&degrees.len())
            && (min..=max).contains(&fraction.len())
            && digits(degrees)
            && digits(fraction)
    });
    match fits {
        None => findings.report(
            at,
            FindingKind::Format,
            "X-LOC-37",
            Severity::Error,
            format!("not degrees with {min} to {max} digits behind the point"),
        ),
        Some((degrees, fraction)) => {
            let degrees = degrees.parse::<u32>().unwrap_or(u32::MAX);
            if degrees > bound || (degrees == bound && fraction.bytes().any(|byte| byte != b'0')) {
                let message = format!("more than {bound} degrees");
                findings.report(at, FindingKind::Range, "X-LOC-37", Severity::Error, message);
            }
        }
    }
}

/// `([12][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])`, whether or not the date exists.
fn is_date_pattern(text: &str) -> bool {
    let digits = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u8>().ok());
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() })
        && matches!(bytes[0], b'1' | b'2')
        && digits(5, 7).is_some_and(|month| (1..=12).contains(&month))
        && digits(8, 10).is_some_and(|day| (1..=31).contains(&day))
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = CompactString;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<CompactString, E> {
        Ok(CompactString::new(text))
    }
}
