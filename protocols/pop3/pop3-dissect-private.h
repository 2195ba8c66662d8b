/* The parts of the POP3 dissector. */
#pragma once

#include "protocols/base/dissector.h"
#include "protocols/pop3/pop3-fields.h"

#define POP3_INFO(id) (&wt_pop3_field_infos[id])

/* pop3-dissect-stream.c */
gpointer wt_pop3_stream_new (WtMessageSpanFunc func, gpointer user_data);
void wt_pop3_stream_feed (gpointer stream, WtDirection direction, const guint8 *bytes, gsize n_bytes);
void wt_pop3_stream_end (gpointer stream);
WtStreamTls wt_pop3_stream_tls (gpointer stream);
void wt_pop3_stream_free (gpointer stream);

/* pop3-secret.c: WtDissector.secret */
gboolean wt_pop3_dialogue_secret (WtSecretState *state, WtDirection direction, guint8 context, const guint8 *bytes,
                                  gsize n_bytes, WtSecret *secret);
