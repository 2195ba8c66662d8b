#include "app/ui/model/view-names.h"

void
wt_view_names_set (WtViewNames *self, const WtCanvasNames *names, gpointer data, GDestroyNotify destroy)
{
  if (self->destroy)
    self->destroy (self->data);
  self->names = names ? *names : (WtCanvasNames){ 0 };
  self->data = data;
  self->destroy = destroy;
}

const char *
wt_view_names_label (const WtViewNames *self, WtTrace *trace, guint32 node)
{
  return node ? wt_names_label (&self->names, self->data, trace, node) : "";
}
