//! The objects of OCPI 2.3.0 (edition 2), with those of Bookings 1.1 and Payments 1, which only add to the core.

mod bookings;
mod cdrs;
mod charging_profiles;
mod commands;
mod credentials;
mod hub_client_info;
mod invoice_reconciliation;
mod locations;
mod payments;
mod sessions;
mod tariffs;
mod tokens;
mod types;
mod versions;

use crate::catalogue::catalogue;

pub use bookings::{
    AccessInformation, AccessMethod, Booking, BookingLocation, BookingLocationPatch, BookingOption, BookingPatch,
    BookingRequest, BookingRequestStatus, BookingTerms, BookingTermsPatch, BookingToken, Calendar, CalendarPatch,
    CanceledReason, Cancellation, Period, Policy, ReservationRequestStatus, ReservationStatus, Timeslot,
};
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
pub use invoice_reconciliation::InvoiceReconciliationRecord;
pub use locations::{
    AdditionalGeoLocation, BusinessDetails, Capability, Connector, ConnectorCapability, ConnectorFormat,
    ConnectorPatch, ConnectorType, EnergyMix, EnergySource, EnergySourceCategory, EnvironmentalImpact,
    EnvironmentalImpactCategory, Evse, EvseParking, EvsePatch, EvsePosition, ExceptionalPeriod, Facility, GeoLocation,
    Hours, Image, ImageCategory, Location, LocationPatch, Parking, ParkingDirection, ParkingRestriction, ParkingType,
    PowerType, PublishTokenType, RegularHours, Status, StatusSchedule, VehicleType,
};
pub use payments::{CaptureStatusCode, FinancialAdviceConfirmation, InvoiceCreator, Terminal, TerminalPatch};
pub use sessions::{
    ChargingPreferences, ChargingPreferencesResponse, ProfileType, Session, SessionPatch, SessionStatus,
};
pub use tariffs::{
    BookingRestrictionType, DayOfWeek, PriceComponent, PriceLimit, ReservationRestrictionType, Tariff,
    TariffDimensionType, TariffElement, TariffRestrictions, TariffType, TaxIncluded,
};
pub use tokens::{
    AllowedType, AuthorizationInfo, EnergyContract, LocationReferences, Token, TokenPatch, TokenType, WhitelistType,
};
pub use types::{DisplayText, Price, Role, TaxAmount};
pub use versions::{Endpoint, InterfaceRole, ModuleId, Version, VersionDetails, VersionNumber};

/// OCPI 2.3.0.
pub const VERSION: crate::Version = crate::Version::V2_3_0;

catalogue! {
    objects { Credentials, CredentialsRole, Cdr, CdrDimension, CdrLocation, CdrToken, ChargingPeriod, SignedData, SignedValue, ChargingProfileResponse, ActiveChargingProfileResult, ChargingProfileResult, ClearProfileResult, SetChargingProfile, ActiveChargingProfile, ChargingProfile, ChargingProfilePeriod, CancelReservation, CommandResponse, CommandResult, ReserveNow, StartSession, StopSession, UnlockConnector, ClientInfo, InvoiceReconciliationRecord, Location, Evse, Connector, Parking, AdditionalGeoLocation, BusinessDetails, EnergyMix, EnergySource, EnvironmentalImpact, EvseParking, ExceptionalPeriod, GeoLocation, Hours, Image, PublishTokenType, RegularHours, StatusSchedule, Session, ChargingPreferences, Tariff, PriceComponent, PriceLimit, TariffElement, TariffRestrictions, AuthorizationInfo, Token, EnergyContract, LocationReferences, DisplayText, Price, TaxAmount, Version, VersionDetails, Endpoint, Terminal, FinancialAdviceConfirmation, Booking, BookingLocation, Calendar, AccessInformation, BookingOption, BookingRequest, BookingRequestStatus, BookingTerms, BookingToken, Cancellation, Period, Policy, Timeslot }
    enums { AuthMethod, CdrDimensionType, ChargingRateUnit, ChargingProfileResponseType, ChargingProfileResultType, CommandResponseType, CommandResultType, CommandType, ConnectionStatus, Capability, ConnectorCapability, ConnectorFormat, ConnectorType, EnergySourceCategory, EnvironmentalImpactCategory, EvsePosition, Facility, ImageCategory, ParkingDirection, ParkingRestriction, ParkingType, PowerType, Status, VehicleType, ChargingPreferencesResponse, ProfileType, SessionStatus, DayOfWeek, ReservationRestrictionType, TariffDimensionType, TariffType, TaxIncluded, AllowedType, TokenType, WhitelistType, Role, InterfaceRole, ModuleId, VersionNumber, InvoiceCreator, CaptureStatusCode, AccessMethod, CanceledReason, ReservationRequestStatus, ReservationStatus, BookingRestrictionType }
}
