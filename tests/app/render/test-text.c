/* Text in a given width: words stay whole where a little less size does it. */
#include "app/render/text.h"

#define SIZE 20

static const struct
{
  const char *text;
  double part;   /* of the whole text's width: the room there is */
  int max_lines; /* that it may take */
  int min_lines;
} cases[] = {
  { "Managementstation", 1.1, 1, 1 },
  { "Managementstation", 0.9, 1, 1 }, /* smaller */
  { "Managementstation", 0.6, 2, 2 }, /* nothing helps but breaking it */
  { "broken.example.org", 0.95, 1, 1 },
  { "Mailserver von example.org", 0.6, 2, 2 },
};

static void
test_words (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 10, 10);
  cairo_t *cr = cairo_create (surface);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      WtTextStyle style = { .theme = wt_theme_get (FALSE, FALSE), .size = SIZE };
      double whole, line, width, height;

      wt_text_measure (cr, &style, cases[i].text, &whole, &line);
      style.max_width = whole * cases[i].part;
      style.lines = 2;
      wt_text_measure (cr, &style, cases[i].text, &width, &height);
      g_test_message ("%s in %.2f: %.1f by %.1f of %.1f", cases[i].text, cases[i].part, width, height, line);
      g_assert_cmpfloat (width, <=, style.max_width + 0.01);
      g_assert_cmpfloat (height, <, line * (cases[i].max_lines + 0.5));
      g_assert_cmpfloat (height, >, line * (cases[i].min_lines - 0.5));
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/words", test_words);
  return g_test_run ();
}
