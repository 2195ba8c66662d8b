/* What the files of this folder share about the area. */
#pragma once

#include "app/ui/ladder/ladder-area.h"

struct _WtLadderArea {
  GtkWidget parent_instance;

  WtSession *session; /* (nullable) */
  WtTrace *trace;     /* (nullable) the session's */
  WtLadder *ladder;   /* (nullable) */
  WtLadderOptions options;
  gboolean only;
  WtCanvasNames names; /* the view's */
  gpointer names_data;

  double zoom;         /* pixels a unit */
  GtkAdjustment *adjustments[2]; /* by GtkOrientation */
  GtkScrollablePolicy policies[2];
  int height;          /* as last allocated */
  guint idle;          /* more rows to take in */
  gboolean has_rows;
  gboolean to_cursor;  /* bring the cursor into sight when sizes are known */
};

/* ladder-area.c */
guint32 wt_ladder_area_event_at (WtLadderArea *self, double x, double y); /* pixels; WT_EVENT_NO_REF: none */
void wt_ladder_area_select (WtLadderArea *self, guint32 event);
void wt_ladder_area_move (WtLadderArea *self, int rows); /* the selection, by so many rows */
void wt_ladder_area_go (WtLadderArea *self, guint32 event); /* the cursor */
void wt_ladder_area_set_zoom (WtLadderArea *self, double zoom);
int wt_ladder_area_page (WtLadderArea *self); /* rows that go by with a page */

/* ladder-input.c */
void wt_ladder_area_class_add_input (GtkWidgetClass *widget_class);
void wt_ladder_area_add_input (WtLadderArea *self);
