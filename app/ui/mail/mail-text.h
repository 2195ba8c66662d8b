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
/* The readable text: of a multipart/alternative the plain one, of other multiparts each in turn, of HTML its text. What is
 * not text is appended to `attachments` (element-type WtMimePart, the message's). (transfer full) */
char *wt_mail_text (const WtMimeMessage *message, GPtrArray *attachments);
gboolean wt_mail_part_is_image (const WtMimePart *part);
/* Decoded. (transfer full) */
GBytes *wt_mail_part_content (const WtMimeMessage *message, const WtMimePart *part);
/* "application/pdf, 12 kB": its type and how large it is when decoded. (transfer full) */
char *wt_mail_part_describe (const WtMimeMessage *message, const WtMimePart *part);
/* A name to save it under: whatever the mail says, it has no folders and is not hidden. (transfer full) */
char *wt_mail_part_file_name (const WtMimePart *part);
/* Cuts what is longer than WT_MAIL_TEXT_MAX at a character and says how much more there is. Takes the text. (transfer full) */
char *wt_mail_shorten (char *text);
/* The bytes as text, at most WT_MAIL_TEXT_MAX of them. (transfer full): valid UTF-8 */
char *wt_mail_source (GBytes *mail);

/* The mail that a MESSAGE carries, as it was before the protocol wrapped it. (transfer full) (nullable): NULL when it
 * carries none. */
GBytes *wt_mail_of_event (const WtEvent *event);
