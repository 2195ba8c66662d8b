#include "app/ui/ladder/ladder-view.h"

#include "app/ui/ladder/ladder-area.h"
#include "app/ui/ladder/ladder-resources.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _WtLadderView {
  GtkWidget parent_instance;

  GtkToggleButton *compressed, *true_time, *segments, *only_conversation;
  GtkStack *stack;
  WtLadderArea *area;

  WtSession *session; /* (nullable) */
  WtCanvasNames names;
  gpointer names_data;
  GDestroyNotify names_destroy;
};

G_DEFINE_FINAL_TYPE (WtLadderView, wt_ladder_view, GTK_TYPE_WIDGET)

enum { PROP_AXIS = 1, PROP_SEGMENTS, PROP_ONLY_CONVERSATION, N_PROPS };
static GParamSpec *props[N_PROPS];

void
wt_ladder_view_set_session (WtLadderView *self, WtSession *session)
{
  if (!g_set_object (&self->session, session))
    return;
  wt_ladder_area_set_session (self->area, session);
}

void
wt_ladder_view_names_changed (WtLadderView *self)
{
  wt_ladder_area_set_names (self->area, &self->names, self->names_data);
}

void
wt_ladder_view_set_names (WtLadderView *self, const WtCanvasNames *names, gpointer user_data, GDestroyNotify destroy)
{
  if (self->names_destroy)
    self->names_destroy (self->names_data);
  self->names = names ? *names : (WtCanvasNames){ 0 };
  self->names_data = user_data;
  self->names_destroy = destroy;
  wt_ladder_view_names_changed (self);
}

WtLadder *
wt_ladder_view_ladder (WtLadderView *self)
{
  return wt_ladder_area_ladder (self->area);
}

/* --- the toolbar: its buttons are the properties ------------------------------------------------------------------ */

static WtLadderAxis
axis (WtLadderView *self)
{
  return gtk_toggle_button_get_active (self->compressed) ? WT_LADDER_COMPRESSED : WT_LADDER_TRUE;
}

static void
on_options (WtLadderView *self)
{
  wt_ladder_area_set_options (self->area, axis (self), gtk_toggle_button_get_active (self->segments),
                              gtk_toggle_button_get_active (self->only_conversation));
}

static void
on_axis (WtLadderView *self)
{
  on_options (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AXIS]);
}

static void
on_segments (WtLadderView *self)
{
  on_options (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SEGMENTS]);
}

static void
on_only_conversation (WtLadderView *self)
{
  on_options (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ONLY_CONVERSATION]);
}

/* --- the area ----------------------------------------------------------------------------------------------------- */

static void
on_rows_changed (WtLadderArea *area, gboolean has_rows, WtLadderView *self)
{
  gtk_stack_set_visible_child_name (self->stack, has_rows ? "ladder" : "empty");
}

static void
on_context_menu (WtLadderArea *area, guint event, double x, double y, WtLadderView *self)
{
  double to_x = x, to_y = y;

  gtk_widget_translate_coordinates (GTK_WIDGET (area), GTK_WIDGET (self), x, y, &to_x, &to_y);
  g_signal_emit_by_name (self, "context-menu", event, to_x, to_y);
}

/* --- GObject ------------------------------------------------------------------------------------------------------ */

static void
wt_ladder_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WtLadderView *self = WT_LADDER_VIEW (object);

  switch (id)
    {
    case PROP_AXIS:
      g_value_set_int (value, axis (self));
      break;
    case PROP_SEGMENTS:
      g_value_set_boolean (value, gtk_toggle_button_get_active (self->segments));
      break;
    case PROP_ONLY_CONVERSATION:
      g_value_set_boolean (value, gtk_toggle_button_get_active (self->only_conversation));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
wt_ladder_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  WtLadderView *self = WT_LADDER_VIEW (object);

  switch (id)
    {
    case PROP_AXIS:
      gtk_toggle_button_set_active (g_value_get_int (value) == WT_LADDER_TRUE ? self->true_time : self->compressed,
                                    TRUE);
      break;
    case PROP_SEGMENTS:
      gtk_toggle_button_set_active (self->segments, g_value_get_boolean (value));
      break;
    case PROP_ONLY_CONVERSATION:
      gtk_toggle_button_set_active (self->only_conversation, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
wt_ladder_view_dispose (GObject *object)
{
  WtLadderView *self = WT_LADDER_VIEW (object);
  GtkWidget *child;

  if (self->area)
    {
      wt_ladder_view_set_session (self, NULL);
      wt_ladder_view_set_names (self, NULL, NULL, NULL);
    }
  self->area = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), WT_TYPE_LADDER_VIEW);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (wt_ladder_view_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  props[PROP_AXIS] =
      g_param_spec_int ("axis", NULL, NULL, WT_LADDER_TRUE, WT_LADDER_COMPRESSED, WT_LADDER_COMPRESSED, flags);
  props[PROP_SEGMENTS] = g_param_spec_boolean ("segments", NULL, NULL, FALSE, flags);
  props[PROP_ONLY_CONVERSATION] = g_param_spec_boolean ("only-conversation", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
wt_ladder_view_class_init (WtLadderViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = wt_ladder_view_get_property;
  object_class->set_property = wt_ladder_view_set_property;
  object_class->dispose = wt_ladder_view_dispose;
  install_properties (object_class);
  g_signal_new ("context-menu", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                G_TYPE_UINT, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  g_type_ensure (WT_TYPE_LADDER_AREA);
  wt_ladder_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/ladder-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WtLadderView, compressed);
  gtk_widget_class_bind_template_child (widget_class, WtLadderView, true_time);
  gtk_widget_class_bind_template_child (widget_class, WtLadderView, segments);
  gtk_widget_class_bind_template_child (widget_class, WtLadderView, only_conversation);
  gtk_widget_class_bind_template_child (widget_class, WtLadderView, stack);
  gtk_widget_class_bind_template_child (widget_class, WtLadderView, area);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
wt_ladder_view_init (WtLadderView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Ladder diagram"), -1);
  g_signal_connect_swapped (self->compressed, "toggled", G_CALLBACK (on_axis), self);
  g_signal_connect_swapped (self->segments, "toggled", G_CALLBACK (on_segments), self);
  g_signal_connect_swapped (self->only_conversation, "toggled", G_CALLBACK (on_only_conversation), self);
  g_signal_connect (self->area, "rows-changed", G_CALLBACK (on_rows_changed), self);
  g_signal_connect (self->area, "context-menu", G_CALLBACK (on_context_menu), self);
}

GtkWidget *
wt_ladder_view_new (void)
{
  return g_object_new (WT_TYPE_LADDER_VIEW, NULL);
}
