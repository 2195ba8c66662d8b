/* Writes a mail as a mail program does (RFC 5322, 2045, 2047): a header and a text, with its HTML form, images within it and
 * attachments where the writer has some. */
#pragma once

#include "app/hosts/mail-file.h"

typedef struct {
  const char *from;          /* local@domain */
  const char *const *to;     /* NULL-terminated */
  const char *subject;       /* UTF-8 */
  const char *text;          /* UTF-8; lines end with \n; "" with `html`: made from it */
  const char *html;          /* (nullable) UTF-8; names an image as cid:FILE */
  const GPtrArray *images;      /* (nullable) (element-type WtMailFile) shown within the text; their `id` is set */
  const GPtrArray *attachments; /* (nullable) (element-type WtMailFile) */
  gsize fill;                /* the text is filled up to this size, bytes */
  const char *message_id;    /* without brackets */
  gint64 wall_time;          /* µs since 1970 UTC */
} WtMailDraft;

/* CRLF lines, ASCII but for addresses that are not. (transfer full) */
GBytes *wt_mail_compose (const WtMailDraft *draft);
