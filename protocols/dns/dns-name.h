/* Domain names between text and ldns (RFC 1035 2.3, 3.1). */
#pragma once

#include <glib.h>
#include <ldns/ldns.h>

/* Lower case, without a final dot, U-labels as A-labels (RFC 5891): how names are compared. (transfer full) */
char *wt_dns_name_normal (const char *name);
char *wt_dns_name_from_rdf (const ldns_rdf *rdf); /* "" for the root. (transfer full) (nullable) */
ldns_rdf *wt_dns_name_to_rdf (const char *name);  /* (transfer full) (nullable): not a domain name */
