#include "app/ui/inspector/session-page.h"

#include "app/ui/common/drawn-view.h"
#include "app/ui/inspector/inspector-resources.h"
#include "app/ui/inspector/talk-counts.h"
#include "app/ui/model/protocol-style.h"

#include <glib/gi18n.h>

#define NO_STATE -1

struct _WtSessionPage {
  AdwBin parent_instance;

  GtkStack *stack;
  GtkLabel *protocol, *client, *server, *transport, *state, *messages, *bytes, *packets;
  GtkWidget *next_box;
  GtkListBox *next;

  WtSession *session;       /* (nullable) */
  const WtViewNames *names; /* (nullable) borrowed */
  WtTalkCounter counter;
  guint idle;
  gboolean stale;           /* the session has moved on while nobody saw the page */

  /* What the list of transitions was made for. */
  const WtStateTable *table;
  int shown_state;
};

G_DEFINE_FINAL_TYPE (WtSessionPage, wt_session_page, ADW_TYPE_BIN)

static void
take_text (GtkLabel *label, char *text)
{
  gtk_label_set_text (label, text);
  g_free (text);
}

/* --- what may come next ------------------------------------------------------------------------------------------- */

/* "250 → Sender known" */
static char *
outcome (const WtStateTable *table, const WtTransition *transition)
{
  const char *state = _(table->states[transition->to].label);

  if (transition->reply)
    return g_strdup_printf ("%s → %s", transition->reply, state);
  return g_strdup_printf ("→ %s", state);
}

static GtkWidget *
label_new (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
transition_row_new (const WtStateTable *table, const WtTransition *transition)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *input = label_new (_(transition->input), "heading"), *rfc = gtk_label_new (transition->rfc);
  g_autofree char *result = outcome (table, transition);

  gtk_box_append (GTK_BOX (texts), input);
  gtk_box_append (GTK_BOX (texts), label_new (result, NULL));
  if (transition->guard)
    {
      /* Translators: a condition of a state's transition: "if the recipient is accepted". */
      g_autofree char *guard = g_strdup_printf (_("if %s"), _(transition->guard));

      gtk_box_append (GTK_BOX (texts), label_new (guard, "dim-label"));
    }
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_add_css_class (rfc, "caption");
  gtk_widget_add_css_class (rfc, "dim-label");
  gtk_widget_set_valign (rfc, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), rfc);
  gtk_widget_add_css_class (box, "wt-transition");
  return box;
}

static void
clear_next (WtSessionPage *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->next))))
    gtk_list_box_remove (self->next, child);
}

static void
show_next (WtSessionPage *self, const WtStateTable *table, int state)
{
  guint n = 0;

  if (self->table == table && self->shown_state == state)
    return;
  self->table = table;
  self->shown_state = state;
  clear_next (self);
  for (guint i = 0; table && i < table->n_transitions; i++)
    if (table->transitions[i].from == state)
      {
        GtkWidget *row = gtk_list_box_row_new ();

        gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
        gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), transition_row_new (table, &table->transitions[i]));
        gtk_list_box_append (self->next, row);
        n++;
      }
  gtk_widget_set_visible (self->next_box, n > 0);
}

/* --- facts -------------------------------------------------------------------------------------------------------- */

static char *
peer_text (WtSessionPage *self, WtTrace *trace, guint32 node, WtAddress address)
{
  static const WtViewNames no_names;
  g_autofree char *where = wt_address_to_string (address);

  return g_strdup_printf ("%s\n%s", wt_view_names_label (self->names ? self->names : &no_names, trace, node), where);
}

static const char *
connection_text (const WtEntity *talk, const WtEvent *last)
{
  static const char *const texts[] = {
    [WT_CONNECTION_OPENING] = N_ ("TCP, being opened (SYN sent)"),
    [WT_CONNECTION_OPEN] = N_ ("TCP, established"),
    [WT_CONNECTION_CLOSED] = N_ ("TCP, closed (FIN both ways)"),
    [WT_CONNECTION_RESET] = N_ ("TCP, reset (RST)"),
    [WT_CONNECTION_REFUSED] = N_ ("TCP, refused: nobody listens there"),
    [WT_CONNECTION_TIMED_OUT] = N_ ("TCP, timed out"),
  };

  if (talk->transport == WT_TRANSPORT_UDP)
    return _("UDP, datagrams without a connection");
  if (!last || last->value >= G_N_ELEMENTS (texts))
    return _("TCP, not opened yet");
  return _(texts[last->value]);
}

static int
state_at (WtTrace *trace, guint32 talk, const WtStateTable *table, guint32 position)
{
  const WtEvent *last = wt_trace_last (trace, talk, WT_EVENT_STATE, position);

  return table && last && last->value < table->n_states ? (int) last->value : NO_STATE;
}

static void
show_state (WtSessionPage *self, WtTrace *trace, const WtEntity *talk, guint32 position)
{
  const WtDissector *dissector = wt_dissector_for (talk->protocol);
  const WtStateTable *table = dissector ? dissector->states : NULL;
  int state = state_at (trace, talk->id, table, position);

  if (state != NO_STATE)
    take_text (self->state, g_strdup_printf ("%s\n%s", _(table->states[state].label), table->states[state].rfc));
  else
    gtk_label_set_text (self->state, table ? _("not begun yet") : _("the protocol has none"));
  show_next (self, table, state);
}

static void
show_counts (WtSessionPage *self)
{
  const WtTalkCounts *counts = &self->counter.counts;
  g_autofree char *there = g_format_size (counts->n_bytes[WT_TO_SERVER]);
  g_autofree char *back = g_format_size (counts->n_bytes[WT_TO_CLIENT]);

  /* Translators: numbers of messages, then amounts of data, in both directions. */
  take_text (self->messages, g_strdup_printf (_("%'u to the server, %'u to the client"),
                                              counts->n_messages[WT_TO_SERVER], counts->n_messages[WT_TO_CLIENT]));
  take_text (self->bytes, g_strdup_printf (_("%s to the server, %s to the client"), there, back));
  take_text (self->packets, g_strdup_printf (_("%'u; %'u lost, %'u sent again"), counts->n_packets, counts->n_lost,
                                             counts->n_again));
}

static void refresh (WtSessionPage *self);

static gboolean
on_idle (gpointer data)
{
  WtSessionPage *self = data;

  self->idle = 0;
  refresh (self);
  return G_SOURCE_REMOVE;
}

static void
show_conversation (WtSessionPage *self, WtTrace *trace, const WtEntity *talk, guint32 position)
{
  const char *classes[] = { "title-4", "protocol", wt_protocol_style_class (talk->protocol), NULL };

  gtk_widget_set_css_classes (GTK_WIDGET (self->protocol), classes);
  gtk_label_set_text (self->protocol, wt_protocol_title (talk->protocol));
  take_text (self->client, peer_text (self, trace, talk->client, talk->client_address));
  take_text (self->server, peer_text (self, trace, talk->server, talk->server_address));
  gtk_label_set_text (self->transport,
                      connection_text (talk, wt_trace_last (trace, talk->id, WT_EVENT_CONNECTION, position)));
  show_state (self, trace, talk, position);
  if (wt_talk_counter_count (&self->counter, trace, talk->id, position))
    show_counts (self);
  else if (!self->idle)
    self->idle = g_idle_add (on_idle, self);
}

static void
refresh (WtSessionPage *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  const WtEntity *talk = NULL;

  self->stale = !gtk_widget_get_mapped (GTK_WIDGET (self));
  if (self->stale)
    return;
  if (trace)
    {
      wt_trace_read_lock (trace);
      talk = wt_trace_entity (trace, wt_view_conversation (self->session));
      if (talk)
        show_conversation (self, trace, talk, wt_session_position (self->session));
      wt_trace_read_unlock (trace);
    }
  gtk_stack_set_visible_child_name (self->stack, talk ? "facts" : "empty");
}

static void
on_trace_changed (WtSessionPage *self)
{
  self->counter = (WtTalkCounter){ 0 };
  refresh (self);
}

void
wt_session_page_set_session (WtSessionPage *self, WtSession *session)
{
  if (session == self->session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session)
    {
      g_signal_connect_swapped (session, "trace-changed", G_CALLBACK (on_trace_changed), self);
      g_signal_connect_swapped (session, "notify::position", G_CALLBACK (refresh), self);
      g_signal_connect_swapped (session, "notify::selected-entity", G_CALLBACK (refresh), self);
    }
  on_trace_changed (self);
}

void
wt_session_page_set_names (WtSessionPage *self, const WtViewNames *names)
{
  self->names = names;
  refresh (self);
}

/* --- GObject ------------------------------------------------------------------------------------------------------ */

static void
wt_session_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (wt_session_page_parent_class)->map (widget);
  if (WT_SESSION_PAGE (widget)->stale)
    refresh (WT_SESSION_PAGE (widget));
}

static void
wt_session_page_dispose (GObject *object)
{
  WtSessionPage *self = WT_SESSION_PAGE (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (wt_session_page_parent_class)->dispose (object);
}

static void
wt_session_page_class_init (WtSessionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_session_page_dispose;
  widget_class->map = wt_session_page_map;
  wt_inspector_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/session-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WtSessionPage, stack);
  gtk_widget_class_bind_template_child (widget_class, WtSessionPage, protocol);
  gtk_widget_class_bind_template_child (widget_class, WtSessionPage, client);
  gtk_widget_class_bind_template_child (widget_class, WtSessionPage, server);
  gtk_widget_class_bind_template_child (widget_class, WtSessionPage, transport);
  gtk_widget_class_bind_template_child (widget_class, WtSessionPage, state);
  gtk_widget_class_bind_template_child (widget_class, WtSessionPage, messages);
  gtk_widget_class_bind_template_child (widget_class, WtSessionPage, bytes);
  gtk_widget_class_bind_template_child (widget_class, WtSessionPage, packets);
  gtk_widget_class_bind_template_child (widget_class, WtSessionPage, next_box);
  gtk_widget_class_bind_template_child (widget_class, WtSessionPage, next);
}

static void
wt_session_page_init (WtSessionPage *self)
{
  self->shown_state = NO_STATE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (self->next_box, FALSE);
}
