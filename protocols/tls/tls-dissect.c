#include "protocols/tls/tls-dissect.h"

#include "protocols/tls/tls-fields.h"

#include <glib/gi18n.h>
#include <gnutls/gnutls.h>
#include <string.h>

#define INFO(id) (&wt_tls_field_infos[id])
#define RECORD_HEADER 5    /* type, version, length: RFC 8446 5.1 */
#define HANDSHAKE_HEADER 4 /* type, length: RFC 8446 4 */
#define BYTES_SHOWN 64     /* of a value in hex */
#define RANDOM_SIZE 32

typedef enum { CHANGE_CIPHER_SPEC = 20, ALERT, HANDSHAKE, APPLICATION_DATA } ContentType;
typedef enum { CLIENT_HELLO = 1, SERVER_HELLO = 2 } HandshakeType;

/* A part of the message, read from its start. */
typedef struct {
  const guint8 *bytes; /* the message's */
  gsize at, end;
} Part;

static gsize
left (const Part *part)
{
  return part->end - part->at;
}

/* A number in network order, `size` bytes; 0 when they are not there. */
static guint
take (Part *part, guint size)
{
  guint value = 0;

  if (left (part) < size)
    {
      part->at = part->end;
      return 0;
    }
  for (guint i = 0; i < size; i++)
    value = value << 8 | part->bytes[part->at++];
  return value;
}

/* The next `size` bytes, or what there is of them. */
static Part
take_part (Part *part, gsize size)
{
  Part taken = { part->bytes, part->at, part->at + MIN (size, left (part)) };
  part->at = taken.end;
  return taken;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static const char *
content_name (guint type)
{
  static const char *const names[] = { "Change Cipher Spec", "Alert", "Handshake", "Application Data" };
  return type >= CHANGE_CIPHER_SPEC && type <= APPLICATION_DATA ? names[type - CHANGE_CIPHER_SPEC] : "Unknown record";
}

static const char *
handshake_name (guint type)
{
  static const struct {
    guint type;
    const char *name;
  } names[] = {
    { 0, "Hello Request" },         { 1, "Client Hello" },         { 2, "Server Hello" },
    { 4, "New Session Ticket" },    { 8, "Encrypted Extensions" }, { 11, "Certificate" },
    { 12, "Server Key Exchange" },  { 13, "Certificate Request" }, { 14, "Server Hello Done" },
    { 15, "Certificate Verify" },   { 16, "Client Key Exchange" }, { 20, "Finished" },
    { 22, "Certificate Status" },   { 24, "Key Update" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].type == type)
      return names[i].name;
  return NULL;
}

static char *
version_name (guint version)
{
  switch (version)
    {
    case 0x0301:
      return g_strdup ("TLS 1.0");
    case 0x0302:
      return g_strdup ("TLS 1.1");
    case 0x0303:
      return g_strdup ("TLS 1.2");
    case 0x0304:
      return g_strdup ("TLS 1.3");
    default:
      return g_strdup_printf ("0x%04x", version);
    }
}

/* IANA's name of a cipher suite, as GnuTLS knows it; else its number. (transfer full) */
static char *
suite_name (guint suite)
{
  guint8 id[2];
  const char *name;
  for (gsize i = 0; (name = gnutls_cipher_suite_info (i, id, NULL, NULL, NULL, NULL)) != NULL; i++)
    if ((guint) (id[0] << 8 | id[1]) == suite)
      return g_str_has_prefix (name, "GNUTLS_") ? g_strdup (name + 7) : g_strdup (name);
  return g_strdup_printf ("0x%04x", suite);
}

/* --- fields ------------------------------------------------------------------------------------------------------- */

/* A number of `size` bytes that has a name (transfer full). */
static WtField *
append_named (WtField *parent, WtTlsField id, Part *part, guint size, char *(*name) (guint number))
{
  gsize start = part->at;
  if (left (part) < size)
    return NULL;
  guint number = take (part, size);
  WtField *field = wt_field_append_number (parent, INFO (id), start, part->at, number);
  g_free (field->value);
  field->value = name (number);
  return field;
}

static char *
content_text (guint type)
{
  return g_strdup_printf ("%s (%u)", content_name (type), type);
}

static char *
handshake_text (guint type)
{
  const char *name = handshake_name (type);
  return g_strdup_printf ("%s (%u)", name != NULL ? name : _ ("Encrypted"), type);
}

static char *
level_text (guint level)
{
  return g_strdup_printf ("%s (%u)", level == 1 ? "Warning" : level == 2 ? "Fatal" : "Unknown", level);
}

static char *
alert_text (guint description)
{
  const char *name = gnutls_alert_get_name (description);
  return g_strdup_printf ("%s (%u)", name != NULL ? name : "Unknown", description);
}

static void
append_bytes (WtField *parent, WtTlsField id, Part part)
{
  g_autoptr (GString) hex = g_string_new (NULL);
  for (gsize i = part.at; i < MIN (part.end, part.at + BYTES_SHOWN); i++)
    g_string_append_printf (hex, "%s%02x", hex->len > 0 ? ":" : "", part.bytes[i]);
  wt_field_append_string (parent, INFO (id), part.at, part.end, hex->str, hex->len);
}

/* --- hellos ------------------------------------------------------------------------------------------------------- */

static char *
extension_text (guint type)
{
  const char *name = gnutls_ext_get_name (type);
  return g_strdup_printf ("%s (%u)", name != NULL ? name : "Unknown", type);
}

/* RFC 6066 3: a list of names, of which the first counts. */
static void
append_server_name (WtField *field, Part part)
{
  take (&part, 2);
  take (&part, 1);
  guint length = take (&part, 2);
  Part name = take_part (&part, length);
  if (left (&name) > 0)
    wt_field_append_string (field, INFO (TLS_SERVER_NAME), name.at, name.end, (const char *) name.bytes + name.at,
                            left (&name));
}

/* RFC 8446 4.2.1: a list from the client, one from the server. */
static void
append_versions (WtField *field, Part part, gboolean client)
{
  if (client)
    take (&part, 1);
  while (append_named (field, TLS_SUPPORTED_VERSION, &part, 2, version_name) != NULL)
    ;
}

static void
append_extensions (WtField *field, Part part, gboolean client)
{
  guint length = take (&part, 2);
  Part extensions = take_part (&part, length);
  while (left (&extensions) >= 4)
    {
      guint type = extensions.bytes[extensions.at] << 8 | extensions.bytes[extensions.at + 1];
      WtField *extension = append_named (field, TLS_EXTENSION_TYPE, &extensions, 2, extension_text);
      guint n_bytes = take (&extensions, 2);
      Part content = take_part (&extensions, n_bytes);
      extension->end = content.end;
      if (type == 0)
        append_server_name (extension, content);
      else if (type == 43)
        append_versions (extension, content, client);
    }
}

static void
append_suites (WtField *field, Part *part)
{
  gsize start = part->at;
  guint length = take (part, 2);
  Part suites = take_part (part, length);
  WtField *list = wt_field_append (field, wt_field_new (INFO (TLS_CIPHER_SUITES), start, suites.end, NULL, 0));
  while (append_named (list, TLS_CIPHER_SUITE, &suites, 2, suite_name) != NULL)
    ;
}

/* RFC 8446 4.1.2, 4.1.3 */
static void
append_hello (WtField *field, Part part, gboolean client)
{
  append_named (field, TLS_HANDSHAKE_VERSION, &part, 2, version_name);
  append_bytes (field, TLS_RANDOM, take_part (&part, RANDOM_SIZE));
  guint id_length = take (&part, 1);
  append_bytes (field, TLS_SESSION_ID, take_part (&part, id_length));
  if (client)
    {
      append_suites (field, &part);
      guint compressions = take (&part, 1);
      take_part (&part, compressions);
    }
  else
    {
      append_named (field, TLS_CIPHER_SUITE, &part, 2, suite_name);
      take (&part, 1);
    }
  if (left (&part) >= 2)
    append_extensions (field, part, client);
}

/* --- records ------------------------------------------------------------------------------------------------------ */

/* A handshake message in clear says its own length; after ChangeCipherSpec (TLS 1.2) it is not in clear. */
static gboolean
is_clear_handshake (const Part *part)
{
  return left (part) >= HANDSHAKE_HEADER && handshake_name (part->bytes[part->at]) != NULL
         && part->bytes[part->at + 1] == 0;
}

static void
append_handshakes (WtField *record, Part part)
{
  while (left (&part) > 0)
    {
      gboolean clear = is_clear_handshake (&part);
      guint type = part.bytes[part.at];
      const char *name = clear ? handshake_name (type) : N_ ("Encrypted handshake message");
      WtField *field = wt_field_append_string (record, INFO (TLS_HANDSHAKE), part.at, part.end, name, -1);
      wt_field_set_glossary (field, "tls.handshake");
      if (!clear)
        return;
      append_named (field, TLS_HANDSHAKE_TYPE, &part, 1, handshake_text);
      gsize length_at = part.at;
      guint length = take (&part, 3);
      wt_field_append_number (field, INFO (TLS_HANDSHAKE_LENGTH), length_at, part.at, length);
      Part content = take_part (&part, length);
      field->end = content.end;
      if (type == CLIENT_HELLO || type == SERVER_HELLO)
        append_hello (field, content, type == CLIENT_HELLO);
    }
}

static void
append_content (WtField *record, guint type, Part part)
{
  if (type == HANDSHAKE)
    append_handshakes (record, part);
  else if (type == ALERT && left (&part) == 2)
    {
      append_named (record, TLS_ALERT_LEVEL, &part, 1, level_text);
      append_named (record, TLS_ALERT_DESCRIPTION, &part, 1, alert_text);
    }
  else if (type == APPLICATION_DATA && left (&part) > 0)
    append_bytes (record, TLS_APP_DATA, part);
}

static void
append_record (WtField *root, Part *part)
{
  gsize start = part->at;
  guint type = part->bytes[start];
  WtField *record = wt_field_append_string (root, INFO (TLS_RECORD), start, part->end, content_name (type), -1);
  wt_field_set_glossary (record, "tls.record");
  append_named (record, TLS_CONTENT_TYPE, part, 1, content_text);
  append_named (record, TLS_RECORD_VERSION, part, 2, version_name);
  gsize length_at = part->at;
  if (left (part) < 2)
    {
      part->at = part->end;
      return;
    }
  guint length = take (part, 2);
  wt_field_append_number (record, INFO (TLS_RECORD_LENGTH), length_at, part->at, length);
  Part content = take_part (part, length);
  record->end = content.end;
  append_content (record, type, content);
}

static WtField *
dissect (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  WtField *root = wt_field_new (INFO (TLS_ROOT), 0, n_bytes, NULL, 0);
  Part part = { bytes, 0, n_bytes };
  wt_field_set_glossary (root, "tls");
  while (left (&part) > 0)
    append_record (root, &part);
  return root;
}

/* --- one line ----------------------------------------------------------------------------------------------------- */

static void
append_summary (GString *line, guint type, Part part)
{
  gboolean clear = type == HANDSHAKE && is_clear_handshake (&part);
  const char *name = clear ? handshake_name (part.bytes[part.at]) : content_name (type);
  g_string_append_printf (line, "%s%s", line->len > 0 ? ", " : "", name);
  if (type == ALERT && left (&part) == 2)
    {
      g_autofree char *text = alert_text (part.bytes[part.at + 1]);
      g_string_append_printf (line, ": %s", text);
    }
}

/* "Server Hello, Change Cipher Spec, Application Data": the records, as Wireshark names them. */
static char *
summarize (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  GString *line = g_string_new (NULL);
  Part part = { bytes, 0, n_bytes };
  guint last = 0;

  while (left (&part) >= RECORD_HEADER)
    {
      guint type = take (&part, 1);
      take (&part, 2);
      guint length = take (&part, 2);
      Part content = take_part (&part, length);
      if (type != APPLICATION_DATA || last != APPLICATION_DATA) /* the rest of an encrypted handshake is told once */
        append_summary (line, type, content);
      last = type;
    }
  if (line->len == 0)
    g_string_append_printf (line, ngettext ("TLS, %lu byte", "TLS, %lu bytes", n_bytes), (gulong) n_bytes);
  return g_string_free (line, FALSE);
}

/* --- streams: a message a record ---------------------------------------------------------------------------------- */

typedef struct {
  WtMessageSpanFunc func;
  gpointer user_data;
  gsize start[2], at[2]; /* by direction: of the record at hand; up to where was read */
  guint8 header[2][RECORD_HEADER];
} Stream;

static gpointer
stream_new (WtMessageSpanFunc func, gpointer user_data)
{
  Stream *self = g_new0 (Stream, 1);
  self->func = func;
  self->user_data = user_data;
  return self;
}

static void
emit (Stream *self, WtDirection direction)
{
  WtMessageSpan span = { direction, WT_CONTEXT_PLAIN, 0, FALSE, self->start[direction], self->at[direction] };
  if (span.end > span.start)
    self->func (&span, self->user_data);
  self->start[direction] = self->at[direction];
}

static void
stream_feed (gpointer stream, WtDirection direction, const guint8 *bytes, gsize n_bytes)
{
  Stream *self = stream;
  for (gsize i = 0; i < n_bytes;)
    {
      gsize have = self->at[direction] - self->start[direction];
      guint8 *header = self->header[direction];
      if (have < RECORD_HEADER)
        {
          header[have] = bytes[i++];
          self->at[direction]++;
          if (have + 1 < RECORD_HEADER)
            continue;
          have++;
        }
      gsize length = RECORD_HEADER + (header[3] << 8 | header[4]);
      gsize n = MIN (length - have, n_bytes - i);
      self->at[direction] += n;
      i += n;
      if (have + n == length)
        emit (self, direction);
    }
}

static void
stream_end (gpointer stream)
{
  emit (stream, WT_TO_SERVER);
  emit (stream, WT_TO_CLIENT);
}

const WtDissector wt_tls_dissector = {
  .protocol = WT_PROTOCOL_TLS,
  .name = "tls",
  .title = "TLS",
  .stream = TRUE,
  .port = 443,
  .fields = wt_tls_field_list,
  .message = dissect,
  .summary = summarize,
  .stream_new = stream_new,
  .stream_feed = stream_feed,
  .stream_end = stream_end,
  .stream_free = g_free,
};
