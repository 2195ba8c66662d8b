/* The filter entry: Wireshark's display-filter syntax, applied while one types.
 *
 * A text that is a filter becomes the session's filter a moment after the last key, with Enter at once. One that is not
 * leaves the old filter at work; what is wrong with it stands under the entry, with a mark at the column. Names of
 * fields are offered while they are typed. */
#pragma once

#include "app/trace/session.h"

#include <adwaita.h>

#define WT_TYPE_FILTER_BAR (wt_filter_bar_get_type ())
G_DECLARE_FINAL_TYPE (WtFilterBar, wt_filter_bar, WT, FILTER_BAR, AdwBin)

void wt_filter_bar_set_session (WtFilterBar *self, WtSession *session); /* (nullable) */
void wt_filter_bar_clear (WtFilterBar *self);
