/* The glossary: reading, fall-back to English, and that the shipped one is complete in both languages. */
#include "app/lesson/glossary.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *source_dir;

static void
test_reading (void)
{
  g_autofree char *dir = g_dir_make_tmp ("glossary-XXXXXX", NULL);
  g_autofree char *english = g_build_filename (dir, "a.en.md", NULL);
  g_autofree char *german = g_build_filename (dir, "a.de.md", NULL);
  g_file_set_contents (english,
                       "# Head\n\nIgnored.\n\n## a.b\n\n**Title**\n\nOne `code`\nand two.\n\nThree.\n\nRFC 1 2.3\n\n"
                       "## only.english\n\nNo title.\n",
                       -1, NULL);
  g_file_set_contents (german, "## a.b\n\n**Titel**\n\nText.\n", -1, NULL);
  g_autoptr (WtGlossary) glossary = wt_glossary_new (dir, "en");
  const WtGlossaryEntry *entry = wt_glossary_find (glossary, "a.b");
  g_assert_cmpstr (entry->title, ==, "Title");
  g_assert_cmpstr (entry->text, ==, "One code and two. Three.");
  g_assert_cmpstr (entry->rfc, ==, "RFC 1 2.3");
  g_assert_cmpstr (wt_glossary_find (glossary, "only.english")->title, ==, "only.english");
  g_assert_null (wt_glossary_find (glossary, "none"));
  g_assert_null (wt_glossary_find (glossary, NULL));
  g_autoptr (WtGlossary) translated = wt_glossary_new (dir, "de");
  g_assert_cmpstr (wt_glossary_find (translated, "a.b")->title, ==, "Titel");
  g_assert_null (wt_glossary_find (translated, "a.b")->rfc);
  g_assert_cmpstr (wt_glossary_find (translated, "only.english")->text, ==, "No title.");
  g_remove (english);
  g_remove (german);
  g_rmdir (dir);
}

static void
test_no_folder (void)
{
  g_autoptr (WtGlossary) glossary = wt_glossary_new ("/nonexistent", "de");
  g_assert_null (wt_glossary_find (glossary, "smtp"));
}

/* "## KEY" headings of a file, in order. */
static GPtrArray *
keys_of (const char *path)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++)
    if (g_str_has_prefix (*line, "## "))
      g_ptr_array_add (keys, g_strdup (*line + 3));
  return keys;
}

/* Each key stands in both languages, with a title, a text, and the same RFC section. */
static void
test_shipped (void)
{
  static const char *const names[] = { "smtp", "mail", "dns", "transport" };
  g_autofree char *dir = g_build_filename (source_dir, "lessons", "glossary", NULL);
  g_autoptr (WtGlossary) english = wt_glossary_new (dir, "en");
  g_autoptr (WtGlossary) german = wt_glossary_new (dir, "de");
  for (guint n = 0; n < G_N_ELEMENTS (names); n++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s.en.md", dir, names[n]);
      g_autoptr (GPtrArray) keys = keys_of (path);
      g_assert_cmpuint (keys->len, >, 10);
      for (guint i = 0; i < keys->len; i++)
        {
          const WtGlossaryEntry *en = wt_glossary_find (english, keys->pdata[i]), *de = wt_glossary_find (german, keys->pdata[i]);
          g_test_message ("%s", (char *) keys->pdata[i]);
          g_assert_true (en && de && *en->text && *de->text);
          g_assert_cmpstr (en->text, !=, de->text);
          g_assert_cmpstr (en->rfc, ==, de->rfc);
          g_assert_nonnull (en->rfc);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  source_dir = argv[1];
  g_test_add_func ("/glossary/reading", test_reading);
  g_test_add_func ("/glossary/no-folder", test_no_folder);
  g_test_add_func ("/glossary/shipped", test_shipped);
  return g_test_run ();
}
