/* The fields that a dissection of a mail makes; names as in Wireshark's packet-imf. */
#pragma once

#include "protocols/base/field.h"

/* The header fields that have a field of their own, by name (any case); all others are imf.extension. */
typedef struct {
  const char *header; /* "Message-ID" */
  WtFieldInfo info;
} WtMimeHeaderField;
extern const WtMimeHeaderField wt_mime_header_fields[];
extern const guint wt_mime_n_header_fields;

typedef enum {
  MIME_ROOT,
  MIME_EXTENSION,
  MIME_EXTENSION_TYPE,
  MIME_EXTENSION_VALUE,
  MIME_DECODED,
  MIME_TEXT,
  MIME_PART,
  MIME_DEFECT,
  MIME_N_FIELDS,
} WtMimeField;
extern const WtFieldInfo wt_mime_field_infos[MIME_N_FIELDS];

/* All of both tables, NULL-terminated. */
extern const WtFieldInfo *const wt_mime_field_list[];
