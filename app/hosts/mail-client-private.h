/* The parts of a mail client: sending (mail-client-send.c), fetching (mail-client-fetch.c), typing (mail-client-talk.c),
 * finding its server (mail-client.c). */
#pragma once

#include "app/hosts/directory.h"
#include "app/hosts/mail-client.h"
#include "app/hosts/mail-ports.h"
#include "app/hosts/mail-verdict.h"
#include "app/hosts/resolver.h"
#include "app/hosts/smtp-link.h"

extern const WtKey wt_mail_client_keys[];
extern const WtActionClass wt_mail_client_actions[];

#define WT_MAIL_CLIENT_CONNECT_TIMEOUT (30 * WT_NSEC_PER_SEC)

typedef struct _WtMailTalk WtMailTalk;
typedef struct _WtMailFetch WtMailFetch;

typedef struct {
  WtHost host;
  char *name;          /* of the node */
  char *mailbox;       /* (nullable) */
  char *server;        /* (nullable) */
  guint16 port;
  char *hostname;      /* for EHLO */
  char *resolver_name; /* (nullable) */
  WtSmtpExtensions extensions;
  WtTlsUse tls;
  gboolean verify, plaintext_without_tls;
  char *user, *password; /* (nullable) */
  WtSaslMechanisms mechanisms;
  gint64 retry; /* ns */
  guint tries;
  WtResolver *resolver; /* (nullable) */
  GQueue outbox;        /* of WtMailOut: mails being sent or waiting for another try */
  GQueue talks;         /* of WtMailTalk: connections opened by typing, the one used last first */
  guint n_mails;
  char *fetch_from; /* (nullable) server */
  gint64 fetch_every; /* ns; 0: only when told */
  gboolean leave_on_server;
  gboolean fetch_imap;
  WtMailFetch *fetch; /* (nullable) under way */
  guint64 fetch_timer;
  GHashTable *seen; /* set of "server/user/unique-id": fetched and left there */
  guint32 inbox;    /* entity; 0: nothing was fetched yet */
  guint n_fetched;
} WtMailClient;

/* A server's address being looked up: part of whoever wants it. */
typedef struct {
  void (*found) (guint32 ip, const char *problem, gpointer user_data); /* ip 0: not found, `problem` says why */
  gpointer user_data;
} WtMailSearch;
/* In the DNS when the client has a resolver, else among the scenario's hosts. May call back before it returns. */
void wt_mail_client_find (WtMailClient *self, const char *server, WtMailSearch *search);
void wt_mail_client_forget (WtMailClient *self, WtMailSearch *search); /* no callback will come */
typedef enum { WT_MAIL_CLIENT_STOP, WT_MAIL_CLIENT_CRASH, WT_MAIL_CLIENT_FREE } WtMailClientEnd;
WtSmtpClientConfig wt_mail_client_engine (WtMailClient *self);
WtClientLinkConfig wt_mail_client_link (const WtMailClient *self, WtAddress to, const char *server);
/* Ends a link (nullable) in that way. */
void wt_mail_client_end_link (WtClientLink *link, WtMailClientEnd how);

gboolean wt_mail_client_send (WtMailClient *self, const WtHostConfig *action, GError **error);
/* After a crash: what was written and not sent is tried again, as from the outbox of a mail program. */
void wt_mail_client_resume_sending (WtMailClient *self);
void wt_mail_client_end_sending (WtMailClient *self, WtMailClientEnd how);

gboolean wt_mail_client_fetch (WtMailClient *self, const WtHostConfig *action, GError **error);
void wt_mail_client_start_fetching (WtMailClient *self); /* every now and then, when it should */
void wt_mail_client_end_fetching (WtMailClient *self, WtMailClientEnd how);

gboolean wt_mail_client_talk (WtMailClient *self, const WtHostConfig *action, GError **error);
gboolean wt_mail_client_disconnect (WtMailClient *self, const WtHostConfig *action, GError **error);
void wt_mail_client_end_talks (WtMailClient *self, WtMailClientEnd how);
