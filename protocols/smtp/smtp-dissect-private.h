/* The parts of the SMTP dissector. */
#pragma once

#include "protocols/base/dissector.h"
#include "protocols/smtp/smtp-fields.h"

#define SMTP_INFO(id) (&wt_smtp_field_infos[id])

/* smtp-dissect-command.c: a command line, CRLF and all, into `root`. */
void wt_smtp_dissect_command (WtField *root, const guint8 *bytes, gsize n_bytes);
/* smtp-dissect-stream.c */
gpointer wt_smtp_stream_new (WtMessageSpanFunc func, gpointer user_data);
void wt_smtp_stream_feed (gpointer stream, WtDirection direction, const guint8 *bytes, gsize n_bytes);
void wt_smtp_stream_end (gpointer stream);
WtStreamTls wt_smtp_stream_tls (gpointer stream);
void wt_smtp_stream_free (gpointer stream);

/* smtp-secret.c: WtDissector.secret */
gboolean wt_smtp_dialogue_secret (WtSecretState *state, WtDirection direction, guint8 context, const guint8 *bytes,
                                  gsize n_bytes, WtSecret *secret);
