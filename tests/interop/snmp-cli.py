#!/usr/bin/env python3
"""`wiretalk-cli snmp` against a real snmpd and snmptrapd: every request, version and level; and a management station that polls
snmpd in live mode."""
import contextlib
import os
import pathlib
import re
import subprocess

from wiretalk import CLI, Live, folder, free_port, main, run, wait_for

MIBS = str(pathlib.Path(__file__).resolve().parent.parent.parent / "lessons" / "mibs")
PASSWORD = "wiretalk123"
USERS = {"noauth": "noauth", "sha256": f"sha256:SHA-256:{PASSWORD}", "shaaes": f"shaaes:SHA:{PASSWORD}:AES:{PASSWORD}"}
EVERYBODY = [["-v", "1"], ["-v", "2c"], *(["-v", "3", "-u", user] for user in USERS.values())]
CONFIG = f"""agentaddress udp:127.0.0.1:PORT
rocommunity public
rwcommunity private
createUser noauth
createUser sha256 SHA-256 "{PASSWORD}"
createUser shaaes SHA "{PASSWORD}" AES "{PASSWORD}"
rwuser noauth noauth
rwuser sha256 auth
rwuser shaaes priv
"""


@contextlib.contextmanager
def daemon(program, config, options):
    """A net-snmp daemon with its own folder; gives its port and its log."""
    with folder() as f:
        port = free_port()
        (f / "conf").write_text(config.replace("PORT", str(port)))
        log = f / "log"
        with open(log, "w") as output:
            process = subprocess.Popen([program, "-f", "-C", "-c", str(f / "conf"), "-Lo", *options(port)], stdout=output,
                                       stderr=subprocess.STDOUT, env={**os.environ, "SNMP_PERSISTENT_DIR": str(f), "MIBS": ""})
            try:
                yield port, log
            finally:
                process.kill()
                process.wait()


@contextlib.contextmanager
def snmpd():
    with daemon("snmpd", CONFIG, lambda port: []) as (port, log):
        wait_for(lambda: "sysUpTime" in cli("get", port, "sysUpTime", expect=None), "snmpd")
        yield port


def cli(what, port, *arguments, options=(), expect=0):
    return run(CLI, "snmp", what, "-t", "500ms", "-r", "2", *options, f"127.0.0.1:{port}", *arguments, expect=expect)


def every_request_in_every_version():
    with snmpd() as port:
        for who in EVERYBODY:
            assert "SNMPv2-MIB::sysName.0 = OCTET STRING: " in cli("get", port, "sysName", options=who), who
            assert cli("next", port, "sysName.0", options=who).startswith("SNMPv2-MIB::sysLocation.0"), who
            assert "IF-MIB::ifDescr.1 = OCTET STRING: lo" in cli("walk", port, "ifDescr", options=who), who
        for who in EVERYBODY[1:]:
            bulk = cli("bulk", port, "ifIndex", "--max-repetitions", "1", options=who)
            assert bulk == "IF-MIB::ifIndex.1 = INTEGER: 1\n", (who, bulk)


def setting():
    with snmpd() as port:
        for number, who in enumerate([["-c", "private"], *EVERYBODY[2:]]):
            assert f"gate{number}" in cli("set", port, f"sysName=gate{number}", options=who), who
        assert re.search(r"noAccess for .*\n.*\(RFC 3416 4\.2\.5\)", cli("set", port, "sysName=no", expect=1))
        assert "gate3" in cli("get", port, "sysName")


def a_whole_walk_as_snmpwalk_has_it():
    with snmpd() as port:
        ours = cli("walk", port, "1.3.6.1.2.1.1.9", options=["-n"])
        theirs = run("snmpwalk", "-v2c", "-cpublic", "-On", f"127.0.0.1:{port}", ".1.3.6.1.2.1.1.9", env={"MIBS": ""})
        names = [line.split(" = ")[0] for line in ours.splitlines()]
        assert len(names) > 10 and names == [line.split(" = ")[0].lstrip(".") for line in theirs.splitlines()], ours


def what_goes_wrong_is_said():
    with snmpd() as port:
        assert "noSuchInstance" in cli("get", port, "ifDescr.9999")
        assert "wrong password" in cli("get", port, "sysName", options=["-v", "3", "-u", "sha256:SHA-256:wrongwrong"], expect=1)
        assert "know the user" in cli("get", port, "sysName", options=["-v", "3", "-u", "nobody"], expect=1)
        assert "no answer" in cli("get", port, "sysName", options=["-c", "nobody", "-t", "50ms"], expect=1)
    assert "no answer" in cli("get", free_port(), "sysName", options=["-t", "50ms"], expect=1)
    assert "2c or 3" in cli("get", 1, "sysName", options=["-v", "4"], expect=2)
    assert "argument is missing" in cli("get", 1, expect=2)


def notifications_reach_snmptrapd():
    config = f'authCommunity log public\ndisableAuthorization yes\ncreateUser sha256 SHA-256 "{PASSWORD}"\nauthUser log sha256\n'
    with daemon("snmptrapd", config, lambda port: ["-On", f"udp:127.0.0.1:{port}"]) as (port, log):
        wait_for(lambda: "NET-SNMP" in log.read_text(), "snmptrapd")
        for who in (["-v", "2c"], ["-v", "3", "-u", USERS["sha256"]]):
            wait_for(lambda: run(CLI, "snmp", "inform", *who, f"127.0.0.1:{port}", "linkUp", "ifIndex.7=7", expect=None) == "",
                     f"an inform {who} to be acknowledged")
        for version in ("1", "2c"):
            cli("trap", port, "linkDown", "ifIndex.2=2", options=["-v", version])
        wait_for(lambda: log.read_text().count(".1.3.6.1.6.3.1.1.5.3") >= 1 and "Link Down Trap" in log.read_text(), "the traps")
        assert log.read_text().count(".1.3.6.1.6.3.1.1.5.4") >= 2, log.read_text()


def rows(text):
    """Cells of a printed table, by column. Columns stand below their names."""
    head, *lines = [line for line in text.splitlines() if line.strip()]
    starts = [(m.group(), m.start()) for m in re.finditer(r"\S+", head)] + [("", None)]
    return [{name: line[at:starts[i + 1][1]].strip() for i, (name, at) in enumerate(starts[:-1])} for line in lines]


def a_table_as_snmptable_has_it():
    with snmpd() as port:
        for who in EVERYBODY:
            ours = rows(cli("table", port, "ipAddrTable", options=who))
            # IPv4 only, and what every machine has
            assert {"ipAdEntAddr": "127.0.0.1", "ipAdEntIfIndex": "1", "ipAdEntNetMask": "255.0.0.0",
                    "ipAdEntBcastAddr": "0"}.items() <= ours[0].items(), (who, ours)
        theirs = run("snmptable", "-v2c", "-cpublic", "-M", MIBS, "-m", "ALL", "-Cf", ";", f"127.0.0.1:{port}", "ifTable")
        head, *lines = [line.split(";") for line in theirs.splitlines() if ";" in line]
        ours = rows(cli("table", port, "ifTable"))
        assert len(lines) == len(ours) > 0, ours
        for line, row in zip((dict(zip(head, line)) for line in lines), ours):
            for column in ("ifIndex", "ifDescr", "ifType", "ifMtu", "ifAdminStatus", "ifOperStatus"):
                assert line[column].split(" ")[0] == row[column], (column, line, row)  # theirs with its unit
        assert "no row" in cli("table", port, "prtMarkerTable")
        assert "is no table" in cli("table", port, "sysName", expect=2)


@contextlib.contextmanager
def receiver(*options):
    """`wiretalk-cli snmp receive` at a free port; gives the port and what it has printed."""
    with folder() as f:
        port, ready, log = free_port(), f / "ready", f / "log"
        with open(log, "w") as output:
            process = subprocess.Popen([CLI, "snmp", "receive", "--ready-file", str(ready), *options, str(port)], stdout=output)
            try:
                wait_for(ready.exists, "the receiver")
                yield port, log.read_text
            finally:
                process.terminate()
                assert process.wait() == 0


def notifications_of_net_snmp_are_received():
    v3 = ["-v3", "-u", "shaaes", "-l", "authPriv", "-a", "SHA", "-A", PASSWORD, "-x", "AES", "-X", PASSWORD]
    link_down, if_index = ".1.3.6.1.6.3.1.1.5.3", [".1.3.6.1.2.1.2.2.1.1.2", "i", "2"]
    with receiver("-u", USERS["shaaes"]) as (port, said):
        def heard(text, program, *arguments):
            run(program, *arguments, env={"MIBS": ""})
            wait_for(lambda: text in said(), f"{text} of {program} {arguments}")
        to = f"127.0.0.1:{port}"
        heard("v1 public trap: IF-MIB::linkDown\n  IF-MIB::ifIndex.2 = INTEGER: 2\n", "snmptrap", "-v1", "-cpublic", to,
              ".1.3.6.1.4.1.8072", "10.0.0.9", "2", "0", "100", *if_index)
        heard("v2c secret trap: IF-MIB::linkDown\n  IF-MIB::ifIndex.2 = INTEGER: 2\n", "snmptrap", "-v2c", "-csecret", to,
              "100", link_down, *if_index)
        heard("v2c public inform, acknowledged: IF-MIB::linkDown", "snmpinform", "-v2c", "-cpublic", to, "100", link_down)
        heard("v3 shaaes trap: IF-MIB::linkDown", "snmptrap", "-e", "0x8000000001020304", *v3, to, "100", link_down)
        heard("v3 shaaes inform, acknowledged: IF-MIB::linkDown", "snmpinform", *v3, to, "100", link_down)
    with receiver("-c", "secret", "--count", "1") as (port, said):  # the others' are not for it
        for community in "public", "secret":
            run("snmptrap", "-v2c", "-c" + community, f"127.0.0.1:{port}", "100", link_down, env={"MIBS": ""})
        wait_for(lambda: "v2c secret trap" in said(), "the trap")
        assert "public" not in said()


def a_station_polls_snmpd():
    with folder() as f, snmpd() as port:
        scenario = f / "poll.scenario"
        scenario.write_text(f"""[scenario]
title=Poll
[host station]
type=management-station
address=10.0.0.1
poll=127.0.0.1:{port}
objects=sysUpTime;ifDescr
interval=500ms
begin=100ms
""")
        with Live(f, scenario=scenario) as live:
            def learnt(name):
                return [m for m in live.messages() if m["kind"] == "store" and name in m["summary"]]
            wait_for(lambda: len(learnt("sysUpTime.0")) >= 3 and learnt("ifDescr.1"), "three polls")


def a_station_takes_traps_and_looks_for_itself():
    """From net-snmp, in every version; with poll-on-trap the sender is asked at once, long before the next poll."""
    v3 = ["-v3", "-u", "shaaes", "-l", "authPriv", "-a", "SHA", "-A", PASSWORD, "-x", "AES", "-X", PASSWORD]
    link_down, if_index = ".1.3.6.1.6.3.1.1.5.3", [".1.3.6.1.2.1.2.2.1.1.7", "i", "7"]
    with folder() as f, snmpd() as port:
        scenario = f / "traps.scenario"
        scenario.write_text(f"""[scenario]
title=Traps
[host station]
type=management-station
address=10.0.0.1
poll=127.0.0.1:{port}
objects=sysName
interval=1h
begin=100ms
user={USERS["shaaes"]}
poll-on-trap=true
""")
        with Live(f, "--port", f"snmptrap={free_port()}", scenario=scenario) as live:
            def notes(text):
                return [m for m in live.messages() if m["kind"] in ("note", "store") and text in m["summary"]]
            wait_for(lambda: len(notes("sysName.0 is now")) == 1, "the first poll")
            address, trap_port = live.address("snmptrap")
            to = f"{address}:{trap_port}"
            for number, command in enumerate((
                    ["snmptrap", "-v1", "-cpublic", to, ".1.3.6.1.4.1.8072", "127.0.0.1", "2", "0", "100", *if_index],
                    ["snmptrap", "-v2c", "-cpublic", to, "100", link_down, *if_index],
                    ["snmptrap", "-e", "0x8000000001020304", *v3, to, "100", link_down, *if_index],
                    ["snmpinform", "-v2c", "-cpublic", to, "100", link_down, *if_index],
                    ["snmpinform", *v3, to, "100", link_down, *if_index]), 1):
                run(*command, env={"MIBS": ""})  # an inform that is not acknowledged fails here
                wait_for(lambda: len(notes("from 127.0.0.1: IF-MIB::linkDown: ifIndex.7 = 7")) == number, command)
                wait_for(lambda: len(notes("sysName.0 is now")) == number + 1, f"a poll after {command}")


main([every_request_in_every_version, setting, a_whole_walk_as_snmpwalk_has_it, what_goes_wrong_is_said,
      notifications_reach_snmptrapd, a_table_as_snmptable_has_it, notifications_of_net_snmp_are_received,
      a_station_polls_snmpd, a_station_takes_traps_and_looks_for_itself])
