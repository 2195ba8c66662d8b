#include "app/ui/transcript/transcript-private.h"

#include "app/ui/common/drawn-view.h"
#include "app/ui/model/protocol-style.h"
#include "app/ui/model/view-style.h"
#include "app/ui/transcript/transcript-resources.h"

#include <glib/gi18n.h>

#define DIGIT_WIDTH 8     /* pixels */
#define CELL_PADDING 24   /* pixels */
#define MIN_DIGITS 4      /* columns are at least so wide, without jumping about */
#define WIDE_NAME 160     /* pixels */
#define NARROW_NAME 120
#define PROTOCOL 80
#define NUMBER_BASE 10000 /* the first number with more */
/* Pixels: narrower, and the column is left out. */
#define WIDTH_FOR_NAMES 800 /* whole */
#define WIDTH_FOR_NUMBER 680
#define WIDTH_FOR_PROTOCOL 560
#define WIDTH_FOR_TIME 480
#define WIDTH_FOR_DESTINATION 360

G_DEFINE_FINAL_TYPE (WtTranscriptView, wt_transcript_view, ADW_TYPE_BIN)

enum { PROP_SHOW_ALL = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

static guint
n_rows (WtTranscriptView *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->messages));
}

/* --- scrolling ---------------------------------------------------------------------------------------------------- */

static void
scroll_to (WtTranscriptView *self, guint row, gboolean context)
{
  wt_row_scroll_to (&self->scroll, gtk_widget_get_last_child (GTK_WIDGET (self->list)), G_LIST_MODEL (self->messages), row,
                    context);
}

/* --- cursor and selection ----------------------------------------------------------------------------------------- */

/* Rows that look different now lie between the old and the new place of the cursor. */
static void
update_happened (WtTranscriptView *self)
{
  guint before = self->n_happened;
  guint now = self->session ? wt_message_list_before (self->messages, wt_session_position (self->session)) : 0;

  self->n_happened = now;
  if (now != before)
    wt_transcript_mark_rows (self, MAX (MIN (before, now), 1) - 1, MAX (before, now));
}

static void
on_position (WtTranscriptView *self)
{
  guint before = self->n_happened;

  update_happened (self);
  if (self->n_happened != before)
    scroll_to (self, MAX (self->n_happened, 1) - 1, TRUE);
}

static void
on_selected_event (WtTranscriptView *self)
{
  guint row;

  if (wt_message_list_find (self->messages, wt_session_selected_event (self->session), &row))
    scroll_to (self, row, FALSE);
}

static void
on_row_activated (WtTranscriptView *self, guint row)
{
  if (self->session && row < n_rows (self))
    wt_session_seek (self->session, wt_message_list_event (self->messages, row) + 1);
}

/* --- what is said round the list ---------------------------------------------------------------------------------- */

static void
update_empty (WtTranscriptView *self)
{
  gboolean empty = n_rows (self) == 0 && !wt_message_list_scanning (self->messages);
  gboolean filtered = self->session && wt_session_filter (self->session);

  gtk_stack_set_visible_child_name (self->stack, empty ? "empty" : "list");
  gtk_widget_set_visible (self->clear_button, filtered);
  adw_status_page_set_title (self->empty, filtered ? _("Nothing Matches") : _("No Messages Yet"));
  adw_status_page_set_description (self->empty, filtered
                                                    ? _("No message of this recording passes the filter.")
                                                    : _("Start the simulation or open a recording: each command and "
                                                        "each reply becomes a line here."));
}

static void
update_status (WtTranscriptView *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  guint n = n_rows (self), all = trace ? wt_trace_list_length (trace, WT_LIST_MESSAGES) : 0;
  guint dropped = trace ? wt_trace_n_dropped (trace) : 0;
  gboolean filtered = self->session && wt_session_filter (self->session);
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->show_all)
    g_string_append_printf (text, ngettext ("%'u event", "%'u events", n), n);
  else if (filtered)
    g_string_append_printf (text, ngettext ("%'u of %'u message", "%'u of %'u messages", all), n, all);
  else
    g_string_append_printf (text, ngettext ("%'u message", "%'u messages", n), n);
  if (dropped)
    g_string_append_printf (text, ngettext (" · %u old conversation was dropped to keep the limit",
                                            " · %u old conversations were dropped to keep the limit", dropped),
                            dropped);
  gtk_label_set_text (self->status, text->str);
}

/* A length for text, given for text of the usual size. */
static double
for_text (WtTranscriptView *self, double length)
{
  return length * wt_view_text_scale (GTK_WIDGET (self));
}

static void
set_width (WtTranscriptView *self, GtkColumnViewColumn *column, int width)
{
  gtk_column_view_column_set_fixed_width (column, for_text (self, width));
}

/* Numbers and times must fit; what the user made of the widths stays until they need another digit. */
static void
fit_numbers (WtTranscriptView *self)
{
  WtTrace *trace = self->session ? wt_session_trace (self->session) : NULL;
  guint digits = MIN_DIGITS, seconds = MIN_DIGITS;

  for (guint32 n = trace ? wt_trace_length (trace) : 0; n >= NUMBER_BASE; n /= 10)
    digits++;
  for (gint64 end = trace ? wt_trace_end_time (trace) / G_USEC_PER_SEC / 1000 : 0; end >= NUMBER_BASE; end /= 10)
    seconds++;
  if (self->digits != digits)
    set_width (self, self->number_column, CELL_PADDING + digits * DIGIT_WIDTH);
  if (self->seconds != seconds)
    set_width (self, self->time_column, CELL_PADDING + (seconds + 7) * DIGIT_WIDTH);
  self->digits = digits;
  self->seconds = seconds;
}

/* A column is taken out and not just hidden: with a hidden one GTK 4.8 does not let another expand. */
static void
show_column (WtTranscriptView *self, GtkColumnViewColumn *column, gboolean shown, guint *position)
{
  gboolean there = gtk_column_view_column_get_column_view (column) != NULL;

  if (shown && !there)
    gtk_column_view_insert_column (self->list, *position, column);
  else if (!shown && there)
    gtk_column_view_remove_column (self->list, column);
  *position += shown;
}

/* In a narrow place the summary needs the room most; what can be had elsewhere goes first. */
static gboolean
fit_columns (gpointer data)
{
  WtTranscriptView *self = data;
  double width = gtk_adjustment_get_page_size (gtk_scrolled_window_get_hadjustment (self->scrolled));
  guint position = 0;

  self->fit_idle = 0;
  if ((width >= for_text (self, WIDTH_FOR_NAMES)) != self->wide)
    {
      self->wide = !self->wide;
      set_width (self, self->source_column, self->wide ? WIDE_NAME : NARROW_NAME);
      set_width (self, self->destination_column, self->wide ? WIDE_NAME : NARROW_NAME);
    }
  show_column (self, self->number_column, width >= for_text (self, WIDTH_FOR_NUMBER), &position);
  show_column (self, self->time_column, width >= for_text (self, WIDTH_FOR_TIME), &position);
  show_column (self, self->source_column, TRUE, &position);
  show_column (self, self->destination_column, width >= for_text (self, WIDTH_FOR_DESTINATION), &position);
  show_column (self, self->protocol_column, width >= for_text (self, WIDTH_FOR_PROTOCOL), &position);
  return G_SOURCE_REMOVE;
}

/* Comes while widths are being given out: columns may change after that. */
static void
on_width (WtTranscriptView *self)
{
  double width = gtk_adjustment_get_page_size (gtk_scrolled_window_get_hadjustment (self->scrolled));

  if (width > 1 && !self->fit_idle)
    self->fit_idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, fit_columns, self, NULL);
}

static void
on_rows_changed (WtTranscriptView *self, guint position, guint removed, guint added)
{
  guint32 selected = self->session ? wt_session_selected_event (self->session) : WT_EVENT_NO_REF;
  guint before = self->n_happened, row;

  fit_numbers (self);
  update_happened (self);
  if (removed)
    wt_transcript_mark_rows (self, position, G_MAXUINT);
  update_empty (self);
  update_status (self);
  /* After another filter: where one was. In a growing trace: with the cursor. */
  if (removed && wt_message_list_find (self->messages, selected, &row))
    scroll_to (self, row, FALSE);
  else if (self->n_happened != before)
    scroll_to (self, MAX (self->n_happened, 1) - 1, TRUE);
}

static void
on_scanning (WtTranscriptView *self)
{
  gboolean scanning = wt_message_list_scanning (self->messages);

  gtk_spinner_set_spinning (self->spinner, scanning);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), scanning);
  update_empty (self);
}

/* --- the session -------------------------------------------------------------------------------------------------- */

static void
on_trace_changed (WtTranscriptView *self)
{
  update_happened (self);
  update_empty (self);
  update_status (self);
}

static void
connect_session (WtTranscriptView *self)
{
  g_signal_connect_swapped (self->session, "trace-changed", G_CALLBACK (on_trace_changed), self);
  g_signal_connect_swapped (self->session, "notify::position", G_CALLBACK (on_position), self);
  g_signal_connect_swapped (self->session, "notify::selected-event", G_CALLBACK (on_selected_event), self);
  g_signal_connect_swapped (self->session, "notify::length", G_CALLBACK (update_status), self);
  g_signal_connect_swapped (self->session, "notify::filter-text", G_CALLBACK (update_empty), self);
}

void
wt_transcript_view_set_session (WtTranscriptView *self, WtSession *session)
{
  if (session == self->session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  /* The list first: what is on the screen is unbound while the old session is still there. */
  wt_message_list_set_session (self->messages, NULL);
  g_set_object (&self->session, session);
  wt_message_list_set_session (self->messages, session);
  wt_filter_bar_set_session (self->filter, session);
  if (session)
    connect_session (self);
  on_trace_changed (self);
}

void
wt_transcript_view_set_names (WtTranscriptView *self, const WtCanvasNames *names, gpointer user_data,
                              GDestroyNotify destroy)
{
  wt_view_names_set (&self->names, names, user_data, destroy);
  wt_transcript_columns_refresh (self);
}

static void
set_show_all (WtTranscriptView *self, gboolean show_all)
{
  if (self->show_all == show_all)
    return;
  self->show_all = show_all;
  wt_message_list_set_show_all (self->messages, show_all);
  update_status (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SHOW_ALL]);
}

/* --- actions ------------------------------------------------------------------------------------------------------ */

static void
focus_filter (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (WT_TRANSCRIPT_VIEW (widget)->filter));
}

static void
clear_filter (GtkWidget *widget, const char *action, GVariant *parameter)
{
  wt_filter_bar_clear (WT_TRANSCRIPT_VIEW (widget)->filter);
}

/* --- GObject ------------------------------------------------------------------------------------------------------ */

static void
wt_transcript_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WtTranscriptView *self = WT_TRANSCRIPT_VIEW (object);

  if (id == PROP_SHOW_ALL)
    g_value_set_boolean (value, self->show_all);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_transcript_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SHOW_ALL)
    set_show_all (WT_TRANSCRIPT_VIEW (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_transcript_view_dispose (GObject *object)
{
  WtTranscriptView *self = WT_TRANSCRIPT_VIEW (object);

  wt_row_scroll_stop (&self->scroll);
  if (self->messages)
    {
      g_clear_handle_id (&self->fit_idle, g_source_remove);
      gtk_column_view_set_model (self->list, NULL);
      wt_transcript_view_set_session (self, NULL);
      g_signal_handlers_disconnect_by_data (self->messages, self);
      g_clear_object (&self->messages);
    }
  wt_view_names_set (&self->names, NULL, NULL, NULL);
  G_OBJECT_CLASS (wt_transcript_view_parent_class)->dispose (object);
}

static void
wt_transcript_view_finalize (GObject *object)
{
  g_hash_table_unref (WT_TRANSCRIPT_VIEW (object)->bound);
  G_OBJECT_CLASS (wt_transcript_view_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, WtTranscriptView, filter);
  gtk_widget_class_bind_template_child (widget_class, WtTranscriptView, stack);
  gtk_widget_class_bind_template_child (widget_class, WtTranscriptView, scrolled);
  gtk_widget_class_bind_template_child (widget_class, WtTranscriptView, list);
  gtk_widget_class_bind_template_child (widget_class, WtTranscriptView, number_column);
  gtk_widget_class_bind_template_child (widget_class, WtTranscriptView, time_column);
  gtk_widget_class_bind_template_child (widget_class, WtTranscriptView, source_column);
  gtk_widget_class_bind_template_child (widget_class, WtTranscriptView, destination_column);
  gtk_widget_class_bind_template_child (widget_class, WtTranscriptView, protocol_column);
  gtk_widget_class_bind_template_child (widget_class, WtTranscriptView, summary_column);
  gtk_widget_class_bind_template_child (widget_class, WtTranscriptView, empty);
  gtk_widget_class_bind_template_child (widget_class, WtTranscriptView, clear_button);
  gtk_widget_class_bind_template_child (widget_class, WtTranscriptView, status);
  gtk_widget_class_bind_template_child (widget_class, WtTranscriptView, spinner);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
}

static void
wt_transcript_view_class_init (WtTranscriptViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = wt_transcript_view_get_property;
  object_class->set_property = wt_transcript_view_set_property;
  object_class->dispose = wt_transcript_view_dispose;
  object_class->finalize = wt_transcript_view_finalize;
  props[PROP_SHOW_ALL] = g_param_spec_boolean ("show-all", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  wt_transcript_register_resource ();
  g_type_ensure (WT_TYPE_FILTER_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/transcript-view.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "transcript.focus-filter", NULL, focus_filter);
  gtk_widget_class_install_action (widget_class, "transcript.clear-filter", NULL, clear_filter);
  gtk_widget_class_install_property_action (widget_class, "transcript.show-all", "show-all");
}

static void
wt_transcript_view_init (WtTranscriptView *self)
{
  self->bound = g_hash_table_new (NULL, NULL);
  self->messages = wt_message_list_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  wt_protocol_style_add ();
  wt_view_style_add ("/io/github/wiretalk/Wiretalk/ui/transcript-view.css");
  wt_transcript_add_columns (self);
  set_width (self, self->source_column, NARROW_NAME);
  set_width (self, self->destination_column, NARROW_NAME);
  set_width (self, self->protocol_column, PROTOCOL);
  gtk_column_view_set_model (self->list, GTK_SELECTION_MODEL (self->messages));
  /* After the list, which tells its items of their new places. */
  g_signal_connect_swapped (self->messages, "items-changed", G_CALLBACK (on_rows_changed), self);
  g_signal_connect_swapped (self->messages, "notify::scanning", G_CALLBACK (on_scanning), self);
  g_signal_connect_object (gtk_scrolled_window_get_hadjustment (self->scrolled), "notify::page-size",
                           G_CALLBACK (on_width), self, G_CONNECT_SWAPPED);
  on_scanning (self);
  update_status (self);
}

GtkWidget *
wt_transcript_view_new (void)
{
  return g_object_new (WT_TYPE_TRANSCRIPT_VIEW, NULL);
}
