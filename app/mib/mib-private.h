/* The tree's inside: filled by mib-load.c, looked up by mib.c and mib-name.c. */
#pragma once

#include "app/mib/mib.h"

struct _WtMib {
  WtMibObject *objects; /* by OID */
  guint n_objects;
  GHashTable *by_name; /* "ifDescr", "IF-MIB::ifDescr" -> WtMibObject */
  GStringChunk *strings;
  GPtrArray *blocks;   /* owned: enumerations, ranges, indexes */
  GPtrArray *problems; /* (element-type utf8) */
};

WtMib *wt_mib_alloc (void);
/* Sorts the objects, which may hold several of one OID, and ties them together; the index lists are set afterwards. */
void wt_mib_tie (WtMib *self, GArray *objects);
/* The object of exactly that OID. (nullable) */
WtMibObject *wt_mib_exact (const WtMib *self, const WtOid *oid);
