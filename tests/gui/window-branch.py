#!/usr/bin/python3
"""Changes at the cursor make another run beside the old one: a host switched off, a link cut, a mail written."""
import re

import driver


def seen_and_there(app):
    return tuple(map(int, re.match(r"(\d+)/(\d+)", app.find("*/* · * s", role="label").name).groups()))


def until_place(app, place):
    app.until("%d of %d messages" % place, lambda: seen_and_there(app) == place)


def test_a_host_is_switched_off():
    with driver.App("first-mail.scenario") as app:
        app.key(*["Right"] * 6)
        until_place(app, (6, 13))
        app.click("Mail server of example.org", role="push button", inside="Network canvas", button=3)
        app.click("Pull the Plug", role="menu item")
        app.find("Run 2: Mail server of example.org off", role="label", inside="combo box:Run")
        app.until("the cursor stays", lambda: seen_and_there(app)[0] == 6 and seen_and_there(app)[1] < 13)
        app.key("End")
        app.until("it is down", lambda: "down" in app.find("Mail server of example.org",
                                                           role="push button").description)
        assert "session" not in app.find("Mail server of example.org", role="push button").description
        choose_first_run(app)
        until_place(app, (6, 13))  # the old run, where it was left
        app.key("End")
        until_place(app, (13, 13))
        assert "down" not in app.find("Mail server of example.org", role="push button").description


def choose_first_run(app):
    app.click("GtkToggleButton", inside="combo box:Run")
    app.find("Run 2*", role="label", inside="combo box:Run", nth=2)
    app.key("Home", "Return")


def test_a_link_is_cut():
    with driver.App("first-mail.scenario") as app:
        app.key("Right")
        app.click("Alice's computer – Mail server of example.org", inside="Network canvas", button=3)
        app.click("Cut the Link", role="menu item")
        app.find("Run 2: *", role="label", inside="combo box:Run")
        app.key("End")
        app.until("it is cut", lambda: "cut" in app.find("Alice's computer – Mail server of example.org").description)


def test_a_mail_is_written():
    with driver.App("first-mail.scenario") as app:
        app.key("ctrl+n")
        app.type("To (several with semicolons)", "bob@example.org", role="text")
        app.type("Subject", "Written in a test", role="text")
        app.click("Text", role="text", mouse=True)
        app.write("Hello Bob.")
        app.click("_Send Send")
        app.find("Run 2: *writes a mail", role="label", inside="combo box:Run")
        app.gone("Write a Mail")
        app.key("End", "ctrl+3")
        app.click("Mail server of example.org", role="push button", inside="Network canvas", mouse=True)
        app.find("Written in a test", role="label")
        app.find("Lunch?", role="label")  # the scenario's own mail arrives too


def test_a_mail_to_nobody():
    with driver.App("first-mail.scenario") as app:
        app.key("ctrl+n")
        send = app.find("_Send Send")
        assert "sensitive" not in send.states, "without a recipient there is nothing to send"
        app.type("To (several with semicolons)", "bob at example", role="text")
        app.key("ctrl+Return")
        app.until("what is wrong", lambda: any("bob at example" in n for n in app.labels(inside="Write a Mail")))
        app.key("Escape")
        app.gone("Write a Mail")
        assert not app.has("Run", role="combo box")


driver.main(globals())
