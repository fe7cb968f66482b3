//! Certificates and keys from files.

use std::fs;
use std::path::Path;

use ocpp_rpc::websocket::{ClientTls, TlsIdentity, TrustedRoots};

use crate::failure::Failure;

/// A certificate chain and its key.
pub(crate) fn identity(chain: &Path, key: &Path) -> Result<TlsIdentity, Failure> {
    TlsIdentity::from_pem(&read(chain)?, &read(key)?).map_err(|error| Failure::Tls(error.to_string()))
}

/// The root certificates in a file.
pub(crate) fn roots(path: &Path) -> Result<TrustedRoots, Failure> {
    read(path).map(TrustedRoots::Pem)
}

/// How a station trusts and shows certificates; the roots of the system if no other is given.
pub(crate) fn of_station(root: Option<&Path>, own: Option<(&Path, &Path)>) -> Result<ClientTls, Failure> {
    let roots = root.map_or(Ok(TrustedRoots::System), roots)?;
    let own = own.map(|(chain, key)| identity(chain, key)).transpose()?;
    ClientTls::new(&roots, own).map_err(|error| Failure::Tls(error.to_string()))
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|source| Failure::Read { path: Some(path.to_owned()), source })
}
