/* The dialogue of somebody who types at a server: which conversation it is, what was said, what answers.
 *
 * A scenario's hosts may have other conversations at the same time. The one that was typed is known by its beginning:
 * it was opened at the very time of a "talk" action of the client. */
#pragma once

#include "app/scenario/scenario.h"

#include <gtk/gtk.h>

typedef struct {
  WtTrace *trace; /* read-locked by the caller */
  WtScenario *scenario;
  guint32 client, server; /* nodes */
  guint16 port;           /* of the server */
} WtTalk;

/* The newest conversation of the two, at that port, that was typed, else the newest, at cursor `position`; 0: none. */
guint32 wt_talk_conversation (const WtTalk *self, guint32 position);
/* Writes what was said in it up to the cursor, and what was typed but is not complete yet (a line on its way, the
 * lines of a mail). Tags of the buffer: "side", "command", "reply", "pending". */
void wt_talk_write (const WtTalk *self, guint32 conversation, guint32 position, gint64 time, GtkTextBuffer *buffer);
/* Number of the first event from `from` on that answers what was typed: a final reply, one that nothing
 * follows for a while, or the connection's end.
 * WT_EVENT_NO_REF: there is none yet. */
guint32 wt_talk_reply (const WtTalk *self, guint32 from);
