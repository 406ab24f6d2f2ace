//! Memory from the process's heap, and the functions of a C runtime that the compiler takes for granted.

use super::api;
use core::slice;

/// Zeroed elements on the heap.
pub struct Buffer<T: Copy> {
    start: *mut T,
    len: usize,
}

impl<T: Copy> Buffer<T> {
    /// `None` where there is no memory. `T` is a number: zero bytes are a value of it.
    pub fn new(len: usize) -> Option<Buffer<T>> {
        const HEAP_ZERO_MEMORY: u32 = 8;
        let bytes = len.checked_mul(size_of::<T>())?;
        // SAFETY: the process's heap is always there.
        let start: *mut T = unsafe { api::HeapAlloc(api::GetProcessHeap(), HEAP_ZERO_MEMORY, bytes) }.cast();
        (!start.is_null()).then_some(Buffer { start, len })
    }

    pub fn as_slice(&self) -> &[T] {
        // SAFETY: `start` holds `len` zeroed or written elements for as long as this lives.
        unsafe { slice::from_raw_parts(self.start, self.len) }
    }

    pub fn as_mut_ptr(&mut self) -> *mut T {
        self.start
    }
}

impl<T: Copy> Drop for Buffer<T> {
    fn drop(&mut self) {
        // SAFETY: the memory came from this heap and nobody has it any more.
        unsafe { api::HeapFree(api::GetProcessHeap(), 0, self.start.cast()) };
    }
}

#[cfg(not(test))]
mod runtime {
    // Volatile, so that the compiler does not see a loop that copies and call the function itself for it.

    // SAFETY: the name and the meaning are those that the compiler expects.
    #[unsafe(no_mangle)]
    unsafe extern "C" fn memset(to: *mut u8, value: i32, count: usize) -> *mut u8 {
        for at in 0..count {
            // SAFETY: the caller gives `count` writable bytes.
            unsafe { to.add(at).write_volatile(value as u8) };
        }
        to
    }

    // SAFETY: as above.
    #[unsafe(no_mangle)]
    unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
        for at in 0..count {
            // SAFETY: the caller gives `count` bytes on both sides.
            unsafe { to.add(at).write_volatile(from.add(at).read_volatile()) };
        }
        to
    }
}
