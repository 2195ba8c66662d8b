/* What tls.c and tls-credentials.c share. */
#pragma once

#include "protocols/tls/tls.h"

#include <gnutls/gnutls.h>

struct _WtTlsCredentials {
  gatomicrefcount ref_count;
  gnutls_certificate_credentials_t certificates;
};

/* tls-verify.c: what is wrong with the peer's certificate, in words that help; `alert` says it to the peer (RFC 8446 6.2).
 * `name`: whom the peer should be. NULL: nothing. (transfer full) */
char *wt_tls_verify (gnutls_session_t session, const char *name, gint64 now, gnutls_alert_description_t *alert);
/* Of tls.c: GnuTLS calls it in the handshake, for it is set in a client's credentials. */
int wt_tls_on_certificate (gnutls_session_t session);
