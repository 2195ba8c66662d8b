/* Fields of IP, TCP and UDP, as Wireshark names them. */
#include "app/trace/event-view.h"
#include "app/trace/trace-private.h"

#include <glib/gi18n.h>

#define ETHERNET_BYTES 14
#define IP_BYTES 20
#define UDP_BYTES 8

static guint
tcp_header_bytes (const WtEvent *event)
{
  return event->context & WT_TCP_SYN && event->mss ? 24 : 20;
}

static gboolean
is_packet (const WtEventView *view)
{
  return view->event->kind == WT_EVENT_PACKET;
}

static gboolean
get_number (WtEventValue *value, gint64 number)
{
  value->number = number;
  return TRUE;
}

static gboolean
get_packet_number (const WtEventView *view, WtEventValue *value, gint64 number)
{
  value->number = number;
  return is_packet (view);
}

static gboolean
get_payload (const WtEventView *view, WtEventValue *value)
{
  gsize n_bytes;
  const guint8 *bytes = wt_event_bytes (view->event, &n_bytes);
  if (!is_packet (view) || n_bytes == 0)
    return FALSE;
  GString *text = g_string_sized_new (n_bytes * 3);
  for (gsize i = 0; i < n_bytes; i++)
    g_string_append_printf (text, "%s%02x", i ? ":" : "", bytes[i]);
  wt_event_value_take_text (value, g_string_free (text, FALSE));
  return TRUE;
}

static gboolean
get_stream (const WtEventView *view, WtEventValue *value)
{
  return get_number (value, wt_trace_stream (view->trace, view->conversation->id));
}

/* --- IP ----------------------------------------------------------------------------------------------------------- */

static gboolean
ip_present (const WtEventView *view)
{
  return view->conversation != NULL;
}

static gboolean
ip_version (const WtEventView *view, WtEventValue *value)
{
  return get_packet_number (view, value, 4);
}

static gboolean
ip_hdr_len (const WtEventView *view, WtEventValue *value)
{
  return get_packet_number (view, value, IP_BYTES);
}

static guint
ip_bytes (const WtEventView *view)
{
  gboolean tcp = view->conversation->transport == WT_TRANSPORT_TCP;
  return IP_BYTES + (tcp ? tcp_header_bytes (view->event) : UDP_BYTES) + view->event->payload_len;
}

static gboolean
ip_len (const WtEventView *view, WtEventValue *value)
{
  return get_packet_number (view, value, ip_bytes (view));
}

static gboolean
ip_proto (const WtEventView *view, WtEventValue *value)
{
  gboolean tcp = view->conversation->transport == WT_TRANSPORT_TCP;
  wt_event_value_set_text (value, tcp ? "6 (TCP)" : "17 (UDP)");
  return get_number (value, tcp ? 6 : 17);
}

static gboolean
ip_source (const WtEventView *view, WtEventValue *value)
{
  return get_number (value, view->source.ip);
}

static gboolean
ip_destination (const WtEventView *view, WtEventValue *value)
{
  return get_number (value, view->destination.ip);
}

static const WtEventRow ip_rows[] = {
  { { "ip.version", WT_FIELD_UINT, N_ ("Version") }, 1, NULL, ip_version },
  { { "ip.hdr_len", WT_FIELD_UINT, N_ ("Header length") }, 1, NULL, ip_hdr_len },
  { { "ip.len", WT_FIELD_UINT, N_ ("Total length") }, 1, NULL, ip_len },
  { { "ip.proto", WT_FIELD_UINT, N_ ("Protocol") }, 1, NULL, ip_proto },
  { { "ip.src", WT_FIELD_IPV4, N_ ("Source address") }, 1, "ip.src", ip_source },
  { { "ip.addr", WT_FIELD_IPV4, N_ ("Source or destination address") }, 2, NULL, ip_source },
  { { "ip.dst", WT_FIELD_IPV4, N_ ("Destination address") }, 1, "ip.dst", ip_destination },
  { { "ip.addr", WT_FIELD_IPV4, N_ ("Source or destination address") }, 2, NULL, ip_destination },
};

const WtEventRoot wt_event_ip
    = { { "ip", WT_FIELD_NONE, N_ ("Internet Protocol") }, "ip", ip_present, ip_rows, G_N_ELEMENTS (ip_rows) };

/* --- ports of both ------------------------------------------------------------------------------------------------ */

static gboolean
source_port (const WtEventView *view, WtEventValue *value)
{
  return get_number (value, view->source.port);
}

static gboolean
destination_port (const WtEventView *view, WtEventValue *value)
{
  return get_number (value, view->destination.port);
}

/* --- TCP ---------------------------------------------------------------------------------------------------------- */

static gboolean
tcp_present (const WtEventView *view)
{
  return view->conversation && view->conversation->transport == WT_TRANSPORT_TCP;
}

static gboolean
tcp_len (const WtEventView *view, WtEventValue *value)
{
  return get_packet_number (view, value, view->event->payload_len);
}

static gboolean
tcp_seq (const WtEventView *view, WtEventValue *value)
{
  return is_packet (view) && get_number (value, wt_event_view_seq (view));
}

static gboolean
tcp_seq_raw (const WtEventView *view, WtEventValue *value)
{
  return get_packet_number (view, value, view->event->seq);
}

static gboolean
tcp_nxtseq (const WtEventView *view, WtEventValue *value)
{
  if (!is_packet (view))
    return FALSE;
  guint8 flags = view->event->context;
  guint32 takes = view->event->payload_len + !!(flags & WT_TCP_SYN) + !!(flags & WT_TCP_FIN);
  return get_number (value, (guint32)(wt_event_view_seq (view) + takes));
}

static gboolean
tcp_ack (const WtEventView *view, WtEventValue *value)
{
  return is_packet (view) && get_number (value, wt_event_view_ack (view));
}

static gboolean
tcp_ack_raw (const WtEventView *view, WtEventValue *value)
{
  return get_packet_number (view, value, view->event->ack);
}

static gboolean
tcp_hdr_len (const WtEventView *view, WtEventValue *value)
{
  return get_packet_number (view, value, tcp_header_bytes (view->event));
}

static gboolean
tcp_flags (const WtEventView *view, WtEventValue *value)
{
  if (!is_packet (view))
    return FALSE;
  guint8 flags = view->event->context;
  g_autofree char *names = wt_tcp_flags_to_string (flags, ", ");
  wt_event_value_take_text (value, g_strdup_printf ("0x%03x (%s)", flags, names));
  return get_number (value, flags);
}

#define FLAG(name, bit) \
  static gboolean tcp_flags_##name (const WtEventView *view, WtEventValue *value) \
  { \
    return get_packet_number (view, value, (view->event->context & (bit)) != 0); \
  }
FLAG (ack, WT_TCP_ACK)
FLAG (push, WT_TCP_PSH)
FLAG (reset, WT_TCP_RST)
FLAG (syn, WT_TCP_SYN)
FLAG (fin, WT_TCP_FIN)

static gboolean
tcp_window (const WtEventView *view, WtEventValue *value)
{
  return get_packet_number (view, value, view->event->window);
}

static gboolean
tcp_mss (const WtEventView *view, WtEventValue *value)
{
  return is_packet (view) && view->event->context & WT_TCP_SYN && view->event->mss
         && get_number (value, view->event->mss);
}

static gboolean
tcp_retransmission (const WtEventView *view, WtEventValue *value)
{
  return is_packet (view) && view->event->flags & WT_EVENT_RETRANSMIT;
}

static const WtEventRow tcp_rows[] = {
  { { "tcp.srcport", WT_FIELD_UINT, N_ ("Source port") }, 1, "tcp.port", source_port },
  { { "tcp.port", WT_FIELD_UINT, N_ ("Source or destination port") }, 2, NULL, source_port },
  { { "tcp.dstport", WT_FIELD_UINT, N_ ("Destination port") }, 1, "tcp.port", destination_port },
  { { "tcp.port", WT_FIELD_UINT, N_ ("Source or destination port") }, 2, NULL, destination_port },
  { { "tcp.stream", WT_FIELD_UINT, N_ ("Connection number") }, 1, NULL, get_stream },
  { { "tcp.len", WT_FIELD_UINT, N_ ("Bytes carried") }, 1, NULL, tcp_len },
  { { "tcp.seq", WT_FIELD_UINT, N_ ("Sequence number") }, 1, "tcp.seq", tcp_seq },
  { { "tcp.seq_raw", WT_FIELD_UINT, N_ ("Sequence number on the wire") }, 2, NULL, tcp_seq_raw },
  { { "tcp.nxtseq", WT_FIELD_UINT, N_ ("Next sequence number") }, 1, NULL, tcp_nxtseq },
  { { "tcp.ack", WT_FIELD_UINT, N_ ("Acknowledgment number") }, 1, "tcp.ack", tcp_ack },
  { { "tcp.ack_raw", WT_FIELD_UINT, N_ ("Acknowledgment number on the wire") }, 2, NULL, tcp_ack_raw },
  { { "tcp.hdr_len", WT_FIELD_UINT, N_ ("Header length") }, 1, NULL, tcp_hdr_len },
  { { "tcp.flags", WT_FIELD_UINT, N_ ("Flags") }, 1, "tcp.flags", tcp_flags },
  { { "tcp.flags.ack", WT_FIELD_BOOLEAN, N_ ("Acknowledgment") }, 2, "tcp.flag.ACK", tcp_flags_ack },
  { { "tcp.flags.push", WT_FIELD_BOOLEAN, N_ ("Push") }, 2, "tcp.flag.PSH", tcp_flags_push },
  { { "tcp.flags.reset", WT_FIELD_BOOLEAN, N_ ("Reset") }, 2, "tcp.flag.RST", tcp_flags_reset },
  { { "tcp.flags.syn", WT_FIELD_BOOLEAN, N_ ("Syn") }, 2, "tcp.flag.SYN", tcp_flags_syn },
  { { "tcp.flags.fin", WT_FIELD_BOOLEAN, N_ ("Fin") }, 2, "tcp.flag.FIN", tcp_flags_fin },
  { { "tcp.window_size_value", WT_FIELD_UINT, N_ ("Window") }, 1, "tcp.window", tcp_window },
  { { "tcp.options.mss_val", WT_FIELD_UINT, N_ ("Maximum segment size") }, 1, "tcp.mss", tcp_mss },
  { { "tcp.analysis.retransmission", WT_FIELD_NONE, N_ ("Sent again") }, 1, "tcp.retransmission", tcp_retransmission },
  { { "tcp.payload", WT_FIELD_BYTES, N_ ("Payload") }, 1, NULL, get_payload },
};

const WtEventRoot wt_event_tcp = { { "tcp", WT_FIELD_NONE, N_ ("Transmission Control Protocol") },
                                   "tcp",
                                   tcp_present,
                                   tcp_rows,
                                   G_N_ELEMENTS (tcp_rows) };

/* --- UDP ---------------------------------------------------------------------------------------------------------- */

static gboolean
udp_present (const WtEventView *view)
{
  return view->conversation && view->conversation->transport == WT_TRANSPORT_UDP;
}

static gboolean
udp_length (const WtEventView *view, WtEventValue *value)
{
  return get_packet_number (view, value, UDP_BYTES + view->event->payload_len);
}

static const WtEventRow udp_rows[] = {
  { { "udp.srcport", WT_FIELD_UINT, N_ ("Source port") }, 1, "udp.port", source_port },
  { { "udp.port", WT_FIELD_UINT, N_ ("Source or destination port") }, 2, NULL, source_port },
  { { "udp.dstport", WT_FIELD_UINT, N_ ("Destination port") }, 1, "udp.port", destination_port },
  { { "udp.port", WT_FIELD_UINT, N_ ("Source or destination port") }, 2, NULL, destination_port },
  { { "udp.length", WT_FIELD_UINT, N_ ("Length") }, 1, NULL, udp_length },
  { { "udp.stream", WT_FIELD_UINT, N_ ("Conversation number") }, 1, NULL, get_stream },
  { { "udp.payload", WT_FIELD_BYTES, N_ ("Payload") }, 1, NULL, get_payload },
};

const WtEventRoot wt_event_udp
    = { { "udp", WT_FIELD_NONE, N_ ("User Datagram Protocol") }, "udp", udp_present, udp_rows, G_N_ELEMENTS (udp_rows) };

guint
wt_event_view_frame_bytes (const WtEventView *self)
{
  return ETHERNET_BYTES + ip_bytes (self);
}
