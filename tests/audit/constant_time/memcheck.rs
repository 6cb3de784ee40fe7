//! What a program tells valgrind's memcheck about its own memory: client requests, by valgrind's documented sequence of
//! instructions, which do nothing on a processor. Not the crate `crabgrind`: building it takes libclang.
#![expect(unsafe_code, reason = "client requests are instructions")]

use std::arch::asm;

const RUNNING_ON_VALGRIND: u64 = 0x1001;
const COUNT_ERRORS: u64 = 0x1201;
const CHANGE_ERROR_DISABLEMENT: u64 = 0x1801;
const MAKE_MEMORY_UNDEFINED: u64 = 0x4d43_0001;

pub fn is_running() -> bool {
    request(RUNNING_ON_VALGRIND, [0; 2]) > 0
}

/// Returns how many errors were found so far.
pub fn errors() -> u64 {
    request(COUNT_ERRORS, [0; 2])
}

/// Runs something whose errors are of no interest.
pub fn unobserved<T>(work: impl FnOnce() -> T) -> T {
    request(CHANGE_ERROR_DISABLEMENT, [1, 0]);
    let result = work();
    request(CHANGE_ERROR_DISABLEMENT, [1_u64.wrapping_neg(), 0]);
    result
}

/// Marks bytes as never written: memcheck follows them, and whatever is computed from them, and reports every
/// conditional jump and every address that depends on them.
pub fn make_undefined(bytes: &mut [u8]) {
    let (address, length) = (bytes.as_mut_ptr().expose_provenance(), bytes.len());
    if let (Ok(address), Ok(length)) = (u64::try_from(address), u64::try_from(length)) {
        request(MAKE_MEMORY_UNDEFINED, [address, length]);
    }
}

fn request(code: u64, arguments: [u64; 2]) -> u64 {
    let block = [code, arguments[0], arguments[1], 0, 0, 0];
    let mut answer = 0_u64;
    // SAFETY: four rotations by 128 bits in all and an exchange of a register with itself change nothing; valgrind
    // reads the block, and writes the answer to rdx (valgrind.h, `VALGRIND_DO_CLIENT_REQUEST_EXPR` for amd64).
    unsafe {
        asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") block.as_ptr(),
            inout("rdx") answer,
        );
    }
    answer
}
