//! Tokens: who decides, and which act as one (rules TOK-02 to TOK-04 and TOK-13).

/// Who decides whether a token may charge.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TokenDecision {
    /// The CPO decides by its list: it may charge.
    Allow,
    /// The CPO decides: it may not charge.
    Deny,
    /// The eMSP has to be asked.
    Ask,
    /// The CPO may decide by its list, with this result, or ask, as it likes.
    Either {
        /// What its list says.
        allow: bool,
    },
}

/// Decides by `Token.whitelist` (its text), `Token.valid`, and whether the eMSP can be reached.
///
/// A token that is not valid does not cancel the duty to ask, since that can have changed (rule TOK-03). A token that has to
/// be asked about is denied when nobody can be asked (rule TOK-04). Unknown texts count as `NEVER`.
pub fn decide_token(whitelist: &str, valid: bool, emsp_reachable: bool) -> TokenDecision {
    let local = if valid { TokenDecision::Allow } else { TokenDecision::Deny };
    match (whitelist, emsp_reachable) {
        ("ALWAYS", _) | ("ALLOWED", false) | ("ALLOWED_OFFLINE", false) => local,
        ("ALLOWED", true) => TokenDecision::Either { allow: valid },
        (_, true) => TokenDecision::Ask,
        (_, false) => TokenDecision::Deny,
    }
}

macro_rules! tokens {
    ($version:ident) => {
        impl crate::$version::Token {
            /// Whether two tokens act as one: the same token, or tokens of one group of the same party (rule TOK-13).
            pub fn acts_like(&self, other: &Self) -> bool {
                let owner = self.country_code == other.country_code && self.party_id == other.party_id;
                let same = self.uid == other.uid && self.kind == other.kind;
                let group = self.group_id.is_some() && self.group_id == other.group_id;
                owner && (same || group)
            }

            /// Who decides whether the token may charge.
            pub fn decide(&self, emsp_reachable: bool) -> super::TokenDecision {
                decide_token(self.whitelist.as_str(), self.valid, emsp_reachable)
            }
        }
    };
}

tokens!(v221);
tokens!(v230);

impl crate::v211::Token {
    /// Who decides whether the token may charge.
    pub fn decide(&self, emsp_reachable: bool) -> TokenDecision {
        decide_token(self.whitelist.as_str(), self.valid, emsp_reachable)
    }
}
