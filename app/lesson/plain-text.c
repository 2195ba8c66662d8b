#include "app/lesson/plain-text.h"

#include <string.h>

char *
wt_plain_text_of_node (cmark_node *node)
{
  GString *text = g_string_new (NULL);
  cmark_iter *iter = cmark_iter_new (node);
  for (cmark_event_type event = cmark_iter_next (iter); event != CMARK_EVENT_DONE; event = cmark_iter_next (iter))
    {
      cmark_node *each = cmark_iter_get_node (iter);
      cmark_node_type type = cmark_node_get_type (each);
      if (event == CMARK_EVENT_ENTER && (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK))
        g_string_append_c (text, ' ');
      else if (event == CMARK_EVENT_ENTER && cmark_node_get_literal (each))
        g_string_append (text, cmark_node_get_literal (each));
    }
  cmark_iter_free (iter);
  return g_strstrip (g_string_free (text, FALSE));
}

/* A table is no CommonMark: its rows arrive as the lines of a paragraph. */
static gboolean
is_table (cmark_node *block)
{
  cmark_node *first = cmark_node_first_child (block);
  return first && cmark_node_get_literal (first) && *cmark_node_get_literal (first) == '|';
}

/* The row's cells, in one line of the list that a table becomes; the first row is its heading. */
static void
append_row (GString *text, const char *line)
{
  g_auto (GStrv) cells = g_strsplit (line, "|", -1);
  const char *between = text->len > 0 ? "\n• " : "";
  if (strspn (line, "|-: ") == strlen (line))
    return;
  for (char **cell = cells; *cell; cell++)
    if (*g_strstrip (*cell) != 0)
      {
        g_string_append_printf (text, "%s%s", between, *cell);
        between = " – ";
      }
}

static char *
text_of_table (cmark_node *block)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GString) line = g_string_new (NULL);
  for (cmark_node *node = cmark_node_first_child (block); node; node = cmark_node_next (node))
    if (cmark_node_get_type (node) == CMARK_NODE_SOFTBREAK)
      {
        append_row (text, line->str);
        g_string_truncate (line, 0);
      }
    else
      {
        g_autofree char *part = cmark_node_get_literal (node) ? g_strdup (cmark_node_get_literal (node))
                                                              : wt_plain_text_of_node (node);
        g_string_append (line, part);
      }
  append_row (text, line->str);
  return g_string_free (text, FALSE);
}

/* Each item on a line of its own, with its number or a bullet. */
static char *
text_of_list (cmark_node *list)
{
  GString *text = g_string_new (NULL);
  gboolean ordered = cmark_node_get_list_type (list) == CMARK_ORDERED_LIST;
  int number = cmark_node_get_list_start (list);
  for (cmark_node *item = cmark_node_first_child (list); item; item = cmark_node_next (item))
    {
      g_autofree char *each = wt_plain_text_of_node (item);
      if (text->len > 0)
        g_string_append_c (text, '\n');
      if (ordered)
        g_string_append_printf (text, "%d. %s", number++, each);
      else
        g_string_append_printf (text, "• %s", each);
    }
  return g_string_free (text, FALSE);
}

static char *
text_of_block (cmark_node *block)
{
  if (cmark_node_get_type (block) == CMARK_NODE_LIST)
    return text_of_list (block);
  return is_table (block) ? text_of_table (block) : wt_plain_text_of_node (block);
}

char *
wt_plain_text (const char *markdown, guint paragraphs)
{
  cmark_node *document = cmark_parse_document (markdown, strlen (markdown), CMARK_OPT_DEFAULT);
  GString *text = g_string_new (NULL);
  guint n = 0;
  for (cmark_node *block = cmark_node_first_child (document); block && (paragraphs == 0 || n < paragraphs);
       block = cmark_node_next (block))
    {
      g_autofree char *paragraph = text_of_block (block);
      if (*paragraph == 0)
        continue;
      g_string_append_printf (text, "%s%s", n > 0 ? "\n\n" : "", paragraph);
      n++;
    }
  cmark_node_free (document);
  return g_string_free (text, FALSE);
}
