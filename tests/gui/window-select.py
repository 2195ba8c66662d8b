#!/usr/bin/python3
"""One selection in all views: transcript, inspector, bytes, ladder, canvas; and the filter."""
import driver


def ancestor(node, role):
    while node and node.role != role:
        node = node.parent
    assert node, "nothing around it is a " + role
    return node


def selected_row(app):
    """What the transcript's selected row says, column by column."""
    def look():
        rows = [n for n in app.all("*", role="table row", inside="list:GtkColumnListView") if "selected" in n.states]
        return [n.name for n in rows[0].walk() if n.role == "label"] if rows else None
    return app.until("a row is selected", look)


def selected_field(app):
    def look():
        rows = [n for n in app.all("*", role="list item", inside="list:Fields") if "selected" in n.states]
        return [n.name for n in rows[0].walk() if n.role == "label"] if rows else None
    return app.until("a field is selected", look)


def caret(app, text):
    app.until("the bytes' caret is at " + text, lambda: text in app.find("Bytes", role="image").description)


def ladder_row(app):
    return app.find("*", role="list", inside="panel:Ladder diagram", nth=-1)


def in_the_ladder(app, summary):
    app.find(summary, role="list", inside="panel:Ladder diagram")


def test_a_row_is_selected_everywhere():
    with driver.App("first-mail.scenario") as app:
        app.key("alt+3")  # network and ladder
        app.click("MAIL FROM:*", role="label", inside="tree table:Messages", mouse=True)
        assert selected_row(app)[-1].startswith("MAIL FROM:<alice@example.org>")
        app.find("MAIL FROM:<alice@example.org>*", role="label", inside="list:Fields")
        app.find("MAIL: a mail begins", role="label")  # the glossary explains it
        app.find("RFC 5321 4.1.1.2", role="label")
        caret(app, "Byte 0: 4d, “M”")
        in_the_ladder(app, "MAIL FROM:*")


def test_a_step_is_selected_everywhere():
    with driver.App("first-mail.scenario") as app:
        app.key("alt+3", "Right", "Right")
        assert selected_row(app)[-1] == "EHLO alice.example.org"
        app.find("EHLO alice.example.org", role="label", inside="list:Fields")
        in_the_ladder(app, "EHLO alice.example.org")


def test_the_ladder_selects():
    with driver.App("first-mail.scenario", settings={"view": "'ladder'"}) as app:
        app.key("Right")
        in_the_ladder(app, "220 *")
        app.click("220 *", role="list", inside="panel:Ladder diagram", mouse=True)  # takes the keyboard
        app.key(*["Up"] * 20, *["Down"] * 4)
        app.until("the fifth row", lambda: "row 5 of" in ladder_row(app).description)
        summary = ladder_row(app).name
        assert summary.startswith("MAIL FROM:") and selected_row(app)[-1] == summary, summary
        app.find(summary, role="label", inside="list:Fields")
        app.key("Return")  # the cursor goes there
        app.find("4/13 · *", role="label")


def test_a_host_is_selected():
    with driver.App("first-mail.scenario") as app:
        app.key("ctrl+3")  # mailboxes
        app.key("End")
        app.click("Mail server of example.org", role="push button", inside="Network canvas", mouse=True)
        app.until("it is lit", lambda: "pressed" in app.find("Mail server of example.org", role="push button").states)
        app.find("Mailbox bob · Mail server of example.org", role="label")
        app.find("Lunch?", role="label")
        app.click("Alice's computer", role="push button", inside="Network canvas", mouse=True)
        app.find("No Mailboxes", role="label")


def test_fields_and_bytes_are_tied():
    with driver.App("first-mail.scenario") as app:
        app.click("MAIL FROM:*", role="label", inside="tree table:Messages", mouse=True)
        app.click("Domain", role="label", inside="list:Fields", mouse=True)
        assert selected_field(app) == ["Domain", "example.org"]
        caret(app, "65, “e”")
        app.click("Bytes", role="image", mouse=True)  # the caret goes there
        app.key("ctrl+Home")
        caret(app, "Byte 0: 4d, “M”")
        app.until("the verb", lambda: selected_field(app) == ["Verb", "MAIL"])
        app.key("Right")
        caret(app, "Byte 1: 41, “A”")


def test_filter():
    with driver.App("first-mail.scenario") as app:
        app.find("13 messages")
        app.key("ctrl+f")
        app.write("smtp.response.code >= 300")
        app.find("1 of 13 messages")
        app.find("354 *", role="label", inside="tree table:Messages")
        assert not app.has("EHLO *", role="label", inside="tree table:Messages")
        app.type("Filter", 'smtp.req.parameter contains "nobody"')
        app.find("Nothing Matches")
        app.click("Clear the Filter*")
        app.find("13 messages")


def test_a_filter_with_a_mistake():
    with driver.App("first-mail.scenario") as app:
        app.type("Filter", "smtp.response.code >> 3")
        app.find("column 21: *", role="label")
        app.find("13 messages")  # all is still there
        app.type("Filter", "smtp.no.such == 1")
        said = app.find("column 1: *smtp.no.such*", role="label")
        assert said.shown
        app.type("Filter", "smtp")
        app.gone("column *")
        app.find("13*messages")


driver.main(globals())
