#include "protocols/imap/imap-reply.h"

#include "protocols/imap/imap-names.h"

#include <string.h>

void
wt_imap_put (GByteArray *out, const char *text)
{
  g_byte_array_append (out, (const guint8 *)text, strlen (text));
}

void
wt_imap_putf (GByteArray *out, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  wt_imap_put (out, text);
}

void
wt_imap_put_number (GByteArray *out, guint64 number)
{
  char text[24], *at = text + sizeof text;
  do
    *--at = '0' + number % 10;
  while ((number /= 10) > 0);
  g_byte_array_append (out, (const guint8 *)at, text + sizeof text - at);
}

void
wt_imap_put_literal (GByteArray *out, const guint8 *bytes, gsize n_bytes)
{
  wt_imap_put (out, "{");
  wt_imap_put_number (out, n_bytes);
  wt_imap_put (out, "}\r\n");
  g_byte_array_append (out, bytes, n_bytes);
}

/* QUOTED-CHAR is 7 bit and without CR and LF; long strings go as literals, as readers like them. */
static gboolean
can_be_quoted (const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes > 1000)
    return FALSE;
  for (gsize i = 0; i < n_bytes; i++)
    if (bytes[i] == 0 || bytes[i] == '\r' || bytes[i] == '\n' || bytes[i] >= 0x80)
      return FALSE;
  return TRUE;
}

void
wt_imap_put_quoted (GByteArray *out, const guint8 *bytes, gsize n_bytes)
{
  wt_imap_put (out, "\"");
  for (gsize i = 0, from = 0; i <= n_bytes; i++)
    if (i == n_bytes || bytes[i] == '"' || bytes[i] == '\\')
      {
        g_byte_array_append (out, bytes + from, i - from);
        if (i < n_bytes)
          wt_imap_put (out, "\\");
        from = i;
      }
  wt_imap_put (out, "\"");
}

void
wt_imap_put_string (GByteArray *out, const guint8 *bytes, gsize n_bytes)
{
  if (can_be_quoted (bytes, n_bytes))
    wt_imap_put_quoted (out, bytes, n_bytes);
  else
    wt_imap_put_literal (out, bytes, n_bytes);
}

void
wt_imap_put_text (GByteArray *out, const char *text)
{
  if (text == NULL)
    wt_imap_put (out, "NIL");
  else
    wt_imap_put_string (out, (const guint8 *)text, strlen (text));
}

static gboolean
is_atom (const char *text)
{
  for (const char *at = text; *at; at++)
    if ((guchar)*at <= 0x20 || (guchar)*at >= 0x7f || strchr ("(){%*\"\\]", *at) != NULL)
      return FALSE;
  return *text != 0 && g_ascii_strcasecmp (text, "NIL") != 0;
}

void
wt_imap_put_mailbox (GByteArray *out, const char *name, gboolean utf8)
{
  g_autofree char *wire = utf8 ? g_strdup (name) : wt_imap_name_encode (name);
  if (is_atom (wire))
    wt_imap_put (out, wire);
  else
    wt_imap_put_quoted (out, (const guint8 *)wire, strlen (wire));
}

void
wt_imap_put_flags (GByteArray *out, guint32 flags, const char *const *keywords, guint n_keywords)
{
  const char *gap = "(";
  for (guint i = 0; i < WT_IMAP_N_FLAG_NAMES + n_keywords; i++)
    {
      if (!(flags & 1u << i))
        continue;
      wt_imap_put (out, gap);
      wt_imap_put (out, i < WT_IMAP_N_FLAG_NAMES ? wt_imap_flag_names[i] : keywords[i - WT_IMAP_N_FLAG_NAMES]);
      gap = " ";
    }
  wt_imap_put (out, *gap == '(' ? "()" : ")");
}

void
wt_imap_put_date_time (GByteArray *out, gint64 seconds)
{
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (seconds);
  if (when == NULL)
    when = g_date_time_new_from_unix_utc (0);
  wt_imap_putf (out, "\"%2d-%s-%04d %02d:%02d:%02d +0000\"", g_date_time_get_day_of_month (when),
                months[g_date_time_get_month (when) - 1], g_date_time_get_year (when), g_date_time_get_hour (when),
                g_date_time_get_minute (when), g_date_time_get_second (when));
}
