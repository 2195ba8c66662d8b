#include "app/world/frame.h"

#include "app/world/sim-private.h"

#include <string.h>

#define ETHERTYPE_IPV4 0x0800
#define IP_TCP 6
#define IP_UDP 17
#define IP_DONT_FRAGMENT 0x4000
#define TCP_OPTION_MSS 2

static void
put16 (guint8 *place, guint16 value)
{
  place[0] = value >> 8;
  place[1] = value & 0xff;
}

static void
put32 (guint8 *place, guint32 value)
{
  put16 (place, value >> 16);
  put16 (place + 2, value & 0xffff);
}

/* RFC 1071. An odd last byte counts as the upper half of a word. */
static guint32
add_words (guint32 sum, const guint8 *bytes, gsize n_bytes)
{
  for (gsize i = 0; i + 1 < n_bytes; i += 2)
    sum += bytes[i] << 8 | bytes[i + 1];
  if (n_bytes % 2)
    sum += bytes[n_bytes - 1] << 8;
  return sum;
}

static guint16
fold (guint32 sum)
{
  while (sum >> 16)
    sum = (sum & 0xffff) + (sum >> 16);
  return ~sum;
}

/* An Ethernet address of our own (locally administered): the node's number. */
static void
put_ethernet_address (guint8 *place, guint32 node)
{
  put16 (place, 0x0200);
  put32 (place + 2, node);
}

static void
put_ethernet (guint8 *place, const WtFrame *frame)
{
  put_ethernet_address (place, frame->to);
  put_ethernet_address (place + 6, frame->from);
  put16 (place + 12, ETHERTYPE_IPV4);
}

static void
put_ip (guint8 *place, const WtFrame *frame, gsize transport_bytes)
{
  put16 (place, 0x4500); /* version 4, five words, no TOS */
  put16 (place + 2, WT_SIM_IPV4_HEADER + transport_bytes);
  put16 (place + 4, frame->id);
  put16 (place + 6, frame->is_tcp ? IP_DONT_FRAGMENT : 0);
  place[8] = frame->ttl;
  place[9] = frame->is_tcp ? IP_TCP : IP_UDP;
  put16 (place + 10, 0);
  put32 (place + 12, frame->source.ip);
  put32 (place + 16, frame->target.ip);
  put16 (place + 10, fold (add_words (0, place, WT_SIM_IPV4_HEADER)));
}

/* Header and payload must be there already, with 0 as checksum. */
static guint16
transport_checksum (const WtFrame *frame, const guint8 *transport, gsize n_bytes)
{
  guint8 pseudo[12] = { 0 };
  put32 (pseudo, frame->source.ip);
  put32 (pseudo + 4, frame->target.ip);
  pseudo[9] = frame->is_tcp ? IP_TCP : IP_UDP;
  put16 (pseudo + 10, n_bytes);
  return fold (add_words (add_words (0, pseudo, sizeof pseudo), transport, n_bytes));
}

static void
put_tcp (guint8 *place, const WtFrame *frame, gsize header, gsize n_bytes)
{
  put16 (place, frame->source.port);
  put16 (place + 2, frame->target.port);
  put32 (place + 4, frame->seq);
  put32 (place + 8, frame->ack);
  place[12] = header / 4 << 4;
  place[13] = frame->flags;
  put16 (place + 14, frame->window);
  put32 (place + 16, 0); /* checksum, urgent pointer */
  if (header > WT_SIM_TCP_HEADER)
    {
      place[20] = TCP_OPTION_MSS;
      place[21] = WT_SIM_TCP_MSS_OPTION;
      put16 (place + 22, frame->mss);
    }
  put16 (place + 16, transport_checksum (frame, place, n_bytes));
}

static void
put_udp (guint8 *place, const WtFrame *frame, gsize n_bytes)
{
  put16 (place, frame->source.port);
  put16 (place + 2, frame->target.port);
  put16 (place + 4, n_bytes);
  put16 (place + 6, 0);
  guint16 sum = transport_checksum (frame, place, n_bytes);
  put16 (place + 6, sum ? sum : 0xffff); /* 0 would mean: none */
}

GBytes *
wt_frame_bytes (const WtFrame *self, const guint8 *payload, gsize n_payload)
{
  gsize header = self->is_tcp ? WT_SIM_TCP_HEADER + (self->mss ? WT_SIM_TCP_MSS_OPTION : 0) : WT_SIM_UDP_HEADER;
  gsize start = WT_SIM_ETHERNET_HEADER + WT_SIM_IPV4_HEADER;
  guint8 *bytes = g_malloc (start + header + n_payload);
  if (n_payload > 0)
    memcpy (bytes + start + header, payload, n_payload);
  put_ethernet (bytes, self);
  put_ip (bytes + WT_SIM_ETHERNET_HEADER, self, header + n_payload);
  if (self->is_tcp)
    put_tcp (bytes + start, self, header, header + n_payload);
  else
    put_udp (bytes + start, self, header + n_payload);
  return g_bytes_new_take (bytes, start + header + n_payload);
}
