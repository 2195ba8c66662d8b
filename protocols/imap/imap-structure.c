#include "protocols/imap/imap-structure.h"

#include "protocols/imap/imap-reply.h"

#include <string.h>

guint64
wt_imap_count_lines (const guint8 *bytes, gsize n_bytes)
{
  guint64 n = 0;
  const guint8 *end = bytes + n_bytes;
  for (const guint8 *at = bytes; at < end && (at = memchr (at, '\n', end - at)) != NULL; at++)
    n++;
  return n;
}

static const guint8 *
data_of (const WtMimeMessage *message)
{
  return g_bytes_get_data (message->bytes, NULL);
}

/* --- header fields as they are written ------------------------------------------------------------------------------
 */

/* On one line: a fold and the white space after it become one space. (transfer full) */
static char *
unfold (const guint8 *bytes, gsize n_bytes)
{
  GString *out = g_string_sized_new (n_bytes);
  for (gsize i = 0; i < n_bytes; i++)
    {
      if (bytes[i] != '\r' && bytes[i] != '\n')
        {
          g_string_append_c (out, bytes[i] ? bytes[i] : ' ');
          continue;
        }
      while (i + 1 < n_bytes && g_ascii_isspace (bytes[i + 1]))
        i++;
      g_string_append_c (out, ' ');
    }
  return g_strstrip (g_string_free (out, FALSE));
}

/* (transfer full) (nullable) */
static char *
field_text (const WtMimeMessage *message, const WtMimePart *part, const char *name)
{
  const WtMimeHeader *header = wt_mime_part_header (message, part, name);
  return header ? unfold (data_of (message) + header->value_start, header->value_end - header->value_start) : NULL;
}

static void
put_field (GByteArray *out, const WtMimeMessage *message, const WtMimePart *part, const char *name)
{
  g_autofree char *text = field_text (message, part, name);
  wt_imap_put_text (out, text);
}

/* --- envelope -------------------------------------------------------------------------------------------------------
 */

/* The local part without its quotes (RFC 9051 7.5.2, addr-mailbox). */
static char *
unquote (const char *text, gsize length)
{
  GString *out = g_string_sized_new (length);
  gboolean quoted = length > 1 && text[0] == '"';
  for (gsize i = 0; i < length; i++)
    {
      if (quoted && text[i] == '"')
        continue;
      if (quoted && text[i] == '\\' && i + 1 < length)
        i++;
      g_string_append_c (out, text[i]);
    }
  return g_string_free (out, FALSE);
}

static void
put_address (GByteArray *out, const WtMimeAddress *address)
{
  const char *at = strrchr (address->mailbox, '@');
  gsize length = at ? (gsize)(at - address->mailbox) : strlen (address->mailbox);
  g_autofree char *local_part = unquote (address->mailbox, length);
  wt_imap_put (out, "(");
  wt_imap_put_text (out, address->written_name);
  wt_imap_put (out, " NIL ");
  wt_imap_put_text (out, *local_part ? local_part : "MISSING_MAILBOX");
  wt_imap_put (out, " ");
  /* NIL would say that it is a group */
  wt_imap_put_text (out, at && at[1] ? at + 1 : "MISSING_DOMAIN");
  wt_imap_put (out, ")");
}

static void
end_group (GByteArray *out, const char **group)
{
  if (*group != NULL)
    wt_imap_put (out, "(NIL NIL NIL NIL)");
  *group = NULL;
}

static void
put_addresses (GByteArray *out, GPtrArray *addresses)
{
  const char *group = NULL; /* the one that is open */
  wt_imap_put (out, "(");
  for (guint i = 0; i < addresses->len; i++)
    {
      const WtMimeAddress *address = g_ptr_array_index (addresses, i);
      if (g_strcmp0 (group, address->group) != 0)
        end_group (out, &group);
      if (address->group != NULL && group == NULL)
        {
          g_autofree char *name = wt_mime_encode_text (address->group, 0);
          group = address->group;
          wt_imap_put (out, "(NIL NIL ");
          wt_imap_put_text (out, name);
          wt_imap_put (out, " NIL)");
        }
      if (*address->mailbox)
        put_address (out, address);
    }
  end_group (out, &group);
  wt_imap_put (out, ")");
}

/* `fallback` (nullable): the field that stands in for a missing one, RFC 9051 7.5.2. */
static void
put_address_field (GByteArray *out, const WtMimeMessage *message, const WtMimePart *part, const char *name,
                   const char *fallback)
{
  const WtMimeHeader *header = wt_mime_part_header (message, part, name);
  g_autoptr (GPtrArray) addresses = NULL;
  if (header != NULL)
    addresses =
        wt_mime_addresses_parse (data_of (message) + header->value_start, header->value_end - header->value_start);
  if (addresses != NULL && addresses->len > 0)
    put_addresses (out, addresses);
  else if (fallback != NULL)
    put_address_field (out, message, part, fallback, NULL);
  else
    wt_imap_put (out, "NIL");
}

void
wt_imap_put_envelope (GByteArray *out, const WtMimeMessage *message, const WtMimePart *part)
{
  static const struct
  {
    const char *name, *fallback;
  } addresses[] = { { "From", NULL }, { "Sender", "From" }, { "Reply-To", "From" },
                    { "To", NULL },   { "Cc", NULL },       { "Bcc", NULL } };
  wt_imap_put (out, "(");
  put_field (out, message, part, "Date");
  wt_imap_put (out, " ");
  put_field (out, message, part, "Subject");
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      wt_imap_put (out, " ");
      put_address_field (out, message, part, addresses[i].name, addresses[i].fallback);
    }
  wt_imap_put (out, " ");
  put_field (out, message, part, "In-Reply-To");
  wt_imap_put (out, " ");
  put_field (out, message, part, "Message-ID");
  wt_imap_put (out, ")");
}

/* --- body structure -------------------------------------------------------------------------------------------------
 */

/* (transfer full) (nullable) */
static WtMimeValue *
written_value (const WtMimeMessage *message, const WtMimePart *part, const char *name)
{
  const WtMimeHeader *header = wt_mime_part_header (message, part, name);
  if (header == NULL)
    return NULL;
  return wt_mime_value_parse_written (data_of (message) + header->value_start, header->value_end - header->value_start);
}

/* ("name" "value" ...), NIL when there are none; text without a charset is in US-ASCII (RFC 2045 5.2). */
static void
put_parameters (GByteArray *out, const WtMimeValue *value, gboolean is_text)
{
  gboolean any = FALSE;
  for (guint i = 0; value != NULL && i < value->parameters->len; i++)
    {
      const WtMimeParameter *parameter = &g_array_index (value->parameters, WtMimeParameter, i);
      wt_imap_put (out, any ? " " : "(");
      any = TRUE;
      wt_imap_put_text (out, parameter->name);
      wt_imap_put (out, " ");
      wt_imap_put_text (out, parameter->value);
    }
  if (any)
    wt_imap_put (out, ")");
  else
    wt_imap_put (out, is_text ? "(\"charset\" \"us-ascii\")" : "NIL");
}

static void
put_languages (GByteArray *out, const WtMimeMessage *message, const WtMimePart *part)
{
  g_autofree char *text = field_text (message, part, "Content-Language");
  g_auto (GStrv) languages = g_strsplit (text ? text : "", ",", 100);
  gboolean any = FALSE;
  for (char **each = languages; *each; each++)
    if (*g_strstrip (*each))
      {
        wt_imap_put (out, any ? " " : "(");
        wt_imap_put_text (out, *each);
        any = TRUE;
      }
  wt_imap_put (out, any ? ")" : "NIL");
}

/* Disposition, language, location: what single and multiple parts have in common. */
static void
put_extension (GByteArray *out, const WtMimeMessage *message, const WtMimePart *part)
{
  g_autoptr (WtMimeValue) disposition = written_value (message, part, "Content-Disposition");
  wt_imap_put (out, " ");
  if (disposition != NULL && *disposition->value)
    {
      wt_imap_put (out, "(");
      wt_imap_put_text (out, disposition->value);
      wt_imap_put (out, " ");
      put_parameters (out, disposition, FALSE);
      wt_imap_put (out, ")");
    }
  else
    wt_imap_put (out, "NIL");
  wt_imap_put (out, " ");
  put_languages (out, message, part);
  wt_imap_put (out, " ");
  put_field (out, message, part, "Content-Location");
}

static void
put_multipart (GByteArray *out, const WtMimeMessage *message, const WtMimePart *part, gboolean extended)
{
  const char *subtype = strchr (part->content_type, '/');
  for (guint i = 0; part->parts != NULL && i < part->parts->len; i++)
    wt_imap_put_structure (out, message, g_ptr_array_index (part->parts, i), extended);
  if (part->parts == NULL || part->parts->len == 0) /* the grammar wants at least one */
    wt_imap_putf (out, "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0%s)",
                  extended ? " NIL NIL NIL NIL" : "");
  wt_imap_put (out, " ");
  wt_imap_put_text (out, subtype ? subtype + 1 : "mixed");
  if (!extended)
    return;
  g_autoptr (WtMimeValue) type = written_value (message, part, "Content-Type");
  wt_imap_put (out, " ");
  put_parameters (out, type, FALSE);
  put_extension (out, message, part);
}

/* The transfer encoding as it is written; 7bit when nothing is (RFC 2045 6.1). */
static void
put_encoding (GByteArray *out, const WtMimeMessage *message, const WtMimePart *part)
{
  g_autoptr (WtMimeValue) value = written_value (message, part, "Content-Transfer-Encoding");
  wt_imap_put_text (out, value && *value->value ? value->value : "7bit");
}

static void
put_type (GByteArray *out, const char *type, const char *subtype)
{
  wt_imap_put_text (out, type);
  wt_imap_put (out, " ");
  wt_imap_put_text (out, subtype);
  wt_imap_put (out, " ");
}

static void
put_single (GByteArray *out, const WtMimeMessage *message, const WtMimePart *part, gboolean extended)
{
  const char *slash = strchr (part->content_type, '/');
  gboolean is_text = g_str_has_prefix (part->content_type, "text/");
  gboolean is_rfc822 = strcmp (part->content_type, "message/rfc822") == 0;
  const WtMimePart *inner =
      is_rfc822 && part->parts && part->parts->len > 0 ? g_ptr_array_index (part->parts, 0) : NULL;
  g_autoptr (WtMimeValue) type_value = written_value (message, part, "Content-Type");
  g_autofree char *type = slash ? g_strndup (part->content_type, slash - part->content_type) : g_strdup ("text");

  if (is_rfc822 && inner == NULL) /* encoded, or too deep: not to be looked into */
    put_type (out, "application", "octet-stream");
  else
    put_type (out, type, slash ? slash + 1 : "plain");
  put_parameters (out, type_value, is_text);
  wt_imap_put (out, " ");
  put_field (out, message, part, "Content-ID");
  wt_imap_put (out, " ");
  put_field (out, message, part, "Content-Description");
  wt_imap_put (out, " ");
  put_encoding (out, message, part);
  wt_imap_put (out, " ");
  wt_imap_put_number (out, part->body_end - part->body_start);
  if (inner != NULL)
    {
      wt_imap_put (out, " ");
      wt_imap_put_envelope (out, message, inner);
      wt_imap_put (out, " ");
      wt_imap_put_structure (out, message, inner, extended);
    }
  if (is_text || inner != NULL)
    {
      wt_imap_put (out, " ");
      wt_imap_put_number (
          out, wt_imap_count_lines (data_of (message) + part->body_start, part->body_end - part->body_start));
    }
  if (!extended)
    return;
  wt_imap_put (out, " ");
  put_field (out, message, part, "Content-MD5");
  put_extension (out, message, part);
}

void
wt_imap_put_structure (GByteArray *out, const WtMimeMessage *message, const WtMimePart *part, gboolean extended)
{
  wt_imap_put (out, "(");
  if (g_str_has_prefix (part->content_type, "multipart/"))
    put_multipart (out, message, part, extended);
  else
    put_single (out, message, part, extended);
  wt_imap_put (out, ")");
}
