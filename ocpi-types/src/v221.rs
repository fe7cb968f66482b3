//! The objects of OCPI 2.2.1 (edition d2).

mod cdrs;
mod charging_profiles;
mod commands;
mod credentials;
mod hub_client_info;
mod locations;
mod sessions;
mod tariffs;
mod tokens;
mod types;
mod versions;

use crate::catalogue::catalogue;

pub use cdrs::{
    AuthMethod, Cdr, CdrDimension, CdrDimensionType, CdrLocation, CdrToken, ChargingPeriod, SignedData, SignedValue,
};
pub use charging_profiles::{
    ActiveChargingProfile, ActiveChargingProfileResult, ChargingProfile, ChargingProfilePeriod,
    ChargingProfileResponse, ChargingProfileResponseType, ChargingProfileResult, ChargingProfileResultType,
    ChargingRateUnit, ClearProfileResult, SetChargingProfile,
};
pub use commands::{
    CancelReservation, CommandResponse, CommandResponseType, CommandResult, CommandResultType, CommandType, ReserveNow,
    StartSession, StopSession, UnlockConnector,
};
pub use credentials::{Credentials, CredentialsRole};
pub use hub_client_info::{ClientInfo, ConnectionStatus};
pub use locations::{
    AdditionalGeoLocation, BusinessDetails, Capability, Connector, ConnectorFormat, ConnectorPatch, ConnectorType,
    EnergyMix, EnergySource, EnergySourceCategory, EnvironmentalImpact, EnvironmentalImpactCategory, Evse, EvsePatch,
    ExceptionalPeriod, Facility, GeoLocation, Hours, Image, ImageCategory, Location, LocationPatch, ParkingRestriction,
    ParkingType, PowerType, PublishTokenType, RegularHours, Status, StatusSchedule,
};
pub use sessions::{
    ChargingPreferences, ChargingPreferencesResponse, ProfileType, Session, SessionPatch, SessionStatus,
};
pub use tariffs::{
    DayOfWeek, PriceComponent, ReservationRestrictionType, Tariff, TariffDimensionType, TariffElement,
    TariffRestrictions, TariffType,
};
pub use tokens::{
    AllowedType, AuthorizationInfo, EnergyContract, LocationReferences, Token, TokenPatch, TokenType, WhitelistType,
};
pub use types::{DisplayText, Price, Role};
pub use versions::{Endpoint, InterfaceRole, ModuleId, Version, VersionDetails, VersionNumber};

/// OCPI 2.2.1.
pub const VERSION: crate::Version = crate::Version::V2_2_1;

catalogue! {
    objects { Credentials, CredentialsRole, Cdr, CdrDimension, CdrLocation, CdrToken, ChargingPeriod, SignedData, SignedValue, ChargingProfileResponse, ActiveChargingProfileResult, ChargingProfileResult, ClearProfileResult, SetChargingProfile, ActiveChargingProfile, ChargingProfile, ChargingProfilePeriod, CancelReservation, CommandResponse, CommandResult, ReserveNow, StartSession, StopSession, UnlockConnector, ClientInfo, Location, Evse, Connector, AdditionalGeoLocation, BusinessDetails, EnergyMix, EnergySource, EnvironmentalImpact, ExceptionalPeriod, GeoLocation, Hours, Image, PublishTokenType, RegularHours, StatusSchedule, Session, ChargingPreferences, Tariff, PriceComponent, TariffElement, TariffRestrictions, AuthorizationInfo, Token, EnergyContract, LocationReferences, DisplayText, Price, Version, VersionDetails, Endpoint }
    enums { AuthMethod, CdrDimensionType, ChargingRateUnit, ChargingProfileResponseType, ChargingProfileResultType, CommandResponseType, CommandResultType, CommandType, ConnectionStatus, Capability, ConnectorFormat, ConnectorType, EnergySourceCategory, EnvironmentalImpactCategory, Facility, ImageCategory, ParkingRestriction, ParkingType, PowerType, Status, ChargingPreferencesResponse, ProfileType, SessionStatus, DayOfWeek, ReservationRestrictionType, TariffDimensionType, TariffType, AllowedType, TokenType, WhitelistType, Role, InterfaceRole, ModuleId, VersionNumber }
}
