//! Many records at once, on all cores.

use std::iter::FusedIterator;

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use crate::pricer::Pricer;

/// Prices many records on all cores: an iterator of texts in, an iterator of results out, in the same order.
///
/// Texts are taken a batch at a time, the next while the last is priced, so memory does not depend on how many there are.
/// What is done with each is up to `price`, such as [`Pricer::totals`] or writing a line of JSON; a record that cannot be
/// priced spoils nothing but its own result. Runs in the rayon pool it is called from.
///
/// # Example
/// ```
/// # use tariff::source::TariffDocument;
/// use tariff::{Policy, Pricer, bulk};
///
/// # let tariff = TariffDocument::read(
/// #     r#"{"id": "1", "currency": "EUR", "elements": [{"price_components": [{"type": "ENERGY", "price": 0.25, "step_size": 1}]}]}"#,
/// #     None,
/// #     &Policy::default(),
/// # )?;
/// # let records = [r#"{"start_date_time": "2024-06-01T10:00:00Z", "end_date_time": "2024-06-01T11:00:00Z", "currency": "EUR",
/// #     "charging_periods": [{"start_date_time": "2024-06-01T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 20}]}]}"#, "broken"];
/// let pricer = Pricer::new(tariff.compile(&Policy::default())?, Policy::default());
/// let results: Vec<_> = bulk(&pricer, records, |pricer, text| pricer.totals(text)).collect();
/// assert!(results[0].is_ok() && results[1].is_err());
/// # Ok::<(), tariff::source::DocumentError>(())
/// ```
pub fn bulk<I, T, R, F>(pricer: &Pricer, texts: I, price: F) -> Bulk<I::IntoIter, T, R, F>
where
    I: IntoIterator<Item = T>,
    I::IntoIter: Send,
    T: AsRef<str> + Send,
    R: Send,
    F: Fn(&mut Pricer, &T) -> R + Sync,
{
    Bulk { pricer: pricer.clone(), texts: texts.into_iter(), price, next: None, done: Vec::new().into_iter() }
}

/// The results of [`bulk`], in the order of the texts.
#[derive(Clone, Debug)]
pub struct Bulk<I, T, R, F> {
    pricer: Pricer,
    texts: I,
    price: F,
    /// Texts that were taken while others were priced; `None` before the first.
    next: Option<Vec<T>>,
    done: std::vec::IntoIter<R>,
}

/// A batch is over with so many records or bytes, whichever comes first.
const BATCH: (usize, usize) = (4096, 8 * 1024 * 1024);

/// What one thread prices without asking for more.
const SHARE: usize = 64;

impl<I, T, R, F> Iterator for Bulk<I, T, R, F>
where
    I: Iterator<Item = T> + Send,
    T: AsRef<str> + Send,
    R: Send,
    F: Fn(&mut Pricer, &T) -> R + Sync,
{
    type Item = R;

    fn next(&mut self) -> Option<R> {
        if let Some(result) = self.done.next() {
            return Some(result);
        }
        let Self { pricer, texts, price, next, done } = self;
        let batch = match next.take() {
            Some(batch) => batch,
            None => take(texts),
        };
        if batch.is_empty() {
            *next = Some(batch);
            return None;
        }
        let (results, following) = rayon::join(|| run(pricer, batch, price), || take(texts));
        *next = Some(following);
        *done = results.into_iter();
        done.next()
    }
}

impl<I, T, R, F> FusedIterator for Bulk<I, T, R, F>
where
    I: FusedIterator<Item = T> + Send,
    T: AsRef<str> + Send,
    R: Send,
    F: Fn(&mut Pricer, &T) -> R + Sync,
{
}

fn take<T: AsRef<str>>(texts: &mut impl Iterator<Item = T>) -> Vec<T> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while batch.len() < BATCH.0 && bytes < BATCH.1 {
        let Some(text) = texts.next() else { break };
        bytes += text.as_ref().len();
        batch.push(text);
    }
    batch
}

fn run<T, R, F>(pricer: &Pricer, batch: Vec<T>, price: &F) -> Vec<R>
where
    T: AsRef<str> + Send,
    R: Send,
    F: Fn(&mut Pricer, &T) -> R + Sync,
{
    batch.into_par_iter().with_min_len(SHARE).map_init(|| pricer.clone(), |pricer, text| price(pricer, &text)).collect()
}
