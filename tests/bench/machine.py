"""What of a machine its figures depend on."""

import os
import platform
import re
from pathlib import Path


def described() -> dict[str, str]:
    """Names processor, cores and system; nothing that would tell whose machine it is."""
    flags = set(_of_processor("flags", "Features").split())
    return {
        "processor": _of_processor("model name") or platform.machine(),
        "architecture": platform.machine(),
        "cores": str(os.cpu_count()),
        "SHA extensions": "yes" if flags & {"sha_ni", "sha2"} else "no",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": f"{_distribution()}, {platform.system()} {platform.release()}",
    }


def _of_processor(*names: str) -> str:
    path = Path("/proc/cpuinfo")
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = re.search(rf"^(?:{'|'.join(names)})\s*: (.*)$", text, flags=re.MULTILINE)
    return found[1] if found else ""


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.platform()
