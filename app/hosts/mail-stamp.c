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

/* Only the header is parsed: the body may be large and does not matter here. */
static WtMimeMessage *
parse_header (GBytes *message)
{
  g_autoptr (GBytes) header = g_bytes_new_from_bytes (message, 0, wt_mail_header_length (message));
  return wt_mime_message_parse (header);
}

static gboolean
is_field (const WtMimeMessage *message, const WtMimeHeader *header, const char *name)
{
  gsize length = strlen (name);
  const char *bytes = g_bytes_get_data (message->bytes, NULL);
  return header->name_end - header->start == length && g_ascii_strncasecmp (bytes + header->start, name, length) == 0;
}

guint
wt_mail_count_received (GBytes *message)
{
  g_autoptr (WtMimeMessage) parsed = parse_header (message);
  guint count = 0;
  for (guint i = 0; i < parsed->root->headers->len; i++)
    if (is_field (parsed, &g_array_index (parsed->root->headers, WtMimeHeader, i), "Received"))
      count++;
  return count;
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

GBytes *
wt_mail_stamp_received (GBytes *message, const WtMailStamp *stamp)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (message, &size);
  g_autofree char *date = wt_mail_date (stamp->wall_time);
  g_autofree char *name = client_name (stamp);
  g_autofree char *with = with_clause (stamp);
  g_autofree char *client = wt_address_to_string ((WtAddress){ stamp->client.ip, 0 });
  g_autoptr (GString) line = g_string_sized_new (256);
  g_string_printf (line, "Received: from %s ([%s])", name, client);
  if (stamp->tls)
    g_string_append_printf (line, "\r\n\t(using %s with cipher %s (%u bits))", stamp->tls->version, stamp->tls->cipher,
                            stamp->tls->bits);
  g_string_append_printf (line, "\r\n\tby %s with %s id %s", stamp->hostname, with, stamp->id);
  if (stamp->recipient) /* with more than one the others would be told of it (RFC 5321 7.2) */
    {
      g_autofree char *recipient = wt_smtp_path_to_string (stamp->recipient);
      g_string_append_printf (line, "\r\n\tfor <%s>", recipient);
    }
  g_string_append_printf (line, "; %s\r\n", date);
  return join (line->str, bytes, size);
}

/* Copies what lies between fields called Return-Path. */
static GBytes *
without_return_path (const WtMimeMessage *parsed, GBytes *message)
{
  gsize size, kept_to = 0;
  const guint8 *bytes = g_bytes_get_data (message, &size);
  GByteArray *rest = g_byte_array_sized_new (size);
  for (guint i = 0; i < parsed->root->headers->len; i++)
    {
      const WtMimeHeader *header = &g_array_index (parsed->root->headers, WtMimeHeader, i);
      if (!is_field (parsed, header, "Return-Path"))
        continue;
      g_byte_array_append (rest, bytes + kept_to, header->start - kept_to);
      kept_to = header->end;
    }
  g_byte_array_append (rest, bytes + kept_to, size - kept_to);
  return g_byte_array_free_to_bytes (rest);
}

GBytes *
wt_mail_stamp_return_path (GBytes *message, const WtSmtpPath *sender)
{
  g_autofree char *address = wt_smtp_path_to_string (sender);
  g_autofree char *line = g_strdup_printf ("Return-Path: <%s>\r\n", address);
  g_autoptr (WtMimeMessage) parsed = parse_header (message);
  g_autoptr (GBytes) rest = wt_mime_part_header (parsed, parsed->root, "Return-Path")
                                ? without_return_path (parsed, message)
                                : g_bytes_ref (message);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (rest, &size);
  return join (line, bytes, size);
}
