"""Starts servers for the bench and asks them as a browser asks."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[1]
ENCODING = "gzip, deflate, br, zstd"
SECONDS = 4


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def granian(target: str, port: int, *, workers: int = 1, threads: int | None = 1) -> list[str]:
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--factory",
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--no-ws",
        "--log-level",
        "error",
        target,
    ]
    return [*command, "--blocking-threads", str(threads)] if threads else command


def gunicorn(target: str, port: int, *, kind: str = "sync", workers: int = 1, threads: int = 1) -> list[str]:
    options = [
        "--worker-class",
        kind,
        "--workers",
        str(workers),
        "--threads",
        str(threads),
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
        "error",
    ]
    return [sys.executable, "-m", "gunicorn", *options, f"{target}()"]


@contextmanager
def running(
    command: list[str], port: int, environment: dict[str, str], *, ready: str
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """Run a server; yields the process and the seconds until it first answered."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                ask(port, ready)
                break
            except OSError:
                if time.perf_counter() - started > 30:
                    raise
                time.sleep(0.02)
        yield process, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait(timeout=20)


def ask(
    port: int, path: str, *, cookie: str = "", data: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """One request; returns status, headers (lower case) and the body as sent."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Accept-Encoding": ENCODING, **({"Cookie": cookie} if cookie else {})}
    if data is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(
        "POST" if data is not None else "GET", path, urlencode(data) if data is not None else None, headers
    )
    answer = connection.getresponse()
    body = answer.read()
    found = {name.lower(): value for name, value in answer.getheaders()}
    connection.close()
    return answer.status, found, body


def sign_in(port: int, identifier: str, password: str) -> str:
    """Sign in to Pandu; returns the cookie that a browser holds after its first page."""
    _, headers, _ = ask(port, "/masuk")
    cookie = headers["set-cookie"].split(";")[0]
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page(port, "/masuk", cookie))
    assert token
    data = {"identifier": identifier, "password": password, "csrf_token": token.group(1)}
    _, headers, _ = ask(port, "/masuk", cookie=cookie, data=data)
    cookie = headers["set-cookie"].split(";")[0]
    _, headers, _ = ask(port, "/belajar", cookie=cookie)
    return headers.get("set-cookie", cookie).split(";")[0]


def page(port: int, path: str, cookie: str = "") -> str:
    """A page's text, asked for without compression."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    return connection.getresponse().read().decode()


def throughput(port: int, path: str, cookie: str) -> float:
    """Requests a second over a few seconds, eight at once; with wrk if it is there."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return _own_loop(port, path, cookie)
    command = [
        wrk,
        "-t1",
        "-c8",
        f"-d{SECONDS}s",
        "-H",
        f"Cookie: {cookie}",
        "-H",
        f"Accept-Encoding: {ENCODING}",
        f"http://127.0.0.1:{port}{path}",
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in text, text
    found = re.search(r"Requests/sec:\s+([\d.]+)", text)
    assert found
    return float(found.group(1))


def _own_loop(port: int, path: str, cookie: str) -> float:
    counts = [0] * 8
    until = time.perf_counter() + SECONDS

    def go(index: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        while time.perf_counter() < until:
            connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": ENCODING})
            connection.getresponse().read()
            counts[index] += 1

    threads = [threading.Thread(target=go, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def write_latencies(
    port: int, path: str, cookie: str, data: dict[str, str], *, each: int = 60, writers: int = 4
) -> list[float]:
    """Milliseconds of each of many writes from several writers at once, sorted."""
    found: list[float] = []

    def go() -> None:
        for _ in range(each):
            started = time.perf_counter()
            status, _, _ = ask(port, path, cookie=cookie, data=data)
            assert status < 400, status
            found.append((time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=go) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def memory(process: subprocess.Popen[bytes]) -> list[int]:
    """MB of each worker below the server's process (of the process itself without workers)."""
    return [_rss(pid) for pid in _workers(process)]


def processor_s(process: subprocess.Popen[bytes]) -> float:
    """Seconds of processor time that the workers have taken: what a busy machine does not distort."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in _workers(process)]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def _workers(process: subprocess.Popen[bytes]) -> list[int]:
    children = [
        int(each) for path in Path(f"/proc/{process.pid}/task").glob("*/children") for each in path.read_text().split()
    ]
    return [pid for pid in children if "resource_tracker" not in _command(pid)] or [process.pid]


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def _rss(pid: int) -> int:
    text = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", text)
    return int(found.group(1)) // 1024 if found else 0
