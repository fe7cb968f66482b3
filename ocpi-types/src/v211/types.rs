//! Types that several modules share.

use crate::object::object;
use crate::rules::v211 as rules;
use crate::{AsciiText, Language};

object! {
    /// A text for people in one language, without markup. (`13-displaytext-class`)
    pub struct DisplayText("DisplayText") => rules::display_text {
        /// Its language.
        language: 1 Language,
        /// The text.
        text: 1 AsciiText<512>,
    }
}
