#![no_main]

use chargewire_fuzz::frame;
use libfuzzer_sys::fuzz_target;
use ocpp_types::Version;

fuzz_target!(|input: &[u8]| frame(Version::V16, input));
