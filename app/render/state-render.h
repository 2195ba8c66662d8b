/* The state diagram of a protocol, drawn from its state table. */
#pragma once

#include "app/render/theme.h"
#include "protocols/base/states.h"

typedef struct {
  const WtTheme *theme;
  int current;                              /* lit, and what may come next; -1: none */
  const char *(*translate) (const char *);  /* (nullable) labels and guards in the user's language */
} WtStateStyle;

void wt_state_diagram_size (const WtStateTable *table, double *width, double *height); /* units */
/* At 0, 0, in units. Draws no background. */
void wt_state_diagram_render (cairo_t *cr, const WtStateTable *table, const WtStateStyle *style);
/* Where a state's box is drawn. FALSE: no such state. */
gboolean wt_state_diagram_box (const WtStateTable *table, guint state, double *x, double *y, double *width,
                               double *height);
/* The state drawn there; -1: none. */
int wt_state_diagram_state_at (const WtStateTable *table, double x, double y);
/* What may come in `state`, in words, one line each: "RCPT → 250: Recipients known (the recipient is accepted)".
 * (transfer full) */
char *wt_state_diagram_describe (const WtStateTable *table, guint state, const char *(*translate) (const char *));
