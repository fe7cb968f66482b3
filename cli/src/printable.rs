//! Text of others, fit for a terminal.

use std::fmt::{self, Write as _};

/// A text with everything escaped that could move the cursor, end the line or hide something.
pub(crate) struct Printable<'a>(pub(crate) &'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '"' | '\'' | '\\' => f.write_char(character),
            other => write!(f, "{}", other.escape_debug()),
        })
    }
}

/// The beginning of a text that may be long.
pub(crate) struct Beginning<'a>(pub(crate) &'a str);

impl fmt::Display for Beginning<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(2 * AROUND) {
            Some((end, _)) => write!(f, "{}…", Printable(&self.0[..end])),
            None => Printable(self.0).fmt(f),
        }
    }
}

/// How many characters of a text are shown on either side of a spot.
const AROUND: usize = 30;

/// The surroundings of a byte of a text on one line, and below it a caret under that byte.
pub(crate) struct Excerpt<'a> {
    pub(crate) text: &'a str,
    pub(crate) offset: usize,
    pub(crate) indent: &'static str,
}

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spot = (0..=self.offset.min(self.text.len())).rfind(|&at| self.text.is_char_boundary(at)).unwrap_or(0);
        let (before, after) = self.text.split_at(spot);
        let start = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
        let end = after.char_indices().nth(AROUND).map_or(after.len(), |(at, _)| at);
        let front = format!("{}{}", if start > 0 { "…" } else { "" }, Printable(&before[start..]));
        let back = if end < after.len() { "…" } else { "" };
        writeln!(f, "{}{front}{}{back}", self.indent, Printable(&after[..end]))?;
        write!(f, "{}{:width$}^", self.indent, "", width = front.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_points_at_the_character_that_holds_the_byte() {
        let excerpt = |text, offset| Excerpt { text, offset, indent: "" }.to_string();
        assert_eq!(excerpt("[2,7]", 3), "[2,7]\n   ^");
        assert_eq!(excerpt("[ä]", 2), "[ä]\n ^");
        assert_eq!(excerpt("", 9), "\n^");
        assert_eq!(excerpt("a\u{1b}b", 2), "a\\u{1b}b\n       ^");
        let long = excerpt(&"x".repeat(200), 100);
        assert_eq!(long, format!("…{}…\n{}^", "x".repeat(60), " ".repeat(31)));
    }

    #[test]
    fn nothing_of_a_text_reaches_the_terminal_as_a_command() {
        let text = Printable("\u{1b}[2J\r\n\u{202e}\"ok\" é").to_string();
        assert_eq!(text, "\\u{1b}[2J\\r\\n\\u{202e}\"ok\" é");
    }
}
