//! The list of rules, walked.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Every rule of the framing has a test that cites it, as `rpc_20` in its name or `RPC-20` beside it.
#[test]
fn every_rule_has_a_test_that_cites_it() {
    let rules = [1..=14, 20..=33, 40..=56, 60..=64, 70..=74].into_iter().flatten();
    let mut cited = BTreeSet::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it"), &mut cited);
    let missing: Vec<u32> = rules.filter(|rule| !cited.contains(rule)).collect();
    assert!(missing.is_empty(), "no test cites RPC-{missing:?}");
}

/// Rows of the fault list that concern frames and connections.
#[test]
fn every_row_of_the_fault_list_has_a_test_that_cites_it() {
    let mut names = String::new();
    texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it"), &mut |text| {
        names.extend(text.lines().filter(|line| line.starts_with("fn ")).map(|line| format!("{line}\n")));
    });
    let rows = (1..=26)
        .map(|row| (format!("c{row}_"), format!("c{row:02}_")))
        .chain([1, 3, 4, 5, 9, 11].map(|row| (format!("e{row}_"), format!("e{row:02}_"))));
    let is_named = |row: &str| names.contains(&format!(" {row}")) || names.contains(&format!("_{row}"));
    let missing: Vec<_> = rows.filter(|(short, long)| !is_named(short) && !is_named(long)).collect();
    assert!(missing.is_empty(), "no test is named after {missing:?}");
}

fn collect(folder: &Path, cited: &mut BTreeSet<u32>) {
    texts(folder, &mut |text| {
        // in names: `rpc_40_41_42_…`; in comments: `RPC-40`
        for name in text.split("fn rpc_").skip(1) {
            cited.extend(name.split('_').map_while(|part| part.parse::<u32>().ok()));
        }
        for place in text.split("RPC-").skip(1) {
            let digits: String = place.chars().take_while(char::is_ascii_digit).collect();
            cited.extend(digits.parse::<u32>());
        }
    });
}

fn texts(folder: &Path, see: &mut impl FnMut(&str)) {
    for entry in fs::read_dir(folder).expect("the tests") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            texts(&path, see);
        } else {
            see(&fs::read_to_string(&path).expect("a text"));
        }
    }
}
