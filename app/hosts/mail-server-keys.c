/* What a scenario may say of a mail server. */
#include "app/hosts/mail-settings.h"

#include <glib/gi18n.h>

const WtKey wt_mail_server_keys[] = {
  { "hostname", WT_KEY_NAME, FALSE, NULL, N_ ("The name it greets with; else the host's name, with its first domain") },
  { "domains", WT_KEY_DOMAINS, FALSE, NULL, N_ ("Domains whose mailboxes are here") },
  { "users", WT_KEY_USERS, FALSE, NULL, N_ ("Mailboxes: name:password or name:password:quota") },
  { "aliases", WT_KEY_ALIASES, FALSE, NULL, N_ ("Other names: alias>name,other@example.org") },
  { "quota", WT_KEY_SIZE, FALSE, "0", N_ ("How much a mailbox holds; 0: no limit") },
  { "postmaster", WT_KEY_MAILBOX, FALSE, NULL, N_ ("Who reads the postmaster's mail and what cannot be returned") },
  { "banner", WT_KEY_STRING, FALSE, "Wiretalk", N_ ("Software named in the greeting") },
  { "extensions", WT_KEY_EXTENSIONS, FALSE, "all", N_ ("SMTP extensions it offers and uses") },
  { "size-limit", WT_KEY_SIZE, FALSE, "10MiB", N_ ("Largest mail it takes") },
  { "recipients-max", WT_KEY_NUMBER, FALSE, "1000", N_ ("Recipients of one mail (at least 100, RFC 5321 4.5.3.1.8)") },
  { "max-sessions", WT_KEY_NUMBER, FALSE, "4000", N_ ("Sessions at a time; more are sent away with 421") },
  { "greylist", WT_KEY_TIME, FALSE, "0", N_ ("Unknown senders must come again after this time; 0: at once") },
  { "resolver", WT_KEY_HOST, FALSE, NULL, N_ ("The name server it asks; else the scenario's first") },
  { "relay", WT_KEY_ENDPOINT, FALSE, NULL, N_ ("A smarthost that takes all mail for other domains") },
  { "relay-networks", WT_KEY_NETWORKS, FALSE, NULL, N_ ("Who may send to other domains through it; else its own clients") },
  { "relay-domains", WT_KEY_DOMAINS, FALSE, NULL, N_ ("Domains that it takes mail for and passes on") },
  { "routes", WT_KEY_ROUTES, FALSE, NULL, N_ ("Fixed next hops: domain>host") },
  { "retry", WT_KEY_TIME, FALSE, "60s", N_ ("First wait before a mail is tried again; each next one is twice as long") },
  { "retry-max", WT_KEY_TIME, FALSE, "1h", N_ ("Longest wait between two tries") },
  { "expire", WT_KEY_TIME, FALSE, "5d", N_ ("After this time an undelivered mail goes back to its sender") },
  { "connect-timeout", WT_KEY_TIME, FALSE, "30s", N_ ("How long it waits for a connection before it tries the next server") },
  { "concurrency", WT_KEY_NUMBER, FALSE, "4", N_ ("Connections to one destination at a time") },
  { "max-hops", WT_KEY_NUMBER, FALSE, "100", N_ ("A mail with more Received lines goes in circles (RFC 5321 6.3)") },
  { "accept-bare-lf", WT_KEY_BOOLEAN, FALSE, "false", N_ ("Take mails with line feeds that no carriage return precedes") },
  { "pop3", WT_KEY_BOOLEAN, FALSE, "true", N_ ("Serves its mailboxes by POP3, port 110") },
  { "apop", WT_KEY_BOOLEAN, FALSE, "true", N_ ("POP3: offers APOP, a login that does not show the password") },
  { NULL },
};
