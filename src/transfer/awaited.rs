//! An input that may never come to its end: a pipe whose writer is silent, a terminal.
//!
//! Waits for bytes as long as nobody asks to stop, and then ends with an error. A signal does not
//! interrupt a read, since it is another thread that notices it.

use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};

use crate::progress::Interrupt;

/// How long a wish to stop may go unnoticed, in milliseconds.
const LOOK_EVERY_MS: u8 = 100;

/// An input and who may ask to stop.
pub struct Awaited<R> {
    input: R,
    interrupt: Interrupt,
}

impl<R: Read + AsFd> Awaited<R> {
    /// Reads from an input that keeps nothing back: what a buffer above the descriptor holds would
    /// be waited for in vain.
    #[must_use]
    pub fn new(input: R, interrupt: Interrupt) -> Awaited<R> {
        Awaited { input, interrupt }
    }
}

impl<R: Read + AsFd> Read for Awaited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !has_something(self.input.as_fd())? {
            if self.interrupt.raised() {
                return Err(io::Error::other("somebody asked to stop"));
            }
        }
        self.input.read(buffer)
    }
}

/// Waits for a moment; says whether bytes, the end or an error can be read.
fn has_something(input: BorrowedFd<'_>) -> io::Result<bool> {
    match poll(&mut [PollFd::new(input, PollFlags::POLLIN)], LOOK_EVERY_MS) {
        Ok(ready) => Ok(ready > 0),
        Err(Errno::EINTR) => Ok(false),
        Err(errno) => Err(errno.into()),
    }
}
