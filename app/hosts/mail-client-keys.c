/* What a scenario may say of a mail client, and what a person can do at one. */
#include "app/hosts/mail-client-private.h"

#include <glib/gi18n.h>

const WtKey wt_mail_client_keys[] = {
  { "mailbox", WT_KEY_MAILBOX, FALSE, NULL, N_ ("The sender of its mails") },
  { "server", WT_KEY_NAME, FALSE, NULL, N_ ("The server that takes its mails") },
  { "port", WT_KEY_NUMBER, FALSE, "25", N_ ("The server's port") },
  { "hostname", WT_KEY_NAME, FALSE, NULL, N_ ("The name it gives with EHLO; else its address") },
  { "extensions", WT_KEY_EXTENSIONS, FALSE, "all", N_ ("SMTP extensions it uses when they are offered") },
  { "resolver", WT_KEY_HOST, FALSE, NULL, N_ ("The name server it asks for its server's address") },
  { "tls", WT_KEY_TLS, FALSE, "opportunistic",
    N_ ("TLS with its server: off, opportunistic, required, implicit (port 465)") },
  { "verify", WT_KEY_BOOLEAN, FALSE, "false",
    N_ ("Refuse a server whose certificate is not trusted or names another") },
  { "trusted", WT_KEY_STRING, FALSE, NULL, N_ ("PEM file of the authorities that it trusts; else those of the system") },
  { "user", WT_KEY_STRING, FALSE, NULL, N_ ("Who it is at its server; without it does not log in") },
  { "password", WT_KEY_STRING, FALSE, NULL, N_ ("Its password there") },
  { "mechanisms", WT_KEY_MECHANISMS, FALSE, "all",
    N_ ("AUTH mechanisms it uses, the strongest first; none: APOP, USER and LOGIN, and no AUTH") },
  { "plaintext-without-tls", WT_KEY_BOOLEAN, FALSE, "false", N_ ("Show the password without TLS too") },
  { "retry", WT_KEY_TIME, FALSE, "60s", N_ ("Wait before a mail is tried again; each next one is twice as long") },
  { "tries", WT_KEY_NUMBER, FALSE, "5", N_ ("How often it tries") },
  { "fetch-from", WT_KEY_ENDPOINT, FALSE, NULL,
    N_ ("The server it fetches its mail from, with a port if it is not the usual one; else the one it sends through") },
  { "fetch-protocol", WT_KEY_FETCH, FALSE, "pop3", N_ ("How it fetches: pop3 or imap") },
  { "fetch-tls", WT_KEY_TLS, FALSE, "opportunistic",
    N_ ("TLS when it fetches: off, opportunistic, required, implicit (ports 995 and 993)") },
  { "fetch-every", WT_KEY_TIME, FALSE, "0", N_ ("How often it looks for new mail; 0: only when told") },
  { "fetch-at-start", WT_KEY_BOOLEAN, FALSE, "false", N_ ("It fetches once as soon as it is there") },
  { "fetch-newest", WT_KEY_NUMBER, FALSE, "0", N_ ("It fetches at most so many, the newest ones; 0: all") },
  { "fetch-idle", WT_KEY_BOOLEAN, FALSE, "false",
    N_ ("IMAP: it stays connected and hears of new mail at once (IDLE)") },
  { "leave-on-server", WT_KEY_BOOLEAN, FALSE, NULL,
    N_ ("Fetched mail stays on the server, for other devices; if not said: by IMAP only") },
  { NULL },
};

static const WtKey send_mail_keys[] = {
  { "from", WT_KEY_MAILBOX, FALSE, NULL, N_ ("Sender; else the host's mailbox") },
  { "to", WT_KEY_MAILBOXES, TRUE, NULL, N_ ("Recipients") },
  { "subject", WT_KEY_TEXT, FALSE, "", N_ ("Subject") },
  { "text", WT_KEY_TEXT, FALSE, "", N_ ("What the mail says; \\n starts a new line") },
  { "html", WT_KEY_TEXT, FALSE, NULL, N_ ("The same as HTML; an image of inline is named as cid:FILE") },
  { "inline", WT_KEY_FILES, FALSE, NULL, N_ ("Images shown within the text: files in the scenario's folder") },
  { "attach", WT_KEY_FILES, FALSE, NULL, N_ ("Attachments: files in the scenario's folder") },
  { "size", WT_KEY_SIZE, FALSE, "0", N_ ("Fill the text up to this size") },
  { "server", WT_KEY_NAME, FALSE, NULL, N_ ("Another server than the host's") },
  { "notify", WT_KEY_NOTIFY, FALSE, NULL, N_ ("Which reports it wants: some of success;failure;delay, or never") },
  { "return", WT_KEY_RETURN, FALSE, NULL, N_ ("What a report of failure returns: full or headers") },
  { "envelope-id", WT_KEY_STRING, FALSE, NULL, N_ ("The sender's name for this mail, which reports repeat") },
  { "null-sender", WT_KEY_BOOLEAN, FALSE, "false", N_ ("Use the empty reverse-path, as delivery reports do") },
  { NULL },
};

static const WtKey fetch_mail_keys[] = {
  { "server", WT_KEY_NAME, FALSE, NULL, N_ ("The server to fetch from; else the host's") },
  { "protocol", WT_KEY_FETCH, FALSE, NULL,
    N_ ("pop3 or imap; else as the host says") },
  { "port", WT_KEY_NUMBER, FALSE, NULL, N_ ("Its port; else the usual one: 110 or 143, with implicit TLS 995 or 993") },
  { "tls", WT_KEY_TLS, FALSE, NULL, N_ ("off, opportunistic, required, implicit; else as the host says") },
  { "mechanisms", WT_KEY_MECHANISMS, FALSE, NULL,
    N_ ("AUTH mechanisms it uses, or none for APOP, USER and LOGIN; else as the host says") },
  { "plaintext-without-tls", WT_KEY_BOOLEAN, FALSE, NULL, N_ ("Show the password without TLS too; else as the host says") },
  { "user", WT_KEY_STRING, FALSE, NULL, N_ ("Who logs in; else the host's user, else its mailbox's name") },
  { "password", WT_KEY_STRING, FALSE, NULL, N_ ("The password; else the host's") },
  { "leave-on-server", WT_KEY_BOOLEAN, FALSE, NULL, N_ ("Fetched mail stays on the server; else as the host says") },
  { "idle", WT_KEY_BOOLEAN, FALSE, NULL,
    N_ ("IMAP: stay connected and hear of new mail at once, until disconnect; else as the host says") },
  { "mark", WT_KEY_FLAGS, FALSE, NULL, N_ ("IMAP: flags set on what was fetched: seen;answered;flagged;deleted") },
  { "apop", WT_KEY_BOOLEAN, FALSE, "true", N_ ("Log in without showing the password when the server offers APOP") },
  { NULL },
};

#define TALK_KEYS                                                                                                        \
  { "server", WT_KEY_NAME, FALSE, NULL, N_ ("The server that is talked to; else the one of before, else the host's") },     \
  { "protocol", WT_KEY_TALK, FALSE, NULL, N_ ("What it speaks: smtp, pop3 or imap; else what belongs to the port") },       \
  { "port", WT_KEY_NUMBER, FALSE, NULL, N_ ("Its port; at 465, 995 and 993 TLS comes first; else the protocol's") }

static const WtKey talk_keys[] = {
  { "line", WT_KEY_STRING, TRUE, NULL, N_ ("What is typed, without the line end") },
  TALK_KEYS,
  { NULL },
};

static const WtKey disconnect_keys[] = {
  TALK_KEYS,
  { NULL },
};

const WtActionClass wt_mail_client_actions[] = {
  { "send-mail", send_mail_keys, N_ ("Write a mail and hand it to the server") },
  { "fetch-mail", fetch_mail_keys, N_ ("Fetch new mail from the server, by POP3 or IMAP") },
  { "talk", talk_keys, N_ ("Type a line at a server, in SMTP, POP3 or IMAP; the first one opens the connection") },
  { "disconnect", disconnect_keys, N_ ("Close the connection that was opened by typing, or that waits for mail") },
  { NULL },
};
