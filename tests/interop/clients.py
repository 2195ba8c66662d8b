#!/usr/bin/env python3
"""Real mail programs deliver to live mode: what arrives in the Maildir is what they sent."""
import mailbox
import pathlib
import signal
import smtplib
import socket

from wiretalk import DEADLINE, Live, folder, main, run, wait_for, without_trace

MAIL = b"Date: Mon, 23 Nov 2026 15:00:00 +0000\nMessage-ID: <1@example.org>\nFrom: alice@example.org\nTo: bob@example.org\nSubject: Gr\xc3\xbc\xc3\x9fe\n\n.a dot\n..two\n\nF\xc3\xbcr Bob\n"


def commands(live):
    return [v for m in live.messages() for v in listed(m["fields"].get("smtp.req.command"))]


def listed(value):
    return [] if value is None else value if isinstance(value, list) else [value]


def swaks_delivers():
    with folder() as f, Live(f) as live:
        address, port = live.address()
        run("swaks", "--server", f"{address}:{port}", "--from", "x@elsewhere.example", "--to", "alice@example.org,bob@example.org",
            "--header", "Subject: from swaks", "--body", ".dot\\n..two")
        for user in ("alice", "bob"):
            mail = live.wait_mails(user, 1)[0]
            assert mail.startswith(b"Return-Path: <x@elsewhere.example>"), mail
            assert b"\n.dot\n..two\n" in mail.replace(b"\r\n", b"\n"), mail
        wait_for(lambda: {"EHLO", "MAIL", "RCPT", "DATA", "QUIT"} <= set(commands(live)), "all commands in the record")


def swaks_pipelines():
    with folder() as f, Live(f) as live:
        address, port = live.address()
        run("swaks", "--server", f"{address}:{port}", "--pipeline", "--to", "bob@example.org")
        live.wait_mails("bob", 1)


def unknown_user_is_refused():
    with folder() as f, Live(f) as live:
        address, port = live.address()
        output = run("swaks", "--server", f"{address}:{port}", "--to", "nobody@example.org", expect=24)
        assert "550 5.1.1" in output, output


def no_open_relay():
    with folder() as f, Live(f) as live:
        address, port = live.address()
        for recipient in ("x@elsewhere.example", "x%elsewhere.example@example.org", '"x@elsewhere.example"@example.org',
                          "@example.org:x@elsewhere.example", "x@[192.0.2.1]"):
            with smtplib.SMTP(address, port, timeout=DEADLINE) as smtp:
                smtp.ehlo()
                smtp.mail("alice@example.org")
                code, text = smtp.docmd(f"RCPT TO:<{recipient}>")
                assert code == 550, (recipient, code, text)


def curl_delivers_what_it_is_given():
    with folder() as f, Live(f) as live:
        address, port = live.address()
        (f / "mail").write_bytes(MAIL)
        run("curl", "-sS", f"smtp://{address}:{port}/client.example.org", "--mail-from", "alice@example.org", "--mail-rcpt", "bob@example.org",
            "--upload-file", f / "mail", "--crlf")
        assert without_trace(live.wait_mails("bob", 1)[0]) == MAIL


def msmtp_delivers_what_it_is_given():
    with folder() as f, Live(f) as live:
        address, port = live.address()
        run("msmtp", "--host", address, "--port", port, "--from", "alice@example.org", "bob@example.org", stdin=MAIL)
        assert without_trace(live.wait_mails("bob", 1)[0]) == MAIL


def smtplib_delivers_many():
    with folder() as f, Live(f) as live:
        address, port = live.address()
        with smtplib.SMTP(address, port, timeout=DEADLINE) as smtp:
            for i in range(50):
                smtp.sendmail("alice@example.org", ["bob@example.org"], f"Subject: {i}\r\n\r\n{i}\r\n")
        subjects = sorted(int(without_trace(m).split(b"\n")[0].split(b":")[1]) for m in live.wait_mails("bob", 50))
        assert subjects == list(range(50))


def mutt_and_mailbox_read_the_maildir():
    with folder() as f, Live(f) as live:
        address, port = live.address()
        run("swaks", "--server", f"{address}:{port}", "--to", "bob@example.org", "--header", "Subject: to be read")
        live.wait_mails("bob", 1)
        maildir = next(live.store.glob("*/bob"))
        assert [m["Subject"] for m in mailbox.Maildir(maildir, create=False)] == ["to be read"]
        (f / "muttrc").write_text("set index_format='%s'\nset wait_key=no\n")
        output = run("mutt", "-F", f / "muttrc", "-R", "-f", maildir, "-e", "push '|cat<enter>q'", expect=None, env={"TERM": "dumb", "HOME": f})
        assert "to be read" in output or (maildir / "cur").is_dir(), output


def size_is_refused_at_mail():
    with folder() as f, Live(f) as live:
        with smtplib.SMTP(*live.address(), timeout=DEADLINE) as smtp:
            smtp.ehlo()
            limit = int(smtp.esmtp_features["size"])
            assert smtp.docmd(f"MAIL FROM:<a@b.org> SIZE={limit + 1}")[0] == 552
            assert smtp.docmd(f"MAIL FROM:<a@b.org> SIZE={limit}")[0] == 250


def stop_says_421():
    for how in (signal.SIGTERM, signal.SIGINT):
        with folder() as f, Live(f) as live:
            with socket.create_connection(live.address(), timeout=DEADLINE) as peer:
                assert peer.recv(1000).startswith(b"220 ")
                live.process.send_signal(how)
                said = b""
                while chunk := peer.recv(1000):
                    said += chunk
                assert said.startswith(b"421 4.3.2 "), said
            assert live.process.wait(DEADLINE) == 0


def busy_port_is_a_message():
    with folder() as f, socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        try:
            Live(f, "--port", f"smtp={port}")
        except AssertionError as error:
            assert "exit 1" in str(error) and str(port) in str(error) and "smtp" in str(error), error
        else:
            raise AssertionError("started on a busy port")


def loopback_only():
    with folder() as f, Live(f) as live:
        inodes = {str(p.readlink()) for p in pathlib.Path(f"/proc/{live.process.pid}/fd").iterdir()}
        listening = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
        ours = [row[1] for row in listening if row[3] == "0A" and f"socket:[{row[9]}]" in inodes]
        assert ours and all(int(local.split(":")[0][6:], 16) == 127 for local in ours), ours
        assert not any(f"socket:[{line.split()[9]}]" in inodes for line in pathlib.Path("/proc/net/tcp6").read_text().splitlines()[1:])


def messages_are_recorded():
    with folder() as f, Live(f) as live:
        address, port = live.address()
        run("swaks", "--server", f"{address}:{port}", "--to", "bob@example.org", "--header", "Subject: recorded")
        wait_for(lambda: "221" in "".join(m["summary"] for m in live.messages()), "the record of the session's end")
        messages = [m for m in live.messages() if m["kind"] == "message" and m["protocol"] == "smtp"]
        assert messages[0]["summary"].startswith("220 "), messages[0]
        assert any("recorded" in str(m["fields"].get("imf.subject")) for m in messages)
        for member in ("n", "time_ns", "src", "dst", "sport", "dport", "transport", "protocol", "summary", "payload", "fields"):
            assert member in messages[0], member


main([swaks_delivers, swaks_pipelines, unknown_user_is_refused, no_open_relay, curl_delivers_what_it_is_given,
      msmtp_delivers_what_it_is_given, smtplib_delivers_many, mutt_and_mailbox_read_the_maildir, size_is_refused_at_mail,
      stop_says_421, busy_port_is_a_message, loopback_only, messages_are_recorded])
