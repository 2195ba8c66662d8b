/* The parts of a mail client: the host, finding its server (mail-client.c), keys (mail-client-keys.c), sending
 * (mail-client-send.c), typing (mail-client-talk.c), fetching (mail-client-fetch.c, with mail-client-fetch.h for its own parts). */
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

/* How to fetch: the host's settings, and over them those of an action. */
typedef struct {
  char *server, *user, *password; /* (nullable) */
  guint16 port;                   /* 0: the protocol's */
  WtProtocol protocol;
  WtTlsUse tls;
  gboolean tls_given;          /* else the port may say more */
  WtSaslMechanisms mechanisms; /* 0: none, the protocol's own commands only */
  gboolean plaintext_without_tls;
  gboolean leave, leave_given; /* mails stay on the server; not given: by IMAP they do */
  gboolean apop;               /* POP3 */
  gboolean idle;               /* IMAP: stay, and hear of news */
  guint newest;                /* at most so many, the newest; 0: all */
  guint32 mark;                /* IMAP: flags to be set on what has been fetched */
} WtFetchAccount;

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
  WtTlsCredentials *trusted; /* (nullable) of real servers */
  guint32 real_server;       /* address of account.server where that is no host of the scenario; 0: none */
  char *user, *password; /* (nullable) */
  WtSaslMechanisms mechanisms;
  gint64 retry; /* ns */
  guint tries;
  WtResolver *resolver; /* (nullable) */
  GQueue outbox;        /* of mails being sent or waiting for another try */
  GQueue talks;         /* of WtMailTalk: connections opened by typing, the one used last first */
  guint n_mails;
  WtFetchAccount account;  /* that it fetches from */
  gint64 fetch_every;     /* ns; 0: only when told */
  gboolean fetch_at_start;
  WtMailFetch *fetch;     /* (nullable) under way */
  guint64 fetch_timer;
  GHashTable *known; /* what a fetched mail is called on the server -> what is known of it: mail-client-inbox.c */
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
/* RFC 7435 3: without encryption rather than not at all, when the handshake of `link` has failed. Not for who wants to know
 * whom he talks to. */
gboolean wt_mail_client_may_go_in_clear (const WtMailClient *self, const WtClientLink *link, WtTlsUse tls);
/* Ends a link (nullable) in that way. */
void wt_mail_client_end_link (WtClientLink *link, WtMailClientEnd how);

gboolean wt_mail_client_send (WtMailClient *self, const WtHostConfig *action, GError **error);
/* After a crash: what was written and not sent is tried again, as from the outbox of a mail program. */
void wt_mail_client_resume_sending (WtMailClient *self);
void wt_mail_client_end_sending (WtMailClient *self, WtMailClientEnd how);

gboolean wt_mail_client_fetch (WtMailClient *self, const WtHostConfig *action, GError **error);
void wt_fetch_account_clear (WtFetchAccount *self);
/* The host's settings. */
void wt_mail_client_account_init (WtMailClient *self, const WtHostConfig *config);
void wt_mail_client_start_fetching (WtMailClient *self); /* every now and then, or for good, when it should */
gboolean wt_mail_client_stop_idling (WtMailClient *self); /* FALSE: it does not */
void wt_mail_client_end_fetching (WtMailClient *self, WtMailClientEnd how);

gboolean wt_mail_client_talk (WtMailClient *self, const WtHostConfig *action, GError **error);
gboolean wt_mail_client_disconnect (WtMailClient *self, const WtHostConfig *action, GError **error);
void wt_mail_client_end_talks (WtMailClient *self, WtMailClientEnd how);
