/* DNS messages (RFC 1035), thin glue over ldns: what a mail system asks (MX, A, PTR) and what a small server answers. */
#pragma once

#include <glib.h>

typedef enum { WT_DNS_A = 1, WT_DNS_NS = 2, WT_DNS_CNAME = 5, WT_DNS_SOA = 6, WT_DNS_PTR = 12, WT_DNS_MX = 15, WT_DNS_TXT = 16 } WtDnsType;
typedef enum { WT_DNS_NOERROR = 0, WT_DNS_FORMERR = 1, WT_DNS_SERVFAIL = 2, WT_DNS_NXDOMAIN = 3, WT_DNS_NOTIMP = 4, WT_DNS_REFUSED = 5 } WtDnsRcode;

#define WT_DNS_UDP_MAX 512 /* RFC 1035 4.2.1; longer answers are cut and marked TC */

typedef struct {
  char *name; /* lower case, no final dot */
  WtDnsType type;
  guint32 ttl;        /* seconds */
  guint16 preference; /* MX */
  guint32 address;    /* A, host byte order */
  char *target;       /* MX, PTR, CNAME, NS: a name; TXT: the text */
} WtDnsRecord;
void wt_dns_record_free (WtDnsRecord *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtDnsRecord, wt_dns_record_free)
/* "example.org MX 10 mail.example.org", "mail.example.org 300 A 10.0.1.25", also with IN: a line of a master file
 * (RFC 1035 5.1) with absolute names. `ttl` is taken when the line has none. (transfer full) (nullable) */
WtDnsRecord *wt_dns_record_parse (const char *text, guint32 ttl, GError **error);
WtDnsRecord *wt_dns_record_copy (const WtDnsRecord *self);
char *wt_dns_reverse_name (guint32 ip); /* "25.1.0.10.in-addr.arpa" (transfer full) */
const char *wt_dns_type_name (guint type);   /* "MX"; NULL: not one of ours */
const char *wt_dns_rcode_name (guint rcode); /* "NXDOMAIN"; NULL: not one of ours */

#define WT_DNS_ERROR (wt_dns_error_quark ())
GQuark wt_dns_error_quark (void);
typedef enum { WT_DNS_ERROR_MALFORMED, WT_DNS_ERROR_RECORD } WtDnsError;

typedef struct {
  guint16 id;
  gboolean response, authoritative, truncated;
  WtDnsRcode rcode;
  char *qname; /* (nullable) */
  WtDnsType qtype;
  GPtrArray *answers;    /* (element-type WtDnsRecord) */
  GPtrArray *additional; /* (element-type WtDnsRecord) */
  gboolean recursion_desired;
  guint8 opcode;        /* 0: a query */
  gboolean other_class; /* the question is not about class IN */
} WtDnsMessage;
WtDnsMessage *wt_dns_message_new_query (guint16 id, const char *name, WtDnsType type);
WtDnsMessage *wt_dns_message_parse (const guint8 *bytes, gsize n_bytes, GError **error); /* (transfer full) (nullable) */
/* FORMERR for bytes that are no message but have at least an id and are no response (RFC 1035 4.1.1); else NULL. */
WtDnsMessage *wt_dns_message_new_error (const guint8 *bytes, gsize n_bytes);
void wt_dns_message_fail (WtDnsMessage *self, WtDnsRcode rcode); /* no records any more, only the code */
GBytes *wt_dns_message_to_bytes (const WtDnsMessage *self, GError **error);             /* (transfer full) (nullable) */
void wt_dns_message_free (WtDnsMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtDnsMessage, wt_dns_message_free)

/* A zone: records of a small authoritative server. */
typedef struct _WtDnsZone WtDnsZone;
WtDnsZone *wt_dns_zone_new (void);
void wt_dns_zone_add (WtDnsZone *self, WtDnsRecord *record); /* (transfer full) */
/* Answer to a query: authoritative, MX with the A records of its targets in `additional`, CNAME followed, NXDOMAIN. */
WtDnsMessage *wt_dns_zone_answer (const WtDnsZone *self, const WtDnsMessage *query);
void wt_dns_zone_free (WtDnsZone *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtDnsZone, wt_dns_zone_free)
