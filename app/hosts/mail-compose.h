/* Writes a mail as a mail program does (RFC 5322, 2045, 2047): a header and one text part. */
#pragma once

#include <glib.h>

typedef struct {
  const char *from;          /* local@domain */
  const char *const *to;     /* NULL-terminated */
  const char *subject;       /* UTF-8 */
  const char *text;          /* UTF-8; lines end with \n */
  gsize fill;                /* the text is filled up to this size, bytes */
  const char *message_id;    /* without brackets */
  gint64 wall_time;          /* µs since 1970 UTC */
} WtMailDraft;

/* CRLF lines, ASCII but for addresses that are not. (transfer full) */
GBytes *wt_mail_compose (const WtMailDraft *draft);
