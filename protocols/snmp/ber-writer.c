#include "protocols/snmp/ber.h"

#include <string.h>

#define FIRST_SIZE 512

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

/* Room for `n_bytes` before what is written; returns where they go. */
static guint8 *
reserve (WtBerWriter *self, gsize n_bytes)
{
  if (n_bytes > self->start)
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
  self->start -= n_bytes;
  return self->buffer + self->start;
}

void
wt_ber_write_raw (WtBerWriter *self, const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes > 0)
    memcpy (reserve (self, n_bytes), bytes, n_bytes);
}

static void
write_byte (WtBerWriter *self, guint8 byte)
{
  *reserve (self, 1) = byte;
}

void
wt_ber_write_header (WtBerWriter *self, guint8 tag, gsize length)
{
  gsize inside = wt_ber_writer_length (self) - length;
  guint n_bytes = 0;
  if (inside < 0x80)
    write_byte (self, inside);
  else
    {
      for (gsize rest = inside; rest > 0; rest >>= 8, n_bytes++)
        write_byte (self, rest & 0xff);
      write_byte (self, 0x80 | n_bytes);
    }
  write_byte (self, tag);
}

void
wt_ber_write_octets (WtBerWriter *self, guint8 tag, const guint8 *bytes, gsize n_bytes)
{
  gsize length = wt_ber_writer_length (self);
  wt_ber_write_raw (self, bytes, n_bytes);
  wt_ber_write_header (self, tag, length);
}

void
wt_ber_write_integer (WtBerWriter *self, guint8 tag, gint64 value)
{
  gsize length = wt_ber_writer_length (self);
  guint8 byte;
  do
    {
      byte = value & 0xff;
      write_byte (self, byte);
      value >>= 8; /* keeps the sign */
    }
  while (!(value == 0 && !(byte & 0x80)) && !(value == -1 && byte & 0x80));
  wt_ber_write_header (self, tag, length);
}

void
wt_ber_write_unsigned (WtBerWriter *self, guint8 tag, guint64 value)
{
  gsize length = wt_ber_writer_length (self);
  guint8 byte;
  do
    {
      byte = value & 0xff;
      write_byte (self, byte);
      value >>= 8;
    }
  while (value > 0);
  if (byte & 0x80)
    write_byte (self, 0);
  wt_ber_write_header (self, tag, length);
}

static void
write_arc (WtBerWriter *self, guint64 arc)
{
  write_byte (self, arc & 0x7f);
  while (arc >>= 7)
    write_byte (self, 0x80 | (arc & 0x7f));
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
  gsize length = wt_ber_writer_length (self);
  if (can_be_written (oid))
    {
      for (guint i = oid->n - 1; i >= 2; i--)
        write_arc (self, oid->arcs[i]);
      write_arc (self, 40 * (guint64) oid->arcs[0] + oid->arcs[1]);
    }
  else
    write_byte (self, 0);
  wt_ber_write_header (self, tag, length);
}

GBytes *
wt_ber_writer_steal (WtBerWriter *self)
{
  GBytes *bytes = g_bytes_new (self->buffer + self->start, wt_ber_writer_length (self));
  self->start = self->size;
  return bytes;
}
