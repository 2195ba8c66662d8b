/* DNS dissection: the message as a tree of fields with byte ranges. Names are read by ldns, which follows and bounds
 * compression pointers; the rest is fixed-size (RFC 1035 4.1). */
#include "protocols/dns/dns-dissect.h"

#include "protocols/dns/dns-fields.h"
#include "protocols/dns/dns-message.h"
#include "protocols/dns/dns-name.h"

#include <glib/gi18n.h>
#include <string.h>

#define HEADER_SIZE 12
#define INFO(id) (&wt_dns_field_infos[id])

typedef struct {
  const guint8 *bytes;
  gsize n_bytes, at;
} Reader;

static gsize
left (const Reader *reader)
{
  return reader->n_bytes - reader->at;
}

static guint
peek16 (const Reader *reader, gsize at)
{
  return reader->bytes[at] << 8 | reader->bytes[at + 1];
}

static guint32
peek32 (const Reader *reader, gsize at)
{
  return (guint32) peek16 (reader, at) << 16 | peek16 (reader, at + 2);
}

static WtField *
append_16 (WtField *parent, WtDnsField id, Reader *reader)
{
  WtField *field = wt_field_append_number (parent, INFO (id), reader->at, reader->at + 2, peek16 (reader, reader->at));
  reader->at += 2;
  return field;
}

static WtField *
append_32 (WtField *parent, WtDnsField id, Reader *reader)
{
  WtField *field = wt_field_append_number (parent, INFO (id), reader->at, reader->at + 4, peek32 (reader, reader->at));
  reader->at += 4;
  return field;
}

/* (transfer full) (nullable): no name here, or it runs past `end`. */
static char *
read_name (Reader *reader, gsize end)
{
  ldns_rdf *rdf = NULL;
  size_t at = reader->at;
  if (at >= end || ldns_wire2dname (&rdf, reader->bytes, reader->n_bytes, &at) != LDNS_STATUS_OK)
    return NULL;
  char *name = at <= end ? wt_dns_name_from_rdf (rdf) : NULL;
  ldns_rdf_deep_free (rdf);
  reader->at = at;
  return name;
}

static gboolean
append_name (WtField *parent, WtDnsField id, Reader *reader, gsize end)
{
  gsize start = reader->at;
  g_autofree char *name = read_name (reader, end);
  if (name == NULL)
    return FALSE;
  wt_field_append_string (parent, INFO (id), start, reader->at, *name ? name : "<Root>", -1);
  return TRUE;
}

static void
set_type (WtField *field)
{
  const char *name = wt_dns_type_name (field->number);
  if (name == NULL)
    return;
  g_free (field->value);
  field->value = g_strdup_printf ("%s (%u)", name, (guint) field->number);
  wt_field_set_glossary (field, "dns.type.%s", name);
}

static void
append_flag (WtField *flags, WtDnsField id, guint value, guint bit, const char *glossary)
{
  gsize at = flags->start + (bit < 8 ? 1 : 0);
  WtField *field = wt_field_append_number (flags, INFO (id), at, at + 1, value >> bit & 1);
  wt_field_set_glossary (field, "dns.flag.%s", glossary);
}

static void
append_flags (WtField *root, Reader *reader)
{
  WtField *flags = append_16 (root, DNS_FLAGS, reader);
  guint value = flags->number;
  g_free (flags->value);
  flags->value = g_strdup_printf ("0x%04x", value);
  append_flag (flags, DNS_FLAGS_RESPONSE, value, 15, "QR");
  wt_field_append_number (flags, INFO (DNS_FLAGS_OPCODE), flags->start, flags->start + 1, value >> 11 & 15);
  gboolean response = value >> 15; /* what only a response says is not shown of a query, as in Wireshark */
  if (response)
    append_flag (flags, DNS_FLAGS_AUTHORITATIVE, value, 10, "AA");
  append_flag (flags, DNS_FLAGS_TRUNCATED, value, 9, "TC");
  append_flag (flags, DNS_FLAGS_RECDESIRED, value, 8, "RD");
  if (!response)
    return;
  append_flag (flags, DNS_FLAGS_RECAVAIL, value, 7, "RA");
  WtField *rcode = wt_field_append_number (flags, INFO (DNS_FLAGS_RCODE), flags->start + 1, flags->end, value & 15);
  const char *name = wt_dns_rcode_name (value & 15);
  if (name == NULL)
    return;
  g_free (rcode->value);
  rcode->value = g_strdup_printf ("%s (%u)", name, value & 15);
  wt_field_set_glossary (rcode, "dns.rcode.%s", name);
}

static gboolean
append_question (WtField *root, Reader *reader)
{
  WtField *query = wt_field_append (root, wt_field_new (INFO (DNS_QUERY), reader->at, reader->n_bytes, NULL, 0));
  if (!append_name (query, DNS_QRY_NAME, reader, reader->n_bytes) || left (reader) < 4)
    return FALSE;
  set_type (append_16 (query, DNS_QRY_TYPE, reader));
  append_16 (query, DNS_QRY_CLASS, reader);
  query->end = reader->at;
  return TRUE;
}

static gboolean
append_texts (WtField *record, Reader *reader, gsize end)
{
  while (reader->at < end)
    {
      guint length = reader->bytes[reader->at];
      if (length > end - reader->at - 1)
        return FALSE;
      wt_field_append_number (record, INFO (DNS_TXT_LENGTH), reader->at, reader->at + 1, length);
      reader->at++;
      wt_field_append_string (record, INFO (DNS_TXT_TEXT), reader->at, reader->at + length,
                              (const char *) reader->bytes + reader->at, length);
      reader->at += length;
    }
  return TRUE;
}

static gboolean
append_soa (WtField *record, Reader *reader, gsize end)
{
  if (!append_name (record, DNS_SOA_MNAME, reader, end) || !append_name (record, DNS_SOA_RNAME, reader, end)
      || end - reader->at < 20)
    return FALSE;
  for (guint id = DNS_SOA_SERIAL; id <= DNS_SOA_MINIMUM; id++)
    append_32 (record, id, reader);
  return TRUE;
}

static gboolean
append_mx (WtField *record, Reader *reader, gsize end)
{
  if (end - reader->at < 3)
    return FALSE;
  append_16 (record, DNS_MX_PREFERENCE, reader);
  return append_name (record, DNS_MX_EXCHANGE, reader, end);
}

static gboolean
append_address (WtField *record, Reader *reader, gsize end)
{
  if (end - reader->at != 4)
    return FALSE;
  append_32 (record, DNS_A_ADDRESS, reader);
  return TRUE;
}

static gboolean
append_bytes (WtField *record, Reader *reader, gsize end)
{
  g_autoptr (GString) hex = g_string_new (NULL);
  for (gsize i = reader->at; i < end; i++)
    g_string_append_printf (hex, "%s%02x", i > reader->at ? ":" : "", reader->bytes[i]);
  if (end > reader->at)
    wt_field_append_string (record, INFO (DNS_DATA), reader->at, end, hex->str, hex->len);
  return TRUE;
}

static gboolean
append_data (WtField *record, guint type, Reader *reader, gsize end)
{
  switch (type)
    {
    case WT_DNS_A:
      return append_address (record, reader, end);
    case WT_DNS_NS:
      return append_name (record, DNS_NS_NAME, reader, end);
    case WT_DNS_CNAME:
      return append_name (record, DNS_CNAME_NAME, reader, end);
    case WT_DNS_PTR:
      return append_name (record, DNS_PTR_NAME, reader, end);
    case WT_DNS_MX:
      return append_mx (record, reader, end);
    case WT_DNS_TXT:
      return append_texts (record, reader, end);
    case WT_DNS_SOA:
      return append_soa (record, reader, end);
    default:
      return append_bytes (record, reader, end);
    }
}

static gboolean
append_record (WtField *root, Reader *reader)
{
  WtField *record = wt_field_append (root, wt_field_new (INFO (DNS_RECORD), reader->at, reader->n_bytes, NULL, 0));
  if (!append_name (record, DNS_RESP_NAME, reader, reader->n_bytes) || left (reader) < 10)
    return FALSE;
  WtField *type = append_16 (record, DNS_RESP_TYPE, reader);
  set_type (type);
  append_16 (record, DNS_RESP_CLASS, reader);
  append_32 (record, DNS_RESP_TTL, reader);
  guint length = append_16 (record, DNS_RESP_LEN, reader)->number;
  if (length > left (reader))
    return FALSE;
  gsize end = reader->at + length;
  gboolean fits = append_data (record, type->number, reader, end);
  record->end = reader->at = end;
  return fits;
}

/* FALSE: not all of it is DNS. */
static gboolean
append_all (WtField *root, Reader *reader)
{
  if (reader->n_bytes < HEADER_SIZE)
    return FALSE;
  WtField *id = append_16 (root, DNS_ID, reader);
  g_free (id->value);
  id->value = g_strdup_printf ("0x%04x", (guint) id->number);
  append_flags (root, reader);
  guint n_questions = append_16 (root, DNS_COUNT_QUERIES, reader)->number;
  guint n_records = append_16 (root, DNS_COUNT_ANSWERS, reader)->number;
  n_records += append_16 (root, DNS_COUNT_AUTH, reader)->number;
  n_records += append_16 (root, DNS_COUNT_ADD, reader)->number;
  for (guint i = 0; i < n_questions; i++)
    if (!append_question (root, reader))
      return FALSE;
  for (guint i = 0; i < n_records; i++)
    if (!append_record (root, reader))
      return FALSE;
  return TRUE;
}

static WtField *
dissect (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  WtField *root = wt_field_new (INFO (DNS_ROOT), 0, n_bytes, NULL, 0);
  Reader reader = { bytes, n_bytes, 0 };
  wt_field_set_glossary (root, "dns");
  if (!append_all (root, &reader))
    wt_field_append_string (root, INFO (DNS_MALFORMED), MIN (reader.at, n_bytes), n_bytes, "not a whole DNS message", -1);
  return root;
}

/* --- one line --------------------------------------------------------------------------------------------------- */

static void
append_record_text (GString *line, const WtDnsRecord *record)
{
  if (record->type == WT_DNS_A)
    g_string_append_printf (line, "A %u.%u.%u.%u", record->address >> 24, record->address >> 16 & 255,
                            record->address >> 8 & 255, record->address & 255);
  else if (record->type == WT_DNS_MX)
    g_string_append_printf (line, "MX %u %s", record->preference, *record->target ? record->target : ".");
  else
    g_string_append_printf (line, "%s %s", wt_dns_type_name (record->type), record->target);
}

static char *
summarize (WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (WtDnsMessage) message = wt_dns_message_parse (bytes, n_bytes, NULL);
  if (message == NULL)
    return g_strdup_printf ("DNS, malformed, %" G_GSIZE_FORMAT " bytes", n_bytes);
  g_autoptr (GString) line = g_string_new (message->response ? "Answer" : "Query");
  const char *type = wt_dns_type_name (message->qtype);
  if (type)
    g_string_append_printf (line, " %s", type);
  else
    g_string_append_printf (line, " TYPE%u", message->qtype);
  if (message->qname)
    g_string_append_printf (line, " %s", *message->qname ? message->qname : ".");
  if (!message->response)
    return g_utf8_make_valid (line->str, line->len);
  const char *rcode = wt_dns_rcode_name (message->rcode);
  if (message->rcode != WT_DNS_NOERROR)
    g_string_append_printf (line, ": %s", rcode ? rcode : "error");
  else if (message->answers->len == 0)
    g_string_append (line, ": no such record");
  for (guint i = 0; i < message->answers->len; i++)
    {
      g_string_append (line, i == 0 && message->rcode == WT_DNS_NOERROR ? ": " : ", ");
      append_record_text (line, g_ptr_array_index (message->answers, i));
    }
  return g_utf8_make_valid (line->str, line->len);
}

const WtDissector wt_dns_dissector = {
  .protocol = WT_PROTOCOL_DNS,
  .name = "dns",
  .title = "DNS",
  .stream = FALSE,
  .port = 53,
  .fields = wt_dns_field_list,
  .message = dissect,
  .summary = summarize,
};
