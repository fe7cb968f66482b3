//! What goes wrong before there is a link, and has to be reported once there is one: rules WS-11 and WS-12.

use core::time::Duration;

use alloc::sync::Arc;

use ocpp_rpc::Instant;
use ocpp_types::Version;

use super::Station;
use crate::Store;

/// Why there is no TLS connection to the CSMS, as far as it has to be told to it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum TlsFailure {
    /// The CSMS offers no version of TLS that is good enough.
    Version,
    /// The CSMS offers no cipher suite that is good enough.
    CipherSuite,
    /// The certificate of the CSMS leads to no root certificate of the station, is for another host, or is not valid now.
    CsmsCertificate,
}

impl TlsFailure {
    /// The security event that tells it.
    pub const fn security_event(self, version: Version) -> &'static str {
        match (self, version) {
            (Self::Version, _) => "InvalidTLSVersion",
            (Self::CipherSuite, _) => "InvalidTLSCipherSuite",
            (Self::CsmsCertificate, Version::V16) => "InvalidCentralSystemCertificate",
            (Self::CsmsCertificate, _) => "InvalidCsmsCertificate",
        }
    }
}

impl<S: Store> Station<S> {
    /// Notes that TLS failed on the way to the CSMS. The security event about it waits in the outbox for the next
    /// connection; for failures of the same kind in a row there is one (A00.FR.316).
    ///
    /// In 1.6 as well: its security profiles with TLS are part of the extension that has the event.
    pub fn tls_failed(&mut self, now: Instant, failure: TlsFailure) {
        if self.tls_failures.insert(failure) {
            self.own_security_event(now, failure.security_event(self.version));
        }
    }

    /// How long an answer of the CSMS may take.
    pub fn message_timeout(&self) -> Duration {
        self.connection.config().call_timeout
    }

    /// Changes how long an answer of the CSMS may take, from the next call on: `MessageTimeout` of the network profile in
    /// use. `None` is what the station was configured with.
    pub fn set_message_timeout(&mut self, timeout: Option<Duration>) {
        let configured = self.config.connection.call_timeout;
        let timeout = timeout.unwrap_or(configured);
        if self.message_timeout() != timeout {
            let mut config = self.config.connection.clone();
            config.call_timeout = timeout;
            self.connection.set_config(Arc::new(config));
        }
    }
}
