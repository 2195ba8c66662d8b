#!/usr/bin/python3
"""A management station in the window: what it knows at the cursor, as values, tables and alarms."""
import driver


def test_variables_follow_the_cursor():
    with driver.App("first-poll.scenario") as app:
        app.key("ctrl+6")
        app.find("Variables at the cursor")
        app.find("–", role="label", inside="Variables at the cursor")  # nothing has been learnt yet
        app.key("End")
        app.find("sysUpTime.0", role="label", inside="Variables at the cursor")
        app.until("values are there", lambda: not app.has("–", role="label", inside="Variables at the cursor"))
        app.until("the chart says what it draws", lambda: "bit/s" in app.find("Chart").description)


def test_a_name_follows_the_cursor():
    """The station gives the router another name at 45 s: it is called so from there on."""
    with driver.App("first-poll.scenario") as app:
        app.find("Router*", role="push button", inside="Network canvas")
        app.key("End")
        app.find("gate.example.org*", role="push button", inside="Network canvas")
        app.key("Home")
        app.find("Router*", role="push button", inside="Network canvas")


def test_a_table_follows_the_cursor():
    with driver.App("first-poll.scenario") as app:
        app.key("ctrl+6", "End")
        app.click("Tables", role="page tab")
        app.find("ifTable · gate", role="label")
        app.until("the columns", lambda: app.row("Table at the cursor", "ifIndex", "ifDescr", "ifOperStatus", "ifInOctets"))
        app.until("the rows at the end", lambda: app.row("Table at the cursor", "1", "Ethernet to station", "up", "1468")
                  and app.row("Table at the cursor", "2", "Ethernet to server", "up"))
        app.click("Alarms", role="page tab")
        app.click("alarm: IF-MIB::ifOperStatus.2 of gate is down(2)", role="label", mouse=True)
        app.click("Tables", role="page tab")  # what it was at 61 s
        app.until("the row at the alarm", lambda: app.row("Table at the cursor", "2", "Ethernet to server", "down"))
        app.click("In a window of its own")
        app.until("a second window", lambda: len(app.tree.windows()) == 2)
        app.key("alt+F4")


def test_alarms_follow_the_cursor():
    with driver.App("first-poll.scenario") as app:
        app.key("ctrl+6", "End")
        app.click("Alarms", role="page tab")
        app.find("61.004 s · Router · over at 81.004 s", role="label")
        app.find("trap from gate: IF-MIB::linkDown*", role="label")
        app.click("alarm: IF-MIB::ifOperStatus.2 of gate is down(2)", role="label", mouse=True)
        app.find("61.004 s · Router · lasts", role="label")  # the cursor is there now
        app.find("Alarms (1)", role="page tab")
        app.gone("trap from gate: IF-MIB::linkUp*")
        app.key("Home")
        app.find("Alarms", role="page tab")


driver.main(globals())
