#include "protocols/base/dot-text.h"

#include <string.h>

enum
{
  PLACE_LINE_START, /* the first place, so that a scan begins with zeroes */
  PLACE_AFTER_DOT,  /* after a dot at the line's start */
  PLACE_DOT_CR,     /* after that and a CR */
  PLACE_IN_LINE,
};

/* The rest of a line: to its CRLF or the end of the bytes. Returns how many bytes were looked at. */
static gsize
scan_line (WtDotTextScan *self, const guint8 *bytes, gsize n_bytes)
{
  const guint8 *lf = memchr (bytes, '\n', n_bytes);
  gsize n_before = lf != NULL ? (gsize)(lf - bytes) : n_bytes;
  gboolean cr_last = n_before > 0 ? bytes[n_before - 1] == '\r' : self->cr;

  /* a CR that does not stand last before the LF, or the end, stands alone */
  if (n_before > 0 && (self->cr || memchr (bytes, '\r', n_before - 1) != NULL))
    self->bare_cr = TRUE;
  self->cr = cr_last;
  if (lf == NULL)
    {
      self->line_length += n_bytes;
      return n_bytes;
    }
  self->line_length += n_before + 1;
  if (cr_last)
    {
      self->longest_line = MAX (self->longest_line, self->line_length);
      self->line_length = 0;
      self->place = PLACE_LINE_START;
    }
  else
    self->bare_lf = TRUE;
  self->cr = FALSE;
  return n_before + 1;
}

/* One byte at a place where a dot may mean something. FALSE: the byte belongs to the line's text. */
static gboolean
scan_dot (WtDotTextScan *self, guint8 byte)
{
  if (self->place == PLACE_LINE_START && byte == '.')
    {
      self->place = PLACE_AFTER_DOT;
      return TRUE;
    }
  if (self->place == PLACE_AFTER_DOT && byte == '\r')
    {
      self->place = PLACE_DOT_CR;
      return TRUE;
    }
  if (self->place == PLACE_DOT_CR && byte == '\n')
    {
      self->ended = TRUE;
      return TRUE;
    }
  if (self->place != PLACE_LINE_START)
    {
      self->n_dots++;
      self->line_length = self->place == PLACE_DOT_CR ? 1 : 0; /* the dot does not count, RFC 5321 4.5.3.1.6 */
    }
  self->cr = self->place == PLACE_DOT_CR;
  self->place = PLACE_IN_LINE;
  return FALSE;
}

gsize
wt_dot_text_scan (WtDotTextScan *self, const guint8 *bytes, gsize n_bytes)
{
  g_return_val_if_fail (self != NULL, 0);
  gsize at = 0;

  while (at < n_bytes && !self->ended)
    {
      if (self->place != PLACE_IN_LINE && scan_dot (self, bytes[at]))
        at++;
      else
        at += scan_line (self, bytes + at, n_bytes - at);
    }
  return at;
}

gssize
wt_dot_text_find_bare (const guint8 *bytes, gsize n_bytes)
{
  gsize at = 0;

  while (at < n_bytes)
    {
      const guint8 *lf = memchr (bytes + at, '\n', n_bytes - at);
      gsize end = lf != NULL ? (gsize)(lf - bytes) : n_bytes;
      gboolean crlf = lf != NULL && end > at && bytes[end - 1] == '\r';
      gsize text_end = crlf ? end - 1 : end;
      const guint8 *cr = text_end > at ? memchr (bytes + at, '\r', text_end - at) : NULL;
      if (cr != NULL)
        return cr - bytes;
      if (lf != NULL && !crlf)
        return (gssize)end;
      at = end + 1;
    }
  return -1;
}

GBytes *
wt_dot_text_unstuff (const guint8 *bytes, gsize n_bytes)
{
  GByteArray *out = g_byte_array_sized_new (n_bytes);
  gsize at = 0;

  if (n_bytes > 0 && bytes[0] == '.')
    at = 1;
  while (at < n_bytes)
    {
      const guint8 *dot = memmem (bytes + at, n_bytes - at, "\r\n.", 3);
      gsize end = dot != NULL ? (gsize)(dot - bytes) + 2 : n_bytes;
      g_byte_array_append (out, bytes + at, end - at);
      at = dot != NULL ? end + 1 : n_bytes;
    }
  return g_byte_array_free_to_bytes (out);
}

GBytes *
wt_dot_text_stuff (const guint8 *bytes, gsize n_bytes)
{
  return wt_dot_text_stuff_after (NULL, 0, bytes, n_bytes);
}

/* The next line that begins with a dot, from `at` on; NULL: none. */
static const guint8 *
find_dot (const guint8 *bytes, gsize n_bytes, gsize at)
{
  const guint8 *dot = bytes + at, *end = bytes + n_bytes;
  for (; dot < end && (dot = memchr (dot, '.', end - dot)) != NULL; dot++)
    if (dot == bytes || (dot - bytes >= 2 && dot[-1] == '\n' && dot[-2] == '\r'))
      return dot;
  return NULL;
}

static gsize
count_dots (const guint8 *bytes, gsize n_bytes)
{
  gsize n = 0;
  for (const guint8 *dot = bytes; (dot = find_dot (bytes, n_bytes, dot - bytes)) != NULL; dot++)
    n++;
  return n;
}

static guint8 *
put (guint8 *to, gconstpointer bytes, gsize n_bytes)
{
  if (n_bytes > 0)
    memcpy (to, bytes, n_bytes);
  return to + n_bytes;
}

/* Of its exact size: the record may keep it for long. */
GBytes *
wt_dot_text_stuff_after (const char *first, gsize n_first, const guint8 *bytes, gsize n_bytes)
{
  gboolean ended = n_bytes == 0 || (n_bytes >= 2 && memcmp (bytes + n_bytes - 2, "\r\n", 2) == 0);
  gsize n_dots = count_dots (bytes, n_bytes), size = n_first + n_bytes + n_dots + (ended ? 0 : 2) + WT_DOT_TEXT_END;
  guint8 *out = g_malloc (size), *to = put (out, first, n_first);
  gsize at = 0;

  for (; n_dots > 0; n_dots--)
    {
      gsize dot = find_dot (bytes, n_bytes, at) - bytes;
      to = put (to, bytes + at, dot - at);
      to = put (to, "..", 2);
      at = dot + 1;
    }
  to = put (to, bytes + at, n_bytes - at);
  to = put (to, "\r\n", ended ? 0 : 2);
  put (to, ".\r\n", WT_DOT_TEXT_END);
  return g_bytes_new_take (out, size);
}
