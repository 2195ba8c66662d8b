/* What has passed in a conversation up to the cursor, counted in slices, so that a long one never holds up a frame. */
#pragma once

#include "app/trace/trace.h"

#define WT_TALK_COUNTS_SLICE 100000 /* events that one call looks at */

typedef struct {
  guint n_messages[2]; /* by WtDirection */
  guint64 n_bytes[2];  /* of messages */
  guint n_packets, n_lost, n_again;
} WtTalkCounts;

/* Counts from one call to the next; begin with zeroes. */
typedef struct {
  WtTrace *trace;       /* not owned: only compared */
  guint32 conversation;
  guint32 position;     /* counted up to there, or on the way */
  guint32 next_history, next_packet;
  WtTalkCounts counts;
} WtTalkCounter;

/* TRUE when `counts` holds for that position; FALSE: call again to count on. The trace is read-locked. */
gboolean wt_talk_counter_count (WtTalkCounter *self, WtTrace *trace, guint32 conversation, guint32 position);
