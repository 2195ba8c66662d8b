/* Frames of a capture: the kind of network, then each frame after its length (one byte times four) and a byte of time. */
#include "app/capture/capture-private.h"

#include <pcap/dlt.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const int types[] = { DLT_EN10MB, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_NULL, DLT_RAW };
  WtCaptureRecord record = { wt_trace_new (), g_hash_table_new (NULL, NULL), 0 };
  WtCaptureFlows *flows = wt_capture_flows_new (&record);
  int type = size ? types[data[0] % G_N_ELEMENTS (types)] : DLT_RAW;
  for (gsize at = 1; at + 2 <= size;)
    {
      gsize n_frame = MIN ((gsize) data[at] * 4, size - at - 2);
      WtCapturedPacket packet;
      record.now += data[at + 1];
      if (wt_capture_link_parse (type, data + at + 2, n_frame, &packet) == WT_CAPTURED_PACKET)
        wt_capture_flows_feed (flows, &packet);
      at += 2 + n_frame;
    }
  wt_capture_flows_end (flows);
  wt_capture_flows_free (flows);
  g_hash_table_unref (record.nodes);
  wt_trace_unref (record.trace);
  return 0;
}
