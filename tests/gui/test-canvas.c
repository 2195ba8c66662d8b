#include "app/render/host-symbols.h"
#include "app/ui/canvas/canvas-private.h"
#include "tests/app/render/sample-trace.h"
#include "tests/gui/gui-wait.h"
#include "tests/gui/widgets.h"

#include <math.h>

typedef struct { WtSession *session; WtTrace *trace; GtkWidget *canvas, *window; } Scene;

static void
set_up (Scene *scene, gconstpointer data)
{
  scene->trace = sample_trace_new ();
  scene->session = wt_session_new ();
  scene->canvas = wt_canvas_new ();
  wt_canvas_set_session (WT_CANVAS (scene->canvas), scene->session);
  wt_session_set_trace (scene->session, scene->trace);
  scene->window = widgets_show (scene->canvas, 900, 600);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (scene->window));
  g_object_unref (scene->session);
  wt_trace_unref (scene->trace);
}

static GtkWidget *
item (Scene *scene, const char *name)
{
  guint32 id = wt_trace_find_entity (scene->trace, WT_ENTITY_NODE, 0, name);

  return g_hash_table_lookup (WT_CANVAS (scene->canvas)->by_entity, GUINT_TO_POINTER (id));
}

static graphene_rect_t
place (Scene *scene, const char *name)
{
  graphene_rect_t box;

  g_assert_true (gtk_widget_compute_bounds (item (scene, name), scene->canvas, &box));
  return box;
}

/* Hosts and links are children with a name; all lie in sight. */
static void
test_items (Scene *scene, gconstpointer data)
{
  static const char *const hosts[] = { "alice-pc", "mail.example.org", "router1",
                                       "router2",  "ns.example.net",   "mail.example.net" };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      graphene_rect_t box = place (scene, hosts[i]);

      gtk_test_accessible_assert_property (GTK_ACCESSIBLE (item (scene, hosts[i])), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                           hosts[i]);
      g_assert_true (box.origin.x >= 0 && box.origin.x + box.size.width <= gtk_widget_get_width (scene->canvas));
      g_assert_true (box.origin.y >= 0 && box.origin.y + box.size.height <= gtk_widget_get_height (scene->canvas));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (scene->canvas); child;
       child = gtk_widget_get_next_sibling (child))
    n++;
  g_assert_cmpuint (n, ==, 11);
}

/* What is chosen here is chosen in the session, and the other way round. */
static void
test_selection (Scene *scene, gconstpointer data)
{
  guint32 dns = wt_trace_find_entity (scene->trace, WT_ENTITY_NODE, 0, "ns.example.net");

  g_signal_emit_by_name (item (scene, "ns.example.net"), "clicked");
  g_assert_cmpuint (wt_session_selected_entity (scene->session), ==, dns);
  gtk_test_accessible_assert_state (GTK_ACCESSIBLE (item (scene, "ns.example.net")), GTK_ACCESSIBLE_STATE_PRESSED,
                                    GTK_ACCESSIBLE_TRISTATE_TRUE);
  wt_session_select_entity (scene->session, wt_trace_find_entity (scene->trace, WT_ENTITY_NODE, 0, "alice-pc"));
  gtk_test_accessible_assert_state (GTK_ACCESSIBLE (item (scene, "ns.example.net")), GTK_ACCESSIBLE_STATE_PRESSED,
                                    GTK_ACCESSIBLE_TRISTATE_FALSE);
  gtk_test_accessible_assert_state (GTK_ACCESSIBLE (item (scene, "alice-pc")), GTK_ACCESSIBLE_STATE_PRESSED,
                                    GTK_ACCESSIBLE_TRISTATE_TRUE);
}

/* The state at the cursor is in the description: back and forth gives the same. */
static void
test_descriptions (Scene *scene, gconstpointer data)
{
  GtkAccessible *dns = GTK_ACCESSIBLE (item (scene, "ns.example.net"));

  for (guint i = 0; i < 2; i++)
    {
      wt_session_seek (scene->session, wt_trace_length (scene->trace));
      gtk_test_accessible_assert_property (dns, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Name server; down");
      gtk_test_accessible_assert_property (GTK_ACCESSIBLE (item (scene, "mail.example.net")),
                                           GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Mail server; 1 mail in its mailboxes");
      wt_session_seek (scene->session, 20);
      gtk_test_accessible_assert_property (dns, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Name server");
      gtk_test_accessible_assert_property (GTK_ACCESSIBLE (item (scene, "alice-pc")),
                                           GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Mail client; 1 open session");
    }
}

/* Tab goes through every host and link once, arrows to a neighbour in that direction. */
static void
test_keyboard (Scene *scene, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  graphene_rect_t before, after;

  gtk_window_set_focus (GTK_WINDOW (scene->window), NULL);
  for (guint i = 0; i < 11; i++)
    {
      g_assert_true (gtk_widget_child_focus (scene->canvas, GTK_DIR_TAB_FORWARD));
      g_assert_true (g_hash_table_add (seen, gtk_root_get_focus (GTK_ROOT (scene->window))));
    }
  g_assert_false (gtk_widget_child_focus (scene->canvas, GTK_DIR_TAB_FORWARD));
  gtk_widget_grab_focus (item (scene, "router1"));
  before = place (scene, "router1");
  g_assert_true (gtk_widget_child_focus (scene->canvas, GTK_DIR_RIGHT));
  g_assert_true (gtk_widget_compute_bounds (gtk_root_get_focus (GTK_ROOT (scene->window)), scene->canvas, &after));
  g_assert_cmpfloat (after.origin.x, >, before.origin.x);
}

static void
test_zoom (Scene *scene, gconstpointer data)
{
  WtCanvas *canvas = WT_CANVAS (scene->canvas);
  graphene_rect_t before = place (scene, "router1"), after;
  double fitted = canvas->zoom;

  g_assert_true (gtk_widget_activate_action (scene->canvas, "canvas.zoom-in", NULL));
  gtk_test_widget_wait_for_draw (scene->window);
  after = place (scene, "router1");
  g_assert_cmpfloat_with_epsilon (canvas->zoom, fitted * 1.2, 1e-9);
  g_assert_cmpfloat (after.size.width, >, before.size.width);
  /* The point under the pointer stays where it is. */
  wt_canvas_zoom_at (canvas, 3, 200, 100);
  wt_canvas_zoom_at (canvas, 1, 200, 100);
  wt_canvas_zoom_at (canvas, 1e9, 200, 100);
  g_assert_cmpfloat (canvas->zoom, ==, WT_CANVAS_ZOOM_MAX);
  g_assert_true (gtk_widget_activate_action (scene->canvas, "canvas.fit", NULL));
  gtk_test_widget_wait_for_draw (scene->window);
  after = place (scene, "router1");
  g_assert_cmpfloat_with_epsilon (canvas->zoom, fitted, 1e-9);
  g_assert_cmpfloat_with_epsilon (after.origin.x, before.origin.x, 1.01);
}

/* A packet can be hit where it is drawn. */
static void
test_packet_hit (Scene *scene, gconstpointer data)
{
  WtCanvas *canvas = WT_CANVAS (scene->canvas);
  const WtFlyingPacket *packet;

  wt_session_seek_time (scene->session, 95 * SAMPLE_MSEC);
  gtk_test_widget_wait_for_draw (scene->window);
  g_assert_cmpuint (canvas->flying->len, ==, 1);
  packet = &g_array_index (canvas->flying, WtFlyingPacket, 0);
  g_assert_cmpuint (
      wt_canvas_packet_at (canvas, packet->x * canvas->zoom + canvas->pan_x, packet->y * canvas->zoom + canvas->pan_y),
      ==, packet->event);
  g_assert_cmpuint (wt_canvas_packet_at (canvas, 1, 1), ==, WT_EVENT_NO_REF);
}

/* Nothing moves: nothing is drawn. A step draws, and then it is quiet again. */
static void
test_idle (Scene *scene, gconstpointer data)
{
  widgets_assert_quiet (scene->window);
  wt_session_step (scene->session, 1);
  g_assert_cmpuint (widgets_count_frames (scene->window, 200), >, 0);
  widgets_assert_quiet (scene->window);
}

/* Live: messages that arrive fly after the fact, and the clock stops when they have landed. */
static void
test_live (Scene *scene, gconstpointer data)
{
  g_autoptr (WtTrace) live = wt_trace_new ();
  guint32 n = 0;

  for (guint32 id = 1; id <= wt_trace_n_entities (scene->trace); id++)
    wt_trace_add_entity (live, wt_trace_entity (scene->trace, id));
  wt_session_set_trace (scene->session, live);
  g_object_set (scene->session, "follow", TRUE, NULL);
  gtk_test_widget_wait_for_draw (scene->window);
  for (guint sent = 0; sent < 4; n++)
    if (wt_trace_event (scene->trace, n)->kind != WT_EVENT_PACKET)
      {
        wt_trace_append (live, wt_trace_event (scene->trace, n));
        sent += wt_trace_event (scene->trace, n)->kind == WT_EVENT_MESSAGE;
      }
  gui_wait_for (WT_CANVAS (scene->canvas)->live->len > 0);
  g_assert_cmpuint (widgets_count_frames (scene->window, 200), >, 3);
  gui_wait_for (WT_CANVAS (scene->canvas)->tick == 0);
  widgets_assert_quiet (scene->window);
}

/* Another trace, and none at all. */
static void
test_other_trace (Scene *scene, gconstpointer data)
{
  g_autoptr (WtTrace) big = sample_trace_big (40, 50, 100);

  wt_session_set_trace (scene->session, big);
  wt_session_seek_time (scene->session, 800 * SAMPLE_MSEC);
  gtk_test_widget_wait_for_draw (scene->window);
  g_assert_cmpuint (WT_CANVAS (scene->canvas)->items->len, ==, 90);
  g_assert_cmpuint (WT_CANVAS (scene->canvas)->flying->len, ==, 100);
  wt_canvas_set_session (WT_CANVAS (scene->canvas), NULL);
  gtk_widget_queue_draw (scene->canvas);
  gtk_test_widget_wait_for_draw (scene->window);
  g_assert_null (gtk_widget_get_first_child (scene->canvas));
}

int
main (int argc, char **argv)
{
  static const struct { const char *path; void (*func) (Scene *scene, gconstpointer data); } tests[] = {
    { "/canvas-widget/items", test_items },             { "/canvas-widget/selection", test_selection },
    { "/canvas-widget/descriptions", test_descriptions }, { "/canvas-widget/keyboard", test_keyboard },
    { "/canvas-widget/zoom", test_zoom },               { "/canvas-widget/packet-hit", test_packet_hit },
    { "/canvas-widget/idle", test_idle },               { "/canvas-widget/live", test_live },
    { "/canvas-widget/other-trace", test_other_trace },
  };

  widgets_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Scene, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
