/* Transcript, inspector and mailboxes in a window: what one shows follows the session, and what is chosen in one is
 * chosen in the session. */
#include "app/ui/inspector/field-filter.h"
#include "app/ui/inspector/field-list.h"
#include "app/ui/inspector/hex-view.h"
#include "app/ui/inspector/inspector-view.h"
#include "app/ui/inspector/talk-counts.h"
#include "app/ui/mailboxes/mailbox-view.h"
#include "app/ui/transcript/filter-suggest.h"
#include "app/ui/transcript/transcript-view.h"
#include "app/trace/event-fields.h"
#include "tests/app/render/sample-trace.h"
#include "tests/gui/gui-wait.h"

/* --- helpers ------------------------------------------------------------------------------------------------------ */

static GtkWidget *
show (GtkWidget *child, int width, int height)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  gui_wait_for (gtk_widget_get_width (child) > 0);
  gtk_test_widget_wait_for_draw (child);
  return window;
}

/* First widget of that type below, depth first. */
static gpointer
find (GtkWidget *widget, GType type)
{
  GtkWidget *found = NULL;

  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type);
  return found;
}

static guint
count_class (GtkWidget *widget, const char *css_class)
{
  guint n = gtk_widget_has_css_class (widget, css_class) && gtk_widget_get_mapped (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    n += count_class (child, css_class);
  return n;
}

/* Rows that have not happened yet. */
static guint
count_dim (GtkWidget *widget)
{
  guint n = gtk_widget_get_opacity (widget) < 0.9 && gtk_widget_get_mapped (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    n += count_dim (child);
  return n;
}

static guint32
nth_message (WtTrace *trace, guint i)
{
  return wt_trace_list_nth (trace, WT_LIST_MESSAGES, i);
}

/* --- transcript --------------------------------------------------------------------------------------------------- */

static void
test_transcript_cursor (void)
{
  g_autoptr (WtSession) session = wt_session_new ();
  g_autoptr (WtTrace) trace = sample_trace_new ();
  GtkWidget *view = wt_transcript_view_new (), *window = show (view, 900, 1200);
  GtkColumnView *list = find (view, GTK_TYPE_COLUMN_VIEW);
  guint n = wt_trace_list_length (trace, WT_LIST_MESSAGES);

  wt_transcript_view_set_session (WT_TRANSCRIPT_VIEW (view), session);
  wt_session_set_trace (session, trace);
  gui_wait_for (count_dim (view) == n);
  wt_session_seek (session, nth_message (trace, 4) + 1);
  gui_wait_for (count_dim (view) == n - 5);
  g_assert_cmpuint (count_class (view, "wt-at-cursor"), ==, 1);
  g_signal_emit_by_name (list, "activate", 9);
  g_assert_cmpuint (wt_session_position (session), ==, nth_message (trace, 9) + 1);
  gui_wait_for (count_dim (view) == n - 10);
  wt_session_seek (session, wt_trace_length (trace));
  gui_wait_for (count_dim (view) == 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_transcript_filter (void)
{
  g_autoptr (WtSession) session = wt_session_new ();
  g_autoptr (WtTrace) trace = sample_trace_new ();
  GtkWidget *view = wt_transcript_view_new (), *window = show (view, 900, 600);
  GtkEditable *entry = find (view, GTK_TYPE_ENTRY);
  GtkStack *stack = find (view, GTK_TYPE_STACK);
  g_autofree char *text = NULL;

  wt_transcript_view_set_session (WT_TRANSCRIPT_VIEW (view), session);
  wt_session_set_trace (session, trace);
  gtk_editable_set_text (entry, "dns");
  gui_wait_for (wt_session_filter (session) != NULL);
  gtk_editable_set_text (entry, "dns &&");
  gui_wait_for (gtk_widget_has_css_class (GTK_WIDGET (entry), "error"));
  g_object_get (session, "filter-text", &text, NULL);
  g_assert_cmpstr (text, ==, "dns"); /* the old one stays at work */
  g_assert_true (wt_session_set_filter (session, "snmp || frame.number == 0", NULL, NULL)
                 || wt_session_set_filter (session, "frame.number == 0", NULL, NULL));
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (entry), "error"));
  g_assert_nonnull (g_strrstr (gtk_editable_get_text (entry), "frame.number == 0"));
  gui_wait_for (g_str_equal (gtk_stack_get_visible_child_name (stack), "empty"));
  gtk_widget_activate_action (view, "transcript.clear-filter", NULL);
  gui_wait_for (g_str_equal (gtk_stack_get_visible_child_name (stack), "list"));
  g_assert_null (wt_session_filter (session));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* In a growing trace whose end the cursor follows, the last row is in sight. */
static void
test_transcript_follows (void)
{
  g_autoptr (WtSession) session = wt_session_new ();
  g_autoptr (WtTrace) trace = wt_trace_new ();
  GtkWidget *view = wt_transcript_view_new (), *window = show (view, 900, 400);
  GtkScrolledWindow *scrolled = find (view, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *vertical = gtk_scrolled_window_get_vadjustment (scrolled);
  WtEvent event = { .kind = WT_EVENT_MESSAGE, .protocol = WT_PROTOCOL_SMTP, .ref = WT_EVENT_NO_REF };

  event.entity = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_CONVERSATION });
  wt_transcript_view_set_session (WT_TRANSCRIPT_VIEW (view), session);
  wt_session_set_trace (session, trace);
  g_object_set (session, "follow", TRUE, NULL);
  for (guint i = 0; i < 30; i++)
    {
      for (guint k = 0; k < 10; k++)
        wt_trace_append (trace, &event);
      gui_wait_for (wt_session_position (session) == wt_trace_length (trace));
      gtk_test_widget_wait_for_draw (view);
    }
  gui_wait_for (gtk_adjustment_get_upper (vertical) > 300 * 15);
  gui_wait_for (gtk_adjustment_get_value (vertical) + gtk_adjustment_get_page_size (vertical)
                > gtk_adjustment_get_upper (vertical) - 2);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_suggestions (void)
{
  static const struct { const char *text; guint position; const char *word, *first; } rows[] = {
    { "smtp.resp", 9, "smtp.resp", "smtp.response" },
    { "dns && smtp.req.c", 17, "smtp.req.c", "smtp.req.command" },
    { "(tcp.po", 7, "tcp.po", "tcp.port" },
    { "ü == fram", 9, "fram", "frame" },
    { "smtp && dns", 4, "smtp", "smtp" },
    { "nosuch", 6, "nosuch", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint start = wt_filter_suggest_word (rows[i].text, rows[i].position);
      g_autofree char *word = g_utf8_substring (rows[i].text, start, rows[i].position);
      g_autoptr (GPtrArray) found = wt_filter_suggest_find (word);

      g_assert_cmpstr (word, ==, rows[i].word);
      g_assert_cmpuint (found->len, <=, WT_FILTER_SUGGEST_MAX);
      g_assert_cmpstr (found->len ? ((const WtFieldInfo *) found->pdata[0])->name : NULL, ==, rows[i].first);
    }
}

/* --- hex view ----------------------------------------------------------------------------------------------------- */

static void
on_byte (WtHexView *view, guint64 offset, guint64 *last)
{
  *last = offset;
}

/* Each byte is hit on its own digits, and nothing is hit beside the dump, whatever the width. */
static void
test_hex_hits (gconstpointer width)
{
  g_autofree guint8 *data = g_malloc0 (300000);
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_steal_pointer (&data), 300000);
  GtkWidget *view = wt_hex_view_new (), *scrolled = gtk_scrolled_window_new (), *window;
  gsize offsets[] = { 0, 1, 7, 8, 15, 16, 100, 4097, 150000, 299999 };
  guint64 last = 0;

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  g_signal_connect (view, "byte-selected", G_CALLBACK (on_byte), &last);
  window = show (scrolled, GPOINTER_TO_INT (width), 300);
  wt_hex_view_set_bytes (WT_HEX_VIEW (view), bytes);
  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      graphene_rect_t area;
      graphene_point_t middle;

      wt_hex_view_highlight (WT_HEX_VIEW (view), offsets[i], offsets[i] + 1);
      wt_hex_view_byte_area (WT_HEX_VIEW (view), offsets[i], &area);
      graphene_rect_get_center (&area, &middle);
      g_assert_cmpuint (wt_hex_view_byte_at (WT_HEX_VIEW (view), middle.x, middle.y), ==, offsets[i]);
      g_assert_cmpfloat (middle.y, >, 0);
      g_assert_cmpfloat (middle.y, <, gtk_widget_get_height (view));
    }
  g_assert_cmpuint (last, ==, 0); /* nobody clicked */
  g_assert_cmpuint (wt_hex_view_byte_at (WT_HEX_VIEW (view), -5, 10), ==, WT_HEX_NO_BYTE);
  g_assert_cmpuint (wt_hex_view_byte_at (WT_HEX_VIEW (view), 3000, 10), ==, WT_HEX_NO_BYTE);
  g_assert_cmpuint (wt_hex_view_byte_at (WT_HEX_VIEW (view), 60, 290), ==, WT_HEX_NO_BYTE);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_hex_copy (void)
{
  GtkWidget *view = g_object_ref_sink (wt_hex_view_new ());
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\x00\x1f\xff", 3);
  g_autofree char *text = NULL;

  g_assert_null (wt_hex_view_copy (WT_HEX_VIEW (view)));
  wt_hex_view_set_bytes (WT_HEX_VIEW (view), bytes);
  wt_hex_view_highlight (WT_HEX_VIEW (view), 1, 100);
  text = wt_hex_view_copy (WT_HEX_VIEW (view));
  g_assert_cmpstr (text, ==, "1f ff");
  g_object_unref (view);
}

/* --- inspector ---------------------------------------------------------------------------------------------------- */

static const WtField *
selected_field (GtkWidget *inspector)
{
  GtkListView *tree = find (inspector, GTK_TYPE_LIST_VIEW);
  GtkTreeListRow *row = gtk_single_selection_get_selected_item (GTK_SINGLE_SELECTION (gtk_list_view_get_model (tree)));
  g_autoptr (WtFieldItem) item = row ? gtk_tree_list_row_get_item (row) : NULL;

  return item ? wt_field_item_field (item) : NULL;
}

/* Every byte of a command selects a field that covers it; the field's bytes are highlighted. */
static void
test_inspector_bytes (void)
{
  g_autoptr (WtSession) session = wt_session_new ();
  g_autoptr (WtTrace) trace = sample_trace_new ();
  GtkWidget *view = wt_inspector_view_new (), *window = show (view, 500, 700);
  guint32 n = nth_message (trace, 5); /* RCPT */
  const WtEvent *event = wt_trace_event (trace, n);
  WtHexView *hex;

  wt_inspector_view_set_session (WT_INSPECTOR_VIEW (view), session);
  wt_session_set_trace (session, trace);
  wt_session_select_event (session, n);
  hex = find (view, WT_TYPE_HEX_VIEW);
  gui_wait_for (selected_field (view) != NULL);
  for (guint64 i = 0; i < event->payload_len; i++)
    {
      const WtField *field;

      g_signal_emit_by_name (hex, "byte-selected", i);
      field = selected_field (view);
      g_assert_cmpuint (field->start, <=, i);
      g_assert_cmpuint (field->end, >, i);
    }
  /* The caret goes to the field that is chosen in the tree. */
  g_signal_emit_by_name (hex, "byte-selected", (guint64) 0);
  g_assert_cmpuint (wt_hex_view_caret (hex), <, selected_field (view)->end);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What was chosen stays chosen, by name, from message to message. */
static void
test_inspector_keeps_field (void)
{
  g_autoptr (WtSession) session = wt_session_new ();
  g_autoptr (WtTrace) trace = sample_trace_new ();
  GtkWidget *view = wt_inspector_view_new (), *window = show (view, 500, 700);

  wt_inspector_view_set_session (WT_INSPECTOR_VIEW (view), session);
  wt_session_set_trace (session, trace);
  wt_session_select_event (session, nth_message (trace, 4)); /* 250 */
  gui_wait_for (selected_field (view) != NULL);
  g_signal_emit_by_name (find (view, WT_TYPE_HEX_VIEW), "byte-selected", (guint64) 1);
  g_assert_cmpstr (selected_field (view)->info->name, ==, "smtp.response.code");
  wt_session_select_event (session, nth_message (trace, 8)); /* 354 */
  gui_wait_for (selected_field (view)->number == 354);
  g_assert_cmpstr (selected_field (view)->info->name, ==, "smtp.response.code");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The filter that a field gives finds the message again. */
static gboolean
filter_matches (const WtField *field, guint depth, gpointer data)
{
  struct { WtTrace *trace; guint32 n; guint n_fields; } *test = data;
  g_autofree char *text = wt_field_to_filter (field);
  g_autoptr (GError) error = NULL;
  g_autoptr (WtFilter) filter = wt_filter_new (text, NULL, &error);

  g_test_message ("%s", text);
  g_assert_no_error (error);
  g_assert_true (wt_filter_match (filter, test->trace, test->n));
  test->n_fields++;
  return TRUE;
}

static void
test_field_filters (void)
{
  g_autoptr (WtTrace) trace = sample_trace_new ();
  struct { WtTrace *trace; guint32 n; guint n_fields; } test = { trace, 0, 0 };

  for (guint i = 0; i < wt_trace_list_length (trace, WT_LIST_MESSAGES); i++)
    {
      g_autoptr (GPtrArray) roots = wt_event_fields (trace, nth_message (trace, i));

      test.n = nth_message (trace, i);
      for (guint k = 0; k < roots->len; k++)
        wt_field_walk (roots->pdata[k], filter_matches, &test);
    }
  g_assert_cmpuint (test.n_fields, >, 500);
}

/* Counting forward in slices, and anew after a step back, comes to the same. */
static void
test_counts (void)
{
  g_autoptr (WtTrace) trace = sample_trace_long (150000);
  guint32 talk = 0;
  guint slices = 0;
  guint32 ends[] = { 1000, wt_trace_length (trace), 500 };
  WtTalkCounter counter = { 0 };

  for (guint32 id = 1; !talk; id++)
    talk = wt_trace_entity (trace, id)->kind == WT_ENTITY_CONVERSATION ? id : 0;
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      guint n = 0;

      while (!wt_talk_counter_count (&counter, trace, talk, ends[i]))
        slices++;
      for (guint32 k = 0; k < ends[i]; k++)
        n += wt_trace_event (trace, k)->kind == WT_EVENT_MESSAGE;
      g_assert_cmpuint (counter.counts.n_messages[0] + counter.counts.n_messages[1], ==, n);
    }
  g_assert_cmpuint (slices, >, 0);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/transcript/cursor", test_transcript_cursor);
  g_test_add_func ("/transcript/filter", test_transcript_filter);
  g_test_add_func ("/transcript/follows", test_transcript_follows);
  g_test_add_func ("/transcript/suggestions", test_suggestions);
  g_test_add_data_func ("/hex/hits/wide", GINT_TO_POINTER (900), test_hex_hits);
  g_test_add_data_func ("/hex/hits/middle", GINT_TO_POINTER (420), test_hex_hits);
  g_test_add_data_func ("/hex/hits/narrow", GINT_TO_POINTER (220), test_hex_hits);
  g_test_add_func ("/hex/copy", test_hex_copy);
  g_test_add_func ("/inspector/bytes", test_inspector_bytes);
  g_test_add_func ("/inspector/keeps-field", test_inspector_keeps_field);
  g_test_add_func ("/inspector/field-filters", test_field_filters);
  g_test_add_func ("/inspector/counts", test_counts);
  return g_test_run ();
}
