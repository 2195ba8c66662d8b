#include "app/world/live-relay.h"

#include "app/world/live-private.h"

void
wt_listener_stand_in (WtListener *self, WtNode server, WtAddress address)
{
  WtLiveListener *listener = (WtLiveListener *) self;
  g_return_if_fail (self->world->live);
  listener->stands_in = server;
  listener->stands_at = address;
}

void
wt_conn_passed (WtConn *near, WtDirection direction, const WtMessage *message)
{
  WtMessage blanked = wt_conn_blank (near, direction, message);
  wt_live_record_passed ((WtLiveConn *) near, direction, &blanked);
  g_bytes_unref (blanked.bytes);
}

void
wt_socket_set_relay (WtSocket *self)
{
  g_return_if_fail (self->world->live);
  ((WtLiveSocket *) self)->relay = TRUE;
}

void
wt_socket_passed (WtSocket *self, WtAddress client, WtNode server, WtAddress address, WtDirection direction,
                  const WtMessage *message)
{
  WtSecretState state = { 0 }; /* a datagram is a message of its own */
  WtMessage blanked = wt_world_blank (self->world, &state, direction, message);
  wt_live_record_passed_datagram ((WtLiveSocket *) self, client, server, address, direction, &blanked);
  g_bytes_unref (blanked.bytes);
}
