#include "app/hosts/mail-compose.h"

#include "protocols/mime/mime-codec.h"
#include "protocols/mime/mime-header.h"

#include <string.h>

#define LINE_MAX_PLAIN 998 /* characters without CRLF, RFC 5322 2.1.1; longer ones need an encoding */
#define FILL_LINE 72

static void
append_header (GString *out, const WtMailDraft *draft)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (draft->wall_time / G_USEC_PER_SEC);
  g_autofree char *date_text = date ? wt_mime_date_format (date) : NULL;
  g_autofree char *subject = g_strdelimit (g_strdup (draft->subject), "\r\n\t", ' ');
  g_autofree char *encoded = wt_mime_encode_text (subject, strlen ("Subject: "));
  if (date_text)
    g_string_append_printf (out, "Date: %s\r\n", date_text);
  g_string_append_printf (out, "From: <%s>\r\nTo: ", draft->from);
  for (const char *const *to = draft->to; *to; to++)
    g_string_append_printf (out, "%s<%s>", to == draft->to ? "" : ",\r\n ", *to);
  g_string_append_printf (out, "\r\nSubject: %s\r\nMessage-ID: <%s>\r\nMIME-Version: 1.0\r\n", encoded, draft->message_id);
}

/* Lines that say which they are, so that a missing one would be seen. */
static void
fill (GString *text, gsize size)
{
  for (guint line = 1; text->len < size; line++)
    {
      gsize start = text->len;
      g_string_append_printf (text, "line %u ", line);
      while (text->len - start < FILL_LINE)
        g_string_append_c (text, 'a' + (text->len - start) % 26);
      g_string_append (text, "\r\n");
    }
}

/* Every line end becomes CRLF; the last line has one. */
static GString *
with_crlf (const char *text)
{
  GString *out = g_string_new (NULL);
  for (const char *c = text; *c; c++)
    if (*c == '\r' && c[1] == '\n')
      continue;
    else if (*c == '\n' || *c == '\r')
      g_string_append (out, "\r\n");
    else
      g_string_append_c (out, *c);
  if (out->len > 0 && out->str[out->len - 1] != '\n')
    g_string_append (out, "\r\n");
  return out;
}

static gboolean
has_long_line (const char *text)
{
  for (const char *line = text; *line; line += strspn (line, "\r\n"))
    {
      gsize length = strcspn (line, "\r\n");
      if (length > LINE_MAX_PLAIN)
        return TRUE;
      line += length;
    }
  return FALSE;
}

static void
append_body (GString *out, const GString *text)
{
  gboolean ascii = g_str_is_ascii (text->str);
  gboolean plain = ascii && !has_long_line (text->str);
  g_string_append_printf (out, "Content-Type: text/plain; charset=%s\r\nContent-Transfer-Encoding: %s\r\n\r\n",
                          ascii ? "us-ascii" : "utf-8", plain ? "7bit" : "quoted-printable");
  if (plain)
    {
      g_string_append_len (out, text->str, text->len);
      return;
    }
  g_autoptr (GByteArray) encoded = g_byte_array_new ();
  wt_mime_encode_quoted_printable (encoded, (const guint8 *) text->str, text->len, TRUE);
  g_string_append_len (out, (const char *) encoded->data, encoded->len);
}

GBytes *
wt_mail_compose (const WtMailDraft *draft)
{
  GString *out = g_string_new (NULL);
  GString *text = with_crlf (draft->text);
  append_header (out, draft);
  fill (text, draft->fill);
  append_body (out, text);
  g_string_free (text, TRUE);
  return g_string_free_to_bytes (out);
}
