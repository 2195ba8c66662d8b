/* What the two halves of the dissector share: headers (mime-dissect.c) and bodies (mime-dissect-body.c). */
#pragma once

#include "protocols/mime/mime-fields.h"
#include "protocols/mime/mime-parser.h"

#define INFO(id) (&wt_mime_field_infos[id])

typedef struct {
  const WtMimeMessage *message;
  const guint8 *bytes; /* of the mail */
  gsize offset;        /* of the mail in the larger message: added to every range */
} WtMimeDissection;

void wt_mime_dissect_headers (WtField *parent, const WtMimeDissection *d, const WtMimePart *part);
/* A multipart with its parts and delimiters, the mail in a message/rfc822, or text or bytes. */
void wt_mime_dissect_body (WtField *parent, const WtMimeDissection *d, const WtMimePart *part);
