#![no_main]

use chargewire_fuzz::{json_start, payload};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use ocpp_types::Version;

fuzz_target!(|input: &[u8]| payload(Version::V16, input));

fuzz_mutator!(|input: &mut [u8], size: usize, max_size: usize, _seed: u32| {
    // a changed name is hardly ever another message, so the JSON text is what changes
    let start = json_start(&input[..size]).min(max_size);
    start + fuzzer_mutate(&mut input[start..], size - start, max_size - start)
});
