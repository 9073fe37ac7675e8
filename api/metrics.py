"""Counts for operators, in the text format of Prometheus (exposition format 0.0.4). No client library: four numbers."""

import threading
import time
from collections import defaultdict
from datetime import datetime
from pathlib import Path

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Requests by route, method and status, and the seconds they took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: defaultdict[tuple[str, str, int], int] = defaultdict(int)
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._within: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(_BUCKETS) + 1))
        self._started = time.time()

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request is answered."""
        place = next((number for number, limit in enumerate(_BUCKETS) if seconds <= limit), len(_BUCKETS))
        with self._lock:
            self._requests[route, method, status] += 1
            self._seconds[route] += seconds
            self._within[route][place] += 1

    def written(self, state: str, published: datetime) -> str:
        """Everything counted since the process began."""
        with self._lock:
            requests = sorted(self._requests.items())
            seconds = dict(self._seconds)
            within = {route: list(counts) for route, counts in sorted(self._within.items())}
        lines = ["# HELP chiso_requests_total Requests answered.", "# TYPE chiso_requests_total counter"]
        for (route, method, status), number in requests:
            labels = f'route="{_escaped(route)}",method="{_escaped(method)}",status="{status}"'
            lines.append(f"chiso_requests_total{{{labels}}} {number}")
        lines += ["# HELP chiso_request_seconds Time to answer.", "# TYPE chiso_request_seconds histogram"]
        for route, counts in within.items():
            label = f'route="{_escaped(route)}"'
            reached = 0
            for limit, number in zip((*map(str, _BUCKETS), "+Inf"), counts, strict=True):
                reached += number
                lines.append(f'chiso_request_seconds_bucket{{{label},le="{limit}"}} {reached}')
            lines.append(f"chiso_request_seconds_sum{{{label}}} {seconds[route]:.6f}")
            lines.append(f"chiso_request_seconds_count{{{label}}} {reached}")
        lines += ["# HELP process_resident_memory_bytes Resident memory.", "# TYPE process_resident_memory_bytes gauge"]
        lines.append(f"process_resident_memory_bytes {_resident()}")
        lines += ["# HELP process_start_time_seconds Start of the process.", "# TYPE process_start_time_seconds gauge"]
        lines.append(f"process_start_time_seconds {self._started:.0f}")
        lines += [
            "# HELP chiso_published_seconds When the state was published.",
            "# TYPE chiso_published_seconds gauge",
        ]
        lines.append(f'chiso_published_seconds{{state="{_escaped(state)}"}} {published.timestamp():.0f}')
        return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _resident() -> int:
    """Resident bytes of this process; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    return 0
