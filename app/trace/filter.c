#include "app/trace/filter-private.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_QUARK (wt-filter-error-quark, wt_filter_error)

struct _WtFilter {
  WtFilterNode *root; /* (nullable): everything matches */
};

static gboolean
check_text (WtFilterParser *parser)
{
  const char *end;
  if (!g_utf8_validate (parser->text, -1, &end))
    {
      if (parser->column)
        *parser->column = g_utf8_strlen (parser->text, end - parser->text) + 1;
      g_set_error (parser->error, WT_FILTER_ERROR, WT_FILTER_ERROR_SYNTAX, _("column %u: found a byte that is not UTF-8; "
                   "expected text in UTF-8"), (guint)g_utf8_strlen (parser->text, end - parser->text) + 1);
      return FALSE;
    }
  if (g_utf8_strlen (parser->text, -1) <= WT_FILTER_MAX)
    return TRUE;
  WtToken rest = { WT_TOKEN_OTHER, g_utf8_offset_to_pointer (parser->text, WT_FILTER_MAX), 1 };
  rest.length = strlen (rest.start);
  return wt_filter_fail (parser, &rest, WT_FILTER_ERROR_SYNTAX, _("at most %d characters"), WT_FILTER_MAX);
}

WtFilter *
wt_filter_new (const char *text, guint *column, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);
  WtFilterParser parser = { .text = text, .next = text, .column = column, .error = error };
  if (!check_text (&parser) || !wt_filter_advance (&parser))
    return NULL;
  WtFilterNode *root = NULL;
  if (parser.token.type != WT_TOKEN_END && (root = wt_filter_parse (&parser)) == NULL)
    return NULL;
  WtFilter *self = g_new0 (WtFilter, 1);
  self->root = root;
  return self;
}

gboolean
wt_filter_match (const WtFilter *self, WtTrace *trace, guint32 n)
{
  if (self->root == NULL)
    return TRUE;
  WtFilterSubject subject = { .dissected = FALSE };
  wt_trace_read_lock (trace);
  wt_event_view_init (&subject.view, trace, n);
  gboolean holds = subject.view.event->kind != WT_EVENT_GONE && wt_filter_node_holds (self->root, &subject);
  wt_trace_read_unlock (trace);
  g_clear_pointer (&subject.tree, wt_field_free);
  return holds;
}

void
wt_filter_free (WtFilter *self)
{
  if (self == NULL)
    return;
  wt_filter_node_free (self->root);
  g_free (self);
}
