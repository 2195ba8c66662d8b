#include "app/ui/common/renderer.h"

#include <glib.h>

#define DEVICES "/dev/dri"
#define RENDER_NODE "renderD" /* what the kernel calls a device that can render */

static gboolean
has_graphics_processor (void)
{
  g_autoptr (GDir) devices = g_dir_open (DEVICES, 0, NULL);
  const char *name;

  while (devices && (name = g_dir_read_name (devices)))
    if (g_str_has_prefix (name, RENDER_NODE))
      return TRUE;
  return FALSE;
}

void
wt_renderer_choose (void)
{
  if (!has_graphics_processor ())
    g_setenv ("GSK_RENDERER", "cairo", FALSE);
}
