//! Objects of `ocpi_types`, written and read by the code that reads text: one reading of each rule. Numbers keep their
//! digits that way, times a tenth of a millisecond.

use ocpi_types::{Object, encode_unchecked, v211, v221, v230};

use super::{
    Context, DocumentError, Format, RecordDocument, RecordSource, TariffDocument, TariffSource, record, tariff,
};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::policy::{OffsetTime, Policy, StringNumber};

macro_rules! sources {
    ($trait:ident: $($ty:ty => $format:ident),+) => {$( sources!(@ $trait $ty, $format); )+};
    (@ TariffSource $ty:ty, $format:ident) => {
        impl TariffSource for $ty {
            fn to_tariff(&self, policy: &Policy) -> Result<TariffDocument, DocumentError> {
                let mut document = tariff::read_text(&encode_unchecked(self), Format::$format, policy)?;
                note_habits(self, policy, &mut document.diagnostics)?;
                Ok(document)
            }
        }
    };
    (@ RecordSource $ty:ty, $format:ident) => {
        impl RecordSource for $ty {
            fn to_record(&self, context: &Context, policy: &Policy) -> Result<RecordDocument, DocumentError> {
                let mut document = record::read_text(&encode_unchecked(self), Format::$format, context, policy)?;
                note_habits(self, policy, &mut document.diagnostics)?;
                Ok(document)
            }
        }
    };
}

sources!(TariffSource: v211::Tariff => Ocpi211, v221::Tariff => Ocpi221, v230::Tariff => Ocpi230);
sources!(RecordSource: v211::Cdr => Ocpi211, v221::Cdr => Ocpi221, v230::Cdr => Ocpi230);
sources!(RecordSource: v211::Session => Ocpi211, v221::Session => Ocpi221, v230::Session => Ocpi230);

/// Reports what writing has put right: numbers that came in quotes (R1) and times with an offset (R6).
fn note_habits<T: Object>(object: &T, policy: &Policy, diagnostics: &mut Vec<Diagnostic>) -> Result<(), DocumentError> {
    let mut findings = Findings(std::mem::take(diagnostics));
    for finding in object.validate() {
        let (code, is_refused) = match finding.rule {
            "NUM-04" => (Code::NumberAsString, policy.numbers.string == StringNumber::Reject),
            "DT-03" => (Code::OffsetNotUtc, policy.time.offset == OffsetTime::Reject),
            _ => continue,
        };
        let diagnostic = Diagnostic::new(code, finding.pointer);
        findings.note(if is_refused { diagnostic.into_error() } else { diagnostic });
    }
    if findings.has_error() {
        return Err(DocumentError::of(findings));
    }
    *diagnostics = findings.0;
    Ok(())
}
