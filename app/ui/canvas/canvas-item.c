#include "app/ui/canvas/canvas-item.h"

#include "app/render/host-symbols.h"
#include "app/render/shapes.h"

#include <glib/gi18n.h>
#include <math.h>

#define LINE_REACH 7.0 /* pixels from a link at which it is hit */
#define RING 7.0       /* canvas units between symbol and ring */
#define OVERLAY 90.0   /* canvas units: badges never reach further from a host's middle */

struct _WtCanvasItem {
  GtkButton parent_instance;
  guint32 entity;
  gboolean is_link;
  const WtTheme *theme;
  double zoom;
  WtNodeState state;
  gboolean selected;
  double line[4];
  char *label, *type;
};

G_DEFINE_FINAL_TYPE (WtCanvasItem, wt_canvas_item, GTK_TYPE_BUTTON)

guint32
wt_canvas_item_entity (WtCanvasItem *self)
{
  return self->entity;
}

gboolean
wt_canvas_item_is_link (WtCanvasItem *self)
{
  return self->is_link;
}

/* --- what it says ------------------------------------------------------------------------------------------------- */

static void
add_count (GString *text, guint n, const char *one, const char *many)
{
  if (n == 0)
    return;
  g_string_append (text, "; ");
  g_string_append_printf (text, "%u ", n);
  g_string_append (text, n == 1 ? one : many);
}

static char *
describe (WtCanvasItem *self)
{
  GString *text = g_string_new (self->type ? self->type : "");

  if (self->state.down)
    g_string_append_printf (text, "; %s", self->is_link ? _("cut") : _("down"));
  add_count (text, self->state.n_mails, _("mail in its mailboxes"), _("mails in its mailboxes"));
  add_count (text, self->state.n_queued, _("mail in the queue"), _("mails in the queue"));
  if (!self->state.down)
    add_count (text, self->state.n_sessions, _("open session"), _("open sessions"));
  return g_string_free (text, FALSE);
}

static void
update_texts (WtCanvasItem *self)
{
  g_autofree char *description = describe (self);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->label ? self->label : "",
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

static gboolean
on_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  WtCanvasItem *self = WT_CANVAS_ITEM (widget);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  g_autofree char *description = describe (self);
  g_autofree char *markup = g_markup_printf_escaped ("<b>%s</b>\n%s", self->label ? self->label : "", description);

  if (focus && gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER)) /* would cover the context menu */
    return FALSE;
  gtk_tooltip_set_markup (tooltip, markup);
  return TRUE;
}

void
wt_canvas_item_set_text (WtCanvasItem *self, const char *label, const char *type)
{
  if (g_strcmp0 (label, self->label) == 0 && g_strcmp0 (type, self->type) == 0)
    return;
  g_free (self->label);
  g_free (self->type);
  self->label = g_strdup (label);
  self->type = g_strdup (type);
  update_texts (self);
}

/* --- what it shows ------------------------------------------------------------------------------------------------ */

void
wt_canvas_item_set_look (WtCanvasItem *self, const WtTheme *theme, double zoom)
{
  if (self->theme == theme && self->zoom == zoom)
    return;
  self->theme = theme;
  self->zoom = zoom;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
wt_canvas_item_set_state (WtCanvasItem *self, const WtNodeState *state)
{
  if (self->state.down == state->down && self->state.n_mails == state->n_mails
      && self->state.n_queued == state->n_queued && self->state.n_sessions == state->n_sessions)
    return;
  self->state = *state;
  update_texts (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
wt_canvas_item_set_selected (WtCanvasItem *self, gboolean selected)
{
  if (self->selected == selected)
    return;
  self->selected = selected;
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_PRESSED,
                               selected ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
wt_canvas_item_set_line (WtCanvasItem *self, double x1, double y1, double x2, double y2)
{
  self->line[0] = x1;
  self->line[1] = y1;
  self->line[2] = x2;
  self->line[3] = y2;
}

static gboolean
is_lit (WtCanvasItem *self)
{
  return self->selected || gtk_widget_has_visible_focus (GTK_WIDGET (self))
         || (gtk_widget_get_state_flags (GTK_WIDGET (self)) & GTK_STATE_FLAG_PRELIGHT);
}

gboolean
wt_canvas_item_has_overlay (WtCanvasItem *self)
{
  return self->theme
         && (is_lit (self)
             || (!self->is_link && (self->state.n_mails || self->state.n_queued || self->state.n_sessions)));
}

/* Strong for what is selected, a line for focus, a breath for what the pointer is over. */
static void
paint_lit (WtCanvasItem *self, cairo_t *cr)
{
  gboolean focus = gtk_widget_has_visible_focus (GTK_WIDGET (self));
  double width = self->selected ? 3.5 : focus ? 2.5 : 1.5, alpha = self->selected ? 0.2 : 0.08;
  double dash[] = { 5, 3 };

  wt_color_set_source_alpha (&self->theme->selection, alpha, cr);
  if (!self->is_link)
    cairo_fill_preserve (cr);
  wt_color_set_source_alpha (&self->theme->selection, self->selected || focus ? 1 : 0.6, cr);
  cairo_set_line_width (cr, self->is_link ? width + 1 : width);
  if (focus && !self->selected)
    cairo_set_dash (cr, dash, 2, 0);
  cairo_stroke (cr);
}

static void
snapshot_link (WtCanvasItem *self, GtkSnapshot *snapshot)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (-6, -6, width + 12, height + 12));

  cairo_move_to (cr, self->line[0], self->line[1]);
  cairo_line_to (cr, self->line[2], self->line[3]);
  paint_lit (self, cr);
  cairo_destroy (cr);
}

static void
snapshot_host (WtCanvasItem *self, GtkSnapshot *snapshot)
{
  double x = gtk_widget_get_width (GTK_WIDGET (self)) / 2.0, y = WT_SYMBOL_HALF_HEIGHT * self->zoom;
  double reach = OVERLAY * MAX (self->zoom, 0.5);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (x - reach, y - reach, 2 * reach, 2 * reach));

  cairo_translate (cr, x, y);
  if (is_lit (self))
    {
      double half_width = (WT_SYMBOL_HALF_WIDTH + RING) * self->zoom;
      double half_height = (WT_SYMBOL_HALF_HEIGHT + RING) * self->zoom;

      wt_path_rounded (cr, -half_width, -half_height, 2 * half_width, 2 * half_height, 10 * self->zoom);
      paint_lit (self, cr);
    }
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_scale (cr, self->zoom, self->zoom);
  wt_canvas_draw_badges (cr, self->theme, self->zoom, &self->state);
  cairo_destroy (cr);
}

static void
wt_canvas_item_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WtCanvasItem *self = WT_CANVAS_ITEM (widget);

  if (!wt_canvas_item_has_overlay (self))
    return;
  if (self->is_link)
    snapshot_link (self, snapshot);
  else
    snapshot_host (self, snapshot);
}

/* A link is its line, not the box round it. */
static gboolean
wt_canvas_item_contains (GtkWidget *widget, double x, double y)
{
  WtCanvasItem *self = WT_CANVAS_ITEM (widget);
  double dx = self->line[2] - self->line[0], dy = self->line[3] - self->line[1], length = dx * dx + dy * dy;
  double part = length > 0 ? ((x - self->line[0]) * dx + (y - self->line[1]) * dy) / length : 0;

  if (!self->is_link)
    return GTK_WIDGET_CLASS (wt_canvas_item_parent_class)->contains (widget, x, y);
  part = CLAMP (part, 0, 1);
  return hypot (x - self->line[0] - part * dx, y - self->line[1] - part * dy) <= LINE_REACH;
}

static void
wt_canvas_item_finalize (GObject *object)
{
  WtCanvasItem *self = WT_CANVAS_ITEM (object);

  g_free (self->label);
  g_free (self->type);
  G_OBJECT_CLASS (wt_canvas_item_parent_class)->finalize (object);
}

static void
on_state_flags (WtCanvasItem *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));

  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (parent)
    gtk_widget_queue_draw (parent);
}

static void
wt_canvas_item_class_init (WtCanvasItemClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wt_canvas_item_finalize;
  widget_class->snapshot = wt_canvas_item_snapshot;
  widget_class->contains = wt_canvas_item_contains;
  widget_class->query_tooltip = on_query_tooltip;
  gtk_widget_class_set_css_name (widget_class, "wt-canvas-item");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_BUTTON);
}

static void
wt_canvas_item_init (WtCanvasItem *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_VISIBLE);
  g_signal_connect (self, "state-flags-changed", G_CALLBACK (on_state_flags), NULL);
}

GtkWidget *
wt_canvas_item_new (guint32 entity, gboolean is_link)
{
  WtCanvasItem *self = g_object_new (WT_TYPE_CANVAS_ITEM, NULL);

  self->entity = entity;
  self->is_link = is_link;
  return GTK_WIDGET (self);
}
