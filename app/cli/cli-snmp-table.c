/* wiretalk-cli snmp table: a MIB table, a line a row. */
#include "app/cli/cli-snmp.h"

#include <glib/gi18n.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define GAP 2 /* between columns */
#define CELL_MAX 40

/* --- printing
 * ------------------------------------------------------------------------------------------------------------- */

/* Index columns, then the others. */
static const char *
title (const WtMibTable *table, guint column)
{
  guint n_index = wt_mib_table_n_index (table);
  return column < n_index ? wt_mib_table_index_name (table, column)
                          : wt_mib_table_column (table, column - n_index)->name;
}

static char *
cell (const WtMibTable *table, guint row, guint column)
{
  guint n_index = wt_mib_table_n_index (table);
  const char *text =
      column < n_index ? wt_mib_table_index (table, row, column) : wt_mib_table_cell (table, row, column - n_index);
  g_autoptr (GString) line = g_string_new (NULL);
  wt_cli_append_value (line, text ? text : "-");
  if (g_utf8_strlen (line->str, -1) <= CELL_MAX)
    return g_strdup (line->str);
  g_autofree char *cut = g_utf8_substring (line->str, 0, CELL_MAX - 1);
  return g_strconcat (cut, "…", NULL);
}

static guint
width_of (const WtMibTable *table, guint column)
{
  guint width = g_utf8_strlen (title (table, column), -1);
  for (guint row = 0; row < wt_mib_table_n_rows (table); row++)
    {
      g_autofree char *text = cell (table, row, column);
      width = MAX (width, g_utf8_strlen (text, -1));
    }
  return width;
}

static guint
terminal_width (void)
{
  struct winsize size = { 0 };
  if (!isatty (STDOUT_FILENO) || ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20)
    return G_MAXUINT;
  return size.ws_col;
}

static void
append_padded (GString *line, const char *text, guint width)
{
  g_string_append (line, text);
  g_string_append_printf (line, "%*s", (int)(width - g_utf8_strlen (text, -1) + GAP), "");
}

static void
end_line (GString *text)
{
  while (text->len && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  g_string_append_c (text, '\n');
}

/* The index and the columns from `begin` to before `end`. */
static void
print_block (const WtMibTable *table, const guint *widths, guint begin, guint end)
{
  guint n_index = wt_mib_table_n_index (table);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint line = 0; line <= wt_mib_table_n_rows (table); line++)
    {
      for (guint column = 0; column < end; column++)
        {
          g_autofree char *each = NULL;
          if (column >= n_index && column < begin)
            continue;
          each = line == 0 ? g_strdup (title (table, column)) : cell (table, line - 1, column);
          append_padded (text, each, widths[column]);
        }
      end_line (text);
    }
  wt_cli_print (text->str);
}

/* Columns that do not fit beside each other come below, each time with the index. */
static void
print_table (const WtMibTable *table)
{
  guint n_index = wt_mib_table_n_index (table), n = n_index + wt_mib_table_n_columns (table);
  guint most = terminal_width (), begin = n_index, index_width = 0;
  g_autofree guint *widths = g_new0 (guint, n);
  for (guint i = 0; i < n; i++)
    {
      widths[i] = width_of (table, i);
      index_width += i < n_index ? widths[i] + GAP : 0;
    }
  do
    {
      guint end = begin, used = index_width;
      while (end < n && (end == begin || used + widths[end] <= most))
        used += widths[end++] + GAP;
      if (begin > n_index)
        wt_cli_print ("\n");
      print_block (table, widths, begin, end);
      begin = end;
    }
  while (begin < n);
}

/* --- asking
 * --------------------------------------------------------------------------------------------------------------- */

WtCliStatus
wt_cli_snmp_table (WtCliSnmp *self, const char *name, int max_repetitions)
{
  const WtMib *mib = wt_mib_default ();
  g_autoptr (GError) error = NULL;
  WtOid oid;
  if (!wt_mib_parse (mib, name, &oid, &error))
    return wt_cli_usage ("snmp", "%s", error->message);
  const WtMibObject *object = wt_mib_table_of (mib, &oid);
  if (object == NULL)
    return wt_cli_usage ("snmp", _ ("“%s” is no table; write the name of one, as ifTable or ipAddrTable"), name);
  g_autoptr (GArray) columns = wt_mib_table_columns (object);
  g_autofree WtSnmpVarBind *bindings = g_new0 (WtSnmpVarBind, columns->len);
  for (guint i = 0; i < columns->len; i++)
    bindings[i] = (WtSnmpVarBind){ .name = g_array_index (columns, WtOid, i), .value.tag = WT_BER_NULL };
  g_autoptr (WtMibTable) table = wt_mib_table_new (mib, object);
  self->table = table;
  WtCliStatus status = wt_cli_snmp_ask (self, &(WtSnmpRequest){ .op = WT_SNMP_OP_TABLE,
                                                                .bindings = bindings,
                                                                .n_bindings = columns->len,
                                                                .max_repetitions = max_repetitions });
  self->table = NULL;
  if (wt_mib_table_n_rows (table))
    print_table (table);
  else if (status == WT_CLI_DONE)
    wt_cli_error (_ ("%s has no row in %s"), self->address, object->name);
  return status;
}
