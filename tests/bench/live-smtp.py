#!/usr/bin/env python3
"""Live SMTP beside other servers, loaded in the same run by Postfix's smtp-source: messages per second over 1 and 20
connections, discarded and into a Maildir, and the latency of one message.

live-smtp.py WIRETALK_CLI [FOLDER]   FOLDER lies on the file system that is to be measured."""
import contextlib
import os
import pathlib
import shutil
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import time

CLI = sys.argv[1]
FOLDER = sys.argv[2] if len(sys.argv) > 2 else None
SIZE = 1024
ROUNDS = 3  # the best counts: what disturbs only slows
LATENCIES = 400


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port):
    for _ in range(500):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise SystemExit(f"nobody listens on port {port}")


@contextlib.contextmanager
def running(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def wiretalk(*arguments):
    return lambda port: [CLI, "live", "--port", f"smtp={port}", *arguments]


def sink(port):
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    return ["smtp-sink", *user, f"127.0.0.1:{port}", "4096"]


def aiosmtpd(folder):
    return lambda port: ["aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Mailbox", folder]


def rate(port, connections, messages, reconnect):
    """Messages per second."""
    command = ["smtp-source", *([] if reconnect else ["-d"]), "-l", str(SIZE), "-m", str(messages), "-s", str(connections),
               "-f", "alice@example.org", "-t", "bob@example.org", f"127.0.0.1:{port}"]
    best = 0
    for _ in range(ROUNDS):
        start = time.monotonic()
        subprocess.run(command, check=True)
        best = max(best, messages / (time.monotonic() - start))
    return best


def latency(port):
    """Median of milliseconds from MAIL to the reply after the dot, on one connection."""
    text = "Subject: x\r\n\r\n" + "x" * 70 + "\r\n"
    times = []
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.helo()
        for _ in range(LATENCIES):
            start = time.perf_counter()
            client.sendmail("alice@example.org", ["bob@example.org"], text)
            times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def measure(name, command, messages):
    port = free_port()
    with running(command(port)):
        wait_for_port(port)
        rates = [rate(port, 1, messages // 10, False), rate(port, 20, messages, False), rate(port, 20, messages // 2, True)]
        print(f"{name:22} {rates[0]:8.0f}/s {rates[1]:8.0f}/s {rates[2]:12.0f}/s {latency(port):10.3f} ms", flush=True)


def main():
    folder = tempfile.mkdtemp(prefix="wiretalk-bench-", dir=FOLDER)
    store = os.path.join(folder, "store")
    print(f"{SIZE} bytes a message, load by smtp-source, the best of {ROUNDS} runs")
    print(f"{'':22} {'1 conn.':>10} {'20 conn.':>10} {'20, new each':>14} {'latency':>13}")
    measure("smtp-sink", sink, 20000)
    measure("Wiretalk, discarding", wiretalk("--discard"), 20000)
    measure("Wiretalk, Maildir", wiretalk("--store", store), 10000)
    if shutil.which("aiosmtpd"):
        maildir = os.path.join(folder, "aiosmtpd")
        for inner in ("tmp", "new", "cur"):
            pathlib.Path(maildir, inner).mkdir(parents=True)
        measure("aiosmtpd, Maildir", aiosmtpd(maildir), 1000)
    shutil.rmtree(folder)


if shutil.which("smtp-source") is None:
    raise SystemExit("smtp-source is not there: install postfix")
main()
