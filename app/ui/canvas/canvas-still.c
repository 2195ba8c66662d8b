#include "app/ui/canvas/canvas-still.h"

void
wt_canvas_still_clear (WtCanvasStill *self)
{
  g_clear_pointer (&self->node, gsk_render_node_unref);
}

gboolean
wt_canvas_still_covers (const WtCanvasStill *self, double zoom, int scale, int x, int y, int width, int height)
{
  return self->node && self->zoom == zoom && self->scale == scale && x >= self->x && y >= self->y
         && x + width <= self->x + self->width && y + height <= self->y + self->height;
}

static cairo_surface_t *
draw_surface (WtCanvasStill *self, WtTrace *trace, WtLayout *layout, WtNodeStates *states, const WtCanvasStyle *style)
{
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_RGB24, self->width * self->scale, self->height * self->scale);
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, self->scale, self->scale);
  cr = cairo_create (surface);
  wt_color_set_source (&style->theme->background, cr);
  cairo_paint (cr);
  cairo_translate (cr, -self->x, -self->y);
  cairo_scale (cr, self->zoom, self->zoom);
  if (trace)
    wt_canvas_render_still (cr, trace, layout, states, style);
  cairo_destroy (cr);
  return surface;
}

void
wt_canvas_still_draw (WtCanvasStill *self, WtTrace *trace, WtLayout *layout, WtNodeStates *states,
                      const WtCanvasStyle *style, int scale, int x, int y, int width, int height)
{
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  cairo_surface_t *surface;
  cairo_t *cr;

  wt_canvas_still_clear (self);
  self->zoom = style->zoom;
  self->scale = scale;
  self->x = x - WT_STILL_MARGIN;
  self->y = y - WT_STILL_MARGIN;
  self->width = width + 2 * WT_STILL_MARGIN;
  self->height = height + 2 * WT_STILL_MARGIN;
  surface = draw_surface (self, trace, layout, states, style);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, self->width, self->height));
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  self->node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
}
