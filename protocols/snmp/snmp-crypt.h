/* The cryptography of USM on plain bytes: digests and ciphers, with keys that are already localised. For snmp-usm.c. */
#pragma once

#include "protocols/snmp/snmp-usm.h"

/* The digest over a message whose msgAuthenticationParameters lie at [at, at + digest size) and count as zeroes. */
void wt_snmp_digest (WtSnmpAuth auth, const WtSnmpKey *key, const guint8 *bytes, gsize n_bytes, gsize at,
                     guint8 digest[WT_SNMP_DIGEST_MAX]);
/* Whether two digests are the same, in a time that says nothing about where they differ. */
gboolean wt_snmp_digest_equal (const guint8 *a, const guint8 *b, gsize n_bytes);

#define WT_SNMP_SALT_SIZE 8 /* bytes of msgPrivacyParameters, RFC 3414 8.1.1.1 and RFC 3826 3.1.2.1 */

/* In place. `n_bytes` must be a multiple of wt_snmp_priv_block(). */
void wt_snmp_encrypt (WtSnmpPriv priv, const WtSnmpKey *key, guint32 boots, guint32 time,
                      const guint8 salt[WT_SNMP_SALT_SIZE], guint8 *bytes, gsize n_bytes);
void wt_snmp_decrypt (WtSnmpPriv priv, const WtSnmpKey *key, guint32 boots, guint32 time,
                      const guint8 salt[WT_SNMP_SALT_SIZE], guint8 *bytes, gsize n_bytes);
gsize wt_snmp_priv_block (WtSnmpPriv priv); /* bytes: 8 for DES, 1 for the stream modes of AES */
