//! Locations: when they are open and who may see them (rules LOC-07, LOC-09, X-LOC-02, X-LOC-16).

use crate::DateTime;

/// The local weekday, 1 is Monday, and minutes since midnight.
fn local(at: DateTime, offset_seconds: i64) -> (i64, u16) {
    let seconds = at.unix_seconds().saturating_add(offset_seconds);
    // 1 January 1970 was a Thursday
    let weekday = (seconds.div_euclid(86_400) + 3).rem_euclid(7) + 1;
    (weekday, u16::try_from(seconds.rem_euclid(86_400) / 60).unwrap_or(0))
}

macro_rules! hours {
    ($version:ident, $around_the_clock:expr) => {
        impl crate::$version::Hours {
            /// Whether the place is open at a moment. `offset_seconds` is the offset of its local time from UTC then.
            ///
            /// Exceptional closings win over everything; ends are not included.
            pub fn is_open(&self, at: DateTime, offset_seconds: i64) -> bool {
                let within = |period: &crate::$version::ExceptionalPeriod| {
                    period.period_begin.convert::<true>() <= at && at < period.period_end.convert::<true>()
                };
                if self.exceptional_closings.iter().any(within) {
                    return false;
                }
                let around_the_clock: fn(&Self) -> bool = $around_the_clock;
                if around_the_clock(self) || self.exceptional_openings.iter().any(within) {
                    return true;
                }
                let (weekday, minute) = local(at, offset_seconds);
                self.regular_hours.iter().any(|hours| {
                    hours.weekday == weekday
                        && hours.period_begin.minutes().is_some_and(|begin| begin <= minute)
                        && hours.period_end.minutes().is_some_and(|end| minute < end)
                })
            }
        }
    };
}

hours!(v211, |hours| hours.twentyfourseven == Some(true));
hours!(v221, |hours| hours.twentyfourseven);
hours!(v230, |hours| hours.twentyfourseven);

macro_rules! visibility {
    ($version:ident) => {
        impl crate::$version::Location {
            /// Whether the owner of a token may see the location: it is published, or the token matches every given
            /// member of one entry of the list.
            pub fn is_visible_to(&self, token: &crate::$version::Token) -> bool {
                self.publish || self.publish_allowed_to.iter().any(|allowed| allowed.matches(token))
            }

            /// The company that operates the location: told by it, or by the role of its owner in the credentials (rule
            /// X-LOC-11).
            pub fn operator_in<'a>(
                &'a self,
                credentials: &'a crate::$version::Credentials,
            ) -> Option<&'a crate::$version::BusinessDetails> {
                self.operator.as_ref().or_else(|| {
                    let owner = |role: &&crate::$version::CredentialsRole| {
                        role.country_code == self.country_code && role.party_id == self.party_id
                    };
                    credentials.roles.iter().find(owner).map(|role| &role.business_details)
                })
            }
        }

        impl crate::$version::PublishTokenType {
            /// Whether a token matches every member that is given; an entry without any matches nothing.
            pub fn matches(&self, token: &crate::$version::Token) -> bool {
                let tells = self.uid.is_some() || self.visual_number.is_some() || self.group_id.is_some();
                tells
                    && self.uid.as_ref().is_none_or(|uid| *uid == token.uid)
                    && self.kind.as_ref().is_none_or(|kind| *kind == token.kind)
                    && self.visual_number.as_ref().is_none_or(|number| token.visual_number.as_ref() == Some(number))
                    && self.issuer.as_ref().is_none_or(|issuer| *issuer == token.issuer)
                    && self.group_id.as_ref().is_none_or(|group| token.group_id.as_ref() == Some(group))
            }
        }
    };
}

visibility!(v221);
visibility!(v230);

impl crate::v211::Location {
    /// The company that operates the location: told by it, or by the credentials (rule X-LOC-10).
    pub fn operator_in<'a>(&'a self, credentials: &'a crate::v211::Credentials) -> &'a crate::v211::BusinessDetails {
        self.operator.as_ref().unwrap_or(&credentials.business_details)
    }
}

macro_rules! display_texts {
    ($version:ident) => {
        impl crate::$version::DisplayText {
            /// The text for a reader of this language: that, or English, or the first (rule TXT-02).
            pub fn best_for<'a>(texts: &'a [Self], language: &str) -> Option<&'a Self> {
                let find = |wanted: &str| texts.iter().find(|text| text.language.eq_ignore_ascii_case(wanted));
                find(language).or_else(|| find("en")).or_else(|| texts.first())
            }
        }
    };
}

display_texts!(v211);
display_texts!(v221);
display_texts!(v230);
