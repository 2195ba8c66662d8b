/* As whom one asks with SNMP: version, community or user, security level. Nothing chosen: as the station is set.
 *
 * Passwords are kept in their entries only, until the row goes. */
#pragma once

#include <adwaita.h>

#define WT_TYPE_ASK_IDENTITY (wt_ask_identity_get_type ())
G_DECLARE_FINAL_TYPE (WtAskIdentity, wt_ask_identity, WT, ASK_IDENTITY, AdwExpanderRow)

/* Key, value, key, value ... of an action (element-type utf8): "version", "community", "user", "level", those that were
 * chosen. */
void wt_ask_identity_add_keys (WtAskIdentity *self, GPtrArray *keys);
/* TRUE: neither version nor community was chosen. */
gboolean wt_ask_identity_is_default (WtAskIdentity *self);
