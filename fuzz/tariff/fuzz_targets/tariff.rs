#![no_main]

use chargewire_fuzz_tariff::priced;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| priced(input));
