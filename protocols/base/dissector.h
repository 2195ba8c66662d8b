/* Dissectors: bytes to fields, one per protocol, found by number or by name.
 *
 * Two steps, because a message that a host sent is already known to be one message with its context, while a byte
 * stream (a capture, `wiretalk-cli dissect`) must first be cut into messages:
 *   - `message` dissects one message, given its direction and context. Pure: same input, same tree.
 *   - `stream_new/feed/free` cut a stream of one conversation, both directions, into messages.
 * The table of all dissectors is protocols/dissectors.c; app/trace reaches every protocol through this header only. */
#pragma once

#include "protocols/base/field.h"
#include "protocols/base/secret.h"
#include "protocols/base/states.h"

typedef enum {
  WT_PROTOCOL_NONE,
  WT_PROTOCOL_TCP, /* packets without anything above them; dissected by app/trace */
  WT_PROTOCOL_UDP,
  WT_PROTOCOL_SMTP,
  WT_PROTOCOL_DNS,
  WT_PROTOCOL_POP3,
  WT_PROTOCOL_IMAP,
  WT_PROTOCOL_SNMP,
  WT_PROTOCOL_TLS,
  WT_PROTOCOL_MIME,
  WT_PROTOCOL_LMTP,
  WT_N_PROTOCOLS,
} WtProtocol;

typedef enum {
  WT_TO_SERVER, /* from the side that opened the conversation (client, manager, resolver) */
  WT_TO_CLIENT,
} WtDirection;

/* What a message is in its dialogue. With the direction it is all that `message` needs to know beside the bytes.
 * A protocol may use values from WT_CONTEXT_OWN on for contexts of its own (smtp: AUTH lines, BDAT chunks). */
typedef enum {
  WT_CONTEXT_PLAIN,   /* a command line, a PDU, a query */
  WT_CONTEXT_REPLY,   /* a reply to one */
  WT_CONTEXT_CONTENT, /* bulk that belongs to a command: the mail after DATA */
  WT_CONTEXT_OWN = 16,
} WtContext;

typedef struct _WtDissector WtDissector;

/* One message that a stream dissector found; offsets count from the start of that direction's stream. */
typedef struct {
  WtDirection direction;
  guint8 context;
  guint32 exchange; /* command and its reply share this number; 0: the greeting */
  gboolean final;   /* the last reply to its command */
  gsize start, end;
} WtMessageSpan;
typedef void (*WtMessageSpanFunc) (const WtMessageSpan *span, gpointer user_data);

/* What a stream dissector knows of STARTTLS and STLS in the dialogue that it cuts. */
typedef enum {
  WT_STREAM_TLS_NONE,
  WT_STREAM_TLS_ASKED, /* the client has said it, the server has not answered */
  WT_STREAM_TLS_BEGUN, /* the server has agreed: what follows is TLS and is not cut */
} WtStreamTls;

struct _WtDissector {
  WtProtocol protocol;
  const char *name;  /* "smtp": filter name, command-line name, stylesheet class */
  const char *title; /* "SMTP" */
  gboolean stream;   /* runs over TCP: has stream_*; otherwise each datagram is a message */
  guint16 port;      /* the well-known server port */

  const WtFieldInfo *const *fields; /* NULL-terminated: every field it can make */
  const WtStateTable *states;       /* (nullable) the protocol's state machine */

  /* (transfer full): the root, called as the protocol, covers all bytes. Never NULL, whatever the bytes. */
  WtField *(*message) (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes);
  /* (transfer full): one line for a list: "C: MAIL FROM:<a@b> SIZE=300" without direction mark. Valid UTF-8. */
  char *(*summary) (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes);

  /* (nullable) The same for who has the keys to what is encrypted: a constant of the protocol's own (of SNMP a
   * WtSnmpKeyring), or NULL. Same input, same keys, same tree. */
  WtField *(*message_with) (gconstpointer keys, WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes);

  /* (nullable) The part of a message that only its receiver shall know: a password, what proves that somebody knows one, a
   * community name. Ask for every message of a dialogue, in order: what is secret may follow from those before. What may
   * be a secret and may be none is told as one. FALSE: there is none. */
  gboolean (*secret) (WtSecretState *state, WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes,
                      WtSecret *secret);

  gpointer (*stream_new) (WtMessageSpanFunc func, gpointer user_data); /* NULL unless `stream` */
  void (*stream_feed) (gpointer stream, WtDirection direction, const guint8 *bytes, gsize n_bytes);
  void (*stream_end) (gpointer stream); /* what is left incomplete is reported as spans too */
  WtStreamTls (*stream_tls) (gpointer stream); /* (nullable) NULL: the protocol has no STARTTLS */
  void (*stream_free) (gpointer stream);
};

/* (transfer none) (nullable): NULL when the protocol has no dissector. */
const WtDissector *wt_dissector_for (WtProtocol protocol);
const WtDissector *wt_dissector_by_name (const char *name);
/* Info of a field of any dissector. (transfer none) (nullable) */
const WtFieldInfo *wt_dissector_field (const char *field_name);
