#![no_main]

use chargewire_fuzz::connection;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| connection(input));
