/* IMAP dissection: the tree of each kind of message, and the cutting of streams whatever pieces they come in. */
#include "protocols/imap/imap-dissect.h"
#include "protocols/imap/imap-types.h"

#include <string.h>

static gboolean
print_field (const WtField *field, guint depth, gpointer user_data)
{
  GString *text = user_data;
  if (g_str_has_prefix (field->info->name, "imf") || g_str_has_prefix (field->info->name, "mime")
      || strcmp (field->info->name, "imap.line") == 0 || strcmp (field->info->name, "imap") == 0
      || strcmp (field->info->name, "imap.isrequest") == 0)
    return TRUE;
  g_string_append_printf (text, "%*s%s", (int)depth - 2, "", strrchr (field->info->name, '.') + 1);
  if (field->value)
    g_string_append_printf (text, "=%s", field->value);
  g_string_append_printf (text, " %" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT "%s%s\n", field->start, field->end,
                          field->glossary ? " " : "", field->glossary ? field->glossary : "");
  return TRUE;
}

#define C WT_TO_SERVER
#define S WT_TO_CLIENT
#define PLAIN WT_CONTEXT_PLAIN
#define REPLY WT_CONTEXT_REPLY

static const struct
{
  const char *name;
  WtDirection direction;
  guint8 context;
  const char *bytes, *tree, *summary;
} messages[] = {
  { "login", C, PLAIN, "a LOGIN bob \"pass word\"\r\n",
    "request=a LOGIN bob \"pass word\" 0-25\n"
    " request_tag=a 0-1 imap.tag\n"
    " command=LOGIN 2-7 imap.command.LOGIN\n"
    " username=bob 8-11\n"
    " password=pass word 12-23\n",
    "a LOGIN bob \"pass word\"" },
  { "login-literals", C, PLAIN, "a LOGIN {3+}\r\nbob {2+}\r\nxy\r\n",
    "request=a LOGIN {3+} 0-28\n"
    " request_tag=a 0-1 imap.tag\n"
    " command=LOGIN 2-7 imap.command.LOGIN\n"
    " literal=3 8-14 imap.literal\n"
    " username=bob 14-17\n"
    " literal=2 18-24 imap.literal\n"
    " password=xy 24-26\n",
    "a LOGIN {3+}" },
  { "select", C, PLAIN, "a2 SELECT \"Entw&APw-rfe\"\r\n",
    "request=a2 SELECT \"Entw&APw-rfe\" 0-26\n"
    " request_tag=a2 0-2 imap.tag\n"
    " command=SELECT 3-9 imap.command.SELECT\n"
    " folder=Entw&APw-rfe 10-24 imap.mailbox\n",
    NULL },
  { "uid-fetch", C, PLAIN, "7 UID FETCH 1:*,4 (FLAGS BODY.PEEK[HEADER.FIELDS (TO)])\r\n",
    "request=7 UID FETCH 1:*,4 (FLAGS BODY.PEEK[HEADER.FIELDS (TO)]) 0-57\n"
    " request_tag=7 0-1 imap.tag\n"
    " uid=True 2-5 imap.command.UID\n"
    " command=FETCH 6-11 imap.command.FETCH\n"
    " set=1:*,4 12-17 imap.set\n"
    " item=FLAGS 19-24 imap.item.FLAGS\n"
    " item=BODY.PEEK[HEADER.FIELDS (TO)] 25-54 imap.item.section\n",
    NULL },
  { "store", C, PLAIN, "7 STORE 2 +flags.silent (\\Seen work)\r\n",
    "request=7 STORE 2 +flags.silent (\\Seen work) 0-38\n"
    " request_tag=7 0-1 imap.tag\n"
    " command=STORE 2-7 imap.command.STORE\n"
    " set=2 8-9 imap.set\n"
    " item=+flags.silent 10-23 imap.store.+FLAGS\n"
    " flag=\\Seen 25-30 imap.flag.Seen\n"
    " flag=work 31-35 imap.flag.keyword\n",
    NULL },
  { "append", C, PLAIN, "a APPEND Sent (\\Seen) {14+}\r\nSubject: x\r\n\r\n\r\n",
    "request=a APPEND Sent (\\Seen) {14+} 0-45\n"
    " request_tag=a 0-1 imap.tag\n"
    " command=APPEND 2-8 imap.command.APPEND\n"
    " folder=Sent 9-13 imap.mailbox\n"
    " flag=\\Seen 15-20 imap.flag.Seen\n"
    " literal=14 22-29 imap.literal\n"
    " message 29-43\n",
    NULL },
  { "unknown", C, PLAIN, "a XYZZY 1\r\n",
    "request=a XYZZY 1 0-11\n"
    " request_tag=a 0-1 imap.tag\n"
    " command=XYZZY 2-7 imap.command.unknown\n"
    " value=1 8-9\n",
    "a XYZZY 1" },
  { "no-tag", C, PLAIN, "\r\n", "", "" },
  { "continued-mail", C, WT_IMAP_CONTEXT_CONTINUED, "Subject: x\r\n\r\nhi\r\n\r\n", " message 0-18\n", NULL },
  { "continued-name", C, WT_IMAP_CONTEXT_CONTINUED, "bob {2}\r\n", " continued=bob {2} 0-7 imap.literal\n", "bob {2}" },
  { "credentials", C, WT_IMAP_CONTEXT_AUTH, "AGJvYgA=\r\n", "credentials=AGJvYgA= 0-8\n", NULL },
  { "done", C, WT_IMAP_CONTEXT_DONE, "DONE\r\n", "command=DONE 0-4 imap.command.DONE\n", "DONE" },
  { "greeting", S, REPLY, "* OK [CAPABILITY IMAP4rev1 idle X] hi\r\n",
    "response=* OK [CAPABILITY IMAP4rev1 idle X] hi 0-39\n"
    " response_tag=* 0-1 imap.untagged\n"
    " status=OK 2-4 imap.status.OK\n"
    " response_code=CAPABILITY IMAP4rev1 idle X 6-33 imap.code.CAPABILITY\n"
    "  capability=IMAP4rev1 17-26 imap.capability.IMAP4rev1\n"
    "  capability=idle 27-31 imap.capability.IDLE\n"
    "  capability=X 32-33\n"
    " text=hi 35-37\n",
    NULL },
  { "exists", S, REPLY, "* 23 EXISTS\r\n",
    "response=* 23 EXISTS 0-13\n"
    " response_tag=* 0-1 imap.untagged\n"
    " number=23 2-4\n"
    " command=EXISTS 5-11 imap.data.EXISTS\n",
    "* 23 EXISTS" },
  { "flags", S, REPLY, "* OK [PERMANENTFLAGS (\\Deleted \\*)] Ok\r\n",
    "response=* OK [PERMANENTFLAGS (\\Deleted \\*)] Ok 0-40\n"
    " response_tag=* 0-1 imap.untagged\n"
    " status=OK 2-4 imap.status.OK\n"
    " response_code=PERMANENTFLAGS (\\Deleted \\*) 6-34 imap.code.PERMANENTFLAGS\n"
    "  flag=\\Deleted 22-30 imap.flag.Deleted\n"
    "  flag=\\* 31-33 imap.flag.*\n"
    " text=Ok 36-38\n",
    NULL },
  { "tagged", S, REPLY, "a2 NO [NONEXISTENT] none {3}\r\n",
    "response=a2 NO [NONEXISTENT] none {3} 0-30\n"
    " response_tag=a2 0-2 imap.tag\n"
    " status=NO 3-5 imap.status.NO\n"
    " response_code=NONEXISTENT 7-18 imap.code.NONEXISTENT\n"
    " text=none {3} 20-28\n",
    NULL },
  { "continue", S, REPLY, "+ idling\r\n",
    "response=+ idling 0-10\n"
    " response_tag=+ 0-1 imap.continue\n"
    " text=idling 2-8\n",
    "+ idling" },
  { "list", S, REPLY, "* LIST (\\HasNoChildren \\Sent) \"/\" {4}\r\nSent\r\n",
    "response=* LIST (\\HasNoChildren \\Sent) \"/\" {4} 0-45\n"
    " response_tag=* 0-1 imap.untagged\n"
    " command=LIST 2-6 imap.data.LIST\n"
    " flag=\\HasNoChildren 8-22 imap.flag.HasNoChildren\n"
    " flag=\\Sent 23-28 imap.flag.Sent\n"
    " value=/ 30-33\n"
    " literal=4 34-39 imap.literal\n"
    " mailbox=Sent 39-43 imap.mailbox\n",
    NULL },
  { "status", S, REPLY, "* STATUS INBOX (MESSAGES 3 UNSEEN 1)\r\n",
    "response=* STATUS INBOX (MESSAGES 3 UNSEEN 1) 0-38\n"
    " response_tag=* 0-1 imap.untagged\n"
    " command=STATUS 2-8 imap.data.STATUS\n"
    " mailbox=INBOX 9-14 imap.mailbox\n"
    " item=MESSAGES 16-26 imap.item.MESSAGES\n"
    "  value=3 25-26\n"
    " item=UNSEEN 27-35 imap.item.UNSEEN\n"
    "  value=1 34-35\n",
    NULL },
  { "fetch", S, REPLY,
    "* 1 FETCH (UID 9 FLAGS (\\Seen work) RFC822.SIZE 14 BODY[] {14}\r\nSubject: x\r\n\r\n BODY[1]<0> {1}\r\nz)\r\n",
    "response=* 1 FETCH (UID 9 FLAGS (\\Seen work) RFC822.SIZE 14 BODY[] {14} 0-99\n"
    " response_tag=* 0-1 imap.untagged\n"
    " number=1 2-3\n"
    " command=FETCH 4-9 imap.data.FETCH\n"
    " item=UID 11-16 imap.item.UID\n"
    "  uid=9 15-16 imap.uid\n"
    " item=FLAGS 17-35 imap.item.FLAGS\n"
    "  flag=\\Seen 24-29 imap.flag.Seen\n"
    "  flag=work 30-34 imap.flag.keyword\n"
    " item=RFC822.SIZE 36-50 imap.item.RFC822.SIZE\n"
    "  size=14 48-50\n"
    " item=BODY[] 51-78 imap.item.section\n"
    "  literal=14 58-64 imap.literal\n"
    "  message 64-78\n"
    " item=BODY[1]<0> 79-96 imap.item.section\n"
    "  literal=1 90-95 imap.literal\n"
    "  value=z 95-96\n",
    NULL },
  { "fetch-structure", S, REPLY, "* 1 FETCH (BODYSTRUCTURE (\"text\" (\"a\" NIL) 3) UID 2)\r\n",
    "response=* 1 FETCH (BODYSTRUCTURE (\"text\" (\"a\" NIL) 3) UID 2) 0-54\n"
    " response_tag=* 0-1 imap.untagged\n"
    " number=1 2-3\n"
    " command=FETCH 4-9 imap.data.FETCH\n"
    " item=BODYSTRUCTURE 11-45 imap.item.BODYSTRUCTURE\n"
    "  value=text 26-32\n"
    "  value=a 34-37\n"
    "  value=NIL 38-41\n"
    "  value=3 43-44\n"
    " item=UID 46-51 imap.item.UID\n"
    "  uid=2 50-51 imap.uid\n",
    NULL },
  { "not-a-response", S, REPLY, "220 hi",
    "response=220 hi 0-6\n"
    " response_tag=220 0-3 imap.tag\n",
    "220 hi" },
};

static void
test_message (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GString) text = g_string_new ("");
  const guint8 *bytes = (const guint8 *)messages[i].bytes;
  gsize n = strlen (messages[i].bytes);
  g_autoptr (WtField) root = wt_imap_dissector.message (messages[i].direction, messages[i].context, bytes, n);
  g_autofree char *summary = wt_imap_dissector.summary (messages[i].direction, messages[i].context, bytes, n);
  wt_field_walk (root, print_field, text);
  g_assert_cmpstr (text->str, ==, messages[i].tree);
  if (messages[i].summary)
    g_assert_cmpstr (summary, ==, messages[i].summary);
}

static void
test_summary_of_mail (void)
{
  static const char append[] = "a APPEND Sent {14+}\r\nSubject: x\r\n\r\n\r\n";
  static const char fetch[] = "* 1 FETCH (BODY[] {14}\r\nSubject: x\r\n\r\n)\r\n";
  g_autofree char *mail =
      wt_imap_dissector.summary (C, WT_IMAP_CONTEXT_CONTINUED, (const guint8 *)"Subject: x\r\n\r\n\r\n", 16);
  g_autofree char *one = wt_imap_dissector.summary (C, PLAIN, (const guint8 *)append, strlen (append));
  g_autofree char *two = wt_imap_dissector.summary (S, REPLY, (const guint8 *)fetch, strlen (fetch));
  g_autofree char *first = g_strdup_printf ("a APPEND Sent {14+} | %s", mail);
  g_autofree char *second = g_strdup_printf ("* 1 FETCH (BODY[] {14} | %s", mail);
  g_assert_nonnull (strchr (mail, 'x'));
  g_assert_cmpstr (one, ==, first);
  g_assert_cmpstr (two, ==, second);
}

/* --- streams --------------------------------------------------------------------------------------------------------
 */

typedef struct
{
  WtDirection direction;
  const char *bytes;
  guint8 context;
  guint32 exchange;
} Row;

static const Row dialogue[] = {
  { S, "* OK hi {3}\r\n", REPLY, 0 },
  { C, "a LOGIN {3}\r\n", PLAIN, 1 },
  { S, "+ OK\r\n", REPLY, 1 },
  { C, "bob {2}\r\n", WT_IMAP_CONTEXT_CONTINUED, 1 },
  { S, "+ OK\r\n", REPLY, 1 },
  { C, "\r\n\r\n", WT_IMAP_CONTEXT_CONTINUED, 1 },
  { S, "a OK in\r\n", REPLY, 1 },
  { C, "b APPEND x {99}\r\n", PLAIN, 2 },
  { S, "b NO [TOOBIG] no\r\n", REPLY, 2 },
  { C, "c APPEND x {6+}\r\nc NOOP {3+}\r\nabc\r\n", PLAIN, 3 },
  { S, "c OK\r\n", REPLY, 3 },
  { C, "d AUTHENTICATE PLAIN\r\n", PLAIN, 4 },
  { S, "+ \r\n", REPLY, 4 },
  { C, "d IDLE {3}\r\n", WT_IMAP_CONTEXT_AUTH, 4 },
  { S, "d OK\r\n", REPLY, 4 },
  { C, "e SELECT \"{3}\"\r\n", PLAIN, 5 },
  { C, "f FETCH 1 BODY[]\r\n", PLAIN, 6 },
  { S, "* 1 EXISTS\r\n", REPLY, 5 },
  { S, "e OK\r\n", REPLY, 5 },
  { S, "* 1 FETCH (BODY[] {8}\r\nf OK\r\n\r\n UID {1}\r\n7)\r\n", REPLY, 6 },
  { S, "f OK {3}\r\n", REPLY, 6 },
  { C, "g IDLE\r\n", PLAIN, 7 },
  { S, "+ idling\r\n", REPLY, 7 },
  { S, "* 2 EXISTS\r\n", REPLY, 7 },
  { C, "DONE\r\n", WT_IMAP_CONTEXT_DONE, 7 },
  { S, "g OK\r\n", REPLY, 7 },
  { C, "\r\n", PLAIN, 8 },
  { S, "* BAD no tag\r\n", REPLY, 8 },
  { C, "h STARTTLS\r\n", PLAIN, 9 },
  { S, "h OK\r\n", REPLY, 9 },
};

typedef struct
{
  const Row *rows;
  guint n, n_rows;
} Expected;

static void
on_span (const WtMessageSpan *span, gpointer user_data)
{
  Expected *expected = user_data;
  g_assert_cmpuint (expected->n, <, expected->n_rows);
  const Row *row = &expected->rows[expected->n++];
  g_test_message ("%s", row->bytes);
  g_assert_cmpint (span->direction, ==, row->direction);
  g_assert_cmpint (span->context, ==, row->context);
  g_assert_cmpuint (span->exchange, ==, row->exchange);
  g_assert_cmpuint (span->end - span->start, ==, strlen (row->bytes));
}

static void
feed (gpointer stream, const Row *row, gsize start, gsize end)
{
  wt_imap_dissector.stream_feed (stream, row->direction, (const guint8 *)row->bytes + start, end - start);
}

/* In pieces of `step` bytes. */
static void
test_stream (gconstpointer data)
{
  gsize step = GPOINTER_TO_UINT (data);
  Expected expected = { dialogue, 0, G_N_ELEMENTS (dialogue) };
  gpointer stream = wt_imap_dissector.stream_new (on_span, &expected);
  for (guint i = 0; i < G_N_ELEMENTS (dialogue); i++)
    for (gsize at = 0; at < strlen (dialogue[i].bytes); at += step)
      feed (stream, &dialogue[i], at, MIN (at + step, strlen (dialogue[i].bytes)));
  g_assert_cmpuint (expected.n, ==, expected.n_rows);
  wt_imap_dissector.stream_end (stream);
  wt_imap_dissector.stream_free (stream);
  g_assert_cmpuint (expected.n, ==, expected.n_rows);
}

/* Each row cut in two, everywhere. */
static void
test_stream_splits (void)
{
  for (guint cut = 0; cut < G_N_ELEMENTS (dialogue); cut++)
    for (gsize at = 1; at < strlen (dialogue[cut].bytes); at++)
      {
        Expected expected = { dialogue, 0, G_N_ELEMENTS (dialogue) };
        gpointer stream = wt_imap_dissector.stream_new (on_span, &expected);
        for (guint i = 0; i < G_N_ELEMENTS (dialogue); i++)
          {
            gsize length = strlen (dialogue[i].bytes);
            feed (stream, &dialogue[i], 0, i == cut ? at : length);
            if (i == cut)
              feed (stream, &dialogue[i], at, length);
          }
        g_assert_cmpuint (expected.n, ==, expected.n_rows);
        wt_imap_dissector.stream_free (stream);
      }
}

/* What stays incomplete is given at the end, as is what nobody can read. */
static void
test_stream_end (void)
{
  static const Row rows[] = {
    { C, "a STARTTLS\r\n", PLAIN, 1 },
    { S, "a OK\r\n", REPLY, 1 },
    { C, "\x16\x03\r\n", WT_IMAP_CONTEXT_TLS, 2 },
    { S, "\x16\x03", WT_IMAP_CONTEXT_TLS, 1 },
  };
  static const Row half[] = { { C, "a LOGIN {5+}\r\nab", PLAIN, 1 }, { S, "* 1 FETCH (X {9}\r\n)\r\n", REPLY, 1 } };
  Expected tables[] = { { rows, 0, G_N_ELEMENTS (rows) }, { half, 0, G_N_ELEMENTS (half) } };
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    {
      gpointer stream = wt_imap_dissector.stream_new (on_span, &tables[t]);
      for (guint i = 0; i < tables[t].n_rows; i++)
        feed (stream, &tables[t].rows[i], 0, strlen (tables[t].rows[i].bytes));
      wt_imap_dissector.stream_end (stream);
      wt_imap_dissector.stream_free (stream);
      g_assert_cmpuint (tables[t].n, ==, tables[t].n_rows);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autofree char *path = g_strconcat ("/imap-dissect/", messages[i].name, NULL);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_message);
    }
  g_test_add_func ("/imap-dissect/summary-of-mail", test_summary_of_mail);
  g_test_add_data_func ("/imap-dissect/stream", GUINT_TO_POINTER (1000), test_stream);
  g_test_add_data_func ("/imap-dissect/stream-bytes", GUINT_TO_POINTER (1), test_stream);
  g_test_add_data_func ("/imap-dissect/stream-threes", GUINT_TO_POINTER (3), test_stream);
  g_test_add_func ("/imap-dissect/stream-splits", test_stream_splits);
  g_test_add_func ("/imap-dissect/stream-end", test_stream_end);
  return g_test_run ();
}
