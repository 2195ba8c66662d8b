/* What the files of this folder share about a transcript. */
#pragma once

#include "app/ui/common/row-scroll.h"
#include "app/ui/model/message-list.h"
#include "app/ui/model/view-names.h"
#include "app/ui/transcript/filter-bar.h"
#include "app/ui/transcript/transcript-view.h"

struct _WtTranscriptView {
  AdwBin parent_instance;

  WtFilterBar *filter;
  GtkStack *stack;
  GtkScrolledWindow *scrolled;
  GtkColumnView *list;
  GtkColumnViewColumn *number_column, *time_column, *source_column, *destination_column, *protocol_column,
      *summary_column;
  AdwStatusPage *empty;
  GtkWidget *clear_button;
  GtkLabel *status;
  GtkSpinner *spinner;

  WtSession *session; /* (nullable) */
  WtMessageList *messages;
  WtViewNames names;
  gboolean show_all;

  GHashTable *bound;  /* GtkListItem of the summaries that are on the screen, or near */
  guint fit_idle;     /* the width has changed */
  gboolean wide;      /* names have room */
  guint digits, seconds; /* that number and time have room for */
  guint n_happened;   /* rows before the cursor */
  WtRowScroll scroll;
};

/* transcript-columns.c */
void wt_transcript_add_columns (WtTranscriptView *self);
/* The names have changed. */
void wt_transcript_columns_refresh (WtTranscriptView *self);
/* The look of the rows [start, end) on the screen follows n_happened. */
void wt_transcript_mark_rows (WtTranscriptView *self, guint start, guint end);
