"""What a process tree has used so far: CPU time and memory."""

from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Usage:
    """Taken at one moment, over a process and all its children."""

    cpu_s: float
    """User and system time, of ended children too."""
    rss_bytes: int
    peak_bytes: int
    """The sum of each process's own highest resident size; the present size where the system does not tell."""


def read_usage(pid: int) -> Usage:
    """Read the usage of a process and its children."""
    root = psutil.Process(pid)
    cpu_s, rss, peak = 0.0, 0, 0
    for process in (root, *root.children(recursive=True)):
        try:
            times, resident = process.cpu_times(), process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
        cpu_s += times.user + times.system + times.children_user + times.children_system
        rss += resident
        peak += max(resident, _peak(process.pid))
    return Usage(cpu_s=cpu_s, rss_bytes=rss, peak_bytes=peak)


def _peak(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
