/* Domain names between text and ldns. */
#include "protocols/dns/dns-name.h"

#include <string.h>

char *
wt_dns_name_normal (const char *name)
{
  g_autofree char *ascii = g_str_is_ascii (name) ? g_ascii_strdown (name, -1) : g_hostname_to_ascii (name);
  char *normal = ascii ? g_steal_pointer (&ascii) : g_strdup (name);
  gsize length = strlen (normal);
  if (length > 0 && normal[length - 1] == '.' && (length < 2 || normal[length - 2] != '\\'))
    normal[length - 1] = 0;
  return normal;
}

char *
wt_dns_name_from_rdf (const ldns_rdf *rdf)
{
  if (rdf == NULL || ldns_rdf_get_type (rdf) != LDNS_RDF_TYPE_DNAME)
    return NULL;
  char *text = ldns_rdf2str (rdf);
  if (text == NULL)
    return NULL;
  char *name = wt_dns_name_normal (text);
  free (text);
  return name;
}

ldns_rdf *
wt_dns_name_to_rdf (const char *name)
{
  if (!g_str_is_ascii (name))
    return NULL;
  return ldns_dname_new_frm_str (*name == 0 ? "." : name);
}
