#include "tests/app/trace/event-sample.h"

#define QUERY                                                                                                          \
  "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07"                                                               \
  "example\x03net\x00\x00\x0f\x00\x01"
#define MAIL_COMMAND "MAIL FROM:<alice@example.org> SIZE=300\r\n"
#define HALF_SECOND G_GINT64_CONSTANT (500000000)

void
event_sample_add (EventSample *self, guint32 conversation, WtEvent event, const char *bytes, gsize n_bytes)
{
  g_autoptr (GBytes) payload = bytes ? g_bytes_new (bytes, n_bytes) : NULL;
  gboolean back = event.flags & WT_EVENT_TO_CLIENT;
  const WtEntity *entity = wt_trace_entity (self->trace, conversation);
  event.entity = conversation;
  event.from = back ? entity->server : entity->client;
  event.to = back ? entity->client : entity->server;
  event.payload = payload;
  event.payload_len = n_bytes;
  event.ref = WT_EVENT_NO_REF;
  event.time = event.other_time = wt_trace_length (self->trace) * HALF_SECOND;
  if (event.kind == WT_EVENT_PACKET)
    {
      event.value = self->link;
      event.ref = wt_trace_length (self->trace);
      event.flags |= WT_EVENT_FIRST_HOP | WT_EVENT_LAST_HOP;
    }
  wt_trace_append (self->trace, &event);
}

static void
add_entities (EventSample *self)
{
  WtTrace *trace = self->trace;
  self->alice = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = "alice" });
  self->mail = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = "mail.example.org" });
  self->ns = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = "dns" });
  self->link = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_LINK, .name = "alice -- mail.example.org" });
  WtEntity talk = { .kind = WT_ENTITY_CONVERSATION,
                    .transport = WT_TRANSPORT_TCP,
                    .protocol = WT_PROTOCOL_SMTP,
                    .client = self->alice,
                    .server = self->mail,
                    .client_address = { 0x0a000007, 40000 },
                    .server_address = { 0x0a000102, 25 } };
  self->smtp = wt_trace_add_entity (trace, &talk);
  talk.transport = WT_TRANSPORT_UDP;
  talk.protocol = WT_PROTOCOL_DNS;
  talk.server = self->ns;
  talk.server_address = (WtAddress){ 0x0a000135, 53 };
  self->dns = wt_trace_add_entity (trace, &talk);
}

static void
add_smtp (EventSample *self)
{
  WtEvent syn = { .kind = WT_EVENT_PACKET, .context = WT_TCP_SYN, .seq = 5000, .mss = 1460, .window = 65535 };
  event_sample_add (self, self->smtp, syn, NULL, 0);
  WtEvent answer = {
    .kind = WT_EVENT_PACKET, .context = WT_TCP_SYN | WT_TCP_ACK, .seq = 9000, .ack = 5001, .mss = 1460
  };
  answer.flags = WT_EVENT_TO_CLIENT;
  event_sample_add (self, self->smtp, answer, NULL, 0);
  WtEvent data = { .kind = WT_EVENT_PACKET, .context = WT_TCP_PSH | WT_TCP_ACK, .seq = 5001, .ack = 9001 };
  data.protocol = WT_PROTOCOL_SMTP;
  data.flags = WT_EVENT_LOST;
  event_sample_add (self, self->smtp, data, SAMPLE_TEXT (MAIL_COMMAND));
  WtEvent message = { .kind = WT_EVENT_MESSAGE, .protocol = WT_PROTOCOL_SMTP };
  event_sample_add (self, self->smtp, message, SAMPLE_TEXT (MAIL_COMMAND));
  message.context = WT_CONTEXT_REPLY;
  message.flags = WT_EVENT_TO_CLIENT | WT_EVENT_FINAL;
  event_sample_add (self, self->smtp, message, SAMPLE_TEXT ("550-5.1.1 No such user\r\n550 5.1.1 here\r\n"));
}

void
event_sample_init (EventSample *self)
{
  self->trace = wt_trace_new ();
  add_entities (self);
  add_smtp (self);
  WtEvent query = { .kind = WT_EVENT_PACKET, .protocol = WT_PROTOCOL_DNS };
  event_sample_add (self, self->dns, query, SAMPLE_TEXT (QUERY));
  query.kind = WT_EVENT_MESSAGE;
  query.value = 1;
  event_sample_add (self, self->dns, query, SAMPLE_TEXT (QUERY));
  event_sample_add (self, self->smtp, (WtEvent){ .kind = WT_EVENT_CONNECTION, .value = WT_CONNECTION_RESET }, NULL, 0);
  wt_trace_note (self->trace, 10 * HALF_SECOND, self->mail, self->mail, WT_NOTE_WARNING, "disk is full");
}
