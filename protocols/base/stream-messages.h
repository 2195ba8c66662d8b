/* The bytes of a conversation's two streams to messages with their bytes: what a stream dissector cuts, kept until it is
 * whole. A capture and the recording proxy read with it. */
#pragma once

#include "protocols/base/dissector.h"

typedef struct {
  WtDirection direction;
  guint8 context;
  guint32 exchange; /* command and its reply share this number; 0: the greeting */
  gboolean final;   /* the last reply to its command */
  gsize length;     /* that it had */
  GBytes *bytes;    /* (transfer none) all of it, or its first so many */
} WtStreamMessage;
typedef void (*WtStreamMessageFunc) (const WtStreamMessage *message, gpointer user_data);

/* Of a message longer than `max` bytes the first are kept, never more than that. */
typedef struct _WtStreamMessages WtStreamMessages;
WtStreamMessages *wt_stream_messages_new (const WtDissector *dissector, gsize max, WtStreamMessageFunc func,
                                          gpointer user_data);
void wt_stream_messages_feed (WtStreamMessages *self, WtDirection direction, const guint8 *bytes, gsize n_bytes);
WtStreamTls wt_stream_messages_tls (const WtStreamMessages *self);
/* Bytes behind the last whole message: of a direction that has begun TLS what does not belong to the dialogue before. */
gsize wt_stream_messages_rest (const WtStreamMessages *self, WtDirection direction);
/* What follows, the rest too, is another dialogue in the same conversation: within TLS, or TLS's records. Exchanges are
 * counted on. */
void wt_stream_messages_restart (WtStreamMessages *self, const WtDissector *dissector);
void wt_stream_messages_end (WtStreamMessages *self); /* what is incomplete is a message too; nothing more comes */
void wt_stream_messages_free (WtStreamMessages *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtStreamMessages, wt_stream_messages_free)
