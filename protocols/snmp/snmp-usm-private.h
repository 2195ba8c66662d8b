/* Between snmp-usm.c (users, engines) and snmp-usm-message.c (messages). */
#pragma once

#include "protocols/snmp/snmp-usm.h"

#define NANOSECONDS G_GINT64_CONSTANT (1000000000) /* in a second */

typedef struct {
  char *name;
  WtSnmpAuth auth;
  WtSnmpPriv priv;
  char *auth_password, *priv_password;
  WtSnmpKey auth_key, priv_key; /* Ku; n == 0: not made yet */
} WtUsmUser;

/* Localised keys of a user with an engine. */
typedef struct {
  WtSnmpKey auth, priv;
} WtUsmKeys;

typedef struct {
  GBytes *id;
  guint32 boots, time; /* at `heard`, ns */
  guint32 latest;      /* latestReceivedEngineTime */
  gint64 heard;
  gboolean known;    /* boots and time have been heard */
  gboolean believed; /* in a message that was authentic, or it is the engine itself */
  GHashTable *keys;  /* WtUsmUser to WtUsmKeys */
} WtUsmEngine;

struct _WtSnmpUsm {
  GHashTable *users;   /* name to WtUsmUser */
  GHashTable *engines; /* id to WtUsmEngine */
  WtUsmEngine *own;
  gint64 start;
  guint64 salt;
  guint32 stats[WT_SNMP_USM_N_STATS];
  WtBerWriter scoped; /* reused for what gets encrypted */
};

WtUsmUser *wt_usm_find_user (const WtSnmpUsm *self, WtSlice name);
WtSnmpLevel wt_usm_level_of (const WtUsmUser *user);
WtUsmEngine *wt_usm_find_engine (const WtSnmpUsm *self, WtSlice id);
WtUsmEngine *wt_usm_add_engine (WtSnmpUsm *self, WtSlice id);
guint32 wt_usm_engine_time (const WtSnmpUsm *self, const WtUsmEngine *engine, gint64 now);
void wt_usm_engine_heard (WtUsmEngine *engine, gint64 now, guint32 boots, guint32 time, gboolean believed);
const WtUsmKeys *wt_usm_keys (WtUsmEngine *engine, WtUsmUser *user);
