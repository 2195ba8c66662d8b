/* ENVELOPE and BODYSTRUCTURE of a mail (RFC 9051 7.5.2), from the tree that the MIME parser gives. */
#pragma once

#include "protocols/mime/mime-parser.h"

void wt_imap_put_envelope (GByteArray *out, const WtMimeMessage *message, const WtMimePart *part);
/* `extended`: BODYSTRUCTURE; otherwise BODY, without extension data. */
void wt_imap_put_structure (GByteArray *out, const WtMimeMessage *message, const WtMimePart *part, gboolean extended);
/* Lines in a range of the mail: its line feeds. */
guint64 wt_imap_count_lines (const guint8 *bytes, gsize n_bytes);
