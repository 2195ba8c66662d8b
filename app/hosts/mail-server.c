/* A mail server: what it is made of, and how it starts, stops and falls over. */
#include "app/hosts/incoming.h"

#include <glib/gi18n.h>
#include <string.h>

static const WtActionClass no_actions[] = { { NULL } };

/* --- what it keeps a record of ------------------------------------------------------------------------------------ */

char *
wt_mail_server_new_id (WtMailServer *self)
{
  static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  char id[24], *at = id + sizeof id - 1;
  *at = 0;
  for (guint i = 0, n = self->n_ids++; i < 2; i++, n /= 36) /* 1296 in a microsecond */
    *--at = digits[n % 36];
  for (guint64 time = wt_world_wall_time (self->host.world); time > 0; time /= 36)
    *--at = digits[time % 36];
  return g_strdup (at);
}

/* Written once a second, not once a mail. */
const char *
wt_mail_server_date (WtMailServer *self)
{
  gint64 now = wt_world_wall_time (self->host.world);
  if (self->date == NULL || now / G_USEC_PER_SEC != self->date_second)
    {
      g_free (self->date);
      self->date = wt_mail_date (now);
      self->date_second = now / G_USEC_PER_SEC;
    }
  return self->date;
}

guint32
wt_mail_server_add_item (WtMailServer *self, guint32 parent, const char *name)
{
  WtEntity entity = { .kind = WT_ENTITY_ITEM, .parent = parent, .name = name };
  return wt_trace_add_entity (wt_world_trace (self->host.world), &entity);
}

void
wt_mail_server_record_store (WtMailServer *self, guint32 item, WtStoreChange change, GBytes *payload)
{
  WtEvent event = { .entity = item, .value = change, .ref = WT_EVENT_NO_REF, .payload = payload };
  wt_mail_server_record_event (self, &event);
}

guint32
wt_mail_server_record_event (WtMailServer *self, const WtEvent *store)
{
  WtEvent event = *store;
  event.time = event.other_time = wt_world_now (self->host.world);
  event.kind = WT_EVENT_STORE;
  event.from = self->host.node;
  event.payload_len = event.payload ? g_bytes_get_size (event.payload) : 0;
  return wt_trace_append (wt_world_trace (self->host.world), &event);
}

void
wt_mail_server_record_text (WtMailServer *self, guint32 item, WtStoreChange change, const char *text)
{
  g_autoptr (GBytes) payload = g_bytes_new (text, strlen (text));
  wt_mail_server_record_store (self, item, change, payload);
}

guint32
wt_mail_server_mailbox (WtMailServer *self, const char *user)
{
  gpointer known = g_hash_table_lookup (self->mailboxes, user);
  if (known)
    return GPOINTER_TO_UINT (known);
  WtEntity entity = { .kind = WT_ENTITY_MAILBOX, .parent = self->host.node, .name = user };
  guint32 id = wt_trace_add_entity (wt_world_trace (self->host.world), &entity);
  g_hash_table_insert (self->mailboxes, g_strdup (user), GUINT_TO_POINTER (id));
  return id;
}

/* --- life --------------------------------------------------------------------------------------------------------- */

static void
renew_life (WtMailServer *self)
{
  if (self->life)
    {
      self->life->server = NULL;
      g_rc_box_release (self->life);
    }
  self->life = g_rc_box_new0 (WtMailLife);
  self->life->server = self;
}

static WtHost *
create (WtWorld *world, WtNode node, const WtHostConfig *config, WtMailStore *store, GError **error)
{
  WtTrace *trace = wt_world_trace (world);
  WtMailServer *self = g_new0 (WtMailServer, 1);
  self->host = (WtHost){ .host_class = &wt_mail_server_class, .world = world, .node = node };
  self->name = g_strdup (wt_trace_entity (trace, node)->name);
  self->settings = wt_mail_settings_new (config, self->name);
  self->rules = wt_mail_rules_new (wt_host_config_list (config, "rules"));
  self->store = store;
  if (wt_host_config_has (config, "certificate-name") || wt_host_config_boolean (config, "certificate-expired"))
    wt_world_spoil_certificate (world, node, wt_host_config_string (config, "certificate-name"),
                                wt_host_config_boolean (config, "certificate-expired"));
  self->mailboxes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < self->settings->users->len; i++)
    wt_mail_server_mailbox (self, ((WtMailUser *) g_ptr_array_index (self->settings->users, i))->name);
  WtEntity queue = { .kind = WT_ENTITY_QUEUE, .parent = node, .name = "queue" };
  self->queue_entity = wt_trace_add_entity (trace, &queue);
  self->greylist = wt_mail_greylist_new ();
  self->imap_cache = wt_imap_cache_new (WT_IMAP_CACHE_MAX);
  self->queue = wt_mail_queue_new (self);
  self->outgoing = wt_mail_outgoing_new (self);
  renew_life (self);
  wt_mail_record_start (self);
  return &self->host;
}

static guint32
name_server (const WtMailServer *self)
{
  if (self->host.directory == NULL)
    return 0;
  return self->settings->resolver ? wt_host_directory_address (self->host.directory, self->settings->resolver)
                                  : wt_host_directory_name_server (self->host.directory);
}

/* What can be read is sent; what cannot is said, and does not keep the server from its work. */
static void
load_queue (WtMailServer *self)
{
  g_autoptr (GError) error = NULL;
  if (!wt_mail_queue_load (self->queue, &error))
    wt_world_note (self->host.world, self->host.node, WT_NOTE_ERROR, "%s", error->message);
}

/* What it serves, and the setting that says whether. */
static const struct
{
  guint16 port;
  gboolean tls; /* from the start */
  const WtIncomingClass *incoming_class;
  gssize wanted; /* offset of a gboolean in the settings; -1: always */
} services[] = {
  { WT_MAIL_PORT, FALSE, &wt_mail_session_class, -1 },
  { WT_MAIL_LMTP_PORT, FALSE, &wt_lmtp_session_class, G_STRUCT_OFFSET (WtMailSettings, lmtp) },
  { WT_MAIL_SUBMISSION_PORT, FALSE, &wt_mail_session_class, G_STRUCT_OFFSET (WtMailSettings, submission) },
  { WT_MAIL_SUBMISSIONS_PORT, TRUE, &wt_mail_session_class, G_STRUCT_OFFSET (WtMailSettings, submissions) },
  { WT_MAIL_POP3_PORT, FALSE, &wt_pop3_session_class, G_STRUCT_OFFSET (WtMailSettings, pop3) },
  { WT_MAIL_POP3S_PORT, TRUE, &wt_pop3_session_class, G_STRUCT_OFFSET (WtMailSettings, pop3s) },
  { WT_MAIL_IMAP_PORT, FALSE, &wt_imap_session_class, G_STRUCT_OFFSET (WtMailSettings, imap) },
  { WT_MAIL_IMAPS_PORT, TRUE, &wt_imap_session_class, G_STRUCT_OFFSET (WtMailSettings, imaps) },
};
G_STATIC_ASSERT (G_N_ELEMENTS (services) == WT_MAIL_N_SERVICES);

static gboolean
on_accept (WtListener *listener, WtConn *conn, const WtConnOps **ops, gpointer *conn_data, gpointer user_data)
{
  WtMailServer *self = user_data;
  guint i = 0;
  while (services[i].port != wt_conn_local (conn).port)
    i++;
  if (self->stopping)
    return FALSE;
  WtProtocol protocol = services[i].incoming_class->protocol;
  *conn_data = wt_incoming_new (services[i].incoming_class, self, conn, services[i].tls);
  *ops = &wt_incoming_ops;
  self->counts.inbound_total += protocol == WT_PROTOCOL_SMTP || protocol == WT_PROTOCOL_LMTP;
  return TRUE;
}

static gboolean
open_listeners (WtMailServer *self, GError **error)
{
  for (guint i = 0; i < WT_MAIL_N_SERVICES; i++)
    {
      gssize wanted = services[i].wanted;
      if (wanted >= 0 && !G_STRUCT_MEMBER (gboolean, self->settings, wanted))
        continue;
      self->listeners[i] = wt_world_listen (self->host.world, self->host.node, services[i].port,
                                            services[i].incoming_class->protocol, on_accept, self, error);
      if (self->listeners[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

static void
close_listeners (WtMailServer *self)
{
  for (guint i = 0; i < WT_MAIL_N_SERVICES; i++)
    {
      if (self->listeners[i])
        wt_listener_close (self->listeners[i]);
      self->listeners[i] = NULL;
    }
}

static gboolean
start (WtHost *host, GError **error)
{
  WtMailServer *self = (WtMailServer *) host;
  self->stopping = FALSE;
  if (self->resolver == NULL && name_server (self) != 0)
    self->resolver = wt_resolver_new (host->world, host->node, name_server (self));
  if (!open_listeners (self, error))
    return FALSE;
  load_queue (self);
  return TRUE;
}

static void
stop (WtHost *host)
{
  WtMailServer *self = (WtMailServer *) host;
  self->stopping = TRUE;
  close_listeners (self);
  for (GList *each = self->incoming.head, *next; each; each = next)
    {
      next = each->next;
      wt_incoming_shut_down (each->data);
    }
  wt_mail_outgoing_stop (self->outgoing);
  wt_resolver_stop (self->resolver);
  wt_mail_queue_halt (self->queue);
}

static void
free_intakes (WtMailServer *self)
{
  while (self->intakes.head)
    wt_mail_intake_free (self->intakes.head->data);
  wt_mail_report_forget (self);
}

static void
crash (WtHost *host)
{
  WtMailServer *self = (WtMailServer *) host;
  renew_life (self);
  memset (self->listeners, 0, sizeof self->listeners);
  while (self->incoming.head)
    wt_incoming_crash (self->incoming.head->data);
  free_intakes (self);
  wt_mail_outgoing_crash (self->outgoing);
  wt_resolver_crash (self->resolver);
  wt_mail_queue_halt (self->queue);
  wt_mail_queue_forget (self->queue);
  wt_mail_greylist_free (self->greylist);
  self->greylist = wt_mail_greylist_new ();
}

static void
mail_server_free (WtHost *host)
{
  WtMailServer *self = (WtMailServer *) host;
  self->life->server = NULL;
  g_rc_box_release (self->life);
  while (self->incoming.head)
    wt_incoming_free (self->incoming.head->data);
  free_intakes (self);
  wt_mail_outgoing_free (self->outgoing);
  wt_mail_queue_free (self->queue);
  wt_resolver_free (self->resolver);
  wt_mail_greylist_free (self->greylist);
  wt_imap_cache_free (self->imap_cache);
  wt_mail_rules_free (self->rules);
  g_hash_table_unref (self->mailboxes);
  wt_mail_record_end (self);
  wt_mail_settings_free (self->settings);
  g_free (self->date);
  g_free (self->name);
  g_free (self);
}

void
wt_mail_server_count (const WtHost *host, WtMailCounts *counts)
{
  const WtMailServer *self = (const WtMailServer *) host;
  *counts = self->counts;
  counts->inbound = self->n_incoming[WT_PROTOCOL_SMTP] + self->n_incoming[WT_PROTOCOL_LMTP];
  counts->outbound = wt_mail_outgoing_n_sessions (self->outgoing);
  wt_mail_queue_count (self->queue, counts);
}

const WtHostClass wt_mail_server_class = {
  .type = "mail-server",
  .title = N_ ("Mail server"),
  .icon = "wiretalk-mail-server-symbolic",
  .keys = wt_mail_server_keys,
  .actions = no_actions,
  .create = create,
  .start = start,
  .stop = stop,
  .crash = crash,
  .free = mail_server_free,
};
