/* The rows of the mailboxes at a cursor: accounts, their folders, the mails in them; queues. A function of the trace, the
 * cursor, the hosts and what is folded. */
#pragma once

#include "app/trace/stored-mail.h"

typedef enum {
  WT_MAILBOX_ROW_ACCOUNT, /* of a user who has more folders than the inbox */
  WT_MAILBOX_ROW_BOX,     /* a folder, or the only one of its user (then depth is 0), or a queue */
  WT_MAILBOX_ROW_MAIL,
} WtMailboxRowKind;

#define WT_MAILBOX_ACCOUNT_KEY (1u << 31) /* set in an account's key; the rest is that of its first folder */

typedef struct {
  guint32 key; /* the entity; see above */
  guint32 stamp; /* another one: the row has changed */
  guint32 count; /* mails in a box, or in all folders of an account */
  guint8 kind;   /* WtMailboxRowKind */
  guint8 depth;
  gboolean folded;
} WtMailboxTreeRow;

static inline guint32
wt_mailbox_tree_row_entity (const WtMailboxTreeRow *self)
{
  return self->key & ~WT_MAILBOX_ACCOUNT_KEY;
}

/* `boxes`: of the whole trace, (element-type guint32); `hosts`: the same, empty: all; `folded`: set of keys. The trace is
 * read-locked. (transfer full) (element-type WtMailboxTreeRow) */
GArray *wt_mailbox_tree_rows (WtTrace *trace, GArray *boxes, GArray *hosts, GHashTable *folded, guint32 position);
gboolean wt_mailbox_tree_has (GArray *numbers, guint32 number);
