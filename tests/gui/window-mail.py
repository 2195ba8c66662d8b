#!/usr/bin/python3
"""Mails with more than text: written with files, opened as a mail program shows them, taken apart, attachments saved."""
import os
import pathlib

import driver

CAFE = driver.SCENARIOS / "files" / "café.txt"


def made(name, content):
    path = pathlib.Path(os.environ["XDG_RUNTIME_DIR"], name)
    path.write_bytes(content)
    return path


def attach(app, path):
    app.click("*Attach…", role="push button")
    app.find("Attach Files")
    app.write(str(path))
    app.key("Return")
    app.gone("Attach Files")
    app.find(path.name, role="label", inside="Write a Mail")


def open_mail(app, subject):
    app.key("End", "ctrl+3")
    app.click(subject, role="label", inside="Mailboxes and queues", double=True)
    app.find("Source", role="push button")


def test_files_are_attached():
    plan = made("plan;one.txt", b"A plan\n")
    with driver.App("first-mail.scenario") as app:
        app.key("ctrl+n")
        app.type("To (several with semicolons)", "bob@example.org", role="text")
        app.type("Subject", "With files", role="text")
        attach(app, plan)
        attach(app, driver.SCENARIOS / "files" / "sea.png")
        app.click("In the text", role="push button")
        app.click("_Send Send")
        app.gone("Write a Mail")
        open_mail(app, "With files")
        app.find("plan;one.txt", role="label")
        app.find("sea.png", role="label")
        app.click("Parts", role="push button")
        for kind in ("multipart/mixed", "multipart/alternative", "multipart/related", "image/png"):
            app.find(kind, role="label", inside="Parts of the mail")


def test_a_file_is_removed():
    plan = made("plan.txt", b"A plan\n")
    with driver.App("first-mail.scenario") as app:
        app.key("ctrl+n")
        attach(app, plan)
        app.click("Remove “plan.txt”", role="push button")
        app.gone("plan.txt", role="label", inside="Write a Mail")
        app.key("Escape")
        app.gone("Write a Mail")


def test_an_attachment_is_saved():
    target = pathlib.Path(os.environ["XDG_RUNTIME_DIR"], "saved.txt")
    with driver.App("attachment-journey.scenario") as app:
        open_mail(app, "What the café has")
        app.click("Save “café.txt”", role="push button")
        app.find("Save Attachment")
        app.key("ctrl+a")
        app.write(str(target))
        app.key("Return")
        app.find("Saved as “saved.txt”", role="label")
        assert target.read_bytes() == CAFE.read_bytes()


def test_the_inspector_shows_parts():
    with driver.App("attachment-journey.scenario") as app:
        app.key("ctrl+f")
        app.write('mime_multipart.header.content-disposition contains "attachment"')
        app.find("2 of 104 messages")
        app.click("Mail, 835 bytes: *", role="label", inside="tree table:Messages", mouse=True)
        app.click("Mail", role="page tab")
        app.find("What the café has", role="label")
        app.click("Parts", role="push button")
        app.click("café.txt", role="label", inside="Parts of the mail", mouse=True)
        app.until("its text", lambda: "Milchkaffee" in app.text("Header and content of the part", role="text"))
        app.click("Raw bytes", role="push button")


driver.main(globals())
