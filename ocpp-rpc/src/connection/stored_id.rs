//! A message id that outlives its frame.

use alloc::boxed::Box;

use crate::MessageId;
use crate::message_ids::Id;

/// The JSON text of a message id; one of the usual length without allocation.
#[derive(Clone)]
pub(super) enum StoredId {
    Short(Id),
    Long(Box<str>),
}

impl StoredId {
    #[inline]
    pub(super) fn new(id: MessageId<'_>) -> Self {
        Id::from(id.as_json()).map_or_else(|_| Self::Long(id.as_json().into()), Self::Short)
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
