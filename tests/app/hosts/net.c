#include "tests/app/hosts/net.h"

#include "app/hosts/key-check.h"

#include <stdarg.h>
#include <string.h>

static void
host_free (gpointer data)
{
  NetHost *host = data;
  host->host->host_class->free (host->host);
  wt_host_config_free (host->config);
  g_free (host->name);
  g_free (host);
}

Net *
net_new_with_store (guint64 seed, WtMailStore *store)
{
  Net *self = g_new0 (Net, 1);
  self->trace = wt_trace_new ();
  self->world = wt_sim_world_new (self->trace, seed, G_GINT64_CONSTANT (1795618800000000));
  self->store = store;
  self->directory = wt_host_directory_new ();
  self->hub = wt_sim_world_add_node (self->world, "hub", WT_NODE_SWITCH);
  self->hosts = g_ptr_array_new_with_free_func (host_free);
  return self;
}

Net *
net_new (guint64 seed)
{
  return net_new_with_store (seed, wt_mail_store_new_memory ());
}

static WtHostConfig *
read_keys (const WtKey *keys, va_list args)
{
  WtHostConfig *config = wt_host_config_new (keys);
  const char *key;
  while ((key = va_arg (args, const char *)))
    {
      g_autoptr (GError) error = NULL;
      wt_host_config_set (config, key, va_arg (args, const char *), &error);
      g_assert_no_error (error);
    }
  return config;
}

static NetHost *
add_host (Net *self, const char *name, const char *type, const char *ip, va_list args)
{
  g_autoptr (GError) error = NULL;
  const WtHostClass *host_class = wt_host_class_by_type (type);
  NetHost *host = g_new0 (NetHost, 1);
  WtLinkProperties properties;
  wt_link_properties_defaults (&properties);
  host->net = self;
  host->name = g_strdup (name);
  host->type = type;
  g_assert_true (wt_parse_ipv4 (ip, &host->ip));
  host->config = read_keys (host_class->keys, args);
  WtNode node = wt_sim_world_add_node (self->world, name, WT_NODE_HOST);
  wt_sim_world_add_address (self->world, node, host->ip);
  host->link = wt_sim_world_add_link (self->world, node, self->hub, &properties);
  host->host = host_class->create (self->world, node, host->config, self->store, &error);
  g_assert_no_error (error);
  wt_host_directory_add (self->directory, name, type, host->ip, host->config);
  g_ptr_array_add (self->hosts, host);
  return host;
}

NetHost *
net_add (Net *self, const char *name, const char *type, const char *ip, ...)
{
  va_list args;
  va_start (args, ip);
  NetHost *host = add_host (self, name, type, ip, args);
  va_end (args);
  return host;
}

Net *
net_new_pair (guint64 seed, ...)
{
  Net *self = net_new (seed);
  va_list args;
  va_start (args, seed);
  add_host (self, "mail", "mail-server", "10.0.1.25", args);
  va_end (args);
  net_add (self, "pc", "mail-client", "10.0.1.1", "mailbox", "alice@example.org", "server", "mail", NULL);
  net_start (self);
  return self;
}

static void
start_host (NetHost *host)
{
  g_autoptr (GError) error = NULL;
  host->host->host_class->start (host->host, &error);
  g_assert_no_error (error);
}

void
net_start (Net *self)
{
  for (guint i = 0; i < self->hosts->len; i++)
    ((NetHost *) g_ptr_array_index (self->hosts, i))->host->directory = self->directory;
  for (guint i = 0; i < self->hosts->len; i++)
    start_host (g_ptr_array_index (self->hosts, i));
}

NetHost *
net_host (Net *self, const char *name)
{
  for (guint i = 0; i < self->hosts->len; i++)
    if (strcmp (((NetHost *) g_ptr_array_index (self->hosts, i))->name, name) == 0)
      return g_ptr_array_index (self->hosts, i);
  g_assert_not_reached ();
}

/* --- actions ------------------------------------------------------------------------------------------------------ */

typedef struct {
  NetHost *host;
  const char *name;
  WtHostConfig *config;
} Action;

static void
do_action (gpointer user_data)
{
  g_autofree Action *action = user_data;
  g_autoptr (GError) error = NULL;
  action->host->host->host_class->act (action->host->host, action->name, action->config, &error);
  if (error)
    wt_world_note (action->host->net->world, action->host->host->node, WT_NOTE_ERROR, "%s", error->message);
  wt_host_config_free (action->config);
}

void
net_at (Net *self, gint64 time, const char *name, const char *action_name, ...)
{
  Action *action = g_new0 (Action, 1);
  const WtActionClass *each = NULL;
  va_list args;
  action->host = net_host (self, name);
  for (each = action->host->host->host_class->actions; strcmp (each->name, action_name) != 0; each++)
    g_assert_nonnull (each->name);
  action->name = each->name;
  va_start (args, action_name);
  action->config = read_keys (each->keys, args);
  va_end (args);
  wt_world_timer (self->world, time - wt_world_now (self->world), do_action, action);
}

static void
do_down (gpointer user_data)
{
  NetHost *host = user_data;
  wt_sim_world_set_node_up (host->net->world, host->host->node, FALSE);
  host->host->host_class->crash (host->host);
}

static void
do_up (gpointer user_data)
{
  NetHost *host = user_data;
  wt_sim_world_set_node_up (host->net->world, host->host->node, TRUE);
  start_host (host);
}

void
net_down_at (Net *self, gint64 time, const char *name)
{
  wt_world_timer (self->world, time - wt_world_now (self->world), do_down, net_host (self, name));
}

void
net_up_at (Net *self, gint64 time, const char *name)
{
  wt_world_timer (self->world, time - wt_world_now (self->world), do_up, net_host (self, name));
}

static void
do_nothing (gpointer user_data)
{
}

/* The timer makes time pass where nothing else happens. */
void
net_run (Net *self, gint64 until)
{
  wt_world_timer (self->world, until - wt_world_now (self->world), do_nothing, NULL);
  wt_sim_world_run (self->world, until, NULL);
}

/* With --verbose: what was said. */
static void
print_event (Net *self, const WtEvent *event)
{
  const WtEntity *from = wt_trace_entity (self->trace, event->from), *to = wt_trace_entity (self->trace, event->to);
  gsize size;
  const guint8 *bytes = wt_event_bytes (event, &size);
  if (event->kind != WT_EVENT_MESSAGE && event->kind != WT_EVENT_NOTE && event->kind != WT_EVENT_STORE)
    return;
  g_autofree char *text = event->protocol == WT_PROTOCOL_DNS ? g_strdup ("(DNS)")
                                                              : g_strndup ((const char *) bytes, MIN (size, 2000));
  g_print ("# %.3f %s%s%s [%u] %s\n", event->time / 1e9, from ? from->name : "", to ? " -> " : "", to ? to->name : "",
           event->value, text);
}

void
net_free (Net *self)
{
  for (guint32 i = 0; g_test_verbose () && i < wt_trace_length (self->trace); i++)
    print_event (self, wt_trace_event (self->trace, i));
  wt_world_free (self->world);
  g_ptr_array_unref (self->hosts);
  g_clear_pointer (&self->store, wt_mail_store_free);
  wt_host_directory_free (self->directory);
  wt_trace_unref (self->trace);
  g_free (self);
}

/* --- questions ---------------------------------------------------------------------------------------------------- */

static guint32
box_of (Net *self, const char *host, const char *user)
{
  return wt_trace_find_entity (self->trace, user ? WT_ENTITY_MAILBOX : WT_ENTITY_QUEUE, net_host (self, host)->host->node,
                               user ? user : "queue");
}

static guint32
present_item (Net *self, guint32 box, guint n)
{
  guint32 end = wt_trace_length (self->trace);
  for (guint i = 0; box && i < wt_trace_n_children (self->trace, box); i++)
    {
      guint32 item = wt_trace_child (self->trace, box, i);
      if (wt_trace_item_present (self->trace, item, end) && n-- == 0)
        return item;
    }
  return 0;
}

guint
net_count (Net *self, const char *host, const char *user)
{
  guint32 box = box_of (self, host, user);
  guint n = 0;
  while (present_item (self, box, n))
    n++;
  return n;
}

GBytes *
net_mail (Net *self, const char *host, const char *user, guint i)
{
  guint32 item = present_item (self, box_of (self, host, user), i);
  return item ? wt_trace_event (self->trace, wt_trace_history_nth (self->trace, item, 0))->payload : NULL;
}

char *
net_mail_text (Net *self, const char *host, const char *user, guint i)
{
  GBytes *mail = net_mail (self, host, user, i);
  gsize size;
  const char *bytes = mail ? g_bytes_get_data (mail, &size) : NULL;
  return bytes ? g_strndup (bytes, size) : NULL;
}

static gboolean
holds (const WtEvent *event, const char *text)
{
  gsize size;
  const guint8 *bytes = wt_event_bytes (event, &size);
  return bytes && memmem (bytes, size, text, strlen (text)) != NULL;
}

static guint
count (Net *self, WtEventKind kind, WtProtocol protocol, const char *text)
{
  guint n = 0;
  for (guint32 i = 0; i < wt_trace_length (self->trace); i++)
    {
      const WtEvent *event = wt_trace_event (self->trace, i);
      n += event->kind == kind && (kind == WT_EVENT_NOTE || event->protocol == protocol) && holds (event, text);
    }
  return n;
}

guint
net_said (Net *self, WtProtocol protocol, const char *text)
{
  return count (self, WT_EVENT_MESSAGE, protocol, text);
}

guint
net_noted (Net *self, const char *text)
{
  return count (self, WT_EVENT_NOTE, WT_PROTOCOL_NONE, text);
}

gint64
net_time_of (Net *self, const char *text, guint n)
{
  for (guint32 i = 0; i < wt_trace_length (self->trace); i++)
    {
      const WtEvent *event = wt_trace_event (self->trace, i);
      if (event->kind == WT_EVENT_MESSAGE && holds (event, text) && n-- == 0)
        return event->time;
    }
  return -1;
}

void
assert_holds (const char *text, const char *part)
{
  if (text == NULL || g_strstr_len (text, -1, part) == NULL)
    g_error ("“%s” is not in:\n%s", part, text ? text : "(nothing)");
}

void
net_add_table (const char *path, guint n, const char *const *name, gsize stride, GTestDataFunc func)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *full = g_strdup_printf ("%s/%s", path, *(const char *const *) ((const char *) name + i * stride));
      g_test_add_data_func (full, GUINT_TO_POINTER (i), func);
    }
}
