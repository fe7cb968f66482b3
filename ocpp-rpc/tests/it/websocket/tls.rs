//! Security profiles 2 and 3 with certificates made on the spot.

use futures_util::{SinkExt, StreamExt};
use ocpp_rpc::websocket::{
    Accept, ClientTls, Credentials, Dial, DialError, HandshakeRequest, ListenConfig, Reject, ServerTls,
    StationCertificates, TlsConfigError, TlsFault, TlsIdentity, TrustedRoots,
};
use ocpp_rpc::{LinkError, Outgoing, Received};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};

use super::raw::{Seen, Server};

/// A root certificate that signs others.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn roots(&self) -> TrustedRoots {
        TrustedRoots::Pem(self.0.pem())
    }

    fn server(&self) -> TlsIdentity {
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        self.sign(params, ExtendedKeyUsagePurpose::ServerAuth)
    }

    fn station(&self, serial: &str) -> TlsIdentity {
        let mut params = CertificateParams::new([]).unwrap();
        params.distinguished_name.push(DnType::CommonName, serial);
        self.sign(params, ExtendedKeyUsagePurpose::ClientAuth)
    }

    fn sign(&self, mut params: CertificateParams, usage: ExtendedKeyUsagePurpose) -> TlsIdentity {
        params.extended_key_usages = vec![usage];
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        TlsIdentity::from_pem(&certificate.pem(), &key.serialize_pem()).unwrap()
    }
}

/// A client that trusts this authority and shows no certificate.
pub(super) fn client(authority: &Authority) -> ClientTls {
    ClientTls::new(&authority.roots(), None).unwrap().with_server_name("localhost").unwrap()
}

fn server(tls: ServerTls, decide: fn(&HandshakeRequest) -> Result<(), Reject>) -> Server {
    let mut config = ListenConfig::default();
    config.tls = Some(tls);
    Server::start(config, move |request| {
        assert!(request.is_tls());
        decide(&request)?;
        Ok(Accept::new("ocpp2.0.1", request.path().to_owned()))
    })
}

fn dial(server: &Server, tls: ClientTls) -> Dial {
    let mut dial = Dial::new(format!("wss://{}/CP001", server.address), ["ocpp2.0.1"]);
    dial.tls = Some(tls);
    dial
}

#[tokio::test]
async fn ws_10_profile_2_is_tls_with_a_password() {
    let authority = Authority::new("operator root");
    let tls = ServerTls::new(authority.server(), &StationCertificates::None).unwrap();
    let mut server = server(tls, |request| {
        assert!(request.client_certificate().is_empty());
        request.header("authorization").map(|_| ()).ok_or_else(Reject::unauthorized)
    });
    let mut dial = dial(&server, client(&authority));
    let refused = dial.connect().await.map(drop).unwrap_err();
    assert!(matches!(refused, DialError::Refused { status: 401, .. }), "{refused:?}");

    dial.credentials = Some(Credentials::new("CP001", "a password of 20 chars"));
    let mut link = dial.connect().await.unwrap();
    assert_eq!(server.sees().await, Seen::Open("/CP001".into()));
    let text = "[2]".repeat(10_000);
    link.send(Outgoing::Text(text.clone())).await.unwrap();
    assert_eq!(link.next().await.unwrap().unwrap(), Received::Text(text));
    link.close().await.unwrap();
    while server.sees().await != Seen::Gone {}
}

#[tokio::test]
async fn ws_12_a_server_nobody_vouches_for_is_refused() {
    let (authority, other) = (Authority::new("operator root"), Authority::new("somebody"));
    let tls = ServerTls::new(authority.server(), &StationCertificates::None).unwrap();
    let server = server(tls, |_| Ok(()));
    let error = dial(&server, client(&other)).connect().await.map(drop).unwrap_err();
    assert!(matches!(error, DialError::Tls { fault: TlsFault::PeerCertificate, .. }), "{error:?}");
    // the certificate is for another name than that of the URL
    let tls = ClientTls::new(&authority.roots(), None).unwrap();
    let error = dial(&server, tls).connect().await.map(drop).unwrap_err();
    assert!(matches!(error, DialError::Tls { fault: TlsFault::PeerCertificate, .. }), "{error:?}");
}

#[tokio::test]
async fn ws_10_b17_profile_3_shows_the_certificate_of_the_station() {
    let authority = Authority::new("operator root");
    let tls = ServerTls::new(authority.server(), &StationCertificates::Required(authority.roots())).unwrap();
    let mut server = server(tls, |request| {
        // whose it is decides the layer above; here it is the text of the name
        let [certificate] = request.client_certificate() else { return Err(Reject::new(401, "no certificate")) };
        let is_ours = certificate.windows(6).any(|part| part == b"SN-007");
        if is_ours { Ok(()) } else { Err(Reject::new(403, "certificate of another station")) }
    });
    let tls = |identity| ClientTls::new(&authority.roots(), identity).unwrap().with_server_name("localhost").unwrap();

    let _link = dial(&server, tls(Some(authority.station("SN-007")))).connect().await.unwrap();
    assert_eq!(server.sees().await, Seen::Open("/CP001".into()));

    let refused = dial(&server, tls(Some(authority.station("SN-008")))).connect().await.map(drop).unwrap_err();
    assert!(matches!(refused, DialError::Refused { status: 403, .. }), "{refused:?}");

    // without a certificate, or with one of a stranger: TLS 1.3 tells the client only after its handshake
    for identity in [None, Some(Authority::new("stranger").station("SN-007"))] {
        let error = dial(&server, tls(identity)).connect().await.map(drop).unwrap_err();
        assert!(matches!(error, DialError::Tls { .. } | DialError::Http(_)), "{error:?}");
    }
    assert_eq!(server.tally.broken(), 2);
    assert_eq!(server.tally.accepted(), 1);
}

#[tokio::test]
async fn one_port_can_serve_profiles_2_and_3() {
    let authority = Authority::new("operator root");
    let tls = ServerTls::new(authority.server(), &StationCertificates::Optional(authority.roots())).unwrap();
    let server = server(tls, |request| match request.client_certificate().len() {
        0 => Ok(()),
        shown => Err(Reject::new(400 + u16::try_from(shown).unwrap(), "certificates, counted by the status")),
    });
    dial(&server, client(&authority)).connect().await.unwrap();
    let tls = ClientTls::new(&authority.roots(), Some(authority.station("SN-007"))).unwrap();
    let refused = dial(&server, tls.with_server_name("localhost").unwrap()).connect().await.map(drop).unwrap_err();
    assert!(matches!(refused, DialError::Refused { status: 401, .. }), "{refused:?}");
    // a certificate that is shown has to be a good one
    let tls = ClientTls::new(&authority.roots(), Some(Authority::new("stranger").station("SN-007"))).unwrap();
    let error = dial(&server, tls.with_server_name("localhost").unwrap()).connect().await.map(drop).unwrap_err();
    assert!(matches!(error, DialError::Tls { .. } | DialError::Http(_)), "{error:?}");
}

#[tokio::test]
async fn a_plain_client_on_a_tls_port_gets_nothing() {
    let authority = Authority::new("operator root");
    let tls = ServerTls::new(authority.server(), &StationCertificates::None).unwrap();
    let server = server(tls, |_| Ok(()));
    let error =
        Dial::new(format!("ws://{}/CP001", server.address), ["ocpp2.0.1"]).connect().await.map(drop).unwrap_err();
    assert!(matches!(error, DialError::Http(_)), "{error:?}");
}

#[tokio::test]
async fn a_torn_tls_connection_is_an_end_and_no_goodbye() {
    let authority = Authority::new("operator root");
    let tls = ServerTls::new(authority.server(), &StationCertificates::None).unwrap();
    let mut server = server(tls, |_| Ok(()));
    let link = dial(&server, client(&authority)).connect().await.unwrap();
    assert_eq!(server.sees().await, Seen::Open("/CP001".into()));
    drop(link);
    assert_eq!(server.sees().await, Seen::Ended);
}

#[test]
fn configurations_that_cannot_work_are_refused_early() {
    assert_eq!(TlsIdentity::from_pem("", "").unwrap_err(), TlsConfigError::Pem("private key"));
    let key = KeyPair::generate().unwrap().serialize_pem();
    assert_eq!(TlsIdentity::from_pem("no pem", &key).unwrap_err(), TlsConfigError::Pem("certificate chain"));
    let error = ClientTls::new(&TrustedRoots::Pem(String::new()), None).unwrap_err();
    assert_eq!(error, TlsConfigError::Pem("root certificates"));
    let authority = Authority::new("operator root");
    assert_eq!(client(&authority).with_server_name("not a name").unwrap_err(), TlsConfigError::Name);
    // the key of another certificate
    let certificate = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = certificate.self_signed(&KeyPair::generate().unwrap()).unwrap();
    let identity = TlsIdentity::from_pem(&certificate.pem(), &key).unwrap();
    assert!(!format!("{identity:?}").contains("PRIVATE"));
    let error = ServerTls::new(identity, &StationCertificates::None).unwrap_err();
    assert!(matches!(error, TlsConfigError::Identity(_)), "{error:?}");
}

#[test]
fn link_errors_say_what_happened() {
    assert_eq!(LinkError::Ended.to_string(), "connection lost without a close frame");
}
