/* The scenario of a recording proxy alone: for who wants to record a real dialogue and has no scenario. */
#pragma once

#include "app/scenario/live.h"

typedef struct {
  const char *service; /* "imaps": wt_proxy_services() */
  const char *to;      /* "imap.example.org", "192.0.2.7:1143" */
  const char *listen;  /* (nullable) IPv4 address, loopback; NULL: 127.0.0.1 */
  const char *tls, *client_tls; /* (nullable) "none", "starttls", "implicit" */
  gboolean insecure;            /* take any certificate of the server */
  const char *trusted;          /* (nullable) PEM file of authorities; NULL: the system's */
} WtRecordingSettings;

/* NULL with error: a value does not fit. Nothing is looked up yet. */
WtScenario *wt_recording_scenario (const WtRecordingSettings *settings, GError **error);
