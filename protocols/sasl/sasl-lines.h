/* A client's side of a SASL exchange as the lines of SMTP (RFC 4954), POP3 (RFC 5034) and IMAP (RFC 9051 6.2.2) have it:
 * base64 in, base64 out. The command, "334 " and "+ " are the protocols' own. */
#pragma once

#include "protocols/sasl/sasl.h"

typedef struct _WtSaslLines WtSaslLines;

/* `service` as for wt_sasl_client_new(). */
WtSaslLines *wt_sasl_lines_new (WtSaslMechanisms mechanism, const char *service, const char *user, const char *password);
/* The initial response, "=" for an empty one; NULL: the server speaks first in this mechanism. May be left out: then it
 * answers an empty challenge. (transfer full) (nullable) */
char *wt_sasl_lines_initial (WtSaslLines *self);
/* What answers a challenge; NULL: there is nothing to say to that, cancel the exchange with "*". (transfer full) (nullable) */
char *wt_sasl_lines_answer (WtSaslLines *self, const char *challenge, gsize n_bytes);
/* The server may say now that it has succeeded. Before, it leaves out what proves that it knows the password too (SCRAM,
 * RFC 5802 3): it is not who it should be. */
gboolean wt_sasl_lines_complete (const WtSaslLines *self);
WtSaslMechanisms wt_sasl_lines_mechanism (const WtSaslLines *self);
void wt_sasl_lines_free (WtSaslLines *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtSaslLines, wt_sasl_lines_free)
