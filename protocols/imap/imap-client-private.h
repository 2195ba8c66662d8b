/* Inside of the client session: what imap-client.c (session) and imap-client-steps.c (what a response means) share. */
#pragma once

#include "protocols/base/byte-queue.h"
#include "protocols/imap/imap-client.h"

typedef enum
{
  WT_IMAP_STEP_GREETING,
  WT_IMAP_STEP_LOGIN,
  WT_IMAP_STEP_SELECT,
  WT_IMAP_STEP_LIST,
  WT_IMAP_STEP_FETCH,
  WT_IMAP_STEP_LOGOUT,
  WT_IMAP_STEP_CHOICE, /* nothing is asked: the owner chooses */
} WtImapStep;

typedef struct
{
  WtImapStep step;
  char *line;
} WtImapPending;

typedef struct
{
  WtImapClientEvent event;
  GBytes *bytes;
  char *text;
} WtImapClientQueuedEvent;

struct _WtImapClient
{
  char *user, *password;
  gboolean report_wire, closed;
  WtImapState state;
  WtImapStep step;

  GByteArray *input; /* from the response at hand on */
  gsize line;        /* where its present line begins; may lie beyond what has come */
  gsize searched;    /* up to here there is no line end */

  GQueue pending; /* of WtImapPending */
  guint32 exchange;
  WtByteQueue output;
  GQueue events;                    /* of WtImapClientQueuedEvent */
  WtImapClientQueuedEvent *current; /* (nullable) */

  gboolean login_disabled;
  guint32 uid_validity;
  GArray *mails; /* (element-type WtImapClientMail) */
};

/* --- session --- */
void wt_imap_client_push (WtImapClient *self, const WtImapClientEvent *event, GBytes *bytes, const char *text);
void wt_imap_client_command (WtImapClient *self, WtImapStep step, const char *format, ...) G_GNUC_PRINTF (3, 4);
void wt_imap_client_move (WtImapClient *self, const char *input);
void wt_imap_client_fail (WtImapClient *self, const char *text);
void wt_imap_client_close_now (WtImapClient *self);

/* --- steps --- */
gboolean wt_imap_client_is_final (const WtImapClient *self, const guint8 *bytes, gsize n_bytes);
void wt_imap_client_response (WtImapClient *self, const guint8 *bytes, gsize n_bytes);
