/* What a packet carries, in a word: "EHLO", "250", "SYN", "MX?". Remembered, since each frame asks for each packet. */
#pragma once

#include "app/trace/trace.h"

#define WT_PACKET_LABEL_MAX 12       /* characters */
#define WT_PACKET_LABELS_KEPT 20000  /* then the memory starts anew */

typedef struct _WtPacketLabels WtPacketLabels;

WtPacketLabels *wt_packet_labels_new (WtTrace *trace);
/* For a PACKET or MESSAGE event. Never NULL; valid until the next call. */
const char *wt_packet_labels_get (WtPacketLabels *self, guint32 event);
void wt_packet_labels_free (WtPacketLabels *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtPacketLabels, wt_packet_labels_free)
