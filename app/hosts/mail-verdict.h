/* What was said of a mail or of one recipient: code, enhanced code (RFC 3463), text. By a server in a reply, or by us. */
#pragma once

#include "protocols/smtp/smtp-types.h"

typedef struct {
  guint code;        /* 0: nothing was said yet */
  char enhanced[12]; /* "5.1.1"; "" when there is none */
  char *text;        /* (nullable) */
} WtMailVerdict;

void wt_mail_verdict_set (WtMailVerdict *self, guint code, const char *enhanced, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
/* From a reply's code and text; an enhanced code at its start is taken off. */
void wt_mail_verdict_from_reply (WtMailVerdict *self, guint code, const char *text);
/* What a server says when its store failed: 452 when the disk is full, else 451. */
void wt_mail_verdict_set_store_error (WtMailVerdict *self, const GError *error);
void wt_mail_verdict_copy (WtMailVerdict *self, const WtMailVerdict *other);
/* Borrows from the verdict. */
WtSmtpReply wt_mail_verdict_reply (const WtMailVerdict *self);
/* "550 5.1.1 No such user", on one line. (transfer full) */
char *wt_mail_verdict_to_string (const WtMailVerdict *self);
void wt_mail_verdict_clear (WtMailVerdict *self);
