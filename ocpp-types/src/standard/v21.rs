//! The catalogues of OCPP 2.1.

use super::{
    ReasonCode, SecurityEvent, SigningMethod, StandardComponent, StandardValue, StandardVariable, Unit, find,
    find_variable,
};

pub mod additional_info_types;
pub mod charging_limit_sources;
pub mod components;
pub mod connector_types;
pub mod id_token_types;
pub mod payment_brands;
pub mod payment_recognitions;
pub mod reason_codes;
pub mod security_events;
pub mod signing_methods;
pub mod units;
pub mod variables;

/// Finds a component, without regard to case.
pub fn component(name: &str) -> Option<&'static StandardComponent> {
    find(components::ALL, name, |component| component.name)
}

/// Finds what is known about a variable, without regard to case.
///
/// The entry of just this component, name and instance comes first, then one whose instance is a placeholder or absent,
/// then, of the same component, one that goes by another name in parts of the specification, and last the entry of that
/// name for any component. Asked without component, it looks at the last only.
pub fn variable(component: Option<&str>, name: &str, instance: Option<&str>) -> Option<&'static StandardVariable> {
    find_variable(variables::ALL, variables::ALIASES, component, name, instance)
}

/// Finds a reason code, without regard to case.
pub fn reason_code(name: &str) -> Option<&'static ReasonCode> {
    find(reason_codes::ALL, name, |code| code.name)
}

/// Finds a security event, without regard to case.
pub fn security_event(name: &str) -> Option<&'static SecurityEvent> {
    find(security_events::ALL, name, |event| event.name)
}

/// Finds a unit of measure, without regard to case.
pub fn unit(name: &str) -> Option<&'static Unit> {
    find(units::ALL, name, |unit| unit.name)
}

/// Finds a type of additional information to an id token, without regard to case.
pub fn additional_info_type(name: &str) -> Option<&'static StandardValue> {
    find(additional_info_types::ALL, name, |value| value.name)
}

/// Finds a source of charging limits, without regard to case.
pub fn charging_limit_source(name: &str) -> Option<&'static StandardValue> {
    find(charging_limit_sources::ALL, name, |value| value.name)
}

/// Finds a type of connector, without regard to case.
pub fn connector_type(name: &str) -> Option<&'static StandardValue> {
    find(connector_types::ALL, name, |value| value.name)
}

/// Finds a kind of id token, without regard to case.
pub fn id_token_type(name: &str) -> Option<&'static StandardValue> {
    find(id_token_types::ALL, name, |value| value.name)
}

/// Finds a brand of payment cards, without regard to case.
pub fn payment_brand(name: &str) -> Option<&'static StandardValue> {
    find(payment_brands::ALL, name, |value| value.name)
}

/// Finds a kind of payment card or wallet, without regard to case.
pub fn payment_recognition(name: &str) -> Option<&'static StandardValue> {
    find(payment_recognitions::ALL, name, |value| value.name)
}

/// Finds a method of signing meter values, without regard to case.
pub fn signing_method(name: &str) -> Option<&'static SigningMethod> {
    find(signing_methods::ALL, name, |method| method.name)
}
