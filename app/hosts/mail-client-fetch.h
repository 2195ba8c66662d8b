/* Inside of a mail client's fetching: what the two protocols (mail-client-pop3.c, mail-client-imap.c) and what is around
 * them (mail-client-fetch.c: settings, connecting, trying again; mail-client-inbox.c: the client's own mailbox) share. */
#pragma once

#include "app/hosts/mail-client-private.h"

/* One session, or with `idle` one after the other. */
struct _WtMailFetch
{
  WtMailClient *client;
  WtFetchAccount account;
  WtMailSearch search;
  WtClientLink *link;   /* (nullable) */
  guint64 timer;        /* until the next session */
  guint n_got;          /* since it was told last */
  char *problem;        /* (nullable) */
  gboolean without_tls; /* its handshake has failed, and TLS was welcome only */

  /* POP3 */
  gconstpointer mails; /* (nullable) WtPop3Mail, of the engine */
  guint n_wanted;

  /* IMAP */
  guint32 uid_validity;
  GArray *uids;  /* (element-type guint32) what is there */
  guint request; /* for mails, under way; 0: none */
};

WtClientLink *wt_mail_fetch_pop3 (WtMailFetch *self, const WtClientLinkConfig *to);
WtClientLink *wt_mail_fetch_imap (WtMailFetch *self, const WtClientLinkConfig *to);
/* IMAP, while it idles: its account's `mark` and `leave` have changed. */
void wt_mail_fetch_imap_again (WtMailFetch *self);
void wt_mail_fetch_imap_end (WtMailFetch *self); /* LOGOUT */

/* For the two protocols. */
WtTlsMode wt_mail_fetch_tls (const WtMailFetch *self); /* within the session */
void wt_mail_fetch_fail (WtMailFetch *self, const char *problem);
void wt_mail_fetch_over (WtClientLink *link, gpointer user_data);
void wt_mail_fetch_tell (WtMailFetch *self); /* a note of what has come */
/* What a mail is known by that stays on the server. (transfer full) */
char *wt_mail_fetch_key (const WtMailFetch *self, const char *uid);

/* --- the client's own mailbox --- */

/* `key`: wt_mail_fetch_key(); NULL: the mail does not stay on the server, or has no unique-id. */
void wt_mail_client_keep (WtMailClient *client, const char *user, const char *key, GBytes *message);
gboolean wt_mail_client_has (const WtMailClient *client, const char *key);
void wt_mail_client_set_flags (WtMailClient *client, const char *key, guint32 flags); /* WT_IMAP_SEEN ... */
guint32 wt_mail_client_flags (const WtMailClient *client, const char *key);
void wt_mail_client_drop (WtMailClient *client, const char *key);    /* it is gone from the server, by somebody else */
void wt_mail_client_release (WtMailClient *client, const char *key); /* it is the client's alone */
/* Drops all whose keys begin so and are not in the set `present`. */
void wt_mail_client_sync (WtMailClient *client, const char *prefix, GHashTable *present);
