/* The trace: one append-only record of everything that happened, in a simulation, on real sockets or in a capture.
 *
 * One thread writes, any number read without locks: events lie in chunks that never move, an event is complete before
 * the count shows it. Entities are what events are about; each has its own history, so "what was X at event n" is one
 * binary search.
 *
 * A trace may have a limit. Then the oldest finished conversations are dropped, whole, when it is reached (after
 * them the oldest unfinished); their events become WT_EVENT_GONE and their memory is freed. Only such a trace needs
 * its readers to hold wt_trace_read_lock() while they use pointers into it; what gives numbers takes it for itself. It
 * may be held several times; it costs some 20 ns. Never append while holding it. */
#pragma once

#include "app/trace/event.h"

typedef enum {
  WT_ENTITY_NODE,         /* host, router, switch */
  WT_ENTITY_LINK,
  WT_ENTITY_CONVERSATION, /* a TCP connection, or the datagrams between two UDP endpoints */
  WT_ENTITY_MAILBOX,      /* parent: node */
  WT_ENTITY_QUEUE,        /* parent: node */
  WT_ENTITY_ITEM,         /* a mail in a mailbox or queue; parent: that */
  WT_ENTITY_VARIABLE,     /* a MIB variable; parent: node */
  WT_ENTITY_ALARM,        /* what a management station was alarmed of: "DEVICE WHAT"; parent: node */
} WtEntityKind;

typedef enum { WT_TRANSPORT_NONE, WT_TRANSPORT_TCP, WT_TRANSPORT_UDP } WtTransport;

typedef struct {
  guint32 ip; /* IPv4, host byte order */
  guint16 port;
} WtAddress;
char *wt_address_to_string (WtAddress self); /* "10.0.0.1:25", without port when 0. (transfer full) */

typedef struct {
  WtEntityKind kind;
  guint32 id;     /* from 1; 0 is "none" */
  guint32 parent; /* 0: none */
  guint32 born;   /* number of events when it was added: it exists at cursors > born */
  const char *name; /* host name, "a -- b", user name, item id ...; lives as long as the entity */
  gboolean is_switch; /* NODE: passes Ethernet frames on as they are */
  /* CONVERSATION */
  WtTransport transport;
  guint8 protocol; /* WtProtocol */
  guint32 client, server; /* nodes */
  WtAddress client_address, server_address;
  /* LINK */
  guint32 ends[2];
} WtEntity;

typedef struct _WtTrace WtTrace;

WtTrace *wt_trace_new (void);
WtTrace *wt_trace_ref (WtTrace *self);
void wt_trace_unref (WtTrace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtTrace, wt_trace_unref)

/* --- the writer --------------------------------------------------------------------------------------------------- */

/* Adds an entity (name is copied; id and born are set). Returns its id; 0 when 2^32 have been used up. */
guint32 wt_trace_add_entity (WtTrace *self, const WtEntity *entity);
/* Adds an event; takes its own reference to the payload. Returns its number, from 0; WT_EVENT_NO_REF when 2^32 have been
 * used up: then the event is not recorded. */
guint32 wt_trace_append (WtTrace *self, const WtEvent *event);
/* printf-style NOTE about an entity. */
guint32 wt_trace_note (WtTrace *self, gint64 time, guint32 node, guint32 entity, WtNote level, const char *format, ...)
    G_GNUC_PRINTF (6, 7);
/* Bytes for events, entities and payloads; 0: no limit (default). May be changed at any time, from any thread. */
void wt_trace_set_limit (WtTrace *self, guint64 bytes);
/* What the dissector of a protocol needs to read what is encrypted (see WtDissector.message_with; of SNMP a
 * WtSnmpKeyring). Takes `keys`; they, and those that they replace, live as long as the trace. */
void wt_trace_set_keys (WtTrace *self, WtProtocol protocol, gpointer keys, GDestroyNotify destroy);
/* µs since 1970 that time 0 of the events stands for; 0 (default): not known. Before the first event. */
void wt_trace_set_start_time (WtTrace *self, gint64 time);
/* The writer is done: nothing more will come. */
void wt_trace_finish (WtTrace *self);

/* --- readers, any thread ------------------------------------------------------------------------------------------ */

void wt_trace_read_lock (WtTrace *self);
void wt_trace_read_unlock (WtTrace *self);

gconstpointer wt_trace_keys (WtTrace *self, WtProtocol protocol); /* (transfer none) (nullable) */
gint64 wt_trace_start_time (WtTrace *self);
guint32 wt_trace_length (WtTrace *self); /* events so far, dropped ones counted */
gboolean wt_trace_is_finished (WtTrace *self);
/* Event n < length. (transfer none): never NULL; a dropped one is a constant of kind GONE. */
const WtEvent *wt_trace_event (WtTrace *self, guint32 n);
guint32 wt_trace_n_entities (WtTrace *self); /* ids run from 1 to this */
const WtEntity *wt_trace_entity (WtTrace *self, guint32 id); /* (nullable): NULL for 0, unknown and dropped ids */
/* First entity of that kind and name (parent 0: any parent); 0: none. Linear in the entities of that kind. */
guint32 wt_trace_find_entity (WtTrace *self, WtEntityKind kind, guint32 parent, const char *name);
guint64 wt_trace_memory (WtTrace *self);    /* bytes held */
guint64 wt_trace_limit (WtTrace *self);
guint32 wt_trace_n_dropped (WtTrace *self); /* conversations dropped to keep the limit */

/* Number of the first event later than `time`: the cursor position for that time. Binary search. */
guint32 wt_trace_at_time (WtTrace *self, gint64 time);
/* Time at a cursor: that of the event before it, 0 at the start; known of dropped events too, though only roughly. */
gint64 wt_trace_time_at (WtTrace *self, guint32 cursor);
gint64 wt_trace_end_time (WtTrace *self); /* latest time or other_time */
/* Longest `other_time - time` of any PACKET so far: how far back what is in flight at a time can have started. */
gint64 wt_trace_longest_flight (WtTrace *self);

/* Lists of event numbers, ascending, each readable while it grows. */
typedef enum {
  WT_LIST_MESSAGES,
  WT_LIST_EXCHANGES, /* the FINAL message of each exchange */
  WT_LIST_PHASES,    /* STATE, CONNECTION, LINK, NODE */
  WT_LIST_PACKETS,   /* packets with LAST_HOP or lost */
  WT_LIST_NOTES,     /* NOTE and STORE */
  WT_N_LISTS,
} WtTraceList;
guint32 wt_trace_list_length (WtTrace *self, WtTraceList list); /* dropped entries counted */
/* i < length. Of dropped entries that have left even the list: the number of a dropped event near by. */
guint32 wt_trace_list_nth (WtTrace *self, WtTraceList list, guint32 i);
/* How many entries of the list are event numbers < n. Binary search. */
guint32 wt_trace_list_before (WtTrace *self, WtTraceList list, guint32 n);

/* History of an entity: its CONNECTION, STATE, STORE, LINK, NODE and MESSAGE events. */
guint32 wt_trace_history_length (WtTrace *self, guint32 entity);
guint32 wt_trace_history_nth (WtTrace *self, guint32 entity, guint32 i); /* event number */
guint32 wt_trace_history_before (WtTrace *self, guint32 entity, guint32 n); /* entries with event number < n */
/* Last event of that kind of the entity before cursor n. (transfer none) (nullable) */
const WtEvent *wt_trace_last (WtTrace *self, guint32 entity, WtEventKind kind, guint32 n);

/* Children of an entity in order of birth: mailboxes of a node, items of a mailbox. */
guint32 wt_trace_n_children (WtTrace *self, guint32 parent);
guint32 wt_trace_child (WtTrace *self, guint32 parent, guint32 i);
/* The item is there at cursor n: ADDED and not REMOVED. */
gboolean wt_trace_item_present (WtTrace *self, guint32 item, guint32 n);

/* Something was appended since the last call. `func` runs in the writer's thread, once, until wt_trace_watch() is
 * called again: use it to wake a main loop. NULL: stop. */
typedef void (*WtTraceWatchFunc) (gpointer user_data);
void wt_trace_watch (WtTrace *self, WtTraceWatchFunc func, gpointer user_data);

/* SHA-256 over all events and payloads, hex: two runs with the same hash are the same run. (transfer full) */
char *wt_trace_hash (WtTrace *self);
