/* A zone: the records of a small authoritative server (RFC 1034 4.3.2). */
#include "protocols/dns/dns-message.h"
#include "protocols/dns/dns-name.h"

#include <string.h>

#define TYPE_ANY 255 /* RFC 1035 3.2.3 */
#define CNAME_MAX 8  /* a longer chain is a loop for us */

struct _WtDnsZone {
  GHashTable *names; /* name -> (element-type WtDnsRecord); empty for names that only have names below */
};

WtDnsZone *
wt_dns_zone_new (void)
{
  WtDnsZone *self = g_new0 (WtDnsZone, 1);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  return self;
}

static GPtrArray *
ensure_name (WtDnsZone *self, const char *name)
{
  GPtrArray *records = g_hash_table_lookup (self->names, name);
  if (records == NULL)
    {
      records = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_dns_record_free);
      g_hash_table_insert (self->names, g_strdup (name), records);
    }
  return records;
}

/* Names above one that exists exist as well, without data (RFC 4592 2.2.2). */
void
wt_dns_zone_add (WtDnsZone *self, WtDnsRecord *record)
{
  for (const char *dot = strchr (record->name, '.'); dot; dot = strchr (dot + 1, '.'))
    ensure_name (self, dot + 1);
  g_ptr_array_add (ensure_name (self, record->name), record);
}

static void
add_addresses (const WtDnsZone *self, const char *name, GPtrArray *additional)
{
  GPtrArray *records = g_hash_table_lookup (self->names, name);
  for (guint i = 0; records && i < records->len; i++)
    {
      const WtDnsRecord *record = g_ptr_array_index (records, i);
      if (record->type == WT_DNS_A)
        g_ptr_array_add (additional, wt_dns_record_copy (record));
    }
}

/* Copies what fits the type; returns the CNAME when that is all there is. */
static const WtDnsRecord *
collect (const WtDnsZone *self, GPtrArray *records, WtDnsMessage *answer)
{
  const WtDnsRecord *alias = NULL;
  guint before = answer->answers->len;
  for (guint i = 0; i < records->len; i++)
    {
      const WtDnsRecord *record = g_ptr_array_index (records, i);
      if (record->type == WT_DNS_CNAME)
        alias = record;
      if (record->type != answer->qtype && answer->qtype != TYPE_ANY)
        continue;
      g_ptr_array_add (answer->answers, wt_dns_record_copy (record));
      if (record->type == WT_DNS_MX || record->type == WT_DNS_NS)
        add_addresses (self, record->target, answer->additional);
    }
  return answer->answers->len > before ? NULL : alias;
}

WtDnsMessage *
wt_dns_zone_answer (const WtDnsZone *self, const WtDnsMessage *query)
{
  WtDnsMessage *answer = wt_dns_message_new_query (query->id, query->qname ? query->qname : "", query->qtype);
  answer->response = answer->authoritative = TRUE;
  answer->opcode = query->opcode;
  answer->recursion_desired = query->recursion_desired;
  if (query->opcode != 0 || query->other_class)
    {
      wt_dns_message_fail (answer, query->opcode != 0 ? WT_DNS_NOTIMP : WT_DNS_REFUSED);
      return answer;
    }
  const char *name = answer->qname;
  for (guint i = 0; i < CNAME_MAX; i++)
    {
      GPtrArray *records = g_hash_table_lookup (self->names, name);
      if (records == NULL)
        {
          answer->rcode = WT_DNS_NXDOMAIN;
          break;
        }
      const WtDnsRecord *alias = collect (self, records, answer);
      if (alias == NULL)
        break;
      g_ptr_array_add (answer->answers, wt_dns_record_copy (alias));
      name = alias->target;
    }
  return answer;
}

void
wt_dns_zone_free (WtDnsZone *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->names);
  g_free (self);
}
