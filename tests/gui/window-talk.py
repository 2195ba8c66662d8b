#!/usr/bin/python3
"""Somebody types at a mail server, in the protocol that he chooses; each line makes a run that takes the place of the one before."""
import re

import driver

QUICK = {"pace": "'step-0.1s'"}


def dialogue(app):
    return app.find("Dialogue", role="text").text


def test_talking_to_a_server():
    with driver.App("type-it-yourself.scenario", settings=QUICK) as app:
        app.key("ctrl+t")
        say(app, "MAIL FROM:<student@example.org>", "503 ")
        say(app, "HELO me.example.org", "250 ")
        say(app, "MAIL FROM:<student@example.org>", "250 2.1.0 ")
        say(app, "BLAH", "500 ")
        app.find("Run 2: Your computer talks", role="label", inside="combo box:Run")
        assert not app.has("Run 3*")
        app.find("MAIL FROM:<student@example.org>", role="label", inside="tree table:Messages")


def test_talking_in_imap():
    with driver.App("type-it-yourself.scenario", settings=QUICK) as app:
        app.key("ctrl+End", "ctrl+t")
        app.find("Protocol", role="combo box")
        choose_service(app, "SMTP, port 25", "IMAP, port 143")
        say(app, "a1 LOGIN {3}", r"\+ ")
        say(app, "bob {6}", r"\+ ")
        say(app, "secret", "a1 OK ")
        say(app, "a2 SELECT INBOX", r"(\* .*\nS: )+a2 OK ")
        say(app, "a3 IDLE", r"\+ ")
        say(app, "DONE", "a3 OK ")
        say(app, "a4 STARTTLS", "a4 BAD ")


def choose_service(app, before, after):
    app.click(before, inside="combo box:Protocol", mouse=True)
    app.find(after, role="label", inside="combo box:Protocol")
    app.key("Home", *["Down"] * SERVICES.index(after), "Return")


SERVICES = ["SMTP, port 25", "Submission, port 587", "Submission with TLS, port 465", "LMTP, port 24",
            "POP3, port 110", "POP3 with TLS, port 995", "IMAP, port 143", "IMAP with TLS, port 993"]


def test_talking_in_pop3():
    with driver.App("type-it-yourself.scenario", settings=QUICK) as app:
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


def test_talking_in_lmtp():
    with driver.App("local-delivery.scenario", settings=QUICK) as app:
        app.key("ctrl+End")
        app.click("Mailboxes of example.net", role="push button", inside="Network canvas", button=3)
        app.click("Talk to It", role="menu item")
        app.find("In LMTP", role="menu item")
        app.key("Escape", "Escape")
        app.click("Carol's computer", role="push button", inside="Network canvas", button=3) # from outside it cannot be reached
        app.click("Talk to a Server", role="menu item")
        choose_service(app, "SMTP, port 25", "LMTP, port 24")
        say(app, "EHLO me.example.org", "502 ")
        say(app, "LHLO me.example.org", "250")
        say(app, "MAIL FROM:<>", "250 2.1.0 ")
        say(app, "RCPT TO:<bob@example.net>", "250 2.1.5 ")
        say(app, "RCPT TO:<nobody@example.net>", "550 5.1.1 ")
        say(app, "RCPT TO:<carol@example.net>", "250 2.1.5 ")
        say(app, "DATA", "354 ")
        app.type("Line", ".", role="text")
        app.key("Return")
        app.until("there is an answer for each of the two",
                  lambda: re.search(r"C: \.\nS: 250 2.0.0 <bob@.*\nS: \d\d\d .* <carol@", dialogue(app)))


def say(app, line, reply):
    before = dialogue(app).count("\n")
    app.type("Line", line, role="text")
    app.key("Return")
    app.until("“%s” is answered with %s" % (line, reply),
              lambda: re.search(r"C: %s\nS: %s" % (re.escape(line), reply), after(dialogue(app), before)))


def after(text, lines):
    return "\n".join(text.split("\n")[lines:])


driver.main(globals())
