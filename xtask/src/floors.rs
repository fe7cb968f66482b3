//! The rules on who may lean on whom.

use std::fs;
use std::io;
use std::path::Path;

use crate::generated::files;

/// Which crates of the workspace each one may depend on; `dev-dependencies` are free.
const ARROWS: &[(&str, &[&str])] = &[
    ("ocpp-types", &[]),
    ("ocpi-types", &[]),
    ("ocpp-rpc", &["chargewire-ocpp-types"]),
    ("ocpp-client", &["chargewire-ocpp-types", "chargewire-ocpp-rpc"]),
    ("ocpp-server", &["chargewire-ocpp-types", "chargewire-ocpp-rpc"]),
    ("tariff", &["chargewire-ocpi-types", "chargewire-ocpp-types"]),
    (
        "cli",
        &[
            "chargewire-ocpi-types",
            "chargewire-ocpp-types",
            "chargewire-ocpp-rpc",
            "chargewire-ocpp-client",
            "chargewire-ocpp-server",
            "chargewire-tariff",
        ],
    ),
];

/// The files that may do I/O, read the clock and know tasks: the async skin around the machines.
const SKIN: &[&str] = &[
    "ocpp-rpc/src/driver",
    "ocpp-rpc/src/handler.rs",
    "ocpp-rpc/src/link.rs",
    "ocpp-rpc/src/peer.rs",
    "ocpp-rpc/src/relay_task.rs",
    "ocpp-rpc/src/router.rs",
    SOCKETS,
];

/// The files that name the WebSocket, HTTP and TLS crates.
const SOCKETS: &str = "ocpp-rpc/src/websocket";

/// All edges that should not be there.
pub fn check(root: &Path) -> io::Result<Vec<String>> {
    let mut broken = Vec::new();
    for (krate, allowed) in ARROWS {
        let manifest = fs::read_to_string(root.join(krate).join("Cargo.toml"))?;
        let dependencies = manifest
            .split("\n[")
            .filter(|section| section.starts_with("dependencies]"))
            .flat_map(str::lines)
            .filter_map(|line| line.split_once([' ', '.', '=']).map(|(name, _)| name.trim()))
            .filter(|name| name.starts_with("chargewire"));
        broken.extend(
            dependencies.filter(|name| !allowed.contains(name)).map(|name| format!("{krate} depends on {name}")),
        );
    }

    let types = root.join("ocpp-types/src");
    for (version, others) in [("v16", ["v201", "v21"]), ("v201", ["v16", "v21"]), ("v21", ["v16", "v201"])] {
        for file in files(&types.join(version))? {
            let text = code_of(&file)?;
            let name = file.strip_prefix(root).unwrap_or(&file).display();
            for other in others {
                if text.contains(&format!("{other}::")) {
                    broken.push(format!("{name} names {other}: versions do not import each other"));
                }
            }
            let is_block =
                !file.ends_with("actions.rs") && !file.ends_with("types.rs") && !name.to_string().contains("/types/");
            let imports_block = text.lines().any(|line| {
                line.trim_start().strip_prefix("use super::").is_some_and(|path| !path.starts_with("types::"))
            });
            if is_block && imports_block {
                broken.push(format!("{name} imports a block: what blocks share lies in types"));
            }
        }
    }

    for krate in ["ocpp-types", "ocpp-rpc", "ocpi-types"] {
        for file in files(&root.join(krate).join("src"))? {
            let text = code_of(&file)?;
            let name = file.strip_prefix(root).unwrap_or(&file).display();
            let is_skin = SKIN.iter().any(|skin| name.to_string().starts_with(skin));
            let is_socket = name.to_string().starts_with(SOCKETS);
            for socket_word in ["yawc::", "hyper::", "tokio_rustls::", "tokio::net"] {
                if !is_socket && text.contains(socket_word) {
                    broken.push(format!("{name} names {socket_word}: only the files below {SOCKETS} know sockets"));
                }
            }
            if is_skin {
                continue;
            }
            for async_word in ["tokio::", "async fn", "TcpStream", "UdpSocket", "std::thread", "std::time"] {
                if text.contains(async_word) {
                    broken.push(format!("{name} names {async_word}: no I/O, clock or task in a core crate"));
                }
            }
            for line in text.lines().filter(|line| line.trim_start().starts_with("pub ")) {
                if line.contains("f64") || line.contains("f32") {
                    broken.push(format!("{name}: a binary float in a public signature: {}", line.trim()));
                }
            }
        }
    }

    // no binary float may decide about money: not in a signature, not in a computation
    for file in files(&root.join("tariff/src"))? {
        let text = code_of(&file)?;
        let name = file.strip_prefix(root).unwrap_or(&file).display();
        let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        if let Some(float) = words.find(|word| word.ends_with("f64") || word.ends_with("f32")) {
            broken.push(format!("{name} names {float}: tariffs are computed without binary floats"));
        }
    }
    // prices know no documents: sources lean on the core, never the other way
    for file in files(&root.join("tariff/src/price"))?.into_iter().chain([root.join("tariff/src/price.rs")]) {
        if code_of(&file)?.contains("source::") {
            broken.push(format!("{} names source: price never imports source", file.display()));
        }
    }
    Ok(broken)
}

/// A source file without its comments.
fn code_of(file: &Path) -> io::Result<String> {
    let text = fs::read_to_string(file)?;
    Ok(text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n"))
}
