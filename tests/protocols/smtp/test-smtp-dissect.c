/* SMTP dissection: the tree of each kind of message, and the cutting of streams whatever pieces they come in. */
#include "protocols/smtp/smtp-dissect.h"
#include "protocols/smtp/smtp-types.h"

#include <string.h>

/* One line a field: "  name=value [start,end) glossary". */
static gboolean
print_field (const WtField *field, guint depth, gpointer user_data)
{
  GString *text = user_data;
  g_string_append_printf (text, "%*s%s", (int) depth * 1, "", field->info->name);
  if (field->value)
    g_string_append_printf (text, "=%s", field->value);
  g_string_append_printf (text, " %" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT "\n", field->start, field->end);
  return TRUE;
}

static const struct {
  const char *name;
  WtDirection direction;
  guint8 context;
  const char *bytes;
  const char *tree;
  const char *summary;
} messages[] = {
  { "mail", WT_TO_SERVER, WT_CONTEXT_PLAIN, "MAIL FROM:<@r.net:a@b.org> SIZE=300 SMTPUTF8\r\n",
    "smtp 0-46\n"
    " smtp.command_line=MAIL FROM:<@r.net:a@b.org> SIZE=300 SMTPUTF8 0-46\n"
    "  smtp.req=True 0-0\n"
    "  smtp.req.command=MAIL 0-4\n"
    "  smtp.req.parameter=FROM:<@r.net:a@b.org> SIZE=300 SMTPUTF8 5-44\n"
    "   wiretalk.smtp.reverse_path=<@r.net:a@b.org> 10-26\n"
    "    wiretalk.smtp.source_route=@r.net 11-17\n"
    "    wiretalk.smtp.local_part=a 18-19\n"
    "    wiretalk.smtp.domain=b.org 20-25\n"
    "   wiretalk.smtp.parameter=SIZE 27-35\n"
    "    wiretalk.smtp.parameter_value=300 32-35\n"
    "   wiretalk.smtp.parameter=SMTPUTF8 36-44\n",
    "MAIL FROM:<@r.net:a@b.org> SIZE=300 SMTPUTF8" },
  { "rcpt that is no path", WT_TO_SERVER, WT_CONTEXT_PLAIN, "RCPT TO:a@b\r\n",
    "smtp 0-13\n"
    " smtp.command_line=RCPT TO:a@b 0-13\n"
    "  smtp.req=True 0-0\n"
    "  smtp.req.command=RCPT 0-4\n"
    "  smtp.req.parameter=TO:a@b 5-11\n"
    "   wiretalk.smtp.problem=the address must stand in angle brackets 8-11\n",
    "RCPT TO:a@b" },
  { "bdat", WT_TO_SERVER, WT_CONTEXT_PLAIN, "BDAT 86 LAST\r\n",
    "smtp 0-14\n"
    " smtp.command_line=BDAT 86 LAST 0-14\n"
    "  smtp.req=True 0-0\n"
    "  smtp.req.command=BDAT 0-4\n"
    "  smtp.req.parameter=86 LAST 5-12\n"
    "   wiretalk.smtp.chunk_size=86 5-7\n"
    "   wiretalk.smtp.chunk_last=True 8-12\n",
    "BDAT 86 LAST" },
  { "reply to EHLO", WT_TO_CLIENT, WT_CONTEXT_REPLY, "250-mx.b.org\r\n250-SIZE 10\r\n250 NO-SUCH\r\n",
    "smtp 0-40\n"
    " smtp.rsp=True 0-0\n"
    " smtp.response=250-mx.b.org 0-14\n"
    "  smtp.response.code=250 0-3\n"
    "  smtp.rsp.parameter=mx.b.org 4-12\n"
    " smtp.response=250-SIZE 10 14-27\n"
    "  smtp.response.code=250 14-17\n"
    "  smtp.rsp.parameter=SIZE 10 18-25\n"
    "   wiretalk.smtp.extension=SIZE 18-22\n"
    " smtp.response=250 NO-SUCH 27-40\n"
    "  smtp.response.code=250 27-30\n"
    "  smtp.rsp.parameter=NO-SUCH 31-38\n",
    "250 mx.b.org | SIZE 10 | NO-SUCH" },
  { "refusal", WT_TO_CLIENT, WT_CONTEXT_REPLY, "550 5.1.1 No such user\r\n",
    "smtp 0-24\n"
    " smtp.rsp=True 0-0\n"
    " smtp.response=550 5.1.1 No such user 0-24\n"
    "  smtp.response.code=550 0-3\n"
    "  smtp.rsp.parameter=5.1.1 No such user 4-22\n"
    "   wiretalk.smtp.enhanced_code=5.1.1 4-9\n",
    "550 5.1.1 No such user" },
  { "not a reply", WT_TO_CLIENT, WT_CONTEXT_REPLY, "hello\r\n",
    "smtp 0-7\n"
    " smtp.rsp=True 0-0\n"
    " smtp.response=hello 0-7\n"
    "  wiretalk.smtp.problem=not a reply line 0-5\n",
    "hello" },
  { "content", WT_TO_SERVER, WT_CONTEXT_CONTENT, "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nX-A: b\r\n\r\n..dot\r\n.\r\n",
    "smtp 0-58\n"
    " smtp.message 0-55\n"
    "  wiretalk.smtp.stuffed_dot 48-49\n"
    " imf 0-55\n"
    "  imf.subject==?utf-8?q?Gr=C3=BC=C3=9Fe?= 0-38\n"
    "   wiretalk.imf.decoded=Grüße 9-36\n"
    "  imf.extension=b 38-46\n"
    "   imf.extension.type=X-A 38-41\n"
    "   imf.extension.value=b 43-44\n"
    "  imf.message_text 48-55\n"
    " smtp.eom 55-58\n",
    "Mail, 58 bytes: Grüße" },
  { "bare line feed", WT_TO_SERVER, WT_CONTEXT_CONTENT, "A: b\r\n\r\nc\nd\r\n.\r\n",
    "smtp 0-16\n"
    " smtp.message 0-13\n"
    "  wiretalk.smtp.bare_line_end=LF 9-10\n"
    " imf 0-13\n"
    "  imf.extension=b 0-6\n"
    "   imf.extension.type=A 0-1\n"
    "   imf.extension.value=b 3-4\n"
    "  imf.message_text 8-13\n"
    " smtp.eom 13-16\n",
    "Mail, 16 bytes" },
  { "no bytes", WT_TO_SERVER, WT_CONTEXT_PLAIN, "",
    "smtp 0-0\n"
    " smtp.command_line= 0-0\n"
    "  smtp.req=True 0-0\n"
    "  smtp.req.command= 0-0\n",
    "" },
};

static void
test_message (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  const guint8 *bytes = (const guint8 *) messages[i].bytes;
  gsize n_bytes = strlen (messages[i].bytes);
  g_autoptr (WtField) root = wt_smtp_dissector.message (messages[i].direction, messages[i].context, bytes, n_bytes);
  g_autoptr (GString) tree = g_string_new (NULL);
  g_autofree char *summary = wt_smtp_dissector.summary (messages[i].direction, messages[i].context, bytes, n_bytes);
  wt_field_walk (root, print_field, tree);
  g_assert_cmpstr (tree->str, ==, messages[i].tree);
  g_assert_cmpstr (summary, ==, messages[i].summary);
}

/* --- streams ------------------------------------------------------------------------------------------------------ */

/* A dialogue: pieces of "C:" and "S:" in the order in which they were sent; the messages that should come out, as
 * "C context exchange start-end". */
static const struct {
  const char *name;
  const char *const *pieces;
  const char *spans;
} streams[] = {
  { "mail with pipelining",
    (const char *const[]){ "S:220 hi\r\n", "C:EHLO c\r\n", "S:250-s\r\n250 PIPELINING\r\n", "C:MAIL FROM:<>\r\nRCPT TO:<a@b>\r\nDATA\r\n",
                           "S:250 ok\r\n250 ok\r\n354 go\r\n", "C:A: b\r\n\r\nMAIL no command\r\n..\r\n.\r\n", "S:250 stored\r\n", "C:QUIT\r\n",
                           "S:221 bye\r\n", NULL },
    "S 1 0 0-8\nC 0 1 0-8\nS 1 1 8-31\nC 0 2 8-22\nC 0 3 22-37\nC 0 4 37-43\nS 1 2 31-39\nS 1 3 39-47\nS 1 4 47-55\n"
    "C 2 5 43-75\nS 1 5 55-67\nC 0 6 75-81\nS 1 6 67-76\n" },
  { "DATA refused", (const char *const[]){ "C:DATA\r\n", "S:503 no\r\n", "C:RSET\r\n", "S:250 ok\r\n", NULL },
    "C 0 1 0-6\nS 1 1 0-8\nC 0 2 6-12\nS 1 2 8-16\n" },
  { "chunks", (const char *const[]){ "C:BDAT 4\r\n\r\n.\n", "C:BDAT 0 LAST\r\n", "S:250 4\r\n250 done\r\n", NULL },
    "C 0 1 0-8\nC 16 1 8-12\nC 0 2 12-25\nS 1 1 0-7\nS 1 2 7-17\n" },
  { "AUTH", (const char *const[]){ "C:AUTH LOGIN\r\n", "S:334 VXNlcg==\r\n", "C:QUIT\r\n", "S:334 UGFzcw==\r\n", "C:cGFzcw==\r\n", "S:235 ok\r\n",
                                   "C:QUIT\r\n", NULL },
    "C 0 1 0-12\nS 1 1 0-14\nC 17 1 12-18\nS 1 1 14-28\nC 17 1 18-28\nS 1 1 28-36\nC 0 2 28-34\n" },
  { "STARTTLS", (const char *const[]){ "C:STARTTLS\r\n", "S:220 go\r\n", "C:\x16\x03\r\nRSET\r\n", "S:\x16\r\n250 x\r\n", NULL },
    "C 0 1 0-10\nS 1 1 0-8\nC 18 2 10-20\nS 18 0 8-18\n" },
  { "unfinished", (const char *const[]){ "C:DATA\r\n", "S:354 go\r\n", "C:Hello", NULL }, "C 0 1 0-6\nS 1 1 0-8\nC 2 3 6-11\n" },
  { "LMTP: a reply for each recipient",
    (const char *const[]){ "S:220 hi\r\n", "C:LHLO c\r\n", "S:250 s\r\n", "C:MAIL FROM:<>\r\nRCPT TO:<a@b>\r\nRCPT TO:<c@b>\r\nRCPT TO:<d@b>\r\nDATA\r\n",
                           "S:250 ok\r\n250 ok\r\n550 no\r\n250 ok\r\n354 go\r\n", "C:x\r\n.\r\nNOOP\r\n", "S:250 a\r\n452-full\r\n452 d\r\n250 ok\r\n",
                           NULL },
    "S 1 0 0-8\nC 0 1 0-8\nS 1 1 8-15\nC 0 2 8-22\nC 0 3 22-37\nC 0 4 37-52\nC 0 5 52-67\nC 0 6 67-73\nS 1 2 15-23\nS 1 3 23-31\n"
    "S 1 4 31-39\nS 1 5 39-47\nS 1 6 47-55\nC 2 7 73-79\nC 0 8 79-85\nS 1 7 55-62\nS 1 7 62-79\nS 1 8 79-87\n" },
  { "line without end", (const char *const[]){ "C:NOO", "S:22", NULL }, "C 0 1 0-3\nS 1 0 0-2\n" },
};

static void
print_span (const WtMessageSpan *span, gpointer user_data)
{
  g_string_append_printf (user_data, "%c %u %u %" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT "\n",
                          span->direction == WT_TO_SERVER ? 'C' : 'S', span->context, span->exchange, span->start, span->end);
}

/* Cuts every piece in steps of `step` bytes. */
static char *
cut (const char *const *pieces, gsize step)
{
  g_autoptr (GString) spans = g_string_new (NULL);
  gpointer stream = wt_smtp_dissector.stream_new (print_span, spans);
  for (; *pieces; pieces++)
    {
      const guint8 *bytes = (const guint8 *) *pieces + 2;
      gsize length = strlen (*pieces + 2);
      for (gsize at = 0; at < length; at += step)
        wt_smtp_dissector.stream_feed (stream, **pieces == 'C' ? WT_TO_SERVER : WT_TO_CLIENT, bytes + at,
                                       MIN (step, length - at));
    }
  wt_smtp_dissector.stream_end (stream);
  wt_smtp_dissector.stream_free (stream);
  return g_string_free (g_steal_pointer (&spans), FALSE);
}

static void
test_stream (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  for (gsize step = 1; step < 64; step++)
    {
      g_autofree char *spans = cut (streams[i].pieces, step);
      g_assert_cmpstr (spans, ==, streams[i].spans);
    }
}

/* LMTP has SMTP's fields, with one of its own around them. */
static void
test_lmtp (void)
{
  const char *bytes = "LHLO c\r\n";
  g_autoptr (WtField) root = wt_lmtp_dissector.message (WT_TO_SERVER, WT_CONTEXT_PLAIN, (const guint8 *) bytes, strlen (bytes));
  g_autoptr (GString) tree = g_string_new (NULL);
  wt_field_walk (root, print_field, tree);
  g_assert_cmpstr (tree->str, ==,
                   "lmtp 0-8\n"
                   " smtp 0-8\n"
                   "  smtp.command_line=LHLO c 0-8\n"
                   "   smtp.req=True 0-0\n"
                   "   smtp.req.command=LHLO 0-4\n"
                   "   smtp.req.parameter=c 5-6\n"
                   "    wiretalk.smtp.client=c 5-6\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autofree char *path = g_strdup_printf ("/smtp-dissect/message/%s", messages[i].name);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_message);
    }
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      g_autofree char *path = g_strdup_printf ("/smtp-dissect/stream/%s", streams[i].name);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_stream);
    }
  g_test_add_func ("/smtp-dissect/lmtp", test_lmtp);
  return g_test_run ();
}
