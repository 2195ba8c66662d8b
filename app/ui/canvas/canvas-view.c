/* What of the network is seen: zoom, pan, fit. */
#include "app/ui/canvas/canvas-private.h"

#include "app/render/host-symbols.h"

#include <math.h>

#define FIT_MARGIN 28.0    /* pixels */
#define FIT_ZOOM_MAX 1.9   /* three hosts do not fill a wall */
#define FIT_BELOW 52.0     /* pixels: room for the zoom buttons */

double
wt_canvas_to_grid (WtCanvas *self, double value)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  return round (value * scale) / scale;
}

void
wt_canvas_view_changed (WtCanvas *self)
{
  self->pan_x = wt_canvas_to_grid (self, self->pan_x);
  self->pan_y = wt_canvas_to_grid (self, self->pan_y);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
wt_canvas_pan (WtCanvas *self, double dx, double dy)
{
  self->fitted = FALSE;
  self->pan_x += dx;
  self->pan_y += dy;
  wt_canvas_view_changed (self);
}

void
wt_canvas_zoom_at (WtCanvas *self, double zoom, double x, double y)
{
  double before = self->zoom;

  zoom = CLAMP (zoom, WT_CANVAS_ZOOM_MIN, WT_CANVAS_ZOOM_MAX);
  if (zoom == before)
    return;
  self->fitted = FALSE;
  self->pan_x = x - (x - self->pan_x) * zoom / before;
  self->pan_y = y - (y - self->pan_y) * zoom / before;
  self->zoom = zoom;
  g_object_notify (G_OBJECT (self), "zoom");
  wt_canvas_view_changed (self);
}

void
wt_canvas_zoom_by (WtCanvas *self, double factor)
{
  wt_canvas_zoom_at (self, self->zoom * factor, gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
                     gtk_widget_get_height (GTK_WIDGET (self)) / 2.0);
}

void
wt_canvas_fit_to (WtCanvas *self, double width, double height)
{
  double x, y, w, h, zoom;

  wt_layout_bounds (self->layout, &x, &y, &w, &h);
  if (w <= 0 || width <= 0 || height <= 0)
    return;
  zoom = MIN ((width - 2 * FIT_MARGIN) / w, (height - FIT_MARGIN - FIT_BELOW) / h);
  zoom = CLAMP (zoom, WT_CANVAS_ZOOM_MIN, FIT_ZOOM_MAX);
  self->pan_x = wt_canvas_to_grid (self, (width - w * zoom) / 2 - x * zoom);
  self->pan_y = wt_canvas_to_grid (self, FIT_MARGIN + (height - FIT_MARGIN - FIT_BELOW - h * zoom) / 2 - y * zoom);
  self->fitted_width = width;
  self->fitted_height = height;
  if (zoom != self->zoom)
    {
      self->zoom = zoom;
      g_object_notify (G_OBJECT (self), "zoom");
    }
}

void
wt_canvas_fit (WtCanvas *self)
{
  self->fitted = TRUE;
  self->fitted_width = 0;
  wt_canvas_view_changed (self);
}

void
wt_canvas_show (WtCanvas *self, guint32 entity)
{
  double x, y, reach = WT_SYMBOL_HALF_WIDTH * self->zoom, dx = 0, dy = 0;
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));

  if (!self->layout || !wt_layout_get (self->layout, entity, &x, &y))
    return;
  x = x * self->zoom + self->pan_x;
  y = y * self->zoom + self->pan_y;
  if (x < reach || x > width - reach)
    dx = width / 2.0 - x;
  if (y < reach || y > height - reach)
    dy = height / 2.0 - y;
  if (dx != 0 || dy != 0)
    wt_canvas_pan (self, dx, dy);
}
