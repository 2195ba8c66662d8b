/* Mails on disk that stay in memory after they were read, because mail programs come back for them: first the header, then
 * a part, then its next piece. Bounded: the one that nobody has read for longest goes first. */
#pragma once

#include <glib.h>

#define WT_KEPT_MAILS_MAX (32 * 1024 * 1024) /* bytes */

typedef struct
{
  GQueue used; /* of WtKeptMail, the last read first */
  gsize n_bytes;
} WtKeptMails;

typedef struct
{
  GBytes *content;     /* (nullable) CRLF lines */
  WtKeptMails *keeper; /* (nullable) NULL: the content is not kept, or for good */
  GList link;
} WtKeptMail;

/* Keeps what was read, unless it is too large, or there already. */
void wt_kept_mails_add (WtKeptMails *self, WtKeptMail *mail, GBytes *content);
/* It is read once more. (transfer full) (nullable) */
GBytes *wt_kept_mail_read (WtKeptMail *mail);
void wt_kept_mail_clear (WtKeptMail *mail);
void wt_kept_mails_clear (WtKeptMails *self);
