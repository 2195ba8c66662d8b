#!/usr/bin/env python3
"""tshark reads the same messages and must find in the same fields what we find."""
import base64
import imaplib
import json
import os
import pathlib
import poplib
import re
import struct

from wiretalk import CLI, Live, folder, main, run, wait_for

SCENARIOS = pathlib.Path(os.environ["WIRETALK_SOURCE"], "lessons", "scenarios")
COMPARED = ["smtp.req.command", "smtp.req.parameter", "smtp.response.code", "smtp.rsp.parameter", "imf.subject", "imf.from", "imf.to",
            "imf.message_id", "imf.content.type.type", "mime_multipart.header.content-type",
            "mime_multipart.header.content-transfer-encoding", "mime_multipart.header.content-disposition",
            "mime_multipart.header.content-id", "mime_multipart.type", "dns.id", "dns.flags.response", "dns.flags.authoritative", "dns.flags.rcode", "dns.count.queries",
            "dns.count.answers", "dns.count.add_rr", "dns.qry.name", "dns.qry.type", "dns.resp.name", "dns.resp.type", "dns.resp.ttl", "dns.a",
            "dns.mx.preference", "dns.mx.mail_exchange",
            "pop.request.command", "pop.request.parameter", "pop.response.indicator", "pop.response.description",
            "imap.isrequest", "imap.line", "imap.request", "imap.request_tag", "imap.request.command", "imap.request.command.uid",
            "imap.request.folder", "imap.request.username", "imap.request.password", "imap.response", "imap.response_tag",
            "imap.response.status"]


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
    if name == "imap.request.folder":  # with its quotes, and cut at a space within them
        value = value.strip('"').split(" ")[0]
    if name.startswith("mime_multipart.header."):  # tshark drops white space around parameters
        value = re.sub(r"\s*;\s*", ";", value)
    return value.strip()


def excused(message, name, ours, theirs, refused):
    """Where tshark does not see what stands there."""
    fields = message["fields"]
    if name.startswith("imf."):
        return not theirs  # it shows a mail where its last packet is
    if name.startswith("smtp.req."):  # after a pipelined DATA that was refused it takes commands for mail
        return not theirs and fields.get("tcp.stream") in refused
    if name.startswith(("imap.line", "imap.request")) and "imap.line" not in fields:
        return True  # a literal that comes after "+" is lines and commands to it
    if name == "imap.request.folder" and fields.get("imap.request.command") == "SEARCH":
        return True  # its first key is a folder to it
    if name.startswith("imap.request"):  # it knows no answers within AUTHENTICATE and IDLE: they are commands to it
        return "wiretalk.imap.credentials" in fields or fields.get("imap.line") == "DONE"
    if name == "imap.response.status" and fields.get("imap.response_tag") == "+":
        return True  # it takes the first word of any text for a status
    if name.startswith("imap.response"):  # it does not take untagged lines apart, but their end behind a literal
        return fields.get("imap.response_tag") == "*"
    return name == "imap.line" and ours == theirs[:1]  # it has one more behind a literal


def compare(label, messages):
    with folder() as f:
        write_pcap(f / "messages.pcap", messages)
        output = run("tshark", "-r", f / "messages.pcap", "-o", "tcp.analyze_sequence_numbers:TRUE", "-T", "json", "--no-duplicate-keys",
                     *[a for name in COMPARED for a in ("-e", name)])
        packets = json.loads(output[output.index("[\n"):])
        assert len(packets) == len(messages)
        n_compared = {}
        refused = {m["fields"]["tcp.stream"] for m in messages if m["summary"].startswith("554 5.5.1")}
        for message, packet in zip(messages, packets):
            for name in COMPARED:
                theirs = [normal(name, v) for v in packet["_source"]["layers"].get(name, [])]
                ours = [normal(name, v) for v in listed(message["fields"].get(name))]
                if excused(message, name, ours, theirs, refused):
                    continue
                if name == "smtp.response.code":  # we give it for each line, tshark once for all
                    ours = sorted(set(ours))
                assert ours == theirs, (label, message["n"], message["summary"], name, ours, theirs)
                n_compared[name] = n_compared.get(name, 0) + len(theirs)
        print(f"# {label}: {len(messages)} messages, {sum(n_compared.values())} values equal")
        assert sum(n_compared.values()) > len(messages)
        return n_compared


def compare_scenario(scenario):
    lines = run(CLI, "run", SCENARIOS / f"{scenario}.scenario", "--format", "json").splitlines()
    messages = [m for m in map(json.loads, lines) if m["kind"] == "message"]
    assert len(messages) > 8, len(messages)
    return compare(scenario, messages)


def first_mail():
    compare_scenario("first-mail")


def two_domains():
    compare_scenario("two-domains")


def attachment_journey():
    compare_scenario("attachment-journey")


def things_go_wrong():
    compare_scenario("things-go-wrong")


def pop3_or_imap():
    n = compare_scenario("pop3-or-imap")
    assert n["pop.request.command"] > 10 and n["imap.request.command"] > 10, n


def live_messages(live, stream_ends):
    """What was said in a session that has ended."""
    wait_for(lambda: any(stream_ends in m["summary"] for m in live.messages()), stream_ends)
    return [m for m in live.messages() if m["kind"] == "message"]


def python_imaplib():
    """A mail program's session with much of what it can say."""
    with folder() as f, Live(f) as live:
        address = live.address("imap")
        imap = imaplib.IMAP4(*address)
        imap.login("alice", "secret")
        imap.create("Entw&APw-rfe")
        imap.append("INBOX", "(\\Flagged)", None, b"From: <bob@example.net>\r\nSubject: One\r\n\r\ntext\r\n")
        imap.append("INBOX", None, None, b"From: <bob@example.net>\r\nSubject: Two\r\n\r\n" + b"text\r\n" * 300)
        imap.list()
        imap.status("INBOX", "(MESSAGES UIDNEXT)")
        imap.select("INBOX")
        imap.fetch("1:*", "(FLAGS RFC822.SIZE ENVELOPE)")
        imap.fetch("1", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        imap.uid("FETCH", "1:*", "(BODY[])")
        imap.search(None, "SUBJECT", '"Two"')
        imap.store("1", "+FLAGS", "(\\Deleted)")
        imap.copy("2", '"Entw&APw-rfe"')
        try:
            imap.select('"not there"')
        except imaplib.IMAP4.error:
            pass
        imap.select("INBOX")
        imap.expunge()
        imap.logout()
        n = compare("imaplib", live_messages(live, " OK Logout completed"))
        assert n["imap.request.username"] == n["imap.request.password"] == 1 and n["imap.request.folder"] > 4, n


def python_poplib():
    with folder() as f, Live(f) as live:
        maildir = live.store / "mail" / "bob"
        for part in ("tmp", "new", "cur"):
            (maildir / part).mkdir(parents=True)
        (maildir / "new" / "1.M1P1.one").write_text("From: <a@example.net>\nSubject: One\n\n.dots\n..\ntext\n")
        (maildir / "new" / "2.M1P1.two").write_text("From: <a@example.net>\nSubject: Two\n\n" + "text\n" * 300)
        pop = poplib.POP3(*live.address("pop3"))
        pop.capa()
        pop.user("bob")
        pop.pass_("secret")
        pop.stat()
        pop.list()
        pop.uidl()
        pop.top(1, 1)
        pop.retr(1)
        pop.retr(2)
        for refused in (lambda: pop.retr(3), lambda: pop.list(9)):
            try:
                refused()
            except poplib.error_proto:
                pass
        pop.dele(1)
        pop.rset()
        pop.noop()
        pop.quit()
        n = compare("poplib", live_messages(live, "goodbye"))
        assert n["pop.request.command"] > 14 and n["pop.response.indicator"] == n["pop.request.command"] + 1, n


main([first_mail, two_domains, attachment_journey, things_go_wrong, pop3_or_imap, python_imaplib, python_poplib])
