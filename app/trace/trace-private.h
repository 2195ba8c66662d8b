/* The trace's inside, shared by trace.c (writer and readers) and trace-limit.c (what is dropped). */
#pragma once

#include "app/trace/trace.h"
#include "app/trace/trace-chunks.h"
#include "app/trace/trace-history.h"

#define WT_TRACE_EVENTS_PER_CHUNK 4096
#define WT_TRACE_ENTITIES_PER_CHUNK 256
#define WT_TRACE_NUMBERS_PER_CHUNK 16384

/* Of the events of a chunk those that belong to conversations and mails, which are dropped as a whole. */
typedef struct {
  guint16 held, held_at_most;
} WtChunkShare;

typedef struct {
  WtEntity entity; /* id 0: dropped */
  WtHistory history;
  WtHistory children;
  guint32 stream;       /* CONVERSATION: index among those of its transport */
  guint32 first_seq[2]; /* atomic; CONVERSATION over TCP: of each WtDirection, where relative numbers count from */
  guint8 seq_known;     /* bits of first_seq */
} WtEntityRecord;

struct _WtTrace {
  gatomicrefcount ref_count;
  WtChunks events;
  WtChunks entities; /* element i is id i + 1 */
  WtChunks lists[WT_N_LISTS];
  gint64 end_time, longest_flight; /* atomic */
  gint64 start_time;
  gint finished;                   /* atomic */
  guint32 n_streams[WT_TRANSPORT_UDP + 1];

  gpointer keys[WT_N_PROTOCOLS]; /* atomic; each also in all_keys */
  GSList *all_keys;              /* of WtTraceKeys */

  /* watch */
  GMutex watch_lock;
  gint watched; /* atomic: somebody waits */
  WtTraceWatchFunc watch_func;
  gpointer watch_data;

  /* limit: trace-limit.c */
  GRWLock lock;
  guint64 limit;       /* atomic */
  guint64 loose_bytes; /* payloads, names, histories */
  GArray *shares;      /* WtChunkShare: of each chunk of events */
  GArray *entity_live; /* guint16: entities of a chunk that are not dropped */
  GQueue leaving;      /* ids that may be dropped, oldest first */
  GArray *lasting;     /* ids of entities that stay and whose history and children must be trimmed */
  guint32 n_dropped;   /* atomic */
  guint32 n_rooms;     /* how often room was made */
  guint32 first_chunk; /* chunks of events before it are free */
};

void wt_trace_keys_clear (WtTrace *self);
WtEntityRecord *wt_trace_record (WtTrace *self, guint32 id); /* (nullable) */
/* Index of a conversation among those of its transport, from 0: tcp.stream, udp.stream. */
guint32 wt_trace_stream (WtTrace *self, guint32 conversation);
/* Sequence number of the SYN of that direction (of a conversation that was seen from its middle: of the byte before the
 * first that was seen), so that relative numbers begin with 0. 0 when none was seen. */
guint32 wt_trace_initial_seq (WtTrace *self, guint32 conversation, WtDirection direction);

/* The writer tells the limit of what it added.  `record`: (nullable) what the event is about. */
void wt_trace_limit_added_entity (WtTrace *self, const WtEntity *entity);
void wt_trace_limit_added (WtTrace *self, guint32 n, const WtEvent *event, const WtEntityRecord *record);
void wt_trace_limit_init (WtTrace *self);
void wt_trace_limit_clear (WtTrace *self);
