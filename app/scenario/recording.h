/* Scenarios of a real dialogue alone, for who has none: a recording proxy, or a client that logs in to a real account. */
#pragma once

#include "app/scenario/live.h"

typedef struct {
  const char *service; /* "imaps": wt_proxy_service() */
  const char *to;      /* "imap.example.org", "192.0.2.7:1143" */
  const char *listen;  /* (nullable) IPv4 address, loopback; NULL: 127.0.0.1 */
  const char *tls, *client_tls; /* (nullable) "none", "starttls", "implicit" */
  gboolean insecure;            /* take any certificate of the server */
  const char *trusted;          /* (nullable) PEM file of authorities; NULL: the system's */
} WtRecordingSettings;

/* NULL with error: a value does not fit. Nothing is looked up yet. */
WtScenario *wt_recording_scenario (const WtRecordingSettings *settings, GError **error);

/* One who logs in to a real account as soon as live mode begins, fetches the newest mails, leaves all there, and goes. */
typedef struct {
  const char *service;  /* "pop3", "pop3s", "imap", "imaps" */
  const char *server;   /* "imap.example.org", "192.0.2.7:1143" */
  const char *user;
  const char *password; /* in the scenario's memory only: what is saved of it has none */
  guint newest;         /* mails */
  const char *tls;      /* (nullable) "off", "opportunistic", "required"; NULL: required; not for services with an s */
  gboolean insecure;
  const char *trusted;  /* (nullable) */
} WtAccountSettings;
#define WT_ACCOUNT_HOST "client" /* who logs in */
/* NULL with error. */
WtScenario *wt_account_scenario (const WtAccountSettings *settings, GError **error);
/* Once wt_live_new() has made the client, which forgets the password when it has fetched. Does nothing with others. */
void wt_account_forget_password (WtScenario *scenario);
