/* Names of fields, offered under a filter entry while one types the beginning of one.
 *
 * Down and Up choose, Tab takes the first or the chosen one, Enter the chosen one, Escape closes; a click takes. The
 * keyboard's focus stays in the entry. */
#pragma once

#include "protocols/base/field.h"

#include <gtk/gtk.h>

#define WT_FILTER_SUGGEST_MAX 8   /* names offered at a time */
#define WT_FILTER_SUGGEST_LETTERS 2 /* typed before any is offered */

/* Belongs to the entry and goes with it. */
void wt_filter_suggest_attach (GtkEntry *entry);

/* Fields whose name begins with `start`, in the order of their names, at most WT_FILTER_SUGGEST_MAX.
 * (transfer container) (element-type WtFieldInfo) */
GPtrArray *wt_filter_suggest_find (const char *start);
/* Where the name that ends at `position` begins: both are counted in characters. */
guint wt_filter_suggest_word (const char *text, guint position);
