/* Into a mailbox: room is there, the store keeps the mail, the record shows it. */
#include "app/hosts/mail-server-private.h"

#include <glib/gi18n.h>

typedef struct {
  WtMailLife *life;
  char *user;
  GBytes *message;
  guint32 by;
  WtMailDeliveredFunc func;
  gpointer user_data;
} Delivery;

static void
delivery_free (Delivery *self)
{
  g_rc_box_release (self->life);
  g_free (self->user);
  g_bytes_unref (self->message);
  g_free (self);
}

static void
on_stored (const char *id, const GError *error, gpointer user_data)
{
  Delivery *self = user_data;
  WtMailServer *server = self->life->server;
  if (server && error)
    {
      WtMailVerdict failure = { 0 };
      wt_world_note (server->host.world, server->host.node, WT_NOTE_ERROR, N_ ("A mail for %s cannot be stored: %s"),
                     self->user, error->message);
      wt_mail_verdict_set_store_error (&failure, error);
      self->func (&failure, self->user_data);
      wt_mail_verdict_clear (&failure);
    }
  else if (server)
    {
      wt_mail_record_delivered (server, self->user, id, self->message, self->by);
      self->func (NULL, self->user_data);
    }
  delivery_free (self);
}

void
wt_mail_deliver (WtMailServer *self, const char *user, GBytes *message, guint32 by, WtMailDeliveredFunc func,
                 gpointer user_data)
{
  WtMailVerdict failure = { 0 };
  if (!wt_mail_policy_room (self, user, g_bytes_get_size (message), &failure))
    {
      func (&failure, user_data);
      wt_mail_verdict_clear (&failure);
      return;
    }
  Delivery *delivery = g_new (Delivery, 1);
  *delivery = (Delivery){ g_rc_box_acquire (self->life), g_strdup (user), g_bytes_ref (message), by, func, user_data };
  self->delivering = TRUE;
  self->delivering_by = by;
  wt_mail_store_deliver (self->store, self->name, user, message, wt_world_wall_time (self->host.world) / G_USEC_PER_SEC,
                         on_stored, delivery);
  self->delivering = FALSE;
}
