#!/usr/bin/env python3
"""Our IMAP client fetches from Dovecot: what it gets is what lies there.

imap-fetch.py FETCH: FETCH is the program imap-fetch."""
import getpass
import hashlib
import mailbox
import sys

from pop3_dovecot import dovecot
from wiretalk import folder, main, run

FETCH = sys.argv[1]
MAILS = [b"Subject: dots\r\n\r\n.\r\n..\r\n", b"Subject: a literal?\r\n\r\n{3}\r\n)\r\na4 OK\r\n",
         b"Subject: long\r\n\r\n" + b"line\r\n" * 50000]
MAILS += [b"Subject: %d\r\n\r\n" % i + b"x" * i + b"\r\n" for i in range(500)]


def our_client_fetches_from_dovecot():
    if getpass.getuser() != "root":
        print("# Dovecot wants to be started by root")
        return
    with folder() as f, dovecot(f, "imap") as port:
        assert run(FETCH, "127.0.0.1", port, "bob", "secret") == "done\n"
        box = mailbox.Maildir(f / "mail" / "bob", create=True)
        for mail in MAILS:
            box.add(mail.replace(b"\r\n", b"\n"))
        run("chown", "-R", "mail:mail", f / "mail")
        output = run(FETCH, "127.0.0.1", port, "bob", "secret").splitlines()
        expected = sorted(f"mail {len(m)} {hashlib.sha256(m).hexdigest()}" for m in MAILS)
        assert output[-1] == "done" and sorted(output[:-1]) == expected, output[:5]
        assert run(FETCH, "127.0.0.1", port, "bob", "wrong").startswith("failed [AUTHENTICATIONFAILED]")


main([our_client_fetches_from_dovecot])
