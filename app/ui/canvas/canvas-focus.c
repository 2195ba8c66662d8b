/* The keyboard's way over the canvas: Tab in reading order (hosts, then links), arrows to the nearest in sight of that
 * direction. */
#include "app/ui/canvas/canvas-private.h"

#include <math.h>

#define ROW 60 /* pixels: hosts within this height are one row */

typedef struct { GtkWidget *item; gboolean is_link; double x, y; } Stop;

static int
compare_stops (gconstpointer a, gconstpointer b)
{
  const Stop *one = a, *other = b;
  int rows = (int) floor (one->y / ROW) - (int) floor (other->y / ROW);

  if (one->is_link != other->is_link)
    return one->is_link - other->is_link;
  return rows != 0 ? rows : (one->x > other->x) - (one->x < other->x);
}

static GArray *
collect_stops (WtCanvas *self)
{
  GArray *stops = g_array_new (FALSE, FALSE, sizeof (Stop));

  for (guint i = 0; i < self->items->len; i++)
    {
      GtkWidget *item = self->items->pdata[i];
      graphene_rect_t box;
      Stop stop = { .item = item, .is_link = wt_canvas_item_is_link (WT_CANVAS_ITEM (item)) };

      if (!gtk_widget_get_visible (item) || !gtk_widget_compute_bounds (item, GTK_WIDGET (self), &box))
        continue;
      stop.x = box.origin.x + box.size.width / 2;
      stop.y = box.origin.y + box.size.height / 2;
      g_array_append_val (stops, stop);
    }
  g_array_sort (stops, compare_stops);
  return stops;
}

static GtkWidget *
next_in_order (const GArray *stops, GtkWidget *current, gboolean forward)
{
  int at = forward ? -1 : (int) stops->len;

  for (guint i = 0; current && i < stops->len; i++)
    if (g_array_index (stops, Stop, i).item == current)
      at = i;
  at += forward ? 1 : -1;
  return at >= 0 && at < (int) stops->len ? g_array_index (stops, Stop, at).item : NULL;
}

/* Far along the direction costs once, aside costs twice; what is more aside than along does not count. */
static double
cost (const Stop *from, const Stop *to, GtkDirectionType direction)
{
  double dx = to->x - from->x, dy = to->y - from->y;
  gboolean sideways = direction == GTK_DIR_LEFT || direction == GTK_DIR_RIGHT;
  double along = sideways ? dx : dy, aside = fabs (sideways ? dy : dx);

  if (direction == GTK_DIR_LEFT || direction == GTK_DIR_UP)
    along = -along;
  return along > 1 && aside <= along * 1.5 ? along + 2 * aside : INFINITY;
}

static GtkWidget *
nearest (const GArray *stops, GtkWidget *current, GtkDirectionType direction)
{
  const Stop *from = NULL, *best = NULL;

  for (guint i = 0; i < stops->len; i++)
    if (g_array_index (stops, Stop, i).item == current)
      from = &g_array_index (stops, Stop, i);
  for (guint i = 0; from && i < stops->len; i++)
    {
      const Stop *stop = &g_array_index (stops, Stop, i);

      if (stop->is_link == from->is_link && isfinite (cost (from, stop, direction))
          && (!best || cost (from, stop, direction) < cost (from, best, direction)))
        best = stop;
    }
  return best ? best->item : NULL;
}

gboolean
wt_canvas_focus (GtkWidget *widget, GtkDirectionType direction)
{
  WtCanvas *self = WT_CANVAS (widget);
  g_autoptr (GArray) stops = collect_stops (self);
  GtkWidget *current = gtk_widget_get_focus_child (widget), *next;

  if (direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD || !current)
    next = next_in_order (stops, current, direction != GTK_DIR_TAB_BACKWARD);
  else
    next = nearest (stops, current, direction);
  return next && gtk_widget_grab_focus (next);
}
