/* The window's parts, for its own files: window.c (what it is made of), window-actions.c (actions and keys),
 * window-files.c (open, save, close), window-export.c (pictures), window-branch.c (changes to the network),
 * window-live.c (live mode). */
#pragma once

#include "app/lesson/glossary.h"
#include "app/ui/canvas/canvas.h"
#include "app/ui/inspector/inspector-view.h"
#include "app/ui/ladder/ladder-view.h"
#include "app/ui/live/live-control.h"
#include "app/ui/live/live-view.h"
#include "app/ui/mailboxes/mailbox-view.h"
#include "app/ui/runs/run-list.h"
#include "app/ui/runs/run-names.h"
#include "app/ui/start/start-page.h"
#include "app/ui/states/state-view.h"
#include "app/ui/talk/talk-view.h"
#include "app/ui/transcript/transcript-view.h"
#include "app/ui/transport/transport-bar.h"
#include "app/ui/variables/variable-view.h"
#include "app/ui/window/window.h"

struct _WtWindow {
  AdwApplicationWindow parent_instance;

  AdwWindowTitle *title;
  GtkWidget *title_button; /* shows the description */
  GtkLabel *description;
  AdwSplitButton *open_button;
  GtkWidget *live_box, *live_spinner;
  GtkStack *pages; /* start, scenario */
  WtStartPage *start_page;
  AdwToastOverlay *toasts;
  GtkPaned *sidebar_paned, *transcript_paned, *split_paned;
  double split; /* the network's part of split_paned */
  WtCanvas *canvas;
  GtkWidget *canvas_area, *ladder_area, *sidebar, *transcript_area;
  WtLadderView *ladder;
  WtTranscriptView *transcript;
  AdwViewStack *sidebar_stack;
  WtInspectorView *inspector;
  WtStateView *states;
  WtMailboxView *mailboxes;
  WtVariableView *variables;
  WtTalkView *talk;
  WtLiveView *live_view;
  AdwViewStackPage *live_page;
  WtTransportBar *transport;

  GSettings *settings;
  WtSession *session;
  WtRunList *runs;
  WtRunNames *names;
  WtGlossary *glossary;
  WtLiveControl *live;
  guint32 n_notes;               /* of the trace that is shown, when it last grew */
  GtkWidget *record;             /* (nullable) while it is asked what to record */
  GtkPopover *menu;              /* (nullable) the canvas' context menu */
  GtkFileChooserNative *chooser; /* (nullable) while a file is chosen */
  const char *exported;          /* (nullable) "canvas", "ladder", "states" or "chart": what the chosen file is for */

  /* What was asked for while changes were not saved yet. */
  char *then_open; /* (nullable) */
  gboolean then_close;
  gboolean close_now; /* changes are saved, or may be lost */
};

void wt_window_install_actions (WtWindow *self);
void wt_window_update_actions (WtWindow *self);
void wt_window_add_keys (WtWindow *self);

void wt_window_install_file_actions (WtWindow *self);
void wt_window_opened (WtWindow *self);           /* a run is shown: its file is a recent one */
gboolean wt_window_may_close (WtWindow *self); /* FALSE: it is asked first, and closes later */
void wt_window_show_errors (WtWindow *self, const char *heading, GPtrArray *errors); /* element-type GError */
void wt_window_toast (WtWindow *self, const char *text);

void wt_window_install_export (WtWindow *self);

void wt_window_install_branch_actions (WtWindow *self);

void wt_window_install_live (WtWindow *self);
void wt_window_update_live_page (WtWindow *self); /* there while live mode is on, or what it recorded is shown */
/* The window may close: live mode has ended, or is ended and the window closes then. */
gboolean wt_window_live_may_close (WtWindow *self);
