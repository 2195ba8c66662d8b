/* The fields that a dissection of a mail makes; names as in Wireshark's packet-imf and packet-multipart. */
#pragma once

#include "protocols/base/field.h"

/* The header fields that have a field of their own, by name (any case); all others are imf.extension. */
typedef struct {
  const char *header; /* "Message-ID" */
  WtFieldInfo info;
} WtMimeHeaderField;
extern const WtMimeHeaderField wt_mime_header_fields[];
extern const guint wt_mime_n_header_fields;
/* Those of the header of a part of a multipart. */
extern const WtMimeHeaderField wt_mime_part_header_fields[];
extern const guint wt_mime_n_part_header_fields;

typedef enum {
  MIME_ROOT,
  MIME_EXTENSION,
  MIME_EXTENSION_TYPE,
  MIME_EXTENSION_VALUE,
  MIME_DECODED,
  MIME_TEXT,
  MIME_TYPE_TYPE,
  MIME_TYPE_PARAMETERS,
  MIME_PARAMETER,
  MIME_MULTIPART,
  MIME_MULTIPART_TYPE,
  MIME_PREAMBLE,
  MIME_FIRST_BOUNDARY,
  MIME_BOUNDARY,
  MIME_LAST_BOUNDARY,
  MIME_TRAILER,
  MIME_PART,
  MIME_TEXT_LINES,
  MIME_DECODED_TEXT,
  MIME_FILENAME,
  MIME_MEDIA,
  MIME_DEFECT,
  MIME_N_FIELDS,
} WtMimeField;
extern const WtFieldInfo wt_mime_field_infos[MIME_N_FIELDS];

/* All of these tables, NULL-terminated. */
extern const WtFieldInfo *const wt_mime_field_list[];
