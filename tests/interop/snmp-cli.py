#!/usr/bin/env python3
"""`wiretalk-cli snmp` against a real snmpd and snmptrapd: every request, version and level; and a management station that polls
snmpd in live mode."""
import contextlib
import os
import subprocess

from wiretalk import CLI, Live, folder, free_port, main, run, wait_for

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
        assert "noAccess" in cli("set", port, "sysName=no", expect=1)
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


main([every_request_in_every_version, setting, a_whole_walk_as_snmpwalk_has_it, what_goes_wrong_is_said,
      notifications_reach_snmptrapd, a_station_polls_snmpd])
