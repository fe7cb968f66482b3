//! Findings: what is wrong with a value, where, by which rule, and how bad it is.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

/// The most findings kept of one document; more are counted only.
pub const MAX_FINDINGS: usize = 1000;

/// One thing that is wrong or remarkable about an object.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// Where: a JSON pointer (RFC 6901) into the document.
    pub pointer: String,
    /// The kind of defect, for programs.
    pub kind: FindingKind,
    /// The rule that is broken: its id in the rule book of this crate, such as `X-LOC-14`.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, for people.
    pub message: Cow<'static, str>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {} ({})", self.severity, Shown(&self.pointer), self.message, self.rule)
    }
}

/// A JSON pointer on one line: names of members come from a peer and may hold anything.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            "" => f.write_str("/"),
            pointer if pointer.contains(char::is_control) => write!(f, "{}", pointer.escape_debug()),
            pointer => f.write_str(pointer),
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing is broken.
    Info,
    /// A recommendation is not followed, or the documents are silent and the value is odd.
    Warning,
    /// A requirement is broken: a strict receiver refuses the object.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// The kinds of defects.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FindingKind {
    /// The text is not JSON.
    Json,
    /// A value has the wrong JSON type.
    Type,
    /// A required member is missing or null.
    Required,
    /// A list that must not be empty is.
    Cardinality,
    /// A text is too long, or a number has too many digits.
    Length,
    /// A text has characters that its type does not allow.
    Charset,
    /// A text or number does not have the form its type asks for.
    Format,
    /// A number is out of bounds.
    Range,
    /// A value is not on the list of a closed enumeration.
    Enumeration,
    /// A code is not on the list of its ISO standard.
    CodeList,
    /// A member is not part of the object.
    UnknownMember,
    /// A member occurs twice.
    DuplicateMember,
    /// Members contradict each other, or a rule about several members is broken.
    Cross,
}

/// Collects findings.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
    dropped: usize,
}

impl Findings {
    /// No findings yet.
    pub const fn new() -> Self {
        Self { list: Vec::new(), dropped: 0 }
    }

    /// Adds a finding; beyond [`MAX_FINDINGS`] it is only counted.
    #[cold]
    pub fn report(
        &mut self,
        at: &Path<'_>,
        kind: FindingKind,
        rule: &'static str,
        severity: Severity,
        message: impl Into<Cow<'static, str>>,
    ) {
        if self.list.len() >= MAX_FINDINGS {
            self.dropped += 1;
            return;
        }
        self.list.push(Finding { pointer: at.to_string(), kind, rule, severity, message: message.into() });
    }

    /// Adds a finding about several members, of severity error.
    pub(crate) fn error(&mut self, at: &Path<'_>, rule: &'static str, message: impl Into<Cow<'static, str>>) {
        self.report(at, FindingKind::Cross, rule, Severity::Error, message);
    }

    /// Adds a finding about several members, of severity warning.
    pub(crate) fn warn(&mut self, at: &Path<'_>, rule: &'static str, message: impl Into<Cow<'static, str>>) {
        self.report(at, FindingKind::Cross, rule, Severity::Warning, message);
    }

    /// How many findings were not kept.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }

    /// The findings so far.
    pub fn as_slice(&self) -> &[Finding] {
        &self.list
    }

    /// The findings as a list.
    pub fn into_vec(self) -> Vec<Finding> {
        self.list
    }

    /// Whether one of the findings is an error.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.list)
    }
}

/// Whether one of these findings is an error.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// A place in a document, built on the stack while walking it; prints as a JSON pointer.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    segment: Segment<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Segment<'a> {
    Root,
    Member(&'a str),
    Item(usize),
}

impl<'a> Path<'a> {
    /// The document itself.
    pub const ROOT: Path<'static> = Path { parent: None, segment: Segment::Root };

    /// A member of this object.
    pub const fn member(&'a self, name: &'a str) -> Path<'a> {
        Path { parent: Some(self), segment: Segment::Member(name) }
    }

    /// An item of this list.
    pub const fn item(&'a self, index: usize) -> Path<'a> {
        Path { parent: Some(self), segment: Segment::Item(index) }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut segments = Vec::new();
        let mut at = Some(self);
        while let Some(path) = at {
            segments.push(path.segment);
            at = path.parent;
        }
        for segment in segments.iter().rev() {
            match segment {
                Segment::Root => {}
                Segment::Member(name) if name.contains(['~', '/']) => {
                    write!(f, "/{}", name.replace('~', "~0").replace('/', "~1"))?;
                }
                Segment::Member(name) => write!(f, "/{name}")?,
                Segment::Item(index) => write!(f, "/{index}")?,
            }
        }
        Ok(())
    }
}
