/* Fields of the frame: what Wireshark shows under that name, and what only a simulation or a live run knows, as
 * "wiretalk.": nodes, links, losses, states, stores, notes. */
#include "app/trace/event-view.h"
#include "app/trace/packet-fate.h"
#include "app/trace/stored-mail.h"

#include <glib/gi18n.h>

static gboolean
get_text (WtEventValue *value, const char *text)
{
  wt_event_value_set_text (value, text);
  return text != NULL;
}

static gboolean
get_payload_text (const WtEventView *view, WtEventValue *value)
{
  value->text = (const char *)wt_event_bytes (view->event, &value->text_len);
  return value->text_len > 0;
}

static gboolean
get_entity_name (const WtEventView *view, WtEventValue *value, guint32 id)
{
  const WtEntity *entity = wt_trace_entity (view->trace, id);
  return entity && get_text (value, entity->name);
}

static gboolean
is_kind (const WtEventView *view, WtEventKind kind)
{
  return view->event->kind == kind;
}

/* --- frame -------------------------------------------------------------------------------------------------------- */

static gboolean
frame_present (const WtEventView *view)
{
  return !is_kind (view, WT_EVENT_GONE);
}

static gboolean
frame_number (const WtEventView *view, WtEventValue *value)
{
  value->number = (gint64)view->n + 1;
  return TRUE;
}

static gboolean
frame_time_relative (const WtEventView *view, WtEventValue *value)
{
  value->number = view->event->time;
  return TRUE;
}

static gboolean
frame_len (const WtEventView *view, WtEventValue *value)
{
  if (!is_kind (view, WT_EVENT_PACKET) || view->conversation == NULL)
    return FALSE;
  value->number = wt_event_view_frame_bytes (view);
  return TRUE;
}

static gboolean
kind (const WtEventView *view, WtEventValue *value)
{
  static const char *const names[WT_N_EVENT_KINDS]
      = { "gone", "packet", "connection", "message", "state", "store", "link", "node", "note" };
  return get_text (value, view->event->kind < WT_N_EVENT_KINDS ? names[view->event->kind] : NULL);
}

static gboolean
node_src (const WtEventView *view, WtEventValue *value)
{
  return get_entity_name (view, value, view->event->from);
}

static gboolean
node_dst (const WtEventView *view, WtEventValue *value)
{
  return get_entity_name (view, value, view->event->to);
}

/* --- packets and messages ----------------------------------------------------------------------------------------- */

static gboolean
link_name (const WtEventView *view, WtEventValue *value)
{
  if (is_kind (view, WT_EVENT_PACKET))
    return get_entity_name (view, value, view->event->value);
  return is_kind (view, WT_EVENT_LINK) && get_entity_name (view, value, view->event->entity);
}

static gboolean
arrival (const WtEventView *view, WtEventValue *value)
{
  value->number = view->event->other_time;
  return is_kind (view, WT_EVENT_PACKET) && !wt_packet_is_lost (view->trace, view->n);
}

static gboolean
sent (const WtEventView *view, WtEventValue *value)
{
  value->number = view->event->other_time;
  return is_kind (view, WT_EVENT_MESSAGE);
}

static gboolean
exchange (const WtEventView *view, WtEventValue *value)
{
  value->number = view->event->value;
  return is_kind (view, WT_EVENT_MESSAGE);
}

#define MARK(name, kind, flag) \
  static gboolean name (const WtEventView *view, WtEventValue *value) \
  { \
    return is_kind (view, kind) && view->event->flags & (flag); \
  }
MARK (queue_full, WT_EVENT_PACKET, WT_EVENT_QUEUE_FULL)
MARK (first_hop, WT_EVENT_PACKET, WT_EVENT_FIRST_HOP)
MARK (last_hop, WT_EVENT_PACKET, WT_EVENT_LAST_HOP)
MARK (final, WT_EVENT_MESSAGE, WT_EVENT_FINAL)
MARK (encrypted, WT_EVENT_MESSAGE, WT_EVENT_ENCRYPTED)
MARK (blanked, WT_EVENT_MESSAGE, WT_EVENT_BLANKED)

static gboolean
lost (const WtEventView *view, WtEventValue *value)
{
  return !(view->event->flags & WT_EVENT_QUEUE_FULL) && wt_packet_is_lost (view->trace, view->n);
}

/* --- connections, states, links, nodes ---------------------------------------------------------------------------- */

static gboolean
connection (const WtEventView *view, WtEventValue *value)
{
  static const char *const names[] = { "opening", "open", "closed", "reset", "refused", "timed out" };
  guint32 change = view->event->value;
  return is_kind (view, WT_EVENT_CONNECTION) && get_text (value, change < G_N_ELEMENTS (names) ? names[change] : NULL);
}

static gboolean
connection_reason (const WtEventView *view, WtEventValue *value)
{
  return is_kind (view, WT_EVENT_CONNECTION) && get_payload_text (view, value);
}

static gboolean
state (const WtEventView *view, WtEventValue *value)
{
  const WtState *found = wt_event_view_state (view);
  return found && get_text (value, found->name);
}

static gboolean
up (const WtEventView *view, WtEventValue *value)
{
  value->number = view->event->value != 0;
  return is_kind (view, WT_EVENT_LINK) || is_kind (view, WT_EVENT_NODE);
}

/* --- stores and notes --------------------------------------------------------------------------------------------- */

static gboolean
store (const WtEventView *view, WtEventValue *value)
{
  static const char *const names[] = { "added", "removed", "changed" };
  guint32 change = view->event->value;
  return is_kind (view, WT_EVENT_STORE) && get_text (value, change < G_N_ELEMENTS (names) ? names[change] : NULL);
}

static gboolean
item (const WtEventView *view, WtEventValue *value)
{
  const WtEntity *entity = is_kind (view, WT_EVENT_STORE) ? wt_trace_entity (view->trace, view->event->entity) : NULL;
  return entity && entity->kind != WT_ENTITY_MAILBOX && get_text (value, entity->name);
}

static gboolean
store_place (const WtEventView *view, WtEventValue *value, WtEntityKind place_kind)
{
  const WtEntity *entity = is_kind (view, WT_EVENT_STORE) ? wt_trace_entity (view->trace, view->event->entity) : NULL;
  const WtEntity *place = entity ? wt_trace_entity (view->trace, entity->parent) : NULL;
  return place && place->kind == place_kind && get_text (value, place->name);
}

/* The mailbox of a mail, or the mailbox itself. (nullable) */
static const WtEntity *
box_of (const WtEventView *view)
{
  const WtEntity *entity = is_kind (view, WT_EVENT_STORE) ? wt_trace_entity (view->trace, view->event->entity) : NULL;
  const WtEntity *box = entity && entity->kind == WT_ENTITY_ITEM ? wt_trace_entity (view->trace, entity->parent) : entity;
  return box && box->kind == WT_ENTITY_MAILBOX ? box : NULL;
}

static gboolean
mailbox (const WtEventView *view, WtEventValue *value)
{
  const WtEntity *box = box_of (view);
  if (box == NULL)
    return FALSE;
  wt_event_value_take_text (value, wt_stored_box_name (view->trace, box->id, view->n));
  return TRUE;
}

static gboolean
store_how (const WtEventView *view, WtEventValue *value)
{
  static const char *const names[] = { NULL, "delivered", "appended", "copied", "moved", "fetched", "numbered", "with folder" };
  guint how = view->event->context;
  return box_of (view) && get_text (value, how < G_N_ELEMENTS (names) ? names[how] : NULL);
}

static gboolean
store_by (const WtEventView *view, WtEventValue *value)
{
  const WtEntity *by = wt_stored_change_by (view->trace, view->event);
  return by && get_entity_name (view, value, by->client);
}

static gboolean
store_uid (const WtEventView *view, WtEventValue *value)
{
  value->number = view->event->ack;
  return box_of (view) && view->event->ack != 0;
}

static gboolean
queue (const WtEventView *view, WtEventValue *value)
{
  return store_place (view, value, WT_ENTITY_QUEUE);
}

static gboolean
store_text (const WtEventView *view, WtEventValue *value)
{
  return is_kind (view, WT_EVENT_STORE) && view->event->value == WT_STORE_CHANGED && get_payload_text (view, value);
}

static gboolean
note (const WtEventView *view, WtEventValue *value)
{
  return is_kind (view, WT_EVENT_NOTE) && get_payload_text (view, value);
}

static gboolean
note_level (const WtEventView *view, WtEventValue *value)
{
  static const char *const names[] = { "info", "warning", "error" };
  guint32 level = view->event->value;
  return is_kind (view, WT_EVENT_NOTE) && get_text (value, level < G_N_ELEMENTS (names) ? names[level] : NULL);
}

static const WtEventRow rows[] = {
  { { "frame.number", WT_FIELD_UINT, N_ ("Number") }, 1, NULL, frame_number },
  { { "frame.time_relative", WT_FIELD_TIME, N_ ("Time since the start") }, 1, NULL, frame_time_relative },
  { { "frame.len", WT_FIELD_UINT, N_ ("Length on the wire") }, 1, NULL, frame_len },
  { { "wiretalk.kind", WT_FIELD_STRING, N_ ("Kind of event") }, 1, NULL, kind },
  { { "wiretalk.node.src", WT_FIELD_STRING, N_ ("From node") }, 1, NULL, node_src },
  { { "wiretalk.node.dst", WT_FIELD_STRING, N_ ("To node") }, 1, NULL, node_dst },
  { { "wiretalk.link", WT_FIELD_STRING, N_ ("Link") }, 1, NULL, link_name },
  { { "wiretalk.arrival", WT_FIELD_TIME, N_ ("Arrives at") }, 1, NULL, arrival },
  { { "wiretalk.sent", WT_FIELD_TIME, N_ ("Sent at") }, 1, NULL, sent },
  { { "wiretalk.lost", WT_FIELD_NONE, N_ ("Lost on the link") }, 1, "wiretalk.lost", lost },
  { { "wiretalk.queue_full", WT_FIELD_NONE, N_ ("Dropped: the queue was full") }, 1, "wiretalk.queue_full", queue_full },
  { { "wiretalk.first_hop", WT_FIELD_NONE, N_ ("Leaves its sender") }, 1, NULL, first_hop },
  { { "wiretalk.last_hop", WT_FIELD_NONE, N_ ("Reaches its receiver") }, 1, NULL, last_hop },
  { { "wiretalk.exchange", WT_FIELD_UINT, N_ ("Exchange") }, 1, NULL, exchange },
  { { "wiretalk.final", WT_FIELD_NONE, N_ ("Ends its exchange") }, 1, NULL, final },
  { { "wiretalk.encrypted", WT_FIELD_NONE, N_ ("Encrypted on the wire") }, 1, "wiretalk.encrypted", encrypted },
  { { "wiretalk.blanked", WT_FIELD_NONE, N_ ("Secrets are blanked") }, 1, "wiretalk.blanked", blanked },
  { { "wiretalk.connection", WT_FIELD_STRING, N_ ("Connection") }, 1, NULL, connection },
  { { "wiretalk.connection.reason", WT_FIELD_STRING, N_ ("Reason") }, 1, NULL, connection_reason },
  { { "wiretalk.state", WT_FIELD_STRING, N_ ("State") }, 1, NULL, state },
  { { "wiretalk.up", WT_FIELD_BOOLEAN, N_ ("Up") }, 1, NULL, up },
  { { "wiretalk.store", WT_FIELD_STRING, N_ ("Change") }, 1, NULL, store },
  { { "wiretalk.item", WT_FIELD_STRING, N_ ("Mail") }, 1, NULL, item },
  { { "wiretalk.mailbox", WT_FIELD_STRING, N_ ("Mailbox") }, 1, NULL, mailbox },
  { { "wiretalk.store.how", WT_FIELD_STRING, N_ ("How") }, 1, NULL, store_how },
  { { "wiretalk.store.by", WT_FIELD_STRING, N_ ("By") }, 1, NULL, store_by },
  { { "wiretalk.store.uid", WT_FIELD_UINT, N_ ("UID") }, 1, NULL, store_uid },
  { { "wiretalk.queue", WT_FIELD_STRING, N_ ("Queue") }, 1, NULL, queue },
  { { "wiretalk.store.text", WT_FIELD_STRING, N_ ("Says") }, 1, NULL, store_text },
  { { "wiretalk.note", WT_FIELD_STRING, N_ ("Note") }, 1, NULL, note },
  { { "wiretalk.note.level", WT_FIELD_STRING, N_ ("Level") }, 1, NULL, note_level },
};

const WtEventRoot wt_event_frame
    = { { "frame", WT_FIELD_NONE, N_ ("Event") }, NULL, frame_present, rows, G_N_ELEMENTS (rows) };
