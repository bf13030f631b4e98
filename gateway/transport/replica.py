"""One address of a service, with all that the policies know of it."""

from dataclasses import dataclass


@dataclass(eq=False)
class Replica:
    """`in_flight`: requests that it is working on for this worker. The rest belongs to outlier ejection."""

    host: str
    port: int
    in_flight: int = 0
    failures: int = 0  # in a row
    ejections: int = 0  # in a row, each twice as long as the one before
    ejected_at: float = 0.0  # on the monotonic clock
    ejected_until: float = 0.0
    probed: bool = False

    def admits(self, now: float) -> bool:
        """Whether it may be asked: it is not ejected, or its time is over and nobody is probing it yet."""
        return self.ejections == 0 or (now >= self.ejected_until and not self.probed)
