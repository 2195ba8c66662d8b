/* What can be done to a host, a link or the whole picture at the cursor: the canvas' context menu. */
#pragma once

#include "app/scenario/scenario.h"

#include <gio/gio.h>

typedef struct {
  WtTrace *trace;
  guint32 position;     /* cursor */
  WtScenario *scenario;
  gboolean may_branch;  /* FALSE: what is shown was recorded, it cannot be changed */
  gboolean is_live;     /* it is being recorded: stations can ask, clients talk */
} WtCanvasMenuContext;

/* Items with the window's actions for the entity; 0: the background. (transfer full) */
GMenu *wt_canvas_menu_new (const WtCanvasMenuContext *context, guint32 entity);
/* "mx1: host-down" in the user's language: what win.branch does, for the run's title. (transfer full) */
char *wt_branch_title (WtScenario *scenario, const char *target, const char *action, const char *value);
