//! Text that is almost JSON.

use alloc::string::String;
use core::fmt::Write as _;

use serde_json::value::RawValue;

/// How far mending may go.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Mend {
    /// Write control characters inside texts as escapes, leave them out elsewhere (row C20).
    Characters,
    /// Also leave out commas with nothing before or after them, and put `null` where a member's value is absent (row C21).
    Commas,
}

/// The text to read instead of one that is not JSON, if mending makes it JSON.
///
/// Meant for what [`parse`](crate::parse) refuses with [`FrameDefect::Syntax`](crate::FrameDefect::Syntax); offsets then
/// count in the mended text, and the frame deserves [`FrameRemark::Mended`](crate::FrameRemark::Mended).
///
/// # Example
/// ```
/// use ocpp_rpc::{Mend, rescue};
///
/// assert_eq!(rescue(r#"[3,"7",{"status":"Accepted",}]"#, Mend::Commas).unwrap(), r#"[3,"7",{"status":"Accepted"}]"#);
/// assert_eq!(rescue(r#"[3,"7",{"status":"Acc"#, Mend::Commas), None);
/// ```
pub fn rescue(text: &str, how: Mend) -> Option<String> {
    let mended = mend(text.trim_start_matches('\u{feff}'), how)?;
    serde_json::from_str::<&RawValue>(&mended).is_ok().then_some(mended)
}

/// Mends text that is almost JSON, in one linear pass; nothing if there was nothing to mend.
///
/// No character that carries meaning is lost. The outcome may still not be JSON: it has to be parsed.
pub fn mend(text: &str, how: Mend) -> Option<String> {
    let mut mended = String::with_capacity(text.len() + 16);
    let mut changed = false;
    let (mut in_text, mut escaped) = (false, false);
    let mut last = None; // the last mark or value outside texts
    let mut comma = None; // where a comma was written that nothing has followed yet
    for character in text.chars() {
        if in_text {
            if character < ' ' {
                changed = true;
                let _ = write!(mended, "\\u{:04x}", u32::from(character));
            } else {
                mended.push(character);
            }
            in_text = escaped || character != '"';
            escaped = character == '\\' && !escaped;
            continue;
        }
        if character.is_control() && !matches!(character, '\t' | '\r' | '\n') {
            changed = true;
            continue;
        }
        if how == Mend::Commas && !character.is_ascii_whitespace() {
            match character {
                ',' if matches!(last, None | Some('[' | '{' | ',')) => {
                    changed = true;
                    continue;
                }
                ',' | '}' if last == Some(':') => {
                    changed = true;
                    mended.push_str("null");
                }
                ']' | '}' if last == Some(',') => {
                    if let Some(place) = comma {
                        changed = true;
                        mended.remove(place);
                    }
                }
                _ => {}
            }
            comma = (character == ',').then_some(mended.len());
        }
        if !character.is_ascii_whitespace() {
            last = Some(character);
        }
        in_text = character == '"';
        mended.push(character);
    }
    changed.then_some(mended)
}
