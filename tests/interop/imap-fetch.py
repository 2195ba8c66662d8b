#!/usr/bin/env python3
"""Our IMAP client with Dovecot and with our server: what it gets is what lies there, whatever way it logs in.

imap-fetch.py FETCH: FETCH is the program imap-fetch."""
import getpass
import hashlib
import mailbox
import subprocess
import sys

import imap_talk
from pop3_dovecot import dovecot
from wiretalk import Live, folder, free_port, main, run

FETCH = sys.argv[1]
MAILS = [b"Subject: dots\r\n\r\n.\r\n..\r\n", b"Subject: a literal?\r\n\r\n{3}\r\n)\r\na4 OK\r\n",
         b"Subject: long\r\n\r\n" + b"line\r\n" * 50000]
MAILS += [b"Subject: %d\r\n\r\n" % i + b"x" * i + b"\r\n" for i in range(500)]
WAYS = [("off", "LOGIN"), ("off", "CRAM-MD5"), ("off", "SCRAM-SHA-1"), ("off", "SCRAM-SHA-256"), ("may", "any"), ("must", "PLAIN"), ("must", "LOGIN"),
        ("must", "SCRAM-SHA-256"), ("implicit", "PLAIN"), ("implicit", "SCRAM-SHA-1"), ("implicit", "any")]


def is_root():
    if getpass.getuser() != "root":
        print("# Dovecot wants to be started by root")
    return getpass.getuser() == "root"


def fill(f, mails):
    box = mailbox.Maildir(f / "mail" / "bob", create=True)
    for mail in mails:
        box.add(mail.replace(b"\r\n", b"\n"))
    run("chown", "-R", "mail:mail", f / "mail")


def fill_live(live, mails):
    """Bob's mailbox at our server; his session is given."""
    talk = imap_talk.Talk(live.address("imap"))
    talk.ok(b"LOGIN bob secret")
    for mail in mails:
        talk.append(b"INBOX", mail)
    return talk


def told(mails):
    return sorted(f"mail {len(m)} {hashlib.sha256(m).hexdigest()}" for m in mails)


def fetch(port, *how, password="secret", address="127.0.0.1"):
    """What the program says of mails, and what else."""
    lines = run(FETCH, address, port, "bob", password, *how).splitlines()
    return sorted(l for l in lines if l.startswith("mail ")), [l for l in lines if not l.startswith("mail ")]


def what_lies_in_dovecot_is_fetched():
    if not is_root():
        return
    with folder() as f, dovecot(f, "imap") as port:
        assert fetch(port) == ([], ["login AUTHENTICATE PLAIN ", "done"]), fetch(port)
        fill(f, MAILS)
        mails, rest = fetch(port)
        assert rest[-1] == "done" and mails == told(MAILS), (rest, mails[:3])
        assert fetch(port, password="wrong")[1][-1].startswith("failed [AUTHENTICATIONFAILED]")


def check_ways(address, port, tls_port, mails):
    for tls, mechanism in WAYS:
        where = tls_port if tls == "implicit" else port
        got, rest = fetch(where, tls, mechanism, address=address)
        assert got == told(mails) and rest[-1] == "done", (tls, mechanism, rest)
        assert (tls != "off") == any(line.startswith("tls TLSv1") for line in rest), (tls, rest)
        said = next(line for line in rest if line.startswith("login "))
        expected = "LOGIN" if mechanism == "LOGIN" else "AUTHENTICATE " + ("SCRAM-SHA-256" if mechanism == "any" else mechanism)
        assert said.startswith("login " + expected), (tls, mechanism, rest)
        assert "failed" in fetch(where, tls, mechanism, password="wrong", address=address)[1][-1], (tls, mechanism)


def every_way_into_dovecot():
    if not is_root():
        return
    tls_port = free_port()
    with folder() as f, dovecot(f, "imap", tls_port=tls_port, mechanisms="login cram-md5 scram-sha-1 scram-sha-256") as port:
        fill(f, MAILS[:3])
        check_ways("127.0.0.1", port, tls_port, MAILS[:3])


def login_is_disabled_without_tls():
    if not is_root():
        return
    with folder() as f, dovecot(f, "imap", tls_port=free_port(), plaintext_needs_tls=True) as port:
        assert fetch(port, "off", "LOGIN")[1] == ["failed The server allows no login without TLS"]
        assert fetch(port, "must", "LOGIN")[1][-1] == "done"


def every_way_into_our_server():
    with folder() as f, Live(f) as live:
        fill_live(live, MAILS[:3]).close()
        address, port = live.address("imap")
        check_ways(address, port, live.address("imaps")[1], MAILS[:3])


ALL = """listed INBOX 3
flags 5
result 1 ok
flags 4
result 2 ok
folder INBOX
folder Sent sent
result 3 ok
result 4 ok
removed
result 5 ok
flags 8
removed
result 6 ok
status Grüße & mehr 2 2
result 7 ok
folder Grüße & mehr
folder INBOX
folder Sent sent
result 8 ok
listed Grüße & mehr 2
result 9 ok
result 10 no
result 11 ok
done"""


def check_requests(address, port):
    """Every kind of request does with both servers what it should."""
    rest = [line for line in fetch(port, "off", "LOGIN", "all", address=address)[1] if not line.startswith("login ")]
    folders = sorted(line for line in rest if line.startswith("folder "))
    expected = [line for line in ALL.splitlines() if not line.startswith("folder ")]
    assert [line for line in rest if not line.startswith("folder ")] == expected, "\n".join(rest)
    assert {"folder Sent sent", "folder INBOX", "folder Grüße & mehr"} <= set(folders), folders


def requests_to_dovecot():
    if not is_root():
        return
    with folder() as f, dovecot(f, "imap") as port:
        fill(f, MAILS[:3])
        check_requests("127.0.0.1", port)


def requests_to_our_server():
    with folder() as f, Live(f) as live:
        fill_live(live, MAILS[:3]).close()
        check_requests(*live.address("imap"))


def await_news(address, port, deliver):
    process = subprocess.Popen([FETCH, address, str(port), "bob", "secret", "off", "LOGIN", "idle"], stdout=subprocess.PIPE, text=True)
    lines = [process.stdout.readline() for _ in range(2)]
    assert lines == ["login LOGIN \n", "idle\n"], lines
    deliver()
    output = process.communicate(timeout=40)[0]
    assert output.splitlines() == told(MAILS[:1]) + ["done"], output


def a_new_mail_shows_at_once_in_dovecot():
    if not is_root():
        return
    with folder() as f, dovecot(f, "imap") as port:
        fill(f, MAILS[1:2])
        await_news("127.0.0.1", port, lambda: fill(f, MAILS[:1]))


def a_new_mail_shows_at_once_in_our_server():
    with folder() as f, Live(f) as live:
        talk = fill_live(live, [])
        await_news(*live.address("imap"), lambda: talk.append(b"INBOX", MAILS[0]))
        talk.close()


main([what_lies_in_dovecot_is_fetched, every_way_into_dovecot, login_is_disabled_without_tls, every_way_into_our_server, requests_to_dovecot,
      requests_to_our_server, a_new_mail_shows_at_once_in_dovecot, a_new_mail_shows_at_once_in_our_server])
