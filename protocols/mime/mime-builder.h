/* MIME builder: writes a mail of a text, its HTML form, images in it and attachments (RFC 5322, 2045-2047, 2183, 2231,
 * 2387).
 *
 * The tree is the one that mail programs write, without the levels that are not needed:
 *   multipart/mixed { multipart/alternative { text/plain, multipart/related { text/html, images }}, attachments }
 * Lines end in CRLF, all is 7-bit but for header fields added as they stand. The same calls give the same bytes. */
#pragma once

#include <glib.h>

typedef struct _WtMimeBuilder WtMimeBuilder;

typedef struct {
  const char *content_type; /* "image/png" */
  const char *filename;     /* (nullable) UTF-8, without folders */
  const char *content_id;   /* (nullable) without brackets; the HTML names it as cid:ID (RFC 2392) */
  GBytes *bytes;
} WtMimeFile;

/* `seed`: what the boundaries are made from; the mail's Message-ID. */
WtMimeBuilder *wt_mime_builder_new (const char *seed);
/* A header field as it is to stand, folded where it must be. Fields keep their order; MIME's own come last. */
void wt_mime_builder_add_header (WtMimeBuilder *self, const char *name, const char *value);
/* A field of text (Subject, Comments): encoded words where it is not ASCII (RFC 2047). Line ends become spaces. */
void wt_mime_builder_add_text_header (WtMimeBuilder *self, const char *name, const char *text);
/* UTF-8; any line ends. NULL: none. */
void wt_mime_builder_set_text (WtMimeBuilder *self, const char *text);
void wt_mime_builder_set_html (WtMimeBuilder *self, const char *html);
/* Copied; the bytes are shared. A message/rfc822 that is not 7-bit text is sent as application/octet-stream, for it must
 * not be encoded (RFC 2046 5.2.1). */
void wt_mime_builder_add_inline (WtMimeBuilder *self, const WtMimeFile *file);
void wt_mime_builder_add_attachment (WtMimeBuilder *self, const WtMimeFile *file);
/* (transfer full) */
GBytes *wt_mime_builder_build (const WtMimeBuilder *self);
void wt_mime_builder_free (WtMimeBuilder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtMimeBuilder, wt_mime_builder_free)

/* Text with every line end as CRLF, the last line too. (transfer full) */
GString *wt_mime_with_crlf (const char *text, gsize length);
