/* A mail server's settings, read once from its keys. */
#pragma once

#include "app/hosts/host.h"
#include "protocols/sasl/sasl.h"
#include "protocols/smtp/smtp-types.h"

extern const WtKey wt_mail_server_keys[];

typedef struct {
  char *name;    /* as written; compared without case */
  char *password;
  guint64 quota; /* bytes; 0: no limit */
} WtMailUser;

/* A fixed next hop. */
typedef struct {
  char *host; /* name or IPv4 address */
  guint16 port;
} WtMailEndpoint;

typedef struct {
  char *hostname;           /* what it calls itself; an address stands in brackets */
  char *banner;             /* (nullable) software in the greeting */
  GPtrArray *users;         /* (element-type WtMailUser) in the order of the scenario */
  GHashTable *users_by_name; /* lower case -> WtMailUser */
  GHashTable *aliases;      /* lower case -> strv of targets: "name" or "local@domain" */
  GHashTable *domains;      /* set: whose mailboxes are here, hostname included */
  char *first_domain;       /* (nullable) */
  GHashTable *relay_domains; /* set */
  GHashTable *routes;       /* domain -> WtMailEndpoint */
  WtMailEndpoint *relay;    /* (nullable) smarthost */
  WtMailEndpoint *lmtp_to;  /* (nullable) where the mailboxes of `domains` are */
  gboolean has_networks;
  char **networks;
  WtSmtpPath *postmaster;   /* (nullable) */
  char *resolver;           /* (nullable) host name */
  WtSmtpExtensions extensions;
  guint64 size_limit;
  guint recipients_max, max_sessions, concurrency, max_hops;
  gint64 greylist, retry, retry_max, expire, delay_report, connect_timeout; /* ns */
  gboolean accept_bare_lf;
  gboolean lmtp, pop3, pop3s, apop, imap, imaps;

  /* TLS and AUTH */
  gboolean has_starttls, starttls, has_auth, auth; /* on port 25; not has_: in live mode */
  gboolean submission, submissions, require_tls, plaintext_without_tls;
  WtSaslMechanisms mechanisms;
  char *mechanism_names; /* the same, as IMAP's CAPABILITY has them */
  WtTlsUse relay_tls;
  char *relay_user, *relay_password; /* (nullable) */
} WtMailSettings;

/* What a server with these keys calls itself. (transfer full) */
char *wt_mail_settings_hostname (const WtHostConfig *config, const char *node_name);
WtMailSettings *wt_mail_settings_new (const WtHostConfig *config, const char *node_name);
/* Domains are compared as A-labels in lower case (RFC 5890 2.3.2.1). (transfer full) */
char *wt_mail_domain_normal (const char *domain);
gboolean wt_mail_settings_is_local (const WtMailSettings *self, const char *domain);
const WtMailUser *wt_mail_settings_user (const WtMailSettings *self, const char *name); /* (nullable) */
const char *const *wt_mail_settings_alias (const WtMailSettings *self, const char *name); /* (nullable) */
gboolean wt_mail_settings_in_networks (const WtMailSettings *self, guint32 ip);
void wt_mail_settings_free (WtMailSettings *self);
