//! Rules that hold in several versions. A macro writes them against the types of one version.

/// Rules of all versions.
macro_rules! all_versions {
    () => {
        pub(crate) fn display_text(this: &DisplayText, at: &Path<'_>, findings: &mut Findings) {
            if has_markup(&this.text) {
                findings.warn(&at.member("text"), "TXT-01", "markup in a plain text");
            }
        }

        pub(crate) fn regular_hours(this: &RegularHours, at: &Path<'_>, findings: &mut Findings) {
            if let (Some(begin), Some(end)) = (this.period_begin.minutes(), this.period_end.minutes()) {
                if end <= begin {
                    findings.error(&at.member("period_end"), "X-LOC-17", "has to be later than `period_begin`");
                }
            }
        }

        pub(crate) fn exceptional_period(this: &ExceptionalPeriod, at: &Path<'_>, findings: &mut Findings) {
            if this.period_end < this.period_begin {
                findings.warn(&at.member("period_end"), "X-LOC-19", "lies before the begin");
            }
        }

        pub(crate) fn status_schedule(this: &StatusSchedule, at: &Path<'_>, findings: &mut Findings) {
            if this.period_end.is_some_and(|end| end < this.period_begin) {
                findings.warn(&at.member("period_end"), "X-LOC-19", "lies before the begin");
            }
        }

        pub(crate) fn energy_source(this: &EnergySource, at: &Path<'_>, findings: &mut Findings) {
            let percentage = this.percentage.value();
            if percentage < Decimal::ZERO || percentage > Decimal::ONE_HUNDRED {
                let message = "a share is between 0 and 100 percent";
                findings.report(&at.member("percentage"), FindingKind::Range, "NUM-05", Severity::Error, message);
            }
        }

        fn green(this: &EnergyMix, at: &Path<'_>, findings: &mut Findings) {
            use EnergySourceCategory::{Coal, Gas, GeneralFossil, Nuclear};
            if !this.is_green_energy {
                return;
            }
            let dirty = this.energy_sources.iter().any(|share| {
                matches!(share.source, Coal | Gas | GeneralFossil | Nuclear) && share.percentage.value() > Decimal::ZERO
            });
            if dirty || this.environ_impact.iter().any(|impact| impact.amount.value() > Decimal::ZERO) {
                let message = "green energy has only regenerative sources, no CO2 and no nuclear waste";
                findings.warn(&at.member("is_green_energy"), "X-LOC-25", message);
            }
        }

        fn overlapping_exceptions(this: &Hours, at: &Path<'_>, findings: &mut Findings) {
            // openings by their begin, each with the latest end so far: one look-up per closing
            let mut openings: Vec<(Time, Time)> =
                this.exceptional_openings.iter().map(|period| (period.period_begin, period.period_end)).collect();
            openings.sort_unstable();
            let mut latest = None;
            for (_, end) in &mut openings {
                latest = latest.max(Some(*end));
                *end = latest.unwrap_or(*end);
            }
            for (index, closing) in this.exceptional_closings.iter().enumerate() {
                let before = openings.partition_point(|(begin, _)| *begin < closing.period_end);
                let overlaps = before.checked_sub(1).is_some_and(|last| openings[last].1 > closing.period_begin);
                if overlaps {
                    let list = at.member("exceptional_closings");
                    findings.warn(&list.item(index), "X-LOC-16", "overlaps an exceptional opening, and wins");
                }
            }
        }

        pub(crate) fn evse(this: &Evse, at: &Path<'_>, findings: &mut Findings) {
            identifier(&this.uid, "uid", at, findings);
            let connectors = at.member("connectors");
            distinct(
                this.connectors.iter().map(|connector| &connector.id),
                "X-LOC-08",
                Severity::Error,
                "another connector of the EVSE has the same id",
                &connectors,
                findings,
            );
            for (index, connector) in this.connectors.iter().enumerate() {
                if connector.last_updated > this.last_updated {
                    findings.error(&connectors.item(index).member("last_updated"), "X-LOC-06", "newer than its EVSE");
                }
            }
        }

        fn ages(this: &Location, at: &Path<'_>, findings: &mut Findings) {
            let evses = at.member("evses");
            for (index, evse) in this.evses.iter().enumerate() {
                let place = evses.item(index);
                if evse.last_updated > this.last_updated {
                    findings.error(&place.member("last_updated"), "X-LOC-05", "newer than its location");
                }
                let connectors = place.member("connectors");
                for (index, connector) in evse.connectors.iter().enumerate() {
                    if connector.last_updated > this.last_updated {
                        let place = connectors.item(index);
                        findings.error(&place.member("last_updated"), "X-LOC-05", "newer than its location");
                    }
                }
            }
            distinct(
                this.evses.iter().map(|evse| &evse.uid),
                "OWN-09",
                Severity::Error,
                "another EVSE of the location has the same uid",
                &evses,
                findings,
            );
        }

        pub(crate) fn price_component(this: &PriceComponent, at: &Path<'_>, findings: &mut Findings) {
            if this.step_size.get() <= 0 && this.kind != TariffDimensionType::Flat {
                findings.error(&at.member("step_size"), "X-TAR-10", "has to be above 0");
            }
        }

        fn base_restrictions(this: &TariffRestrictions, at: &Path<'_>, findings: &mut Findings) {
            interval(this.min_kwh.as_ref(), this.max_kwh.as_ref(), "max_kwh", "X-TAR-08", at, findings);
            interval(this.min_power.as_ref(), this.max_power.as_ref(), "max_power", "X-TAR-08", at, findings);
            interval(this.min_duration.as_ref(), this.max_duration.as_ref(), "max_duration", "X-TAR-08", at, findings);
            interval(this.start_date.as_ref(), this.end_date.as_ref(), "end_date", "X-TAR-08", at, findings);
            if this.start_time.is_some() && this.start_time == this.end_time {
                findings.warn(&at.member("end_time"), "X-TAR-08", "nothing lies between the lower and the upper bound");
            }
        }

        fn last_elements(this: &Tariff, at: &Path<'_>, findings: &mut Findings) {
            let nothing = TariffRestrictions::new();
            let is_open = |element: &TariffElement| element.restrictions.as_ref().is_none_or(|given| *given == nothing);
            if this.elements.iter().all(is_open) {
                return;
            }
            let open = this.elements.iter().filter(|element| is_open(element));
            let mut known: BTreeSet<_> =
                open.flat_map(|element| &element.price_components).map(|component| &component.kind).collect();
            for component in this.elements.iter().flat_map(|element| &element.price_components) {
                if known.insert(&component.kind) {
                    let message = format!("{} has no element without restrictions", component.kind);
                    findings.report(&at.member("elements"), FindingKind::Cross, "X-TAR-11", Severity::Info, message);
                }
            }
        }

        fn periods(periods: &[ChargingPeriod], start: &Time, at: &Path<'_>, findings: &mut Findings) {
            let list = at.member("charging_periods");
            let mut before = start;
            for (index, period) in periods.iter().enumerate() {
                if period.start_date_time < *before {
                    let message = "begins before the period or session it follows";
                    findings.warn(&list.item(index).member("start_date_time"), "X-CDR-14", message);
                }
                before = &period.start_date_time;
            }
        }

        /// What an audit of a CDR finds (fault case F13).
        fn audit(this: &Cdr, end: &Time, end_name: &'static str, at: &Path<'_>, findings: &mut Findings) {
            periods(&this.charging_periods, &this.start_date_time, at, findings);
            if this.total_parking_time.is_some_and(|parking| parking > this.total_time) {
                findings.warn(&at.member("total_parking_time"), "X-CDR-13", "more than `total_time`");
            }
            if *end < this.start_date_time {
                findings.warn(&at.member(end_name), "X-LOC-19", "lies before the start");
            }
            if this.last_updated < *end {
                findings.warn(&at.member("last_updated"), "E-07", "lies before the end of the session");
            }
            if this.charging_periods.iter().any(|period| period.start_date_time > *end) {
                findings.warn(&at.member("charging_periods"), "X-CDR-14", "a period begins after the session");
            }
            let mut energy = Some(Decimal::ZERO);
            let mut measured = false;
            for dimension in this.charging_periods.iter().flat_map(|period| &period.dimensions) {
                if dimension.kind == CdrDimensionType::Energy {
                    measured = true;
                    energy = energy.and_then(|sum| sum.checked_add(dimension.volume.value()));
                }
            }
            if measured && energy.is_none_or(|sum| differs(sum, this.total_energy.value())) {
                let sum = energy.map_or_else(|| "too large".to_owned(), |sum| sum.to_string());
                let message = format!("the periods have {sum} kWh, the total is {}", this.total_energy);
                findings.warn(&at.member("total_energy"), "CDR-10", message);
            }
            if this.total_energy.value() < Decimal::ZERO {
                findings.warn(&at.member("total_energy"), "NUM-06", "more energy was taken back than charged");
            }
            if this.total_time.value() < Decimal::ZERO {
                findings.warn(&at.member("total_time"), "NUM-05", "a length of time is not negative");
            }
            let seconds = this.total_time.value().checked_mul(Decimal::from(3600));
            let most = Decimal::from(end.seconds_since(this.start_date_time) + 360);
            if seconds.map_or(this.total_time.value() > Decimal::ZERO, |seconds| seconds > most) {
                findings.warn(&at.member("total_time"), "CDR-07", "longer than from start to end of the session");
            }
        }

        pub(crate) fn version_details(this: &VersionDetails, at: &Path<'_>, findings: &mut Findings) {
            if !this.endpoints.iter().any(|endpoint| endpoint.identifier == ModuleId::Credentials) {
                findings.error(&at.member("endpoints"), "X-VER-01", "there is no endpoint of the module `credentials`");
            }
            distinct_endpoints(&this.endpoints, &at.member("endpoints"), findings);
        }
    };
}
pub(crate) use all_versions;

/// Rules of 2.2.1 and later.
macro_rules! since_221 {
    () => {
        fn distinct_endpoints(endpoints: &[Endpoint], at: &Path<'_>, findings: &mut Findings) {
            let key = |endpoint: &Endpoint| {
                let role = endpoint.identifier != ModuleId::Credentials;
                (endpoint.identifier.clone(), role.then(|| endpoint.role.clone()))
            };
            let message = "the module is listed twice for this role";
            distinct(endpoints.iter().map(key), "X-VER-02", Severity::Warning, message, at, findings);
        }

        fn base_location(this: &Location, at: &Path<'_>, findings: &mut Findings) {
            identifier(&this.id, "id", at, findings);
            if this.publish && !this.publish_allowed_to.is_empty() {
                let message = "only for locations that are not published";
                findings.error(&at.member("publish_allowed_to"), "X-LOC-01", message);
            }
            ages(this, at, findings);
        }

        pub(crate) fn connector(this: &Connector, at: &Path<'_>, findings: &mut Findings) {
            identifier(&this.id, "id", at, findings);
            let Some(power) = this.max_electric_power else { return };
            let phases = match this.power_type {
                PowerType::Ac3Phase => 3,
                PowerType::Ac2Phase | PowerType::Ac2PhaseSplit => 2,
                _ => 1,
            };
            let possible = this.max_voltage.get().saturating_mul(this.max_amperage.get()).saturating_mul(phases);
            if power.get() > possible.saturating_add(possible / 20) {
                let message = format!("more than voltage and current allow: {possible} W");
                findings.warn(&at.member("max_electric_power"), "X-LOC-29", message);
            }
        }

        pub(crate) fn hours(this: &Hours, at: &Path<'_>, findings: &mut Findings) {
            match (this.twentyfourseven, this.regular_hours.is_empty()) {
                (false, true) => {
                    findings.error(&at.member("regular_hours"), "X-LOC-14", "needed unless open around the clock");
                }
                (true, false) => {
                    findings.error(&at.member("regular_hours"), "X-LOC-15", "not allowed when open around the clock");
                }
                _ => {}
            }
            overlapping_exceptions(this, at, findings);
        }

        pub(crate) fn energy_mix(this: &EnergyMix, at: &Path<'_>, findings: &mut Findings) {
            if !this.energy_sources.is_empty() {
                let mut shares = this.energy_sources.iter().map(|share| share.percentage.value());
                let sum = shares.try_fold(Decimal::ZERO, |sum, share| sum.checked_add(share));
                if sum != Some(Decimal::ONE_HUNDRED) {
                    findings.warn(&at.member("energy_sources"), "X-LOC-24", "the shares do not add up to 100 percent");
                }
            }
            green(this, at, findings);
        }

        pub(crate) fn publish_token_type(this: &PublishTokenType, at: &Path<'_>, findings: &mut Findings) {
            if this.uid.is_none() && this.visual_number.is_none() && this.group_id.is_none() {
                findings.error(at, "X-LOC-20", "one of `uid`, `visual_number` and `group_id` is needed");
            }
            if this.uid.is_some() && this.kind.is_none() {
                findings.error(&at.member("type"), "X-LOC-21", "needed with `uid`");
            }
            if this.visual_number.is_some() && this.issuer.is_none() {
                findings.error(&at.member("issuer"), "X-LOC-22", "needed with `visual_number`");
            }
        }

        pub(crate) fn session(this: &Session, at: &Path<'_>, findings: &mut Findings) {
            identifier(&this.id, "id", at, findings);
            for (name, value) in [("evse_uid", &this.evse_uid), ("connector_id", &this.connector_id)] {
                if value.known().is_none() && this.status != SessionStatus::Reservation {
                    findings.warn(&at.member(name), "X-SES-02", "`#NA` is for reservations");
                }
            }
            if this.status == SessionStatus::Completed && this.end_date_time.is_none() {
                findings.warn(&at.member("end_date_time"), "X-SES-03", "a completed session has an end");
            }
            if this.end_date_time.is_some_and(|end| end < this.start_date_time) {
                findings.warn(&at.member("end_date_time"), "X-LOC-19", "lies before the start");
            }
            periods(&this.charging_periods, &this.start_date_time, at, findings);
        }

        pub(crate) fn cdr_dimension(this: &CdrDimension, at: &Path<'_>, findings: &mut Findings) {
            let volume = this.volume.value();
            if this.kind == CdrDimensionType::StateOfCharge && (volume < Decimal::ZERO || volume > Decimal::ONE_HUNDRED)
            {
                findings.error(&at.member("volume"), "X-CDR-10", "a state of charge is between 0 and 100 percent");
            }
            let is_time = matches!(
                this.kind,
                CdrDimensionType::Time | CdrDimensionType::ParkingTime | CdrDimensionType::ReservationTime
            );
            if is_time && volume < Decimal::ZERO {
                findings.error(&at.member("volume"), "NUM-05", "a length of time is not negative");
            }
        }

        pub(crate) fn cdr(this: &Cdr, at: &Path<'_>, findings: &mut Findings) {
            identifier(&this.id, "id", at, findings);
            let is_credit = this.credit == Some(true);
            match (&this.credit_reference_id, is_credit) {
                (None, true) => {
                    findings.error(&at.member("credit_reference_id"), "X-CDR-01", "needed in a credit CDR");
                }
                (Some(_), false) => {
                    findings.error(&at.member("credit_reference_id"), "X-CDR-02", "only for credit CDRs");
                }
                (Some(reference), true) if *reference == this.id => {
                    findings.error(&at.member("id"), "X-CDR-04", "a credit CDR has an id of its own");
                }
                _ => {}
            }
            if !is_credit && this.id.chars().count() > 36 {
                findings.error(&at.member("id"), "X-CDR-03", "only credit CDRs have ids of more than 36 characters");
            }
            if this.session_id.is_none() {
                findings.warn(
                    &at.member("session_id"),
                    "X-CDR-07",
                    "left out only without Sessions or for a reservation",
                );
            }
            for (name, time) in [("start_date_time", this.start_date_time), ("end_date_time", this.end_date_time)] {
                if time.is_unknown() {
                    let message = "the epoch: the time is not known";
                    findings.report(&at.member(name), FindingKind::Cross, "X-CDR-12", Severity::Info, message);
                }
            }
            let many = this.tariffs.len() > FEW;
            let many: Option<BTreeSet<_>> = many.then(|| this.tariffs.iter().map(|tariff| &tariff.id).collect());
            let is_known = |id| match &many {
                Some(ids) => ids.contains(id),
                None => this.tariffs.iter().any(|tariff| tariff.id == *id),
            };
            let list = at.member("charging_periods");
            for (index, period) in this.charging_periods.iter().enumerate() {
                let place = list.item(index);
                let dimensions = place.member("dimensions");
                for (index, dimension) in period.dimensions.iter().enumerate() {
                    let session_only = matches!(
                        dimension.kind,
                        CdrDimensionType::Current
                            | CdrDimensionType::EnergyExport
                            | CdrDimensionType::EnergyImport
                            | CdrDimensionType::Power
                            | CdrDimensionType::StateOfCharge
                    );
                    if session_only {
                        let message = format!("{} is for sessions only", dimension.kind);
                        findings.error(&dimensions.item(index).member("type"), "X-CDR-09", message);
                    }
                }
                if let Some(tariff) = &period.tariff_id {
                    if !is_known(tariff) {
                        let message = "names no tariff of this CDR";
                        findings.warn(&place.member("tariff_id"), "X-CDR-15", message);
                    }
                }
            }
            audit(this, &this.end_date_time, "end_date_time", at, findings);
            costs(this, at, findings);
        }

        /// Partial totals against the total (rule CDR-10) and taxes on one side only (fault case F13).
        fn costs(this: &Cdr, at: &Path<'_>, findings: &mut Findings) {
            let parts = [
                &this.total_fixed_cost,
                &this.total_energy_cost,
                &this.total_time_cost,
                &this.total_parking_cost,
                &this.total_reservation_cost,
            ];
            if parts.iter().all(|part| part.is_none()) {
                return;
            }
            let sum = parts
                .iter()
                .filter_map(|part| part.as_ref())
                .try_fold(Decimal::ZERO, |sum, part| sum.checked_add(net(part)));
            // a credit CDR negates the total only (rule CDR-04)
            let total = net(&this.total_cost);
            let agrees =
                sum.is_some_and(|sum| !differs(sum, total) || (this.credit == Some(true) && !differs(sum, -total)));
            if !agrees {
                findings.warn(&at.member("total_cost"), "CDR-10", "the partial totals do not add up to it");
            }
            let taxed = parts.iter().filter_map(|part| part.as_ref()).filter(|part| is_taxed(part)).count();
            let given = parts.iter().filter(|part| part.is_some()).count();
            if (taxed > 0) != is_taxed(&this.total_cost) && given > 0 {
                let message = "taxes are given in the total or in its parts only";
                findings.warn(&at.member("total_cost"), "TAR-10", message);
            }
        }

        pub(crate) fn signed_data(this: &SignedData, at: &Path<'_>, findings: &mut Findings) {
            if this.public_key.as_ref().is_some_and(|key| !is_base64(key)) {
                findings.warn(&at.member("public_key"), "X-CDR-19", "not Base64");
            }
        }

        pub(crate) fn signed_value(this: &SignedValue, at: &Path<'_>, findings: &mut Findings) {
            if !is_base64(&this.signed_data) {
                findings.warn(&at.member("signed_data"), "X-CDR-19", "not Base64");
            }
        }

        fn base_tariff(this: &Tariff, at: &Path<'_>, findings: &mut Findings) {
            identifier(&this.id, "id", at, findings);
            if let (Some(start), Some(end)) = (this.start_date_time, this.end_date_time) {
                if end <= start {
                    findings.warn(&at.member("end_date_time"), "X-TAR-07", "lies before the start");
                }
            }
            last_elements(this, at, findings);
        }

        pub(crate) fn tariff_restrictions(this: &TariffRestrictions, at: &Path<'_>, findings: &mut Findings) {
            base_restrictions(this, at, findings);
            interval(this.min_current.as_ref(), this.max_current.as_ref(), "max_current", "X-TAR-08", at, findings);
        }

        fn flat_and_time_only(
            this: &TariffElement,
            rule: &'static str,
            message: &'static str,
            at: &Path<'_>,
            findings: &mut Findings,
        ) {
            let list = at.member("price_components");
            for (index, component) in this.price_components.iter().enumerate() {
                if !matches!(component.kind, TariffDimensionType::Flat | TariffDimensionType::Time) {
                    findings.error(&list.item(index).member("type"), rule, message);
                }
            }
        }

        pub(crate) fn token(this: &Token, at: &Path<'_>, findings: &mut Findings) {
            identifier(&this.uid, "uid", at, findings);
            if matches!(this.kind, TokenType::AdHocUser | TokenType::AppUser) && this.whitelist != WhitelistType::Never
            {
                findings.warn(
                    &at.member("whitelist"),
                    "X-TOK-02",
                    "tokens made by a server are asked about every time",
                );
            }
            if this.group_id.as_ref().is_some_and(|group| group.chars().count() > 20) {
                findings.warn(&at.member("group_id"), "X-TOK-04", "stations with OCPP 1.x hold 20 characters");
            }
            token_type(this, at, findings);
        }

        pub(crate) fn start_session(this: &StartSession, at: &Path<'_>, findings: &mut Findings) {
            if this.connector_id.is_some() && this.evse_uid.is_none() {
                findings.error(&at.member("evse_uid"), "X-CMD-01", "needed with `connector_id`");
            }
        }

        pub(crate) fn active_charging_profile_result(
            this: &ActiveChargingProfileResult,
            at: &Path<'_>,
            findings: &mut Findings,
        ) {
            if (this.result == ChargingProfileResultType::Accepted) != this.profile.is_some() {
                findings.error(&at.member("profile"), "X-CHP-01", "present exactly when the result is `ACCEPTED`");
            }
        }

        pub(crate) fn charging_profile(this: &ChargingProfile, at: &Path<'_>, findings: &mut Findings) {
            let list = at.member("charging_profile_period");
            let mut before = None;
            for (index, period) in this.charging_profile_period.iter().enumerate() {
                let start = period.start_period.get();
                let fits = before.map_or(start == 0, |before| start > before);
                if !fits {
                    let message = "periods ascend from 0";
                    findings.warn(&list.item(index).member("start_period"), "X-CHP-05", message);
                }
                before = Some(start);
            }
        }

        fn base_credentials(this: &Credentials, at: &Path<'_>, findings: &mut Findings) {
            if !is_token(this.token.as_str()) {
                findings.error(&at.member("token"), "X-CRE-02", "1 to 64 visible ASCII characters are asked for");
            }
            let key = |role: &CredentialsRole| (role.role.clone(), role.country_code.clone(), role.party_id.clone());
            let message = "the party is listed twice in this role";
            distinct(this.roles.iter().map(key), "X-CRE-01", Severity::Error, message, &at.member("roles"), findings);
        }
    };
}
pub(crate) use since_221;
