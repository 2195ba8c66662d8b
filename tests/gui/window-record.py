#!/usr/bin/python3
"""Recording a real dialogue: the dialog, a real program through the proxy, what goes wrong. The real server is our own."""
import os
import pathlib
import poplib
import re
import socket
import ssl
import subprocess
import tempfile

import driver

PASSWORD = "secret"


class Server:
    """`wiretalk-cli live` as the real server."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=os.environ["XDG_RUNTIME_DIR"]))
        ready = self.folder / "ready"
        self.process = subprocess.Popen(
            [os.environ["WIRETALK_CLI"], "live", "--discard", "--quiet", "--ready-file", ready,
             "--port-offset", str(driver.free_offset([25, 110, 143, 465, 587, 993, 995]))], stdout=subprocess.DEVNULL)
        while not ready.exists():
            assert self.process.poll() is None
        self.ports = {line.split()[0]: line.split()[2] for line in ready.read_text().splitlines()}
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)


DIALOG = "filler:Record a Real Dialogue"


def ask(app, server, port):
    """The dialog, filled in."""
    app.key("ctrl+shift+l")
    app.type("Name or address", server, role="text")
    app.type("Port", port, role="text")


def choose(app, row, item, nth):
    """The nth item, from 0, of the list that the row drops down."""
    app.click(row, role="label", inside="combo box:" + row, mouse=True)
    app.until("the list", lambda: len(app.all(item, role="label", inside="combo box:" + row)) > 0)
    app.key("Home", *["Down"] * nth, "Return")
    app.find(item, role="label", inside="combo box:" + row)


def record(app):
    app.click("Record", role="label", inside=DIALOG, mouse=True)
    app.gone("Name or address", role="text")


def place(app):
    return next(m for m in (re.fullmatch(r"127\.0\.0\.1:(\d+)", text) for text in app.labels()) if m)[1]


def transcript(app, summary):
    app.until(summary, lambda: app.all(summary, role="label", inside="tree table:Messages", everything=True))


def test_a_real_program_through_the_proxy():
    with Server() as server, driver.App(settings={"live-port-offset": driver.free_offset([110])}) as app:
        ask(app, "127.0.0.1", server.ports["pop3"])
        choose(app, "Protocol", "POP3: fetching mail", 1)
        choose(app, "Encryption", "STARTTLS", 1)
        port = int(place(app))
        app.click("Check its certificate", role="label", inside=DIALOG, mouse=True)
        app.find("Whoever is in between can read everything")
        record(app)
        app.find("127.0.0.1:%d" % port, role="label")  # the live page says it once more
        client = poplib.POP3("127.0.0.1", port, timeout=20)
        client.stls(context=ssl._create_unverified_context())
        client.user("alice")
        client.pass_(PASSWORD)
        client.quit()
        for summary in ("STLS", "USER alice", "PASS ******", "+OK *", "QUIT"):
            transcript(app, summary)
        assert not app.all("*%s*" % PASSWORD, everything=True)
        for name in ("proxy*", "localhost*"):
            app.find(name, role="push button", inside="Network canvas")


def test_it_logs_in_by_itself():
    with Server() as server, driver.App(settings={"live-discard": True}) as app:
        app.key("ctrl+shift+l")
        app.find("Name or address", role="text")
        choose(app, "Wiretalk", "logs in by itself", 1)
        app.type("Name or address", "127.0.0.1", role="text")
        app.type("Port", server.ports["imaps"], role="text")
        app.key("Tab", "Tab", "space", "Tab")  # do not check the certificate; GTK 4.8 tells nothing of rows that were hidden
        app.write("alice")
        app.key("Tab")
        app.write(PASSWORD)
        app.key("Return")
        app.gone("Name or address", role="text")
        for summary in ("a1 AUTHENTICATE SCRAM-SHA-256 *", "a2 SELECT INBOX", "* BYE *"):
            transcript(app, summary)
        assert not app.all("*%s*" % PASSWORD, everything=True)


def test_a_name_that_nobody_has():
    with driver.App(settings={"live-port-offset": driver.free_offset([143])}) as app:
        app.key("ctrl+shift+l")
        button = app.find("_Record Record", role="push button", inside=DIALOG)
        assert "sensitive" not in button.states, "nothing to record yet"
        app.type("Name or address", "nobody.invalid", role="text")
        app.key("Return")
        app.find("*“nobody.invalid” has no IPv4 address*")
        app.key("ctrl+a")
        app.write("127.0.0.1:x")  # into the same row: the focus is still there
        app.key("Return")
        app.find("“127.0.0.1:x:*” is no server*")
        app.key("Escape")
        app.gone("Name or address", role="text")
        assert "checked" not in app.find("Live mode", role="check box").states


def test_a_server_that_proves_nothing():
    with Server() as server, driver.App(settings={"live-port-offset": driver.free_offset([143])}) as app:
        ask(app, "127.0.0.1", server.ports["imaps"])
        port = int(place(app))
        record(app)
        app.find("127.0.0.1:%d" % port, role="label")
        with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
            client.sendall(b"a LOGIN alice secret\r\n")
            assert client.recv(100) == b"", "it is closed and nothing was said"
        app.find("there is no TLS with 127.0.0.1*")
        app.click("Details", role="label", mouse=True)
        app.find("*nobody whom the client trusts*CN=*", role="label")
        app.key("Escape")
        app.gone("What Went Wrong")


driver.main(globals())
