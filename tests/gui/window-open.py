#!/usr/bin/python3
"""Opening scenarios: from the command line, the start page, the menu and the file chooser; what is wrong with a file is
said and the window stays usable; what a window looked like is remembered."""
import os
import pathlib

import driver

BROKEN = """[scenario]
title=Broken

[host a]
type=mail-client
address=300.1.1.1

[host b]
type=mail-sever

[link a -- c]
loss=5
"""


def write(name, text):
    path = pathlib.Path(os.environ["XDG_RUNTIME_DIR"], name)
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_from_the_command_line():
    with driver.App("two-domains.scenario") as app:
        app.find("Two domains – Wiretalk", role="frame")
        app.find("two-domains.scenario", role="label")
        app.find("47 messages")
        for host in ("Alice's computer", "Mail server of example.org", "Relay (MX of example.net)", "Name server"):
            app.find(host, role="push button", inside="Network canvas")


def test_from_the_start_page():
    with driver.App() as app:
        app.find("Watch mail travel")
        assert not app.has("Play"), "no transport bar without a scenario"
        app.click("First mail", role="label", mouse=True)
        app.find("First mail – Wiretalk", role="frame")
        app.key("space")  # the keyboard works at once
        app.find("Pause")


def test_from_the_menu():
    with driver.App("first-mail.scenario") as app:
        app.click("Examples and recent scenarios", nth=2)
        app.click("Two domains", role="menu item")
        app.find("Two domains – Wiretalk", role="frame")
        app.click("Examples and recent scenarios", nth=2)
        app.click("Type it yourself", role="menu item")
        app.find("Type it yourself – Wiretalk", role="frame")


def test_from_the_file_chooser():
    copy = write("mine.scenario", (driver.SCENARIOS / "first-mail.scenario").read_text(encoding="utf-8"))
    with driver.App("two-domains.scenario") as app:
        app.key("ctrl+o")
        app.find("Open Scenario or Capture")
        app.write(copy)
        app.key("Return")
        app.find("First mail – Wiretalk", role="frame")
        app.click("Examples and recent scenarios", nth=2)
        app.find("mine.scenario", role="menu item")  # a recent one
        app.key("Escape")


def check_errors(app, path):
    said = app.until("what is wrong", lambda: next((n for n in app.labels() if "[host a]" in n), None))
    for part in ("300.1.1.1", "mail-sever", "[link a -- c]", os.path.basename(path)):
        assert part in said, "%r is missing in: %s" % (part, said)
    app.click("_Close Close", inside="dialog:*")
    app.gone("*[[]host a]*")


def test_packets_are_exported_and_opened():
    capture = pathlib.Path(os.environ["XDG_RUNTIME_DIR"], "packets.pcapng")
    with driver.App("first-mail.scenario") as app:
        app.key("F10")
        app.click("Export the Packets…", role="menu item")
        app.find("Export the Packets")
        app.key("ctrl+a")
        app.write(str(capture))
        app.key("Return")
        app.find("Saved as “packets.pcapng”", role="label")
    with driver.App(str(capture)) as app:
        app.find("Capture – Wiretalk", role="frame")
        app.find("packets.pcapng", role="label")
        app.find("13 messages")
        app.find("192.168.1.25", role="push button", inside="Network canvas")
        assert not app.has("Live", role="page tab"), "a capture was not recorded here"
        before = capture.read_bytes()
        app.key("ctrl+s")  # never a scenario over the capture
        app.find("Export the Packets")
        app.key("Escape")
        app.gone("Export the Packets")
        assert capture.read_bytes() == before


def test_a_broken_capture():
    path = pathlib.Path(os.environ["XDG_RUNTIME_DIR"], "broken.pcapng")
    path.write_bytes(b"\x0a\x0d\x0d\x0a" + b"nothing")
    with driver.App(str(path)) as app:
        app.find("“broken.pcapng” cannot be opened")
        app.find("*no capture that can be read*", role="label")
        app.click("Close", inside="*")


def test_a_broken_file():
    path = write("broken.scenario", BROKEN)
    with driver.App(path) as app:
        check_errors(app, path)
        app.click("First mail", role="label", mouse=True)
        app.find("First mail – Wiretalk", role="frame")


def test_a_broken_file_leaves_what_was_open():
    path = write("broken.scenario", BROKEN)
    with driver.App("first-mail.scenario", settings={"recent": "['%s']" % path}) as app:
        app.click("Examples and recent scenarios", nth=2)
        app.click("broken.scenario", role="menu item")
        check_errors(app, path)
        app.find("First mail – Wiretalk", role="frame")
        app.key("Right", "Right")
        app.find("2/* · *", role="label")


def test_a_file_that_is_not_there():
    with driver.App("/nowhere/missing.scenario") as app:
        app.until("it is said", lambda: any(n.startswith("missing.scenario: cannot be read: ") for n in app.labels()))
        app.click("Close", role="label", mouse=True, inside="dialog:*")
        app.find("Watch mail travel")


def test_what_is_remembered():
    with driver.App("first-mail.scenario") as app:
        app.key("alt+3", "F8", "ctrl+3")
        app.choose("Speed", "Real time")
        app.choose("Step by", "Packets")
        app.until("the transcript is hidden", lambda: not app.has("Messages", role="tree table"))
    with driver.App("first-mail.scenario", settings=None) as app:
        assert "pressed" in app.find("Side by Side").states
        assert not app.has("Messages", role="tree table")
        assert "selected" in app.find("Mailboxes", role="page tab").states
        app.find("Real time", inside="combo box:Speed")
        app.find("Packets", inside="combo box:Step by")


driver.main(globals())
