#include "app/ui/model/protocol-style.h"

#include "app/render/theme.h"

#include <adwaita.h>

const char *
wt_protocol_style_class (guint protocol)
{
  const WtDissector *dissector = wt_dissector_for (protocol);

  if (dissector)
    return dissector->name;
  return protocol == WT_PROTOCOL_TCP ? "tcp" : protocol == WT_PROTOCOL_UDP ? "udp" : "none";
}

const char *
wt_protocol_title (guint protocol)
{
  const WtDissector *dissector = wt_dissector_for (protocol);

  if (dissector)
    return dissector->title;
  return protocol == WT_PROTOCOL_TCP ? "TCP" : protocol == WT_PROTOCOL_UDP ? "UDP" : "";
}

static void
load_colors (GtkCssProvider *provider)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  const WtTheme *theme
      = wt_theme_get (adw_style_manager_get_dark (manager), adw_style_manager_get_high_contrast (manager));
  g_autoptr (GString) css = g_string_new (NULL);

  for (guint i = WT_PROTOCOL_NONE + 1; i < WT_N_PROTOCOLS; i++)
    {
      const WtColor *color = wt_theme_protocol (theme, i);

      g_string_append_printf (css, ".protocol.%s { color: #%02x%02x%02x; }\n", wt_protocol_style_class (i),
                              (guint) (color->red * 255 + 0.5), (guint) (color->green * 255 + 0.5),
                              (guint) (color->blue * 255 + 0.5));
    }
  gtk_css_provider_load_from_data (provider, css->str, css->len);
}

void
wt_protocol_style_add (void)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  GdkDisplay *display = gdk_display_get_default ();
  g_autoptr (GtkCssProvider) provider = NULL;

  if (!display || g_object_get_data (G_OBJECT (display), "wt-protocol-style"))
    return;
  provider = gtk_css_provider_new ();
  load_colors (provider);
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (load_colors), provider, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (load_colors), provider, G_CONNECT_SWAPPED);
  g_object_set_data (G_OBJECT (display), "wt-protocol-style", provider);
}
