/* BER, as far as SNMP uses it (ITU-T X.690; RFC 3417 8): definite lengths, single-byte tags.
 *
 * The reader is a cursor over bytes that it never copies; each element is known with the ranges of its tag, length and
 * value. It takes what other encoders write (long forms of lengths, numbers with more bytes than needed) and nothing
 * that RFC 3417 8 forbids; the first fault stops it, with its place and a sentence. No call recurses, so depth is the
 * caller's.
 *
 * The writer is strict: shortest lengths and numbers. It fills a buffer from its end, so that the length of what lies
 * inside is known when its header is written: write the last element first. */
#pragma once

#include <glib.h>

typedef enum {
  WT_BER_INTEGER = 0x02,
  WT_BER_OCTETS = 0x04,
  WT_BER_NULL = 0x05,
  WT_BER_OID = 0x06,
  WT_BER_SEQUENCE = 0x30,
} WtBerTag; /* the universal ones; SNMP's own are in snmp-types.h */

#define WT_OID_MAX 128                      /* arcs, RFC 2578 3.5 */
#define WT_OID_ENCODED_MAX (5 * WT_OID_MAX) /* bytes */

/* An object identifier. Arcs beyond `n` are not set. */
typedef struct {
  guint n;
  guint32 arcs[WT_OID_MAX];
} WtOid;

/* --- reading ----------------------------------------------------------------------------------------------------- */

typedef struct {
  const guint8 *bytes; /* of the whole message: ranges count from its start */
  gsize at, end;
  const char *problem; /* (nullable) English, lower case; nothing is read any more once it is set */
  gsize problem_at;
} WtBerReader;

/* One element: tag at `start`, value at [value, end). */
typedef struct {
  guint8 tag;
  gsize start, value, end;
} WtBerElement;

/* Sets the problem, unless there is one already. Returns FALSE. */
gboolean wt_ber_fail (WtBerReader *self, gsize at, const char *problem);
/* The next element; FALSE at the end too (then there is no problem). */
gboolean wt_ber_next (WtBerReader *self, WtBerElement *element);
/* The next element, which must have that tag; `problem` is said when it has not, or is missing. */
gboolean wt_ber_expect (WtBerReader *self, guint8 tag, const char *problem, WtBerElement *element);
/* A reader over the value of an element. */
WtBerReader wt_ber_inside (const WtBerReader *self, const WtBerElement *element);
/* Values. FALSE: set the problem. Integers of up to 64 bits, any more are a fault. */
gboolean wt_ber_integer (WtBerReader *self, const WtBerElement *element, gint64 *value);
/* Unsigned of at most `bits` (32 or 64), with or without a leading zero byte; a negative one is a fault. */
gboolean wt_ber_unsigned (WtBerReader *self, const WtBerElement *element, guint bits, guint64 *value);
gboolean wt_ber_oid (WtBerReader *self, const WtBerElement *element, WtOid *oid);

/* --- writing ----------------------------------------------------------------------------------------------------- */

typedef struct {
  guint8 *buffer;
  gsize size;  /* of the buffer */
  gsize start; /* what is written is [start, size) */
} WtBerWriter;

void wt_ber_writer_init (WtBerWriter *self);
gsize wt_ber_writer_length (const WtBerWriter *self);
/* Writes the header of what was written since `length` was wt_ber_writer_length(). */
void wt_ber_write_header (WtBerWriter *self, guint8 tag, gsize length);
void wt_ber_write_raw (WtBerWriter *self, const guint8 *bytes, gsize n_bytes);
void wt_ber_write_octets (WtBerWriter *self, guint8 tag, const guint8 *bytes, gsize n_bytes);
void wt_ber_write_integer (WtBerWriter *self, guint8 tag, gint64 value);
void wt_ber_write_unsigned (WtBerWriter *self, guint8 tag, guint64 value);
/* One of at least two arcs, the first at most 2, the second below 40 unless the first is 2; anything else is written as
 * 0.0. */
void wt_ber_write_oid (WtBerWriter *self, guint8 tag, const WtOid *oid);
/* Everything written; the writer is empty again. (transfer full) */
GBytes *wt_ber_writer_steal (WtBerWriter *self);
void wt_ber_writer_clear (WtBerWriter *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WtBerWriter, wt_ber_writer_clear)

/* --- object identifiers ------------------------------------------------------------------------------------------ */

/* "1.3.6.1.2.1", a leading dot is fine. FALSE: not an object identifier, or too long. */
gboolean wt_oid_parse (const char *text, WtOid *oid);
char *wt_oid_to_string (const WtOid *self);          /* "1.3.6.1" (transfer full) */
/* The same of some of them, WT_OID_MAX at most; none give "". (transfer full) */
char *wt_oid_arcs_to_string (const guint32 *arcs, guint n);
int wt_oid_compare (const WtOid *a, const WtOid *b); /* lexicographic, RFC 3416 4.2.2 */
gboolean wt_oid_has_prefix (const WtOid *self, const WtOid *prefix);
/* FALSE: no room for one more. */
gboolean wt_oid_append (WtOid *self, guint32 arc);
/* As the value of a BER element, without header, into `bytes` of at least WT_OID_ENCODED_MAX; returns how many. */
gsize wt_oid_encode (const WtOid *self, guint8 *bytes);
