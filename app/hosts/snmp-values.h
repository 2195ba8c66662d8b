/* What scenarios, and people at the command line, write of SNMP: versions, users, assignments, alarms. */
#pragma once

#include "app/mib/mib.h"
#include "app/trace/event.h"
#include "protocols/snmp/snmp-usm.h"

/* "1", "2c", "3". FALSE: none of these. */
gboolean wt_snmp_version_parse (const char *text, WtSnmpVersion *version);
const char *wt_snmp_version_name (WtSnmpVersion version); /* "2c" */

/* "name", "name:SHA-256:password", "name:SHA:password:AES:password". The strings of `user` lie in `parts` (transfer
 * full). FALSE with error (WT_HOST_ERROR): what would be right. */
gboolean wt_snmp_user_parse (const char *text, char ***parts, WtSnmpUser *user, GError **error);

/* An instance: a scalar that is named without one is .0 (RFC 2578 7). FALSE with error: no such name. */
gboolean wt_snmp_instance_parse (const char *text, WtOid *oid, GError **error);

/* "sysName.0=gate", "ifAdminStatus.2=down", "1.3.6.1.4.1.9.1.0=i:5". Of objects that no MIB module names the value says
 * its type first, as net-snmp does: i, u, c, t, a, o, s, x. `value` borrows `buffer`. */
gboolean wt_snmp_assignment_parse (const char *text, WtOid *name, WtSnmpValue *value, GByteArray *buffer,
                                   GError **error);

/* A threshold: "ifOperStatus != up", "ifInOctets > 100000" (of counters: a second), "prtMarkerSuppliesLevel < 10". With
 * hysteresis, as RMON's alarms have it (RFC 2819 2.3, alarmRisingThreshold and alarmFallingThreshold): "ifInOctets >
 * 100000 until 80000" is raised above the one and over at the other. A severity may stand in front: "warning:
 * upsEstimatedChargeRemaining < 50"; without one it is critical. */
typedef enum
{
  WT_SNMP_ALARM_BELOW,
  WT_SNMP_ALARM_ABOVE,
  WT_SNMP_ALARM_IS,
  WT_SNMP_ALARM_IS_NOT
} WtSnmpAlarmKind;

typedef struct
{
  WtOid subtree; /* of the variables that it watches */
  WtSnmpAlarmKind kind;
  double limit;
  gboolean has_end;
  double end;      /* where it is over */
  WtNote severity; /* "critical" ERROR, "warning" WARNING, "info" INFO */
} WtSnmpAlarm;

gboolean wt_snmp_alarm_parse (const char *text, WtSnmpAlarm *alarm, GError **error);
/* Whether it is raised with that number, if it was `raised` before. */
gboolean wt_snmp_alarm_holds (const WtSnmpAlarm *self, double number, gboolean raised);

/* "noAuthNoPriv", "authNoPriv", "authPriv" (RFC 3411). FALSE: none of these. */
gboolean wt_snmp_level_parse (const char *text, WtSnmpLevel *level);
