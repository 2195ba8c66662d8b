#!/usr/bin/env python3
"""Real mail programs fetch from live mode by POP3: what they get is what was delivered. And our client fetches from Dovecot.

pop3.py FETCH: FETCH is the program pop3-fetch."""
import contextlib
import getpass
import hashlib
import mailbox
import poplib
import random
import smtplib
import socket
import ssl
import sys
import threading

from pop3_dovecot import dovecot
from wiretalk import DEADLINE, Live, free_port, folder, main, run, wait_for, without_trace

FETCH = sys.argv[1]
MAILS = [b"Subject: dots\r\n\r\n.\r\n..\r\n.x\r\n\r\n.\r\n", b"Subject: empty\r\n\r\n", "Subject: Grüße\r\n\r\nFür Bob\r\n".encode(),
         b"Subject: long\r\n\r\n" + b"x" * 990 + b"\r\n" + b"line\r\n" * 5000]


def deliver(live, mails=MAILS, user="bob"):
    with smtplib.SMTP(*live.address(), timeout=DEADLINE) as smtp:
        for mail in mails:
            smtp.sendmail("alice@example.org", [f"{user}@example.org"], mail, mail_options=["BODY=8BITMIME"])
    return [m.replace(b"\n", b"\r\n") for m in live.wait_mails(user, len(mails))]


def login(live, user="bob", password="secret"):
    client = poplib.POP3(*live.address("pop3"), timeout=DEADLINE)
    client.user(user)
    client.pass_(password)
    return client


def retrieve(client, number):
    return b"".join(line + b"\r\n" for line in client.retr(number)[1])


def poplib_gets_what_was_delivered():
    with folder() as f, Live(f) as live:
        delivered = deliver(live)
        client = login(live)
        count, size = client.stat()
        assert (count, size) == (len(MAILS), sum(map(len, delivered))), (count, size)
        fetched = [retrieve(client, i + 1) for i in range(count)]
        assert sorted(fetched) == sorted(delivered)
        assert [len(m) for m in fetched] == [int(line.split()[1]) for line in client.list()[1]]
        uids = [line.split()[1] for line in client.uidl()[1]]
        assert client.top(1, 0)[1][-1] == b""
        client.dele(2)
        client.quit()
        client = login(live)
        assert [line.split()[1] for line in client.uidl()[1]] == uids[:1] + uids[2:]
        client.dele(1)
        client.close()  # without QUIT nothing is deleted
        wait_for(lambda: login(live).stat()[0] == 3, "the maildrop after a session without QUIT")


def apop_and_wrong_passwords():
    with folder() as f, Live(f) as live:
        poplib.POP3(*live.address("pop3"), timeout=DEADLINE).apop("bob@example.org", "secret")
        for user, password in (("bob", "Secret"), ("nobody", "secret"), ("bob@elsewhere.example", "secret")):
            try:
                login(live, user, password)
            except poplib.error_proto as error:
                assert b"[AUTH]" in error.args[0], error
            else:
                raise AssertionError(f"{user} {password} got in")


def one_session_at_a_time():
    with folder() as f, Live(f) as live:
        client = login(live)
        try:
            login(live)
        except poplib.error_proto as error:
            assert b"[IN-USE]" in error.args[0], error
        else:
            raise AssertionError("two have the maildrop")
        client.quit()
        login(live).quit()


def pipelined_commands():
    with folder() as f, Live(f) as live:
        delivered = deliver(live, [f"Subject: {i}\r\n\r\n{i}\r\n".encode() for i in range(300)])
        with socket.create_connection(live.address("pop3"), timeout=DEADLINE) as peer:
            peer.sendall(b"USER bob\r\nPASS secret\r\n" + b"".join(b"RETR %d\r\n" % (i + 1) for i in range(300)) + b"QUIT\r\n")
            said = b""
            while chunk := peer.recv(65536):
                said += chunk
        assert said.count(b" octets\r\n") == 300 and said.endswith(b"+OK 0 messages deleted, goodbye\r\n"), said[-200:]
        assert all(mail in said for mail in delivered)


def uids_survive_a_restart():
    with folder() as f:
        with Live(f) as live:
            deliver(live)
            client = login(live)
            before = client.uidl()[1]
            client.dele(4)
            client.quit()
        with Live(f) as live:
            deliver(live, MAILS[:1])
            after = login(live).uidl()[1]
            assert after[:3] == before[:3] and len(after) == 4 and after[3].split()[1] not in [b.split()[1] for b in before], (before, after)


def kill9_gives_no_uid_twice():
    """What was answered with 250 is there after kill -9, and a unique-id never names another mail than it did."""
    with folder() as f:
        names, promised, sent = {}, set(), 0  # unique-id -> subject
        random.seed(7)
        for _ in range(12):
            with contextlib.ExitStack() as stack:
                live = Live(f)
                stack.callback(live.errors.close)
                killer = threading.Timer(random.uniform(0.02, 0.4), live.process.kill)
                killer.start()
                with contextlib.suppress(OSError, smtplib.SMTPException, poplib.error_proto, EOFError):
                    while True:
                        with smtplib.SMTP(*live.address(), timeout=DEADLINE) as smtp:
                            for _ in range(3):
                                sent += 1
                                smtp.sendmail("a@example.org", ["bob@example.org"], f"Subject: {sent}\r\n\r\n")
                                promised.add(str(sent))
                        client = login(live)
                        for line in client.uidl()[1]:
                            number, uid = line.split()
                            subject = next(l for l in client.top(int(number), 0)[1] if l.startswith(b"Subject: "))[9:].decode()
                            assert names.setdefault(uid, subject) == subject, (uid, subject, names[uid])
                        client.close()
                killer.cancel()
                live.process.kill()
                live.process.wait()
        with Live(f) as live:
            client = login(live)
            lines = [line.split() for line in client.uidl()[1]]
            there = {uid: next(l for l in client.top(int(n), 0)[1] if l.startswith(b"Subject: "))[9:].decode() for n, uid in lines}
        assert promised <= set(there.values()), promised - set(there.values())
        assert len(promised) > 20 and len(names) > 20, (len(promised), len(names))
        assert all(there.get(uid, subject) == subject for uid, subject in names.items())


def another_program_delivers():
    with folder() as f, Live(f) as live:
        deliver(live, MAILS[:1])
        login(live).quit()
        box = mailbox.Maildir(next(live.store.glob("*/bob")), create=False)
        box.add(b"Subject: from outside\n\nHello\n")
        client = login(live)
        assert client.stat()[0] == 2
        assert retrieve(client, 2) == b"Subject: from outside\r\n\r\nHello\r\n"
        box.clear()
        assert b"-ERR" not in client.noop()
        client.quit()
        assert login(live).stat() == (0, 0)


def curl_fetches():
    with folder() as f, Live(f) as live:
        deliver(live, MAILS[:2])
        address, port = live.address("pop3")
        output = run("curl", "-sS", f"pop3://{address}:{port}/", "--user", "bob:secret")
        assert len(output.splitlines()) == 2, output
        run("curl", "-sS", f"pop3://{address}:{port}/1", "--user", "bob:secret", "-o", f / "mail")
        assert without_trace((f / "mail").read_bytes()) == MAILS[0].replace(b"\r\n", b"\n"), (f / "mail").read_bytes()
        run("curl", "-sS", f"pop3://{address}:{port}/1", "--user", "bob:wrong", expect=67)


def tls_both_ways():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with folder() as f, Live(f) as live:
        delivered = deliver(live)
        client = poplib.POP3(*live.address("pop3"), timeout=DEADLINE)
        assert "STLS" in client.capa()
        client.stls(context)
        assert "STLS" not in client.capa()
        client.user("bob")
        client.pass_("secret")
        assert sorted(retrieve(client, i + 1) for i in range(len(MAILS))) == sorted(delivered)
        client.quit()
        client = poplib.POP3_SSL(*live.address("pop3s"), context=context, timeout=DEADLINE)
        client.user("bob")
        client.pass_("secret")
        assert client.stat()[0] == len(MAILS)
        client.quit()
        wait_for(lambda: [m["summary"] for m in live.messages()].count("PASS secret") == 2, "what was said inside TLS in the record")


def sasl_by_curl():
    with folder() as f, Live(f) as live:
        deliver(live, MAILS[:1])
        address, port = live.address("pop3")
        for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5"):
            run("curl", "-sSk", "--ssl-reqd", f"pop3://{address}:{port}/1", "--user", "bob:secret", "--login-options", f"AUTH={mechanism}")
            run("curl", "-sSk", "--ssl-reqd", f"pop3://{address}:{port}/1", "--user", "bob:wrong", "--login-options", f"AUTH={mechanism}", expect=67)
        wait_for(lambda: {"AUTH PLAIN", "AUTH LOGIN", "AUTH CRAM-MD5"} <= {m["summary"] for m in live.messages()}, "the mechanisms in the record")


def scram_by_mutt():
    """SCRAM by another program than ours: mutt, with GNU SASL. curl knows SCRAM since 7.82, but only when it was built with GNU
    SASL; Debian's is not ("gsasl" is missing in `curl --version`): after CAPA it sends no AUTH and says "Login denied", to
    Dovecot as to us."""
    with folder() as f, Live(f) as live:
        deliver(live, [b"Subject: for mutt\r\n\r\nHello mutt\r\n"])
        for service, mechanism in (("pop", "SCRAM-SHA-256"), ("pop", "SCRAM-SHA-1"), ("imap", "SCRAM-SHA-256"), ("imap", "CRAM-MD5")):
            read_by_mutt(f, live, service, f"{service}_authenticators={mechanism}")
            wait_for(lambda: any(f"{verb} {mechanism}" in m["summary"] for m in live.messages() for verb in ("AUTH", "AUTHENTICATE")), f"{mechanism} in the record")


def fetchmail_fetches():
    with folder() as f, Live(f) as live:
        deliver(live)
        address, port = live.address("pop3")
        (f / "rc").write_text(f'poll {address} service {port} protocol pop3 user bob password secret\n'
                              f'  fetchall nokeep mda "cat >> {f}/got" sslproto ""\n')
        (f / "rc").chmod(0o600)
        run("fetchmail", "-f", f / "rc", "--nosyslog", "--pidfile", f / "pid", "-i", f / "ids", env={"HOME": str(f), "FETCHMAILHOME": str(f)})
        got = (f / "got").read_bytes()
        assert got.count(b"Subject:") == len(MAILS) and b"\n.\n..\n.x\n\n.\n" in got, got[:2000]
        assert live.mails("bob") == []
        run("fetchmail", "-f", f / "rc", "--nosyslog", "--pidfile", f / "pid", "-i", f / "ids", expect=1,  # 1: no mail
            env={"HOME": str(f), "FETCHMAILHOME": str(f)})


def read_by_mutt(f, live, scheme, settings):
    """mutt opens the mailbox and its first mail, which says Hello mutt."""
    address, port = live.address("pop3" if scheme == "pop" else scheme)
    (f / "muttrc").write_text(f"set {scheme}_user=bob {scheme}_pass=secret pop_delete=no wait_key=no ssl_starttls=no ssl_force_tls=no sleep_time=0 {settings}\n"
                              "set confirmcreate=no confirmappend=no mbox_type=mbox move=no copy=no delete=no quit=yes\n"
                              f"push '<enter>|cat>{f}/copy<enter>q<exit>'\n")
    run("script", "-qec", f"mutt -F {f}/muttrc -f {scheme}://bob@{address}:{port}/", "/dev/null", expect=None, stdin=b"",
        env={"TERM": "xterm", "HOME": str(f)})
    assert b"Hello mutt" in (f / "copy").read_bytes()
    (f / "copy").unlink()


def mutt_reads():
    with folder() as f, Live(f) as live:
        deliver(live, [b"Subject: for mutt\r\n\r\nHello mutt\r\n"])
        read_by_mutt(f, live, "pop", "")


WAYS = [("off", "USER", "USER bob"), ("off", "APOP", "APOP bob "), ("off", "CRAM-MD5", "AUTH CRAM-MD5"), ("off", "SCRAM-SHA-1", "AUTH SCRAM-SHA-1 "),
        ("off", "SCRAM-SHA-256", "AUTH SCRAM-SHA-256 "), ("may", "any", "AUTH SCRAM-SHA-256 "), ("must", "PLAIN", "AUTH PLAIN "), ("must", "LOGIN", "AUTH LOGIN"),
        ("must", "USER", "USER bob"), ("must", "SCRAM-SHA-256", "AUTH SCRAM-SHA-256 "), ("implicit", "PLAIN", "AUTH PLAIN "),
        ("implicit", "any", "AUTH SCRAM-SHA-256 ")]


def check_ways(address, port, tls_port, expected):
    """Our client gets in by each of WAYS, and with a wrong password by none."""
    for tls, mechanism, login in WAYS:
        where = tls_port if tls == "implicit" else port
        output = run(FETCH, address, where, "bob", "secret", "keep", tls, mechanism).splitlines()
        rest = [line for line in output if not line.startswith("mail ")]
        assert sorted(line for line in output if line.startswith("mail ")) == expected and rest[-1] == "done ", (tls, mechanism, rest)
        assert "login " + login in rest, (tls, mechanism, rest)
        assert (tls != "off") == any(line.startswith("tls TLSv1") for line in rest), (tls, rest)
        output = run(FETCH, address, where, "bob", "wrong", "keep", tls, mechanism)
        assert "\nfailed " in output, (tls, mechanism, output)


def every_way_into_dovecot():
    if getpass.getuser() != "root":
        print("# Dovecot wants to be started by root")
        return
    tls_port = free_port()
    with folder() as f, dovecot(f, tls_port=tls_port, mechanisms="login cram-md5 scram-sha-1 scram-sha-256 apop") as port:
        box = mailbox.Maildir(f / "mail" / "bob", create=True)
        box.add(MAILS[0].replace(b"\r\n", b"\n"))
        run("chown", "-R", "mail:mail", f / "mail")
        check_ways("127.0.0.1", port, tls_port, [f"mail {len(MAILS[0])} {hashlib.sha256(MAILS[0]).hexdigest()}"])


def every_way_into_our_server():
    with folder() as f, Live(f) as live:
        delivered = deliver(live, MAILS[:1])
        address, port = live.address("pop3")
        check_ways(address, port, live.address("pop3s")[1], [f"mail {len(m)} {hashlib.sha256(m).hexdigest()}" for m in delivered])


def our_client_fetches_from_dovecot():
    if getpass.getuser() != "root":
        print("# Dovecot wants to be started by root")
        return
    with folder() as f, dovecot(f) as port:
        box = mailbox.Maildir(f / "mail" / "bob", create=True)
        for mail in MAILS:
            box.add(mail.replace(b"\r\n", b"\n"))
        run("chown", "-R", "mail:mail", f / "mail")
        expected = sorted(f"mail {len(m)} {hashlib.sha256(m).hexdigest()}" for m in MAILS)
        output = run(FETCH, "127.0.0.1", port, "bob", "secret", "keep").splitlines()[1:]
        assert sorted(output[:-1]) == expected and output[-1].startswith("done"), output
        assert run(FETCH, "127.0.0.1", port, "bob", "wrong", "keep").startswith("login USER bob\nfailed [AUTH]")
        run(FETCH, "127.0.0.1", port, "bob", "secret", "delete")
        assert run(FETCH, "127.0.0.1", port, "bob", "secret", "keep") == "login USER bob\ndone \n"


def our_client_fetches_from_our_server():
    with folder() as f, Live(f) as live:
        delivered = deliver(live)
        address, port = live.address("pop3")
        output = run(FETCH, address, port, "bob", "secret", "delete").splitlines()[1:]
        assert sorted(output[:-1]) == sorted(f"mail {len(m)} {hashlib.sha256(m).hexdigest()}" for m in delivered), output
        assert live.mails("bob") == []


def hostile_clients_do_no_harm():
    with folder() as f, Live(f) as live:
        deliver(live, MAILS[:1])
        random.seed(1)
        for junk in (b"\0" * 100000, b"GET / HTTP/1.1\r\n\r\n", b"USER " + b"x" * 100000 + b"\r\n", b"\n" * 1000, b"USER bob\nPASS secret\n",
                     bytes(random.randrange(256) for _ in range(50000))):
            with contextlib.suppress(ConnectionError), socket.create_connection(live.address("pop3"), timeout=DEADLINE) as peer:
                peer.recv(100)
                peer.sendall(junk)
                peer.shutdown(socket.SHUT_WR)
                while peer.recv(65536):
                    pass
        assert login(live).stat()[0] == 1


main([poplib_gets_what_was_delivered, apop_and_wrong_passwords, one_session_at_a_time, pipelined_commands, uids_survive_a_restart, kill9_gives_no_uid_twice,
      another_program_delivers, curl_fetches, tls_both_ways, sasl_by_curl, scram_by_mutt, fetchmail_fetches, mutt_reads, our_client_fetches_from_dovecot, every_way_into_dovecot,
      every_way_into_our_server, our_client_fetches_from_our_server, hostile_clients_do_no_harm])
