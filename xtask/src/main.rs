//! Chores of the workspace: `cargo xtask generated|standard|floors|rules|schemas|seeds [--check]`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod floors;
mod generated;
mod rules;
#[cfg(feature = "types")]
mod schemas;
#[cfg(feature = "types")]
mod seeds;
mod standard;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = arguments.iter().any(|argument| argument == "--check");
    let outcome = match arguments.first().map(String::as_str) {
        Some("generated") => generate(check),
        Some("standard") => catalogues(check),
        Some("floors") => all_true(floors::check(&root())),
        Some("rules") => all_true(rules::check(&root())),
        #[cfg(feature = "types")]
        Some("schemas") => schemas(check),
        #[cfg(feature = "types")]
        Some("seeds") => seeds(check),
        #[cfg(not(feature = "types"))]
        Some("schemas" | "seeds") => with_types(&arguments),
        _ => Err(io::Error::other("usage: cargo xtask generated|standard|floors|rules|schemas|seeds [--check]")),
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

/// Fails with what was found to be wrong.
fn all_true(wrong: io::Result<Vec<String>>) -> io::Result<()> {
    let wrong = wrong?;
    if wrong.is_empty() { Ok(()) } else { Err(io::Error::other(wrong.join("\n"))) }
}

/// Runs again with the types built in; without them this tool still builds when they do not.
#[cfg(not(feature = "types"))]
fn with_types(arguments: &[String]) -> io::Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = std::process::Command::new(cargo)
        .args(["run", "--quiet", "--package", "xtask", "--features", "types", "--"])
        .args(arguments)
        .current_dir(root())
        .status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{} failed", arguments[0]))) }
}

#[cfg(feature = "types")]
fn schemas(check: bool) -> io::Result<()> {
    let folder = root().join("ocpp-types/schemas");
    let files = schemas::generate();
    for (path, text) in &files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        put(&path, text, check)?;
    }
    for version in fs::read_dir(&folder)? {
        for file in fs::read_dir(version?.path())? {
            let path = file?.path();
            if !files.iter().any(|(name, _)| path.ends_with(name)) {
                return Err(io::Error::other(format!("{} is no schema of any type", path.display())));
            }
        }
    }
    Ok(())
}

#[cfg(feature = "types")]
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
