/* Inside of an incoming IMAP session: the engine at its connection (imap-session.c), the user's mail behind it
 * (imap-folders.c, imap-mailbox.c). */
#pragma once

#include "app/hosts/incoming.h"
#include "protocols/imap/imap-server.h"

typedef struct
{
  WtIncoming base;
  WtImapServer *imap; /* base.engine */

  WtSasl *sasl;           /* (nullable) during AUTHENTICATE */
  WtMailAccount *account; /* (nullable) once logged in */
  char *user;             /* (nullable) */
  WtMailbox *box;         /* (nullable) the selected one */
  gboolean read_only;
  guint reads_left; /* mails of a READ that the engine has not got */
  GArray *reading; /* (nullable) (element-type guint32) UIDs asked of the store and not given to the engine */
  GQueue read;     /* of GBytes, NULL for one that is gone: what has come of them, in their order */
  guint reads_unwanted; /* that will still come, of an earlier question */
} WtImapSession;

/* Answers the question that is open, and goes on. */
void wt_imap_session_answer (WtImapSession *self, const WtImapAnswer *answer);
/* NULL error: yes. */
void wt_imap_session_answer_error (WtImapSession *self, const GError *error);
void wt_imap_session_refuse (WtImapSession *self, const char *code, const char *text);

/* Questions about the account's folders, and about the selected mailbox. */
void wt_imap_session_ask_folders (WtImapSession *self, const WtImapServerEvent *event);
void wt_imap_session_ask_mailbox (WtImapSession *self, const WtImapServerEvent *event);
void wt_imap_session_deselect (WtImapSession *self);
void wt_imap_session_forget_read (WtImapSession *self); /* memory only */
