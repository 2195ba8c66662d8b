/* wiretalk-cli mime: a mail as the tree of its parts. */
#include "app/cli/cli-input.h"
#include "app/cli/cli-json.h"

#include "protocols/mime/mime-parser.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#define INPUT_MAX G_MAXINT /* bytes */

/* What a message has besides, and where it stands in its header. */
static const struct {
  const char *member, *header;
} message_fields[] = {
  { "subject", "Subject" }, { "message_id", "Message-ID" }, { "from", "From" }, { "to", "To" }, { "date", "Date" },
};

static GOptionContext *
make_context (char **format)
{
  const GOptionEntry entries[] = {
    { "format", 'o', 0, G_OPTION_ARG_FILENAME, format, N_ ("text (default) or json"), N_ ("FORMAT") },
    { NULL },
  };
  GOptionContext *context = g_option_context_new ("FILE|-");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (
      context, N_ ("Shows a mail as the tree of its parts: what each is, which bytes it covers, how large it is when decoded, and what\n"
                   "is wrong with it. With - it reads stdin."));
  g_option_context_set_description (
      context, N_ ("With --format json it prints one object: content_type, charset, encoding, disposition, filename, range [start, end],\n"
                   "header_range, body_range, decoded_size, sha256 (of the decoded body), defects (a list of objects with kind, offset\n"
                   "and text) and parts, a list of such objects. A message, which the whole file is and which a message/rfc822 has as\n"
                   "its only part, also has subject, message_id, from, to and date, decoded. What a part does not have is null.\n\n"
                   "Examples:\n"
                   "  wiretalk-cli mime letter.eml\n"
                   "  wiretalk-cli mime --format json - < letter.eml\n\n"
                   "Exit status: 0 when all is done, 1 when the file cannot be read, 2 when the command line is wrong.\n"
                   "Defects of the mail do not count: mails have many."));
  return context;
}

/* --- parts -------------------------------------------------------------------------------------------------------- */

typedef struct {
  GChecksum *checksum; /* (nullable) */
  gsize size;
} Digest;

static void
digest_piece (const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  Digest *digest = user_data;
  digest->size += n_bytes;
  if (digest->checksum)
    g_checksum_update (digest->checksum, bytes, n_bytes);
}

/* Of the decoded body; the body of a multipart or message is what stands there (RFC 2045 6.4). Returns its size. */
static gsize
digest_part (const WtMimeMessage *message, const WtMimePart *part, GChecksum *checksum)
{
  const guint8 *bytes = g_bytes_get_data (message->bytes, NULL);
  Digest digest = { checksum, 0 };
  WtMimeEncoding encoding = part->parts ? WT_MIME_ENCODING_BINARY : part->encoding;
  wt_mime_decode_pieces (encoding, bytes + part->body_start, part->body_end - part->body_start, digest_piece, &digest,
                         NULL);
  return digest.size;
}

/* As it was written where MIME has no such encoding. (transfer full) */
static char *
encoding_of (const WtMimeMessage *message, const WtMimePart *part)
{
  if (part->encoding != WT_MIME_ENCODING_UNKNOWN)
    return g_strdup (wt_mime_encoding_name (part->encoding));
  g_autofree char *written = wt_mime_part_header_text (message, part, "Content-Transfer-Encoding");
  return g_utf8_strdown (written ? written : "", -1);
}

/* --- json --------------------------------------------------------------------------------------------------------- */

static void
set_string (JsonObject *object, const char *member, const char *value)
{
  if (value)
    json_object_set_string_member (object, member, value);
  else
    json_object_set_null_member (object, member);
}

static void
set_range (JsonObject *object, const char *member, gsize start, gsize end)
{
  JsonArray *range = json_array_sized_new (2);
  json_array_add_int_element (range, start);
  json_array_add_int_element (range, end);
  json_object_set_array_member (object, member, range);
}

static JsonArray *
defects_json (const WtMimeMessage *message, const WtMimePart *part)
{
  JsonArray *list = json_array_new ();
  for (guint i = 0; i < message->defects->len; i++)
    {
      const WtMimeDefect *defect = &g_array_index (message->defects, WtMimeDefect, i);
      if (defect->part != part)
        continue;
      JsonObject *object = json_object_new ();
      json_object_set_string_member (object, "kind", wt_mime_defect_name (defect->kind));
      json_object_set_int_member (object, "offset", defect->offset);
      json_object_set_string_member (object, "text", _ (wt_mime_defect_text (defect->kind)));
      json_array_add_object_element (list, object);
    }
  return list;
}

static void
set_message_fields (JsonObject *object, const WtMimeMessage *message, const WtMimePart *part)
{
  for (guint i = 0; i < G_N_ELEMENTS (message_fields); i++)
    {
      g_autofree char *value = wt_mime_part_header_text (message, part, message_fields[i].header);
      set_string (object, message_fields[i].member, value);
    }
}

/* The parser bounds the depth (WT_MIME_DEPTH_MAX). */
static JsonObject *
part_json (const WtMimeMessage *message, const WtMimePart *part)
{
  JsonObject *object = json_object_new ();
  JsonArray *parts = json_array_new ();
  g_autoptr (GChecksum) sha256 = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size = digest_part (message, part, sha256);
  g_autofree char *encoding = encoding_of (message, part);
  g_autofree char *charset = part->charset ? g_utf8_strdown (part->charset, -1) : NULL;
  set_string (object, "content_type", part->content_type);
  set_string (object, "charset", charset);
  set_string (object, "encoding", encoding);
  set_string (object, "disposition", part->disposition);
  set_string (object, "filename", part->filename);
  set_range (object, "range", part->start, part->end);
  set_range (object, "header_range", part->header_start, part->header_end);
  set_range (object, "body_range", part->body_start, part->body_end);
  json_object_set_int_member (object, "decoded_size", size);
  set_string (object, "sha256", g_checksum_get_string (sha256));
  if (part->is_message)
    set_message_fields (object, message, part);
  json_object_set_array_member (object, "defects", defects_json (message, part));
  for (guint i = 0; part->parts && i < part->parts->len; i++)
    json_array_add_object_element (parts, part_json (message, part->parts->pdata[i]));
  json_object_set_array_member (object, "parts", parts);
  return object;
}

static char *
message_json (const WtMimeMessage *message)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, part_json (message, message->root));
  return wt_cli_json_line (node);
}

/* --- text --------------------------------------------------------------------------------------------------------- */

/* "  Subject: ..." of a message; harmless to a terminal. */
static void
append_message_fields (GString *out, const WtMimeMessage *message, const WtMimePart *part, guint depth)
{
  for (guint i = 0; i < G_N_ELEMENTS (message_fields); i++)
    {
      g_autofree char *value = wt_mime_part_header_text (message, part, message_fields[i].header);
      if (value == NULL)
        continue;
      g_string_append_printf (out, "%*s%s: ", (int) depth * 2, "", message_fields[i].header);
      wt_cli_append_value (out, value);
      g_string_append_c (out, '\n');
    }
}

/* "text/plain, utf-8, base64, attachment “plan.txt”, 92 bytes  [818, 946)" */
static void
append_part (GString *out, const WtMimeMessage *message, const WtMimePart *part, guint depth)
{
  gsize size = digest_part (message, part, NULL);
  g_autofree char *encoding = encoding_of (message, part);
  g_string_append_printf (out, "%*s", (int) depth * 2, "");
  wt_cli_append_value (out, part->content_type);
  if (part->charset)
    {
      g_string_append (out, ", ");
      wt_cli_append_value (out, part->charset);
    }
  g_string_append (out, ", ");
  wt_cli_append_value (out, encoding);
  if (part->disposition || part->filename)
    {
      g_string_append (out, ", ");
      wt_cli_append_value (out, part->disposition ? part->disposition : "");
      g_string_append (out, part->filename ? (part->disposition ? " “" : "“") : "");
      wt_cli_append_value (out, part->filename ? part->filename : "");
      g_string_append (out, part->filename ? "”" : "");
    }
  g_string_append (out, ", ");
  g_string_append_printf (out, ngettext ("%lu byte", "%lu bytes", size), (gulong) size);
  g_string_append_printf (out, "  [%" G_GSIZE_FORMAT ", %" G_GSIZE_FORMAT ")\n", part->start, part->end);
  if (part->is_message)
    append_message_fields (out, message, part, depth + 1);
  for (guint i = 0; part->parts && i < part->parts->len; i++)
    append_part (out, message, part->parts->pdata[i], depth + 1);
}

static char *
message_text (const WtMimeMessage *message)
{
  GString *out = g_string_new (NULL);
  append_part (out, message, message->root, 0);
  if (message->defects->len > 0)
    g_string_append_printf (out, "\n%s\n", _ ("Defects:"));
  for (guint i = 0; i < message->defects->len; i++)
    {
      const WtMimeDefect *defect = &g_array_index (message->defects, WtMimeDefect, i);
      const char *what = _ (wt_mime_defect_text (defect->kind));
      g_autofree char *line = g_strdup_printf (_ ("byte %lu: %s"), (gulong) defect->offset, what);
      g_string_append_printf (out, "  %s\n", line);
    }
  return g_string_free (out, FALSE);
}

/* --- the command -------------------------------------------------------------------------------------------------- */

WtCliStatus
wt_cli_mime (char ***args)
{
  g_autofree char *name = NULL;
  g_autoptr (GOptionContext) context = make_context (&name);
  WtCliFormat format;
  if (!wt_cli_parse (context, args, 1, 1))
    return WT_CLI_USAGE;
  if (!wt_cli_format (name, &format))
    return wt_cli_usage ("mime", _ ("--format: “%s” is no format; write text or json"), name);
  g_autoptr (GBytes) bytes = wt_cli_read ((*args)[1], INPUT_MAX);
  if (bytes == NULL)
    return WT_CLI_INPUT;
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (bytes);
  wt_mime_message_check (message);
  g_autofree char *text = format == WT_CLI_JSON ? message_json (message) : message_text (message);
  wt_cli_print (text);
  return WT_CLI_DONE;
}
