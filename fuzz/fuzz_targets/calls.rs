//! Reads bytes as operations (calls, blocks, offences, parameters), runs them on the three pallets,
//! compares all books with the naive model and checks every invariant after each.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
	economics_tests::driver::run(bytes);
});
