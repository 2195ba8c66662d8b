#include "tests/app/render/sample-trace.h"

#include <string.h>

/* --- small steps -------------------------------------------------------------------------------------------------- */

static guint32
add_node (WtTrace *trace, const char *name)
{
  return wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = name });
}

static guint32
add_link (WtTrace *trace, guint32 a, guint32 b)
{
  g_autofree char *name
      = g_strdup_printf ("%s -- %s", wt_trace_entity (trace, a)->name, wt_trace_entity (trace, b)->name);

  return wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_LINK, .name = name, .ends = { a, b } });
}

static guint32
add_child (WtTrace *trace, WtEntityKind kind, guint32 parent, const char *name)
{
  return wt_trace_add_entity (trace, &(WtEntity){ .kind = kind, .parent = parent, .name = name });
}

static guint32
add_conversation (WtTrace *trace, WtProtocol protocol, guint32 client, guint32 server)
{
  gboolean udp = protocol == WT_PROTOCOL_DNS;

  return wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_CONVERSATION,
                                                  .transport = udp ? WT_TRANSPORT_UDP : WT_TRANSPORT_TCP,
                                                  .protocol = protocol,
                                                  .client = client,
                                                  .server = server,
                                                  .client_address = { 0x0a000100 + client, 40000 },
                                                  .server_address = { 0x0a000100 + server, udp ? 53 : 25 } });
}

typedef struct {
  WtTrace *trace;
  guint32 conversation;
  const guint32 *path, *links; /* nodes from client to server, links between them */
  guint n_hops;
  guint32 exchange;
  gint64 now, latency;
  gint64 sent; /* when what is sent again was first sent; 0: nothing is */
} Talk;

typedef struct
{
  gboolean to_client, lost, again;
  guint8 tcp;
  const char *text;
  WtContext context;
  gboolean final;
} Send;

static void
packet (Talk *talk, const Send *send, GBytes *payload)
{
  guint32 first = WT_EVENT_NO_REF;
  const WtEntity *conversation = wt_trace_entity (talk->trace, talk->conversation);

  for (guint i = 0; i < talk->n_hops; i++)
    {
      guint hop = send->to_client ? talk->n_hops - 1 - i : i;
      gboolean last = i + 1 == talk->n_hops, lost = send->lost && i == talk->n_hops / 2;
      WtEvent event = { .kind = WT_EVENT_PACKET, .time = talk->now, .other_time = talk->now + talk->latency,
                        .entity = talk->conversation, .from = talk->path[hop + (send->to_client ? 1 : 0)],
                        .to = talk->path[hop + (send->to_client ? 0 : 1)], .value = talk->links[hop], .ref = first,
                        .context = send->tcp, .protocol = conversation->protocol, .payload = payload,
                        .payload_len = payload ? g_bytes_get_size (payload) : 0 };

      event.flags = (send->to_client ? WT_EVENT_TO_CLIENT : 0) | (lost ? WT_EVENT_LOST : 0)
                    | (send->again ? WT_EVENT_RETRANSMIT : 0) | (i == 0 ? WT_EVENT_FIRST_HOP : 0)
                    | (last ? WT_EVENT_LAST_HOP : 0);
      if (i == 0)
        first = event.ref = wt_trace_length (talk->trace);
      wt_trace_append (talk->trace, &event);
      talk->now += talk->latency;
      if (lost)
        return;
    }
}

/* One message in one packet, acknowledged by what comes next. */
static void
say (Talk *talk, const Send *send)
{
  g_autoptr (GBytes) payload = send->text ? g_bytes_new (send->text, strlen (send->text)) : NULL;
  const WtEntity *conversation = wt_trace_entity (talk->trace, talk->conversation);
  gint64 sent = talk->sent ? talk->sent : talk->now;

  packet (talk, send, payload);
  talk->sent = send->lost ? sent : 0;
  if (!payload || send->lost)
    return;
  wt_trace_append (talk->trace,
                   &(WtEvent){ .kind = WT_EVENT_MESSAGE, .time = talk->now, .other_time = sent,
                               .entity = talk->conversation, .protocol = conversation->protocol, .payload = payload,
                               .payload_len = g_bytes_get_size (payload), .context = send->context,
                               .from = send->to_client ? conversation->server : conversation->client,
                               .to = send->to_client ? conversation->client : conversation->server,
                               .value = talk->exchange,
                               .ref = WT_EVENT_NO_REF,
                               .flags = (send->to_client ? WT_EVENT_TO_CLIENT : 0)
                                        | (send->final ? WT_EVENT_FINAL : 0) });
  talk->exchange += send->final;
}

static void
change (Talk *talk, WtEventKind kind, guint32 value)
{
  const WtEntity *conversation = wt_trace_entity (talk->trace, talk->conversation);

  wt_trace_append (talk->trace,
                   &(WtEvent){ .kind = kind,
                               .time = talk->now,
                               .entity = talk->conversation,
                               .from = kind == WT_EVENT_STATE ? conversation->server : conversation->client,
                               .to = kind == WT_EVENT_STATE ? 0 : conversation->server,
                               .value = value,
                               .protocol = conversation->protocol,
                               .ref = WT_EVENT_NO_REF });
}

static void
connect_and_greet (Talk *talk, const char *greeting)
{
  change (talk, WT_EVENT_CONNECTION, WT_CONNECTION_OPENING);
  say (talk, &(Send){ .tcp = WT_TCP_SYN });
  say (talk, &(Send){ .to_client = TRUE, .tcp = WT_TCP_SYN | WT_TCP_ACK });
  say (talk, &(Send){ .tcp = WT_TCP_ACK });
  change (talk, WT_EVENT_CONNECTION, WT_CONNECTION_OPEN);
  change (talk, WT_EVENT_STATE, 0);
  say (talk,
       &(Send){ .to_client = TRUE, .text = greeting, .context = WT_CONTEXT_REPLY, .final = TRUE, .tcp = WT_TCP_ACK });
  change (talk, WT_EVENT_STATE, 1);
}

static void
send_mail (Talk *talk, const char *name, gboolean lose)
{
  static const struct { const char *command, *reply; guint8 state; } steps[] = {
    { "EHLO client.example.org\r\n", "250-mail.example.org\r\n250 SIZE 10485760\r\n", 2 },
    { "MAIL FROM:<alice@example.org> SIZE=412\r\n", "250 2.1.0 Ok\r\n", 3 },
    { "RCPT TO:<bob@example.net>\r\n", "250 2.1.5 Ok\r\n", 4 },
    { "DATA\r\n", "354 End data with <CR><LF>.<CR><LF>\r\n", 5 },
    { "Subject: Hello\r\n\r\nHello Bob!\r\n.\r\n", "250 2.0.0 Ok: queued as 4F1A2\r\n", 2 },
    { "QUIT\r\n", "221 2.0.0 Bye\r\n", 8 },
  };
  g_autofree char *greeting = g_strdup_printf ("220 %s ESMTP\r\n", name);

  connect_and_greet (talk, greeting);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      Send command = { .text = steps[i].command, .tcp = WT_TCP_ACK | WT_TCP_PSH,
                       .context = i == 4 ? WT_CONTEXT_CONTENT : WT_CONTEXT_PLAIN };

      if (lose && i == 2)
        {
          command.lost = TRUE;
          say (talk, &command);
          talk->now += 1000 * SAMPLE_MSEC;
          command.lost = FALSE;
          command.again = TRUE;
        }
      say (talk, &command);
      say (talk, &(Send){ .to_client = TRUE, .text = steps[i].reply, .tcp = WT_TCP_ACK | WT_TCP_PSH,
                          .context = WT_CONTEXT_REPLY, .final = TRUE });
      change (talk, WT_EVENT_STATE, steps[i].state);
    }
  change (talk, WT_EVENT_CONNECTION, WT_CONNECTION_CLOSED);
}

static void
store (WtTrace *trace, gint64 time, guint32 node, guint32 item, WtStoreChange what)
{
  wt_trace_append (trace, &(WtEvent){ .kind = WT_EVENT_STORE, .time = time, .entity = item, .from = node, .value = what,
                                      .ref = WT_EVENT_NO_REF });
}

/* A query for the mail exchanger with its answer, as on the wire (RFC 1035 4.1). */
static void
look_up (Talk *talk)
{
  static const char query[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07"
                              "example\x03net\x00\x00\x0f\x00\x01";
  static const char answer[] = "\x12\x34\x85\x80\x00\x01\x00\x01\x00\x00\x00\x00\x07"
                               "example\x03net\x00\x00\x0f\x00\x01"
                               "\xc0\x0c\x00\x0f\x00\x01\x00\x00\x0e\x10\x00\x09\x00\x0a\x04mail\xc0\x0c";
  const struct { const char *bytes; gsize n; gboolean back; } parts[] = {
    { query, sizeof query - 1, FALSE }, { answer, sizeof answer - 1, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GBytes) payload = g_bytes_new_static (parts[i].bytes, parts[i].n);
      gint64 sent = talk->now;

      packet (talk, &(Send){ .to_client = parts[i].back }, payload);
      wt_trace_append (talk->trace,
                       &(WtEvent){ .kind = WT_EVENT_MESSAGE, .time = talk->now, .other_time = sent,
                                   .entity = talk->conversation, .protocol = WT_PROTOCOL_DNS, .payload = payload,
                                   .payload_len = parts[i].n, .value = 1, .ref = WT_EVENT_NO_REF,
                                   .context = parts[i].back ? WT_CONTEXT_REPLY : WT_CONTEXT_PLAIN,
                                   .from = talk->path[parts[i].back ? talk->n_hops : 0],
                                   .to = talk->path[parts[i].back ? 0 : talk->n_hops],
                                   .flags = parts[i].back ? WT_EVENT_TO_CLIENT | WT_EVENT_FINAL : 0 });
    }
}

/* --- traces ------------------------------------------------------------------------------------------------------- */

WtTrace *
sample_trace_new (void)
{
  WtTrace *trace = wt_trace_new ();
  guint32 alice = add_node (trace, "alice-pc"), mail1 = add_node (trace, "mail.example.org");
  guint32 r1 = add_node (trace, "router1"), r2 = add_node (trace, "router2");
  guint32 dns = add_node (trace, "ns.example.net"), mail2 = add_node (trace, "mail.example.net");
  guint32 l1 = add_link (trace, alice, r1), l2 = add_link (trace, mail1, r1), l3 = add_link (trace, r1, r2);
  guint32 l4 = add_link (trace, r2, dns), l5 = add_link (trace, r2, mail2);
  guint32 queue = add_child (trace, WT_ENTITY_QUEUE, mail1, "queue");
  guint32 bob = add_child (trace, WT_ENTITY_MAILBOX, mail2, "bob");
  guint32 path1[] = { alice, r1, mail1 }, links1[] = { l1, l2 };
  guint32 path2[] = { mail1, r1, r2, dns }, links2[] = { l2, l3, l4 };
  guint32 path3[] = { mail1, r1, r2, mail2 }, links3[] = { l2, l3, l5 };
  Talk submit = { .trace = trace, .path = path1, .links = links1, .n_hops = 2, .latency = 5 * SAMPLE_MSEC };
  Talk lookup = { .trace = trace, .path = path2, .links = links2, .n_hops = 3, .latency = 5 * SAMPLE_MSEC };
  Talk relay = { .trace = trace, .path = path3, .links = links3, .n_hops = 3, .latency = 5 * SAMPLE_MSEC };
  guint32 item;

  submit.conversation = add_conversation (trace, WT_PROTOCOL_SMTP, alice, mail1);
  send_mail (&submit, "mail.example.org", FALSE);
  item = add_child (trace, WT_ENTITY_ITEM, queue, "4F1A2");
  store (trace, submit.now, mail1, item, WT_STORE_ADDED);
  lookup.now = submit.now + 3000 * SAMPLE_MSEC;
  lookup.conversation = add_conversation (trace, WT_PROTOCOL_DNS, mail1, dns);
  look_up (&lookup);
  wt_trace_note (trace, lookup.now, mail1, mail1, WT_NOTE_INFO, "mail for %s goes to %s", "example.net",
                 "mail.example.net");
  relay.now = lookup.now + 2 * SAMPLE_MSEC;
  relay.conversation = add_conversation (trace, WT_PROTOCOL_SMTP, mail1, mail2);
  send_mail (&relay, "mail.example.net", TRUE);
  store (trace, relay.now, mail1, item, WT_STORE_REMOVED);
  store (trace, relay.now, mail2, add_child (trace, WT_ENTITY_ITEM, bob, "1"), WT_STORE_ADDED);
  relay.now += 5000 * SAMPLE_MSEC;
  wt_trace_append (trace, &(WtEvent){ .kind = WT_EVENT_LINK, .time = relay.now, .entity = l4, .from = r2, .to = dns });
  wt_trace_append (trace, &(WtEvent){ .kind = WT_EVENT_NODE, .time = relay.now, .entity = dns, .from = dns });
  wt_trace_finish (trace);
  return trace;
}

WtTrace *
sample_trace_big (guint n_hosts, guint n_links, guint n_packets)
{
  WtTrace *trace = wt_trace_new ();
  g_autofree guint32 *nodes = g_new (guint32, n_hosts);
  g_autofree guint32 *links = g_new (guint32, n_links);
  guint n_routers = MAX (n_hosts / 10, 1);

  for (guint i = 0; i < n_hosts; i++)
    {
      g_autofree char *name = g_strdup_printf (i < n_routers ? "router%u" : "host%u", i);

      nodes[i] = add_node (trace, name);
    }
  for (guint i = 0; i < n_links; i++)
    {
      /* Every host to its router, the routers in a ring, the rest across. */
      guint a = i < n_hosts ? i : (i * 7) % n_routers;
      guint b = i < n_routers ? (i + 1) % n_routers : i < n_hosts ? i % n_routers : (i * 13 + 5) % n_hosts;

      links[i] = add_link (trace, nodes[a], nodes[b == a ? (b + 1) % n_hosts : b]);
    }
  for (guint i = 0; i < n_packets; i++)
    {
      static const guint8 protocols[] = { WT_PROTOCOL_SMTP, WT_PROTOCOL_DNS, WT_PROTOCOL_TCP, WT_PROTOCOL_IMAP };
      static const guint8 flags[] = { WT_TCP_SYN, WT_TCP_ACK, WT_TCP_FIN | WT_TCP_ACK, WT_TCP_SYN | WT_TCP_ACK };
      const WtEntity *link = wt_trace_entity (trace, links[i % n_links]);
      gboolean back = (i / n_links) % 2;
      guint32 talk = i < n_links ? add_conversation (trace, WT_PROTOCOL_SMTP, link->ends[0], link->ends[1]) : 0;

      wt_trace_append (trace, &(WtEvent){ .kind = WT_EVENT_PACKET,
                                          .time = (gint64) i * 500 * SAMPLE_MSEC / n_packets,
                                          .other_time = 1500 * SAMPLE_MSEC + (i % 97) * 5 * SAMPLE_MSEC,
                                          .entity = talk,
                                          .from = link->ends[back],
                                          .to = link->ends[!back],
                                          .value = link->id,
                                          .ref = wt_trace_length (trace),
                                          .context = flags[i % 4],
                                          .protocol = protocols[i % 4],
                                          .flags = WT_EVENT_FIRST_HOP | WT_EVENT_LAST_HOP });
    }
  wt_trace_finish (trace);
  return trace;
}

WtTrace *
sample_trace_long (guint n_messages)
{
  static const struct { const char *command; guint8 state; } steps[] = {
    { "MAIL FROM:<alice@example.org>\r\n", 3 }, { "RCPT TO:<bob@example.net>\r\n", 4 }, { "RSET\r\n", 2 },
  };
  WtTrace *trace = wt_trace_new ();
  guint32 path[] = { add_node (trace, "client"), add_node (trace, "server") };
  guint32 links[] = { add_link (trace, path[0], path[1]) };
  Talk talk = { .trace = trace, .path = path, .links = links, .n_hops = 1, .latency = 10 * SAMPLE_MSEC };

  talk.conversation = add_conversation (trace, WT_PROTOCOL_SMTP, path[0], path[1]);
  change (&talk, WT_EVENT_CONNECTION, WT_CONNECTION_OPEN);
  for (guint i = 0; i < n_messages; i++)
    {
      guint step = i / 2 % G_N_ELEMENTS (steps);

      say (&talk, &(Send){ .to_client = i % 2, .text = i % 2 ? "250 2.0.0 Ok\r\n" : steps[step].command,
                           .context = i % 2 ? WT_CONTEXT_REPLY : WT_CONTEXT_PLAIN, .final = i % 2, .tcp = WT_TCP_ACK });
      if (i % 2)
        change (&talk, WT_EVENT_STATE, steps[step].state);
      talk.now += i % 50 == 49 ? 2000 * SAMPLE_MSEC : 0;
    }
  wt_trace_finish (trace);
  return trace;
}

void
sample_trace_replay (WtTrace *from, WtTrace *to, guint32 n)
{
  for (guint32 i = wt_trace_length (to); i <= n; i++)
    {
      guint32 id;

      while ((id = wt_trace_n_entities (to) + 1) <= wt_trace_n_entities (from) && wt_trace_entity (from, id)->born <= i)
        wt_trace_add_entity (to, wt_trace_entity (from, id));
      if (i < n)
        wt_trace_append (to, wt_trace_event (from, i));
    }
}
