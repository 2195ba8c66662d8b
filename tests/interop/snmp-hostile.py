#!/usr/bin/env python3
"""The SNMP agent of `wiretalk-cli live` and those who mean it no good: datagrams that are broken in every way, strangers, forged and
replayed messages, floods. Messages are made here, byte by byte, by RFC 3414 and 3416, so that nothing of ours judges itself."""
import contextlib
import hashlib
import hmac
import pathlib
import random
import socket
import time

from wiretalk import Live, folder, main, wait_for

GET, NEXT, RESPONSE, SET, BULK, REPORT = 0xA0, 0xA1, 0xA2, 0xA3, 0xA5, 0xA8
AUTH, PRIV, REPORTABLE = 1, 2, 4
SYS_DESCR = (1, 3, 6, 1, 2, 1, 1, 1, 0)
USM_STATS = (1, 3, 6, 1, 6, 3, 15, 1, 1)
PASSWORD = b"wiretalk123"


# --- BER, strictly --------------------------------------------------------------------------------------------------------------------


def tlv(tag, *parts):
    value = b"".join(parts)
    if len(value) < 128:
        return bytes([tag, len(value)]) + value
    length = len(value).to_bytes((len(value).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + value


def integer(number, tag=2):
    return tlv(tag, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def oid(arcs):
    out = bytearray()
    for arc in (40 * arcs[0] + arcs[1], *arcs[2:]):
        groups = [arc & 127]
        while arc := arc >> 7:
            groups.append(128 | arc & 127)
        out += bytes(reversed(groups))
    return tlv(6, bytes(out))


def pdu(kind, request_id, names, *, first=0, second=0, value=b"\x05\x00"):
    bindings = b"".join(tlv(0x30, oid(name), value) for name in names)
    return tlv(kind, integer(request_id), integer(first), integer(second), tlv(0x30, bindings))


def message(community, *args, version=1, **more):
    return tlv(0x30, integer(version), tlv(4, community), pdu(*args, **more))


def take(data, tag=None):
    """Tag, value and rest of the first element; ValueError when it is none of RFC 3417 8."""
    if len(data) < 2 or data[0] & 31 == 31 or data[1] == 128 or data[1] > 132:
        raise ValueError("no element")
    length, at = data[1], 2
    if length > 128:
        at += length - 128
        length = int.from_bytes(data[2:at], "big")
    if at + length > len(data) or (tag is not None and data[0] != tag):
        raise ValueError("cut off, or another tag")
    return data[0], data[at:at + length], data[at + length:]


def number(data):
    _, value, rest = take(data, 2)
    if not value:
        raise ValueError("a number without bytes")
    return int.from_bytes(value, "big", signed=True), rest


def read(datagram):
    """(version, who, kind, request-id, status) of a message of version 1 or 2c; ValueError when it is none."""
    _, inside, rest = take(datagram, 0x30)
    if rest:
        raise ValueError("more bytes than the message needs")
    version, inside = number(inside)
    _, community, inside = take(inside, 4)
    kind, body, _ = take(inside)
    request_id, body = number(body)
    status, body = number(body)
    _, body = number(body)
    take(body, 0x30)
    return version, community, kind, request_id, status


# --- version 3 ------------------------------------------------------------------------------------------------------------------------


def key(password, engine_id):
    """SHA-1, localised (RFC 3414 A.2.2, 2.6)."""
    master = hashlib.sha1((password * (1048576 // len(password) + 1))[:1048576]).digest()
    return hashlib.sha1(master + engine_id + master).digest()


def message3(engine_id, boots, seconds, user, flags, *, password=PASSWORD, privacy=b"", encrypted=None, context=b"", message_id=77):
    def whole(digest):
        security = tlv(0x30, tlv(4, engine_id), integer(boots), integer(seconds), tlv(4, user), tlv(4, digest), tlv(4, privacy))
        scoped = tlv(4, encrypted) if encrypted else tlv(0x30, tlv(4, engine_id), tlv(4, context), pdu(GET, 99, [SYS_DESCR]))
        head = tlv(0x30, integer(message_id), integer(65507), tlv(4, bytes([flags])), integer(3))
        return tlv(0x30, integer(3), head, tlv(4, security), scoped)

    if not flags & AUTH:
        return whole(b"")
    return whole(hmac.new(key(password, engine_id), whole(bytes(12)), "sha1").digest()[:12])


def read3(datagram):
    """Engine id, boots, time, flags, kind of PDU and name of the first binding."""
    _, inside, _ = take(datagram, 0x30)
    _, inside = number(inside)
    _, head, inside = take(inside, 0x30)
    _, security, scoped = take(inside, 4)
    _, head = number(head)
    _, head = number(head)
    _, flags, _ = take(head, 4)
    _, security, _ = take(security, 0x30)
    _, engine_id, security = take(security, 4)
    boots, security = number(security)
    seconds, _ = number(security)
    _, scoped, _ = take(scoped, 0x30)
    _, _, scoped = take(scoped, 4)
    _, _, scoped = take(scoped, 4)
    kind, body, _ = take(scoped)
    for _ in range(3):
        _, body = number(body)
    _, binding, _ = take(take(body, 0x30)[1], 0x30)
    return engine_id, boots, seconds, flags[0], kind, take(binding, 6)[1]


# --- asking ---------------------------------------------------------------------------------------------------------------------------


class Asker:
    def __init__(self, live, nth=0):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(live.address("snmp", nth))
        self.request_id = 1000000

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def ask(self, datagram, patience=5.0):
        """The answer; None: silence."""
        self.socket.settimeout(patience)
        self.socket.send(datagram)
        try:
            return self.socket.recv(65536)
        except TimeoutError:
            return None

    def get(self, *name):
        """The value of a counter, asked in the normal way."""
        self.request_id += 1
        answer = self.ask(message(b"public", GET, self.request_id, [name]))
        assert answer, "a normal Get is not answered"
        assert read(answer)[:5] == (1, b"public", RESPONSE, self.request_id, 0), answer
        binding = answer[answer.index(oid(name)) + len(oid(name)):]
        tag, value, _ = take(binding)
        assert tag == 0x41, binding
        return int.from_bytes(value, "big")


# --- broken datagrams -----------------------------------------------------------------------------------------------------------------

COUNTERS = [(1, 3, 6, 1, 2, 1, 11, n, 0) for n in (3, 4, 6)]


def nested(depth):
    data = b""
    for _ in range(depth):
        data = tlv(0x30, data)
    return data


def broken(rng):
    """One that may be broken, in one of the ways that have broken agents before."""
    name = SYS_DESCR if rng.random() < 0.7 else tuple([1, 3] + [rng.randrange(2**32) for _ in range(rng.randrange(140))])
    good = rng.choice([message(b"public", rng.choice([GET, NEXT, BULK, SET]), rng.randrange(2**31), [name] * rng.randrange(4),
                               first=rng.randrange(-3, 3), second=rng.choice([0, 1, 50, 2**31 - 1, -1]), version=rng.choice([0, 1])),
                       message3(rng.randbytes(rng.randrange(40)), rng.randrange(2**31), rng.randrange(2**31), rng.randbytes(rng.randrange(40)),
                                REPORTABLE)])
    data = bytearray(good)
    way = rng.randrange(9)
    if way == 0:  # bits
        for _ in range(rng.randrange(1, 5)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif way == 1:  # cut off
        del data[rng.randrange(len(data)):]
    elif way == 2:  # an indefinite length
        data[1] = 0x80
        data += b"\0\0"
    elif way == 3:  # a length that lies
        at = rng.randrange(len(data))
        data[at:at] = bytes([0x84]) + rng.randbytes(4)
    elif way == 4:  # a giant number in place of the request-id
        data = bytearray(tlv(0x30, integer(1), tlv(4, b"public"), tlv(GET, tlv(2, rng.randbytes(rng.randrange(300))), integer(0), integer(0),
                                                                       tlv(0x30))))
    elif way == 5:  # deep
        data = bytearray(nested(rng.randrange(2, 2000))[:60000])
    elif way == 6:  # noise
        data = bytearray(rng.randbytes(rng.randrange(400)))
    elif way == 7:  # more behind it
        data += rng.randbytes(rng.randrange(1, 20))
    else:  # an object name that never ends, or is none
        data = bytearray(tlv(0x30, integer(1), tlv(4, b"public"), tlv(GET, integer(5), integer(0), integer(0), tlv(0x30, tlv(
            0x30, tlv(6, b"\xff" * rng.randrange(700)), b"\x05\x00")))))
    return bytes(data)


def may_be_answered(datagram):
    """RFC 3416 4 and RFC 1157 4.1: a message that is whole, of a community that is known, with a request."""
    try:
        version, community, kind, request_id, _ = read(datagram)
    except ValueError:
        return None
    return request_id if version in (0, 1) and community in (b"public", b"private") and kind in (GET, NEXT, SET, BULK) else None


def broken_datagrams_change_nothing():
    """Twelve thousand; after each hundred the agent answers a normal Get. What it answers at all was a request."""
    rng = random.Random(2025)
    with folder() as f, Live(f, "--discard", "--trace-limit", "16MiB") as live, Asker(live) as asker, Asker(live) as normal:
        sent, answered, memory = [], 0, 0
        asker.socket.setblocking(False)
        for i in range(12000):
            sent.append(broken(rng))
            asker.socket.send(sent[-1])
            if i % 100 != 99:
                continue
            normal.get(*COUNTERS[0])  # by now it has seen all that was sent before
            requests = {may_be_answered(each) for each in sent} - {None}
            threes = any(b"\x02\x01\x03" in each[:12] for each in sent)
            while True:
                try:
                    answer = asker.socket.recv(65536)
                except BlockingIOError:
                    break
                answered += 1
                assert len(answer) <= 1472, len(answer)
                if answer[:8].find(b"\x02\x01\x03") >= 0:
                    assert threes and read3(answer)[4] in (REPORT, RESPONSE), answer
                else:
                    version, community, kind, request_id, _ = read(answer)
                    assert kind == RESPONSE and request_id in requests, (answer, sent)
            sent.clear()
            if i == 5999:
                memory = live.memory()
        assert answered > 100, f"{answered} of them were good"
        counted = [normal.get(*counter) for counter in COUNTERS]
        assert counted[2] > 3000 and all(counted), counted
        assert live.memory() < memory + (16 << 20), (memory, live.memory())
        assert live.error_text().count("\n") == live.error_text().count(" serves "), live.error_text()


# --- strangers, forgers, replays -------------------------------------------------------------------------------------------------------


def engine_of(asker):
    """Discovery (RFC 3414 4): the Report to an empty message tells engine id, boots and time."""
    engine_id, boots, seconds, _, kind, name = read3(asker.ask(message3(b"", 0, 0, b"", REPORTABLE)))
    assert kind == REPORT and name == oid((*USM_STATS, 4, 0))[2:]
    return engine_id, boots, seconds


def each_fault_is_counted_and_answered_as_the_rfc_says():
    with folder() as f, Live(f, "--discard") as live, Asker(live) as asker, Asker(live) as normal:
        before = normal.get(1, 3, 6, 1, 2, 1, 11, 4, 0)
        for guess in (b"guess", b"", b"publi", b"public\0", b"PUBLIC"):
            assert asker.ask(message(guess, GET, 1, [SYS_DESCR]), 0.1) is None, guess
        assert normal.get(1, 3, 6, 1, 2, 1, 11, 4, 0) == before + 5, "snmpInBadCommunityNames"
        assert read(asker.ask(message(b"public", SET, 1, [SYS_DESCR])))[4] == 16, "authorizationError"
        assert normal.get(1, 3, 6, 1, 2, 1, 11, 5, 0) == 1, "snmpInBadCommunityUses"
        engine_id, boots, seconds = engine_of(asker)
        good = message3(engine_id, boots, seconds, b"shaaes", AUTH | REPORTABLE)
        assert read3(asker.ask(good))[4] == RESPONSE
        changed = good[:-4] + bytes([good[-4] ^ 1]) + good[-3:]  # an arc of the name
        rows = [  # the counter's arc below usmStats, what is sent, whether its Report must be authenticated
            (1, message3(engine_id, boots, seconds, b"noauth", AUTH | REPORTABLE), False),
            (2, message3(engine_id, boots, seconds + 160, b"shaaes", AUTH | REPORTABLE), True),
            (2, message3(engine_id, boots + 1, seconds, b"shaaes", AUTH | REPORTABLE), True),
            (3, message3(engine_id, boots, seconds, b"nobody", AUTH | REPORTABLE), False),
            (4, message3(b"\x80\0\0\0\1other", boots, seconds, b"shaaes", AUTH | REPORTABLE), False),
            (5, message3(engine_id, boots, seconds, b"shaaes", AUTH | REPORTABLE, password=b"guessed it"), False),
            (5, changed, False),
            (6, message3(engine_id, boots, seconds, b"shaaes", AUTH | PRIV | REPORTABLE, privacy=b"abc", encrypted=b"x" * 40), False),
        ]
        for arc, datagram, authenticated in rows:
            counter = (*USM_STATS, arc, 0)
            count = normal.get(*counter)
            answer = asker.ask(datagram)
            assert answer, f"usmStats {arc}: silence"
            _, _, _, flags, kind, name = read3(answer)
            assert (kind, name) == (REPORT, oid(counter)[2:]), (arc, kind, name)
            assert bool(flags & AUTH) == authenticated, arc
            assert normal.get(*counter) == count + 1, arc
        silent = message3(engine_id, boots, seconds, b"nobody", AUTH)  # not reportable
        assert asker.ask(silent, 0.1) is None and normal.get(*USM_STATS, 3, 0) == 2


def a_message_of_before_the_restart_is_refused():
    """Recorded, and sent again to the agent's next life: its boots have grown, so it is not in the time window."""
    with folder() as f:
        with Live(f, "--discard") as live, Asker(live) as asker:
            engine_id, boots, seconds = engine_of(asker)
            recorded = message3(engine_id, boots, seconds, b"shaaes", AUTH | REPORTABLE)
            assert read3(asker.ask(recorded))[4] == RESPONSE
        with Live(f, "--discard") as live, Asker(live) as asker:
            now = engine_of(asker)
            assert now[0] == engine_id and now[1] == boots + 1, (boots, now)
            assert read3(asker.ask(recorded))[4:] == (REPORT, oid((*USM_STATS, 2, 0))[2:])
        (f / "data" / "wiretalk" / "snmp-engine-boots").write_text("nonsense")
        with Live(f, "--discard") as live, Asker(live) as asker:
            assert engine_of(asker)[1] == 1


# --- floods ---------------------------------------------------------------------------------------------------------------------------

BOUND = """[scenario]
title=Bound
[host device]
type=managed-device
address=10.9.0.1
profile=sensor
snmp-answers=100
[host free]
type=managed-device
address=10.9.0.2
profile=sensor
"""


def flood(asker, n):
    """How many of n requests, as fast as they go, are answered."""
    answered = 0
    for i in range(n):
        asker.socket.send(message(b"public", GET, i, [SYS_DESCR]))
        if i % 50 == 49:  # so many fit into a socket
            asker.socket.settimeout(0.02)
            with contextlib.suppress(TimeoutError):
                for _ in range(50):
                    asker.socket.recv(65536)
                    answered += 1
    return answered


def answers_are_bounded():
    with folder() as f:
        scenario = pathlib.Path(f, "bound.scenario")
        scenario.write_text(BOUND)
        with Live(f, "--discard", scenario=scenario) as live:
            with Asker(live) as asker:
                begun = time.monotonic()
                answered = flood(asker, 1000)
                most = 100 + (time.monotonic() - begun) * 100
                assert 100 <= answered <= most, (answered, most)
                time.sleep(0.1)
                assert asker.get(1, 3, 6, 1, 2, 1, 11, 1, 0) >= 100, "later it answers again"
                wait_for(lambda: "asks more often than is answered" in live.log.read_text(), "a note")
            with Asker(live, 1) as asker:
                assert flood(asker, 1000) == 1000, "no bound is met from this computer"
                bulk = asker.ask(message(b"public", BULK, 1, [(1, 3)] * 40, second=2**31 - 1))
                assert 1300 < len(bulk) <= 1472, "as much as a message holds, and no more"


main([broken_datagrams_change_nothing, each_fault_is_counted_and_answered_as_the_rfc_says,
      a_message_of_before_the_restart_is_refused, answers_are_bounded])
