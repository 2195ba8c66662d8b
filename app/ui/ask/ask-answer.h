/* What came of a request that somebody made by hand: the station notes it in the trace. */
#pragma once

#include "app/lesson/glossary.h"
#include "app/trace/trace.h"

typedef struct {
  guint32 event;      /* the note */
  WtNote level;       /* INFO: an answer; WARNING: an error-status, or silence; ERROR: a Report, or not possible */
  char *text;         /* what the station says */
  char *explanation;  /* (nullable) what an error means, with its RFC section */
} WtAskAnswer;

/* What a station got to what it was asked at `time` (0: to anything), among the events from `begin` on. NULL: none yet. Hold the read
 * lock. `glossary` is nullable. (transfer full) */
WtAskAnswer *wt_ask_answer_find (WtTrace *trace, const char *station, guint32 begin, gint64 time, WtGlossary *glossary);
void wt_ask_answer_free (WtAskAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtAskAnswer, wt_ask_answer_free)
