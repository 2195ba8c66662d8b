/* How many answers a managed device gives away. */
#include "app/hosts/managed-device-private.h"

#include <glib/gi18n.h>

static gboolean
is_of_this_computer (WtManagedDevice *self, guint32 ip)
{
  return ip >> 24 == 127 || wt_world_find_ip (self->host.world, ip) != 0;
}

static void
note_bound (WtManagedDevice *self, gint64 now, WtAddress from)
{
  if (self->bound_noted != 0 && now - self->bound_noted < WT_NSEC_PER_SEC)
    return;
  g_autofree char *asker = wt_address_to_string ((WtAddress){ from.ip, 0 });
  self->bound_noted = now;
  wt_world_note (self->host.world, self->host.node, WT_NOTE_WARNING,
                 N_ ("%s asks more often than is answered: some requests get no answer"), asker);
}

/* Whoever floods an agent from outside, or forges an address, shall not get more out of it than this. */
gboolean
wt_managed_device_may_answer (WtManagedDevice *self, gint64 now, WtAddress from)
{
  guint32 second = now / WT_NSEC_PER_SEC;
  if (self->limit && (self->bounds_all || !is_of_this_computer (self, from.ip))
      && !wt_answer_limit_take (self->limit, now, from.ip))
    {
      note_bound (self, now, from);
      return FALSE;
    }
  if (!wt_world_is_live (self->host.world))
    return TRUE;
  if (second != self->second)
    self->n_answers = 0;
  self->second = second;
  return self->n_answers++ < WT_MANAGED_ANSWERS_MAX;
}
