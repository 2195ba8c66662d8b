#!/usr/bin/env python3
"""Real mail programs with TLS and AUTH against live mode: STARTTLS, implicit TLS, every mechanism, and what must be refused."""
import base64
import smtplib
import socket
import ssl
import subprocess

from wiretalk import DEADLINE, Live, folder, main, run, wait_for, without_trace

MAIL = b"Date: Mon, 23 Nov 2026 15:00:00 +0000\nMessage-ID: <1@example.org>\nFrom: alice@example.org\nTo: bob@example.org\nSubject: secret\n\n.a dot\n..two\n"
RECIPIENT = "bob@example.org"


def trusting(live):
    """The program's own certificate, trusted as one that a user has imported."""
    context = ssl.create_default_context(cafile=live.certificate)
    context.check_hostname = False  # it is for localhost; we connect to 127.0.0.1, which is in it too
    return context


def received(mail):
    return mail.split(b"Subject:")[0].decode()


def swaks_with_every_mechanism():
    with folder() as f, Live(f) as live:
        for number, (service, how) in enumerate((s, m) for s in (("submission", "--tls"), ("submissions", "--tls-on-connect"))
                                                for m in ("PLAIN", "LOGIN", "CRAM-MD5")):
            (service, tls) = service
            address, port = live.address(service)
            run("swaks", "--server", f"{address}:{port}", tls, "--auth", how, "--auth-user", "alice", "--auth-password", "secret",
                "--from", "alice@example.org", "--to", RECIPIENT)
            mails = live.wait_mails("bob", number + 1)
            assert any("with ESMTPSA" in received(m) and "(using TLSv1.3" in received(m) for m in mails), mails


def msmtp_with_scram():
    with folder() as f, Live(f) as live:
        for number, (service, options) in enumerate((("submission", ["--tls=on", "--tls-starttls=on"]),
                                                     ("submissions", ["--tls=on", "--tls-starttls=off"]))):
            address, port = live.address(service)
            for how in ("scram-sha-1", "scram-sha-256"):
                run("msmtp", "--host", address, "--port", port, "--from", "alice@example.org", "--user", "alice", f"--auth={how}",
                    "--passwordeval", "printf secret", f"--tls-trust-file={live.certificate}", *options, RECIPIENT, stdin=MAIL)
            mails = live.wait_mails("bob", 2 * number + 2)
            assert all(without_trace(m) == MAIL for m in mails), mails


def curl_trusts_the_certificate():
    with folder() as f, Live(f) as live:
        (f / "mail").write_bytes(MAIL)
        for scheme, service, option in (("smtp", "submission", "--ssl-reqd"), ("smtps", "submissions", "--ssl-reqd"), ("smtp", "smtp", "--ssl-reqd")):
            address, port = live.address(service)
            run("curl", "-sS", option, "--cacert", live.certificate, f"{scheme}://{address}:{port}", "--user", "alice:secret",
                "--mail-from", "alice@example.org", "--mail-rcpt", RECIPIENT, "--upload-file", f / "mail", "--crlf")
        assert all(without_trace(m) == MAIL for m in live.wait_mails("bob", 3))


def smtplib_logs_in():
    with folder() as f, Live(f) as live:
        with smtplib.SMTP(*live.address("submission"), timeout=DEADLINE) as smtp:
            smtp.ehlo()
            assert smtp.has_extn("starttls") and "PLAIN" not in smtp.esmtp_features["auth"], smtp.esmtp_features
            smtp.starttls(context=trusting(live))
            smtp.ehlo()
            assert not smtp.has_extn("starttls") and "PLAIN" in smtp.esmtp_features["auth"], smtp.esmtp_features
            smtp.login("alice@example.org", "secret")
            smtp.sendmail("alice@example.org", [RECIPIENT], MAIL.replace(b"\n", b"\r\n"))
        with smtplib.SMTP_SSL(*live.address("submissions"), timeout=DEADLINE, context=trusting(live)) as smtp:
            smtp.login("bob", "secret")
            smtp.sendmail("bob@example.org", [RECIPIENT], MAIL.replace(b"\n", b"\r\n"))
        live.wait_mails("bob", 2)


def refusals():
    with folder() as f, Live(f) as live:
        with smtplib.SMTP(*live.address("submission"), timeout=DEADLINE) as smtp:
            smtp.ehlo()
            assert smtp.mail("alice@example.org")[0] == 530  # RFC 6409 4.3
            plain = base64.b64encode(b"\0alice\0secret").decode()
            assert smtp.docmd("AUTH", f"PLAIN {plain}")[0] == 538  # the password would travel in clear
            assert smtp.docmd("AUTH", "NONSENSE")[0] == 504
            assert smtp.docmd("AUTH", "CRAM-MD5")[0] == 334 and smtp.docmd("*")[0] == 501
            assert smtp.docmd("AUTH", "CRAM-MD5")[0] == 334 and smtp.docmd("no base64")[0] == 501
            smtp.starttls(context=trusting(live))
            smtp.ehlo()
            assert smtp.docmd("STARTTLS")[0] == 503
            for user, password in (("alice", "wrong"), ("carol", "secret"), ("alice", "")):
                try:
                    smtp.login(user, password)
                    raise AssertionError(f"{user} got in")
                except smtplib.SMTPAuthenticationError as error:
                    assert error.smtp_code in (501, 535), error
            smtp.login("alice", "secret")
            assert smtp.docmd("AUTH", f"PLAIN {plain}")[0] == 503


def nothing_said_before_tls_survives():
    """RFC 3207 6: commands that came with STARTTLS are not answered, before the handshake or after it."""
    with folder() as f, Live(f) as live:
        peer = socket.create_connection(live.address(), timeout=DEADLINE)
        reader = peer.makefile("rb")
        assert reader.readline().startswith(b"220 ")
        peer.sendall(b"EHLO c.example\r\n")
        while not reader.readline().startswith(b"250 "):
            pass
        peer.sendall(b"STARTTLS\r\nMAIL FROM:<evil@example.net>\r\nRCPT TO:<bob@example.org>\r\n")
        assert reader.readline().startswith(b"220 ")
        tls = trusting(live).wrap_socket(peer, server_hostname="localhost")
        tls.sendall(b"RCPT TO:<bob@example.org>\r\nEHLO c.example\r\n")
        said = tls.makefile("rb")
        assert said.readline().startswith(b"503 "), "MAIL from before TLS was taken"
        assert said.readline().startswith(b"250-"), "something else was answered"
        tls.close()


def garbage_instead_of_a_handshake():
    with folder() as f, Live(f) as live:
        for _ in range(3):
            with socket.create_connection(live.address("submissions"), timeout=DEADLINE) as peer:
                peer.sendall(b"EHLO client.example.org\r\n" * 100)
                while peer.recv(1000):
                    pass
        with smtplib.SMTP(*live.address(), timeout=DEADLINE) as smtp:  # others go on
            assert smtp.noop()[0] == 250


def given_certificate_is_shown():
    with folder() as f:
        with Live(f) as live:
            own, key = live.certificate, live.certificate.parent / "key.pem"
            assert key.stat().st_mode & 0o777 == 0o600
            assert ssl.get_server_certificate(live.address("submissions"), timeout=DEADLINE).split() == own.read_text().split()
        given = own.rename(f / "given.pem")
        with Live(f, "--certificate", given, "--key", key) as live:
            shown = ssl.get_server_certificate(live.address("submissions"), timeout=DEADLINE)
            assert shown.split() == given.read_text().split(), shown
            assert not live.certificate.exists()


def key_log_has_every_session():
    """One client random a session, with the secrets of both directions: what Wireshark asks for."""
    with folder() as f, Live(f, "--key-log", f / "keys") as live:
        for _ in range(2):
            with smtplib.SMTP_SSL(*live.address("submissions"), timeout=DEADLINE, context=trusting(live)) as smtp:
                smtp.noop()
        lines = [line.split() for line in (f / "keys").read_text().splitlines()]
        labels = {label for label, _, _ in lines}
        assert {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0",
                "SERVER_TRAFFIC_SECRET_0"} <= labels, labels
        assert len({random for _, random, _ in lines}) == 2, lines


def tshark_decrypts_with_the_key_log():
    with folder() as f, Live(f, "--key-log", f / "keys") as live:
        address, port = live.address("submissions")
        capture = subprocess.Popen(["tshark", "-i", "lo", "-f", f"tcp port {port}", "-w", f / "capture", "-a", "duration:4"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        started = capture.stderr.readline() + capture.stderr.readline()
        if "Capturing" not in started and capture.poll() is not None:
            return  # not allowed to capture here
        wait_for(lambda: (f / "capture").exists(), "the capture file")
        with smtplib.SMTP_SSL(address, port, timeout=DEADLINE, context=trusting(live)) as smtp:
            smtp.noop()
        capture.wait(DEADLINE)
        output = run("tshark", "-r", f / "capture", "-o", f"tls.keylog_file:{f / 'keys'}", "-d", f"tcp.port=={port},tls",
                     "-d", f"tls.port=={port},smtp", "-Y", "smtp", expect=None)
        assert "NOOP" in output.upper() or "220 mail.example.org" in output, output


main([swaks_with_every_mechanism, msmtp_with_scram, curl_trusts_the_certificate, smtplib_logs_in, refusals,
      nothing_said_before_tls_survives, garbage_instead_of_a_handshake, given_certificate_is_shown, key_log_has_every_session,
      tshark_decrypts_with_the_key_log])
