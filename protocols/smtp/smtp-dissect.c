/* Dissection of one SMTP message: command, reply, mail, chunk. */
#include "protocols/smtp/smtp-dissect.h"

#include "protocols/base/dot-text.h"
#include "protocols/mime/mime-dissect.h"
#include "protocols/smtp/smtp-dissect-private.h"
#include "protocols/smtp/smtp-extensions.h"
#include "protocols/smtp/smtp-reply.h"
#include "protocols/smtp/smtp-states.h"

#include <glib/gi18n.h>
#include <string.h>

#define DOTS_SHOWN 1000 /* doubled dots that get a field of their own */

/* Length of the line at `bytes` with its CRLF; all of it when it is not ended. */
static gsize
next_line (const guint8 *bytes, gsize n_bytes)
{
  const guint8 *end = memmem (bytes, n_bytes, "\r\n", 2);
  return end ? (gsize) (end - bytes) + 2 : n_bytes;
}

static gsize
without_line_end (const guint8 *bytes, gsize n_bytes)
{
  return n_bytes >= 2 && memcmp (bytes + n_bytes - 2, "\r\n", 2) == 0 ? n_bytes - 2 : n_bytes;
}

/* --- replies ------------------------------------------------------------------------------------------------------ */

/* "SIZE 10485760" in the reply to EHLO. A later line of any 250 that begins with such a keyword is one. */
static void
append_extension (WtField *parameter, const guint8 *text, gsize n_text)
{
  const guint8 *space = memchr (text, ' ', n_text);
  gsize keyword = space ? (gsize) (space - text) : n_text;
  if (wt_smtp_extension_find ((const char *) text, keyword) == 0)
    return;
  WtField *field = wt_field_append_string (parameter, SMTP_INFO (SMTP_EXTENSION), parameter->start,
                                           parameter->start + keyword, (const char *) text, keyword);
  g_autofree char *name = g_ascii_strup (field->value, -1);
  wt_field_set_glossary (field, "smtp.extension.%s", name);
}

static void
append_enhanced (WtField *field, const guint8 *bytes, gsize at, const WtSmtpReplyLine *line)
{
  if (line->enhanced_end == line->enhanced_start)
    return;
  WtField *code = wt_field_append_string (field, SMTP_INFO (SMTP_ENHANCED), at + line->enhanced_start,
                                          at + line->enhanced_end, (const char *) bytes + at + line->enhanced_start,
                                          line->enhanced_end - line->enhanced_start);
  wt_field_set_glossary (code, "smtp.enhanced.%s", code->value);
}

static void
append_reply_line (WtField *root, const guint8 *bytes, gsize at, gsize length)
{
  gsize n_text = without_line_end (bytes + at, length);
  WtSmtpReplyLine line;
  WtField *field = wt_field_append_string (root, SMTP_INFO (SMTP_RESPONSE), at, at + length, (const char *) bytes + at,
                                           n_text);
  if (!wt_smtp_reply_line_parse (bytes + at, n_text, &line))
    {
      wt_field_append_string (field, SMTP_INFO (SMTP_PROBLEM), at, at + n_text, "not a reply line", -1);
      return;
    }
  WtField *code = wt_field_append_number (field, SMTP_INFO (SMTP_CODE), at, at + 3, line.code);
  wt_field_set_glossary (code, "smtp.reply.%u", line.code);
  if (line.text_start >= n_text)
    return;
  WtField *text = wt_field_append_string (field, SMTP_INFO (SMTP_RSP_PARAMETER), at + line.text_start, at + n_text,
                                          (const char *) bytes + at + line.text_start, n_text - line.text_start);
  append_enhanced (text, bytes, at, &line);
  if (line.code == 250 && at > 0)
    append_extension (text, bytes + at + line.text_start, n_text - line.text_start);
}

static void
dissect_reply (WtField *root, const guint8 *bytes, gsize n_bytes)
{
  wt_field_append_number (root, SMTP_INFO (SMTP_RSP), 0, 0, TRUE);
  for (gsize at = 0; at < n_bytes;)
    {
      gsize length = next_line (bytes + at, n_bytes - at);
      append_reply_line (root, bytes, at, length);
      at += length;
    }
}

/* --- the mail ----------------------------------------------------------------------------------------------------- */

static void
append_stuffed_dots (WtField *message, const guint8 *bytes, gsize n_bytes)
{
  gsize at = 0;
  for (guint n = 0; n < DOTS_SHOWN && at < n_bytes;)
    {
      if (bytes[at] == '.')
        {
          WtField *dot = wt_field_append_string (message, SMTP_INFO (SMTP_STUFFED_DOT), at, at + 1, NULL, 0);
          wt_field_set_glossary (dot, "smtp.dot-stuffing");
          n++;
        }
      at += next_line (bytes + at, n_bytes - at);
    }
}

static void
append_bare (WtField *message, const guint8 *bytes, gsize n_bytes)
{
  gssize at = wt_dot_text_find_bare (bytes, n_bytes);
  if (at < 0)
    return;
  WtField *bare = wt_field_append_string (message, SMTP_INFO (SMTP_BARE), at, at + 1, bytes[at] == '\r' ? "CR" : "LF", -1);
  wt_field_set_glossary (bare, "smtp.bare-line-end");
}

static void
dissect_content (WtField *root, const guint8 *bytes, gsize n_bytes)
{
  WtDotTextScan scan = { 0 };
  gsize end = wt_dot_text_scan (&scan, bytes, n_bytes);
  gsize n_mail = scan.ended ? end - WT_DOT_TEXT_END : n_bytes;
  WtField *message = wt_field_append_string (root, SMTP_INFO (SMTP_MESSAGE), 0, n_mail, NULL, 0);
  append_stuffed_dots (message, bytes, n_mail);
  append_bare (message, bytes, n_mail);
  wt_field_append (root, wt_mime_dissect (bytes, n_mail, 0));
  if (!scan.ended)
    return;
  WtField *eom = wt_field_append_string (root, SMTP_INFO (SMTP_EOM), n_mail, end, NULL, 0);
  wt_field_set_glossary (eom, "smtp.eom");
}

/* The first chunk begins with the mail's header, the others do not: what they hold is known with the whole mail only. */
static void
dissect_chunk (WtField *root, const guint8 *bytes, gsize n_bytes)
{
  WtField *chunk = wt_field_append_string (root, SMTP_INFO (SMTP_CHUNK), 0, n_bytes, NULL, 0);
  wt_field_set_glossary (chunk, "smtp.command.BDAT");
}

static void
dissect_auth (WtField *root, const guint8 *bytes, gsize n_bytes)
{
  WtField *field = wt_field_append_string (root, SMTP_INFO (SMTP_AUTH), 0, n_bytes, (const char *) bytes,
                                           without_line_end (bytes, n_bytes));
  wt_field_set_glossary (field, "smtp.command.AUTH");
}

static WtField *
dissect (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  WtField *root = wt_field_new (SMTP_INFO (SMTP_ROOT), 0, n_bytes, NULL, 0);
  wt_field_set_glossary (root, "smtp");
  if (context == WT_SMTP_CONTEXT_TLS)
    wt_field_append_string (root, SMTP_INFO (SMTP_TLS), 0, n_bytes, NULL, 0);
  else if (context == WT_CONTEXT_REPLY || direction == WT_TO_CLIENT)
    dissect_reply (root, bytes, n_bytes);
  else if (context == WT_CONTEXT_CONTENT)
    dissect_content (root, bytes, n_bytes);
  else if (context == WT_SMTP_CONTEXT_CHUNK)
    dissect_chunk (root, bytes, n_bytes);
  else if (context == WT_SMTP_CONTEXT_AUTH)
    dissect_auth (root, bytes, n_bytes);
  else
    wt_smtp_dissect_command (root, bytes, n_bytes);
  return root;
}

/* --- one line ----------------------------------------------------------------------------------------------------- */

/* Lines joined, the code said once: "250 mail.example.org | SIZE 10485760 | PIPELINING". */
static char *
summarize_lines (const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize at = 0, first = 0; at < n_bytes && text->len < 1000; first = 1)
    {
      gsize length = next_line (bytes + at, n_bytes - at), n_text = without_line_end (bytes + at, length);
      WtSmtpReplyLine line;
      gsize from = first && wt_smtp_reply_line_parse (bytes + at, n_text, &line) ? MIN (line.text_start, n_text) : 0;
      g_string_append (text, first ? " | " : "");
      g_string_append_len (text, (const char *) bytes + at + from, MIN (n_text - from, 1000));
      if (!first && n_text > 3 && n_bytes > length && text->str[3] == '-')
        text->str[3] = ' ';
      at += length;
    }
  for (char *at = text->str; at < text->str + text->len; at++)
    if ((guchar) *at < ' ' || *at == 127)
      *at = '?';
  return g_utf8_make_valid (text->str, text->len);
}

static char *
summarize (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  if (direction == WT_TO_CLIENT && context != WT_SMTP_CONTEXT_TLS)
    return summarize_lines (bytes, n_bytes);
  switch (context)
    {
    case WT_CONTEXT_CONTENT:
      return wt_mime_dissector.summary (direction, context, bytes, n_bytes);
    case WT_SMTP_CONTEXT_CHUNK:
      return g_strdup_printf (ngettext ("Chunk of a mail, %lu byte", "Chunk of a mail, %lu bytes", n_bytes),
                              (gulong) n_bytes);
    case WT_SMTP_CONTEXT_AUTH:
      return g_strdup (_ ("Credentials"));
    case WT_SMTP_CONTEXT_TLS:
      return g_strdup_printf (ngettext ("TLS, %lu byte", "TLS, %lu bytes", n_bytes), (gulong) n_bytes);
    default:
      return summarize_lines (bytes, n_bytes);
    }
}

/* LMTP's messages are SMTP's (RFC 2033 4). */
static WtField *
dissect_lmtp (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  WtField *root = wt_field_new (SMTP_INFO (SMTP_LMTP), 0, n_bytes, NULL, 0);
  wt_field_set_glossary (root, "lmtp");
  wt_field_append (root, dissect (direction, context, bytes, n_bytes));
  return root;
}

const WtDissector wt_lmtp_dissector = {
  .protocol = WT_PROTOCOL_LMTP,
  .name = "lmtp",
  .title = "LMTP",
  .stream = TRUE,
  .port = 24, /* "any private mail system" of the IANA's list, and what servers use by default */
  .fields = wt_lmtp_field_list,
  .states = &wt_lmtp_states,
  .message = dissect_lmtp,
  .summary = summarize,
  .stream_new = wt_smtp_stream_new,
  .stream_feed = wt_smtp_stream_feed,
  .stream_end = wt_smtp_stream_end,
  .stream_free = wt_smtp_stream_free,
};

const WtDissector wt_smtp_dissector = {
  .protocol = WT_PROTOCOL_SMTP,
  .name = "smtp",
  .title = "SMTP",
  .stream = TRUE,
  .port = 25,
  .fields = wt_smtp_field_list,
  .states = &wt_smtp_states,
  .message = dissect,
  .summary = summarize,
  .secret = wt_smtp_dialogue_secret,
  .stream_new = wt_smtp_stream_new,
  .stream_feed = wt_smtp_stream_feed,
  .stream_end = wt_smtp_stream_end,
  .stream_tls = wt_smtp_stream_tls,
  .stream_free = wt_smtp_stream_free,
};
