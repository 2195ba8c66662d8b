#!/usr/bin/python3
"""Changes at the cursor make another run beside the old one: a host switched off, a mail written, a command typed."""
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


def dialogue(app):
    return app.find("Dialogue", role="text").text


def test_talking_to_a_server():
    with driver.App("type-it-yourself.scenario") as app:
        app.key("ctrl+t")
        say(app, "MAIL FROM:<student@example.org>", "503 ")
        say(app, "HELO me.example.org", "250 ")
        say(app, "MAIL FROM:<student@example.org>", "250 2.1.0 ")
        say(app, "BLAH", "500 ")
        app.find("Run 2: Your computer talks", role="label", inside="combo box:Run")
        assert not app.has("Run 3*")
        app.find("MAIL FROM:<student@example.org>", role="label", inside="tree table:Messages")


def choose_service(app, before, after):
    app.click(before, inside="combo box:Protocol", mouse=True)
    app.find(after, role="label", inside="combo box:Protocol")
    app.key("Home", *["Down"] * SERVICES.index(after), "Return")


SERVICES = ["SMTP, port 25", "Submission, port 587", "Submission with TLS, port 465", "POP3, port 110",
            "POP3 with TLS, port 995", "IMAP, port 143", "IMAP with TLS, port 993"]


def test_talking_in_pop3():
    with driver.App("type-it-yourself.scenario") as app:
        app.key("ctrl+End")
        app.click("Mail server of example.org", role="push button", inside="Network canvas", button=3)
        app.click("Talk to It", role="menu item")
        app.click("In POP3", role="menu item")
        say(app, "CAPA", r"\+OK ")
        say(app, "STLS", r"\+OK ")
        say(app, "USER bob", r"\+OK ")
        say(app, "PASS secret", r"\+OK ")
        say(app, "LIST", r"\+OK 1 message .*\nS: 1 \d+\nS: \.$")
        assert re.search(r"STLS\nS: .*\nFrom here on TLS encrypts what is said\.\nC: USER", dialogue(app))
        choose_service(app, "POP3, port 110", "POP3 with TLS, port 995")
        app.until("nothing was said there", lambda: "CAPA" not in dialogue(app))
        say(app, "NOOP", "-ERR ")


def say(app, line, reply):
    before = dialogue(app).count("\n")
    app.type("Line", line, role="text")
    app.key("Return")
    app.until("“%s” is answered with %s" % (line, reply),
              lambda: re.search(r"C: %s\nS: %s" % (re.escape(line), reply), after(dialogue(app), before)))


def after(text, lines):
    return "\n".join(text.split("\n")[lines:])


driver.main(globals())
