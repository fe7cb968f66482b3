//! Tariffs ready for pricing.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::policy::Policy;
use crate::tariff::Tariff;

/// One or more tariffs, checked and ready for pricing any number of usages.
#[derive(Clone, Debug)]
pub struct Compiled {
    pub(crate) tariffs: Vec<Tariff>,
    pub(crate) findings: Findings,
}

impl Compiled {
    /// Checks tariffs and makes them ready for pricing together; the first of them is the default of a session (R10).
    ///
    /// # Errors
    /// When a tariff cannot be priced exactly; the diagnostics say what and where (with several tariffs, pointers start with
    /// the index of the tariff).
    pub fn new(tariffs: &[Tariff], _policy: &Policy) -> Result<Self, CompileError> {
        let mut findings = Findings::new();
        for (index, tariff) in tariffs.iter().enumerate() {
            let prefix = if tariffs.len() == 1 { String::new() } else { format!("/{index}") };
            if tariff.elements.is_empty() {
                findings.note(Diagnostic::new(Code::TariffWithoutElements, format!("{prefix}/elements")));
            }
        }
        if findings.has_error() {
            return Err(CompileError { diagnostics: findings.0 });
        }
        Ok(Self { tariffs: tariffs.to_vec(), findings })
    }

    /// The tariffs, as they were given.
    #[must_use]
    pub fn tariffs(&self) -> &[Tariff] {
        &self.tariffs
    }

    /// What was noticed about the tariffs.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.findings.0
    }
}

/// A tariff cannot be priced exactly.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("tariff refused: {}", .diagnostics.iter().find(|found| found.severity == crate::Severity::Error).map_or_else(String::new, |found| format!("{found}")))]
pub struct CompileError {
    /// What was found; at least one is an error.
    pub diagnostics: Vec<Diagnostic>,
}
