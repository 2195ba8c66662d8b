/* TLS and files: certificates that are read or made, and the key log. */
#pragma once

#include "protocols/tls/tls.h"

/* The certificate of live mode: made on first use, kept in the user's data folder (wiretalk/tls), made again when it has
 * expired. (transfer full) NULL with error. */
WtTlsCredentials *wt_tls_files_own (GError **error);
/* One that the user has: PEM files. (transfer full) NULL with error that names the file. */
WtTlsCredentials *wt_tls_files_load (const char *certificate, const char *key, GError **error);

/* A file in NSS key log format, as SSLKEYLOGFILE names one: with it Wireshark decrypts what was captured. */
typedef struct _WtKeyLog WtKeyLog;
/* Begins the file anew (0600). NULL with error. */
WtKeyLog *wt_key_log_new (const char *path, GError **error);
void wt_key_log_write (const char *line, gpointer key_log); /* a WtTlsKeyLogFunc; what cannot be written is lost */
void wt_key_log_free (WtKeyLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtKeyLog, wt_key_log_free)
