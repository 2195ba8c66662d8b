#!/usr/bin/python3
"""Asking devices by hand: simulated ones and real ones, as whom one likes; what they answer, and why not."""
import contextlib
import os
import pathlib
import socket
import subprocess
import tempfile

import driver


def open_ask(app, host):
    app.click(host, role="push button", inside="Network canvas", button=3)
    app.click("Ask with SNMP…", role="menu item")
    app.find("Ask with SNMP")


def choose(app, row_title, steps):
    """Chooses the nth line of a combo row: libadwaita's rows are no drop-downs to a screen reader."""
    app.click(row_title, role="label", mouse=True)
    app.key("Home", *["Down"] * steps, "Return")


def test_asking_by_hand():
    with driver.App("first-poll.scenario") as app:
        app.key("End")
        open_ask(app, "Management station")
        app.type("Object", "sysDescr.0", role="text")
        app.click("_Get Get")
        app.find("Run 2: Management station asks", role="label", inside="combo box:Run")
        app.find("gate has answered: sysDescr.0 = *", role="label", inside="Ask with SNMP")
        app.type("Object", "ifDescr.9", role="text")
        app.click("_Get Get")
        app.find("gate has answered: ifDescr.9 = noSuchInstance", role="label", inside="Ask with SNMP")
        app.find("A row that does not exist*(RFC 3416 4.2.1)", role="label", inside="Ask with SNMP")
        app.type("Object", "no-such-object", role="text")
        app.click("_Get Get")
        app.find("*no-such-object*", role="label", inside="Ask with SNMP")
        app.key("Escape")
        app.gone("Ask with SNMP")
        app.click("Variables")
        app.key("End")
        app.find("sysDescr.0", role="label", inside="Variables at the cursor")


def test_a_table_by_hand():
    with driver.App("first-poll.scenario") as app:
        app.key("End")
        open_ask(app, "gate.example.org")  # so the router is called at the end
        app.type("Object", "ipAddrTable", role="text")
        app.click("_Table Table")
        app.find("gate has answered: * values below IP-MIB::ipAddrTable", role="label", inside="Ask with SNMP")
        app.click("S_how Show")
        app.find("ipAddrTable · gate", role="label")
        app.until("the address", lambda: app.row("Table at the cursor", "192.0.2.1", "1", "255.255.255.0"))
        app.key("Escape")


def test_setting_acts_and_says_why_not():
    with driver.App("first-poll.scenario") as app:
        app.key("End")
        open_ask(app, "gate.example.org")  # so the router is called at the end
        for object_, value, answer in (
                ("sysName.0", "edge", "gate has answered: sysName.0 = edge"),
                ("sysDescr.0", "mine", "gate answers notWritable for SNMPv2-MIB::sysDescr.0"),
                ("1.3.6.1.2.1.1.5.0", "i:5", "gate answers wrongType for SNMPv2-MIB::sysName.0"),
                ("ifAdminStatus.2", "down", "gate has answered: ifAdminStatus.2 = down(2)")):
            app.type("Object", object_, role="text")
            app.type("New value", value, role="text")
            app.click("_Set Set")
            app.find(answer, role="label", inside="Ask with SNMP")
            if "answers" in answer:
                app.find("*(RFC 3416 4.2.5)", role="label", inside="Ask with SNMP")
        app.key("Escape")
        app.key("End")
        app.click("Variables")
        app.click("Alarms*", role="page tab")
        app.find("trap from gate: IF-MIB::linkDown*", role="label")  # the link is cut
        app.find("edge", role="push button", inside="Network canvas")  # and the router has its new name


def test_another_version_and_user():
    with driver.App("communities-and-users.scenario") as app:
        app.key("End")
        open_ask(app, "Version 2c")
        app.click("As whom", role="label", mouse=True)
        choose(app, "SNMP version", 3)
        app.type("User", "nobody", role="text")
        app.click("_Get Get")
        app.find("gate: *user*", role="label", inside="Ask with SNMP")
        app.type("User", "noauth", role="text")
        app.click("_Get Get")
        app.find("gate has answered: sysName.0 = *", role="label", inside="Ask with SNMP")
        app.key("Escape")


@contextlib.contextmanager
def snmpd():
    """A real device; gives its port."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "conf")
        config.write_text(f"agentaddress udp:127.0.0.1:{port}\nrocommunity public\nrwcommunity private\n")
        process = subprocess.Popen(["/usr/sbin/snmpd", "-f", "-C", "-c", str(config), "-LE", "0"],
                                   env={**os.environ, "SNMP_PERSISTENT_DIR": folder, "MIBS": ""})
        try:
            yield port
        finally:
            process.kill()
            process.wait()


def test_a_real_device_live():
    with snmpd() as port, driver.App("first-poll.scenario", settings={
            "live-port-offset": driver.free_offset([161, 162]), "live-discard": "true"}) as app:
        app.click("Live mode")
        app.find("Live, *", role="label", inside="combo box:Run")
        open_ask(app, "Management station")
        app.click("_Get Get")  # a host of the scenario, over a real socket
        app.find("gate has answered: sysName.0 = *", role="label", inside="Ask with SNMP")
        choose(app, "Who is asked", 2)
        app.type("Name or address, with the port if it is not 161", f"localhost:{port}", role="text")
        app.type("Object", "sysDescr.0", role="text")
        app.click("_Get Get")
        app.find(f"127.0.0.1:{port} has answered: sysDescr.0 = Linux*", role="label", inside="Ask with SNMP")
        app.key("Escape")
        app.gone("Ask with SNMP")
        app.click("Management station", role="push button", inside="Network canvas", button=3)
        app.click("Add a Real Device…", role="menu item")
        app.type("Name or address, with the port if it is not 161", f"127.0.0.1:{port}", role="text")
        app.click("_Add Add")
        app.gone("Add a Real Device")
        app.key("ctrl+6")
        app.click("Tables", role="page tab")
        app.choose("Table", f"ifTable · 127.0.0.1:{port}")
        app.until("its interfaces", lambda: "1" in app.labels("Table at the cursor"))
        app.click("Live mode")
        app.gone("Live, *", role="spinner")


driver.main(globals())
