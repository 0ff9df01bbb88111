"""Pace limits as token buckets; the clock is the caller's."""

from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """Lets `burst` pass at once and `per_second` in the long run."""

    per_second: float
    burst: float
    left: float
    at: float
    """Seconds of the caller's monotonic clock when `left` was true."""

    def take(self, now: float) -> bool:
        """Take one if there is one."""
        self.left = min(self.burst, self.left + (now - self.at) * self.per_second)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


def full_bucket(per_second: float, burst: float, now: float) -> Bucket:
    """Return a bucket nobody has drawn from."""
    return Bucket(per_second=per_second, burst=burst, left=burst, at=now)
