/* Relays: hosts that stand between a real client and a real server and pass on what both say (live world only).
 *
 * In the record there is one conversation, of the client with the server; the relay is seen in its notes and in the TLS
 * handshakes, which it has with either. What was said the relay tells with wt_conn_passed() and wt_socket_passed(), not with
 * wt_conn_sent() and its kin, and it is recorded without its secrets (wt_world_show_secrets). */
#pragma once

#include "app/world/world.h"

/* Who connects here from now on is recorded as talking to `server`. */
void wt_listener_stand_in (WtListener *self, WtNode server, WtAddress address);
/* The onward half of an accepted connection: as wt_world_connect(), but to a real address, and in the conversation of
 * `near`. */
WtConn *wt_conn_connect_onward (WtConn *near, WtAddress to, const WtConnOps *ops, gpointer user_data);
void wt_conn_passed (WtConn *near, WtDirection direction, const WtMessage *message);

/* Records nothing of what it carries by itself from now on. */
void wt_socket_set_relay (WtSocket *self);
/* A socket of the same host that sends to `to` only and hears nobody else; `self` is a relay. NULL with error. */
WtSocket *wt_socket_connect_onward (WtSocket *self, WtAddress to, WtDatagramFunc func, gpointer user_data, GError **error);
/* A datagram of `client` to `server` at `address`, or back. */
void wt_socket_passed (WtSocket *self, WtAddress client, WtNode server, WtAddress address, WtDirection direction,
                       const WtMessage *message);
