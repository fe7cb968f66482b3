//! What a person or a script tells the station, one command per line.

use std::str::FromStr;

use rust_decimal::Decimal;

/// A command.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Command {
    /// A cable goes in.
    PlugIn(i64),
    /// A cable comes out.
    PlugOut(i64),
    /// A token is held to the reader of an outlet.
    Swipe(i64, String),
    /// The car takes so many Wh more.
    Meter(i64, u32),
    /// An outlet has a fault, or none any more.
    Fault(i64, String),
    /// The network comes and goes.
    Connect,
    Disconnect,
    /// Read no further command before the CSMS has accepted the station and everything has arrived.
    Settle,
    /// Show how it stands.
    Status,
    /// Show the commands.
    Help,
    /// Put everything away and end.
    Stop,
}

/// The commands, as `help` shows them.
pub(crate) const HELP: &str = "\
plug_in N         the cable of outlet N goes into the car
swipe N TAG       TAG is held to the reader of outlet N: starts or stops
meter N KWH       the car at outlet N takes KWH more, and the meter is read
plug_out N        the cable of outlet N comes out
fault N CODE      outlet N breaks; NoError repairs it
connect           the network is there
disconnect        the network is gone
settle            wait until the CSMS has accepted the station and everything has arrived
status            show the outlets, the connection and what waits to be sent
stop              put everything away and end";

/// Why a line is no command.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum NoCommand {
    #[error("no such command; try help")]
    Unknown,
    #[error("it is: {0}")]
    Usage(&'static str),
    #[error("outlet is no number from 1 on")]
    Outlet,
    #[error("energy is no number of kWh from 0 to 10000, with at most 3 decimals")]
    Meter,
}

impl FromStr for Command {
    type Err = NoCommand;

    fn from_str(line: &str) -> Result<Self, NoCommand> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let outlet = |text: &str| text.parse().ok().filter(|number| *number >= 1).ok_or(NoCommand::Outlet);
        let (name, arguments) = words.split_first().ok_or(NoCommand::Unknown)?;
        Ok(match (*name, arguments) {
            ("plug_in", [number]) => Self::PlugIn(outlet(number)?),
            ("plug_out", [number]) => Self::PlugOut(outlet(number)?),
            ("swipe", [number, tag]) => Self::Swipe(outlet(number)?, (*tag).to_owned()),
            ("meter", [number, kwh]) => Self::Meter(outlet(number)?, watt_hours(kwh)?),
            ("fault", [number, code]) => Self::Fault(outlet(number)?, (*code).to_owned()),
            ("connect", []) => Self::Connect,
            ("disconnect", []) => Self::Disconnect,
            ("settle", []) => Self::Settle,
            ("status", []) => Self::Status,
            ("help", []) => Self::Help,
            ("stop", []) => Self::Stop,
            (name, _) => {
                let usage = HELP.lines().find(|usage| usage.split(' ').next() == Some(name));
                return Err(usage.map_or(NoCommand::Unknown, NoCommand::Usage));
            }
        })
    }
}

/// Kilowatt-hours as the whole watt-hours that a meter counts.
fn watt_hours(text: &str) -> Result<u32, NoCommand> {
    let number: Decimal = text.parse().map_err(|_| NoCommand::Meter)?;
    let is_fit = number.is_sign_positive() && number <= Decimal::from(10_000);
    let watt_hours = number.checked_mul(Decimal::ONE_THOUSAND).filter(|number| is_fit && number.is_integer());
    watt_hours.and_then(|number| u32::try_from(number).ok()).ok_or(NoCommand::Meter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_commands() {
        assert_eq!("plug_in 1".parse(), Ok(Command::PlugIn(1)));
        assert_eq!("  swipe 2  04A1B2 ".parse(), Ok(Command::Swipe(2, "04A1B2".into())));
        assert_eq!("meter 1 12.345".parse(), Ok(Command::Meter(1, 12_345)));
        assert_eq!("stop".parse(), Ok(Command::Stop));
    }

    #[test]
    fn a_line_that_is_none_says_why() {
        let error = |line: &str| line.parse::<Command>().unwrap_err();
        assert_eq!(error(""), NoCommand::Unknown);
        assert_eq!(error("explode 1"), NoCommand::Unknown);
        assert_eq!(error("plug_in 0"), NoCommand::Outlet);
        assert_eq!(error("plug_in x"), NoCommand::Outlet);
        for kwh in ["-1", "1.2345", "1e400", "NaN", "99999999999"] {
            assert_eq!(error(&format!("meter 1 {kwh}")), NoCommand::Meter, "{kwh}");
        }
        assert!(error("swipe 1").to_string().starts_with("it is: swipe N TAG"));
    }

    #[test]
    fn help_has_every_command() {
        for line in HELP.lines() {
            let usage = line.split("  ").next().unwrap();
            let example = usage.replace('N', "1").replace("TAG", "A").replace("KWH", "1").replace("CODE", "X");
            assert!(example.parse::<Command>().is_ok(), "{usage}");
        }
    }
}
