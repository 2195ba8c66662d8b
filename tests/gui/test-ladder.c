#include "app/trace/event-fields.h"
#include "app/ui/ladder/ladder-private.h"
#include "app/ui/ladder/ladder-view.h"
#include "app/ui/states/state-area.h"
#include "app/ui/states/state-view.h"
#include "tests/app/render/sample-trace.h"
#include "tests/gui/gui-wait.h"
#include "tests/gui/widgets.h"

#include <adwaita.h>

typedef struct { WtSession *session; WtTrace *trace; GtkWidget *ladder, *states, *window; WtLadderArea *area; } Scene;

static void
set_up (Scene *scene, gconstpointer data)
{
  GtkWidget *both = gtk_paned_new (GTK_ORIENTATION_HORIZONTAL);

  scene->trace = sample_trace_new ();
  scene->session = wt_session_new ();
  scene->ladder = wt_ladder_view_new ();
  scene->states = wt_state_view_new ();
  scene->area = WT_LADDER_AREA (widgets_find (scene->ladder, WT_TYPE_LADDER_AREA));
  gtk_paned_set_start_child (GTK_PANED (both), scene->ladder);
  gtk_paned_set_end_child (GTK_PANED (both), scene->states);
  wt_ladder_view_set_session (WT_LADDER_VIEW (scene->ladder), scene->session);
  wt_state_view_set_session (WT_STATE_VIEW (scene->states), scene->session);
  wt_session_set_trace (scene->session, scene->trace);
  scene->window = widgets_show (both, 1100, 500);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (scene->window));
  g_object_unref (scene->session);
  wt_trace_unref (scene->trace);
}

static WtLadder *
ladder (Scene *scene)
{
  return wt_ladder_view_ladder (WT_LADDER_VIEW (scene->ladder));
}

/* The area is called as its current row. */
static void
assert_row (Scene *scene, guint32 event)
{
  g_autofree char *summary = wt_event_summary (scene->trace, event);

  g_assert_cmpuint (wt_session_selected_event (scene->session), ==, event);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (scene->area), GTK_ACCESSIBLE_PROPERTY_LABEL, summary);
}

static void
test_rows (Scene *scene, gconstpointer data)
{
  WtLadder *rows = ladder (scene);
  guint n = wt_ladder_n_rows (rows);

  g_assert_cmpuint (n, >, 30);
  wt_ladder_area_move (scene->area, 1);
  assert_row (scene, wt_ladder_row_event (rows, 0));
  wt_ladder_area_move (scene->area, 1);
  assert_row (scene, wt_ladder_row_event (rows, 1));
  wt_ladder_area_move (scene->area, G_MAXINT);
  assert_row (scene, wt_ladder_row_event (rows, n - 1));
  wt_ladder_area_move (scene->area, -1);
  assert_row (scene, wt_ladder_row_event (rows, n - 2));
  wt_ladder_area_move (scene->area, -G_MAXINT);
  assert_row (scene, wt_ladder_row_event (rows, 0));
}

static void
test_go (Scene *scene, gconstpointer data)
{
  guint32 event = wt_ladder_row_event (ladder (scene), 7);

  wt_ladder_area_go (scene->area, event);
  g_assert_cmpuint (wt_session_position (scene->session), ==, event + 1);
  wt_ladder_area_go (scene->area, WT_EVENT_NO_REF);
  g_assert_cmpuint (wt_session_position (scene->session), ==, event + 1);
}

/* Wherever it goes, the cursor's line is in the part that can be seen, below the hosts. */
static void
test_cursor_in_sight (Scene *scene, gconstpointer data)
{
  for (guint axis = 0; axis < 2; axis++)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed (2);

      g_object_set (scene->ladder, "axis", axis, NULL);
      gtk_test_widget_wait_for_draw (scene->window);
      for (guint i = 0; i < 200; i++)
        {
          guint32 position = g_rand_int_range (random, 0, wt_trace_length (scene->trace) + 1);
          GtkAdjustment *adjustment = scene->area->adjustments[GTK_ORIENTATION_VERTICAL];
          double y;

          wt_session_seek (scene->session, position);
          y = wt_ladder_y_of_cursor (ladder (scene), position, wt_session_time (scene->session))
              - gtk_adjustment_get_value (adjustment);
          g_assert_cmpfloat (y, >=, WT_LADDER_HEADER);
          g_assert_cmpfloat (y, <=, gtk_adjustment_get_page_size (adjustment));
        }
    }
}

static void
test_hit (Scene *scene, gconstpointer data)
{
  guint32 event = wt_ladder_row_event (ladder (scene), 3);
  double left, right, y;

  wt_session_select_event (scene->session, event);
  g_assert_true (
      wt_ladder_x_of_event (ladder (scene), gtk_widget_get_width (GTK_WIDGET (scene->area)), event, &left, &right));
  y = wt_ladder_y_of_event (ladder (scene), event)
      - gtk_adjustment_get_value (scene->area->adjustments[GTK_ORIENTATION_VERTICAL]);
  left -= gtk_adjustment_get_value (scene->area->adjustments[GTK_ORIENTATION_HORIZONTAL]);
  g_assert_cmpuint (
      wt_ladder_area_event_at (scene->area,
                               wt_trace_event (scene->trace, event)->flags & WT_EVENT_TO_CLIENT ? left : left + 1, y),
      ==, event);
  g_assert_cmpuint (wt_ladder_area_event_at (scene->area, left, 5), ==, WT_EVENT_NO_REF);
}

/* The toolbar's buttons are the properties. */
static void
test_properties (Scene *scene, gconstpointer data)
{
  guint n = wt_ladder_n_rows (ladder (scene)), n_with;
  double compressed = wt_ladder_height (ladder (scene));
  gboolean segments;
  int axis;

  g_object_set (scene->ladder, "segments", TRUE, NULL);
  g_object_get (scene->ladder, "segments", &segments, "axis", &axis, NULL);
  g_assert_true (segments);
  g_assert_cmpint (axis, ==, WT_LADDER_COMPRESSED);
  n_with = wt_ladder_n_rows (ladder (scene));
  g_assert_cmpuint (n_with, >, n);
  g_object_set (scene->ladder, "segments", FALSE, "axis", WT_LADDER_TRUE, NULL);
  g_assert_cmpfloat (wt_ladder_height (ladder (scene)), >, compressed);
  g_object_set (scene->ladder, "axis", WT_LADDER_COMPRESSED, NULL);
  g_assert_cmpfloat (wt_ladder_height (ladder (scene)), ==, compressed);
}

/* Only one conversation: that of what is selected, whichever that is. */
static void
test_only_conversation (Scene *scene, gconstpointer data)
{
  guint32 n = wt_trace_list_length (scene->trace, WT_LIST_MESSAGES);
  guint32 first = wt_trace_list_nth (scene->trace, WT_LIST_MESSAGES, 0),
          last = wt_trace_list_nth (scene->trace, WT_LIST_MESSAGES, n - 1);

  g_object_set (scene->ladder, "only-conversation", TRUE, NULL);
  wt_session_select_event (scene->session, last);
  g_assert_cmpuint (wt_ladder_row_event (ladder (scene), wt_ladder_row_of_event (ladder (scene), last)), ==, last);
  g_assert_cmpuint (wt_ladder_row_event (ladder (scene), wt_ladder_row_of_event (ladder (scene), first)), !=, first);
  wt_session_select_event (scene->session, first);
  g_assert_cmpuint (wt_ladder_row_event (ladder (scene), wt_ladder_row_of_event (ladder (scene), first)), ==, first);
}

/* Rows come as the trace grows; before the first there is a page that says so. */
static void
test_growth (Scene *scene, gconstpointer data)
{
  g_autoptr (WtTrace) trace = wt_trace_new ();
  GtkWidget *stack = widgets_find (scene->ladder, GTK_TYPE_STACK);

  wt_session_set_trace (scene->session, trace);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (stack)), ==, "empty");
  g_object_set (scene->session, "follow", TRUE, NULL);
  for (guint32 n = 10; n <= wt_trace_length (scene->trace); n += 40)
    {
      sample_trace_replay (scene->trace, trace, n);
      gui_wait_for (wt_session_position (scene->session) == n);
      gui_wait_for (wt_ladder_n_rows (ladder (scene)) > 0
                    && wt_ladder_row_event (ladder (scene), wt_ladder_n_rows (ladder (scene)) - 1) >= n - 10);
    }
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (stack)), ==, "ladder");
}

/* --- states ------------------------------------------------------------------------------------------------------- */

/* The state at the cursor, of the selected conversation or of the last that spoke. */
static void
test_states (Scene *scene, gconstpointer data)
{
  GtkAccessible *area = GTK_ACCESSIBLE (widgets_find (scene->states, WT_TYPE_STATE_AREA));
  GtkWidget *stack = widgets_find (scene->states, GTK_TYPE_STACK);
  guint32 query;

  for (guint32 position = 1; position <= wt_trace_length (scene->trace); position++)
    {
      const WtEvent *event = wt_trace_event (scene->trace, position - 1);
      const WtState *state;
      g_autofree char *label = NULL;

      if (event->kind != WT_EVENT_STATE)
        continue;
      wt_session_select_entity (scene->session, event->entity);
      wt_session_seek (scene->session, position);
      state = &wt_dissector_for (event->protocol)->states->states[event->value];
      label = g_strdup_printf ("SMTP: %s", state->label);
      gtk_test_accessible_assert_property (area, GTK_ACCESSIBLE_PROPERTY_LABEL, label);
      g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (stack)), ==, "diagram");
    }
  for (query = 1; wt_trace_entity (scene->trace, query)->protocol != WT_PROTOCOL_DNS; query++)
    ;
  wt_session_select_entity (scene->session, query);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (stack)), ==, "stateless");
}

static void
test_idle (Scene *scene, gconstpointer data)
{
  widgets_assert_quiet (scene->window);
  wt_session_seek_time (scene->session, 95 * SAMPLE_MSEC);
  g_assert_cmpuint (widgets_count_frames (scene->window, 200), >, 0);
  widgets_assert_quiet (scene->window);
}

int
main (int argc, char **argv)
{
  static const struct { const char *path; void (*func) (Scene *scene, gconstpointer data); } tests[] = {
    { "/ladder-view/rows", test_rows },             { "/ladder-view/go", test_go },
    { "/ladder-view/cursor-in-sight", test_cursor_in_sight }, { "/ladder-view/hit", test_hit },
    { "/ladder-view/properties", test_properties }, { "/ladder-view/only-conversation", test_only_conversation },
    { "/ladder-view/growth", test_growth },         { "/ladder-view/idle", test_idle },
    { "/state-view/states", test_states },
  };

  widgets_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Scene, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
