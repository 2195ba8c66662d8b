#include "app/ui/common/drawn-view.h"

#include <adwaita.h>

#define FOCUS_WIDTH 2
#define USUAL_DPI (96 * 1024)

const WtTheme *
wt_view_theme (void)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  return wt_theme_get (adw_style_manager_get_dark (manager), adw_style_manager_get_high_contrast (manager));
}

double
wt_view_text_scale (GtkWidget *widget)
{
  int dpi;

  g_object_get (gtk_widget_get_settings (widget), "gtk-xft-dpi", &dpi, NULL);
  return dpi > 0 ? (double) dpi / USUAL_DPI : 1;
}

void
wt_view_follow_theme (GtkWidget *widget)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (gtk_widget_queue_draw), widget, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (gtk_widget_queue_draw), widget,
                           G_CONNECT_SWAPPED);
}

void
wt_view_snapshot_focus (GtkWidget *widget, GtkSnapshot *snapshot)
{
  const WtColor *color = &wt_view_theme ()->selection;
  GdkRGBA rgba = { color->red, color->green, color->blue, 1 };
  GskRoundedRect edge;

  if (!gtk_widget_has_visible_focus (widget))
    return;
  gsk_rounded_rect_init_from_rect (
      &edge, &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget)), 0);
  gtk_snapshot_append_border (snapshot, &edge,
                              (float[4]){ FOCUS_WIDTH, FOCUS_WIDTH, FOCUS_WIDTH, FOCUS_WIDTH },
                              (GdkRGBA[4]){ rgba, rgba, rgba, rgba });
}

static guint32
as_conversation (WtTrace *trace, guint32 id)
{
  const WtEntity *entity = wt_trace_entity (trace, id);

  return entity && entity->kind == WT_ENTITY_CONVERSATION ? id : 0;
}

guint32
wt_view_conversation (WtSession *session)
{
  WtTrace *trace = wt_session_trace (session);
  guint32 selected, i, n;

  if (!trace)
    return 0;
  selected = as_conversation (trace, wt_session_selected_entity (session));
  n = wt_trace_list_length (trace, WT_LIST_MESSAGES);
  if (selected || n == 0)
    return selected;
  i = wt_trace_list_before (trace, WT_LIST_MESSAGES, wt_session_position (session));
  n = wt_trace_list_nth (trace, WT_LIST_MESSAGES, MIN (MAX (i, 1) - 1, n - 1));
  return n < wt_trace_length (trace) ? as_conversation (trace, wt_trace_event (trace, n)->entity) : 0;
}
