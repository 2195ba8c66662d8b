#!/usr/bin/env python3
"""Wiretalk and Dovecot get the same mails and the same commands; where the RFC fixes the answer, it is the same answer."""
import re
import sys

import imap_scripts
import imap_talk
import wiretalk


def words(value):
    """Upper case, flags in order: what is the same is written the same."""
    if isinstance(value, list):
        flags = value and all(isinstance(v, bytes) and (v.startswith(b"\\") or v.isalpha()) for v in value)
        done = [words(v) for v in value if not (isinstance(v, bytes) and v in (b"\\Recent", b"\\UnMarked", b"\\Marked"))]
        return tuple(sorted(done)) if flags else tuple(done)
    return value.upper()


def value(item, found):
    """NIL and the empty string are both what a part has that is not there."""
    return b"" if item.upper().startswith((b"BODY[", b"BINARY[")) and found == b"NIL" else words(found)


def untagged(data):
    """One response as something to compare; None: of no matter."""
    status = re.match(rb"\* (OK|NO|BAD|BYE|PREAUTH)(?: \[([A-Z]+)([^\]]*)\])?", data)
    if status:
        if status[1] == b"BYE" or status[2] is None or status[2] in (b"UIDVALIDITY", b"HIGHESTMODSEQ", b"NOMODSEQ", b"CLOSED"):
            return ("BYE",) if status[1] == b"BYE" else None
        if status[2] == b"COPYUID":
            return (status[1], status[2], status[3].split()[1:])
        return (status[1], status[2], words(imap_talk.parse(status[3])))
    parsed = imap_talk.parse(re.sub(rb"MODSEQ \d+", b"MODSEQ", data))
    if parsed[2:3] == [b"FETCH"]:
        items = parsed[3]
        pairs = sorted((words(items[i]), value(items[i], items[i + 1])) for i in range(0, len(items) - 1, 2) if words(items[i]) != b"MODSEQ")
        return ("FETCH", parsed[1], pairs) if pairs else None
    if parsed[1:2] == [b"STATUS"]:
        return ("STATUS", words(parsed[2]), sorted(zip(parsed[3][0::2], parsed[3][1::2])))
    if parsed[1:2] == [b"ESEARCH"]:
        return ("ESEARCH", words(parsed[3:]))
    return words(parsed)


def tagged(data):
    status = re.match(rb"(OK|NO|BAD)(?: \[([A-Z-]+)([^\]]*)\])?", data)
    code, rest = status[2], status[3] or b""
    if code in (b"APPENDUID", b"COPYUID"):
        return (status[1], code, rest.split()[1:])
    return (status[1], code if code in (b"TRYCREATE", b"READ-ONLY", b"READ-WRITE", b"EXPUNGEISSUED") else None)


def plain(answers):
    lines, last = answers
    return sorted((repr(u) for u in map(untagged, lines) if u is not None)), tagged(last)


def fill(talk):
    talk.ok(b"LOGIN alice secret")
    for number, mail in enumerate(imap_talk.MAILS):
        flags = b"(\\Seen) " if number == 1 else b""
        talk.append(b"INBOX", mail, flags + b"\"17-Jul-1996 02:44:25 +0000\" ")


def differences(name):
    different = []
    script, free = imap_scripts.SCRIPTS[name], imap_scripts.FREE[name]
    with wiretalk.folder() as folder, wiretalk.Live(folder) as live, imap_talk.Dovecot(folder) as dovecot:
        ours, theirs = imap_talk.Talk(live.address("imap")), imap_talk.Talk(("127.0.0.1", dovecot.port))
        fill(ours)
        fill(theirs)
        for command in script:
            parts = command if isinstance(command, tuple) else (command,)
            one, other = ours.command(*parts), theirs.command(*parts)
            if plain(one) != plain(other) and command not in free:
                different.append(command)
                print(f"# {parts}\n#   Wiretalk: {one}\n#   Dovecot:  {other}")
            elif plain(one) == plain(other) and command in free and script.count(command) == 1:
                print(f"# {parts} may differ, and does not")
        ours.close()
        theirs.close()
    assert not different, f"{len(different)} of {len(script)} answers differ: {different}"


def script_test(name):
    def test():
        differences(name)
    test.__name__ = f"every answer is dovecots: {name}"
    return test


class Resync:
    """Sessions that go one after another, where what is said depends on UIDVALIDITY and MODSEQs that each server has its own of:
    %V and %M in a command."""

    def __init__(self, address):
        self.address, self.answers = address, []
        self.validity = self.modseq = b""

    def session(self):
        talk = imap_talk.Talk(self.address)
        talk.ok(b"LOGIN alice secret")
        return talk

    def say(self, talk, *commands):
        for command in commands:
            lines, last = talk.command(command.replace(b"%V", self.validity).replace(b"%M", self.modseq))
            self.answers.append((command, plain((lines, re.sub(rb"MODSEQ \d+", b"MODSEQ", last)))))
            for line in lines:
                if found := re.search(rb"UIDVALIDITY (\d+)", line):
                    self.validity = found[1]
                if found := re.search(rb"HIGHESTMODSEQ (\d+)", line):
                    self.modseq = found[1]


def condstore(self):
    """A client that knows the mailbox as it was comes back after another has changed it (RFC 7162)."""
    one = self.session()
    self.say(one, b"ENABLE QRESYNC", b"SELECT INBOX", b"UNSELECT")
    other = self.session()
    self.say(other, b"SELECT INBOX", b"STORE 1 +FLAGS (\\Seen)", b"STORE 3 +FLAGS.SILENT (\\Deleted)", b"EXPUNGE", b"MOVE 3 Trash", b"CREATE Trash", b"MOVE 3 Trash")
    other.append(b"INBOX", b"A: new\r\n\r\n")
    self.say(one, b"SELECT INBOX (QRESYNC (%V 1))", b"SELECT INBOX (QRESYNC (1 1))", b"SELECT INBOX (QRESYNC (%V 1 2:4))", b"SELECT INBOX (QRESYNC (%V 99999999999999999))",
             b"UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)", b"UID FETCH 1:* (FLAGS) (CHANGEDSINCE %M VANISHED)", b"FETCH 1:* (UID) (CHANGEDSINCE %M)",
             b"FETCH 1:* (UID) (CHANGEDSINCE 1 VANISHED)", b"SEARCH MODSEQ %M", b"SEARCH NOT MODSEQ %M", b"STORE 1 (UNCHANGEDSINCE 1) +FLAGS (\\Flagged)",
             b"UID STORE 1:2 (UNCHANGEDSINCE 1) +FLAGS (\\Flagged)", b"STORE 2 (UNCHANGEDSINCE 99999999999999999) +FLAGS.SILENT (\\Draft)", b"STORE 1 (XYZZY 1) FLAGS ()",
             b"FETCH 1 (FLAGS) (CHANGEDSINCE 0)", b"FETCH 1 (FLAGS) (CHANGEDSINCE x)", b"SEARCH RETURN (COUNT) MODSEQ 1", b"NOOP")
    other.ok(b"STORE 1:2 +FLAGS.SILENT (\\Deleted)")
    other.ok(b"EXPUNGE")
    self.say(one, b"NOOP", b"SEARCH ALL", b"STATUS Trash (MESSAGES)", b"SELECT Trash", b"CLOSE")
    for talk in (one, other):
        talk.close()


def news(self):
    """What one session does, the other is told with its next command; not numbers that go while it uses them (RFC 9051 7.5.1)."""
    one, other = self.session(), self.session()
    self.say(one, b"SELECT INBOX")
    self.say(other, b"SELECT INBOX")
    one.append(b"INBOX", b"A: new\r\n\r\n")
    self.say(other, b"NOOP", b"FETCH 6 FLAGS", b"STORE 6 +FLAGS (\\Answered)")
    self.say(one, b"NOOP", b"STORE 6 +FLAGS.SILENT (work)")
    self.say(other, b"NOOP", b"SEARCH KEYWORD work")
    one.ok(b"STORE 2 +FLAGS.SILENT (\\Deleted)")
    one.ok(b"EXPUNGE")
    self.say(other, b"FETCH 3 UID", b"STORE 3 +FLAGS.SILENT (\\Seen)", b"UID FETCH 3 UID", b"FETCH 2 UID", b"CHECK")
    self.say(one, b"NOOP", b"COPY 1 INBOX")
    self.say(other, b"SEARCH UID 1:*", b"NOOP")
    for talk in (one, other):
        talk.close()


def dialogue_test(dialogue):
    def test():
        with wiretalk.folder() as folder, wiretalk.Live(folder) as live, imap_talk.Dovecot(folder) as dovecot:
            ours, theirs = Resync(live.address("imap")), Resync(("127.0.0.1", dovecot.port))
            for each in (ours, theirs):
                fill(imap_talk.Talk(each.address))
                dialogue(each)
            different = []
            for (command, one), (_, other) in zip(ours.answers, theirs.answers):
                if one != other and command not in imap_scripts.FREE[dialogue.__name__]:
                    different.append(command)
                    print(f"# {command}\n#   Wiretalk: {one}\n#   Dovecot:  {other}")
            assert not different, different
    test.__name__ = f"every answer is dovecots: {dialogue.__name__}"
    return test


if not imap_talk.has_dovecot():
    print("1..0 # SKIP Dovecot is not installed, or this is not root")
    sys.exit(0)
wiretalk.main([script_test(name) for name in imap_scripts.SCRIPTS] + [dialogue_test(condstore), dialogue_test(news)])
