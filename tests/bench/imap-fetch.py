#!/usr/bin/env python3
"""IMAP UID FETCH of a mailbox of 2,000 mails, ours and Dovecot's in turn in one run: the first time, and the best of those that
follow. Then the memory of 1,000 idle sessions, of a server that has done nothing else."""
import os
import pathlib
import resource
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "interop"))
os.environ.setdefault("WIRETALK_CLI", sys.argv[1] if len(sys.argv) > 1 else "wiretalk-cli")
import imap_talk  # noqa: E402
import wiretalk  # noqa: E402

N_MAILS, N_ROUNDS, N_SESSIONS = 2000, 15, 1000
PROGRAM = b"FLAGS BODY.PEEK[HEADER.FIELDS (Date From To Cc Subject Message-ID References)]"  # as mail programs list a folder


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


def compare(talks, what):
    """Each in turn, so that what else the machine does meets both."""
    first, best = {}, {}
    for _ in range(N_ROUNDS):
        for name, talk in talks.items():
            seconds, _received = fetch(talk, what)
            first.setdefault(name, seconds)
            best[name] = min(best.get(name, seconds), seconds)
    print(f"UID FETCH 1:{N_MAILS} ({what.decode()}): " + ", ".join(
        f"{name} {N_MAILS / best[name]:,.0f} mails/s (first {N_MAILS / first[name]:,.0f})" for name in talks), flush=True)


def fetches():
    with wiretalk.folder() as folder, wiretalk.Live(folder, "--format", "text") as live, imap_talk.Dovecot(folder) as dovecot:
        talks = {"Wiretalk": imap_talk.Talk(live.address("imap"), 120), "Dovecot": imap_talk.Talk(("127.0.0.1", dovecot.port), 120)}
        for talk in talks.values():
            fill(talk)
        for what in (b"FLAGS", b"BODY.PEEK[]", b"ENVELOPE", b"BODYSTRUCTURE", b"FLAGS ENVELOPE", PROGRAM):
            compare(talks, what)


def idle_sessions():
    with wiretalk.folder() as folder, wiretalk.Live(folder, "--format", "text") as live:
        before = live.memory()
        idle = [imap_talk.Talk(live.address("imap"), 120) for _ in range(N_SESSIONS)]
        for talk in idle:
            talk.ok(b"LOGIN bob secret")
            talk.ok(b"SELECT INBOX")
            talk.send(b"IDLE")
            talk.response()
        print(f"{N_SESSIONS} sessions in IDLE: {(live.memory() - before) / N_SESSIONS / 1024:.1f} KiB each, {live.memory() / (1 << 20):.1f} MiB in all")


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    fetches()
    idle_sessions()


main()
