/* What the files that export share: one picture on one page. */
#pragma once

#include "app/render/export.h"

typedef void (*WtExportDraw) (cairo_t *cr, gpointer data);

/* Draws on the theme's background and writes the file, whose name's ending says what it is. */
gboolean wt_export_picture (const WtTheme *theme, double width, double height, WtExportDraw draw, gpointer data,
                            const char *path, GError **error);
