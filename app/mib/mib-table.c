/* MIB tables out of single instances. */
#include "app/mib/mib-table.h"

#include <string.h>

typedef struct
{
  WtOid index;  /* the arcs behind the column */
  char **parts; /* the index as text, one an index column */
} Row;

typedef struct
{
  char *text;
  gpointer tag;
} Cell;

struct _WtMibTable
{
  const WtMib *mib;
  const WtMibObject *table, *row;
  GPtrArray *columns; /* of const WtMibObject, ascending */
  GPtrArray *rows;    /* of Row, ascending */
  GHashTable *cells;  /* CellKey (Row, column) -> Cell */
};

typedef struct
{
  const Row *row;
  const WtMibObject *column;
} CellKey;

const WtMibObject *
wt_mib_table_of (const WtMib *mib, const WtOid *oid)
{
  const WtMibObject *object = wt_mib_by_oid (mib, oid);
  while (object && object->kind != WT_MIB_TABLE)
    object = object->kind == WT_MIB_COLUMN || object->kind == WT_MIB_ROW ? object->parent : NULL;
  return object;
}

static gboolean
is_index (const WtMibObject *row, const WtMibObject *column)
{
  for (guint i = 0; i < row->n_index; i++)
    if (row->index[i] == column)
      return TRUE;
  return FALSE;
}

GArray *
wt_mib_table_columns (const WtMibObject *table)
{
  GArray *oids = g_array_new (FALSE, FALSE, sizeof (WtOid));
  const WtMibObject *row = table->child;
  for (guint pass = 0; row && pass < 2 && oids->len == 0; pass++)
    for (const WtMibObject *column = row->child; column; column = column->next)
      if (column->access >= WT_MIB_READ_ONLY && (pass == 1 || !is_index (row, column)))
        g_array_append_val (oids, column->oid);
  return oids;
}

/* --- making ------------------------------------------------------------------------------------------------------ */

static guint
key_hash (gconstpointer key)
{
  const CellKey *self = key;
  return g_direct_hash (self->row) * 31 + g_direct_hash (self->column);
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  const CellKey *x = a, *y = b;
  return x->row == y->row && x->column == y->column;
}

static void
row_free (gpointer data)
{
  Row *row = data;
  g_strfreev (row->parts);
  g_free (row);
}

static void
cell_free (gpointer data)
{
  Cell *cell = data;
  g_free (cell->text);
  g_free (cell);
}

WtMibTable *
wt_mib_table_new (const WtMib *mib, const WtMibObject *table)
{
  WtMibTable *self = g_new0 (WtMibTable, 1);
  self->mib = mib;
  self->table = table;
  self->row = table->child;
  self->columns = g_ptr_array_new ();
  self->rows = g_ptr_array_new_with_free_func (row_free);
  self->cells = g_hash_table_new_full (key_hash, key_equal, g_free, cell_free);
  return self;
}

void
wt_mib_table_free (WtMibTable *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->cells);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->columns);
  g_free (self);
}

/* --- taking instances in ----------------------------------------------------------------------------------------- */

/* An index that does not fit the row's INDEX clause is shown as it is. */
static char **
read_index (const WtMibTable *self, const WtOid *instance, const WtOid *index)
{
  guint n = wt_mib_table_n_index (self);
  g_auto (GStrv) parts = wt_mib_index_to_strings (self->mib, instance);
  if (parts && g_strv_length (parts) == n)
    return g_steal_pointer (&parts);
  char **raw = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    raw[i] = i == 0 ? wt_oid_to_string (index) : g_strdup ("");
  return raw;
}

static Row *
find_row (WtMibTable *self, const WtOid *instance, const WtMibObject *column)
{
  guint low = 0, high = self->rows->len;
  WtOid index = { .n = instance->n - column->oid.n };
  memcpy (index.arcs, instance->arcs + column->oid.n, index.n * sizeof *index.arcs);
  while (low < high)
    {
      guint middle = (low + high) / 2;
      Row *row = self->rows->pdata[middle];
      int order = wt_oid_compare (&row->index, &index);
      if (order == 0)
        return row;
      if (order < 0)
        low = middle + 1;
      else
        high = middle;
    }
  Row *row = g_new0 (Row, 1);
  row->index = index;
  row->parts = read_index (self, instance, &index);
  g_ptr_array_insert (self->rows, low, row);
  return row;
}

/* The column that an instance lies in; NULL: in none of this table. */
static const WtMibObject *
column_of (const WtMibTable *self, const WtOid *instance)
{
  const WtMibObject *column = wt_mib_by_oid (self->mib, instance);
  gboolean fits = column && column->kind == WT_MIB_COLUMN && column->parent == self->row && instance->n > column->oid.n;
  return fits ? column : NULL;
}

gboolean
wt_mib_table_add_column (WtMibTable *self, const WtOid *instance)
{
  const WtMibObject *column = column_of (self, instance);
  guint i = 0;
  if (column == NULL)
    return FALSE;
  while (i < self->columns->len && wt_oid_compare (&((WtMibObject *)self->columns->pdata[i])->oid, &column->oid) < 0)
    i++;
  if (!is_index (self->row, column) && (i == self->columns->len || self->columns->pdata[i] != column))
    g_ptr_array_insert (self->columns, i, (gpointer)column);
  return TRUE;
}

gboolean
wt_mib_table_add (WtMibTable *self, const WtOid *instance, const char *text, gpointer tag)
{
  const WtMibObject *column = column_of (self, instance);
  if (column == NULL || g_hash_table_size (self->cells) >= WT_MIB_TABLE_CELLS_MAX)
    return FALSE;
  CellKey *key = g_new (CellKey, 1);
  Cell *cell = g_new (Cell, 1);
  *key = (CellKey){ find_row (self, instance, column), column };
  *cell = (Cell){ wt_mib_cell_text (column, text), tag };
  wt_mib_table_add_column (self, instance);
  g_hash_table_replace (self->cells, key, cell);
  return TRUE;
}

/* --- asking ------------------------------------------------------------------------------------------------------ */

guint
wt_mib_table_n_rows (const WtMibTable *self)
{
  return self->rows->len;
}

guint
wt_mib_table_n_index (const WtMibTable *self)
{
  return self->row && self->row->n_index ? self->row->n_index : 1;
}

const char *
wt_mib_table_index_name (const WtMibTable *self, guint i)
{
  return self->row && i < self->row->n_index ? self->row->index[i]->name : "";
}

guint
wt_mib_table_n_columns (const WtMibTable *self)
{
  return self->columns->len;
}

const WtMibObject *
wt_mib_table_column (const WtMibTable *self, guint column)
{
  return self->columns->pdata[column];
}

const char *
wt_mib_table_index (const WtMibTable *self, guint row, guint i)
{
  return ((const Row *)self->rows->pdata[row])->parts[i];
}

static const Cell *
find_cell (const WtMibTable *self, guint row, guint column)
{
  CellKey key = { self->rows->pdata[row], self->columns->pdata[column] };
  return g_hash_table_lookup (self->cells, &key);
}

const char *
wt_mib_table_cell (const WtMibTable *self, guint row, guint column)
{
  const Cell *cell = find_cell (self, row, column);
  return cell ? cell->text : NULL;
}

gpointer
wt_mib_table_tag (const WtMibTable *self, guint row, guint column)
{
  const Cell *cell = find_cell (self, row, column);
  return cell ? cell->tag : NULL;
}

char *
wt_mib_cell_text (const WtMibObject *object, const char *text)
{
  gsize length = strlen (text);
  const char *open = strrchr (text, '('), *close = strchr (text, ')');
  if (object->units)
    {
      g_autofree char *end = g_strconcat (" ", object->units, NULL);
      return g_strndup (text, g_str_has_suffix (text, end) ? length - strlen (end) : length);
    }
  if (object->tag == WT_BER_INTEGER && object->n_enums && open && open > text)
    return g_strndup (text, open - text);
  if (object->tag == WT_SNMP_TIME_TICKS && *text == '(' && close)
    return g_strdup (close[1] ? close + 2 : "");
  return g_strdup (text);
}
