/* One resource record: from the text that people write. */
#include "protocols/dns/dns-message.h"
#include "protocols/dns/dns-name.h"

#include <arpa/inet.h>
#include <string.h>

void
wt_dns_record_free (WtDnsRecord *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->target);
  g_free (self);
}

WtDnsRecord *
wt_dns_record_copy (const WtDnsRecord *self)
{
  WtDnsRecord *copy = g_memdup2 (self, sizeof *self);
  copy->name = g_strdup (self->name);
  copy->target = g_strdup (self->target);
  return copy;
}

char *
wt_dns_reverse_name (guint32 ip)
{
  return g_strdup_printf ("%u.%u.%u.%u.in-addr.arpa", ip & 255, ip >> 8 & 255, ip >> 16 & 255, ip >> 24);
}

static gboolean
refuse (GError **error, const char *text, const char *right)
{
  g_set_error (error, WT_DNS_ERROR, WT_DNS_ERROR_RECORD, "“%s” %s", text, right);
  return FALSE;
}

static gboolean
is_name (const char *name)
{
  ldns_rdf *rdf = name ? wt_dns_name_to_rdf (name) : NULL;
  if (rdf == NULL)
    return FALSE;
  ldns_rdf_deep_free (rdf);
  return TRUE;
}

static gboolean
parse_type (const char *word, WtDnsType *type)
{
  static const WtDnsType types[] = { WT_DNS_A, WT_DNS_NS, WT_DNS_CNAME, WT_DNS_PTR, WT_DNS_MX, WT_DNS_TXT };
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_ascii_strcasecmp (word, wt_dns_type_name (types[i])) == 0)
      {
        *type = types[i];
        return TRUE;
      }
  return FALSE;
}

/* "10.0.1.25 PTR ..." means 25.1.0.10.in-addr.arpa (RFC 1035 3.5). */
static void
set_owner (WtDnsRecord *record, const char *word)
{
  struct in_addr address;
  if (record->type == WT_DNS_PTR && inet_pton (AF_INET, word, &address) == 1)
    record->name = wt_dns_reverse_name (g_ntohl (address.s_addr));
  else
    record->name = wt_dns_name_normal (word);
}

/* Words behind the type; `line` is all of it, for TXT and messages. */
static gboolean
set_data (WtDnsRecord *record, char **words, const char *text, GError **error)
{
  struct in_addr address;
  guint64 number = 0;
  guint n_words = g_strv_length (words);
  if (record->type == WT_DNS_TXT)
    {
      g_autofree char *joined = g_strjoinv (" ", words);
      gsize length = strlen (joined);
      gboolean quoted = length >= 2 && joined[0] == '"' && joined[length - 1] == '"';
      record->target = quoted ? g_strndup (joined + 1, length - 2) : g_strdup (joined);
      return TRUE;
    }
  if (record->type == WT_DNS_A)
    {
      if (n_words != 1 || inet_pton (AF_INET, words[0], &address) != 1)
        return refuse (error, text, "has no IPv4 address; write name A 10.0.1.25");
      record->address = g_ntohl (address.s_addr);
      return TRUE;
    }
  if (record->type == WT_DNS_MX)
    {
      if (n_words != 2 || !g_ascii_string_to_unsigned (words[0], 10, 0, G_MAXUINT16, &number, NULL))
        return refuse (error, text, "has no preference and server; write example.org MX 10 mail.example.org");
      record->preference = number;
    }
  else if (n_words != 1)
    return refuse (error, text, "has not exactly one name behind its type; write name CNAME other.example.org");
  record->target = wt_dns_name_normal (words[n_words - 1]);
  return is_name (record->target) || refuse (error, text, "does not end in a domain name");
}

static char **
split_words (const char *text)
{
  g_auto (GStrv) parts = g_strsplit_set (text, " \t", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  for (char **part = parts; *part; part++)
    if (**part)
      g_strv_builder_add (words, *part);
  return g_strv_builder_end (words);
}

WtDnsRecord *
wt_dns_record_parse (const char *text, guint32 ttl, GError **error)
{
  g_auto (GStrv) words = split_words (text);
  g_autoptr (WtDnsRecord) record = g_new0 (WtDnsRecord, 1);
  char **next = words;
  guint64 number = ttl;
  if (*next)
    next++;
  if (*next && g_ascii_string_to_unsigned (*next, 10, 0, G_MAXINT32, &number, NULL))
    next++;
  if (*next && g_ascii_strcasecmp (*next, "IN") == 0)
    next++;
  record->ttl = number;
  if (*next == NULL || !parse_type (*next, &record->type))
    {
      refuse (error, text, "has no type that is known here; write name A|NS|CNAME|PTR|MX|TXT value");
      return NULL;
    }
  set_owner (record, words[0]);
  if (!is_name (record->name))
    {
      refuse (error, text, "does not begin with a domain name");
      return NULL;
    }
  return set_data (record, next + 1, text, error) ? g_steal_pointer (&record) : NULL;
}
