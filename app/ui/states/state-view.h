/* The state diagram of the selected conversation's protocol; the state at the cursor is lit, and so is what may come
 * next. Without a selection: the conversation of the last message before the cursor. */
#pragma once

#include "app/render/names.h"
#include "app/trace/session.h"
#include "protocols/base/states.h"

#include <gtk/gtk.h>

#define WT_TYPE_STATE_VIEW (wt_state_view_get_type ())
G_DECLARE_FINAL_TYPE (WtStateView, wt_state_view, WT, STATE_VIEW, GtkWidget)

GtkWidget *wt_state_view_new (void);
void wt_state_view_set_session (WtStateView *self, WtSession *session); /* (nullable) */
/* How hosts are called. `names` is copied, and nullable; call again when the answers have changed. */
void wt_state_view_set_names (WtStateView *self, const WtCanvasNames *names, gpointer user_data,
                              GDestroyNotify destroy);
/* What is shown, for exports: the table (nullable) and the lit state or -1. */
const WtStateTable *wt_state_view_shown (WtStateView *self, int *state);
