#!/usr/bin/python3
"""Moving through a run: steps of each unit by key and button, back to where one was, the scrubber, playing at a fixed
pause and at a speed."""
import re
import time

import driver

UNITS = ("Packets", "Messages", "Exchanges", "Phases")


def place(app):
    """Messages seen, messages there are, seconds of virtual time."""
    shape = re.compile(r"(\d+)/(\d+) · ([\d.]+) s")
    label = app.keep("*/* · * s", role="label")
    seen, there, seconds = app.until("the place is shown", lambda: shape.fullmatch(label.text)).groups()
    return int(seen), int(there), float(seconds)


def position(app):
    return app.keep("Position", role="slider").value


def move(app, act):
    """Does it and returns the cursor's position after that."""
    before = position(app)
    act()
    return app.until("the cursor moves from %g" % before, lambda: position(app) != before and position(app))


def check_unit(app, unit):
    app.choose("Step by", unit)
    app.key("Home")
    app.until("the start", lambda: position(app) == 0)
    there = [0, move(app, lambda: app.key("Right")), move(app, lambda: app.click("Step forward")),
             move(app, lambda: app.key("F7"))]
    assert there == sorted(set(there)), "%s: steps go on: %s" % (unit, there)
    back = [there[3], move(app, lambda: app.key("Left")), move(app, lambda: app.click("Step back"))]
    assert back == there[:0:-1], "%s: back the same way: %s then %s" % (unit, there, back)
    app.click("To the start")
    return there


def test_steps_of_each_unit():
    with driver.App("first-mail.scenario") as app:
        ways = {unit: check_unit(app, unit) for unit in UNITS}
        assert ways["Packets"][3] < ways["Messages"][3] < ways["Exchanges"][3], ways
        assert len({tuple(way) for way in ways.values()}) == 4, "each unit goes its own way: %s" % ways


def test_to_the_ends():
    with driver.App("first-mail.scenario") as app:
        assert "sensitive" not in app.find("Step back").states
        app.key("End")
        app.until("all messages are seen", lambda: place(app)[:2] == (13, 13))
        for button in ("Step forward", "To the end"):
            assert "sensitive" not in app.find(button).states, button
        app.key("Right")  # harmless
        app.click("To the start")
        app.until("the start", lambda: place(app) == (0, 13, 0.0))


def test_the_scrubber():
    with driver.App("two-domains.scenario") as app:
        slider = app.find("Position", role="slider")
        app.point(slider, 0.5)
        driver.xdo("click", 1)
        middle = app.until("somewhere in the middle", lambda: place(app)[0] in range(10, 40) and place(app)[0])
        app.point(slider, 0.8)
        driver.xdo("mousedown", 1)
        app.point(slider, 0.9)
        driver.xdo("mouseup", 1)
        app.until("later", lambda: place(app)[0] > middle)
        app.key("Left")  # and the keys go on from there
        app.until("a step back", lambda: place(app)[0] < 47)


def test_plays_a_step_a_time():
    with driver.App("first-mail.scenario", settings={"pace": "'step-0.5s'"}) as app:  # seen on a busy machine, too
        app.key("space")
        app.find("Pause")
        app.until("some steps are played", lambda: place(app)[0] >= 3)
        app.key("space")
        app.find("Play")
        time.sleep(0.3)
        still = position(app)
        time.sleep(0.8)
        assert position(app) == still, "paused"
        app.key("space")
        app.until("it plays to the end, and stops", lambda: place(app)[0] == 13 and app.has("Play"), 20)
        app.key("space")  # again from the start
        app.until("from the start", lambda: 0 < place(app)[0] < 13)
        app.key("Left")  # a step stops it
        app.find("Play")


def test_plays_at_a_speed():
    with driver.App("first-mail.scenario", settings={"pace": "'x1'"}) as app:
        begin = time.monotonic()
        app.click("Play")
        app.until("time goes by before the first message", lambda: 0 < place(app)[2] < 1.0)
        app.until("messages come", lambda: place(app)[0] >= 1, 20)
        assert time.monotonic() - begin > 1.0, "real time: the first message is sent after a second"
        app.choose("Speed", "100 × real time")
        app.until("the end", lambda: place(app)[0] == 13 and app.has("Play"), 20)


driver.main(globals())
