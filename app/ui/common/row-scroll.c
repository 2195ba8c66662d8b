#include "app/ui/common/row-scroll.h"

#define CONTEXT 2 /* rows */
#define FRAMES 4  /* once round, and the row itself at last: in a low list the context would push it out */

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  static const int context[] = { 0, -CONTEXT, CONTEXT };
  WtRowScroll *self = data;
  int n = g_list_model_get_n_items (self->model), row = self->row;

  self->frame = (self->frame + 1) % G_N_ELEMENTS (context);
  if (self->context && self->left > 1)
    row += context[self->frame];
  if (n > 0)
    gtk_widget_activate_action (self->rows, "list.scroll-to-item", "u", (guint) CLAMP (row, 0, n - 1));
  if (--self->left > 0)
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

/* While the cursor moves on in each frame, the one callback keeps running. */
void
wt_row_scroll_to (WtRowScroll *self, GtkWidget *rows, GListModel *model, guint row, gboolean context)
{
  self->rows = rows;
  self->model = model;
  /* A step moves the cursor and selects: the cursor's context stays. */
  self->context = context || (self->tick && self->context && self->row == row);
  self->row = row;
  self->left = FRAMES;
  if (!self->tick)
    self->tick = gtk_widget_add_tick_callback (rows, on_tick, self, NULL);
}

void
wt_row_scroll_stop (WtRowScroll *self)
{
  if (self->tick)
    gtk_widget_remove_tick_callback (self->rows, self->tick);
  self->tick = 0;
}
