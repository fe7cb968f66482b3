//! Between OCPI 2.1.1 and 2.2.1 (rule book part U.1).

use super::tree::{Members, Node};
use super::{ConversionError, LossKind, Unlisted, Walk};
use crate::NOT_AVAILABLE;

type Keep = Result<bool, ConversionError>;

/// Values of older versions that newer ones do not list.
pub(super) fn unlisted_up(enumeration: &str, value: &str) -> Unlisted {
    match (enumeration, value) {
        // an amount of money or a fee is no quantity of 2.2.1
        ("CdrDimensionType", "FLAT") => Unlisted::Drop,
        ("CommandResponseType", "TIMEOUT") => Unlisted::Replace("REJECTED"),
        ("CommandResultType", "UNKNOWN_SESSION") => Unlisted::Replace("FAILED"),
        ("Role", "HUB") => Unlisted::Drop,
        _ => Unlisted::Keep,
    }
}

/// Values of 2.2.1 that 2.1.1 does not list.
pub(super) fn unlisted_down(enumeration: &str, value: &str) -> Unlisted {
    let listed_in_221 = |name: &str| {
        crate::v221::ENUMERATIONS.iter().any(|kind| {
            matches!(kind, crate::shape::Kind::Enumeration { name: known, values, .. } if *known == name && values.contains(&value))
        })
    };
    match (enumeration, value) {
        ("PowerType", "AC_2_PHASE" | "AC_2_PHASE_SPLIT") => Unlisted::Replace("AC_1_PHASE"),
        ("SessionStatus", "RESERVATION") => Unlisted::Replace("PENDING"),
        ("AuthMethod", "COMMAND") => Unlisted::Replace("AUTH_REQUEST"),
        ("TokenType", "AD_HOC_USER" | "APP_USER") => Unlisted::Replace("OTHER"),
        ("CommandResponseType", _) if listed_in_221("CommandResultType") => Unlisted::Replace("REJECTED"),
        ("Capability" | "Facility" | "ConnectorType" | "CdrDimensionType" | "ModuleID", _)
            if listed_in_221(enumeration) =>
        {
            Unlisted::Drop
        }
        _ => Unlisted::Keep,
    }
}

/// The interface that a platform of 2.1.1 in a role implements.
fn interface(module: &str, role: &str) -> &'static str {
    let owned_by_cpo = matches!(module, "locations" | "sessions" | "cdrs" | "tariffs");
    match (module, role) {
        ("credentials", _) => "SENDER",
        (_, "CPO") if owned_by_cpo => "SENDER",
        (_, "CPO") => "RECEIVER",
        _ if owned_by_cpo => "RECEIVER",
        _ => "SENDER",
    }
}

impl Walk<'_> {
    pub(super) fn up_211(&mut self, class: &str, members: &mut Members) -> Keep {
        let context = self.context;
        match class {
            "Credentials" => {
                let role = context.role.ok_or_else(|| self.missing("roles"))?;
                self.lose("roles", LossKind::Derived, "the role comes from the context");
                let mut one = Members::of([("role", Node::string(role))]);
                for name in ["business_details", "party_id", "country_code"] {
                    if let Some(value) = members.take(name) {
                        one.put_from(name, name, value);
                    }
                }
                members.put("roles", Node::List(vec![Node::Object(one)]));
            }
            "Endpoint" if members.get("role").is_none() => {
                let role = context.role.ok_or_else(|| self.missing("role"))?;
                let module = members.text("identifier").unwrap_or_default();
                members.put("role", Node::string(interface(&module, role)));
                self.lose("role", LossKind::Derived, "the interface follows from the role of the platform");
            }
            "Location" => self.location_up(members)?,
            "Connector" => {
                members.rename("voltage", "max_voltage");
                members.rename("amperage", "max_amperage");
                if let Some(tariff) = members.take("tariff_id") {
                    members.put_from("tariff_ids", "tariff_id", Node::List(vec![tariff]));
                }
            }
            "EnvironmentalImpact" => members.rename("source", "category"),
            "Hours" => {
                let around_the_clock = members.get("twentyfourseven").map(|value| *value == Node::Leaf("true".into()));
                let has_hours = members.get("regular_hours").is_some_and(|list| !list.as_list().is_empty());
                match (around_the_clock, has_hours) {
                    (None, true) => {
                        members.put("twentyfourseven", Node::Leaf("false".into()));
                        self.lose("twentyfourseven", LossKind::Derived, "regular hours exclude it");
                    }
                    (Some(true), true) => {
                        members.take("regular_hours");
                        self.lose("regular_hours", LossKind::Dropped, "the location is open around the clock");
                    }
                    (None | Some(false), false) => return Err(self.missing("regular_hours")),
                    _ => {}
                }
            }
            "Session" => {
                members.rename("start_datetime", "start_date_time");
                members.rename("end_datetime", "end_date_time");
                self.put_owner(members, context.owner.as_ref())?;
                self.token_up(members)?;
                self.price_up(members);
                self.session_location_up(members)?;
            }
            "CDR" => {
                members.rename("stop_date_time", "end_date_time");
                self.put_owner(members, context.owner.as_ref())?;
                self.token_up(members)?;
                self.price_up(members);
                self.cdr_location_up(members)?;
                self.period_tariffs_up(members);
            }
            "Tariff" => self.put_owner(members, context.owner.as_ref())?,
            "Token" => {
                members.rename("auth_id", "contract_id");
                self.put_owner(members, context.token_owner.as_ref().or(context.owner.as_ref()))?;
            }
            "AuthorizationInfo" if members.get("token").is_none() => {
                let token = context.token.as_ref().and_then(Node::of).ok_or_else(|| self.missing("token"))?;
                members.put("token", token);
                self.lose("token", LossKind::Derived, "the token comes from the context");
            }
            "ReserveNow" => {
                if let Some(Node::Leaf(id)) = members.take("reservation_id") {
                    let id = if id.starts_with('"') { Node::Leaf(id) } else { Node::string(&id) };
                    members.put("reservation_id", id);
                }
            }
            "CommandResponse" if members.get("timeout").is_none() => {
                members.put("timeout", Node::Leaf(context.timeout.unwrap_or(60).to_string()));
                self.lose("timeout", LossKind::Defaulted, "OCPI 2.1.1 tells no timeout");
            }
            _ => {}
        }
        Ok(true)
    }

    fn location_up(&mut self, members: &mut Members) -> Result<(), ConversionError> {
        let context = self.context;
        self.put_owner(members, context.owner.as_ref())?;
        if let Some(kind) = members.take("type") {
            match kind.as_text().as_deref() {
                Some("OTHER" | "UNKNOWN") => {
                    self.lose("type", LossKind::Dropped, "OCPI 2.2.1 leaves out other and unknown kinds of parking");
                }
                _ => members.put_from("parking_type", "type", kind),
            }
        }
        if members.get("publish").is_none() {
            members.put("publish", Node::Leaf(context.publish.unwrap_or(true).to_string()));
            self.lose("publish", LossKind::Defaulted, "OCPI 2.1.1 does not tell who may see a location");
        }
        if members.text("postal_code").is_some_and(|code| code.is_empty()) {
            members.take("postal_code");
            self.lose("postal_code", LossKind::Derived, "an empty postal code is none");
        }
        if members.get("time_zone").is_none() {
            let zone = context.time_zone.as_ref().ok_or_else(|| self.missing("time_zone"))?;
            members.put("time_zone", Node::string(zone));
            self.lose("time_zone", LossKind::Defaulted, "the time zone comes from the context");
        }
        Ok(())
    }

    /// `auth_id` becomes the token it belongs to.
    fn token_up(&mut self, members: &mut Members) -> Result<(), ConversionError> {
        let Some(auth_id) = members.take("auth_id") else { return Ok(()) };
        let token = self.context.cdr_token.as_ref().ok_or_else(|| self.missing("cdr_token"))?;
        if auth_id.as_text().is_none_or(|id| token.contract_id != *id) {
            return Err(self.impossible("auth_id", "the token in the context belongs to another contract"));
        }
        let token = Node::of(token).ok_or_else(|| self.missing("cdr_token"))?;
        members.put("cdr_token", token);
        self.lose("cdr_token", LossKind::Derived, "the token comes from the context");
        Ok(())
    }

    fn price_up(&mut self, members: &mut Members) {
        if let Some(Node::Leaf(amount)) = members.take("total_cost") {
            let price = Members::of([("excl_vat", Node::Leaf(amount))]);
            members.put_from("total_cost", "total_cost", Node::Object(price));
        }
    }

    /// The only EVSE and the only connector of a location.
    fn single<'a>(&self, location: &'a Members) -> Result<Option<(&'a Members, &'a Members)>, ConversionError> {
        let evses = location.get("evses").map_or(&[][..], Node::as_list);
        let connectors = |evse: &'a Members| evse.get("connectors").map_or(&[][..], Node::as_list);
        match evses {
            [] => Ok(None),
            [evse] => match evse.as_object().map(|evse| (evse, connectors(evse))) {
                Some((evse, [connector])) => Ok(connector.as_object().map(|connector| (evse, connector))),
                _ => Err(self.impossible("location", "it does not tell which connector was used")),
            },
            _ => Err(self.impossible("location", "it does not tell which EVSE was used")),
        }
    }

    fn session_location_up(&mut self, members: &mut Members) -> Result<(), ConversionError> {
        let Some(Node::Object(location)) = members.take("location") else { return Ok(()) };
        let id = location.get("id").cloned().ok_or_else(|| self.missing("location_id"))?;
        members.put_from("location_id", "location", id);
        match self.single(&location)? {
            Some((evse, connector)) => {
                for (name, from, value) in [("evse_uid", evse, "uid"), ("connector_id", connector, "id")] {
                    if let Some(value) = from.get(value) {
                        members.put_from(name, "location", value.clone());
                    }
                }
            }
            None => return Err(self.missing("evse_uid")),
        }
        self.lose("location", LossKind::Dropped, "only the ids of location, EVSE and connector are left");
        Ok(())
    }

    fn cdr_location_up(&mut self, members: &mut Members) -> Result<(), ConversionError> {
        let Some(Node::Object(mut location)) = members.take("location") else { return Ok(()) };
        let mut place = Members::default();
        if let Some((evse, connector)) = self.single(&location)? {
            let from_evse = [("evse_uid", evse.get("uid")), ("evse_id", evse.get("evse_id"))];
            let from_connector = [
                ("connector_id", connector.get("id")),
                ("connector_standard", connector.get("standard")),
                ("connector_format", connector.get("format")),
                ("connector_power_type", connector.get("power_type")),
            ];
            for (name, value) in from_evse.into_iter().chain(from_connector) {
                match value {
                    Some(value) => place.put(name, value.clone()),
                    None if name == "evse_id" => {
                        place.put(name, Node::string(NOT_AVAILABLE));
                        self.lose(
                            "cdr_location/evse_id",
                            LossKind::Defaulted,
                            "OCPI 2.2.1 demands it; `#NA` stands there",
                        );
                    }
                    None => {}
                }
            }
        } else {
            return Err(self.missing("cdr_location/evse_uid"));
        }
        for name in ["id", "name", "address", "city", "postal_code", "country", "coordinates"] {
            if let Some(value) = location.take(name) {
                place.put(name, value);
            }
        }
        if place.text("postal_code").is_some_and(|code| code.is_empty()) {
            place.take("postal_code");
        }
        members.put_from("cdr_location", "location", Node::Object(place));
        self.lose("location", LossKind::Dropped, "only what a CDR of OCPI 2.2.1 tells of a location is left");
        Ok(())
    }

    /// A CDR with one tariff has used it in all periods.
    fn period_tariffs_up(&mut self, members: &mut Members) {
        let tariffs = members.get("tariffs").map_or(&[][..], Node::as_list);
        let [Node::Object(tariff)] = tariffs else { return };
        let Some(id) = tariff.get("id").cloned() else { return };
        if let Some(Node::List(periods)) = members.get_mut("charging_periods") {
            for period in periods {
                if let Node::Object(period) = period {
                    period.put("tariff_id", id.clone());
                }
            }
            self.lose("charging_periods", LossKind::Derived, "the only tariff of the CDR is named in every period");
        }
    }

    pub(super) fn down_221(&mut self, class: &str, members: &mut Members) -> Keep {
        match class {
            "Credentials" => self.credentials_down(members)?,
            "Version" => {}
            "Endpoint" => {
                let role = self.context.role.ok_or_else(|| self.missing("role"))?;
                let module = members.text("identifier").unwrap_or_default();
                let given = members.text("role");
                if given.is_some_and(|given| given != interface(&module, role)) && module != "credentials" {
                    let reason = "a platform of OCPI 2.1.1 in this role does not have this interface";
                    self.lose("", LossKind::Dropped, reason);
                    return Ok(false);
                }
            }
            "Location" => self.location_down(members)?,
            "EVSE" => {
                let has_flag = members
                    .get("capabilities")
                    .is_some_and(|list| list.as_list().contains(&Node::string("START_SESSION_CONNECTOR_REQUIRED")));
                if has_flag {
                    self.lose("capabilities", LossKind::Ambiguous, "a remote start by OCPI 2.1.1 will not work here");
                }
            }
            "Connector" => {
                members.rename("max_voltage", "voltage");
                members.rename("max_amperage", "amperage");
                if let Some(Node::List(tariffs)) = members.take("tariff_ids") {
                    if tariffs.len() > 1 {
                        self.lose("tariff_ids", LossKind::Dropped, "only the first tariff is left");
                    }
                    if let Some(first) = tariffs.into_iter().next() {
                        members.put_from("tariff_id", "tariff_ids", first);
                    }
                }
            }
            "GeoLocation" | "AdditionalGeoLocation" => {
                self.degrees_down(members, "latitude");
                self.degrees_down(members, "longitude");
            }
            "EnvironmentalImpact" => members.rename("category", "source"),
            "Hours" => {
                if members.get("twentyfourseven") == Some(&Node::Leaf("true".into())) {
                    if members.take("regular_hours").is_some() {
                        self.lose("regular_hours", LossKind::Dropped, "the location is open around the clock");
                    }
                } else if members.take("twentyfourseven").is_some() {
                    self.lose("twentyfourseven", LossKind::Derived, "regular hours say that it is false");
                }
            }
            "Session" => {
                members.rename("start_date_time", "start_datetime");
                members.rename("end_date_time", "end_datetime");
                self.token_down(members)?;
                self.price_down(members);
                if members.get("location").is_none() {
                    let ids = ["location_id", "evse_uid", "connector_id"].map(|name| members.take(name));
                    self.location_of_down(members, ids, "location_id")?;
                }
            }
            "CDR" => {
                if members.get("credit") == Some(&Node::Leaf("true".into())) {
                    return Err(self.impossible("credit", "OCPI 2.1.1 would read it as an ordinary CDR"));
                }
                members.rename("end_date_time", "stop_date_time");
                self.token_down(members)?;
                self.price_down(members);
                if let Some(Node::Object(mut place)) = members.take("cdr_location") {
                    let ids = ["id", "evse_uid", "connector_id"].map(|name| place.take(name));
                    self.location_of_down(members, ids, "cdr_location")?;
                    self.lose("cdr_location", LossKind::Ambiguous, "the location comes from the context, as it is now");
                }
            }
            "Tariff" => self.tariff_down(members)?,
            "TariffElement" => {
                let restrictions = members.get("restrictions").and_then(Node::as_object);
                let special = ["reservation", "min_current", "max_current"];
                if restrictions.is_some_and(|given| special.iter().any(|name| given.get(name).is_some())) {
                    // without the restriction the element would apply where it must not
                    self.lose("", LossKind::Dropped, "OCPI 2.1.1 has no such restriction, so the element goes");
                    return Ok(false);
                }
            }
            "Token" => members.rename("contract_id", "auth_id"),
            "ReserveNow" => {
                if let Some(id) = members.take("reservation_id") {
                    let number = id.as_text().and_then(|text| text.parse::<i64>().ok());
                    let number =
                        number.ok_or_else(|| self.impossible("reservation_id", "OCPI 2.1.1 has numbers here"))?;
                    members.put("reservation_id", Node::Leaf(number.to_string()));
                    if id != Node::string(&number.to_string()) {
                        self.lose("reservation_id", LossKind::Ambiguous, "the number was written otherwise");
                    }
                }
            }
            _ => {}
        }
        Ok(true)
    }

    fn credentials_down(&mut self, members: &mut Members) -> Result<(), ConversionError> {
        let Some(Node::List(roles)) = members.take("roles") else { return Ok(()) };
        let wanted = self.context.role;
        let fits = |node: &Node| {
            let role = node.as_object().and_then(|members| members.text("role"));
            wanted.is_none_or(|wanted| role.as_deref() == Some(wanted))
        };
        let count = roles.len();
        let index = roles.iter().position(fits).ok_or_else(|| self.missing("business_details"))?;
        self.lose("roles", LossKind::Dropped, "OCPI 2.1.1 does not tell the role");
        if count > 1 {
            self.lose("roles", LossKind::Dropped, "credentials of OCPI 2.1.1 have one party");
        }
        if let Some(Node::Object(role)) = roles.into_iter().nth(index) {
            for entry in role.0 {
                if entry.name != "role" {
                    members.put_from(&entry.name.clone(), "roles", entry.value);
                }
            }
        }
        Ok(())
    }

    fn location_down(&mut self, members: &mut Members) -> Result<(), ConversionError> {
        if members.get("publish") == Some(&Node::Leaf("false".into())) && !self.context.force_unpublished {
            return Err(self.impossible("publish", "OCPI 2.1.1 would show the location to everybody"));
        }
        let kind = members.take("parking_type");
        if members.get("type").is_none() {
            let text = kind.as_ref().and_then(Node::as_text);
            let known = match text.as_deref() {
                None => {
                    self.lose("type", LossKind::Defaulted, "the kind of parking is not told");
                    "UNKNOWN"
                }
                Some(same @ ("ON_STREET" | "PARKING_GARAGE" | "UNDERGROUND_GARAGE" | "PARKING_LOT")) => same,
                Some(other) => {
                    self.lose("parking_type", LossKind::Ambiguous, format!("{other} has no counterpart"));
                    "OTHER"
                }
            };
            members.put_from("type", "parking_type", Node::string(known));
        }
        if members.get("postal_code").is_none() {
            members.put("postal_code", Node::string(self.context.postal_code.as_deref().unwrap_or("-")));
            self.lose("postal_code", LossKind::Defaulted, "OCPI 2.1.1 demands a postal code");
        }
        Ok(())
    }

    /// Six decimals: appended or rounded.
    fn degrees_down(&mut self, members: &mut Members, name: &'static str) {
        let Some(text) = members.text(name) else { return };
        let Some((_, fraction)) = text.split_once('.') else { return };
        let fixed = match fraction.len() {
            5 => {
                self.lose(name, LossKind::Derived, "OCPI 2.1.1 has six decimals; a zero was appended");
                format!("{text}0")
            }
            7 => match crate::number::parse(&text) {
                Ok(value) => {
                    self.lose(name, LossKind::Truncated, "OCPI 2.1.1 has six decimals");
                    let sign = if text.starts_with('-') { "-" } else { "" };
                    format!("{sign}{:.6}", value.abs().round_dp(6))
                }
                Err(_) => return,
            },
            _ => return,
        };
        members.put(name, Node::string(&fixed));
    }

    fn token_down(&mut self, members: &mut Members) -> Result<(), ConversionError> {
        let Some(Node::Object(mut token)) = members.take("cdr_token") else { return Ok(()) };
        let contract = token.take("contract_id").ok_or_else(|| self.missing("auth_id"))?;
        members.put_from("auth_id", "cdr_token", contract);
        self.lose("cdr_token", LossKind::Dropped, "only the contract of the token is left");
        Ok(())
    }

    fn price_down(&mut self, members: &mut Members) {
        if let Some(Node::Object(mut price)) = members.take("total_cost") {
            if price.get("incl_vat").is_some() {
                self.lose("total_cost/incl_vat", LossKind::Dropped, "OCPI 2.1.1 has amounts without VAT");
            }
            if let Some(amount) = price.take("excl_vat") {
                members.put_from("total_cost", "total_cost", amount);
            }
        }
    }

    /// Location, EVSE and connector by their ids, from the location in the context.
    fn location_of_down(
        &mut self,
        members: &mut Members,
        ids: [Option<Node>; 3],
        origin: &'static str,
    ) -> Result<(), ConversionError> {
        let [id, uid, connector] = ids.map(|id| id.and_then(|id| id.as_text()).unwrap_or_default());
        if uid == NOT_AVAILABLE || connector == NOT_AVAILABLE {
            return Err(self.impossible(origin, "no EVSE was used, which OCPI 2.1.1 cannot say"));
        }
        let location = self.context.location.as_ref().filter(|known| known.id.eq_ignore_ascii_case(&id));
        let mut location = location.ok_or_else(|| self.missing("location"))?.clone();
        location.evses.retain(|evse| evse.uid.eq_ignore_ascii_case(&uid));
        for evse in &mut location.evses {
            evse.connectors.retain(|known| known.id.eq_ignore_ascii_case(&connector));
        }
        if location.evses.len() != 1 || location.evses.iter().any(|evse| evse.connectors.len() != 1) {
            return Err(self.missing("location/evses"));
        }
        members.put_from("location", origin, Node::of(&location).ok_or_else(|| self.missing("location"))?);
        self.lose(origin, LossKind::Derived, "the location comes from the context");
        Ok(())
    }

    fn tariff_down(&mut self, members: &mut Members) -> Result<(), ConversionError> {
        for name in ["min_price", "max_price", "start_date_time", "end_date_time"] {
            if members.get(name).is_some() {
                self.lose(name, LossKind::Ambiguous, "without it other sessions pay other prices");
            }
        }
        let time = |name: &str| members.text(name).and_then(|text| text.parse::<crate::DateTime>().ok());
        if let Some(now) = self.context.now
            && (time("start_date_time").is_some_and(|start| now < start)
                || time("end_date_time").is_some_and(|end| now >= end))
        {
            return Err(self.impossible("start_date_time", "the tariff is not valid now"));
        }
        Ok(())
    }
}
