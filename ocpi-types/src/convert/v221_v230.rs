//! Between OCPI 2.2.1 and 2.3.0 (rule book parts U.2 and U.3).

use rust_decimal::Decimal;

use super::tree::{Members, Node};
use super::{ConversionError, LossKind, Unlisted, Walk};
use crate::Party;

type Keep = Result<bool, ConversionError>;

/// Values of 2.3.0 that 2.2.1 does not list. What is open in 2.3.0 may hold anything; what is closed in both is kept.
pub(super) fn unlisted_down(enumeration: &str, _value: &str) -> Unlisted {
    match enumeration {
        "ImageCategory" | "TokenType" => Unlisted::Replace("OTHER"),
        "Capability"
        | "Facility"
        | "ParkingRestriction"
        | "ConnectorType"
        | "ParkingType"
        | "EnvironmentalImpactCategory"
        | "ModuleID"
        | "VersionNumber"
        | "CdrDimensionType" => Unlisted::Drop,
        _ => Unlisted::Keep,
    }
}

impl Walk<'_> {
    pub(super) fn up_221(&mut self, class: &str, members: &mut Members) -> Keep {
        match class {
            "Price" => {
                members.rename("excl_vat", "before_taxes");
                if let Some(with) = members.take("incl_vat") {
                    let before = members.number("before_taxes").unwrap_or_default();
                    let with = with.as_number().unwrap_or_default();
                    let amount = with.checked_sub(before).ok_or_else(|| self.missing("taxes"))?;
                    let tax = Members::of([("name", Node::string("VAT")), ("amount", Node::number(amount))]);
                    members.put_from("taxes", "incl_vat", Node::List(vec![Node::Object(tax)]));
                    self.lose("incl_vat", LossKind::Derived, "the difference is listed as a tax named VAT");
                }
            }
            "PriceLimit" => {
                members.rename("excl_vat", "before_taxes");
                members.rename("incl_vat", "after_taxes");
            }
            "Tariff" if members.get("tax_included").is_none() => {
                let included = if self.context.no_taxes { "N/A" } else { "NO" };
                members.put("tax_included", Node::string(included));
                self.lose("tax_included", LossKind::Derived, "prices of OCPI 2.2.1 exclude VAT");
            }
            "Credentials" => self.hub_up(members)?,
            _ => {}
        }
        Ok(true)
    }

    /// The role of a hub becomes its party; the parties behind it are listed instead.
    fn hub_up(&mut self, members: &mut Members) -> Result<(), ConversionError> {
        let is_hub = |node: &Node| node.as_object().and_then(|role| role.text("role")).as_deref() == Some("HUB");
        let Some(Node::List(roles)) = members.get_mut("roles") else { return Ok(()) };
        let Some(hub) = roles.iter().position(is_hub).map(|index| roles.remove(index)) else { return Ok(()) };
        let text = |name: &str| hub.as_object().and_then(|hub| hub.text(name)).unwrap_or_default();
        let party = Party::new(text("country_code"), text("party_id"));
        for role in &self.context.hub_roles {
            roles.extend(Node::of(role));
        }
        let is_empty = roles.is_empty();
        members.put_from("hub_party_id", "roles", Node::string(&party.to_hub_party_id()));
        self.lose("roles", LossKind::Derived, "the hub is named by `hub_party_id`; the parties come from the context");
        self.lose("roles", LossKind::Dropped, "the company behind the hub is not told any more");
        if is_empty { Err(self.missing("roles")) } else { Ok(()) }
    }

    pub(super) fn down_230(&mut self, class: &str, members: &mut Members) -> Keep {
        match class {
            // a Price, or a PriceLimit, which is a Price in 2.2.1
            "Price" => {
                members.rename("before_taxes", "excl_vat");
                members.rename("after_taxes", "incl_vat");
                if let Some(taxes) = members.take("taxes").filter(|taxes| !taxes.as_list().is_empty()) {
                    let before = members.number("excl_vat").unwrap_or_default();
                    let amount = |tax: &Node| tax.as_object().and_then(|tax| tax.number("amount"));
                    let with = taxes
                        .as_list()
                        .iter()
                        .map(amount)
                        .try_fold(before, |sum, amount| sum.checked_add(amount?))
                        .ok_or_else(|| self.missing("incl_vat"))?;
                    members.put_from("incl_vat", "taxes", Node::number(with));
                    self.lose("taxes", LossKind::Dropped, "only the amount with all taxes is left");
                }
            }
            "Tariff" => return self.taxes_down(members),
            "TariffElement" => {
                let restrictions = members.get("restrictions").and_then(Node::as_object);
                if restrictions.is_some_and(|given| given.get("booking").is_some()) {
                    // without the restriction the element would apply where it must not
                    self.lose("", LossKind::Dropped, "OCPI 2.2.1 has no such restriction, so the element goes");
                    return Ok(false);
                }
            }
            "Credentials" => {
                if let Some(hub) = members.take("hub_party_id") {
                    let party = hub.as_text().and_then(|text| Party::from_hub_party_id(&text));
                    let party = party.ok_or_else(|| self.impossible("hub_party_id", "names no party"))?;
                    let details = members
                        .get("roles")
                        .and_then(|roles| roles.as_list().first()?.as_object()?.get("business_details").cloned());
                    let role = Members::of([
                        ("role", Node::string("HUB")),
                        ("business_details", details.ok_or_else(|| self.missing("roles"))?),
                        ("party_id", Node::string(&party.party_id)),
                        ("country_code", Node::string(&party.country_code)),
                    ]);
                    members.put_from("roles", "roles", Node::List(vec![Node::Object(role)]));
                    self.lose(
                        "roles",
                        LossKind::Dropped,
                        "a hub of OCPI 2.2.1 tells the parties behind it by ClientInfo",
                    );
                    self.lose("roles", LossKind::Defaulted, "the hub gets the business details of the first party");
                    self.lose("hub_party_id", LossKind::Derived, "the hub is named by its role");
                }
            }
            _ => {}
        }
        Ok(true)
    }

    /// Prices of 2.2.1 exclude taxes.
    fn taxes_down(&mut self, members: &mut Members) -> Keep {
        let included = members.take("tax_included").and_then(|value| value.as_text());
        let included = included.as_deref().unwrap_or("NO");
        self.lose("tax_included", LossKind::Derived, "prices of OCPI 2.2.1 exclude VAT");
        if included == "NO" {
            return Ok(true);
        }
        let mut vat_lost = false;
        let mut unknown = false;
        if let Some(Node::List(elements)) = members.get_mut("elements") {
            for element in elements {
                let Node::Object(element) = element else { continue };
                let Some(Node::List(components)) = element.get_mut("price_components") else { continue };
                for component in components {
                    let Node::Object(component) = component else { continue };
                    if included == "N/A" {
                        vat_lost |= component.take("vat").is_some();
                        continue;
                    }
                    match net_price(component) {
                        Some(price) => component.put("price", Node::number(price)),
                        None => unknown = true,
                    }
                }
            }
        }
        if unknown {
            return Err(self.impossible("elements", "prices contain taxes of an unknown rate"));
        }
        if included == "YES" {
            self.lose("elements", LossKind::Derived, "taxes were taken out of the prices");
        }
        if vat_lost {
            self.lose("elements", LossKind::Dropped, "no taxes apply, so rates of VAT go");
        }
        Ok(true)
    }
}

/// The price without VAT, to four decimals (rule NUM-01).
fn net_price(component: &Members) -> Option<Decimal> {
    let price = component.number("price")?;
    if price.is_zero() {
        return Some(price);
    }
    let rate = component.number("vat")?.checked_div(Decimal::ONE_HUNDRED)?.checked_add(Decimal::ONE)?;
    Some(price.checked_div(rate)?.round_dp(4).normalize())
}
