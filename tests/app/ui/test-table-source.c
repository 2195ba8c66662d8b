/* MIB tables out of what stations have learnt, at a cursor. */
#include "app/trace/variable.h"
#include "app/ui/variables/table-source.h"

#include "wiretalk-config.h"

#include <string.h>

static const struct {
  const char *variable, *value;
} learnt[] = {
  { "gate IF-MIB::ifOperStatus.2", "INTEGER: up(1)" },   /* 0 */
  { "gate IF-MIB::ifInOctets.2", "Counter32: 100" },     /* 1 */
  { "gate SNMPv2-MIB::sysName.0", "OCTET STRING: g" },   /* 2: of no table */
  { "gate IF-MIB::ifOperStatus.2", "INTEGER: up(1)" },   /* 3 */
  { "gate IF-MIB::ifInOctets.2", "Counter32: 150" },     /* 4 */
  { "gate IF-MIB::ifOperStatus.2", "INTEGER: down(2)" }, /* 5 */
  { "door IF-MIB::ifOperStatus.1", "INTEGER: up(1)" },   /* 6 */
  { "gate IF-MIB::ifOperStatus.2", "INTEGER: down(2)" }, /* 7 */
};

/* A changed cell is marked with a star. */
static const struct {
  guint32 position;
  const char *cells; /* of gate's ifTable: ifInOctets, ifOperStatus */
} cursors[] = { { 0, "" },          { 1, "up" },         { 2, "up 100" },          { 4, "up 100" },
                { 5, "up 150*" },   { 6, "down* 150*" }, { 8, "down 150*" } };

static WtTrace *
new_trace (void)
{
  WtTrace *trace = wt_trace_new ();
  guint32 node = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = "station" });

  for (guint i = 0; i < G_N_ELEMENTS (learnt); i++)
    {
      guint32 entity = wt_trace_find_entity (trace, WT_ENTITY_VARIABLE, node, learnt[i].variable);
      g_autoptr (GBytes) payload = g_bytes_new_static (learnt[i].value, strlen (learnt[i].value));

      if (!entity)
        entity = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_VARIABLE, .parent = node,
                                                          .name = learnt[i].variable });
      wt_trace_append (trace, &(WtEvent){ .kind = WT_EVENT_STORE, .time = i, .entity = entity, .value = WT_STORE_CHANGED,
                                          .ref = WT_EVENT_NO_REF, .payload = payload,
                                          .payload_len = g_bytes_get_size (payload) });
    }
  return trace;
}

static char *
to_text (const WtMibTable *table)
{
  GString *text = g_string_new (NULL);

  for (guint row = 0; row < wt_mib_table_n_rows (table); row++)
    for (guint column = 0; column < wt_mib_table_n_columns (table); column++)
      {
        const char *cell = wt_mib_table_cell (table, row, column);

        if (cell)
          g_string_append_printf (text, "%s%s%s", text->len ? " " : "", cell,
                                  wt_table_tag_changed (wt_mib_table_tag (table, row, column)) ? "*" : "");
      }
  return g_string_free (text, FALSE);
}

static void
test_cursors (void)
{
  g_autoptr (WtTrace) trace = new_trace ();
  WtTableSources *sources = wt_table_sources_new ();
  const WtTableSource *gate;
  g_autofree char *previous = NULL;

  g_assert_true (wt_table_sources_update (sources, trace));
  g_assert_false (wt_table_sources_update (sources, trace));
  g_assert_cmpuint (wt_table_sources_all (sources)->len, ==, 2); /* door's and gate's */
  gate = wt_table_sources_find (sources, "gate", wt_mib_by_name (wt_mib_default (), "ifTable"));
  g_assert_nonnull (gate);
  g_assert_true (gate == wt_table_sources_all (sources)->pdata[1]);
  g_assert_null (wt_table_sources_find (sources, "gate", wt_mib_by_name (wt_mib_default (), "ifXTable")));
  for (guint i = 0; i < G_N_ELEMENTS (cursors); i++)
    {
      g_autoptr (WtMibTable) table = wt_table_source_at (gate, trace, cursors[i].position);
      g_autofree char *text = to_text (table);

      g_assert_cmpstr (text, ==, cursors[i].cells);
    }
  previous = wt_table_previous (trace, 5);
  g_assert_cmpstr (previous, ==, "up(1)");
  wt_table_sources_free (sources);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("WIRETALK_DATA", WT_SOURCE_DIR, TRUE);
  g_test_add_func ("/ui/table-source/cursors", test_cursors);
  return g_test_run ();
}
