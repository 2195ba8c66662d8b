/* What a management station asks by itself: every so often, and when a trap says that there is news. */
#include "app/hosts/management-station-private.h"

#include <glib/gi18n.h>
#include <string.h>

void
wt_station_add_device (WtStation *self, const WtSnmpTarget *target)
{
  WtStationDevice *device = g_new0 (WtStationDevice, 1);
  device->target = *target;
  g_ptr_array_add (self->devices, device);
}

static void
begin_poll (WtStation *self, WtStationDevice *device)
{
  g_autofree WtSnmpVarBind *instances = wt_station_bindings (self->instances);
  device->busy = TRUE;
  device->next = 0;
  if (self->instances->len)
    wt_station_ask (
        self, &device->target,
        &(WtSnmpRequest){ .op = WT_SNMP_OP_GET, .bindings = instances, .n_bindings = self->instances->len }, device);
  else
    wt_station_poll_on (self, device);
}

void
wt_station_poll_ended (WtStation *self, WtStationDevice *device)
{
  device->busy = FALSE;
  if (device->again)
    {
      device->again = FALSE;
      begin_poll (self, device);
    }
}

void
wt_station_poll_on (WtStation *self, WtStationDevice *device)
{
  WtSnmpVarBind subtree = { .value.tag = WT_BER_NULL };
  if (device->next >= self->subtrees->len)
    {
      wt_station_poll_ended (self, device);
      return;
    }
  subtree.name = g_array_index (self->subtrees, WtOid, device->next++);
  wt_station_ask (self, &device->target,
                  &(WtSnmpRequest){ .op = WT_SNMP_OP_BULK_WALK, .bindings = &subtree, .n_bindings = 1 }, device);
}

void
wt_station_on_poll (gpointer user_data)
{
  WtStation *self = user_data;
  self->poll_timer
      = self->interval > 0 ? wt_world_timer (self->host.world, self->interval, wt_station_on_poll, self) : 0;
  for (guint i = 0; i < self->devices->len; i++)
    {
      WtStationDevice *device = self->devices->pdata[i];
      if (!device->busy)
        begin_poll (self, device);
    }
  wt_station_pump (self);
}

static WtStationDevice *
find_polled (WtStation *self, WtSnmpPeer peer)
{
  for (guint i = 0; i < self->devices->len; i++)
    {
      WtStationDevice *device = self->devices->pdata[i];
      if (device->target.peer.ip == peer.ip && device->target.peer.port == peer.port)
        return device;
    }
  return NULL;
}

/* One that it polls already it polls as somebody else from now on. */
gboolean
wt_station_poll_also (WtStation *self, const WtSnmpTarget *target, GError **error)
{
  WtStationDevice *known = find_polled (self, target->peer);
  if (known)
    {
      known->target = *target;
      known->again = known->busy;
      if (!known->busy)
        begin_poll (self, known);
      return TRUE;
    }
  if (self->devices->len >= WT_STATION_DEVICES_MAX)
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_ACTION, _ ("it polls %d devices already; no more are possible"),
                   WT_STATION_DEVICES_MAX);
      return FALSE;
    }
  wt_station_add_device (self, target);
  begin_poll (self, self->devices->pdata[self->devices->len - 1]);
  if (self->poll_timer == 0 && self->interval > 0)
    self->poll_timer = wt_world_timer (self->host.world, self->interval, wt_station_on_poll, self);
  return TRUE;
}

/* --- traps
 * ---------------------------------------------------------------------------------------------------------------- */

/* A router sends from the address that is next to the station, which may be another than the one that is polled. */
static gboolean
is_same (WtStation *self, guint32 polled, guint32 sender)
{
  WtNode node = wt_world_find_ip (self->host.world, sender);
  return polled == sender || (node && node == wt_world_find_ip (self->host.world, polled));
}

void
wt_station_poll_at_trap (WtStation *self, WtSnmpPeer peer)
{
  for (guint i = 0; self->poll_on_trap && i < self->devices->len; i++)
    {
      WtStationDevice *device = self->devices->pdata[i];
      if (!is_same (self, device->target.peer.ip, peer.ip))
        continue;
      device->again = device->busy;
      if (device->busy)
        continue;
      g_autofree char *name = wt_station_device_name (self, device->target.peer);
      wt_world_note (self->host.world, self->host.node, WT_NOTE_INFO, N_ ("%s is polled at once: a trap came from it"),
                     name);
      begin_poll (self, device);
    }
}
