/* SASL (RFC 4422): GNU SASL behind one type for both sides. Bytes in, bytes out; base64, "334 ", "+ " and the command
 * that carries it all are the protocols' own (SMTP: RFC 4954, POP3: RFC 5034, IMAP: RFC 9051 6.2.2).
 *
 * Server: make a session for the mechanism that the client asked for, give step() the client's initial response, or
 * nothing when there was none, and then each response; send the output of CONTINUE as a challenge (it may be empty).
 * With DONE the user is who wt_sasl_user() says; output that comes with DONE is one more challenge, whose answer is
 * empty and is not fed (SCRAM's "v=...", RFC 5802 3), unless the protocol can send it with its success.
 *
 * Client: when wt_sasl_client_speaks_first(), step() with nothing gives the initial response; otherwise feed the first
 * challenge. Answer each challenge with the output. DONE: nothing more to say but the output. */
#pragma once

#include <glib.h>

typedef struct _WtSasl WtSasl;

typedef enum {
  WT_SASL_PLAIN = 1 << 0,         /* RFC 4616 */
  WT_SASL_LOGIN = 1 << 1,         /* no RFC; draft-murchison-sasl-login */
  WT_SASL_CRAM_MD5 = 1 << 2,      /* RFC 2195 */
  WT_SASL_SCRAM_SHA_1 = 1 << 3,   /* RFC 5802 */
  WT_SASL_SCRAM_SHA_256 = 1 << 4, /* RFC 7677 */
} WtSaslMechanisms;
#define WT_SASL_ALL 0x1f
#define WT_SASL_PLAINTEXT (WT_SASL_PLAIN | WT_SASL_LOGIN) /* the password travels: only inside TLS, RFC 4954 4 */

#define WT_SASL_RESPONSE_MAX 12288 /* bytes of one response or challenge in base64, RFC 4954 4 */

typedef enum {
  WT_SASL_CONTINUE,
  WT_SASL_DONE,
  WT_SASL_FAILED, /* wrong user or password, or not this mechanism's syntax: wt_sasl_malformed() */
} WtSaslResult;

/* The mechanism called so, in any case; 0: none of ours. */
WtSaslMechanisms wt_sasl_mechanism (const char *name, gsize n_bytes);
const char *wt_sasl_mechanism_name (WtSaslMechanisms mechanism); /* "SCRAM-SHA-256" */
/* Names with spaces between, strongest first: for EHLO, CAPA. (transfer full) */
char *wt_sasl_mechanism_names (WtSaslMechanisms mechanisms);
/* What of a list with spaces between is known here. */
WtSaslMechanisms wt_sasl_mechanisms_read (const char *names);
/* The strongest of `mechanisms`; 0 when there is none. */
WtSaslMechanisms wt_sasl_best (WtSaslMechanisms mechanisms);
/* What may be used: without TLS no plaintext mechanism, unless `allow_plaintext`. */
WtSaslMechanisms wt_sasl_permitted (WtSaslMechanisms mechanisms, gboolean secured, gboolean allow_plaintext);

/* The password of a user; NULL: no such user. (transfer full) */
typedef char *(*WtSaslPasswordFunc) (const char *user, gpointer user_data);

/* `service` is "smtp", "pop" or "imap" (RFC 4422 4; GSSAPI's names). */
WtSasl *wt_sasl_server_new (WtSaslMechanisms mechanism, const char *service, const char *hostname,
                            WtSaslPasswordFunc password, gpointer user_data);
WtSasl *wt_sasl_client_new (WtSaslMechanisms mechanism, const char *service, const char *hostname, const char *user,
                            const char *password);
gboolean wt_sasl_client_speaks_first (WtSaslMechanisms mechanism);
/* `bytes` decoded; NULL: there is none (not the same as an empty one). `*output` (transfer full) (nullable). */
WtSaslResult wt_sasl_step (WtSasl *self, const guint8 *bytes, gsize n_bytes, GBytes **output);
const char *wt_sasl_user (const WtSasl *self);   /* (nullable) */
gboolean wt_sasl_malformed (const WtSasl *self); /* FAILED because the peer's message was none of the mechanism's */
void wt_sasl_free (WtSasl *self);                /* wipes the password */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtSasl, wt_sasl_free)

/* Base64 as SASL exchanges have it (RFC 4954 4): strict, "=" stands for an empty initial response when `initial`.
 * (transfer full) NULL: not base64. */
GBytes *wt_sasl_decode (const guint8 *text, gsize n_text, gboolean initial);
