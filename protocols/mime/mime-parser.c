#include "protocols/mime/mime-parser.h"

#include "protocols/mime/mime-charset.h"

#include <glib/gi18n.h>
#include <string.h>

static const struct {
  const char *name, *text;
} defects[WT_MIME_N_DEFECTS] = {
  [WT_MIME_DEFECT_BAD_HEADER] = { "bad-header", N_ ("A header line has no field name and colon (RFC 5322 2.2).") },
  [WT_MIME_DEFECT_NO_HEADER_END] = { "no-header-end", N_ ("No empty line ends the header (RFC 5322 2.1).") },
  [WT_MIME_DEFECT_NO_BOUNDARY] = { "no-boundary", N_ ("A multipart has no boundary parameter (RFC 2046 5.1.1).") },
  [WT_MIME_DEFECT_BOUNDARY_NOT_FOUND] = { "boundary-not-found", N_ ("The boundary never stands in the body (RFC 2046 5.1.1).") },
  [WT_MIME_DEFECT_NOT_CLOSED] = { "not-closed", N_ ("The closing boundary is missing (RFC 2046 5.1.1).") },
  [WT_MIME_DEFECT_BAD_CONTENT_TYPE] = { "bad-content-type", N_ ("Content-Type is not type/subtype with parameters (RFC 2045 5.1).") },
  [WT_MIME_DEFECT_BAD_ENCODING] = { "bad-encoding", N_ ("The transfer encoding is not one that MIME knows (RFC 2045 6.1).") },
  [WT_MIME_DEFECT_ENCODED_MULTIPART] = { "encoded-multipart", N_ ("A multipart or message must not be base64 or quoted-printable (RFC 2045 6.4).") },
  [WT_MIME_DEFECT_BAD_BODY] = { "bad-body", N_ ("The body is not in its transfer encoding here (RFC 2045 6.7, 6.8).") },
  [WT_MIME_DEFECT_BAD_CHARSET] = { "bad-charset", N_ ("The charset is unknown, or the text is not in it (RFC 2046 4.1.2).") },
  [WT_MIME_DEFECT_TOO_DEEP] = { "too-deep", N_ ("Parts are nested too deep; the rest is one body.") },
  [WT_MIME_DEFECT_TOO_MANY_PARTS] = { "too-many-parts", N_ ("There are too many parts; the rest belongs to the last one.") },
  [WT_MIME_DEFECT_TOO_MANY_HEADERS] = { "too-many-headers", N_ ("There are too many header fields; the rest is not listed.") },
  [WT_MIME_DEFECT_DUPLICATE_HEADER] = { "duplicate-header", N_ ("A field that may stand once stands again (RFC 5322 3.6).") },
};

const char *
wt_mime_defect_name (WtMimeDefectKind kind)
{
  return defects[kind].name;
}

const char *
wt_mime_defect_text (WtMimeDefectKind kind)
{
  return defects[kind].text;
}

/* Boundaries that may end the part being read: one a multipart around it, innermost last. */
typedef struct {
  const char *text;
  gsize length;
} Boundary;

typedef struct {
  WtMimeMessage *message;
  const guint8 *bytes;
  gsize n_bytes;
  Boundary boundaries[WT_MIME_DEPTH_MAX];
  guint n_boundaries;
  guint depth;
} Parser;

/* A delimiter line: where the content before it ends, where the next line starts, whose it is. */
typedef struct {
  gsize content_end; /* without the line end, which belongs to the delimiter (RFC 2046 5.1.1) */
  gsize after;
  guint level; /* index in boundaries; n_boundaries: none found, the message is over */
  gboolean closing;
} Delimiter;

static void
add_defect (WtMimeMessage *message, const WtMimePart *part, WtMimeDefectKind kind, gsize offset)
{
  WtMimeDefect defect = { kind, offset, part };
  if (message->defects->len < WT_MIME_DEFECTS_MAX)
    g_array_append_val (message->defects, defect);
}

static gsize
line_after (const Parser *self, gsize at)
{
  const guint8 *newline = memchr (self->bytes + at, '\n', self->n_bytes - at);
  return newline ? (gsize) (newline - self->bytes) + 1 : self->n_bytes;
}

/* --- delimiters --------------------------------------------------------------------------------------------------- */

/* Only white space may follow on the line (RFC 2046 5.1.1). */
static gboolean
blank_until_line_end (const Parser *self, gsize at)
{
  while (at < self->n_bytes && (self->bytes[at] == ' ' || self->bytes[at] == '\t' || self->bytes[at] == '\r'))
    at++;
  return at == self->n_bytes || self->bytes[at] == '\n';
}

/* Is the line at `at`, which begins with "--", a delimiter of a multipart that is open? Innermost first. */
static gboolean
match_delimiter (const Parser *self, gsize at, Delimiter *delimiter)
{
  const guint8 *text = self->bytes + at + 2;
  gsize room = self->n_bytes - at - 2;
  for (guint i = self->n_boundaries; i-- > 0;)
    {
      const Boundary *b = &self->boundaries[i];
      if (b->length > room || memcmp (text, b->text, b->length) != 0)
        continue;
      gsize end = at + 2 + b->length;
      gboolean closing = self->n_bytes - end >= 2 && self->bytes[end] == '-' && self->bytes[end + 1] == '-';
      if (!blank_until_line_end (self, closing ? end + 2 : end))
        continue;
      delimiter->level = i;
      delimiter->closing = closing;
      delimiter->after = line_after (self, at);
      return TRUE;
    }
  return FALSE;
}

/* The next delimiter of any open multipart from `at` (the start of a line). Each byte is looked at once. */
static void
find_delimiter (const Parser *self, gsize at, Delimiter *delimiter)
{
  gsize from = at;
  while (self->n_boundaries > 0 && at + 2 <= self->n_bytes)
    {
      if (self->bytes[at] == '-' && self->bytes[at + 1] == '-' && match_delimiter (self, at, delimiter))
        {
          gsize end = at;
          if (end > from && self->bytes[end - 1] == '\n')
            end--;
          if (end > from && end < at && self->bytes[end - 1] == '\r')
            end--;
          delimiter->content_end = end;
          return;
        }
      const guint8 *next = memmem (self->bytes + at, self->n_bytes - at, "\n--", 3);
      if (next == NULL)
        break;
      at = next + 1 - self->bytes;
    }
  *delimiter = (Delimiter){ self->n_bytes, self->n_bytes, self->n_boundaries, FALSE };
}

/* --- header ------------------------------------------------------------------------------------------------------- */

static gboolean
is_field_name_byte (guint8 c)
{
  return c > 32 && c != 127 && c != ':';
}

/* One field from `at`, with its continuation lines. FALSE: the line is no field. */
static gboolean
parse_field (const Parser *self, gsize at, WtMimeHeader *header)
{
  gsize i = at;
  while (i < self->n_bytes && is_field_name_byte (self->bytes[i]))
    i++;
  header->start = at;
  header->name_end = i;
  while (i < self->n_bytes && (self->bytes[i] == ' ' || self->bytes[i] == '\t')) /* RFC 5322 4.5 */
    i++;
  gboolean good = header->name_end > at && i < self->n_bytes && self->bytes[i] == ':';
  gsize end = line_after (self, at);
  while (end < self->n_bytes && (self->bytes[end] == ' ' || self->bytes[end] == '\t'))
    end = line_after (self, end);
  header->end = end;
  header->value_start = i + 1;
  while (good && header->value_start < end && (self->bytes[header->value_start] == ' ' || self->bytes[header->value_start] == '\t'))
    header->value_start++;
  header->value_end = end;
  if (header->value_end > header->value_start && self->bytes[header->value_end - 1] == '\n')
    header->value_end--;
  if (header->value_end > header->value_start && self->bytes[header->value_end - 1] == '\r')
    header->value_end--;
  return good;
}

static gboolean
at_empty_line (const Parser *self, gsize at)
{
  return self->bytes[at] == '\n' || (self->bytes[at] == '\r' && at + 1 < self->n_bytes && self->bytes[at + 1] == '\n');
}

/* The "From " line that mbox files put before a message: not a fault of the mail. */
static gboolean
is_mbox_line (const Parser *self, gsize at)
{
  return self->n_bytes - at >= 5 && memcmp (self->bytes + at, "From ", 5) == 0;
}

static void
add_header (Parser *self, WtMimePart *part, const WtMimeHeader *header)
{
  if (part->headers->len < WT_MIME_HEADERS_MAX)
    g_array_append_val (part->headers, *header);
  else if (part->headers->len == WT_MIME_HEADERS_MAX)
    {
      add_defect (self->message, part, WT_MIME_DEFECT_TOO_MANY_HEADERS, header->start);
      g_array_append_val (part->headers, *header); /* one more, so that this is said once; dropped at the end */
    }
}

/* Reads the header of `part`; TRUE: a delimiter stood in it, the part has no body. */
static gboolean
parse_header (Parser *self, WtMimePart *part, Delimiter *delimiter)
{
  gsize at = part->start;
  part->header_start = at;
  gboolean cut = FALSE, ended = FALSE;
  while (at < self->n_bytes && !cut && !(ended = at_empty_line (self, at)))
    {
      WtMimeHeader header;
      cut = self->bytes[at] == '-' && self->n_bytes - at > 2 && self->bytes[at + 1] == '-'
            && match_delimiter (self, at, delimiter);
      if (cut)
        break;
      if (parse_field (self, at, &header))
        add_header (self, part, &header);
      else if (at != part->start || !is_mbox_line (self, at))
        add_defect (self->message, part, WT_MIME_DEFECT_BAD_HEADER, at);
      at = header.end;
    }
  if (part->headers->len > WT_MIME_HEADERS_MAX)
    g_array_set_size (part->headers, WT_MIME_HEADERS_MAX);
  part->header_end = at;
  part->body_start = ended ? line_after (self, at) : at;
  if (!ended)
    add_defect (self->message, part, WT_MIME_DEFECT_NO_HEADER_END, at);
  if (cut)
    delimiter->content_end = at;
  return cut;
}

/* --- fields that shape the tree ----------------------------------------------------------------------------------- */

static WtMimeValue *
parse_value (const Parser *self, const WtMimePart *part, const char *name)
{
  const WtMimeHeader *header = wt_mime_part_header (self->message, part, name);
  return header ? wt_mime_value_parse (self->bytes + header->value_start, header->value_end - header->value_start) : NULL;
}

static gboolean
is_type (const char *value)
{
  const char *slash = strchr (value, '/');
  return slash && slash > value && slash[1] && strchr (slash + 1, '/') == NULL;
}

static void
read_content_type (Parser *self, WtMimePart *part, const char *fallback)
{
  part->type_value = parse_value (self, part, "Content-Type");
  if (part->type_value && is_type (part->type_value->value))
    part->content_type = g_strdup (part->type_value->value);
  else
    part->content_type = g_strdup (part->type_value ? "text/plain" : fallback); /* RFC 2045 5.2 */
  const WtMimeHeader *header = wt_mime_part_header (self->message, part, "Content-Type");
  if (header && (!is_type (part->type_value->value) || part->type_value->fault != WT_MIME_NO_FAULT))
    add_defect (self->message, part, WT_MIME_DEFECT_BAD_CONTENT_TYPE, header->value_start);
  if (g_str_has_prefix (part->content_type, "text/") && part->type_value)
    part->charset = g_strdup (wt_mime_value_get (part->type_value, "charset"));
}

static void
read_encoding (Parser *self, WtMimePart *part)
{
  g_autoptr (WtMimeValue) value = parse_value (self, part, "Content-Transfer-Encoding");
  part->encoding = wt_mime_encoding_from_name (value ? value->value : NULL);
  if (part->encoding == WT_MIME_ENCODING_UNKNOWN)
    add_defect (self->message, part, WT_MIME_DEFECT_BAD_ENCODING,
                wt_mime_part_header (self->message, part, "Content-Transfer-Encoding")->value_start);
}

static void
read_disposition (Parser *self, WtMimePart *part)
{
  g_autoptr (WtMimeValue) value = parse_value (self, part, "Content-Disposition");
  const char *filename = value ? wt_mime_value_get (value, "filename") : NULL;
  if (value)
    part->disposition = g_strdup (value->value);
  if (filename == NULL && part->type_value)
    filename = wt_mime_value_get (part->type_value, "name");
  part->filename = g_strdup (filename);
}

/* Fields that a message has once (RFC 5322 3.6) and MIME fields. */
static void
check_duplicates (Parser *self, const WtMimePart *part)
{
  static const char *const once[] = { "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Message-ID", "In-Reply-To",
                                      "References", "Subject", "Date", "MIME-Version", "Content-Type",
                                      "Content-Transfer-Encoding", "Content-Disposition", "Content-ID" };
  guint seen[G_N_ELEMENTS (once)] = { 0 };
  for (guint i = 0; i < part->headers->len; i++)
    {
      const WtMimeHeader *h = &g_array_index (part->headers, WtMimeHeader, i);
      for (guint k = 0; k < G_N_ELEMENTS (once); k++)
        if (h->name_end - h->start == strlen (once[k])
            && g_ascii_strncasecmp ((const char *) self->bytes + h->start, once[k], strlen (once[k])) == 0 && seen[k]++ > 0)
          add_defect (self->message, part, WT_MIME_DEFECT_DUPLICATE_HEADER, h->start);
    }
}

/* --- parts -------------------------------------------------------------------------------------------------------- */

static void
part_free (WtMimePart *part)
{
  g_clear_pointer (&part->parts, g_ptr_array_unref);
  g_array_unref (part->headers);
  g_free (part->content_type);
  wt_mime_value_free (part->type_value);
  g_free (part->charset);
  g_free (part->disposition);
  g_free (part->filename);
  g_free (part);
}

static WtMimePart *
part_new (Parser *self, WtMimePart *parent, gsize start)
{
  WtMimePart *part = g_new0 (WtMimePart, 1);
  part->parent = parent;
  part->start = start;
  part->headers = g_array_new (FALSE, FALSE, sizeof (WtMimeHeader));
  if (parent && parent->parts == NULL)
    parent->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) part_free);
  if (parent)
    g_ptr_array_add (parent->parts, part);
  self->message->n_parts++;
  return part;
}

static void parse_part (Parser *self, WtMimePart *part, const char *default_type, Delimiter *delimiter);

static gboolean
may_hold_parts (Parser *self, const WtMimePart *part)
{
  if (part->encoding == WT_MIME_ENCODING_BASE64 || part->encoding == WT_MIME_ENCODING_QUOTED_PRINTABLE)
    add_defect (self->message, part, WT_MIME_DEFECT_ENCODED_MULTIPART, part->header_start);
  else if (self->depth >= WT_MIME_DEPTH_MAX)
    add_defect (self->message, part, WT_MIME_DEFECT_TOO_DEEP, part->body_start);
  else if (self->message->n_parts >= WT_MIME_PARTS_MAX)
    add_defect (self->message, part, WT_MIME_DEFECT_TOO_MANY_PARTS, part->body_start);
  else
    return TRUE;
  return FALSE;
}

/* Parts between the delimiters of `level`, which has just been met. */
static void
parse_parts (Parser *self, WtMimePart *part, guint level, Delimiter *delimiter)
{
  const char *default_type = strcmp (part->content_type, "multipart/digest") == 0 ? "message/rfc822" : "text/plain";
  while (delimiter->level == level && !delimiter->closing)
    {
      if (self->message->n_parts >= WT_MIME_PARTS_MAX)
        {
          add_defect (self->message, part, WT_MIME_DEFECT_TOO_MANY_PARTS, delimiter->after);
          self->n_boundaries = level; /* what follows belongs to the last one */
          WtMimePart *last = g_ptr_array_index (part->parts, part->parts->len - 1);
          find_delimiter (self, delimiter->after, delimiter);
          last->body_end = last->end = delimiter->content_end;
          return;
        }
      WtMimePart *child = part_new (self, part, delimiter->after);
      parse_part (self, child, default_type, delimiter);
    }
}

/* The body of a multipart: preamble, parts, epilogue. Leaves in `delimiter` what ended it. */
static void
parse_multipart (Parser *self, WtMimePart *part, const char *boundary, Delimiter *delimiter)
{
  guint level = self->n_boundaries;
  self->boundaries[self->n_boundaries++] = (Boundary){ boundary, strlen (boundary) };
  find_delimiter (self, part->body_start, delimiter);
  if (delimiter->level != level)
    add_defect (self->message, part, WT_MIME_DEFECT_BOUNDARY_NOT_FOUND, part->body_start);
  gboolean met = delimiter->level == level;
  parse_parts (self, part, level, delimiter);
  gboolean closed = delimiter->level == level && delimiter->closing;
  self->n_boundaries = level;
  if (closed)
    find_delimiter (self, delimiter->after, delimiter); /* the epilogue */
  else
    {
      if (met)
        add_defect (self->message, part, WT_MIME_DEFECT_NOT_CLOSED, delimiter->content_end);
      if (delimiter->level > level) /* "none" was counted with this multipart's boundary */
        delimiter->level = level;
    }
}

static void
parse_body (Parser *self, WtMimePart *part, Delimiter *delimiter)
{
  gboolean multipart = g_str_has_prefix (part->content_type, "multipart/");
  gboolean message = strcmp (part->content_type, "message/rfc822") == 0 || strcmp (part->content_type, "message/global") == 0;
  const char *boundary = multipart && part->type_value ? wt_mime_value_get (part->type_value, "boundary") : NULL;
  if (multipart && (boundary == NULL || *boundary == 0))
    add_defect (self->message, part, WT_MIME_DEFECT_NO_BOUNDARY, part->header_start);
  self->depth++;
  if (multipart && boundary && *boundary && may_hold_parts (self, part))
    parse_multipart (self, part, boundary, delimiter);
  else if (message && may_hold_parts (self, part))
    {
      WtMimePart *child = part_new (self, part, part->body_start);
      child->is_message = TRUE;
      parse_part (self, child, "text/plain", delimiter);
    }
  else
    find_delimiter (self, part->body_start, delimiter);
  self->depth--;
}

static void
parse_part (Parser *self, WtMimePart *part, const char *default_type, Delimiter *delimiter)
{
  gboolean cut = parse_header (self, part, delimiter);
  read_content_type (self, part, default_type);
  read_encoding (self, part);
  read_disposition (self, part);
  check_duplicates (self, part);
  if (!cut)
    parse_body (self, part, delimiter);
  part->end = MAX (part->body_start, delimiter->content_end);
  part->body_end = part->end;
  if (cut)
    part->header_end = part->body_start = part->body_end = part->end = MAX (part->start, delimiter->content_end);
}

static int
compare_defects (gconstpointer a, gconstpointer b)
{
  gsize x = ((const WtMimeDefect *) a)->offset, y = ((const WtMimeDefect *) b)->offset;
  return x < y ? -1 : x > y;
}

WtMimeMessage *
wt_mime_message_parse (GBytes *bytes)
{
  WtMimeMessage *message = g_new0 (WtMimeMessage, 1);
  message->bytes = g_bytes_ref (bytes);
  message->defects = g_array_new (FALSE, FALSE, sizeof (WtMimeDefect));
  Parser parser = { .message = message };
  parser.bytes = g_bytes_get_data (bytes, &parser.n_bytes);
  if (parser.bytes == NULL)
    parser.bytes = (const guint8 *) "";
  Delimiter delimiter = { parser.n_bytes, parser.n_bytes, 0, FALSE };
  message->root = part_new (&parser, NULL, 0);
  message->root->is_message = TRUE;
  parse_part (&parser, message->root, "text/plain", &delimiter);
  g_array_sort (message->defects, compare_defects);
  return message;
}

void
wt_mime_message_free (WtMimeMessage *self)
{
  if (self == NULL)
    return;
  part_free (self->root);
  g_array_unref (self->defects);
  g_bytes_unref (self->bytes);
  g_free (self);
}

/* --- reading the tree --------------------------------------------------------------------------------------------- */

const WtMimeHeader *
wt_mime_part_header (const WtMimeMessage *self, const WtMimePart *part, const char *name)
{
  const char *bytes = g_bytes_get_data (self->bytes, NULL);
  gsize length = strlen (name);
  for (guint i = 0; i < part->headers->len; i++)
    {
      const WtMimeHeader *h = &g_array_index (part->headers, WtMimeHeader, i);
      if (h->name_end - h->start == length && g_ascii_strncasecmp (bytes + h->start, name, length) == 0)
        return h;
    }
  return NULL;
}

char *
wt_mime_part_header_text (const WtMimeMessage *self, const WtMimePart *part, const char *name)
{
  const guint8 *bytes = g_bytes_get_data (self->bytes, NULL);
  const WtMimeHeader *h = wt_mime_part_header (self, part, name);
  return h ? wt_mime_decode_text (bytes + h->value_start, h->value_end - h->value_start) : NULL;
}

GByteArray *
wt_mime_part_decode (const WtMimeMessage *self, const WtMimePart *part, gsize *fault)
{
  const guint8 *bytes = g_bytes_get_data (self->bytes, NULL);
  GByteArray *decoded = wt_mime_decode (part->encoding, bytes + part->body_start, part->body_end - part->body_start, fault);
  if (fault && *fault != WT_MIME_NO_FAULT)
    *fault += part->body_start;
  return decoded;
}

char *
wt_mime_part_text (const WtMimeMessage *self, const WtMimePart *part, gboolean *known)
{
  g_autoptr (GByteArray) decoded = wt_mime_part_decode (self, part, NULL);
  return wt_mime_to_utf8 (part->charset, decoded->data, decoded->len, known);
}

static void
drop_piece (const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
}

static void
check_part (WtMimeMessage *self, const WtMimePart *part)
{
  for (guint i = 0; part->parts && i < part->parts->len; i++)
    check_part (self, g_ptr_array_index (part->parts, i));
  if (part->parts)
    return;
  gsize fault;
  const guint8 *body = (const guint8 *) g_bytes_get_data (self->bytes, NULL) + part->body_start;
  wt_mime_decode_pieces (part->encoding, body, part->body_end - part->body_start, drop_piece, NULL, &fault);
  if (fault != WT_MIME_NO_FAULT)
    add_defect (self, part, WT_MIME_DEFECT_BAD_BODY, part->body_start + fault);
  if (part->charset == NULL)
    return;
  gboolean known;
  g_autofree char *text = wt_mime_part_text (self, part, &known);
  if (!known)
    add_defect (self, part, WT_MIME_DEFECT_BAD_CHARSET, part->body_start);
}

void
wt_mime_message_check (WtMimeMessage *self)
{
  check_part (self, self->root);
  g_array_sort (self->defects, compare_defects);
}
