#include "app/trace/event-view.h"

#include "app/trace/trace-private.h"

#include <string.h>

const WtEventRoot *const wt_event_roots[WT_EVENT_N_ROOTS]
    = { &wt_event_frame, &wt_event_ip, &wt_event_tcp, &wt_event_udp };

void
wt_event_view_init (WtEventView *self, WtTrace *trace, guint32 n)
{
  const WtEvent *event = wt_trace_event (trace, n);
  const WtEntity *entity = wt_trace_entity (trace, event->entity);
  *self = (WtEventView){ .trace = trace, .n = n, .event = event };
  if (entity == NULL || entity->kind != WT_ENTITY_CONVERSATION)
    return;
  gboolean to_client = wt_event_direction (event) == WT_TO_CLIENT;
  self->conversation = entity;
  self->source = to_client ? entity->server_address : entity->client_address;
  self->destination = to_client ? entity->client_address : entity->server_address;
}

/* --- the protocol above ------------------------------------------------------------------------------------------- */

const WtDissector *
wt_event_view_dissector (const WtEventView *self)
{
  gboolean carries = self->event->kind == WT_EVENT_MESSAGE
                     || (self->event->kind == WT_EVENT_PACKET && self->event->payload_len > 0);
  return carries ? wt_dissector_for (self->event->protocol) : NULL;
}

gboolean
wt_event_view_is_whole_message (const WtEventView *self)
{
  if (self->event->kind == WT_EVENT_MESSAGE)
    return TRUE;
  return self->event->kind == WT_EVENT_PACKET && self->conversation && self->conversation->transport == WT_TRANSPORT_UDP;
}

/* A packet's `context` is its TCP flags; what a datagram is follows from its direction. */
guint8
wt_event_view_context (const WtEventView *self)
{
  if (self->event->kind == WT_EVENT_MESSAGE)
    return self->event->context;
  return wt_event_direction (self->event) == WT_TO_CLIENT ? WT_CONTEXT_REPLY : WT_CONTEXT_PLAIN;
}

WtField *
wt_event_view_dissect (const WtEventView *self)
{
  const WtDissector *dissector = wt_event_view_dissector (self);
  if (dissector == NULL)
    return NULL;
  gsize n_bytes;
  const guint8 *bytes = wt_event_bytes (self->event, &n_bytes);
  if (wt_event_view_is_whole_message (self))
    {
      WtDirection direction = wt_event_direction (self->event);
      guint8 context = wt_event_view_context (self);
      gconstpointer keys = wt_trace_keys (self->trace, dissector->protocol);
      return dissector->message_with && keys ? dissector->message_with (keys, direction, context, bytes, n_bytes)
                                             : dissector->message (direction, context, bytes, n_bytes);
    }
  const WtFieldInfo *info = wt_dissector_field (dissector->name);
  return info ? wt_field_new (info, 0, n_bytes, NULL, 0) : NULL;
}

const WtState *
wt_event_view_state (const WtEventView *self)
{
  const WtEvent *event = self->event;
  guint8 protocol = event->protocol || !self->conversation ? event->protocol : self->conversation->protocol;
  const WtDissector *dissector = event->kind == WT_EVENT_STATE ? wt_dissector_for (protocol) : NULL;
  const WtStateTable *table = dissector ? dissector->states : NULL;
  return table && event->value < table->n_states ? &table->states[event->value] : NULL;
}

/* --- values ------------------------------------------------------------------------------------------------------- */

void
wt_event_value_set_text (WtEventValue *self, const char *text)
{
  self->text = text;
  self->text_len = text ? strlen (text) : 0;
}

void
wt_event_value_take_text (WtEventValue *self, char *text)
{
  self->owned = text;
  wt_event_value_set_text (self, text);
}

/* --- TCP ---------------------------------------------------------------------------------------------------------- */

char *
wt_tcp_flags_to_string (guint8 flags, const char *separator)
{
  static const struct {
    guint8 flag;
    const char *name;
  } names[] = {
    { WT_TCP_FIN, "FIN" }, { WT_TCP_SYN, "SYN" }, { WT_TCP_RST, "RST" }, { WT_TCP_PSH, "PSH" }, { WT_TCP_ACK, "ACK" },
  };
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (flags & names[i].flag)
      g_string_append_printf (text, "%s%s", text->len ? separator : "", names[i].name);
  return g_string_free (text, FALSE);
}

guint32
wt_event_view_seq (const WtEventView *self)
{
  WtDirection direction = wt_event_direction (self->event);
  return self->event->seq - wt_trace_initial_seq (self->trace, self->event->entity, direction);
}

guint32
wt_event_view_ack (const WtEventView *self)
{
  WtDirection other = wt_event_direction (self->event) == WT_TO_CLIENT ? WT_TO_SERVER : WT_TO_CLIENT;
  if (!(self->event->context & WT_TCP_ACK))
    return 0;
  return self->event->ack - wt_trace_initial_seq (self->trace, self->event->entity, other);
}
