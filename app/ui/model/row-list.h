/* What the lists over a session's trace have in common: each row is about one event or one entity (its key), and what it
 * says is read from the trace when it is drawn. The list is its own selection: the selected row is what the session has
 * selected, and selecting a row selects in the session. */
#pragma once

#include "app/trace/session.h"

#include <gtk/gtk.h>

/* An item of the list: a row's key, nothing more. */
#define WT_TYPE_ROW (wt_row_get_type ())
G_DECLARE_FINAL_TYPE (WtRow, wt_row, WT, ROW, GObject)
guint32 wt_row_key (WtRow *self);

#define WT_TYPE_ROW_LIST (wt_row_list_get_type ())
G_DECLARE_DERIVABLE_TYPE (WtRowList, wt_row_list, WT, ROW_LIST, GObject) /* GListModel (WtRow), GtkSelectionModel */

struct _WtRowListClass {
  GObjectClass parent_class;
  guint (*n_rows) (WtRowList *self);
  guint32 (*key) (WtRowList *self, guint row);
  gboolean (*find) (WtRowList *self, guint32 key, guint *row);
  guint32 (*selected) (WtSession *session); /* the key that the session has selected */
  guint32 none;                             /* what that is without a selection */
  void (*select) (WtRowList *self, guint row);
  void (*selection_changed) (WtRowList *self); /* (nullable) before the view is told */
  void (*trace_changed) (WtRowList *self);     /* another trace, or none */
  void (*connect) (WtRowList *self, WtSession *session); /* to further signals, with `self` as data */
};

void wt_row_list_set_session (WtRowList *self, WtSession *session); /* (nullable) */
WtSession *wt_row_list_session (WtRowList *self);                   /* (transfer none) (nullable) */
WtTrace *wt_row_list_trace (WtRowList *self);                       /* (transfer none) (nullable) */
guint32 wt_row_list_selected (WtRowList *self);                     /* the key, as last told of */
