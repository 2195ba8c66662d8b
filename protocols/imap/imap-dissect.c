/* Dissection of one IMAP message: a command or a part of it, a response, lines of AUTHENTICATE and IDLE; and its
 * summary. */
#include "protocols/imap/imap-dissect.h"

#include "protocols/imap/imap-dissect-private.h"
#include "protocols/imap/imap-input.h"
#include "protocols/imap/imap-states.h"
#include "protocols/mime/mime-dissect.h"

#include <glib/gi18n.h>
#include <string.h>

#define SUMMARY_MAX 1000 /* bytes of a line that a list shows */

/* After "+" comes the literal, whose length stands in the part before. A mail is the only one that has lines: it ends
 * before the CRLF that ends APPEND. 0: it is not one. */
static gsize
continued_mail (const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes < 4 || memcmp (bytes + n_bytes - 2, "\r\n", 2) != 0)
    return 0;
  return memmem (bytes, n_bytes - 2, "\r\n", 2) ? n_bytes - 2 : 0;
}

static void
dissect_continued (WtField *root, const guint8 *bytes, gsize n_bytes)
{
  gsize mail = continued_mail (bytes, n_bytes);
  if (mail > 0)
    {
      wt_field_append_string (root, IMAP_INFO (IMAP_MESSAGE), 0, mail, NULL, 0);
      wt_field_append (root, wt_mime_dissect (bytes, mail, 0));
      return;
    }
  WtField *part = wt_imap_append (root, IMAP_CONTINUED, bytes, 0, wt_imap_line_end (bytes, n_bytes, 0));
  wt_field_set_glossary (part, "imap.literal");
}

static WtField *
dissect (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  WtField *root = wt_field_new (IMAP_INFO (IMAP_ROOT), 0, n_bytes, NULL, 0);
  wt_field_set_glossary (root, "imap");
  wt_field_append_number (root, IMAP_INFO (IMAP_IS_REQUEST), 0, 0, direction == WT_TO_SERVER);
  if (context == WT_IMAP_CONTEXT_TLS)
    {
      wt_field_append_string (root, IMAP_INFO (IMAP_TLS), 0, n_bytes, NULL, 0);
      return root;
    }
  if (direction == WT_TO_SERVER && context == WT_IMAP_CONTEXT_CONTINUED)
    {
      dissect_continued (root, bytes, n_bytes);
      return root;
    }
  gsize end = wt_imap_line_end (bytes, n_bytes, 0);
  WtField *line = wt_imap_append (root, IMAP_LINE, bytes, 0, end);
  line->end = n_bytes;
  if (direction == WT_TO_CLIENT)
    wt_imap_dissect_response (line, bytes, n_bytes);
  else if (context == WT_IMAP_CONTEXT_AUTH)
    wt_imap_append (line, IMAP_CREDENTIALS, bytes, 0, end);
  else if (context == WT_IMAP_CONTEXT_DONE)
    wt_field_set_glossary (wt_imap_append (line, IMAP_COMMAND, bytes, 0, end), "imap.command.DONE");
  else
    wt_imap_dissect_request (line, bytes, n_bytes);
  return root;
}

/* --- one line -------------------------------------------------------------------------------------------------------
 */

static char *
first_line (const guint8 *bytes, gsize n_bytes)
{
  g_autofree char *text = g_strndup ((const char *)bytes, MIN (wt_imap_line_end (bytes, n_bytes, 0), SUMMARY_MAX));
  for (gsize i = 0; text[i]; i++)
    if ((guchar)text[i] < ' ' || text[i] == 127)
      text[i] = '?';
  return g_utf8_make_valid (text, -1);
}

/* Is the literal at the end of the first line a mail: of APPEND, or behind the name of an item that is one? */
static gboolean
ends_with_mail (WtDirection direction, const guint8 *bytes, gsize end)
{
  WtImapScan scan = { bytes, end };
  WtImapToken token, item = { 0 };
  gsize brace = end;
  while (brace > 0 && bytes[brace] != '{')
    brace--;
  scan.n_bytes = brace > 0 && bytes[brace - 1] == '~' ? brace - 1 : brace;
  for (guint n = 0; wt_imap_scan_next (&scan, &token); n++)
    {
      if (direction == WT_TO_SERVER && n == 1)
        return wt_imap_token_is (&scan, &token, "APPEND");
      item = token;
    }
  return wt_imap_item_is_mail (bytes + item.text, item.text_end - item.text);
}

static char *
summarize_mail (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  return wt_mime_dissector.summary (direction, context, bytes, n_bytes);
}

/* "* 1 FETCH (UID 7 BODY[] {312} | ..." */
static char *
summarize_line (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  guint64 size;
  gboolean waits;
  gsize end = wt_imap_line_end (bytes, n_bytes, 0), start = end + 2;
  g_autofree char *line = first_line (bytes, n_bytes);
  if (start >= n_bytes || !wt_imap_input_find_literal (bytes, end, &size, &waits)
      || !ends_with_mail (direction, bytes, end))
    return g_steal_pointer (&line);
  g_autofree char *mail = summarize_mail (direction, context, bytes + start, MIN (size, n_bytes - start));
  return g_strdup_printf ("%s | %s", line, mail);
}

static char *
summarize (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  if (context == WT_IMAP_CONTEXT_TLS)
    return g_strdup_printf (ngettext ("TLS, %lu byte", "TLS, %lu bytes", n_bytes), (gulong)n_bytes);
  if (direction == WT_TO_SERVER && context == WT_IMAP_CONTEXT_AUTH)
    return g_strdup (_ ("Credentials"));
  gsize mail = direction == WT_TO_SERVER && context == WT_IMAP_CONTEXT_CONTINUED ? continued_mail (bytes, n_bytes) : 0;
  return mail > 0 ? summarize_mail (direction, context, bytes, mail)
                  : summarize_line (direction, context, bytes, n_bytes);
}

const WtDissector wt_imap_dissector = {
  .protocol = WT_PROTOCOL_IMAP,
  .name = "imap",
  .title = "IMAP",
  .stream = TRUE,
  .port = 143,
  .fields = wt_imap_field_list,
  .states = &wt_imap_states,
  .message = dissect,
  .summary = summarize,
  .secret = wt_imap_dialogue_secret,
  .stream_new = wt_imap_stream_new,
  .stream_feed = wt_imap_stream_feed,
  .stream_end = wt_imap_stream_end,
  .stream_tls = wt_imap_stream_tls,
  .stream_free = wt_imap_stream_free,
};
