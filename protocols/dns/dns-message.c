/* DNS messages between bytes and structs. ldns reads and writes the wire; this picks what a mail system needs. */
#include "protocols/dns/dns-message.h"

#include "protocols/dns/dns-name.h"

#include <ldns/ldns.h>
#include <string.h>

#define HEADER_SIZE 12 /* RFC 1035 4.1.1 */

G_DEFINE_QUARK (wt-dns-error-quark, wt_dns_error)

static const struct {
  guint number;
  const char *name;
} type_names[] = {
  { WT_DNS_A, "A" },     { WT_DNS_NS, "NS" }, { WT_DNS_CNAME, "CNAME" }, { WT_DNS_SOA, "SOA" },
  { WT_DNS_PTR, "PTR" }, { WT_DNS_MX, "MX" }, { WT_DNS_TXT, "TXT" },
};

static const char *const rcode_names[] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED" };

const char *
wt_dns_type_name (guint type)
{
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++)
    if (type_names[i].number == type)
      return type_names[i].name;
  return NULL;
}

const char *
wt_dns_rcode_name (guint rcode)
{
  return rcode < G_N_ELEMENTS (rcode_names) ? rcode_names[rcode] : NULL;
}

WtDnsMessage *
wt_dns_message_new_query (guint16 id, const char *name, WtDnsType type)
{
  WtDnsMessage *self = g_new0 (WtDnsMessage, 1);
  self->id = id;
  self->qname = wt_dns_name_normal (name);
  self->qtype = type;
  self->recursion_desired = TRUE;
  self->answers = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_dns_record_free);
  self->additional = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_dns_record_free);
  return self;
}

WtDnsMessage *
wt_dns_message_new_error (const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes < 3 || bytes[2] & 0x80)
    return NULL;
  WtDnsMessage *self = wt_dns_message_new_query (bytes[0] << 8 | bytes[1], "", 0);
  g_clear_pointer (&self->qname, g_free);
  self->response = TRUE;
  self->recursion_desired = bytes[2] & 1;
  self->rcode = WT_DNS_FORMERR;
  return self;
}

void
wt_dns_message_fail (WtDnsMessage *self, WtDnsRcode rcode)
{
  g_ptr_array_set_size (self->answers, 0);
  g_ptr_array_set_size (self->additional, 0);
  self->authoritative = FALSE;
  self->rcode = rcode;
}

/* --- from the wire ---------------------------------------------------------------------------------------------- */

/* Text of a TXT record: its strings one after the other. */
static char *
text_of (const ldns_rr *rr)
{
  GString *text = g_string_new (NULL);
  for (size_t i = 0; i < ldns_rr_rd_count (rr); i++)
    {
      const ldns_rdf *rdf = ldns_rr_rdf (rr, i);
      if (ldns_rdf_size (rdf) > 1)
        g_string_append_len (text, (const char *) ldns_rdf_data (rdf) + 1, ldns_rdf_size (rdf) - 1);
    }
  g_autofree char *raw = g_string_free (text, FALSE);
  return g_utf8_make_valid (raw, -1);
}

/* FALSE: the data does not fit the type. */
static gboolean
read_data (WtDnsRecord *record, const ldns_rr *rr)
{
  const ldns_rdf *first = ldns_rr_rdf (rr, 0);
  if (first == NULL)
    return FALSE;
  switch (record->type)
    {
    case WT_DNS_A:
      if (ldns_rdf_size (first) != 4)
        return FALSE;
      record->address = ldns_rdf2native_int32 (first);
      return TRUE;
    case WT_DNS_MX:
      record->preference = ldns_rdf2native_int16 (first);
      record->target = wt_dns_name_from_rdf (ldns_rr_rdf (rr, 1));
      return record->target != NULL;
    case WT_DNS_TXT:
      record->target = text_of (rr);
      return TRUE;
    default:
      record->target = wt_dns_name_from_rdf (first);
      return record->target != NULL;
    }
}

/* Records of types and classes that we do not know are left out. */
static void
read_section (GPtrArray *records, ldns_rr_list *list)
{
  for (size_t i = 0; i < ldns_rr_list_rr_count (list); i++)
    {
      const ldns_rr *rr = ldns_rr_list_rr (list, i);
      if (ldns_rr_get_class (rr) != LDNS_RR_CLASS_IN || wt_dns_type_name (ldns_rr_get_type (rr)) == NULL)
        continue;
      g_autoptr (WtDnsRecord) record = g_new0 (WtDnsRecord, 1);
      record->name = wt_dns_name_from_rdf (ldns_rr_owner (rr));
      record->type = (WtDnsType) ldns_rr_get_type (rr);
      record->ttl = ldns_rr_ttl (rr);
      if (record->name && read_data (record, rr))
        g_ptr_array_add (records, g_steal_pointer (&record));
    }
}

static gboolean
read_question (WtDnsMessage *self, ldns_pkt *packet, GError **error)
{
  ldns_rr_list *list = ldns_pkt_question (packet);
  size_t n_questions = ldns_rr_list_rr_count (list);
  if (n_questions == 0 && self->response)
    return TRUE;
  if (n_questions != 1)
    {
      g_set_error (error, WT_DNS_ERROR, WT_DNS_ERROR_MALFORMED, "%u questions; exactly one is right (RFC 1035 4.1.2)",
                   (guint) n_questions);
      return FALSE;
    }
  const ldns_rr *question = ldns_rr_list_rr (list, 0);
  self->qname = wt_dns_name_from_rdf (ldns_rr_owner (question));
  self->qtype = (WtDnsType) ldns_rr_get_type (question);
  self->other_class = ldns_rr_get_class (question) != LDNS_RR_CLASS_IN;
  return self->qname != NULL;
}

static void
free_packet (ldns_pkt *packet)
{
  ldns_pkt_free (packet);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ldns_pkt, free_packet)

WtDnsMessage *
wt_dns_message_parse (const guint8 *bytes, gsize n_bytes, GError **error)
{
  g_autoptr (ldns_pkt) packet = NULL;
  ldns_status status = n_bytes < HEADER_SIZE ? LDNS_STATUS_PACKET_OVERFLOW : ldns_wire2pkt (&packet, bytes, n_bytes);
  if (status != LDNS_STATUS_OK)
    {
      g_set_error (error, WT_DNS_ERROR, WT_DNS_ERROR_MALFORMED, "not a DNS message of %u bytes: %s", (guint) n_bytes,
                   ldns_get_errorstr_by_id (status));
      return NULL;
    }
  g_autoptr (WtDnsMessage) self = wt_dns_message_new_query (ldns_pkt_id (packet), "", 0);
  g_clear_pointer (&self->qname, g_free);
  self->response = ldns_pkt_qr (packet);
  self->authoritative = ldns_pkt_aa (packet);
  self->truncated = ldns_pkt_tc (packet);
  self->recursion_desired = ldns_pkt_rd (packet);
  self->opcode = ldns_pkt_get_opcode (packet);
  self->rcode = (WtDnsRcode) ldns_pkt_get_rcode (packet);
  if (!read_question (self, packet, error))
    return NULL;
  read_section (self->answers, ldns_pkt_answer (packet));
  read_section (self->additional, ldns_pkt_additional (packet));
  return g_steal_pointer (&self);
}

/* --- to the wire ------------------------------------------------------------------------------------------------ */

static gboolean
refuse_name (const char *name, GError **error)
{
  g_set_error (error, WT_DNS_ERROR, WT_DNS_ERROR_RECORD,
               "“%s” is not a domain name: at most 63 bytes between dots, 255 in all (RFC 1035 2.3.4)", name);
  return FALSE;
}

/* TXT strings hold at most 255 bytes each (RFC 1035 3.3.14). */
static void
push_text (ldns_rr *rr, const char *text)
{
  gsize left = strlen (text);
  do
    {
      guint8 piece[256];
      piece[0] = MIN (left, 255);
      memcpy (piece + 1, text, piece[0]);
      ldns_rr_push_rdf (rr, ldns_rdf_new_frm_data (LDNS_RDF_TYPE_STR, piece[0] + 1u, piece));
      text += piece[0];
      left -= piece[0];
    }
  while (left > 0);
}

static gboolean
push_data (ldns_rr *rr, const WtDnsRecord *record, GError **error)
{
  guint32 address = g_htonl (record->address);
  if (record->type == WT_DNS_A)
    return ldns_rr_push_rdf (rr, ldns_rdf_new_frm_data (LDNS_RDF_TYPE_A, sizeof address, &address));
  if (record->type == WT_DNS_TXT)
    {
      push_text (rr, record->target);
      return TRUE;
    }
  ldns_rdf *target = wt_dns_name_to_rdf (record->target);
  if (target == NULL)
    return refuse_name (record->target, error);
  if (record->type == WT_DNS_MX)
    ldns_rr_push_rdf (rr, ldns_native2rdf_int16 (LDNS_RDF_TYPE_INT16, record->preference));
  return ldns_rr_push_rdf (rr, target);
}

static gboolean
push_record (ldns_pkt *packet, ldns_pkt_section section, const WtDnsRecord *record, GError **error)
{
  ldns_rdf *owner = wt_dns_name_to_rdf (record->name);
  if (owner == NULL)
    return refuse_name (record->name, error);
  ldns_rr *rr = ldns_rr_new ();
  ldns_rr_set_owner (rr, owner);
  ldns_rr_set_type (rr, (ldns_rr_type) record->type);
  ldns_rr_set_class (rr, LDNS_RR_CLASS_IN);
  ldns_rr_set_ttl (rr, record->ttl);
  if (push_data (rr, record, error) && ldns_pkt_push_rr (packet, section, rr))
    return TRUE;
  ldns_rr_free (rr);
  return FALSE;
}

static gboolean
push_question (ldns_pkt *packet, const WtDnsMessage *self, GError **error)
{
  ldns_rdf *name = wt_dns_name_to_rdf (self->qname);
  if (name == NULL)
    return refuse_name (self->qname, error);
  ldns_rr *question = ldns_rr_new ();
  ldns_rr_set_question (question, true);
  ldns_rr_set_owner (question, name);
  ldns_rr_set_type (question, (ldns_rr_type) self->qtype);
  ldns_rr_set_class (question, LDNS_RR_CLASS_IN);
  ldns_pkt_push_rr (packet, LDNS_SECTION_QUESTION, question);
  return TRUE;
}

static GBytes *
write_packet (const WtDnsMessage *self, guint n_answers, guint n_additional, GError **error)
{
  g_autoptr (ldns_pkt) packet = ldns_pkt_new ();
  ldns_pkt_set_id (packet, self->id);
  ldns_pkt_set_qr (packet, self->response);
  ldns_pkt_set_aa (packet, self->authoritative);
  ldns_pkt_set_tc (packet, self->truncated || n_answers < self->answers->len);
  ldns_pkt_set_rd (packet, self->recursion_desired);
  ldns_pkt_set_opcode (packet, self->opcode);
  ldns_pkt_set_rcode (packet, self->rcode);
  if (self->qname && !push_question (packet, self, error))
    return NULL;
  for (guint i = 0; i < n_answers; i++)
    if (!push_record (packet, LDNS_SECTION_ANSWER, g_ptr_array_index (self->answers, i), error))
      return NULL;
  for (guint i = 0; i < n_additional; i++)
    if (!push_record (packet, LDNS_SECTION_ADDITIONAL, g_ptr_array_index (self->additional, i), error))
      return NULL;
  uint8_t *wire = NULL;
  size_t size = 0;
  if (ldns_pkt2wire (&wire, packet, &size) != LDNS_STATUS_OK)
    {
      g_set_error_literal (error, WT_DNS_ERROR, WT_DNS_ERROR_RECORD, "the message does not fit a DNS packet");
      return NULL;
    }
  GBytes *bytes = g_bytes_new (wire, size);
  free (wire);
  return bytes;
}

/* What is too long loses additional records first, which is no loss (RFC 2181 9), then answers. */
GBytes *
wt_dns_message_to_bytes (const WtDnsMessage *self, GError **error)
{
  guint n_answers = self->answers->len, n_additional = self->additional->len;
  for (;;)
    {
      g_autoptr (GBytes) bytes = write_packet (self, n_answers, n_additional, error);
      if (bytes == NULL || g_bytes_get_size (bytes) <= WT_DNS_UDP_MAX || n_answers + n_additional == 0)
        return g_steal_pointer (&bytes);
      if (n_additional > 0)
        n_additional /= 2;
      else
        n_answers--;
    }
}

void
wt_dns_message_free (WtDnsMessage *self)
{
  if (self == NULL)
    return;
  g_free (self->qname);
  g_ptr_array_unref (self->answers);
  g_ptr_array_unref (self->additional);
  g_free (self);
}
