#!/usr/bin/env python3
"""POP3 RETR of 2,000 mails in a pipeline, ours and Dovecot's in turn in one run."""
import os
import pathlib
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "interop"))
os.environ.setdefault("WIRETALK_CLI", sys.argv[1] if len(sys.argv) > 1 else "wiretalk-cli")
import pop3_dovecot  # noqa: E402
import wiretalk  # noqa: E402

N_MAILS, N_ROUNDS = 2000, 15


def fill(maildir):
    for part in ("tmp", "new", "cur"):
        (maildir / part).mkdir(parents=True, exist_ok=True)
    text = "".join(f"Line {line} of a mail, as long as people write them.\n" for line in range(40))
    for number in range(N_MAILS):
        (maildir / "cur" / f"{1700000000 + number}.M1P1.bench:2,").write_text(f"From: bob@example.net\nSubject: Mail {number}\n\n{text}")


def fetch(address):
    """Seconds from the first RETR to the last mail."""
    with socket.create_connection(address, timeout=60) as peer:
        peer.sendall(b"USER alice\r\nPASS secret\r\n")
        said = b""
        while said.count(b"\r\n") < 3:
            said += peer.recv(4096)
        start = time.perf_counter()
        peer.sendall(b"".join(b"RETR %d\r\n" % (i + 1) for i in range(N_MAILS)) + b"NOOP\r\n")
        tail, ends = b"", 0
        while True:
            piece = peer.recv(1 << 20)
            ends += (tail[-4:] + piece).count(b"\r\n.\r\n")
            tail = (tail + piece)[-100:]
            if ends >= N_MAILS and tail.endswith(b"\r\n") and b"\r\n.\r\n+OK" in tail:
                seconds = time.perf_counter() - start
                break
        peer.sendall(b"QUIT\r\n")
        peer.recv(4096)
        return seconds


def main():
    with wiretalk.folder() as folder:
        fill(folder / "store" / "mail" / "alice")
        (folder / "dovecot").mkdir()
        folder.chmod(0o755)
        with wiretalk.Live(folder, "--format", "text") as live, pop3_dovecot.dovecot(folder / "dovecot") as port:
            fill(folder / "dovecot" / "mail" / "alice")
            subprocess.run(["chown", "-R", "mail:mail", folder / "dovecot" / "mail"], check=True)
            addresses = {"Wiretalk": live.address("pop3"), "Dovecot": ("127.0.0.1", port)}
            best = {name: 1e9 for name in addresses}
            for _ in range(N_ROUNDS):
                for name, address in addresses.items():
                    best[name] = min(best[name], fetch(address))
            print(f"RETR of {N_MAILS} mails in a pipeline: " + ", ".join(f"{name} {N_MAILS / best[name]:,.0f} mails/s" for name in addresses))


main()
