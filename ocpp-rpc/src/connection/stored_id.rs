//! A message id that outlives its frame.

use alloc::boxed::Box;

use arrayvec::ArrayString;

use crate::MessageId;

/// The JSON text of a message id; one of the usual length without allocation.
#[derive(Clone)]
pub(super) enum StoredId {
    Short(ArrayString<38>),
    Long(Box<str>),
}

impl StoredId {
    pub(super) fn new(id: MessageId<'_>) -> Self {
        Self::of_json(id.as_json())
    }

    pub(super) fn of_json(json: &str) -> Self {
        ArrayString::from(json).map_or_else(|_| Self::Long(json.into()), Self::Short)
    }

    pub(super) fn as_json(&self) -> &str {
        match self {
            Self::Short(json) => json,
            Self::Long(json) => json,
        }
    }

    pub(super) fn as_message_id(&self) -> MessageId<'_> {
        MessageId::from_json(self.as_json())
    }
}
