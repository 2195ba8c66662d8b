#!/usr/bin/python3
"""How it looks elsewhere: in German, in a small window, dark, and the windows beside the main one."""
import fnmatch
import subprocess

import driver

# The same in both languages: names, protocols, what is on the wire, words that German took over.
SAME = ("Bytes", "Client", "Server", "Mail", "Position", "Text", "Host", "Router*", "Live*", "Filter*", "Version*",
        "*Wiretalk*", "Gtk*", "Adw*", "Wt*", "SMTP", "DNS", "RFC *", "smtp.*", "EHLO *", "Query *", "Answer *", "/*",
        "*.scenario", "*@*", "*Mbit/s*", "* · *", "swaks*", "curl*", "printf*")
# Nodes below which the wire speaks.
WIRE = ("Messages", "Fields", "Dialogue", "Bytes", "Ladder diagram", "Leiterdiagramm", "Nachrichten", "Felder",
        "Dialog")


def texts(app):
    """All that is shown, except what comes from the wire."""
    found = set()

    def walk(node):
        if not node.shown and node.name != "GtkStackPage":
            return
        found.update(t for t in (node.name, node.description) if sum(c.isalpha() for c in t) > 2)
        for child in node.children:
            if not (node.name in WIRE and child.role in ("list", "list item")):
                walk(child)
    for window in app.tree.windows():
        walk(window)
    return {t for t in found if not any(fnmatch.fnmatchcase(t, same) for same in SAME)}


def tour(language):
    """What the program says on a walk through its pages, menus and windows."""
    with driver.App("two-domains.scenario", env={"LANGUAGE": language}) as app:
        app.key("alt+3", "Right", "Right", "Right", "Right")
        app.until("the fourth message", lambda: app.has("4/47 · *"))
        found = texts(app)
        for page in "2", "3", "4":
            app.key("ctrl+" + page)
            found |= texts(app)
        app.click("*", role="push button", nth=3)  # examples and recent scenarios
        app.find("*", role="menu item")
        found |= texts(app)
        app.key("Escape", "F10")
        app.find("*", role="menu item")
        found |= texts(app)
        app.key("Escape")
        for key, *title in (("ctrl+n", "Write a Mail", "Mail schreiben"),
                            ("ctrl+comma", "Preferences", "Einstellungen")):
            app.key(key)
            app.until(title[0], lambda t=title: any(app.has(name) for name in t))
            found |= texts(app)
            app.key("Escape")
    return found


def test_german_everywhere():
    german, english = tour("de"), tour("en")
    assert len(english) > 100, "the tour saw too little: %d" % len(english)
    left = sorted(german & english)
    assert not left, "not translated: %s" % left
    for label in ("Öffnen", "Nachricht", "Zustände", "Postfächer", "Einzelheiten", "Alices Rechner"):
        assert any(label in text for text in german), label + " is missing"


def check_fits(app, width, height):
    window = app.find("*Wiretalk", role="frame")
    frame = 10  # GTK 4.8 tells the size without the frame it draws
    assert window.box[2] <= width - frame and window.box[3] <= height - frame, "the window takes %dx%d" % window.box[2:]
    for node in app.all("*", role="push button") + app.all("*", role="page tab") + app.all("*", role="combo box"):
        x, y, w, h = node.box
        if node.window().path == window.path and not ladder_or_row(node):
            assert x >= 0 and y >= 0 and x + w <= width and y + h <= height, \
                "%s %r lies outside: %s" % (node.role, node.name, node.box)


def ladder_or_row(node):
    """What scrolls may lie outside."""
    while node:
        if node.role in ("scroll pane", "list") or node.name == "Network canvas":
            return True
        node = node.parent
    return False


def test_a_small_window():
    with driver.App("two-domains.scenario", settings={"window-width": 800, "window-height": 600}) as app:
        app.key("Right", "Right", "Right")
        check_fits(app, 800, 600)
        app.key("alt+3")
        check_fits(app, 800, 600)
        for page in "2", "3", "4":
            app.key("ctrl+" + page)
            check_fits(app, 800, 600)
        app.key("End", "ctrl+3")
        app.click("Greetings from the other domain", role="label", inside="Mailboxes and queues", double=True)
        app.find("Source", role="push button")
        check_fits(app, 800, 600)


def test_management_in_a_small_window():
    with driver.App("first-poll.scenario", settings={"window-width": 800, "window-height": 600}) as app:
        app.key("ctrl+6", "End")
        app.until("there is a chart", lambda: "bit/s" in app.find("Chart").description)
        for page in "Values", "Tables", "Alarms":
            app.click(page, role="page tab")
            check_fits(app, 800, 600)


def test_a_small_window_in_german():
    with driver.App("two-domains.scenario", settings={"window-width": 800, "window-height": 600},
                    env={"LANGUAGE": "de"}) as app:
        app.key("Right", "Right", "Right", "alt+3")
        check_fits(app, 800, 600)


def brightness(app, name, **where):
    """Mean brightness from 0 to 1 of that part of the screen."""
    x, y, w, h = app.screen_box(app.find(name, **where))
    got = subprocess.run("import -silent -window root -crop %dx%d+%d+%d png:- | convert - -colorspace gray "
                         "-format '%%[fx:mean]' info:" % (w, h, x, y), shell=True, capture_output=True, text=True,
                         check=True)
    return float(got.stdout)


def test_dark_and_light():
    with driver.App("two-domains.scenario", settings={"view": "'both'", "color-scheme": "'dark'"}) as app:
        app.key("Right")
        parts = ("Network canvas", "Ladder diagram", "Messages", "Bytes", "WtTransportBar")
        for part in parts:
            app.until(part + " is dark", lambda p=part: brightness(app, p) < 0.35)
        app.key("F10")
        app.click("Style", role="menu item")
        app.click("Light", role="radio menu item")
        for part in parts:
            app.until(part + " is light", lambda p=part: brightness(app, p) > 0.7)
        app.key("Escape")  # closes the menu


def test_the_other_windows():
    with driver.App("first-mail.scenario") as app:
        for key, title in (("F1", "*Shortcuts*"), ("ctrl+comma", "Preferences")):
            app.key(key)
            app.find(title, role="frame" if key != "F1" else None)
            app.key("Escape")
            app.gone(title, role="frame")
        app.key("F10")
        app.click("About Wiretalk", role="menu item")
        app.find("The Wiretalk developers", role="label")
        app.key("Escape")
        app.gone("The Wiretalk developers")
        app.key("F11")
        app.until("full screen", lambda: app.find("*Wiretalk", role="frame").box[2] > 1400)
        app.key("F11")
        app.until("as before", lambda: app.find("*Wiretalk", role="frame").box[2] < 1440)


driver.main(globals())
