/* snmpEngineBoots of live mode: how often its agents have been started, kept on disk (RFC 3414 2.2.2).
 *
 * With the boots a message that was recorded before the last start is refused as not in the time window (RFC 3414 3.2
 * 7a); were they to begin anew each time, it would be believed again. */
#pragma once

#include <glib.h>

/* How often there were agents before; from now on it is one more. When it cannot be kept it is the seconds since 2020, so
 * that it grows all the same. */
guint32 wt_snmp_boots_count (void);
