//! Transactions, whose messages must all arrive.

use ocpp_rpc::Instant;
use ocpp_types::{Version, encode, v16};

use super::{Station, TransactionEvent};
use crate::{DropClass, Lane, Message, NotTaken, Part, Store, TransactionKey};

impl<S: Store> Station<S> {
    /// Starts a transaction of 1.6. The key stands for it until the CSMS has given it an id, and after (rules TX16-01 and
    /// TX16-02).
    ///
    /// # Errors
    /// When the message was not taken.
    pub fn start_transaction(
        &mut self,
        now: Instant,
        request: &v16::StartTransactionRequest,
    ) -> Result<TransactionKey, NotTaken> {
        let payload = encode(request)?;
        let message = self.message(Version::V16, "StartTransaction", payload, Part::Start, None);
        Ok(TransactionKey::new(self.take(now, message, true)?))
    }

    /// Reports meter values of a transaction of 1.6; the id of the transaction is filled in when it is known.
    ///
    /// # Errors
    /// When the message was not taken.
    pub fn meter_values(
        &mut self,
        now: Instant,
        key: TransactionKey,
        request: &v16::MeterValuesRequest,
    ) -> Result<u64, NotTaken> {
        let payload = encode(request)?;
        let message = self.message(Version::V16, "MeterValues", payload, Part::Middle(key), Some(DropClass::Meter));
        self.take(now, message, false)
    }

    /// Stops a transaction of 1.6; whatever id the request has, that of the transaction is filled in when it is known.
    ///
    /// # Errors
    /// When the message was not taken.
    pub fn stop_transaction(
        &mut self,
        now: Instant,
        key: TransactionKey,
        request: &v16::StopTransactionRequest,
    ) -> Result<u64, NotTaken> {
        let payload = encode(request)?;
        let mut message = self.message(Version::V16, "StopTransaction", payload, Part::Stop(key), None);
        message.ends_transaction = true;
        self.take(now, message, false)
    }

    /// Reports an event of a transaction of 2.x. `offline` is set when it is one that happened offline, or is still waiting
    /// when the link goes down (rule Q-04).
    ///
    /// # Errors
    /// When the message was not taken.
    pub fn transaction_event<E: TransactionEvent>(&mut self, now: Instant, event: &E) -> Result<u64, NotTaken> {
        let payload = encode(event)?;
        let mut message = self.message(E::VERSION, E::ACTION, payload, Part::None, event.drop_class());
        message.ends_transaction = event.ends();
        self.take(now, message, event.starts())
    }

    fn message(
        &self,
        version: Version,
        action: &str,
        payload: alloc::string::String,
        part: Part,
        drop_class: Option<DropClass>,
    ) -> Message {
        let mut message = Message::new(version, action, payload, Lane::Transaction);
        message.part = part;
        message.drop_class = drop_class;
        message.uptime = !self.clock.is_set();
        message
    }

    fn take(&mut self, now: Instant, message: Message, starts: bool) -> Result<u64, NotTaken> {
        // what belongs to a transaction from before the boot may wait for acceptance in any case
        if starts && !self.was_accepted && !self.config.transactions_before_accepted {
            return Err(NotTaken::NotAccepted);
        }
        let number = self.outbox.push(message)?;
        self.pump(now);
        Ok(number)
    }
}
