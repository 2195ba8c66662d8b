#!/usr/bin/python3
"""Live mode: real programs talk to the scenario's hosts while the window shows it."""
import imaplib
import os
import pathlib
import socket
import ssl
import subprocess
import tempfile

import driver

HOST = "127.168.1.25"  # the mail server of first-mail


class Live:
    """Ports and a mail folder for one run of the program."""

    def __init__(self):
        self.offset = driver.free_offset([25])
        self.port = 25 + self.offset
        self.store = tempfile.mkdtemp(dir=os.environ["XDG_RUNTIME_DIR"])
        self.settings = {"live-port-offset": self.offset, "live-store": "'%s'" % self.store}

    def mails(self):
        return [p.read_text(encoding="utf-8", errors="replace")
                for p in pathlib.Path(self.store).glob("**/new/*") if p.is_file()]


def switch_on(app, address):
    app.click("Live mode", role="check box")
    app.find(address, role="label")  # the place to connect to is shown


def transcript(app, summary):
    """A row says so; it may have been scrolled away."""
    app.until(summary, lambda: app.all(summary, role="label", inside="tree table:Messages", everything=True))


def swaks(live, subject):
    return subprocess.run(
        ["swaks", "--server", "%s:%d" % (HOST, live.port), "--from", "you@example.com", "--to", "bob@example.org",
         "--header", "Subject: " + subject, "--helo", "real.example.com"],
        capture_output=True, text=True, timeout=60, check=False)


def seen(app):
    return int(app.keep("*/* · * s", role="label").text.split("/")[0])


def test_a_real_mail_shows_up():
    live = Live()
    with driver.App("first-mail.scenario", settings=live.settings) as app:
        switch_on(app, "%s:%d" % (HOST, live.port))
        app.find("swaks --server %s:%d *" % (HOST, live.port), role="label")
        sent = swaks(live, "From a real program")
        assert sent.returncode == 0, sent.stdout + sent.stderr
        for summary in ("EHLO real.example.com", "MAIL FROM:<you@example.com>*", "354 *", "250 2.0.0 *", "QUIT"):
            transcript(app, summary)
        assert any("From a real program" in mail for mail in live.mails()), live.mails()
        app.key(*["Left"] * 4)
        before = app.until("steps back", lambda: seen(app) < 12 and seen(app))
        app.key("Right")
        app.until("a step forward", lambda: seen(app) == before + 1)
        app.click("Live mode", role="check box")
        app.find("Live mode is off. What was said can be stepped through.")
        assert swaks(live, "Too late").returncode != 0, "nobody listens any more"
        app.key("Home")
        app.until("the start", lambda: seen(app) == 0)
        app.key("Right")
        app.until("the first message", lambda: seen(app) == 1)


def test_it_is_shown_while_it_happens():
    live = Live()
    with driver.App("first-mail.scenario", settings=live.settings) as app:
        switch_on(app, "%s:%d" % (HOST, live.port))
        with socket.create_connection((HOST, live.port), timeout=10) as client:
            client.recv(512)
            transcript(app, "220 *")
            client.sendall(b"EHLO slow.example.com\r\n")
            transcript(app, "EHLO slow.example.com")
            client.recv(512)
            app.until("an open session", lambda: "1 open session" in app.find(
                "Mail server of example.org", role="push button", inside="Network canvas").description)
            app.click("Live mode", role="check box")  # off in the middle of a dialogue
            assert client.recv(512).startswith(b"421 "), "who is connected is told"
            transcript(app, "421 *")


def test_mailboxes_tell_who_changed_what():
    live = Live()
    with driver.App("first-mail.scenario", settings=live.settings) as app:
        switch_on(app, "%s:%d" % (HOST, live.port))
        app.key("ctrl+3")
        with imaplib.IMAP4(HOST, 143 + live.offset) as imap:
            imap.login("bob", "secret")
            imap.create("Trash")
            imap.append("INBOX", r"(\Flagged)", None, b"Subject: By a program\r\n\r\n")
            imap.select("INBOX")
            app.find("Flagged: \\Flagged", inside="Mailboxes and queues")
            app.find("UID 1", role="label", inside="Mailboxes and queues")
            imap.uid("MOVE", "1", "Trash")
            app.find("Trash", role="label", inside="Mailboxes and queues")
            app.find("By a program · moved to Trash", role="label", inside="Changes in the mailboxes")
        before = seen(app)
        app.find("Trash", role="label", inside="Mailboxes and queues")
        app.click("By a program · moved to Trash", role="label", inside="Changes in the mailboxes", mouse=True)
        app.key(*["Up"] * 5)  # to the first change: the folder
        app.until("the moment", lambda: seen(app) < before)
        app.gone("By a program", role="label", inside="Mailboxes and queues")
        app.key("Left", "Left")
        app.gone("Trash", role="label", inside="Mailboxes and queues")


def test_talking_to_a_live_server():
    live = Live()
    with driver.App("first-mail.scenario", settings=live.settings) as app:
        switch_on(app, "%s:%d" % (HOST, live.port))
        app.click("Mail server of example.org", role="push button", inside="Network canvas", button=3)
        app.click("Talk to It", role="menu item")
        app.click("In IMAP", role="menu item")
        for line, answer in (("a1 LOGIN bob secret", "a1 OK "), ("a2 SELECT INBOX", "a2 OK "), ("a3 IDLE", "+ idling")):
            app.type("Line", line, role="text")
            app.key("Return")
            app.until(answer, lambda: "S: " + answer in app.find("Dialogue", role="text").text)
        assert swaks(live, "While somebody waits").returncode == 0
        app.until("the news", lambda: "S: * 1 EXISTS" in app.find("Dialogue", role="text").text)
        app.click("Live mode", role="check box")
        app.until("no more", lambda: "sensitive" not in app.find("Line", role="text").states)


def test_tls_of_ones_own():
    live = Live()
    folder = pathlib.Path(live.store)
    certificate, key, log = folder / "own.pem", folder / "own.key", folder / "keys.log"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
                    "-subj", "/CN=mine.example", "-days", "2"], check=True, capture_output=True)
    files = {"live-certificate": certificate, "live-key": key, "live-key-log": log}
    settings = {**live.settings, **{name: "'%s'" % path for name, path in files.items()}}
    with driver.App("first-mail.scenario", settings=settings) as app:
        switch_on(app, "%s:%d" % (HOST, live.port))
        shown = ssl.get_server_certificate((HOST, 993 + live.offset))
        assert "".join(shown.split()) == "".join(certificate.read_text().split())
        assert "CLIENT_HANDSHAKE_TRAFFIC_SECRET" in log.read_text()
        app.click("Live mode", role="check box")
    with driver.App("first-mail.scenario", settings={**live.settings, "live-key": "'%s'" % key}) as app:
        app.click("Live mode", role="check box")
        app.find("*private key is chosen without its certificate*", role="label")
        app.click("Close", inside="*")


def test_for_other_computers():
    live = Live()
    with driver.App("first-mail.scenario", settings=live.settings) as app:
        app.key("F10")
        app.click("Live for Other Computers…", role="menu item")
        app.find("Let Other Computers In?")
        app.write("0.0.0.0")
        app.click("_Let Them In Let Them In", role="push button")
        app.find("swaks --server *:%d *" % live.port, role="label")
        with socket.create_connection(("127.0.0.1", live.port), 10) as peer:
            assert peer.recv(4) == b"220 "
        app.click("Live mode", role="check box")
        app.find("Live mode is off. What was said can be stepped through.")
        switch_on(app, "%s:%d" % (HOST, live.port))  # it was not remembered


def test_a_busy_port():
    live = Live()
    with driver.App("first-mail.scenario", settings=live.settings) as app:
        with socket.create_server((HOST, live.port)):
            app.click("Live mode", role="check box")
            app.find("Live mode could not start")
            app.until("which", lambda: any("%s" % live.port in n and HOST in n for n in app.labels()))
            app.click("Close", role="label", inside="dialog:*", mouse=True)
            app.gone("Live mode could not start")
        assert "checked" not in app.find("Live mode", role="check box").states
        switch_on(app, "%s:%d" % (HOST, live.port))  # now it is free


def test_closing_ends_it():
    live = Live()
    with driver.App(settings=live.settings) as app:  # without a scenario: the default server
        switch_on(app, "127.0.0.1:%d" % live.port)
        with socket.create_connection(("127.0.0.1", live.port), timeout=10) as client:
            client.recv(512)
            app.key("ctrl+q")
            assert client.recv(512).startswith(b"421 "), "who is connected is told"


driver.main(globals())
