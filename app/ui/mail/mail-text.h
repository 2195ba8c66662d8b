/* A mail as people read it: what a list shows of it, and its text. Everything comes from protocols/mime. */
#pragma once

#include "app/trace/event.h"
#include "protocols/mime/mime-parser.h"

#define WT_MAIL_SUMMARY_BYTES (32 * 1024) /* a list looks for the header in so much of a mail */
#define WT_MAIL_TEXT_MAX (1024 * 1024)    /* bytes of text that are shown */

typedef struct {
  char *from;     /* name, else address; "" when there is none */
  char *subject;  /* "" when there is none */
  GDateTime *date; /* (nullable) */
  gsize size;     /* bytes */
} WtMailSummary;
WtMailSummary *wt_mail_summary_new (GBytes *mail);
void wt_mail_summary_free (WtMailSummary *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtMailSummary, wt_mail_summary_free)

/* A header field as a line: addresses with their names, a date in the user's own form, all else decoded.
 * (transfer full) (nullable): NULL when the mail has none. */
char *wt_mail_header (const WtMimeMessage *message, const WtMimePart *part, const char *name);
/* The readable text: of a multipart/alternative the plain one, of other multiparts each in turn. Names of what is not
 * text are appended to `attachments` (element-type utf8): "plan.pdf, application/pdf, 12 kB". (transfer full) */
char *wt_mail_text (const WtMimeMessage *message, GPtrArray *attachments);
/* The bytes as text, at most WT_MAIL_TEXT_MAX of them. (transfer full): valid UTF-8 */
char *wt_mail_source (GBytes *mail);

/* The mail that a MESSAGE carries, as it was before the protocol wrapped it. (transfer full) (nullable): NULL when it
 * carries none. */
GBytes *wt_mail_of_event (const WtEvent *event);
