/* For tests of single widgets: a window round one, and what is drawn in it. */
#pragma once

#include <gtk/gtk.h>

/* Starts GTK and libadwaita for tests. */
void widgets_init (int *argc, char ***argv);
/* A window that is on the screen and has been drawn. */
GtkWidget *widgets_show (GtkWidget *child, int width, int height);
void widgets_spin (guint ms); /* runs the main loop so long */
/* The first descendant of that type; NULL: none. */
GtkWidget *widgets_find (GtkWidget *root, GType type);
/* Frames drawn while the main loop runs so long. */
guint widgets_count_frames (GtkWidget *window, guint ms);

/* Nothing is drawn any more: soon for QUIET ms, and then again. */
#define QUIET 250
void widgets_assert_quiet (GtkWidget *window);
