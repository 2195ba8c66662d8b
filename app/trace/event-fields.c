#include "app/trace/event-view.h"

#include <string.h>

static WtField *
field_of_row (const WtEventRow *row, const WtEventView *view)
{
  WtEventValue value = { 0 };
  if (!row->get (view, &value))
    return NULL;
  gboolean show_number = value.text == NULL && row->info.type != WT_FIELD_NONE;
  WtField *field = show_number ? wt_field_new_number (&row->info, 0, 0, value.number)
                               : wt_field_new (&row->info, 0, 0, value.text, value.text_len);
  field->number = value.number;
  g_free (value.owned);
  return row->glossary ? wt_field_set_glossary (field, "%s", row->glossary) : field;
}

static WtField *
field_of_root (const WtEventRoot *root, const WtEventView *view)
{
  WtField *field = wt_field_new (&root->info, 0, 0, NULL, 0), *above = field;
  for (guint i = 0; i < root->n_rows; i++)
    {
      WtField *child = field_of_row (&root->rows[i], view);
      if (child == NULL)
        continue;
      wt_field_append (root->rows[i].level == 1 ? field : above, child);
      if (root->rows[i].level == 1)
        above = child;
    }
  return root->glossary ? wt_field_set_glossary (field, "%s", root->glossary) : field;
}

GPtrArray *
wt_event_fields (WtTrace *trace, guint32 n)
{
  GPtrArray *fields = g_ptr_array_new_with_free_func ((GDestroyNotify)wt_field_free);
  WtEventView view;
  wt_trace_read_lock (trace);
  wt_event_view_init (&view, trace, n);
  for (guint i = 0; i < WT_EVENT_N_ROOTS; i++)
    if (wt_event_roots[i]->present (&view))
      g_ptr_array_add (fields, field_of_root (wt_event_roots[i], &view));
  WtField *protocol = wt_event_view_dissect (&view);
  if (protocol)
    g_ptr_array_add (fields, protocol);
  wt_trace_read_unlock (trace);
  return fields;
}

const WtFieldInfo *
wt_event_field_info (const char *name)
{
  for (guint i = 0; i < WT_EVENT_N_ROOTS; i++)
    {
      const WtEventRoot *root = wt_event_roots[i];
      if (strcmp (root->info.name, name) == 0)
        return &root->info;
      for (guint k = 0; k < root->n_rows; k++)
        if (strcmp (root->rows[k].info.name, name) == 0)
          return &root->rows[k].info;
    }
  return wt_dissector_field (name);
}
