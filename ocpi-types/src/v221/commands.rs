//! Commands to stations.

use super::tokens::Token;
use super::types::DisplayText;

use crate::object::object;
use crate::rules::v221 as rules;
use crate::string_enum::string_enum;
use crate::{CiString, DateTime, Int, Url};

object! {
    /// Command to give up a reservation. (`mod_commands_cancelreservation_object`)
    pub struct CancelReservation("CancelReservation") {
        /// Where the result is to be posted, exactly as given.
        response_url: 1 Url,
        /// The reservation, as in the `ReserveNow` of the same sender.
        reservation_id: 1 CiString<36>,
    }
}

object! {
    /// First answer to a command: whether it is passed on to the station. (`mod_commands_commandresponse_object`)
    pub struct CommandResponse("CommandResponse") {
        /// Whether the CPO takes the command on.
        result: 1 CommandResponseType,
        /// Seconds after which no result is to be expected.
        timeout: 1 Int<0>,
        /// What to tell the driver, at most one text a language.
        message: * DisplayText,
    }
}

object! {
    /// What the station said to a command. (`mod_commands_commandresult_object`)
    pub struct CommandResult("CommandResult") {
        /// The outcome.
        result: 1 CommandResultType,
        /// What to tell the driver, at most one text a language.
        message: * DisplayText,
    }
}

object! {
    /// Command to hold an EVSE for a driver. (`mod_commands_reservenow_object`)
    pub struct ReserveNow("ReserveNow") {
        /// Where the result is to be posted, exactly as given.
        response_url: 1 Url,
        /// The driver's token; it need not be known to the CPO.
        token: 1 Token,
        /// When the reservation ends.
        expiry_date: 1 DateTime,
        /// Identifies the reservation for its sender; sending it again replaces the reservation.
        reservation_id: 1 CiString<36>,
        /// The location to reserve at.
        location_id: 1 CiString<36>,
        /// The EVSE to reserve; any of the location when absent.
        evse_uid: ? CiString<36>,
        /// Reference of the eMSP, copied into Session and CDR.
        authorization_reference: ? CiString<36>,
    }
}

object! {
    /// Command to start charging. (`mod_commands_startsession_object`)
    pub struct StartSession("StartSession") => rules::start_session {
        /// Where the result is to be posted, exactly as given.
        response_url: 1 Url,
        /// The driver's token; it need not be known to the CPO.
        token: 1 Token,
        /// The location to charge at.
        location_id: 1 CiString<36>,
        /// The EVSE to charge at; any of the location when absent.
        evse_uid: ? CiString<36>,
        /// The connector to charge at; some EVSEs demand it.
        connector_id: ? CiString<36>,
        /// Reference of the eMSP, copied into Session and CDR.
        authorization_reference: ? CiString<36>,
    }
}

object! {
    /// Command to stop charging. (`mod_commands_stopsession_object`)
    pub struct StopSession("StopSession") {
        /// Where the result is to be posted, exactly as given.
        response_url: 1 Url,
        /// The session to stop.
        session_id: 1 CiString<36>,
    }
}

object! {
    /// Command to release a stuck cable, for help desks only. (`mod_commands_unlockconnector_object`)
    pub struct UnlockConnector("UnlockConnector") {
        /// Where the result is to be posted, exactly as given.
        response_url: 1 Url,
        /// The location of the connector.
        location_id: 1 CiString<36>,
        /// The EVSE of the connector.
        evse_uid: 1 CiString<36>,
        /// The connector to release.
        connector_id: 1 CiString<36>,
    }
}

string_enum! {
    /// Whether a command is passed on. (`mod_commands_commandresponsetype_enum`)
    pub closed enum CommandResponseType("CommandResponseType") {
        /// The command is not supported.
        NotSupported = "NOT_SUPPORTED",
        /// The command is refused.
        Rejected = "REJECTED",
        /// The command is passed on.
        Accepted = "ACCEPTED",
        /// There is no such session.
        UnknownSession = "UNKNOWN_SESSION",
    }
}

string_enum! {
    /// What a station said to a command. (`mod_commands_commandresulttype_enum`)
    pub closed enum CommandResultType("CommandResultType") {
        /// It did as asked.
        Accepted = "ACCEPTED",
        /// The CPO took the reservation back.
        CanceledReservation = "CANCELED_RESERVATION",
        /// The EVSE is in use.
        EvseOccupied = "EVSE_OCCUPIED",
        /// The EVSE does not work.
        EvseInoperative = "EVSE_INOPERATIVE",
        /// It failed.
        Failed = "FAILED",
        /// It does not support the command.
        NotSupported = "NOT_SUPPORTED",
        /// It refused.
        Rejected = "REJECTED",
        /// It did not answer in time.
        Timeout = "TIMEOUT",
        /// There is no such reservation.
        UnknownReservation = "UNKNOWN_RESERVATION",
    }
}

string_enum! {
    /// The commands. (`mod_commands_commandtype_enum`)
    pub closed enum CommandType("CommandType") {
        /// Give up a reservation.
        CancelReservation = "CANCEL_RESERVATION",
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
