/* The View-based Access Control Model (RFC 3415): who may read, write and be notified of what.
 *
 * A name (community or user) with its security model is in a group; a group has, for a context, a model and a least
 * level, three views; a view is a set of subtrees, included or excluded, with masks. */
#pragma once

#include "protocols/snmp/snmp-usm.h"

typedef enum { WT_SNMP_MODEL_ANY, WT_SNMP_MODEL_V1, WT_SNMP_MODEL_V2C, WT_SNMP_MODEL_USM } WtSnmpModel; /* RFC 3411 */

typedef enum { WT_SNMP_READ, WT_SNMP_WRITE, WT_SNMP_NOTIFY, WT_SNMP_N_ACCESS } WtSnmpAccessType;

typedef enum {
  WT_SNMP_ACCESS_ALLOWED,
  WT_SNMP_NOT_IN_VIEW,
  WT_SNMP_NO_SUCH_VIEW,
  WT_SNMP_NO_SUCH_CONTEXT,
  WT_SNMP_NO_GROUP_NAME,
  WT_SNMP_NO_ACCESS_ENTRY,
} WtSnmpAccessResult; /* RFC 3415 3.2 */

typedef struct _WtSnmpVacm WtSnmpVacm;
typedef struct _WtSnmpView WtSnmpView;

WtSnmpVacm *wt_snmp_vacm_new (void);
void wt_snmp_vacm_add_context (WtSnmpVacm *self, const char *context); /* "" is always there */
/* vacmSecurityToGroupTable. For models v1 and v2c the name is the community. */
void wt_snmp_vacm_add_member (WtSnmpVacm *self, WtSnmpModel model, const char *name, const char *group);
/* vacmAccessTable: exact context (or its beginning: prefix), model ANY or one, least level; views NULL: none. */
void wt_snmp_vacm_add_access (WtSnmpVacm *self, const char *group, const char *context, gboolean prefix,
                              WtSnmpModel model, WtSnmpLevel level, const char *read, const char *write,
                              const char *notify);
/* vacmViewTreeFamilyTable. Mask: a bit an arc, first arc in the first byte's highest bit, 0 matches any arc; NULL:
 * all 1. */
void wt_snmp_vacm_add_view (WtSnmpVacm *self, const char *view, const WtOid *subtree, gboolean included,
                            const guint8 *mask, gsize n_mask);
/* All of the above for the usual: `name` reads everything, and writes everything if `write`. */
void wt_snmp_vacm_allow (WtSnmpVacm *self, WtSnmpModel model, const char *name, WtSnmpLevel level, gboolean write);

/* First half of isAccessAllowed, once a message: finds the view. `view` only when ALLOWED. Names need no NUL at their
 * end. */
WtSnmpAccessResult wt_snmp_vacm_find (WtSnmpVacm *self, WtSnmpModel model, WtSlice name, WtSnmpLevel level,
                                      WtSlice context, WtSnmpAccessType type, const WtSnmpView **view);
/* Second half, for each variable. */
gboolean wt_snmp_view_holds (const WtSnmpView *self, const WtOid *name);
void wt_snmp_vacm_free (WtSnmpVacm *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtSnmpVacm, wt_snmp_vacm_free)
