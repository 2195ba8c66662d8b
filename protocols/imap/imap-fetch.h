/* What a FETCH asks for (RFC 9051 6.4.5), and how one message answers it. */
#pragma once

#include "protocols/imap/imap-section.h"
#include "protocols/imap/imap-server-private.h"

typedef enum
{
  WT_IMAP_FETCH_UID,
  WT_IMAP_FETCH_FLAGS,
  WT_IMAP_FETCH_INTERNALDATE,
  WT_IMAP_FETCH_SIZE,
  WT_IMAP_FETCH_MODSEQ,
  WT_IMAP_FETCH_ENVELOPE, /* from here on the mail itself is needed */
  WT_IMAP_FETCH_BODY,     /* structure without extensions */
  WT_IMAP_FETCH_BODYSTRUCTURE,
  WT_IMAP_FETCH_SECTION, /* BODY[...] */
  WT_IMAP_FETCH_BINARY,
  WT_IMAP_FETCH_BINARY_SIZE,
} WtImapFetchKind;

typedef struct
{
  WtImapFetchKind kind;
  const char *name; /* (nullable) what it is called in the response when not BODY[section]: "RFC822.HEADER" */
  gboolean peek;
  WtImapSection section;
  gboolean partial;
  guint64 first, count; /* <first.count> */
} WtImapFetchItem;

#define WT_IMAP_FETCH_ITEMS_MAX 200

/* (element-type WtImapFetchItem) */
GArray *wt_imap_fetch_items_new (void);
/* A macro, one item, or a list of items. */
gboolean wt_imap_fetch_items_parse (GArray *items, WtImapParser *parser, gboolean binary, gboolean modseq);
void wt_imap_fetch_items_add (GArray *items, WtImapFetchKind kind); /* unless it is there */
gboolean wt_imap_fetch_items_have (const GArray *items, WtImapFetchKind kind);
gboolean wt_imap_fetch_items_set_seen (const GArray *items);

/* FALSE: all that it asks for is known without reading the message. */
gboolean wt_imap_fetch_needs_message (WtImapServer *self, const GArray *items, guint index);
/* The response for one message; `message` (nullable) if it is not needed. FALSE: a part has an encoding that is not known (RFC 9051 6.4.5.1, UNKNOWN-CTE). */
gboolean wt_imap_fetch_tell (WtImapServer *self, const GArray *items, guint index, GBytes *message);
