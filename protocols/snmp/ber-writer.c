#include "protocols/snmp/ber.h"

#include <string.h>

#define FIRST_SIZE 1024

void
wt_ber_writer_init (WtBerWriter *self)
{
  *self = (WtBerWriter){ 0 };
}

void
wt_ber_writer_clear (WtBerWriter *self)
{
  g_clear_pointer (&self->buffer, g_free);
  self->size = self->start = 0;
}

gsize
wt_ber_writer_length (const WtBerWriter *self)
{
  return self->size - self->start;
}

static void
grow (WtBerWriter *self, gsize n_bytes)
{
  gsize length = wt_ber_writer_length (self), size = MAX (self->size * 2, FIRST_SIZE);
  while (size - length < n_bytes)
    size *= 2;
  guint8 *buffer = g_malloc (size);
  if (length > 0)
    memcpy (buffer + size - length, self->buffer + self->start, length);
  g_free (self->buffer);
  self->buffer = buffer;
  self->size = size;
  self->start = size - length;
}

/* Makes room for `n_bytes` before what is written; returns where that begins, so that bytes go to *--at. */
static inline guint8 *
open_room (WtBerWriter *self, gsize n_bytes)
{
  if (n_bytes > self->start)
    grow (self, n_bytes);
  return self->buffer + self->start;
}

/* What was written begins at `at` now. */
static inline void
close_room (WtBerWriter *self, const guint8 *at)
{
  self->start = at - self->buffer;
}

void
wt_ber_write_raw (WtBerWriter *self, const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes == 0)
    return;
  guint8 *at = open_room (self, n_bytes) - n_bytes;
  memcpy (at, bytes, n_bytes);
  close_room (self, at);
}

#define HEADER_MAX (1 + 1 + sizeof (gsize)) /* bytes: tag, how many bytes the length has, the length */

static inline guint8 *
put_header (guint8 *at, guint8 tag, gsize inside)
{
  guint n_bytes = 0;
  if (inside < 0x80)
    *--at = inside;
  else
    {
      for (gsize rest = inside; rest > 0; rest >>= 8, n_bytes++)
        *--at = rest & 0xff;
      *--at = 0x80 | n_bytes;
    }
  *--at = tag;
  return at;
}

void
wt_ber_write_header (WtBerWriter *self, guint8 tag, gsize length)
{
  gsize inside = wt_ber_writer_length (self) - length;
  close_room (self, put_header (open_room (self, HEADER_MAX), tag, inside));
}

void
wt_ber_write_octets (WtBerWriter *self, guint8 tag, const guint8 *bytes, gsize n_bytes)
{
  guint8 *at = open_room (self, n_bytes + HEADER_MAX) - n_bytes;
  if (n_bytes > 0)
    memcpy (at, bytes, n_bytes);
  close_room (self, put_header (at, tag, n_bytes));
}

#define NUMBER_MAX (1 + sizeof (guint64)) /* bytes: a leading zero, and 64 bits */

void
wt_ber_write_integer (WtBerWriter *self, guint8 tag, gint64 value)
{
  guint8 *end = open_room (self, NUMBER_MAX + HEADER_MAX), *at = end;
  do
    {
      *--at = value & 0xff;
      value >>= 8; /* keeps the sign */
    }
  while (!(value == 0 && !(*at & 0x80)) && !(value == -1 && *at & 0x80));
  close_room (self, put_header (at, tag, end - at));
}

void
wt_ber_write_unsigned (WtBerWriter *self, guint8 tag, guint64 value)
{
  guint8 *end = open_room (self, NUMBER_MAX + HEADER_MAX), *at = end;
  do
    {
      *--at = value & 0xff;
      value >>= 8;
    }
  while (value > 0);
  if (*at & 0x80)
    *--at = 0;
  close_room (self, put_header (at, tag, end - at));
}

static inline guint8 *
put_arc (guint8 *at, guint64 arc)
{
  *--at = arc & 0x7f;
  while (arc >>= 7)
    *--at = 0x80 | (arc & 0x7f);
  return at;
}

static gboolean
can_be_written (const WtOid *oid)
{
  return oid->n >= 2 && oid->n <= WT_OID_MAX && oid->arcs[0] <= 2 && (oid->arcs[0] == 2 || oid->arcs[1] < 40)
         && oid->arcs[1] <= G_MAXUINT32 - 80;
}

void
wt_ber_write_oid (WtBerWriter *self, guint8 tag, const WtOid *oid)
{
  guint8 *end = open_room (self, WT_OID_ENCODED_MAX + HEADER_MAX), *at = end;
  if (can_be_written (oid))
    {
      for (guint i = oid->n - 1; i >= 2; i--)
        at = put_arc (at, oid->arcs[i]);
      at = put_arc (at, 40 * (guint64) oid->arcs[0] + oid->arcs[1]);
    }
  else
    *--at = 0;
  close_room (self, put_header (at, tag, end - at));
}

GBytes *
wt_ber_writer_steal (WtBerWriter *self)
{
  GBytes *bytes = g_bytes_new (self->buffer + self->start, wt_ber_writer_length (self));
  self->start = self->size;
  return bytes;
}
