//! Every rule that concerns a station has a test that cites it.

use std::fs;
use std::path::Path;

/// Prefix, first and last number.
const RULES: &[(&str, u8, u8)] = &[("BOOT", 1, 16), ("HB", 1, 5), ("TRIG", 1, 12), ("Q", 1, 16)];

/// Prefix and numbers, where a station does not keep all of them: what is missing is kept by sockets and by the CSMS, or is
/// about reservations, ISO 15118, several connectors at one EVSE and cables that stay when the car goes.
const SOME: &[(&str, &[u8])] = &[
    ("WS", &[1, 2, 4, 6, 7, 8, 11, 12, 15, 16, 17, 20, 21, 22, 23, 25, 27, 28, 29]),
    ("TX16", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16]),
    ("TX2", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 23, 24, 26, 27, 28, 29, 30]),
    ("ST", &[1, 2, 3, 4, 5, 6, 10]),
];

#[test]
fn every_rule_is_cited() {
    let mut tests = String::new();
    gather(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it")), &mut tests);
    let ranges = RULES.iter().flat_map(|(prefix, first, last)| (*first..=*last).map(move |number| (*prefix, number)));
    let some = SOME.iter().flat_map(|(prefix, numbers)| numbers.iter().map(move |number| (*prefix, *number)));
    let all = ranges.chain(some);
    let missing: Vec<String> = all
        .filter(|(prefix, number)| {
            let in_name = format!("{}_{number:02}", prefix.to_lowercase());
            let in_comment = format!("{prefix}-{number:02}");
            !tests.contains(&in_name) && !tests.contains(&in_comment)
        })
        .map(|(prefix, number)| format!("{prefix}-{number:02}"))
        .collect();
    assert!(missing.is_empty(), "no test cites {missing:?}");
}

fn gather(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).expect("the folder of this test").map(|entry| entry.expect("readable").path()) {
        if entry.is_dir() {
            gather(&entry, text);
        } else if entry.file_name().is_some_and(|name| name != "rules.rs") {
            text.push_str(&fs::read_to_string(&entry).expect("readable"));
        }
    }
}
