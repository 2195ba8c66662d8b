#include "app/render/export.h"
#include "protocols/smtp/smtp-states.h"
#include "tests/app/render/sample-trace.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static WtExportStyle
plain_style (void)
{
  return (WtExportStyle){ .theme = wt_theme_get (FALSE, FALSE), .title = "A mail" };
}

static gboolean
export_canvas (WtTrace *trace, const char *path, GError **error)
{
  WtExportStyle style = plain_style ();

  return wt_export_canvas (trace, NULL, &style, 40, 95 * SAMPLE_MSEC, path, error);
}

static gboolean
export_ladder (WtTrace *trace, const char *path, GError **error)
{
  WtExportStyle style = plain_style ();

  return wt_export_ladder (trace, &(WtLadderOptions){ .axis = WT_LADDER_COMPRESSED, .segments = TRUE }, &style, path,
                           error);
}

static gboolean
export_states (WtTrace *trace, const char *path, GError **error)
{
  WtExportStyle style = plain_style ();

  return wt_export_states (&wt_smtp_states, &style, WT_SMTP_STATE_MAIL, NULL, path, error);
}

typedef gboolean (*ExportFunc) (WtTrace *trace, const char *path, GError **error);
static const struct { const char *name; ExportFunc func; } views[] = {
  { "canvas", export_canvas }, { "ladder", export_ladder }, { "states", export_states },
};

/* --- what a file must be ------------------------------------------------------------------------------------------ */

static void
check_png (const char *bytes, gsize n)
{
  static const guint8 signature[] = { 0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a };

  g_assert_cmpuint (n, >, 1000);
  g_assert_cmpmem (bytes, sizeof signature, signature, sizeof signature);
  g_assert_cmpmem (bytes + n - 8, 4, "IEND", 4);
}

static void
check_pdf (const char *bytes, gsize n)
{
  g_assert_cmpuint (n, >, 1000);
  g_assert_cmpmem (bytes, 5, "%PDF-", 5);
  g_assert_nonnull (memmem (bytes + n - 32, 32, "%%EOF", 5));
}

static void
check_svg (const char *bytes, gsize n)
{
  const GMarkupParser nothing = { 0 };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&nothing, 0, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_markup_parse_context_parse (context, bytes, n, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
  g_assert_nonnull (g_strstr_len (bytes, n, "<svg"));
}

static const struct { const char *ending; void (*check) (const char *bytes, gsize n); } kinds[] = {
  { ".png", check_png }, { ".pdf", check_pdf }, { ".svg", check_svg }, { ".SVG", check_svg },
};

static char *
temporary (const char *name)
{
  return g_build_filename (g_get_tmp_dir (), name, NULL);
}

static void
test_kinds (void)
{
  g_autoptr (WtTrace) trace = sample_trace_new ();

  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
      {
        g_autofree char *name =
            g_strdup_printf ("wiretalk-export-%u-%s%s", (guint)getpid (), views[i].name, kinds[k].ending);
        g_autofree char *path = temporary (name), *bytes = NULL;
        g_autoptr (GError) error = NULL;
        gsize n;

        g_assert_true (views[i].func (trace, path, &error));
        g_assert_no_error (error);
        g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
        kinds[k].check (bytes, n);
        g_unlink (path);
      }
}

/* --- what cannot be done, and says so ----------------------------------------------------------------------------- */

static void
test_endings (void)
{
  static const char *const names[] = { "picture.jpg", "picture", "svg", ".config/picture" };
  g_autoptr (WtTrace) trace = sample_trace_new ();

  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    for (guint k = 0; k < G_N_ELEMENTS (names); k++)
      {
        g_autoptr (GError) error = NULL;

        g_assert_false (views[i].func (trace, names[k], &error));
        g_assert_error (error, WT_EXPORT_ERROR, WT_EXPORT_ERROR_KIND);
        g_assert_nonnull (strstr (error->message, ".svg, .pdf or .png"));
      }
}

static void
test_nowhere (void)
{
  g_autoptr (WtTrace) trace = sample_trace_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (export_canvas (trace, "/no/such/folder/picture.svg", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_nothing (void)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (export_canvas (trace, "picture.svg", &error));
  g_assert_error (error, WT_EXPORT_ERROR, WT_EXPORT_ERROR_EMPTY);
  g_clear_error (&error);
  g_assert_false (export_ladder (trace, "picture.svg", &error));
  g_assert_error (error, WT_EXPORT_ERROR, WT_EXPORT_ERROR_EMPTY);
}

/* A ladder that no PNG file can hold leaves an old picture as it was; a PDF takes it on many pages. */
static void
test_long_ladder (void)
{
  g_autoptr (WtTrace) trace = sample_trace_long (380);
  g_autofree char *name = g_strdup_printf ("wiretalk-export-%u-long.png", (guint) getpid ()), *path = temporary (name);
  g_autofree char *bytes = NULL, *pdf_name = g_strdup_printf ("%s.pdf", name), *pdf = temporary (pdf_name),
                  *pages = NULL;
  g_autoptr (GError) error = NULL;
  guint n_pages = 0;
  gsize n;

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  g_assert_false (export_ladder (trace, path, &error));
  g_assert_error (error, WT_EXPORT_ERROR, WT_EXPORT_ERROR_SIZE);
  g_assert_true (g_file_get_contents (path, &bytes, NULL, NULL));
  g_assert_cmpstr (bytes, ==, "old");
  g_unlink (path);
  g_clear_error (&error);
  g_assert_true (export_ladder (trace, pdf, &error));
  g_assert_true (g_file_get_contents (pdf, &pages, &n, NULL));
  for (const char *at = pages; (at = memmem (at, n - (at - pages), "/Type /Page", strlen ("/Type /Page"))); at++)
    n_pages += at[strlen ("/Type /Page")] != 's';
  g_assert_cmpuint (n_pages, >, 10);
  g_unlink (pdf);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/export/kinds", test_kinds);
  g_test_add_func ("/export/endings", test_endings);
  g_test_add_func ("/export/nowhere", test_nowhere);
  g_test_add_func ("/export/nothing", test_nothing);
  g_test_add_func ("/export/long-ladder", test_long_ladder);
  return g_test_run ();
}
