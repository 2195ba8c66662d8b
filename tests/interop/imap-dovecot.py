#!/usr/bin/env python3
"""Wiretalk and Dovecot get the same mails and the same commands; where the RFC fixes the answer, it is the same answer."""
import re
import sys

import imap_talk
import wiretalk

SCRIPT_FOLDED = (b"SEARCH CHARSET UTF-8 BODY ", "GRÜSSE".encode(), b"")

# What is sent to both, in one session. A tuple: the parts around literals.
SCRIPT = [
    b"NOOP", b"LIST \"\" \"\"", b"LIST \"\" %", b"STATUS INBOX (MESSAGES UNSEEN UIDNEXT)", b"SELECT nowhere", b"FETCH 1 FLAGS",
    b"SELECT INBOX", b"FETCH 1:* (UID FLAGS RFC822.SIZE INTERNALDATE)", b"FETCH 1 ALL", b"FETCH 2 FULL", b"FETCH 3 FAST",
    b"FETCH 1:* ENVELOPE", b"FETCH 1:* BODY", b"FETCH 1:* BODYSTRUCTURE", b"FETCH 1 BODY.PEEK[]", b"FETCH 1 BODY.PEEK[HEADER]",
    b"FETCH 1 BODY.PEEK[TEXT]", b"FETCH 1 BODY.PEEK[1]", b"FETCH 1 BODY.PEEK[1.MIME]", b"FETCH 1 BODY.PEEK[2]",
    b"FETCH 1 BODY.PEEK[HEADER.FIELDS (Subject FROM)]", b"FETCH 2 BODY.PEEK[HEADER.FIELDS.NOT (Subject FROM)]",
    b"FETCH 1 BODY.PEEK[]<0.10>", b"FETCH 1 BODY.PEEK[]<5.10>", b"FETCH 1 BODY.PEEK[TEXT]<100000.10>",
    b"FETCH 3 (BODY.PEEK[1] BODY.PEEK[1.1] BODY.PEEK[1.2] BODY.PEEK[1.2.MIME] BODY.PEEK[2] BODY.PEEK[2.MIME])",
    b"FETCH 3 (BODY.PEEK[3] BODY.PEEK[3.HEADER] BODY.PEEK[3.TEXT] BODY.PEEK[3.1] BODY.PEEK[3.1.MIME])", b"FETCH 3 BODY.PEEK[TEXT]",
    b"FETCH 3 (BINARY.PEEK[2] BINARY.SIZE[2])", b"FETCH 2 BINARY.PEEK[1]", b"FETCH 4 (BODY.PEEK[] BODY.PEEK[TEXT] BODYSTRUCTURE)",
    b"FETCH 5 (RFC822.SIZE BODY[TEXT]<0.5>)", b"FETCH 5 FLAGS", b"FETCH 4 RFC822.HEADER", b"FETCH 4 RFC822", b"FETCH 9 FLAGS",
    b"UID FETCH 2:3 FLAGS", b"UID FETCH 900 FLAGS", b"UID FETCH 900:* UID", b"FETCH *:4 UID",
    b"SEARCH ALL", b"SEARCH UNSEEN", b"SEARCH SEEN", b"SEARCH FROM bob", b"SEARCH TO alice", b"SEARCH CC undisclosed", b"SEARCH SUBJECT first",
    b"SEARCH TEXT hello", b"SEARCH BODY world", b"SEARCH BODY hello NOT FROM bob", b"SEARCH OR SUBJECT parts SUBJECT first",
    (b"SEARCH CHARSET UTF-8 SUBJECT ", "grüße".encode(), b""), SCRIPT_FOLDED,
    b"SEARCH HEADER message-id \"\"", b"SEARCH HEADER Content-Type multipart", b"SEARCH SENTON 7-Feb-1994", b"SEARCH SENTBEFORE 8-Feb-1994",
    b"SEARCH SENTSINCE 7-Feb-1994", b"SEARCH ON 17-Jul-1996", b"SEARCH BEFORE 18-Jul-1996", b"SEARCH SINCE 18-Jul-1996", b"SEARCH LARGER 1000",
    b"SEARCH SMALLER 200", b"SEARCH 2:3 NOT 3", b"SEARCH UID 1:2", b"UID SEARCH 4:*", b"SEARCH (1:3 (2:5))", b"SEARCH CHARSET X-NONE ALL",
    b"SEARCH RETURN (MIN MAX COUNT) ALL", b"SEARCH RETURN () 2:4", b"UID SEARCH RETURN (ALL) 1,3,5", b"SEARCH RETURN (COUNT) FLAGGED",
    b"SEARCH RETURN (SAVE) 2:3", b"FETCH $ UID", b"SEARCH XYZZY", b"SEARCH", b"SEARCH OR ALL", b"SEARCH (ALL", b"SEARCH KEYWORD work",
    b"STORE 1 +FLAGS (\\Flagged)", b"STORE 1:2 -FLAGS (\\Flagged)", b"STORE 2 FLAGS (\\Draft \\Answered)", b"STORE 2 FLAGS.SILENT ()",
    b"STORE 3 +FLAGS.SILENT (\\Deleted)", b"FETCH 1:3 FLAGS", b"UID STORE 1 +FLAGS (\\Seen work)", b"SEARCH KEYWORD work", b"SEARCH UNKEYWORD work",
    b"STORE 1 +FLAGS (\\Nonsense)", b"STORE 9 FLAGS ()", b"UID STORE 900 FLAGS ()",
    b"CREATE box", b"CREATE box", b"CREATE box/sub", b"CREATE \"with space\"", b"CREATE &AOQ-", b"LIST \"\" *", b"LIST \"\" %", b"LIST box/ %",
    b"LIST \"\" box*", b"SUBSCRIBE box", b"LSUB \"\" *", b"LIST (SUBSCRIBED) \"\" *", b"UNSUBSCRIBE box", b"LSUB \"\" *", b"CREATE INBOX",
    b"DELETE INBOX", b"DELETE nowhere", b"RENAME nowhere x", b"RENAME box box2", b"RENAME box2 &AOQ-", b"STATUS box2 (MESSAGES UIDNEXT)",
    b"STATUS nowhere (MESSAGES)", b"STATUS box2 (XYZZY)", b"STATUS INBOX (MESSAGES UNSEEN DELETED)",
    b"COPY 1:2 box2", b"UID COPY 1 box2", b"COPY 1 nowhere", b"COPY 9 box2", b"UID COPY 900 box2", b"STATUS box2 (MESSAGES UIDNEXT)",
    b"MOVE 4 box2", b"FETCH 1:* UID", b"UID MOVE 900 box2", b"EXPUNGE", b"FETCH 1:* UID", b"UID EXPUNGE 1:900", b"SEARCH ALL",
    b"CHECK", b"EXAMINE box2", b"STORE 1 +FLAGS (\\Deleted)", b"EXPUNGE", b"FETCH 1 BODY[TEXT]", b"FETCH 1 FLAGS", b"UNSELECT", b"FETCH 1 FLAGS",
    b"SELECT box2", b"STORE 1 +FLAGS.SILENT (\\Deleted)", b"CLOSE", b"STATUS box2 (MESSAGES)", b"DELETE box2", b"LIST \"\" box2*",
    b"LIST (SUBSCRIBED RECURSIVEMATCH) \"\" %", b"LIST \"\" (INBOX %) RETURN (STATUS (MESSAGES))",
    (b"APPEND INBOX ", b"A: b\r\n\r\n", b""), (b"APPEND nowhere ", b"A: b\r\n\r\n", b""), b"APPEND INBOX",
    b"SELECT", b"SELECT \"unclosed", b"LOGIN alice secret", b"XYZZY", b"UID", b"UID NOOP", b"ENABLE X-NOTHING", b"ENABLE CONDSTORE", b"NAMESPACE",
    b"LOGOUT",
]

# Where Dovecot goes its own way, or says more, and the RFC leaves it free; each with its reason.
FREE = {
    b"FETCH 1 BODY.PEEK[2]": "a part that is not there: NIL says so, Dovecot's empty string is as good",
    SCRIPT_FOLDED: "we compare with full case folding, where sharp s is ss",
    b"SEARCH SENTBEFORE 8-Feb-1994": "a mail without Date was sent on no day; Dovecot takes one before every day",
    b"SEARCH KEYWORD work": "Dovecot makes the keyword that is searched for",
    b"STORE 1:2 -FLAGS (\\Flagged)": "the flags of every message (RFC 9051 6.4.6), also of those that come out as they were",
    b"UID STORE 1 +FLAGS (\\Seen work)": "the keyword is new to us only here",
    b"LIST (SUBSCRIBED) \"\" *": "CHILDREN may always be told (RFC 3348)",
    b"STATUS INBOX (MESSAGES UNSEEN DELETED)": "DELETED is of RFC 9051, which this Dovecot does not know",
    b"ENABLE X-NOTHING": "we say that nothing was enabled",
    b"EXAMINE box2": "CLOSED belongs to extensions that the client has to enable",
    b"STORE 1 +FLAGS (\\Deleted)": "Dovecot says OK to what it does not do in a read-only mailbox",
    b"EXPUNGE": "the same",
    b"LIST \"\" box2*": "a deleted mailbox with one below it is \\Noselect (RFC 9051 6.3.5)",
    b"LIST \"\" (INBOX %) RETURN (STATUS (MESSAGES))": "the same",
}


def words(value):
    """Upper case, flags in order: what is the same is written the same."""
    if isinstance(value, list):
        flags = value and all(isinstance(v, bytes) and (v.startswith(b"\\") or v.isalpha()) for v in value)
        done = [words(v) for v in value if not (isinstance(v, bytes) and v in (b"\\Recent", b"\\UnMarked", b"\\Marked"))]
        return tuple(sorted(done)) if flags else tuple(done)
    return value.upper()


def untagged(data):
    """One response as something to compare; None: of no matter."""
    status = re.match(rb"\* (OK|NO|BAD|BYE|PREAUTH)(?: \[([A-Z]+)([^\]]*)\])?", data)
    if status:
        if status[1] == b"BYE" or status[2] is None or status[2] in (b"UIDVALIDITY", b"HIGHESTMODSEQ", b"NOMODSEQ", b"CLOSED"):
            return ("BYE",) if status[1] == b"BYE" else None
        if status[2] == b"COPYUID":
            return (status[1], status[2], status[3].split()[1:])
        return (status[1], status[2], words(imap_talk.parse(status[3])))
    parsed = imap_talk.parse(data)
    if parsed[2:3] == [b"RECENT"]:
        return None
    if parsed[2:3] == [b"FETCH"]:
        items = parsed[3]
        return ("FETCH", parsed[1], sorted((words(items[i]), words(items[i + 1])) for i in range(0, len(items) - 1, 2)))
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


def every_answer_is_dovecots():
    different = []
    with wiretalk.folder() as folder, wiretalk.Live(folder) as live, imap_talk.Dovecot(folder) as dovecot:
        ours, theirs = imap_talk.Talk(live.address("imap")), imap_talk.Talk(("127.0.0.1", dovecot.port))
        fill(ours)
        fill(theirs)
        for command in SCRIPT:
            parts = command if isinstance(command, tuple) else (command,)
            one, other = ours.command(*parts), theirs.command(*parts)
            if plain(one) != plain(other) and command not in FREE:
                different.append(command)
                print(f"# {parts}\n#   Wiretalk: {one}\n#   Dovecot:  {other}")
        ours.close()
        theirs.close()
    assert not different, f"{len(different)} of {len(SCRIPT)} answers differ: {different}"


if not imap_talk.has_dovecot():
    print("1..0 # SKIP Dovecot is not installed, or this is not root")
    sys.exit(0)
wiretalk.main([every_answer_is_dovecots])
