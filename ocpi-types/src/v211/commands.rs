//! Commands to stations.

use super::tokens::Token;

use crate::object::object;
use crate::string_enum::string_enum;
use crate::{AsciiText, DateTime, Int, Url};

object! {
    /// Answer to a command: at first whether it is passed on, later what the station said.
    /// (`31-commandresponse-object`)
    pub struct CommandResponse("CommandResponse") or result {
        /// Whether the CPO takes the command on.
        result: 1 CommandResponseType,
    }
}

object! {
    /// Command to hold an EVSE for a driver. (`32-reservenow-object`)
    pub struct ReserveNow("ReserveNow") {
        /// Where the result is to be posted, exactly as given.
        response_url: 1 Url,
        /// The driver's token; it need not be known to the CPO.
        token: 1 Token,
        /// When the reservation ends.
        expiry_date: 1 DateTime<false>,
        /// Identifies the reservation for its sender; sending it again replaces the reservation.
        reservation_id: 1 Int,
        /// The location to reserve at.
        location_id: 1 AsciiText<39>,
        /// The EVSE to reserve; any of the location when absent.
        evse_uid: ? AsciiText<39>,
    }
}

object! {
    /// Command to start charging. (`33-startsession-object`)
    pub struct StartSession("StartSession") {
        /// Where the result is to be posted, exactly as given.
        response_url: 1 Url,
        /// The driver's token; it need not be known to the CPO.
        token: 1 Token,
        /// The location to charge at.
        location_id: 1 AsciiText<39>,
        /// The EVSE to charge at; any of the location when absent.
        evse_uid: ? AsciiText<39>,
    }
}

object! {
    /// Command to stop charging. (`34-stopsession-object`)
    pub struct StopSession("StopSession") {
        /// Where the result is to be posted, exactly as given.
        response_url: 1 Url,
        /// The session to stop.
        session_id: 1 AsciiText<36>,
    }
}

object! {
    /// Command to release a stuck cable, for help desks only. (`35-unlockconnector-object`)
    pub struct UnlockConnector("UnlockConnector") {
        /// Where the result is to be posted, exactly as given.
        response_url: 1 Url,
        /// The location of the connector.
        location_id: 1 AsciiText<39>,
        /// The EVSE of the connector.
        evse_uid: 1 AsciiText<39>,
        /// The connector to release.
        connector_id: 1 AsciiText<36>,
    }
}

string_enum! {
    /// Whether a command is passed on. (`41-commandresponsetype-enum`)
    pub closed enum CommandResponseType("CommandResponseType") {
        /// The command is not supported.
        NotSupported = "NOT_SUPPORTED",
        /// The command is refused.
        Rejected = "REJECTED",
        /// The command is passed on.
        Accepted = "ACCEPTED",
        /// The station did not answer in time.
        Timeout = "TIMEOUT",
        /// There is no such session.
        UnknownSession = "UNKNOWN_SESSION",
    }
}

string_enum! {
    /// The commands. (`42-commandtype-enum`)
    pub closed enum CommandType("CommandType") {
        /// Hold an EVSE.
        ReserveNow = "RESERVE_NOW",
        /// Start charging.
        StartSession = "START_SESSION",
        /// Stop charging.
        StopSession = "STOP_SESSION",
        /// Release a stuck cable.
        UnlockConnector = "UNLOCK_CONNECTOR",
    }
}
