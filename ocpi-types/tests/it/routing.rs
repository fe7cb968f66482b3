//! Hubs (rule book part G; fault case F12).

use ocpi_types::{
    ConnectedParty, Decision, HubRequest, Interface, MessageIds, Method, Module, ModuleKind, Party, Reachability,
    Routing, RoutingRole, StatusCode, Verdict, Version, broadcast_targets, decide, decode, hop_ids, hub_party_221,
    hub_party_230, is_probe_due, no_answer, resolve_open, v221, v230, write_headers,
};

fn party(id: &str) -> Party {
    Party::new("NL", id)
}

fn connected(id: &str, role: RoutingRole) -> ConnectedParty {
    let mut party = ConnectedParty::new(party(id), role);
    party.receives =
        vec![Module::Locations, Module::Tokens, Module::Tariffs, Module::Sessions, Module::Cdrs, Module::Commands];
    party.sends = vec![Module::Locations, Module::Tokens];
    party
}

fn parties() -> Vec<ConnectedParty> {
    let mut away = connected("OFF", RoutingRole::Emsp);
    away.reachability = Reachability::Unreachable;
    let mut bare = connected("BAR", RoutingRole::Emsp);
    bare.receives.clear();
    vec![
        connected("CPO", RoutingRole::Cpo),
        connected("CP2", RoutingRole::Cpo),
        connected("MSP", RoutingRole::Emsp),
        connected("NAV", RoutingRole::Nsp),
        connected("NAP", RoutingRole::Nap),
        connected("OTH", RoutingRole::Other),
        away,
        bare,
    ]
}

fn ask(method: Method, interface: Interface, module: Module, to: Option<&str>, from: &str) -> Decision {
    let routing = Routing { to: to.map(party), from: Some(party(from)) };
    let request = HubRequest { module, interface, method, routing: &routing };
    decide(&party("HUB"), &[party(from)], &parties(), request)
}

/// RTE-03 and RTE-10: to one party; the response is swapped.
#[test]
fn rte_03_direct() {
    let decision = ask(Method::Post, Interface::Receiver, Module::Commands, Some("CPO"), "MSP");
    let Decision::Forward { to, routing } = decision else { panic!("{decision:?}") };
    assert_eq!((to, &routing), (party("CPO"), &Routing::new(party("CPO"), party("MSP"))));
    assert_eq!(routing.reply(), Routing::new(party("MSP"), party("CPO")));
}

/// RTE-04 to RTE-07: broadcasts go to the opposite roles, from the hub, and are answered by the hub.
#[test]
fn rte_04_broadcast() {
    let decision = ask(Method::Put, Interface::Receiver, Module::Locations, Some("HUB"), "CPO");
    let Decision::Broadcast { legs, reply } = decision else { panic!("{decision:?}") };
    assert_eq!(reply, Routing::new(party("CPO"), party("HUB")));
    let targets: Vec<_> = legs.iter().map(|(to, _)| to.party_id.as_str()).collect();
    assert_eq!(targets, ["MSP", "NAV", "NAP", "OTH"]);
    assert!(legs.iter().all(|(to, routing)| *routing == Routing::new(to.clone(), party("HUB"))));
    let all = parties();
    let of_other: Vec<_> = broadcast_targets(&[RoutingRole::Other], Module::Locations, &all).collect();
    assert!(of_other.iter().all(|target| target.role == RoutingRole::Cpo) && of_other.len() == 2);
}

/// RTE-05: never with GET on a Receiver interface, not for sessions and CDRs, not with DELETE.
#[test]
fn rte_05_no_broadcast() {
    for (method, module) in [
        (Method::Put, Module::Sessions),
        (Method::Post, Module::Cdrs),
        (Method::Get, Module::Locations),
        (Method::Delete, Module::Tariffs),
    ] {
        let decision = ask(method, Interface::Receiver, module, Some("HUB"), "CPO");
        assert_eq!(decision, Decision::Refuse(Verdict::InvalidParameters), "{method:?} {module}");
    }
}

/// RTE-08: open routing, by content or to everybody.
#[test]
fn rte_08_open_routing() {
    assert_eq!(ask(Method::Post, Interface::Receiver, Module::Commands, None, "MSP"), Decision::Open);
    let routing = Routing { to: None, from: Some(party("MSP")) };
    let request = |method, module| HubRequest { module, interface: Interface::Receiver, method, routing: &routing };
    let all = parties();
    let hub = party("HUB");
    let found = resolve_open(&hub, Some(&party("CPO")), &all, request(Method::Post, Module::Commands));
    assert!(matches!(found, Decision::Forward { ref to, .. } if *to == party("CPO")));
    let nobody = resolve_open(&hub, None, &all, request(Method::Put, Module::Tokens));
    assert!(matches!(nobody, Decision::Broadcast { .. }));
    let lost = resolve_open(&hub, None, &all, request(Method::Get, Module::Tokens));
    assert_eq!(lost, Decision::Refuse(Verdict::Status(StatusCode::UNKNOWN_RECEIVER)));
}

/// RTE-09: GET all.
#[test]
fn rte_09_get_all() {
    let decision = ask(Method::Get, Interface::Sender, Module::Locations, Some("HUB"), "MSP");
    assert_eq!(decision, Decision::GetAll { reply: Routing::new(party("MSP"), party("HUB")) });
}

/// RTE-11, RTE-13 and ENV-11.
#[test]
fn rte_11_nobody_there() {
    for (to, status) in [("XXX", 4001), ("BAR", 4001), ("OFF", 4003)] {
        let decision = ask(Method::Put, Interface::Receiver, Module::Locations, Some(to), "CPO");
        let Decision::Refuse(verdict) = decision else { panic!("{decision:?}") };
        assert_eq!((verdict.http(), verdict.status(Version::V2_2_1).get()), (200, status));
    }
    assert_eq!(no_answer(true).status(Version::V2_3_0).get(), 4002);
    assert_eq!(no_answer(false).status(Version::V2_3_0).get(), 4003);
}

/// RTE-12 and F12: foreign senders, missing senders, loops, broadcasts that would come back.
#[test]
fn f12_loops_and_missing_headers() {
    let routing = Routing::new(party("CPO"), party("MSP"));
    let request = HubRequest {
        module: Module::Commands,
        interface: Interface::Receiver,
        method: Method::Post,
        routing: &routing,
    };
    let foreign = decide(&party("HUB"), &[party("XXX")], &parties(), request);
    assert_eq!(foreign, Decision::Refuse(Verdict::InvalidParameters));
    let silent = Routing::default();
    let missing = decide(&party("HUB"), &[party("MSP")], &parties(), HubRequest { routing: &silent, ..request });
    assert_eq!(missing, Decision::Refuse(Verdict::InvalidParameters));
    let own = ask(Method::Post, Interface::Receiver, Module::Commands, Some("CPO"), "CPO");
    assert_eq!(own, Decision::Refuse(Verdict::Status(StatusCode::HUB_ERROR)));
    let Decision::Broadcast { legs, .. } = ask(Method::Put, Interface::Receiver, Module::Tokens, Some("HUB"), "MSP")
    else {
        panic!("no broadcast")
    };
    assert!(legs.iter().all(|(to, _)| *to != party("MSP") && *to != party("HUB")));
}

/// RTE-02: configuration modules carry no routing headers and are answered by the hub itself.
#[test]
fn rte_02_configuration_modules() {
    assert_eq!(ask(Method::Get, Interface::Sender, Module::Credentials, Some("CPO"), "MSP"), Decision::Own);
    let ids = MessageIds::new("r", "c");
    let routing = Routing::new(party("A"), party("B"));
    assert_eq!(write_headers(Version::V2_2_1, ModuleKind::Configuration, &ids, &routing).len(), 2);
    assert_eq!(write_headers(Version::V2_2_1, ModuleKind::Functional, &ids, &routing).len(), 6);
    assert!(write_headers(Version::V2_1_1, ModuleKind::Functional, &ids, &routing).is_empty());
}

/// RTE-14: how hubs announce themselves.
#[test]
fn rte_14_hub_party() {
    let hub = r#"{"token":"t","url":"https://hub.example","roles":[
        {"role":"HUB","business_details":{"name":"h"},"party_id":"HUB","country_code":"NL"}]}"#;
    assert_eq!(hub_party_221(&decode::<v221::Credentials>(hub).unwrap()), Some(party("HUB")));
    let hub = r#"{"token":"t","url":"https://hub.example","hub_party_id":"NLHUB","roles":[
        {"role":"CPO","business_details":{"name":"h"},"party_id":"CPO","country_code":"NL"}]}"#;
    assert_eq!(hub_party_230(&decode::<v230::Credentials>(hub).unwrap()), Some(party("HUB")));
    assert_eq!(party("hub").to_hub_party_id(), "NLHUB");
    assert_eq!(Party::from_hub_party_id("NL-HB"), None);
}

/// MID-03 and HCI-04.
#[test]
fn mid_03_hops() {
    let first = MessageIds::new("r1", "c1");
    assert_eq!(hop_ids(&first, "r2"), (MessageIds::new("r2", "c1"), first));
    assert!(!is_probe_due(299, None) && is_probe_due(300, None) && is_probe_due(10, Some(10)));
}

/// RTE-10 and F11: a hub hands on what it does not understand, byte for byte.
#[test]
fn f11_unknown_members_and_values_pass_a_hub() {
    let text = r#"{ "version" : "9.9", "url":"https://a.example", "x-new": {"n": 1.10}, "more":[null] }"#;
    let raw = ocpi_types::Raw::<v221::Version>::parse(text).unwrap();
    assert_eq!(raw.text(), text);
    assert_eq!(serde_json::to_string(&vec![raw.clone()]).unwrap(), format!("[{text}]"));
    let names: Vec<_> = raw.undocumented().into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(names, ["/x-new", "/more"]);
    let page: Vec<ocpi_types::Raw<v221::Version>> = serde_json::from_str(&format!("[{text}]")).unwrap();
    assert_eq!(page[0].text(), text);
}

/// ABS-09: a changed object keeps what is not known, also in its parts.
#[test]
fn abs_09_changes_keep_unknown_members() {
    let text = r#"{"id":"L","evses":[{"uid":"a","z":1,"connectors":[]},{"uid":"b","y":2,"connectors":[]}],"x":3}"#;
    let mut value = crate::generate::minimal(<v221::Location as ocpi_types::Object>::SHAPE);
    let evse = crate::generate::minimal(<v221::Evse as ocpi_types::Object>::SHAPE);
    let extra: serde_json::Value = serde_json::from_str(text).unwrap();
    value["x"] = extra["x"].clone();
    value["evses"] = serde_json::json!([evse, evse]);
    for (index, name) in [(0, "z"), (1, "y")] {
        value["evses"][index]["uid"] = extra["evses"][index]["uid"].clone();
        value["evses"][index][name] = extra["evses"][index][name].clone();
    }
    let raw = ocpi_types::Raw::<v221::Location>::parse(&value.to_string()).unwrap();
    let mut changed = raw.value().clone();
    changed.city = "elsewhere".into();
    changed.evses.remove(0);
    let after = raw.replace(changed).unwrap();
    let written: serde_json::Value = serde_json::from_str(after.text()).unwrap();
    assert_eq!(
        (&written["x"], &written["evses"][0]["y"], &written["city"]),
        (&3.into(), &2.into(), &"elsewhere".into())
    );
    assert_eq!(written["evses"].as_array().unwrap().len(), 1);
    assert!(!after.text().contains("\"z\""));
}
