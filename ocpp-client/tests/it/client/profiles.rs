//! Network and security profiles on real sockets: rules WS-12, WS-16, WS-17, WS-27 and WS-28, row E15.

use std::time::Duration;

use ocpp_client::charger::Charger;
use ocpp_client::{Boot, Client, Connector, MemoryStore, Password, Target};
use ocpp_rpc::Instant;
use ocpp_rpc::websocket::{ClientTls, ServerTls, StationCertificates, TlsIdentity, TrustedRoots};
use ocpp_types::{Version, v16, v201};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};

use super::{Csms, csms, csms_at, quick, soon, target};
use crate::lab::config;

const PASSWORD: &str = "a password of some length";

/// A root certificate that signs others.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(super) fn new() -> Self {
        let mut params = CertificateParams::new([]).expect("no names");
        params.distinguished_name.push(DnType::CommonName, "operator root");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("a certificate"))
    }

    pub(super) fn roots(&self) -> TrustedRoots {
        TrustedRoots::Pem(self.0.pem())
    }

    pub(super) fn server(&self, name: &str) -> TlsIdentity {
        self.sign(CertificateParams::new([name.to_owned()]).expect("a name"))
    }

    fn expired(&self, name: &str) -> TlsIdentity {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        (params.not_before, params.not_after) = (rcgen::date_time_ymd(2019, 1, 1), rcgen::date_time_ymd(2020, 1, 1));
        self.sign(params)
    }

    fn sign(&self, mut params: CertificateParams) -> TlsIdentity {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("signed");
        TlsIdentity::from_pem(&certificate.pem(), &key.serialize_pem()).expect("an identity")
    }

    /// What a station believes that trusts this root, and looks for a CSMS called localhost.
    fn trust(&self) -> ClientTls {
        let tls = ClientTls::new(&self.roots(), None).expect("TLS");
        tls.with_server_name("localhost").expect("a name")
    }
}

fn tls(identity: TlsIdentity) -> Option<ServerTls> {
    Some(ServerTls::new(identity, &StationCertificates::None).expect("TLS"))
}

/// Waits for something that other tasks bring about.
pub(super) async fn until(is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    soon(waiting).await;
}

fn count(csms: &Csms, what: &str) -> usize {
    csms.seen.all().iter().filter(|seen| *seen == what).count()
}

fn set_password(csms: &Csms, password: &str) {
    *csms.password.lock().expect("no panic") = Some(password.as_bytes().to_vec());
}

fn charger(version: Version, target: Target) -> Client<Charger<MemoryStore>> {
    let charger = Charger::new(Instant::ZERO, config(version), 1, MemoryStore::new(), Boot::new(3)).expect("a charger");
    Client::start(Connector::with_backoff(target, quick()), charger)
}

#[tokio::test]
async fn ws_12_a_05_a_certificate_that_is_not_believed_ends_the_attempt_and_is_told_once_it_is_right() {
    for version in [Version::V16, Version::V201] {
        let authority = Authority::new();
        let bad = [Authority::new().server("localhost"), authority.server("elsewhere"), authority.expired("localhost")];
        for identity in bad {
            let csms = csms_at("127.0.0.1:0".parse().expect("an address"), tls(identity)).await;
            let mut target = target(&csms, version);
            target.endpoint = target.endpoint.replace("ws://", "wss://");
            target.tls = Some(authority.trust());
            let mut config = config(version);
            config.security_events = true;
            let charger = Charger::new(Instant::ZERO, config, 1, MemoryStore::new(), Boot::new(3)).expect("a charger");
            let client = Client::start(Connector::with_backoff(target, quick()), charger);
            until(|| csms.tally.broken() >= 3).await;
            assert_eq!(csms.tally.accepted(), 0, "it never gets as far as a WebSocket");
            assert!(!client.is_online());
            let address = csms.stop().await;

            let csms = csms_at(address, tls(authority.server("localhost"))).await;
            soon(client.online()).await;
            let event =
                if version == Version::V16 { "InvalidCentralSystemCertificate" } else { "InvalidCsmsCertificate" };
            until(|| count(&csms, event) > 0).await;
            assert_eq!(count(&csms, event), 1, "once for all the attempts: {:?}", csms.seen.all());
            assert_eq!(csms.seen.all()[0], "boot", "not before the boot");
        }
    }
}

/// A station of 1.6 with security profile 1, and the two CSMS that a raise leads it to and from.
async fn two_ports(authority: &Authority) -> (Csms, Csms, Client<Charger<MemoryStore>>) {
    let plain = csms().await;
    let secure = csms_at("127.0.0.1:0".parse().expect("an address"), tls(authority.server("localhost"))).await;
    set_password(&plain, PASSWORD);
    let mut target = target(&plain, Version::V16);
    target.password = Some(Password::text(PASSWORD));
    target.tls = Some(authority.trust());
    target.secure_endpoint = Some(format!("wss://{}/ocpp", secure.address));
    let client = charger(Version::V16, target);
    soon(client.online()).await;
    (plain, secure, client)
}

#[tokio::test]
async fn ws_16_a_raised_security_profile_moves_a_1_6_station_to_tls_for_good() {
    let authority = Authority::new();
    let (mut plain, mut secure, client) = two_ports(&authority).await;
    set_password(&secure, PASSWORD);
    let peer = soon(plain.peers.recv()).await.expect("connected");
    let raise = v16::ChangeConfigurationRequest::new("SecurityProfile", "2");
    let answer = soon(peer.call(&raise)).await.expect("answered before the link is closed");
    assert_eq!(answer.status, v16::ConfigurationStatus::Accepted);
    let peer = soon(secure.peers.recv()).await.expect("it came by TLS");
    until(|| client.is_online()).await;
    let answer = soon(peer.call(&raise)).await.expect("answered");
    assert_eq!(answer.status, v16::ConfigurationStatus::Rejected, "it is 2 already");
    assert_eq!((count(&plain, "boot"), count(&secure, "boot")), (1, 0), "WS-21: a reconnect is no boot");
    // and it stays there
    peer.close(ocpp_rpc::CloseCode::GOING_AWAY, "restart");
    let _again = soon(secure.peers.recv()).await.expect("it came back");
    assert_eq!(plain.tally.accepted(), 1);
}

#[tokio::test]
async fn e15_ws_16_a_raise_to_where_the_password_is_wrong_falls_back() {
    let authority = Authority::new();
    let (mut plain, secure, client) = two_ports(&authority).await;
    set_password(&secure, "quite another password");
    let peer = soon(plain.peers.recv()).await.expect("connected");
    let raise = v16::ChangeConfigurationRequest::new("SecurityProfile", "2");
    assert_eq!(soon(peer.call(&raise)).await.expect("answered").status, v16::ConfigurationStatus::Accepted);
    let peer = soon(plain.peers.recv()).await.expect("it came back");
    assert_eq!(secure.tally.rejected(), 3, "after so many attempts");
    until(|| client.is_online()).await;
    let mut get = v16::GetConfigurationRequest::new();
    get.key.push("SecurityProfile".into());
    let answer = soon(peer.call(&get)).await.expect("answered");
    assert_eq!(answer.configuration_key[0].value.as_deref(), Some("1"));
}

#[tokio::test]
async fn ws_17_ws_27_b_45_a_2_0_1_station_moves_to_another_csms_after_a_reset() {
    let authority = Authority::new();
    let mut old = csms().await;
    let mut new = csms_at("127.0.0.1:0".parse().expect("an address"), tls(authority.server("localhost"))).await;
    set_password(&old, PASSWORD);
    set_password(&new, PASSWORD);
    let mut target = target(&old, Version::V201);
    target.password = Some(Password::text(PASSWORD));
    target.tls = Some(authority.trust());
    let client = charger(Version::V201, target);
    let peer = soon(old.peers.recv()).await.expect("connected");
    soon(client.online()).await;

    let data = v201::NetworkConnectionProfile::new(
        v201::OcppVersion::Ocpp20,
        v201::OcppTransport::Json,
        format!("wss://{}/ocpp", new.address).as_str(),
        30,
        2,
        v201::OcppInterface::Wired0,
    );
    let answer = soon(peer.call(&v201::SetNetworkProfileRequest::new(2, data))).await.expect("answered");
    assert_eq!(answer.status, v201::SetNetworkProfileStatus::Accepted);
    let priority = v201::SetVariableData::new(
        "2,1",
        v201::Component::new("OCPPCommCtrlr"),
        v201::Variable::new("NetworkConfigurationPriority"),
    );
    let answer = soon(peer.call(&v201::SetVariablesRequest::new([priority]))).await.expect("answered");
    assert_eq!(answer.set_variable_result[0].attribute_status, v201::SetVariableStatus::Accepted);
    let answer = soon(peer.call(&v201::ResetRequest::new(v201::Reset::OnIdle))).await.expect("answered");
    assert_eq!(answer.status, v201::ResetStatus::Accepted);

    let peer = soon(new.peers.recv()).await.expect("it came to the new one");
    until(|| count(&new, "boot") == 1).await;
    let wanted =
        v201::GetVariableData::new(v201::Component::new("SecurityCtrlr"), v201::Variable::new("SecurityProfile"));
    let answer = soon(peer.call(&v201::GetVariablesRequest::new([wanted]))).await.expect("answered");
    assert_eq!(answer.get_variable_result[0].attribute_value.as_deref(), Some("2"));
    // the slot with the weaker profile is gone: it never goes back
    let order = client.with(|charger, _| charger.network().order()).await.expect("running");
    assert_eq!(order, [2]);
    peer.close(ocpp_rpc::CloseCode::GOING_AWAY, "restart");
    let _again = soon(new.peers.recv()).await.expect("it came back");
    assert_eq!(old.tally.accepted(), 1);
}

#[tokio::test]
async fn ws_29_an_identity_that_was_set_is_used_after_a_reset() {
    let mut csms = csms().await;
    let client = charger(Version::V201, target(&csms, Version::V201));
    soon(client.online()).await;
    let peer = soon(csms.peers.recv()).await.expect("connected");
    let identity =
        v201::SetVariableData::new("CS-9", v201::Component::new("SecurityCtrlr"), v201::Variable::new("Identity"));
    let answer = soon(peer.call(&v201::SetVariablesRequest::new([identity]))).await.expect("answered");
    assert_eq!(answer.set_variable_result[0].attribute_status, v201::SetVariableStatus::RebootRequired);
    let answer = soon(peer.call(&v201::ResetRequest::new(v201::Reset::Immediate))).await.expect("answered");
    assert_eq!(answer.status, v201::ResetStatus::Accepted);
    let _again = soon(csms.peers.recv()).await.expect("it came back");
    assert_eq!(csms.paths.all(), ["/ocpp/CS-1", "/ocpp/CS-9"]);
}
