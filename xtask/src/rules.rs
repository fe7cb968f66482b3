//! Every rule of OCPP that the crates promise to keep, and every fault they promise to survive, is cited by a test: at the
//! test, not in the heading of its file.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::ops::RangeInclusive;
use std::path::Path;

/// The rules, by the letters in front of their numbers; `A` to `E` are rows of the fault list.
const RULES: &[(&str, &[RangeInclusive<u32>])] = &[
    ("RPC-", &[1..=14, 20..=33, 40..=56, 60..=64]),
    ("WS-", &[1..=17, 20..=30]),
    ("BOOT-", &[1..=16]),
    ("HB-", &[1..=6]),
    ("TRIG-", &[1..=12]),
    ("Q-", &[1..=16]),
    ("CS-", &[1..=11, 20..=41, 50..=58]),
    ("TX16-", &[1..=16]),
    ("TX2-", &[1..=30]),
    ("ST-", &[1..=7, 10..=10]),
    ("A", &[1..=17]),
    ("B", &[1..=20]),
    ("C", &[1..=26]),
    ("D", &[1..=26]),
    ("E", &[1..=16]),
];

/// What no code of these crates can keep or break.
const OUT_OF_SCOPE: &[(&str, &str)] = &[
    ("TX16-15", "the charger in software has one connector at an EVSE"),
    ("TX2-11", "it has no reservations"),
    ("TX2-21", "its cables go with the car"),
    ("TX2-22", "the waits of Q-05"),
    ("TX2-25", "it does not speak ISO 15118"),
    ("ST-07", "its plugs have no lock that could fail"),
    ("D21", "no number of connectors is read from a configuration value"),
    ("D22", "charging profiles are carried, and judged by the application that plans with them"),
    ("D24", "firmware and log URLs are carried; whoever fetches them decides what may be fetched"),
];

const CRATES: [&str; 6] = ["ocpp-types", "ocpp-rpc", "ocpp-client", "ocpp-server", "cli", "tariff"];

/// What is wrong with the citations, a line each.
pub fn check(root: &Path) -> io::Result<Vec<String>> {
    let mut cited = BTreeSet::new();
    for name in CRATES {
        tests(&root.join(name).join("tests"), true, &mut cited)?;
        tests(&root.join(name).join("src"), false, &mut cited)?;
    }
    let mut wrong = Vec::new();
    for (letters, numbers) in RULES {
        for number in numbers.iter().cloned().flatten() {
            let rule = id(letters, number);
            match (cited.contains(&rule), OUT_OF_SCOPE.iter().any(|(out, _)| *out == rule)) {
                (false, false) => wrong.push(format!("{rule} is cited by no test")),
                (true, true) => wrong.push(format!("{rule} is cited, and out of scope")),
                _ => {}
            }
        }
    }
    Ok(wrong)
}

fn id(letters: &str, number: u32) -> String {
    if letters.ends_with('-') { format!("{letters}{number:02}") } else { format!("{letters}{number}") }
}

/// Collects what the tests in a folder cite; in `src` these are the modules for tests, at the end of a file.
fn tests(folder: &Path, is_whole: bool, cited: &mut BTreeSet<String>) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            tests(&path, is_whole, cited)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path)?;
            let part = if is_whole { 0 } else { text.find("#[cfg(test)]").unwrap_or(text.len()) };
            text[part..]
                .lines()
                .filter(|line| !line.trim_start().starts_with("//!"))
                .for_each(|line| cite(line, cited));
        }
    }
    Ok(())
}

/// Rules by themselves, such as `RPC-04`, or `boot_01` and `a13` in the name of a test, and `RPC-43 to RPC-47`.
fn cite(line: &str, cited: &mut BTreeSet<String>) {
    let is_name = line.trim_start().starts_with("fn ") || line.trim_start().starts_with("async fn ");
    let separators = |character: char| !(character.is_ascii_alphanumeric() || character == '-');
    let words: Vec<_> = line.split(separators).filter(|word| !word.is_empty()).collect();
    for (place, word) in words.iter().enumerate() {
        let joined = words.get(place + 1).map(|number| format!("{word}-{number}"));
        if !is_name && word.starts_with(|first: char| first.is_ascii_lowercase()) {
            continue; // a variable
        }
        let Some((letters, first)) = rule(word).or_else(|| rule(&joined?)) else { continue };
        let last = match (words.get(place + 1), words.get(place + 2).and_then(|word| rule(word))) {
            (Some(&"to"), Some((others, last))) if others == letters => last,
            _ => first,
        };
        cited.extend((first..=last).map(|number| id(letters, number)));
    }
}

fn rule(word: &str) -> Option<(&'static str, u32)> {
    RULES.iter().find_map(|(letters, numbers)| {
        let start = word.get(..letters.len()).filter(|start| start.eq_ignore_ascii_case(letters))?;
        let digits = &word[start.len()..];
        let number = digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        numbers.iter().any(|numbers| numbers.contains(&number)).then_some((*letters, number))
    })
}
