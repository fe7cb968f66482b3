//! The objects of OCPI 2.1.1 (edition d2).

mod cdrs;
mod commands;
mod credentials;
mod locations;
mod sessions;
mod tariffs;
mod tokens;
mod types;
mod versions;

use crate::catalogue::catalogue;

pub use cdrs::{AuthMethod, Cdr, CdrDimension, CdrDimensionType, ChargingPeriod};
pub use commands::{
    CommandResponse, CommandResponseType, CommandType, ReserveNow, StartSession, StopSession, UnlockConnector,
};
pub use credentials::Credentials;
pub use locations::{
    AdditionalGeoLocation, BusinessDetails, Capability, Connector, ConnectorFormat, ConnectorPatch, ConnectorType,
    EnergyMix, EnergySource, EnergySourceCategory, EnvironmentalImpact, EnvironmentalImpactCategory, Evse, EvsePatch,
    ExceptionalPeriod, Facility, GeoLocation, Hours, Image, ImageCategory, Location, LocationPatch, LocationType,
    ParkingRestriction, PowerType, RegularHours, Status, StatusSchedule,
};
pub use sessions::{Session, SessionPatch, SessionStatus};
pub use tariffs::{
    DayOfWeek, PriceComponent, Tariff, TariffDimensionType, TariffElement, TariffPatch, TariffRestrictions,
};
pub use tokens::{Allowed, AuthorizationInfo, LocationReferences, Token, TokenPatch, TokenType, WhitelistType};
pub use types::DisplayText;
pub use versions::{Endpoint, ModuleId, Version, VersionDetails, VersionNumber};

/// OCPI 2.1.1.
pub const VERSION: crate::Version = crate::Version::V2_1_1;

catalogue! {
    objects { Credentials, Cdr, CdrDimension, ChargingPeriod, CommandResponse, ReserveNow, StartSession, StopSession, UnlockConnector, Location, Evse, Connector, AdditionalGeoLocation, BusinessDetails, EnergyMix, EnergySource, EnvironmentalImpact, ExceptionalPeriod, GeoLocation, Hours, Image, RegularHours, StatusSchedule, Session, Tariff, PriceComponent, TariffElement, TariffRestrictions, AuthorizationInfo, Token, LocationReferences, DisplayText, Version, VersionDetails, Endpoint }
    enums { AuthMethod, CdrDimensionType, CommandResponseType, CommandType, Capability, ConnectorFormat, ConnectorType, EnergySourceCategory, EnvironmentalImpactCategory, Facility, ImageCategory, LocationType, ParkingRestriction, PowerType, Status, SessionStatus, DayOfWeek, TariffDimensionType, Allowed, TokenType, WhitelistType, ModuleId, VersionNumber }
}
