//! Every rule of the rule book is cited by a test, or out of scope with a reason.

use std::collections::BTreeSet;

use crate::oracle;

const SOURCES: &[&str] = &[
    include_str!("asynchronous.rs"),
    include_str!("census.rs"),
    include_str!("conversion.rs"),
    include_str!("decisions.rs"),
    include_str!("endpoints.rs"),
    include_str!("examples.rs"),
    include_str!("faults.rs"),
    include_str!("paging.rs"),
    include_str!("registration.rs"),
    include_str!("routing.rs"),
    include_str!("rules.rs"),
    include_str!("transport.rs"),
    include_str!("updates.rs"),
    include_str!("values.rs"),
];

/// Rules that no code of this crate can keep or break.
const OUT_OF_SCOPE: &[(&str, &str)] = &[
    ("REQ-05", "there is no queue of requests to repeat; `PageQuery::since` catches up"),
    ("PAT-12", "two calls of the application: GET, then PUT when it is not found"),
    ("OWN-03", "a choice of the application; objects tell their owner"),
    ("PAG-09", "the order of a store; documented at `Page::offset`"),
    ("PAG-16", "which objects a peer may see is up to the store"),
    ("RTE-15", "responses without routing headers are read like any other"),
    ("RTE-16", "asynchronous results are requests of a functional module: `Routing::reply`"),
    ("HCI-01", "a push of the hub, made of `operation` and `ClientInfo`"),
    ("HCI-03", "there is no queue"),
    ("VER-04", "one registration per role is a choice of the platform"),
    ("VER-07", "which modules need which: `OwnVersion::expected` is the caller's list"),
    ("VER-10", "no URL of one version is used in another: endpoints are replaced as a whole"),
    ("CRE-11", "a check that must not be made, and is not"),
    ("CRE-12", "roles are replaced at every update; the application compares them"),
    ("SES-11", "a relay with its own ids is an application"),
    ("LOC-03", "history of the EVSE, held by the application"),
    ("LOC-05", "a change that must not happen by itself, and does not"),
    ("LOC-06", "any change of status is legal, so there is nothing to check"),
    ("LOC-10", "advice for the CPO"),
    ("LOC-11", "advice for the CPO"),
    ("LOC-14", "a reading of several capabilities"),
    ("LOC-15", "advice for images"),
    ("LOC-16", "the meaning of a value"),
    ("SES-07", "density of periods is the CPO's choice"),
    ("CDR-03", "a store's decision: CDRs compare with `==`"),
    ("CDR-08", "pricing: crate `tariff`"),
    ("CDR-09", "the meaning of a value"),
    ("CDR-11", "a check that must not be made, and is not"),
    ("TOK-05", "advice for the CPO"),
    ("CMD-08", "a check that must not be made, and is not"),
    ("CHP-05", "pushes of the application"),
    ("INV-01", "who invoices is up to the parties"),
    ("BOK-06", "the meaning of a status"),
    ("PAY-04", "a flow of the application; `Cdr::is_invoiced_by_cpo` is its branch"),
    ("PAY-07", "a store's key"),
    ("TAR-17", "pricing: crate `tariff`"),
    ("TOK-11", "advice for the eMSP"),
    ("TOK-12", "history of authorisations, held by the application"),
    ("TOK-14", "advice for the CPO; X-TOK-03 reports a push"),
    ("TOK-15", "a choice of the CPO"),
    ("TOK-16", "advice for the CPO"),
    ("CMD-10", "advice, in the documentation of the command"),
    ("CMD-11", "reservations, held by the application"),
    ("CMD-12", "reservations, held by the application"),
    ("CMD-14", "there is no queue"),
    ("CHP-09", "who may set profiles is up to the application"),
    ("CHP-10", "a relay with its own ids is an application"),
    ("INV-04", "a store's decision: `Verdict` has both answers"),
];

/// Whole parts of the rule book that belong to another crate.
const ELSEWHERE: &[(&str, &str)] = &[("TAR", "pricing: crate `tariff`; what concerns one tariff is in part T")];

fn cited(source: &str, found: &mut BTreeSet<String>) {
    let id = |word: &str| {
        let (letters, digits) = word.split_once('-')?;
        let fits = letters.len() == 3
            && letters.bytes().all(|byte| byte.is_ascii_uppercase())
            && digits.len() == 2
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        Some((letters.to_owned(), digits.parse::<u32>().ok()?)).filter(|_| fits)
    };
    let separators = |character: char| !(character.is_ascii_alphanumeric() || character == '-');
    let words: Vec<&str> = source.split(separators).filter(|word| !word.is_empty()).collect();
    for window in words.windows(3) {
        if let Some((letters, number)) = id(window[0]) {
            found.insert(format!("{letters}-{number:02}"));
            if let ("to", Some((other, last))) = (window[1], id(window[2]))
                && other == letters
            {
                found.extend((number..=last).map(|number| format!("{letters}-{number:02}")));
            }
        }
    }
}

#[test]
fn every_rule_is_cited_or_out_of_scope() {
    let Some(oracle) = oracle::directory() else { return };
    let path = oracle.join("../../design/ocpi-rules.md");
    let Ok(book) = std::fs::read_to_string(&path) else {
        println!("SKIPPED: no rule book at {}; NOTHING WAS COMPARED", path.display());
        return;
    };
    let mut found = BTreeSet::new();
    SOURCES.iter().for_each(|source| cited(source, &mut found));
    let rules: Vec<&str> = book
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
        .filter(|id| id.len() == 6 && id.as_bytes()[3] == b'-' && id[..3].bytes().all(|byte| byte.is_ascii_uppercase()))
        .collect();
    assert_eq!(rules.len(), 305, "the rule book has changed");
    let (mut tested, mut excused) = (0, 0);
    for rule in rules {
        let is_out = OUT_OF_SCOPE.iter().chain(ELSEWHERE).any(|(out, _)| *out == rule || *out == &rule[..3]);
        if found.contains(rule) {
            tested += 1;
            assert!(!OUT_OF_SCOPE.iter().any(|(out, _)| *out == rule), "{rule} is cited and out of scope");
        } else {
            excused += 1;
            assert!(is_out, "{rule} is cited by no test");
        }
    }
    println!("rules: {tested} cited by tests, {excused} out of scope with a reason");
}
