/* How a view calls hosts: the window's answers (app/render/names.h) with what belongs to them. Begin with zeroes. */
#pragma once

#include "app/render/names.h"

typedef struct {
  WtCanvasNames names;
  gpointer data;
  GDestroyNotify destroy;
} WtViewNames;

/* `names` is copied, and nullable. NULL, NULL, NULL: forget. */
void wt_view_names_set (WtViewNames *self, const WtCanvasNames *names, gpointer data, GDestroyNotify destroy);
/* Never NULL; "" for node 0. */
const char *wt_view_names_label (const WtViewNames *self, WtTrace *trace, guint32 node);
