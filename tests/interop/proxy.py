#!/usr/bin/env python3
"""The recording proxy between real programs and real servers: what passes is the same byte for byte, what is recorded holds no
password."""
import base64
import contextlib
import json
import os
import poplib
import pty
import smtplib
import socket
import ssl
import subprocess
import threading

from pop3_dovecot import dovecot
from wiretalk import CLI, DEADLINE, Live, Serving, folder, free_offset, free_port, main, run, wait_for, without_trace

PASSWORD = "Geheim-7731"
SCENARIO = f"""[scenario]
title=Server
[host mail]
type=mail-server
address=127.0.0.1
hostname=mail.example.org
domains=example.org
users=alice:{PASSWORD};bob:{PASSWORD}
snmp=public
profile=server
"""


def mail(number, size=100):
    return (f"From: a@example.org\nTo: alice@example.org\nSubject: {number}\nMessage-ID: <{number}@example.org>\n\n"
            + "".join(f"line {i}\n..\nä\n" for i in range(size // 12))).encode()


@contextlib.contextmanager
def real_server(f):
    (f / "server").mkdir()
    (f / "server" / "s.scenario").write_text(SCENARIO)
    with Live(f / "server", "--port-offset", free_offset(), scenario=f / "server" / "s.scenario") as live:
        yield live


@contextlib.contextmanager
def proxy(f, service, to, *arguments):
    port = free_port()
    with Serving(f, "proxy", service, f"127.0.0.1:{port}", to, *arguments) as serving:
        serving.port = port
        yield serving


def place(live, service):
    return "%s:%u" % live.address(service)


def recorded(serving, *kinds):
    return [m for m in serving.messages() if m["kind"] in kinds]


def notes(serving):
    return "\n".join(m["summary"] for m in recorded(serving, "note"))


def said(serving, protocol=None):
    """What was said, in clear."""
    return b"".join(base64.b64decode(m["payload"]) for m in recorded(serving, "message")
                    if protocol is None or m["protocol"] == protocol)


def check_no_secret(serving, password, *names):
    """In no form: not in the record, not in what is printed, not in any file that it has made."""
    serving.stop()
    forms = [password.encode()]
    for text in [password, *(f"\0{name}\0{password}" for name in names), *(f"{name}\0{name}\0{password}" for name in names)]:
        forms.append(base64.b64encode(text.encode()).rstrip(b"="))
    content = serving.log.read_bytes() + said(serving) + serving.error_text().encode()
    for form in forms:
        assert form not in content, form
    for path in serving.folder.rglob("*"):
        if path.is_file() and not {"server", "dovecot"} & set(path.parts):
            assert forms[0] not in path.read_bytes(), path


def closed_in_order(serving):
    return any(m["summary"].endswith("closed") for m in recorded(serving, "connection"))


# --- the same bytes -----------------------------------------------------------------------------------------------------


def curl_fetches_from_dovecot():
    """By IMAP, many mails and a large one."""
    with folder() as f:
        f.chmod(0o755)
        (f / "dovecot").mkdir()
        with dovecot(f / "dovecot", "imap") as port:
            box = f / "dovecot" / "mail" / "alice" / "new"
            box.mkdir(parents=True)
            for name in ("cur", "tmp"):
                (box.parent / name).mkdir()
            for i in range(30):
                (box / f"{i:03}.a").write_bytes(mail(i, 3_000_000 if i == 7 else 2000))
            run("chown", "-R", "mail:mail", f / "dovecot" / "mail")
            with proxy(f, "imap", f"127.0.0.1:{port}") as serving:
                urls = ["INBOX;UID=7", "INBOX;UID=9/;SECTION=TEXT", "INBOX;UID=8"]
                for url in urls:
                    results = [subprocess.run(["curl", "-sS", f"imap://127.0.0.1:{p}/{url}", "--user", "alice:secret"], check=True,
                                              capture_output=True, timeout=DEADLINE).stdout for p in (port, serving.port)]
                    assert results[0] == results[1] and len(results[0]) > 1000, (url, [len(r) for r in results])
                check_no_secret(serving, "secret", "alice")
                assert b"AUTHENTICATE PLAIN ****" in said(serving) or b"LOGIN alice ******" in said(serving), said(serving)[:2000]


def fetchmail_fetches_from_dovecot():
    with folder() as f:
        f.chmod(0o755)
        (f / "dovecot").mkdir()
        with dovecot(f / "dovecot", "pop3") as port:
            box = f / "dovecot" / "mail" / "alice" / "new"
            box.mkdir(parents=True)
            for i in range(20):
                (box / f"{i:03}.a").write_bytes(mail(i))
            run("chown", "-R", "mail:mail", f / "dovecot" / "mail")
            with proxy(f, "pop3", f"127.0.0.1:{port}") as serving:
                (f / "rc").write_text(f'poll 127.0.0.1 port {serving.port} proto pop3 user alice password "secret" mda "cat >> {f}/got"\n')
                (f / "rc").chmod(0o600)
                run("fetchmail", "-f", f / "rc", "--nodetach", "--nosyslog", "--sslproto", "", "--pidfile", f / "pid",
                    env={"FETCHMAILHOME": str(f)})
                got = (f / "got").read_bytes()
                assert all(mail(i).split(b"\n\n", 1)[1] in got for i in range(20)), got[:500]
                (f / "rc").unlink()
                check_no_secret(serving, "secret", "alice")
                assert b"PASS ******\r\n" in said(serving)


def swaks_submits_with_starttls():
    """Through TLS sessions that the proxy has with either side; every mechanism of swaks."""
    with folder() as f, real_server(f) as live:
        with proxy(f, "submission", place(live, "submission"), "--insecure") as serving:
            for number, how in enumerate(("PLAIN", "LOGIN", "CRAM-MD5"), 1):
                run("swaks", "--server", f"127.0.0.1:{serving.port}", "--tls", "--auth", how, "--auth-user", "alice", "--auth-password",
                    PASSWORD, "--from", "alice@example.org", "--to", "bob@example.org", "--body", f"body {number} of it")
                assert any(f"body {number} of it".encode() in m for m in live.wait_mails("bob", number))
            assert "begins TLS with either side" in notes(serving) and "NOT checked" in notes(serving), notes(serving)
            check_no_secret(serving, PASSWORD, "alice")
            assert b"STARTTLS\r\n" in said(serving) and b"body 3 of it" in said(serving, "smtp")
            hidden = [m for m in recorded(serving, "message") if "wiretalk.encrypted" in str(m["fields"])]
            assert any(b"MAIL FROM" in base64.b64decode(m["payload"]) for m in hidden)
            assert any("wiretalk.blanked" in str(m["fields"]) for m in hidden)


def nothing_is_changed():
    """Bytes of every value, in both directions, in pieces of any size, against a server that echoes."""
    sent = os.urandom(300_000)
    with folder() as f, socket.create_server(("127.0.0.1", 0)) as server:
        def echo():
            peer, _ = server.accept()
            with peer:
                while data := peer.recv(7001):
                    peer.sendall(data)
        threading.Thread(target=echo, daemon=True).start()
        with proxy(f, "smtp", f"127.0.0.1:{server.getsockname()[1]}") as serving, \
                socket.create_connection(("127.0.0.1", serving.port), DEADLINE) as peer:
            threading.Thread(target=lambda: [peer.sendall(sent[i:i + 997]) for i in range(0, len(sent), 997)]
                             + [peer.shutdown(socket.SHUT_WR)], daemon=True).start()
            got = b""
            while data := peer.recv(65536):
                got += data
            assert got == sent, (len(got), len(sent))  # and the half-closed connection has brought the rest
            wait_for(lambda: closed_in_order(serving), "the end of the record")


# --- TLS ----------------------------------------------------------------------------------------------------------------


def trusting(certificate):
    context = ssl.create_default_context(cafile=certificate)
    context.check_hostname = False
    return context


def curl(serving, scheme, *options, expect=0):
    return run("curl", "-sS", f"{scheme}://127.0.0.1:{serving.port}/", "--user", f"alice:{PASSWORD}", *options, expect=expect)


def implicit_tls_on_either_side():
    with folder() as f, real_server(f) as live:
        for tls, client_tls, service, scheme, options in (
                ("implicit", "implicit", "imaps", "imaps", ["-k"]), ("implicit", "none", "imaps", "imap", []),
                ("none", "implicit", "imap", "imaps", ["-k"]), ("starttls", "none", "imap", "imap", []),
                ("starttls", "implicit", "imap", "imaps", ["-k"])):
            with proxy(f, "imap", place(live, service), "--tls", tls, "--client-tls", client_tls, "--ca", live.certificate) as serving:
                assert "INBOX" in curl(serving, scheme, *options), (tls, client_tls)
                check_no_secret(serving, PASSWORD, "alice")
                assert b"LIST" in said(serving, "imap")
                assert tls == "none" or "is trusted" in notes(serving), notes(serving)


def the_proxy_asks_for_tls():
    """Of every protocol; the client speaks in clear and hears nothing of it."""
    with folder() as f, real_server(f) as live:
        for service, scheme in (("pop3", "pop3"), ("imap", "imap"), ("submission", "smtp")):
            with proxy(f, service, place(live, service), "--client-tls", "none", "--ca", live.certificate) as serving:
                more = ["--mail-from", "alice@example.org", "--mail-rcpt", "bob@example.org", "--upload-file", f / "m", "--crlf"] \
                    if scheme == "smtp" else []
                (f / "m").write_bytes(mail(1))
                curl(serving, scheme, *more)
                check_no_secret(serving, PASSWORD, "alice")
                assert b"Client Hello" in serving.log.read_bytes()
        live.wait_mails("bob", 1)


def unread_tls_passes():
    """With none for both sides, STARTTLS is between client and server: the client verifies the server's own certificate."""
    with folder() as f, real_server(f) as live:
        with proxy(f, "imap", place(live, "imap"), "--tls", "none", "--client-tls", "none") as serving:
            assert "INBOX" in curl(serving, "imap", "--ssl-reqd", "--cacert", live.certificate)
            serving.stop()
            assert b"STARTTLS" in said(serving, "imap") and b"LIST" not in said(serving, "imap")
            assert any("Application Data" in m["summary"] for m in recorded(serving, "message") if m["protocol"] == "tls")
            assert "passes unread" in notes(serving)


def an_untrusted_server_gets_nothing():
    with folder() as f, real_server(f) as live:
        for service, tls, scheme, options in (("imaps", "implicit", "imap", []), ("imap", "starttls", "imap", [])):
            with proxy(f, "imap", place(live, service), "--tls", tls, "--client-tls", "none") as serving:
                curl(serving, scheme, *options, expect=[7, 8, 28, 52, 56, 67])
                told = wait_for(lambda: "TLS failed" in notes(serving) and notes(serving), "the note")
                assert "nobody whom the client trusts" in told and "CN=" in told, told
        assert b"alice" not in said(live, "imap")


def what_is_put_behind_starttls_ends_it():
    """RFC 3207 section 6: a reply that came in clear must not count as one that came within TLS."""
    with folder() as f, socket.create_server(("127.0.0.1", 0)) as server:
        def evil():
            peer, _ = server.accept()
            with peer:
                peer.sendall(b"220 ready\r\n")
                peer.recv(100)
                peer.sendall(b"220 go\r\n250 you are logged in\r\n")
                with contextlib.suppress(OSError):
                    peer.recv(100)
        threading.Thread(target=evil, daemon=True).start()
        with proxy(f, "smtp", f"127.0.0.1:{server.getsockname()[1]}", "--insecure") as serving, \
                socket.create_connection(("127.0.0.1", serving.port), DEADLINE) as peer:
            assert peer.recv(100) == b"220 ready\r\n"
            peer.sendall(b"STARTTLS\r\n")
            rest = b""
            with contextlib.suppress(ConnectionError):
                while data := peer.recv(1000):
                    rest += data
            assert b"\x16\x03" not in rest, rest
            assert "RFC 3207" in wait_for(lambda: notes(serving).count("\n") > 0 and notes(serving), "a note")


# --- when things go wrong -----------------------------------------------------------------------------------------------


def a_server_that_is_not_there():
    with folder() as f, proxy(f, "pop3", f"127.0.0.1:{free_port()}") as serving:
        with socket.create_connection(("127.0.0.1", serving.port), DEADLINE) as peer:
            assert peer.recv(100) == b""
        assert "cannot be reached: it refuses" in wait_for(lambda: notes(serving), "a note")
    with folder() as f:
        output = run(CLI, "proxy", "imap",
                     "127.0.0.1:1", "nobody.invalid", expect=1)
        assert "nobody.invalid" in output and "no IPv4 address" in output, output


def usage():
    for arguments, text in ((["imap", "127.0.0.1:2143"], "arg"), (["gopher", "127.0.0.1:2143", "x"], "gopher"),
                            (["imap", "here", "x"], "here"), (["imap", "127.0.0.1:2143", "x", "--tls", "some"], "some")):
        assert text in run(CLI, "proxy", *arguments, expect=2), arguments
    for arguments, text in ((["imap", "127.0.0.1:2143", "127.0.0.1:2143"], "itself"),
                            (["imap", "127.0.0.1:2143", "127.0.0.1:x"], "wiretalk-cli: “127.0.0.1:x” is no server"),
                            (["imap", "127.0.0.1:2143", "127.0.0.1", "--ca", "/etc/passwd"], "/etc/passwd: certificates, PEM"),
                            (["imap", "127.0.0.1:2143", "127.0.0.1", "--tls", "none", "--client-tls", "starttls"], "STARTTLS")):
        assert text in run(CLI, "proxy", *arguments, expect=1), arguments


def a_hundred_connections():
    with folder() as f, real_server(f) as live, proxy(f, "pop3", place(live, "pop3"), "--client-tls", "none", "--tls", "none") as serving:
        clients = [poplib.POP3("127.0.0.1", serving.port, timeout=DEADLINE) for _ in range(100)]
        for client in clients:
            assert client.noop if client.capa() else False
        for client in clients:
            client.quit()
        wait_for(lambda: sum(m["summary"].endswith("closed") for m in recorded(serving, "connection")) == 100, "100 ends")


def who_does_not_read_holds_up_the_other():
    """Neither a client nor a server makes the proxy keep more than a little of what it does not read."""
    with folder() as f, socket.create_server(("127.0.0.1", 0)) as server:
        sent = [0, 0]

        def pour(peer, index):
            peer.settimeout(2)
            with contextlib.suppress(OSError):
                while True:
                    sent[index] += peer.send(b"x" * 998 + b"\r\n")
        with proxy(f, "smtp", f"127.0.0.1:{server.getsockname()[1]}", "--trace-limit", "8MiB", "--quiet") as serving:
            client = socket.create_connection(("127.0.0.1", serving.port), DEADLINE)
            peer, _ = server.accept()
            before = serving.memory()
            threads = [threading.Thread(target=pour, args=(side, i)) for i, side in enumerate((peer, client))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(DEADLINE)
            assert max(sent) < 30 << 20, sent
            assert serving.memory() - before < 100 << 20, serving.memory() - before
            client.close()
            peer.close()


def secrets_are_shown_when_asked_for():
    with folder() as f, real_server(f) as live:
        with proxy(f, "pop3", place(live, "pop3"), "--tls", "none", "--show-secrets") as serving:
            client = poplib.POP3("127.0.0.1", serving.port, timeout=DEADLINE)
            client.user("alice")
            with contextlib.suppress(poplib.error_proto):
                client.pass_(PASSWORD)
            client.quit()
            serving.stop()
            assert f"PASS {PASSWORD}\r\n".encode() in said(serving)
            assert "passwords are recorded" in serving.error_text()


# --- SNMP ---------------------------------------------------------------------------------------------------------------


def snmpwalk_through_the_relay():
    with folder() as f, real_server(f) as live:
        address, port = live.address("snmp")
        with proxy(f, "snmp", f"{address}:{port}") as serving:
            walks = [run("snmpbulkwalk", "-v2c", "-c", "public", "-On", f"127.0.0.1:{p}", ".1.3.6.1.2.1.2") for p in (port, serving.port)]
            counters = [[line.split(" = ")[0] for line in walk.splitlines()] for walk in walks]
            assert counters[0] == counters[1] and len(counters[0]) > 15, walks
            serving.stop()
            talk = recorded(serving, "message")
            assert len(talk) >= 4 and b"public" not in said(serving) and b"******" in said(serving)
            assert {m["src_host"] for m in talk} == {"127.0.0.1", "localhost"}, {m["src_host"] for m in talk}
            requests = [m for m in talk if m["src_host"] == "127.0.0.1"]
            answers = [m for m in talk if m["src_host"] == "localhost"]
            assert len(requests) == len(answers)
        with proxy(f, "snmp", f"127.0.0.1:{free_port()}") as serving:
            run("snmpget", "-v2c", "-c", "public", "-t", "0.3", "-r", "1", f"127.0.0.1:{serving.port}", ".1.3.6.1.2.1.1.3.0", expect=1)
            assert "did not reach its port" in wait_for(lambda: notes(serving), "a note")


# --- an account of one's own ----------------------------------------------------------------------------------------------


def fetch(f, service, to, *arguments, expect=0, password=PASSWORD):
    (f / "password").write_text(password + "\n")
    return run(CLI, "fetch", service, to, "--user", "alice", "--password-file", f / "password", *arguments, expect=expect)


def check_fetched(output, *subjects):
    """The newest are there, the others not, and of the password nothing."""
    for number in range(1, 6):
        assert (f"Mail, " in output and f": {number}\n" in output) == (number in subjects), (number, output)
    assert PASSWORD not in output and "****" in output, output


def fetching_from_a_real_account():
    with folder() as f, real_server(f) as live:
        for number in range(1, 6):
            with smtplib.SMTP(*live.address("smtp"), timeout=DEADLINE) as smtp:
                smtp.sendmail("a@example.org", ["alice@example.org"], mail(number).replace(b"\n", b"\r\n"))
        live.wait_mails("alice", 5)
        for service in ("imaps", "imap", "pop3s", "pop3"):
            output = fetch(f, service, place(live, service), "--newest", 2, "--ca", live.certificate)
            check_fetched(output, 4, 5)
        assert sum(b"Subject" in m for m in live.mails("alice")) == 5, "they stay there"
        assert "1 new mail" in fetch(f, "imap", place(live, "imap"), "-n", 1, "--tls", "off")
        output = fetch(f, "imap", place(live, "imap"), "--ca", live.certificate, expect=1, password="Wrong-1234")
        assert "was not fetched" in output and "Wrong-1234" not in output, output
        output = fetch(f, "imaps", place(live, "imaps"), expect=1)
        assert "nobody whom the client trusts" in output and "AUTHENTICATE" not in output, output
        assert "was not fetched" in fetch(f, "imap", f"127.0.0.1:{free_port()}", expect=1)
        log = f / "log"
        with open(log, "w") as out, open(f / "password") as secret:
            subprocess.run([CLI, "fetch", "imaps", place(live, "imaps"), "--user", "alice", "--insecure", "--format", "json",
                            "--password-fd", str(secret.fileno())], stdout=out, pass_fds=[secret.fileno()], timeout=DEADLINE)
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        assert any(m["kind"] == "message" and b"AUTHENTICATE" in base64.b64decode(m["payload"]) for m in lines)
        assert not any(b"dj1" in base64.b64decode(m["payload"]) for m in lines), "what the server proves itself with"


def the_terminal_does_not_show_it():
    with folder() as f, real_server(f) as live:
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(CLI, [CLI, "fetch", "imaps", place(live, "imaps"), "--user", "alice", "--ca", str(live.certificate)])
        seen = b""
        while b"Password of alice" not in seen:
            seen += os.read(terminal, 1000)
        os.write(terminal, PASSWORD.encode() + b"\n")
        with contextlib.suppress(OSError):
            while data := os.read(terminal, 10000):
                seen += data
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, seen
        assert PASSWORD.encode() not in seen and b"AUTHENTICATE" in seen, seen


main([curl_fetches_from_dovecot, fetchmail_fetches_from_dovecot, swaks_submits_with_starttls, nothing_is_changed,
      implicit_tls_on_either_side, the_proxy_asks_for_tls, unread_tls_passes, an_untrusted_server_gets_nothing,
      what_is_put_behind_starttls_ends_it, a_server_that_is_not_there, usage, a_hundred_connections,
      who_does_not_read_holds_up_the_other, secrets_are_shown_when_asked_for, snmpwalk_through_the_relay,
      fetching_from_a_real_account, the_terminal_does_not_show_it])
