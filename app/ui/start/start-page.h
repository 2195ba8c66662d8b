/* The start page: the scenarios that came with the program, with their titles and what they show. They are read in a
 * thread. A row opens one with win.open-file.
 *
 * Signal "loaded": the scenarios are known. */
#pragma once

#include <adwaita.h>

#define WT_TYPE_START_PAGE (wt_start_page_get_type ())
G_DECLARE_FINAL_TYPE (WtStartPage, wt_start_page, WT, START_PAGE, AdwBin)

GtkWidget *wt_start_page_new (void);
void wt_start_page_load (WtStartPage *self); /* once; in a thread */
typedef void (*WtExampleFunc) (const char *path, const char *title, const char *description, gpointer user_data);
void wt_start_page_foreach_example (WtStartPage *self, WtExampleFunc func, gpointer user_data);
