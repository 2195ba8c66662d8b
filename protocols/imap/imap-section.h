/* Sections of a mail: what BODY[1.2.HEADER.FIELDS (From)] and BINARY[1.2] stand for (RFC 9051 6.4.5.1). */
#pragma once

#include "protocols/imap/imap-parser.h"
#include "protocols/mime/mime-parser.h"

typedef enum
{
  WT_IMAP_SECTION_ALL, /* the whole mail, or with part numbers the part's body */
  WT_IMAP_SECTION_HEADER,
  WT_IMAP_SECTION_FIELDS,
  WT_IMAP_SECTION_FIELDS_NOT,
  WT_IMAP_SECTION_TEXT,
  WT_IMAP_SECTION_MIME,
} WtImapSectionKind;

typedef struct
{
  WtImapSectionKind kind;
  GArray *numbers;   /* (element-type guint32) */
  GPtrArray *fields; /* (nullable) (element-type utf8) */
} WtImapSection;

/* From "[" to "]". `binary`: numbers only. */
gboolean wt_imap_section_parse (WtImapSection *self, WtImapParser *parser, gboolean binary);
void wt_imap_section_clear (WtImapSection *self);
/* As it goes into the response, with its brackets. */
void wt_imap_section_put (GByteArray *out, const WtImapSection *self);

/* The part that the numbers lead to; NULL: there is none. */
const WtMimePart *wt_imap_section_part (const WtImapSection *self, const WtMimeMessage *message);
/* The bytes: a slice of the mail, or put together. NULL: there is no such section. (transfer full) */
GBytes *wt_imap_section_bytes (const WtImapSection *self, const WtMimeMessage *message);
