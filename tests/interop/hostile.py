#!/usr/bin/env python3
"""Peers that mean no good: they get 4xx or 5xx and at last 421, memory stays bounded, others are served meanwhile."""
import contextlib
import socket
import struct
import time

import imap_talk
from wiretalk import DEADLINE, Live, folder, main, run, wait_for

MIB = 1024 * 1024


def connect(live):
    peer = socket.create_connection(live.address(), timeout=DEADLINE)
    peer.recv(1000)
    return peer


def talk(peer, *lines):
    """Sends each line, reads one reply to each; returns the last one."""
    reply = b""
    for line in lines:
        peer.sendall(line)
        reply = peer.recv(65536)
    return reply


def read_to_end(peer):
    said = b""
    try:
        while chunk := peer.recv(65536):
            said += chunk
    except ConnectionResetError:
        pass
    return said


def still_serves(live):
    address, port = live.address()
    run("swaks", "--server", f"{address}:{port}", "--to", "bob@example.org")


def send_all(peer, data):
    """As much of it as the other side takes. False: it takes no more."""
    try:
        peer.sendall(data)
    except (BrokenPipeError, ConnectionResetError, socket.timeout):
        return False
    return True


def garbage_ends_with_421():
    with folder() as f, Live(f, "--discard") as live:
        with connect(live) as peer:
            send_all(peer, b"\x00\xff\x80 nonsense\r\n" * 100)
            said = read_to_end(peer)
        assert b"\r\n421 " in said and said.startswith(b"5"), said[:200]
        still_serves(live)


def line_without_end():
    with folder() as f, Live(f, "--discard") as live:
        before = live.memory()
        with connect(live) as peer:
            for _ in range(200):
                send_all(peer, b"x" * 65536)
            said = read_to_end(peer)
        assert b"421" in said or b"500" in said or said == b"", said[:200]
        assert live.memory() - before < 16 * MIB
        still_serves(live)


def mail_larger_than_the_limit():
    with folder() as f, Live(f, "--discard") as live:
        with connect(live) as peer:
            talk(peer, b"EHLO x\r\n", b"MAIL FROM:<a@b.org>\r\n", b"RCPT TO:<bob@example.org>\r\n", b"DATA\r\n")
            before = live.memory()
            for _ in range(64):
                send_all(peer, (b"y" * 998 + b"\r\n") * 1024)
            grown = live.memory() - before
            assert talk(peer, b"\r\n.\r\n").startswith(b"552"), "552"
        assert grown < 48 * MIB, grown  # the limit is 10 MiB; the trace keeps a copy of what came
        still_serves(live)


def smuggling_is_refused():
    """RFC 5321 2.3.8: what is no CR LF ends neither a line nor a mail."""
    for end in (b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r.\r\n", b"\r\n\0.\r\n"):
        with folder() as f, Live(f) as live:
            with connect(live) as peer:
                talk(peer, b"EHLO x\r\n", b"MAIL FROM:<a@b.org>\r\n", b"RCPT TO:<bob@example.org>\r\n", b"DATA\r\n")
                reply = talk(peer, b"Subject: one\r\n\r\ntext" + end + b"MAIL FROM:<evil@b.org>\r\nRCPT TO:<alice@example.org>\r\nDATA\r\nSubject: two\r\n\r\n.\r\n")
            assert reply.startswith(b"550" if end != b"\r\n\0.\r\n" else b"2"), (end, reply)
            assert not live.mails("alice"), end


def thousand_idle_connections():
    with folder() as f, Live(f, "--discard") as live:
        before = live.memory()
        peers = [connect(live) for _ in range(1000)]
        each = (live.memory() - before) / 1000
        print(f"# {each / 1024:.1f} KiB resident a connection, 1,000 idle")
        assert each < 64 * 1024
        still_serves(live)
        for peer in peers:
            peer.close()
        still_serves(live)


def half_a_mail_then_gone():
    with folder() as f, Live(f) as live:
        for linger in (False, True):
            peer = connect(live)
            talk(peer, b"EHLO x\r\n", b"MAIL FROM:<a@b.org>\r\n", b"RCPT TO:<bob@example.org>\r\n", b"DATA\r\n")
            peer.sendall(b"Subject: half\r\n\r\nnot all")
            if linger:  # RST instead of FIN
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.close()
        still_serves(live)
        assert len(live.wait_mails("bob", 1)) == 1


def never_reads():
    """A peer that sends commands and reads no replies is not served without bound."""
    with folder() as f, Live(f, "--discard") as live:
        before = live.memory()
        with connect(live) as peer:
            peer.settimeout(2)
            assert not all(send_all(peer, b"HELP\r\n" * 4096) for _ in range(1000)), "24 MB of commands taken"
            assert live.memory() - before < 64 * MIB, live.memory() - before
        still_serves(live)


def http_is_sent_away():
    with folder() as f, Live(f, "--discard") as live:
        output = run("curl", "-sS", "--http0.9", "http://%s:%d/" % live.address(), expect=None)
        assert "421" in output, output


@contextlib.contextmanager
def imap(live):
    with contextlib.closing(imap_talk.Talk(live.address("imap"))) as talk:
        talk.ok(b"LOGIN alice secret")
        yield talk


def mailbox_names_stay_inside():
    """Whatever a mailbox is called, it lies within its user's folder or is refused."""
    names = [b'"../../evil"', b'"/etc/evil"', b'".."', b'"."', b'"a/../../evil"', b'"a//evil"', b'"./evil"', b'"' + b"x" * 300 + b'"',
             b'"' + b"a/" * 200 + b'b"', b'"&AAA-"', b'"\xff\xfe"', b'"a.b"', b'"~root"', b'".hidden"', b'"cur"', b'"new/x"', b'"a%b*c"']
    with folder() as f, Live(f) as live, imap(live) as talk:
        before = {p.name for p in f.iterdir()}
        for name in names:
            _untagged, said = talk.command(b"CREATE " + name)
            if said.startswith(b"OK"):
                talk.ok(b"APPEND " + name + b" ", b"Subject: x\r\n\r\n", b"")
                talk.ok(b"SELECT " + name)
                talk.ok(b"UNSELECT")
                talk.ok(b"DELETE " + name)
            else:
                assert said.startswith((b"NO", b"BAD")), (name, said)
        talk.ok(b"LIST \"\" *")
        assert {p.name for p in f.iterdir()} == before, list(f.iterdir())
        outside = [p for p in live.store.glob("*/*") if p != live.store / "mail" / "alice"]
        assert not outside, outside


def imap_bombs():
    """Literals, nesting, sets and lists as large as they come: an answer at once, memory as before, others are served."""
    bombs = [b"SELECT {4294967296}", b"APPEND INBOX {99999999999}", b"SEARCH " + b"(" * 60000, b"SEARCH " + b"NOT " * 15000 + b"ALL",
             b"SEARCH " + b"OR " * 20000 + b"ALL ALL", b"SEARCH " + b"TEXT a " * 8000 + b"ALL", b"FETCH 1 (" + b"(" * 60000,
             b"FETCH " + b"1:*," * 15000 + b"1 FLAGS", b"FETCH 1 BODY[" + b"1." * 30000 + b"1]",
             b"FETCH 1 BODY[HEADER.FIELDS (" + b"a " * 30000 + b"a)]", b"STORE 1 FLAGS (" + b" ".join(b"k%d" % i for i in range(9000)) + b")",
             b"LIST () (" + b'"*" ' * 10000 + b'"*")', b"x" * 65000, b"SELECT \"" + b"a" * 60000]
    with folder() as f, Live(f) as live, imap(live) as talk:
        talk.append(b"INBOX", b"Subject: one\r\n\r\ntext\r\n")
        talk.ok(b"SELECT INBOX")
        before = live.memory()
        for bomb in bombs:
            start = time.monotonic()
            untagged, said = talk.command(bomb)
            assert said.startswith((b"OK", b"NO", b"BAD")) and len(untagged) < 10, (bomb[:40], said, len(untagged))
            assert time.monotonic() - start < 5, bomb[:40]
        with imap(live) as other:
            other.ok(b"SELECT INBOX")
        assert live.memory() - before < 64 << 20, (before, live.memory())


main([garbage_ends_with_421, line_without_end, mail_larger_than_the_limit, smuggling_is_refused, thousand_idle_connections,
      half_a_mail_then_gone, never_reads, http_is_sent_away,
      mailbox_names_stay_inside, imap_bombs])
