/* The managed objects of one device: a sorted list of instances, each with a value of its own or a function that tells
 * it. It answers for the agent (snmp-mib-view.h), and keeps what is set by the rules that the MIB modules give. */
#pragma once

#include "app/mib/mib.h"
#include "protocols/snmp/snmp-agent.h"

typedef struct _WtManagedObjects WtManagedObjects;

#define WT_MANAGED_INSTANCES_MAX 1000000

/* Tells the present value; octets need to stay until the next call. `value->tag` is the object's already. */
typedef void (*WtManagedGet) (gpointer device, guint arg, WtSnmpValue *value);
/* Puts the rows that there are now into `tables`, unless those that are there are fresh enough; first it clears it. */
typedef void (*WtManagedFill) (gpointer device, WtManagedObjects *tables);
/* A cell of a row that is there, which the MIB module lets be set, to a value of its type. First with `act` FALSE: may it be?
 * Then, when the whole Set has succeeded, with TRUE: do it. */
typedef WtSnmpError (*WtManagedSetRow) (gpointer device, const WtOid *name, const WtSnmpValue *value, gboolean act);
/* May it have this value now? What the MIB module says of the object is looked at before. */
typedef WtSnmpError (*WtManagedTest) (gpointer device, const WtOid *name, const WtSnmpValue *value);
/* An instance was set to another value. */
typedef void (*WtManagedChanged) (gpointer device, const WtOid *name, const WtSnmpValue *value);

/* `mib` borrowed. */
WtManagedObjects *wt_managed_objects_new (const WtMib *mib, gpointer device, WtManagedChanged changed);
void wt_managed_objects_free (WtManagedObjects *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtManagedObjects, wt_managed_objects_free)

void wt_managed_objects_set_test (WtManagedObjects *self, WtManagedTest test);
/* An instance with a value, which is copied; one of that name is replaced. FALSE: there are too many. */
gboolean wt_managed_objects_put (WtManagedObjects *self, const WtOid *name, const WtSnmpValue *value);
/* An instance whose value a function tells. */
gboolean wt_managed_objects_put_func (WtManagedObjects *self, const WtOid *name, guint8 tag, WtManagedGet get,
                                      guint arg);
/* The same for a value that moves by itself until somebody sets it: then it stays as it was set. */
gboolean wt_managed_objects_put_moving (WtManagedObjects *self, const WtOid *name, guint8 tag, WtManagedGet get,
                                        guint arg);
/* Tables whose rows come and go (connections): below `roots` (ascending, constant) nothing else is put, and `fill` is called
 * before somebody looks there. What is set in them is tested and done by `set`; no value is kept. */
void wt_managed_objects_set_tables (WtManagedObjects *self, const WtOid *roots, guint n_roots, WtManagedFill fill,
                                    WtManagedSetRow set);
void wt_managed_objects_clear (WtManagedObjects *self); /* nothing is there any more */
/* Present value; octets stay until the next call. FALSE: there is no such instance. */
gboolean wt_managed_objects_value (WtManagedObjects *self, const WtOid *name, WtSnmpValue *value);
guint wt_managed_objects_length (WtManagedObjects *self);
/* Mounts what is here at the agent, below the shortest roots that leave its own groups alone. Put everything first. */
void wt_managed_objects_mount (WtManagedObjects *self, WtSnmpAgent *agent, gboolean own_groups);
