#include "app/render/theme.h"

typedef struct { const char *name; gboolean dark, high_contrast; double least; } Look;
static const Look looks[] = {
  { "light", FALSE, FALSE, 4.5 },
  { "dark", TRUE, FALSE, 4.5 },
  { "light-high-contrast", FALSE, TRUE, 7 },
  { "dark-high-contrast", TRUE, TRUE, 7 },
};

static void
check (const char *what, const WtColor *text, const WtColor *ground, double least)
{
  double contrast = wt_color_contrast (text, ground);

  if (contrast < least)
    {
      g_test_message ("%s: contrast %.2f, wanted %.1f", what, contrast, least);
      g_test_fail ();
    }
}

/* Every pair that theme.h promises. */
static void
test_text (gconstpointer data)
{
  const Look *look = data;
  const WtTheme *theme = wt_theme_get (look->dark, look->high_contrast);
  const struct { const char *name; const WtColor *color; } texts[] = {
    { "foreground", &theme->foreground }, { "dim", &theme->dim },         { "accent", &theme->accent },
    { "success", &theme->success },       { "warning", &theme->warning }, { "error", &theme->error },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      check (texts[i].name, texts[i].color, &theme->background, look->least);
      check (texts[i].name, texts[i].color, &theme->panel, look->least);
      if (texts[i].color != &theme->foreground)
        check ("text on a badge", &theme->on_color, texts[i].color, look->least);
    }
  for (guint protocol = 0; protocol < WT_N_PROTOCOLS; protocol++)
    {
      check ("text on a packet", &theme->on_color, wt_theme_protocol (theme, protocol), look->least);
      check ("text of an arrow", wt_theme_protocol (theme, protocol), &theme->background, look->least);
    }
}

/* WCAG 2 asks for 3:1 where a thing without text must be told from what is behind it. */
static void
test_lines (gconstpointer data)
{
  const Look *look = data;
  const WtTheme *theme = wt_theme_get (look->dark, look->high_contrast);

  check ("link", &theme->link, &theme->background, 3);
  check ("cut link", &theme->link_down, &theme->background, 3);
  check ("host", &theme->host_border, &theme->background, 3);
  check ("selection", &theme->selection, &theme->background, 3);
}

static void
test_ratio (void)
{
  WtColor black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 }, grey = { 0x76 / 255.0, 0x76 / 255.0, 0x76 / 255.0, 1 };

  g_assert_cmpfloat_with_epsilon (wt_color_contrast (&black, &white), 21, 0.001);
  g_assert_cmpfloat_with_epsilon (wt_color_contrast (&white, &white), 1, 0.001);
  g_assert_cmpfloat_with_epsilon (wt_color_contrast (&grey, &white), 4.54, 0.01);
  g_assert_true (wt_theme_protocol (wt_theme_get (FALSE, FALSE), 200) != NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      g_autofree char *text = g_strdup_printf ("/theme/text/%s", looks[i].name);
      g_autofree char *lines = g_strdup_printf ("/theme/lines/%s", looks[i].name);

      g_test_add_data_func (text, &looks[i], test_text);
      g_test_add_data_func (lines, &looks[i], test_lines);
    }
  g_test_add_func ("/theme/ratio", test_ratio);
  return g_test_run ();
}
