//! Rules about several members (part T of the rule book), one module per version; what is equal in several versions is
//! written once in [`shared`].

mod shared;
pub(crate) mod v211;
pub(crate) mod v221;
pub(crate) mod v230;

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::validate::{FindingKind, Findings, Path, Severity};

/// An empty identifier (rule STR-06).
pub(crate) fn identifier(text: &str, name: &str, at: &Path<'_>, findings: &mut Findings) {
    if text.is_empty() {
        let message = "an identifier should not be empty";
        findings.report(&at.member(name), FindingKind::Length, "STR-06", Severity::Warning, message);
    }
}

/// Up to how many keys are compared each with each, which needs no set.
pub(crate) const FEW: usize = 8;

/// Reports the second and later of equal keys.
pub(crate) fn distinct<K: Ord>(
    keys: impl ExactSizeIterator<Item = K> + Clone,
    rule: &'static str,
    severity: Severity,
    message: &'static str,
    at: &Path<'_>,
    findings: &mut Findings,
) {
    let mut seen = BTreeSet::new();
    let are_few = keys.len() <= FEW;
    for (index, key) in keys.clone().enumerate() {
        let is_new = if are_few { keys.clone().take(index).all(|other| other != key) } else { seen.insert(key) };
        if !is_new {
            findings.report(&at.item(index), FindingKind::Cross, rule, severity, message);
        }
    }
}

/// Whether a text is Base64 of the standard alphabet with padding; line breaks are not.
pub(crate) fn is_base64(text: &str) -> bool {
    crate::token::decode_base64(text).is_some()
}

/// A lower and an upper bound that leave nothing between them (rule X-TAR-08).
pub(crate) fn interval<T: PartialOrd>(
    min: Option<&T>,
    max: Option<&T>,
    name: &str,
    rule: &'static str,
    at: &Path<'_>,
    findings: &mut Findings,
) {
    if let (Some(min), Some(max)) = (min, max)
        && min >= max
    {
        findings.warn(&at.member(name), rule, "nothing lies between the lower and the upper bound");
    }
}

/// A text with markup, where plain text is asked for (rule TXT-01).
pub(crate) fn has_markup(text: &str) -> bool {
    if !text.bytes().any(|byte| matches!(byte, b'<' | b'&')) {
        return false;
    }
    let tag = text.match_indices('<').any(|(index, _)| {
        let rest = text.get(index + 1..).unwrap_or_default();
        rest.starts_with(|next: char| next.is_ascii_alphabetic() || next == '/')
    });
    let entity = text.match_indices('&').any(|(index, _)| {
        let rest = text.get(index + 1..).unwrap_or_default();
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
        length > 0 && rest.as_bytes().get(length) == Some(&b';')
    });
    tag || entity
}

/// Whether a token is made of the characters and has the length the documents ask for (rule X-CRE-02).
pub(crate) fn is_token(token: &str) -> bool {
    (1..=64).contains(&token.len()) && token.bytes().all(|byte| matches!(byte, 0x21..=0x7e))
}

/// The difference of two amounts that rounding cannot explain.
pub(crate) fn differs(left: Decimal, right: Decimal) -> bool {
    left.checked_sub(right).is_none_or(|difference| difference.abs() > Decimal::new(1, 2))
}
