/* The fields that a dissection of a mail makes. */
#include "protocols/mime/mime-fields.h"

#include <glib/gi18n.h>

const WtMimeHeaderField wt_mime_header_fields[] = {
  { "Date", { "imf.date", WT_FIELD_STRING, N_ ("Date") } },
  { "From", { "imf.from", WT_FIELD_STRING, N_ ("From") } },
  { "Sender", { "imf.sender", WT_FIELD_STRING, N_ ("Sender") } },
  { "Reply-To", { "imf.reply_to", WT_FIELD_STRING, N_ ("Reply to") } },
  { "To", { "imf.to", WT_FIELD_STRING, N_ ("To") } },
  { "Cc", { "imf.cc", WT_FIELD_STRING, N_ ("Copy to") } },
  { "Bcc", { "imf.bcc", WT_FIELD_STRING, N_ ("Blind copy to") } },
  { "Message-ID", { "imf.message_id", WT_FIELD_STRING, N_ ("Message ID") } },
  { "In-Reply-To", { "imf.in_reply_to", WT_FIELD_STRING, N_ ("In reply to") } },
  { "References", { "imf.references", WT_FIELD_STRING, N_ ("References") } },
  { "Subject", { "imf.subject", WT_FIELD_STRING, N_ ("Subject") } },
  { "Comments", { "imf.comments", WT_FIELD_STRING, N_ ("Comments") } },
  { "Keywords", { "imf.keywords", WT_FIELD_STRING, N_ ("Keywords") } },
  { "User-Agent", { "imf.user_agent", WT_FIELD_STRING, N_ ("Program") } },
  { "Return-Path", { "imf.return_path", WT_FIELD_STRING, N_ ("Return path") } },
  { "Received", { "imf.received", WT_FIELD_STRING, N_ ("Received") } },
  { "Delivered-To", { "imf.delivered_to", WT_FIELD_STRING, N_ ("Delivered to") } },
  { "Content-Type", { "imf.content.type", WT_FIELD_STRING, N_ ("Content type") } },
  { "Content-Transfer-Encoding", { "imf.content.transfer_encoding", WT_FIELD_STRING, N_ ("Transfer encoding") } },
  { "Content-Description", { "imf.content.description", WT_FIELD_STRING, N_ ("Description of the content") } },
  { "Content-ID", { "imf.content.id", WT_FIELD_STRING, N_ ("Content ID") } },
  { "Content-Language", { "imf.content_language", WT_FIELD_STRING, N_ ("Language of the content") } },
  { "MIME-Version", { "imf.mime_version", WT_FIELD_STRING, N_ ("MIME version") } },
  { "Auto-Submitted", { "imf.autosubmitted", WT_FIELD_STRING, N_ ("Sent by a program") } },
  { "Precedence", { "imf.precedence", WT_FIELD_STRING, N_ ("Precedence") } },
};
const guint wt_mime_n_header_fields = G_N_ELEMENTS (wt_mime_header_fields);

const WtMimeHeaderField wt_mime_part_header_fields[] = {
  { "Content-Type", { "mime_multipart.header.content-type", WT_FIELD_STRING, N_ ("Content type") } },
  { "Content-Transfer-Encoding",
    { "mime_multipart.header.content-transfer-encoding", WT_FIELD_STRING, N_ ("Transfer encoding") } },
  { "Content-Disposition", { "mime_multipart.header.content-disposition", WT_FIELD_STRING, N_ ("Disposition") } },
  { "Content-Description",
    { "mime_multipart.header.content-description", WT_FIELD_STRING, N_ ("Description of the content") } },
  { "Content-ID", { "mime_multipart.header.content-id", WT_FIELD_STRING, N_ ("Content ID") } },
  { "Content-Language", { "mime_multipart.header.content-language", WT_FIELD_STRING, N_ ("Language of the content") } },
};
const guint wt_mime_n_part_header_fields = G_N_ELEMENTS (wt_mime_part_header_fields);

const WtFieldInfo wt_mime_field_infos[MIME_N_FIELDS] = {
  [MIME_ROOT] = { "imf", WT_FIELD_NONE, N_ ("Mail") },
  [MIME_EXTENSION] = { "imf.extension", WT_FIELD_STRING, N_ ("Another header field") },
  [MIME_EXTENSION_TYPE] = { "imf.extension.type", WT_FIELD_STRING, N_ ("Name") },
  [MIME_EXTENSION_VALUE] = { "imf.extension.value", WT_FIELD_STRING, N_ ("Value") },
  [MIME_DECODED] = { "wiretalk.imf.decoded", WT_FIELD_STRING, N_ ("Decoded") },
  [MIME_TEXT] = { "imf.message_text", WT_FIELD_NONE, N_ ("Text") },
  [MIME_TYPE_TYPE] = { "imf.content.type.type", WT_FIELD_STRING, N_ ("Type") },
  [MIME_TYPE_PARAMETERS] = { "imf.content.type.parameters", WT_FIELD_STRING, N_ ("Parameters") },
  [MIME_PARAMETER] = { "wiretalk.mime.parameter", WT_FIELD_STRING, N_ ("Parameter") },
  [MIME_MULTIPART] = { "mime_multipart", WT_FIELD_NONE, N_ ("Parts") },
  [MIME_MULTIPART_TYPE] = { "mime_multipart.type", WT_FIELD_STRING, N_ ("Type") },
  [MIME_PREAMBLE] = { "mime_multipart.preamble", WT_FIELD_STRING, N_ ("Preamble") },
  [MIME_FIRST_BOUNDARY] = { "mime_multipart.first_boundary", WT_FIELD_STRING, N_ ("First boundary") },
  [MIME_BOUNDARY] = { "mime_multipart.boundary", WT_FIELD_STRING, N_ ("Boundary") },
  [MIME_LAST_BOUNDARY] = { "mime_multipart.last_boundary", WT_FIELD_STRING, N_ ("Last boundary") },
  [MIME_TRAILER] = { "mime_multipart.trailer", WT_FIELD_STRING, N_ ("Epilogue") },
  [MIME_PART] = { "mime_multipart.part", WT_FIELD_STRING, N_ ("Part") },
  [MIME_TEXT_LINES] = { "data-text-lines", WT_FIELD_NONE, N_ ("Text") },
  [MIME_DECODED_TEXT] = { "wiretalk.mime.text", WT_FIELD_STRING, N_ ("Decoded text") },
  [MIME_FILENAME] = { "wiretalk.mime.filename", WT_FIELD_STRING, N_ ("File name") },
  [MIME_MEDIA] = { "media", WT_FIELD_STRING, N_ ("Content") },
  [MIME_DEFECT] = { "wiretalk.mime.defect", WT_FIELD_STRING, N_ ("Defect") },
};

#define FIELD(id) &wt_mime_field_infos[id]
#define HEADER(i) &wt_mime_header_fields[i].info
#define PART_HEADER(i) &wt_mime_part_header_fields[i].info

const WtFieldInfo *const wt_mime_field_list[] = {
  FIELD (MIME_ROOT),
  FIELD (MIME_EXTENSION),
  FIELD (MIME_EXTENSION_TYPE),
  FIELD (MIME_EXTENSION_VALUE),
  FIELD (MIME_DECODED),
  FIELD (MIME_TEXT),
  FIELD (MIME_TYPE_TYPE),
  FIELD (MIME_TYPE_PARAMETERS),
  FIELD (MIME_PARAMETER),
  FIELD (MIME_MULTIPART),
  FIELD (MIME_MULTIPART_TYPE),
  FIELD (MIME_PREAMBLE),
  FIELD (MIME_FIRST_BOUNDARY),
  FIELD (MIME_BOUNDARY),
  FIELD (MIME_LAST_BOUNDARY),
  FIELD (MIME_TRAILER),
  FIELD (MIME_PART),
  FIELD (MIME_TEXT_LINES),
  FIELD (MIME_DECODED_TEXT),
  FIELD (MIME_FILENAME),
  FIELD (MIME_MEDIA),
  FIELD (MIME_DEFECT),
  HEADER (0), HEADER (1), HEADER (2), HEADER (3), HEADER (4),
  HEADER (5), HEADER (6), HEADER (7), HEADER (8), HEADER (9),
  HEADER (10), HEADER (11), HEADER (12), HEADER (13), HEADER (14),
  HEADER (15), HEADER (16), HEADER (17), HEADER (18), HEADER (19),
  HEADER (20), HEADER (21), HEADER (22), HEADER (23), HEADER (24),
  PART_HEADER (0), PART_HEADER (1), PART_HEADER (2), PART_HEADER (3), PART_HEADER (4), PART_HEADER (5),
  NULL,
};
G_STATIC_ASSERT (G_N_ELEMENTS (wt_mime_field_list)
                 == MIME_N_FIELDS + G_N_ELEMENTS (wt_mime_header_fields) + G_N_ELEMENTS (wt_mime_part_header_fields) + 1);
