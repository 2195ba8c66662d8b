/* wiretalk-cli snmp: a variable as a line, and what an error means. */
#include "app/cli/cli-snmp.h"

#include "app/lesson/glossary.h"
#include "app/mib/data-dir.h"

#include <glib/gi18n.h>

char *
wt_cli_snmp_binding (const WtSnmpVarBind *binding, gboolean numeric)
{
  const WtMib *mib = wt_mib_default ();
  g_autofree char *name = numeric ? wt_oid_to_string (&binding->name) : wt_mib_oid_to_string (mib, &binding->name);
  g_autofree char *value = wt_mib_value_to_string (mib, &binding->name, &binding->value);
  const char *type = wt_snmp_value_name (binding->value.tag);
  if (binding->value.tag >= WT_SNMP_NO_SUCH_OBJECT && binding->value.tag <= WT_SNMP_END_OF_MIB_VIEW)
    return g_strdup_printf ("%s = %s\n", name, type);
  return g_strdup_printf ("%s = %s: %s\n", name, type, value);
}

void
wt_cli_snmp_explain (guint error_status)
{
  const char *name = wt_snmp_error_name (error_status);
  g_autofree char *folder = g_build_filename (wt_data_dir (), "lessons", "glossary", NULL);
  g_autofree char *key = g_strconcat ("snmp.error.", name ? name : "", NULL);
  /* Translators: the code of the language that you translate to ("de"); the glossary is shown in it */
  g_autoptr (WtGlossary) glossary = wt_glossary_new (folder, C_ ("language code", "en"));
  const WtGlossaryEntry *entry = wt_glossary_find (glossary, key);
  if (entry)
    g_printerr ("  %s (%s)\n", entry->text, entry->rfc ? entry->rfc : "");
}
