#!/usr/bin/env python3
"""Requests answered per second, in turns in one run: snmpd, our agent engine on a socket, and `wiretalk-cli live` (without and with a
scenario) with everything that it records; only printing it, which is another thread's work, is left out. 16 requests are under way;
GetBulk asks for 10 repetitions."""
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

RATE, UDP, CLI, SCENARIO = sys.argv[1:5]
SECONDS, ROUNDS = 0.5, 3
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


def start_live(folder, *scenario):
    ready = folder / "ready"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        offset = probe.getsockname()[1] % 20000 + 20000
    process = subprocess.Popen([CLI, "live", "--discard", "--quiet", "--ready-file", str(ready), "--port-offset", str(offset), *scenario],
                               stdout=subprocess.DEVNULL)
    end = time.monotonic() + 10
    while time.monotonic() < end and not ready.exists() and process.poll() is None:
        time.sleep(0.05)
    services = [line.split() for line in ready.read_text().splitlines()] if ready.exists() else []
    return process, next((f"{address}:{port}" for service, address, port in services if service == "snmp"), None)


def start_scenario(folder):
    return start_live(folder, SCENARIO)


def rate(port, operation):
    done = subprocess.run([RATE, port, "public", operation, str(SECONDS)], stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def main():
    starts = {"snmpd": start_snmpd, "engine on a socket": start_engine, "wiretalk-cli live": start_live, "live, a scenario": start_scenario}
    with contextlib.ExitStack() as stack:
        ports = {}
        for name, start in starts.items():
            process, port = start(pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory())))
            stack.callback(process.wait)
            stack.callback(process.terminate)
            ports[name] = str(port)
        time.sleep(1)
        for operation in ("get", "next", "bulk"):
            rates = {name: [] for name in ports}
            for _ in range(ROUNDS):
                for name, port in ports.items():
                    said = rate(port, operation)
                    print(f"{name:20} {operation:5} {said}", flush=True)
                    rates[name].append(float(said.split()[0]))
            middle = {name: sorted(all_rates)[ROUNDS // 2] for name, all_rates in rates.items()}
            for name in ports:
                print(f"{name:20} {operation:5} {middle[name] / middle['snmpd']:.1f} times snmpd (medians)", flush=True)


main()
