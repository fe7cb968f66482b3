//! Objects as trees of their members, with numbers as they were written.

use std::fmt::{self, Write as _};

use serde_json::value::RawValue;

use crate::decode;
use crate::shape::Shape;

/// A value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Node {
    Object(Members),
    List(Vec<Node>),
    /// Anything else, as JSON.
    Leaf(String),
}

/// The members of an object.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Members(pub(super) Vec<Entry>);

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Entry {
    pub(super) name: String,
    /// What it was called, if it was renamed.
    former: Option<String>,
    pub(super) value: Node,
}

impl Entry {
    /// What it is called in the original.
    pub(super) fn origin(&self) -> &str {
        self.former.as_deref().unwrap_or(&self.name)
    }
}

impl Node {
    /// Reads what this crate has written: as deep as the types.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim_ascii();
        match text.bytes().next()? {
            b'{' => {
                let decode::Members(members) = serde_json::from_str(text).ok()?;
                let entry = |(name, value): (std::borrow::Cow<'_, str>, &RawValue)| {
                    Some(Entry { name: name.into_owned(), former: None, value: Self::parse(value.get())? })
                };
                members.into_iter().map(entry).collect::<Option<_>>().map(|members| Self::Object(Members(members)))
            }
            b'[' => {
                let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
                items.into_iter().map(|item| Self::parse(item.get())).collect::<Option<_>>().map(Self::List)
            }
            _ => Some(Self::Leaf(text.to_owned())),
        }
    }

    /// What a value of one of the types looks like.
    pub(super) fn of<T: serde::Serialize>(value: &T) -> Option<Self> {
        Self::parse(&serde_json::to_string(value).ok()?)
    }

    /// A text.
    pub(super) fn string(text: &str) -> Self {
        Self::Leaf(serde_json::Value::from(text).to_string())
    }

    /// The text of a text.
    pub(super) fn as_text(&self) -> Option<String> {
        match self {
            Self::Leaf(raw) => text(raw),
            _ => None,
        }
    }

    /// The number of a number.
    pub(super) fn as_number(&self) -> Option<rust_decimal::Decimal> {
        match self {
            Self::Leaf(raw) => crate::number::parse(raw).ok(),
            _ => None,
        }
    }

    /// A number.
    pub(super) fn number(value: rust_decimal::Decimal) -> Self {
        Self::Leaf(value.to_string())
    }

    pub(super) fn as_object(&self) -> Option<&Members> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(super) fn as_list(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }
}

/// The text of a JSON text.
pub(super) fn text(raw: &str) -> Option<String> {
    serde_json::from_str(raw).ok()
}

impl Members {
    /// An object of these members.
    pub(super) fn of<const N: usize>(members: [(&str, Node); N]) -> Self {
        let entry = |(name, value): (&str, Node)| Entry { name: name.to_owned(), former: None, value };
        Self(members.into_iter().map(entry).collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.0.iter().find(|entry| entry.name == name).map(|entry| &entry.value)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Node> {
        self.0.iter_mut().find(|entry| entry.name == name).map(|entry| &mut entry.value)
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.as_text()
    }

    pub(super) fn number(&self, name: &str) -> Option<rust_decimal::Decimal> {
        self.get(name)?.as_number()
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Node> {
        let index = self.0.iter().position(|entry| entry.name == name)?;
        Some(self.0.remove(index).value)
    }

    pub(super) fn put(&mut self, name: &str, value: Node) {
        match self.get_mut(name) {
            Some(known) => *known = value,
            None => self.0.push(Entry { name: name.to_owned(), former: None, value }),
        }
    }

    /// Puts a value that stood somewhere else.
    pub(super) fn put_from(&mut self, name: &str, former: &str, value: Node) {
        self.0.retain(|entry| entry.name != name);
        self.0.push(Entry { name: name.to_owned(), former: Some(former.to_owned()), value });
    }

    pub(super) fn rename(&mut self, from: &str, to: &str) {
        if let Some(value) = self.take(from) {
            self.put_from(to, from, value);
        }
    }

    /// Orders the members as the documents do.
    pub(super) fn sort_like(&mut self, shape: &Shape) {
        let place = |name: &str| shape.members.iter().position(|member| member.name == name);
        self.0.sort_by_key(|entry| place(&entry.name));
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leaf(raw) => f.write_str(raw),
            Self::List(items) => {
                f.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_char(',')?;
                    }
                    item.fmt(f)?;
                }
                f.write_char(']')
            }
            Self::Object(Members(members)) => {
                f.write_char('{')?;
                for (index, entry) in members.iter().enumerate() {
                    if index > 0 {
                        f.write_char(',')?;
                    }
                    write!(f, "{}:{}", serde_json::Value::from(entry.name.as_str()), entry.value)?;
                }
                f.write_char('}')
            }
        }
    }
}
