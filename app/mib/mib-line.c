/* Names of objects where numbers stood: in a line about a message, beside a dissected field. */
#include "app/mib/mib.h"

#include <string.h>

/* "ifDescr.2" of "IF-MIB::ifDescr.2": within one dialogue the module says nothing that is not clear. */
static char *
without_module (char *text)
{
  const char *colons = strstr (text, "::");

  if (colons)
    memmove (text, colons + 2, strlen (colons + 2) + 1);
  return text;
}

static char *
name_in_line (const WtOid *name)
{
  return without_module (wt_mib_oid_to_string (wt_mib_default (), name));
}

static char *
value_in_line (const WtOid *name, const WtSnmpValue *value)
{
  char *text = wt_mib_value_to_string (wt_mib_default (), name, value);

  return value->tag == WT_BER_OID ? without_module (text) : text;
}

const WtSnmpNames wt_mib_line_names = { .name = name_in_line, .value = value_in_line };

char *
wt_mib_field_name (const WtField *field)
{
  static const char *const names[] = { "snmp.name", "snmp.value.oid", "snmp.enterprise" };
  WtOid oid;

  for (guint i = 0; field->value && i < G_N_ELEMENTS (names); i++)
    if (strcmp (field->info->name, names[i]) == 0 && wt_oid_parse (field->value, &oid))
      {
        g_autofree char *name = name_in_line (&oid);

        return strcmp (name, field->value) != 0 ? g_steal_pointer (&name) : NULL;
      }
  return NULL;
}
