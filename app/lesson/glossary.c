#include "app/lesson/glossary.h"

#include "app/lesson/plain-text.h"

#include <string.h>

#define GLOSSARY_FILE_MAX (4 * 1024 * 1024) /* bytes */

struct _WtGlossary {
  GHashTable *entries; /* key -> WtGlossaryEntry */
};

static void
entry_free (gpointer data)
{
  WtGlossaryEntry *entry = data;
  g_free ((char *) entry->key);
  g_free ((char *) entry->title);
  g_free ((char *) entry->text);
  g_free ((char *) entry->rfc);
  g_free (entry);
}

static gboolean
is_bold (cmark_node *paragraph)
{
  cmark_node *first = cmark_node_first_child (paragraph);
  return first && cmark_node_get_type (first) == CMARK_NODE_STRONG && cmark_node_next (first) == NULL;
}

/* A paragraph of the entry: its title, its RFC section, or text. */
static void
take_paragraph (WtGlossaryEntry *entry, cmark_node *paragraph)
{
  g_autofree char *text = wt_plain_text_of_node (paragraph);
  if (entry->title == NULL && is_bold (paragraph))
    entry->title = g_steal_pointer (&text);
  else if (entry->rfc == NULL && g_str_has_prefix (text, "RFC ") && strlen (text) < 80)
    entry->rfc = g_steal_pointer (&text);
  else
    {
      char *joined = entry->text ? g_strdup_printf ("%s %s", entry->text, text) : g_strdup (text);
      g_free ((char *) entry->text);
      entry->text = joined;
    }
}

static void
add_entry (WtGlossary *self, WtGlossaryEntry *entry)
{
  if (entry == NULL)
    return;
  entry->title = entry->title ? entry->title : g_strdup (entry->key);
  entry->text = entry->text ? entry->text : g_strdup ("");
  g_hash_table_replace (self->entries, (char *) entry->key, entry);
}

static void
read_markdown (WtGlossary *self, const char *markdown, gsize length)
{
  cmark_node *document = cmark_parse_document (markdown, length, CMARK_OPT_DEFAULT);
  WtGlossaryEntry *entry = NULL;
  for (cmark_node *node = cmark_node_first_child (document); node; node = cmark_node_next (node))
    if (cmark_node_get_type (node) == CMARK_NODE_HEADING && cmark_node_get_heading_level (node) == 2)
      {
        add_entry (self, entry);
        entry = g_new0 (WtGlossaryEntry, 1);
        entry->key = wt_plain_text_of_node (node);
      }
    else if (entry && cmark_node_get_type (node) == CMARK_NODE_PARAGRAPH)
      take_paragraph (entry, node);
  add_entry (self, entry);
  cmark_node_free (document);
}

/* Every NAME.LANGUAGE.md of the folder; what cannot be read is left out with a warning in the log. */
static void
read_language (WtGlossary *self, const char *dir, const char *language)
{
  g_autofree char *ending = g_strdup_printf (".%s.md", language);
  g_autoptr (GDir) folder = g_dir_open (dir, 0, NULL);
  for (const char *name = folder ? g_dir_read_name (folder) : NULL; name; name = g_dir_read_name (folder))
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_autofree char *markdown = NULL;
      g_autoptr (GError) error = NULL;
      gsize length;
      if (!g_str_has_suffix (name, ending))
        continue;
      if (!g_file_get_contents (path, &markdown, &length, &error))
        g_message ("%s", error->message);
      else if (length <= GLOSSARY_FILE_MAX)
        read_markdown (self, markdown, length);
    }
}

WtGlossary *
wt_glossary_new (const char *dir, const char *language)
{
  WtGlossary *self = g_new0 (WtGlossary, 1);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);
  read_language (self, dir, "en");
  if (language && strcmp (language, "en") != 0)
    read_language (self, dir, language);
  return self;
}

const WtGlossaryEntry *
wt_glossary_find (WtGlossary *self, const char *key)
{
  return key ? g_hash_table_lookup (self->entries, key) : NULL;
}

void
wt_glossary_free (WtGlossary *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->entries);
  g_free (self);
}
