//! TLS for the security profiles 2 and 3: certificates and keys in, sockets out.

use std::fmt;
use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{
    AlertDescription, ClientConfig, Error as RustlsError, PeerIncompatible, RootCertStore, ServerConfig,
};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::socket::Socket;

/// A certificate with the certificates that lead to its issuer, and the private key of the first.
pub struct TlsIdentity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl TlsIdentity {
    /// Reads certificates and key in PEM.
    ///
    /// # Errors
    ///
    /// [`TlsConfigError::Pem`] if the texts are no PEM, or hold no certificate or no key.
    pub fn from_pem(chain: &str, key: &str) -> Result<Self, TlsConfigError> {
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| TlsConfigError::Pem("private key"))?;
        Ok(Self { chain: certificates(chain, "certificate chain")?, key })
    }
}

impl fmt::Debug for TlsIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsIdentity").field("certificates", &self.chain.len()).finish_non_exhaustive()
    }
}

/// Whose certificates are believed.
#[derive(Clone)]
#[non_exhaustive]
pub enum TrustedRoots {
    /// The roots the operating system trusts.
    System,
    /// These roots and no others, in PEM. What an operator installs as the CSMS root certificate.
    Pem(String),
}

impl fmt::Debug for TrustedRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "System",
            Self::Pem(_) => "Pem(..)",
        })
    }
}

impl TrustedRoots {
    fn store(&self) -> Result<Arc<RootCertStore>, TlsConfigError> {
        let mut store = RootCertStore::empty();
        match self {
            Self::System => _ = store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs),
            Self::Pem(text) => {
                for certificate in certificates(text, "root certificates")? {
                    store.add(certificate).map_err(|_| TlsConfigError::Pem("root certificates"))?;
                }
            }
        }
        if store.is_empty() { Err(TlsConfigError::NoRoots) } else { Ok(Arc::new(store)) }
    }
}

/// Whether stations show certificates of their own.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum StationCertificates {
    /// They need none: security profile 2.
    None,
    /// They may; one they show must lead to these roots. For a port that serves profiles 2 and 3.
    Optional(TrustedRoots),
    /// They must: security profile 3.
    Required(TrustedRoots),
}

/// The TLS side of a server.
#[derive(Clone)]
pub struct ServerTls(TlsAcceptor);

impl fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerTls").finish_non_exhaustive()
    }
}

impl ServerTls {
    /// A server with a certificate. TLS 1.2 and 1.3 (2.0.1 part 2, A00.FR.313).
    ///
    /// # Errors
    ///
    /// [`TlsConfigError`] if certificate, key or roots cannot be used.
    pub fn new(identity: TlsIdentity, stations: &StationCertificates) -> Result<Self, TlsConfigError> {
        let builder = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|_| TlsConfigError::Provider)?;
        let verifier = |roots: &TrustedRoots| {
            let builder = WebPkiClientVerifier::builder_with_provider(roots.store()?, provider());
            Ok::<_, TlsConfigError>(builder)
        };
        let build = |builder: tokio_rustls::rustls::server::ClientCertVerifierBuilder| {
            builder.build().map_err(|_| TlsConfigError::NoRoots)
        };
        let builder = match stations {
            StationCertificates::None => builder.with_no_client_auth(),
            StationCertificates::Optional(roots) => {
                builder.with_client_cert_verifier(build(verifier(roots)?.allow_unauthenticated())?)
            }
            StationCertificates::Required(roots) => builder.with_client_cert_verifier(build(verifier(roots)?)?),
        };
        let mut config = builder
            .with_single_cert(identity.chain, identity.key)
            .map_err(|error| TlsConfigError::Identity(error.to_string()))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }

    /// Shakes hands; gives the client's certificates as well.
    pub(crate) async fn accept(&self, tcp: TcpStream) -> io::Result<(Socket, Vec<Vec<u8>>)> {
        let stream = self.0.accept(tcp).await?;
        let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
        let certificates = certificates.iter().map(|certificate| certificate.to_vec()).collect();
        Ok((Socket::TlsServer(Box::new(stream)), certificates))
    }
}

/// The TLS side of a client.
#[derive(Clone)]
pub struct ClientTls {
    connector: TlsConnector,
    name: Option<ServerName<'static>>,
}

impl fmt::Debug for ClientTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientTls").field("name", &self.name).finish_non_exhaustive()
    }
}

impl ClientTls {
    /// A client that believes these roots and, with security profile 3, shows a certificate of its own.
    ///
    /// # Errors
    ///
    /// [`TlsConfigError`] if certificate, key or roots cannot be used.
    pub fn new(roots: &TrustedRoots, identity: Option<TlsIdentity>) -> Result<Self, TlsConfigError> {
        let verifier = WebPkiServerVerifier::builder_with_provider(roots.store()?, provider())
            .build()
            .map_err(|_| TlsConfigError::NoRoots)?;
        let builder = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|_| TlsConfigError::Provider)?
            .with_webpki_verifier(verifier);
        let mut config = match identity {
            None => builder.with_no_client_auth(),
            Some(TlsIdentity { chain, key }) => builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| TlsConfigError::Identity(error.to_string()))?,
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name: None })
    }

    /// Expects the server's certificate to be for this name rather than the host of the URL, for instance because the URL
    /// has an address.
    ///
    /// # Errors
    ///
    /// [`TlsConfigError::Name`] if this is neither a host name nor an address.
    pub fn with_server_name(mut self, name: &str) -> Result<Self, TlsConfigError> {
        self.name = Some(ServerName::try_from(name.to_owned()).map_err(|_| TlsConfigError::Name)?);
        Ok(self)
    }

    /// Shakes hands with a server under the name of the URL.
    pub(crate) async fn connect(&self, host: &str, tcp: TcpStream) -> io::Result<Socket> {
        let name = match &self.name {
            Some(name) => name.clone(),
            None => ServerName::try_from(host.to_owned()).map_err(io::Error::other)?,
        };
        Ok(Socket::TlsClient(Box::new(self.connector.connect(name, tcp).await?)))
    }
}

/// Why a TLS configuration cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TlsConfigError {
    /// A text is not the PEM it should be.
    #[error("no usable pem for the {0}")]
    Pem(&'static str),
    /// No root certificate to believe in; on a system without a certificate store, name the roots.
    #[error("no root certificates")]
    NoRoots,
    /// Certificate and key do not go together, or are of a kind that is not supported.
    #[error("certificate and key cannot be used: {0}")]
    Identity(String),
    /// A server name that is none.
    #[error("server name is neither a host name nor an address")]
    Name,
    /// The cryptography library offers no version of TLS that is allowed.
    #[error("no version of tls in common with the cryptography library")]
    Provider,
}

/// What went wrong in a TLS handshake; a station reports some of these as security events.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TlsFault {
    /// No version in common: security event `InvalidTLSVersion`.
    Version,
    /// No cipher suite in common: security event `InvalidTLSCipherSuite`.
    CipherSuite,
    /// The peer's certificate is not believed: security event `InvalidCsmsCertificate` or its like.
    PeerCertificate,
    /// The peer does not believe our certificate, or wants one and got none.
    OwnCertificate,
    /// The peer does not speak TLS.
    NotTls,
    /// Anything else, for instance a lost connection.
    Other,
}

impl TlsFault {
    pub(crate) fn of(error: &io::Error) -> Self {
        let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<RustlsError>()) else {
            return Self::Other;
        };
        match error {
            RustlsError::InvalidCertificate(_) | RustlsError::NoCertificatesPresented => Self::PeerCertificate,
            RustlsError::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon) => Self::CipherSuite,
            RustlsError::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::Tls12NotOffered
                | PeerIncompatible::Tls12NotOfferedOrEnabled
                | PeerIncompatible::Tls13RequiredForQuic
                | PeerIncompatible::SupportedVersionsExtensionRequired,
            )
            | RustlsError::AlertReceived(AlertDescription::ProtocolVersion) => Self::Version,
            RustlsError::AlertReceived(AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity) => {
                Self::CipherSuite
            }
            RustlsError::AlertReceived(
                AlertDescription::BadCertificate
                | AlertDescription::UnsupportedCertificate
                | AlertDescription::CertificateRevoked
                | AlertDescription::CertificateExpired
                | AlertDescription::CertificateUnknown
                | AlertDescription::CertificateRequired
                | AlertDescription::UnknownCA
                | AlertDescription::AccessDenied,
            ) => Self::OwnCertificate,
            RustlsError::InvalidMessage(_) | RustlsError::InappropriateMessage { .. } => Self::NotTls,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for TlsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Version => "no version of tls in common",
            Self::CipherSuite => "no cipher suite in common",
            Self::PeerCertificate => "the certificate of the peer is not trusted",
            Self::OwnCertificate => "the peer does not trust our certificate",
            Self::NotTls => "the peer does not speak tls",
            Self::Other => "the handshake failed",
        })
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn certificates(pem: &str, what: &'static str) -> Result<Vec<CertificateDer<'static>>, TlsConfigError> {
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| TlsConfigError::Pem(what))?;
    if certificates.is_empty() { Err(TlsConfigError::Pem(what)) } else { Ok(certificates) }
}
