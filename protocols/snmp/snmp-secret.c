/* What is secret in SNMP: the community of versions 1 and 2c, which is a password in clear (RFC 1157 3.2.5, RFC 3584 5.2.1).
 * Version 3 carries none. */
#include "protocols/snmp/snmp-dissect-private.h"

#include "protocols/snmp/snmp-types.h"

/* What is not read that far is told whole. */
gboolean
wt_snmp_dialogue_secret (WtSecretState *state, WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes,
                         WtSecret *secret)
{
  WtBerReader outer = { .bytes = bytes, .end = n_bytes };
  WtBerElement message = { 0 }, version, community;
  gint64 number = 0;
  gboolean known = wt_ber_expect (&outer, WT_BER_SEQUENCE, "", &message);
  WtBerReader reader = wt_ber_inside (&outer, &message);
  known = known && wt_ber_expect (&reader, WT_BER_INTEGER, "", &version) && wt_ber_integer (&reader, &version, &number);
  *secret = (WtSecret){ 0, n_bytes };
  if (known && number == WT_SNMP_V3)
    *secret = (WtSecret){ 0 };
  else if (known && wt_ber_expect (&reader, WT_BER_OCTETS, "", &community))
    *secret = (WtSecret){ community.value, community.end };
  return secret->end > secret->start;
}
