/* Managed devices: an SNMP agent on port 161 with the objects of its profile and those that follow the world:
 * interfaces with what crossed them, IP, TCP and UDP, the system group; or a recorded device. Any other host is
 * managed, too, when the scenario gives it communities (key snmp): then a device stands beside it, on the same node. */
#pragma once

#include "app/hosts/host.h"

extern const WtHostClass wt_managed_device_class;

/* The keys that make any host managed, less those that only a device of its own has. */
extern const WtKey wt_managed_beside_keys[];

/* The device beside a host: on the same node, with the keys of `config`. `host` (nullable, outlives it): of a mail
 * server its MTA-MIB is told, too. `kind` (nullable): "router", "switch": its profile where none is given. */
WtHost *wt_managed_device_new_beside (WtWorld *world, WtNode node, const WtHostConfig *config, const WtHost *host,
                                      const char *kind, GError **error);
/* How often it was started before: snmpEngineBoots goes on from there. Before it starts. */
void wt_managed_device_set_boots (WtHost *device, guint32 boots);
