//! New passwords on their way to stations (rule CS-28; test cases A_09 and A_10).

use std::sync::Arc;

use chrono::Utc;
use ocpp_server::{CallError, PasswordHash, StaticAuthenticator, StationId};
use serde_json::Value;

use crate::random;

/// A password that a station is being sent. Both it and the old one open the door meanwhile, since the station may come back
/// with it before its answer is here.
pub(super) struct NewPassword {
    authenticator: Arc<StaticAuthenticator>,
    station: StationId,
    secret: PasswordHash,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Taken {
    /// The station has it.
    Yes,
    /// It certainly does not have it.
    No,
    /// Nobody knows.
    Perhaps,
}

impl NewPassword {
    /// Takes note of the new password that is in this call, if there is one.
    pub(super) fn sent(
        authenticator: &Arc<StaticAuthenticator>,
        station: &StationId,
        action: &str,
        payload: &str,
    ) -> Option<Self> {
        let password = password_in(action, &serde_json::from_str(payload).ok()?)?;
        let secret = PasswordHash::new(password.as_bytes(), random::bytes().ok()?);
        let is_enrolled = authenticator.update(station, |enrolment| enrolment.propose(secret));
        is_enrolled.then(|| Self { authenticator: Arc::clone(authenticator), station: station.clone(), secret })
    }

    /// The call has ended.
    pub(super) fn ended(self, taken: Taken) {
        self.authenticator.update(&self.station, |enrolment| {
            // it may have been used already, or another one may be on its way
            if enrolment.staged.is_none_or(|staged| staged.secret != self.secret) {
                return;
            }
            match taken {
                Taken::Yes => enrolment.stage(self.secret, Utc::now()),
                Taken::No => enrolment.withdraw(),
                Taken::Perhaps => {}
            }
        });
    }
}

impl Taken {
    /// Of a call with a new password.
    pub(super) fn by(outcome: &Result<String, CallError>) -> Self {
        let text = match outcome {
            Ok(text) => text,
            Err(error) if error.may_have_happened() => return Self::Perhaps,
            Err(_) => return Self::No,
        };
        let answer: Value = serde_json::from_str(text).unwrap_or_default();
        let statuses = ["/status", "/setVariableResult/0/attributeStatus"];
        match statuses.iter().find_map(|at| answer.pointer(at)?.as_str()) {
            Some("Accepted" | "RebootRequired") => Self::Yes,
            Some(
                "Rejected" | "NotSupported" | "NotSupportedAttributeType" | "UnknownComponent" | "UnknownVariable",
            ) => Self::No,
            _ => Self::Perhaps,
        }
    }
}

fn password_in(action: &str, payload: &Value) -> Option<String> {
    let text = |value: &Value, at: &str| value.pointer(at).and_then(Value::as_str).map(str::to_owned);
    match action {
        "ChangeConfiguration" if text(payload, "/key")?.eq_ignore_ascii_case("AuthorizationKey") => {
            text(payload, "/value")
        }
        "SetVariables" => payload.get("setVariableData")?.as_array()?.iter().find_map(|set| {
            let name = text(set, "/variable/name")?;
            name.eq_ignore_ascii_case("BasicAuthPassword").then(|| text(set, "/attributeValue"))?
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ocpp_server::{CommandFailure, CommandRefused, Enrolment, Lost, SecurityProfile};

    use super::*;

    /// Rule CS-28: a station that never got the new password goes on with the old one, for ever.
    #[test]
    fn only_a_password_that_the_station_has_takes_the_place_of_the_old_one() {
        let set = r#"{"setVariableData":[{"attributeValue":"a-password-of-16","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}"#;
        let answered = |status: &str| Ok(format!(r#"{{"setVariableResult":[{{"attributeStatus":"{status}"}}]}}"#));
        for (outcome, is_staged, is_limited) in [
            (answered("Accepted"), true, true),
            (answered("RebootRequired"), true, true),
            (answered("Rejected"), false, false),
            (answered("Odd"), true, false),
            (Err(CallError::Refused(CommandRefused::Offline)), false, false),
            (Err(CallError::Failed(CommandFailure::Expired)), false, false),
            (Err(CallError::Failed(CommandFailure::Refused(ocpp_rpc::CallError::internal("")))), false, false),
            (Err(CallError::Failed(CommandFailure::Unknown(Lost::Timeout))), true, false),
        ] {
            let authenticator = Arc::new(StaticAuthenticator::new());
            let station = StationId::new("CS-1").expect("an identity");
            let old = PasswordHash::new(b"the-old-password", [1; 16]);
            authenticator.enrol(station.clone(), Enrolment::with_password(SecurityProfile::Password, old));
            let sent = NewPassword::sent(&authenticator, &station, "SetVariables", set).expect("there is one");
            sent.ended(Taken::by(&outcome));
            let enrolment = authenticator.enrolment(&station).expect("it is enrolled");
            assert_eq!((enrolment.secret, enrolment.staged.is_some()), (Some(old), is_staged), "{outcome:?}");
            assert_eq!(enrolment.staged.is_some_and(|staged| staged.old_until.is_some()), is_limited, "{outcome:?}");
        }
    }
}
