/* POP3 dissection: the tree of each kind of message, and the cutting of streams whatever pieces they come in. */
#include "protocols/pop3/pop3-dissect.h"
#include "protocols/pop3/pop3-types.h"

#include <string.h>

static gboolean
print_field (const WtField *field, guint depth, gpointer user_data)
{
  GString *text = user_data;
  if (g_str_has_prefix (field->info->name, "imf") || g_str_has_prefix (field->info->name, "mime"))
    return TRUE;
  g_string_append_printf (text, "%*s%s", (int) depth, "", field->info->name);
  if (field->value)
    g_string_append_printf (text, "=%s", field->value);
  g_string_append_printf (text, " %" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT "%s%s\n", field->start, field->end,
                          field->glossary ? " " : "", field->glossary ? field->glossary : "");
  return TRUE;
}

static const struct
{
  const char *name;
  WtDirection direction;
  guint8 context;
  const char *bytes, *tree, *summary;
} messages[] = {
  { "command", WT_TO_SERVER, WT_CONTEXT_PLAIN, "top 12 3\r\n",
    "pop 0-10 pop\n pop.request=top 12 3 0-10\n  pop.request.command=top 0-3 pop.command.TOP\n"
    "  pop.request.parameter=12 3 4-8\n   wiretalk.pop.message_number=12 4-6\n",
    "top 12 3" },
  { "greeting", WT_TO_CLIENT, WT_CONTEXT_REPLY, "+OK hi <1@a>\r\n",
    "pop 0-14 pop\n pop.response=+OK hi <1@a> 0-14\n  pop.response.indicator=+OK 0-3 pop.indicator.OK\n"
    "  pop.response.description=hi <1@a> 4-12\n   wiretalk.pop.time_stamp=<1@a> 7-12 pop.time-stamp\n",
    "+OK hi <1@a>" },
  { "refusal", WT_TO_CLIENT, WT_CONTEXT_REPLY, "-ERR [IN-USE] no\r\n",
    "pop 0-18 pop\n pop.response=-ERR [IN-USE] no 0-18\n  pop.response.indicator=-ERR 0-4 pop.indicator.ERR\n"
    "  pop.response.description=[IN-USE] no 5-16\n   wiretalk.pop.response_code=IN-USE 6-12 pop.code.IN-USE\n",
    "-ERR [IN-USE] no" },
  { "list", WT_TO_CLIENT, WT_POP3_CONTEXT_LIST, "+OK\r\n1 20\r\n.\r\n",
    "pop 0-14 pop\n pop.response=+OK 0-5\n  pop.response.indicator=+OK 0-3 pop.indicator.OK\n pop.response.data=1 20 "
    "5-11\n"
    "  wiretalk.pop.message_number=1 5-6\n  wiretalk.pop.message_size=20 7-9\n wiretalk.pop.end 11-14 pop.end\n",
    "+OK | 1 20" },
  { "mail", WT_TO_CLIENT, WT_CONTEXT_CONTENT, "+OK\r\nSubject: x\r\n\r\n..\r\n.\r\n",
    "pop 0-26 pop\n pop.response=+OK 0-5\n  pop.response.indicator=+OK 0-3 pop.indicator.OK\n wiretalk.pop.message "
    "5-23\n"
    "  wiretalk.pop.stuffed_dot 19-20 pop.dot-stuffing\n wiretalk.pop.end 23-26 pop.end\n",
    NULL },
  { "not a response", WT_TO_CLIENT, WT_CONTEXT_REPLY, "220 hi", "pop 0-6 pop\n pop.response=220 hi 0-6\n", "220 hi" },
};

static void
test_message (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GString) text = g_string_new ("");
  const guint8 *bytes = (const guint8 *) messages[i].bytes;
  gsize n = strlen (messages[i].bytes);
  g_autoptr (WtField) root = wt_pop3_dissector.message (messages[i].direction, messages[i].context, bytes, n);
  g_autofree char *summary = wt_pop3_dissector.summary (messages[i].direction, messages[i].context, bytes, n);
  wt_field_walk (root, print_field, text);
  g_assert_cmpstr (text->str, ==, messages[i].tree);
  if (messages[i].summary)
    g_assert_cmpstr (summary, ==, messages[i].summary);
}

static const struct
{
  WtDirection direction;
  const char *bytes;
  guint8 context;
  guint32 exchange;
} dialogue[] = {
  { WT_TO_CLIENT, "+OK hi\r\n", WT_CONTEXT_REPLY, 0 },
  { WT_TO_SERVER, "AUTH PLAIN\r\n", WT_CONTEXT_PLAIN, 1 },
  { WT_TO_CLIENT, "+ \r\n", WT_CONTEXT_REPLY, 1 },
  { WT_TO_SERVER, "LIST\r\n", WT_POP3_CONTEXT_AUTH, 2 },
  { WT_TO_CLIENT, "-ERR no\r\n", WT_CONTEXT_REPLY, 2 },
  { WT_TO_SERVER, "CAPA\r\n", WT_CONTEXT_PLAIN, 3 },
  { WT_TO_CLIENT, "+OK\r\nTOP\r\n.\r\n", WT_POP3_CONTEXT_CAPA, 3 },
  { WT_TO_SERVER, "LIST 1\r\n", WT_CONTEXT_PLAIN, 4 },
  { WT_TO_SERVER, "RETR 1\r\n", WT_CONTEXT_PLAIN, 5 },
  { WT_TO_CLIENT, "+OK 1 3\r\n", WT_CONTEXT_REPLY, 4 },
  { WT_TO_CLIENT, "+OK\r\na\r\n..\r\n.\r\n", WT_CONTEXT_CONTENT, 5 },
  { WT_TO_SERVER, "RETR 9\r\n", WT_CONTEXT_PLAIN, 6 },
  { WT_TO_CLIENT, "-ERR none\r\n", WT_CONTEXT_REPLY, 6 },
  { WT_TO_SERVER, "STLS\r\n", WT_CONTEXT_PLAIN, 7 },
  { WT_TO_CLIENT, "+OK\r\n", WT_CONTEXT_REPLY, 7 },
};

static void
on_span (const WtMessageSpan *span, gpointer user_data)
{
  guint *n = user_data;
  while (dialogue[*n].bytes == NULL)
    (*n)++;
  g_assert_cmpuint (*n, <, G_N_ELEMENTS (dialogue));
  g_assert_cmpint (span->direction, ==, dialogue[*n].direction);
  g_assert_cmpint (span->context, ==, dialogue[*n].context);
  g_assert_cmpuint (span->exchange, ==, dialogue[*n].exchange);
  g_assert_cmpuint (span->end - span->start, ==, strlen (dialogue[*n].bytes));
  (*n)++;
}

static void
test_stream (gconstpointer data)
{
  gsize step = GPOINTER_TO_UINT (data);
  guint n = 0;
  gpointer stream = wt_pop3_dissector.stream_new (on_span, &n);
  for (guint i = 0; i < G_N_ELEMENTS (dialogue); i++)
    for (gsize at = 0; at < strlen (dialogue[i].bytes); at += step)
      wt_pop3_dissector.stream_feed (stream, dialogue[i].direction, (const guint8 *) dialogue[i].bytes + at,
                                     MIN (step, strlen (dialogue[i].bytes) - at));
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (dialogue));
  wt_pop3_dissector.stream_end (stream);
  wt_pop3_dissector.stream_free (stream);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autofree char *path = g_strconcat ("/pop3-dissect/", messages[i].name, NULL);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_message);
    }
  g_test_add_data_func ("/pop3-dissect/stream", GUINT_TO_POINTER (1000), test_stream);
  g_test_add_data_func ("/pop3-dissect/stream-bytes", GUINT_TO_POINTER (1), test_stream);
  g_test_add_data_func ("/pop3-dissect/stream-threes", GUINT_TO_POINTER (3), test_stream);
  return g_test_run ();
}
