//! A message id that outlives its frame.

use alloc::boxed::Box;

use crate::MessageId;

/// The JSON text of a message id; one of the usual length without allocation.
#[derive(Clone)]
pub(super) enum StoredId {
    Short { length: u8, bytes: [u8; 38] },
    Long(Box<str>),
}

impl StoredId {
    pub(super) fn new(id: MessageId<'_>) -> Self {
        Self::of_json(id.as_json())
    }

    pub(super) fn of_json(json: &str) -> Self {
        let mut bytes = [0; 38];
        match bytes.get_mut(..json.len()) {
            Some(start) => {
                start.copy_from_slice(json.as_bytes());
                Self::Short { length: json.len() as u8, bytes }
            }
            None => Self::Long(json.into()),
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Short { length, bytes } => &bytes[..usize::from(*length)],
            Self::Long(json) => json.as_bytes(),
        }
    }

    pub(super) fn as_json(&self) -> &str {
        match self {
            Self::Short { length, bytes } => {
                core::str::from_utf8(&bytes[..usize::from(*length)]).expect("it was copied from a text")
            }
            Self::Long(json) => json,
        }
    }

    pub(super) fn as_message_id(&self) -> MessageId<'_> {
        MessageId::from_json(self.as_json())
    }
}
