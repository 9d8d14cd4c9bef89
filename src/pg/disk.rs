//! The disk of this machine, for servers that run on it.

/// How many bytes an ordinary user may still fill on the disk of a folder of this machine; none
/// where there is no such folder here.
#[must_use]
pub fn free_bytes(folder: &str) -> Option<u64> {
    let disk = nix::sys::statvfs::statvfs(folder).ok()?;
    #[allow(clippy::useless_conversion, reason = "the number has 32 bits on some systems")]
    let blocks = u64::from(disk.blocks_available());
    Some(blocks.saturating_mul(disk.fragment_size()))
}
