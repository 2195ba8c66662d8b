/* Events: the fixed-size records of the trace. Everything that can be seen is drawn from these.
 *
 * `time` never goes down from one event to the next. What an event's other members mean depends on its kind:
 *
 *   kind        entity          from, to         value               other_time            payload
 *   PACKET      conversation    nodes of a hop   link entity         arrival (or where it  transport payload (slice)
 *                                                                    would have arrived)
 *   CONNECTION  conversation    client, server   WtConnectionChange  -                     reason text (optional)
 *   MESSAGE     conversation    sender, receiver exchange            when sent             the message as on the wire
 *   STATE       conversation    the server, -    state of the        -                     -
 *               or node                          protocol's table
 *   STORE       item or mailbox owner node, -    WtStoreChange       -                     the mail (ADDED), or text
 *   LINK        link            its two nodes    1 up, 0 down        -                     -
 *   NODE        node            node, -          1 up, 0 down        -                     -
 *   NOTE        any             node, -          WtNote              -                     text for people, in their language; the format is N_()-marked
 *                                                                                          (context: WtNoteKind)
 *
 * A packet that crosses three links is three PACKET events; `ref` of each is the event number of the first.
 * A MESSAGE is recorded when its last byte has reached the receiver.
 * STORE of a mail in a mailbox: `context` says how, `seq` who, `ack` its UID; `ref` of a mail that was copied or moved is
 * the event with which the original came, and of one that has moved away that with which it came elsewhere. STORE of a
 * mailbox itself: the folder was made, deleted, or renamed (the payload is its new name). */
#pragma once

#include "protocols/base/dissector.h"

#include <glib.h>

typedef enum {
  WT_EVENT_GONE, /* was here and was dropped to keep within the trace's limit */
  WT_EVENT_PACKET,
  WT_EVENT_CONNECTION,
  WT_EVENT_MESSAGE,
  WT_EVENT_STATE,
  WT_EVENT_STORE,
  WT_EVENT_LINK,
  WT_EVENT_NODE,
  WT_EVENT_NOTE,
  WT_N_EVENT_KINDS,
} WtEventKind;

typedef enum {
  WT_EVENT_TO_CLIENT = 1 << 0,   /* direction in the conversation; unset: to the server */
  WT_EVENT_LOST = 1 << 1,        /* PACKET: lost on the link */
  WT_EVENT_QUEUE_FULL = 1 << 2,  /* PACKET: dropped before the link; other_time == time */
  WT_EVENT_RETRANSMIT = 1 << 3,  /* PACKET: sent again */
  WT_EVENT_FINAL = 1 << 4,       /* MESSAGE: ends its exchange (the final reply) */
  WT_EVENT_ENCRYPTED = 1 << 5,   /* MESSAGE: plaintext of what was encrypted on the wire */
  WT_EVENT_FIRST_HOP = 1 << 6,   /* PACKET: leaves its sender here */
  WT_EVENT_LAST_HOP = 1 << 7,    /* PACKET: other_time is its arrival at the receiver */
  WT_EVENT_BLANKED = 1 << 6,     /* MESSAGE: its secrets were overwritten with '*' before it was recorded */
} WtEventFlags;

typedef enum {
  WT_CONNECTION_OPENING, /* SYN sent / connect() called */
  WT_CONNECTION_OPEN,    /* established at both ends */
  WT_CONNECTION_CLOSED,  /* FIN both ways */
  WT_CONNECTION_RESET,
  WT_CONNECTION_REFUSED,
  WT_CONNECTION_TIMED_OUT,
} WtConnectionChange;

typedef enum {
  WT_STORE_ADDED,
  WT_STORE_REMOVED,
  WT_STORE_CHANGED, /* payload: new flags ("\\Seen \\Deleted"), or the queue's reason ("450 4.2.0 ... retry in 300 s") */
} WtStoreChange;

typedef enum {
  WT_STORE_SOMEHOW,   /* by what STORE does not tell: another program, a poll */
  WT_STORE_DELIVERED, /* ADDED: by SMTP or LMTP, or by the server itself */
  WT_STORE_APPENDED,  /* ADDED: IMAP APPEND */
  WT_STORE_COPIED,    /* ADDED */
  WT_STORE_MOVED,     /* ADDED: from another folder; REMOVED: into another folder */
  WT_STORE_FETCHED,   /* ADDED: into a client's own mailbox */
  WT_STORE_NUMBERED,  /* CHANGED: only the UID is new; the payload is the flags all the same */
  WT_STORE_WITH_FOLDER, /* REMOVED: its folder is being deleted */
} WtStoreHow;

typedef enum { WT_NOTE_INFO, WT_NOTE_WARNING, WT_NOTE_ERROR } WtNote;

/* What a NOTE of a management station is about: its context. */
typedef enum {
  WT_NOTE_PLAIN,
  WT_NOTE_ANSWER,       /* to a request that somebody made by hand; seq: its error-status; ack: the tag of an exception (RFC 3416
                         * 4.2.1) among its values, 0: none. WARNING without them: no answer at all.
                         * other_time: when it was asked for */
  WT_NOTE_ALARM,        /* entity: the alarm, raised now; to: the device, if it is one of ours */
  WT_NOTE_ALARM_OVER,   /* the same, over now */
  WT_NOTE_NOTIFICATION, /* the same; a trap or an inform came, and nothing says when it is over */
} WtNoteKind;

#define WT_TCP_FIN 0x01
#define WT_TCP_SYN 0x02
#define WT_TCP_RST 0x04
#define WT_TCP_PSH 0x08
#define WT_TCP_ACK 0x10

typedef struct {
  gint64 time;       /* ns; simulated: since the start; live: since the trace began */
  gint64 other_time; /* ns */
  GBytes *payload;   /* (nullable) shared */
  guint32 payload_start, payload_len;
  guint32 entity;
  guint32 from, to; /* node entities */
  guint32 value;
  guint32 ref;      /* event number; PACKET: first hop. Others: cause, or WT_EVENT_NO_REF */
  guint32 seq, ack; /* PACKET over TCP: as on the wire; STORE: the conversation that did it, the mail's UID; 0: none;
                     * NOTE: see WtNoteKind */
  guint16 window;   /* PACKET over TCP */
  guint16 mss;      /* PACKET with SYN */
  guint8 kind;      /* WtEventKind */
  guint8 protocol;  /* WtProtocol of MESSAGE, or of what a PACKET carries */
  guint8 flags;     /* WtEventFlags */
  guint8 context;   /* MESSAGE: WtContext; PACKET over TCP: TCP flags; STORE: WtStoreHow */
} WtEvent;
#define WT_EVENT_NO_REF G_MAXUINT32

G_STATIC_ASSERT (sizeof (WtEvent) <= 80); /* with the indexes: at most 100 bytes an event */

static inline WtDirection
wt_event_direction (const WtEvent *self)
{
  return self->flags & WT_EVENT_TO_CLIENT ? WT_TO_CLIENT : WT_TO_SERVER;
}

/* Payload bytes, borrowed as long as the event's payload lives. */
const guint8 *wt_event_bytes (const WtEvent *self, gsize *n_bytes);
