/* What the drawn views (ladder, states) have in common. */
#pragma once

#include "app/render/theme.h"
#include "app/trace/session.h"

#include <gtk/gtk.h>

/* The theme for the desktop's light or dark style and contrast. */
const WtTheme *wt_view_theme (void);
/* How much larger than usual the user wants text: 1 as a rule, 1.5 with the desktop's large text. */
double wt_view_text_scale (GtkWidget *widget);
/* Draws the widget anew when the theme changes. */
void wt_view_follow_theme (GtkWidget *widget);
/* The ring of the keyboard's focus along the widget's edge; nothing without focus. */
void wt_view_snapshot_focus (GtkWidget *widget, GtkSnapshot *snapshot);

/* The conversation that the session is about: of what is selected, else of the last message before the cursor, else of
 * the first message. 0: none. */
guint32 wt_view_conversation (WtSession *session);
