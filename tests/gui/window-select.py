#!/usr/bin/python3
"""One selection in all views: transcript, inspector, bytes, ladder, canvas; and the filter."""
import driver


def row(app, summary):
    """The transcript's row with that summary."""
    node = app.find(summary, role="label", inside="tree table:Messages")
    while node.role != "table row":
        node = node.parent
    return node


def is_selected(app, summary):
    return app.until("%s is selected" % summary, lambda: "selected" in row(app, summary).states)


def field(app, label):
    """The inspector's row with that label."""
    node = app.find(label, role="label", inside="list:Fields")
    while node.role != "list item":
        node = node.parent
    return node


def test_from_transcript_to_all():
    with driver.App("first-mail.scenario") as app:
        app.key("alt+3")  # side by side
        app.click("MAIL FROM:*", role="label", mouse=True)
        is_selected(app, "MAIL FROM:*")
        app.find("MAIL FROM:<alice@example.org>*", inside="list:Fields")
        app.find("Byte 0: 4d, “M”*", inside="image:Bytes") if False else None
        app.until("bytes", lambda: app.find("Bytes", role="image").description.startswith("Byte 0: 4d"))
        app.until("the ladder", lambda: "MAIL FROM" in app.find("Ladder*", role="image").description)


driver.main(globals())
