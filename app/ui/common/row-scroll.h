/* Brings a row of a long list into view. Rows that came in this frame have a place in the next, so it takes some frames. */
#pragma once

#include <gtk/gtk.h>

/* Part of the view's struct, zeroed. */
typedef struct {
  GtkWidget *rows;    /* the GtkListView */
  GListModel *model;
  guint row;
  gboolean context;   /* with its neighbours: a little of what was and of what will be */
  guint frame, left;
  guint tick;         /* 0: nothing to bring */
} WtRowScroll;

/* `rows`: a GtkListView (of a GtkColumnView its last child) that shows `model`; both are borrowed until the view's dispose
 * calls wt_row_scroll_stop(). A row beyond the last is the last. */
void wt_row_scroll_to (WtRowScroll *self, GtkWidget *rows, GListModel *model, guint row, gboolean context);
void wt_row_scroll_stop (WtRowScroll *self);
