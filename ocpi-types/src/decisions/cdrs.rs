//! CDRs: credit CDRs and times (rules CDR-04, CDR-07, X-CDR-05).

use rust_decimal::Decimal;

use crate::{CiString, Number};

macro_rules! cdrs {
    ($version:ident) => {
        impl crate::$version::Cdr {
            /// The CDR that takes this one back: amounts of the total negated, everything else as it was (rule CDR-04).
            ///
            /// Without an id of its own it gets this one's with `-C`, which fits into 39 characters.
            pub fn credit(&self, id: Option<CiString<39>>) -> Self {
                let mut credit = self.clone();
                credit.id = id.unwrap_or_else(|| format!("{}-C", self.id).into());
                credit.credit = Some(true);
                credit.credit_reference_id = Some(self.id.clone());
                credit.total_cost = credit.total_cost.negated();
                credit
            }

            /// Hours of charging: the total time without parking (rule CDR-07).
            pub fn charging_hours(&self) -> Option<Decimal> {
                let parking = self.total_parking_time.map_or(Decimal::ZERO, Number::value);
                self.total_time.value().checked_sub(parking)
            }
        }
    };
}

cdrs!(v221);
cdrs!(v230);

fn negated(number: Number) -> Number {
    Number::from(-number.value())
}

impl crate::v221::Price {
    /// The same amounts with the opposite sign.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self { excl_vat: negated(self.excl_vat), incl_vat: self.incl_vat.map(negated) }
    }
}

impl crate::v230::Price {
    /// The same amounts with the opposite sign, taxes included.
    #[must_use]
    pub fn negated(&self) -> Self {
        let mut taxes = self.taxes.clone();
        for tax in &mut taxes {
            tax.amount = negated(tax.amount);
        }
        Self { before_taxes: negated(self.before_taxes), taxes }
    }
}

macro_rules! snapshots {
    ($version:ident) => {
        impl crate::$version::Location {
            /// The place of charging as a CDR tells it, frozen now (rule CDR-06); `None` when there is no such connector.
            ///
            /// A CDR has less room for address and state: what does not fit is kept, and reported by validation (rule
            /// CDR-14).
            pub fn snapshot(&self, evse_uid: &str, connector_id: &str) -> Option<crate::$version::CdrLocation> {
                let evse = self.evse(evse_uid)?;
                let connector = evse.connector(connector_id)?;
                Some(crate::$version::CdrLocation {
                    id: self.id.clone(),
                    name: self.name.clone(),
                    address: self.address.as_str().into(),
                    city: self.city.clone(),
                    postal_code: self.postal_code.clone(),
                    state: self.state.as_ref().map(|state| state.as_str().into()),
                    country: self.country.clone(),
                    coordinates: self.coordinates.clone(),
                    evse_uid: evse.uid.clone(),
                    evse_id: evse.evse_id.clone().unwrap_or_else(|| crate::NOT_AVAILABLE.into()),
                    connector_id: connector.id.clone(),
                    connector_standard: connector.standard.clone(),
                    connector_format: connector.format.clone(),
                    connector_power_type: connector.power_type.clone(),
                })
            }
        }
    };
}

snapshots!(v221);
snapshots!(v230);
