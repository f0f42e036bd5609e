"""Starts the product's own server for tests, as `make run` does."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
START_WITHIN_S = 180
"""How long a busy machine may take to migrate, import and build the demo."""


def start_server(data: Path, **settings: str) -> tuple[subprocess.Popen[bytes], str]:
    """Start on a free port, by default the demo; returns the process and the address once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "PANDU_DEMO": "1",
        "PANDU_DATA_DIR": str(data),
        "PORT": str(port),
        "PYTHONWARNINGS": "default",
        **settings,
    }
    with (data / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "lms.serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + START_WITHIN_S
    while process.poll() is None and time.monotonic() < until:
        try:
            with urlopen(f"{address}/sehat"):
                return process, address
        except (URLError, ConnectionError):
            time.sleep(0.1)
    process.kill()
    raise AssertionError((data / "server.log").read_text())
