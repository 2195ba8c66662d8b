/* A capture file, packet by packet, through libpcap. */
#include "app/capture/capture-private.h"

#include <glib/gi18n.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_SEC G_GINT64_CONSTANT (1000000000)

G_DEFINE_QUARK (wt - capture - error - quark, wt_capture_error)

typedef struct {
  const char *path;
  pcap_t *pcap;
  WtCaptureRecord record;
  WtCaptureFlows *flows;
  gint64 start; /* ns since 1970 of the first packet */
  guint n_packets, n_left[WT_N_CAPTURED], n_cut;
} Reader;

/* --- the record --------------------------------------------------------------------------------------------------- */

void
wt_capture_record (WtCaptureRecord *self, const WtEvent *event)
{
  WtEvent copy = *event;
  copy.time = copy.other_time = self->now;
  copy.ref = WT_EVENT_NO_REF;
  wt_trace_append (self->trace, &copy);
}

guint32
wt_capture_node (WtCaptureRecord *self, guint32 ip)
{
  gpointer known = g_hash_table_lookup (self->nodes, GUINT_TO_POINTER (ip));
  if (known)
    return GPOINTER_TO_UINT (known);
  g_autofree char *name = wt_address_to_string ((WtAddress){ ip, 0 });
  guint32 node = wt_trace_add_entity (self->trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = name });
  g_hash_table_insert (self->nodes, GUINT_TO_POINTER (ip), GUINT_TO_POINTER (node));
  return node;
}

/* --- packets ------------------------------------------------------------------------------------------------------ */

static void
set_time (Reader *self, const struct pcap_pkthdr *header)
{
  gint64 time = header->ts.tv_sec * NS_PER_SEC + header->ts.tv_usec; /* which are ns here */
  if (self->n_packets == 1)
    {
      self->start = time;
      wt_trace_set_start_time (self->record.trace, time / 1000);
    }
  self->record.now = MAX (self->record.now, time - self->start); /* captures of several cards go back a little */
}

static void
read_packet (Reader *self, const struct pcap_pkthdr *header, const guint8 *bytes)
{
  WtCapturedPacket packet;
  self->n_packets++;
  set_time (self, header);
  WtCaptured what = wt_capture_link_parse (pcap_datalink (self->pcap), bytes, header->caplen, &packet);
  self->n_left[what]++;
  if (what != WT_CAPTURED_PACKET)
    return;
  self->n_cut += packet.n_cut > 0;
  wt_capture_flows_feed (self->flows, &packet);
}

/* FALSE: the file is broken here; pcap_geterr() says how. */
static gboolean
read_packets (Reader *self, const gint *cancel)
{
  struct pcap_pkthdr *header;
  const guint8 *bytes;
  int result;
  while ((result = pcap_next_ex (self->pcap, &header, &bytes)) == 1 && !(cancel && g_atomic_int_get (cancel)))
    read_packet (self, header, bytes);
  return result != PCAP_ERROR;
}

/* --- what is told ------------------------------------------------------------------------------------------------- */

#define NOTE(level, format, ...) \
  wt_trace_note (self->record.trace, self->record.now, 0, 0, WT_NOTE_##level, format, __VA_ARGS__)

static void
tell_what_was_left (Reader *self)
{
  guint n_unknown = wt_capture_flows_n_unknown (self->flows);
  if (self->n_left[WT_CAPTURED_IPV6])
    NOTE (INFO, N_ ("packets of IPv6 left out: %u"), self->n_left[WT_CAPTURED_IPV6]);
  if (self->n_left[WT_CAPTURED_FRAGMENT])
    NOTE (WARNING, N_ ("fragments of IP datagrams left out: %u"), self->n_left[WT_CAPTURED_FRAGMENT]);
  if (self->n_cut)
    NOTE (WARNING, N_ ("packets that the capture cut short: %u"), self->n_cut);
  if (n_unknown)
    NOTE (INFO, N_ ("conversations of other protocols left out: %u"), n_unknown);
}

static gboolean
check (Reader *self, gboolean whole, GError **error)
{
  if (wt_capture_flows_n_recorded (self->flows) > 0)
    {
      if (!whole)
        NOTE (ERROR, N_ ("the file is broken after packet %u: %s"), self->n_packets,
              pcap_geterr (self->pcap));
      return TRUE;
    }
  if (!whole)
    g_set_error (error, WT_CAPTURE_ERROR, WT_CAPTURE_ERROR_FILE, _ ("%s: after packet %u: %s"),
                 self->path, self->n_packets, pcap_geterr (self->pcap));
  else
    g_set_error (error, WT_CAPTURE_ERROR, WT_CAPTURE_ERROR_EMPTY,
                 _ ("%s: in %u packets is no conversation of SMTP, LMTP, POP3, IMAP, SNMP or DNS over IPv4"),
                 self->path, self->n_packets);
  return FALSE;
}

/* --- the file ----------------------------------------------------------------------------------------------------- */

static pcap_t *
open_file (const char *path, GError **error)
{
  char problem[PCAP_ERRBUF_SIZE] = "";
  pcap_t *pcap = pcap_open_offline_with_tstamp_precision (path, PCAP_TSTAMP_PRECISION_NANO, problem);
  if (pcap == NULL)
    {
      g_autofree char *text = g_utf8_make_valid (problem, -1), *named = g_strconcat (path, ": ", NULL);
      const char *why = g_str_has_prefix (text, named) ? text + strlen (named) : text; /* some begin with the name */
      g_set_error (error, WT_CAPTURE_ERROR, WT_CAPTURE_ERROR_FILE,
                   _ ("%s: no capture that can be read (pcap or pcapng): %s"), path, why);
      return NULL;
    }
  if (!wt_capture_link_known (pcap_datalink (pcap)))
    {
      const char *name = pcap_datalink_val_to_description_or_dlt (pcap_datalink (pcap));
      g_set_error (error, WT_CAPTURE_ERROR, WT_CAPTURE_ERROR_LINK,
                   _ ("%s: captured on a network of the kind %s; Ethernet, Linux cooked, loopback and raw IP can be read"),
                   path, name);
      pcap_close (pcap);
      return NULL;
    }
  return pcap;
}

gboolean
wt_capture_is (const char *path)
{
  static const guint32 magics[] = { 0x0a0d0d0a /* pcapng */, 0xa1b2c3d4, 0xa1b23c4d };
  guint32 magic = 0;
  FILE *file = fopen (path, "rb");
  gsize n_read = file ? fread (&magic, sizeof magic, 1, file) : 0;
  if (file)
    fclose (file);
  for (guint i = 0; i < G_N_ELEMENTS (magics) && n_read == 1; i++)
    if (magic == magics[i] || magic == GUINT32_SWAP_LE_BE (magics[i]))
      return TRUE;
  return FALSE;
}

WtTrace *
wt_capture_read (const char *path, const gint *cancel, GError **error)
{
  Reader self = { .path = path, .pcap = open_file (path, error) };
  if (self.pcap == NULL)
    return NULL;
  g_autoptr (WtTrace) trace = wt_trace_new ();
  wt_trace_set_limit (trace, WT_CAPTURE_MEMORY_MAX);
  self.record = (WtCaptureRecord){ .trace = trace, .nodes = g_hash_table_new (NULL, NULL) };
  self.flows = wt_capture_flows_new (&self.record);
  gboolean whole = read_packets (&self, cancel);
  wt_capture_flows_end (self.flows);
  gboolean good = check (&self, whole, error);
  if (good)
    tell_what_was_left (&self);
  wt_trace_finish (trace);
  wt_capture_flows_free (self.flows);
  g_hash_table_unref (self.record.nodes);
  pcap_close (self.pcap);
  return good ? g_steal_pointer (&trace) : NULL;
}
