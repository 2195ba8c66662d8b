#!/usr/bin/python3
"""python3-pysnmp4 against our agent: every operation, in versions 1 and 2c and at each security level. Debian's python has it."""
import os
import subprocess

from pysnmp.hlapi import (CommunityData, ContextData, ObjectIdentity, ObjectType, OctetString, SnmpEngine, UdpTransportTarget, UsmUserData,
                          bulkCmd, getCmd, nextCmd, setCmd, usmAesCfb128Protocol, usmAesCfb256Protocol, usmDESPrivProtocol,
                          usmHMAC192SHA256AuthProtocol, usmHMAC384SHA512AuthProtocol, usmHMACMD5AuthProtocol, usmHMACSHAAuthProtocol)

from wiretalk import main

PASSWORD = "wiretalk123"
SYS_DESCR, SYS_NAME, IF_DESCR = "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.2.2.1.2"
EVERYBODY = {
    "v1": lambda: CommunityData("private", mpModel=0),
    "v2c": lambda: CommunityData("private"),
    "noauth": lambda: UsmUserData("noauth"),
    "md5": lambda: UsmUserData("md5", PASSWORD, authProtocol=usmHMACMD5AuthProtocol),
    "sha512": lambda: UsmUserData("sha512", PASSWORD, authProtocol=usmHMAC384SHA512AuthProtocol),
    "md5des": lambda: UsmUserData("md5des", PASSWORD, PASSWORD, usmHMACMD5AuthProtocol, usmDESPrivProtocol),
    "shaaes": lambda: UsmUserData("shaaes", PASSWORD, PASSWORD, usmHMACSHAAuthProtocol, usmAesCfb128Protocol),
    "sha256aes": lambda: UsmUserData("sha256aes", PASSWORD, PASSWORD, usmHMAC192SHA256AuthProtocol, usmAesCfb128Protocol),
    "shaaes256c": lambda: UsmUserData("shaaes256c", PASSWORD, PASSWORD, usmHMACSHAAuthProtocol, usmAesCfb256Protocol),
}


class Agent:
    def __enter__(self):
        self.process = subprocess.Popen([os.environ["SNMP_UDP"], "agent"], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *_):
        assert self.process.poll() is None, self.process.returncode
        self.process.kill()
        self.process.wait()

    def ask(self, command, who, *names, numbers=(), **options):
        """Rows of (name, value) as text; an error status as [status]."""
        target = UdpTransportTarget(("127.0.0.1", self.port), timeout=2, retries=1)
        objects = [ObjectType(ObjectIdentity(name[0]), name[1]) if isinstance(name, tuple) else ObjectType(ObjectIdentity(name)) for name in names]
        rows = []
        for indication, status, _, bindings in command(SnmpEngine(), EVERYBODY[who](), target, ContextData(), *numbers, *objects,
                                                       lookupMib=False, **options):
            assert not indication, (who, str(indication))
            if status:
                return [status.prettyPrint()]
            rows += [(str(name), value.prettyPrint()) for name, value in bindings]
            if command in (getCmd, setCmd):
                break
        return rows


def get():
    with Agent() as agent:
        for who in EVERYBODY:
            assert agent.ask(getCmd, who, SYS_DESCR) == [(SYS_DESCR, "A device for tests")], who


def walk():
    with Agent() as agent:
        expected = [(f"{IF_DESCR}.{n}", f"eth{n - 1}") for n in range(1, 21)]
        for who in EVERYBODY:
            assert agent.ask(nextCmd, who, IF_DESCR, lexicographicMode=False) == expected, who
            if who != "v1":
                rows = agent.ask(bulkCmd, who, IF_DESCR, numbers=(0, 7), lexicographicMode=False)
                assert rows[:20] == expected, (who, rows)  # it may show what follows the column in the last answer


def set_and_error():
    with Agent() as agent:
        for who in EVERYBODY:
            assert agent.ask(setCmd, who, (SYS_NAME, OctetString(who))) == [(SYS_NAME, who)]
            assert agent.ask(getCmd, who, SYS_NAME) == [(SYS_NAME, who)]
            refused = agent.ask(setCmd, who, (SYS_DESCR, OctetString("no")))
            assert refused == ["noSuchName" if who == "v1" else "notWritable"], (who, refused)


main([get, walk, set_and_error])
