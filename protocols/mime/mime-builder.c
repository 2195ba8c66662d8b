#include "protocols/mime/mime-builder.h"

#include "protocols/mime/mime-codec.h"
#include "protocols/mime/mime-header.h"

#include <string.h>

#define LINE_MAX_PLAIN 998 /* characters without CRLF, RFC 5322 2.1.1; longer ones need an encoding */
#define BOUNDARY_DIGITS 24

typedef struct {
  char *content_type;
  char *filename;   /* (nullable) */
  char *content_id; /* (nullable) */
  GBytes *bytes;
} File;

struct _WtMimeBuilder {
  char *seed;
  GString *headers;
  GString *text, *html; /* (nullable) CRLF */
  GPtrArray *images, *attachments; /* (element-type File) */
};

static void
file_free (gpointer data)
{
  File *self = data;
  g_free (self->content_type);
  g_free (self->filename);
  g_free (self->content_id);
  g_bytes_unref (self->bytes);
  g_free (self);
}

WtMimeBuilder *
wt_mime_builder_new (const char *seed)
{
  WtMimeBuilder *self = g_new0 (WtMimeBuilder, 1);
  self->seed = g_strdup (seed);
  self->headers = g_string_new (NULL);
  self->images = g_ptr_array_new_with_free_func (file_free);
  self->attachments = g_ptr_array_new_with_free_func (file_free);
  return self;
}

static void
free_text (GString *text)
{
  if (text)
    g_string_free (text, TRUE);
}

void
wt_mime_builder_free (WtMimeBuilder *self)
{
  if (self == NULL)
    return;
  g_free (self->seed);
  free_text (self->headers);
  free_text (self->text);
  free_text (self->html);
  g_ptr_array_unref (self->images);
  g_ptr_array_unref (self->attachments);
  g_free (self);
}

/* --- what goes in ------------------------------------------------------------------------------------------------- */

void
wt_mime_builder_add_header (WtMimeBuilder *self, const char *name, const char *value)
{
  g_string_append_printf (self->headers, "%s: %s\r\n", name, value);
}

void
wt_mime_builder_add_text_header (WtMimeBuilder *self, const char *name, const char *text)
{
  g_autofree char *line = g_strdelimit (g_strdup (text), "\r\n\t", ' ');
  g_autofree char *encoded = wt_mime_encode_text (line, strlen (name) + 2);
  wt_mime_builder_add_header (self, name, encoded);
}

GString *
wt_mime_with_crlf (const char *text, gsize length)
{
  GString *out = g_string_sized_new (length + 2);
  for (gsize i = 0; i < length; i++)
    if (text[i] == '\r' && i + 1 < length && text[i + 1] == '\n')
      continue;
    else if (text[i] == '\n' || text[i] == '\r')
      g_string_append (out, "\r\n");
    else
      g_string_append_c (out, text[i]);
  if (out->len > 0 && out->str[out->len - 1] != '\n')
    g_string_append (out, "\r\n");
  return out;
}

void
wt_mime_builder_set_text (WtMimeBuilder *self, const char *text)
{
  free_text (self->text);
  self->text = text ? wt_mime_with_crlf (text, strlen (text)) : NULL;
}

void
wt_mime_builder_set_html (WtMimeBuilder *self, const char *html)
{
  free_text (self->html);
  self->html = html ? wt_mime_with_crlf (html, strlen (html)) : NULL;
}

/* Does it need no encoding on the way (RFC 2045 2.7)? */
static gboolean
is_7bit (const char *text, gsize length)
{
  gsize column = 0;
  for (gsize i = 0; i < length; i++)
    {
      guchar c = text[i];
      column = c == '\n' ? 0 : column + 1;
      gboolean stray = (c == '\r' && (i + 1 == length || text[i + 1] != '\n')) || (c == '\n' && (i == 0 || text[i - 1] != '\r'));
      if (c == 0 || c >= 128 || stray || column > LINE_MAX_PLAIN + 1)
        return FALSE;
    }
  return TRUE;
}

/* A mail in a mail keeps its form; a body that cannot be sent so is a file like any other. */
static void
canonicalize_message (File *file)
{
  gsize length;
  const char *bytes = g_bytes_get_data (file->bytes, &length);
  GString *lines = wt_mime_with_crlf (bytes ? bytes : "", length);
  gboolean fits = is_7bit (lines->str, lines->len);
  g_autoptr (GBytes) canonical = g_string_free_to_bytes (lines);
  if (fits)
    {
      g_bytes_unref (file->bytes);
      file->bytes = g_steal_pointer (&canonical);
      return;
    }
  g_free (file->content_type);
  file->content_type = g_strdup ("application/octet-stream");
}

static void
add_file (GPtrArray *files, const WtMimeFile *file)
{
  File *copy = g_new0 (File, 1);
  copy->content_type = g_strdup (file->content_type);
  copy->filename = g_strdup (file->filename);
  copy->content_id = g_strdup (file->content_id);
  copy->bytes = g_bytes_ref (file->bytes);
  if (strcmp (copy->content_type, "message/rfc822") == 0)
    canonicalize_message (copy);
  g_ptr_array_add (files, copy);
}

void
wt_mime_builder_add_inline (WtMimeBuilder *self, const WtMimeFile *file)
{
  add_file (self->images, file);
}

void
wt_mime_builder_add_attachment (WtMimeBuilder *self, const WtMimeFile *file)
{
  add_file (self->attachments, file);
}

/* --- boundaries --------------------------------------------------------------------------------------------------- */

static gboolean
holds (const char *bytes, gsize length, const char *needle)
{
  return bytes && memmem (bytes, length, needle, strlen (needle)) != NULL;
}

/* "=_" never stands in base64 or quoted-printable (RFC 2045 6.7), so only what goes unencoded can hold it. */
static gboolean
is_taken (const WtMimeBuilder *self, const char *boundary)
{
  if ((self->text && holds (self->text->str, self->text->len, boundary))
      || (self->html && holds (self->html->str, self->html->len, boundary)))
    return TRUE;
  for (guint i = 0; i < self->attachments->len; i++)
    {
      const File *file = self->attachments->pdata[i];
      gsize length;
      const char *bytes = g_bytes_get_data (file->bytes, &length);
      if (strcmp (file->content_type, "message/rfc822") == 0 && holds (bytes, length, boundary))
        return TRUE;
    }
  return FALSE;
}

static char *
make_boundary (const WtMimeBuilder *self, const char *level)
{
  for (guint n = 0;; n++)
    {
      g_autofree char *seed = g_strdup_printf ("%s %s %u", self->seed, level, n);
      g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);
      g_autofree char *boundary = g_strdup_printf ("=_%s_%.*s", level, BOUNDARY_DIGITS, digest);
      if (!is_taken (self, boundary))
        return g_steal_pointer (&boundary);
    }
}

/* --- what comes out ----------------------------------------------------------------------------------------------- */

static void
append (GByteArray *out, const char *text)
{
  g_byte_array_append (out, (const guint8 *) text, strlen (text));
}

static void
append_delimiter (GByteArray *out, const char *boundary, gboolean closing)
{
  g_autofree char *line = g_strdup_printf ("\r\n--%s%s\r\n", boundary, closing ? "--" : "");
  append (out, line);
}

static void
begin_multipart (GByteArray *out, const char *type, const char *boundary, const char *parameters)
{
  g_autofree char *header =
      g_strdup_printf ("Content-Type: %s;%s\r\n boundary=\"%s\"\r\n", type, parameters, boundary);
  append (out, header);
}

/* Quoted-printable stays readable; where most bytes would be escapes, base64 is shorter (RFC 2045 6.7). */
static WtMimeEncoding
choose_encoding (const GString *text)
{
  gsize n_high = 0;
  if (is_7bit (text->str, text->len))
    return WT_MIME_ENCODING_7BIT;
  for (gsize i = 0; i < text->len; i++)
    n_high += (guchar) text->str[i] >= 128;
  return n_high > text->len / 3 ? WT_MIME_ENCODING_BASE64 : WT_MIME_ENCODING_QUOTED_PRINTABLE;
}

static void
append_text (GByteArray *out, const GString *text, const char *type)
{
  WtMimeEncoding encoding = choose_encoding (text);
  g_autofree char *header =
      g_strdup_printf ("Content-Type: %s; charset=%s\r\nContent-Transfer-Encoding: %s\r\n\r\n", type,
                       g_str_is_ascii (text->str) ? "us-ascii" : "utf-8", wt_mime_encoding_name (encoding));
  append (out, header);
  if (encoding == WT_MIME_ENCODING_BASE64)
    wt_mime_encode_base64 (out, (const guint8 *) text->str, text->len);
  else if (encoding == WT_MIME_ENCODING_QUOTED_PRINTABLE)
    wt_mime_encode_quoted_printable (out, (const guint8 *) text->str, text->len, TRUE);
  else
    g_byte_array_append (out, (const guint8 *) text->str, text->len);
}

/* Parameters one a line, as the folded header wants them. */
static void
append_disposition (GByteArray *out, const File *file, const char *disposition)
{
  append (out, "Content-Disposition: ");
  append (out, disposition);
  if (file->filename)
    {
      g_autofree char *parameter = wt_mime_parameter_format ("filename", file->filename);
      append (out, ";\r\n");
      append (out, parameter + 1); /* "; filename=...": the space begins the folded line */
    }
  append (out, "\r\n");
}

static void
append_file (GByteArray *out, const File *file, const char *disposition)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (file->bytes, &length);
  gboolean message = strcmp (file->content_type, "message/rfc822") == 0;
  gboolean utf8 = g_str_has_prefix (file->content_type, "text/") && g_utf8_validate ((const char *) bytes, length, NULL);
  g_autofree char *type = g_strdup_printf ("Content-Type: %s%s\r\n", file->content_type, utf8 ? "; charset=utf-8" : "");
  append (out, type);
  append (out, message ? "Content-Transfer-Encoding: 7bit\r\n" : "Content-Transfer-Encoding: base64\r\n");
  append_disposition (out, file, disposition);
  if (file->content_id)
    {
      g_autofree char *id = g_strdup_printf ("Content-ID: <%s>\r\n", file->content_id);
      append (out, id);
    }
  append (out, "\r\n");
  if (message)
    g_byte_array_append (out, bytes, length);
  else
    wt_mime_encode_base64 (out, bytes, length);
}

static void
append_files (GByteArray *out, const GPtrArray *files, const char *disposition, const char *boundary)
{
  for (guint i = 0; i < files->len; i++)
    {
      append_delimiter (out, boundary, FALSE);
      append_file (out, files->pdata[i], disposition);
    }
}

/* The HTML with the images it shows (RFC 2387). */
static void
append_html (GByteArray *out, const WtMimeBuilder *self)
{
  if (self->images->len == 0)
    {
      append_text (out, self->html, "text/html");
      return;
    }
  g_autofree char *boundary = make_boundary (self, "related");
  begin_multipart (out, "multipart/related", boundary, " type=\"text/html\";");
  append_delimiter (out, boundary, FALSE);
  append_text (out, self->html, "text/html");
  append_files (out, self->images, "inline", boundary);
  append_delimiter (out, boundary, TRUE);
}

/* The plain one first: the last alternative is the best (RFC 2046 5.1.4). */
static void
append_body (GByteArray *out, const WtMimeBuilder *self)
{
  if (self->html == NULL || self->text == NULL)
    {
      g_autoptr (GString) empty = g_string_new (NULL);
      if (self->html)
        append_html (out, self);
      else
        append_text (out, self->text ? self->text : empty, "text/plain");
      return;
    }
  g_autofree char *boundary = make_boundary (self, "alternative");
  begin_multipart (out, "multipart/alternative", boundary, "");
  append_delimiter (out, boundary, FALSE);
  append_text (out, self->text, "text/plain");
  append_delimiter (out, boundary, FALSE);
  append_html (out, self);
  append_delimiter (out, boundary, TRUE);
}

static void
append_mixed (GByteArray *out, const WtMimeBuilder *self)
{
  g_autofree char *boundary = make_boundary (self, "mixed");
  begin_multipart (out, "multipart/mixed", boundary, "");
  append_delimiter (out, boundary, FALSE);
  append_body (out, self);
  if (self->html == NULL)
    append_files (out, self->images, "inline", boundary);
  append_files (out, self->attachments, "attachment", boundary);
  append_delimiter (out, boundary, TRUE);
}

GBytes *
wt_mime_builder_build (const WtMimeBuilder *self)
{
  GByteArray *out = g_byte_array_new ();
  g_byte_array_append (out, (const guint8 *) self->headers->str, self->headers->len);
  append (out, "MIME-Version: 1.0\r\n");
  if (self->attachments->len > 0 || (self->html == NULL && self->images->len > 0))
    append_mixed (out, self);
  else
    append_body (out, self);
  return g_byte_array_free_to_bytes (out);
}
