//! Locations, EVSEs and connectors.

use super::tokens::TokenType;
use super::types::DisplayText;

use crate::object::object;
use crate::rules::v230 as rules;
use crate::string_enum::string_enum;
use crate::{CiString, Country, CountryCode, DateTime, Int, Latitude, LocalTime, Longitude, Number, Text, Url};

object! {
    /// A group of EVSEs at one place. (`mod_locations_location_object`)
    pub struct Location("Location") patch LocationPatch => rules::location {
        /// Country of the party that owns this object.
        country_code: 1 CountryCode,
        /// The party that owns this object, unique within its country.
        party_id: 1 CiString<3>,
        /// Identifies the location at the platform of the CPO, for ever.
        id: 1 CiString<36>,
        /// Whether the location may be shown to everybody.
        publish: 1 bool,
        /// Whose tokens entitle to see the location when it is not published.
        publish_allowed_to: * PublishTokenType,
        /// Name for people.
        name: ? Text<255>,
        /// Street and house number.
        address: 1 Text<255>,
        /// City or town.
        city: 1 Text<45>,
        /// Postal code; absent where there is none.
        postal_code: ? Text<10>,
        /// State or province, where that matters.
        state: ? Text<45>,
        /// Country of the location.
        country: 1 Country,
        /// Where the location is on the map.
        coordinates: 1 GeoLocation,
        /// Other points that help, such as entrances.
        related_locations: * AdditionalGeoLocation,
        /// What kind of parking it is.
        parking_type: ? ParkingType,
        /// The EVSEs.
        evses: * Evse,
        /// The parking bays that the EVSEs refer to.
        parking_places: * Parking,
        /// How to get there, at most one text a language.
        directions: * DisplayText,
        /// The operator; absent means the company in the credentials.
        operator: ? BusinessDetails,
        /// A further operator.
        suboperator: ? BusinessDetails,
        /// The owner.
        owner: ? BusinessDetails,
        /// What is nearby.
        facilities: * Facility,
        /// Time zone of the location, a name of the IANA database.
        time_zone: 1 Text<255>,
        /// When the location can be entered; absent says nothing.
        opening_times: ? Hours,
        /// Whether charging goes on when the location is closed; true unless stated.
        charging_when_closed: ? bool,
        /// Pictures and logos.
        images: * Image,
        /// Where the energy comes from.
        energy_mix: ? EnergyMix,
        /// Telephone number of the help desk.
        help_phone: ? CiString<25>,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime,
    }
}

object! {
    /// A part of a station that charges one vehicle at a time. (`mod_locations_evse_object`)
    pub struct Evse("EVSE") patch EvsePatch => rules::evse {
        /// Identifies the EVSE at the platform of the CPO, for ever.
        uid: 1 CiString<36>,
        /// The EVSE as drivers read it, in the form of ISO 15118 or eMI3.
        evse_id: ? CiString<48>,
        /// Whether the EVSE can be used now.
        status: 1 Status,
        /// Announced changes of the status; information only.
        status_schedule: * StatusSchedule,
        /// What the EVSE can do.
        capabilities: * Capability,
        /// The plugs and sockets, of which one is used at a time.
        connectors: + Connector,
        /// Level inside a garage, as printed there.
        floor_level: ? Text<4>,
        /// Where the EVSE is on the map.
        coordinates: ? GeoLocation,
        /// What is printed on the EVSE.
        physical_reference: ? Text<16>,
        /// How to find the EVSE, at most one text a language.
        directions: * DisplayText,
        /// Who may park here.
        parking_restrictions: * ParkingRestriction,
        /// The parking bays from which the EVSE can be used.
        parking: * EvseParking,
        /// Pictures of the EVSE.
        images: * Image,
        /// Service providers whose contracts are accepted, where the law asks for that list.
        accepted_service_providers: * Text<50>,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime,
    }
}

object! {
    /// A plug or socket of an EVSE. (`mod_locations_connector_object`)
    pub struct Connector("Connector") patch ConnectorPatch => rules::connector {
        /// Identifies the connector within its EVSE.
        id: 1 CiString<36>,
        /// Which plug or socket it is.
        standard: 1 ConnectorType,
        /// Whether it is a socket or a cable.
        format: 1 ConnectorFormat,
        /// Kind of current.
        power_type: 1 PowerType,
        /// Greatest voltage in V; between phase and neutral for AC.
        max_voltage: 1 Int<0>,
        /// Greatest current in A, per phase.
        max_amperage: 1 Int<0>,
        /// Greatest power in W, where it is less than voltage and current allow.
        max_electric_power: ? Int<0>,
        /// The tariffs on offer, at most one of each type at any time.
        tariff_ids: * CiString<36>,
        /// Where the terms of the operator can be read.
        terms_and_conditions: ? Url,
        /// What a driver can do at this connector.
        capabilities: * ConnectorCapability,
        /// When this object was last changed or, if never, created.
        last_updated: 1 DateTime,
    }
}

object! {
    /// A parking bay or a group of equal ones. (`mod_locations_parking_object`)
    pub struct Parking("Parking") => rules::parking {
        /// Identifies the bay within its location.
        id: 1 CiString<36>,
        /// What is printed at the bay.
        physical_reference: ? Text<12>,
        /// The vehicles it is made for.
        vehicle_types: + VehicleType,
        /// Greatest weight of a vehicle in kg.
        max_vehicle_weight: ? Number,
        /// Greatest height of a vehicle in cm.
        max_vehicle_height: ? Number,
        /// Greatest length of a vehicle in cm.
        max_vehicle_length: ? Number,
        /// Greatest width of a vehicle in cm.
        max_vehicle_width: ? Number,
        /// Length of the bay in cm.
        parking_space_length: ? Number,
        /// Width of the bay in cm.
        parking_space_width: ? Number,
        /// Whether vehicles with dangerous goods may park.
        dangerous_goods_allowed: ? bool,
        /// How vehicles stand relative to the road.
        direction: ? ParkingDirection,
        /// Whether a vehicle can leave forwards.
        drive_through: ? bool,
        /// Whether only the listed vehicles may use it.
        restricted_to_type: 1 bool,
        /// Whether it has to be reserved.
        reservation_required: 1 bool,
        /// Longest stay in minutes.
        time_limit: ? Number,
        /// Whether it has a roof.
        roofed: ? bool,
        /// Pictures of the bay.
        images: * Image,
        /// Whether it is lit.
        lighting: ? bool,
        /// Whether cooled goods find a power outlet.
        refrigeration_outlet: ? bool,
        /// Standards the bay meets.
        standards: * CiString<36>,
        /// The bay in data of the Alliance for Parking Data Standards.
        apds_reference: ? CiString,
    }
}

object! {
    /// A further point on the map with its name. (`mod_locations_additionalgeolocation_class`)
    pub struct AdditionalGeoLocation("AdditionalGeoLocation") {
        /// Degrees north.
        latitude: 1 Latitude<5, 7>,
        /// Degrees east.
        longitude: 1 Longitude<5, 7>,
        /// What is there.
        name: ? DisplayText,
    }
}

object! {
    /// A company. (`mod_locations_businessdetails_class`)
    pub struct BusinessDetails("BusinessDetails") {
        /// Its name.
        name: 1 Text<100>,
        /// Its home page.
        website: ? Url,
        /// Its logo.
        logo: ? Image,
    }
}

object! {
    /// Where energy comes from and what its generation costs the environment. (`mod_locations_energymix_class`)
    pub struct EnergyMix("EnergyMix") => rules::energy_mix {
        /// Whether all of it is from regenerative sources.
        is_green_energy: 1 bool,
        /// The sources with their shares.
        energy_sources: * EnergySource,
        /// Waste and emissions.
        environ_impact: * EnvironmentalImpact,
        /// Name of the supplier.
        supplier_name: ? Text<64>,
        /// Name of the product of the supplier.
        energy_product_name: ? Text<64>,
    }
}

object! {
    /// A share of an energy mix. (`mod_locations_energysource_class`)
    pub struct EnergySource("EnergySource") => rules::energy_source {
        /// Kind of source.
        source: 1 EnergySourceCategory,
        /// Its share in percent, 0 to 100.
        percentage: 1 Number,
    }
}

object! {
    /// Waste or emission of generating energy. (`mod_locations_environmentalimpact_class`)
    pub struct EnvironmentalImpact("EnvironmentalImpact") {
        /// What arises.
        category: 1 EnvironmentalImpactCategory,
        /// How much of it, in g per kWh.
        amount: 1 Number,
    }
}

object! {
    /// How an EVSE stands to a parking bay. (`mod_locations_evseparking_class`)
    pub struct EvseParking("EVSEParking") or parking_id {
        /// The bay, one of the same location.
        parking_id: 1 CiString<36>,
        /// On which side of the bay the EVSE stands.
        evse_position: ? EvsePosition,
    }
}

object! {
    /// A period in which a location is open or closed by exception. (`mod_locations_exceptionalperiod_class`)
    pub struct ExceptionalPeriod("ExceptionalPeriod") => rules::exceptional_period {
        /// When it begins.
        period_begin: 1 DateTime,
        /// When it ends.
        period_end: 1 DateTime,
    }
}

object! {
    /// A point on the map (WGS 84). (`mod_locations_geolocation_class`)
    pub struct GeoLocation("GeoLocation") {
        /// Degrees north.
        latitude: 1 Latitude<5, 7>,
        /// Degrees east.
        longitude: 1 Longitude<5, 7>,
    }
}

object! {
    /// When a location can be entered. (`mod_locations_hours_class`)
    pub struct Hours("Hours") => rules::hours {
        /// Whether it is open around the clock, apart from the exceptions.
        twentyfourseven: 1 bool,
        /// The hours of a usual week, unless open around the clock.
        regular_hours: * RegularHours,
        /// Additional times of opening.
        exceptional_openings: * ExceptionalPeriod,
        /// Times of closing, which win over everything else.
        exceptional_closings: * ExceptionalPeriod,
    }
}

object! {
    /// A picture. (`mod_locations_image_class`)
    pub struct Image("Image") {
        /// Where the picture is.
        url: 1 Url,
        /// Where a small version is.
        thumbnail: ? Url,
        /// What it shows.
        category: 1 ImageCategory,
        /// File type, such as `png`.
        kind = "type": 1 CiString<4>,
        /// Width in pixels.
        width: ? Int<0, 99999>,
        /// Height in pixels.
        height: ? Int<0, 99999>,
    }
}

object! {
    /// Tokens that entitle to see an unpublished location: all members given have to match.
    /// (`mod_locations_publish_token_class`)
    pub struct PublishTokenType("PublishTokenType") => rules::publish_token_type {
        /// The token as the station reads it.
        uid: ? CiString<36>,
        /// Kind of the token; needed with `uid`.
        kind = "type": ? TokenType,
        /// The number printed on the token.
        visual_number: ? Text<64>,
        /// Who issued the token; needed with `visual_number`.
        issuer: ? Text<64>,
        /// A group of tokens.
        group_id: ? CiString<36>,
    }
}

object! {
    /// Opening hours of one weekday. (`mod_locations_regularhours_class`)
    pub struct RegularHours("RegularHours") => rules::regular_hours {
        /// Day of the week, 1 is Monday and 7 is Sunday.
        weekday: 1 Int<1, 7>,
        /// When it opens, local time.
        period_begin: 1 LocalTime,
        /// When it closes, local time, later than the begin.
        period_end: 1 LocalTime,
    }
}

object! {
    /// An announced status of an EVSE. (`mod_locations_statusschedule_class`)
    pub struct StatusSchedule("StatusSchedule") => rules::status_schedule {
        /// When it begins.
        period_begin: 1 DateTime,
        /// When it ends, if known.
        period_end: ? DateTime,
        /// The status in that period.
        status: 1 Status,
    }
}

string_enum! {
    /// What an EVSE can do. (`mod_locations_capability_enum`)
    pub open enum Capability("Capability") {
        /// It follows charging profiles.
        ChargingProfileCapable = "CHARGING_PROFILE_CAPABLE",
        /// It follows the preferences of drivers.
        ChargingPreferencesCapable = "CHARGING_PREFERENCES_CAPABLE",
        /// Its payment terminal reads chip cards.
        ChipCardSupport = "CHIP_CARD_SUPPORT",
        /// Its payment terminal reads contactless cards.
        ContactlessCardSupport = "CONTACTLESS_CARD_SUPPORT",
        /// Credit cards are accepted.
        CreditCardPayable = "CREDIT_CARD_PAYABLE",
        /// Debit cards are accepted.
        DebitCardPayable = "DEBIT_CARD_PAYABLE",
        /// Its payment terminal takes a PIN.
        PedTerminal = "PED_TERMINAL",
        /// Charging can be started and stopped remotely.
        RemoteStartStopCapable = "REMOTE_START_STOP_CAPABLE",
        /// It can be reserved.
        Reservable = "RESERVABLE",
        /// It reads RFID tokens.
        RfidReader = "RFID_READER",
        /// A remote start has to name the connector.
        StartSessionConnectorRequired = "START_SESSION_CONNECTOR_REQUIRED",
        /// Tokens of one group act as one.
        TokenGroupCapable = "TOKEN_GROUP_CAPABLE",
        /// A connector can be released remotely.
        UnlockCapable = "UNLOCK_CAPABLE",
    }
}

string_enum! {
    /// What a driver can do at a connector. (`mod_locations_connectorcapability_enum`)
    pub open enum ConnectorCapability("ConnectorCapability") {
        /// Plug and charge by ISO 15118-2.
        Iso15118_2PlugAndCharge = "ISO_15118_2_PLUG_AND_CHARGE",
        /// Plug and charge by ISO 15118-20.
        Iso15118_20PlugAndCharge = "ISO_15118_20_PLUG_AND_CHARGE",
    }
}

string_enum! {
    /// Socket or cable. (`mod_locations_connectorformat_enum`)
    pub closed enum ConnectorFormat("ConnectorFormat") {
        /// A socket; the driver brings a cable.
        Socket = "SOCKET",
        /// An attached cable.
        Cable = "CABLE",
    }
}

string_enum! {
    /// Plugs and sockets. (`mod_locations_connectortype_enum`)
    pub open enum ConnectorType("ConnectorType") {
        /// CHAdeMO, DC.
        Chademo = "CHADEMO",
        /// ChaoJi, the successor of CHAdeMO, DC.
        Chaoji = "CHAOJI",
        /// Household type A, NEMA 1-15, two pins.
        DomesticA = "DOMESTIC_A",
        /// Household type B, NEMA 5-15, three pins.
        DomesticB = "DOMESTIC_B",
        /// Household type C, CEE 7/17, two pins.
        DomesticC = "DOMESTIC_C",
        /// Household type D, three pins.
        DomesticD = "DOMESTIC_D",
        /// Household type E, CEE 7/5, three pins.
        DomesticE = "DOMESTIC_E",
        /// Household type F, CEE 7/4, Schuko.
        DomesticF = "DOMESTIC_F",
        /// Household type G, BS 1363.
        DomesticG = "DOMESTIC_G",
        /// Household type H, SI-32.
        DomesticH = "DOMESTIC_H",
        /// Household type I, AS 3112.
        DomesticI = "DOMESTIC_I",
        /// Household type J, SEV 1011.
        DomesticJ = "DOMESTIC_J",
        /// Household type K, DS 60884-2-D1.
        DomesticK = "DOMESTIC_K",
        /// Household type L, CEI 23-16-VII.
        DomesticL = "DOMESTIC_L",
        /// Household type M, BS 546.
        DomesticM = "DOMESTIC_M",
        /// Household type N, NBR 14136.
        DomesticN = "DOMESTIC_N",
        /// Household type O, TIS 166-2549.
        DomesticO = "DOMESTIC_O",
        /// GB/T 20234.2, AC.
        GbtAc = "GBT_AC",
        /// GB/T 20234.3, DC.
        GbtDc = "GBT_DC",
        /// Industrial, single phase, 16 A, usually blue.
        Iec60309Single16 = "IEC_60309_2_single_16",
        /// Industrial, three phases, 16 A, usually red.
        Iec60309Three16 = "IEC_60309_2_three_16",
        /// Industrial, three phases, 32 A, usually red.
        Iec60309Three32 = "IEC_60309_2_three_32",
        /// Industrial, three phases, 64 A, usually red.
        Iec60309Three64 = "IEC_60309_2_three_64",
        /// Type 1, SAE J1772.
        Iec62196T1 = "IEC_62196_T1",
        /// Combined charging system with type 1, DC.
        Iec62196T1Combo = "IEC_62196_T1_COMBO",
        /// Type 2.
        Iec62196T2 = "IEC_62196_T2",
        /// Combined charging system with type 2, DC.
        Iec62196T2Combo = "IEC_62196_T2_COMBO",
        /// Type 3A.
        Iec62196T3a = "IEC_62196_T3A",
        /// Type 3C, Scame.
        Iec62196T3c = "IEC_62196_T3C",
        /// Megawatt charging system.
        Mcs = "MCS",
        /// NEMA 5-20, three pins.
        Nema5_20 = "NEMA_5_20",
        /// NEMA 6-30, three pins.
        Nema6_30 = "NEMA_6_30",
        /// NEMA 6-50, three pins.
        Nema6_50 = "NEMA_6_50",
        /// NEMA 10-30, three pins.
        Nema10_30 = "NEMA_10_30",
        /// NEMA 10-50, three pins.
        Nema10_50 = "NEMA_10_50",
        /// NEMA 14-30, three pins and earth.
        Nema14_30 = "NEMA_14_30",
        /// NEMA 14-50, three pins and earth.
        Nema14_50 = "NEMA_14_50",
        /// Pantograph on the vehicle that rises to the station.
        PantographBottomUp = "PANTOGRAPH_BOTTOM_UP",
        /// Pantograph of the station that lowers to the vehicle.
        PantographTopDown = "PANTOGRAPH_TOP_DOWN",
        /// North American charging standard.
        SaeJ3400 = "SAE_J3400",
        /// Tesla connector of the Roadster.
        TeslaR = "TESLA_R",
        /// Tesla connector of Model S and X.
        TeslaS = "TESLA_S",
    }
}

string_enum! {
    /// Kinds of energy sources. (`mod_locations_energysourcecategory_enum`)
    pub closed enum EnergySourceCategory("EnergySourceCategory") {
        /// Nuclear power.
        Nuclear = "NUCLEAR",
        /// Fossil fuels of all kinds.
        GeneralFossil = "GENERAL_FOSSIL",
        /// Coal.
        Coal = "COAL",
        /// Gas.
        Gas = "GAS",
        /// Regenerative sources of all kinds.
        GeneralGreen = "GENERAL_GREEN",
        /// Sun.
        Solar = "SOLAR",
        /// Wind.
        Wind = "WIND",
        /// Water.
        Water = "WATER",
    }
}

string_enum! {
    /// What arises when energy is generated. (`mod_locations_environmentalimpactcategory_enum`)
    pub open enum EnvironmentalImpactCategory("EnvironmentalImpactCategory") {
        /// Nuclear waste.
        NuclearWaste = "NUCLEAR_WASTE",
        /// Carbon dioxide.
        CarbonDioxide = "CARBON_DIOXIDE",
    }
}

string_enum! {
    /// On which side of a parking bay an EVSE stands. (`mod_locations_evseposition_enum`)
    pub closed enum EvsePosition("EVSEPosition") {
        /// To the left of the vehicle.
        Left = "LEFT",
        /// To the right of the vehicle.
        Right = "RIGHT",
        /// At the end of the bay.
        Center = "CENTER",
    }
}

string_enum! {
    /// What is near a location. (`mod_locations_facility_enum`)
    pub open enum Facility("Facility") {
        /// A hotel.
        Hotel = "HOTEL",
        /// A restaurant.
        Restaurant = "RESTAURANT",
        /// A cafe.
        Cafe = "CAFE",
        /// A shopping mall.
        Mall = "MALL",
        /// A supermarket.
        Supermarket = "SUPERMARKET",
        /// Sport facilities.
        Sport = "SPORT",
        /// A recreation area.
        RecreationArea = "RECREATION_AREA",
        /// A park, forest, lake or beach.
        Nature = "NATURE",
        /// A museum.
        Museum = "MUSEUM",
        /// Shared bicycles.
        BikeSharing = "BIKE_SHARING",
        /// A bus stop.
        BusStop = "BUS_STOP",
        /// A taxi stand.
        TaxiStand = "TAXI_STAND",
        /// A tram stop.
        TramStop = "TRAM_STOP",
        /// A metro station.
        MetroStation = "METRO_STATION",
        /// A train station.
        TrainStation = "TRAIN_STATION",
        /// An airport.
        Airport = "AIRPORT",
        /// A parking lot.
        ParkingLot = "PARKING_LOT",
        /// A parking lot for car pools.
        CarpoolParking = "CARPOOL_PARKING",
        /// A fuel station.
        FuelStation = "FUEL_STATION",
        /// Wireless internet access.
        Wifi = "WIFI",
    }
}

string_enum! {
    /// What a picture shows. (`mod_locations_imagecategory_enum`)
    pub open enum ImageCategory("ImageCategory") {
        /// The station.
        Charger = "CHARGER",
        /// The entrance.
        Entrance = "ENTRANCE",
        /// The location.
        Location = "LOCATION",
        /// Logo of a roaming network.
        Network = "NETWORK",
        /// Logo of the operator.
        Operator = "OPERATOR",
        /// Something else.
        Other = "OTHER",
        /// Logo of the owner.
        Owner = "OWNER",
    }
}

string_enum! {
    /// How vehicles stand relative to the road. (`mod_locations_parkingdirection_enum`)
    pub closed enum ParkingDirection("ParkingDirection") {
        /// Along the road.
        Parallel = "PARALLEL",
        /// At a right angle.
        Perpendicular = "PERPENDICULAR",
        /// At another angle.
        Angle = "ANGLE",
    }
}

string_enum! {
    /// Who may park. (`mod_locations_parkingrestriction_enum`)
    pub open enum ParkingRestriction("ParkingRestriction") {
        /// Customers or guests.
        Customers = "CUSTOMERS",
        /// People with a disability.
        Disabled = "DISABLED",
        /// Employees.
        Employees = "EMPLOYEES",
        /// Electric vehicles.
        EvOnly = "EV_ONLY",
        /// Motorcycles and scooters.
        Motorcycles = "MOTORCYCLES",
        /// Vehicles that are plugged in.
        Plugged = "PLUGGED",
        /// Taxis.
        Taxis = "TAXIS",
        /// Tenants.
        Tenants = "TENANTS",
    }
}

string_enum! {
    /// Kinds of parking. (`mod_locations_parkingtype_enum`)
    pub open enum ParkingType("ParkingType") {
        /// At a motorway, on a rest area.
        AlongMotorway = "ALONG_MOTORWAY",
        /// In a garage of several floors.
        ParkingGarage = "PARKING_GARAGE",
        /// On a parking lot.
        ParkingLot = "PARKING_LOT",
        /// On a driveway.
        OnDriveway = "ON_DRIVEWAY",
        /// On a street.
        OnStreet = "ON_STREET",
        /// In a garage below ground.
        UndergroundGarage = "UNDERGROUND_GARAGE",
    }
}

string_enum! {
    /// Kinds of current. (`mod_locations_powertype_enum`)
    pub closed enum PowerType("PowerType") {
        /// Alternating current, one phase.
        Ac1Phase = "AC_1_PHASE",
        /// Alternating current, two of three phases.
        Ac2Phase = "AC_2_PHASE",
        /// Alternating current, split phase.
        Ac2PhaseSplit = "AC_2_PHASE_SPLIT",
        /// Alternating current, three phases.
        Ac3Phase = "AC_3_PHASE",
        /// Direct current.
        Dc = "DC",
    }
}

string_enum! {
    /// Whether an EVSE can be used. (`mod_locations_status_enum`)
    pub closed enum Status("Status") {
        /// It is free.
        Available = "AVAILABLE",
        /// Something is in the way.
        Blocked = "BLOCKED",
        /// It is in use.
        Charging = "CHARGING",
        /// It is not in service yet or any more.
        Inoperative = "INOPERATIVE",
        /// It is broken.
        OutOfOrder = "OUTOFORDER",
        /// It is planned.
        Planned = "PLANNED",
        /// It is gone for good.
        Removed = "REMOVED",
        /// It is held for a driver.
        Reserved = "RESERVED",
        /// Not known, for instance while the station is offline.
        Unknown = "UNKNOWN",
    }
}

string_enum! {
    /// Kinds of vehicles. (`mod_locations_vehicletype_enum`)
    pub open enum VehicleType("VehicleType") {
        /// Motorcycle.
        Motorcycle = "MOTORCYCLE",
        /// Car.
        PersonalVehicle = "PERSONAL_VEHICLE",
        /// Car with a trailer.
        PersonalVehicleWithTrailer = "PERSONAL_VEHICLE_WITH_TRAILER",
        /// Van of more than the usual height.
        Van = "VAN",
        /// Tractor of a semi-trailer, without it.
        SemiTractor = "SEMI_TRACTOR",
        /// Truck without a trailer.
        Rigid = "RIGID",
        /// Truck or tractor with a trailer.
        TruckWithTrailer = "TRUCK_WITH_TRAILER",
        /// Bus.
        Bus = "BUS",
        /// Vehicle of a person with a disability.
        Disabled = "DISABLED",
    }
}
