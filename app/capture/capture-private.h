/* Inside of reading a capture: packets (capture-read.c, capture-link.c) to conversations (capture-flow.c) to messages
 * (capture-dialogue.c). */
#pragma once

#include "app/capture/capture.h"

/* What of a frame is of use. Borrowed from it. */
typedef struct {
  WtTransport transport;
  WtAddress source, target;
  guint32 seq;  /* TCP */
  guint8 flags; /* TCP */
  const guint8 *payload;
  gsize n_payload;
  gsize n_cut; /* bytes of payload that the capture did not keep */
} WtCapturedPacket;

typedef enum {
  WT_CAPTURED_PACKET,
  WT_CAPTURED_IPV6,
  WT_CAPTURED_FRAGMENT, /* of an IP datagram */
  WT_CAPTURED_OTHER,    /* ARP and whatever else; a frame that is cut short or broken */
  WT_N_CAPTURED,
} WtCaptured;
/* FALSE: networks of that kind (DLT_...) are not read. */
gboolean wt_capture_link_known (int link_type);
WtCaptured wt_capture_link_parse (int link_type, const guint8 *bytes, gsize n_bytes, WtCapturedPacket *packet);

/* --- the record that is being made --- */

typedef struct {
  WtTrace *trace;
  GHashTable *nodes; /* IP -> entity */
  gint64 now;        /* ns since the first packet; never goes back */
} WtCaptureRecord;

/* Adds what entity, kind, value and the others say, now. */
void wt_capture_record (WtCaptureRecord *self, const WtEvent *event);
guint32 wt_capture_node (WtCaptureRecord *self, guint32 ip);

/* --- a conversation --- */

/* Bytes in order, both ways, to messages. */
typedef struct _WtCaptureDialogue WtCaptureDialogue;
#define WT_CAPTURE_MESSAGE_MAX (64 * 1024 * 1024) /* bytes; of a longer one the first so many are kept */
WtCaptureDialogue *wt_capture_dialogue_new (WtCaptureRecord *record, const WtEntity *conversation);
void wt_capture_dialogue_feed (WtCaptureDialogue *self, WtDirection direction, const guint8 *bytes, gsize n_bytes);
/* A datagram, whole. */
void wt_capture_dialogue_datagram (WtCaptureDialogue *self, WtDirection direction, const guint8 *bytes, gsize n_bytes);
/* Bytes that the capture does not have. */
void wt_capture_dialogue_gap (WtCaptureDialogue *self, WtDirection direction, gsize n_bytes);
void wt_capture_dialogue_end (WtCaptureDialogue *self); /* what is incomplete is a message too */
void wt_capture_dialogue_free (WtCaptureDialogue *self);

typedef struct _WtCaptureFlows WtCaptureFlows;
WtCaptureFlows *wt_capture_flows_new (WtCaptureRecord *record);
void wt_capture_flows_feed (WtCaptureFlows *self, const WtCapturedPacket *packet);
void wt_capture_flows_end (WtCaptureFlows *self);
guint wt_capture_flows_n_recorded (const WtCaptureFlows *self);
guint wt_capture_flows_n_unknown (const WtCaptureFlows *self); /* of protocols that are none of ours */
void wt_capture_flows_free (WtCaptureFlows *self);
