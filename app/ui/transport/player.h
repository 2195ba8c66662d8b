/* The player: moves the session's cursor with a widget's frame clock, as long as it plays.
 *
 * By steps, each step takes the same time: what flies is shown flying, idle time shrinks to that of a flight, and
 * then there is a rest to read. By factor, virtual time goes on as clock time does. At the end of a trace that still
 * grows it waits for more, without a frame. */
#pragma once

#include "app/trace/session.h"

#include <gtk/gtk.h>

#define WT_TYPE_PLAYER (wt_player_get_type ())
G_DECLARE_FINAL_TYPE (WtPlayer, wt_player, WT, PLAYER, GObject)

/* Properties: "playing" (boolean), "pace" (uint, index in wt_paces). */
WtPlayer *wt_player_new (GtkWidget *widget); /* `widget` owns it, and lends its frame clock */
void wt_player_set_session (WtPlayer *self, WtSession *session); /* (nullable) */
void wt_player_set_playing (WtPlayer *self, gboolean playing); /* at the end: from the start again */
gboolean wt_player_is_playing (WtPlayer *self);
/* Plays until the cursor is at `position`. */
void wt_player_play_to (WtPlayer *self, guint32 position);
