/* The inside of a managed device: managed-device.c (the host), managed-device-keys.c (what scenarios say),
 * managed-bound.c (how many answers it gives), managed-groups.c (objects that follow the world), managed-mail.c (those
 * that follow a mail server), managed-tables.c (connections and ports), managed-traps.c (what it tells). */
#pragma once

#include "app/hosts/answer-limit.h"
#include "app/hosts/directory.h"
#include "app/hosts/managed-device.h"
#include "app/hosts/managed-objects.h"
#include "app/hosts/managed-profile.h"

typedef struct {
  guint oper; /* ifOperStatus when last looked at */
} WtManagedPort;

typedef struct {
  WtHost host;
  const WtMib *mib;
  char *name;   /* of the node */
  double phase; /* 0..1, of its waves */
  gboolean forwards;

  /* settings */
  char **communities, **writers, **users, **traps;
  WtSnmpVersion trap_version;
  char *trap_name; /* (nullable) */
  gboolean informs;
  gboolean recorded;
  WtAnswerLimit *limit; /* (nullable): none */
  gboolean bounds_all;  /* `limit` is for addresses of this computer, too */

  WtManagedProfile *profile; /* (nullable) */
  WtManagedObjects *objects;
  GArray *ports;      /* WtManagedPort, one an interface; made at the first start */
  const WtHost *mail; /* (nullable) the mail server beside it */

  /* while it runs */
  guint32 boots;
  WtSnmpUsm *usm;
  WtSnmpAgent *agent;
  WtSocket *socket;
  guint64 timer;    /* of notifications that wait for an answer ... */
  gint64 timer_due; /* ... for when it is set */
  guint64 port_timer;
  GHashTable *variables;     /* "sysName.0" -> entity: those that were ever set */
  gint64 tables_time;        /* ns, when the rows of connections were last put ... */
  gboolean tables_filled;    /* ... if ever */
  guint8 octets[16];         /* of the value that was told last */
  guint32 second, n_answers; /* live: how many answers in this second */
  gint64 bound_noted;        /* ns, when it was last told that somebody asks too much; 0: never */
} WtManagedDevice;

#define WT_MANAGED_ANSWERS_MAX 500000 /* a second, in the live world; more are not answered */
#define WT_MANAGED_ANSWERS_EACH 2000   /* a second, in the live world, to an address beyond this computer */

extern const WtKey wt_managed_device_keys[];
gboolean wt_managed_device_read_keys (WtManagedDevice *self, const WtHostConfig *config, GError **error);

/* Puts what the world tells of the node; `config` says the rest. */
void wt_managed_groups_put (WtManagedDevice *self, const WtHostConfig *config);
void wt_managed_groups_put_mail (WtManagedDevice *self);
/* Tables of connections and ports; tcpCurrEstab.0 (WtManagedGet). */
void wt_managed_tables_put (WtManagedDevice *self);
void wt_managed_tables_established (gpointer device, guint arg, WtSnmpValue *value);
/* ifAdminStatus was set. */
void wt_managed_groups_changed (WtManagedDevice *self, const WtOid *name);
guint wt_managed_port_oper (WtManagedDevice *self, guint i);

void wt_managed_traps_add_targets (WtManagedDevice *self);
void wt_managed_traps_cold_start (WtManagedDevice *self);
void wt_managed_traps_link_changed (gpointer device); /* WtTimerFunc: the world's word */
gboolean wt_managed_traps_send (WtManagedDevice *self, const WtHostConfig *config, GError **error);

/* FALSE: this address has had enough answers, and gets none to what it asks now. */
gboolean wt_managed_device_may_answer (WtManagedDevice *self, gint64 now, WtAddress from);

/* Sends what the agent has to send, and sets the timer for the rest. */
void wt_managed_device_flush (WtManagedDevice *self);
/* Records that a variable has another value. */
void wt_managed_device_record (WtManagedDevice *self, const WtOid *name, const WtSnmpValue *value);
