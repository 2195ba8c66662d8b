/* An owner for IMAP server sessions in tests: one user, a few folders in memory, every question answered at once or when
 * asked to. What one session does, the others of the same owner hear. */
#pragma once

#include "protocols/imap/imap-server.h"

typedef struct _ImapOwner ImapOwner;
typedef struct _ImapSession ImapSession;

/* alice with password secret; INBOX with three mails (UIDs 1, 2, 4; the third is multipart), Sent, work/plans (subscribed). */
ImapOwner *imap_owner_new (void);
void imap_owner_free (ImapOwner *self);
/* As if a mail arrived in INBOX. */
void imap_owner_deliver (ImapOwner *self, const char *message);

guint imap_owner_n_read (const ImapOwner *self); /* mails that sessions have asked for */

ImapSession *imap_session_new (ImapOwner *owner, const WtImapServerConfig *config);
const char *imap_session_greeting (const ImapSession *self);
WtImapServer *imap_session_engine (ImapSession *self);
/* Feeds, answers what is asked, and appends what is said to `said` (nullable). */
void imap_session_feed (ImapSession *self, const char *bytes, gsize n_bytes, GString *said);
gboolean imap_session_starts_tls (ImapSession *self); /* it has, since this was asked last */
gboolean imap_session_is_closed (const ImapSession *self);
/* Questions stay open from here on. */
void imap_session_hold (ImapSession *self, gboolean hold);
void imap_session_free (ImapSession *self);
