/* What was read of mails and is asked for again and again: headers, ENVELOPE, BODY, BODYSTRUCTURE.
 *
 * A mail never changes under its UID (RFC 9051 2.3.1.1), so nothing here does. One cache serves all sessions of a server;
 * its memory is bounded: what nobody has asked for longest goes first. */
#pragma once

#include <glib.h>

#define WT_IMAP_CACHE_MAX (16 * 1024 * 1024) /* bytes, with what keeping them takes */
#define WT_IMAP_CACHED_MAX (16 * 1024)       /* bytes of one thing; larger ones are not kept */

typedef struct _WtImapCache WtImapCache;

typedef enum
{
  WT_IMAP_CACHED_HEADER,   /* of the message, with the empty line */
  WT_IMAP_CACHED_ENVELOPE, /* these as a response has them */
  WT_IMAP_CACHED_BODY,
  WT_IMAP_CACHED_BODYSTRUCTURE,
  WT_IMAP_N_CACHED,
} WtImapCached;

WtImapCache *wt_imap_cache_new (gsize bytes_max);
/* `mailbox`: a number that no other mailbox has, nor this one once its UIDVALIDITY is another. (transfer none) (nullable),
 * until the next put() */
GBytes *wt_imap_cache_get (WtImapCache *self, guint32 mailbox, guint32 uid, WtImapCached what);
/* Unless it is there. */
void wt_imap_cache_put (WtImapCache *self, guint32 mailbox, guint32 uid, WtImapCached what, const guint8 *bytes,
                        gsize n_bytes);
gsize wt_imap_cache_size (const WtImapCache *self); /* bytes */
void wt_imap_cache_free (WtImapCache *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtImapCache, wt_imap_cache_free)
