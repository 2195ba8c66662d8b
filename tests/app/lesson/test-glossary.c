/* The glossary: reading, fall-back to English, and that the shipped one is complete in both languages. */
#include "app/lesson/glossary.h"
#include "app/scenario/simulation.h"
#include "app/trace/event-fields.h"
#include "protocols/snmp/snmp-types.h"

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
  static const char *const names[] = { "smtp", "pop3", "imap", "mail", "dns", "snmp", "transport" };
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

static gboolean
collect_key (const WtField *field, guint depth, gpointer user_data)
{
  if (field->glossary)
    g_hash_table_add (user_data, g_strdup (field->glossary));
  return TRUE;
}

static void
collect_keys (WtTrace *trace, GHashTable *keys)
{
  for (guint32 n = 0; n < wt_trace_length (trace); n++)
    {
      g_autoptr (GPtrArray) roots = wt_event_fields (trace, n);
      for (guint i = 0; i < roots->len; i++)
        wt_field_walk (roots->pdata[i], collect_key, keys);
    }
}

/* Whatever the inspector can ask for in a shipped scenario is there. */
static void
test_complete (void)
{
  g_autofree char *dir = g_build_filename (source_dir, "lessons", "glossary", NULL);
  g_autoptr (WtGlossary) glossary = wt_glossary_new (dir, "en");
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) paths = wt_scenario_shipped ();
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr (WtScenario) scenario = wt_scenario_load (paths->pdata[i], NULL, NULL);
      g_autoptr (WtSimulation) simulation = wt_simulation_new (scenario, 0, NULL);
      wt_simulation_run (simulation, G_MAXINT64);
      collect_keys (wt_simulation_trace (simulation), keys);
    }
  GHashTableIter iter;
  gpointer key;
  guint n_missing = 0;
  g_hash_table_iter_init (&iter, keys);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (wt_glossary_find (glossary, key) == NULL)
      {
        n_missing++;
        g_test_message ("missing: %s", (char *) key);
      }
  g_assert_cmpuint (g_hash_table_size (keys), >, 30);
  g_assert_cmpuint (n_missing, ==, 0);
}

typedef const char *(*NameFunc) (guint number);

/* Whatever SNMP has a name for. */
static void
test_snmp (void)
{
  static const struct {
    const char *prefix;
    NameFunc name;
  } groups[] = { { "snmp.pdu", wt_snmp_pdu_name },
                 { "snmp.error", wt_snmp_error_name },
                 { "snmp.type", wt_snmp_value_name },
                 { "snmp.trap", wt_snmp_generic_trap_name } };
  g_autofree char *dir = g_build_filename (source_dir, "lessons", "glossary", NULL);
  g_autoptr (WtGlossary) glossary = wt_glossary_new (dir, "en");
  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    for (guint number = 0; number < 256; number++)
      {
        const char *name = groups[i].name (number);
        g_autofree char *key = name ? g_strdup_printf ("%s.%s", groups[i].prefix, name) : NULL;
        if (key == NULL)
          continue;
        g_test_message ("%s", g_strdelimit (key, " ", '-'));
        g_assert_nonnull (wt_glossary_find (glossary, key));
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
  g_test_add_func ("/glossary/complete", test_complete);
  g_test_add_func ("/glossary/snmp", test_snmp);
  return g_test_run ();
}
