#!/usr/bin/python3
"""A management station in the window: what it knows at the cursor, and asking a device by hand."""
import driver


def test_variables_follow_the_cursor():
    with driver.App("first-poll.scenario") as app:
        app.key("ctrl+6")
        app.find("Variables at the cursor")
        app.find("–", role="label", inside="Variables at the cursor")  # nothing has been learnt yet
        app.key("End")
        app.find("sysUpTime.0", role="label", inside="Variables at the cursor")
        app.until("values are there", lambda: not app.has("–", role="label", inside="Variables at the cursor"))
        app.until("the chart says what it draws", lambda: "a second" in app.find("Chart").description)


def test_asking_by_hand():
    with driver.App("first-poll.scenario") as app:
        app.key("End")
        app.click("Management station", role="push button", inside="Network canvas", button=3)
        app.click("Ask with SNMP…", role="menu item")
        app.type("Object", "sysDescr.0", role="text")
        app.click("_Get Get")
        app.find("Run 2: Management station asks", role="label", inside="combo box:Run")
        app.type("Object", "no-such-object", role="text")
        app.click("_Get Get")
        app.find("*no-such-object*", role="label", inside="Ask with SNMP")
        app.key("Escape")
        app.gone("Ask with SNMP")
        app.click("Variables")
        app.key("End")
        app.find("sysDescr.0", role="label", inside="Variables at the cursor")


driver.main(globals())
