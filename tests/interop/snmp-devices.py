#!/usr/bin/env python3
"""net-snmp's programs against the managed devices of `wiretalk-cli live`: the agent without a scenario, the devices of one, a
device recorded from another, and our MIB modules in their parser."""
import os
import pathlib
import smtplib
import socket

from wiretalk import CLI, Live, folder, main, run, wait_for

PASSWORD = "wiretalk123"
MIBS = pathlib.Path(os.environ["WIRETALK_SOURCE"]) / "lessons" / "mibs"
NUMBERS = {"MIBS": "", "SNMPCONFPATH": "/nonexistent", "SNMP_PERSISTENT_DIR": "/tmp"}
NAMES = {**NUMBERS, "MIBS": "ALL", "MIBDIRS": str(MIBS)}
PRIVATE = ["-v2c", "-cprivate"]
PUBLIC = ["-v2c", "-cpublic"]
USERS = {"noauth": ["-l", "noAuthNoPriv"],
         "md5des": ["-l", "authPriv", "-a", "MD5", "-A", PASSWORD, "-x", "DES", "-X", PASSWORD],
         "shaaes": ["-l", "authPriv", "-a", "SHA", "-A", PASSWORD, "-x", "AES", "-X", PASSWORD],
         "sha256aes": ["-l", "authPriv", "-a", "SHA-256", "-A", PASSWORD, "-x", "AES", "-X", PASSWORD]}
SCENARIO = """[scenario]
title=Devices
[host gate]
type=router
address=10.9.0.1
snmp=public;private
snmp-writers=private
[host printer]
type=managed-device
address=10.9.0.2
profile=printer
[host ups]
type=managed-device
address=10.9.0.3
profile=ups
snmp=other
[host old]
type=managed-device
address=10.9.0.4
recording=old.walk
"""


def at(live, nth=0):
    address, port = live.address("snmp", nth)
    return f"{address}:{port}"


def tool(program, who, live, *arguments, nth=0, env=NAMES, expect=0):
    return run(program, *who, "-t", "2", "-r", "1", at(live, nth), *arguments, expect=expect, env=env)


def values(walked):
    """The lines of a walk, without the word on its end."""
    return [line for line in walked.splitlines() if "No more variables" not in line]


def their_parser_takes_our_modules():
    output = run("snmptranslate", "-Td", "-On", "UPS-MIB::upsTrapOnBattery", env=NAMES)
    assert output.startswith(".1.3.6.1.2.1.33.2.1\n") and "upsSecondsOnBattery" in output, output
    for name in ("MTA-MIB::mtaReceivedMessages", "Printer-MIB::prtMarkerSuppliesLevel", "ENTITY-SENSOR-MIB::entPhySensorValue"):
        ours = run(CLI, "mib", name).splitlines()[1].split()[1]
        assert run("snmptranslate", "-On", name, env=NAMES).strip() == f".{ours}", name


def everybody_reads():
    with folder() as f, Live(f, "--discard") as live:
        for who in (["-v1", "-cpublic"], PUBLIC, *(["-v3", "-u", user, *options] for user, options in USERS.items())):
            assert "SNMPv2-MIB::sysName.0 = STRING: mail" in tool("snmpget", who, live, "SNMPv2-MIB::sysName.0"), who
        wrong = run("snmpget", "-v2c", "-cwrong", "-t", "0.3", "-r", "0", at(live), "1.3.6.1.2.1.1.5.0", env=NUMBERS, expect=1)
        assert "Timeout" in wrong, wrong
        assert "= Counter32: 1" in tool("snmpget", PUBLIC, live, "SNMPv2-MIB::snmpInBadCommunityNames.0")


def walks_agree():
    with folder() as f, Live(f, "--discard") as live:
        walked = values(tool("snmpwalk", PUBLIC, live, "-On", ".1"))
        bulk = values(tool("snmpbulkwalk", PUBLIC, live, "-On", ".1"))
        names = [line.split(" = ")[0] for line in walked]
        assert len(names) > 150 and names == [line.split(" = ")[0] for line in bulk]
        assert names == sorted(names, key=lambda name: [int(arc) for arc in name[1:].split(".")])
        table = tool("snmptable", PUBLIC, live, "HOST-RESOURCES-MIB::hrStorageTable")
        assert "Physical memory" in table and "hrStorageFixedDisk" in table, table


def who_may_set():
    with folder() as f, Live(f, "--discard") as live:
        for number, who in enumerate((PRIVATE, *(["-v3", "-u", user, *USERS[user]] for user in ("md5des", "shaaes", "sha256aes")))):
            assert f"gate{number}" in tool("snmpset", who, live, "SNMPv2-MIB::sysName.0", "=", f"gate{number}"), who
        for who in (PUBLIC, ["-v3", "-u", "noauth", *USERS["noauth"]]):
            assert "Reason" in tool("snmpset", who, live, "SNMPv2-MIB::sysName.0", "=", "no", expect=2), who
        assert "gate3" in tool("snmpget", PUBLIC, live, "SNMPv2-MIB::sysName.0")
        for name, type_, value, reason in (("1.3.6.1.2.1.1.7.0", "i", "3", "notWritable"), ("1.3.6.1.2.1.1.5.0", "i", "3", "wrongType"),
                                           ("1.3.6.1.2.1.1.5.0", "s", "x" * 256, "wrongLength"),
                                           ("1.3.6.1.2.1.2.2.1.7.1", "i", "9", "wrongValue"),
                                           ("1.3.6.1.2.1.2.2.1.7.1", "i", "2", "inconsistentValue"),  # the loopback interface stays up
                                           ("1.3.6.1.2.1.2.2.1.7.9", "i", "1", "noCreation")):
            output = tool("snmpset", PRIVATE, live, name, type_, value, env=NUMBERS, expect=2)
            assert reason in output, (name, output)
        status = tool("snmpget", PUBLIC, live, "IF-MIB::ifAdminStatus.1", "IF-MIB::ifOperStatus.1")
        assert status.count("up(1)") == 2, status


def a_mail_is_counted():
    with folder() as f, Live(f, "--discard") as live:
        with smtplib.SMTP(*live.address()) as smtp:
            smtp.sendmail("a@example.org", ["alice@example.org", "bob@example.org"], "Subject: x\r\n\r\nx\r\n")
        counts = tool("snmpget", PUBLIC, live, "MTA-MIB::mtaReceivedMessages.1", "MTA-MIB::mtaReceivedRecipients.1",
                      "NETWORK-SERVICES-MIB::applAccumulatedInboundAssociations.1")
        assert [line.split()[-1] for line in counts.splitlines()] == ["1", "2", "1"], counts


def who_is_connected_is_told():
    with folder() as f, Live(f, "--discard") as live:
        before = tool("snmpget", PUBLIC, live, "TCP-MIB::tcpPassiveOpens.0").split()[-1]
        with smtplib.SMTP(*live.address()) as smtp:
            port = smtp.sock.getsockname()[1]
            table = tool("snmptable", PUBLIC, live, "TCP-MIB::tcpConnTable")
            assert any(row.split() == ["established", "10.0.0.1", "25", "127.0.0.1", str(port)] for row in table.splitlines()), table
            walked = tool("snmpwalk", PUBLIC, live, "TCP-MIB::tcpConnectionState")
            assert f'.ipv4."10.0.0.1".25.ipv4."127.0.0.1".{port} = INTEGER: established(5)' in walked, walked
            counts = tool("snmpget", PUBLIC, live, "TCP-MIB::tcpPassiveOpens.0", "TCP-MIB::tcpCurrEstab.0").splitlines()
            assert [int(line.split()[-1]) for line in counts] == [int(before) + 1, 1], counts
        wait_for(lambda: "established" not in tool("snmpwalk", PUBLIC, live, "TCP-MIB::tcpConnState"), "the end of the connection")
        assert "10.0.0.1.161" in tool("snmpwalk", PUBLIC, live, "UDP-MIB::udpLocalPort")
        assert '"10.0.0.1".161.unknown."".0.1' in tool("snmpwalk", PUBLIC, live, "UDP-MIB::udpEndpointTable")


def a_connection_is_cut_by_set():
    with folder() as f, Live(f, "--discard") as live, socket.create_connection(live.address()) as smtp:
        smtp.settimeout(5)
        smtp.recv(500)
        row = f"10.0.0.1.25.127.0.0.1.{smtp.getsockname()[1]}"
        for name, value, reason in (("tcpConnState." + row, "5", "wrongValue"), ("tcpConnState.10.0.0.1.25.0.0.0.0.0", "12", "inconsistentValue"),
                                    ("tcpConnState.10.0.0.1.25.127.0.0.1.1", "12", "noCreation"), ("tcpConnLocalPort." + row, "12", "notWritable")):
            output = tool("snmpset", PRIVATE, live, "TCP-MIB::" + name, "i", value, expect=2)
            assert reason in output, (name, output)
        smtp.send(b"NOOP\r\n")
        assert smtp.recv(500).startswith(b"250"), "it goes on"
        tool("snmpset", PRIVATE, live, "TCP-MIB::tcpConnState." + row, "=", "deleteTCB")
        try:
            said = smtp.recv(500)
        except ConnectionResetError:
            said = "reset"
        assert said == "reset", said
        assert row not in tool("snmpwalk", PUBLIC, live, "TCP-MIB::tcpConnState")
        with smtplib.SMTP(*live.address()) as again:
            again.noop()


def devices_of_a_scenario():
    """Each at its own address; the fourth is recorded from the first."""
    with folder() as f:
        scenario = f / "devices.scenario"
        scenario.write_text(SCENARIO)
        (f / "old.walk").write_text('.1.3.6.1.2.1.1.5.0 = STRING: "old"\n')
        with Live(f, "--discard", scenario=scenario) as live:
            assert [a for s, a, p in live.services if s == "snmp"] == [f"127.9.0.{i}" for i in (1, 2, 3, 4)], live.services
            assert "router" in tool("snmpget", PUBLIC, live, "SNMPv2-MIB::sysDescr.0")
            assert "Black toner" in tool("snmpwalk", PUBLIC, live, "Printer-MIB::prtMarkerSuppliesDescription", nth=1)
            assert "batteryNormal(2)" in tool("snmpget", ["-v2c", "-cother"], live, "UPS-MIB::upsBatteryStatus.0", nth=2)
            assert "STRING: old" in tool("snmpget", PUBLIC, live, "SNMPv2-MIB::sysName.0", nth=3)
            recording = tool("snmpwalk", PUBLIC, live, "-ObentU", ".1.3.6.1.2.1", env=NUMBERS)
        (f / "old.walk").write_text(recording)
        with Live(f, "--discard", scenario=scenario) as live:
            replayed = tool("snmpwalk", PUBLIC, live, "-ObentU", ".1.3.6.1.2.1", nth=3, env=NUMBERS)
            assert values(replayed) == values(recording), replayed


def each_request_is_in_the_record():
    with folder() as f, Live(f, "--discard") as live:
        tool("snmpget", PUBLIC, live, "1.3.6.1.2.1.1.5.0", env=NUMBERS)
        wait_for(lambda: len([m for m in live.messages() if m.get("protocol") == "snmp"]) == 2, "request and answer")


main([their_parser_takes_our_modules, everybody_reads, walks_agree, who_may_set, a_mail_is_counted, who_is_connected_is_told, a_connection_is_cut_by_set,
      devices_of_a_scenario, each_request_is_in_the_record])
