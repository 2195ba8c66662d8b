#include "protocols/smtp/smtp-reply.h"

#include <string.h>

/* "250-" and CRLF around the text */
#define TEXT_MAX (WT_SMTP_REPLY_LINE_MAX - 6)

static gsize
number_length (const guint8 *bytes, gsize n_bytes)
{
  gsize length = 0;

  while (length < n_bytes && length < 3 && g_ascii_isdigit (bytes[length]))
    length++;
  return length;
}

gsize
wt_smtp_enhanced_length (const guint8 *bytes, gsize n_bytes)
{
  gsize subject, detail;

  if (n_bytes < 5 || strchr ("245", bytes[0]) == NULL || bytes[0] == '\0' || bytes[1] != '.')
    return 0;
  subject = number_length (bytes + 2, n_bytes - 2);
  if (subject == 0 || 2 + subject >= n_bytes || bytes[2 + subject] != '.')
    return 0;
  gsize at = 3 + subject;
  detail = number_length (bytes + at, n_bytes - at);
  if (detail == 0 || (at + detail < n_bytes && bytes[at + detail] != ' '))
    return 0;
  return at + detail;
}

gboolean
wt_smtp_reply_line_parse (const guint8 *bytes, gsize n_bytes, WtSmtpReplyLine *line)
{
  if (n_bytes < 3 || bytes[0] < '1' || bytes[0] > '5' || !g_ascii_isdigit (bytes[1]) || !g_ascii_isdigit (bytes[2]))
    return FALSE;
  if (n_bytes > 3 && bytes[3] != ' ' && bytes[3] != '-')
    return FALSE;
  line->code = (guint)(bytes[0] - '0') * 100 + (guint)(bytes[1] - '0') * 10 + (guint)(bytes[2] - '0');
  line->last = n_bytes == 3 || bytes[3] == ' ';
  line->text_start = MIN (n_bytes, 4);
  line->enhanced_start = line->enhanced_end = line->text_start;
  if (n_bytes > 4 && bytes[4] == bytes[0])
    line->enhanced_end += wt_smtp_enhanced_length (bytes + 4, n_bytes - 4);
  return TRUE;
}

/* How much of `text` fits in one line: to a space if there is one, never through a UTF-8 character. */
static gsize
fitting_length (const char *text, gsize length, gsize room)
{
  if (length <= room)
    return length;
  for (gsize i = room; i > room / 2; i--)
    if (text[i] == ' ')
      return i;
  while (room > 1 && ((guint8)text[room] & 0xc0) == 0x80)
    room--;
  return room;
}

/* The line of the reply at `at`, which goes to where the next one begins; long ones are continued. FALSE: it is the last. */
static gboolean
next_line (const char *text, gsize room, gsize *at, gsize *n_line)
{
  gsize length = strcspn (text + *at, "\n");
  gsize taken = fitting_length (text + *at, length, room);

  *n_line = taken;
  *at += taken;
  if (taken < length)
    *at += text[*at] == ' ';
  else if (text[*at] == '\n' && text[*at + 1] != '\0')
    (*at)++;
  else
    return FALSE;
  return TRUE;
}

static void
append_text (GByteArray *out, const char *text, gsize length, gboolean utf8)
{
  gsize start = out->len;

  g_byte_array_append (out, (const guint8 *)text, length);
  for (gsize i = start; i < out->len; i++)
    if (out->data[i] < ' ' || out->data[i] == 127 || (out->data[i] >= 0x80 && !utf8))
      out->data[i] = '?';
}

GBytes *
wt_smtp_reply_to_bytes (const WtSmtpReply *self, gboolean utf8)
{
  g_return_val_if_fail (self != NULL, NULL);
  const char *text = self->text != NULL ? self->text : "";
  guint code = self->code >= 200 && self->code <= 599 ? self->code : 451;
  gsize n_enhanced = self->enhanced != NULL ? MIN (strlen (self->enhanced), 16) : 0;
  gsize room = TEXT_MAX - (n_enhanced > 0 ? n_enhanced + 1 : 0);
  gboolean valid_utf8 = utf8 && g_utf8_validate (text, -1, NULL);
  GByteArray *out = g_byte_array_sized_new (strlen (text) + n_enhanced + 16);
  gsize at = 0, start, n_line;
  gboolean more;

  do
    {
      start = at;
      more = next_line (text, room, &at, &n_line);
      const guint8 head[4] = { '0' + code / 100, '0' + code / 10 % 10, '0' + code % 10, more ? '-' : ' ' };
      g_byte_array_append (out, head, sizeof head);
      if (n_enhanced > 0)
        {
          append_text (out, self->enhanced, n_enhanced, FALSE);
          g_byte_array_append (out, (const guint8 *)" ", 1);
        }
      append_text (out, text + start, n_line, valid_utf8);
      g_byte_array_append (out, (const guint8 *)"\r\n", 2);
    }
  while (more);
  return g_byte_array_free_to_bytes (out);
}
