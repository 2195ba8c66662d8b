#include "app/ui/variables/table-rows.h"

typedef struct {
  char *text;
  gboolean changed;
  guint32 event;
} Cell;

struct _WtTableRow {
  GObject parent_instance;
  GArray *cells;
};

G_DEFINE_FINAL_TYPE (WtTableRow, wt_table_row, G_TYPE_OBJECT)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static const Cell *
cell_at (WtTableRow *self, guint column)
{
  static const Cell none = { (char *) "", FALSE, WT_EVENT_NO_REF };

  return column < self->cells->len ? &g_array_index (self->cells, Cell, column) : &none;
}

const char *
wt_table_row_text (WtTableRow *self, guint column)
{
  return cell_at (self, column)->text;
}

gboolean
wt_table_row_is_changed (WtTableRow *self, guint column)
{
  return cell_at (self, column)->changed;
}

guint32
wt_table_row_event (WtTableRow *self, guint column)
{
  return cell_at (self, column)->event;
}

static Cell
read_cell (const WtMibTable *table, guint row, guint column)
{
  guint n_index = wt_mib_table_n_index (table);
  const char *text = column < n_index ? wt_mib_table_index (table, row, column) : wt_mib_table_cell (table, row, column - n_index);
  gpointer tag = column < n_index ? NULL : wt_mib_table_tag (table, row, column - n_index);

  return (Cell){ g_strdup (text ? text : ""), tag && wt_table_tag_changed (tag), tag ? wt_table_tag_event (tag) : WT_EVENT_NO_REF };
}

static void
row_update (WtTableRow *self, const WtMibTable *table, guint row)
{
  guint n = wt_mib_table_n_index (table) + wt_mib_table_n_columns (table);

  g_array_set_size (self->cells, 0);
  for (guint column = 0; column < n; column++)
    {
      Cell cell = read_cell (table, row, column);

      g_array_append_val (self->cells, cell);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

void
wt_table_rows_update (GListStore *rows, const WtMibTable *table)
{
  guint shown = g_list_model_get_n_items (G_LIST_MODEL (rows)), n = wt_mib_table_n_rows (table);
  g_autoptr (GPtrArray) new = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = shown; i < n; i++)
    g_ptr_array_add (new, g_object_new (WT_TYPE_TABLE_ROW, NULL));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (WtTableRow) row = i < shown ? g_list_model_get_item (G_LIST_MODEL (rows), i) : g_object_ref (new->pdata[i - shown]);

      row_update (row, table, i);
    }
  if (shown != n)
    g_list_store_splice (rows, MIN (shown, n), shown > n ? shown - n : 0, new->pdata, new->len);
}

static void
cell_clear (gpointer data)
{
  g_free (((Cell *) data)->text);
}

static void
wt_table_row_finalize (GObject *object)
{
  g_array_unref (WT_TABLE_ROW (object)->cells);
  G_OBJECT_CLASS (wt_table_row_parent_class)->finalize (object);
}

static void
wt_table_row_class_init (WtTableRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wt_table_row_finalize;
  signals[CHANGED] = g_signal_new ("changed", WT_TYPE_TABLE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wt_table_row_init (WtTableRow *self)
{
  self->cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  g_array_set_clear_func (self->cells, cell_clear);
}
