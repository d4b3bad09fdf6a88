"""How much memory this process has, as Linux sees it: resident, in MB."""

import os
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
MEGA = 1e6


def resident() -> float:
    """Return what it has now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE / MEGA


def peak() -> float:
    """Return the most it had; ``ru_maxrss`` would begin with what the parent had at the fork."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / MEGA
