//! Every file of the corpora, through the checks of its target.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use ocpi_types::Version;

use super::{handshake, object, patch, transport};

#[test]
fn the_objects_of_2_1_1_replay() {
    replay("ocpi_v211", 70, |input| object(Version::V2_1_1, input));
}

#[test]
fn the_objects_of_2_2_1_replay() {
    replay("ocpi_v221", 100, |input| object(Version::V2_2_1, input));
}

#[test]
fn the_objects_of_2_3_0_replay() {
    replay("ocpi_v230", 100, |input| object(Version::V2_3_0, input));
}

#[test]
fn patches_replay() {
    replay("ocpi_patch", 40, patch);
}

#[test]
fn headers_links_and_the_like_replay() {
    replay("ocpi_transport", 30, transport);
}

#[test]
fn handshakes_replay() {
    replay("ocpi_registration", 10, handshake);
}

fn replay(target: &str, least: usize, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    // from the library's own folder in the main workspace, or from here
    let folder = [folder.join("../fuzz/corpus"), folder.join("../corpus")].into_iter().find(|path| path.is_dir());
    let folder = folder.expect("corpora are part of the repository").join(target);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= least, "{} has only {} files", folder.display(), files.len());
    let bad: Vec<_> = files.iter().filter(|path| catch_unwind(|| check(&fs::read(path).unwrap())).is_err()).collect();
    assert!(bad.is_empty(), "{} of {} files: {bad:#?}", bad.len(), files.len());
}
