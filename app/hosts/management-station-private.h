/* The parts of a management station: sockets and schedule (management-station.c), polls (management-station-poll.c),
 * what people ask (management-station-ask.c), what becomes of the answers (management-station-results.c), alarms, traps
 * and informs (management-station-alarms.c), keys (management-station-keys.c). */
#pragma once

#include "app/hosts/directory.h"
#include "app/hosts/management-station.h"
#include "app/hosts/snmp-values.h"
#include "app/trace/variable.h"
#include "protocols/snmp/snmp-manager.h"

extern const WtKey wt_management_station_keys[];
extern const WtActionClass wt_management_station_actions[];

#define WT_STATION_DEVICES_MAX 20000    /* that it polls */
#define WT_STATION_VARIABLES_MAX 100000 /* that it remembers; what comes beyond is not recorded */

/* A device that is polled. */
typedef struct
{
  WtSnmpTarget target; /* its strings are interned, or the station's own */
  gboolean busy;       /* its poll is under way: one request after the other */
  gboolean again;      /* a trap came meanwhile: it is polled once more */
  gboolean silent;     /* it did not answer the last poll */
  guint next;          /* subtree that is walked next */
} WtStationDevice;

/* A request under way. */
typedef struct
{
  WtStationDevice *device; /* (nullable) NULL: asked by an action */
  WtSnmpPeer peer;
  WtSnmpOp op;
  guint tries; /* so far */
  gint64 asked; /* when */
  /* Of what somebody asked by hand: what is told at the end. */
  WtOid about;      /* walks and tables: what was asked for */
  guint n_values;   /* that came */
  char *heard;      /* (nullable) the values of the first answer, in words */
  guint8 exception; /* tag of one among them; 0: none */
  gboolean failed;  /* an error-status was told already */
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
  gboolean poll_on_trap;
  GPtrArray *devices;       /* of WtStationDevice */
  GHashTable *jobs;         /* request number -> WtStationJob */
  GHashTable *variables;    /* name -> WtStationVariable */
  GHashTable *known_alarms; /* name -> entity */
  gboolean full;            /* it has said that it remembers no more */
} WtStation;

/* --- polls --- */
void wt_station_add_device (WtStation *self, const WtSnmpTarget *target);
void wt_station_poll_on (WtStation *self, WtStationDevice *device); /* its last request has been answered */
void
wt_station_on_poll (gpointer user_data); /* the timer: every device that has answered the last poll, or failed to */
/* One more device, from now on. FALSE with error: too many. */
gboolean wt_station_poll_also (WtStation *self, const WtSnmpTarget *target, GError **error);
void wt_station_poll_ended (WtStation *self, WtStationDevice *device); /* no more of it comes */
/* A trap came from there: with poll-on-trap it is polled at once. */
void wt_station_poll_at_trap (WtStation *self, WtSnmpPeer peer);

/* --- asking --- */
gboolean wt_station_act (WtStation *self, const char *action, const WtHostConfig *config, GError **error);
WtStationJob *wt_station_ask (WtStation *self, const WtSnmpTarget *target, const WtSnmpRequest *request,
                              WtStationDevice *device); /* (transfer none) */
/* FALSE: no such host. */
gboolean wt_station_find (WtStation *self, const char *endpoint, WtSnmpPeer *peer);
/* One with NULL value an OID (element-type WtOid). (transfer full) */
WtSnmpVarBind *wt_station_bindings (GArray *oids);
void
wt_station_pump (WtStation *self); /* sends what waits, takes events, sets the timer; after each call to the manager */

/* --- results --- */
char *wt_station_device_name (WtStation *self, WtSnmpPeer peer); /* (transfer full) */
void wt_station_response (WtStation *self, const WtSnmpManagerEvent *event, WtStationJob *job);
void wt_station_done (WtStation *self, const WtSnmpManagerEvent *event, const WtStationJob *job);
void wt_station_retry (WtStation *self, const WtSnmpManagerEvent *event, const WtStationJob *job);
/* "sysName.0 = gate, ifIndex.2 = 2", from the nth binding on. (transfer full) */
char *wt_station_describe (const WtSnmpPdu *pdu, guint first);
GHashTable *wt_station_variables_new (void);

/* --- alarms and notifications --- */

/* What it knows of one variable. */
typedef struct
{
  guint32 entity;
  WtSample last; /* time 0: none yet */
  gboolean known;
  guint64 alarms; /* bits: which are raised */
} WtStationVariable;

/* Before `now` becomes the variable's last value; `text` is the value in words. */
void wt_station_check_alarms (WtStation *self, WtSnmpPeer peer, WtStationVariable *variable, const WtOid *oid,
                              const WtSample *now, const char *text);
/* A polled device has not answered so many tries, or (0) has answered. */
void wt_station_silence (WtStation *self, WtStationDevice *device, guint tries);
void wt_station_notification (WtStation *self, const WtSnmpManagerEvent *event);
/* A note, in the user's language; takes the text. */
typedef struct
{
  WtNoteKind kind;
  WtNote level;
  guint32 entity;            /* 0: the station */
  WtNode device;             /* 0: none of ours */
  gint64 asked;              /* of an answer: when it was asked for */
  guint32 status, exception; /* of an answer: error-status, and the tag of an exception among its values */
} WtStationNote;
void wt_station_note (WtStation *self, const WtStationNote *note, char *text);
