/* The drawing of the state view: one table, one state lit. As wide as there is room, within readable bounds. */
#pragma once

#include "protocols/base/states.h"

#include <gtk/gtk.h>

#define WT_TYPE_STATE_AREA (wt_state_area_get_type ())
G_DECLARE_FINAL_TYPE (WtStateArea, wt_state_area, WT, STATE_AREA, GtkWidget)

#define WT_STATE_ZOOM_MIN 0.62
#define WT_STATE_ZOOM_MAX 1.3

/* `title` is the protocol's, for screen readers. `state` -1: none is lit. */
void wt_state_area_show (WtStateArea *self, const WtStateTable *table, const char *title, int state);
/* (nullable) what is shown; `state` (out): what is lit, or -1. */
const WtStateTable *wt_state_area_shown (WtStateArea *self, int *state);
/* Where the lit state is drawn, pixels of the widget. FALSE: none is lit. */
gboolean wt_state_area_lit (WtStateArea *self, graphene_rect_t *box);
