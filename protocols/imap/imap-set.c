#include "protocols/imap/imap-set.h"

void
wt_imap_set_init (WtImapSet *self)
{
  *self = (WtImapSet){ g_array_new (FALSE, FALSE, sizeof (WtImapRange)), FALSE };
}

void
wt_imap_set_clear (WtImapSet *self)
{
  g_clear_pointer (&self->ranges, g_array_unref);
}

/* nz-number or "*". */
static gboolean
parse_number (const guint8 *text, gsize n_bytes, gsize *at, guint32 *number)
{
  guint64 value = 0;
  gsize from = *at;
  if (from < n_bytes && text[from] == '*')
    {
      *number = 0;
      *at = from + 1;
      return TRUE;
    }
  for (; *at < n_bytes && g_ascii_isdigit (text[*at]) && value <= G_MAXUINT32; (*at)++)
    value = value * 10 + (text[*at] - '0');
  *number = value;
  return *at > from && value > 0 && value <= G_MAXUINT32;
}

gboolean
wt_imap_set_parse (WtImapSet *self, const guint8 *text, gsize n_bytes, gsize *used)
{
  gsize at = 0;
  do
    {
      WtImapRange range;
      if (!parse_number (text, n_bytes, &at, &range.first))
        return FALSE;
      range.last = range.first;
      if (at < n_bytes && text[at] == ':')
        {
          at++;
          if (!parse_number (text, n_bytes, &at, &range.last))
            return FALSE;
        }
      g_array_append_val (self->ranges, range);
    }
  while (at < n_bytes && text[at] == ',' && ++at);
  *used = at;
  return TRUE;
}

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  const WtImapRange *one = a, *other = b;
  return one->first < other->first ? -1 : one->first > other->first;
}

void
wt_imap_set_resolve (WtImapSet *self, guint32 highest)
{
  guint n = 0;
  for (guint i = 0; i < self->ranges->len; i++)
    {
      WtImapRange *range = &g_array_index (self->ranges, WtImapRange, i);
      guint32 first = range->first ? range->first : highest, last = range->last ? range->last : highest;
      *range = (WtImapRange){ MIN (first, last), MAX (first, last) };
    }
  g_array_sort (self->ranges, compare_ranges);
  for (guint i = 0; i < self->ranges->len; i++)
    {
      WtImapRange range = g_array_index (self->ranges, WtImapRange, i);
      WtImapRange *before = n > 0 ? &g_array_index (self->ranges, WtImapRange, n - 1) : NULL;
      if (before != NULL && (guint64)range.first <= (guint64)before->last + 1)
        before->last = MAX (before->last, range.last);
      else
        g_array_index (self->ranges, WtImapRange, n++) = range;
    }
  g_array_set_size (self->ranges, n);
}

gboolean
wt_imap_set_has (const WtImapSet *self, guint32 number)
{
  guint low = 0, high = self->ranges->len;
  while (low < high)
    {
      guint middle = (low + high) / 2;
      const WtImapRange *range = &g_array_index (self->ranges, WtImapRange, middle);
      if (number < range->first)
        high = middle;
      else if (number > range->last)
        low = middle + 1;
      else
        return TRUE;
    }
  return FALSE;
}

void
wt_imap_set_write (GString *out, const guint32 *numbers, guint n)
{
  for (guint i = 0; i < n;)
    {
      guint last = i;
      while (last + 1 < n && numbers[last + 1] == numbers[last] + 1)
        last++;
      g_string_append_printf (out, "%s%u", i > 0 ? "," : "", numbers[i]);
      if (last > i)
        g_string_append_printf (out, ":%u", numbers[last]);
      i = last + 1;
    }
}
