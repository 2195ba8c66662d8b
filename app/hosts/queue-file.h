/* A queued mail as a file: a head that says how long its parts are and what their SHA-256 is, the envelope, the mail. So
 * that what a broken disk has made of it is never taken for a mail.
 *
 *   Wiretalk-Queue: 1
 *   Id: 4711
 *   Envelope: 57
 *   Message: 1024
 *   SHA-256: ...of envelope and mail
 *   (empty line, then 57 + 1024 bytes) */
#pragma once

#include <glib.h>

#define WT_QUEUE_FILE_HEAD_MAX 4096 /* bytes */

/* The whole file. (transfer full) */
guint8 *wt_queue_file_encode (const char *id, GBytes *envelope, GBytes *message, gsize *n_bytes);

/* FALSE with error (G_FILE_ERROR_INVAL) that says what is wrong. The parts refer to `bytes`. */
gboolean wt_queue_file_decode (GBytes *bytes, char **id, GBytes **envelope, GBytes **message, GError **error);
