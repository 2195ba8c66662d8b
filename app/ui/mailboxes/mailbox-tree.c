#include "app/ui/mailboxes/mailbox-tree.h"

#include <string.h>

typedef struct {
  guint32 id, host;
  gboolean is_queue;
  char *name; /* at the cursor */
} Box;

typedef struct {
  WtTrace *trace;
  GHashTable *folded;
  guint32 position;
  GArray *rows;
} Tree;

static void
box_clear (gpointer data)
{
  g_free (((Box *) data)->name);
}

gboolean
wt_mailbox_tree_has (GArray *numbers, guint32 number)
{
  for (guint i = 0; i < numbers->len; i++)
    if (g_array_index (numbers, guint32, i) == number)
      return TRUE;
  return FALSE;
}

/* --- the boxes ---------------------------------------------------------------------------------------------------- */

/* By user, then by folder; the inbox (whose name is the user's) comes first. */
static int
compare_names (const char *a, const char *b)
{
  gsize user_a = strcspn (a, "/"), user_b = strcspn (b, "/");
  int order = strncmp (a, b, MIN (user_a, user_b));

  if (order == 0 && user_a != user_b)
    order = user_a < user_b ? -1 : 1;
  return order ? order : strcmp (a + user_a, b + user_b);
}

/* By host, mailboxes before the queue. */
static int
by_place (gconstpointer a, gconstpointer b)
{
  const Box *x = a, *y = b;

  if (x->host != y->host)
    return x->host < y->host ? -1 : 1;
  if (x->is_queue != y->is_queue)
    return x->is_queue ? 1 : -1;
  return compare_names (x->name, y->name);
}

static GArray *
boxes_at (WtTrace *trace, GArray *ids, GArray *hosts, guint32 position)
{
  GArray *boxes = g_array_new (FALSE, FALSE, sizeof (Box));

  g_array_set_clear_func (boxes, box_clear);
  for (guint i = 0; i < ids->len; i++)
    {
      const WtEntity *entity = wt_trace_entity (trace, g_array_index (ids, guint32, i));
      Box box;

      if (!entity || (hosts->len && !wt_mailbox_tree_has (hosts, entity->parent))
          || !wt_stored_box_present (trace, entity->id, position))
        continue;
      box = (Box){ entity->id, entity->parent, entity->kind == WT_ENTITY_QUEUE,
                   wt_stored_box_name (trace, entity->id, position) };
      g_array_append_val (boxes, box);
    }
  g_array_sort (boxes, by_place);
  return boxes;
}

/* How many of the boxes from `first` on are folders of one account. */
static guint
account_length (GArray *boxes, guint first)
{
  const Box *box = &g_array_index (boxes, Box, first);
  gsize user = strcspn (box->name, "/");
  guint i = first + 1;

  for (; i < boxes->len && !box->is_queue; i++)
    {
      const Box *other = &g_array_index (boxes, Box, i);

      if (other->host != box->host || other->is_queue || strcspn (other->name, "/") != user
          || strncmp (other->name, box->name, user) != 0)
        break;
    }
  return i - first;
}

/* Levels above a folder that have rows of their own. */
static guint
ancestors (GArray *boxes, guint first, guint at)
{
  const char *name = g_array_index (boxes, Box, at).name;
  guint n = 0;

  for (guint i = first; i < at; i++)
    {
      const char *above = g_array_index (boxes, Box, i).name;
      gsize length = strlen (above);

      n += strchr (above, '/') && strncmp (above, name, length) == 0 && name[length] == '/';
    }
  return n;
}

/* --- the rows ----------------------------------------------------------------------------------------------------- */

static guint32
last_event (Tree *self, guint32 entity)
{
  guint32 n = wt_trace_history_before (self->trace, entity, self->position);

  return n ? wt_trace_history_nth (self->trace, entity, n - 1) : WT_EVENT_NO_REF;
}

static WtMailboxTreeRow *
add_row (Tree *self, guint32 key, WtMailboxRowKind kind, guint depth)
{
  WtMailboxTreeRow row = { .key = key, .kind = kind, .depth = MIN (depth, G_MAXUINT8) };

  row.stamp = last_event (self, wt_mailbox_tree_row_entity (&row));
  row.folded = g_hash_table_contains (self->folded, GUINT_TO_POINTER (key));
  g_array_append_val (self->rows, row);
  return &g_array_index (self->rows, WtMailboxTreeRow, self->rows->len - 1);
}

static guint
add_mails (Tree *self, guint32 box, guint depth, gboolean shown)
{
  guint32 n = wt_trace_n_children (self->trace, box);
  guint count = 0;

  for (guint32 i = 0; i < n; i++)
    {
      guint32 mail = wt_trace_child (self->trace, box, i);

      if (!wt_trace_item_present (self->trace, mail, self->position))
        continue;
      count++;
      if (shown)
        add_row (self, mail, WT_MAILBOX_ROW_MAIL, depth);
    }
  return count;
}

/* Returns how many mails are in it. */
static guint
add_box (Tree *self, guint32 box, guint depth, gboolean shown)
{
  guint at = self->rows->len, count;

  if (!shown)
    return add_mails (self, box, depth, FALSE);
  count = add_mails (self, box, depth + 1, !add_row (self, box, WT_MAILBOX_ROW_BOX, depth)->folded);
  g_array_index (self->rows, WtMailboxTreeRow, at).count = count;
  return count;
}

static void
add_account (Tree *self, GArray *boxes, guint first, guint length)
{
  guint at = self->rows->len, count = 0;
  guint32 key = g_array_index (boxes, Box, first).id | WT_MAILBOX_ACCOUNT_KEY;
  gboolean shown = !add_row (self, key, WT_MAILBOX_ROW_ACCOUNT, 0)->folded;

  for (guint i = first; i < first + length; i++)
    count += add_box (self, g_array_index (boxes, Box, i).id, 1 + ancestors (boxes, first, i), shown);
  g_array_index (self->rows, WtMailboxTreeRow, at).count = count;
}

GArray *
wt_mailbox_tree_rows (WtTrace *trace, GArray *boxes, GArray *hosts, GHashTable *folded, guint32 position)
{
  Tree self = { trace, folded, position, g_array_new (FALSE, FALSE, sizeof (WtMailboxTreeRow)) };
  g_autoptr (GArray) there = boxes_at (trace, boxes, hosts, position);

  for (guint i = 0, length; i < there->len; i += length)
    {
      length = account_length (there, i);
      if (length > 1)
        add_account (&self, there, i, length);
      else
        add_box (&self, g_array_index (there, Box, i).id, 0, TRUE);
    }
  return self.rows;
}
