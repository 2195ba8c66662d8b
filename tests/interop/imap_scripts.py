"""What imap-dovecot.py sends to both servers, and where they may answer differently.

A command is bytes, or a tuple: the parts around literals."""

SCRIPT_FOLDED = (b"SEARCH CHARSET UTF-8 BODY ", "GRÜSSE".encode(), b"")

# A session that does a bit of everything.
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

SEARCH_KEYS = [
    b"ANSWERED", b"DELETED", b"DRAFT", b"FLAGGED", b"NEW", b"OLD", b"RECENT", b"UNANSWERED", b"UNDELETED", b"UNDRAFT", b"UNFLAGGED", b"BCC x", b'BCC ""',
    b'CC ""', b'FROM ""', b'TO ""', b'SUBJECT ""', b'BODY ""', b'TEXT ""', b"NOT (SEEN FLAGGED)", b"OR (1 2) (NOT ALL)", b"UID 1:*", b"*", b"*:1", b"0", b"6",
    b"6:9", b"1,9", b"SEEN 2", b"NOT NOT SEEN", b'HEADER Subject ""', b'HEADER X-None ""', b'HEADER Subject "quoted"', b'SUBJECT "7 \\"quoted\\""',
    b'ON "17-Jul-1996"', b'BEFORE "18-Jul-1996"', b"SINCE 1-Jan-1990", b"BEFORE 32-Jul-1996", b"BEFORE 1-Foo-1996", b"ON 17-jul-1996", b"ON 7-Jul-1996",
    b"LARGER x", b"LARGER 4294967296", b"SMALLER 0", b"LARGER 0", b"SENTON 1-Jan-1970", b"RETURN (MIN) FLAGGED", b"RETURN (MAX) ALL",
    b"RETURN (MIN COUNT) 2:3", b"RETURN (ALL) FLAGGED", b"RETURN (COUNT) ALL", b"RETURN (XYZZY) ALL", b"RETURN (MIN MAX ALL COUNT) 2:4", b"RETURN MIN ALL",
    b"RETURN (SAVE MIN) ALL", b"$", b"RETURN (SAVE COUNT) FLAGGED", b"$", b"RETURN (SAVE) 3:4", b"RETURN (COUNT) $", b"NOT $", b"CHARSET US-ASCII TEXT hello",
    b'CHARSET "UTF-8" ALL', b"CHARSET UTF-8", b"KEYWORD $nosuch", b"UNKEYWORD $nosuch", b"KEYWORD \\Seen", b"MODSEQ 1", b"MODSEQ 4611686018427387904",
    b'MODSEQ "/flags/\\\\seen" all 1', b"ALL XYZZY", b"(1)", b"((1))", b"()", b"OR 1", b"NOT", b"UID", b"UID x", b"HEADER x", b"1 2", b"1 3", b'TEXT "unclosed',
]
SEARCHES = [b"SELECT INBOX"] + [b"SEARCH " + key.lstrip(b"|") for key in SEARCH_KEYS] + [
    b"UID SEARCH RETURN (MIN MAX) ALL", b"UID SEARCH UID 2", b"UID SEARCH 2", b"FETCH $ UID"]

FETCHES = [
    b"SELECT INBOX", b"FETCH 1 INTERNALDATE", b"FETCH 1 RFC822.TEXT", b"FETCH 1 (RFC822.HEADER RFC822.SIZE)", b"FETCH 1 BODY.PEEK[1.HEADER]", b"FETCH 1 BODY.PEEK[0]",
    b"FETCH 1 BODY.PEEK[HEADER.FIELDS ()]", b"FETCH 3 BODY.PEEK[3.1]", b"FETCH 3 BODY.PEEK[3.2]", b"FETCH 3 BODY.PEEK[3.HEADER.FIELDS (Subject)]",
    b"FETCH 3 BODY.PEEK[3.HEADER.FIELDS.NOT (Subject)]", b"FETCH 3 BODY.PEEK[3.MIME]", b"FETCH 3 BODY.PEEK[1.1.MIME]", b"FETCH 3 BODY.PEEK[MIME]",
    b"FETCH 3 BODY.PEEK[2.HEADER]", b"FETCH 3 BODY.PEEK[2.TEXT]", b"FETCH 3 BODY.PEEK[9]", b"FETCH 3 BODY.PEEK[1.9]", b"FETCH 3 BODY.PEEK[4294967296]",
    b"FETCH 1 BODY.PEEK[]<0.0>", b"FETCH 1 BODY.PEEK[]<10.1>", b"FETCH 1 BODY.PEEK[HEADER]<2.5>", b"FETCH 1 BODY.PEEK[]<0>", b"FETCH 1 BODY.PEEK[]<x.1>",
    b"FETCH 1 BODY.PEEK[]<4294967296.1>", b"FETCH 1 BODY.PEEK[HEADER.FIELDS (x y z)]", b"FETCH 1 BODY.PEEK[HEADER.FIELDS (subject)]<0.4>", b"FETCH 1 BODY[XYZZY]",
    b"FETCH 1 BODY.PEEK[", b"FETCH 1 BODY.PEEK", b"FETCH 1 (BODY.PEEK[HEADER] BODY.PEEK[TEXT])", b"FETCH 3 BINARY.PEEK[]", b"FETCH 3 BINARY.PEEK[2]<1.2>",
    b"FETCH 3 BINARY.SIZE[1]", b"FETCH 3 BINARY.SIZE[]", b"FETCH 3 BINARY.PEEK[9]", b"FETCH 2 BINARY.SIZE[1]", b"FETCH 3 BINARY.PEEK[1.2]", b"FETCH 3 BINARY.PEEK[3]",
    b"FETCH 3 BINARY.PEEK[HEADER]", b"FETCH 1 MACRO", b"FETCH 1 (ALL)", b"FETCH 1 ()", b"FETCH 0 FLAGS", b"FETCH 1:2,2:3 UID", b"FETCH 5:1 UID", b"FETCH *:* UID",
    b"FETCH * UID", b"FETCH 1 (UID UID)", b"FETCH 1", b"FETCH", b"FETCH 1 FLAGS X", b"FETCH 1:9 UID", b"FETCH 9,1 UID", b"FETCH 1, UID", b"FETCH -1 UID",
    b"FETCH 1:x UID", b"UID FETCH 1:3 (UID)", b"UID FETCH 1:3 UID", b"UID FETCH * UID", b"UID FETCH 9:* UID", b"UID FETCH 0 UID", b"UID FETCH",
]

STORES = [
    b"SELECT INBOX", b"STORE 1 FLAGS", b"STORE 1 XYZ (\\Seen)", b"STORE 1 +FLAGS \\Seen", b"STORE 1 +FLAGS \\Seen \\Flagged", b"STORE 1 +FLAGS ()",
    b"STORE 1 -FLAGS.SILENT (\\Flagged)", b"STORE 1 +FLAGS (\\Recent)", b"STORE 1 +FLAGS (\\*)", b"STORE 1 +FLAGS (a(b)", b"STORE", b"STORE 1",
    b"STORE 1:* FLAGS ()", b"STORE 1 +FLAGS (\\SEEN)", b"COPY 1", b"COPY", b"MOVE 1", b"MOVE 9 INBOX", b"MOVE 1 nowhere", b"COPY 1 INBOX", b"FETCH 1:* UID",
    b"MOVE 6 INBOX", b"FETCH 1:* (UID FLAGS)", b"UID EXPUNGE", b"UID EXPUNGE x", b"UID COPY 1 INBOX", b"UID XYZZY 1", b"STATUS INBOX (MESSAGES RECENT UIDNEXT UNSEEN SIZE)",
    b"STATUS INBOX ()", b"STATUS \"INBOX\" (MESSAGES)", b"STATUS inbox (messages)", b"STATUS INBOX MESSAGES", b"STATUS INBOX", b"STATUS INBOX (MESSAGES MESSAGES)",
    b"STATUS", (b"APPEND INBOX (\\Seen work) \"01-Jan-2000 10:00:00 +0100\" ", b"A: 1\r\n\r\n", b""), (b"APPEND INBOX (\\Recent) ", b"A: 1\r\n\r\n", b""),
    (b"APPEND INBOX \" 1-Jan-2000 10:00:00 +0100\" ", b"A: 1\r\n\r\n", b""), (b"APPEND INBOX () ", b"A: 1\r\n\r\n", b""), (b"APPEND INBOX ", b"", b""),
    b"APPEND INBOX {5+}\r\nA: b\n", b"APPEND INBOX ~{9+}\r\nA: b\r\n\r\n\0", b"APPEND INBOX \"quoted\"", b"NOOP", b"FETCH 9:* (RFC822.SIZE FLAGS)", b"FETCH 9 INTERNALDATE",
    b"SELECT INBOX", b"CLOSE", b"EXPUNGE", b"CLOSE", b"UNSELECT", b"CHECK", b"SEARCH ALL", b"STORE 1 FLAGS ()", b"COPY 1 INBOX", b"UID FETCH 1 FLAGS", b"UID XYZZY",
    b"EXAMINE INBOX", b"STORE 1 +FLAGS (\\Seen)", b"FETCH 1 FLAGS", b"CLOSE", b"STATUS INBOX (RECENT)",
]

FOLDERS = [
    b"CREATE a/b/c", b"CREATE d", b"SUBSCRIBE a/b/c", b"LIST \"\" *", b"LIST \"\" %", b"LIST \"\" a/%", b"LIST a/ %", b"LIST a \"/b\"", b"LIST \"\" INBOX",
    b"LIST \"\" inbox", b"LIST \"\" InB*", b"LIST \"\" nowhere", b"LIST \"\" (a d)", b"LIST () \"\" a", b"LIST () \"\" (a d) RETURN ()",
    b"LIST () \"\" \"\"", b"LIST () a \"\"", b"LIST \"\" (d \"\")", b"LIST a/ \"\"", b"LIST () \"\" \"\" RETURN (CHILDREN)",
    b"SUBSCRIBE d", b"LIST (SUBSCRIBED RECURSIVEMATCH) \"\" *", b"LIST (SUBSCRIBED RECURSIVEMATCH) \"\" % RETURN (CHILDREN)",
    b"CREATE d/e", b"SUBSCRIBE d/e", b"LIST (SUBSCRIBED RECURSIVEMATCH) \"\" % RETURN (CHILDREN)", b"LIST (SUBSCRIBED RECURSIVEMATCH) \"\" * RETURN (CHILDREN)",
    b"UNSUBSCRIBE d", b"UNSUBSCRIBE d/e", b"DELETE d/e",
    b"LIST \"\" * RETURN (CHILDREN)", b"LIST \"\" * RETURN (SUBSCRIBED)", b"LIST \"\" * RETURN (SUBSCRIBED CHILDREN)", b"LIST (REMOTE) \"\" *",
    b"LIST (SUBSCRIBED REMOTE) \"\" *", b"LIST (RECURSIVEMATCH) \"\" *", b"LIST (XYZZY) \"\" *", b"LIST \"\" * RETURN (XYZZY)",
    b"LIST (SUBSCRIBED) \"\" * RETURN (CHILDREN)", b"LIST (SUBSCRIBED) \"\" %", b"LIST (SUBSCRIBED RECURSIVEMATCH) \"\" a",
    b"LIST (SUBSCRIBED RECURSIVEMATCH) \"\" %", b"LIST \"\" % RETURN (STATUS (MESSAGES UNSEEN))", b"CREATE Sent", b"LIST \"\" * RETURN (SPECIAL-USE)",
    b"LIST (SPECIAL-USE) \"\" *", b"LSUB \"\" *", b"LSUB \"\" %", b"LSUB a *", b"LSUB \"\"", b"LIST \"\"", b"LIST", b"LIST x y z", b"SUBSCRIBE a/b/c",
    b"UNSUBSCRIBE nowhere", b"UNSUBSCRIBE nowhere", b"SUBSCRIBE", b"UNSUBSCRIBE", b"CREATE \"\"", b"CREATE /abs", b"CREATE a//b", b"CREATE e/", b"LIST \"\" e*",
    b"CREATE \"*\"", b"CREATE \"%x\"", b"CREATE ../x", b"CREATE &AOQ", b"CREATE &Jjo-!", b"CREATE &AGE-", b"CREATE \"\x01\"", b"CREATE", b"RENAME a", b"RENAME",
    b"RENAME d d", b"RENAME d d/x", b"RENAME d a/b/c", b"RENAME a z", b"LIST \"\" *", b"RENAME z/b z2", b"LIST \"\" *", b"DELETE z2", b"LIST \"\" *", b"DELETE z2",
    b"DELETE", b"DELETE d", b"DELETE d", b"SELECT INBOX", b"RENAME INBOX old",
]

SYNTAX = [
    b"NOOP x", b"CAPABILITY x", b"SELECT INBOX", b"CHECK x", b"EXPUNGE x", b"ENABLE", b"ENABLE XYZZY CONDSTORE", b"AUTHENTICATE PLAIN", b"STARTTLS", b"LOGIN a b", b"ID NIL",
    b"ID (\"name\" \"x\")", b"ID ()", b"ID x", b"NAMESPACE x", b"UNSELECT x", b"SELECT INBOX (CONDSTORE)", b"SELECT INBOX (XYZZY)", b"SELECT \"INBOX\"",
    b"SELECT inbox", b"SELECT {5+}\r\nINBOX", b"EXAMINE", b"SELECT nowhere", b"x", b"LOGOUT",
]

SCRIPTS = {"everything": SCRIPT, "searches": SEARCHES, "fetches": FETCHES, "stores": STORES, "folders": FOLDERS, "syntax": SYNTAX}

NIL = "a part that is not there: NIL says so, Dovecot's empty string is as good"
STRICT = "a command that the grammar does not have (RFC 9051 2.2.2: strictly enforced)"
CHILDREN = "\\HasChildren may always be told (RFC 3348)"
# Where Dovecot goes its own way, or says more, and the RFC leaves it free; each with its reason.
FREE = {
    "everything": {
        b"MOVE 4 box2": "how many recent ones are left need not be told",
        SCRIPT_FOLDED: "we compare with full case folding, where sharp s is ss",
        b"SEARCH SENTBEFORE 8-Feb-1994": "a mail without Date was sent on no day; Dovecot takes one before every day",
        b"SEARCH KEYWORD work": "Dovecot makes the keyword that is searched for",
        b"STORE 1:2 -FLAGS (\\Flagged)": "the flags of every message (RFC 9051 6.4.6), also of those that come out as they were",
        b"UID STORE 1 +FLAGS (\\Seen work)": "the keyword is new to us only here",
        b"LIST (SUBSCRIBED) \"\" *": "CHILDREN may always be told (RFC 3348)",
        b"STATUS INBOX (MESSAGES UNSEEN DELETED)": "DELETED is of RFC 9051, which this Dovecot does not know",
        b"ENABLE X-NOTHING": "we say that nothing was enabled",
        b"STORE 1 +FLAGS (\\Deleted)": "Dovecot says OK to what it does not do in a read-only mailbox",
        b"EXPUNGE": "the same",
        b"LIST \"\" box2*": "a deleted mailbox with one below it is \\Noselect (RFC 9051 6.3.5)",
        b"LIST \"\" (INBOX %) RETURN (STATUS (MESSAGES))": "the same",
    },
    "searches": {
        b"SEARCH SENTON 1-Jan-1970": "a mail without Date was sent on no day",
        b"SEARCH BEFORE 32-Jul-1996": "there is no such day",
        b"SEARCH KEYWORD $nosuch": "Dovecot makes the keyword that is searched for",
        b"SEARCH KEYWORD \\Seen": "a system flag is no keyword (RFC 9051 9, flag-keyword)",
    },
    "fetches": {
        b"FETCH 1 BODY.PEEK[0]": STRICT, b"FETCH 1 BODY.PEEK[]<0.0>": STRICT, b"FETCH 1 BODY.PEEK[]<0>": STRICT, b"FETCH 3 BINARY.PEEK[HEADER]": STRICT,
        b"FETCH 1, UID": STRICT, b"FETCH 3 BODY.PEEK[4294967296]": "no number of a part in IMAP4rev1; Dovecot takes it for another part",
        b"FETCH 3 BINARY.PEEK[]": "a multipart has no encoding to be removed (RFC 9051 7.5.2); Dovecot decodes what is in it", b"FETCH 3 BINARY.SIZE[1]": "the same",
        b"FETCH 3 BINARY.SIZE[]": "the same",
    },
    "stores": {
        b"STORE 1 FLAGS": STRICT, b"STORE 1 +FLAGS ()": "the flags of every message (RFC 9051 6.4.6)", b"STORE 1:* FLAGS ()": "the same",
        b"MOVE 6 INBOX": "how many recent ones there are need not be told again", b"FETCH 9 INTERNALDATE": "a space or a zero (RFC 9051 9, date-day-fixed)",
        b"STORE 1 +FLAGS (\\Seen)": "Dovecot says OK to what it does not do in a read-only mailbox",
    },
    "folders": dict.fromkeys([
        b"LIST \"\" (a d)", b"LIST \"\" (d \"\")", b"LIST (SUBSCRIBED RECURSIVEMATCH) \"\" *", b"LIST () \"\" a", b"LIST () \"\" (a d) RETURN ()", b"LIST \"\" * RETURN (SUBSCRIBED)",
        b"LIST (REMOTE) \"\" *", b"LIST (SUBSCRIBED REMOTE) \"\" *",
        b"LIST (SUBSCRIBED RECURSIVEMATCH) \"\" a", b"LIST (SUBSCRIBED RECURSIVEMATCH) \"\" %", b"LIST \"\" % RETURN (STATUS (MESSAGES UNSEEN))",
        b"LIST \"\" * RETURN (SPECIAL-USE)", b"LIST (SPECIAL-USE) \"\" *"], CHILDREN) | {
        b"LIST () a \"\"": "in the extended syntax an empty name is ignored (RFC 9051 6.3.9)",
        b"LIST a/ \"\"": "the root may be empty where the reference has none (RFC 9051 6.3.9)",
        b"CREATE &AOQ": "BAD: a name that is none; Dovecot says NO", b"CREATE &AGE-": "the same",
        b"RENAME INBOX old": "its messages move (RFC 9051 6.3.6); Dovecot refuses",
    },
    "syntax": dict.fromkeys([b"NOOP x", b"CAPABILITY x", b"CHECK x", b"EXPUNGE x", b"ENABLE", b"ID x", b"NAMESPACE x", b"UNSELECT x"], STRICT)
    | dict.fromkeys([b"ID NIL", b"ID (\"name\" \"x\")", b"ID ()"], "each says its own name"),
    "condstore": {},
    "news": {
        b"NOOP": "whenever we say EXISTS we say RECENT", b"SEARCH UID 1:*": "the same",
        b"FETCH 3 UID": "flags of a mail that is gone already, and will be told to be, need not be told",
    },
}
