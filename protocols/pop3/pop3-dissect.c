/* Dissection of one POP3 message: a command, or a response with its lines. */
#include "protocols/pop3/pop3-dissect.h"

#include "protocols/base/dot-text.h"
#include "protocols/mime/mime-dissect.h"
#include "protocols/pop3/pop3-dissect-private.h"
#include "protocols/pop3/pop3-server-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define DOTS_SHOWN 1000   /* doubled dots that get a field of their own */
#define LINES_SHOWN 10000 /* lines of a listing that do */

typedef struct
{
  const guint8 *bytes;
  gsize start, end; /* without CRLF */
  gsize next;
} Line;

static Line
line_at (const guint8 *bytes, gsize n_bytes, gsize at)
{
  const guint8 *end = memmem (bytes + at, n_bytes - at, "\r\n", 2);
  return end ? (Line){ bytes, at, end - bytes, end - bytes + 2 } : (Line){ bytes, at, n_bytes, n_bytes };
}

/* Offset of the next space from `at`, or the line's end. */
static gsize
word_end (const Line *line, gsize at)
{
  const guint8 *space = memchr (line->bytes + at, ' ', line->end - at);
  return space ? (gsize) (space - line->bytes) : line->end;
}

static WtField *
append (WtField *parent, WtPop3Field id, const guint8 *bytes, gsize start, gsize end)
{
  return wt_field_append_string (parent, POP3_INFO (id), start, end, (const char *) bytes + start, end - start);
}

/* A decimal number. FALSE: it is none. */
static gboolean
append_number (WtField *parent, WtPop3Field id, const guint8 *bytes, gsize start, gsize end)
{
  guint64 number = 0;
  if (end == start || end - start > 18)
    return FALSE;
  for (gsize at = start; at < end; at++)
    {
      if (!g_ascii_isdigit (bytes[at]))
        return FALSE;
      number = number * 10 + (bytes[at] - '0');
    }
  wt_field_append_number (parent, POP3_INFO (id), start, end, number);
  return TRUE;
}

/* --- commands ----------------------------------------------------------------------------------------------------- */

static const char *const numbered[] = { "LIST", "UIDL", "RETR", "TOP", "DELE" };

static void
dissect_command (WtField *root, const guint8 *bytes, gsize n_bytes)
{
  Line line = line_at (bytes, n_bytes, 0);
  gsize verb = word_end (&line, 0);
  WtField *request = append (root, POP3_REQUEST, bytes, 0, line.end);
  request->end = line.next;
  WtField *command = append (request, POP3_COMMAND, bytes, 0, verb);
  const WtPop3Command *known = wt_pop3_command_find ((const char *) bytes, verb);
  wt_field_set_glossary (command, "pop.command.%s", known ? known->verb : "unknown");
  if (verb + 1 >= line.end)
    return;
  WtField *parameter = append (request, POP3_PARAMETER, bytes, verb + 1, line.end);
  for (guint i = 0; known && i < G_N_ELEMENTS (numbered); i++)
    if (strcmp (known->verb, numbered[i]) == 0)
      append_number (parameter, POP3_NUMBER, bytes, verb + 1, word_end (&line, verb + 1));
}

/* --- the first line of a response --------------------------------------------------------------------------------- */

static void
append_description (WtField *response, const Line *line, gsize start, gboolean refused)
{
  const guint8 *bytes = line->bytes;
  WtField *description = append (response, POP3_DESCRIPTION, bytes, start, line->end);
  const guint8 *bracket = refused && bytes[start] == '[' ? memchr (bytes + start, ']', line->end - start) : NULL;
  if (bracket)
    {
      WtField *code = append (description, POP3_CODE, bytes, start + 1, bracket - bytes);
      wt_field_set_glossary (code, "pop.code.%s", code->value);
    }
  g_autofree char *stamp = refused ? NULL : wt_pop3_apop_stamp ((const char *) bytes + start, line->end - start);
  const guint8 *at = stamp ? memchr (bytes + start, '<', line->end - start) : NULL;
  if (at)
    wt_field_set_glossary (append (description, POP3_STAMP, bytes, at - bytes, at - bytes + strlen (stamp)),
                           "pop.time-stamp");
}

/* Returns where the next line begins. */
static gsize
dissect_first_line (WtField *root, const guint8 *bytes, gsize n_bytes)
{
  Line line = line_at (bytes, n_bytes, 0);
  gsize end = word_end (&line, 0);
  gboolean ok = end == 3 && memcmp (bytes, "+OK", 3) == 0, err = end == 4 && memcmp (bytes, "-ERR", 4) == 0;
  WtField *response = append (root, POP3_RESPONSE, bytes, 0, line.end);
  response->end = line.next;
  if (!ok && !err && !(end == 1 && bytes[0] == '+'))
    return line.next;
  WtField *indicator = append (response, POP3_INDICATOR, bytes, 0, end);
  wt_field_set_glossary (indicator, "pop.indicator.%s", ok ? "OK" : err ? "ERR" : "continue");
  if (end + 1 < line.end)
    append_description (response, &line, end + 1, err);
  return line.next;
}

/* --- the lines behind it ------------------------------------------------------------------------------------------ */

static void
append_list_line (WtField *root, const Line *line, guint8 context)
{
  const guint8 *bytes = line->bytes;
  gsize first = word_end (line, line->start);
  WtField *data = append (root, POP3_RESPONSE_DATA, bytes, line->start, line->end);
  data->end = line->next;
  if (context == WT_POP3_CONTEXT_CAPA)
    {
      WtField *capability = append (data, POP3_CAPABILITY, bytes, line->start, first);
      g_autofree char *name = g_ascii_strup (capability->value ? capability->value : "", -1);
      wt_field_set_glossary (capability, "pop.capability.%s", name);
      return;
    }
  if (!append_number (data, POP3_NUMBER, bytes, line->start, first) || first + 1 >= line->end)
    return;
  if (context == WT_POP3_CONTEXT_LIST)
    append_number (data, POP3_SIZE, bytes, first + 1, word_end (line, first + 1));
  else
    wt_field_set_glossary (append (data, POP3_UID, bytes, first + 1, line->end), "pop.unique-id");
}

static gboolean
is_last (const Line *line)
{
  return line->end - line->start == 1 && line->bytes[line->start] == '.' && line->next > line->end;
}

static void
append_end (WtField *root, gsize start, gsize end)
{
  wt_field_set_glossary (wt_field_append_string (root, POP3_INFO (POP3_EOM), start, end, NULL, 0), "pop.end");
}

static void
dissect_list (WtField *root, const guint8 *bytes, gsize n_bytes, gsize at, guint8 context)
{
  for (guint n = 0; at < n_bytes && n < LINES_SHOWN; n++)
    {
      Line line = line_at (bytes, n_bytes, at);
      if (is_last (&line))
        append_end (root, line.start, line.next);
      else
        append_list_line (root, &line, context);
      at = line.next;
    }
}

/* Does the text from `start` on end with the line of a single dot? */
static gboolean
has_end (const guint8 *bytes, gsize n_bytes, gsize start)
{
  return n_bytes >= start + WT_DOT_TEXT_END && memcmp (bytes + n_bytes - WT_DOT_TEXT_END, ".\r\n", WT_DOT_TEXT_END) == 0
         && (n_bytes == start + WT_DOT_TEXT_END || bytes[n_bytes - WT_DOT_TEXT_END - 1] == '\n');
}

static void
dissect_mail (WtField *root, const guint8 *bytes, gsize n_bytes, gsize start)
{
  gboolean ended = has_end (bytes, n_bytes, start);
  gsize n_mail = ended ? n_bytes - WT_DOT_TEXT_END : n_bytes;
  WtField *message = wt_field_append_string (root, POP3_INFO (POP3_MESSAGE), start, n_mail, NULL, 0);
  for (gsize at = start, n = 0; at < n_mail && n < DOTS_SHOWN; at = line_at (bytes, n_mail, at).next)
    if (bytes[at] == '.')
      {
        WtField *dot = wt_field_append_string (message, POP3_INFO (POP3_STUFFED_DOT), at, at + 1, NULL, 0);
        wt_field_set_glossary (dot, "pop.dot-stuffing");
        n++;
      }
  wt_field_append (root, wt_mime_dissect (bytes + start, n_mail - start, start));
  if (ended)
    append_end (root, n_mail, n_bytes);
}

static void
dissect_response (WtField *root, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  gsize at = dissect_first_line (root, bytes, n_bytes);
  if (at >= n_bytes)
    return;
  if (context == WT_CONTEXT_CONTENT)
    dissect_mail (root, bytes, n_bytes, at);
  else
    dissect_list (root, bytes, n_bytes, at, context);
}

static WtField *
dissect (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  WtField *root = wt_field_new (POP3_INFO (POP3_ROOT), 0, n_bytes, NULL, 0);
  wt_field_set_glossary (root, "pop");
  if (context == WT_POP3_CONTEXT_TLS)
    wt_field_append_string (root, POP3_INFO (POP3_TLS), 0, n_bytes, NULL, 0);
  else if (direction == WT_TO_CLIENT)
    dissect_response (root, context, bytes, n_bytes);
  else if (context == WT_POP3_CONTEXT_AUTH)
    append (root, POP3_REQUEST_DATA, bytes, 0, line_at (bytes, n_bytes, 0).end);
  else
    dissect_command (root, bytes, n_bytes);
  return root;
}

/* --- one line ----------------------------------------------------------------------------------------------------- */

static char *
first_line (const guint8 *bytes, gsize n_bytes)
{
  Line line = line_at (bytes, n_bytes, 0);
  g_autofree char *text = g_strndup ((const char *) bytes, MIN (line.end, 1000));
  for (gsize i = 0; text[i]; i++)
    if ((guchar) text[i] < ' ' || text[i] == 127)
      text[i] = '?';
  return g_utf8_make_valid (text, -1);
}

/* "+OK Capabilities follow | TOP | UIDL". */
static char *
summarize_list (const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize at = 0; at < n_bytes && text->len < 200;)
    {
      Line line = line_at (bytes, n_bytes, at);
      g_autofree char *one = first_line (bytes + at, n_bytes - at);
      if (!is_last (&line))
        g_string_append_printf (text, "%s%s", at ? " | " : "", one);
      at = line.next;
      if (text->len >= 200 && at < n_bytes)
        g_string_append (text, " …");
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
summarize (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  if (context == WT_POP3_CONTEXT_TLS)
    return g_strdup_printf (ngettext ("TLS, %lu byte", "TLS, %lu bytes", n_bytes), (gulong) n_bytes);
  if (direction == WT_TO_SERVER)
    return context == WT_POP3_CONTEXT_AUTH ? g_strdup (_ ("Credentials")) : first_line (bytes, n_bytes);
  gsize start = line_at (bytes, n_bytes, 0).next;
  if (context != WT_CONTEXT_CONTENT || start >= n_bytes)
    return summarize_list (bytes, n_bytes);
  g_autofree char *line = first_line (bytes, n_bytes);
  gsize end = has_end (bytes, n_bytes, start) ? n_bytes - WT_DOT_TEXT_END : n_bytes;
  g_autofree char *mail = wt_mime_dissector.summary (direction, context, bytes + start, end - start);
  return g_strdup_printf ("%s | %s", line, mail);
}

const WtDissector wt_pop3_dissector = {
  .protocol = WT_PROTOCOL_POP3,
  .name = "pop",
  .title = "POP3",
  .stream = TRUE,
  .port = 110,
  .fields = wt_pop3_field_list,
  .states = &wt_pop3_states,
  .message = dissect,
  .summary = summarize,
  .secret = wt_pop3_dialogue_secret,
  .stream_new = wt_pop3_stream_new,
  .stream_feed = wt_pop3_stream_feed,
  .stream_end = wt_pop3_stream_end,
  .stream_tls = wt_pop3_stream_tls,
  .stream_free = wt_pop3_stream_free,
};
