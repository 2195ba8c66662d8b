#include "app/ui/transport/transport-bar.h"

#include "app/ui/transport/pace.h"
#include "app/ui/transport/scrubber.h"
#include "app/ui/transport/transport-resources.h"

#include <glib/gi18n.h>

struct _WtTransportBar {
  GtkWidget parent_instance;

  WtScrubber *scrubber;
  GtkDropDown *unit, *run, *pace;
  GtkButton *play;
  GtkLabel *place;

  WtPlayer *player;
  WtSession *session;    /* (nullable) */
  WtRunList *runs;       /* (nullable) */
  GBinding *unit_binding; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (WtTransportBar, wt_transport_bar, GTK_TYPE_WIDGET)

WtPlayer *
wt_transport_bar_player (WtTransportBar *self)
{
  return self->player;
}

/* --- where the cursor is ----------------------------------------------------------------------------------------- */

static void
update_place (WtTransportBar *self)
{
  WtTrace *trace = wt_session_trace (self->session);
  guint32 n, of;
  g_autofree char *text = NULL;

  if (!trace)
    {
      gtk_label_set_text (self->place, "");
      return;
    }
  n = wt_trace_list_before (trace, WT_LIST_MESSAGES, wt_session_position (self->session));
  of = wt_trace_list_length (trace, WT_LIST_MESSAGES);
  /* Translators: "12/40 · 3.204512 s": messages seen, messages there are, seconds of virtual time */
  text = g_strdup_printf (_("%u/%u · %.6f s"), n, of, wt_session_time (self->session) / 1e9);
  gtk_label_set_text (self->place, text);
}

static void
update_play (WtTransportBar *self)
{
  gboolean playing = wt_player_is_playing (self->player);

  gtk_button_set_icon_name (self->play, playing ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->play), playing ? _("Pause (space)") : _("Play (space)"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  playing ? _("Pause") : _("Play"), -1);
}

void
wt_transport_bar_set_session (WtTransportBar *self, WtSession *session)
{
  if (session == self->session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_pointer (&self->unit_binding, g_binding_unbind);
  g_set_object (&self->session, session);
  wt_scrubber_set_session (self->scrubber, session);
  wt_player_set_session (self->player, session);
  if (!session)
    return;
  self->unit_binding = g_object_bind_property (session, "step-unit", self->unit, "selected",
                                               G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_signal_connect_swapped (session, "trace-changed", G_CALLBACK (update_place), self);
  g_signal_connect_swapped (session, "grown", G_CALLBACK (update_place), self);
  g_signal_connect_swapped (session, "notify::position", G_CALLBACK (update_place), self);
  g_signal_connect_swapped (session, "notify::time", G_CALLBACK (update_place), self);
  update_place (self);
}

/* --- runs -------------------------------------------------------------------------------------------------------- */

static void
update_run (WtTransportBar *self)
{
  GListModel *model = wt_run_list_model (self->runs);
  guint current;

  g_object_get (self->runs, "current", &current, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->run), g_list_model_get_n_items (model) > 1);
  if (gtk_drop_down_get_selected (self->run) != current)
    gtk_drop_down_set_selected (self->run, current);
}

static void
on_run_selected (WtTransportBar *self)
{
  guint selected = gtk_drop_down_get_selected (self->run), current;

  g_object_get (self->runs, "current", &current, NULL);
  if (current != GTK_INVALID_LIST_POSITION && selected != GTK_INVALID_LIST_POSITION
      && gtk_widget_get_visible (GTK_WIDGET (self->run)))
    wt_run_list_select (self->runs, selected);
}

void
wt_transport_bar_set_runs (WtTransportBar *self, WtRunList *runs)
{
  g_set_object (&self->runs, runs);
  gtk_drop_down_set_model (self->run, wt_run_list_model (runs));
  g_signal_connect_object (runs, "notify::current", G_CALLBACK (update_run), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->run, "notify::selected", G_CALLBACK (on_run_selected), self);
}

/* --- the widget -------------------------------------------------------------------------------------------------- */

static void
wt_transport_bar_dispose (GObject *object)
{
  WtTransportBar *self = WT_TRANSPORT_BAR (object);
  GtkWidget *child;

  if (self->player)
    {
      wt_transport_bar_set_session (self, NULL);
      g_signal_handlers_disconnect_by_data (self->run, self);
      gtk_drop_down_set_model (self->run, NULL);
    }
  g_clear_object (&self->player);
  g_clear_object (&self->runs);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (wt_transport_bar_parent_class)->dispose (object);
}

static gboolean
wt_transport_bar_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (WT_TRANSPORT_BAR (widget)->play));
}

static void
wt_transport_bar_class_init (WtTransportBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wt_transport_bar_dispose;
  widget_class->grab_focus = wt_transport_bar_grab_focus; /* to the play button */
  g_type_ensure (WT_TYPE_RUN);
  g_type_ensure (WT_TYPE_SCRUBBER);
  wt_transport_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/transport-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, WtTransportBar, scrubber);
  gtk_widget_class_bind_template_child (widget_class, WtTransportBar, unit);
  gtk_widget_class_bind_template_child (widget_class, WtTransportBar, run);
  gtk_widget_class_bind_template_child (widget_class, WtTransportBar, pace);
  gtk_widget_class_bind_template_child (widget_class, WtTransportBar, play);
  gtk_widget_class_bind_template_child (widget_class, WtTransportBar, place);
}

static void
wt_transport_bar_init (WtTransportBar *self)
{
  g_autoptr (GtkStringList) paces = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  self->player = wt_player_new (GTK_WIDGET (self));
  for (guint i = 0; wt_paces[i].id; i++)
    gtk_string_list_append (paces, _(wt_paces[i].label));
  gtk_drop_down_set_model (self->pace, G_LIST_MODEL (paces));
  g_object_bind_property (self->player, "pace", self->pace, "selected",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_signal_connect_swapped (self->player, "notify::playing", G_CALLBACK (update_play), self);
  update_play (self);
}

GtkWidget *
wt_transport_bar_new (void)
{
  return g_object_new (WT_TYPE_TRANSPORT_BAR, NULL);
}
