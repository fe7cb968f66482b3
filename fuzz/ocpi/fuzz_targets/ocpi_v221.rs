#![no_main]

use chargewire_fuzz_ocpi::{object, second_line};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use ocpi_types::Version;

fuzz_target!(|input: &[u8]| object(Version::V2_2_1, input));

fuzz_mutator!(|input: &mut [u8], size: usize, max_size: usize, _seed: u32| {
    // a changed name is hardly ever another class, so the JSON text is what changes
    let start = second_line(&input[..size]).min(max_size);
    start + fuzzer_mutate(&mut input[start..], size - start, max_size - start)
});
