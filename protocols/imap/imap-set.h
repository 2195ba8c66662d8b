/* Sequence sets: "1:5,7,10:*" (RFC 9051 9), and how a list of numbers is written as one. */
#pragma once

#include <glib.h>

typedef struct
{
  guint32 first, last; /* first <= last, but 0 is "*" */
} WtImapRange;

typedef struct
{
  GArray *ranges; /* (element-type WtImapRange) */
  gboolean saved; /* "$": the result of the last search */
} WtImapSet;

void wt_imap_set_init (WtImapSet *self);
void wt_imap_set_clear (WtImapSet *self);
/* FALSE: not a set. *used: how many bytes of the text belong to it. */
gboolean wt_imap_set_parse (WtImapSet *self, const guint8 *text, gsize n_bytes, gsize *used);
/* "*" becomes `highest`; then sorted, without overlaps. */
void wt_imap_set_resolve (WtImapSet *self, guint32 highest);
/* After resolve. */
gboolean wt_imap_set_has (const WtImapSet *self, guint32 number);
/* Appends "1:3,7" for numbers that ascend. */
void wt_imap_set_write (GString *out, const guint32 *numbers, guint n);
