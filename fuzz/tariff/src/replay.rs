//! Every file of the corpus, through the checks.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use super::priced;

#[test]
fn tariffs_and_records_replay() {
    // included by the main workspace or built here: the folder is two levels up or next to the crate's parent
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [own.join("../fuzz/corpus/tariff"), own.join("../corpus/tariff")];
    let folder = folders.iter().find(|folder| folder.is_dir()).expect("the corpus is there");
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 40, "{} has only {} files", folder.display(), files.len());
    let bad: Vec<_> = files.iter().filter(|path| catch_unwind(|| priced(&fs::read(path).unwrap())).is_err()).collect();
    assert!(bad.is_empty(), "{} of {} files: {bad:#?}", bad.len(), files.len());
}
