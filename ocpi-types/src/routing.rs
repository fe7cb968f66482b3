//! Decisions of a hub, and of a platform behind one, as pure functions (rules RTE-01 to RTE-16 and HCI-01 to HCI-06).

use crate::endpoints::{Interface, Method, Module};
use crate::headers::{MessageIds, ModuleKind, Party, Routing};
use crate::status::{StatusCode, Verdict};

/// The roles of parties in the eyes of a hub.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum RoutingRole {
    /// Charge point operator.
    Cpo,
    /// Mobility service provider.
    Emsp,
    /// National access point.
    Nap,
    /// Navigation service provider.
    Nsp,
    /// Smart charging service provider.
    Scsp,
    /// Another role: like an eMSP when it receives, and sends to CPOs only.
    Other,
}

impl RoutingRole {
    /// The role of its text; unknown ones and `HUB` are [`Other`](Self::Other).
    pub fn parse(text: &str) -> Self {
        match text {
            "CPO" => Self::Cpo,
            "EMSP" => Self::Emsp,
            "NAP" => Self::Nap,
            "NSP" => Self::Nsp,
            "SCSP" => Self::Scsp,
            _ => Self::Other,
        }
    }
}

/// Whether a party can be reached through the hub (rule HCI-02).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Reachability {
    /// Requests may be sent.
    Connected,
    /// Nothing is sent: not connected now, not yet, or not any more.
    Unreachable,
}

/// A party connected to a hub.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ConnectedParty {
    /// The party.
    pub party: Party,
    /// Its role; a party with several roles is listed several times.
    pub role: RoutingRole,
    /// Whether it can be reached.
    pub reachability: Reachability,
    /// The modules for which it implements the Receiver interface.
    pub receives: Vec<Module>,
    /// The modules for which it implements the Sender interface.
    pub sends: Vec<Module>,
}

impl ConnectedParty {
    /// A party that can be reached and implements nothing yet.
    pub const fn new(party: Party, role: RoutingRole) -> Self {
        Self { party, role, reachability: Reachability::Connected, receives: Vec::new(), sends: Vec::new() }
    }

    fn implements(&self, module: Module, interface: Interface) -> bool {
        match interface {
            Interface::Receiver => self.receives.contains(&module),
            Interface::Sender => self.sends.contains(&module),
        }
    }
}

/// A request that arrived at a hub.
#[derive(Clone, Copy, Debug)]
pub struct HubRequest<'a> {
    /// The module it is for.
    pub module: Module,
    /// The interface it is for.
    pub interface: Interface,
    /// The method.
    pub method: Method,
    /// The routing headers.
    pub routing: &'a Routing,
}

/// What a hub does with a request.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Decision {
    /// The hub answers itself: a configuration module, which is not routed (rule RTE-02).
    Own,
    /// It is handed on, with these routing headers; body and `last_updated` stay as they are (rules RTE-03 and RTE-10).
    Forward {
        /// The receiver.
        to: Party,
        /// The headers of the second leg.
        routing: Routing,
    },
    /// The hub answers at once, then sends it to all of these (rule RTE-04). Their errors do not reach the requester
    /// (rule RTE-07).
    Broadcast {
        /// The receivers with the headers of each second leg.
        legs: Vec<(Party, Routing)>,
        /// The headers of the answer to the requester.
        reply: Routing,
    },
    /// The hub answers from the objects of all parties, in pages of its own (rule RTE-09).
    GetAll {
        /// The headers of the answer to the requester.
        reply: Routing,
    },
    /// The hub has to find the receiver by the content of the request: [`resolve_open`] goes on (rule RTE-08).
    Open,
    /// It is refused.
    Refuse(Verdict),
}

/// Decides where a request goes.
///
/// `peer` are the parties of the authenticated platform the request came from, `parties` all that are connected.
pub fn decide(hub: &Party, peer: &[Party], parties: &[ConnectedParty], request: HubRequest<'_>) -> Decision {
    if request.module.kind() == ModuleKind::Configuration {
        return Decision::Own;
    }
    let Some(from) = &request.routing.from else {
        return Decision::Refuse(Verdict::InvalidParameters);
    };
    // who speaks has to be one of those who were authenticated (rule RTE-12)
    if !peer.contains(from) {
        return Decision::Refuse(Verdict::InvalidParameters);
    }
    match &request.routing.to {
        None => Decision::Open,
        Some(to) if to == hub => to_hub(hub, from, parties, request),
        // a message to its own sender would go round in circles
        Some(to) if to == from => Decision::Refuse(Verdict::Status(StatusCode::HUB_ERROR)),
        Some(to) => forward(to, from, parties, request),
    }
}

fn forward(to: &Party, from: &Party, parties: &[ConnectedParty], request: HubRequest<'_>) -> Decision {
    let mut known = parties.iter().filter(|known| known.party == *to).peekable();
    if known.peek().is_none() {
        return Decision::Refuse(Verdict::Status(StatusCode::UNKNOWN_RECEIVER));
    }
    let implementing: Vec<_> = known.filter(|known| known.implements(request.module, request.interface)).collect();
    if implementing.is_empty() {
        return Decision::Refuse(Verdict::Status(StatusCode::UNKNOWN_RECEIVER));
    }
    if implementing.iter().all(|known| known.reachability == Reachability::Unreachable) {
        return Decision::Refuse(Verdict::Status(StatusCode::CONNECTION_PROBLEM));
    }
    Decision::Forward { to: to.clone(), routing: Routing::new(to.clone(), from.clone()) }
}

fn to_hub(hub: &Party, from: &Party, parties: &[ConnectedParty], request: HubRequest<'_>) -> Decision {
    let reply = Routing::new(from.clone(), hub.clone());
    match (request.method, request.interface) {
        (Method::Get, Interface::Sender) => Decision::GetAll { reply },
        (Method::Post | Method::Put | Method::Patch, Interface::Receiver) if is_broadcast(request.module) => {
            let roles: Vec<_> = parties.iter().filter(|known| known.party == *from).map(|known| known.role).collect();
            let legs = broadcast_targets(&roles, request.module, parties)
                .filter(|target| target.party != *from && target.party != *hub)
                .map(|target| (target.party.clone(), Routing::new(target.party.clone(), hub.clone())))
                .collect();
            Decision::Broadcast { legs, reply }
        }
        // GET on a Receiver interface, sessions and CDRs, DELETE: not for everybody (rule RTE-05)
        _ => Decision::Refuse(Verdict::InvalidParameters),
    }
}

/// Whether data of a module is meant for everybody (rule RTE-05).
pub const fn is_broadcast(module: Module) -> bool {
    matches!(module, Module::Locations | Module::Tokens | Module::Tariffs)
}

/// The parties a broadcast of a party in these roles goes to: reachable, of the opposite role, implementing the module
/// (rule RTE-06). A party in several fitting roles comes once.
pub fn broadcast_targets<'a>(
    from: &[RoutingRole],
    module: Module,
    parties: &'a [ConnectedParty],
) -> impl Iterator<Item = &'a ConnectedParty> {
    let mut targets: Vec<&ConnectedParty> = Vec::new();
    for target in parties {
        let fits = target.reachability == Reachability::Connected
            && target.receives.contains(&module)
            && from.iter().any(|role| reaches(*role, target.role))
            && !targets.iter().any(|known| known.party == target.party);
        if fits {
            targets.push(target);
        }
    }
    targets.into_iter()
}

/// Whether a broadcast of one role is for another.
const fn reaches(from: RoutingRole, to: RoutingRole) -> bool {
    use RoutingRole::{Cpo, Emsp, Nap, Nsp, Other, Scsp};
    match from {
        Cpo => matches!(to, Emsp | Nap | Nsp | Scsp | Other),
        Emsp | Nap | Nsp | Scsp | Other => matches!(to, Cpo),
    }
}

/// Goes on with an open routing request, when the hub has looked at the content (rule RTE-08): to the party it found, or
/// to everybody.
pub fn resolve_open(
    hub: &Party,
    found: Option<&Party>,
    parties: &[ConnectedParty],
    request: HubRequest<'_>,
) -> Decision {
    let Some(from) = &request.routing.from else {
        return Decision::Refuse(Verdict::InvalidParameters);
    };
    match found {
        Some(to) if to == from => Decision::Refuse(Verdict::Status(StatusCode::HUB_ERROR)),
        Some(to) => forward(to, from, parties, request),
        None if request.method == Method::Get => Decision::Refuse(Verdict::Status(StatusCode::UNKNOWN_RECEIVER)),
        None => to_hub(hub, from, parties, request),
    }
}

/// What the requester gets when a forwarded request has no answer (rules ENV-11 and RTE-11). What the receiver does answer,
/// errors included, is handed back unchanged.
pub const fn no_answer(timed_out: bool) -> Verdict {
    Verdict::Status(if timed_out { StatusCode::FORWARDING_TIMEOUT } else { StatusCode::CONNECTION_PROBLEM })
}

/// The ids of the second leg and of the answer to the first (rule MID-03).
pub fn hop_ids(first: &MessageIds, new_request_id: impl Into<String>) -> (MessageIds, MessageIds) {
    (first.next_hop(new_request_id), first.clone())
}

/// Whether a party that was silent for so long is to be probed with a GET of its versions (rule HCI-04): after five
/// minutes unless another time is agreed.
pub const fn is_probe_due(silent_seconds: u64, limit_seconds: Option<u64>) -> bool {
    silent_seconds
        >= match limit_seconds {
            Some(limit) => limit,
            None => 300,
        }
}

/// The party of the hub behind a peer (rule RTE-14): that of its only role in 2.2.1.
pub fn hub_party_221(credentials: &crate::v221::Credentials) -> Option<Party> {
    let hub = credentials.roles.iter().find(|role| role.role == crate::v221::Role::Hub)?;
    Some(Party::new(hub.country_code.clone(), hub.party_id.clone()))
}

/// The party of the hub behind a peer (rule RTE-14): `hub_party_id` in 2.3.0.
pub fn hub_party_230(credentials: &crate::v230::Credentials) -> Option<Party> {
    Party::from_hub_party_id(credentials.hub_party_id.as_ref()?)
}
