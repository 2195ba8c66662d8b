#include "protocols/base/line-reader.h"

#include <string.h>

#define BUFFER_LEAST 1024       /* first allocation, bytes */
#define BUFFER_KEEP (16 * 1024) /* an empty buffer larger than this is given back */

/* Buffered bytes are data[start..end). Of a line that has outgrown the limit the first `max` bytes stay at `start`,
 * what follows is searched for the CRLF and dropped. */
struct _WtLineReader
{
  gsize max;
  guint8 *data;
  gsize size, start, end;
  gsize searched; /* bytes from `start` in which no CRLF ends */
  gboolean overlong;
  gboolean dropped_cr; /* the last byte dropped (or kept, before the first drop) was CR */
  gsize dropped;
};

WtLineReader *
wt_line_reader_new (gsize max_line)
{
  WtLineReader *self = g_new0 (WtLineReader, 1);
  wt_line_reader_set_max (self, max_line);
  return self;
}

void
wt_line_reader_set_max (WtLineReader *self, gsize max_line)
{
  g_return_if_fail (self != NULL);
  if (!self->overlong) /* a line that is being dropped keeps the limit it broke */
    self->max = MAX (max_line, WT_LINE_MAX_LEAST);
}

/* Room for `n_bytes` after `end`: by moving what is left to the front, then by growing. */
static void
make_room (WtLineReader *self, gsize n_bytes)
{
  gsize used = self->end - self->start;

  if (used == 0 && self->size > BUFFER_KEEP && n_bytes <= BUFFER_KEEP)
    {
      g_clear_pointer (&self->data, g_free);
      self->size = 0;
    }
  if (used == 0 || self->size - self->end < n_bytes)
    {
      if (used > 0)
        memmove (self->data, self->data + self->start, used);
      self->start = 0;
      self->end = used;
    }
  if (self->size - self->end >= n_bytes)
    return;
  gsize size = MAX (self->size, BUFFER_LEAST);
  while (size - self->end < n_bytes)
    size *= 2;
  self->data = g_realloc (self->data, size);
  self->size = size;
}

void
wt_line_reader_feed (WtLineReader *self, const guint8 *bytes, gsize n_bytes)
{
  g_return_if_fail (self != NULL && (bytes != NULL || n_bytes == 0));
  if (n_bytes == 0)
    return;
  make_room (self, n_bytes);
  memcpy (self->data + self->end, bytes, n_bytes);
  self->end += n_bytes;
}

/* Offset after the first CRLF that ends past `from`, 0 when there is none. A CR just before `from` counts if
 * `cr_before`. */
static gsize
find_crlf (const guint8 *bytes, gsize n_bytes, gsize from, gboolean cr_before)
{
  while (from < n_bytes)
    {
      const guint8 *lf = memchr (bytes + from, '\n', n_bytes - from);
      if (lf == NULL)
        return 0;
      gsize at = lf - bytes;
      if (at > from ? lf[-1] == '\r' : cr_before)
        return at + 1;
      from = at + 1;
      cr_before = FALSE;
    }
  return 0;
}

static void
describe (WtLine *line, const guint8 *bytes, gsize n_bytes, gsize wire_bytes)
{
  line->bytes = bytes;
  line->n_bytes = n_bytes;
  line->wire_bytes = wire_bytes;
  /* no CRLF ends within, so that each CR or LF here stands alone */
  line->bare_cr = n_bytes > 0 && memchr (bytes, '\r', n_bytes) != NULL;
  line->bare_lf = n_bytes > 0 && memchr (bytes, '\n', n_bytes) != NULL;
  line->nul = n_bytes > 0 && memchr (bytes, '\0', n_bytes) != NULL;
}

/* The line has more than `max` bytes without CRLF: look for it in what follows and drop that. */
static WtLineResult
next_overlong (WtLineReader *self, WtLine *line)
{
  const guint8 *start = self->data + self->start, *rest = start + self->max;
  gsize n_rest = self->end - self->start - self->max;
  gsize after = find_crlf (rest, n_rest, 0, self->dropped_cr);

  if (after == 0)
    {
      if (n_rest > 0)
        self->dropped_cr = rest[n_rest - 1] == '\r';
      self->dropped += n_rest;
      self->end -= n_rest;
      return WT_LINE_NONE;
    }
  describe (line, start, self->max - 2, self->max + self->dropped + after);
  self->start += self->max + after;
  self->searched = self->dropped = 0;
  self->overlong = FALSE;
  return WT_LINE_TOO_LONG;
}

WtLineResult
wt_line_reader_next (WtLineReader *self, WtLine *line)
{
  g_return_val_if_fail (self != NULL && line != NULL, WT_LINE_NONE);
  gsize n_bytes = self->end - self->start;

  if (n_bytes == 0)
    return WT_LINE_NONE;
  const guint8 *start = self->data + self->start;
  if (self->overlong)
    return next_overlong (self, line);
  gboolean cr_before = self->searched > 0 && start[self->searched - 1] == '\r';
  gsize after = find_crlf (start, n_bytes, self->searched, cr_before);
  if (after == 0)
    {
      self->searched = n_bytes;
      if (n_bytes <= self->max)
        return WT_LINE_NONE;
      self->overlong = TRUE;
      self->dropped_cr = start[self->max - 1] == '\r';
      return next_overlong (self, line);
    }
  gboolean too_long = after > self->max;
  describe (line, start, too_long ? self->max - 2 : after - 2, after);
  self->start += after;
  self->searched = 0;
  return too_long ? WT_LINE_TOO_LONG : WT_LINE_OK;
}

gsize
wt_line_reader_unfinished (const WtLineReader *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->end - self->start + self->dropped;
}

gsize
wt_line_reader_peek (const WtLineReader *self, const guint8 **bytes)
{
  g_return_val_if_fail (self != NULL && bytes != NULL, 0);
  *bytes = self->data + self->start;
  return self->end - self->start;
}

gsize
wt_line_reader_take_raw (WtLineReader *self, gsize max, const guint8 **bytes)
{
  g_return_val_if_fail (self != NULL && bytes != NULL, 0);
  gsize n_bytes = MIN (max, self->end - self->start);

  *bytes = self->data + self->start;
  self->start += n_bytes;
  self->searched = self->dropped = 0;
  self->overlong = FALSE;
  return n_bytes;
}

gsize
wt_line_reader_buffered (const WtLineReader *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->end - self->start;
}

void
wt_line_reader_clear (WtLineReader *self)
{
  g_return_if_fail (self != NULL);
  self->start = self->end = self->searched = self->dropped = 0;
  self->overlong = FALSE;
}

void
wt_line_reader_free (WtLineReader *self)
{
  if (self == NULL)
    return;
  g_free (self->data);
  g_free (self);
}
