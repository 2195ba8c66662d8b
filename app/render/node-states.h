/* What badges show of each host and link at a cursor: up or down, mails in its mailboxes, mails in its queue, open
 * sessions, its name. Reads the trace's lists and keeps a copy of the counts now and then, so that a jump to any place of a
 * long trace costs a few thousand events at most. */
#pragma once

#include "app/trace/trace.h"

typedef struct {
  gboolean down;
  guint n_mails, n_queued, n_sessions; /* nodes only */
  guint32 named;                       /* nodes: 1 + number of the event that set its sysName; 0: none did */
} WtNodeState;

/* Events between two kept copies: at least so many, more where there are many hosts. */
#define WT_NODE_STATES_STRIDE 2048

typedef struct _WtNodeStates WtNodeStates;

WtNodeStates *wt_node_states_new (WtTrace *trace);
void wt_node_states_seek (WtNodeStates *self, guint32 position);
guint32 wt_node_states_position (const WtNodeStates *self);
WtNodeState wt_node_states_get (const WtNodeStates *self, guint32 entity); /* node or link */
/* The name that its managers have given it meanwhile (sysName, RFC 3418). (transfer full) (nullable): none */
char *wt_node_states_name (const WtNodeStates *self, guint32 node);
void wt_node_states_free (WtNodeStates *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtNodeStates, wt_node_states_free)
