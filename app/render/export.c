#include "app/render/export-private.h"

#include "app/render/text.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MARGIN 24.0        /* units round a picture */
#define POINTS 0.75        /* a unit (1/96 inch) in a PDF */
#define PAGE_WIDTH 595.0   /* points: A4 */
#define PAGE_HEIGHT 842.0
#define PAGE_MARGIN 36.0
#define FOOTER 22.0        /* points below the drawing of a page */
#define LADDER_ROOM 1.3    /* times the narrowest width: longer texts fit */

G_DEFINE_QUARK (wt-export-error-quark, wt_export_error)

/* --- kinds of files ----------------------------------------------------------------------------------------------- */

typedef enum { KIND_SVG, KIND_PDF, KIND_PNG } Kind;

static gboolean
find_kind (const char *path, Kind *kind, GError **error)
{
  static const struct { const char *ending; Kind kind; } kinds[] = {
    { ".svg", KIND_SVG }, { ".pdf", KIND_PDF }, { ".png", KIND_PNG },
  };
  g_autofree char *name = g_path_get_basename (path);
  const char *dot = strrchr (name, '.');

  for (guint i = 0; dot && i < G_N_ELEMENTS (kinds); i++)
    if (g_ascii_strcasecmp (dot, kinds[i].ending) == 0)
      {
        *kind = kinds[i].kind;
        return TRUE;
      }
  g_set_error (error, WT_EXPORT_ERROR, WT_EXPORT_ERROR_KIND,
               _("%s: the name ends in \"%s\"; the name of a picture ends in .svg, .pdf or .png"), name,
               dot ? dot : "");
  return FALSE;
}

static cairo_status_t
append (void *data, const unsigned char *bytes, unsigned int n)
{
  g_byte_array_append (data, bytes, n);
  return CAIRO_STATUS_SUCCESS;
}

/* 1.4 is what every viewer and printer reads. */
static cairo_surface_t *
make_pdf (GByteArray *bytes, double width, double height)
{
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (append, bytes, width, height);

  cairo_pdf_surface_restrict_to_version (surface, CAIRO_PDF_VERSION_1_4);
  return surface;
}

/* Units are CSS pixels in an SVG, 1/96 inch in a PDF. */
static cairo_surface_t *
make_surface (Kind kind, GByteArray *bytes, double width, double height)
{
  cairo_surface_t *surface;

  if (kind == KIND_PDF)
    {
      surface = make_pdf (bytes, width * POINTS, height * POINTS);
      cairo_surface_set_device_scale (surface, POINTS, POINTS);
      return surface;
    }
  if (kind == KIND_SVG)
    {
      surface = cairo_svg_surface_create_for_stream (append, bytes, width, height);
      cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
      return surface;
    }
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, ceil (width * WT_EXPORT_PNG_SCALE),
                                        ceil (height * WT_EXPORT_PNG_SCALE));
  cairo_surface_set_device_scale (surface, WT_EXPORT_PNG_SCALE, WT_EXPORT_PNG_SCALE);
  return surface;
}

/* Finishes the drawing and writes the file. Takes the surface. */
static gboolean
save (cairo_surface_t *surface, Kind kind, GByteArray *bytes, const char *path, GError **error)
{
  cairo_status_t status = CAIRO_STATUS_SUCCESS;

  if (kind == KIND_PNG)
    status = cairo_surface_write_to_png_stream (surface, append, bytes);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, WT_EXPORT_ERROR, WT_EXPORT_ERROR_DRAW, _("%s: the picture could not be drawn: %s"), path,
                   cairo_status_to_string (status));
      return FALSE;
    }
  return g_file_set_contents (path, (const char *) bytes->data, bytes->len, error);
}

/* --- one picture on one page -------------------------------------------------------------------------------------- */

static gboolean
check_size (Kind kind, double width, double height, const char *path, GError **error)
{
  double largest = MAX (width, height) * WT_EXPORT_PNG_SCALE;

  if (kind != KIND_PNG || largest <= WT_EXPORT_PNG_MAX)
    return TRUE;
  g_set_error (error, WT_EXPORT_ERROR, WT_EXPORT_ERROR_SIZE,
               _("%s: the picture would be %.0f pixels long, a PNG file holds %d; choose .pdf, or show less"), path,
               largest, WT_EXPORT_PNG_MAX);
  return FALSE;
}

gboolean
wt_export_picture (const WtTheme *theme, double width, double height, WtExportDraw draw, gpointer data, const char *path,
                   GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface;
  cairo_t *cr;
  Kind kind;

  if (!find_kind (path, &kind, error) || !check_size (kind, width, height, path, error))
    return FALSE;
  surface = make_surface (kind, bytes, width, height);
  cr = cairo_create (surface);
  wt_color_set_source (&theme->background, cr);
  cairo_paint (cr);
  draw (cr, data);
  cairo_destroy (cr);
  return save (surface, kind, bytes, path, error);
}

/* --- canvas ------------------------------------------------------------------------------------------------------- */

typedef struct { WtTrace *trace; WtLayout *layout; WtCanvasStyle style; gint64 time; double x, y; } CanvasPicture;

static void
draw_canvas (cairo_t *cr, gpointer data)
{
  const CanvasPicture *picture = data;

  cairo_translate (cr, MARGIN - picture->x, MARGIN - picture->y);
  wt_trace_read_lock (picture->trace);
  wt_canvas_render_still (cr, picture->trace, picture->layout, NULL, &picture->style);
  wt_canvas_render_packets (cr, picture->trace, picture->layout, &picture->style, picture->time);
  wt_trace_read_unlock (picture->trace);
}

gboolean
wt_export_canvas (WtTrace *trace, WtLayout *layout, const WtExportStyle *style, guint32 position, gint64 time,
                  const char *path, GError **error)
{
  g_autoptr (WtLayout) own = layout ? NULL : wt_layout_new (trace);
  CanvasPicture picture = { .trace = trace, .layout = layout ? layout : own, .time = time };
  double width, height;

  picture.style = (WtCanvasStyle){ .theme = style->theme, .zoom = 1, .position = position, .labels = TRUE,
                                   .names = style->names, .user_data = style->user_data };
  wt_layout_update (picture.layout);
  wt_layout_bounds (picture.layout, &picture.x, &picture.y, &width, &height);
  if (width <= 0)
    {
      g_set_error (error, WT_EXPORT_ERROR, WT_EXPORT_ERROR_EMPTY, _("There are no hosts to draw"));
      return FALSE;
    }
  return wt_export_picture (style->theme, width + 2 * MARGIN, height + 2 * MARGIN, draw_canvas, &picture, path, error);
}

/* --- states ------------------------------------------------------------------------------------------------------- */

typedef struct { const WtStateTable *table; WtStateStyle style; } StatePicture;

static void
draw_states (cairo_t *cr, gpointer data)
{
  const StatePicture *picture = data;

  wt_state_diagram_render (cr, picture->table, &picture->style);
}

gboolean
wt_export_states (const WtStateTable *table, const WtExportStyle *style, int current,
                  const char *(*translate) (const char *), const char *path, GError **error)
{
  StatePicture picture = { table, { style->theme, current, translate } };
  double width, height;

  wt_state_diagram_size (table, &width, &height);
  return wt_export_picture (style->theme, width, height, draw_states, &picture, path, error);
}

/* --- ladder ------------------------------------------------------------------------------------------------------- */

typedef struct { WtTrace *trace; WtLadder *ladder; WtLadderStyle style; double height; } LadderPicture;

static void
draw_part (const LadderPicture *picture, cairo_t *cr, double top, double height)
{
  wt_trace_read_lock (picture->trace);
  wt_ladder_render (picture->ladder, cr, &picture->style, top, height);
  wt_trace_read_unlock (picture->trace);
}

static void
draw_ladder (cairo_t *cr, gpointer data)
{
  const LadderPicture *picture = data;

  draw_part (picture, cr, 0, picture->height);
}

/* Slice by slice: who writes the trace waits for one slice at most. */
static void
take_in (const LadderPicture *picture)
{
  gboolean done = FALSE;

  while (!done)
    {
      wt_trace_read_lock (picture->trace);
      done = wt_ladder_update (picture->ladder);
      wt_trace_read_unlock (picture->trace);
    }
}

static void
draw_footer (cairo_t *cr, const WtExportStyle *style, guint page, guint n_pages)
{
  WtTextStyle text = { .theme = style->theme, .color = &style->theme->dim, .size = 10, .max_width = PAGE_WIDTH / 2 };
  g_autofree char *number = g_strdup_printf (_("Page %u of %u"), page + 1, n_pages);
  double y = PAGE_HEIGHT - PAGE_MARGIN - FOOTER / 2 + 6;

  wt_text_draw_middle (cr, &text, PAGE_MARGIN, y, style->title ? style->title : "");
  text.align = WT_TEXT_RIGHT;
  wt_text_draw_middle (cr, &text, PAGE_WIDTH - PAGE_MARGIN, y, number);
}

/* The hosts stand on top of each page, so a page takes the ladder that much further less. */
static gboolean
export_pages (const LadderPicture *picture, const WtExportStyle *style, const char *path, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  double scale = MIN ((PAGE_WIDTH - 2 * PAGE_MARGIN) / picture->style.width, POINTS);
  double room = (PAGE_HEIGHT - 2 * PAGE_MARGIN - FOOTER) / scale, step = room - WT_LADDER_HEADER;
  guint n_pages = MAX (1, ceil ((picture->height - WT_LADDER_HEADER) / step));
  cairo_surface_t *surface = make_pdf (bytes, PAGE_WIDTH, PAGE_HEIGHT);
  cairo_t *cr = cairo_create (surface);

  for (guint page = 0; page < n_pages; page++)
    {
      wt_color_set_source (&style->theme->background, cr);
      cairo_paint (cr);
      cairo_save (cr);
      cairo_translate (cr, (PAGE_WIDTH - picture->style.width * scale) / 2, PAGE_MARGIN);
      cairo_scale (cr, scale, scale);
      draw_part (picture, cr, page * step, MIN (room, picture->height - page * step));
      cairo_restore (cr);
      draw_footer (cr, style, page, n_pages);
      cairo_show_page (cr);
    }
  cairo_destroy (cr);
  return save (surface, KIND_PDF, bytes, path, error);
}

gboolean
wt_export_ladder (WtTrace *trace, const WtLadderOptions *options, const WtExportStyle *style, const char *path,
                  GError **error)
{
  g_autoptr (WtLadder) ladder = wt_ladder_new (trace, options);
  LadderPicture picture = { .trace = trace, .ladder = ladder };
  Kind kind;

  if (!find_kind (path, &kind, error))
    return FALSE;
  take_in (&picture);
  if (wt_ladder_n_rows (ladder) == 0)
    {
      g_set_error (error, WT_EXPORT_ERROR, WT_EXPORT_ERROR_EMPTY, _("There are no messages to draw"));
      return FALSE;
    }
  picture.height = wt_ladder_height (ladder);
  picture.style = (WtLadderStyle){ .theme = style->theme,
                                   .names = style->names,
                                   .user_data = style->user_data,
                                   .width = wt_ladder_width (ladder) * LADDER_ROOM,
                                   .position = wt_trace_length (trace),
                                   .time = wt_trace_end_time (trace),
                                   .selected_event = WT_EVENT_NO_REF,
                                   .no_cursor = TRUE };
  if (kind == KIND_PDF)
    return export_pages (&picture, style, path, error);
  return wt_export_picture (style->theme, picture.style.width, picture.height, draw_ladder, &picture, path, error);
}
