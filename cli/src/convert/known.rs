//! What a conversion can be told beside the document.

use std::path::{Path, PathBuf};

use ocpi_types::{Context, DateTime, Object, Party, decode, v211, v221, v230};

use crate::failure::Failure;
use crate::ocpi;

/// What the document does not tell; whatever is needed and not given is refused.
#[derive(clap::Args)]
#[command(next_help_heading = "What the document does not tell")]
pub(super) struct Known {
    /// Country and party that own the object, which 2.1.1 does not write down: `NL-TNM`.
    #[arg(long, value_name = "COUNTRY-PARTY", value_parser = party)]
    owner: Option<Party>,
    /// Country and party that own the token, if that is not the owner of the object.
    #[arg(long, value_name = "COUNTRY-PARTY", value_parser = party)]
    token_owner: Option<Party>,
    /// Role of the party behind credentials or version details.
    #[arg(long)]
    role: Option<Role>,
    /// Time zone of a location that does not tell it, such as `Europe/Amsterdam`.
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// A location of 2.1.1 is not to be shown to everybody.
    #[arg(long)]
    unpublished: bool,
    /// Convert a location that is not published to 2.1.1 all the same, where everybody may show it.
    #[arg(long)]
    force_unpublished: bool,
    /// Postal code for a place that has none.
    #[arg(long, value_name = "CODE")]
    postal_code: Option<String>,
    /// Seconds after which no result of a command is to be expected.
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<i64>,
    /// No taxes exist where the tariff applies.
    #[arg(long)]
    no_taxes: bool,
    /// Refuse tariffs that are not valid at this time.
    #[arg(long, value_name = "TIME")]
    at: Option<DateTime>,
    /// Cut texts that are too long instead of refusing them.
    #[arg(long)]
    truncate: bool,
    /// File with the Token (2.2.1) that an authorisation of 2.1.1 is about.
    #[arg(long, value_name = "FILE")]
    token: Option<PathBuf>,
    /// File with the CdrToken (2.2.1) behind the `auth_id` of 2.1.1.
    #[arg(long, value_name = "FILE")]
    cdr_token: Option<PathBuf>,
    /// File with the Location (2.1.1) of a session or CDR, which 2.1.1 repeats.
    #[arg(long, value_name = "FILE")]
    location: Option<PathBuf>,
    /// File with the CredentialsRole (2.3.0) of a party behind a hub; give it once for each.
    #[arg(long, value_name = "FILE")]
    hub_role: Vec<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
#[value(rename_all = "UPPER")]
enum Role {
    Cpo,
    Emsp,
}

impl Known {
    pub(super) fn context(&self) -> Result<Context, Failure> {
        let mut context = Context::new();
        context.owner.clone_from(&self.owner);
        context.token_owner.clone_from(&self.token_owner);
        context.role = self.role.map(|role| match role {
            Role::Cpo => "CPO",
            Role::Emsp => "EMSP",
        });
        context.time_zone.clone_from(&self.time_zone);
        context.publish = self.unpublished.then_some(false);
        context.force_unpublished = self.force_unpublished;
        context.postal_code.clone_from(&self.postal_code);
        context.timeout = self.timeout;
        context.no_taxes = self.no_taxes;
        context.now = self.at;
        context.truncate = self.truncate;
        context.token = self.token.as_deref().map(object::<v221::Token>).transpose()?;
        context.cdr_token = self.cdr_token.as_deref().map(object::<v221::CdrToken>).transpose()?;
        context.location = self.location.as_deref().map(object::<v211::Location>).transpose()?;
        context.hub_roles =
            self.hub_role.iter().map(|path| object::<v230::CredentialsRole>(path)).collect::<Result<_, _>>()?;
        Ok(context)
    }
}

/// The option that tells what a conversion has not found.
pub(super) fn option_for(pointer: &str) -> Option<&'static str> {
    Some(match pointer.rsplit('/').next()? {
        "country_code" | "party_id" => "--owner",
        "time_zone" => "--time-zone",
        "role" => "--role",
        "roles" => "--role or --hub-role",
        "token" => "--token",
        "cdr_token" => "--cdr-token",
        "location" => "--location",
        _ => return None,
    })
}

/// Country and party, with or without something between them.
pub(crate) fn party(text: &str) -> Result<Party, String> {
    let joined: String = text.chars().filter(|letter| !matches!(letter, '-' | '*' | '/' | ' ')).collect();
    let party = Party::from_hub_party_id(&joined).filter(Party::is_valid);
    party.ok_or_else(|| "a country of two letters and a party of three are needed, such as NL-TNM".to_owned())
}

fn object<T: Object>(path: &Path) -> Result<T, Failure> {
    let bytes = ocpi::read(Some(path))?;
    let unfit = |why: String| Failure::Unfit { path: path.to_owned(), what: T::SHAPE.name, version: T::VERSION, why };
    let text = str::from_utf8(&bytes).map_err(|error| unfit(error.to_string()))?;
    decode(text).map_err(|error| unfit(error.to_string()))
}
