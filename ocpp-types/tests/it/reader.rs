//! The fast reader by itself.

use ocpp_types::reader::Reader;

/// Looked at eight bytes at a time, a text ends at the same place wherever it begins and however long it is.
#[test]
fn a_plain_text_ends_at_its_quote() {
    for length in 0..40 {
        let text = "é".repeat(length / 2) + &"!".repeat(length % 2);
        for behind in ["", ",", "]    ", ",\"next\",{}]"] {
            let json = format!("\"{text}\"{behind}");
            let mut reader = Reader::new(&json);
            assert_eq!(reader.take_plain(), Ok(&json[..text.len() + 2]));
            assert_eq!(reader.end().is_ok(), behind.is_empty());
        }
        assert!(Reader::new(&format!("\"{text}")).take_plain().is_err(), "no end");
    }
}

#[test]
fn what_is_not_plain_halts_wherever_it_stands() {
    for length in 1..40 {
        for at in 0..length {
            for odd in ["\\", "\n", "\t", " \u{0}", "\u{1f}"] {
                let mut text = "~".repeat(length);
                text.replace_range(at..=at, odd);
                assert!(Reader::new(&format!("\"{text}\"")).take_plain().is_err(), "{text:?}");
            }
            for plain in [" ", "!", "#", "[", "]", "\u{7f}", "é", "\u{10ffff}"] {
                let mut text = "~".repeat(length);
                text.replace_range(at..=at, plain);
                assert!(Reader::new(&format!("\"{text}\"")).take_plain().is_ok(), "{text:?}");
            }
        }
    }
}

#[test]
fn blanks_may_stand_before_what_is_taken() {
    let mut reader = Reader::new(" \t[\r\n \"id\" ,");
    reader.take(b'[').unwrap();
    assert_eq!(reader.take_plain(), Ok("\"id\""));
    assert!(reader.take(b']').is_err());
    reader.take(b',').unwrap();
    reader.end().unwrap();
    assert!(reader.take(b',').is_err(), "behind the end");
}
