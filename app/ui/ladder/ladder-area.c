#include "app/ui/ladder/ladder-private.h"

#include "app/trace/event-fields.h"
#include "app/ui/common/drawn-view.h"

#include <glib/gi18n.h>

#define SIGHT_ABOVE 0.16 /* part of the height that stays free above what was brought into sight, */
#define SIGHT_BELOW 0.35 /* and below: what comes next */
#define ROW_HEIGHT 46.0 /* units, about */
#define END_ROOM 60.0   /* pixels beside the ends of an arrow that was brought into sight */
#define NSEC 1e-9

static void area_scrollable_init (GtkScrollableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WtLadderArea, wt_ladder_area, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, area_scrollable_init))

enum { PROP_HADJUSTMENT = 1, PROP_VADJUSTMENT, PROP_HSCROLL_POLICY, PROP_VSCROLL_POLICY };

/* --- scrolling ---------------------------------------------------------------------------------------------------- */

static double
scrolled (WtLadderArea *self, GtkOrientation orientation)
{
  return self->adjustments[orientation] ? gtk_adjustment_get_value (self->adjustments[orientation]) : 0;
}

static double
units_wide (WtLadderArea *self)
{
  double seen = gtk_widget_get_width (GTK_WIDGET (self)) / self->zoom;

  return self->ladder ? MAX (seen, wt_ladder_width (self->ladder)) : seen;
}

static void
configure (WtLadderArea *self, GtkOrientation orientation, double size, double page)
{
  GtkAdjustment *adjustment = self->adjustments[orientation];

  if (!adjustment)
    return;
  size = MAX (size, page);
  gtk_adjustment_configure (adjustment, CLAMP (gtk_adjustment_get_value (adjustment), 0, size - page), 0, size,
                            ROW_HEIGHT * self->zoom, page * 0.85, page);
}

static void
configure_both (WtLadderArea *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));

  configure (self, GTK_ORIENTATION_HORIZONTAL, units_wide (self) * self->zoom, width);
  configure (self, GTK_ORIENTATION_VERTICAL, self->ladder ? wt_ladder_height (self->ladder) * self->zoom : 0, height);
}

/* Sideways: both ends of an arrow, or where it starts if there is no room for both. */
static void
bring_ends_into_sight (WtLadderArea *self, guint32 event)
{
  GtkAdjustment *adjustment = self->adjustments[GTK_ORIENTATION_HORIZONTAL];
  double left, right, page, value;

  if (!adjustment || !wt_ladder_x_of_event (self->ladder, units_wide (self), event, &left, &right))
    return;
  page = gtk_adjustment_get_page_size (adjustment);
  value = gtk_adjustment_get_value (adjustment);
  left = left * self->zoom - END_ROOM;
  right = right * self->zoom + END_ROOM;
  if (right > value + page)
    value = right - page;
  if (left < value)
    value = left;
  gtk_adjustment_set_value (adjustment, value);
}

/* Scrolls no further than needed; `anew`: as if it came from above. */
static void
bring_into_sight (WtLadderArea *self, double y, gboolean anew)
{
  GtkAdjustment *adjustment = self->adjustments[GTK_ORIENTATION_VERTICAL];
  double header = WT_LADDER_HEADER * self->zoom, page, room, value;

  if (!adjustment)
    return;
  page = gtk_adjustment_get_page_size (adjustment);
  room = MAX (page - header, 0);
  value = gtk_adjustment_get_value (adjustment);
  y *= self->zoom;
  if (anew || y > value + page - room * SIGHT_BELOW)
    value = y - page + room * SIGHT_BELOW;
  else if (y < value + header + room * SIGHT_ABOVE)
    value = y - header - room * SIGHT_ABOVE;
  gtk_adjustment_set_value (adjustment, value);
}

static void
show_cursor (WtLadderArea *self, gboolean anew)
{
  guint32 position = wt_session_position (self->session);

  if (!self->ladder || gtk_widget_get_height (GTK_WIDGET (self)) == 0)
    return;
  bring_into_sight (self, wt_ladder_y_of_cursor (self->ladder, position, wt_session_time (self->session)), anew);
  if (position > 0)
    bring_ends_into_sight (self, position - 1);
}

static void
set_adjustment (WtLadderArea *self, GtkOrientation orientation, GtkAdjustment *adjustment)
{
  GtkAdjustment **place = &self->adjustments[orientation];

  if (*place)
    g_signal_handlers_disconnect_by_data (*place, self);
  g_clear_object (place);
  if (!adjustment)
    return;
  *place = g_object_ref_sink (adjustment);
  g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (gtk_widget_queue_draw), self);
  configure_both (self);
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static guint
current_row (WtLadderArea *self)
{
  guint32 event = wt_session_selected_event (self->session), position = wt_session_position (self->session);

  return wt_ladder_row_of_event (self->ladder, event != WT_EVENT_NO_REF ? event : MAX (position, 1) - 1);
}

static char *
describe_row (WtLadderArea *self, guint32 n, guint row)
{
  const WtEvent *event = wt_trace_event (self->trace, n);
  const char *from = wt_names_label (&self->names, self->names_data, self->trace, event->from);
  const char *to = wt_names_label (&self->names, self->names_data, self->trace, event->to);
  g_autofree char *place = event->to ? g_strdup_printf (_("%s to %s"), from, to) : g_strdup (from);

  return g_strdup_printf (_("%s, %.6f s, row %u of %u"), place, event->time * NSEC, row + 1,
                          wt_ladder_n_rows (self->ladder));
}

/* The current row is what the area is called: that is what a screen reader says when it changes. */
static void
update_texts (WtLadderArea *self)
{
  g_autofree char *summary = NULL, *description = NULL;

  if (self->ladder && wt_ladder_n_rows (self->ladder) > 0)
    {
      guint row = current_row (self);
      guint32 event = wt_ladder_row_event (self->ladder, row);

      summary = wt_event_summary (self->trace, event);
      description = describe_row (self, event, row);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  summary ? summary : _("No messages"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description ? description : "", -1);
}

static void
check_rows (WtLadderArea *self)
{
  gboolean has_rows = self->ladder && wt_ladder_n_rows (self->ladder) > 0;

  if (has_rows == self->has_rows)
    return;
  self->has_rows = has_rows;
  g_signal_emit_by_name (self, "rows-changed", has_rows);
}

static gboolean
take_in (gpointer data)
{
  WtLadderArea *self = data;
  gboolean done;

  wt_trace_read_lock (self->trace);
  done = wt_ladder_update (self->ladder);
  configure_both (self);
  if (self->to_cursor)
    show_cursor (self, FALSE);
  self->to_cursor &= !done;
  update_texts (self);
  wt_trace_read_unlock (self->trace);
  check_rows (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (!done)
    return G_SOURCE_CONTINUE;
  self->idle = 0;
  return G_SOURCE_REMOVE;
}

static void
update (WtLadderArea *self)
{
  if (self->ladder && !self->idle && take_in (self) == G_SOURCE_CONTINUE)
    self->idle = g_idle_add_full (G_PRIORITY_LOW, take_in, self, NULL);
}

static void
forget_ladder (WtLadderArea *self)
{
  if (self->idle)
    g_source_remove (self->idle);
  self->idle = 0;
  g_clear_pointer (&self->ladder, wt_ladder_free);
}

static void
reload (WtLadderArea *self)
{
  forget_ladder (self);
  if (self->trace)
    {
      self->options.filter = wt_session_filter (self->session);
      self->options.conversation = self->only ? wt_view_conversation (self->session) : 0;
      self->ladder = wt_ladder_new (self->trace, &self->options);
      self->to_cursor = TRUE;
    }
  update (self);
  check_rows (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Another conversation is selected, perhaps. TRUE: the rows were made anew. */
static gboolean
follow_conversation (WtLadderArea *self)
{
  if (!self->only || !self->trace || wt_view_conversation (self->session) == self->options.conversation)
    return FALSE;
  reload (self);
  return TRUE;
}

/* --- the session -------------------------------------------------------------------------------------------------- */

static void
on_cursor (WtLadderArea *self)
{
  if (!self->ladder || follow_conversation (self))
    return;
  self->to_cursor = TRUE;
  update (self);
}

static void
on_time (WtLadderArea *self)
{
  if (!self->ladder)
    return;
  show_cursor (self, FALSE);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_selected (WtLadderArea *self)
{
  guint32 event = self->session ? wt_session_selected_event (self->session) : WT_EVENT_NO_REF;

  if (!self->ladder || follow_conversation (self))
    return;
  update (self);
  if (event == WT_EVENT_NO_REF)
    return;
  bring_into_sight (self, wt_ladder_y_of_event (self->ladder, event), FALSE);
  bring_ends_into_sight (self, event);
}

static void
on_trace_changed (WtLadderArea *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;

  forget_ladder (self);
  g_clear_pointer (&self->trace, wt_trace_unref);
  self->trace = trace ? wt_trace_ref (trace) : NULL;
  reload (self);
}

void
wt_ladder_area_set_session (WtLadderArea *self, WtSession *session)
{
  if (session == self->session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  forget_ladder (self);
  g_set_object (&self->session, session);
  if (session)
    {
      g_signal_connect_swapped (session, "trace-changed", G_CALLBACK (on_trace_changed), self);
      g_signal_connect_swapped (session, "grown", G_CALLBACK (update), self);
      g_signal_connect_swapped (session, "notify::position", G_CALLBACK (on_cursor), self);
      g_signal_connect_swapped (session, "notify::time", G_CALLBACK (on_time), self);
      g_signal_connect_swapped (session, "notify::selected-event", G_CALLBACK (on_selected), self);
      g_signal_connect_swapped (session, "notify::selected-entity", G_CALLBACK (follow_conversation), self);
      g_signal_connect_swapped (session, "notify::filter-text", G_CALLBACK (reload), self);
    }
  on_trace_changed (self);
}

void
wt_ladder_area_set_names (WtLadderArea *self, const WtCanvasNames *names, gpointer user_data)
{
  self->names = names ? *names : (WtCanvasNames){ 0 };
  self->names_data = user_data;
  if (self->ladder)
    update_texts (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
wt_ladder_area_set_options (WtLadderArea *self, WtLadderAxis axis, gboolean segments, gboolean only)
{
  if (axis == self->options.axis && segments == self->options.segments && only == self->only)
    return;
  self->options.axis = axis;
  self->options.segments = segments;
  self->only = only;
  reload (self);
}

WtLadder *
wt_ladder_area_ladder (WtLadderArea *self)
{
  return self->ladder;
}

/* --- what the user does ------------------------------------------------------------------------------------------- */

guint32
wt_ladder_area_event_at (WtLadderArea *self, double x, double y)
{
  if (!self->ladder || y < WT_LADDER_HEADER * self->zoom)
    return WT_EVENT_NO_REF;
  return wt_ladder_event_at (self->ladder, units_wide (self),
                             (x + scrolled (self, GTK_ORIENTATION_HORIZONTAL)) / self->zoom,
                             (y + scrolled (self, GTK_ORIENTATION_VERTICAL)) / self->zoom);
}

void
wt_ladder_area_select (WtLadderArea *self, guint32 event)
{
  if (self->session)
    wt_session_select_event (self->session, event);
}

void
wt_ladder_area_move (WtLadderArea *self, int rows)
{
  int n = self->ladder ? wt_ladder_n_rows (self->ladder) : 0;
  gboolean selected = self->session && wt_session_selected_event (self->session) != WT_EVENT_NO_REF;
  gint64 row;

  if (n == 0)
    return;
  /* Without a selection the first key selects what the cursor stands at. */
  row = current_row (self) + (selected ? (gint64) rows : 0);
  wt_ladder_area_select (self, wt_ladder_row_event (self->ladder, CLAMP (row, 0, n - 1)));
}

void
wt_ladder_area_go (WtLadderArea *self, guint32 event)
{
  if (self->session && event != WT_EVENT_NO_REF)
    wt_session_seek (self->session, event + 1);
}

int
wt_ladder_area_page (WtLadderArea *self)
{
  return MAX (1, (int) (gtk_widget_get_height (GTK_WIDGET (self)) / self->zoom / ROW_HEIGHT) - 2);
}

/* What stands in the middle stays there. */
void
wt_ladder_area_set_zoom (WtLadderArea *self, double zoom)
{
  double page = gtk_widget_get_height (GTK_WIDGET (self));
  double middle = (scrolled (self, GTK_ORIENTATION_VERTICAL) + page / 2) / self->zoom;

  zoom = CLAMP (zoom, WT_LADDER_ZOOM_MIN, WT_LADDER_ZOOM_MAX);
  if (zoom == self->zoom)
    return;
  self->zoom = zoom;
  configure_both (self);
  if (self->adjustments[GTK_ORIENTATION_VERTICAL])
    gtk_adjustment_set_value (self->adjustments[GTK_ORIENTATION_VERTICAL], middle * zoom - page / 2);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* --- GtkWidget ---------------------------------------------------------------------------------------------------- */

static void
wt_ladder_area_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  WtLadderArea *self = WT_LADDER_AREA (widget);

  configure_both (self);
  if (self->ladder && (self->to_cursor || height != self->height))
    show_cursor (self, height != self->height);
  self->to_cursor = FALSE;
  self->height = height;
}

static void
wt_ladder_area_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WtLadderArea *self = WT_LADDER_AREA (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  WtLadderStyle style = { .theme = wt_view_theme (), .names = &self->names, .user_data = self->names_data,
                          .width = units_wide (self) };
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));

  wt_color_set_source (&style.theme->background, cr);
  cairo_paint (cr);
  if (self->ladder)
    {
      style.position = wt_session_position (self->session);
      style.time = wt_session_time (self->session);
      style.selected_event = wt_session_selected_event (self->session);
      cairo_translate (cr, -scrolled (self, GTK_ORIENTATION_HORIZONTAL), 0);
      cairo_scale (cr, self->zoom, self->zoom);
      wt_trace_read_lock (self->trace);
      wt_ladder_render (self->ladder, cr, &style, scrolled (self, GTK_ORIENTATION_VERTICAL) / self->zoom,
                        height / self->zoom);
      wt_trace_read_unlock (self->trace);
    }
  cairo_destroy (cr);
  wt_view_snapshot_focus (widget, snapshot);
}

/* The whole of what an arrow's length may have cut off. */
static gboolean
wt_ladder_area_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  WtLadderArea *self = WT_LADDER_AREA (widget);
  guint32 event = keyboard ? WT_EVENT_NO_REF : wt_ladder_area_event_at (self, x, y);
  g_autofree char *summary = event != WT_EVENT_NO_REF ? wt_event_summary (self->trace, event) : NULL;
  g_autofree char *place = summary ? describe_row (self, event, wt_ladder_row_of_event (self->ladder, event)) : NULL;
  g_autofree char *markup = summary ? g_markup_printf_escaped ("<b>%s</b>\n%s", summary, place) : NULL;

  gtk_tooltip_set_markup (tooltip, markup);
  return markup != NULL;
}

static void
wt_ladder_area_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WtLadderArea *self = WT_LADDER_AREA (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[id - PROP_HADJUSTMENT]);
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->policies[id - PROP_HSCROLL_POLICY]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
wt_ladder_area_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  WtLadderArea *self = WT_LADDER_AREA (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      set_adjustment (self, id - PROP_HADJUSTMENT, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      self->policies[id - PROP_HSCROLL_POLICY] = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
wt_ladder_area_dispose (GObject *object)
{
  WtLadderArea *self = WT_LADDER_AREA (object);

  wt_ladder_area_set_session (self, NULL);
  set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);
  G_OBJECT_CLASS (wt_ladder_area_parent_class)->dispose (object);
}

static gboolean
get_border (GtkScrollable *scrollable, GtkBorder *border)
{
  border->top = WT_LADDER_HEADER * WT_LADDER_AREA (scrollable)->zoom;
  border->bottom = border->left = border->right = 0;
  return TRUE;
}

static void
area_scrollable_init (GtkScrollableInterface *iface)
{
  iface->get_border = get_border;
}

static void
wt_ladder_area_class_init (WtLadderAreaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = wt_ladder_area_get_property;
  object_class->set_property = wt_ladder_area_set_property;
  object_class->dispose = wt_ladder_area_dispose;
  widget_class->size_allocate = wt_ladder_area_size_allocate;
  widget_class->snapshot = wt_ladder_area_snapshot;
  widget_class->query_tooltip = wt_ladder_area_query_tooltip;

  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  g_signal_new ("context-menu", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                G_TYPE_UINT, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  g_signal_new ("rows-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_BOOLEAN);
  gtk_widget_class_set_css_name (widget_class, "wt-ladder");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
  wt_ladder_area_class_add_input (widget_class);
}

static void
wt_ladder_area_init (WtLadderArea *self)
{
  self->zoom = wt_view_text_scale (GTK_WIDGET (self));
  self->options.axis = WT_LADDER_COMPRESSED;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  wt_view_follow_theme (GTK_WIDGET (self));
  wt_ladder_area_add_input (self);
}
