/* The IMAP server: whole dialogues whatever pieces they come in, and every command in every state. */
#include "imap-owner.h"

#include <string.h>

#define ALL WT_IMAP_EXT_ALL
#define LOGIN "a LOGIN alice secret\r\n"
#define IN LOGIN "b SELECT INBOX\r\n"
#define LOGGED_IN "a OK [CAPABILITY...]|"
#define OPENED LOGGED_IN "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)|* OK [PERMANENTFLAGS (\\Seen \\Answered " \
  "\\Flagged \\Deleted \\Draft \\*)]|* 3 EXISTS|* 0 RECENT|* OK [UNSEEN 2]|* OK [UIDVALIDITY 7]|* OK [UIDNEXT 5]|"

/* What is said after the greeting: lines with "|" between; of OK, NO, BAD and BYE only the code. */
static const struct {
  const char *name;
  WtImapExtensions extensions;
  const char *client;
  const char *said;
} dialogues[] = {
  /* --- any state, not authenticated --- */
  { "capability", 0, "a CAPABILITY\r\nb LOGOUT\r\nc NOOP\r\n", "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN AUTH=TWO|a OK|* BYE|b OK" },
  { "login", 0, LOGIN, "a OK [CAPABILITY...]" },
  { "login with literals", 0, "a LOGIN {5}\r\nalice {6+}\r\nsecret\r\n", "+|a OK [CAPABILITY...]" },
  { "login with quotes", 0, "a login \"al\\\"ice\" \"\"\r\n", "a NO [AUTHENTICATIONFAILED]" },
  { "wrong password", 0, "a LOGIN alice wrong\r\nb NOOP\r\n", "a NO [AUTHENTICATIONFAILED]|b OK" },
  { "login twice", 0, LOGIN "b LOGIN alice secret\r\n", LOGGED_IN "b BAD" },
  { "authenticate", 0, "a AUTHENTICATE PLAIN\r\nAGFsaWNlAHNlY3JldA==\r\n", "+|a OK [CAPABILITY...]" },
  { "authenticate with initial response", ALL, "a AUTHENTICATE plain AGFsaWNlAHNlY3JldA==\r\n", "a OK [CAPABILITY...]" },
  { "no initial response behind the space", ALL, "a AUTHENTICATE PLAIN \r\nAGFsaWNlAHNlY3JldA==\r\n", "+|a OK [CAPABILITY...]" },
  { "initial response not offered", 0, "a AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==\r\n", "a BAD" },
  { "authenticate, data with success", ALL, "a AUTHENTICATE TWO dHdv\r\n\r\n", "+ ZG9uZQ==|a OK [CAPABILITY...]" },
  { "authenticate aborted", 0, "a AUTHENTICATE PLAIN\r\n*\r\nb NOOP\r\n", "+|a BAD|b OK" },
  { "authenticate, no base64", 0, "a AUTHENTICATE PLAIN\r\n!!\r\n", "+|a BAD" },
  { "authenticate, wrong", 0, "a AUTHENTICATE PLAIN\r\nAAAA\r\n", "+|a NO [AUTHENTICATIONFAILED]" },
  { "unknown mechanism", 0, "a AUTHENTICATE GSSAPI\r\n", "a NO" },
  { "starttls swallows what was pipelined", 0, "a STARTTLS\r\nb LOGIN alice secret\r\n", "a OK" },
  { "id", ALL, "a ID (\"name\" \"x\" \"version\" NIL)\r\nb ID NIL\r\nc ID\r\n", "* ID NIL|a OK|* ID NIL|b OK|c BAD" },
  { "no tag", 0, "\r\n* NOOP\r\n(\r\n", "* BAD|* BAD|* BAD" },
  { "unknown command", 0, "a XYZZY\r\na\r\na UID\r\na UID NOOP\r\n", "a BAD|a BAD|a BAD|a BAD" },
  { "extra arguments", 0, "a NOOP x\r\nb LOGIN alice secret x\r\n", "a BAD|b BAD" },
  { "unterminated quote", 0, "a LOGIN \"alice {5}\r\nb NOOP\r\n", "a BAD|b OK" },
  { "bad escape", 0, "a LOGIN \"al\\ice\" x\r\n", "a BAD" },
  { "literal bomb", 0, "a LOGIN {4000000000}\r\nb NOOP\r\n", "a BAD|b OK" },
  { "literal that overflows", 0, "a LOGIN {99999999999999999999999}\r\nb NOOP\r\n", "a BAD|b OK" },
  { "NUL in a literal", 0, "a LOGIN {5+}\r\nali?e secret\r\n", "a NO [AUTHENTICATIONFAILED]" },

  /* --- folders --- */
  { "list", ALL, LOGIN "b LIST \"\" *\r\n",
    LOGGED_IN "* LIST (\\HasNoChildren) \"/\" INBOX|* LIST (\\HasNoChildren \\Sent) \"/\" Sent|* LIST (\\HasNoChildren) \"/\" "
              "work/plans|* LIST (\\Noselect \\HasChildren) \"/\" work|b OK" },
  { "list %", 0, LOGIN "b LIST \"\" %\r\n", LOGGED_IN "* LIST () \"/\" INBOX|* LIST () \"/\" Sent|* LIST (\\Noselect) \"/\" work|b OK" },
  { "list of a reference", 0, LOGIN "b LIST work/ %\r\n", LOGGED_IN "* LIST () \"/\" work/plans|b OK" },
  { "separator", 0, LOGIN "b LIST \"\" \"\"\r\n", LOGGED_IN "* LIST (\\Noselect) \"/\" \"\"|b OK" },
  { "list subscribed", ALL, LOGIN "b LIST (SUBSCRIBED) \"\" (\"*\") RETURN (CHILDREN)\r\n",
    LOGGED_IN "* LIST (\\HasNoChildren \\Subscribed) \"/\" work/plans|b OK" },
  { "list recursive", ALL, LOGIN "b LIST (SUBSCRIBED RECURSIVEMATCH) \"\" %\r\n",
    LOGGED_IN "* LIST (\\NonExistent \\HasChildren) \"/\" work (\"CHILDINFO\" (\"SUBSCRIBED\"))|b OK" },
  { "list with status", ALL, LOGIN "b LIST \"\" INBOX RETURN (STATUS (MESSAGES UNSEEN))\r\n",
    LOGGED_IN "* LIST (\\HasNoChildren) \"/\" INBOX|* STATUS INBOX (MESSAGES 3 UNSEEN 2)|b OK" },
  { "lsub", 0, LOGIN "b LSUB \"\" *\r\nc LSUB \"\" %\r\n",
    LOGGED_IN "* LSUB () \"/\" work/plans|b OK|* LSUB (\\Noselect) \"/\" work|c OK" },
  { "namespace", ALL, LOGIN "b NAMESPACE\r\n", LOGGED_IN "* NAMESPACE ((\"\" \"/\")) NIL NIL|b OK" },
  { "create and delete", 0, LOGIN "b CREATE a\r\nc CREATE a\r\nd DELETE a\r\ne DELETE a\r\nf DELETE inbox\r\n",
    LOGGED_IN "b OK|c NO [ALREADYEXISTS]|d OK|e NO [NONEXISTENT]|f NO [CANNOT]" },
  { "names in modified UTF-7", 0, LOGIN "b CREATE &AOQ-&-\r\nc STATUS \"&AOQ-&-\" (MESSAGES)\r\nd CREATE &A\r\n",
    LOGGED_IN "b OK|* STATUS &AOQ-&- (MESSAGES 0)|c OK|d BAD" },
  { "names in UTF-8", ALL, LOGIN "b ENABLE UTF8=ACCEPT\r\nc CREATE \"\xc3\xa4\"\r\nd STATUS \"\xc3\xa4\" (MESSAGES)\r\n",
    LOGGED_IN "* ENABLED UTF8=ACCEPT|b OK|c OK|* STATUS \"\xc3\xa4\" (MESSAGES 0)|d OK" },
  { "rename and subscribe", 0, LOGIN "b RENAME Sent Gone\r\nc SUBSCRIBE Gone\r\nd LSUB \"\" G*\r\ne UNSUBSCRIBE Gone\r\nf LSUB \"\" G*\r\n",
    LOGGED_IN "b OK|c OK|* LSUB () \"/\" Gone|d OK|e OK|f OK" },
  { "status", ALL, LOGIN "b STATUS inbox (MESSAGES UIDNEXT UIDVALIDITY UNSEEN DELETED SIZE)\r\nc STATUS no (MESSAGES)\r\nd STATUS INBOX (X)\r\n",
    LOGGED_IN "* STATUS INBOX (MESSAGES 3 UIDNEXT 5 UIDVALIDITY 7 UNSEEN 2 DELETED 0 SIZE 570)|b OK|c NO [NONEXISTENT]|d BAD" },
  { "quota", ALL, LOGIN "b GETQUOTAROOT INBOX\r\n",
    LOGGED_IN "* QUOTAROOT INBOX \"User quota\"|* QUOTA \"User quota\" (STORAGE 2 1024)|b OK" },
  { "append", ALL, LOGIN "b APPEND Sent (\\Seen $x) \"17-Jul-1996 02:44:25 -0700\" {10}\r\nA: b\r\n\r\nhi\r\nc EXAMINE Sent\r\nd FETCH 1 (FLAGS INTERNALDATE RFC822.SIZE)\r\n",
    LOGGED_IN "+|b OK [APPENDUID 7 1]|* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $x)|* OK [PERMANENTFLAGS ()]|* 1 EXISTS|* 1 RECENT|"
              "* OK [UIDVALIDITY 7]|* OK [UIDNEXT 2]|* OK [HIGHESTMODSEQ 2]|c OK [READ-ONLY]|* 1 FETCH (FLAGS (\\Seen \\Recent $x) INTERNALDATE "
              "\"17-Jul-1996 09:44:25 +0000\" RFC822.SIZE 10)|d OK" },
  { "append without waiting", ALL, LOGIN "b APPEND Sent {6+}\r\nA: b\r\n\r\n", LOGGED_IN "b OK [APPENDUID 7 1]" },
  { "append to nowhere", 0, LOGIN "b APPEND no {1+}\r\nx\r\n", LOGGED_IN "b NO [TRYCREATE]" },
  { "append too big", 0, LOGIN "b APPEND INBOX {100001}\r\nc NOOP\r\n", LOGGED_IN "b NO [TOOBIG]|c OK" },
  { "append of nothing", 0, LOGIN "b APPEND INBOX {0+}\r\n\r\nc NOOP\r\n", LOGGED_IN "b NO|c OK" },
  { "append with \\Recent", 0, LOGIN "b APPEND INBOX (\\Recent) {1+}\r\nx\r\n", LOGGED_IN "b BAD" },

  /* --- the selected state --- */
  { "select", 0, IN, OPENED "b OK [READ-WRITE]" },
  { "select of another", WT_IMAP_EXT_QRESYNC, IN "c SELECT no\r\nd CHECK\r\n",
    OPENED "* OK [HIGHESTMODSEQ 4]|b OK [READ-WRITE]|* OK [CLOSED]|c NO [NONEXISTENT]|d BAD" },
  { "select of nothing closes", 0, IN "c SELECT no\r\nd CHECK\r\n", OPENED "b OK [READ-WRITE]|c NO [NONEXISTENT]|d BAD" },
  { "fetch", 0, IN "c FETCH 1:2 (UID FLAGS RFC822.SIZE)\r\nd FETCH 4 FLAGS\r\ne UID FETCH 4 FLAGS\r\nf UID FETCH 3 FLAGS\r\n",
    OPENED "b OK [READ-WRITE]|* 1 FETCH (UID 1 FLAGS (\\Seen) RFC822.SIZE 143)|* 2 FETCH (UID 2 FLAGS () RFC822.SIZE 86)|c OK|d BAD|* 3 "
           "FETCH (UID 4 FLAGS ())|e OK|f OK" },
  { "fetch of the last ones", 0, IN "c FETCH *:3 UID\r\nd UID FETCH 100:* UID\r\n",
    OPENED "b OK [READ-WRITE]|* 3 FETCH (UID 4)|c OK|* 3 FETCH (UID 4)|d OK" },
  { "fetch of text sets \\Seen", 0, IN "c FETCH 2 BODY[TEXT]\r\nd FETCH 3 BODY.PEEK[1]\r\ne FETCH 2 FLAGS\r\n",
    OPENED "b OK [READ-WRITE]|* 2 FETCH (BODY[TEXT] {21}|Two lines|of text.| FLAGS (\\Seen))|c OK|* 3 FETCH (BODY[1] {5}|plain)|d OK|* 2 "
           "FETCH (FLAGS (\\Seen))|e OK" },
  { "examine sets nothing", 0, LOGIN "b EXAMINE Sent\r\nc STORE 1 FLAGS (\\Seen)\r\nd EXPUNGE\r\n",
    LOGGED_IN "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)|* OK [PERMANENTFLAGS ()]|* 0 EXISTS|* 0 RECENT|* OK [UIDVALIDITY 7]|* "
              "OK [UIDNEXT 1]|b OK [READ-ONLY]|c NO|d NO" },
  { "sections", 0, IN "c FETCH 1 (BODY.PEEK[HEADER.FIELDS (Subject X)] BODY.PEEK[TEXT]<1.3> BODY.PEEK[1]<99.5> BODY.PEEK[2])\r\n",
    OPENED "b OK [READ-WRITE]|* 1 FETCH (BODY[HEADER.FIELDS (Subject X)] {16}|Subject: One|| BODY[TEXT]<1> {3}|ell BODY[1]<99> \"\" BODY[2] "
           "NIL)|c OK" },
  { "sections of parts", 0, IN "c FETCH 3 (BODY.PEEK[2.MIME] BODY.PEEK[3.HEADER] BODY.PEEK[3.TEXT] BODY.PEEK[3.1] BODY.PEEK[1.1] BODY.PEEK[1.HEADER])\r\n",
    OPENED "b OK [READ-WRITE]|* 3 FETCH (BODY[2.MIME] {135}|Content-Type: application/x-bin; name=\"a.bin\"|Content-Transfer-Encoding: "
           "base64|Content-Disposition: attachment; filename=\"a.bin\"|| BODY[3.HEADER] {18}|Subject: Inner|| BODY[3.TEXT] {10}|inner text "
           "BODY[3.1] {10}|inner text BODY[1.1] NIL BODY[1.HEADER] NIL)|c OK" },
  { "binary", ALL, LOGIN "b ENABLE CONDSTORE\r\nc SELECT INBOX\r\nd FETCH 3 (BINARY.SIZE[2] BINARY.PEEK[1])\r\n",
    LOGGED_IN "* ENABLED CONDSTORE|b OK|" "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)|* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted "
    "\\Draft \\*)]|* 3 EXISTS|* 0 RECENT|* OK [UNSEEN 2]|* OK [UIDVALIDITY 7]|* OK [UIDNEXT 5]|* OK [HIGHESTMODSEQ 4]|c OK [READ-WRITE]|* 3 FETCH "
    "(BINARY.SIZE[2] 4 BINARY[1] {5}|plain)|d OK" },
  { "envelope", 0, IN "c FETCH 1 ENVELOPE\r\n",
    OPENED "b OK [READ-WRITE]|* 1 FETCH (ENVELOPE (\"Mon, 7 Feb 1994 21:52:25 -0800\" \"One\" ((\"Bob\" NIL \"bob\" \"example.net\")) ((\"Bob\" NIL "
           "\"bob\" \"example.net\")) ((\"Bob\" NIL \"bob\" \"example.net\")) ((NIL NIL \"alice\" \"example.org\")) NIL NIL NIL "
           "\"<1@example.net>\"))|c OK" },
  { "structure", 0, IN "c FETCH 3 BODYSTRUCTURE\r\nd FETCH 2 BODY\r\n",
    OPENED "b OK [READ-WRITE]|* 3 FETCH (BODYSTRUCTURE ((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 5 0 NIL NIL NIL NIL)"
           "(\"application\" \"x-bin\" (\"name\" \"a.bin\") NIL NIL \"base64\" 8 NIL (\"attachment\" (\"filename\" \"a.bin\")) NIL NIL)"
           "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 28 (NIL \"Inner\" NIL NIL NIL NIL NIL NIL NIL NIL) (\"text\" \"plain\" (\"charset\" "
           "\"us-ascii\") NIL NIL \"7bit\" 10 0 NIL NIL NIL NIL) 2 NIL NIL NIL NIL) \"mixed\" (\"boundary\" \"b\") NIL NIL NIL))|c OK|* 2 FETCH "
           "(BODY (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 21 2))|d OK" },
  { "bad fetches", 0, IN "c FETCH 1\r\nd FETCH 0 FLAGS\r\ne FETCH 1 BODY[\r\nf FETCH 1 BODY[MIME]\r\ng FETCH 1 BODY[]<1.0>\r\nh FETCH x FLAGS\r\n",
    OPENED "b OK [READ-WRITE]|c BAD|d BAD|e BAD|f BAD|g BAD|h BAD" },
  { "store", 0, IN "c STORE 1:2 +FLAGS (\\Flagged)\r\nd STORE 1 -FLAGS.SILENT \\Flagged\r\ne UID STORE 4 FLAGS (\\Draft work)\r\n",
    OPENED "b OK [READ-WRITE]|* 1 FETCH (FLAGS (\\Seen \\Flagged))|* 2 FETCH (FLAGS (\\Flagged))|c OK|d OK|* FLAGS (\\Seen \\Answered \\Flagged "
           "\\Deleted \\Draft work)|* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft work \\*)]|* 3 FETCH (UID 4 FLAGS (\\Draft "
           "work))|e OK" },
  { "expunge", 0, IN "c STORE 1,3 +FLAGS.SILENT (\\Deleted)\r\nd EXPUNGE\r\ne FETCH 1:* UID\r\n",
    OPENED "b OK [READ-WRITE]|c OK|* 1 EXPUNGE|* 2 EXPUNGE|d OK|* 1 FETCH (UID 2)|e OK" },
  { "uid expunge", ALL & ~(WT_IMAP_EXT_CONDSTORE | WT_IMAP_EXT_QRESYNC), IN "c STORE 1:3 +FLAGS.SILENT \\Deleted\r\nd UID EXPUNGE 2:3\r\n",
    OPENED "b OK [READ-WRITE]|c OK|* 2 EXPUNGE|d OK" },
  { "close expunges silently", 0, IN "c STORE 1 +FLAGS.SILENT \\Deleted\r\nd CLOSE\r\ne STATUS INBOX (MESSAGES)\r\n",
    OPENED "b OK [READ-WRITE]|c OK|d OK|* STATUS INBOX (MESSAGES 2)|e OK" },
  { "unselect does not", ALL & ~(WT_IMAP_EXT_CONDSTORE | WT_IMAP_EXT_QRESYNC), IN "c STORE 1 +FLAGS.SILENT \\Deleted\r\nd UNSELECT\r\ne STATUS INBOX (MESSAGES)\r\n",
    OPENED "b OK [READ-WRITE]|c OK|d OK|* STATUS INBOX (MESSAGES 3)|e OK" },
  { "copy and move", ALL & ~(WT_IMAP_EXT_CONDSTORE | WT_IMAP_EXT_QRESYNC), IN "c COPY 1:2 Sent\r\nd UID MOVE 4 Sent\r\ne COPY 1 no\r\nf UID COPY 99 Sent\r\n",
    OPENED "b OK [READ-WRITE]|c OK [COPYUID 7 1:2 1:2]|* OK [COPYUID 7 4 3]|* 3 EXPUNGE|d OK|e NO [TRYCREATE]|f OK" },

  /* --- SEARCH --- */
  { "search", 0, IN "c SEARCH UNSEEN\r\nd UID SEARCH NOT 2\r\ne SEARCH OR SUBJECT one FROM CAROL\r\nf SEARCH SUBJECT gr\xc3\xbc\xc3\x9f" "e\r\n"
    "g SEARCH CHARSET UTF-8 SUBJECT {7+}\r\nGR\xc3\x9c\xc3\x9f" "E\r\nh SEARCH TEXT inner UID 1:*\r\ni SEARCH (LARGER 100 SMALLER 200) SENTON 7-Feb-1994\r\n",
    OPENED "b OK [READ-WRITE]|* SEARCH 2 3|c OK|* SEARCH 1 4|d OK|* SEARCH 1 2|e OK|f BAD|* SEARCH 2|g OK|* SEARCH 3|h OK|* SEARCH 1|i OK" },
  { "search by dates and flags", 0, IN "c SEARCH BEFORE 2-Jan-1970\r\nd SEARCH ON 2-Jan-1970\r\ne SEARCH SINCE \"2-Jan-1970\"\r\nf SEARCH KEYWORD x\r\ng SEARCH UNKEYWORD x SEEN\r\nh SEARCH HEADER message-id \"\"\r\n",
    OPENED "b OK [READ-WRITE]|* SEARCH 1|c OK|* SEARCH 2|d OK|* SEARCH 2 3|e OK|* SEARCH|f OK|* SEARCH 1|g OK|* SEARCH 1|h OK" },
  { "bad searches", 0, IN "c SEARCH\r\nd SEARCH XYZZY\r\ne SEARCH (SEEN\r\nf SEARCH CHARSET X-NONE SEEN\r\ng SEARCH OR SEEN\r\nh SEARCH SINCE 31-Feb-2000\r\n",
    OPENED "b OK [READ-WRITE]|c BAD|d BAD|e BAD|f NO [BADCHARSET (US-ASCII UTF-8)]|g BAD|h BAD" },
  { "extended search", ALL & ~(WT_IMAP_EXT_CONDSTORE | WT_IMAP_EXT_QRESYNC), IN "c SEARCH RETURN (MIN MAX COUNT) ALL\r\nd UID SEARCH RETURN () UNSEEN\r\ne SEARCH RETURN (COUNT) DELETED\r\n"
    "f SEARCH RETURN (SAVE) UNSEEN\r\ng FETCH $ UID\r\nh UID STORE $ +FLAGS.SILENT (\\Seen)\r\n",
    OPENED "b OK [READ-WRITE]|* ESEARCH (TAG \"c\") MIN 1 MAX 3 COUNT 3|c OK|* ESEARCH (TAG \"d\") UID ALL 2,4|d OK|* ESEARCH (TAG \"e\") COUNT "
           "0|e OK|f OK|* 2 FETCH (UID 2)|* 3 FETCH (UID 4)|g OK|h OK" },

  /* --- IDLE, rev2, CONDSTORE, QRESYNC --- */
  { "idle", ALL, LOGIN "b IDLE\r\nDONE\r\nc IDLE\r\nNOOP\r\nd NOOP\r\n", LOGGED_IN "+|b OK|+|c BAD|d OK" },
  { "rev2", ALL & ~(WT_IMAP_EXT_CONDSTORE | WT_IMAP_EXT_QRESYNC), LOGIN "b ENABLE IMAP4rev2 X-NONE\r\nc EXAMINE INBOX\r\nd SEARCH SEEN\r\n",
    LOGGED_IN "* ENABLED IMAP4rev2|b OK|* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)|* OK [PERMANENTFLAGS ()]|* 3 EXISTS|* OK "
              "[UIDVALIDITY 7]|* OK [UIDNEXT 5]|* LIST () \"/\" INBOX|c OK [READ-ONLY]|* ESEARCH (TAG \"d\") ALL 1|d OK" },
  { "condstore", ALL, LOGIN "b SELECT INBOX (CONDSTORE)\r\nc STORE 1 (UNCHANGEDSINCE 4) +FLAGS.SILENT (\\Flagged)\r\nd STORE 1:2 (UNCHANGEDSINCE 4) +FLAGS (\\Draft)\r\n"
    "e UID FETCH 1:* (FLAGS) (CHANGEDSINCE 5)\r\nf SEARCH MODSEQ 5\r\n",
    LOGGED_IN "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)|* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft \\*)]|* 3 "
              "EXISTS|* 0 RECENT|* OK [UNSEEN 2]|* OK [UIDVALIDITY 7]|* OK [UIDNEXT 5]|* OK [HIGHESTMODSEQ 4]|b OK [READ-WRITE]|* 1 FETCH (MODSEQ "
              "(5))|c OK|* 2 FETCH (MODSEQ (6) FLAGS (\\Draft))|d OK [MODIFIED 1]|* 2 FETCH (UID 2 FLAGS (\\Draft) MODSEQ (6))|e OK|* SEARCH 1 2 "
              "(MODSEQ 6)|f OK" },
  { "qresync", ALL, LOGIN "b ENABLE QRESYNC\r\nc SELECT INBOX\r\nd STORE 1 +FLAGS.SILENT \\Deleted\r\ne EXPUNGE\r\nf SELECT INBOX (QRESYNC (7 4 1:10))\r\n",
    LOGGED_IN "* ENABLED QRESYNC|b OK|* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)|* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged "
              "\\Deleted \\Draft \\*)]|* 3 EXISTS|* 0 RECENT|* OK [UNSEEN 2]|* OK [UIDVALIDITY 7]|* OK [UIDNEXT 5]|* OK [HIGHESTMODSEQ 4]|c OK "
              "[READ-WRITE]|* 1 FETCH (UID 1 MODSEQ (5))|d OK|* VANISHED 1|e OK [HIGHESTMODSEQ 6]|* OK [CLOSED]|* FLAGS (\\Seen \\Answered "
              "\\Flagged \\Deleted \\Draft)|* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft \\*)]|* 2 EXISTS|* 0 RECENT|* OK "
              "[UNSEEN 1]|* OK [UIDVALIDITY 7]|* OK [UIDNEXT 5]|* OK [HIGHESTMODSEQ 6]|* VANISHED (EARLIER) 1|f OK [READ-WRITE]" },
};

/* --- saying what was said ------------------------------------------------------------------------------------------- */

/* A status response without its text, which may be said better; "+" without what has no meaning. */
static char *
plain_line (const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  const char *tag = words[0] ? words[0] : "";
  if (strcmp (tag, "+") == 0)
    return g_strdup (words[1] && strcmp (words[1], "ZG9uZQ==") == 0 ? line : "+");
  static const char *const statuses[] = { "OK", "NO", "BAD", "BYE", NULL };
  if (words[0] == NULL || words[1] == NULL || !g_strv_contains (statuses, words[1]))
    return g_strdup (line);
  const char *code = words[2] && words[2][0] == '[' ? words[2] : NULL;
  const char *end = code ? strchr (code, ']') : NULL;
  if (end == NULL)
    return g_strdup_printf ("%s %s", tag, words[1]);
  if (g_str_has_prefix (code, "[CAPABILITY"))
    return g_strdup_printf ("%s %s [CAPABILITY...]", tag, words[1]);
  return g_strdup_printf ("%s %s %.*s", tag, words[1], (int)(end + 1 - code), code);
}

static char *
plain (const char *said)
{
  g_auto (GStrv) lines = g_strsplit (said, "\r\n", -1);
  guint n = g_strv_length (lines);
  for (guint i = 0; i < n; i++)
    {
      char *short_line = plain_line (lines[i]);
      g_free (lines[i]);
      lines[i] = short_line;
    }
  if (n > 0 && *lines[n - 1] == 0)
    g_clear_pointer (&lines[n - 1], g_free);
  return g_strjoinv ("|", lines);
}

static WtImapServerConfig
config_with (WtImapExtensions extensions)
{
  WtImapServerConfig config;
  wt_imap_server_config_defaults (&config);
  config.extensions = extensions;
  config.mechanisms = "PLAIN TWO";
  config.plain_mechanisms = "PLAIN";
  config.offer_tls = TRUE;
  config.append_limit = 100000;
  config.report_wire = TRUE;
  return config;
}

static char *
run (guint i, gsize split)
{
  const char *client = dialogues[i].client;
  gsize n_bytes = strlen (client);
  ImapOwner *owner = imap_owner_new ();
  WtImapServerConfig config = config_with (dialogues[i].extensions);
  ImapSession *session = imap_session_new (owner, &config);
  g_autoptr (GString) said = g_string_new (NULL);
  if (split < n_bytes)
    {
      imap_session_feed (session, client, split, said);
      imap_session_feed (session, client + split, n_bytes - split, said);
    }
  else
    for (gsize at = 0; at < n_bytes; at++)
      imap_session_feed (session, client + at, 1, said);
  imap_session_free (session);
  imap_owner_free (owner);
  return g_string_free (g_steal_pointer (&said), FALSE);
}

static void
test_dialogue (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  gsize n_bytes = strlen (dialogues[i].client);
  g_autofree char *whole = run (i, 0);
  g_autofree char *lines = plain (whole);
  g_assert_cmpstr (lines, ==, dialogues[i].said);
  for (gsize split = 1; split <= n_bytes; split++) /* n_bytes: byte by byte */
    {
      g_autofree char *other = run (i, split);
      g_assert_cmpstr (other, ==, whole);
    }
}

/* --- every command in every state ----------------------------------------------------------------------------------- */

static const struct {
  WtImapState state;
  const char *way;
} ways[] = { { WT_IMAP_STATE_NOT_AUTHENTICATED, "" },
             { WT_IMAP_STATE_AUTHENTICATED, LOGIN },
             { WT_IMAP_STATE_SELECTED, IN } };

static const struct {
  const char *line, *input;
} commands[] = {
  { "CAPABILITY", "CAPABILITY" },
  { "NOOP", "NOOP" },
  { "ID NIL", "ID" },
  { "LOGOUT", "LOGOUT" },
  { "STARTTLS", "STARTTLS" },
  { "LOGIN alice secret", "LOGIN" },
  { "AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==", "AUTHENTICATE" },
  { "ENABLE CONDSTORE", "ENABLE" },
  { "SELECT INBOX", "SELECT" },
  { "EXAMINE INBOX", "EXAMINE" },
  { "CREATE x", "CREATE" },
  { "DELETE Sent", "DELETE" },
  { "RENAME Sent x", "RENAME" },
  { "SUBSCRIBE Sent", "SUBSCRIBE" },
  { "UNSUBSCRIBE Sent", "UNSUBSCRIBE" },
  { "LIST \"\" *", "LIST" },
  { "LSUB \"\" *", "LSUB" },
  { "NAMESPACE", "NAMESPACE" },
  { "STATUS INBOX (MESSAGES)", "STATUS" },
  { "APPEND Sent {1+}\r\nx", "APPEND" },
  { "IDLE\r\nDONE", "IDLE" },
  { "GETQUOTA \"User quota\"", "GETQUOTA" },
  { "GETQUOTAROOT INBOX", "GETQUOTAROOT" },
  { "CLOSE", "CLOSE" },
  { "UNSELECT", "UNSELECT" },
  { "CHECK", "CHECK" },
  { "EXPUNGE", "EXPUNGE" },
  { "UID EXPUNGE 1", "UID EXPUNGE" },
  { "SEARCH ALL", "SEARCH" },
  { "UID SEARCH ALL", "UID SEARCH" },
  { "FETCH 1 FLAGS", "FETCH" },
  { "UID FETCH 1 FLAGS", "UID FETCH" },
  { "STORE 1 FLAGS ()", "STORE" },
  { "UID STORE 1 FLAGS ()", "UID STORE" },
  { "COPY 1 Sent", "COPY" },
  { "UID COPY 1 Sent", "UID COPY" },
  { "MOVE 1 Sent", "MOVE" },
  { "UID MOVE 1 Sent", "UID MOVE" },
};

static void
check_command (WtImapState state, const char *way, const char *line, const char *input)
{
  ImapOwner *owner = imap_owner_new ();
  WtImapServerConfig config = config_with (ALL);
  ImapSession *session = imap_session_new (owner, &config);
  g_autoptr (GString) said = g_string_new (NULL);
  g_autofree char *command = g_strdup_printf ("x %s\r\n", line);
  imap_session_feed (session, way, strlen (way), NULL);
  g_assert_cmpint (wt_imap_server_state (imap_session_engine (session)), ==, state);
  imap_session_feed (session, command, strlen (command), said);
  g_test_message ("%s in %s: %s", input, wt_imap_states.states[state].name, said->str);
  const WtTransition *transition = wt_state_table_find (&wt_imap_states, state, input);
  g_assert_cmpint (wt_imap_server_state (imap_session_engine (session)), ==, transition ? transition->to : state);
  if (transition != NULL)
    {
      g_autofree char *reply = g_strdup_printf ("x %s ", transition->reply);
      g_assert_nonnull (strstr (said->str, reply));
    }
  else
    g_assert_nonnull (strstr (said->str, "x BAD "));
  imap_session_free (session);
  imap_owner_free (owner);
}

static void
test_states (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (commands); j++)
      check_command (ways[i].state, ways[i].way, commands[j].line, commands[j].input);
}

/* Each row of the table that is a command has been walked. */
static void
test_table_is_covered (void)
{
  for (guint i = 0; i < wt_imap_states.n_transitions; i++)
    {
      const char *input = wt_imap_states.transitions[i].input;
      gboolean found = !g_ascii_isupper (*input);
      for (gsize j = 0; j < G_N_ELEMENTS (commands) && !found; j++)
        found = strcmp (commands[j].input, input) == 0;
      if (!found)
        g_error ("%s is not tested", input);
    }
}

/* --- two sessions ----------------------------------------------------------------------------------------------------- */

typedef struct {
  ImapOwner *owner;
  ImapSession *one, *other;
  GString *said; /* to the other */
} Two;

static void
two_begin (Two *two, WtImapExtensions extensions)
{
  WtImapServerConfig config = config_with (extensions);
  two->owner = imap_owner_new ();
  two->one = imap_session_new (two->owner, &config);
  two->other = imap_session_new (two->owner, &config);
  two->said = g_string_new (NULL);
  imap_session_feed (two->one, IN, strlen (IN), NULL);
  imap_session_feed (two->other, IN, strlen (IN), NULL);
}

static void
two_end (Two *two)
{
  imap_session_free (two->one);
  imap_session_free (two->other);
  imap_owner_free (two->owner);
  g_string_free (two->said, TRUE);
}

static void
expect (Two *two, const char *line, const char *said)
{
  g_string_truncate (two->said, 0);
  imap_session_feed (two->other, line, strlen (line), two->said);
  g_autofree char *lines = plain (two->said->str);
  g_assert_cmpstr (lines, ==, said);
}

static void
test_news (void)
{
  Two two;
  const char *change = "c STORE 2 +FLAGS.SILENT (\\Flagged)\r\nd STORE 1 +FLAGS.SILENT (\\Deleted)\r\ne EXPUNGE\r\n";
  two_begin (&two, 0);
  imap_session_feed (two.one, change, strlen (change), NULL);
  imap_owner_deliver (two.owner, "Subject: New\r\n\r\n");
  /* no EXPUNGE while numbers must stay, and none between commands */
  expect (&two, "", "");
  expect (&two, "c FETCH 3 UID\r\n", "* 3 FETCH (UID 4)|* 4 EXISTS|* 0 RECENT|* 2 FETCH (FLAGS (\\Flagged))|c OK");
  expect (&two, "d FETCH 1 BODY.PEEK[]\r\n", "d NO [EXPUNGEISSUED]");
  expect (&two, "e NOOP\r\n", "* 1 EXPUNGE|e OK");
  expect (&two, "f FETCH 1:* UID\r\n", "* 1 FETCH (UID 2)|* 2 FETCH (UID 4)|* 3 FETCH (UID 5)|f OK");
  two_end (&two);
}

static void
test_news_in_idle (void)
{
  Two two;
  const char *change = "c STORE 1:2 +FLAGS.SILENT (\\Deleted)\r\nd EXPUNGE\r\n";
  two_begin (&two, WT_IMAP_EXT_IDLE);
  expect (&two, "c IDLE\r\n", "+");
  imap_owner_deliver (two.owner, "Subject: New\r\n\r\n");
  expect (&two, "", "* 4 EXISTS|* 0 RECENT");
  imap_session_feed (two.one, change, strlen (change), NULL);
  expect (&two, "", "* 1 EXPUNGE|* 1 EXPUNGE");
  expect (&two, "DONE\r\n", "c OK");
  two_end (&two);
}

/* Gone before it was told of: it never was. */
static void
test_arrived_and_gone (void)
{
  Two two;
  const char *change = "c STORE 4 +FLAGS.SILENT (\\Deleted)\r\nd EXPUNGE\r\n";
  two_begin (&two, 0);
  imap_owner_deliver (two.owner, "Subject: New\r\n\r\n");
  imap_session_feed (two.one, "x NOOP\r\n", 8, NULL);
  imap_session_feed (two.one, change, strlen (change), NULL);
  expect (&two, "c NOOP\r\n", "c OK");
  two_end (&two);
}

/* Not its own: that is refused, and the session goes on. */
static void
test_folder_in_use (void)
{
  Two two;
  two_begin (&two, 0);
  imap_session_feed (two.other, "x CREATE work\r\n", 15, NULL);
  imap_session_feed (two.other, "x SELECT work/plans\r\n", 21, NULL);
  expect (&two, "c DELETE work/plans\r\nd RENAME work/plans x\r\ne RENAME work x\r\nf NOOP\r\n",
          "c NO [INUSE]|d NO [INUSE]|e NO [INUSE]|f OK");
  expect (&two, "g DELETE work\r\nh CLOSE\r\ni DELETE work/plans\r\nj NOOP\r\n", "g OK|h OK|i OK|j OK");
  two_end (&two);
}

static void
test_folder_gone (void)
{
  Two two;
  const char *change = "c CLOSE\r\nd DELETE Sent\r\n";
  two_begin (&two, 0);
  imap_session_feed (two.other, "c SELECT Sent\r\n", 15, NULL);
  imap_session_feed (two.one, change, strlen (change), NULL);
  expect (&two, "", "* BYE");
  g_assert_true (imap_session_is_closed (two.other));
  two_end (&two);
}

/* --- limits --------------------------------------------------------------------------------------------------------- */

static char *
run_repeated (const char *before, const char *piece, guint n, const char *after, gboolean *closed)
{
  ImapOwner *owner = imap_owner_new ();
  WtImapServerConfig config = config_with (ALL);
  ImapSession *session = imap_session_new (owner, &config);
  g_autoptr (GString) said = g_string_new (NULL);
  imap_session_feed (session, before, strlen (before), said);
  for (guint i = 0; i < n; i++)
    imap_session_feed (session, piece, strlen (piece), said);
  imap_session_feed (session, after, strlen (after), said);
  *closed = imap_session_is_closed (session);
  imap_session_free (session);
  imap_owner_free (owner);
  return plain (said->str);
}

static void
test_limits (void)
{
  static const struct {
    const char *name, *before, *piece;
    guint n;
    const char *after, *said;
    gboolean closed;
  } limits[] = {
    { "long line", "x LOGIN ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1000, "\r\ny NOOP\r\n", "x BAD|y OK" },
    { "many literals", "x LOGIN ", "{1000+}\r\n", 1, "", "" },
    { "deep parentheses", IN "x SEARCH ", "(", 10000, "\r\ny NOOP\r\n", OPENED "* OK [HIGHESTMODSEQ 4]|b OK [READ-WRITE]|x BAD|y OK" },
    { "deep NOTs", IN "x SEARCH ", "NOT ", 60, "ALL\r\ny NOOP\r\n", OPENED "* OK [HIGHESTMODSEQ 4]|b OK [READ-WRITE]|x BAD|y OK" },
    { "many fetch items", IN "x FETCH 1 (UID", " BODY.PEEK[1]", 300, ")\r\ny NOOP\r\n", OPENED "* OK [HIGHESTMODSEQ 4]|b OK [READ-WRITE]|x BAD|y OK" },
    { "too many errors", "", "x BOGUS\r\n", 20, "y NOOP\r\n",
      "x BAD|x BAD|x BAD|x BAD|x BAD|x BAD|x BAD|x BAD|x BAD|x BAD|x BAD|x BAD|x BAD|x BAD|x BAD|x BAD|x BAD|x BAD|x BAD|x BAD|* BYE", TRUE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      gboolean closed;
      g_autofree char *said
          = run_repeated (limits[i].before, limits[i].piece, limits[i].n, limits[i].after, &closed);
      g_test_message ("%s", limits[i].name);
      g_assert_cmpstr (said, ==, limits[i].said);
      g_assert_cmpint (closed, ==, limits[i].closed);
    }
}

/* Who forgets the tag is told so. */
static void
test_tag_forgotten (void)
{
  static const struct { const char *said, *reply; } lines[] = {
    { "login alice secret\r\n", "login BAD A tag of your own comes first, as in: a1 NOOP\r\n" },
    { "NOOP\r\n", "NOOP BAD A tag of your own comes first, as in: a1 NOOP\r\n" },
    { "a1 BOGUS\r\n", "a1 BAD Unknown command\r\n" },
    { "a1\r\n", "a1 BAD Command name missing\r\n" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      ImapOwner *owner = imap_owner_new ();
      WtImapServerConfig config = config_with (ALL);
      ImapSession *session = imap_session_new (owner, &config);
      g_autoptr (GString) said = g_string_new (NULL);
      imap_session_feed (session, lines[i].said, strlen (lines[i].said), said);
      g_assert_cmpstr (said->str, ==, lines[i].reply);
      imap_session_free (session);
      imap_owner_free (owner);
    }
}

/* What is not kept comes to an end too: the session goes on behind it. */
static void
test_dropped_literal (void)
{
  gboolean closed;
  g_autofree char *piece = g_strnfill (1000, 'x');
  g_autofree char *said = run_repeated ("x LOGIN {100000+}\r\n", piece, 100, " secret\r\ny NOOP\r\n", &closed);
  g_assert_cmpstr (said, ==, "x BAD|y OK");
}

static void
test_question_open (void)
{
  ImapOwner *owner = imap_owner_new ();
  WtImapServerConfig config = config_with (ALL);
  ImapSession *session = imap_session_new (owner, &config);
  g_autoptr (GString) said = g_string_new (NULL);
  imap_session_hold (session, TRUE);
  imap_session_feed (session, LOGIN "b NOOP\r\n", strlen (LOGIN "b NOOP\r\n"), said);
  g_assert_cmpuint (said->len, ==, 0);
  g_assert_true (wt_imap_server_wants_input (imap_session_engine (session)));
  g_autofree char *filler = g_strnfill (WT_IMAP_INPUT_MAX, ' ');
  imap_session_feed (session, filler, strlen (filler), said);
  g_assert_false (wt_imap_server_wants_input (imap_session_engine (session)));
  g_assert_false (wt_imap_server_answer (imap_session_engine (session), 99, NULL));
  imap_session_free (session);
  imap_owner_free (owner);
}

static void
test_tls (void)
{
  ImapOwner *owner = imap_owner_new ();
  WtImapServerConfig config = config_with (ALL);
  config.allow_plaintext = FALSE;
  ImapSession *session = imap_session_new (owner, &config);
  g_autoptr (GString) said = g_string_new (NULL);
  const char *before = "a CAPABILITY\r\nb LOGIN alice secret\r\nc AUTHENTICATE PLAIN\r\nd STARTTLS\r\n";
  imap_session_feed (session, before, strlen (before), said);
  g_assert_nonnull (strstr (said->str, " STARTTLS LOGINDISABLED AUTH=TWO\r\n"));
  g_assert_nonnull (strstr (said->str, "b NO [PRIVACYREQUIRED]"));
  g_assert_nonnull (strstr (said->str, "c NO [PRIVACYREQUIRED]"));
  imap_session_feed (session, "e NOOP\r\n", 8, said); /* in clear, after the OK */
  wt_imap_server_encrypted (imap_session_engine (session));
  g_string_truncate (said, 0);
  imap_session_feed (session, "f CAPABILITY\r\ng STARTTLS\r\n" LOGIN, strlen ("f CAPABILITY\r\ng STARTTLS\r\n" LOGIN), said);
  g_assert_null (strstr (said->str, "e OK"));
  g_assert_nonnull (strstr (said->str, " AUTH=PLAIN AUTH=TWO\r\n"));
  g_assert_nonnull (strstr (said->str, "g BAD"));
  g_assert_nonnull (strstr (said->str, "a OK"));
  imap_session_free (session);
  imap_owner_free (owner);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (dialogues); i++)
    {
      g_autofree char *path = g_strdup_printf ("/imap/server/dialogue/%s", dialogues[i].name);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_dialogue);
    }
  g_test_add_func ("/imap/server/states", test_states);
  g_test_add_func ("/imap/server/table is covered", test_table_is_covered);
  g_test_add_func ("/imap/server/news", test_news);
  g_test_add_func ("/imap/server/news in IDLE", test_news_in_idle);
  g_test_add_func ("/imap/server/arrived and gone", test_arrived_and_gone);
  g_test_add_func ("/imap/server/folder gone", test_folder_gone);
  g_test_add_func ("/imap/server/folder in use", test_folder_in_use);
  g_test_add_func ("/imap/server/limits", test_limits);
  g_test_add_func ("/imap/server/tag-forgotten", test_tag_forgotten);
  g_test_add_func ("/imap/server/dropped literal", test_dropped_literal);
  g_test_add_func ("/imap/server/question open", test_question_open);
  g_test_add_func ("/imap/server/tls", test_tls);
  return g_test_run ();
}
