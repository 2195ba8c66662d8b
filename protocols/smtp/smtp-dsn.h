/* What the parameters of MAIL and RCPT say about delivery reports (RFC 3461 4): read by the server, written by the
 * client. */
#pragma once

#include "protocols/smtp/smtp-params.h"

/* RET=, ENVID= of MAIL, into WtSmtpMailParams; NOTIFY=, ORCPT= of RCPT, into WtSmtpPath. FALSE: the value is wrong. */
gboolean wt_smtp_dsn_take_ret (const WtSmtpParam *param, gpointer into);
gboolean wt_smtp_dsn_take_envid (const WtSmtpParam *param, gpointer into);
gboolean wt_smtp_dsn_take_notify (const WtSmtpParam *param, gpointer into);
gboolean wt_smtp_dsn_take_orcpt (const WtSmtpParam *param, gpointer into);

/* The parameters, each with a space before it; nothing for what was not asked for. (transfer full) */
char *wt_smtp_dsn_mail_params (const WtSmtpMailParams *params);
char *wt_smtp_dsn_rcpt_params (const WtSmtpPath *recipient);

/* "success,delay", any case, or "never"; 0: none of it. */
WtSmtpNotify wt_smtp_dsn_notify_parse (const char *text, gsize n_bytes);
char *wt_smtp_dsn_notify_to_string (WtSmtpNotify notify); /* "SUCCESS,DELAY" (transfer full) */
/* xtext (RFC 3461 4): out of it (NULL: wrong) and into it. (transfer full) */
char *wt_smtp_xtext_decode (const char *text, gsize n_bytes);
char *wt_smtp_xtext_encode (const char *text);
