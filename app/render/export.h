/* Pictures of canvas, ladder, state diagram and chart as files. The ending of the file's name decides the kind: .svg, .pdf or
 * .png. An export shows what the screen shows, in the theme that it is given.
 *
 * The file is written whole or not at all (an old one stays as it was). Errors are in G_FILE_ERROR (writing) or
 * WT_EXPORT_ERROR. The calls take the trace's read lock themselves, a page at a time: do not hold it. They draw at once,
 * which may take a second for a long ladder: a thread may make them, if `names` may be asked there. */
#pragma once

#include "app/render/canvas-render.h"
#include "app/render/chart.h"
#include "app/render/ladder-render.h"
#include "app/render/state-render.h"

#define WT_EXPORT_ERROR (wt_export_error_quark ())
GQuark wt_export_error_quark (void);
typedef enum {
  WT_EXPORT_ERROR_KIND,  /* the name's ending says nothing */
  WT_EXPORT_ERROR_EMPTY, /* there is nothing to draw */
  WT_EXPORT_ERROR_SIZE,  /* too large for this kind of file */
  WT_EXPORT_ERROR_DRAW,
} WtExportError;

#define WT_EXPORT_PNG_MAX 32000 /* pixels: what a PNG picture may be high or wide */
#define WT_EXPORT_PNG_SCALE 2.0 /* pixels a unit */

typedef struct {
  const WtTheme *theme;
  const WtCanvasNames *names; /* (nullable) */
  gpointer user_data;         /* of names */
  const char *title;          /* (nullable) of the scenario; stands below each page of a PDF */
} WtExportStyle;

/* The network at a cursor with all packets that fly. `layout` (nullable): where hosts stand; else they are placed. */
gboolean wt_export_canvas (WtTrace *trace, WtLayout *layout, const WtExportStyle *style, guint32 position, gint64 time,
                           const char *path, GError **error);
/* The ladder from start to end; in a PDF on A4 pages, each with the hosts at its top. */
gboolean wt_export_ladder (WtTrace *trace, const WtLadderOptions *options, const WtExportStyle *style, const char *path,
                           GError **error);
/* `current` -1: no state is lit. `translate` as in WtStateStyle. */
gboolean wt_export_states (const WtStateTable *table, const WtExportStyle *style, int current,
                           const char *(*translate) (const char *), const char *path, GError **error);
/* A chart as far as its cursor; a name that ends in .csv gets the values instead (chart-csv.h). The chart's theme is the
 * export's. */
gboolean wt_export_chart (WtTrace *trace, const WtChartStyle *chart, const WtExportStyle *style, const char *path,
                          GError **error);
