/* Changes to a scenario's text that leave every other byte as its writer left it: comments, order, blank lines. */
#include "app/scenario/scenario-private.h"

#include <string.h>

/* One line: [start, stop) without its line end, `next` behind that. */
typedef struct {
  gsize start, stop, next;
} Line;

static gboolean
line_at (const GString *text, gsize start, Line *line)
{
  if (start >= text->len)
    return FALSE;
  const char *end = memchr (text->str + start, '\n', text->len - start);
  line->start = start;
  line->next = end ? (gsize) (end - text->str) + 1 : text->len;
  line->stop = end ? line->next - 1 : text->len;
  while (line->stop > start && g_ascii_isspace (text->str[line->stop - 1]))
    line->stop--;
  while (line->start < line->stop && g_ascii_isspace (text->str[line->start]))
    line->start++;
  return TRUE;
}

static gboolean
is_head_of (const GString *text, const Line *line, const char *group)
{
  gsize length = strlen (group);
  return line->stop - line->start == length + 2 && memcmp (text->str + line->start + 1, group, length) == 0;
}

/* Where the group's keys lie. */
static gboolean
find_group (const GString *text, const char *group, gsize *start, gsize *end)
{
  Line line;
  gboolean found = FALSE;
  for (gsize at = 0; line_at (text, at, &line); at = line.next)
    {
      if (text->str[line.start] != '[' || line.start == line.stop)
        continue;
      if (found)
        {
          *end = at;
          return TRUE;
        }
      found = is_head_of (text, &line, group);
      *start = line.next;
    }
  *end = text->len;
  return found;
}

static gboolean
is_key_of (const GString *text, const Line *line, const char *key)
{
  gsize length = strlen (key), at = line->start + length;
  if (line->stop - line->start < length || memcmp (text->str + line->start, key, length) != 0)
    return FALSE;
  while (at < line->stop && g_ascii_isspace (text->str[at]))
    at++;
  return at < line->stop && text->str[at] == '=';
}

gboolean
wt_scenario_text_has (const GString *text, const char *group, const char *key)
{
  gsize at, end;
  Line line;
  if (!find_group (text, group, &at, &end))
    return FALSE;
  for (; key && at < end && line_at (text, at, &line); at = line.next)
    if (is_key_of (text, &line, key))
      return TRUE;
  return key == NULL;
}

/* Starts a new line at `at` with the line end that the text has. */
static void
insert_line (GString *text, gsize at, const char *line)
{
  const char *line_end = strstr (text->str, "\r\n") ? "\r\n" : "\n";
  g_autofree char *whole = at > 0 && text->str[at - 1] != '\n' ? g_strconcat (line_end, line, line_end, NULL)
                                                               : g_strconcat (line, line_end, NULL);
  g_string_insert (text, at, whole);
}

void
wt_scenario_text_set (GString *text, const char *group, const char *key, const char *value)
{
  gsize at, end, after;
  Line line;
  g_autofree char *pair = g_strconcat (key, "=", value, NULL);
  if (!find_group (text, group, &at, &end))
    {
      g_autofree char *head = g_strconcat ("[", group, "]", NULL);
      insert_line (text, text->len, "");
      insert_line (text, text->len, head);
      at = end = text->len;
    }
  for (after = at; at < end && line_at (text, at, &line); at = line.next)
    {
      if (is_key_of (text, &line, key))
        {
          g_string_erase (text, line.start, line.stop - line.start);
          g_string_insert (text, line.start, pair);
          return;
        }
      if (line.start < line.stop && text->str[line.start] != '#')
        after = line.next;
    }
  insert_line (text, after, pair);
}
