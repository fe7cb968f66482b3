#![no_main]

use chargewire_fuzz_ocpi::handshake;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| handshake(input));
