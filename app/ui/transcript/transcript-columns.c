/* The cells of the transcript. They are bound by the hundreds, so each is one GtkInscription. */
#include "app/ui/transcript/transcript-private.h"

#include "app/trace/event-fields.h"
#include "app/ui/model/protocol-style.h"

#include <glib/gi18n.h>

#define SUMMARY_MAX 400     /* characters: more than any screen is wide */
#define OPACITY_TO_COME 0.5 /* of what has not happened yet at the cursor */

/* --- what stands in them ------------------------------------------------------------------------------------------ */

/* (transfer full) for event n of the trace, which is read-locked. */
typedef char *(*CellText) (WtTranscriptView *self, WtTrace *trace, guint32 n, const WtEvent *event);

static char *
number_text (WtTranscriptView *self, WtTrace *trace, guint32 n, const WtEvent *event)
{
  return g_strdup_printf ("%u", n + 1);
}

static char *
time_text (WtTranscriptView *self, WtTrace *trace, guint32 n, const WtEvent *event)
{
  return g_strdup_printf ("%.6f", event->time / 1e9);
}

static char *
source_text (WtTranscriptView *self, WtTrace *trace, guint32 n, const WtEvent *event)
{
  return g_strdup (wt_view_names_label (&self->names, trace, event->from));
}

static char *
destination_text (WtTranscriptView *self, WtTrace *trace, guint32 n, const WtEvent *event)
{
  return g_strdup (wt_view_names_label (&self->names, trace, event->to));
}

static char *
protocol_text (WtTranscriptView *self, WtTrace *trace, guint32 n, const WtEvent *event)
{
  switch (event->kind)
    {
    case WT_EVENT_LINK:
      return g_strdup (_("Link"));
    case WT_EVENT_NODE:
      return g_strdup (_("Host"));
    case WT_EVENT_STORE:
      return g_strdup (_("Store"));
    case WT_EVENT_NOTE:
      return g_strdup (_("Note"));
    default:
      /* on the wire there was TLS; what it hid is shown */
      if (event->kind == WT_EVENT_MESSAGE && (event->flags & WT_EVENT_ENCRYPTED))
        return g_strdup_printf ("%s/TLS", wt_protocol_title (event->protocol));
      return g_strdup (wt_protocol_title (event->protocol));
    }
}

static char *
summary_text (WtTranscriptView *self, WtTrace *trace, guint32 n, const WtEvent *event)
{
  char *summary = wt_event_summary (trace, n);

  if (g_utf8_strlen (summary, -1) > SUMMARY_MAX)
    *g_utf8_offset_to_pointer (summary, SUMMARY_MAX) = '\0';
  return summary;
}

/* --- marks -------------------------------------------------------------------------------------------------------- */

/* Row and cells are GTK's own widgets round ours: inscription, cell, row. A class for what is to come would do too, but
 * costs a new style for some 13 widgets a row: 11 ms for a jump in a long trace. */
static void
mark_row (WtTranscriptView *self, GtkListItem *item)
{
  GtkWidget *cell = gtk_widget_get_parent (gtk_list_item_get_child (item));
  GtkWidget *row = cell ? gtk_widget_get_parent (cell) : NULL;
  guint position = gtk_list_item_get_position (item);

  if (!row)
    return;
  gtk_widget_set_opacity (row, position >= self->n_happened ? OPACITY_TO_COME : 1);
  if (position + 1 == self->n_happened)
    gtk_widget_add_css_class (row, "wt-at-cursor");
  else
    gtk_widget_remove_css_class (row, "wt-at-cursor");
}

void
wt_transcript_mark_rows (WtTranscriptView *self, guint start, guint end)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    {
      guint position = gtk_list_item_get_position (item);

      if (position >= start && position < end)
        mark_row (self, item);
    }
}

/* --- factories ---------------------------------------------------------------------------------------------------- */

typedef struct {
  WtTranscriptView *view;
  CellText text;
  gboolean number, name, protocol, marks;
} Column;

static void
setup_cell (Column *column, GtkListItem *item)
{
  GtkWidget *cell = gtk_inscription_new ("");

  /* "Mail server of example.org" and "Mail server of example.net" differ at their ends. */
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell), column->name ? GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE
                                                                          : GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (cell), 0);
  if (column->number)
    {
      gtk_inscription_set_xalign (GTK_INSCRIPTION (cell), 1);
      gtk_widget_add_css_class (cell, "wt-number");
    }
  if (column->protocol)
    gtk_widget_add_css_class (cell, "protocol");
  gtk_list_item_set_child (item, cell);
}

/* The class of the protocol's colour, beside "protocol". */
static void
set_protocol (GtkWidget *cell, guint protocol)
{
  const char *classes[] = { "protocol", wt_protocol_style_class (protocol), NULL };

  if (!gtk_widget_has_css_class (cell, classes[1]))
    gtk_widget_set_css_classes (cell, classes);
}

static void
bind_cell (Column *column, GtkListItem *item)
{
  WtTranscriptView *self = column->view;
  WtTrace *trace = wt_session_trace (self->session);
  guint32 n = wt_row_key (gtk_list_item_get_item (item));
  GtkWidget *cell = gtk_list_item_get_child (item);
  g_autofree char *text = NULL;
  const WtEvent *event;

  wt_trace_read_lock (trace);
  event = wt_trace_event (trace, n);
  text = event->kind == WT_EVENT_GONE ? NULL : column->text (self, trace, n, event);
  if (column->protocol)
    set_protocol (cell, event->protocol);
  wt_trace_read_unlock (trace);
  gtk_inscription_set_text (GTK_INSCRIPTION (cell), text ? text : "");
  if (!column->marks)
    return;
  if (!text)
    gtk_inscription_set_text (GTK_INSCRIPTION (cell), _("not kept: the trace has reached its limit"));
  g_hash_table_add (self->bound, item);
  mark_row (self, item);
}

static void
unbind_cell (Column *column, GtkListItem *item)
{
  if (column->marks)
    g_hash_table_remove (column->view->bound, item);
}

static void
free_column (gpointer column, GClosure *closure)
{
  g_free (column);
}

static void
add_column (WtTranscriptView *self, GtkColumnViewColumn *place, CellText text)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  Column *column = g_new (Column, 1);

  *column = (Column){ .view = self, .text = text };
  column->number = text == number_text || text == time_text;
  column->name = text == source_text || text == destination_text;
  column->protocol = text == protocol_text;
  column->marks = text == summary_text;
  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_cell), column);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (bind_cell), column);
  g_signal_connect_data (factory, "unbind", G_CALLBACK (unbind_cell), column, free_column, G_CONNECT_SWAPPED);
  gtk_column_view_column_set_factory (place, factory);
  g_object_unref (factory);
}

void
wt_transcript_add_columns (WtTranscriptView *self)
{
  add_column (self, self->number_column, number_text);
  add_column (self, self->time_column, time_text);
  add_column (self, self->source_column, source_text);
  add_column (self, self->destination_column, destination_text);
  add_column (self, self->protocol_column, protocol_text);
  add_column (self, self->summary_column, summary_text);
}

void
wt_transcript_columns_refresh (WtTranscriptView *self)
{
  add_column (self, self->source_column, source_text);
  add_column (self, self->destination_column, destination_text);
}
