#include "app/ui/talk/talk-view.h"

#include "app/hosts/mail-client.h"
#include "app/hosts/mail-ports.h"
#include "app/ui/branch/canvas-menu.h"
#include "app/ui/talk/talk-dialogue.h"
#include "app/ui/talk/talk-resources.h"

#include <glib/gi18n.h>
#include <string.h>

struct _WtTalkView {
  AdwBin parent_instance;

  GtkDropDown *client, *server, *service;
  GtkTextView *dialogue;
  GtkEntry *line;
  GtkButton *hang_up;
  GtkLabel *hint;

  WtSession *session; /* (nullable) as are the next two */
  WtRunList *runs;
  WtPlayer *player;
  WtLiveControl *live; /* (nullable) */
  GPtrArray *clients, *servers; /* host names, as the drop-downs list their labels */

  guint scrolling; /* source id */

  gboolean sent;       /* the next branch is our line's */
  gboolean waiting;    /* for the reply to appear in the trace */
  guint32 waiting_from; /* event number from which it may be */
};

G_DEFINE_FINAL_TYPE (WtTalkView, wt_talk_view, ADW_TYPE_BIN)

/* --- what is spoken ---------------------------------------------------------------------------------------------- */

/* A service of a mail server, and what one may type there first. */
typedef struct {
  guint16 port;
  const char *title, *example;
} Service;

static const Service services[] = {
  { WT_MAIL_PORT, N_("SMTP, port 25"), "EHLO localhost" },
  { WT_MAIL_SUBMISSION_PORT, N_("Submission, port 587"), "EHLO localhost" },
  { WT_MAIL_SUBMISSIONS_PORT, N_("Submission with TLS, port 465"), "EHLO localhost" },
  { WT_MAIL_LMTP_PORT, N_("LMTP, port 24"), "LHLO localhost" },
  { WT_MAIL_POP3_PORT, N_("POP3, port 110"), "USER bob" },
  { WT_MAIL_POP3S_PORT, N_("POP3 with TLS, port 995"), "USER bob" },
  { WT_MAIL_IMAP_PORT, N_("IMAP, port 143"), "a1 CAPABILITY" },
  { WT_MAIL_IMAPS_PORT, N_("IMAP with TLS, port 993"), "a1 CAPABILITY" },
};

static const Service *
chosen_service (WtTalkView *self)
{
  return &services[MIN (gtk_drop_down_get_selected (self->service), G_N_ELEMENTS (services) - 1)];
}

static void
fill_services (WtTalkView *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    gtk_string_list_append (titles, _(services[i].title));
  gtk_drop_down_set_model (self->service, G_LIST_MODEL (titles));
}

static void
choose_port (WtTalkView *self, guint16 port)
{
  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    if (services[i].port == port)
      gtk_drop_down_set_selected (self->service, i);
}

/* --- who talks to whom ------------------------------------------------------------------------------------------- */

static const char *
chosen (GtkDropDown *drop_down, GPtrArray *names)
{
  guint i = gtk_drop_down_get_selected (drop_down);

  return i < names->len ? names->pdata[i] : NULL;
}

static guint32
chosen_node (WtTalkView *self, GtkDropDown *drop_down, GPtrArray *names)
{
  const char *name = chosen (drop_down, names);

  return name ? wt_trace_find_entity (wt_session_trace (self->session), WT_ENTITY_NODE, 0, name) : 0;
}

static void
fill (GtkDropDown *drop_down, GPtrArray *names, WtScenario *scenario, const char *type)
{
  GPtrArray *hosts = scenario ? wt_scenario_hosts (scenario) : NULL;
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  g_autofree char *before = g_strdup (chosen (drop_down, names));
  guint selected = 0;

  g_ptr_array_set_size (names, 0);
  for (guint i = 0; hosts && i < hosts->len; i++)
    {
      const WtScenarioHost *host = hosts->pdata[i];

      if (strcmp (host->type, type) != 0)
        continue;
      if (g_strcmp0 (host->name, before) == 0)
        selected = names->len;
      g_ptr_array_add (names, g_strdup (host->name));
      gtk_string_list_append (labels, wt_scenario_label (scenario, host->name));
    }
  gtk_drop_down_set_model (drop_down, G_LIST_MODEL (labels));
  gtk_drop_down_set_selected (drop_down, selected);
}

static WtTalk
talk_of (WtTalkView *self, WtTrace *trace)
{
  return (WtTalk){ .trace = trace, .scenario = wt_run_list_scenario (self->runs),
                   .client = chosen_node (self, self->client, self->clients),
                   .server = chosen_node (self, self->server, self->servers),
                   .port = chosen_service (self)->port };
}

/* --- the dialogue ------------------------------------------------------------------------------------------------ */

/* When the new text has its place: a scroll bar that appears in the middle of a layout is drawn without one. */
static gboolean
scroll_to_end (gpointer user_data)
{
  WtTalkView *self = user_data;
  GtkTextMark *end = gtk_text_buffer_get_mark (gtk_text_view_get_buffer (self->dialogue), "end");

  self->scrolling = 0;
  gtk_text_view_scroll_to_mark (self->dialogue, end, 0, FALSE, 0, 0);
  return G_SOURCE_REMOVE;
}

static void
update_dialogue (WtTalkView *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->dialogue);
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  guint32 conversation, position;
  WtTalk talk;

  if (!trace || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  wt_trace_read_lock (trace);
  talk = talk_of (self, trace);
  position = wt_session_position (self->session);
  conversation = talk.client && talk.server ? wt_talk_conversation (&talk, position) : 0;
  if (conversation)
    wt_talk_write (&talk, conversation, position, wt_session_time (self->session), buffer);
  else
    gtk_text_buffer_set_text (buffer, "", 0);
  wt_trace_read_unlock (trace);
  if (!self->scrolling)
    self->scrolling = g_idle_add_full (GDK_PRIORITY_REDRAW + 10, scroll_to_end, self, NULL);
}

/* --- lines ------------------------------------------------------------------------------------------------------- */

/* That the chosen run is being recorded from; NULL: it is not. */
static WtLive *
live_now (WtTalkView *self)
{
  WtRun *run = self->runs ? wt_run_list_run (self->runs) : NULL;
  WtLive *live = self->live ? wt_live_control_live (self->live) : NULL;

  return run && live && wt_run_trace (run) == wt_live_trace (live) ? live : NULL;
}

static gboolean
may_talk (WtTalkView *self)
{
  WtRun *run = self->runs ? wt_run_list_run (self->runs) : NULL;

  return run && (live_now (self) || !wt_run_is_recorded (run)) && self->clients->len > 0 && self->servers->len > 0;
}

static void
update_hint (WtTalkView *self)
{
  gboolean may = may_talk (self);
  const char *hint = live_now (self) ? _("The line is sent now, over a real socket. The first line opens the connection.")
                                     : _("The line is sent at the cursor's time; what came after it in this run is played "
                                         "anew. The first line opens the connection.");

  gtk_widget_set_sensitive (GTK_WIDGET (self->line), may);
  gtk_widget_set_sensitive (GTK_WIDGET (self->hang_up), may);
  if (!may)
    hint = self->clients->len == 0 || self->servers->len == 0
               ? _("It takes a mail client and a mail server to talk; this scenario has not both.")
               : _("This was recorded. To talk now, choose a simulated run, or one that live mode is recording.");
  gtk_label_set_text (self->hint, hint);
}

static void
make_branch (WtTalkView *self, const char *action, const char *const *keys)
{
  WtScenario *scenario = wt_run_list_scenario (self->runs);
  const char *client = chosen (self->client, self->clients), *server = chosen (self->server, self->servers);
  g_autofree char *title = NULL, *replace = NULL;

  if (!client || !server)
    return;
  title = wt_branch_title (scenario, client, "talk", "");
  replace = g_strdup_printf ("talk %s %s %u", client, server, chosen_service (self)->port);
  self->sent = TRUE;
  wt_run_list_branch (self->runs, &(WtBranch){ .target = client, .action = action, .keys = keys, .title = title,
                                               .replace = replace });
}

/* An action at the chosen server's chosen port; `line` (nullable). */
static void
act (WtTalkView *self, const char *action, const char *line)
{
  const char *server = chosen (self->server, self->servers);
  const char *client = chosen (self->client, self->clients);
  const WtScenarioHost *host = server ? wt_scenario_host (wt_run_list_scenario (self->runs), server) : NULL;
  g_autofree char *address = host ? wt_address_to_string ((WtAddress){ host->ip, 0 }) : NULL;
  g_autofree char *port = g_strdup_printf ("%u", chosen_service (self)->port);
  gboolean at_loopback = host && host->ip >> 24 == 127; /* a real address in live mode, the host's name is not */
  const char *keys[] = { "server", at_loopback ? server : address, "port", port, line ? "line" : NULL, line, NULL };
  g_autoptr (GError) error = NULL;

  if (!host || !client || !may_talk (self))
    return;
  if (!live_now (self))
    make_branch (self, action, keys);
  else if (!wt_live_act (live_now (self), client, action, keys, &error))
    gtk_label_set_text (self->hint, error->message);
}

static void
on_activate (WtTalkView *self)
{
  act (self, "talk", gtk_editable_get_text (GTK_EDITABLE (self->line)));
  gtk_editable_set_text (GTK_EDITABLE (self->line), "");
}

static void
on_hang_up (WtTalkView *self)
{
  act (self, "disconnect", NULL);
}

static void
on_service (WtTalkView *self)
{
  g_autofree char *text = g_strdup_printf (_("For example: %s"), chosen_service (self)->example);

  gtk_entry_set_placeholder_text (self->line, text);
  update_dialogue (self);
}

static void
look_for_reply (WtTalkView *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  guint32 reply;
  WtTalk talk;

  if (!self->waiting || !trace)
    return;
  wt_trace_read_lock (trace);
  talk = talk_of (self, trace);
  reply = wt_talk_reply (&talk, self->waiting_from);
  wt_trace_read_unlock (trace);
  if (reply != WT_EVENT_NO_REF)
    wt_player_play_to (self->player, reply + 1);
  else if (wt_trace_is_finished (trace))
    wt_session_seek_time (self->session, wt_session_time (self->session) + WT_NSEC_PER_MSEC);
  else
    return;
  self->waiting = FALSE;
}

void
wt_talk_view_set_live (WtTalkView *self, WtLiveControl *live)
{
  if (self->live)
    g_signal_handlers_disconnect_by_data (self->live, self);
  g_set_object (&self->live, live);
  if (live)
    g_signal_connect_swapped (live, "notify::state", G_CALLBACK (update_hint), self);
}

void
wt_talk_view_branched (WtTalkView *self)
{
  self->waiting = self->sent;
  self->sent = FALSE;
  self->waiting_from = wt_session_position (self->session);
  look_for_reply (self);
}

/* --- the widget -------------------------------------------------------------------------------------------------- */

/* Where the scenario has somebody type, else where the client hands over its mails. */
static guint16
usual_port (WtScenario *scenario, const WtScenarioHost *client)
{
  GPtrArray *actions = wt_scenario_actions (scenario);

  for (guint i = 0; i < actions->len; i++)
    {
      const WtScenarioAction *action = actions->pdata[i];
      gboolean typed = strcmp (action->action, "talk") == 0 && strcmp (action->target, client->name) == 0;
      guint16 port = typed ? wt_mail_client_talk_port (action->config) : 0;

      if (port)
        return port;
    }
  return wt_host_config_number (client->config, "port");
}

void
wt_talk_view_scenario_changed (WtTalkView *self)
{
  WtScenario *scenario = wt_run_list_scenario (self->runs);
  g_autofree char *before = g_strdup (chosen (self->client, self->clients));
  const WtScenarioHost *client;

  self->waiting = FALSE;
  fill (self->client, self->clients, scenario, "mail-client");
  fill (self->server, self->servers, scenario, "mail-server");
  client = self->clients->len > 0 ? wt_scenario_host (scenario, chosen (self->client, self->clients)) : NULL;
  if (client && g_strcmp0 (before, client->name) != 0)
    choose_port (self, usual_port (scenario, client));
  update_hint (self);
  update_dialogue (self);
}

static void
choose (GtkDropDown *drop_down, GPtrArray *names, const char *name)
{
  guint i;

  if (g_ptr_array_find_with_equal_func (names, name, g_str_equal, &i))
    gtk_drop_down_set_selected (drop_down, i);
}

/* The host that a mail program calls its server: by the name of the host, of the server, or by its address. (nullable) */
static const WtScenarioHost *
server_of (WtScenario *scenario, const char *client)
{
  const WtScenarioHost *host = wt_scenario_host (scenario, client);
  const char *wanted = host && strcmp (host->type, "mail-client") == 0 ? wt_host_config_string (host->config, "server") : NULL;
  GPtrArray *hosts = wt_scenario_hosts (scenario);

  for (guint i = 0; wanted && i < hosts->len; i++)
    {
      const WtScenarioHost *each = hosts->pdata[i];
      g_autofree char *address = wt_address_to_string ((WtAddress){ each->ip, 0 });
      gboolean is_server = strcmp (each->type, "mail-server") == 0;

      if (is_server && (strcmp (each->name, wanted) == 0 || strcmp (address, wanted) == 0
                        || g_strcmp0 (wt_host_config_string (each->config, "hostname"), wanted) == 0))
        return each;
    }
  return NULL;
}

void
wt_talk_view_choose (WtTalkView *self, const char *host, guint16 port)
{
  const WtScenarioHost *server = server_of (wt_run_list_scenario (self->runs), host);

  choose (self->client, self->clients, host);
  if (server)
    choose (self->server, self->servers, server->name);
  choose (self->server, self->servers, host);
  choose_port (self, port);
  gtk_widget_grab_focus (GTK_WIDGET (self->line));
}

void
wt_talk_view_set_session (WtTalkView *self, WtSession *session, WtRunList *runs, WtPlayer *player)
{
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  g_set_object (&self->runs, runs);
  g_set_object (&self->player, player);
  if (!session)
    return;
  g_signal_connect_swapped (session, "notify::position", G_CALLBACK (update_dialogue), self);
  g_signal_connect_swapped (session, "grown", G_CALLBACK (look_for_reply), self);
}

static void
wt_talk_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (wt_talk_view_parent_class)->map (widget);
  update_dialogue (WT_TALK_VIEW (widget));
}

static void
wt_talk_view_dispose (GObject *object)
{
  WtTalkView *self = WT_TALK_VIEW (object);

  g_clear_handle_id (&self->scrolling, g_source_remove);
  wt_talk_view_set_session (self, NULL, NULL, NULL);
  wt_talk_view_set_live (self, NULL);
  G_OBJECT_CLASS (wt_talk_view_parent_class)->dispose (object);
}

static void
wt_talk_view_finalize (GObject *object)
{
  WtTalkView *self = WT_TALK_VIEW (object);

  g_ptr_array_unref (self->clients);
  g_ptr_array_unref (self->servers);
  G_OBJECT_CLASS (wt_talk_view_parent_class)->finalize (object);
}

static void
wt_talk_view_class_init (WtTalkViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_talk_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = wt_talk_view_finalize;
  widget_class->map = wt_talk_view_map;
  wt_talk_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/talk-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WtTalkView, client);
  gtk_widget_class_bind_template_child (widget_class, WtTalkView, server);
  gtk_widget_class_bind_template_child (widget_class, WtTalkView, service);
  gtk_widget_class_bind_template_child (widget_class, WtTalkView, dialogue);
  gtk_widget_class_bind_template_child (widget_class, WtTalkView, line);
  gtk_widget_class_bind_template_child (widget_class, WtTalkView, hang_up);
  gtk_widget_class_bind_template_child (widget_class, WtTalkView, hint);
}

static void
add_tags (WtTalkView *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->dialogue);
  GtkTextIter end;

  gtk_text_buffer_create_tag (buffer, "side", "weight", PANGO_WEIGHT_BOLD, "insert-hyphens", FALSE, NULL);
  gtk_text_buffer_create_tag (buffer, "command", "weight", PANGO_WEIGHT_BOLD, "insert-hyphens", FALSE, NULL);
  gtk_text_buffer_create_tag (buffer, "reply", NULL, NULL);
  gtk_text_buffer_create_tag (buffer, "pending", "style", PANGO_STYLE_ITALIC, "insert-hyphens", FALSE, NULL);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_create_mark (buffer, "end", &end, FALSE);
}

static void
wt_talk_view_init (WtTalkView *self)
{
  self->clients = g_ptr_array_new_with_free_func (g_free);
  self->servers = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_tags (self);
  g_signal_connect_swapped (self->line, "activate", G_CALLBACK (on_activate), self);
  g_signal_connect_swapped (self->hang_up, "clicked", G_CALLBACK (on_hang_up), self);
  fill_services (self);
  on_service (self);
  g_signal_connect_swapped (self->service, "notify::selected", G_CALLBACK (on_service), self);
  g_signal_connect_swapped (self->client, "notify::selected", G_CALLBACK (update_dialogue), self);
  g_signal_connect_swapped (self->server, "notify::selected", G_CALLBACK (update_dialogue), self);
}

GtkWidget *
wt_talk_view_new (void)
{
  return g_object_new (WT_TYPE_TALK_VIEW, NULL);
}
