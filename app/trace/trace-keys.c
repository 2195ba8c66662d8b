/* Keys to what is encrypted. A reader may be using those that are replaced, so nothing is freed before the trace is. */
#include "app/trace/trace-private.h"

typedef struct {
  gpointer keys;
  GDestroyNotify destroy;
} WtTraceKeys;

void
wt_trace_set_keys (WtTrace *self, WtProtocol protocol, gpointer keys, GDestroyNotify destroy)
{
  WtTraceKeys *entry = g_new0 (WtTraceKeys, 1);
  *entry = (WtTraceKeys){ keys, destroy };
  self->all_keys = g_slist_prepend (self->all_keys, entry);
  g_atomic_pointer_set (&self->keys[protocol], keys);
}

gconstpointer
wt_trace_keys (WtTrace *self, WtProtocol protocol)
{
  return g_atomic_pointer_get (&self->keys[protocol]);
}

static void
free_entry (gpointer data)
{
  WtTraceKeys *entry = data;
  if (entry->destroy)
    entry->destroy (entry->keys);
  g_free (entry);
}

void
wt_trace_keys_clear (WtTrace *self)
{
  g_slist_free_full (g_steal_pointer (&self->all_keys), free_entry);
}
