/* Frames: Ethernet (with VLAN tags), Linux "cooked", loopback, raw IP; IPv4, TCP and UDP in them. */
#include "app/capture/capture-private.h"

#include <pcap/dlt.h>

#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_IPV6 0x86dd
#define IP_TCP 6
#define IP_UDP 17
#define IP_MORE_FRAGMENTS 0x2000
#define IP_OFFSET 0x1fff
#define FAMILY_INET 2 /* of a loopback frame, everywhere; IPv6 has several numbers there */

typedef struct {
  const guint8 *bytes;
  gsize n_bytes;
} Rest;

static guint16
get16 (const guint8 *bytes)
{
  return bytes[0] << 8 | bytes[1];
}

static guint32
get32 (const guint8 *bytes)
{
  return (guint32) get16 (bytes) << 16 | get16 (bytes + 2);
}

static gboolean
skip (Rest *rest, gsize n)
{
  if (rest->n_bytes < n)
    return FALSE;
  rest->bytes += n;
  rest->n_bytes -= n;
  return TRUE;
}

/* --- below IP ----------------------------------------------------------------------------------------------------- */

static guint16
ethernet (Rest *rest)
{
  guint16 type = 0;
  if (rest->n_bytes < 14)
    return 0;
  type = get16 (rest->bytes + 12);
  skip (rest, 14);
  while ((type == 0x8100 || type == 0x88a8) && rest->n_bytes >= 4) /* IEEE 802.1Q */
    {
      type = get16 (rest->bytes + 2);
      skip (rest, 4);
    }
  return type;
}

static guint16
cooked (Rest *rest, gsize header, gsize type_at)
{
  guint16 type = rest->n_bytes >= header ? get16 (rest->bytes + type_at) : 0;
  return skip (rest, header) ? type : 0;
}

/* In the byte order of whoever captured. */
static guint16
loopback (Rest *rest)
{
  guint32 family = rest->n_bytes >= 4 ? get32 (rest->bytes) : 0;
  if (!skip (rest, 4))
    return 0;
  return family == FAMILY_INET || GUINT32_SWAP_LE_BE (family) == FAMILY_INET ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
}

static guint16
raw (const Rest *rest)
{
  guint version = rest->n_bytes ? rest->bytes[0] >> 4 : 0;
  return version == 4 ? ETHERTYPE_IPV4 : version == 6 ? ETHERTYPE_IPV6 : 0;
}

static guint16
network_type (int link_type, Rest *rest)
{
  switch (link_type)
    {
    case DLT_EN10MB:
      return ethernet (rest);
    case DLT_LINUX_SLL:
      return cooked (rest, 16, 14);
    case DLT_LINUX_SLL2:
      return cooked (rest, 20, 0);
    case DLT_NULL:
    case DLT_LOOP:
      return loopback (rest);
    case DLT_RAW:
    case DLT_IPV4:
      return raw (rest);
    default:
      return 0;
    }
}

gboolean
wt_capture_link_known (int link_type)
{
  static const int known[] = { DLT_EN10MB, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_NULL, DLT_LOOP, DLT_RAW, DLT_IPV4 };
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i] == link_type)
      return TRUE;
  return FALSE;
}

/* --- IPv4, RFC 791 ------------------------------------------------------------------------------------------------ */

/* What the datagram's own length leaves of the frame, which may be padded; `cut`: what the frame lacks of it. */
static gboolean
ipv4 (Rest *rest, WtCapturedPacket *packet, guint8 *protocol, gboolean *fragment)
{
  if (rest->n_bytes < 20 || rest->bytes[0] >> 4 != 4)
    return FALSE;
  gsize header = (rest->bytes[0] & 15) * 4, total = get16 (rest->bytes + 2);
  if (total == 0) /* the network card was to cut it up: RFC 791 has no such thing, captures have */
    total = rest->n_bytes;
  if (header < 20 || header > rest->n_bytes || total < header)
    return FALSE;
  *fragment = (get16 (rest->bytes + 6) & (IP_MORE_FRAGMENTS | IP_OFFSET)) != 0;
  *protocol = rest->bytes[9];
  packet->source.ip = get32 (rest->bytes + 12);
  packet->target.ip = get32 (rest->bytes + 16);
  packet->n_cut = total > rest->n_bytes ? total - rest->n_bytes : 0;
  rest->n_bytes = MIN (rest->n_bytes, total);
  return skip (rest, header);
}

static gboolean
tcp (Rest *rest, WtCapturedPacket *packet)
{
  gsize header = rest->n_bytes >= 20 ? (rest->bytes[12] >> 4) * 4 : 0;
  if (header < 20 || header > rest->n_bytes)
    return FALSE;
  packet->transport = WT_TRANSPORT_TCP;
  packet->seq = get32 (rest->bytes + 4);
  packet->flags = rest->bytes[13];
  packet->source.port = get16 (rest->bytes);
  packet->target.port = get16 (rest->bytes + 2);
  return skip (rest, header);
}

static gboolean
udp (Rest *rest, WtCapturedPacket *packet)
{
  if (rest->n_bytes < 8)
    return FALSE;
  packet->transport = WT_TRANSPORT_UDP;
  packet->source.port = get16 (rest->bytes);
  packet->target.port = get16 (rest->bytes + 2);
  return skip (rest, 8);
}

WtCaptured
wt_capture_link_parse (int link_type, const guint8 *bytes, gsize n_bytes, WtCapturedPacket *packet)
{
  Rest rest = { bytes, n_bytes };
  guint8 protocol;
  gboolean fragment;
  *packet = (WtCapturedPacket){ 0 };
  guint16 type = network_type (link_type, &rest);
  if (type == ETHERTYPE_IPV6)
    return WT_CAPTURED_IPV6;
  if (type != ETHERTYPE_IPV4 || !ipv4 (&rest, packet, &protocol, &fragment))
    return WT_CAPTURED_OTHER;
  if (protocol != IP_TCP && protocol != IP_UDP)
    return WT_CAPTURED_OTHER;
  if (fragment)
    return WT_CAPTURED_FRAGMENT;
  if (!(protocol == IP_TCP ? tcp (&rest, packet) : udp (&rest, packet)))
    return WT_CAPTURED_OTHER;
  packet->payload = rest.bytes;
  packet->n_payload = rest.n_bytes;
  return WT_CAPTURED_PACKET;
}
