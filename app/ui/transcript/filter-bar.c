#include "app/ui/transcript/filter-bar.h"

#include "app/ui/transcript/filter-suggest.h"
#include "app/ui/transcript/transcript-resources.h"

#include <glib/gi18n.h>

#define APPLY_AFTER 150    /* ms after the last key */
#define COMPLAIN_AFTER 900 /* ms: who is still writing is not told that it is not finished */

struct _WtFilterBar {
  AdwBin parent_instance;

  GtkEntry *entry;
  GtkRevealer *problem;
  GtkLabel *mark, *message;

  WtSession *session; /* (nullable) */
  guint apply_timeout, complain_timeout;
  gboolean setting;   /* the text comes from the session */
};

G_DEFINE_FINAL_TYPE (WtFilterBar, wt_filter_bar, ADW_TYPE_BIN)

/* --- what is wrong ------------------------------------------------------------------------------------------------ */

/* Puts the mark under that column (from 1) of the entry. */
static void
place_mark (WtFilterBar *self, guint column)
{
  GtkText *text = GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (self->entry)));
  graphene_rect_t caret;
  graphene_point_t point;
  int width, room;

  gtk_text_compute_cursor_extents (text, MAX (column, 1) - 1, &caret, NULL);
  if (!gtk_widget_compute_point (GTK_WIDGET (text), GTK_WIDGET (self), &caret.origin, &point))
    point = GRAPHENE_POINT_INIT (0, 0);
  gtk_widget_measure (GTK_WIDGET (self->mark), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  width -= gtk_widget_get_margin_start (GTK_WIDGET (self->mark));
  room = MAX (gtk_widget_get_width (GTK_WIDGET (self)) - width, 0);
  gtk_widget_set_margin_start (GTK_WIDGET (self->mark), CLAMP (point.x - width / 2.0, 0, room));
}

static void
set_problem (WtFilterBar *self, gboolean wrong, const char *message, guint column)
{
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  if (message)
    {
      gtk_label_set_text (self->message, message);
      place_mark (self, column);
    }
  gtk_revealer_set_reveal_child (self->problem, message != NULL);
}

/* --- applying ----------------------------------------------------------------------------------------------------- */

static void
stop_timeouts (WtFilterBar *self)
{
  g_clear_handle_id (&self->apply_timeout, g_source_remove);
  g_clear_handle_id (&self->complain_timeout, g_source_remove);
}

static void
apply (WtFilterBar *self, gboolean complain)
{
  g_autoptr (GError) error = NULL;
  guint column = 1;

  if (!self->session)
    return;
  if (wt_session_set_filter (self->session, gtk_editable_get_text (GTK_EDITABLE (self->entry)), &column, &error))
    set_problem (self, FALSE, NULL, 0);
  else
    set_problem (self, TRUE, complain ? error->message : NULL, column);
}

static gboolean
on_complain (gpointer data)
{
  WtFilterBar *self = data;

  self->complain_timeout = 0;
  apply (self, TRUE);
  return G_SOURCE_REMOVE;
}

static gboolean
on_apply (gpointer data)
{
  WtFilterBar *self = data;

  self->apply_timeout = 0;
  apply (self, FALSE);
  return G_SOURCE_REMOVE;
}

static void
update_icon (WtFilterBar *self)
{
  gboolean empty = gtk_entry_get_text_length (self->entry) == 0;

  gtk_entry_set_icon_from_icon_name (self->entry, GTK_ENTRY_ICON_SECONDARY, empty ? NULL : "edit-clear-symbolic");
  if (!empty)
    gtk_entry_set_icon_tooltip_text (self->entry, GTK_ENTRY_ICON_SECONDARY, _("Clear the filter"));
}

static void
on_changed (WtFilterBar *self)
{
  update_icon (self);
  if (self->setting)
    return;
  stop_timeouts (self);
  gtk_revealer_set_reveal_child (self->problem, FALSE);
  self->apply_timeout = g_timeout_add (APPLY_AFTER, on_apply, self);
  self->complain_timeout = g_timeout_add (COMPLAIN_AFTER, on_complain, self);
}

static void
on_activate (WtFilterBar *self)
{
  stop_timeouts (self);
  apply (self, TRUE);
}

void
wt_filter_bar_clear (WtFilterBar *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  on_activate (self);
}

/* Somebody else set the filter. */
static void
on_filter_text (WtFilterBar *self)
{
  g_autofree char *text = NULL;

  g_object_get (self->session, "filter-text", &text, NULL);
  if (g_strcmp0 (text, gtk_editable_get_text (GTK_EDITABLE (self->entry))) == 0)
    return;
  stop_timeouts (self);
  self->setting = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text ? text : "");
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
  self->setting = FALSE;
  set_problem (self, FALSE, NULL, 0);
}

void
wt_filter_bar_set_session (WtFilterBar *self, WtSession *session)
{
  if (session == self->session)
    return;
  stop_timeouts (self);
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session)
    {
      g_signal_connect_swapped (session, "notify::filter-text", G_CALLBACK (on_filter_text), self);
      on_filter_text (self);
    }
}

/* --- GObject ------------------------------------------------------------------------------------------------------ */

static gboolean
wt_filter_bar_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (WT_FILTER_BAR (widget)->entry));
}

static void
wt_filter_bar_dispose (GObject *object)
{
  wt_filter_bar_set_session (WT_FILTER_BAR (object), NULL);
  G_OBJECT_CLASS (wt_filter_bar_parent_class)->dispose (object);
}

static void
wt_filter_bar_class_init (WtFilterBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wt_filter_bar_dispose;
  widget_class->grab_focus = wt_filter_bar_grab_focus;
  wt_transcript_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/filter-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, WtFilterBar, entry);
  gtk_widget_class_bind_template_child (widget_class, WtFilterBar, problem);
  gtk_widget_class_bind_template_child (widget_class, WtFilterBar, mark);
  gtk_widget_class_bind_template_child (widget_class, WtFilterBar, message);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, wt_filter_bar_clear);
}

static void
wt_filter_bar_init (WtFilterBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  wt_filter_suggest_attach (self->entry);
}
