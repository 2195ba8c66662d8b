/* The transcript: one row a message, with a filter in Wireshark's display-filter syntax.
 *
 * What has not happened yet at the cursor is dim, the row at the cursor is marked, the selected row is the session's
 * selected event. A double click or Enter moves the cursor to after that message. Connections, state changes, links
 * and notes are rows too when they are asked for.
 *
 * Property: "show-all" (boolean: not the messages only).
 * Actions: "transcript.focus-filter", "transcript.clear-filter", "transcript.show-all" (toggles). */
#pragma once

#include "app/render/names.h"
#include "app/trace/session.h"

#include <adwaita.h>

#define WT_TYPE_TRANSCRIPT_VIEW (wt_transcript_view_get_type ())
G_DECLARE_FINAL_TYPE (WtTranscriptView, wt_transcript_view, WT, TRANSCRIPT_VIEW, AdwBin)

GtkWidget *wt_transcript_view_new (void);
void wt_transcript_view_set_session (WtTranscriptView *self, WtSession *session); /* (nullable) */
/* How hosts are called. `names` is copied, and nullable; call again when the answers have changed. */
void wt_transcript_view_set_names (WtTranscriptView *self, const WtCanvasNames *names, gpointer user_data,
                                   GDestroyNotify destroy);
