/* The managed objects of one device: a sorted list of instances, each with a value of its own or a function that tells
 * it. It answers for the agent (snmp-mib-view.h), and keeps what is set by the rules that the MIB modules give. */
#pragma once

#include "app/mib/mib.h"
#include "protocols/snmp/snmp-agent.h"

typedef struct _WtManagedObjects WtManagedObjects;

#define WT_MANAGED_INSTANCES_MAX 1000000

/* Tells the present value; octets need to stay until the next call. `value->tag` is the object's already. */
typedef void (*WtManagedGet) (gpointer device, guint arg, WtSnmpValue *value);
/* An instance was set to another value. */
typedef void (*WtManagedChanged) (gpointer device, const WtOid *name, const WtSnmpValue *value);

/* `mib` borrowed. */
WtManagedObjects *wt_managed_objects_new (const WtMib *mib, gpointer device, WtManagedChanged changed);
void wt_managed_objects_free (WtManagedObjects *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtManagedObjects, wt_managed_objects_free)

/* An instance with a value, which is copied; one of that name is replaced. FALSE: there are too many. */
gboolean wt_managed_objects_put (WtManagedObjects *self, const WtOid *name, const WtSnmpValue *value);
/* An instance whose value a function tells. */
gboolean wt_managed_objects_put_func (WtManagedObjects *self, const WtOid *name, guint8 tag, WtManagedGet get,
                                      guint arg);
/* Present value; octets stay until the next call. FALSE: there is no such instance. */
gboolean wt_managed_objects_value (WtManagedObjects *self, const WtOid *name, WtSnmpValue *value);
guint wt_managed_objects_length (WtManagedObjects *self);
/* Mounts what is here at the agent, below the shortest roots that leave its own groups alone. Put everything first. */
void wt_managed_objects_mount (WtManagedObjects *self, WtSnmpAgent *agent, gboolean own_groups);
