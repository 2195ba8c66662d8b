#include "app/ui/states/state-view.h"

#include "app/ui/common/drawn-view.h"
#include "app/ui/states/state-area.h"
#include "app/ui/states/states-resources.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define SIGHT 0.2 /* part of the height that stays free round the lit state */

struct _WtStateView {
  GtkWidget parent_instance;

  GtkStack *stack;
  AdwStatusPage *stateless;
  GtkLabel *title;
  GtkScrolledWindow *scroller;
  WtStateArea *area;

  guint idle;         /* the lit state has to be brought into sight */

  WtSession *session; /* (nullable) */
  WtCanvasNames names;
  gpointer names_data;
  GDestroyNotify names_destroy;
};

G_DEFINE_FINAL_TYPE (WtStateView, wt_state_view, GTK_TYPE_WIDGET)

/* --- what is shown ------------------------------------------------------------------------------------------------ */

static void
bring_into_sight (WtStateView *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double page = gtk_adjustment_get_page_size (adjustment), value = gtk_adjustment_get_value (adjustment);
  graphene_rect_t box;

  if (page <= 0 || !wt_state_area_lit (self->area, &box))
    return;
  if (box.origin.y - page * SIGHT < value)
    value = box.origin.y - page * SIGHT;
  else if (box.origin.y + box.size.height + page * SIGHT > value + page)
    value = box.origin.y + box.size.height + page * SIGHT - page;
  gtk_adjustment_set_value (adjustment, value);
}

static gboolean
on_idle (gpointer data)
{
  WtStateView *self = data;

  self->idle = 0;
  bring_into_sight (self);
  return G_SOURCE_REMOVE;
}

/* Within the allocation the area does not have its place yet. */
static void
on_size_changed (WtStateView *self)
{
  if (!self->idle)
    self->idle = g_idle_add_full (GTK_PRIORITY_RESIZE + 1, on_idle, self, NULL);
}

static void
set_title (WtStateView *self, const WtEntity *conversation, const char *protocol)
{
  WtTrace *trace = wt_session_trace (self->session);
  const char *client = wt_names_label (&self->names, self->names_data, trace, conversation->client);
  const char *server = wt_names_label (&self->names, self->names_data, trace, conversation->server);
  g_autofree char *title = g_strdup_printf (_("%s at %s, client %s"), protocol, server, client);

  gtk_label_set_text (self->title, title);
}

static void
show_conversation (WtStateView *self, WtTrace *trace, guint32 id)
{
  const WtEntity *conversation = wt_trace_entity (trace, id);
  const WtDissector *dissector = conversation ? wt_dissector_for (conversation->protocol) : NULL;
  const WtEvent *last = wt_trace_last (trace, id, WT_EVENT_STATE, wt_session_position (self->session));

  if (!dissector)
    {
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }
  if (!dissector->states)
    {
      g_autofree char *title = g_strdup_printf (_("%s Has No States"), dissector->title);

      adw_status_page_set_title (self->stateless, title);
      gtk_stack_set_visible_child_name (self->stack, "stateless");
      return;
    }
  set_title (self, conversation, dissector->title);
  wt_state_area_show (self->area, dissector->states, dissector->title, last ? (int) last->value : -1);
  gtk_stack_set_visible_child_name (self->stack, "diagram");
  bring_into_sight (self);
}

static void
update (WtStateView *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;

  if (!self->stack)
    return;
  if (!trace)
    {
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }
  wt_trace_read_lock (trace);
  show_conversation (self, trace, wt_view_conversation (self->session));
  wt_trace_read_unlock (trace);
}

void
wt_state_view_set_session (WtStateView *self, WtSession *session)
{
  if (session == self->session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session)
    {
      g_signal_connect_swapped (session, "trace-changed", G_CALLBACK (update), self);
      g_signal_connect_swapped (session, "grown", G_CALLBACK (update), self);
      g_signal_connect_swapped (session, "notify::position", G_CALLBACK (update), self);
      g_signal_connect_swapped (session, "notify::selected-entity", G_CALLBACK (update), self);
    }
  update (self);
}

const WtStateTable *
wt_state_view_shown (WtStateView *self, int *state)
{
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "diagram") != 0)
    return NULL;
  return wt_state_area_shown (self->area, state);
}

void
wt_state_view_set_names (WtStateView *self, const WtCanvasNames *names, gpointer user_data, GDestroyNotify destroy)
{
  if (self->names_destroy)
    self->names_destroy (self->names_data);
  self->names = names ? *names : (WtCanvasNames){ 0 };
  self->names_data = user_data;
  self->names_destroy = destroy;
  update (self);
}

/* --- GObject ------------------------------------------------------------------------------------------------------ */

static void
wt_state_view_dispose (GObject *object)
{
  WtStateView *self = WT_STATE_VIEW (object);
  GtkWidget *child;

  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_handle_id (&self->idle, g_source_remove);
  if (self->names_destroy)
    self->names_destroy (self->names_data);
  self->names_destroy = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), WT_TYPE_STATE_VIEW);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (wt_state_view_parent_class)->dispose (object);
}

static void
wt_state_view_class_init (WtStateViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wt_state_view_dispose;
  g_type_ensure (WT_TYPE_STATE_AREA);
  wt_states_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/state-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WtStateView, stack);
  gtk_widget_class_bind_template_child (widget_class, WtStateView, stateless);
  gtk_widget_class_bind_template_child (widget_class, WtStateView, title);
  gtk_widget_class_bind_template_child (widget_class, WtStateView, scroller);
  gtk_widget_class_bind_template_child (widget_class, WtStateView, area);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
wt_state_view_init (WtStateView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("State diagram"), -1);
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "changed",
                           G_CALLBACK (on_size_changed), self, G_CONNECT_SWAPPED);
}

GtkWidget *
wt_state_view_new (void)
{
  return g_object_new (WT_TYPE_STATE_VIEW, NULL);
}
