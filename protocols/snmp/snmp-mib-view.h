/* What an agent asks for objects: whoever holds managed objects implements this, the agent calls it.
 *
 * A view answers for the object instances below the place where it is mounted (wt_snmp_agent_mount); several are
 * mounted side by side. It knows nothing of versions, communities, users or sizes: that is the agent's (and VACM's)
 * business. Every function is called within wt_snmp_agent_feed() or one of the agent's calls that need objects, never
 * otherwise. */
#pragma once

#include "protocols/snmp/snmp-types.h"

typedef enum {
  WT_SNMP_SET_TEST,   /* may it be set? Nothing changes. The answer is an error-status of RFC 3416 4.2.5 */
  WT_SNMP_SET_COMMIT, /* change it. WT_SNMP_COMMIT_FAILED: what was committed before is undone */
  WT_SNMP_SET_UNDO,   /* put the old value back; WT_SNMP_UNDO_FAILED when that cannot be done */
  WT_SNMP_SET_DONE,   /* always last, for each binding that was tested: free the memo. What may only happen when all
                       * have succeeded (act, tell others) happens here, when `committed` */
} WtSnmpSetPhase;

/* One assignment of a Set. `memo` is the view's own (the old value, what it made): NULL at first, kept from phase to
 * phase. */
typedef struct {
  const WtOid *name;
  const WtSnmpValue *value; /* its octets live until the DONE phase is over */
  gpointer memo;
} WtSnmpAssignment;

/* A Set as a whole, "as if simultaneous" (RFC 3416 4.2.5): a view may look at all assignments, also those that are not
 * its own, to judge one (createAndGo with its columns). */
typedef struct {
  WtSnmpSetPhase phase;
  gboolean committed; /* DONE: the Set has succeeded */
  WtSnmpAssignment *assignments;
  guint n_assignments;
} WtSnmpSet;

typedef struct {
  /* The value of the instance called exactly `name`. Returns WT_SNMP_NO_ERROR with `value`; one that does not exist has
   * the tag WT_SNMP_NO_SUCH_OBJECT (no such object type) or WT_SNMP_NO_SUCH_INSTANCE (RFC 3416 4.2.1). WT_SNMP_GEN_ERR
   * when it cannot be told. Octets (and encoded OIDs, wt_oid_encode) need to stay only until the next call to this
   * view. */
  WtSnmpError (*get) (gpointer mib, const WtOid *name, WtSnmpValue *value);
  /* The first instance behind `name` in lexicographic order, whether `name` exists or not: sets `next` and `value`.
   * There is none: the tag is WT_SNMP_END_OF_MIB_VIEW, `next` does not matter. `next` may be the same variable as
   * `name`. */
  WtSnmpError (*next) (gpointer mib, const WtOid *name, WtOid *next, WtSnmpValue *value);
  /* Phase of the assignment set->assignments[index]. NULL: nothing here can be set. In the TEST phase: notWritable (the
   * object can never be set), noCreation, inconsistentName, wrongType, wrongLength, wrongEncoding, wrongValue,
   * inconsistentValue, resourceUnavailable, genErr; the agent says it to version 1 in its own words (RFC 3584 4.4). */
  WtSnmpError (*set) (gpointer mib, const WtSnmpSet *set, guint index);
} WtSnmpMibView;
