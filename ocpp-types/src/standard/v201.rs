//! The catalogues of OCPP 2.0.1.

use super::{ReasonCode, SecurityEvent, StandardComponent, StandardVariable, Unit, find, find_variable};

pub mod components;
pub mod reason_codes;
pub mod security_events;
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
