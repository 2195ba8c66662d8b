/* Search keys (RFC 9051 6.4.4; MODSEQ: RFC 7162 3.1.5): read into a tree, then asked of each message. */
#pragma once

#include "protocols/imap/imap-parser.h"
#include "protocols/mime/mime-parser.h"

typedef enum
{
  WT_IMAP_KEY_AND, /* children */
  WT_IMAP_KEY_OR,
  WT_IMAP_KEY_NOT,
  WT_IMAP_KEY_ALL,
  WT_IMAP_KEY_FLAGS,   /* all of `flags` are set, none of `no_flags` */
  WT_IMAP_KEY_KEYWORD, /* text */
  WT_IMAP_KEY_NUMBERS, /* set */
  WT_IMAP_KEY_UIDS,
  WT_IMAP_KEY_BEFORE, /* number: day since 1970; of the internal date */
  WT_IMAP_KEY_ON,
  WT_IMAP_KEY_SINCE,
  WT_IMAP_KEY_LARGER, /* number: bytes */
  WT_IMAP_KEY_SMALLER,
  WT_IMAP_KEY_MODSEQ, /* number */
  WT_IMAP_KEY_HEADER, /* field, text; from here on the mail itself is needed */
  WT_IMAP_KEY_SENT_BEFORE,
  WT_IMAP_KEY_SENT_ON,
  WT_IMAP_KEY_SENT_SINCE,
  WT_IMAP_KEY_BODY, /* text */
  WT_IMAP_KEY_TEXT,
} WtImapKeyKind;

typedef struct _WtImapKey WtImapKey;
struct _WtImapKey
{
  WtImapKeyKind kind;
  GPtrArray *children; /* (nullable) (element-type WtImapKey) */
  guint32 flags, no_flags;
  gint64 number;
  WtImapSet set;
  char *field; /* (nullable) */
  char *text;  /* (nullable) UTF-8, case folded; KEYWORD: as written */
};

#define WT_IMAP_TEXT_KEYS_MAX 100 /* keys that the mail itself is needed for: each may have to look through all of it */

/* All keys up to the end of the command, as one AND. NULL with parser->error. (transfer full) */
WtImapKey *wt_imap_key_parse (WtImapParser *parser);
void wt_imap_key_free (WtImapKey *self);
gboolean wt_imap_key_has (const WtImapKey *self, WtImapKeyKind kind);
/* "*" in its sets becomes a number. */
void wt_imap_key_resolve (WtImapKey *self, guint32 highest_number, guint32 highest_uid);

/* What is asked. */
typedef struct
{
  const WtImapItem *item;
  guint32 number;
  gboolean saved; /* in "$" */
  const char *const *keywords;
  guint n_keywords;
  WtMimeMessage *mail; /* (nullable): not read yet */
} WtImapSearched;

typedef enum
{
  WT_IMAP_MATCH_NO,
  WT_IMAP_MATCH_YES,
  WT_IMAP_MATCH_READ
} WtImapMatch; /* READ: only the mail can tell */
WtImapMatch wt_imap_key_match (const WtImapKey *self, const WtImapSearched *message);
