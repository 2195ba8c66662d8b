/* The parts of the IMAP dissector. */
#pragma once

#include "protocols/base/dissector.h"
#include "protocols/imap/imap-fields.h"
#include "protocols/imap/imap-types.h"

#define IMAP_INFO(id) (&wt_imap_field_infos[id])

/* --- imap-dissect-scan.c: the elements of a command or response (RFC 9051 4), without judging them -------------------
 */

typedef enum
{
  IMAP_TOKEN_END,
  IMAP_TOKEN_OPEN,
  IMAP_TOKEN_CLOSE,
  IMAP_TOKEN_ATOM, /* with what stands in its brackets: BODY[HEADER.FIELDS (TO)]<0> */
  IMAP_TOKEN_QUOTED,
  IMAP_TOKEN_LITERAL,
} WtImapTokenType;

typedef struct
{
  WtImapTokenType type;
  gsize start, end;     /* with quotes, or with {12} and its CRLF */
  gsize text, text_end; /* without; a literal that is not whole ends with the message */
  guint64 size;         /* LITERAL: as announced */
} WtImapToken;

typedef struct
{
  const guint8 *bytes;
  gsize n_bytes, at;
  guint n_tokens; /* so far; from IMAP_TOKENS_MAX on the rest is one */
} WtImapScan;

#define IMAP_TOKENS_MAX 20000

/* FALSE: the end. */
gboolean wt_imap_scan_next (WtImapScan *self, WtImapToken *token);
/* An atom of this word, any case. */
gboolean wt_imap_token_is (const WtImapScan *self, const WtImapToken *token, const char *word);
/* Upper case copy of the text, its first bytes. (transfer full) */
char *wt_imap_token_upper (const WtImapScan *self, const WtImapToken *token);
/* A response that ends with text for people: a status, tagged or not, or "+". Such text may end with what looks like the
 * beginning of a literal. */
gboolean wt_imap_response_is_text (const guint8 *bytes, gsize n_bytes);
/* The end of the first line, without CRLF. */
gsize wt_imap_line_end (const guint8 *bytes, gsize n_bytes, gsize at);

/* Each appends one field and returns it. */
WtField *wt_imap_append (WtField *parent, WtImapField id, const guint8 *bytes, gsize start, gsize end);
/* The token's text, before it the length of a literal; \Flags become flags whatever `id` is; numbers are numbers where
 * `id` is one. */
WtField *wt_imap_append_token (WtField *parent, WtImapField id, const WtImapScan *scan, const WtImapToken *token);
/* A literal that is a mail. */
void wt_imap_append_mail (WtField *parent, const WtImapScan *scan, const WtImapToken *token);
/* "FLAGS", "BODY.PEEK[]", with the entry of the glossary that explains it. */
WtField *wt_imap_append_item (WtField *parent, const WtImapScan *scan, const WtImapToken *token);
/* Is the literal of this item a whole mail or its header: BODY[], RFC822? */
gboolean wt_imap_item_is_mail (const guint8 *name, gsize n_bytes);

/* imap-dissect-request.c */
void wt_imap_dissect_request (WtField *line, const guint8 *bytes, gsize n_bytes);
/* imap-dissect-response.c */
void wt_imap_dissect_response (WtField *line, const guint8 *bytes, gsize n_bytes);

/* imap-dissect-stream.c */
gpointer wt_imap_stream_new (WtMessageSpanFunc func, gpointer user_data);
void wt_imap_stream_feed (gpointer stream, WtDirection direction, const guint8 *bytes, gsize n_bytes);
void wt_imap_stream_end (gpointer stream);
WtStreamTls wt_imap_stream_tls (gpointer stream);
void wt_imap_stream_free (gpointer stream);

/* imap-dialogue-secret.c: WtDissector.secret */
gboolean wt_imap_dialogue_secret (WtSecretState *state, WtDirection direction, guint8 context, const guint8 *bytes,
                                  gsize n_bytes, WtSecret *secret);
