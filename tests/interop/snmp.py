#!/usr/bin/env python3
"""net-snmp's programs against our agent and receiver, our manager against snmpd and our agent's notifications to snmptrapd, in
all versions and security levels; tshark reads the same datagrams. `snmp-udp` puts the engines on a socket."""
import contextlib
import json
import os
import pathlib
import socket
import struct
import subprocess
import threading

from wiretalk import CLI, DEADLINE, folder, free_port, main, run, wait_for

UDP = os.environ["SNMP_UDP"]
ENV = {"MIBS": "", "SNMPCONFPATH": "/nonexistent", "SNMP_PERSISTENT_DIR": "/tmp"}
PASSWORD = "wiretalk123"
SYS_DESCR, SYS_NAME, IF = "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.2.2.1"
USERS = {"noauth": [], "md5": ["MD5"], "sha": ["SHA"], "sha224": ["SHA-224"], "sha256": ["SHA-256"], "sha384": ["SHA-384"],
         "sha512": ["SHA-512"], "md5des": ["MD5", "DES"], "shaaes": ["SHA", "AES"], "sha256aes": ["SHA-256", "AES"],
         "md5aes192": ["MD5", "AES-192"], "md5aes256": ["MD5", "AES-256"], "shaaes192": ["SHA", "AES-192"],
         "shaaes256": ["SHA", "AES-256"], "shaaes192c": ["SHA", "AES-192-C"], "shaaes256c": ["SHA", "AES-256-C"],
         "sha512aes256": ["SHA-512", "AES-256"]}
LEVELS = ["noAuthNoPriv", "authNoPriv", "authPriv"]


def credentials(name):
    """Command-line options of net-snmp's programs for a community or a user."""
    if name in ("v1", "v2c"):
        return [f"-{name}", "-c", "private"]
    protocols = USERS[name]
    options = ["-v3", "-u", name, "-l", LEVELS[len(protocols)]]
    for option, protocol in zip("ax", protocols):
        options += [f"-{option}", protocol, f"-{option.upper()}", PASSWORD]
    return options


EVERYBODY = ["v1", "v2c", *USERS]


@contextlib.contextmanager
def serving(*arguments):
    """`snmp-udp` in the background; gives its port and a function for what it has printed since."""
    process = subprocess.Popen([UDP, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    lines = []
    port = int(process.stdout.readline())
    threading.Thread(target=lambda: lines.extend(process.stdout), daemon=True).start()
    try:
        yield port, lines
    finally:
        assert process.poll() is None, f"it has ended: {process.returncode}"
        process.kill()
        process.wait()


def tool(program, name, port, *arguments, expect=0, options=()):
    return run(program, *credentials(name), "-On", "-t", "2", "-r", "1", *options, f"127.0.0.1:{port}", *arguments, expect=expect, env=ENV)


# --- their tools, our agent ---------------------------------------------------------------------------------------------------


def get_in_every_way():
    with serving("agent") as (port, _):
        for name in EVERYBODY:
            output = tool("snmpget", name, port, SYS_DESCR, "1.3.6.1.2.1.1.3.0")
            assert f'.{SYS_DESCR} = STRING: "A device for tests"' in output, (name, output)
            assert "Timeticks: (123456) 0:20:34.56" in output, (name, output)


def next_and_walks():
    with serving("agent") as (port, _):
        for name in EVERYBODY:
            assert f'.{SYS_NAME} = STRING: "sample"' in tool("snmpgetnext", name, port, "1.3.6.1.2.1.1.4.0")
            walked = tool("snmpwalk", name, port, IF)
            assert walked.count("\n") == 7 * 20, (name, walked)
            if name != "v1":
                assert tool("snmpbulkwalk", name, port, IF) == walked
                bulk = tool("snmpbulkget", name, port, SYS_DESCR, IF + ".2", options=["-Cn1", "-Cr3"])
                assert bulk.count("\n") == 4 and f'.{IF}.2.3 = STRING: "eth2"' in bulk, (name, bulk)
        assert tool("snmpbulkwalk", "v2c", port, IF, options=["-Cr30"]) == walked
        assert "Counter64: 1000000000020" in tool("snmpwalk", "v2c", port, "1.3.6.1.2.1.31")


def set_and_errors():
    with serving("agent") as (port, _):
        for name in EVERYBODY:
            assert f'= STRING: "by {name}"' in tool("snmpset", name, port, SYS_NAME, "s", f"by {name}")
            assert f'= STRING: "by {name}"' in tool("snmpget", name, port, SYS_NAME)
            refused = tool("snmpset", name, port, SYS_DESCR, "s", "no", expect=2)
            assert ("noSuchName" if name == "v1" else "notWritable") in refused, refused
            wrong = tool("snmpset", name, port, "1.3.6.1.4.1.64000.1.0", "i", "101", expect=2)
            assert ("badValue" if name == "v1" else "wrongValue") in wrong, wrong
        missing = tool("snmpget", "v2c", port, "1.3.6.1.9.9", IF + ".1.99")
        assert "No Such Object" in missing and "No Such Instance" in missing, missing
        assert "No more variables left" in tool("snmpgetnext", "v2c", port, "1.3.6.1.9.9")
        many = [SYS_DESCR] * 60
        assert "tooBig" in run("snmpget", "-v2c", "-c", "public", f"127.0.0.1:{port}", *many, expect=2, env=ENV)


def table():
    modules = pathlib.Path(os.environ["WIRETALK_SOURCE"], "lessons", "mibs")
    with serving("agent") as (port, _):
        for name in EVERYBODY:
            output = run("snmptable", *credentials(name), "-M", modules, "-m", "IF-MIB", "-t", "2", f"127.0.0.1:{port}", "IF-MIB::ifTable")
            rows = [line.split() for line in output.splitlines()[3:]]
            assert [row[:2] for row in rows] == [[str(n), f"eth{n - 1}"] for n in range(1, 21)], (name, output)
            assert all("40000000" in " ".join(row) for row in rows), (name, output)


def strangers():
    with serving("agent") as (port, _):
        target = f"127.0.0.1:{port}"
        assert "Timeout" in run("snmpget", "-v2c", "-c", "guess", "-t", "0.3", "-r", "0", target, SYS_DESCR, expect=1, env=ENV)
        v3 = ["-v3", "-t", "1", "-r", "0"]
        for options, said in ((["-u", "stranger"], "Unknown user name"),
                              (["-u", "sha", "-l", "authNoPriv", "-a", "SHA", "-A", "another password"], "Authentication failure"),
                              (["-u", "sha", "-l", "authPriv", "-a", "SHA", "-A", PASSWORD, "-x", "AES", "-X", PASSWORD], "Unsupported security level"),
                              (["-u", "noauth", "-n", "elsewhere"], "context")):
            output = run("snmpget", *v3, *options, target, SYS_DESCR, expect=None, env=ENV)
            assert said.lower() in output.lower(), (options, output)
        counters = tool("snmpget", "v2c", port, *[f"1.3.6.1.6.3.15.1.1.{n}.0" for n in (1, 3, 5)], "1.3.6.1.2.1.11.4.0")
        assert counters.count("Counter32: 1\n") == 4, counters


# --- our manager, their agent -----------------------------------------------------------------------------------------------------

SNMPD = """
agentaddress udp:127.0.0.1:{port}
rocommunity public
rwcommunity private
sysDescr the real one
sysObjectID 1.3.6.1.4.1.64000.9
{users}
"""


def create_user(name, write="rwuser"):
    protocols = USERS[name]
    words = " ".join(f"{protocol} {PASSWORD}" for protocol in protocols)
    level = ["noauth", "auth", "priv"][len(protocols)]
    return f"createUser {name} {words}\n{write} {name} {level}\n"


@contextlib.contextmanager
def daemon(program, f, config, port, *arguments):
    (f / "conf").write_text(config)
    (f / "state").mkdir(exist_ok=True)
    env = {**os.environ, **ENV, "SNMP_PERSISTENT_DIR": str(f / "state")}
    log = open(f / "daemon.log", "w")
    process = subprocess.Popen([program, "-f", "-C", "-c", str(f / "conf"), *arguments], env=env, stdout=log, stderr=log)

    def bound():
        assert process.poll() is None, (f / "daemon.log").read_text()
        return f"0100007F:{port:04X}" in pathlib.Path("/proc/net/udp").read_text()

    try:
        wait_for(bound, f"{program} on port {port}")
        yield
    finally:
        process.terminate()
        process.wait()
        log.close()


def manage(port, name, operation, *names):
    version = {"v1": "1", "v2c": "2c"}.get(name, "3")
    level = 1 + len(USERS.get(name, []))
    return run(UDP, "manager", port, version, "private" if name in ("v1", "v2c") else name, level, operation, *names)


def manager_against_snmpd():
    with folder() as f:
        port = free_port()
        users = "".join(create_user(name) for name in USERS)
        with daemon("snmpd", f, SNMPD.format(port=port, users=users), port, "-Lo"):
            for name in EVERYBODY:
                output = manage(port, name, "get", SYS_DESCR)
                assert output == f'{SYS_DESCR} OCTET STRING "the real one"\n', (name, output)
                walked = manage(port, name, "walk", "1.3.6.1.2.1.1.9.1.2").splitlines()
                assert len(walked) > 5 and all("OBJECT IDENTIFIER" in line for line in walked), (name, walked)
                assert manage(port, name, "bulkwalk", "1.3.6.1.2.1.1.9.1.2").splitlines() == walked
                rows = manage(port, name, "table", "1.3.6.1.2.1.1.9.1.2", "1.3.6.1.2.1.1.9.1.3").splitlines()
                assert rows[0::2] == walked and all("OCTET STRING" in line for line in rows[1::2]), (name, rows)
                refused = manage(port, name, "set", f"{SYS_DESCR}=no")
                assert "error" in refused, (name, refused)
            assert "timeout" in run(UDP, "manager", port, "2c", "guess", 1, "get", SYS_DESCR)


# --- notifications ------------------------------------------------------------------------------------------------------------------


def snmptrap_to_us():
    with serving("receiver") as (port, lines):
        target = f"127.0.0.1:{port}"
        run("snmptrap", "-v1", "-c", "public", target, "1.3.6.1.4.1.64000", "127.0.0.1", "6", "17", "4711", env=ENV)
        run("snmptrap", "-v2c", "-c", "public", target, "4711", "1.3.6.1.6.3.1.1.5.3", env=ENV)
        run("snmpinform", "-v2c", "-c", "public", target, "4711", "1.3.6.1.6.3.1.1.5.4", env=ENV)
        expected = ["trap v0 public 1.3.6.1.4.1.64000.0.17\n", "snmpV2-trap v1 public 1.3.6.1.6.3.1.1.5.3\n",
                    "informRequest v1 public 1.3.6.1.6.3.1.1.5.4\n"]
        for name in ("sha", "md5des", "shaaes", "sha512aes256"):
            run("snmptrap", *credentials(name), "-e", "0x8000fa000474657374", target, "4711", "1.3.6.1.6.3.1.1.5.3", env=ENV)
            run("snmpinform", *credentials(name), target, "4711", "1.3.6.1.6.3.1.1.5.4", env=ENV)
            expected += [f"snmpV2-trap v3 {name} 1.3.6.1.6.3.1.1.5.3\n", f"informRequest v3 {name} 1.3.6.1.6.3.1.1.5.4\n"]
        wait_for(lambda: len(lines) >= len(expected), f"{len(expected)} notifications")
        assert lines == expected, lines


SNMPTRAPD = """
snmpTrapdAddr udp:127.0.0.1:{port}
authCommunity log,execute,net public
createUser -e 0x8000fa00046167656e74 shaaes SHA {password} AES {password}
createUser sha256aes SHA-256 {password} AES {password}
authUser log,execute,net shaaes priv
authUser log,execute,net sha256aes priv
format1 GOT v1 %w.%q from %W\\n
format2 GOT v2 %v\\n
"""


def our_notifications_to_snmptrapd():
    with folder() as f:
        port, log = free_port(), f / "traps"
        config = SNMPTRAPD.format(port=port, password=PASSWORD)
        with daemon("snmptrapd", f, config, port, "-n", "-On", "-Lf", str(log)), serving("agent", port):
            def got():
                return log.exists() and log.read_text().count("GOT") >= 5 and log.read_text()
            text = wait_for(got, "five notifications: v1, v2c and v3 as traps, v2c and v3 as informs")
            assert text.count("GOT v1 0.0") == 1 and text.count("GOT v2") == 4, text
            assert text.count(".1.3.6.1.6.3.1.1.4.1.0 = OID: .1.3.6.1.6.3.1.1.5.1") == 4, text


# --- hostile ---------------------------------------------------------------------------------------------------------------------------


def malformed_by_the_thousand():
    with serving("agent") as (port, _), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect(("127.0.0.1", port))
        good = bytes.fromhex("302602010104067075626c6963a019020101020100020100300e300c06082b060102010101000500")
        state = 161
        for i in range(10000):
            broken = bytearray(good)
            for _ in range(3):
                state = state * 6364136223846793005 + 1442695040888963407 & 2**64 - 1
                broken[(state >> 33) % len(broken)] = state >> 56
            s.send(bytes(broken[:(state >> 20) % (len(broken) + 1)]))
            if i % 100 == 99:
                assert "A device for tests" in tool("snmpget", "v2c", port, SYS_DESCR)


# --- tshark ----------------------------------------------------------------------------------------------------------------------------

COMPARED = ["snmp.version", "snmp.community", "snmp.data", "snmp.request_id", "snmp.error_status", "snmp.error_index", "snmp.non_repeaters",
            "snmp.max_repetitions", "snmp.variable_bindings", "snmp.name", "snmp.value.int", "snmp.value.octets", "snmp.value.oid",
            "snmp.value.ipv4", "snmp.value.counter", "snmp.value.g32", "snmp.value.timeticks", "snmp.enterprise", "snmp.agent_addr",
            "snmp.generic_trap", "snmp.specific_trap", "snmp.time_stamp", "snmp.msgVersion", "snmp.msgID", "snmp.msgMaxSize", "snmp.msgFlags",
            "snmp.v3.flags.auth", "snmp.v3.flags.crypt", "snmp.v3.flags.report", "snmp.msgSecurityModel", "snmp.msgAuthoritativeEngineID",
            "snmp.msgAuthoritativeEngineBoots", "snmp.msgAuthoritativeEngineTime", "snmp.msgUserName", "snmp.msgAuthenticationParameters",
            "snmp.msgPrivacyParameters", "snmp.engineid.conform", "snmp.engineid.enterprise", "snmp.engineid.format", "snmp.engineid.text",
            "snmp.msgData", "snmp.contextEngineID", "snmp.contextName", "snmp.encryptedPDU", "snmp.noSuchObject", "snmp.noSuchInstance",
            "snmp.endOfMibView"]


@contextlib.contextmanager
def recording(port):
    """A relay before a port; gives its own port and the list of datagrams that went through, both ways."""
    front, back, seen = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)] + [[]]
    front.bind(("127.0.0.1", 0))
    back.connect(("127.0.0.1", port))
    back.settimeout(0.2)

    def relay():
        with contextlib.suppress(OSError):
            while True:
                request, asker = front.recvfrom(65536)
                seen.append(request)
                back.send(request)
                with contextlib.suppress(TimeoutError):
                    answer = back.recv(65536)
                    seen.append(answer)
                    front.sendto(answer, asker)

    threading.Thread(target=relay, daemon=True).start()
    yield front.getsockname()[1], seen
    front.close()
    back.close()


def write_pcap(path, datagrams):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for second, payload in enumerate(datagrams):
            segment = struct.pack("!HHHH", 40000, 161, 8 + len(payload), 0) + payload
            ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), 0, 0, 64, 17, 0) + bytes([10, 0, 0, 1, 10, 0, 0, 2])
            packet = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + segment
            out.write(struct.pack("<IIII", second, 0, len(packet), len(packet)) + packet)


def collect(field, into):
    into.setdefault(field["field"], []).append(field.get("value", ""))
    for child in field.get("children", []):
        collect(child, into)


def normal(name, value):
    value = "" if value == "<MISSING>" else str(value)
    if value in ("True", "False"):
        return str(int(value == "True"))
    if "(" in value and name not in ("snmp.community", "snmp.contextName", "snmp.msgUserName"):
        value = value[value.index("(") + 1:value.rindex(")")]
    if name == "snmp.variable_bindings":
        value = value.split()[0]
    return value.replace(":", "")  # of bytes


def same_as_tshark():
    with folder() as f, serving("agent") as (agent, _), recording(agent) as (port, seen):
        every_type = [SYS_DESCR, "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.7.0", "1.3.6.1.2.1.4.20.1.1.10.0.1.25", IF + ".5.1",
                      IF + ".10.1", "1.3.6.1.2.1.31.1.1.1.6.1", "1.3.6.1.9", IF + ".1.99"]
        tool("snmpget", "v2c", port, *every_type)
        tool("snmpgetnext", "v2c", port, "1.3.6.1.9")
        tool("snmpget", "v1", port, "1.3.6.1.9", expect=2)
        tool("snmpset", "v2c", port, SYS_NAME, "s", "tshark")
        tool("snmpset", "v2c", port, SYS_DESCR, "s", "no", expect=2)
        tool("snmpbulkget", "v2c", port, SYS_DESCR, IF, options=["-Cn1", "-Cr30"])
        for name in ("noauth", "sha512", "md5des", "shaaes"):
            tool("snmpget", name, port, *every_type)
        target = f"127.0.0.1:{port}"
        run("snmptrap", "-v1", "-c", "public", target, "1.3.6.1.4.1.64000", "127.0.0.1", "2", "0", "4711", SYS_NAME, "s", "x", env=ENV)
        wait_for(lambda: seen[-1][13] == 0xA4, "the trap")
        datagrams = list(seen)
        write_pcap(f / "snmp.pcap", datagrams)
        output = run("tshark", "-r", f / "snmp.pcap", "-T", "json", "--no-duplicate-keys", *[a for name in COMPARED for a in ("-e", name)])
        packets = json.loads(output[output.index("[\n"):])
        assert len(packets) == len(datagrams) > 20
        n_compared = 0
        for datagram, packet in zip(datagrams, packets):
            shown = run(CLI, "dissect", "snmp", "--format", "json", stdin=datagram)
            ours = {}
            collect(json.loads(shown), ours)
            for name in COMPARED:
                theirs = [normal(name, v) for v in packet["_source"]["layers"].get(name, [])]
                mine = [normal(name, v) for v in ours.get(name, [])]
                if name.startswith("snmp.") and name[5:] in ("noSuchObject", "noSuchInstance", "endOfMibView"):
                    theirs, mine = [""] * len(theirs), [""] * len(mine)
                assert mine == theirs, (datagram.hex(), name, mine, theirs)
                n_compared += len(theirs)
        print(f"# {len(datagrams)} datagrams, {n_compared} values equal")


main([get_in_every_way, next_and_walks, set_and_errors, table, strangers, manager_against_snmpd, snmptrap_to_us,
      our_notifications_to_snmptrapd, malformed_by_the_thousand, same_as_tshark])
