//! Lines of any length, of which a bounded part is held.

use std::io::{self, BufRead};

/// Reads lines and holds the front of one at a time.
pub(crate) struct Lines<R> {
    reader: R,
    held: Vec<u8>,
    most: usize,
    number: u64,
    is_drained: bool,
}

/// A line without its end.
pub(crate) struct Line<'a> {
    /// Its number, from 1.
    pub(crate) number: u64,
    /// The line; of a longer one its front.
    pub(crate) bytes: &'a [u8],
    /// How long the line is in bytes.
    pub(crate) length: usize,
}

impl Line<'_> {
    pub(crate) fn is_blank(&self) -> bool {
        self.bytes.len() == self.length && self.bytes.iter().all(u8::is_ascii_whitespace)
    }
}

impl<R: BufRead> Lines<R> {
    /// Holds at most so many bytes of each line.
    pub(crate) fn new(reader: R, most: usize) -> Self {
        Self { reader, held: Vec::new(), most, number: 0, is_drained: true }
    }

    /// Whether the next line has to be waited for.
    pub(crate) fn is_drained(&self) -> bool {
        self.is_drained
    }

    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.held.clear();
        let (mut length, mut last, mut is_ended) = (0_usize, None, false);
        while !is_ended {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                if length == 0 {
                    return Ok(None);
                }
                break;
            }
            let end = chunk.iter().position(|&byte| byte == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            let room = self.most - self.held.len();
            self.held.extend_from_slice(&part[..part.len().min(room)]);
            length += part.len();
            last = part.last().copied().or(last);
            is_ended = end.is_some();
            let taken = part.len() + usize::from(is_ended);
            self.is_drained = taken == chunk.len();
            self.reader.consume(taken);
        }
        if last == Some(b'\r') {
            length -= 1;
            self.held.truncate(length);
        }
        self.number += 1;
        Ok(Some(Line { number: self.number, bytes: &self.held, length }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], buffer: usize) -> Vec<(u64, String, usize)> {
        let mut lines = Lines::new(io::BufReader::with_capacity(buffer, text), 4);
        let mut read = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            read.push((line.number, String::from_utf8_lossy(line.bytes).into_owned(), line.length));
        }
        read
    }

    #[test]
    fn long_lines_are_cut_and_counted_and_the_next_one_is_whole() {
        for buffer in 1..12 {
            let lines = read(b"ab\r\nabcdefgh\r\n\n\rabcd\nend", buffer);
            let expected = [(1, "ab", 2), (2, "abcd", 8), (3, "", 0), (4, "\rabc", 5), (5, "end", 3)]
                .map(|(number, text, length)| (number, text.to_owned(), length));
            assert_eq!(lines, expected, "buffer of {buffer}");
        }
    }

    #[test]
    fn a_last_line_end_starts_no_line() {
        assert_eq!(read(b"", 3).len(), 0);
        assert_eq!(read(b"a\n", 3).len(), 1);
        assert_eq!(read(b"a\n\n", 3).len(), 2);
    }
}
