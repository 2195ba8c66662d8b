"""What the interop tests share: a running `wiretalk-cli live`, Maildirs, and results as TAP lines."""
import contextlib
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

CLI = os.environ.get("WIRETALK_CLI", "wiretalk-cli")
DEADLINE = 20  # seconds that anything may take


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def free_offset():
    """An offset at which every mail service finds its port free."""
    for _ in range(100):
        offset = random.randrange(12000, 60000)
        with contextlib.ExitStack() as stack:
            try:
                for port in (24, 25, 110, 143, 465, 587, 993, 995):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port + offset))
                stack.enter_context(socket.socket(type=socket.SOCK_DGRAM)).bind(("127.0.0.1", 161 + offset))
                return offset
            except OSError:
                pass
    raise AssertionError("no free ports")


def wait_for(condition, what):
    """Waits until condition() is true and returns what it gave."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"did not come within {DEADLINE} s: {what}")


class Serving:
    """A running command that serves. `services` is a list of (service, address, port), `messages()` what it has recorded."""

    def __init__(self, folder, name, *arguments):
        self.folder = pathlib.Path(folder)
        ready = self.folder / f"{name}.ready"
        ready.unlink(missing_ok=True)
        self.log = self.folder / f"{name}.jsonl"
        command = [CLI, name, "--ready-file", str(ready), "--format", "json", *(str(a) for a in arguments)]
        self.errors = open(self.folder / f"{name}.err", "w+")
        data = self.folder / "data"  # where its own certificate is made
        self.certificate = data / "wiretalk" / "tls" / "certificate.pem"
        self.process = subprocess.Popen(command, stdout=open(self.log, "w"), stderr=self.errors,
                                        env={**os.environ, "XDG_DATA_HOME": str(data)})
        wait_for(lambda: ready.exists() or self.process.poll() is not None, "the ready file")
        if self.process.poll() is not None:
            raise AssertionError(f"{' '.join(command)}: exit {self.process.returncode}: {self.error_text()}")
        self.services = [(s, a, int(p)) for s, a, p in (line.split() for line in ready.read_text().splitlines())]

    def error_text(self):
        self.errors.flush()
        return pathlib.Path(self.errors.name).read_text()

    def address(self, service="smtp", nth=0):
        return [(a, p) for s, a, p in self.services if s == service][nth]

    def messages(self):
        return [json.loads(line) for line in self.log.read_text().split("\n")[:-1]]  # the last may be half written

    def memory(self):
        """Resident bytes."""
        return int(pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(DEADLINE)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.process.poll() is None:
            code = self.stop()
            if exception[0] is None:
                assert code == 0, f"exit status {code}: {self.error_text()}"
        self.errors.close()


class Live(Serving):
    """A running `wiretalk-cli live`."""

    def __init__(self, folder, *arguments, scenario=None):
        self.store = pathlib.Path(folder) / "store"
        more = [scenario] if scenario else []
        if not scenario and not any(str(a).startswith("--port") for a in arguments):
            more += ["--port-offset", free_offset()]
        if "--discard" not in arguments and "--store" not in arguments:
            more += ["--store", self.store]
        super().__init__(folder, "live", *arguments, *more)

    def mails(self, user):
        """Contents of all mail of a user, on whichever host."""
        return [p.read_bytes() for p in sorted(self.store.glob(f"*/{user}/new/*")) + sorted(self.store.glob(f"*/{user}/cur/*"))]

    def wait_mails(self, user, count):
        return wait_for(lambda: len(self.mails(user)) >= count and self.mails(user), f"{count} mail(s) for {user}")


@contextlib.contextmanager
def folder():
    with tempfile.TemporaryDirectory(prefix="wiretalk-") as name:
        yield pathlib.Path(name)


def run(*command, stdin=None, expect=0, env=None):
    """Runs a program; returns its output and errors together. A list of exit codes, or None for any, as `expect`."""
    done = subprocess.run([str(c) for c in command], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=DEADLINE, env={**os.environ, **(env or {})})
    codes = None if expect is None else expect if isinstance(expect, (list, tuple)) else [expect]
    output = done.stdout.decode("utf-8", "replace")
    assert codes is None or done.returncode in codes, f"{command[0]}: exit {done.returncode}\n{output}"
    return output


def without_trace(mail):
    """A delivered mail without the header fields that servers put on top (RFC 5321 4.4)."""
    lines = mail.replace(b"\r\n", b"\n").split(b"\n")
    while lines and lines[0].split(b":")[0] in (b"Return-Path", b"Received", b"Delivered-To"):
        lines.pop(0)
        while lines and lines[0][:1] in (b" ", b"\t"):
            lines.pop(0)
    return b"\n".join(lines)


def main(tests):
    """Runs the functions as one TAP test each."""
    print(f"1..{len(tests)}", flush=True)
    failed = 0
    for number, test in enumerate(tests, 1):
        name = test.__name__.replace("_", " ")
        try:
            test()
            print(f"ok {number} - {name}", flush=True)
        except Exception:  # a test that breaks has failed, and the next one runs
            failed += 1
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
            print(f"not ok {number} - {name}", flush=True)
    sys.exit(1 if failed else 0)
