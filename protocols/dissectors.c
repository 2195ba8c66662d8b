/* The table of dissectors. */
#include "protocols/dns/dns-dissect.h"
#include "protocols/imap/imap-dissect.h"
#include "protocols/mime/mime-dissect.h"
#include "protocols/pop3/pop3-dissect.h"
#include "protocols/smtp/smtp-dissect.h"
#include "protocols/snmp/snmp-dissect.h"
#include "protocols/tls/tls-dissect.h"

#include <string.h>

static const WtDissector *const dissectors[WT_N_PROTOCOLS] = {
  [WT_PROTOCOL_SMTP] = &wt_smtp_dissector,
  [WT_PROTOCOL_DNS] = &wt_dns_dissector,
  [WT_PROTOCOL_POP3] = &wt_pop3_dissector,
  [WT_PROTOCOL_IMAP] = &wt_imap_dissector,
  [WT_PROTOCOL_SNMP] = &wt_snmp_dissector,
  [WT_PROTOCOL_TLS] = &wt_tls_dissector,
  [WT_PROTOCOL_MIME] = &wt_mime_dissector,
  [WT_PROTOCOL_LMTP] = &wt_lmtp_dissector,
};

const WtDissector *
wt_dissector_for (WtProtocol protocol)
{
  return (guint) protocol < WT_N_PROTOCOLS ? dissectors[protocol] : NULL;
}

const WtDissector *
wt_dissector_by_name (const char *name)
{
  for (guint i = 0; i < WT_N_PROTOCOLS; i++)
    if (dissectors[i] && strcmp (dissectors[i]->name, name) == 0)
      return dissectors[i];
  return NULL;
}

const WtFieldInfo *
wt_dissector_field (const char *field_name)
{
  for (guint i = 0; i < WT_N_PROTOCOLS; i++)
    for (const WtFieldInfo *const *info = dissectors[i] ? dissectors[i]->fields : NULL; info && *info; info++)
      if (strcmp ((*info)->name, field_name) == 0)
        return *info;
  return NULL;
}
