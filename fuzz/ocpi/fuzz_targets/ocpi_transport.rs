#![no_main]

use chargewire_fuzz_ocpi::{second_line, transport};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|input: &[u8]| transport(input));

fuzz_mutator!(|input: &mut [u8], size: usize, max_size: usize, _seed: u32| {
    // the first line says what the rest is
    let start = second_line(&input[..size]).min(max_size);
    start + fuzzer_mutate(&mut input[start..], size - start, max_size - start)
});
