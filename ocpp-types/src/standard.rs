//! The catalogues beside the schemas: components and variables, security events, reason codes, units and the rest.
//!
//! The schemas leave many members to free text; the appendices of Part 2 say what to put there. A module for each
//! version holds them as constants, one by one and all together in `ALL`, with a look-up that ignores case, as names in
//! OCPP do.
//!
//! | version | catalogues |
//! |---|---|
//! | `v16` | `configuration_keys`, `security_events` |
//! | `v201` | `components`, `variables`, `reason_codes`, `security_events`, `units` |
//! | `v21` | those of `v201`, `id_token_types`, `connector_types`, `charging_limit_sources`, `additional_info_types`, `payment_brands`, `payment_recognitions`, `signing_methods` |
//!
//! The kinds of id tokens and connectors of 2.0.1 are enumerations of its schemas and stand with its messages.
//!
//! ```
//! # #[cfg(feature = "v21")] {
//! use ocpp_types::standard::{DataType, Mutability, v21};
//!
//! let interval = v21::variable(Some("ocppcommctrlr"), "HeartbeatInterval", None).expect("it is in the appendix");
//! assert_eq!(interval, &v21::variables::OCPP_COMM_CTRLR_HEARTBEAT_INTERVAL);
//! assert_eq!(interval.data_type, DataType::Integer);
//! assert_eq!(interval.units, ["s"]);
//! assert_eq!(interval.mutability, Some(Mutability::ReadWrite));
//! # }
//! ```
//!
//! The facts come from tables in the repository (`ocpp-types/standard`) and are turned into constants by
//! `cargo xtask standard`. They say what the appendices say, oddities included: `LocalFrequencyUpdateThreshold`, say, is
//! a boolean there and an integer in the text. Mutability comes from the chapter on referenced components and variables.

#[cfg(any(feature = "v16", feature = "v201", feature = "v21"))]
use core::cmp::Ordering;

/// Declares the constants of a catalogue, from name, description and facts, and `ALL` of them.
#[cfg(any(feature = "v16", feature = "v201", feature = "v21"))]
macro_rules! entries {
    ($item:ty; $($name:ident = $description:literal, $($fact:expr),+;)*) => {
        $(
            #[doc = $description]
            pub const $name: $item = <$item>::entry($description, $($fact),+);
        )*

        /// All entries, sorted by name without regard to case.
        pub static ALL: &[$item] = &[$($name),*];
    };
}

#[cfg(feature = "v16")]
pub mod v16;
#[cfg(feature = "v201")]
pub mod v201;
#[cfg(feature = "v21")]
pub mod v21;

/// A variable of the device model.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct StandardVariable {
    /// The component it belongs to; `None` for a variable any component may have.
    pub component: Option<&'static str>,
    /// Its name.
    pub name: &'static str,
    /// Its instance; one in angle brackets, like `<language>`, stands for the values that fit.
    pub instance: Option<&'static str>,
    /// The type of its value.
    pub data_type: DataType,
    /// The units its value may be in, none if it has no unit.
    pub units: &'static [&'static str],
    /// Whether the CSMS may read and write it; `None` where the specification does not say.
    pub mutability: Option<Mutability>,
    /// Whether a station that has the component must have the variable.
    pub required: Required,
    /// What it means.
    pub description: &'static str,
}

/// A component of the device model.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct StandardComponent {
    /// Its name.
    pub name: &'static str,
    /// What it stands for.
    pub description: &'static str,
}

/// The type of a variable's value.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum DataType {
    /// `boolean`: `true` or `false`.
    Boolean,
    /// `dateTime`: a moment after RFC 3339.
    DateTime,
    /// `decimal`: a number.
    Decimal,
    /// `identifierString`: text of the letters, digits and signs an identifier may have.
    IdentifierString,
    /// `integer`: a whole number.
    Integer,
    /// `MemberList`: any of the listed values, in any order, with commas between them.
    MemberList,
    /// `OptionList`: one of the listed values.
    OptionList,
    /// `passwordString`: text that serves as a password.
    PasswordString,
    /// `SequenceList`: any of the listed values, in order of preference, with commas between them.
    SequenceList,
    /// `string`: text.
    String,
}

impl DataType {
    /// The name the specification gives to the type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::DateTime => "dateTime",
            Self::Decimal => "decimal",
            Self::IdentifierString => "identifierString",
            Self::Integer => "integer",
            Self::MemberList => "MemberList",
            Self::OptionList => "OptionList",
            Self::PasswordString => "passwordString",
            Self::SequenceList => "SequenceList",
            Self::String => "string",
        }
    }
}

/// What the CSMS may do with a variable or a configuration key.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Mutability {
    /// Read it; whether to write it, the station decides.
    Any,
    /// Read it.
    ReadOnly,
    /// Read and write it.
    ReadWrite,
    /// Write it.
    WriteOnly,
}

/// Whether a variable must be there.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Required {
    /// It may be left out.
    No,
    /// It comes with its component.
    Yes,
    /// It must be there when the station can charge in both directions.
    WithV2x,
}

/// Something to tell with `SecurityEventNotification`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct SecurityEvent {
    /// Its name in this version.
    pub name: &'static str,
    /// Its name in 1.6, if it exists there.
    pub v16_name: Option<&'static str>,
    /// Its name in 2.0.1 and 2.1.
    pub v2_name: &'static str,
    /// Whether the CSMS must be told; the others only go into the security log.
    pub critical: bool,
    /// What has happened.
    pub description: &'static str,
}

/// A value of `reasonCode` in the status information of an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ReasonCode {
    /// The code.
    pub name: &'static str,
    /// The actions in whose answers it is typically found; none if it fits any.
    pub actions: &'static [&'static str],
    /// What it says.
    pub description: &'static str,
}

/// A unit of measure.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Unit {
    /// The unit as it is written.
    pub name: &'static str,
    /// The unit in words, and what it measures.
    pub description: &'static str,
}

/// A published value of a member that takes any text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct StandardValue {
    /// The value.
    pub name: &'static str,
    /// What it means.
    pub description: &'static str,
}

/// A method of signing meter values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct SigningMethod {
    /// Its name.
    pub name: &'static str,
    /// The signature algorithm.
    pub algorithm: &'static str,
    /// The elliptic curve.
    pub curve: &'static str,
    /// The length of the key in bits.
    pub key_bits: u16,
    /// The hash algorithm.
    pub hash: &'static str,
    /// The method in words.
    pub description: &'static str,
}

/// A configuration key of 1.6.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ConfigurationKey {
    /// Its name; `[n]` at the end stands for a number.
    pub name: &'static str,
    /// The feature profile or extension it belongs to.
    pub profile: KeyProfile,
    /// The type of its value.
    pub data_type: KeyType,
    /// The unit of its value.
    pub unit: Option<&'static str>,
    /// Whether the CSMS may read and write it. A station may also refuse to write a key that can be written.
    pub mutability: Mutability,
    /// Whether a station that has the profile must have the key.
    pub required: bool,
    /// A sensible value to begin with; the specification gives hardly any, so most are a proposal of this project.
    pub default: Option<&'static str>,
    /// What it means.
    pub description: &'static str,
}

/// The part of 1.6 or its extensions that defines a configuration key.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum KeyProfile {
    /// The core profile.
    Core,
    /// The firmware management profile.
    Firmware,
    /// The local authorization list profile.
    LocalAuthList,
    /// The application note on Plug & Charge.
    PlugAndCharge,
    /// The reservation profile.
    Reservation,
    /// The security white paper.
    Security,
    /// The white paper on signed meter values.
    SignedMeterValues,
    /// The smart charging profile.
    SmartCharging,
}

/// The type of a configuration key's value.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum KeyType {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// Values with commas between them.
    List,
    /// Text.
    Text,
}

/// Another name under which a variable is met.
#[cfg(any(feature = "v201", feature = "v21"))]
struct Alias {
    component: &'static str,
    name: &'static str,
    /// The instance that is part of the other name; without one, the instance asked for stays.
    instance: Option<&'static str>,
    means: &'static str,
}

impl StandardVariable {
    #[cfg(any(feature = "v201", feature = "v21"))]
    #[expect(clippy::too_many_arguments, reason = "the facts of one row of the table")]
    const fn entry(
        description: &'static str,
        component: Option<&'static str>,
        name: &'static str,
        instance: Option<&'static str>,
        data_type: DataType,
        units: &'static [&'static str],
        mutability: Option<Mutability>,
        required: Required,
    ) -> Self {
        Self { component, name, instance, data_type, units, mutability, required, description }
    }
}

impl StandardComponent {
    #[cfg(any(feature = "v201", feature = "v21"))]
    const fn entry(description: &'static str, name: &'static str) -> Self {
        Self { name, description }
    }
}

impl SecurityEvent {
    #[cfg(any(feature = "v16", feature = "v201", feature = "v21"))]
    const fn entry(
        description: &'static str,
        name: &'static str,
        v16_name: Option<&'static str>,
        v2_name: &'static str,
        critical: bool,
    ) -> Self {
        Self { name, v16_name, v2_name, critical, description }
    }
}

impl ReasonCode {
    #[cfg(any(feature = "v201", feature = "v21"))]
    const fn entry(description: &'static str, name: &'static str, actions: &'static [&'static str]) -> Self {
        Self { name, actions, description }
    }
}

impl Unit {
    #[cfg(any(feature = "v201", feature = "v21"))]
    const fn entry(description: &'static str, name: &'static str) -> Self {
        Self { name, description }
    }
}

impl StandardValue {
    #[cfg(feature = "v21")]
    const fn entry(description: &'static str, name: &'static str) -> Self {
        Self { name, description }
    }
}

impl SigningMethod {
    #[cfg(feature = "v21")]
    const fn entry(
        description: &'static str,
        name: &'static str,
        algorithm: &'static str,
        curve: &'static str,
        key_bits: u16,
        hash: &'static str,
    ) -> Self {
        Self { name, algorithm, curve, key_bits, hash, description }
    }
}

impl ConfigurationKey {
    #[cfg(feature = "v16")]
    #[expect(clippy::too_many_arguments, reason = "the facts of one row of the table")]
    const fn entry(
        description: &'static str,
        name: &'static str,
        profile: KeyProfile,
        data_type: KeyType,
        unit: Option<&'static str>,
        mutability: Mutability,
        required: bool,
        default: Option<&'static str>,
    ) -> Self {
        Self { name, profile, data_type, unit, mutability, required, default, description }
    }
}

/// Finds an entry by its name, without regard to case.
#[cfg(any(feature = "v16", feature = "v201", feature = "v21"))]
fn find<T>(all: &'static [T], name: &str, name_of: impl Fn(&T) -> &str) -> Option<&'static T> {
    all.binary_search_by(|entry| compare(name_of(entry), name)).ok().map(|index| &all[index])
}

/// Finds the entry that says most about a variable: that of its component, of another name of it, of any component.
#[cfg(any(feature = "v201", feature = "v21"))]
fn find_variable(
    all: &'static [StandardVariable],
    aliases: &[Alias],
    component: Option<&str>,
    name: &str,
    instance: Option<&str>,
) -> Option<&'static StandardVariable> {
    let aliased = || {
        let alias = aliases.iter().find(|alias| {
            component.is_some_and(|component| component.eq_ignore_ascii_case(alias.component))
                && name.eq_ignore_ascii_case(alias.name)
                && alias.instance.is_none_or(|own| instance.is_some_and(|asked| asked.eq_ignore_ascii_case(own)))
        })?;
        find_instance(all, component, alias.means, instance.filter(|_| alias.instance.is_none()))
    };
    find_instance(all, component, name, instance).or_else(aliased).or_else(|| find_instance(all, None, name, instance))
}

/// Finds a variable of exactly this component: with this instance, with a placeholder for it, without instance.
#[cfg(any(feature = "v201", feature = "v21"))]
fn find_instance(
    all: &'static [StandardVariable],
    component: Option<&str>,
    name: &str,
    instance: Option<&str>,
) -> Option<&'static StandardVariable> {
    let order = |variable: &StandardVariable| {
        compare(variable.component.unwrap_or_default(), component.unwrap_or_default())
            .then_with(|| compare(variable.name, name))
    };
    let start = all.partition_point(|variable| order(variable) == Ordering::Less);
    let instances = &all[start..];
    let instances = &instances[..instances.partition_point(|variable| order(variable) == Ordering::Equal)];
    let same = |own: &str| instance.is_some_and(|asked| asked.eq_ignore_ascii_case(own));
    let exact = instances.iter().find(|variable| variable.instance.map_or(instance.is_none(), same));
    let placeholder = || instances.iter().find(|variable| variable.instance.is_some_and(|own| own.starts_with('<')));
    let without = || instances.iter().find(|variable| variable.instance.is_none());
    exact.or_else(placeholder).or_else(without)
}

#[cfg(any(feature = "v16", feature = "v201", feature = "v21"))]
fn compare(left: &str, right: &str) -> Ordering {
    left.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(right.bytes().map(|byte| byte.to_ascii_lowercase()))
}
