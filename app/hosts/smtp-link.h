/* One outgoing SMTP session: a connection (WtConn) and the client engine (WtSmtpClient) at its end, with its deadlines and
 * what is recorded of it. A mail server's relaying, a mail client's sending and a person's typing all go through it. */
#pragma once

#include "app/world/world.h"
#include "protocols/smtp/smtp-client.h"

typedef struct _WtSmtpLink WtSmtpLink;

typedef struct {
  /* The engine's events but SENT and CLOSE. A connection that cannot be made or is lost is a FAILED with code 0; there
   * is at most one FAILED. */
  void (*event) (WtSmtpLink *link, const WtSmtpClientEvent *event, gpointer user_data);
  /* The connection has ended; the link is freed when this returns. */
  void (*over) (WtSmtpLink *link, gpointer user_data);
} WtSmtpLinkOps;

#define WT_SMTP_LINK_CLOSE_TIMEOUT (30 * WT_NSEC_PER_SEC) /* how long the server may leave our FIN without its own */

/* Connects. `manual`: a person types. Nothing is called back before this returns. */
WtSmtpLink *wt_smtp_link_new (WtWorld *world, WtNode node, WtAddress to, const WtSmtpClientConfig *config, gboolean manual,
                              gint64 connect_timeout, const WtSmtpLinkOps *ops, gpointer user_data);
/* Whom the client takes the server for under TLS: SNI and, with `verify`, the certificate. Copied. Before it connects. */
void wt_smtp_link_set_tls_name (WtSmtpLink *self, const char *name, gboolean verify);
gboolean wt_smtp_link_tls_failed (const WtSmtpLink *self); /* that is why it is over */
WtSmtpExtensions wt_smtp_link_offered (const WtSmtpLink *self);
gboolean wt_smtp_link_submit (WtSmtpLink *self, const WtSmtpTransaction *transaction, GError **error);
void wt_smtp_link_type (WtSmtpLink *self, const char *line);
void wt_smtp_link_quit (WtSmtpLink *self);
gboolean wt_smtp_link_is_connected (const WtSmtpLink *self);
WtSmtpState wt_smtp_link_state (const WtSmtpLink *self);
WtConn *wt_smtp_link_conn (const WtSmtpLink *self); /* (nullable): NULL once it has ended */
/* FIN, when it is connected; over() comes when the server has closed too. */
void wt_smtp_link_close (WtSmtpLink *self);
/* RST, and frees without callbacks. Not from within a callback. */
void wt_smtp_link_abort (WtSmtpLink *self);
/* Frees a link whose connection went with its node. */
void wt_smtp_link_crash (WtSmtpLink *self);
void wt_smtp_link_free (WtSmtpLink *self); /* memory only */
