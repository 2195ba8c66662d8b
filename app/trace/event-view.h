/* What app/trace itself knows of an event as fields: one table of rows for frame, ip, tcp and udp. The tree is made from
 * the rows; the filter asks a row directly, so that `ip.addr == 10.0.0.7` needs neither tree nor dissection. */
#pragma once

#include "app/trace/event-fields.h"

/* An event with what its fields are taken from. Valid while the trace is read-locked. */
typedef struct {
  WtTrace *trace;
  guint32 n;
  const WtEvent *event;
  const WtEntity *conversation; /* (nullable) */
  WtAddress source, destination;
} WtEventView;

/* A value: a number, a text or both (then the text is how the number is shown). */
typedef struct {
  gint64 number;
  const char *text; /* (nullable) need not be UTF-8 */
  gsize text_len;
  char *owned; /* (nullable) backs `text` */
} WtEventValue;

typedef struct {
  WtFieldInfo info;
  guint8 level;         /* 1: child of the root, 2: child of the row of level 1 before it */
  const char *glossary; /* (nullable) */
  /* FALSE: this event has no such field. `value` is zeroed before. */
  gboolean (*get) (const WtEventView *view, WtEventValue *value);
} WtEventRow;

typedef struct {
  WtFieldInfo info;
  const char *glossary; /* (nullable) */
  gboolean (*present) (const WtEventView *view);
  const WtEventRow *rows;
  guint n_rows;
} WtEventRoot;

extern const WtEventRoot wt_event_frame, wt_event_ip, wt_event_tcp, wt_event_udp;
#define WT_EVENT_N_ROOTS 4
extern const WtEventRoot *const wt_event_roots[WT_EVENT_N_ROOTS];

void wt_event_view_init (WtEventView *self, WtTrace *trace, guint32 n);
/* Its bytes belong to a protocol that has a dissector. (nullable) */
const WtDissector *wt_event_view_dissector (const WtEventView *self);
/* The protocol's tree: whole for a message and for a datagram; for a piece of a TCP stream only the root, which says
 * what the piece belongs to. (transfer full) (nullable) */
WtField *wt_event_view_dissect (const WtEventView *self);
/* WtContext of its bytes, for the dissector. */
guint8 wt_event_view_context (const WtEventView *self);
gboolean wt_event_view_is_whole_message (const WtEventView *self);

/* State that a STATE event tells of. (transfer none) (nullable) */
const WtState *wt_event_view_state (const WtEventView *self);
/* Bytes of the Ethernet frame of a packet (without padding and check sequence, as in a capture). */
guint wt_event_view_frame_bytes (const WtEventView *self);

void wt_event_value_set_text (WtEventValue *self, const char *text); /* (nullable): borrowed */
void wt_event_value_take_text (WtEventValue *self, char *text);

/* "SYN, ACK"; "none" is "". (transfer full) */
char *wt_tcp_flags_to_string (guint8 flags, const char *separator);
/* Numbers as Wireshark shows them: relative to the first of their direction; 0 for an ACK number without ACK. */
guint32 wt_event_view_seq (const WtEventView *self);
guint32 wt_event_view_ack (const WtEventView *self);
