#!/usr/bin/env python3
"""Delivery reports beside Postfix's: the same mail, the same failure at the same next server, and what both tell the sender.

What must be equal is compared; what may differ is in DIFFERENCES, each with its reason."""
import contextlib
import email
import email.policy
import functools
import os
import smtplib
import socket
import threading
import time

from postfix_server import Postfix
from wiretalk import DEADLINE, Live, folder, free_offset, main, wait_for

# Fields of message/delivery-status that one of the two writes and the other does not.
DIFFERENCES = {
    "x-postfix-queue-id": "Postfix's own",
    "x-postfix-sender": "Postfix's own",
    "last-attempt-date": "ours; optional (RFC 3464 2.3.7)",
    "original-recipient": "Postfix invents one where the sender gave none; it is for what the sender said (RFC 3464 2.3.1)",
}


class NextServer(threading.Thread):
    """Takes mails, answers RCPT by the local part: NNN-something gets NNN. With or without DSN."""

    def __init__(self, dsn):
        super().__init__(daemon=True)
        self.dsn, self.said = dsn, {}  # subject: MAIL and RCPT commands
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self.session, args=(self.listener.accept()[0],), daemon=True).start()

    def session(self, peer):
        commands = []
        with peer, peer.makefile("rwb", buffering=0) as stream, contextlib.suppress(OSError):
            stream.write(b"220 next.example ESMTP\r\n")
            while line := stream.readline().decode():
                commands.append(line.strip())
                stream.write(self.answer(line, stream, commands).encode())

    def answer(self, line, stream, commands):
        verb = line[:4].upper()
        if verb == "EHLO":
            return "250-next.example\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n" + ("250-DSN\r\n" if self.dsn else "") + "250 SIZE\r\n"
        if verb == "MAIL":
            del commands[:-1]
        if verb == "RCPT" and line[9] in "45":
            code = line[9:12]
            return f"{code} {code[0]}.1.1 <{line[9:line.index('>')]}>: not with me\r\n"
        if verb == "DATA":
            stream.write(b"354 go\r\n")
            while (text := stream.readline()) != b".\r\n":
                if text.startswith(b"Subject:"):
                    self.said[text.decode().strip()] = commands[:-1]
        return "221 2.0.0 bye\r\n" if verb == "QUIT" else "250 2.0.0 ok\r\n"


SCENARIO = """[scenario]
[host mail]
type=mail-server
address=127.51.61.1
domains=example.net
users=carol:x;dan:x
aliases=both>carol,dan;one>carol
retry=1s
delay-report=1s
expire=4s
relay=127.0.0.1:{port}
"""
POSTFIX = ["relayhost = [127.0.0.1]:{port}", "smtp_tls_security_level = none", "delay_warning_time = 1s", "queue_run_delay = 1s",
           "minimal_backoff_time = 1s", "maximal_backoff_time = 1s", "maximal_queue_lifetime = 4s",
           "bounce_queue_lifetime = 4s", "notify_classes =",
           "virtual_alias_maps = inline:{{ {{both@example.net = carol@example.net, dan@example.net}}, {{one@example.net = carol@example.net}} }}",
           "virtual_mailbox_maps = inline:{{ {{carol@example.net = carol/}}, {{dan@example.net = dan/}} }}",
           "local_recipient_maps = inline:{{ carol=x, dan=x, both=x, one=x }}"]


CASES = [
    # name, next server knows DSN, recipients, of MAIL, of RCPT, number of reports, what is different in ours and right (nullable)
    ("failure", True, ["550-x@far.example"], [], [], 1, None),
    ("failure, header only", True, ["550-x@far.example"], ["RET=HDRS", "ENVID=Q7+2Bx"], ["ORCPT=rfc822;x+2By@far.example"], 1, None),
    ("two of three fail", True, ["550-x@far.example", "ok@far.example", "551-y@far.example"], [], [], 1, None),
    ("failure, never", True, ["550-x@far.example", "ok@far.example"], [], ["NOTIFY=NEVER"], 0, None),
    ("failure, only success is wanted", True, ["550-x@far.example", "ok@far.example"], [], ["NOTIFY=SUCCESS"], 0, None),
    ("relayed", False, ["ok@far.example"], ["RET=FULL"], ["NOTIFY=SUCCESS,FAILURE"], 1, None),
    ("relayed to a server with DSN", True, ["ok@far.example"], ["ENVID=1"], ["NOTIFY=SUCCESS"], 0, None),
    ("delivered", True, ["dan@example.net"], ["ENVID=abc"], ["NOTIFY=SUCCESS"], 1,
     {"status": "2.1.5"}),  # "may be used for positive delivery reports", RFC 3463 3.2
    ("alias for one", True, ["one@example.net"], [], ["NOTIFY=SUCCESS"], 1,
     {"action": "delivered", "final-recipient": "rfc822; carol@example.net", "status": "2.1.5"}),  # the wish goes along, RFC 3461 5.2.7.2
    ("alias for several", True, ["both@example.net"], [], ["NOTIFY=SUCCESS"], 1, {"status": "2.1.5"}),
    ("delayed", True, ["450-x@far.example"], [], ["NOTIFY=DELAY"], 1, None),
    ("expired", True, ["450-y@far.example"], [], ["NOTIFY=FAILURE"], 1, {"status": "4.4.7"}),  # delivery time expired, RFC 3463 3.5
]


def submit(address, number):
    """As smtplib.sendmail(), but with parameters that are given as they are, and without raising."""
    _, _, to, mail_options, rcpt_options, _, _ = CASES[number]
    with smtplib.SMTP(*address, timeout=DEADLINE) as smtp:
        smtp.ehlo("client.example")
        smtp.mail("carol@example.net", mail_options)
        for recipient in to:
            smtp.rcpt(recipient, rcpt_options)
        assert smtp.data(f"Subject: case {number}\r\nX-Own: yes\r\n\r\nthe text\r\n")[0] == 250


def reports_in(mails, number=None):
    """All reports, or those of one case: what they return has its subject."""
    parsed = [email.message_from_string(m, policy=email.policy.default) for m in mails
              if number is None or f"\nSubject: case {number}\n" in m]
    return [m for m in parsed if m.get_content_type() == "multipart/report"]


def describe(report):
    """What is compared: types of the parts, fields of the status part with the values that a fixed answer fixes."""
    parts = list(report.iter_parts())
    groups = [dict((k.lower(), str(v)) for k, v in g.items()) for g in parts[1].get_payload()]
    for group in groups:
        for field in DIFFERENCES:
            group.pop(field, None)
        for field in ("reporting-mta", "arrival-date", "remote-mta", "will-retry-until"):  # the values cannot be equal
            if field in group:
                group[field] = group[field].split(";")[0] if ";" in group[field] else "a date"
        if "diagnostic-code" in group:
            group["diagnostic-code"] = " ".join(group["diagnostic-code"].split())
            if not group["diagnostic-code"].startswith("smtp;"):
                group["diagnostic-code"] = "x-"  # each has words of its own for what no server said
    return {"types": [p.get_content_type() for p in parts], "report-type": report["content-type"].params.get("report-type"),
            "auto": str(report["auto-submitted"]), "status": groups, "text": "the text" in report.as_string()}


@functools.lru_cache(maxsize=None)
def both(dsn):
    """All mails that we and Postfix wrote to the sender in the cases with such a next server, and what both said to it."""
    numbers = [n for n, case in enumerate(CASES) if case[1] == dsn]
    wanted = sum(CASES[n][5] for n in numbers)
    with folder() as f, folder() as g:
        ours, theirs = NextServer(dsn), NextServer(dsn)
        (f / "x.scenario").write_text(SCENARIO.format(port=ours.port))
        postfix = Postfix(g, settings=[s.format(port=theirs.port) for s in POSTFIX])
        try:
            with Live(f, "--port-offset", free_offset(), scenario=f / "x.scenario") as live:
                def mine():
                    return [m.decode().replace("\r\n", "\n") for m in live.mails("carol")]
                for number in numbers:
                    submit(live.address(), number)
                    submit(("127.0.0.1", postfix.port), number)
                wait_for(lambda: len(reports_in(mine())) >= wanted, "our reports")
                wait_for(lambda: len(reports_in(postfix.mails("carol"))) >= wanted, "Postfix's reports")
                time.sleep(1)  # for one too many
                return mine(), postfix.mails("carol"), ours.said, theirs.said
        finally:
            postfix.close()
            ours.listener.close()
            theirs.listener.close()


def parameters(said, number):
    """Of MAIL and RCPT, those of DSN; ORCPT is among the DIFFERENCES."""
    words = [w for command in said.get(f"Subject: case {number}", []) for w in command.split()[2:]]
    return sorted(w for w in words if w.split("=")[0] in ("RET", "ENVID", "NOTIFY"))


def test_of(number, case):
    def test():
        my_mails, their_mails, my_said, their_said = both(case[1])
        mine, theirs = reports_in(my_mails, number), reports_in(their_mails, number)
        assert len(mine) == len(theirs) == case[5], (len(mine), len(theirs))
        for my_report, their_report in zip(mine, theirs):
            me, them = describe(my_report), describe(their_report)
            for group in them["status"][1:]:
                group.update(case[6] or {})
            assert me == them, f"\nours:    {me}\nPostfix: {them}\n{my_report}\n{their_report}"
        assert parameters(my_said, number) == parameters(their_said, number), (my_said, their_said)
    test.__name__ = case[0]
    return test


if os.geteuid() != 0:
    print("1..0 # SKIP Postfix wants to be started by root")
else:
    main([test_of(number, case) for number, case in enumerate(CASES)])
