#!/usr/bin/env python3
"""tshark reads the same messages and must find in the same fields what we find."""
import base64
import json
import os
import pathlib
import re
import struct

from wiretalk import CLI, folder, main, run

SCENARIOS = pathlib.Path(os.environ["WIRETALK_SOURCE"], "lessons", "scenarios")
COMPARED = ["smtp.req.command", "smtp.req.parameter", "smtp.response.code", "smtp.rsp.parameter", "imf.subject", "imf.from", "imf.to",
            "imf.message_id", "imf.content.type.type", "mime_multipart.header.content-type",
            "mime_multipart.header.content-transfer-encoding", "mime_multipart.header.content-disposition",
            "mime_multipart.header.content-id", "mime_multipart.type", "dns.id", "dns.flags.response", "dns.flags.authoritative", "dns.flags.rcode", "dns.count.queries",
            "dns.count.answers", "dns.count.add_rr", "dns.qry.name", "dns.qry.type", "dns.resp.name", "dns.resp.type", "dns.resp.ttl", "dns.a",
            "dns.mx.preference", "dns.mx.mail_exchange"]


def listed(value):
    return [] if value is None else value if isinstance(value, list) else [value]


def frame(message, payload, seq, ack, flags):
    """Ethernet, IPv4, TCP or UDP around a payload; checksums are not looked at."""
    ports = struct.pack("!HH", message["sport"], message["dport"])
    if message["transport"] == "udp":
        segment, protocol = ports + struct.pack("!HH", 8 + len(payload), 0) + payload, 17
    else:
        segment, protocol = ports + struct.pack("!IIBBHHH", seq, ack, 0x50, flags, 65535, 0, 0) + payload, 6
    addresses = b"".join(bytes(int(part) for part in message[side].split(".")) for side in ("src", "dst"))
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), 0, 0, 64, protocol, 0) + addresses
    return b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + segment


def write_pcap(path, messages):
    """One packet a message. TCP numbers go on in each direction, as if nothing else were sent."""
    sent = {}
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
        for message in messages:
            here = (message["src"], message["sport"], message["dst"], message["dport"])
            there = here[2:] + here[:2]
            payload = base64.b64decode(message["payload"])
            packet = frame(message, payload, sent.get(here, 1), sent.get(there, 1), 0x18)
            sent[here] = sent.get(here, 1) + len(payload)
            second, ns = divmod(message["time_ns"], 1_000_000_000)
            out.write(struct.pack("<IIII", second, ns, len(packet), len(packet)) + packet)


def normal(name, value):
    """One spelling for what the two programs write in their own ways."""
    value = str(value)
    if value in ("True", "False"):
        return str(int(value == "True"))
    if "(" in value and name.startswith("dns."):  # "MX (15)"
        value = value[value.index("(") + 1:value.index(")")]
    if name.startswith("dns.") and value.startswith("0x"):
        value = str(int(value, 16))
    if name.startswith("mime_multipart.header."):  # tshark drops white space around parameters
        value = re.sub(r"\s*;\s*", ";", value)
    return value.strip()


def compare(scenario):
    with folder() as f:
        lines = run(CLI, "run", SCENARIOS / f"{scenario}.scenario", "--format", "json").splitlines()
        messages = [m for m in map(json.loads, lines) if m["kind"] == "message"]
        assert len(messages) > 8, len(messages)
        write_pcap(f / "messages.pcap", messages)
        output = run("tshark", "-r", f / "messages.pcap", "-o", "tcp.analyze_sequence_numbers:TRUE", "-T", "json", "--no-duplicate-keys",
                     *[a for name in COMPARED for a in ("-e", name)])
        packets = json.loads(output[output.index("[\n"):])
        assert len(packets) == len(messages)
        n_compared = 0
        refused = {m["fields"]["tcp.stream"] for m in messages if m["summary"].startswith("554 5.5.1")}
        for message, packet in zip(messages, packets):
            for name in COMPARED:
                theirs = [normal(name, v) for v in packet["_source"]["layers"].get(name, [])]
                ours = [normal(name, v) for v in listed(message["fields"].get(name))]
                if name.startswith("imf.") and not theirs:
                    continue  # tshark shows a mail where its last packet is
                if name.startswith("smtp.req.") and not theirs and message["fields"].get("tcp.stream") in refused:
                    continue  # after a pipelined DATA that was refused tshark takes commands for mail
                if name == "smtp.response.code":  # we give it for each line, tshark once for all
                    ours = sorted(set(ours))
                assert ours == theirs, (scenario, message["n"], message["summary"], name, ours, theirs)
                n_compared += len(theirs)
        print(f"# {scenario}: {len(messages)} messages, {n_compared} values equal")
        assert n_compared > len(messages)


def first_mail():
    compare("first-mail")


def two_domains():
    compare("two-domains")


def attachment_journey():
    compare("attachment-journey")


def things_go_wrong():
    compare("things-go-wrong")


main([first_mail, two_domains, attachment_journey, things_go_wrong])
