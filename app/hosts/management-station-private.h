/* The parts of a management station: sockets and schedule (management-station.c), what it asks
 * (management-station-ask.c), what becomes of the answers (management-station-results.c), keys
 * (management-station-keys.c). */
#pragma once

#include "app/hosts/directory.h"
#include "app/hosts/management-station.h"
#include "app/hosts/snmp-values.h"
#include "protocols/snmp/snmp-manager.h"

extern const WtKey wt_management_station_keys[];
extern const WtActionClass wt_management_station_actions[];

#define WT_STATION_VARIABLES_MAX 100000 /* that it remembers; what comes beyond is not recorded */

/* A device that is polled. */
typedef struct
{
  WtSnmpPeer peer;
  gboolean busy; /* its poll is under way: one request after the other */
  guint next;    /* subtree that is walked next */
} WtStationDevice;

/* A request under way. */
typedef struct
{
  WtStationDevice *device; /* (nullable) NULL: asked by an action */
  WtSnmpPeer peer;
  WtSnmpOp op;
  guint tries; /* so far */
} WtStationJob;

typedef struct
{
  WtHost host;
  char **poll;         /* endpoints */
  WtSnmpTarget target; /* how it asks; its strings lie in `community` and `users` */
  char *community;
  GPtrArray *users;       /* of char **: what a WtSnmpUser points into */
  gint64 interval, begin; /* ns */
  GArray *instances;      /* WtOid: asked for with one Get */
  GArray *subtrees;       /* WtOid: walked */
  GArray *alarms;         /* WtSnmpAlarm */

  WtSnmpUsm *usm;
  WtSnmpManager *manager;
  WtSocket *socket, *trap_socket; /* (nullable) */
  guint64 poll_timer, tick_timer;
  gint64 tick_at;
  GArray *devices;       /* WtStationDevice */
  GHashTable *jobs;      /* request number -> WtStationJob */
  GHashTable *variables; /* name -> WtStationVariable */
  gboolean full;         /* it has said that it remembers no more */
} WtStation;

/* --- asking --- */
void wt_station_poll_on (WtStation *self, WtStationDevice *device); /* its last request has been answered */
void wt_station_poll (WtStation *self); /* every device that has answered the last poll, or not answered it for good */
gboolean wt_station_ask (WtStation *self, const char *action, const WtHostConfig *config, GError **error);
/* FALSE: no such host. */
gboolean wt_station_find (WtStation *self, const char *endpoint, WtSnmpPeer *peer);
void
wt_station_pump (WtStation *self); /* sends what waits, takes events, sets the timer; after each call to the manager */

/* --- results --- */
char *wt_station_device_name (WtStation *self, WtSnmpPeer peer); /* (transfer full) */
void wt_station_response (WtStation *self, const WtSnmpManagerEvent *event, const WtStationJob *job);
void wt_station_done (WtStation *self, const WtSnmpManagerEvent *event, const WtStationJob *job);
void wt_station_retry (WtStation *self, const WtSnmpManagerEvent *event, const WtStationJob *job);
void wt_station_notification (WtStation *self, const WtSnmpManagerEvent *event);
GHashTable *wt_station_variables_new (void);
