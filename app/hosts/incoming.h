/* One incoming session of a mail server, whatever its protocol: the engine at its connection.
 *
 * Here is what every protocol needs: deadlines, TLS, back-pressure, the end. mail-session.c, pop3-session.c and
 * imap-session.c begin their struct with a WtIncoming and bring a WtIncomingClass: the engine's functions, and what is
 * done with the engine's events. */
#pragma once

#include "app/hosts/mail-server-private.h"

typedef struct _WtIncoming WtIncoming;

struct _WtIncomingClass
{
  WtProtocol protocol;
  gsize size;       /* bytes of the protocol's struct */
  const char *sasl_service; /* (nullable) "pop": what GSSAPI calls it, for wt_incoming_sasl_step() */
  gsize unsent_max; /* bytes that the client does not read, before its commands wait too */

  /* Of the session. `port`: the well-known one. */
  gpointer (*begin) (WtIncoming *self, guint16 port); /* (transfer full): the engine, not greeted yet */
  void (*greet) (WtIncoming *self, gboolean too_many); /* ends in wt_incoming_greeted(), at once or later */
  gboolean (*handle_next) (WtIncoming *self);          /* one event of the engine's; FALSE: there is none */
  void (*end) (WtIncoming *self);                      /* timers of its own are cancelled */
  void (*free) (WtIncoming *self);                     /* memory only, but for the engine and the struct */

  /* Of the engine. */
  void (*feed) (gpointer engine, const guint8 *bytes, gsize n_bytes);
  gboolean (*wants_input) (gconstpointer engine);
  GBytes *(*take) (gpointer engine);
  gboolean (*go_on) (gpointer engine); /* (nullable) with what waited for take(); FALSE: nothing did */
  void (*secured) (gpointer engine);   /* TLS has begun, after the greeting */
  guint (*deadline) (gconstpointer engine);
  void (*timed_out) (gpointer engine);
  void (*shutdown) (gpointer engine);
  void (*engine_free) (gpointer engine);
};

/* The engine's functions in a class, named by the engine: WT_INCOMING_ENGINE (wt_pop3_server, wt_pop3_server_tls_started).
 * They take their own struct where the class has a gpointer. */
#define WT_INCOMING_ENGINE(prefix, secured_func)                                                                       \
  .feed = (void (*) (gpointer, const guint8 *, gsize)) prefix##_feed,                                                  \
  .wants_input = (gboolean (*) (gconstpointer)) prefix##_wants_input, .take = (GBytes * (*) (gpointer)) prefix##_take, \
  .secured = (void (*) (gpointer)) secured_func, .deadline = (guint (*) (gconstpointer)) prefix##_deadline,            \
  .timed_out = (void (*) (gpointer)) prefix##_timed_out, .shutdown = (void (*) (gpointer)) prefix##_shutdown,          \
  .engine_free = (void (*) (gpointer)) prefix##_free

struct _WtIncoming
{
  const WtIncomingClass *incoming_class;
  WtMailServer *server;
  GList link;   /* in server->incoming */
  WtConn *conn; /* (nullable): NULL once it has ended */
  gpointer engine;
  guint question;   /* of the engine's, that the store is busy with; 0: none */
  gint64 waits_from; /* ns: since then we wait for the client */
  guint64 timer, drain_timer;
  gboolean tls;     /* from the start, before the greeting */
  gboolean greeted; /* the engine has begun */
  gboolean handling, corked, closing, closed, stopping, start_tls, hang_up;
};

/* Of an accepted connection; the ops are for it. (transfer full): the session ends with the connection. */
WtIncoming *wt_incoming_new (const WtIncomingClass *incoming_class, WtMailServer *server, WtConn *conn, gboolean tls);
extern const WtConnOps wt_incoming_ops;

/* What has happened goes to the engine, and what that says to the client. */
void wt_incoming_pump (WtIncoming *self);
/* The engine has its greeting: begin. */
void wt_incoming_greeted (WtIncoming *self);
/* An answer to the open question is about to be given: its number. The client is waited for from now on. */
guint wt_incoming_answering (WtIncoming *self);
/* Nothing is expected of the client meanwhile. */
void wt_incoming_busy_for (WtIncoming *self, gint64 ns);
/* FIN without a word; from within pump() or followed by it. */
void wt_incoming_hang_up (WtIncoming *self);

/* For the record: a whole message came, or will go with the next pump(). */
void wt_incoming_record (WtIncoming *self, gboolean sent, guint8 context, guint8 flags, guint32 exchange, GBytes *bytes);

/* --- logging in (mail-login.c) --- */
/* One step of AUTH or AUTHENTICATE: the first says its mechanism. `input` (nullable): what the client sent; `output`
 * (transfer full) (nullable): what to send to it, also along with success. */
WtSaslResult wt_incoming_sasl_step (WtIncoming *self, WtSasl **sasl, const char *mechanism, GBytes *input,
                                    GBytes **output);
/* The user's folders, for this session. (transfer full) */
WtMailAccount *wt_incoming_open_account (WtIncoming *self, const WtMailUser *user);

void wt_incoming_shut_down (WtIncoming *self); /* the protocol's good-bye, after what the store is busy with */
void wt_incoming_crash (WtIncoming *self);     /* without a word */
void wt_incoming_free (WtIncoming *self);      /* memory only */
