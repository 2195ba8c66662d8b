#include "app/trace/event.h"

#include "app/trace/trace.h"

const guint8 *
wt_event_bytes (const WtEvent *self, gsize *n_bytes)
{
  gsize size = 0;
  const guint8 *bytes = self->payload ? g_bytes_get_data (self->payload, &size) : NULL;
  gsize start = MIN (self->payload_start, size);
  *n_bytes = MIN (self->payload_len, size - start);
  return bytes ? bytes + start : (const guint8 *) "";
}

char *
wt_address_to_string (WtAddress self)
{
  g_autofree char *ip
      = g_strdup_printf ("%u.%u.%u.%u", self.ip >> 24, self.ip >> 16 & 255, self.ip >> 8 & 255, self.ip & 255);
  return self.port ? g_strdup_printf ("%s:%u", ip, self.port) : g_steal_pointer (&ip);
}
