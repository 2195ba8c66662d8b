/* One end of a TLS session (RFC 8446; TLS 1.2, RFC 5246): GnuTLS with push and pull functions.
 *
 * The session does no I/O. Feed it the records that the peer sent and take the records that are for the peer; write
 * plaintext and take plaintext from its events. What is written before the handshake is done waits for it. Nothing that
 * the peer sends makes it hold more than one record and what was fed at once.
 *
 * Credentials are shared by sessions and may be used from several threads once they are made. */
#pragma once

#include <glib.h>

typedef struct _WtTlsCredentials WtTlsCredentials;
typedef struct _WtTls WtTls;

#define WT_TLS_RECORD_MAX 16384 /* bytes of plaintext in one record, RFC 8446 5.1 */

#define WT_TLS_ERROR (wt_tls_error_quark ())
GQuark wt_tls_error_quark (void);
typedef enum {
  WT_TLS_ERROR_CREDENTIALS, /* a certificate or key that cannot be used */
  WT_TLS_ERROR_FAILED,
} WtTlsError;

/* --- credentials --- */

typedef enum {
  WT_TLS_KEY_ECDSA,   /* P-256: what every program understands */
  WT_TLS_KEY_ED25519, /* signatures are of one length always: for the simulated network, whose runs are to be alike */
} WtTlsKeyType;

/* A certificate that is to be made, signed with its own key. */
typedef struct {
  const char *const *names; /* host names and IPv4 addresses it is for; the first one is the subject too */
  WtTlsKeyType key_type;
  gint64 from, until; /* seconds since 1970 */
} WtTlsCertificateRequest;

/* Makes a key and a certificate, both PEM (transfer full). FALSE with error when GnuTLS cannot. */
gboolean wt_tls_make_certificate (const WtTlsCertificateRequest *request, GBytes **certificate, GBytes **key,
                                  GError **error);
/* For a server: certificate (and the chain above it) and key, PEM. (transfer full) NULL with error: not a certificate, not
 * its key. */
WtTlsCredentials *wt_tls_credentials_new_server (GBytes *certificate, GBytes *key, GError **error);
/* For a client: whom it trusts, PEM; NULL: the system's authorities. Counts only when `verify` is set in the session. */
WtTlsCredentials *wt_tls_credentials_new_client (GBytes *trusted, GError **error);
WtTlsCredentials *wt_tls_credentials_ref (WtTlsCredentials *self);
void wt_tls_credentials_unref (WtTlsCredentials *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtTlsCredentials, wt_tls_credentials_unref)

/* --- session --- */

/* One line of a key log in NSS format, without line end: what lets a packet analyser decrypt this session. */
typedef void (*WtTlsKeyLogFunc) (const char *line, gpointer user_data);

typedef struct {
  gboolean server;
  WtTlsCredentials *credentials;
  const char *name;      /* (nullable) client: the server's name, sent (SNI, RFC 6066 3) and verified; copied */
  gboolean verify;       /* client: end the session when the certificate is not trusted or not for `name` */
  gint64 now;            /* client: seconds since 1970, for the certificate's dates; 0: this machine's clock */
  const char *priority;  /* (nullable) GnuTLS's priority string; NULL: "NORMAL" without TLS 1.0 and 1.1 (RFC 8996) */
  WtTlsKeyLogFunc key_log; /* (nullable) */
  gpointer key_log_data;
} WtTlsConfig;

typedef enum {
  WT_TLS_SECURED, /* the handshake is done */
  WT_TLS_DATA,    /* bytes: plaintext from the peer */
  WT_TLS_CLOSED,  /* the peer has said close_notify */
  WT_TLS_FAILED,  /* text: why. Take what is left for the peer (the alert), then close */
} WtTlsEventType;

typedef struct {
  WtTlsEventType type;
  const guint8 *bytes; /* borrowed until next() */
  gsize n_bytes;
  const char *text;
} WtTlsEvent;

/* What was agreed on. */
typedef struct {
  const char *version; /* "TLSv1.3", as mail servers write it */
  const char *cipher;  /* "TLS_AES_256_GCM_SHA384", IANA's name */
  guint bits;          /* of the cipher's key */
  const char *certificate; /* (nullable) the peer's, in one line: whose, by whom, until when; NULL: it showed none */
} WtTlsInfo;

WtTls *wt_tls_new (const WtTlsConfig *config); /* a client's first flight is there to be taken */
void wt_tls_feed (WtTls *self, const guint8 *bytes, gsize n_bytes);
/* TRUE: an event. What was fed is decrypted as events are taken. */
gboolean wt_tls_next (WtTls *self, WtTlsEvent *event);
/* Plaintext for the peer: a record for each WT_TLS_RECORD_MAX bytes begun. */
void wt_tls_write (WtTls *self, const guint8 *bytes, gsize n_bytes);
void wt_tls_close (WtTls *self);     /* close_notify after what is written, RFC 8446 6.1 */
GBytes *wt_tls_take (WtTls *self);   /* records for the peer (transfer full) (nullable) */
gboolean wt_tls_is_secured (const WtTls *self);
const WtTlsInfo *wt_tls_info (const WtTls *self); /* (nullable) NULL before SECURED */
void wt_tls_free (WtTls *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtTls, wt_tls_free)
