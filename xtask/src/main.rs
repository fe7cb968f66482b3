//! Chores of the workspace: `cargo xtask generated|standard|seeds|schemas|floors [--check]`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod generated;
mod seeds;
mod standard;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = arguments.iter().any(|argument| argument == "--check");
    let outcome = match arguments.first().map(String::as_str) {
        Some("generated") => generate(check),
        Some("standard") => catalogues(check),
        Some("seeds") => seeds(check),
        _ => Err(io::Error::other("usage: cargo xtask generated|standard|seeds [--check]")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace").to_owned()
}

fn generate(check: bool) -> io::Result<()> {
    let source = root().join("ocpp-types/src");
    for version in ["v16", "v201", "v21"] {
        let text = generated::generate(&source, version)?;
        put(&source.join(version).join("generated.rs"), &text, check)?;
    }
    Ok(())
}

fn catalogues(check: bool) -> io::Result<()> {
    let types = root().join("ocpp-types");
    for (path, text) in standard::generate(&types.join("standard"))? {
        put(&types.join("src/standard").join(path), &text, check)?;
    }
    Ok(())
}

fn seeds(check: bool) -> io::Result<()> {
    let corpus = root().join("fuzz/corpus");
    let files = seeds::generate();
    for (path, text) in &files {
        let path = corpus.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&corpus))?;
        put(&path, text, check)?;
    }
    for folder in fs::read_dir(&corpus)? {
        for file in fs::read_dir(folder?.path())? {
            let path = file?.path();
            let name = path.strip_prefix(&corpus).unwrap_or(&path).to_string_lossy().into_owned();
            if name.ends_with(seeds::ENDING) && !files.contains_key(&name) {
                if check {
                    return Err(io::Error::other(format!("{} belongs to no message", path.display())));
                }
                fs::remove_file(path)?;
            }
        }
    }
    Ok(())
}

/// Writes a generated file, or only looks whether it is fresh.
fn put(path: &Path, text: &str, check: bool) -> io::Result<()> {
    let current = fs::read_to_string(path).unwrap_or_default();
    if current == text {
        return Ok(());
    }
    if check {
        return Err(io::Error::other(format!("{} is stale", path.display())));
    }
    fs::write(path, text)
}
