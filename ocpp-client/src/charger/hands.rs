//! What people and cars do at a charger.

use ocpp_rpc::Instant;
use ocpp_types::{Version, v16};

use super::messages::{Context, Happening};
use super::transactions::{Ending, Start};
use super::{Charger, ChargerError};
use crate::Store;

impl<S: Store> Charger<S> {
    /// A car is plugged in.
    ///
    /// # Errors
    /// When there is no such outlet, or a car is there already.
    pub fn plug_in(&mut self, now: Instant, outlet: i64) -> Result<(), ChargerError> {
        let index = self.index(outlet)?;
        if self.outlets[index].is_plugged {
            return Err(ChargerError::Taken(outlet));
        }
        self.outlets[index].is_plugged = true;
        self.outlets[index].is_finished = false;
        let works = self.outlets[index].fault.is_none();
        if let Some(grant) = self.outlets[index].grant.take_if(|_| works) {
            self.start(now, index, grant, Start::PluggedIn);
        }
        self.report_changes(now);
        self.settle(now);
        Ok(())
    }

    /// The car is unplugged; its transaction ends (rules TX16-10 and TX2-20).
    ///
    /// # Errors
    /// When there is no such outlet, or no car.
    pub fn plug_out(&mut self, now: Instant, outlet: i64) -> Result<(), ChargerError> {
        let index = self.index(outlet)?;
        if !self.outlets[index].is_plugged {
            return Err(ChargerError::Empty(outlet));
        }
        self.outlets[index].is_plugged = false;
        self.outlets[index].is_finished = false;
        self.outlets[index].is_paused = false;
        self.end(now, index, Ending::Unplugged);
        self.report_changes(now);
        self.settle(now);
        Ok(())
    }

    /// Somebody presents a token, to start or to stop.
    ///
    /// # Errors
    /// When there is no such outlet, or it is out of service.
    pub fn swipe(&mut self, now: Instant, outlet: i64, token: &str) -> Result<(), ChargerError> {
        let index = self.index(outlet)?;
        self.check_in_service(index)?;
        self.present(now, index, token);
        self.report_changes(now);
        self.settle(now);
        Ok(())
    }

    /// Somebody presses the button of an outlet, which needs no token: to start, or to stop what it has started (rule
    /// TX2-26). 1.6 has no such button.
    ///
    /// # Errors
    /// When there is no such outlet or no button, or it is out of service.
    pub fn press(&mut self, now: Instant, outlet: i64) -> Result<(), ChargerError> {
        let index = self.index(outlet)?;
        if self.version() == Version::V16 {
            return Err(ChargerError::NoButton(outlet));
        }
        self.check_in_service(index)?;
        match &self.outlets[index].transaction {
            Some(transaction) if transaction.is_authorized && transaction.token.is_empty() => {
                self.end_permission(now, index, Ending::Local);
            }
            Some(transaction) if transaction.is_authorized => self.refuse_token(index, ""),
            _ => self.grant(now, index, "", None, None),
        }
        self.report_changes(now);
        self.settle(now);
        Ok(())
    }

    /// The car takes no energy for a while, or takes it again (rules TX2-30 and ST-03).
    ///
    /// # Errors
    /// When there is no such outlet, or no car.
    pub fn pause(&mut self, now: Instant, outlet: i64, pauses: bool) -> Result<(), ChargerError> {
        let index = self.index(outlet)?;
        if !self.outlets[index].is_plugged {
            return Err(ChargerError::Empty(outlet));
        }
        let changes = core::mem::replace(&mut self.outlets[index].is_paused, pauses) != pauses;
        if changes && self.is_told_of_states(index) {
            if pauses && self.stops_at("EnergyTransfer") {
                self.end(now, index, Ending::Paused);
            } else {
                self.tell_or_lose(now, index, Happening::StateChanged);
                self.save();
            }
        }
        self.report_changes(now);
        self.settle(now);
        Ok(())
    }

    /// By how many phases the car at an outlet charges; the next message of its transaction tells (rule TX2-24).
    ///
    /// # Errors
    /// When there is no such outlet.
    pub fn set_phases(&mut self, outlet: i64, phases: Option<u8>) -> Result<(), ChargerError> {
        let index = self.index(outlet)?;
        self.outlets[index].phases = phases;
        Ok(())
    }

    /// The outlet breaks; its transaction ends (rule TX2-14).
    ///
    /// # Errors
    /// When there is no such outlet.
    pub fn break_down(&mut self, now: Instant, outlet: i64) -> Result<(), ChargerError> {
        self.break_down_from(now, outlet, v16::ChargePointErrorCode::OtherError)
    }

    /// The outlet breaks from this, which only 1.6 is told; its transaction ends (rule TX2-14).
    ///
    /// # Errors
    /// When there is no such outlet.
    pub fn break_down_from(
        &mut self,
        now: Instant,
        outlet: i64,
        cause: v16::ChargePointErrorCode,
    ) -> Result<(), ChargerError> {
        let index = self.index(outlet)?;
        self.end(now, index, Ending::Fault);
        self.outlets[index].grant = None;
        self.outlets[index].fault = Some(cause);
        self.report_changes(now);
        self.settle(now);
        Ok(())
    }

    /// The outlet works again.
    ///
    /// # Errors
    /// When there is no such outlet.
    pub fn repair(&mut self, now: Instant, outlet: i64) -> Result<(), ChargerError> {
        let index = self.index(outlet)?;
        self.outlets[index].fault = None;
        self.report_changes(now);
        self.settle(now);
        Ok(())
    }

    /// The car takes so many Wh, and the register is reported (rules MV-01 and MV-08).
    ///
    /// # Errors
    /// When there is no such outlet, or no transaction that gives energy.
    pub fn meter(&mut self, now: Instant, outlet: i64, energy: u32) -> Result<(), ChargerError> {
        let index = self.index(outlet)?;
        self.take_energy(outlet, energy)?;
        self.sample(now, index, Context::Periodic);
        self.heed_limits(now, index);
        self.settle(now);
        Ok(())
    }

    /// The car takes so many Wh, or what a limit leaves of them; the next periodic reading tells.
    ///
    /// # Errors
    /// When there is no such outlet, or no transaction that gives energy.
    pub fn take_energy(&mut self, outlet: i64, energy: u32) -> Result<(), ChargerError> {
        let index = self.index(outlet)?;
        if !self.outlets[index].is_charging() {
            return Err(ChargerError::Idle(outlet));
        }
        let energy = self.within_limits(index, i64::from(energy));
        let register = &mut self.outlets[index].register;
        *register = register.saturating_add(energy);
        Ok(())
    }

    fn check_in_service(&self, index: usize) -> Result<(), ChargerError> {
        let outlet = &self.outlets[index];
        if outlet.fault.is_some() || (outlet.transaction.is_none() && !outlet.is_operative) {
            return Err(ChargerError::Unavailable(outlet.id));
        }
        Ok(())
    }
}
