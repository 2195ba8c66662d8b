/* The trace information that a server writes on top of a mail (RFC 5321 4.4). */
#include "app/hosts/mail-server-private.h"
#include "protocols/mime/mime-parser.h"

#include <string.h>

gsize
wt_mail_header_length (GBytes *message)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (message, &size);
  if (size >= 2 && memcmp (bytes, "\r\n", 2) == 0)
    return 0;
  const guint8 *end = size ? memmem (bytes, size, "\r\n\r\n", 4) : NULL;
  return end ? (gsize) (end - bytes) + 2 : size;
}

/* A field of the header, folded lines and all. */
typedef struct {
  gsize start, name_end, end;
} Field;

/* The field at `at`; FALSE: the header ends there, with an empty line. Every mail that comes in goes through here twice, so it
 * is no MIME parser. */
static gboolean
field_at (const guint8 *bytes, gsize size, gsize at, Field *field)
{
  if (at >= size || (bytes[at] == '\r' && at + 1 < size && bytes[at + 1] == '\n'))
    return FALSE;
  const guint8 *end = bytes + at, *stop = bytes + size;
  do
    {
      end = memchr (end, '\n', stop - end);
      end = end ? end + 1 : stop;
    }
  while (end < stop && (*end == ' ' || *end == '\t'));
  const guint8 *colon = memchr (bytes + at, ':', end - (bytes + at));
  gsize name_end = colon ? (gsize) (colon - bytes) : at;
  while (name_end > at && (bytes[name_end - 1] == ' ' || bytes[name_end - 1] == '\t')) /* obsolete, RFC 5322 4.5 */
    name_end--;
  *field = (Field){ at, name_end, end - bytes };
  return TRUE;
}

static gboolean
is_field (const guint8 *bytes, const Field *field, const char *name)
{
  gsize length = strlen (name);
  return field->name_end - field->start == length && g_ascii_strncasecmp ((const char *) bytes + field->start, name, length) == 0;
}

static guint
count_fields (GBytes *message, const char *name)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (message, &size);
  Field field;
  guint count = 0;
  for (gsize at = 0; field_at (bytes, size, at, &field); at = field.end)
    count += is_field (bytes, &field, name);
  return count;
}

guint
wt_mail_count_received (GBytes *message)
{
  return count_fields (message, "Received");
}

char *
wt_mail_date (gint64 wall_time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (wall_time / G_USEC_PER_SEC);
  return date ? wt_mime_date_format (date) : g_strdup ("Thu, 1 Jan 1970 00:00:00 +0000");
}

static GBytes *
join (const char *top, const guint8 *bytes, gsize n_bytes)
{
  gsize length = strlen (top);
  guint8 *all = g_malloc (length + n_bytes);
  memcpy (all, top, length);
  if (n_bytes > 0)
    memcpy (all + length, bytes, n_bytes);
  return g_bytes_new_take (all, length + n_bytes);
}

/* The protocol of the "with" clause (RFC 5321 4.4, RFC 3848, RFC 6531 4.3). (transfer full) */
static char *
with_clause (const WtMailStamp *stamp)
{
  const char *protocol = stamp->lmtp ? "LMTP" : stamp->smtputf8 || !stamp->esmtp ? "SMTP" : "ESMTP";
  if (!stamp->esmtp && !stamp->smtputf8)
    return g_strdup (protocol);
  return g_strconcat (stamp->smtputf8 ? "UTF8" : "", protocol, stamp->tls ? "S" : "", stamp->authenticated ? "A" : "", NULL);
}

/* What the client called itself; without SMTPUTF8 a header is ASCII. (transfer full) */
static char *
client_name (const WtMailStamp *stamp)
{
  if (stamp->helo == NULL)
    return g_strdup ("unknown");
  char *ascii = stamp->smtputf8 ? g_strdup (stamp->helo) : g_hostname_to_ascii (stamp->helo);
  return ascii ? ascii : g_strdup ("unknown");
}

static void
append_all (GString *line, ...)
{
  va_list parts;
  const char *part;
  va_start (parts, line);
  while ((part = va_arg (parts, const char *)))
    g_string_append (line, part);
  va_end (parts);
}

GBytes *
wt_mail_stamp_received (GBytes *message, const WtMailStamp *stamp)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (message, &size);
  g_autofree char *name = client_name (stamp);
  g_autofree char *client = wt_address_to_string ((WtAddress){ stamp->client.ip, 0 });
  g_autofree char *with = with_clause (stamp);
  g_autoptr (GString) line = g_string_sized_new (256);
  append_all (line, "Received: from ", name, " ([", client, "])", NULL);
  if (stamp->tls)
    g_string_append_printf (line, "\r\n\t(using %s with cipher %s (%u bits))", stamp->tls->version, stamp->tls->cipher,
                            stamp->tls->bits);
  append_all (line, "\r\n\tby ", stamp->hostname, " with ", with, " id ", stamp->id, NULL);
  if (stamp->recipient) /* with more than one the others would be told of it (RFC 5321 7.2) */
    {
      g_autofree char *recipient = wt_smtp_path_to_string (stamp->recipient);
      append_all (line, "\r\n\tfor <", recipient, ">", NULL);
    }
  append_all (line, "; ", stamp->date, "\r\n", NULL);
  return join (line->str, bytes, size);
}

/* Copies what lies between fields called Return-Path. */
static GBytes *
without_return_path (GBytes *message)
{
  gsize size, kept_to = 0;
  const guint8 *bytes = g_bytes_get_data (message, &size);
  GByteArray *rest = g_byte_array_sized_new (size);
  Field field;
  for (gsize at = 0; field_at (bytes, size, at, &field); at = field.end)
    {
      if (!is_field (bytes, &field, "Return-Path"))
        continue;
      g_byte_array_append (rest, bytes + kept_to, field.start - kept_to);
      kept_to = field.end;
    }
  g_byte_array_append (rest, bytes + kept_to, size - kept_to);
  return g_byte_array_free_to_bytes (rest);
}

GBytes *
wt_mail_stamp_return_path (GBytes *message, const WtSmtpPath *sender)
{
  g_autofree char *address = wt_smtp_path_to_string (sender);
  g_autofree char *line = g_strconcat ("Return-Path: <", address, ">\r\n", NULL);
  g_autoptr (GBytes) rest = count_fields (message, "Return-Path") > 0 ? without_return_path (message) : g_bytes_ref (message);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (rest, &size);
  return join (line, bytes, size);
}
