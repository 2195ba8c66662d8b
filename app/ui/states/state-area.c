#include "app/ui/states/state-area.h"

#include "app/render/state-render.h"
#include "app/ui/common/drawn-view.h"

#include <glib/gi18n.h>

struct _WtStateArea {
  GtkWidget parent_instance;
  const WtStateTable *table; /* (nullable) */
  int state;
};

G_DEFINE_FINAL_TYPE (WtStateArea, wt_state_area, GTK_TYPE_WIDGET)

static const char *
translate (const char *text)
{
  return _(text);
}

static void
update_texts (WtStateArea *self, const char *title)
{
  gboolean lit = self->state >= 0 && self->state < (int) self->table->n_states;
  g_autofree char *next = lit ? wt_state_diagram_describe (self->table, self->state, translate) : NULL;
  g_autofree char *label =
      lit ? g_strdup_printf ("%s: %s", title, _ (self->table->states[self->state].label)) : g_strdup (title);
  g_autofree char *description = lit ? g_strdup_printf (_("What may come next: %s"), next) : g_strdup ("");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

void
wt_state_area_show (WtStateArea *self, const WtStateTable *table, const char *title, int state)
{
  if (table == self->table && state == self->state)
    return;
  if (table != self->table)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  self->table = table;
  self->state = state;
  if (table)
    update_texts (self, title);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const WtStateTable *
wt_state_area_shown (WtStateArea *self, int *state)
{
  *state = self->state;
  return self->table;
}

/* --- size and place ----------------------------------------------------------------------------------------------- */

static double
zoom_for (WtStateArea *self, double width)
{
  double w, h;

  wt_state_diagram_size (self->table, &w, &h);
  return CLAMP (width / w, WT_STATE_ZOOM_MIN, WT_STATE_ZOOM_MAX);
}

/* Left edge of the drawing: centred where there is more room than it takes. */
static double
left (WtStateArea *self, double zoom)
{
  double w, h;

  wt_state_diagram_size (self->table, &w, &h);
  return MAX (0, (gtk_widget_get_width (GTK_WIDGET (self)) - w * zoom) / 2);
}

gboolean
wt_state_area_lit (WtStateArea *self, graphene_rect_t *box)
{
  double zoom, x, y, w, h;

  if (!self->table || self->state < 0 || !wt_state_diagram_box (self->table, self->state, &x, &y, &w, &h))
    return FALSE;
  zoom = zoom_for (self, gtk_widget_get_width (GTK_WIDGET (self)));
  graphene_rect_init (box, left (self, zoom) + x * zoom, y * zoom, w * zoom, h * zoom);
  return TRUE;
}

static GtkSizeRequestMode
wt_state_area_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
wt_state_area_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                       int *minimum_baseline, int *natural_baseline)
{
  WtStateArea *self = WT_STATE_AREA (widget);
  double w, h;

  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;
  if (!self->table)
    return;
  wt_state_diagram_size (self->table, &w, &h);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = w * WT_STATE_ZOOM_MIN;
      *natural = w;
    }
  else
    *minimum = *natural = h * zoom_for (self, for_size > 0 ? for_size : w);
}

static void
wt_state_area_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WtStateArea *self = WT_STATE_AREA (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  WtStateStyle style = { .theme = wt_view_theme (), .current = self->state, .translate = translate };
  double zoom;
  cairo_t *cr;

  if (!self->table)
    return;
  zoom = zoom_for (self, width);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  wt_color_set_source (&style.theme->background, cr);
  cairo_paint (cr);
  cairo_translate (cr, left (self, zoom), 0);
  cairo_scale (cr, zoom, zoom);
  wt_state_diagram_render (cr, self->table, &style);
  cairo_destroy (cr);
  wt_view_snapshot_focus (widget, snapshot);
}

static gboolean
wt_state_area_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  WtStateArea *self = WT_STATE_AREA (widget);
  double zoom = self->table ? zoom_for (self, gtk_widget_get_width (widget)) : 1;
  int state =
      self->table && !keyboard ? wt_state_diagram_state_at (self->table, (x - left (self, zoom)) / zoom, y / zoom) : -1;
  g_autofree char *next = state >= 0 ? wt_state_diagram_describe (self->table, state, translate) : NULL;
  g_autofree char *markup = NULL;

  if (state < 0)
    return FALSE;
  markup = g_markup_printf_escaped ("<b>%s</b>\n%s\n%s", _ (self->table->states[state].label),
                                    self->table->states[state].rfc, next);
  gtk_tooltip_set_markup (tooltip, markup);
  return TRUE;
}

static void
wt_state_area_class_init (WtStateAreaClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->get_request_mode = wt_state_area_get_request_mode;
  widget_class->measure = wt_state_area_measure;
  widget_class->snapshot = wt_state_area_snapshot;
  widget_class->query_tooltip = wt_state_area_query_tooltip;
  gtk_widget_class_set_css_name (widget_class, "wt-states");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
wt_state_area_init (WtStateArea *self)
{
  self->state = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  wt_view_follow_theme (GTK_WIDGET (self));
}
