/* Between managed-objects.c (the list of instances) and managed-view.c (what the agent sees of it). */
#pragma once

#include "app/hosts/managed-objects.h"

typedef struct {
  const guint32 *arcs; /* owned */
  guint32 n;
  guint32 arg;
  WtManagedGet get;  /* (nullable) */
  gboolean moves;    /* with `get`: only until it is set */
  WtSnmpValue value; /* octets owned; of one with `get` only the tag */
} WtManagedInstance;

struct _WtManagedObjects {
  const WtMib *mib;
  gpointer device;
  WtManagedChanged changed;
  WtManagedTest test; /* (nullable) */
  GArray *instances; /* Instance, by name once sorted */
  gboolean sorted;
  guint last; /* index of what was told last: a walk asks for what follows it */
  /* tables whose rows come and go */
  WtManagedObjects *tables; /* (nullable) */
  const WtOid *roots;
  guint n_roots;
  WtManagedFill fill;
  WtManagedSetRow set_row;
};

static inline WtManagedInstance *
wt_managed_nth (WtManagedObjects *self, guint i)
{
  return &g_array_index (self->instances, WtManagedInstance, i);
}

gboolean wt_managed_has_octets (guint8 tag);
WtSnmpValue wt_managed_value_copy (const WtSnmpValue *value);
void wt_managed_value_clear (WtSnmpValue *value);
int wt_managed_compare_arcs (const guint32 *a, guint n_a, const guint32 *b, guint n_b);
gboolean wt_managed_is_called (const WtManagedInstance *instance, const WtOid *name);
/* The first instance that is not before `name`; sorts first, if needed. */
guint wt_managed_lower_bound (WtManagedObjects *self, const WtOid *name);
WtManagedInstance *wt_managed_find (WtManagedObjects *self, const WtOid *name); /* (nullable) */
void wt_managed_tell (WtManagedObjects *self, const WtManagedInstance *instance, WtSnmpValue *value);

extern const WtSnmpMibView wt_managed_view;
