#include "app/render/text.h"

#include <pango/pangocairo.h>

#define HALO_PART 0.28      /* of the font's height */
#define SMALLER 0.95        /* tried step by step */
#define SMALLEST 0.8        /* of the size that was asked for */
#define HALO_TOLERANCE 0.4  /* pixels: nobody sees its edge, and it is what costs most */

/* Metrics are not rounded to pixels, so a text keeps its width whatever the zoom and the output. */
static void
set_scalable (PangoLayout *layout)
{
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (pango_layout_get_context (layout), options);
  pango_context_set_round_glyph_positions (pango_layout_get_context (layout), FALSE);
  cairo_font_options_destroy (options);
}

/* A host name that is broken must not seem to have a hyphen. */
static void
set_no_hyphens (PangoLayout *layout)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
}

static gboolean
breaks_a_word (PangoLayout *layout, const char *text)
{
  int n;
  const PangoLogAttr *attributes = pango_layout_get_log_attrs_readonly (layout, &n);

  for (GSList *line = pango_layout_get_lines_readonly (layout); line; line = line->next)
    {
      int start = ((PangoLayoutLine *)line->data)->start_index;
      glong offset = g_utf8_pointer_to_offset (text, text + start);

      if (start > 0 && offset < n && !attributes[offset].is_line_break)
        return TRUE;
    }
  return FALSE;
}

/* A word that is a little too long is rather set smaller than broken. */
static void
keep_words (PangoLayout *layout, PangoFontDescription *font, double size, const char *text)
{
  for (double part = SMALLER; breaks_a_word (layout, text); part *= SMALLER)
    {
      gboolean hopeless = part < SMALLEST;

      pango_font_description_set_absolute_size (font, (hopeless ? 1 : part) * size * PANGO_SCALE);
      pango_layout_set_font_description (layout, font);
      if (hopeless)
        return;
    }
}

static PangoAlignment
alignment (WtTextAlign align)
{
  static const PangoAlignment table[] = { PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT };

  return table[align];
}

static PangoLayout *
make_layout (cairo_t *cr, const WtTextStyle *style, const char *text)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font
      = pango_font_description_from_string (style->mono ? "DejaVu Sans Mono,monospace" : style->theme->font);

  set_scalable (layout);
  pango_font_description_set_absolute_size (font, style->size * PANGO_SCALE);
  if (style->bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_alignment (layout, alignment (style->align));
  pango_layout_set_text (layout, text, -1);
  pango_layout_set_single_paragraph_mode (layout, style->lines <= 1);
  if (style->max_width > 0)
    {
      pango_layout_set_width (layout, style->max_width * PANGO_SCALE);
      pango_layout_set_height (layout, -MAX (style->lines, 1));
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
      set_no_hyphens (layout);
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
      if (style->lines > 1)
        keep_words (layout, font, style->size, text);
    }
  return layout;
}

/* The ink's box in a layout that may be wider (with a width, pango aligns within it). */
static void
extents (PangoLayout *layout, double *x, double *width, double *height)
{
  PangoRectangle box;

  pango_layout_get_extents (layout, NULL, &box);
  *x = (double) box.x / PANGO_SCALE;
  *width = (double) box.width / PANGO_SCALE;
  *height = (double) box.height / PANGO_SCALE;
}

static void
paint (cairo_t *cr, const WtTextStyle *style, PangoLayout *layout, double x, double y)
{
  if (style->halo)
    {
      cairo_save (cr);
      cairo_move_to (cr, x, y);
      pango_cairo_layout_path (cr, layout);
      cairo_set_line_width (cr, style->size * HALO_PART);
      cairo_set_line_join (cr, CAIRO_LINE_JOIN_BEVEL);
      cairo_set_tolerance (cr, HALO_TOLERANCE);
      cairo_set_dash (cr, NULL, 0, 0);
      wt_color_set_source (style->halo, cr);
      cairo_stroke (cr);
      cairo_restore (cr);
    }
  cairo_move_to (cr, x, y);
  wt_color_set_source (style->color, cr);
  pango_cairo_show_layout (cr, layout);
  cairo_new_path (cr);
}

static double
left_of (const WtTextStyle *style, double x, double width)
{
  if (style->align == WT_TEXT_CENTER)
    return x - width / 2;
  return style->align == WT_TEXT_RIGHT ? x - width : x;
}

void
wt_text_draw (cairo_t *cr, const WtTextStyle *style, double x, double y, const char *text, double *width, double *height)
{
  g_autoptr (PangoLayout) layout = make_layout (cr, style, text);
  double box_x, box_width, box_height;

  extents (layout, &box_x, &box_width, &box_height);
  paint (cr, style, layout, left_of (style, x, box_width) - box_x, y);
  if (width)
    *width = box_width;
  if (height)
    *height = box_height;
}

void
wt_text_draw_middle (cairo_t *cr, const WtTextStyle *style, double x, double y, const char *text)
{
  g_autoptr (PangoLayout) layout = make_layout (cr, style, text);
  double box_x, box_width, box_height;

  extents (layout, &box_x, &box_width, &box_height);
  paint (cr, style, layout, left_of (style, x, box_width) - box_x, y - box_height / 2);
}

void
wt_text_measure (cairo_t *cr, const WtTextStyle *style, const char *text, double *width, double *height)
{
  g_autoptr (PangoLayout) layout = make_layout (cr, style, text);
  double x, w, h;

  extents (layout, &x, &w, &h);
  if (width)
    *width = w;
  if (height)
    *height = h;
}
