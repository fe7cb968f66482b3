//! Every file of the corpora, through the checks of its target.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use ocpp_types::Version;

use super::{connection, frame, payload};

#[test]
fn the_connections_replay() {
    replay("connection", connection);
}

#[test]
fn the_frames_of_1_6_replay() {
    replay("frame_v16", |input| frame(Version::V16, input));
}

#[test]
fn the_frames_of_2_0_1_replay() {
    replay("frame_v201", |input| frame(Version::V201, input));
}

#[test]
fn the_frames_of_2_1_replay() {
    replay("frame_v21", |input| frame(Version::V21, input));
}

#[test]
fn the_payloads_of_1_6_replay() {
    replay("payload_v16", |input| payload(Version::V16, input));
}

#[test]
fn the_payloads_of_2_0_1_replay() {
    replay("payload_v201", |input| payload(Version::V201, input));
}

#[test]
fn the_payloads_of_2_1_replay() {
    replay("payload_v21", |input| payload(Version::V21, input));
}

fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() > 100, "{} has only {} files", folder.display(), files.len());
    let bad: Vec<_> = files.iter().filter(|path| catch_unwind(|| check(&fs::read(path).unwrap())).is_err()).collect();
    assert!(bad.is_empty(), "{} of {} files: {bad:#?}", bad.len(), files.len());
}
