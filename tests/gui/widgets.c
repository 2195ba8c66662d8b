#include "tests/gui/widgets.h"

#include "tests/gui/gui-wait.h"

#include <adwaita.h>

void
widgets_init (int *argc, char ***argv)
{
  gtk_test_init (argc, argv, NULL);
  adw_init ();
}

GtkWidget *
widgets_show (GtkWidget *child, int width, int height)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  return window;
}

static gboolean
on_timeout (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
widgets_spin (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_timeout, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

GtkWidget *
widgets_find (GtkWidget *root, GType type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (root, type) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = widgets_find (child, type);
  return found;
}

static void
on_frame (GdkFrameClock *clock, guint *n)
{
  (*n)++;
}

guint
widgets_count_frames (GtkWidget *window, guint ms)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  guint n = 0;
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (on_frame), &n);

  widgets_spin (ms);
  g_signal_handler_disconnect (clock, handler);
  return n;
}

void
widgets_assert_quiet (GtkWidget *window)
{
  /* Fading scroll bars and the like may take their time. */
  gui_wait_for (widgets_count_frames (window, QUIET) == 0);
}
