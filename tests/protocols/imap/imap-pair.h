/* The IMAP client and our server, joined in a test; what the client is told becomes text, a line each. TLS is only
 * pretended. */
#pragma once

#include "imap-owner.h"
#include "protocols/imap/imap-client.h"

typedef struct
{
  ImapOwner *owner;
  ImapSession *session;
  WtImapClient *client;
  GString *fate; /* what the client sent, without its secrets, and was told */
  gboolean client_tls, server_tls;
  void (*listed) (WtImapClient *client); /* (nullable) called at the first LISTED */
} ImapPair;

ImapPair imap_pair_new (const WtImapClientConfig *config, const WtImapServerConfig *server);
/* The greeting, and all that comes of it, `piece` bytes at a time. */
void imap_pair_begin (ImapPair *self, gsize piece);
/* What both have to say, until neither has. */
void imap_pair_talk (ImapPair *self, gsize piece);
void imap_pair_clear (ImapPair *self);

/* alice, who logs in by LOGIN without TLS. */
WtImapClientConfig imap_pair_client (void);
/* Offers STARTTLS; `mechanisms` (nullable). */
WtImapServerConfig imap_pair_server (WtImapExtensions extensions, const char *mechanisms);
