/* A value with parameters: Content-Type, Content-Disposition (RFC 2045 5.1, 2183, 2231). */
#include "protocols/mime/mime-charset.h"
#include "protocols/mime/mime-codec.h"
#include "protocols/mime/mime-header.h"
#include "protocols/mime/mime-lexer.h"

#include <string.h>

#define SEGMENT_MAX 60 /* characters of a value in one line of a header */

#define SECTIONS_MAX 1000 /* of one parameter, RFC 2231 3 */

/* One parameter as it was written: name*section*=value. */
typedef struct {
  char *name;
  int section; /* -1: none */
  gboolean extended;
  GString *value;
} Raw;

static void
raw_clear (gpointer data)
{
  Raw *raw = data;
  g_free (raw->name);
  g_string_free (raw->value, TRUE);
}

static void
parameter_clear (gpointer data)
{
  WtMimeParameter *parameter = data;
  g_free (parameter->name);
  g_free (parameter->value);
}

/* Takes "*0*" apart from "name*0*". */
static void
raw_split_name (Raw *raw)
{
  raw->section = -1;
  gsize length = strlen (raw->name);
  if (length > 1 && raw->name[length - 1] == '*')
    {
      raw->extended = TRUE;
      raw->name[--length] = 0;
    }
  char *star = strrchr (raw->name, '*');
  if (star == NULL || star == raw->name || !g_ascii_isdigit (star[1]) || strlen (star + 1) > 4)
    return;
  guint64 section = g_ascii_strtoull (star + 1, NULL, 10);
  if (section >= SECTIONS_MAX)
    return;
  raw->section = section;
  *star = 0;
}

static gboolean
parse_parameter (WtMimeLexer *lexer, GArray *raws)
{
  g_autoptr (GString) name = g_string_new (NULL);
  wt_mime_lexer_skip (lexer);
  if (!wt_mime_lexer_run (lexer, "=;\"()<>,", name))
    return FALSE;
  wt_mime_lexer_skip (lexer);
  if (!wt_mime_lexer_accept (lexer, '='))
    return FALSE;
  wt_mime_lexer_skip (lexer);
  g_autofree char *valid = g_utf8_make_valid (name->str, name->len);
  Raw raw = { g_ascii_strdown (valid, -1), -1, FALSE, g_string_new (NULL) };
  /* A value that should have been quoted ("name=my file.pdf") is taken up to the semicolon, as mail programs do. */
  if (!wt_mime_lexer_quoted (lexer, raw.value))
    while (wt_mime_lexer_run (lexer, ";", raw.value))
      {
        gsize before = lexer->at;
        while (lexer->at < lexer->n_bytes && g_ascii_isspace (lexer->bytes[lexer->at]))
          lexer->at++;
        int next = wt_mime_lexer_peek (lexer);
        if (next == 0 || next == ';' || next == '(')
          break;
        if (lexer->at > before)
          g_string_append_c (raw.value, ' ');
      }
  raw_split_name (&raw);
  g_array_append_val (raws, raw);
  return TRUE;
}

static void
append_percent (GByteArray *out, const char *text)
{
  for (; *text; text++)
    {
      guint8 c = *text;
      if (c == '%' && g_ascii_isxdigit (text[1]) && g_ascii_isxdigit (text[2]))
        {
          c = g_ascii_xdigit_value (text[1]) << 4 | g_ascii_xdigit_value (text[2]);
          text += 2;
        }
      g_byte_array_append (out, &c, 1);
    }
}

/* Appends a section; the first extended one begins with charset'language' (RFC 2231 4). */
static void
append_section (GByteArray *out, const Raw *raw, gboolean first, char **charset)
{
  const char *text = raw->value->str;
  if (!raw->extended)
    {
      g_byte_array_append (out, (const guint8 *) text, strlen (text));
      return;
    }
  const char *quote = first ? strchr (text, '\'') : NULL;
  const char *second = quote ? strchr (quote + 1, '\'') : NULL;
  if (second)
    {
      *charset = g_strndup (text, quote - text);
      text = second + 1;
    }
  append_percent (out, text);
}

static const Raw *
find_raw (GArray *raws, const char *name, int section)
{
  for (guint i = 0; i < raws->len; i++)
    {
      const Raw *raw = &g_array_index (raws, Raw, i);
      if (raw->section == section && strcmp (raw->name, name) == 0)
        return raw;
    }
  return NULL;
}

/* Neither folded nor an encoded word: white space at its ends, which quotes have kept, belongs to it. */
static gboolean
is_as_it_is (const GByteArray *bytes)
{
  const char *text = (const char *) bytes->data;
  return bytes->len > 0 && g_utf8_validate (text, bytes->len, NULL) && memchr (text, '\n', bytes->len) == NULL
         && memchr (text, '\r', bytes->len) == NULL && memmem (text, bytes->len, "=?", 2) == NULL;
}

static char *
join_sections (GArray *raws, const Raw *first)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *charset = NULL;
  append_section (bytes, first, TRUE, &charset);
  for (int section = 1; first->section == 0; section++)
    {
      const Raw *raw = find_raw (raws, first->name, section);
      if (raw == NULL)
        break;
      append_section (bytes, raw, FALSE, &charset);
    }
  if (charset && *charset)
    return wt_mime_to_utf8 (charset, bytes->data, bytes->len, NULL);
  if (first->extended || first->section >= 0)
    return wt_mime_to_utf8 (NULL, bytes->data, bytes->len, NULL);
  if (is_as_it_is (bytes))
    return g_strndup ((const char *) bytes->data, bytes->len);
  return wt_mime_decode_text (bytes->data, bytes->len);
}

/* One value a name: RFC 2231 forms win over the plain one, which stands beside them for old programs. */
static void
collect (WtMimeValue *self, GArray *raws)
{
  for (guint i = 0; i < raws->len; i++)
    {
      const Raw *raw = &g_array_index (raws, Raw, i);
      if (raw->section > 0 || wt_mime_value_get (self, raw->name))
        continue;
      const Raw *best = raw;
      for (guint j = i; j < raws->len && !best->extended && best->section < 0; j++)
        {
          const Raw *other = &g_array_index (raws, Raw, j);
          if (strcmp (other->name, raw->name) == 0 && (other->section == 0 || (other->section < 0 && other->extended)))
            best = other;
        }
      WtMimeParameter parameter = { g_strdup (raw->name), join_sections (raws, best) };
      g_array_append_val (self->parameters, parameter);
    }
}

static void
collect_written (WtMimeValue *self, GArray *raws)
{
  for (guint i = 0; i < raws->len; i++)
    {
      const Raw *raw = &g_array_index (raws, Raw, i);
      g_autofree char *section = raw->section >= 0 ? g_strdup_printf ("*%d", raw->section) : g_strdup ("");
      WtMimeParameter parameter = { g_strconcat (raw->name, section, raw->extended ? "*" : "", NULL),
                                    g_strdup (raw->value->str) };
      g_array_append_val (self->parameters, parameter);
    }
}

static WtMimeValue *
parse_value (const guint8 *bytes, gsize n_bytes, void (*collect_parameters) (WtMimeValue *self, GArray *raws))
{
  WtMimeValue *self = g_new0 (WtMimeValue, 1);
  self->parameters = g_array_new (FALSE, FALSE, sizeof (WtMimeParameter));
  g_array_set_clear_func (self->parameters, parameter_clear);
  self->fault = WT_MIME_NO_FAULT;
  WtMimeLexer lexer = { bytes, n_bytes, 0 };
  g_autoptr (GString) value = g_string_new (NULL);
  do
    wt_mime_lexer_skip (&lexer);
  while (wt_mime_lexer_run (&lexer, ";(\"", value));
  g_autofree char *valid = g_utf8_make_valid (value->str, value->len);
  self->value = g_ascii_strdown (valid, -1);

  g_autoptr (GArray) raws = g_array_new (FALSE, FALSE, sizeof (Raw));
  g_array_set_clear_func (raws, raw_clear);
  while (lexer.at < n_bytes && raws->len < WT_MIME_PARAMETERS_MAX)
    {
      gsize before = lexer.at;
      wt_mime_lexer_skip (&lexer);
      if (lexer.at >= n_bytes)
        break;
      if (wt_mime_lexer_accept (&lexer, ';'))
        {
          wt_mime_lexer_skip (&lexer);
          if (lexer.at >= n_bytes || wt_mime_lexer_peek (&lexer) == ';')
            continue;
          before = lexer.at;
          if (parse_parameter (&lexer, raws))
            continue;
        }
      if (self->fault == WT_MIME_NO_FAULT)
        self->fault = before;
      while (lexer.at < n_bytes && wt_mime_lexer_peek (&lexer) != ';') /* on with the next one */
        lexer.at++;
    }
  collect_parameters (self, raws);
  return self;
}

WtMimeValue *
wt_mime_value_parse (const guint8 *bytes, gsize n_bytes)
{
  return parse_value (bytes, n_bytes, collect);
}

WtMimeValue *
wt_mime_value_parse_written (const guint8 *bytes, gsize n_bytes)
{
  return parse_value (bytes, n_bytes, collect_written);
}

const char *
wt_mime_value_get (const WtMimeValue *self, const char *parameter)
{
  for (guint i = 0; i < self->parameters->len; i++)
    {
      const WtMimeParameter *p = &g_array_index (self->parameters, WtMimeParameter, i);
      if (strcmp (p->name, parameter) == 0)
        return p->value;
    }
  return NULL;
}

void
wt_mime_value_free (WtMimeValue *self)
{
  if (self == NULL)
    return;
  g_free (self->value);
  g_array_unref (self->parameters);
  g_free (self);
}

static gboolean
is_token (const char *text)
{
  if (*text == 0)
    return FALSE;
  for (; *text; text++)
    if ((guchar) *text <= 32 || (guchar) *text >= 127 || strchr ("()<>@,;:\\\"/[]?=", *text))
      return FALSE;
  return TRUE;
}

static char *
format_quoted (const char *name, const char *value)
{
  GString *out = g_string_new (NULL);
  g_string_append_printf (out, "; %s=\"", name);
  for (; *value; value++)
    {
      if (*value == '"' || *value == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *value);
    }
  g_string_append_c (out, '"');
  return g_string_free (out, FALSE);
}

/* RFC 2231 4, and where it gets long in numbered pieces, a line each (RFC 2231 3). */
static char *
format_extended (const char *name, const char *value)
{
  GString *pieces = g_string_new (NULL);
  g_autoptr (GString) piece = g_string_new ("utf-8''");
  guint n_pieces = 0;
  for (; *value; value++)
    {
      if (piece->len > SEGMENT_MAX - 3)
        {
          g_string_append_printf (pieces, "%s %s*%u*=%s", n_pieces ? ";\r\n" : ";", name, n_pieces, piece->str);
          n_pieces++;
          g_string_truncate (piece, 0);
        }
      if (g_ascii_isalnum (*value) || strchr ("-._", *value))
        g_string_append_c (piece, *value);
      else
        g_string_append_printf (piece, "%%%02X", (guchar) *value);
    }
  if (n_pieces > 0)
    g_string_append_printf (pieces, ";\r\n %s*%u*=%s", name, n_pieces, piece->str);
  else
    g_string_append_printf (pieces, "; %s*=%s", name, piece->str);
  return g_string_free (pieces, FALSE);
}

char *
wt_mime_parameter_format (const char *name, const char *value)
{
  if (is_token (value))
    return g_strdup_printf ("; %s=%s", name, value);
  if (g_str_is_ascii (value) && strpbrk (value, "\r\n") == NULL && strlen (value) <= SEGMENT_MAX)
    return format_quoted (name, value);
  return format_extended (name, value);
}
