//! A timer that goes on while the computer sleeps, as tokio's does not.

use std::time::Duration;

/// Waits so long, sleep of the computer included; where the system has no such timer, not included.
pub async fn after(time: Duration) {
    if boot_time::after(time).await.is_err() {
        tokio::time::sleep(time).await;
    }
}

#[cfg(target_os = "linux")]
mod boot_time {
    use nix::sys::timerfd::{ClockId, Expiration, TimerFd, TimerFlags, TimerSetTimeFlags};
    use std::io;
    use std::os::fd::OwnedFd;
    use std::time::Duration;
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    pub(crate) async fn after(time: Duration) -> io::Result<()> {
        let flags = TimerFlags::TFD_NONBLOCK | TimerFlags::TFD_CLOEXEC;
        let timer = TimerFd::new(ClockId::CLOCK_BOOTTIME, flags)?;
        // A time of zero would be none at all.
        let time = time.max(Duration::from_nanos(1));
        timer.set(Expiration::OneShot(time.into()), TimerSetTimeFlags::empty())?;
        let timer = readable(timer.into())?;
        timer.readable().await.map(drop)
    }

    #[expect(deprecated, reason = "its successor is unsafe to call, and safe with an OwnedFd, as this is")]
    fn readable(timer: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
        AsyncFd::with_interest(timer, Interest::READABLE)
    }
}

#[cfg(not(target_os = "linux"))]
mod boot_time {
    use std::io;
    use std::time::Duration;

    pub(crate) async fn after(_: Duration) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
