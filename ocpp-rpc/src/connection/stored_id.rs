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
    pub(super) const EMPTY: Self = Self::Short(Id::new_const());

    pub(super) fn set(&mut self, id: MessageId<'_>) {
        if let Self::Short(json) = self {
            json.clear();
            if json.try_push_str(id.as_json()).is_ok() {
                return;
            }
        }
        *self = Self::Long(id.as_json().into());
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
