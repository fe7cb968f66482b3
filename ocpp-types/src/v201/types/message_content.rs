//! Texts for a display.

use alloc::boxed::Box;

use serde::Serialize;

use crate::string_enum::string_enum;
use crate::{CustomData, Text};

/// Text, with its format and language, that the station can show to a driver (`MessageContentType`, 2.0.1 Part 2
/// §2.30).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct MessageContent {
    /// Format in which `content` is written.
    pub format: MessageFormat,
    /// Language of the text, as an RFC 5646 tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Text<8>>,
    /// The message itself, encoded as `format` says.
    pub content: Text<512>,
    /// Additions of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Box<CustomData>>,
}

string_enum! {
    /// Format in which the text of a display message is given (`MessageFormatEnumType`, 2.0.1 Part 2 §3.51).
    pub enum MessageFormat {
        /// The content is plain text made of printable 7-bit ASCII characters only.
        Ascii = "ASCII",
        /// The content is an HTML fragment or page.
        Html = "HTML",
        /// The content is an address from which the station fetches what it shows, such as a web page.
        Uri = "URI",
        /// The content is plain text in UTF-8.
        Utf8 = "UTF8",
    }
}
