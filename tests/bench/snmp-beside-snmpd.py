#!/usr/bin/env python3
"""Requests answered per second, in turns in one run: snmpd, our agent engine on a socket, and `wiretalk-cli live` with everything
that it records. 16 requests are under way; GetBulk asks for 10 repetitions."""
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

RATE, UDP, CLI = sys.argv[1:4]
SECONDS, ROUNDS = 1, 3
CONFIG = "agentaddress udp:127.0.0.1:{port}\nrocommunity public\nsysDescr a device\n"


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_snmpd(folder):
    port = free_port()
    (folder / "conf").write_text(CONFIG.format(port=port))
    env = {**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": str(folder)}
    process = subprocess.Popen([shutil.which("snmpd", path=os.environ["PATH"] + ":/usr/sbin"), "-f", "-C", "-c", str(folder / "conf"), "-LF", "0",
                                str(folder / "log")], env=env)
    return process, port


def start_engine(_):
    process = subprocess.Popen([UDP, "agent"], stdout=subprocess.PIPE, text=True)
    return process, int(process.stdout.readline())


def start_live(folder):
    ready = folder / "ready"
    process = subprocess.Popen([CLI, "live", "--discard", "--ready-file", str(ready), "--port", "smtp=0"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    end = time.monotonic() + 10
    while time.monotonic() < end and not ready.exists() and process.poll() is None:
        time.sleep(0.05)
    ports = [int(line.split()[2]) for line in ready.read_text().splitlines() if line.startswith("snmp ")] if ready.exists() else []
    return process, ports[0] if ports else None


def main():
    starts = {"snmpd": start_snmpd, "engine on a socket": start_engine, "wiretalk-cli live": start_live}
    for name, start in starts.items():
        with tempfile.TemporaryDirectory() as folder:
            process, port = start(pathlib.Path(folder))
            try:
                time.sleep(1)
                for operation in ("get", "next", "bulk"):
                    for _ in range(ROUNDS if port else 0):
                        done = subprocess.run([RATE, str(port), "public", operation, str(SECONDS)], stdout=subprocess.PIPE, text=True)
                        print(f"{name:20} {operation:5} {done.stdout.strip()}", flush=True)
                if not port:
                    print(f"{name:20} serves no SNMP")
            finally:
                process.terminate()
                process.wait()


main()
