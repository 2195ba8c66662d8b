/* Chunked arrays: elements of one size in chunks that never move, so that one writer can append while others read.
 *
 * Element i lies in chunk i / per_chunk; the directory of chunks has two levels, both of which only grow. The count is
 * published last (release), so whoever sees it sees the element. Chunks that are not needed any more can be freed; their
 * elements are gone then (at() gives NULL), but for one number a chunk that stays in the directory in its place, so
 * that what is in order can still be searched. */
#pragma once

#include <glib.h>

#define WT_CHUNKS_LEAF 16384 /* chunks a leaf of the directory holds */
#define WT_CHUNKS_ROOT 1024  /* with 256 elements a chunk that is room for 2^32 */

typedef struct {
  gpointer bytes; /* atomic; NULL: not begun or freed */
  gint64 remains; /* of a freed one */
} WtChunk;

typedef struct {
  gsize element_size;
  guint per_chunk; /* a power of two ... */
  guint shift;     /* ... this one */
  guint32 length;  /* atomic */
  WtChunk *root[WT_CHUNKS_ROOT];
  gsize memory; /* bytes of chunks that are there */
} WtChunks;

void wt_chunks_init (WtChunks *self, gsize element_size, guint per_chunk);
void wt_chunks_clear (WtChunks *self);
/* Place for one more element, zeroed. It is not part of the array until wt_chunks_publish(). */
gpointer wt_chunks_push (WtChunks *self);
void wt_chunks_publish (WtChunks *self);
guint32 wt_chunks_length (const WtChunks *self);
/* (nullable): NULL when its chunk was freed. i < length. */
gpointer wt_chunks_at (const WtChunks *self, guint32 i);
/* Nobody may be reading. `remains` is kept: what remains() tells of the chunk's elements from now on. The
 * chunk that is being written stays: FALSE. */
gboolean wt_chunks_free_chunk (WtChunks *self, guint32 chunk, gint64 remains);
gboolean wt_chunks_has_chunk (const WtChunks *self, guint32 chunk); /* begun and not freed */
gint64 wt_chunks_remains (const WtChunks *self, guint32 i);         /* of an element that is gone */

/* guint32 lists, ascending: element i; of a chunk that is gone its last number, whichever element is asked for. */
guint32 wt_chunks_number (const WtChunks *self, guint32 i);
void wt_chunks_push_number (WtChunks *self, guint32 number);
/* How many numbers are < n. */
guint32 wt_chunks_before (const WtChunks *self, guint32 n);
