//! Conversion between versions, with a list of what was lost or assumed (rule book part U).
//!
//! Objects are compared member by member with the shape of the other version: what has the same name goes over, what has
//! a counterpart is moved there, and everything else ends up on the list. Nothing can be lost in silence, since no code
//! lists what is copied.

mod tree;
mod v211_v221;
mod v221_v230;

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::shape::{Cardinality, Kind, Shape};
use crate::validate::{Finding, Severity, Shown};
use crate::{DateTime, DecodeError, Object, Party, Version, decode, v211, v221};

use tree::{Members, Node};

/// What a conversion knows beside the object. Whatever is missing and needed is an error.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Context {
    /// The owner of the object, which 2.1.1 tells by URL or credentials only.
    pub owner: Option<Party>,
    /// The owner of the token in the object; the owner of the object if absent.
    pub token_owner: Option<Party>,
    /// The time zone of a location that does not tell it.
    pub time_zone: Option<String>,
    /// Whether locations of 2.1.1 may be shown to everybody; true if absent.
    pub publish: Option<bool>,
    /// The postal code of a place that has none, for 2.1.1, which demands one; `-` if absent.
    pub postal_code: Option<String>,
    /// The token behind an `auth_id` of 2.1.1.
    pub cdr_token: Option<v221::CdrToken>,
    /// The token an authorisation is about, for 2.2.1, which repeats it.
    pub token: Option<v221::Token>,
    /// The location of a session or CDR, for 2.1.1, which repeats it.
    pub location: Option<v211::Location>,
    /// The role of the party behind 2.1.1 credentials or version details, which do not tell it: `CPO` or `EMSP`.
    pub role: Option<&'static str>,
    /// The parties behind a hub, for 2.3.0, which lists them.
    pub hub_roles: Vec<crate::v230::CredentialsRole>,
    /// Seconds after which no result of a command is to be expected, for 2.2.1, which tells; 60 if absent.
    pub timeout: Option<i64>,
    /// The time, to refuse tariffs that are not valid now.
    pub now: Option<DateTime>,
    /// Whether no tax exists where a tariff of 2.2.1 applies, so that `tax_included` is `N/A`.
    pub no_taxes: bool,
    /// Whether too long texts are cut instead of refused.
    pub truncate: bool,
    /// Whether unpublished locations are converted to 2.1.1 all the same, where everybody may show them.
    pub force_unpublished: bool,
}

impl Context {
    /// Knows nothing but the object.
    pub fn new() -> Self {
        Self::default()
    }
}

/// Something that the converted object does not say as the original did.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Loss {
    /// Where it stood in the original, or where it stands in the result if it is new: a JSON pointer.
    pub pointer: String,
    /// What became of it.
    pub kind: LossKind,
    /// Why.
    pub reason: Cow<'static, str>,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.kind, Shown(&self.pointer), self.reason)
    }
}

/// What became of a member.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LossKind {
    /// It is gone.
    Dropped,
    /// It was needed, and made up.
    Defaulted,
    /// It was cut.
    Truncated,
    /// It stands there in a form that can be understood otherwise.
    Ambiguous,
    /// It was computed from other members.
    Derived,
}

impl fmt::Display for LossKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dropped => "dropped",
            Self::Defaulted => "defaulted",
            Self::Truncated => "truncated",
            Self::Ambiguous => "ambiguous",
            Self::Derived => "derived",
        })
    }
}

/// A converted object.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
pub struct Converted<T> {
    /// The object.
    pub value: T,
    /// What was lost or assumed.
    pub losses: Vec<Loss>,
}

/// Why an object cannot be said in the other version.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConversionError {
    /// The other version demands something that neither the object nor the context tells.
    #[error("{}: needed, and neither the object nor the context tells it", Shown(.pointer))]
    Missing {
        /// Where it would stand.
        pointer: String,
    },
    /// The other version has nothing that means this.
    #[error("{}: {reason}", Shown(.pointer))]
    NoCounterpart {
        /// Where it stands.
        pointer: String,
        /// Why.
        reason: Cow<'static, str>,
    },
    /// The result would break requirements that the original keeps, for instance about lengths.
    #[error("the result would be invalid: {}", .findings.first().map(ToString::to_string).unwrap_or_default())]
    Invalid {
        /// What would be wrong.
        findings: Vec<Finding>,
    },
    /// The result cannot be read as an object of the other version.
    #[error("the result cannot be read: {0}")]
    Result(DecodeError),
    /// The text has so many findings that a loss could go unlisted.
    #[error("more than {} findings, so that not every loss could be listed", crate::MAX_FINDINGS)]
    TooManyFindings,
    /// There is no such object in one of the versions.
    #[error("there is no such object in both versions")]
    UnknownObject,
}

/// Says an object in another version, over the versions in between if need be.
///
/// The classes can differ where the documents have split one: `v211::CommandResponse` becomes `v221::CommandResult` when
/// it is the result of a command.
///
/// # Errors
/// When the other version cannot say it, or demands what nobody knows.
pub fn convert<F: Object, T: Object>(value: &F, context: &Context) -> Result<Converted<T>, ConversionError> {
    let text = crate::encode_unchecked(value);
    let broken = value.validate();
    let (text, losses) = walk(&text, F::VERSION, F::SHAPE, T::VERSION, T::SHAPE, context)?;
    let value = decode::<T>(&text).map_err(ConversionError::Result)?;
    judge(&broken, value.validate())?;
    Ok(Converted { value, losses })
}

/// Says the text of an object in another version, for tools that know the class by name only.
///
/// # Errors
/// As [`convert`], and when one of the versions has no such object.
pub fn convert_text(
    from: Version,
    to: Version,
    object: &str,
    text: &str,
    context: &Context,
) -> Result<Converted<String>, ConversionError> {
    let source = crate::object(from, object).ok_or(ConversionError::UnknownObject)?;
    let target = crate::object(to, object).ok_or(ConversionError::UnknownObject)?;
    let broken = (source.inspect)(text);
    if broken.len() >= crate::MAX_FINDINGS {
        return Err(ConversionError::TooManyFindings);
    }
    let text = (source.canonical)(text).map_err(ConversionError::Result)?;
    let (text, mut losses) = walk(&text, from, source.shape, to, target.shape, context)?;
    let value = (target.canonical)(&text).map_err(ConversionError::Result)?;
    judge(&broken, (target.inspect)(&value))?;
    losses.extend(broken.iter().filter_map(|finding| {
        let reason = match finding.kind {
            crate::FindingKind::UnknownMember => "not a member that OCPI knows",
            crate::FindingKind::DuplicateMember => "stands there twice; one of them was taken",
            _ => return None,
        };
        Some(Loss { pointer: finding.pointer.clone(), kind: LossKind::Dropped, reason: reason.into() })
    }));
    Ok(Converted { value, losses })
}

/// A result may have the errors of the original, but no others.
fn judge(before: &[Finding], after: Vec<Finding>) -> Result<(), ConversionError> {
    let is_new = |finding: &Finding| {
        finding.severity == Severity::Error
            // letters beyond ASCII are on the list of losses; most peers take them (rule STR-01)
            && finding.rule != "STR-01"
            && !before.iter().any(|old| old.severity == Severity::Error && old.kind == finding.kind)
    };
    let findings: Vec<Finding> = after.into_iter().filter(is_new).collect();
    if findings.is_empty() { Ok(()) } else { Err(ConversionError::Invalid { findings }) }
}

/// One step between neighbouring versions.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Leg {
    Up211,
    Down221,
    Up221,
    Down230,
}

impl Leg {
    const fn target(self) -> Version {
        match self {
            Self::Up211 | Self::Down230 => Version::V2_2_1,
            Self::Down221 => Version::V2_1_1,
            Self::Up221 => Version::V2_3_0,
        }
    }
}

const fn legs(from: Version, to: Version) -> &'static [Leg] {
    match (from, to) {
        (Version::V2_1_1, Version::V2_2_1) => &[Leg::Up211],
        (Version::V2_1_1, Version::V2_3_0) => &[Leg::Up211, Leg::Up221],
        (Version::V2_2_1, Version::V2_1_1) => &[Leg::Down221],
        (Version::V2_2_1, Version::V2_3_0) => &[Leg::Up221],
        (Version::V2_3_0, Version::V2_2_1) => &[Leg::Down230],
        (Version::V2_3_0, Version::V2_1_1) => &[Leg::Down230, Leg::Down221],
        (Version::V2_1_1, Version::V2_1_1)
        | (Version::V2_2_1, Version::V2_2_1)
        | (Version::V2_3_0, Version::V2_3_0) => &[],
    }
}

fn walk(
    text: &str,
    from: Version,
    source: &'static Shape,
    to: Version,
    target: &'static Shape,
    context: &Context,
) -> Result<(String, Vec<Loss>), ConversionError> {
    let mut losses = Vec::new();
    let mut node = Node::parse(text).ok_or(ConversionError::UnknownObject)?;
    let legs = legs(from, to);
    if legs.is_empty() && source.name != target.name {
        return Err(ConversionError::UnknownObject);
    }
    for (index, leg) in legs.iter().enumerate() {
        let shape = if index + 1 == legs.len() {
            target
        } else {
            crate::object(leg.target(), target.name).ok_or(ConversionError::UnknownObject)?.shape
        };
        let mut walk = Walk { leg: *leg, context, path: Vec::new(), losses: Vec::new() };
        let Node::Object(members) = node else { return Err(ConversionError::UnknownObject) };
        let converted = walk.object(members, shape)?;
        losses.append(&mut walk.losses);
        node = Node::Object(converted.ok_or_else(|| ConversionError::NoCounterpart {
            pointer: String::new(),
            reason: losses.last().map_or(Cow::Borrowed("nothing of it is left"), |loss| loss.reason.clone()),
        })?);
    }
    Ok((node.to_string(), losses))
}

/// What becomes of a value that the enumeration of the other version does not list.
enum Unlisted {
    /// It was not listed before either: kept as it is.
    Keep,
    /// Another value stands for it.
    Replace(&'static str),
    /// It goes: from its list, or with its member; with the object if the member is required.
    Drop,
}

struct Walk<'a> {
    leg: Leg,
    context: &'a Context,
    path: Vec<String>,
    losses: Vec<Loss>,
}

impl Walk<'_> {
    fn pointer(&self, name: &str) -> String {
        let mut pointer = String::new();
        for segment in &self.path {
            pointer.push('/');
            pointer.push_str(segment);
        }
        if !name.is_empty() {
            pointer.push('/');
            pointer.push_str(name);
        }
        pointer
    }

    /// Puts a member of the current object on the list; an empty name is the object itself.
    fn lose(&mut self, name: &str, kind: LossKind, reason: impl Into<Cow<'static, str>>) {
        let pointer = self.pointer(name);
        self.losses.push(Loss { pointer, kind, reason: reason.into() });
    }

    fn missing(&self, name: &str) -> ConversionError {
        ConversionError::Missing { pointer: self.pointer(name) }
    }

    fn impossible(&self, name: &str, reason: impl Into<Cow<'static, str>>) -> ConversionError {
        ConversionError::NoCounterpart { pointer: self.pointer(name), reason: reason.into() }
    }

    /// Converts an object to a shape; `None` when it has to go. As deep as the shape.
    fn object(&mut self, mut members: Members, to: &'static Shape) -> Result<Option<Members>, ConversionError> {
        let keep = match self.leg {
            Leg::Up211 => self.up_211(to.name, &mut members)?,
            Leg::Down221 => self.down_221(to.name, &mut members)?,
            Leg::Up221 => self.up_221(to.name, &mut members)?,
            Leg::Down230 => self.down_230(to.name, &mut members)?,
        };
        if !keep {
            return Ok(None);
        }
        let mut converted = Members::default();
        for entry in members.0 {
            let Some(member) = to.member(&entry.name) else {
                let version = self.leg.target();
                self.lose(entry.origin(), LossKind::Dropped, format!("not a member of {} in OCPI {version}", to.name));
                continue;
            };
            self.path.push(entry.origin().to_owned());
            let value = self.member(entry.value, &member.kind, member.cardinality);
            self.path.pop();
            match value? {
                Some(value) => converted.put(member.name, value),
                None if member.cardinality.is_required() => return Ok(None),
                None => {}
            }
        }
        for member in to.members.iter().filter(|member| member.cardinality.is_required()) {
            if converted.get(member.name).is_none() {
                return Err(self.missing(member.name));
            }
        }
        converted.sort_like(to);
        Ok(Some(converted))
    }

    fn member(&mut self, value: Node, kind: &Kind, cardinality: Cardinality) -> Result<Option<Node>, ConversionError> {
        let Node::List(items) = value else { return self.value(value, kind, cardinality.is_required()) };
        let had_items = !items.is_empty();
        let mut converted = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            self.path.push(index.to_string());
            let item = self.value(item, kind, false);
            self.path.pop();
            converted.extend(item?);
        }
        if converted.is_empty() && had_items && cardinality == Cardinality::AtLeastOne {
            self.lose("", LossKind::Dropped, "nothing of the list is left");
            return Ok(None);
        }
        Ok(Some(Node::List(converted)))
    }

    fn value(&mut self, value: Node, kind: &Kind, required: bool) -> Result<Option<Node>, ConversionError> {
        match (kind, value) {
            (Kind::Object(shape), Node::Object(members)) => Ok(self.object(members, shape)?.map(Node::Object)),
            (Kind::Enumeration { name, values, open: false }, Node::Leaf(raw)) => {
                let text = tree::text(&raw).unwrap_or_default();
                if values.contains(&text.as_str()) {
                    return Ok(Some(Node::Leaf(raw)));
                }
                match self.unlisted(name, &text) {
                    Unlisted::Keep => Ok(Some(Node::Leaf(raw))),
                    Unlisted::Replace(other) => {
                        self.lose("", LossKind::Ambiguous, format!("{text} has no counterpart; {other} stands for it"));
                        Ok(Some(Node::string(other)))
                    }
                    Unlisted::Drop => {
                        let what = if required { "what holds it goes with it" } else { "it goes" };
                        self.lose("", LossKind::Dropped, format!("{text} has no counterpart in {name}; {what}"));
                        Ok(None)
                    }
                }
            }
            (Kind::DateTime { fraction: false }, Node::Leaf(raw)) => {
                let time = tree::text(&raw).and_then(|text| text.parse::<DateTime>().ok());
                match time {
                    Some(time) => {
                        if time.subsecond_nanos() != 0 {
                            self.lose("", LossKind::Truncated, "OCPI 2.1.1 has no fractions of a second");
                        }
                        Ok(Some(Node::string(&time.convert::<false>().to_string())))
                    }
                    None => Ok(Some(Node::Leaf(raw))),
                }
            }
            (Kind::Text(kind), Node::Leaf(raw)) => Ok(Some(Node::Leaf(self.fit(raw, kind)))),
            (_, value) => Ok(Some(value)),
        }
    }

    /// Cuts a text that is too long, if that is wanted, and lists letters that 2.1.1 does not know.
    fn fit(&mut self, raw: String, kind: &crate::shape::TextKind) -> String {
        let Some(text) = tree::text(&raw) else { return raw };
        if kind.primitive == crate::shape::Primitive::AsciiString && !text.is_ascii() {
            self.lose("", LossKind::Ambiguous, "OCPI 2.1.1 has ASCII only; kept, since most peers read more");
        }
        let is_free = matches!(kind.format, crate::shape::Format::Free)
            && matches!(kind.primitive, crate::shape::Primitive::String | crate::shape::Primitive::AsciiString);
        if self.context.truncate && is_free && text.chars().count() > kind.max {
            self.lose("", LossKind::Truncated, format!("{} characters are allowed", kind.max));
            return Node::string(&text.chars().take(kind.max).collect::<String>()).to_string();
        }
        raw
    }

    fn unlisted(&self, enumeration: &str, value: &str) -> Unlisted {
        match self.leg {
            Leg::Up211 | Leg::Up221 => v211_v221::unlisted_up(enumeration, value),
            Leg::Down221 => v211_v221::unlisted_down(enumeration, value),
            Leg::Down230 => v221_v230::unlisted_down(enumeration, value),
        }
    }

    /// Owner of the object, as members.
    fn put_owner(&mut self, members: &mut Members, owner: Option<&Party>) -> Result<(), ConversionError> {
        if members.get("country_code").is_some() {
            return Ok(());
        }
        let owner = owner.ok_or_else(|| self.missing("country_code"))?;
        members.put("country_code", Node::string(&owner.country_code));
        members.put("party_id", Node::string(&owner.party_id));
        self.lose("country_code", LossKind::Derived, "the owner comes from the context");
        self.lose("party_id", LossKind::Derived, "the owner comes from the context");
        Ok(())
    }
}
