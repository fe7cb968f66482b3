//! New passwords on their way to stations (rule CS-28; test cases A_09 and A_10).

use std::sync::Arc;

use chrono::Utc;
use ocpp_server::{Enrolment, PasswordHash, StaticAuthenticator, StationId};
use serde_json::Value;

use crate::random;

/// A password that a station is being sent. Both it and the old one open the door meanwhile, since the station may come back
/// with it before its answer is here.
pub(super) struct NewPassword {
    authenticator: Arc<StaticAuthenticator>,
    station: StationId,
    before: Enrolment,
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
        let before = authenticator.enrolment(station)?;
        let mut enrolment = before.clone();
        enrolment.stage(PasswordHash::new(password.as_bytes(), random::bytes().ok()?), Utc::now());
        authenticator.enrol(station.clone(), enrolment);
        Some(Self { authenticator: Arc::clone(authenticator), station: station.clone(), before })
    }

    /// The call has ended: if the station certainly does not have the new password, only the old one counts.
    pub(super) fn ended(self, answer: Option<&Value>) {
        let statuses = ["/status", "/setVariableResult/0/attributeStatus"];
        let status = answer.and_then(|answer| statuses.iter().find_map(|at| answer.pointer(at)?.as_str()));
        if matches!(
            status,
            Some("Rejected" | "NotSupported" | "NotSupportedAttributeType" | "UnknownComponent" | "UnknownVariable")
        ) {
            self.authenticator.enrol(self.station, self.before);
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
