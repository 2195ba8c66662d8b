#!/usr/bin/env python3
"""IMAP UID FETCH of a mailbox of 2,000 mails, ours and Dovecot's in turn in one run, and the memory of 1,000 idle sessions."""
import os
import pathlib
import resource
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "interop"))
os.environ.setdefault("WIRETALK_CLI", sys.argv[1] if len(sys.argv) > 1 else "wiretalk-cli")
import imap_talk  # noqa: E402
import wiretalk  # noqa: E402

N_MAILS, N_ROUNDS, N_SESSIONS = 2000, 5, 1000


def mail(number):
    text = "\r\n".join(f"Line {line} of mail {number}, as long as people write them." for line in range(40))
    return (f"From: bob@example.net\r\nTo: alice@example.org\r\nSubject: Mail {number}\r\nMessage-ID: <{number}@example.net>\r\n"
            f"Date: Mon, 23 Nov 2026 15:00:00 +0000\r\n\r\n{text}\r\n").encode()


def fill(talk):
    """Without waiting: each APPEND is answered when it is on disk."""
    talk.ok(b"LOGIN alice secret")
    for first in range(0, N_MAILS, 50):
        for number in range(first, first + 50):
            data = mail(number)
            talk.socket.sendall(b"a%d APPEND INBOX {%d+}\r\n" % (number, len(data)) + data + b"\r\n")
        for number in range(first, first + 50):
            assert b" OK " in talk.response()
    talk.ok(b"SELECT INBOX")


def fetch(talk, what):
    """Seconds of one UID FETCH of all."""
    start = time.perf_counter()
    talk.socket.sendall(b"f UID FETCH 1:* (%s)\r\n" % what)
    end, tail, received = b"\r\nf OK ", b"", 0
    while True:
        piece = talk.socket.recv(1 << 20)
        received += len(piece)
        tail = (tail + piece)[-200:]
        if end in tail:
            return time.perf_counter() - start, received


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    with wiretalk.folder() as folder, wiretalk.Live(folder, "--format", "text") as live, imap_talk.Dovecot(folder) as dovecot:
        talks = {"Wiretalk": imap_talk.Talk(live.address("imap"), 120), "Dovecot": imap_talk.Talk(("127.0.0.1", dovecot.port), 120)}
        for talk in talks.values():
            fill(talk)
        for what in (b"FLAGS", b"BODY.PEEK[]", b"ENVELOPE", b"BODYSTRUCTURE"):
            best = {name: 1e9 for name in talks}
            for _ in range(N_ROUNDS):
                for name, talk in talks.items():
                    seconds, received = fetch(talk, what)
                    best[name] = min(best[name], seconds)
            print(f"UID FETCH 1:{N_MAILS} ({what.decode()}): " + ", ".join(f"{name} {N_MAILS / best[name]:,.0f} mails/s" for name in talks), flush=True)
        before = live.memory()
        idle = [imap_talk.Talk(live.address("imap"), 120) for _ in range(N_SESSIONS)]
        for talk in idle:
            talk.ok(b"LOGIN bob secret")
            talk.ok(b"SELECT INBOX")
            talk.send(b"IDLE")
            talk.response()
        print(f"{N_SESSIONS} sessions in IDLE: {(live.memory() - before) / N_SESSIONS / 1024:.1f} KiB each, "
              f"{live.memory() / (1 << 20):.1f} MiB in all with the trace of the fetches")


main()
